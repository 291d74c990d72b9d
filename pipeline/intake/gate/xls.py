"""The rules for the old .xls: bounded cells, no password, nothing that runs or reaches out."""

from __future__ import annotations

import re
import struct

from pipeline.intake.gate import pictures
from pipeline.intake.gate.bounds import COLUMNS, ROWS, Extent
from pipeline.intake.gate.verdict import Refused
from pipeline.office import biff
from pipeline.wording import gate as say

RECORDS = 1_000_000
"""Records that a workbook may have; keeps the look through it within a second."""

_MACROS = re.compile(r"^_vba_project(_cur)?$|^vba$", re.MULTILINE)
_EMBEDDED = re.compile(r"^mbd[0-9a-f]{8}|^\x01ole10native$|^objectpool$|^ctls$", re.MULTILINE)
_ONE = {0x0203, 0x0204, 0x0205, 0x0206, 0x00D6, 0x00FD, 0x027E, 0x0406, biff.FORMULA}
"""Records of one cell: number, text, error, rich text, shared text, packed number, formula. Blank ones do not count."""
_SEVERAL = 0x00BD
"""A row of packed numbers; its last two bytes are the last column."""
_SIZE = 0x0200
"""The rectangle that a sheet claims to fill; the parser makes room for it before it sees a cell."""
_LINK = 0x01AE
_QUERIES = {0x00DC, 0x01AD, 0x0803, 0x0805, 0x0876}
"""Queries of data bases, sites and text files, and connections ([MS-XLS] 2.3.2: DbOrParamQry to DConn)."""
_PICTURES = 0x00EB
_MORE = 0x003C
"""The pictures of a workbook, and what continues any record that is too long for one."""
_VERSION = b"\x00\x06"
"""Excel 97 and later; before, links and texts are written otherwise."""


def examine(book: biff.Compound) -> None:
    """Raise ``Refused`` when this .xls must not be parsed."""
    names = "\n".join(book.names).casefold()
    if _MACROS.search(names):
        raise Refused(say.macros(), danger=True)
    if _EMBEDDED.search(names):
        raise Refused(say.embedded(), danger=True)
    books = sum(name.casefold() in {"workbook", "book"} for name in book.names)
    stream = biff.workbook(book) or b""
    if books > 1 or stream[4:6] != _VERSION:  # readers differ in which of two they take
        raise Refused(say.other_table())
    _examine_records(stream)
    pictures.refuse_huge(_pictures(stream))


def _examine_records(stream: bytes) -> None:
    extent = Extent()
    begins: set[int] = set()
    for count, (kind, at, length) in enumerate(biff.records(stream)):
        if count > RECORDS:
            raise Refused(say.inflating(), danger=True)
        if kind in _ONE or kind == _SEVERAL:
            _measure(stream[at : at + length], several=kind == _SEVERAL, extent=extent)
        elif kind == _SIZE:
            _refuse_claim(stream[at : at + length])
        elif kind == biff.BEGIN:
            begins.add(at - biff.HEADER)
        elif kind == biff.PASSWORD:
            raise Refused(say.locked())
        else:
            _refuse_active(kind, stream[at : at + length])
    if not all(sheet.begin in begins for sheet in biff.sheets(stream)):
        raise Refused(say.damaged())


def _pictures(stream: bytes) -> bytes:
    """Return the pictures of a workbook in one piece; their records are cut where they are longest."""
    pieces = []
    within = False
    for kind, at, length in biff.records(stream):
        within = kind == _PICTURES or (within and kind == _MORE)
        if within:
            pieces.append(stream[at : at + length])
    return b"".join(pieces)


def _measure(record: bytes, *, several: bool, extent: Extent) -> None:
    row, column = biff.pair(record, 0)
    if several:
        column = max(column, biff.pair(record, len(record) - 4)[1])
    extent.add(row + 1, column + 1)


def _refuse_claim(record: bytes) -> None:
    """Refuse a claim larger than the allowed rectangle ([MS-XLS] 2.4.90; rows have two bytes before Excel 97)."""
    first, last, left, right = struct.unpack_from("<2L2H" if len(record) >= 12 else "<4H", record)
    if (last - first) * (right - left) > ROWS * COLUMNS:
        raise Refused(say.too_wide(ROWS, COLUMNS))


def _refuse_active(kind: int, record: bytes) -> None:
    if kind == biff.SHEET and record[5:6] == b"\x01":
        raise Refused(say.macros(), danger=True)
    if kind in _QUERIES or (kind == _LINK and _reaches_out(record)):
        raise Refused(say.linked(), danger=True)


def _reaches_out(record: bytes) -> bool:
    """Tell whether a SUPBOOK record names another file or program ([MS-XLS] 2.4.271)."""
    length = biff.pair(record, 0)[1]
    return 1 <= length <= 0xFF and not (length == 1 and record[5:6] in {b"\0", b" "})
