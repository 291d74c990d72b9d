"""Memory that a step has freed goes back to the system: what two steps need at different moments does not add up.

The C library keeps what is freed for its own next need. Where it cannot be asked to give it back, nothing is done.
"""

from __future__ import annotations

import ctypes
import sys

_MMAP_THRESHOLD, _LARGE = -3, 1 << 18
"""The number of an option of the GNU C library's ``mallopt``; from how many bytes on a piece of memory is large."""


def give_back() -> None:
    """Give freed memory back to the system; on Linux with the GNU C library alone."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


def hold_little() -> None:
    """Let large pieces of memory go back as soon as they are freed, from now on."""
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
