"""Scans: PDF and pictures by their first bytes; what they hold is looked at in the limited child alone.

Only headers are read here. A picture with more dots than any scanner makes is refused before anybody decodes it.
"""

from __future__ import annotations

from pipeline.intake.gate import pictures
from pipeline.intake.gate.verdict import Kind, Refused
from pipeline.office.page_limits import DOTS
from pipeline.wording import scans as say

_PDF = b"%PDF-"
_FIRST = 1024
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc")
_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)


def kind(data: bytes) -> Kind:
    """Return what sort of scan a file is, ``""`` when it is none; raise ``Refused`` for a picture beyond all size."""
    if _PDF in data[:_FIRST]:
        return "pdf"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        return "heic"
    found: Kind = next((kind for begins, kind in _BEGINNINGS if data.startswith(begins)), "")
    if found in {"jpeg", "png"} and pictures.dots(data) > DOTS:
        raise Refused(say.unreadable("too large"))
    return found


def is_whole(data: bytes) -> bool:
    """Tell whether a scan seems to have arrived to its end."""
    tail = data[-2048:]
    if data.startswith(_PDF):
        return b"%%EOF" in tail
    if data.startswith(b"\xff\xd8\xff"):
        return b"\xff\xd9" in tail
    return not data.startswith(b"\x89PNG") or b"IEND" in tail
