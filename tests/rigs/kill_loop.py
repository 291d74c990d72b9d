"""The kill loop: two instances always started, the one at work killed again and again while forms keep coming.

``python -m tests.rigs.kill_loop --kills 3000 --seed 7`` kills by hand, in a process of its own because it forks.
A fifth of the drops are contents dropped before, some are foreign, mistaken or dangerous. Instances are killed with
SIGKILL 0.1 to 0.6 seconds after one began to work; sometimes the waiting one is killed too. Every few dozen kills the
workspace is left to come to rest and is judged by content (``judge``), then a new one begins. A content over which the
program died three times is put aside, because the program cannot know that it was not the file that killed it; the rig
drops it again, as its sender is told to, and only then judges.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline import cycle, files, setup, steps
from pipeline.catalog import Catalog
from pipeline.workspace import Workspace
from tests.intake import hostile
from tests.rigs import press
from tests.rigs.judge import Dropped, judge, rest

KILLS_A_WORKSPACE = 40
DROPS = (2, 10)
"""Files dropped before each kill at the most, in a quiet workspace and in a busy one."""


@dataclass
class Tally:
    """What a whole run saw: kills of the working and of the waiting instance, drops, promises broken, where it hit."""

    working: int = 0
    waiting: int = 0
    drops: int = 0
    contents: int = 0
    people: int = 0
    aside: int = 0
    broken: list[str] = field(default_factory=list)
    hit: Counter[str] = field(default_factory=Counter)


class Instance:
    """One instance, forked from the rig: it waits for the workspace, works, and tells what it is doing just now."""

    def __init__(self, space: Workspace, catalog: Catalog) -> None:
        self._ear, mouth = os.pipe()
        os.set_blocking(self._ear, False)
        self.step = ""
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._ear)
            _live(space, catalog, mouth)
        os.close(mouth)

    @property
    def works(self) -> bool:
        """Tell whether it holds the workspace, from what it has said so far."""
        try:
            said = os.read(self._ear, 1 << 16)
        except BlockingIOError:
            return bool(self.step)
        self.step = said.decode().splitlines()[-1] if said else self.step
        return bool(self.step)

    def kill(self) -> str:
        """Kill it; return the last step it announced."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        step = self.step if self.works else ""
        os.close(self._ear)
        return step


def _live(space: Workspace, catalog: Catalog, mouth: int) -> None:
    """Be an instance until killed: wait for the lock as a person does who starts it again and again."""
    try:
        while True:
            try:
                with files.only_instance(space.state / "lock"):
                    _work(space, catalog, mouth)
            except files.AnotherInstance:
                time.sleep(0.01)
    except BaseException:  # noqa: BLE001 (a forked child must never go on as its parent)
        traceback.print_exc()
        os._exit(1)


def _work(space: Workspace, catalog: Catalog, mouth: int) -> None:
    steps.listener = lambda name: os.write(mouth, f"{name}\n".encode()) and None
    with cycle.Cycle(space, catalog, datetime.now) as office:
        os.write(mouth, b"begun\n")
        office.begin().look()
        while True:
            office.turn(office.look())


