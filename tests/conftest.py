"""What holds for every test: hypothesis keeps no time, because speed is measured by `make bench` alone.

It tries the same examples every time, so that a change is judged by what it changes; ``EXPLORE=1`` tries new ones.
"""

import os

from hypothesis import settings

settings.register_profile("nastavnik", deadline=None, derandomize=not os.environ.get("EXPLORE"))
settings.load_profile("nastavnik")
