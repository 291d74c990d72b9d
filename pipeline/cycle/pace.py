"""How much a turn takes in before it publishes: senders and the curator see first results while the rest still waits.

Publishing costs the more the longer the register is, so that a turn may take in for several times as long as the last
publication took: however many files were dropped at once, publishing stays a small part of the work. So it is with new
papers, which wait until no file does, but for a few of each turn.
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
"""Seconds that a turn may take in or make papers for, and how many times as long as the last publication."""

_A_FEW = 8
"""A turn goes on until the rest is taken as well when that is at most an eighth of what it has taken in."""

_FEW, _MANY = 2.0, 20.0
"""Seconds for new papers in a turn in which files came in or are left waiting, and at most in any other."""


class Pace:
    """The pace of one instance: without bounds, as ``once`` works, until it is told to keep to turns."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` tells seconds that only ever grow."""
        self._clock = clock
        self._room = math.inf
        self._begun = 0.0
        self._first_paper = math.inf
        self._aside = 0.0
        self._for_papers = math.inf

    def keep_to_turns(self) -> None:
        """Bound the time of a turn from now on."""
        self._room = _LEAST

    def begin(self) -> None:
        """Begin to take in."""
        self._begun = self._clock()

    def is_over(self, done: int = 0, left: int = 1) -> bool:
        """Tell whether it is time to publish what there is: it is not while but a few are left beside those done."""
        return self._clock() - self._begun > self._room and left > done // _A_FEW

    @contextmanager
    def publishing(self, *, behind: bool) -> Iterator[None]:
        """Learn how long publishing takes beside its new papers.

        ``behind`` tells that files came in, so that the register has news to show, or are left waiting.
        """
        begin, self._aside, self._first_paper = self._clock(), 0.0, math.inf
        self._for_papers = (_FEW if behind else min(self._room, _MANY)) if self._room < math.inf else math.inf
        yield
        if self._room < math.inf:
            self._room = max(_LEAST, _TIMES * (self._clock() - begin - self._aside))

    def papers_are_over(self) -> bool:
        """Tell whether new papers, the making of which begins when this is asked first, have had their time."""
        self._first_paper = min(self._first_paper, self._clock())
        self._aside = self._clock() - self._first_paper
        return self._aside > self._for_papers

    @contextmanager
    def laying(self) -> Iterator[None]:
        """Lay papers, which is no part of what publishing costs either."""
        begin = self._clock()
        yield
        self._aside += self._clock() - begin


def portions(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """Yield the files in portions of ``AT_ONCE``."""
    for first in range(0, len(paths), AT_ONCE):
        yield paths[first : first + AT_ONCE]
