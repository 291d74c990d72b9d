"""Owner files: the only sign that somebody has a document open in an office program. Looked at, never touched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

STALE_HOURS = 12
"""After so many hours an owner file is a crash's leftover: nobody keeps a document open for that long."""

_EXCEL_SIZE = 165
_EXCEL_NAME = 55


def names(document: str) -> tuple[str, ...]:
    """Return the names of the owner files of Excel, Word (which drops two letters) and LibreOffice for a document."""
    return f"~${document}", f"~${document[2:]}", f".~lock.{document}#"


def of(path: Path) -> Iterator[Path]:
    """Yield the owner files that stand beside a document."""
    return (owner for owner in map(path.with_name, names(path.name)) if _stands(owner))


def _stands(owner: Path) -> bool:
    try:
        return owner.exists()
    except OSError:
        return False  # a name too long for its owner file: no office program can have made one


def is_stale(owner: Path, now: datetime) -> bool:
    """Tell whether an owner file is so old that it was left behind by a crash; one just gone says nothing any more."""
    try:
        return now.timestamp() - owner.stat().st_mtime > STALE_HOURS * 3600
    except FileNotFoundError:
        return True


def name_in(owner: Path) -> str:
    """Return who has the document open, as the owner file says; ``""`` when it does not say."""
    try:
        return holder(owner.read_bytes())
    except OSError:
        return ""  # Excel keeps its owner file locked; that it is there is what counts


def holder(data: bytes) -> str:
    """Return who has a document open, as the content of its owner file says; ``""`` when it does not say."""
    if len(data) == _EXCEL_SIZE:
        length = data[_EXCEL_NAME]
        name = data[_EXCEL_NAME + 2 : _EXCEL_NAME + 2 + 2 * length].decode("utf-16-le", "replace")
    else:
        fields = data.decode("utf-8", "replace").split(",")
        name = next((part for part in fields[:2] if part.strip()), "")
    return " ".join(name.replace("\0", " ").split())
