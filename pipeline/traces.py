"""Whether a file says certain words: in its plain bytes, as Windows spells them, and inside the parts of a zip."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterable

_LARGEST = 64 * 2**20
"""How many bytes of one part are looked through."""


def says(data: bytes, words: Iterable[str]) -> bool:
    """Tell whether any of the words stands in a file's content."""
    wanted = [spelt for word in words if word for spelt in (word.encode(), word.encode("utf-16-le"))]
    return any(one in data for one in wanted) or any(one in part for part in _parts(data) for one in wanted)


def says_all(data: bytes, words: Iterable[str]) -> bool:
    """Tell whether all of the words stand in a file's content."""
    wanted = [word for word in words if word]
    return bool(wanted) and all(says(data, [word]) for word in wanted)


def _parts(data: bytes) -> Iterable[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as whole:
            return [_read(whole, one) for one in whole.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return []  # no zip that can be read: its plain bytes were looked at


def _read(whole: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    with whole.open(one) as part:
        data = part.read(_LARGEST)
    return html.unescape(data.decode("utf-8", "replace")).encode() if b"&#" in data else data
