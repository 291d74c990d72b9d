"""The log and the heartbeat: what the service did and that it lives, by identifiers alone.

Only kinds, codes, hashes and numbers are logged, never a name, a value, a path or the text of an exception, which
quotes them. What other libraries log is not kept.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import warnings
from datetime import datetime, timedelta
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from pipeline import files
from pipeline.model import Clock

FILE = "nastavnik.log"
HEARTBEAT = "heartbeat.json"
LEVEL = "NASTAVNIK_LOG"
"""Names the environment variable that says how much is logged (``DEBUG``, ``INFO``, …)."""

_SIZE, _KEPT = 5 * 2**20, 9
_EVERY = timedelta(minutes=1)


def start(state: Path) -> None:
    """Log into the folder ``state`` from now on: ten files of five megabytes at most."""
    handler = RotatingFileHandler(state / FILE, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    ours = logging.getLogger("pipeline")
    for earlier in ours.handlers[:]:
        ours.removeHandler(earlier)
        earlier.close()
    ours.addHandler(handler)
    ours.propagate = False
    ours.setLevel(getattr(logging, os.environ.get(LEVEL, "INFO"), logging.INFO))
    logging.getLogger().addHandler(logging.NullHandler())
    logging.raiseExceptions = False  # a full disk must not make the log speak elsewhere
    warnings.showwarning = _warned  # type: ignore[assignment]
    sys.excepthook = _died
    threading.excepthook = lambda ended: _note(ended.exc_value)


def place(problem: BaseException | None) -> str:
    """Return the kind of a failure and where in the code it was, without its message."""
    trace = problem.__traceback__ if problem else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(problem).__name__}, {where}"


def _note(problem: BaseException | None) -> None:
    logging.getLogger("pipeline").error("failed: %s", place(problem))


def _died(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    del kind, trace
    _note(problem)
    sys.stderr.write(f"{place(problem)}\n")


def _warned(message: object, category: type[Warning], *more: object) -> None:
    del message, more
    logging.getLogger("pipeline").debug("warned: %s", category.__name__)


class Heartbeat:
    """A small file that a monitor reads: when the service was last alive, in which state, with what number of process.

    Written when the state changes, and once a minute.
    """

    def __init__(self, state: Path, clock: Clock) -> None:
        self._path = state / HEARTBEAT
        self._clock = clock
        self._last: tuple[str, datetime] | None = None

    def beat(self, state: str) -> None:
        """Say that the service is alive and what it does (``working``, ``waiting``, ``hindered``, ``failed``…)."""
        now = self._clock()
        if self._last and self._last[0] == state and timedelta() <= now - self._last[1] < _EVERY:
            return
        self._last = state, now
        told = {"at": now.isoformat(timespec="seconds"), "state": state, "pid": os.getpid()}
        try:
            files.replace(self._path, json.dumps(told).encode())
        except OSError:
            logging.getLogger("pipeline").warning("no heartbeat")
