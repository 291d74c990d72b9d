"""The real command at work: ``nastavnik run`` as a process of its own, watched from outside through /proc."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType

from pipeline.workspace import Workspace

_PAGE = 1 << 20
_TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Service:
    """A running service. A context manager; it ends with SIGTERM."""

    def __init__(self, space: Workspace) -> None:
        self.space = space
        self.begun = time.monotonic()
        self.peak, self.child_peak = 0.0, 0.0
        command = [sys.executable, "-m", "pipeline", "run", "--root", str(space.root)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def __enter__(self) -> Service:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> float:
        """End the service as a system does; return the seconds it took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        return time.monotonic() - begin

    def until(self, done: Callable[[], bool], patience: float = 3600) -> float:
        """Wait for something; return the seconds it took from now."""
        begin = time.monotonic()
        while not done():
            assert self.process.poll() is None, "the service died"
            assert time.monotonic() - begin < patience, "waited in vain"
            time.sleep(0.2)
        return time.monotonic() - begin

    def processor(self) -> float:
        """Return the seconds of processor time that the service itself has used, its child aside."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def told(self) -> int:
        """Return how many senders find an answer on their page."""
        page = self.space.fate_page
        return len(re.findall(r'<tr class="\w+"><td>\d', page.read_text("utf-8"))) if page.exists() else 0

    def recorded(self) -> int:
        """Return how many filled forms are facts."""
        return self.asked("SELECT count(*) FROM submission")

    def published(self) -> int:
        """Return how many revisions of the register were published."""
        return self.asked("SELECT count(*) FROM revision WHERE state='published'")

    def is_quiet(self) -> bool:
        """Tell whether the last turn left nothing to do."""
        return self.asked("SELECT count(*) FROM meta WHERE name='quiet' AND value<>''") == 1

    def asked(self, query: str) -> int:
        """Return the one number that the journal answers."""
        try:
            with closing(sqlite3.connect(f"file:{self.space.journal}?mode=ro", uri=True, timeout=60)) as base:
                return int(base.execute(query).fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # there is no journal yet

    def _watch(self) -> None:
        """Follow the memory of the service and of its child."""
        while self.process.poll() is None:
            self.peak = max(self.peak, _memory(self.process.pid))
            self.child_peak = max([self.child_peak, *map(_memory, _children(self.process.pid))])
            time.sleep(0.2)


def _memory(pid: int) -> float:
    """Return the resident memory of a process in MiB, 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / _PAGE
    except (OSError, IndexError):
        return 0.0


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
