"""A zip archive as raw records: what is not replaced leaves byte for byte as it came, headers and all."""

import io
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.office.cells.damage import Damaged, Reason

LARGEST_PART = 512 * 2**20
LARGEST_RATIO = 200  # unpacked to packed, of a part over 16 MiB; honest sheets stay under 60
MOST_PARTS = 10_000
LEVEL = 5  # half the time of zlib's usual 6 for a file a sixth larger; deflate is most of what a write costs

_STRIDE, _PIECE = 2**14, 2**18  # bytes packed and unpacked at a time

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIPTOR = 0x1, 0x8


@dataclass(frozen=True, slots=True)
class Member:
    """One part: its name, its record in the central directory, and where its local record lies in the archive."""

    name: str
    central: bytes
    start: int
    end: int

    @property
    def fields(self) -> tuple[int, ...]:
        """The central record: versions, flags, method, time, date, crc, packed, size, lengths, …, offset."""
        return _CENTRAL.unpack_from(self.central)[1:]

    @property
    def timeless(self) -> bytes:
        """The central record without the offset, which alone may differ when the part itself is unchanged."""
        return self.central[:42] + self.central[46:]


@dataclass(frozen=True)
class Archive:
    """An opened archive. `members` is keyed by `key(name)`, in the order of the central directory."""

    data: bytes
    members: Mapping[str, Member]
    ending: bytes

    def __contains__(self, name: str) -> bool:
        return key(name) in self.members


def key(name: str) -> str:
    """The form in which part names are compared: they differ neither by case nor by the kind of slash (OPC, 6.2.2)."""
    return name.replace("\\", "/").lstrip("/").casefold()


def opened(data: bytes) -> Archive:
    """Open the bytes of a zip file. Raises `Damaged` when they are cut, overlap, are encrypted or name a part twice."""
    try:
        return _opened(data)
    except (struct.error, UnicodeDecodeError) as error:
        raise Damaged(Reason.BROKEN_ZIP, str(error)) from error


def read(archive: Archive, name: str) -> bytes:
    """The unpacked bytes of a part. Raises `Damaged` when the part is missing, too large, or its checksum is wrong."""
    whole = io.BytesIO()
    whole.writelines(pieces(archive, name))
    return whole.getvalue()


def pieces(archive: Archive, name: str) -> Iterator[bytes]:
    """The unpacked bytes of a part as they come, never all of them at once. Raises `Damaged`, at the end at the latest.

    Whoever stops before the end knows nothing of the rest.
    """
    member = archive.members.get(key(name))
    if member is None:
        raise Damaged(Reason.MISSING_PART, name)
    _, _, _, method, _, _, stated, packed, size, *_ = member.fields
    if size > _limit(packed):
        raise Damaged(Reason.TOO_LARGE, name)
    begin, crc, length = _body(archive.data, member), 0, 0
    for piece in _unpacked(memoryview(archive.data)[begin : begin + packed], method, name):
        crc, length = zlib.crc32(piece, crc), length + len(piece)
        yield piece
    if length != size or crc != stated:
        raise Damaged(Reason.BROKEN_ZIP, name)


def raw(archive: Archive, member: Member) -> memoryview:
    """The local record of a member as it lies in the archive: header, compressed bytes, descriptor."""
    return memoryview(archive.data)[member.start : member.end]


Pieces = Iterable[bytes | memoryview]
"""The content of a part, piece after piece, as often as it is asked for."""


def replaced(archive: Archive, parts: Mapping[str, Pieces | None]) -> bytes:
    """The archive with some parts changed (name → new content; None removes; an unknown name is added at the end)."""
    wanted = {key(name): (name, content) for name, content in parts.items()}
    chunks: list[bytes | memoryview] = []
    central: dict[str, bytes] = {}
    offset = 0
    for name, record, entry in _records(archive, wanted):
        central[name] = entry[:42] + struct.pack("<L", offset) + entry[46:]
        chunks.append(record)
        offset += len(record)
    directory = b"".join(_in_order(archive, central))
    ending = _END.unpack_from(archive.ending)
    end = _END.pack(ending[0], 0, 0, len(central), len(central), len(directory), offset, ending[7])
    return b"".join([*chunks, directory, end, archive.ending[_END.size :]])


def _opened(data: bytes) -> Archive:
    at = data.rfind(b"PK\5\6")
    if at < 0:
        raise Damaged(Reason.BROKEN_ZIP, "no central directory")
    _, disk, _, _, count, length, begin, _ = _END.unpack_from(data, at)
    if disk or count > MOST_PARTS or begin + length > at:
        raise Damaged(Reason.BROKEN_ZIP, "the central directory does not fit")
    entries = list(_entries(data, begin, count))
    starts = sorted(_offset(entry) for _, entry in entries)
    ends = dict(zip(starts, [*starts[1:], begin], strict=True))
    if starts and (starts[0] or len(ends) != count):
        raise Damaged(Reason.BROKEN_ZIP, "records overlap")
    members = {key(name): Member(name, entry, _offset(entry), ends[_offset(entry)]) for name, entry in entries}
    if len(members) != count:
        raise Damaged(Reason.DUPLICATE_PART)
    for member in members.values():
        _check(data, member)
    return Archive(data, members, data[at:])


