"""How long a file that is not whole is waited for: copying may go on, but not for ever. Remembered across restarts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.journal import Journal
from pipeline.model import plain_name

_MEMORY = "partial"


def overdue(partial: Sequence[Path], journal: Journal, now: datetime, minutes: int) -> list[Path]:
    """Return those of the ``partial`` files that have been so for ``minutes``: nobody is copying them any more."""
    known = json.loads(journal.recall(_MEMORY) or "{}")
    names = {path: plain_name(path.name) for path in partial}
    since = {name: known.get(name, now.isoformat()) for name in names.values()}
    if since != known:
        journal.remember(_MEMORY, json.dumps(since, ensure_ascii=False))
    patience = timedelta(minutes=minutes)
    return [path for path in partial if now - datetime.fromisoformat(since[names[path]]) >= patience]
