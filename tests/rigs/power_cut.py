"""The power goes: at every step of one intake, the disk is looked at as it is then, and the program started upon it.

``python -m tests.rigs.power_cut [--every N]`` as root on Linux. The workspace lies on a real ext4 in a file of its own.
At every announcement of a write (``pipeline.steps``) the file is copied: such a copy is what a disk holds after a power
cut, without anything that only the memory knew. Each copy is mounted, which replays ext4's own journal, an undisturbed
instance comes to rest on it, and the judge looks, as after a kill. Three ways in which a file system may have worked:

``nothing``  nothing survives but what was flushed, and what ext4 writes of itself with it
``renames``  all names and renames survive, but no content that was not flushed (data=writeback: the zero-byte trap)
``data``     contents survive as far as they were written, but no name that was not flushed
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pipeline import cycle, files, setup, steps
from pipeline.catalog import Catalog
from pipeline.workspace import Workspace
from tests.intake import hostile
from tests.rigs import full_disk, press
from tests.rigs.judge import Dropped, Kind, judge, rest

SIZE = 48 * 2**20
OPTIONS = "loop,data=writeback,noauto_da_alloc,commit=300"
_WRITE_OUT = 1 | 2 | 4
"""SYNC_FILE_RANGE_WAIT_BEFORE, _WRITE and _WAIT_AFTER of sync_file_range(2): contents, but nothing of their names."""


class Disk:
    """A small ext4 in a file."""

    def __init__(self, image: Path) -> None:
        self.image = image
        self.place = image.with_suffix(".mounted")
        self.place.mkdir(exist_ok=True)

    def make(self) -> None:
        """Make the file system, empty."""
        with self.image.open("wb") as file:
            file.truncate(SIZE)
        subprocess.run(["mkfs.ext4", "-q", "-F", str(self.image)], check=True)

    def mount(self) -> None:
        """Mount it, so that almost nothing is written before it is flushed."""
        subprocess.run(["mount", "-o", OPTIONS, str(self.image), str(self.place)], check=True)

    def leave(self) -> None:
        """Unmount it."""
        subprocess.run(["umount", str(self.place)], check=True)

    def copy(self, image: Path) -> Disk:
        """Copy what the disk holds just now."""
        subprocess.run(["cp", "--sparse=always", str(self.image), str(image)], check=True)
        return Disk(image)


def survive_nothing(place: Path) -> None:
    """Let nothing survive that was not flushed."""


def survive_renames(place: Path) -> None:
    """Have ext4 commit the names: flushing a file of no account takes all names along, and no data of others."""
    with (place / "tick").open("w") as tick:
        tick.write("x")
        os.fsync(tick.fileno())


def survive_data(place: Path) -> None:
    """Write out the contents of all files as far as they have a place on the disk, and commit nothing."""
    system = ctypes.CDLL(None, use_errno=True)
    for path in place.rglob("*"):
        if path.is_file() and not path.is_symlink():
            descriptor = os.open(path, os.O_RDONLY)
            system.sync_file_range(descriptor, ctypes.c_int64(0), ctypes.c_int64(0), _WRITE_OUT)
            os.close(descriptor)


MODES: Mapping[str, Callable[[Path], None]] = {
    "nothing": survive_nothing,
    "renames": survive_renames,
    "data": survive_data,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Cut the power at every step in every way; return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--mode", choices=list(MODES), action="append")
    chosen = parser.parse_args(arguments)
    full_disk.leave_mounts()
    broken = 0
    for mode in chosen.mode or MODES:
        folder = Path(tempfile.mkdtemp())
        try:
            images, dropped = _record(folder, MODES[mode], chosen.every)
            wrong = {f"{at}": found for at, image in images if (found := _start_upon(image, dropped))}
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        assert images, "nothing was taken in: no power was cut"
        print(f"power cut, {mode}: {len(images)} disks, {len(wrong)} violations", flush=True)
        for at, found in wrong.items():
            print(f"  {at}:", *found[:5], sep="\n    ", flush=True)
        broken += len(wrong)
    return int(broken > 0)


def _record(folder: Path, survive: Callable[[Path], None], every: int) -> tuple[list[tuple[str, Path]], Dropped]:
    """Let one intake happen; copy the disk at its announcements."""
    disk = Disk(folder / "disk")
    disk.make()
    disk.mount()
    space = full_disk.make(disk.place / "college")
    catalog, dropped = prepare(space)
    os.sync()
    images: list[tuple[str, Path]] = []
    count = 0

    def listener(name: str) -> None:
        nonlocal count
        count += 1
        if count % every == 0:
            survive(disk.place)
            images.append((f"{count} {name}", disk.copy(folder / f"disk-{count}").image))

    steps.listener = listener
    _one_intake(space, catalog)
    steps.listener = lambda _: None
    disk.leave()
    return images, dropped


def _one_intake(space: Workspace, catalog: Catalog) -> None:
    with cycle.Cycle(space, catalog, datetime.now) as office:
        office.begin().look()
        office.turn(office.look())


def prepare(space: Workspace) -> tuple[Catalog, Dropped]:
    """Let a workspace work once, without papers; then drop one file of each kind."""
    for documents in (space.root / "templates/documents").iterdir():
        files.remove_tree(documents)
    catalog = setup.examine(space)
    rest(space, catalog)
    dropped = drop_some(space, 100)
    rest(space, catalog)
    now = drop_some(space, 0)
    dropped.drops += now.drops
    dropped.kinds |= now.kinds
    return catalog, dropped


def drop_some(space: Workspace, first: int) -> Dropped:
    """Drop one file of each kind, whose numbers begin with ``first``."""
    dropped = Dropped()
    made: dict[Kind, bytes] = {
        "good": press.form(first + 1),
        "mistaken": press.form(first + 2, mistaken=True),
        "foreign": hostile.xlsx(more={"docProps/custom.xml": f"<x>{first}</x>"}),
        "dangerous": hostile.xlsx(more={f"xl/vbaProject{first}.bin": b"x"}),
    }
    for kind, data in made.items():
        path = space.inbox / f"{kind} {first}.xlsx"
        path.write_bytes(data)
        dropped.note(path.name, data, kind)
    return dropped


def _start_upon(image: Path, dropped: Dropped) -> list[str]:
    """Start the program upon a disk; return every promise broken."""
    disk = Disk(image)
    disk.mount()
    try:
        space = Workspace(disk.place / "college")
        rest(space, setup.examine(space))
        return judge(space, dropped)
    except Exception as problem:  # noqa: BLE001 (whatever happens upon a disk is a finding, and the others wait)
        return [repr(problem)]
    finally:
        disk.leave()
        image.unlink()


if __name__ == "__main__":
    sys.exit(main())
