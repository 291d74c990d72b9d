"""Cells that cannot be read but that a parser shows as blank: errors, and formulas without a computed value.

Runs in the reading child, under its limits. A quick look at the bytes tells whether there can be any at all; only then
is a sheet walked. Not seen: in .xls, formulas that were never computed (a value always stands there); in .ods, an error
that its program wrote as ordinary text without a formula.
"""

from __future__ import annotations

import io
import itertools
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO
from xml.etree import ElementTree as Tree
from xml.parsers import expat

from pipeline.office import biff

MOST = 2_000
"""Faulty cells that a sheet may have; no form has so many cells."""


class TooManyFaults(ValueError):
    """More faulty cells than any form has cells at all."""


Faults = dict[tuple[int, int], str]
"""Row and column from 0 → what stands in the cell: «#REF!», or the formula that has no value."""

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_SUSPECT = tuple(map(re.compile, (rb"<f[\s/>]", rb":f[\s/>]", rb"""=\s*["']e["']""")))
"""Without any of these a sheet of .xlsx has neither a formula nor an error."""
_SUSPECT_ODS = (b'"error"', b"'error'", b"table:formula")
_ADDRESS = re.compile(r"([A-Za-z]+)(\d+)")
_MOST = 20_000
"""Rows or columns that one faulty cell is repeated over at most; the gate bounds them before."""


def in_zip(file: IO[bytes]) -> dict[str, Faults]:
    """Return the faulty cells of an .xlsx or .ods by sheet name.

    Call it before the parser proper, which never ends on an .ods with broken markup. Raises what its readers raise of
    broken files: ``BadZipFile``, ``zlib.error``, ``ParseError``, ``ExpatError``, ``KeyError``, ``ValueError``; and
    ``TooManyFaults``.
    """
    with zipfile.ZipFile(file) as archive:
        if "xl/workbook.xml" in archive.NameToInfo:
            return dict(_in_xlsx(archive))
        return dict(_in_ods(archive.read("content.xml")))


def in_xls(data: bytes, names: Sequence[str]) -> dict[str, Faults]:
    """Return the faulty cells of an .xls by sheet name; ``names`` are all its sheets' in order.

    Raises ``ValueError`` and ``struct.error`` of broken files.
    """
    stream = biff.workbook(biff.opened(data)) or b""
    faults = biff.errors(stream)
    if not faults:
        return {}
    return {name: faults.get(sheet.begin, {}) for name, sheet in zip(names, biff.sheets(stream), strict=True)}


def _in_xlsx(archive: zipfile.ZipFile) -> Iterator[tuple[str, Faults]]:
    relations = _tree(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in _tree(archive.read("xl/workbook.xml")).iterfind(".//{*}sheets/{*}sheet"):
        part = posixpath.normpath(posixpath.join("/xl", targets[sheet.get(_RELATION)]))[1:]
        markup = archive.read(part)
        if any(pattern.search(markup) for pattern in _SUSPECT):
            yield sheet.get("name", ""), _gathered(_in_sheet(io.BytesIO(markup)))


def _tree(content: bytes) -> Tree.Element:
    return Tree.fromstring(content)  # noqa: S314 - expat bounds entities, the child's limits bound the rest


def _in_sheet(content: IO[bytes]) -> Iterator[tuple[tuple[int, int], str]]:
    """Walk a sheet of .xlsx; a cell without an address follows the one before it."""
    row = column = -1
    for event, element in Tree.iterparse(content, ("start", "end")):  # noqa: S314 - as above
        tag = element.tag.rpartition("}")[2]
        if tag == "row" and event == "start":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif tag == "row":
            element.clear()
        elif tag == "c" and event == "start":
            row, column = _place(element.get("r", ""), row, column + 1)
        elif tag == "c" and (text := _fault(element)):
            yield (row, column), text


def _place(address: str, row: int, column: int) -> tuple[int, int]:
    found = _ADDRESS.fullmatch(address)
    if not found:
        return row, column
    number = 0
    for letter in found[1].upper():
        number = number * 26 + ord(letter) - 64
    return int(found[2]) - 1, number - 1


def _fault(cell: Tree.Element) -> str:
    value = cell.findtext("{*}v") or ""
    formula = cell.find("{*}f")
    if cell.get("t") == "e":
        return value or "#?"
    if formula is None or value or cell.get("t") == "str":
        return ""
    return f"={formula.text or ''}"


def _in_ods(content: bytes) -> Iterator[tuple[str, Faults]]:
    expat.ParserCreate().Parse(content, True)
    if any(mark in content for mark in _SUSPECT_ODS):
        for table in _tree(content).iter(f"{_TABLE}table"):
            yield table.get(f"{_TABLE}name", ""), _gathered(_in_table(table))


def _gathered(found: Iterator[tuple[tuple[int, int], str]]) -> Faults:
    faults = dict(itertools.islice(found, MOST + 1))
    if len(faults) > MOST:
        raise TooManyFaults
    return faults


def _in_table(table: Tree.Element) -> Iterator[tuple[tuple[int, int], str]]:
    row = 0
    for line in table.iter(f"{_TABLE}table-row"):
        rows, column = int(line.get(f"{_TABLE}number-rows-repeated", 1)), 0
        for cell in line:
            columns = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
            if text := _fault_ods(cell):
                yield from _repeated(row, min(rows, _MOST), column, min(columns, _MOST), text)
            column += columns
        row += rows


def _repeated(row: int, rows: int, column: int, columns: int, text: str) -> Iterator[tuple[tuple[int, int], str]]:
    for down in range(rows):
        for right in range(columns):
            yield (row + down, column + right), text


def _fault_ods(cell: Tree.Element) -> str:
    shown = "".join("".join(paragraph.itertext()) for paragraph in cell.iterfind(f"{_TEXT}p"))
    formula = cell.get(f"{_TABLE}formula")
    if cell.get(f"{_CALC}value-type") == "error" or (formula and shown.startswith("#")):
        return shown or "#?"
    if formula and cell.get(f"{_OFFICE}value-type") is None and cell.find(f"{_TEXT}p") is None:
        return f"={formula.partition('=')[2]}"
    return ""
