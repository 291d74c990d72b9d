"""Filled workbooks as plain data, parsed in a child process that a hostile file may kill without harm.

Promise: whatever the bytes are, ``Reader.read`` returns sheets or raises ``Unparsable`` within twice its wall limit,
``Reader.mark`` returns a workbook or raises ``CannotMark`` within it, the caller's process survives, and the next file
is read as if nothing had been. What cannot be read is an ``ErrorCell``, never a blank. Call ``intake.gate`` first: it
refuses what would only cost time here.

On Windows there are no limits on the child's memory and processor time; the wall limit alone holds there.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.fields import CellValue
from pipeline.office import limited
from pipeline.office.limited import Limits
from pipeline.office.sheets_mark import CannotMark, Review


class Unparsable(Exception):
    """A file that gives no sheets. ``reason``: ``damaged``, ``too large``, ``died`` or ``hung``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def is_deadly(self) -> bool:
        """Whether the child had to go over the file."""
        return self.reason in {"died", "hung"}


@dataclass(frozen=True)
class ErrorCell:
    """A cell that holds an error («#REF!») or a formula without a computed value («=A1+1»): unreadable, not blank."""

    text: str


@dataclass(frozen=True)
class Sheet:
    """One sheet. ``rows[0][0]`` is A1; all rows are equally long; a blank cell is ``None``, a whole number ``int``."""

    name: str
    rows: list[list[CellValue | ErrorCell]]


class Reader:
    """Reads workbooks one after another through one child process, which is renewed when it dies or has read many."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Nothing is started before the first file."""
        self._child = limited.Child("pipeline.office.sheets_child", limits or Limits())

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, path: Path) -> list[Sheet]:
        """Return the worksheets of an .xlsx, .xls or .ods file, told apart by content; raise ``Unparsable``.

        A file over which the child goes is given to a second one: only what kills two is called deadly.
        """
        question = _question(path)
        try:
            reply = self._reply(question)
        except Unparsable as problem:
            if not problem.is_deadly:
                raise
            reply = self._reply(question)
        return sheets_of(reply)

    def mark(self, path: Path, review: Review) -> bytes:
        """Return the workbook (.xlsx) at ``path`` marked as ``sheets_mark`` does; raise ``CannotMark``."""
        try:
            reply = self._reply(_question(path, review))
        except Unparsable as problem:
            raise CannotMark(problem.reason) from problem
        if not reply.startswith(b"PK"):
            raise CannotMark("damaged")
        return reply

    def close(self) -> None:
        """End the child process, if there is one; the next ``read`` starts another."""
        self._child.close()

    def _reply(self, question: bytes) -> bytes:
        try:
            return self._child.ask(question)
        except limited.Lost as loss:
            raise Unparsable(loss.reason) from None


def _question(path: Path, review: Review | None = None) -> bytes:
    asked = {"path": str(path.absolute()), **({"review": asdict(review)} if review else {})}
    return json.dumps(asked).encode()


def sheets_of(reply: bytes) -> list[Sheet]:
    """Build the sheets of an answer; a child gone wild may have written anything."""
    try:
        answer = json.loads(reply)
        if "reason" in answer:
            raise Unparsable(str(answer["reason"]))
        return [Sheet(str(name), [_row(row) for row in rows]) for name, rows in answer["sheets"]]
    except (ValueError, TypeError, KeyError, LookupError, RecursionError):
        raise Unparsable("died") from None


def _row(row: list[Any]) -> list[CellValue | ErrorCell]:
    return [_cell(*value) if type(value) is list else value for value in row]


def _cell(kind: str, text: str) -> CellValue | ErrorCell:
    if kind == "day":
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if kind == "moment" else ErrorCell(text)
