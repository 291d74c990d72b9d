"""Workbooks as an attacker, a careless copy or a strange program makes them, each with exactly one thing wrong."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO, RawIOBase
from pathlib import Path

SAVED = Path(__file__).resolve().parents[1] / "data" / "libreoffice"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
URN = "urn:oasis:names:tc:opendocument:xmlns"
ODS = "application/vnd.oasis.opendocument.spreadsheet"

Parts = Mapping[str, str | bytes]


# Zip archives.


def zipped(parts: Iterable[tuple[str, str | bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of the parts, in their order; a name may stand twice."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, (2026, 11, 5, 12, 0, 0))
            entry.compress_type = method
            archive.writestr(entry, content)
    return target.getvalue()


def flagged(data: bytes, flag: int = 1) -> bytes:
    """Return a zip archive whose entries all claim a flag, such as «encrypted»."""
    copy = bytearray(data)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = -1
        while (at := copy.find(signature, at + 1)) >= 0:
            copy[at + offset] |= flag
    return bytes(copy)


def overlapping(data: bytes) -> bytes:
    """Return a zip archive whose directory names the first entry's bytes twice, under the second's name too."""
    copy = bytearray(data)
    first = copy.find(b"PK\1\2")
    second = copy.find(b"PK\1\2", first + 1)
    copy[second + 42 : second + 46] = copy[first + 42 : first + 46]
    return bytes(copy)


def lying_sizes(data: bytes, size: int = 10) -> bytes:
    """Return a zip archive whose directory declares another unpacked size than is there."""
    copy = bytearray(data)
    at = copy.rfind(b"PK\1\2")
    copy[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(copy)


def streamed(parts: Parts) -> bytes:
    """Return a zip archive written without going back, as Google and many servers do: sizes follow each part."""
    target = _Stream()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return b"".join(target.pieces)


class _Stream(RawIOBase):
    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        self.pieces.append(bytes(piece))  # type: ignore[call-overload]
        return len(self.pieces[-1])


def ended(data: bytes, between: bytes = b"", comment: bytes = b"", fewer: int = 0) -> bytes:
    """Return a zip archive with something between its directory and its end record, a comment, entries not counted."""
    at = data.rfind(b"PK\5\6")
    end = bytearray(data[at:])
    count = struct.unpack_from("<H", end, 8)[0] - fewer
    struct.pack_into("<2H", end, 8, count, count)
    struct.pack_into("<H", end, 20, len(comment))
    return data[:at] + between + bytes(end) + comment


def second_directory(data: bytes) -> bytes:
    """Return a zip archive with the end records of Zip64 before the usual one; a reader may believe either."""
    at = data.rfind(b"PK\5\6")
    count, _, length, begin = struct.unpack_from("<2H2L", data, at + 8)
    large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, begin)
    return ended(data, large + struct.pack("<4sLQL", b"PK\6\7", 0, at, 1))


def with_extra(parts: Parts, kind: int) -> bytes:
    """Return a zip archive whose last entry carries an extra field."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            archive.writestr(entry, content)
        entry.extra = struct.pack("<2H", kind, 8) + bytes(8)
    return target.getvalue()


# .xlsx


def text_cell(address: str, text: str = "x") -> str:
    """Return the markup of a cell with a text."""
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(rows: str, before: str = "", after: str = "") -> str:
    """Return the markup of a sheet around its rows."""
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def relation(kind: str, target: str, more: str = "") -> str:
    """Return the markup of one relationship; ``kind`` is the tail of its type."""
    return f'<Relationship Id="x-{kind}" Type="{OFFICE}/{kind}" Target="{target}" {more}/>'


def relations(inner: str) -> str:
    """Return the markup of a part of relationships."""
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def xlsx_parts(content: str | bytes | None = None, place: str = "xl/worksheets/sheet1.xml") -> dict[str, str | bytes]:
    """Return the parts of a small honest .xlsx with one sheet «S»."""
    content = content if content is not None else sheet(f'<row r="1">{text_cell("A1", "да")}</row>')
    document = relation("officeDocument", "xl/workbook.xml")
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": relations(document),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="S" sheetId="1" r:id="x-worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(relation("worksheet", f"/{place}")),
        place: content,
    }


def xlsx(content: str | bytes | None = None, more: Parts | None = None, **options: str) -> bytes:
    """Return a small .xlsx with the given sheet markup and further (or other) parts."""
    return zipped({**xlsx_parts(content, **options), **(more or {})}.items())


def rows_of(count: int, cells: str) -> str:
    """Return so many rows of the same cells without addresses."""
    return f"<row>{cells}</row>" * count


# .ods


