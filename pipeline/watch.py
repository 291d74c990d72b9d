"""The bell: when to look again. A timer is the mechanism; file events only shorten the wait."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

_QUIET = 0.5
"""Seconds to let a burst of events pass before looking."""

_log = logging.getLogger(__name__)


class _Handler(FileSystemEventHandler):
    def __init__(self, ring: threading.Event) -> None:
        self._ring = ring

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Ring for anything but mere reading; what happened is found out by looking."""
        if event.event_type not in {"opened", "closed_no_write"}:
            self._ring.set()


class Bell:
    """Rings when something moves in the folders. One that cannot be hung up, or fell silent, is hung up anew."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.ring = threading.Event()
        self._folders = folders
        self._observer: BaseObserver | None = None
        self._nodes: tuple[int, ...] = ()

    def hang(self) -> None:
        """Hang the bell up where it does not hang: a share that went away and came back is another folder."""
        nodes = tuple(map(_node, self._folders))
        if self._observer and nodes == self._nodes and self._hears():
            return
        self.take_down()
        observer, self._nodes = Observer(), nodes
        try:
            for folder in self._folders:
                observer.schedule(_Handler(self.ring), str(folder), recursive=True)
            observer.start()
        except OSError as problem:  # a folder is away, or the system watches as many as it can: the timer remains
            _log.warning("no bell: %s", type(problem).__name__)
            _end(observer)
            return
        self._observer = observer

    def _hears(self) -> bool:
        observer = self._observer
        return observer is not None and observer.is_alive() and all(one.is_alive() for one in observer.emitters)

    def take_down(self) -> None:
        """Stop listening."""
        observer, self._observer = self._observer, None
        if observer is not None:
            _end(observer)


def _node(folder: Path) -> int:
    try:
        return folder.stat().st_ino
    except OSError:
        return 0


def _end(observer: BaseObserver) -> None:
    observer.unschedule_all()
    if observer.is_alive():
        observer.stop()
        observer.join(5)


def keep_turning(turn: Callable[[], bool], folders: Sequence[Path], stop: threading.Event, every: float) -> None:
    """Call ``turn`` until ``stop`` is set: every ``every`` seconds, and soon after anything moves in ``folders``.

    ``turn`` returns whether it wants to be called again soon, because something it saw has yet to settle.
    """
    warnings.filterwarnings("ignore", category=RuntimeWarning, module="watchdog")
    bell = Bell(folders)
    try:
        while not stop.is_set():
            bell.hang()
            bell.ring.clear()
            again = turn()
            _wait(bell.ring, stop, _QUIET * 2 if again else every)
    finally:
        bell.take_down()


def _wait(ring: threading.Event, stop: threading.Event, seconds: float) -> None:
    """Wait for the bell, the stop or the time, whichever comes first."""
    waited = 0.0
    while waited < seconds and not stop.is_set():
        if ring.wait(min(_QUIET, seconds - waited)):
            stop.wait(_QUIET)
            return
        waited += _QUIET
