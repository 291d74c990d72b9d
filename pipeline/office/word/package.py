"""A DOCX as named members: read strictly, written the same way every time.

The promise: the same members give the same bytes, on any day and any machine of one kind of processor, and no name
stands twice.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple

from isal import isal_zlib
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CONTENT_TYPES = "[Content_Types].xml"
CORE_PROPERTIES = "application/vnd.openxmlformats-package.core-properties+xml"
APP_PROPERTIES = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
STORIES = ("header", "document.main", "footnotes", "endnotes", "footer")

_STORY_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_LARGEST = 64 * 1024 * 1024  # unpacked; a page of ours is a few hundred kilobytes, pictures included
_LEVEL = 2  # of isal: a document packs in a fifth of zlib's time at 3, and is 4 % larger as a whole
_SMALL = 8 * 1024
_MIDNIGHT_1980 = 0x0021  # the first day a zip can name: a fixed date keeps the bytes equal
_UTF8_NAME = 0x0800
_LOCAL, _ENTRY = 30, 46  # bytes before the name: of a local header, of an entry of the directory
_FACTS = struct.Struct("<5H3L2H")
_SIZES = struct.Struct("<3LH")
_SIZES_IN_FACTS, _SIZES_IN_ENTRY = 10, 16
_END = struct.Struct("<H2L2x")
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,
)


class NotDocx(ValueError):
    """The bytes are no Word document that can be used; the text says which way, for the log."""


class Packed(NamedTuple):
    """One member made ready for the zip: its name, its deflated content, and what both of its headers say."""

    name: bytes
    body: bytes
    facts: bytes


def read_members(data: bytes) -> dict[str, bytes]:
    """Unpack a DOCX held in `data`: member names to their contents, in the order of the file.

    Raises NotDocx for anything that is not a whole, plain (not encrypted), reasonably sized zip whose member names
    are all different (Word compares them without case: ECMA-376-2, 6.2.2.3).
    """
    try:
        if ours := _disassembled(data):
            return _contents(ours)
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
            _refuse_unfit([info.filename for info in infos], sum(info.file_size for info in infos))
            return {info.filename: _unpacked(data, info) for info in infos}
    except NotDocx:
        raise
    except _UNREADABLE as error:
        raise NotDocx(f"not a whole zip: {error}") from error


def _disassembled(data: bytes) -> list[Packed]:
    """Give the members of a zip as `assemble` writes it, none of any other: written again they make the same bytes."""
    members: list[Packed] = []
    end = 0
    try:
        count, _, at = _END.unpack_from(data, len(data) - _END.size)
        for _ in range(count):
            crc, length, size, named = _SIZES.unpack_from(data, at + _SIZES_IN_ENTRY)
            at += _ENTRY + named
            end += _LOCAL + named + length
            members.append(_packed(data[at - named : at], data[end - length : end], crc, size))
    except struct.error:
        return []
    return members if assemble(members) == data else []


def _contents(members: list[Packed]) -> dict[str, bytes]:
    """Unpack what `assemble` wrote."""
    names = [member.name.decode() for member in members]
    sizes = [_SIZES.unpack_from(member.facts, _SIZES_IN_FACTS) for member in members]
    _refuse_unfit(names, sum(size for _, _, size, _ in sizes))
    return {
        name: _content(member.body, zipfile.ZIP_DEFLATED, size, crc)
        for name, member, (crc, _, size, _) in zip(names, members, sizes, strict=True)
    }


def _refuse_unfit(names: list[str], size: int) -> None:
    if len({name.lower() for name in names}) != len(names):
        raise NotDocx("two members of one name")
    if size > _LARGEST:
        raise NotDocx("too large when unpacked")


def _unpacked(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """Unpack one member where the directory says that it lies."""
    if info.flag_bits & 1:
        raise NotDocx("encrypted")
    start = info.header_offset + _LOCAL
    sign, named, extra = struct.unpack_from("<4s22x2H", data, info.header_offset)
    at = start + named + extra
    body = data[at : at + info.compress_size]
    if sign != b"PK\3\4" or data[start : start + named] != _called(info.orig_filename, info.flag_bits & _UTF8_NAME):
        raise NotDocx(f"no such member: {info.filename}")
    return _content(body, info.compress_type, info.file_size, info.CRC)


@lru_cache(maxsize=64)
def _called(name: str, utf8: int) -> bytes:
    return name.encode("utf-8" if utf8 else "cp437")


def _content(body: bytes, method: int, size: int, crc: int) -> bytes:
    """Unpack one member; small ones that papers have alike are unpacked once."""
    return (_inflated_once if len(body) <= _SMALL else _inflated)(body, method, size, crc)


def _inflated(body: bytes, method: int, size: int, crc: int) -> bytes:
    if method not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise NotDocx("packed as no Word document is")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    content = inflate.decompress(body, size + 1) if method == zipfile.ZIP_DEFLATED else body
    if len(content) != size or isal_zlib.crc32(content) != crc:
        raise NotDocx("a member is torn")
    return content


_inflated_once = lru_cache(maxsize=64)(_inflated)


def parse(xml: bytes) -> etree._Element:
    """Parse one XML member strictly, the way python-docx does (blank text between elements dropped, no entities).

    Raises NotDocx if it is not well-formed or declares a document type.
    """
    try:
        root = etree.fromstring(xml, _parser())
    except etree.XMLSyntaxError as error:
        raise NotDocx(f"not well-formed: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotDocx("declares a document type")
    return root


class _Nothing:
    """What a parser makes that keeps no element."""

    def close(self) -> None:
        """Be done."""


@lru_cache(maxsize=4)
def strict(xml: bytes) -> None:
    """Parse as strictly as `parse` and keep nothing, in half of its time; what was parsed just now is known.

    Raises NotDocx as `parse` does.
    """
    if xml.rfind(b"<!DOCTYPE") >= 0:  # from the end: in a third of the time that a search from the front takes
        raise NotDocx("declares a document type")
    target: Any = _Nothing()
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, collect_ids=False)
    try:
        etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise NotDocx(f"not well-formed: {error}") from error
    if len(parser.error_log.filter_from_errors()):  # a name whose prefix nothing declares
        raise NotDocx(f"not well-formed: {parser.error_log}")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        collect_ids=False,
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
    )


def stories(members: Mapping[str, bytes]) -> dict[str, etree._Element]:
    """Give the parts that carry text, parsed, in reading order: headers, the document, notes, footers.

    Raises NotDocx unless exactly one main document of the usual (transitional) kind is declared and present:
    a macro document, a .dotx and a workbook are refused here.
    """
    declared = _declared_types(members)
    found = {
        name: parse(members[name])
        for story in STORIES
        for name in sorted(declared.get(_STORY_TYPE.format(story), []), key=lambda name: (len(name), name))
    }
    if sum(root.tag == W + "document" for root in found.values()) != 1:
        raise NotDocx("no single main document")
    return found


def named_by_type(members: Mapping[str, bytes], content_type: str) -> str:
    """Give the name of the member declared as `content_type`, or an empty string when there is none."""
    return next(iter(_declared_types(members).get(content_type, [])), "")


def _declared_types(members: Mapping[str, bytes]) -> dict[str, list[str]]:
    if CONTENT_TYPES not in members:
        raise NotDocx("no content types")
    declared: dict[str, list[str]] = {}
    for override in parse(members[CONTENT_TYPES]).iterfind("{*}Override"):
        name = override.get("PartName", "").lstrip("/")
        if name in members:
            declared.setdefault(override.get("ContentType", ""), []).append(name)
    return declared


def external_targets(members: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Give (member, target) of each relationship that makes Word fetch something from outside; plain links aside."""
    for name, content in members.items():
        if not name.endswith(".rels"):
            continue
        for relationship in parse(content):
            if relationship.get("TargetMode") == "External" and not relationship.get("Type", "").endswith("/hyperlink"):
                yield name, relationship.get("Target", "")


def pack(name: str, content: bytes) -> Packed:
    """Deflate one member: `content` as it should be read back."""
    body = isal_zlib.compress(content, _LEVEL, -zlib.MAX_WBITS)
    return _packed(name.encode(), body, isal_zlib.crc32(content), len(content))


def _packed(name: bytes, body: bytes, crc: int, size: int) -> Packed:
    flags = 0 if name.isascii() else _UTF8_NAME
    sizes = (crc, len(body), size, len(name), 0)
    return Packed(name, body, _FACTS.pack(20, flags, zipfile.ZIP_DEFLATED, 0, _MIDNIGHT_1980, *sizes))


def assemble(members: list[Packed]) -> bytes:
    """Write members, whose names differ, as one zip; every member dated 1 January 1980."""
    chunks: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for member in members:
        directory += (b"PK\1\2\x14\0", member.facts, struct.pack("<3H2L", 0, 0, 0, 0, offset), member.name)
        chunks += (b"PK\3\4", member.facts, member.name, member.body)
        offset += _LOCAL + len(member.name) + len(member.body)
    index = b"".join(directory)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(members), len(members), len(index), offset, 0)
    return b"".join((*chunks, index, end))
