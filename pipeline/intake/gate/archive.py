"""The zip container of .xlsx and .ods: nothing is unpacked that breaks a limit, counted in bytes really inflated.

Declared sizes are never believed. Built stricter than ``zipfile``: Python below 3.11.8 lets entries overlap
(CVE-2024-0450), and wherever two readers could see different parts – a name that stands twice or in two spellings, a
second directory, entries that are not counted – the archive is refused.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.intake.gate.verdict import Refused
from pipeline.wording import gate as say

ENTRIES = 1_000
PART = 64 * 2**20
"""Bytes that one part may unpack to."""
TOTAL = 200 * 2**20
"""Bytes that all parts together may unpack to."""
RATIO = 200
"""How many times its packed size a part may unpack to, once it is beyond ``FREE`` bytes."""
FREE = 8 * 2**20

Content = bytes | bytearray
"""The bytes of a part; not copied once they are inflated, because there may be 64 MB of them."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LONGEST_END = _END.size + 2**16
_STEP = 64 * 2**10
_ENCRYPTED = 0x1 | 0x40 | 0x2000
"""Flags of the old way, the strong way and of a hidden directory."""
_UTF8 = 0x800
_LARGE, _OTHER_NAME = 0x0001, 0x7075
"""Extra fields with the sizes of a Zip64 archive, and with another name for the part."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, the record that the directory keeps of it, and where its packed bytes begin and end."""

    name: str
    method: int
    crc: int
    size: int
    begin: int
    end: int


def ending(data: bytes) -> tuple[int, int, int]:
    """Return count of entries, offset and length of a zip file's directory; raise ``Refused`` when it is cut off."""
    at = data.rfind(b"PK\5\6", -_LONGEST_END)
    if at < 0 or at + _END.size > len(data):
        raise Refused(say.damaged())
    _, _, _, _, count, length, begin, comment = _END.unpack_from(data, at)
    if at + _END.size + comment != len(data) or begin + length > at:
        raise Refused(say.damaged())
    return count, begin, length


def directory(data: bytes) -> dict[str, Part]:
    """Return the parts of a zip file by name. Raises ``Refused`` when it is broken, locked or built to mislead."""
    count, begin, length = ending(data)
    if count > ENTRIES:
        raise Refused(say.inflating(), danger=True)
    _refuse_second_directory(data, begin + length)
    try:
        parts, starts = _parts(data, begin, count, begin + length)
    except (struct.error, UnicodeDecodeError) as problem:
        raise Refused(say.damaged()) from problem
    _refuse_overlap(parts, starts, begin)
    _refuse_names([part.name for part in parts])
    return {part.name: part for part in parts}


def unpack(data: bytes, part: Part, room: int = TOTAL) -> Content:
    """Return the bytes of a part. Raises ``Refused`` when it is broken or unpacks to more than it may (or ``room``)."""
    most = min(PART, room)
    if part.method == 0:
        content: Content = data[part.begin : part.end]
    elif part.method == zlib.DEFLATED:
        content = _inflate(memoryview(data)[part.begin : part.end], most)
    else:
        raise Refused(say.damaged())
    if len(content) > most:
        raise Refused(say.inflating(), danger=True)
    if len(content) != part.size or zlib.crc32(content) != part.crc:
        raise Refused(say.damaged())
    return content


def contents(data: bytes, parts: Iterable[Part]) -> Iterator[tuple[str, Content]]:
    """Give each part's name and bytes in turn, within the limit on all of them together."""
    room = TOTAL
    for part in parts:
        content = unpack(data, part, room)
        room -= len(content)
        yield part.name, content


def names(parts: Mapping[str, Part]) -> str:
    """Return all the names in small letters, one a line, for looking through."""
    return "\n".join(parts).casefold()


def _refuse_second_directory(data: bytes, end: int) -> None:
    """Refuse anything between the directory and the record that ends it: readers differ in what they make of it."""
    if data.startswith(b"PK\6\6", end):
        raise Refused(say.odd_program())
    if not data.startswith(b"PK\5\6", end):
        raise Refused(say.forged(), danger=True)


