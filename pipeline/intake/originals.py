"""Where the bytes of a content lie, as they came."""

from __future__ import annotations

from pathlib import Path

from pipeline import files
from pipeline.journal import Journal, Received
from pipeline.workspace import Workspace


def find(space: Workspace, journal: Journal, known: Received) -> Path | None:
    """Return where a content lies untouched: spool, quarantine, archive or a shared folder; ``None`` for nowhere."""
    laid = (space.root / put.path for put in journal.puts().values() if put.source == known.sha)
    kept = (space.spool / known.sha, space.quarantine / known.sha, space.root / known.link)
    for path in (*kept, *laid):
        try:
            if files.digest_of(path) == known.sha:
                return path
        except OSError:
            continue
    return None
