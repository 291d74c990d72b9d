"""The child process that parses workbooks for ``sheets_read``: paths in, plain sheets out, nothing kept between files.

Started with ``-m`` by its parent alone. A frame is four bytes of length and as many of content. In: JSON with a path,
and perhaps a review. Out: JSON with the sheets, or the bytes of the workbook marked as the review says.
Parsers may run wild on a hostile file, so the process first takes away its own means: network, memory, time, files.
JSON and not pickle or marshal, because the parent must be able to trust the bytes of a child it does not trust.
"""

from __future__ import annotations

import json
import math
import os
import struct
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import python_calamine

from pipeline.office import limits, sheets_faults

CELLS = 1_000_000
"""Cells that all sheets of a file may lay out, blank ones between two far apart too."""
MARKED = 64 * 2**20
"""Bytes that a file may have which is written while a workbook is marked: its sheets pass through temporary files."""
REPLY = 48 * 2**20
"""Bytes that an answer may have."""

_BROKEN = (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, ParseError, ExpatError, struct.error)

Value = int | float | str | bool | time | date | datetime | timedelta
Plain = int | float | str | bool | None | list[str]
Sheets = list[tuple[str, list[list[Plain]]]]


class TooLarge(Exception):
    """A file that lays out more cells or letters than any form has."""


def main(memory: int, seconds: int) -> None:
    """Answer the questions of standard input until it ends, in ``memory`` bytes and ``seconds`` of processor each."""
    limits.serve(answer, memory, seconds, MARKED)


def answer(question: bytes) -> bytes:
    """Return the answer about one file: its sheets as JSON or its marked bytes, or why there are none."""
    asked = json.loads(question)
    path = os.fsencode(asked["path"])
    if "review" in asked:
        return _marked(path, asked["review"])
    try:
        reply = json.dumps({"sheets": _read(path)}, ensure_ascii=False, separators=(",", ":")).encode()
    except (TooLarge, sheets_faults.TooManyFaults):
        return _refusal("too large")
    except (*_BROKEN, ValueError, LookupError, EOFError, OSError, NotImplementedError):
        return _refusal("damaged")
    return reply if len(reply) <= REPLY else _refusal("too large")


def _marked(path: bytes, review: dict[str, Any]) -> bytes:
    from pipeline.office import sheets_mark  # noqa: PLC0415 - half a second that most children never need

    notes = tuple(sheets_mark.CellNote(**note) for note in review["notes"])
    limits.limit_writing(MARKED)
    try:
        return sheets_mark.mark(Path(os.fsdecode(path)).read_bytes(), sheets_mark.Review(**{**review, "notes": notes}))
    except sheets_mark.CannotMark:
        return _refusal("damaged")
    finally:
        limits.limit_writing(0)


def _refusal(reason: str) -> bytes:
    return json.dumps({"reason": reason}).encode()


def _read(path: bytes) -> Sheets:
    with open(path, "rb") as file:  # noqa: PTH123 - the path may not be text
        zipped = file.read(4) == b"PK\3\4"
        faults = sheets_faults.in_zip(file) if zipped else {}
        file.seek(0)
        book = _opened(path, file)
        if not zipped:
            file.seek(0)
            faults = sheets_faults.in_xls(file.read(), [meta.name for meta in book.sheets_metadata])
        sheets = []
        room, letters = CELLS, REPLY
        for meta in book.sheets_metadata:
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet:
                rows = _rows(book.get_sheet_by_name(meta.name), faults.get(meta.name, {}), room)
                room -= sum(map(len, rows))
                letters -= sum(len(value) for row in rows for value in row if type(value) is str)
                if letters < 0:
                    raise TooLarge
                sheets.append((meta.name, rows))
        return sheets


def _opened(path: bytes, file: BinaryIO) -> python_calamine.CalamineWorkbook:
    """Open by content; a path is faster, but the library goes by its suffix and wants it to be text."""
    name = os.fsdecode(path)
    if name.isprintable() and not Path(name).suffix:
        return python_calamine.CalamineWorkbook.from_path(name)
    return python_calamine.CalamineWorkbook.from_filelike(file)


def _rows(sheet: python_calamine.CalamineSheet, faults: dict[tuple[int, int], str], room: int) -> list[list[Plain]]:
    height = max(sheet.total_height, *(row + 1 for row, _ in faults), 0)
    width = max(sheet.total_width, *(column + 1 for _, column in faults), 0)
    if height * width > room:
        raise TooLarge
    rows = [[_plain(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    if faults:
        rows = [row + [None] * (width - len(row)) for row in rows]
        rows += [[None] * width for _ in range(height - len(rows))]
    for (row, column), text in faults.items():
        rows[row][column] = ["error", text]
    return rows


def _plain(value: Value) -> Plain:
    """Return a value as JSON has it; a list of two tells what JSON has not: a date, a moment, an error."""
    kind = type(value)
    if kind is str:
        return value or None  # type: ignore[return-value]
    if isinstance(value, float):
        return _number(value)
    if kind is datetime:
        return ["moment", value.isoformat()]  # type: ignore[union-attr]
    if kind is date:
        return ["day", value.isoformat()]  # type: ignore[union-attr]
    return value if isinstance(value, int) else str(value)


def _number(value: float) -> Plain:
    if not math.isfinite(value):
        return ["error", str(value)]
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
