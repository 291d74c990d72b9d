"""One sheet part by its bytes: where its rows and cells lie, so that a few can be changed and the rest left alone."""

import bisect
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.office.cells import markup, values
from pipeline.office.cells.damage import Damaged, Reason

_ROOT = re.compile(rb"<(?:[\w.-]+:)?worksheet(?=[\s>])" + markup.INSIDE + rb">")
_DATA = re.compile(rb"<([\w.-]+:)?sheetData\s*(/?)>")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d+)["']""")
_CELL_ADDRESS = re.compile(rb"""\sr\s*=\s*["']([A-Z]+)\d+["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_OWN_FORMAT = re.compile(rb"""\scustomFormat\s*=\s*["'](?:1|true)["']""")


class Span(NamedTuple):
    """Where an element lies: start tag `start:inner`, all of it `start:end`; `inner == end` when it is self-closed."""

    start: int
    inner: int
    end: int


@dataclass(frozen=True)
class Sheet:
    """A sheet part: its bytes, the prefix of its names (b"" or as b"x:"), the inside of sheetData, its rows."""

    xml: bytes
    prefix: bytes
    begin: int
    end: int
    rows: Mapping[int, Span]
    met: dict[int, dict[int, Span]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def frame(self) -> list[tuple[int, int]]:
        """The two stretches of the part before and after its rows."""
        return [(0, self.begin), (self.end, len(self.xml))]

    @functools.cached_property
    def columns(self) -> list[tuple[int, int, str | None]]:
        """First and last column and style index of each stretch of columns that has settings."""
        found = [markup.attributes(self.xml, e) for e in markup.elements(self.xml, self.frame[:1]) if e.name == "col"]
        stated = [(each.get("min", ""), each.get("max", ""), each.get("style")) for each in found]
        return [(int(a), int(b), style) for a, b, style in stated if a.isdecimal() and b.isdecimal()]

    @functools.cached_property
    def numbers(self) -> list[int]:
        """The numbers of the rows that are there, ascending."""
        return list(self.rows)

    def row(self, number: int) -> bytes:
        """The bytes of a row."""
        span = self.rows[number]
        return self.xml[span.start : span.end]

    def cells(self, number: int) -> dict[int, Span]:
        """Where the cells of a row lie, by column; none when the row is absent. Raises `Damaged` out of order."""
        if number not in self.met:
            self.met[number] = self._cells(number)
        return self.met[number]

    def holder(self, position: int) -> tuple[int, int]:
        """Row and column of the cell that holds a byte of the part."""
        number = self.numbers[bisect.bisect(self.numbers, position, key=lambda n: self.rows[n].start) - 1]
        return number, next(c for c, span in self.cells(number).items() if span.start <= position < span.end)

    def style(self, row: int, column: int) -> str | None:
        """The style index of a cell as written; of its row or column when the cell is absent; None for the default."""
        if span := self.cells(row).get(column):
            return self.own_style(span)
        if row in self.rows and _OWN_FORMAT.search(self.xml, *self.rows[row][:2]):
            return self.own_style(self.rows[row])
        return next((style for first, last, style in self.columns if first <= column <= last), None)

    def own_style(self, span: Span) -> str | None:
        """The style index in the start tag of a cell or row."""
        found = _STYLE.search(self.xml, span.start, span.inner)
        return found[1].decode() if found else None

    def excerpt(self, rows: Iterable[int], *, framed: bool = False) -> bytes:
        """A sheet part with some of the rows only; framed: with all that stands before and after the rows."""
        body = b"".join(map(self._numbered, rows))
        if framed:
            return b"".join([self.xml[: self.begin], body, self.xml[self.end :]])
        root = _ROOT.search(self.xml)
        name = self.prefix
        opening = (root[0] if root else b"") + b"<%ssheetData>" % name
        return b"%s%s</%ssheetData></%sworksheet>" % (opening, body, name, name)

    def _cells(self, number: int) -> dict[int, Span]:
        found: dict[int, Span] = {}
        column = 0
        for span in spans(self.xml, self.prefix + b"c", *self.rows.get(number, (0, 0, 0))[1:]):
            address = _CELL_ADDRESS.search(self.xml, span.start, span.inner)
            before, column = column, values.column_of(address[1].decode()) if address else column + 1
            if column <= before:
                raise Damaged(Reason.BROKEN_CELL, f"row {number}")
            found[column] = span
        return found

    def _numbered(self, number: int) -> bytes:
        row, span = self.row(number), self.rows[number]
        if _ROW_NUMBER.search(row, 0, span.inner - span.start):
            return row
        at = len(self.prefix) + 4
        return b'%s r="%d"%s' % (row[:at], number, row[at:])


def indexed(xml: bytes, part: str) -> Sheet:
    """Find the rows of a sheet part in `markup.plain` form. Raises `Damaged` when rows are out of order."""
    found = _DATA.search(xml)
    if not found:
        raise Damaged(Reason.BROKEN_XML, part)
    name = found[1] or b""
    if found[2]:
        opened = b"<%ssheetData></%ssheetData>" % (name, name)
        return indexed(xml[: found.start()] + opened + xml[found.end() :], part)
    end = xml.rfind(b"</%ssheetData" % name)
    return Sheet(xml, name, found.end(), end, _rows(xml, spans(xml, name + b"row", found.end(), end), part))


def prefix(xml: bytes) -> bytes:
    """The prefix of the names in a sheet part: b"" or as b"x:"."""
    found = _DATA.search(xml)
    return (found and found[1]) or b""


def spans(xml: bytes, name: bytes, begin: int, end: int) -> list[Span]:
    """Where the elements of one name lie within a stretch; the name must not occur inside itself."""
    tags = re.compile(b"<" + name + rb"(?=[\s/>])" + markup.INSIDE + b">").finditer(xml, begin, end)
    starts = [tag.span() for tag in tags]
    ends = [start for start, _ in starts[1:]] + [end]
    closing = b"</" + name
    found = [
        Span(
            start, inner, inner if xml[inner - 2] == ord("/") else xml.find(b">", xml.rfind(closing, inner, limit)) + 1
        )
        for (start, inner), limit in zip(starts, ends, strict=False)
    ]
    if any(span.end < span.inner for span in found):
        raise Damaged(Reason.BROKEN_XML, name.decode())
    return found


def _rows(xml: bytes, found: Iterable[Span], part: str) -> dict[int, Span]:
    rows: dict[int, Span] = {}
    last = 0
    for span in found:
        stated = _ROW_NUMBER.search(xml, span.start, span.inner)
        before, last = last, int(stated[1]) if stated else last + 1
        if not before < last <= values.LAST_ROW:
            raise Damaged(Reason.BROKEN_CELL, f"{part}, row {last}")
        rows[last] = span
    return rows
