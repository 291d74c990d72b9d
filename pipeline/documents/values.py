"""What the cells of a register look like inside a template: each kind of value prints itself as a paper wants it.

A date printed as it is says 05.11.2026, a number has a decimal comma, several answers are joined by commas. An empty
cell counts as «no» in a condition; printed, it reports itself instead of leaving a hole in a paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Literal, NamedTuple

from pipeline.documents.russian import day_digits
from pipeline.office.word import View

Origins = tuple["Place", ...]

Lack = Literal["empty", "unreadable", "dangling", "sex", "setting"]
"""Why a paper cannot print a cell: nothing in it, not its kind, no such row, a name to decline without a sex; or a
setting of the administrator is empty."""


class Place(NamedTuple):
    """A cell of the register, by sheet, code and column; of a setting: file, ``""``, key.

    A value of a template bears the places it came from as its ``origins``; one that somebody must fill says why.
    """

    sheet: str
    code: str
    column: str
    lack: Lack = "empty"


place_of: Callable[[tuple[str, str, str, Lack]], Place] = partial(tuple.__new__, Place)
"""Makes a place of its four parts in half of the time that ``Place`` takes: a paper has hundreds."""


class Blank:
    """An empty cell: false, without items, last in every order, and whatever is asked of it is as empty.

    Printing it hands its place to ``report`` and prints nothing: the paper will not be issued.
    """

    __slots__ = ("_place", "_report")

    def __init__(self, place: Place, report: Callable[[Place], None]) -> None:
        self._place = place
        self._report = report

    def __str__(self) -> str:
        self._report(self._place)
        return ""

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __getattr__(self, name: str) -> Blank:
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __lt__(self, other: object) -> bool:
        return False

    def __le__(self, other: object) -> bool:
        return isinstance(other, Blank)

    def __gt__(self, other: object) -> bool:
        return not isinstance(other, Blank)

    def __ge__(self, other: object) -> bool:
        return True


class Day(date):
    """A date of the register; printed as it is: 05.11.2026."""

    __slots__ = ("origins",)
    origins: Origins

    def __str__(self) -> str:
        return day_digits(self)


class Number(float):
    """A number of the register; printed as it is: 2 or 1,5. A nought is an answer, so it counts as «yes»."""

    __slots__ = ("origins",)
    origins: Origins

    def __str__(self) -> str:
        return f"{self:g}".replace(".", ",")

    def __bool__(self) -> bool:
        return True


class Choices(tuple[str, ...]):
    """The answers of a cell that takes several; printed as it is: joined by commas."""

    origins: Origins = ()

    def __str__(self) -> str:
        return ", ".join(self)


@dataclass(frozen=True)
class SchoolYear(View):
    """A school year; printed as it is: 2026/2027.

    ``start`` and ``end`` are the calendar years, ``last`` is its last day by policy.
    """

    start: str
    end: str
    last: Day | None = None
    origins: Origins = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.start}/{self.end}"

    @property
    def key(self) -> str:
        """Give the year as the register writes it: «2026-2027»."""
        return f"{self.start}-{self.end}"
