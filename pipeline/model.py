"""The nouns that every room shares: rows, submissions, edits, questions. Frozen values, no behaviour beyond looking.

All cell values inside the program are *canonical text*: a date is ``2026-11-22``, a number ``1.5``, several choices are
joined by ``"; "``, a reference is the bare code ``НК-0001``, an empty cell is ``""``. ``fields`` turns them into what a
workbook shows and back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol

DELIBERATELY_EMPTY = "–"
"""What a curator types to say «this cell is empty on purpose»; a blanked cell is handed back to the program instead."""

SEPARATOR = "; "
"""Between the chosen answers of a cell that takes several."""

Clock = Callable[[], datetime]
"""Tells what time it is."""

Cells = Mapping[str, str]
"""Column key → canonical text."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a register sheet: the sheet's key, the row's code, its cells by column key."""

    sheet: str
    code: str
    cells: Cells = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, column: str) -> str:
        """Return the canonical text of a cell; ``""`` when it is blank or deliberately empty."""
        value = self.cells.get(column, "")
        return "" if value == DELIBERATELY_EMPTY else value

    def day(self, column: str) -> date | None:
        """Return a date cell as a date, ``None`` when it holds none."""
        try:
            return date.fromisoformat(self[column])
        except ValueError:
            return None

    def choices(self, column: str) -> list[str]:
        """Return the answers of a cell that takes several."""
        return [part for part in self[column].split(SEPARATOR) if part]


Rows = Mapping[str, Mapping[str, Row]]
"""Sheet key → code → row."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One filled form received: a durable fact.

    ``answers`` maps ``sheet.column`` to canonical text; ``sheet`` is the sheet whose row the form fills; ``year`` the
    school year («2026-2027») it belongs to; ``person`` the code of the person it was found to be about, ``""`` until
    that is decided; ``link`` the original in the archive, relative to the workspace.
    """

    seq: int
    sha: str
    form: str
    sheet: str
    year: str
    received: date
    link: str
    answers: Mapping[str, str]
    person: str = ""


@dataclass(frozen=True)
class Edit:
    """One change by the curator, read from a save of hers. ``value`` is ``None`` when she handed the cell back."""

    seq: int
    revision: int
    sheet: str
    code: str
    column: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Printed:
    """A sheet of paper to be signed: its code, and the consent that it is, once and for ever.

    ``code`` is the row it was first printed for; whose it is, ``person``, ``kind`` and ``year`` say, because those
    stand on the paper.
    """

    token: str
    code: str
    person: str
    kind: str
    year: str


@dataclass(frozen=True)
class Scan:
    """One sheet cut out of a scan, or a page whose code could not be read.

    ``key`` is unique: the scan's hash and the first page; ``name`` the scan as it was dropped, ``pages`` where in it
    the sheet was («3», «3, 4»), ``link`` the sheet in the archive, ``token`` its code (``""`` while nobody knows it,
    «–» when it is none of ours), ``edit`` the last edit of the curator's before it came.
    """

    seq: int
    key: str
    name: str
    pages: str
    received: date
    link: str
    token: str = ""
    edit: int = 0


Changed = Mapping[str, Mapping[str, Cells | None]]
"""What a save changed: sheet key → code → its changed cells (``""`` when blanked), ``None`` when the row is gone."""


@dataclass(frozen=True)
class Taken:
    """One save of hers that was taken in.

    ``sha`` is the file's hash, ``parent`` that of the earlier save which it grew from (``""``: the revision itself);
    ``places`` maps (sheet, row number) of rows that show no code of their own to the code they were given.
    """

    sha: str
    parent: str
    changed: Changed
    places: Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class Question:
    """Something a person must decide. ``key`` is the same for the same doubt, cycle after cycle.

    ``sheet``, ``code`` and ``column`` name the cell where the fact lives (any may be ``""``), ``answers`` the answers
    that the program understands; ``link`` is a file of the workspace to look at, instead of a cell.
    """

    key: str
    text: str
    sheet: str = ""
    code: str = ""
    column: str = ""
    answers: Sequence[str] = ()
    link: str = ""


class CodeBook(Protocol):
    """Gives a row its code once and for ever."""

    def give(self, sheet: str, key: str) -> str:
        """Return the code of the row of ``sheet`` known by ``key``, a new one when it has none yet."""
        ...


def natural(code: str) -> tuple[str, int]:
    """Return a sorting key under which ``Л-0002`` comes before ``Л-0010`` and ``Л-10000``."""
    prefix, _, number = code.rpartition("-")
    return prefix, int(number) if number.isdigit() else 0


def plain_name(name: str) -> str:
    """Return a file name that any page, log and database can hold, whatever bytes it was made of."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
