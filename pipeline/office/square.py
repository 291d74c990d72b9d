"""The square code of a printed sheet, made as a picture: a QR code that scanners of any sort find again."""

from __future__ import annotations

import io
from functools import lru_cache

DOTS = 12
"""Dots of the picture a module of the code is wide: crisp on paper at 300 dpi."""
QUIET = 2
"""Modules of white around it; the page around is white as well."""


@lru_cache(maxsize=4096)
def png(content: str) -> tuple[bytes, float]:
    """Return a PNG of the code that holds ``content``, and how many times as wide as the code itself it is.

    The same content gives the same bytes. A quarter of the code may be lost (level Q) and it is still read.
    """
    import segno  # noqa: PLC0415 - only when there is something to print

    code = segno.make(content, error="q", micro=False)
    made = io.BytesIO()
    code.save(made, kind="png", scale=DOTS, border=QUIET)
    return made.getvalue(), code.symbol_size(border=QUIET)[0] / code.symbol_size(border=0)[0]