def _parts(data: bytes, at: int, count: int, end: int) -> tuple[list[Part], list[int]]:
    parts: list[Part] = []
    starts: list[int] = []
    for _ in range(count):
        signature, _, _, flags, method, _, _, crc, packed, size, *lengths, _, _, _, start = _CENTRAL.unpack_from(
            data, at
        )
        if signature != b"PK\1\2":
            raise Refused(say.damaged())
        if flags & _ENCRYPTED:
            raise Refused(say.locked())
        name_at, extra_at = at + _CENTRAL.size, at + _CENTRAL.size + lengths[0]
        at = extra_at + lengths[1] + lengths[2]
        raw = data[name_at:extra_at]
        _refuse_extra(data[extra_at : extra_at + lengths[1]])
        begin = _body(data, start, raw, method)
        parts.append(Part(raw.decode("utf-8" if flags & _UTF8 else "cp437"), method, crc, size, begin, begin + packed))
        starts.append(start)
    if at != end:
        raise Refused(say.forged(), danger=True)
    return parts, starts


def _refuse_extra(fields: bytes) -> None:
    """Refuse extra fields that tell other sizes or another name than the directory does (APPNOTE 4.5.3, 4.6.9)."""
    at = 0
    while at + 4 <= len(fields):
        kind, length = struct.unpack_from("<2H", fields, at)
        if kind == _OTHER_NAME:
            raise Refused(say.forged(), danger=True)
        if kind == _LARGE:
            raise Refused(say.odd_program())
        at += 4 + length


def _body(data: bytes, start: int, raw: bytes, method: int) -> int:
    """Return where the packed bytes of an entry begin; its two records must tell the same name and packing."""
    header = _LOCAL.unpack_from(data, start)
    begin = start + _LOCAL.size
    if header[0] != b"PK\3\4" or header[3] != method or data[begin : begin + header[9]] != raw:
        raise Refused(say.damaged())
    return begin + int(header[9]) + int(header[10])


def _refuse_overlap(parts: list[Part], starts: list[int], directory_at: int) -> None:
    order = sorted(zip(starts, (part.end for part in parts), strict=True))
    if order and order[0][0] != 0:
        raise Refused(say.forged(), danger=True)
    following = [*(start for start, _ in order[1:]), directory_at]
    if any(end > limit for (_, end), limit in zip(order, following, strict=True)):
        raise Refused(say.forged(), danger=True)


def _refuse_names(names: list[str]) -> None:
    """Refuse names that stand twice, lead out of the archive, or can be spelt otherwise for the same place."""
    spelt = [unicodedata.normalize("NFC", name).casefold().replace("\\", "/").removesuffix("/") for name in names]
    if len(set(spelt)) < len(spelt) or any({"", ".", ".."} & set(name.split("/")) for name in spelt):
        raise Refused(say.forged(), danger=True)
    if any(":" in name or "\0" in name for name in names):
        raise Refused(say.forged(), danger=True)
    if any("\\" in name for name in names):  # some programs that are no office programs write them in good faith
        raise Refused(say.odd_program())


def _inflate(packed: memoryview, most: int) -> bytearray:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    content = bytearray()
    try:
        for at in range(0, len(packed), _STEP):
            _feed(engine, packed[at : at + _STEP], content, at, most)
    except zlib.error as problem:
        raise Refused(say.damaged()) from problem
    if not engine.eof:
        raise Refused(say.damaged())
    return content


def _feed(engine: zlib._Decompress, piece: bytes | memoryview, content: bytearray, read: int, most: int) -> None:
    """Inflate one piece of packed bytes, a bounded step at a time; ``read`` is how many came before it."""
    read += len(piece)
    more = True
    while more and not engine.eof:
        step = engine.decompress(piece, FREE)
        content += step
        if len(content) > most or len(content) > max(FREE, RATIO * read):
            raise Refused(say.inflating(), danger=True)
        piece = engine.unconsumed_tail
        more = bool(piece) or len(step) == FREE
