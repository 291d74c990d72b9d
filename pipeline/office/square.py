"""The square code of a printed sheet, made as a picture: a QR code that scanners of any sort find again."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache

DOTS = 12
"""Dots of the picture a module of the code is wide: crisp on paper at 300 dpi."""
QUIET = 2
"""Modules of white around it; the page around is white as well."""
_MASK = 2
"""The pattern laid over the code: to weigh all eight against each other takes longer than the rest of a sheet, and
readers take any."""


@lru_cache(maxsize=16)
def png(content: str) -> tuple[bytes, float]:
    """Return a PNG of the code that holds ``content``, and how many times as wide as the code itself it is.

    The same content gives the same bytes. A quarter of the code may be lost (level Q) and it is still read.
    """
    import segno  # noqa: PLC0415 - only when there is something to print

    code = segno.make(content, error="q", micro=False, mask=_MASK)
    wider = code.symbol_size(border=QUIET)[0] / code.symbol_size(border=0)[0]
    return _picture(list(code.matrix_iter(border=QUIET))), wider


def _picture(rows: list[Iterable[int]]) -> bytes:
    """Return a PNG in black and white, a module ``DOTS`` dots wide and high; true modules are black."""
    lines = ["".join(("0" if module else "1") * DOTS for module in row) for row in rows]
    width = len(lines[0])
    packed = [int(line.ljust(-(-width // 8) * 8, "0"), 2).to_bytes(-(-width // 8), "big") for line in lines]
    dots = b"".join(b"\0" + line for line in packed for _ in range(DOTS))
    head = struct.pack(">2L5B", width, len(lines) * DOTS, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(dots, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))
