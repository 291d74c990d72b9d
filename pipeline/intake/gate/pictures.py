"""Pictures in a workbook: a small file may unpack to more dots than the machine of the person who opens it can hold.

Only headers are read, nothing is decoded. A picture whose header is not understood is left to the office program.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from pipeline.intake.gate.archive import Content
from pipeline.intake.gate.verdict import Refused
from pipeline.wording import gate as say

DOTS = 100_000_000
"""Dots of one picture; 400 MB when it is shown. No telephone takes more into an ordinary photograph."""

_PNG = re.compile(rb"\x89PNG\r\n\x1a\n.{4}IHDR(.{8})", re.DOTALL)
_GIF = re.compile(rb"GIF8[79]a(.{4})", re.DOTALL)
_JPEG = b"\xff\xd8\xff"
_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Markers that tell the size of a JPEG; three of their row mean other things (ITU T.81, table B.1)."""
_JPEG_SEGMENTS = 200
_JPEGS = 1_000
"""JPEGs that one part may hold, those in miniature too; keeps the look through it bounded."""


def refuse_huge(content: Content) -> None:
    """Raise ``Refused`` when a PNG, GIF or JPEG that begins anywhere in ``content`` is larger than any photograph."""
    for width, height in _sizes(content):
        if width * height > DOTS:
            raise Refused(say.huge_picture())


def dots(content: Content) -> int:
    """Return how many dots the picture has whose header begins ``content``, 0 when it does not tell."""
    return next((width * height for width, height in _sizes(content)), 0)


def _sizes(content: Content) -> Iterator[tuple[int, int]]:
    yield from (struct.unpack(">2L", found[1]) for found in _PNG.finditer(content))
    yield from (struct.unpack("<2H", found[1]) for found in _GIF.finditer(content))
    if content.count(_JPEG) > _JPEGS:
        raise Refused(say.inflating(), danger=True)
    at = content.find(_JPEG)
    while at >= 0:
        yield _jpeg(content, at + 2)
        at = content.find(_JPEG, at + 1)


def _jpeg(content: Content, at: int) -> tuple[int, int]:
    """Return width and height of a JPEG whose first segment is at ``at``, zeros when it does not tell."""
    for _ in range(_JPEG_SEGMENTS):
        if at + 9 > len(content) or content[at] != 0xFF:
            break
        if content[at + 1] in _JPEG_FRAMES:
            height, width = struct.unpack_from(">2H", content, at + 5)
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return 0, 0
