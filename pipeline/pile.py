"""Bytes put down for a while: in memory while they are few, then in a nameless file that is gone with the program.

Papers are made while the register is in memory and laid when it has been written and let go.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO

_HELD = 4 << 20
"""How many bytes are held in memory."""


class Pile:
    """Takes bytes and gives back what gives them again. What it took lives as long as somebody may still ask for it."""

    def __init__(self, folder: Path, held: int = _HELD) -> None:
        """``folder`` is where there is room for a file, ``held`` how many bytes are held in memory."""
        self._folder = folder
        self._room = held
        self._file: IO[bytes] | None = None

    def put(self, data: bytes) -> Callable[[], bytes]:
        """Put bytes down; return what gives them. Where the disk takes nothing they are held in memory all the same."""
        if len(data) > self._room:
            try:
                return partial(self._read, self._write(data), len(data))
            except OSError:
                return lambda: data
        self._room -= len(data)
        return lambda: data

    def _write(self, data: bytes) -> int:
        """Write bytes behind those that lie there; return where they begin."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 – closed with the pile
            weakref.finalize(self, self._file.close)
        start = self._file.seek(0, os.SEEK_END)
        written = self._file.write(data)
        if written < len(data):
            raise OSError("the disk is full")
        return start

    def _read(self, start: int, size: int) -> bytes:
        """Read bytes that were written. Raises ``OSError``."""
        assert self._file is not None
        self._file.seek(start)
        data = self._file.read(size)
        if len(data) < size:
            raise OSError("what was put down is gone")
        return data
