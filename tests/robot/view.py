"""What the curator sees when she has opened the register: read by LibreOffice, not by the program's own reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.catalog import Column, Layout, Sheet

CODE = "Код"
_REFERENCE = re.compile(r"[А-ЯЁ]{1,3}-\d{4,}$")

Raw = str | float


@dataclass(frozen=True)
class Seen:
    """One row: its number from 0, its code, its cells by column key, her own cells by heading; blanks left out."""

    number: int
    code: str
    cells: Mapping[str, str]
    own: Mapping[str, str]


@dataclass(frozen=True)
class Tab:
    """One sheet: where its headings are (row and columns from 0), its rows, the first row below all of them."""

    sheet: Sheet
    heading: int
    columns: Mapping[str, int]
    own: Mapping[str, int]
    rows: Sequence[Seen]
    end: int

    def row(self, code: str) -> Seen | None:
        """Return the row of a code, ``None`` when it is not there."""
        return next((row for row in self.rows if row.code == code), None)

    def people_rows(self) -> list[Seen]:
        """Return the rows that say something and whose code no other row bears."""
        codes = Counter(row.code for row in self.rows)
        return [row for row in self.rows if row.code and row.cells and codes[row.code] == 1]


View = Mapping[str, Tab]


def read(layout: Layout, look: Mapping[str, Sequence[Sequence[Raw]]]) -> View:
    """Read what LibreOffice shows of all sheets."""
    return {sheet.key: _tab(sheet, look[sheet.title]) for sheet in layout.sheets}


def plain(text: object) -> str:
    """Return text for comparing, white space aside."""
    return " ".join(str(text).split())


def _tab(sheet: Sheet, grid: Sequence[Sequence[Raw]]) -> Tab:
    heading = next(number for number, row in enumerate(grid) if CODE in row)
    titles = {CODE: CODE, **{column.title: column.key for column in sheet.columns}}
    named = {number: plain(title) for number, title in enumerate(grid[heading]) if title}
    columns = {titles[title]: number for number, title in named.items() if title in titles}
    own = {title: number for number, title in named.items() if title not in titles}
    rows = [_row(sheet, number, row, (columns, own)) for number, row in enumerate(grid) if number > heading]
    return Tab(sheet, heading, columns, own, rows, len(grid))


def _row(sheet: Sheet, number: int, row: Sequence[Raw], where: tuple[Mapping[str, int], Mapping[str, int]]) -> Seen:
    columns, own = where
    cells = {column.key: _text(column, row[columns[column.key]]) for column in sheet.columns}
    hers = {title: plain(row[place]) for title, place in own.items() if row[place] != ""}
    return Seen(number, plain(row[columns[CODE]]), {key: text for key, text in cells.items() if text}, hers)


def _text(column: Column, value: Raw) -> str:
    if isinstance(value, str):
        text = plain(value)
        found = _REFERENCE.search(text) if column.ref else None
        return found[0] if found else text
    if column.kind == "date":
        return (date(1899, 12, 30) + timedelta(days=int(value))).isoformat()
    return str(int(value)) if float(value).is_integer() else str(value)
