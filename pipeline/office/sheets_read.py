"""Filled workbooks as plain data, parsed in a child process that a hostile file may kill without harm.

Promise: whatever the bytes are, ``Reader.read`` returns sheets or raises ``Unparsable`` within twice its wall limit,
``Reader.mark`` returns a workbook or raises ``CannotMark`` within it, the caller's process survives, and the next file
is read as if nothing had been. What cannot be read is an ``ErrorCell``, never a blank. Call ``intake.gate`` first: it
refuses what would only cost time here.

On Windows there are no limits on the child's memory and processor time; the wall limit alone holds there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from pipeline.fields import CellValue
from pipeline.office.sheets_mark import CannotMark, Review

_LONGEST = 48 * 2**20
"""Bytes that an answer may have."""


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


@dataclass(frozen=True)
class Limits:
    """What one file may cost: bytes of memory, seconds of processor time, seconds on the wall; files a child reads."""

    memory: int = 512 * 2**20
    processor: int = 4
    wall: float = 10.0
    files: int = 200


class Reader:
    """Reads workbooks one after another through one child process, which is renewed when it dies or has read many."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Nothing is started before the first file."""
        self._limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None
        self._files = 0

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

    def _reply(self, question: bytes) -> bytes:
        child = self._ready()
        hung = threading.Event()
        guard = threading.Timer(self._limits.wall, _end, (child, hung))
        guard.start()
        reply = None
        try:
            reply = _ask(child, question)
        except _Lost as loss:
            raise Unparsable("hung" if hung.is_set() else loss.reason) from None
        finally:
            guard.cancel()
            guard.join()
            if reply is None or hung.is_set():  # also when somebody interrupts: its late answer is another file's
                self.close()
        return reply

    def close(self) -> None:
        """End the child process, if there is one; the next ``read`` starts another."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._files >= self._limits.files or (self._child and self._child.poll() is not None):
            self.close()
        if self._child is None:
            self._child, self._files = _start(self._limits), 0
        self._files += 1
        return self._child


class _Lost(Exception):
    """The child gave no usable answer and must go."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    """Start a child that has nothing of ours but its two pipes: no files, no terminal, only Windows' environment."""
    means = [str(limits.memory), str(limits.processor)]
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
        [sys.executable, "-I", "-m", "pipeline.office.sheets_child", *means],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ},
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _end(child: subprocess.Popen[bytes], hung: threading.Event) -> None:
    hung.set()
    child.kill()


def _question(path: Path, review: Review | None = None) -> bytes:
    asked = {"path": str(path.absolute()), **({"review": asdict(review)} if review else {})}
    return json.dumps(asked).encode()


def _ask(child: subprocess.Popen[bytes], question: bytes) -> bytes:
    """Send a question, return the answer's bytes; raise ``_Lost`` when the child dies over it or says too much."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(len(question).to_bytes(4, "big") + question)
        child.stdin.flush()
    except OSError:
        raise _Lost("died") from None
    length = int.from_bytes(_exactly(child.stdout, 4), "big")
    if length > _LONGEST:
        raise _Lost("too large")
    return _exactly(child.stdout, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise _Lost("died")
    return content


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