class Feeder:
    """Drops files: new people, contents dropped before, foreign, mistaken and dangerous ones."""

    def __init__(self, space: Workspace, chance: random.Random) -> None:
        self.dropped = Dropped()
        self._space = space
        self._chance = chance
        self._number = 0
        self._before: list[tuple[str, bytes]] = []

    def feed(self, count: int) -> None:
        """Drop some files, each whole at once, as a rename on the share does."""
        for _ in range(count):
            if self._before and self._chance.random() < 0.2:
                kind, data = self._chance.choice(self._before)
            else:
                kind, data = self._new()
                self._before.append((kind, data))
            self._drop(kind, data)

    def drop_again(self) -> int:
        """Drop again what was put aside though nothing is wrong with it; return how many contents that were."""
        base = sqlite3.connect(self._space.journal)
        aside = {sha for (sha,) in base.execute("SELECT DISTINCT sha FROM arrival WHERE fate='quarantined'")}
        base.close()
        innocent = [one for one in self._before if one[0] != "dangerous" and files.digest(one[1]) in aside]
        for kind, data in innocent:
            self._drop(kind, data)
        return len(innocent)

    def _new(self) -> tuple[str, bytes]:
        self._number += 1
        draw = self._chance.random()
        if draw < 0.06:
            return "mistaken", press.form(self._number, mistaken=True)
        if draw < 0.12:
            return "foreign", hostile.xlsx(more={"docProps/custom.xml": f"<x>{self._number}</x>"})
        if draw < 0.16:
            return "dangerous", hostile.xlsx(more={f"xl/vbaProject{self._number}.bin": b"x"})
        return "good", press.form(self._number)

    def _drop(self, kind: str, data: bytes) -> None:
        name = f"Анкета {len(self.dropped.drops):05}.xlsx"
        folder = self._space.inbox / self._chance.choice(("", "ЦМК", "ЦМК/Ноябрь"))
        folder.mkdir(parents=True, exist_ok=True)
        work = self._space.inbox / ".dropping"
        work.write_bytes(data)
        self.dropped.note(name, data, kind)  # type: ignore[arg-type]
        work.rename(folder / name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill as often as asked; print what was seen; return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    tally, began, round_ = Tally(), time.monotonic(), 0
    while tally.working < chosen.kills:
        seed = f"{chosen.seed}-{round_}"
        root = Path(tempfile.mkdtemp()) / "college"
        _one_workspace(root, random.Random(seed), tally, chosen.kills)
        if tally.broken:
            print(f"seed {seed}, left in {root}:", *tally.broken, sep="\n  ")
            return 1
        files.remove_tree(root.parent)
        round_ += 1
        print(f"{tally.working} kills, {tally.drops} drops", file=sys.stderr, flush=True)
    print(
        f"{tally.working} kills at work and {tally.waiting} while waiting in {time.monotonic() - began:.0f} s,"
        f" {round_} workspaces: {tally.drops} files dropped, {tally.contents} contents, {tally.people} people;"
        f" {tally.aside} put aside after three deaths and dropped again;"
        f" 0 lost, 0 doubled. Killed at {dict(tally.hit.most_common())}"
    )
    return 0


def _one_workspace(root: Path, chance: random.Random, tally: Tally, most: int) -> None:
    space = setup.make(root, demo=True)
    for documents in (space.root / "templates/documents").iterdir():
        files.remove_tree(documents)  # nothing here makes a document, and examining them takes each start's time
    catalog = setup.examine(space)
    feeder = Feeder(space, chance)
    if chance.random() < 0.8:  # else the very first turn, which makes the blanks, is killed too
        rest(space, catalog)
    instances = [Instance(space, catalog), Instance(space, catalog)]
    busy = chance.choice(DROPS)
    for _ in range(min(KILLS_A_WORKSPACE, most - tally.working)):
        feeder.feed(chance.randint(0, busy))
        worker = _worker(instances)
        time.sleep(chance.uniform(0.1, 0.6))
        tally.hit[instances[worker].kill()] += 1
        tally.working += 1
        if chance.random() < 0.3:
            instances[1 - worker].kill()
            tally.waiting += 1
            instances[1 - worker] = Instance(space, catalog)
        instances[worker] = Instance(space, catalog)
    for one in instances:
        one.kill()
    rest(space, catalog)
    tally.aside += feeder.drop_again()
    rest(space, catalog)
    tally.drops += len(feeder.dropped.drops)
    tally.contents += len(feeder.dropped.kinds)
    tally.people += len(feeder.dropped.of("good"))
    tally.broken = judge(space, feeder.dropped)


def _worker(instances: Sequence[Instance]) -> int:
    """Wait until one of the instances works; return which."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for number, one in enumerate(instances):
            if one.works:
                return number
        time.sleep(0.005)
    raise AssertionError("no instance came to work")


if __name__ == "__main__":
    sys.exit(main())
