"""The bell: when to look again. A timer is the mechanism; file events only shorten the wait."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

_QUIET = 0.5
"""Seconds to let a burst of events pass before looking."""


class _Bell(FileSystemEventHandler):
    def __init__(self, ring: threading.Event) -> None:
        self._ring = ring

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Ring for anything but mere reading; what happened is found out by looking."""
        if event.event_type not in {"opened", "closed_no_write"}:
            self._ring.set()


def keep_turning(turn: Callable[[], bool], folders: list[Path], stop: threading.Event, every: float) -> None:
    """Call ``turn`` until ``stop`` is set: every ``every`` seconds, and soon after anything moves in ``folders``.

    ``turn`` returns whether it wants to be called again soon, because something it saw has yet to settle.
    """
    warnings.filterwarnings("ignore", category=RuntimeWarning, module="watchdog")
    ring = threading.Event()
    observer = Observer()
    for folder in folders:
        observer.schedule(_Bell(ring), str(folder), recursive=True)
    observer.start()
    try:
        while not stop.is_set():
            again = turn()
            ring.clear()
            _wait(ring, stop, _QUIET * 2 if again else every)
    finally:
        observer.stop()
        observer.join(5)


def _wait(ring: threading.Event, stop: threading.Event, seconds: float) -> None:
    """Wait for the bell, the stop or the time, whichever comes first."""
    waited = 0.0
    while waited < seconds and not stop.is_set():
        if ring.wait(min(_QUIET, seconds - waited)):
            stop.wait(_QUIET)
            return
        waited += _QUIET
