"""A child process that a hostile file may kill without harm: one question at a time, one answer, limits on both.

Promise: ``ask`` returns an answer or raises ``Lost`` within the wall limit, whatever the bytes of a file are; the
caller's process survives, and the next question goes to a child that knows nothing of the last.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_LONGEST = 48 * 2**20
"""Bytes that an answer may have, unless the limits say otherwise."""

_HOME = str(Path(__file__).resolve().parents[2])
_BEGIN = """import runpy, sys
sys.path.insert(0, sys.argv[1])
del sys.argv[:2]
runpy.run_module(sys.argv[0], None, "__main__")"""
"""Runs a module of the very program that asks, wherever that lies; the child has nothing else of its surroundings."""


@dataclass(frozen=True)
class Limits:
    """What one question may cost: bytes of memory, seconds of processor time, seconds on the wall; files a child reads.

    ``answer`` is how many bytes an answer may have.
    """

    memory: int = 512 * 2**20
    processor: int = 4
    wall: float = 10.0
    files: int = 200
    answer: int = _LONGEST


class Lost(Exception):
    """The child gave no usable answer and was ended. ``reason``: ``died``, ``hung`` or ``too large``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Child:
    """Our own module, run as a process with nothing but its two pipes; started when first asked, renewed later."""

    def __init__(self, module: str, limits: Limits) -> None:
        """``module`` is run with ``-m`` and two arguments: bytes of memory, seconds of processor time a question."""
        self._module = module
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0

    def ask(self, question: bytes) -> bytes:
        """Return the answer to a question; raise ``Lost``."""
        process = self._ready()
        hung = threading.Event()
        guard = threading.Timer(self._limits.wall, _end, (process, hung))
        guard.start()
        reply = None
        try:
            reply = _exchange(process, question, self._limits.answer)
        except Lost as loss:
            raise Lost("hung" if hung.is_set() else loss.reason) from None
        finally:
            guard.cancel()
            guard.join()
            if reply is None or hung.is_set():  # also when somebody interrupts: its late answer is another file's
                self.close()
        return reply

    def close(self) -> None:
        """End the process, if there is one; the next question starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._files >= self._limits.files or (self._process and self._process.poll() is not None):
            self.close()
        if self._process is None:
            self._process, self._files = _start(self._module, self._limits), 0
        self._files += 1
        return self._process


def _start(module: str, limits: Limits) -> subprocess.Popen[bytes]:
    """Start a child that has nothing of ours but its two pipes: no files, no terminal, only Windows' environment."""
    means = [str(limits.memory), str(limits.processor)]
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
        [sys.executable, "-I", "-c", _BEGIN, _HOME, module, *means],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ},
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _end(process: subprocess.Popen[bytes], hung: threading.Event) -> None:
    hung.set()
    process.kill()


def _exchange(process: subprocess.Popen[bytes], question: bytes, longest: int) -> bytes:
    """Send a question, return the answer's bytes; raise ``Lost`` when the child dies over it or says too much."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(len(question).to_bytes(4, "big") + question)
        process.stdin.flush()
    except OSError:
        raise Lost("died") from None
    length = int.from_bytes(_exactly(process.stdout, 4), "big")
    if length > longest:
        raise Lost("too large")
    return _exactly(process.stdout, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise Lost("died")
    return content
