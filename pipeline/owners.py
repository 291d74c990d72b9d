"""Owner files: the only sign that somebody has a document open in an office program. Looked at, never touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_LETTERS = re.compile(r"[^\W\d_][\w .\-]*")


def names(document: str) -> tuple[str, ...]:
    """Return the names of the owner files of Excel (long and short form) and LibreOffice for a document's name."""
    return f"~${document}", f"~${document[2:]}", f".~lock.{document}#"


def of(path: Path) -> Iterator[Path]:
    """Yield the owner files that stand beside a document."""
    return (owner for owner in map(path.with_name, names(path.name)) if owner.exists())


def name_in(owner: Path) -> str:
    """Return who has the document open, as the owner file says; ``""`` when it cannot be told."""
    try:
        data = owner.read_bytes()
    except OSError:
        return ""  # Excel keeps its owner file locked; that it is there is what counts
    if owner.name.startswith(".~lock."):
        fields = data.decode("utf-8", "replace").split(",")
        return next((part.strip() for part in fields[:2] if part.strip()), "")
    if not data:
        return ""
    text = data[1 : 1 + data[0]].decode("cp1251", "replace")
    found = _LETTERS.search(text)
    return found.group().strip() if found else ""
