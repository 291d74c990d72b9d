"""A sheet part with only the rows that a change needs: long sheets are changed without being held as a whole.

In the place of each run of rows that were left out stands one empty row, so that what is short is a sheet like any
other. When it has been changed, the rows are put back, byte for byte, as they pass by once more.
"""

import bisect
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.office.cells import markup
from pipeline.office.cells.markup import Edit
from pipeline.office.cells.sheet import Course

Whole = Callable[[], Iterator[bytes]]
"""Gives the pieces of a part from its beginning, as often as it is asked."""


class Left(NamedTuple):
    """A run of rows left out: where its stand-in lies in the short part, and where it lies in the whole one."""

    start: int
    end: int
    first: int
    last: int


def abridged(whole: Whole, part: str, named: Collection[int], below: int) -> tuple[bytes, list[Left]]:
    """The part with the rows `named`, those after row `below` and those with formulas that stand for several cells.

    No run that is left out reaches across a named row, so that a new one finds its place. The part is in
    `markup.plain` form. Raises `Damaged` when rows are out of order or the part is cut short.
    """
    course = Course(whole(), part)
    special = re.compile(b"<%sf\\s" % re.escape(course.prefix))
    order = sorted(named)

    def run(found: tuple[int, bytes, bytes]) -> int | None:
        """Which run of rows left out a row belongs to; None for one that stays."""
        number, _, row = found
        stays = number in named or number > below or special.search(row) or course.numbered(number, row) is not row
        return None if stays else bisect.bisect(order, number)

    short, left = [course.head], list[Left]()
    at = length = len(course.head)  # in the whole part, in the short one
    for place, rows in itertools.groupby(course.rows(), run):
        last, begin = 0, at
        for number, between, row in rows:
            last, at = number, at + len(between) + len(row)
            if place is None:
                short += between, row
        length += at - begin if place is None else 0
        if place is not None:
            short.append(b'<%srow r="%d"/>' % (course.prefix, last))
            left.append(Left(length, length := length + len(short[-1]), begin, at))
    return b"".join([*short, course.tail]), left


class Restored(Iterable[bytes | memoryview]):
    """The whole part with the edits made in the short one, piece after piece, as often as it is asked for."""

    def __init__(self, short: bytes, edits: Iterable[Edit], left: Sequence[Left], whole: Whole) -> None:
        """Take the short part, the edits made in it and what was left out (see `abridged`)."""
        self._short, self._left, self._whole = short, left, whole
        self._edits = sorted(edits, key=lambda edit: edit[:2])

    def __iter__(self) -> Iterator[bytes | memoryview]:
        """Raises ValueError when two edits overlap."""
        passing = _Passing(self._whole())
        at = done = 0
        for start, end, first, last in self._left:
            before = bisect.bisect(self._edits, start, key=lambda edit: edit.start)
            yield from markup.pieces(self._short, self._edits[done:before], at, start)
            yield from passing.between(first, last)
            at, done = end, before
        yield from markup.pieces(self._short, self._edits[done:], at, len(self._short))


class _Passing:
    """A part that passes by once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._at = 0
        self._held = memoryview(b"")

    def between(self, first: int, last: int) -> Iterator[memoryview]:
        """The bytes `first:last`; each time further on."""
        while self._at < last:
            if not self._held:
                self._held = memoryview(next(self._pieces))
            skipped = min(max(first - self._at, 0), len(self._held))
            taken = self._held[skipped : last - self._at]
            self._at, self._held = self._at + skipped + len(taken), self._held[skipped + len(taken) :]
            if taken:
                yield taken
