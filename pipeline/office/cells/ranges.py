"""Ranges that end at the last data row and have to reach the new one: tables, filters, drop-downs, formats, names."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.office.cells import values

_AREA = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d+)(?::(\$?)([A-Z]{1,3})(\$?)(\d+))?")
_IN_FORMULA = re.compile(r"(?<![\]\w.])(?:'((?:[^']|'')+)'|([\w.]+))!(\$?[A-Z]{1,3}\$?\d+:\$?[A-Z]{1,3}\$?\d+)")


class Area(NamedTuple):
    """A rectangle of cells, 1-based, ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: "Area") -> bool:
        """Whether the two have a cell in common."""
        rows = self.top <= other.bottom and other.top <= self.bottom
        return rows and self.left <= other.right and other.left <= self.right


class Growth(NamedTuple):
    """A row was added at `new` below the data row `last`; what ended between the two now ends at `new`."""

    last: int
    new: int


def area(text: str) -> Area | None:
    """The rectangle of "A1:B9" or "A1" (dollars allowed); None for whole columns, rows and anything else."""
    found = _AREA.fullmatch(text)
    if not found:
        return None
    left, top = values.column_of(found[2]), int(found[4])
    return Area(top, left, int(found[8] or top), values.column_of(found[6]) if found[6] else left)


def grown(text: str, growths: Sequence[Growth], taken: Iterable[Area] = ()) -> str:
    """One range as it reads after rows were added; as it was if the cells it would gain belong to one of `taken`."""
    old = area(text)
    if old is None:
        return text
    bottom = old.bottom
    for last, new in growths:
        if last <= bottom < new:
            bottom = new
    gained = Area(old.bottom + 1, old.left, bottom, old.right)
    if bottom == old.bottom or any(gained.meets(other) for other in taken):
        return text
    start, _, end = text.partition(":")
    return f"{start}:{re.sub(r'[0-9]+$', str(bottom), end or start)}"


def grown_list(text: str, growths: Sequence[Growth], taken: Iterable[Area] = ()) -> str:
    """A list of ranges with spaces between (`sqref`) as it reads after rows were added."""
    return " ".join(grown(item, growths, taken) for item in text.split())


def areas(text: str) -> list[Area]:
    """The rectangles of a list of ranges."""
    return [found for item in text.split() if (found := area(item))]


def grown_formula(text: str, title: str, growths: Sequence[Growth]) -> str:
    """A defined name's formula after rows were added to the sheet of that title: its ranges there grow, others stay."""

    def replacement(match: re.Match[str]) -> str:
        own = (match[1] or match[2]).replace("''", "'") == title
        return match[0][: match.start(3) - match.start()] + grown(match[3], growths) if own else match[0]

    return _IN_FORMULA.sub(replacement, text)
