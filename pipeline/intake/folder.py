"""Which files of the shared folders are settled and are input.

A timed listing is the truth; nothing is opened here but to look whether it is whole. What cannot be listed or read
holds up nothing else: it waits, and its sender is told for what.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from pipeline import files, owners
from pipeline.intake import gate
from pipeline.workspace import FATE_PAGE, STATE_PAGE, Workspace

DEPTH = 3
"""How deep sub-folders of the inbox are looked into."""

_LISTINGS = 3
"""How often a listing that a network share interrupts is begun anew."""

_SYSTEM = re.compile(
    r"^( \..* | @eadir | \#recycle | \$recycle\.bin | lost\+found | system\ volume\ information | __macosx )$",
    re.IGNORECASE | re.VERBOSE,
)
"""Files and folders of systems and of file servers."""

_NOT_INPUT = re.compile(
    r"""^( ~\$.* | \.~lock\..*\# | ~WRD\d+\.tmp | [0-9A-F]{8} | lu\w+\.tmp
        | .*\.(tmp|part|partial|crdownload|opdownload|filepart|download) | thumbs\.db | desktop\.ini )$""",
    re.IGNORECASE | re.VERBOSE,
)
"""Owner, lock, temporary and half-downloaded files; they are never touched."""

Wait = Literal["moving", "open", "partial", "closed", "deep", "unlisted"]
"""Why something is not taken yet: it is being copied; somebody has it open; it is empty or cut short; it may not be
read; a folder lies too deep; a folder cannot be listed."""


@dataclass(frozen=True)
class Look:
    """What one look at a file saw: its size in bytes and its time of change in nanoseconds.

    ``plain`` is an ordinary file with one name and of a size that a form can have; nothing else is ever opened.
    """

    size: int
    changed: int
    plain: bool = True


class Listing(NamedTuple):
    """What one listing found: the files that may be input, and the folders that it could not look into, and why."""

    files: Mapping[Path, Look]
    folders: Mapping[Path, Wait]


@dataclass(frozen=True)
class Sight:
    """What one look at the folders found: the files that can be taken, and why the others cannot be yet."""

    settled: tuple[Path, ...] = ()
    waits: Mapping[Path, Wait] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def partial(self) -> tuple[Path, ...]:
        """Files that are still but not whole (empty, or cut short): perhaps the copying goes on."""
        return tuple(path for path, why in self.waits.items() if why == "partial")

    @property
    def unsettled(self) -> int:
        """How many files are still moving, so that another look is due soon."""
        return sum(why == "moving" for why in self.waits.values())


def is_input_name(name: str) -> bool:
    """Tell whether a file of this name can be somebody's form at all."""
    return not (_SYSTEM.match(name) or _NOT_INPUT.match(name)) and name not in {FATE_PAGE, STATE_PAGE}


def listing(space: Workspace, own: Mapping[str, str]) -> Listing:
    """List every file that may be input: those of the inbox, and forms of ours that somebody filled in the outbox.

    ``own`` are the program's own files that people may fill: path in the workspace → hash.
    """
    found: dict[Path, Look] = {}
    folders: dict[Path, Wait] = {}
    for path, seen in _walk(space.inbox, DEPTH):
        if isinstance(seen, Look):
            found[path] = seen
        else:
            folders[path] = seen
    for relative in own:
        if relative.startswith(f"{space.outbox.name}/"):
            path = space.root / relative
            look = _look(path)
            if look and look.plain:
                found[path] = look
    return Listing(found, folders)


def _walk(folder: Path, depth: int) -> Iterator[tuple[Path, Look | Wait]]:
    try:
        inside = _inside(folder)
    except OSError:
        yield folder, "unlisted"
        return
    if depth < 0:
        if any(is_input_name(path.name) for path in inside):
            yield folder, "deep"
        return
    for path in inside:
        look = _look(path)
        if look is None or _SYSTEM.match(path.name):
            continue
        if look == _FOLDER:
            yield from _walk(path, depth - 1)
        elif is_input_name(path.name):
            yield path, look


def _inside(folder: Path) -> list[Path]:
    for _ in range(_LISTINGS - 1):
        try:
            return sorted(folder.iterdir())
        except InterruptedError:
            continue
    return sorted(folder.iterdir())


_FOLDER = Look(-1, 0, plain=False)
_UNSEEN = Look(-2, 0, plain=True)


def _look(path: Path) -> Look | None:
    """Look at one thing; ``None`` when it is gone. What may not even be looked at counts as a file that is closed."""
    try:
        facts = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return _UNSEEN
    if stat.S_ISDIR(facts.st_mode):
        return _FOLDER
    return Look(facts.st_size, facts.st_mtime_ns, files.is_plain(facts) and facts.st_size <= gate.FILE)


class Lookout:
    """Remembers the last look, so that two looks can agree, and which files are the program's own and untouched."""

    def __init__(self, space: Workspace, clock: Callable[[], datetime]) -> None:
        self._space = space
        self._clock = clock
        self._before: Mapping[Path, Look] = {}
        self._own: dict[Path, tuple[Look, str]] = {}

    def look(self, own: Mapping[str, str], tick: Callable[[], None] = lambda: None) -> Sight:
        """Look once; say which files are settled (seen the same twice, whole, not open, not the program's own).

        ``own`` are the program's own files that people may fill: path in the workspace → hash, ``""`` for a thing that
        the program moved without ever opening it. ``tick`` is called after each file.
        """
        now, folders = listing(self._space, own)
        before, self._before = self._before, now
        settled: list[Path] = []
        waits: dict[Path, Wait] = dict(folders)
        for path, look in now.items():
            tick()
            if self._is_own(path, look, own):
                continue
            why = self._why_not(path, look, before.get(path))
            if why:
                waits[path] = why
            else:
                settled.append(path)
        return Sight(tuple(settled), waits)

    def _why_not(self, path: Path, look: Look, before: Look | None) -> Wait | None:
        """Return why a file cannot be taken now, ``None`` when it can."""
        if look == _UNSEEN:
            return "closed"
        if look != before:
            return "moving"
        if any(not owners.is_stale(owner, self._clock()) for owner in owners.of(path)):
            return "open"
        try:
            return None if not look.plain or (look.size and gate.looks_whole(path)) else "partial"
        except PermissionError:
            return "closed"

    def _is_own(self, path: Path, look: Look, own: Mapping[str, str]) -> bool:
        sha = own.get(self._space.relative(path))
        if sha is None:
            return False
        if not (sha and look.plain):
            return not sha and not look.plain
        known = self._own.get(path)
        if known is None or known[0] != look:
            try:
                known = (look, files.digest_of(path))
            except OSError:
                return False
            self._own[path] = known
        return known[1] == sha
