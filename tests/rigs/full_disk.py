"""Full volumes: each folder of a workspace in turn lies on a small volume that fills up under the running program.

``python -m tests.rigs.full_disk`` as root, which goes to a mount name space of its own; prints a line a volume. While
the program runs, forms are dropped, the volume is filled to the last byte before they have settled, is left full for a
while, and is freed: the program, which nobody has touched, then has to finish everything within a minute.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline import setup
from pipeline.wording import commands as say
from pipeline.workspace import Workspace
from tests.intake import hostile
from tests.rigs import press
from tests.rigs.judge import Dropped, Kind, judge

VOLUMES: dict[str, Callable[[Workspace], Path]] = {
    "inbox": lambda space: space.inbox,
    "state": lambda space: space.state,
    "archive": lambda space: space.archive,
    "outbox": lambda space: space.outbox,
    "register": lambda space: space.register.parent,
}
FULL, FORMS, PATIENCE = 12.0, 12, 60.0
"""Seconds that a volume stays full, forms dropped before, seconds in which all is to be done once there is room."""

_SIZE = "6m"
_NEW_MOUNTS, _PRIVATE = 0x00020000, 0x40000 | 0x4000
"""CLONE_NEWNS of unshare(2); MS_PRIVATE and MS_REC of mount(2)."""


def may_mount() -> bool:
    """Tell whether this process may have volumes of its own."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    return subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill each volume named, or all; return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("volumes", nargs="*", default=list(VOLUMES))
    chosen = parser.parse_args(arguments)
    leave_mounts()
    broken = 0
    for name in chosen.volumes:
        with tempfile.TemporaryDirectory() as folder:
            wrong, failed, seconds = _fill(name, Path(folder))
        after = f"{failed} turns failed, all done {seconds:.0f} s after there was room"
        print(f"{name} full for {FULL:.0f} s: {after};", wrong or "nothing lost", flush=True)
        broken += bool(wrong)
    return int(broken > 0)


def leave_mounts() -> None:
    """Go to a mount name space of our own: what is mounted here ends with this process."""
    system = ctypes.CDLL(None, use_errno=True)
    if system.unshare(_NEW_MOUNTS) or system.mount(b"none", b"/", None, _PRIVATE, None):
        raise OSError(ctypes.get_errno(), "no mount name space")


def make(root: Path) -> Workspace:
    """Make a workspace that works on a small disk, where there is never as much room as is kept free elsewhere."""
    space = setup.make(root, demo=True)
    policy = root / "config/policy.yaml"
    policy.write_text(re.sub(r"(?<=reserve_megabytes: )\d+", "1", policy.read_text("utf-8")), "utf-8")
    return space


def _fill(name: str, folder: Path) -> tuple[list[str], int, float]:
    """Let one volume fill up; return the promises broken, the turns that failed, the seconds it took after."""
    space, log = Workspace(folder / "college"), folder / "said"
    volume = VOLUMES[name](space)
    volume.mkdir(parents=True)
    _mount(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "none", str(volume)])
    make(space.root)
    command = [sys.executable, "-m", "pipeline", "run", "--root", str(space.root)]
    with log.open("w") as said:
        service = subprocess.Popen(command, stdout=said)
    _until(space.fate_page.exists)
    dropped = _drop(space)
    _stuff(volume)
    time.sleep(FULL)
    assert service.poll() is None, "the service died"
    (volume / ".stuffing").unlink()
    begin = time.monotonic()
    wrong = ["never looked"]
    while wrong and time.monotonic() - begin < PATIENCE:
        time.sleep(1)
        wrong = _judged(space, dropped)
    seconds = time.monotonic() - begin
    service.send_signal(signal.SIGTERM)
    service.wait(10)
    _mount(["umount", "-l", str(volume)])
    return wrong, log.read_text().count(say.turn_failed("").partition(" (")[0]), seconds


def _until(done: Callable[[], bool]) -> None:
    begin = time.monotonic()
    while not done() and time.monotonic() - begin < PATIENCE:
        time.sleep(0.2)


def _drop(space: Workspace) -> Dropped:
    dropped = Dropped()
    for number in range(FORMS):
        kind: Kind = ("good", "good", "mistaken", "foreign")[number % 4]  # type: ignore[assignment]
        foreign = hostile.xlsx(more={"docProps/custom.xml": f"<x>{number}</x>"})
        data = foreign if kind == "foreign" else press.form(number, mistaken=kind == "mistaken")
        path = space.inbox / f"Анкета {number}.xlsx"
        path.write_bytes(data)
        dropped.note(path.name, data, kind)
    return dropped


def _stuff(volume: Path) -> None:
    """Fill a volume to the last byte."""
    with (volume / ".stuffing").open("wb", buffering=0) as stuffing:
        try:
            while True:
                stuffing.write(bytes(4096))
        except OSError:
            return


def _judged(space: Workspace, dropped: Dropped) -> list[str]:
    try:
        return judge(space, dropped)
    except (OSError, ValueError) as problem:
        return [repr(problem)]


def _mount(command: list[str]) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main())
