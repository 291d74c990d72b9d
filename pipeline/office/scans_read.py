"""Scans as plain data, looked at page by page in a child process that a hostile file may kill without harm.

Promise: whatever the bytes are, each call returns or raises ``Unreadable`` within twice its wall limit, and the
caller's process survives. No library of pictures is loaded here: a turn without scans costs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.office.limited import Child, Limits, Lost

PAGES = 200
"""Pages that a scan may have."""
_LIMITS = Limits(memory=2**30, processor=40, wall=90.0, files=400, answer=128 * 2**20)


class Unreadable(Exception):
    """A scan that cannot be read.

    ``reason``: ``damaged``, ``locked``, ``too large``, ``too many``, ``died`` or ``hung``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Page:
    """What is on a page, counted from 1: codes of sheets; a code of others; nothing; or text that a program printed."""

    number: int
    codes: tuple[str, ...]
    foreign: bool = False
    blank: bool = False
    digital: bool = False


class Scanner:
    """Looks at scans through one child process, started at the first scan."""

    def __init__(self, limits: Limits = _LIMITS) -> None:
        self._child = Child("pipeline.office.scans_child", limits)

    def close(self) -> None:
        """End the child process, if there is one."""
        self._child.close()

    def look(self, path: Path, kind: str) -> list[Page]:
        """Return what is on every page of a scan of ``kind`` («pdf», «jpeg», «png», «tiff», «heic»)."""
        count = int(self._facts(path, kind, "count", ())["pages"])
        if count > PAGES:
            raise Unreadable("too many")
        return [self._look(path, kind, page) for page in range(count)]

    def cut(self, path: Path, kind: str, pages: Sequence[int]) -> bytes:
        """Return pages (counted from 1) as a PDF of their original quality."""
        return self._bytes(path, kind, "cut", pages, b"%PDF-")

    def show(self, path: Path, kind: str, page: int) -> bytes:
        """Return a picture (PNG) of a page, small enough to look at."""
        return self._bytes(path, kind, "show", (page,), b"\x89PNG")

    def _look(self, path: Path, kind: str, page: int) -> Page:
        seen = self._facts(path, kind, "look", (page,))
        return Page(page + 1, tuple(seen["codes"]), seen["foreign"], seen["blank"], seen["digital"])

    def _bytes(self, path: Path, kind: str, wish: str, pages: Sequence[int], begins: bytes) -> bytes:
        reply = self._reply(path, kind, wish, [page - 1 for page in pages])
        if not reply.startswith(begins):
            raise Unreadable("damaged")
        return reply

    def _facts(self, path: Path, kind: str, wish: str, pages: Sequence[int]) -> dict[str, Any]:
        """Return what the child says in JSON; one gone wild may have written anything."""
        try:
            said = json.loads(self._reply(path, kind, wish, pages))
            if "reason" in said:
                raise Unreadable(str(said["reason"]))
            return dict(said)
        except (ValueError, TypeError, RecursionError):
            raise Unreadable("died") from None

    def _reply(self, path: Path, kind: str, wish: str, pages: Sequence[int]) -> bytes:
        """Ask the child; what kills it is tried once more with a second one."""
        asked = {"path": str(path.absolute()), "kind": kind, "do": wish, "pages": list(pages)}
        question = json.dumps(asked).encode()
        try:
            return self._child.ask(question)
        except Lost:
            pass
        try:
            return self._child.ask(question)
        except Lost as loss:
            raise Unreadable(loss.reason) from None
