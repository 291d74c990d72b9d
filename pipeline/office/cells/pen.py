"""New markup for cells and rows: text stands in the cell itself, so that the shared strings stay untouched."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from pipeline.office.cells import markup, values
from pipeline.office.cells.markup import Edit
from pipeline.office.cells.sheet import Sheet
from pipeline.office.cells.values import Cell

_KEPT_OF_ROW = re.compile(rb"""\s(?:s|customFormat|ht|customHeight)\s*=\s*["'][^"']*["']""")
_SPANS = re.compile(rb"""\sspans\s*=\s*["'](\d+):(\d+)["']""")


class Fit(Protocol):
    """What finds the style in which a value shows as what it is."""

    def __call__(self, style: str | None, cell: Cell, /) -> str | None:
        """The style index to use in place of the given one; the same when it fits."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What one cell is to hold, and the style index it takes if it is not there yet."""

    cell: Cell
    style: str | None


@dataclass(frozen=True)
class Pen:
    """Writes the cells of one sheet: the prefix of its names, the epoch of its dates, and how styles are found."""

    prefix: bytes
    date1904: bool
    fit: Fit

    def cell(self, address: str, style: str | None, cell: Cell) -> bytes:
        """The markup of one cell."""
        style, name = self.fit(style, cell), self.prefix + b"c"
        head = b'<%s r="%s"' % (name, address.encode()) + (b' s="%s"' % style.encode() if style else b"")
        if cell.kind == "blank":
            return head + b"/>"
        kind, content = self._content(cell)
        return b"%s%s>%s</%s>" % (head, kind, content, name)

    def row(self, number: int, like: bytes, fills: Mapping[int, Fill]) -> bytes:
        """The markup of a new row, with the height and format of the start tag `like`."""
        kept = b"".join(_KEPT_OF_ROW.findall(like))
        cells = b"".join(self._new(number, column, fills[column]) for column in sorted(fills))
        name = self.prefix + b"row"
        return b'<%s r="%d"%s>%s</%s>' % (name, number, kept, cells, name)

    def changes(self, sheet: Sheet, number: int, fills: Mapping[int, Fill]) -> Iterator[Edit]:
        """The edits that give cells of an existing row new content; those not named keep their bytes."""
        cells, row = sheet.cells(number), sheet.rows[number]
        added: list[tuple[int, bytes]] = []
        for column, fill in sorted(fills.items()):
            if span := cells.get(column):
                new = self.cell(f"{values.letters(column)}{number}", sheet.own_style(span), fill.cell)
                yield Edit(span.start, span.end, new)
            elif new := self._new(number, column, fill):
                added.append((column, new))
        if not added:
            return
        stated = _SPANS.search(sheet.xml, row.start, row.inner)
        if stated and not int(stated[1]) <= added[0][0] <= added[-1][0] <= int(stated[2]):
            yield Edit(stated.start(), stated.end(), b"")
        if row.inner == row.end:
            yield Edit(row.end - 2, row.end, b">%s</%srow>" % (b"".join(new for _, new in added), self.prefix))
            return
        last = max((span.end for span in cells.values()), default=row.inner)
        for column, new in added:
            at = next((span.start for other, span in cells.items() if other > column), last)
            yield Edit(at, at, new)

    def _new(self, number: int, column: int, fill: Fill) -> bytes:
        if fill.cell.kind == "blank" and fill.style is None:
            return b""
        return self.cell(f"{values.letters(column)}{number}", fill.style, fill.cell)

    def _content(self, cell: Cell) -> tuple[bytes, bytes]:
        name, value = self.prefix, cell.value
        if isinstance(value, str):
            space = b"" if value == value.strip() else b' xml:space="preserve"'
            body = b"<%sis><%st%s>%s</%st></%sis>"
            return b' t="inlineStr"', body % (name, name, space, markup.text(value), name, name)
        kind = b' t="b"' if cell.kind == "bool" else b""
        stored = values.to_serial(value, self.date1904) if isinstance(value, date) else value
        written = repr(int(stored) if isinstance(stored, bool) else stored)
        return kind, b"<%sv>%s</%sv>" % (name, written.encode(), name)
