"""What a file is when it is no workbook that we read: its first bytes, or the names inside, decide, never its name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.intake.gate.verdict import Refused
from pipeline.wording import gate as say

_PICTURES = (b"\x89PNG", b"GIF8", b"BM")
_ARCHIVES = (b"PK", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")
_SHORTCUTS = (b"L\0\0\0\x01\x14\x02\0", b"[InternetShortcut]", b"[Desktop Entry]")
_OLD_TABLES = (b"\x09\0\x04\0", b"\x09\x02\x06\0", b"\x09\x04\x06\0", b"\x09\x08\x08\0")
_HTML = re.compile(rb"<!doctype html|<html|<table[\s>]|<head[\s>]|^mime-version:", re.IGNORECASE | re.MULTILINE)
_XML_TABLE = re.compile(rb"office:document\b|office:spreadsheet|Excel\.Sheet|<Workbook[\s>]")
_TEXT = re.compile(rb"[^\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]*")
_INSIDE = (
    (re.compile(r"word/document"), say.word),
    (re.compile(r"ppt/presentation"), say.slides),
    (re.compile(r"^xl/|^workbook\.xml$|index/document\.iwa|index/tables/", re.MULTILINE), say.other_table),
)
_STREAMS = (
    ("encryptedpackage", say.locked),
    ("worddocument", say.word),
    ("powerpoint document", say.slides),
    ("__properties_version1.0", say.letter),
)
_OPEN_DOCUMENT = {
    b"text": say.word,
    b"presentation": say.slides,
    b"graphics": say.picture,
    b"spreadsheet-template": say.other_table,
}


def by_first_bytes(head: bytes) -> Refused:
    """Return the refusal of a file that is neither a zip archive nor a compound file, by its first 4 KB."""
    if head.startswith(_PROGRAMS):
        return Refused(say.program(), danger=True)
    if head.startswith(_SHORTCUTS):
        return Refused(say.shortcut(), danger=True)
    for sign, sentence in ((_PICTURES, say.picture), (_ARCHIVES, say.archive), (_OLD_TABLES, say.other_table)):
        if head.startswith(sign):
            return Refused(sentence())
    if head[4:8] == b"ftyp" or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return Refused(say.picture())
    return Refused(_text(head))


def in_archive(names: str) -> Refused:
    """Return the refusal of a zip archive without a workbook, by the names in it (small letters, one a line)."""
    for pattern, sentence in _INSIDE:
        if pattern.search(names):
            return Refused(sentence())
    return Refused(say.archive())


def open_document(media_type: bytes) -> Refused:
    """Return the refusal of an OpenDocument file that is no spreadsheet, by the tail of its media type."""
    return Refused(_OPEN_DOCUMENT.get(media_type, say.unknown)())


def in_compound(names: Iterable[str]) -> Refused:
    """Return the refusal of a compound file without a workbook, by the names of its streams."""
    have = {name.casefold() for name in names}
    for name, sentence in _STREAMS:
        if name in have:
            return Refused(sentence())
    return Refused(say.unknown())


def _text(head: bytes) -> str:
    if head.startswith(b"{\\rtf"):
        return say.word()
    if _XML_TABLE.search(head):
        return say.other_table()
    if _HTML.search(head):
        return say.web_page()
    if _TEXT.fullmatch(head) or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return say.text()
    return say.unknown()
