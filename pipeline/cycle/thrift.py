"""Memory that a step has freed goes back to the system: what two steps need at different moments does not add up.

The C library keeps what is freed for its own next need. Where it cannot be asked to give it back, nothing is done.
"""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give freed memory back to the system; on Linux with the GNU C library alone."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)
