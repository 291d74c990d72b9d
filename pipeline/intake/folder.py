"""Which files of the shared folders are settled and are input.

A timed listing is the truth; nothing is opened here but to look whether it is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline import files, owners
from pipeline.intake import gate
from pipeline.workspace import FATE_PAGE, STATE_PAGE, Workspace

DEPTH = 3
"""How deep sub-folders of the inbox are looked into."""

_NOT_INPUT = re.compile(
    r"""^( ~\$.* | \.~lock\..*\# | \..* | ~WRD\d+\.tmp | [0-9A-F]{8} | lu\w+\.tmp
        | .*\.(tmp|part|crdownload|download) | thumbs\.db | desktop\.ini | @eadir )$""",
    re.IGNORECASE | re.VERBOSE,
)
"""Owner, lock, temporary, half-downloaded and system files; they are never touched."""


@dataclass(frozen=True)
class Look:
    """What one look at a file saw: its size in bytes and its time of change in nanoseconds."""

    size: int
    changed: int


@dataclass(frozen=True)
class Sight:
    """What one look at the folders found.

    ``settled`` files can be taken; ``partial`` ones are still but not whole (empty, or cut short): perhaps the copying
    goes on. ``unsettled`` counts those still moving or open.
    """

    settled: tuple[Path, ...] = ()
    partial: tuple[Path, ...] = ()
    unsettled: int = 0


def is_input_name(name: str) -> bool:
    """Tell whether a file of this name can be somebody's form at all."""
    return not _NOT_INPUT.match(name) and name not in {FATE_PAGE, STATE_PAGE}


def listing(space: Workspace, own: Mapping[str, str]) -> dict[Path, Look]:
    """List every file that may be input: those of the inbox, and forms of ours that somebody filled in the outbox.

    ``own`` are the program's own files that people may fill: path in the workspace → hash.
    """
    found = dict(_walk(space.inbox, DEPTH))
    for relative in own:
        path = space.root / relative
        if relative.startswith(space.outbox.name) and path.is_file():
            found[path] = _look(path)
    return found


def _walk(folder: Path, depth: int) -> Iterator[tuple[Path, Look]]:
    for path in sorted(folder.iterdir()):
        if not is_input_name(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            if depth > 0:
                yield from _walk(path, depth - 1)
        else:
            yield path, _look(path)


def _look(path: Path) -> Look:
    facts = path.lstat()
    return Look(facts.st_size, facts.st_mtime_ns)


class Lookout:
    """Remembers the last look, so that two looks can agree, and which files are the program's own and untouched."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._before: dict[Path, Look] = {}
        self._own: dict[Path, tuple[Look, str]] = {}

    def look(self, own: Mapping[str, str]) -> Sight:
        """Look once; say which files are settled (seen the same twice, not open, not the program's own).

        ``own`` are the program's own files that people may fill: path in the workspace → hash.
        """
        now = listing(self._space, own)
        before, self._before = self._before, now
        theirs = [path for path, look in now.items() if not self._is_own(path, look, own)]
        settled = [path for path in theirs if before.get(path) == now[path] and not any(owners.of(path))]
        whole = {path for path in settled if now[path].size and gate.looks_whole(path)}
        return Sight(
            settled=tuple(path for path in settled if path in whole),
            partial=tuple(path for path in settled if path not in whole),
            unsettled=len(theirs) - len(settled),
        )

    def _is_own(self, path: Path, look: Look, own: Mapping[str, str]) -> bool:
        sha = own.get(self._space.relative(path))
        if sha is None:
            return False
        known = self._own.get(path)
        if known is None or known[0] != look:
            known = (look, files.digest_of(path))
            self._own[path] = known
        return known[1] == sha