def table(rows: str) -> str:
    """Return content.xml around the rows of one table «S»."""
    names = " ".join(f'xmlns:{name}="{URN}:{name}:1.0"' for name in ("office", "table", "text", "draw", "script"))
    return (
        f'<office:document-content {names} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3">'
        f'<office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )


def row(cells: str, times: int = 1) -> str:
    """Return a row of .ods, repeated so many times."""
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def text(value: str = "x", times: int = 1) -> str:
    """Return a cell of .ods with a text, repeated so many times."""
    repeated = f'table:number-columns-repeated="{times}"'
    return f'<table:table-cell {repeated} office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def blank(times: int = 16384) -> str:
    """Return a blank cell of .ods, repeated so many times."""
    return f'<table:table-cell table:number-columns-repeated="{times}"/>'


def ods(content: str | None = None, more: Parts | None = None, media: str = ODS) -> bytes:
    """Return a small .ods with the given content and further parts."""
    manifest = f'<manifest:manifest xmlns:manifest="{URN}:manifest:1.0"/>'
    content = content if content is not None else table(row(text("да")))
    parts = {"mimetype": media, "content.xml": content, "META-INF/manifest.xml": manifest, **(more or {})}
    return zipped(parts.items())


# .xls


def record(kind: int, payload: bytes = b"") -> bytes:
    """Return one record of a workbook stream."""
    return struct.pack("<2H", kind, len(payload)) + payload


def number(row_: int, column: int, value: float = 1.0) -> bytes:
    """Return the record of a number in a cell, counted from 0."""
    return record(0x0203, struct.pack("<3Hd", row_, column, 0, value))


def workbook(cells: bytes, sheet_type: int = 0, more: bytes = b"") -> bytes:
    """Return the stream of a workbook with one sheet; ``more`` are further global records."""
    name = record(0x0085, struct.pack("<L4B", 0, 0, sheet_type, 1, 0) + b"S")
    start = record(0x0809, struct.pack("<4HLL", 0x0600, 5, 0, 0, 0, 0))
    before = len(start) + len(more) + len(name) + 4
    name = record(0x0085, struct.pack("<L4B", before, 0, sheet_type, 1, 0) + b"S")
    return start + more + name + record(0x000A) + start.replace(b"\5", b"\x10", 1) + cells + record(0x000A)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with the streams, each filled up to 4,096 bytes so that none is small."""
    bodies = [
        content + bytes(-len(content) % 512 if len(content) >= 4096 else 4096 - len(content))
        for content in streams.values()
    ]
    table_, first = [0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE], 3
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, body in zip(streams, bodies, strict=True):
        count = len(body) // 512
        table_ += [*range(first + 1, first + count), 0xFFFFFFFE]
        entries.append(_entry(name, 2, first, len(body)))
        first += count
    assert len(table_) <= 128, "one sector holds the whole table"
    assert len(entries) <= 8, "two sectors hold the directory"
    table_[1] = 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9L", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109L", 0, *[0xFFFFFFFF] * 108)
    numbers = struct.pack("<128L", *table_, *[0xFFFFFFFF] * (128 - len(table_)))
    return header + numbers + b"".join(entries).ljust(1024, b"\0") + b"".join(bodies)


def swollen(data: bytes) -> bytes:
    """Return a compound file that claims its one table of sectors 100 times, with a circle in it: each step costs."""
    claims = struct.pack("<109L", *[0] * 100, *[0xFFFFFFFF] * 9)
    copy = bytearray(data[:44] + struct.pack("<L", 100) + data[48:76] + claims + data[512:] + bytes(512 * 100))
    struct.pack_into("<L", copy, 512 + 4 * 10, 3)
    return bytes(copy)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    label = (name + "\0").encode("utf-16-le")
    links = struct.pack("<3L", *[0xFFFFFFFF] * 3)
    return (
        label.ljust(64, b"\0")
        + struct.pack("<H2B", len(label), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<LQ", start, size)
    )


def png(width: int, height: int) -> bytes:
    """Return the head of a PNG of so many dots."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">L4s2L5B", 13, b"IHDR", width, height, 8, 2, 0, 0, 0) + bytes(60)


def jpeg(width: int, height: int) -> bytes:
    """Return the head of a JPEG of so many dots, behind a segment of something else."""
    size = struct.pack(">2H", height, width)
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(9) + b"\xff\xc2\0\x11\x08" + size + bytes(60)


def gif(width: int, height: int) -> bytes:
    """Return the head of a GIF of so many dots."""
    return b"GIF89a" + struct.pack("<2H", width, height) + bytes(60)


def bomb(size: int) -> bytes:
    """Return so many zero bytes, which deflate to a thousandth."""
    return bytes(size)


def slow_bomb(size: int) -> bytes:
    """Return bytes that deflate to about a hundredth, below every single ratio."""
    block = b"<!-- " + zlib.compress(bytes(range(256)) * 4) + b" -->" + b" " * 20_000
    return block * (size // len(block))
