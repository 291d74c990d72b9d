"""What holds for every test: hypothesis keeps no time, because speed is measured by `make bench` alone."""

from hypothesis import settings

settings.register_profile("nastavnik", deadline=None)
settings.load_profile("nastavnik")
