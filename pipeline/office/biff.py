"""The old .xls from the outside: the streams of its compound file and the records of its workbook.

Enough to see what a parser would meet and which cells hold errors, not to read answers. Only the standard library, so
that the reading child starts fast. Formats: [MS-CFB] and [MS-XLS]. Every walk is bounded by the size of the file.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BEGIN, END, SHEET, PASSWORD = 0x0809, 0x000A, 0x0085, 0x002F
FORMULA, ERROR = 0x0006, 0x0205
HEADER = 4
"""Bytes before a record's own."""

_SMALL = 4096
_MINI = 64
_NAMES = 4_096
_LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks: free, end of chain, part of a table."""
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


class Broken(ValueError):
    """The bytes are no compound file, or are cut off."""


@dataclass(frozen=True)
class Entry:
    """A stream or storage: its name, first sector, size in bytes."""

    name: str
    start: int
    size: int


@dataclass(frozen=True)
class Compound:
    """An opened compound file. ``entries[0]`` is its root, which holds the small streams."""

    data: bytes
    sector: int
    table: array[int]
    small: array[int]
    entries: tuple[Entry, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all streams and storages."""
        return tuple(entry.name for entry in self.entries)


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: where its records begin in the stream, and its type (0 is a worksheet)."""

    begin: int
    type: int


def opened(data: bytes) -> Compound:
    """Open the bytes of a compound file; raise ``Broken`` when they are cut off or no compound file."""
    try:
        sector = _sector(data)
        table = _table(data, sector)
        first, _, _, small_first = struct.unpack_from("<4L", data, 48)
        small = _numbers(_chain(data, sector, table, small_first))
        entries = _entries(_chain(data, sector, table, first))
    except struct.error as problem:
        raise Broken(str(problem)) from problem
    return Compound(data, sector, table, small, entries)


def is_whole(data: bytes) -> bool:
    """Tell whether the last sector that is in use begins within the bytes; raise ``Broken`` when its table is cut."""
    try:
        sector = _sector(data)
        table = _table(data, sector)
    except struct.error:
        return False
    used = max((number for number, follows in enumerate(table) if follows != 0xFFFFFFFF), default=0)
    return len(data) > (used + 1) * sector


def has_workbook(book: Compound) -> bool:
    """Tell whether there is a workbook in the compound file."""
    return _workbook(book) is not None


def workbook(book: Compound) -> bytes | None:
    """Return the workbook's stream, ``None`` without one; raise ``Broken`` when it is cut off."""
    entry = _workbook(book)
    if entry is None:
        return None
    if entry.size >= _SMALL:
        content = _chain(book.data, book.sector, book.table, entry.start)
    else:
        root = _chain(book.data, book.sector, book.table, book.entries[0].start)
        content = _chain(root, _MINI, book.small, entry.start, offset=0)
    if len(content) < entry.size:
        raise Broken("the workbook is cut off")
    return content[: entry.size]


def records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Give the kind, the begin and the length in bytes of each record; raise ``Broken`` when the last is cut off."""
    at, size = 0, len(stream)
    read = struct.Struct("<2H").unpack_from
    while at + HEADER <= size:
        kind, length = read(stream, at)
        at += HEADER
        if at + length > size:
            raise Broken("a record is cut off")
        yield kind, at, length
        at += length


def sheets(stream: bytes) -> list[Sheet]:
    """Return the sheets of a workbook in their order."""
    found = []
    for kind, at, _ in records(stream):
        if kind == SHEET:
            begin, _, type_ = struct.unpack_from("<L2B", stream, at)
            found.append(Sheet(begin, type_))
        elif kind == END:
            break
    return found


def errors(stream: bytes) -> dict[int, dict[tuple[int, int], str]]:
    """Return the cells that hold an error: begin of the sheet → (row, column) from 0 → «#REF!»."""
    found: dict[int, dict[tuple[int, int], str]] = {}
    depth = begin = 0
    for kind, at, length in records(stream):
        if kind == BEGIN:
            begin = begin if depth else at - HEADER
            depth += 1
        elif kind == END:
            depth = max(depth - 1, 0)
        elif kind in {FORMULA, ERROR} and (text := _error(kind, stream[at : at + length])):
            found.setdefault(begin, {})[pair(stream, at)] = text
    return found


def pair(data: bytes, at: int) -> tuple[int, int]:
    """Return the two numbers of 16 bits at a place, as a cell record gives row and column from 0."""
    first, second = struct.unpack_from("<2H", data, at)
    return first, second


def _error(kind: int, record: bytes) -> str:
    """Return the error that a record holds, ``""`` for none (BoolErr, Formula: [MS-XLS] 2.4.24, 2.5.133)."""
    if kind == ERROR and record[7:8] == b"\x01":
        return _ERRORS.get(record[6], "#?")
    if kind == FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2:
        return _ERRORS.get(record[8], "#?")
    return ""


def _sector(data: bytes) -> int:
    if not data.startswith(SIGNATURE):
        raise Broken("no compound file")
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in {9, 12}:
        raise Broken("sectors of an unknown size")
    return 1 << int(shift)


def _table(data: bytes, sector: int) -> array[int]:
    """Return the table that names each sector's follower."""
    count, extra = struct.unpack_from("<L", data, 44)[0], struct.unpack_from("<L", data, 68)[0]
    places = [place for place in struct.unpack_from("<109L", data, 76) if place < _LAST]
    seen = 0
    while extra < _LAST and seen <= len(data) // sector:
        more = _numbers(_piece(data, sector, extra, offset=1))
        places += [place for place in more[:-1] if place < _LAST]
        extra, seen = more[-1], seen + 1
    if len(places) < count or len(places) > len(data) // sector:
        raise Broken("the table of sectors is cut off")
    return _numbers(b"".join(_piece(data, sector, place, offset=1) for place in places[:count]))


def _numbers(data: bytes) -> array[int]:
    return array("L" if array("L").itemsize == 4 else "I", data[: len(data) // 4 * 4])


def _piece(data: bytes, sector: int, number: int, offset: int) -> bytes:
    piece = data[(number + offset) * sector : (number + offset + 1) * sector]
    if not piece:
        raise Broken("a sector lies beyond the end")
    return piece


def _chain(data: bytes, sector: int, table: array[int], number: int, offset: int = 1) -> bytes:
    """Return the bytes of a chain of sectors; the header takes the place of ``offset`` of them."""
    pieces: list[bytes] = []
    while number < _LAST:
        if number >= len(table) or len(pieces) * sector > len(data):
            raise Broken("a chain of sectors leads nowhere or in a circle")
        pieces.append(_piece(data, sector, number, offset))
        number = table[number]
    return b"".join(pieces)


def _entries(data: bytes) -> tuple[Entry, ...]:
    found = []
    for at in range(0, min(len(data), _NAMES * 128), 128):
        length, type_ = struct.unpack_from("<HB", data, at + 64)
        start, size = struct.unpack_from("<2L", data, at + 116)
        if type_:
            name = data[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            found.append(Entry(name, start, size))
    if not found:
        raise Broken("no directory")
    return tuple(found)


def _workbook(book: Compound) -> Entry | None:
    wanted = {entry.name.casefold(): entry for entry in book.entries}
    return wanted.get("workbook") or wanted.get("book")
