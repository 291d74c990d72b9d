"""One sheet part by its bytes: where its rows and cells lie, so that a few can be changed and the rest left alone."""

import bisect
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
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
            _, begin, end = self.rows.get(number, (0, 0, 0))
            self.met[number] = _cells(self.xml, self.prefix, (begin, end), number)
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

    def _numbered(self, number: int) -> bytes:
        return _stating(number, self.row(number), self.prefix)


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
    rows = _numbered(xml, spans(xml, name + b"row", found.end(), end), part)
    return Sheet(xml, name, found.end(), end, dict(rows))


class Course:
    """A sheet part in `markup.plain` form read once, from top to end: `head`, then each row, then `tail`.

    `tail` is there when all rows were read. Raises `Damaged` when rows are out of order or it is cut short.
    """

    def __init__(self, pieces: Iterator[bytes], part: str) -> None:
        """Read as far as the rows begin."""
        self._pieces, self._part = pieces, part
        held = b""
        while not (found := _DATA.search(held)):
            held += self._next()
        self.prefix = found[1] or b""
        opened, closed = b"<%ssheetData>" % self.prefix, b"</%ssheetData>" % self.prefix if found[2] else b""
        self.head = held[: found.start()] + (opened if closed else found[0])
        self.tail = b""
        self._held = closed + held[found.end() :]

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Number and bytes of each row."""
        return ((number, row) for number, _, row in self.rows())

    def rows(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Each row: its number, the bytes between the row before and it, its own bytes."""
        name, ending = b"<%srow" % self.prefix, b"</%ssheetData" % self.prefix
        held, last, end = self._held, 0, -1
        while end < 0:
            end = held.find(ending)
            cut = end if end >= 0 else max(held.rfind(name), 0)
            done = 0
            for number, span in _numbered(held, spans(held, name[1:], 0, cut), self._part, last):
                yield number, held[done : span.start], held[span.start : span.end]
                last, done = number, span.end
            held = held[done:] + (self._next() if end < 0 else b"")
        self.tail = b"".join([held, *self._pieces])

    def _next(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            raise Damaged(Reason.BROKEN_XML, self._part)
        return piece

    def numbered(self, number: int, row: bytes) -> bytes:
        """A row that states its number, so that it may stand anywhere."""
        return _stating(number, row, self.prefix)


def cells(row: bytes, prefix: bytes) -> dict[int, bytes]:
    """The bytes of the cells of a row, by column. Raises `Damaged` out of order."""
    return {column: row[span.start : span.end] for column, span in _cells(row, prefix, (0, len(row)), 0).items()}


def has_formulas(pieces: Iterable[bytes | memoryview]) -> bool:
    """Whether a formula stands in any cell of a sheet part."""
    held, mark = b"", b""
    for piece in pieces:
        held += piece
        if not mark and (found := _DATA.search(held)):
            mark = b"</%sf>" % (found[1] or b"")
        if mark and mark in held:
            return True
        held = held[-len(mark) :]  # all of it until the rows begin
    return False


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


def _numbered(xml: bytes, found: Iterable[Span], part: str, last: int = 0) -> Iterator[tuple[int, Span]]:
    """Number and place of rows that come after row `last`."""
    for span in found:
        stated = _ROW_NUMBER.search(xml, span.start, span.inner)
        before, last = last, int(stated[1]) if stated else last + 1
        if not before < last <= values.LAST_ROW:
            raise Damaged(Reason.BROKEN_CELL, f"{part}, row {last}")
        yield last, span


def _cells(xml: bytes, prefix: bytes, within: tuple[int, int], number: int) -> dict[int, Span]:
    """Where the cells of row `number` lie, by column."""
    found: dict[int, Span] = {}
    column = 0
    for span in spans(xml, prefix + b"c", *within):
        address = _CELL_ADDRESS.search(xml, span.start, span.inner)
        before, column = column, values.column_of(address[1].decode()) if address else column + 1
        if column <= before:
            raise Damaged(Reason.BROKEN_CELL, f"row {number}")
        found[column] = span
    return found


def _stating(number: int, row: bytes, prefix: bytes) -> bytes:
    if _ROW_NUMBER.search(row, 0, row.index(b">")):
        return row
    at = len(prefix) + 4
    return b'%s r="%d"%s' % (row[:at], number, row[at:])
