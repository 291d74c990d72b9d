"""Whether anything has changed at all: a turn with nothing new reads no workbook, renders nothing, writes nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline import files
from pipeline.workspace import Workspace


def sign(space: Workspace, *facts: str) -> str:
    """Return a text that is the same as long as nothing that decides anything has changed.

    ``facts`` are texts that stand for the journal, the settings, the day and the register; what lies in the outbox and
    how many files wait for their senders is looked at here.
    """
    whole = hashlib.sha256()
    for fact in facts:
        whole.update(f"{fact}\0".encode())
    for path in sorted(space.outbox.rglob("*.*")):
        whole.update(f"{path}\0{_look(path)}\0".encode("utf-8", "surrogateescape"))
    for folder in (space.returned, space.unknown):
        whole.update(f"{files.count(folder)}\0".encode())
    return whole.hexdigest()


def _look(path: Path) -> str:
    try:
        look = path.stat()
    except OSError:
        return ""  # gone since it was listed: the next sign says so
    return f"{look.st_size}\0{look.st_mtime_ns}"
