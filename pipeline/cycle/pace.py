"""How much a turn takes in before it publishes: senders and the curator see first results while the rest still waits.

Publishing costs the more the longer the register is, so that a turn may take in for several times as long as the last
publication took: however many files were dropped at once, publishing stays a small part of the work.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

AT_ONCE = 32
"""Files that are taken before they are read; the others stay in their senders' sight."""

_LEAST, _TIMES = 10.0, 4.0
"""Seconds that a turn may take in for, and how many times as long as the last publication."""


class Pace:
    """The pace of one instance: without bounds, as ``once`` works, until it is told to keep to turns."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` tells seconds that only ever grow."""
        self._clock = clock
        self._room = math.inf
        self._begun = 0.0

    def keep_to_turns(self) -> None:
        """Bound the time of a turn from now on."""
        self._room = _LEAST

    def begin(self) -> None:
        """Begin to take in."""
        self._begun = self._clock()

    def is_over(self) -> bool:
        """Tell whether it is time to publish what there is."""
        return self._clock() - self._begun > self._room

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Learn how long publishing takes."""
        begin = self._clock()
        yield
        if self._room < math.inf:
            self._room = max(_LEAST, _TIMES * (self._clock() - begin))


def portions(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """Yield the files in portions of ``AT_ONCE``."""
    for first in range(0, len(paths), AT_ONCE):
        yield paths[first : first + AT_ONCE]
