"""The judge of intake: whatever broke under the program, nothing dropped is lost and nothing counts twice.

It compares by content. What was dropped is known to the rig alone; what became of it is read from the workspace as it
lies there when the program has come to rest.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from pipeline import cycle, files, setup
from pipeline.catalog import Catalog
from pipeline.office import cells
from pipeline.register import workbook
from pipeline.workspace import SHARE_MARK, Workspace

Kind = Literal["good", "mistaken", "foreign", "dangerous"]
STATES: dict[Kind, str] = {"good": "recorded", "mistaken": "returned", "foreign": "refused", "dangerous": "refused"}


@dataclass
class Dropped:
    """What a rig dropped: every drop by name and content, what each content is; every good one is another person."""

    drops: list[tuple[str, str]] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)

    def note(self, name: str, data: bytes, kind: Kind) -> None:
        """Note one drop."""
        sha = files.digest(data)
        self.drops.append((name, sha))
        self.kinds[sha] = kind

    def of(self, kind: Kind) -> set[str]:
        """Return the contents of one kind."""
        return {sha for sha, one in self.kinds.items() if one == kind}


def rest(space: Workspace, catalog: Catalog, turns: int = 30) -> None:
    """Let one undisturbed instance turn until nothing changes any more; nothing may keep it from writing."""
    with cycle.Cycle(space, catalog, datetime.now) as office:
        office.begin().look()
        for _ in range(turns):
            outcome = office.turn(office.look())
            assert not outcome.held, outcome.held
            if not (outcome.changed or outcome.unsettled):
                return
    raise AssertionError("the program never comes to rest")


def judge(space: Workspace, dropped: Dropped) -> list[str]:
    """Return every promise that is broken, in words; an empty list is the proof."""
    return [*_lost(space, dropped), *_doubled(space, dropped), *_left_over(space), *_told(space, dropped)]


def _lost(space: Workspace, dropped: Dropped) -> Iterator[str]:
    states = dict(_ask(space, "SELECT sha, state FROM file"))
    for sha, kind in dropped.kinds.items():
        if states.get(sha) != STATES[kind]:
            yield f"{kind} {sha[:8]} is {states.get(sha)}"
    yield from (f"nobody dropped {sha[:8]}" for sha in states.keys() - dropped.kinds.keys())
    kept = {path: _sha(path) for path in space.archive.rglob("*.*")}
    yield from (f"archived otherwise than named: {path.name}" for path, sha in kept.items() if path.stem != sha)
    yield from (f"not in the archive: {sha[:8]}" for sha in dropped.of("good") - set(kept.values()))
    aside = {_sha(path) for path in space.quarantine.iterdir()}
    yield from (f"not put aside: {sha[:8]}" for sha in dropped.of("dangerous") - aside)
    unknown = {_sha(path) for path in space.unknown.iterdir()}
    yield from (f"not given back: {sha[:8]}" for sha in dropped.of("foreign") - unknown)


def _doubled(space: Workspace, dropped: Dropped) -> Iterator[str]:
    taken = Counter(sha for (sha,) in _ask(space, "SELECT sha FROM submission"))
    yield from (f"taken {count} times: {sha[:8]}" for sha, count in taken.items() if count != 1)
    if taken.keys() != dropped.of("good"):
        yield f"{len(taken)} submissions of {len(dropped.of('good'))} good contents"
    arrivals = Counter(_ask(space, "SELECT name, sha FROM arrival"))
    drops = Counter(dropped.drops)
    if arrivals != drops:
        yield f"arrivals too many: {list(arrivals - drops)[:3]}, too few: {list(drops - arrivals)[:3]}"
    for folder, kind in ((space.unknown, "foreign"), (space.returned, "mistaken")):
        lying, wanted = len(list(folder.iterdir())), sum(1 for one in dropped.kinds.values() if one == kind)
        if lying != wanted:
            yield f"{lying} answers for {wanted} {kind} files"
    people = _people(space)
    if len(people) != len(set(people)) or len(people) != len(dropped.of("good")):
        yield f"{len(people)} rows, {len(set(people))} people, {len(dropped.of('good'))} good contents"


def _people(space: Workspace) -> list[str]:
    if not space.register.exists():
        return []
    read = workbook.read_sheets(cells.read(space.register.read_bytes()), setup.examine(space).layout)
    return [row["surname"] for row in workbook.said(read)["people"].values() if row]


def _left_over(space: Workspace) -> Iterator[str]:
    ours = {space.fate_page, space.inbox / SHARE_MARK}
    own = {space.blanks, space.returned, space.unknown}
    left = [path for path in space.inbox.rglob("*") if path.is_file() and not own & set(path.parents)]
    left += [*space.claims.iterdir(), *space.spool.iterdir(), *space.root.rglob(".nastavnik-*")]
    yield from (f"left over: {space.relative(path)}" for path in left if path not in ours)


def _told(space: Workspace, dropped: Dropped) -> Iterator[str]:
    """Say whose sender was told nothing."""
    yield from (f"no fate: {name}" for (name,) in _ask(space, "SELECT name FROM arrival WHERE fate='' OR told=''"))
    page = space.fate_page.read_text("utf-8")
    yield from (f"not on the page: {name}" for name in {name for name, _ in dropped.drops} if name not in page)


def _ask(space: Workspace, query: str) -> list[tuple[str, ...]]:
    base = sqlite3.connect(space.journal)
    try:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return list(base.execute(query))
    finally:
        base.close()


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
