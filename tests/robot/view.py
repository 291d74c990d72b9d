"""What the curator sees when she has opened the register: read by LibreOffice, not by the program's own reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipeline.catalog import Column, Layout, Sheet

CODE = "Код"
_REFERENCE = re.compile(r"[А-ЯЁ]{1,3}-\d{4,}$")

Raw = str | float
Look = Mapping[str, tuple[Sequence[Sequence[Raw]], Sequence[tuple[int, int, str]]]]
"""Sheet title → its values row by row, and its formulas as row, column, formula."""

Cell = tuple[str, str, str]
"""Sheet key, code, column key."""


@dataclass(frozen=True)
class Seen:
    """One row: its number from 0, its code, its cells by column key, her own cells by heading; blanks left out.

    ``formulas`` are cells that hold a formula, by column key; they are not among ``cells``.
    """

    number: int
    code: str
    cells: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tab:
    """One sheet: the row of its headings and where its columns are (from 0), its rows, the first row below them."""

    sheet: Sheet
    heading: int
    columns: Mapping[str, int]
    own: Mapping[str, int]
    rows: Sequence[Seen]
    end: int

    def coded(self) -> dict[str, Seen]:
        """Return the rows whose code no other row bears, empty coded ones too, by code."""
        codes = Counter(row.code for row in self.rows)
        return {row.code: row for row in self.rows if row.code and codes[row.code] == 1}

    def loose(self) -> list[Seen]:
        """Return the other rows that say something: without a code, or with one that several bear."""
        coded = self.coded()
        return [row for row in self.rows if row.code not in coded and row.cells]

    def filled(self) -> list[Seen]:
        """Return the rows with a code of their own that say something."""
        return [row for row in self.coded().values() if row.cells]

    def empty(self) -> Seen | None:
        """Return the first empty row with a code, ``None`` when there is none."""
        return next((row for row in self.coded().values() if not (row.cells or row.own or row.formulas)), None)


View = Mapping[str, Tab]
"""By sheet key."""


def read(layout: Layout, look: Look) -> View:
    """Read what LibreOffice shows of all sheets."""
    return {sheet.key: _tab(sheet, *look[sheet.title]) for sheet in layout.sheets}


def shown(view: View, cell: Cell) -> str:
    """Return what stands in a cell, ``""`` when nothing does."""
    row = view[cell[0]].coded().get(cell[1])
    return row.cells.get(cell[2], "") if row else ""


def place(view: View, text: str) -> Cell | None:
    """Return the cell that a question says it is about; its code or column may be ``""``."""
    found = re.fullmatch(r"([^«,]+?)(?:, «(.+)»)?(?:, (\S+))?", text)
    tab = next((tab for tab in view.values() if found and tab.sheet.title == found[1]), None)
    if not found or not tab:
        return None
    column = next((one.key for one in tab.sheet.columns if one.title == found[2]), "")
    return tab.sheet.key, found[3] or "", column


def plain(text: object) -> str:
    """Return text for comparing, white space aside."""
    return " ".join(str(text).split())


def _tab(sheet: Sheet, values: Sequence[Sequence[Raw]], formulas: Sequence[tuple[int, int, str]]) -> Tab:
    heading = next(number for number, row in enumerate(values) if CODE in row)
    titles = {CODE: CODE, **{column.title: column.key for column in sheet.columns}}
    named = {number: plain(title) for number, title in enumerate(values[heading]) if title}
    columns = {titles[title]: number for number, title in named.items() if title in titles}
    own = {title: number for number, title in named.items() if title not in titles}
    found = {(row, column): formula for row, column, formula in formulas}
    rows = []
    for number in range(heading + 1, len(values)):
        row = values[number]
        texts = {one.key: _text(one, row[columns[one.key]]) for one in sheet.columns}
        computed = {key: found[number, at] for key, at in columns.items() if (number, at) in found}
        cells = {key: text for key, text in texts.items() if text and key not in computed}
        hers = {title: plain(row[at]) for title, at in own.items() if row[at] != ""}
        rows.append(Seen(number, plain(row[columns[CODE]]), cells, hers, computed))
    return Tab(sheet, heading, columns, own, rows, len(values))


def _text(column: Column, value: Raw) -> str:
    if isinstance(value, str):
        text = plain(value)
        found = _REFERENCE.search(text) if column.ref else None
        return found[0] if found else text
    if column.kind == "date":
        return (date(1899, 12, 30) + timedelta(days=int(value))).isoformat()
    return str(int(value)) if float(value).is_integer() else str(value)
