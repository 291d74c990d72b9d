"""What may be parsed: decided by a file's bytes alone, before any parser sees them, with one sentence when it may not.

The gate reads a file of at most ``FILE`` bytes once, inflates it within limits and looks for what no form has: cells
that would kill a parser, entities, parts that two readers see differently, macros, links to outside, passwords.
"""

from __future__ import annotations

import os
import stat
import struct
from pathlib import Path

from pipeline.intake.gate import archive, foreign, ods, papers, xls, xlsx
from pipeline.intake.gate.verdict import Kind, Refused, Verdict
from pipeline.office import biff
from pipeline.wording import gate as say

__all__ = ["FILE", "FORM", "SCANS", "Verdict", "examine", "looks_whole"]

FILE = 64 * 2**20
"""Bytes that a file may have: a scan of many pages."""
FORM = 20 * 2**20
"""Bytes that a workbook may have."""
SCANS = frozenset({"pdf", "jpeg", "png", "tiff", "heic"})
"""The kinds of ``Verdict`` that are scans."""

_ZIP = b"PK\3\4"
_XLSX = "xl/workbook.xml"
_ODS = b"application/vnd.oasis.opendocument."


def examine(path: Path) -> Verdict:
    """Tell whether a spooled file may be parsed and as what; its name plays no part.

    Raises ``OSError`` when the file cannot be read at all.
    """
    try:
        return Verdict(_kind(_read(path)))
    except Refused as refusal:
        return refusal.verdict


def looks_whole(path: Path) -> bool:
    """Tell whether a file seems to have arrived to its end; ``False`` also when it is gone.

    A zip archive must have its directory, a compound file its last sector, a scan its end mark. Anything else counts as
    whole, and so does what is no regular file or too large: to refuse those is not the watcher's part. Raises
    ``PermissionError`` when it may not be read.
    """
    try:
        return _is_whole(_read(path))
    except PermissionError:
        raise
    except _Unreadable:
        return True
    except (OSError, Refused, biff.Broken):
        return False


class _Unreadable(Refused):
    """What is not read at all: a link, a pipe, a folder, a file that is too large or empty."""


def _read(path: Path) -> bytes:
    """Read a file without following a link and without waiting for the other end of a pipe."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise _Unreadable(say.not_a_file(), danger=True)
    flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
    with os.fdopen(os.open(path, flags), "rb") as file:
        facts = os.fstat(file.fileno())  # of what was opened: another thing may stand there since the look at its name
        if not stat.S_ISREG(facts.st_mode):
            raise _Unreadable(say.not_a_file(), danger=True)
        if facts.st_size > FILE:
            raise _Unreadable(say.too_large(FILE >> 20))
        data = file.read(FILE)
    if not data:
        raise _Unreadable(say.empty())
    return data


def _kind(data: bytes) -> Kind:
    packed, compound = data.startswith(_ZIP), data.startswith(biff.SIGNATURE)
    if len(data) > FORM and (packed or compound):
        raise Refused(say.too_large(FORM >> 20))
    if packed:
        return _zip_kind(data)
    if compound:
        return _compound_kind(data)
    if scan := papers.kind(data):
        return scan
    raise foreign.by_first_bytes(data[:4096])


def _zip_kind(data: bytes) -> Kind:
    parts = archive.directory(data)
    if _XLSX in parts:
        xlsx.examine(data, parts)
        return "xlsx"
    media = bytes(archive.unpack(data, parts["mimetype"])).strip() if "mimetype" in parts else b""
    if media == _ODS + b"spreadsheet":
        ods.examine(data, parts)
        return "ods"
    if media.startswith(_ODS):
        raise foreign.open_document(media[len(_ODS) :])
    raise foreign.in_archive(archive.names(parts))


def _compound_kind(data: bytes) -> Kind:
    try:
        book = biff.opened(data)
        if not biff.has_workbook(book):
            raise foreign.in_compound(book.names)
        xls.examine(book)
    except (biff.Broken, struct.error) as problem:
        raise Refused(say.damaged()) from problem
    return "xls"


def _is_whole(data: bytes) -> bool:
    if data.startswith(_ZIP):
        _, begin, length = archive.ending(data)
        return length == 0 or data.startswith(b"PK\1\2", begin)
    if data.startswith(biff.SIGNATURE):
        return biff.is_whole(data)
    return papers.is_whole(data)