def _entries(data: bytes, at: int, count: int) -> Iterator[tuple[str, bytes]]:
    for _ in range(count):
        fields = _CENTRAL.unpack_from(data, at)
        if fields[0] != b"PK\1\2":
            raise Damaged(Reason.BROKEN_ZIP, "central directory")
        end = at + _CENTRAL.size + sum(fields[10:13])
        name = data[at + _CENTRAL.size : at + _CENTRAL.size + fields[10]]
        yield name.decode("utf-8" if fields[3] & 0x800 else "cp437"), data[at:end]
        at = end


def _offset(entry: bytes) -> int:
    return int.from_bytes(entry[42:46], "little")


def _check(data: bytes, member: Member) -> None:
    fields = member.fields
    if fields[2] & _ENCRYPTED:
        raise Damaged(Reason.ENCRYPTED, member.name)
    name = data[member.start + _LOCAL.size : member.start + _LOCAL.size + fields[9]]
    same = data[member.start : member.start + 4] == b"PK\3\4" and member.central[_CENTRAL.size :].startswith(name)
    if not same or _body(data, member) + fields[7] > member.end:
        raise Damaged(Reason.BROKEN_ZIP, member.name)


def _body(data: bytes, member: Member) -> int:
    header = _LOCAL.unpack_from(data, member.start)
    return member.start + _LOCAL.size + int(header[9]) + int(header[10])


def _unpacked(packed: memoryview, method: int, name: str) -> Iterator[bytes]:
    if method == _STORED:
        yield bytes(packed)
        return
    if method != _DEFLATED:
        raise Damaged(Reason.BROKEN_ZIP, name)
    left = _limit(len(packed))
    try:
        for piece in _inflated(packed):
            left -= len(piece)
            if left < 0:
                raise Damaged(Reason.TOO_LARGE, name)
            yield piece
    except zlib.error as error:
        raise Damaged(Reason.BROKEN_ZIP, name) from error


def _limit(packed: int) -> int:
    """How many bytes may come of so many packed ones."""
    return min(LARGEST_PART, max(2**24, LARGEST_RATIO * packed))


def _inflated(packed: memoryview) -> Iterator[bytes]:
    """Raises `zlib.error` when the bytes are no deflate stream or end before it does."""
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    for start in range(0, len(packed), _STRIDE):
        stride: bytes | memoryview = packed[start : start + _STRIDE]
        full = True
        while (stride or full) and not engine.eof:  # a full piece may leave more behind though all bytes were read
            piece = engine.decompress(stride, _PIECE)
            stride, full = engine.unconsumed_tail, len(piece) == _PIECE
            yield piece
    if not engine.eof:
        raise zlib.error("cut short")


def _records(
    archive: Archive, wanted: Mapping[str, tuple[str, Pieces | None]]
) -> Iterator[tuple[str, bytes | memoryview, bytes]]:
    """Key, local record and central record of every member of the new archive, in the order of the local records."""
    for name, member in sorted(archive.members.items(), key=lambda item: item[1].start):
        if name not in wanted:
            yield name, raw(archive, member), member.central
        elif (content := wanted[name][1]) is not None:
            yield name, *_rewritten(archive.data, member, content)
    for name, (title, content) in wanted.items():
        if name not in archive.members and content is not None:
            yield name, *_added(archive, title, content)


def _rewritten(data: bytes, member: Member, content: Pieces) -> tuple[bytes, bytes]:
    """Local and central record of a member with new content and everything else (name, time, rights) as it was."""
    fields = list(member.fields)
    fields[2] &= ~_DESCRIPTOR
    packed, crc, size = _packed(content, fields[3])
    fields[6:9] = crc, len(packed), size
    name = member.central[_CENTRAL.size : _CENTRAL.size + fields[9]]
    local = _LOCAL.unpack_from(data, member.start)
    extra = _without_zip64(data[_body(data, member) - local[10] : _body(data, member)])
    header = _LOCAL.pack(b"PK\3\4", local[1], fields[2], *fields[3:9], len(name), len(extra))
    return header + name + extra + packed, _CENTRAL.pack(b"PK\1\2", *fields) + member.central[_CENTRAL.size :]


def _added(archive: Archive, name: str, content: Pieces) -> tuple[bytes, bytes]:
    """Local and central record of a new member, dated like the archive's first: equal input gives equal bytes."""
    time, date = next(iter(archive.members.values())).fields[4:6]
    packed, crc, size = _packed(content, _DEFLATED)
    sizes = crc, len(packed), size
    shared = (20, 0, _DEFLATED, time, date, *sizes, len(name), 0)
    local = _LOCAL.pack(b"PK\3\4", *shared) + name.encode("ascii")
    return local + packed, _CENTRAL.pack(b"PK\1\2", 20, *shared, 0, 0, 0, 0, 0) + name.encode("ascii")


def _packed(content: Pieces, method: int) -> tuple[bytes, int, int]:
    """Content as it is stored by a method, and the checksum and size of what is not packed."""
    engine = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed: list[bytes | memoryview] = []
    crc = size = 0
    for piece in content:
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        packed.append(piece if method == _STORED else engine.compress(piece))
    return b"".join([*packed, engine.flush()] if method != _STORED else packed), crc, size


def _without_zip64(extra: bytes) -> bytes:
    """The extra fields but the one with 64-bit sizes, which the new header states itself."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        kept += b"" if tag == 1 else extra[at : at + 4 + length]
        at += 4 + length
    return kept


def _in_order(archive: Archive, central: Mapping[str, bytes]) -> Iterator[bytes]:
    yield from (central[name] for name in archive.members if name in central)
    yield from (entry for name, entry in central.items() if name not in archive.members)
