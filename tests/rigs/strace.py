"""System calls that fail: each rename, flush, write and deletion of one intake in turn is hit by strace.

``python -m tests.rigs.strace [--every N] [--call fsync …] [--fault KILL …]`` by hand, where ``strace`` is installed.
One intake of a good, a mistaken, a foreign and a dangerous file is counted by system call. Then, on a fresh copy of the
workspace for each, the n-th call of a kind is answered with KILL (the process dies in it), EIO, ENOSPC or EACCES;
after that an undisturbed instance comes to rest and the judge looks. Prints a line a call and fault.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pipeline import cycle, files, setup
from pipeline.catalog import Catalog
from pipeline.workspace import Workspace
from tests.rigs.judge import Dropped, judge, rest
from tests.rigs.power_cut import prepare

CALLS = ("rename", "renameat2", "link", "unlink", "fsync", "fdatasync", "write", "pwrite64")
FAULTS = ("KILL", "EIO", "ENOSPC", "EACCES")


def main(arguments: Sequence[str] | None = None) -> int:
    """Hit every call with every fault; return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--call", choices=CALLS, action="append")
    parser.add_argument("--fault", choices=FAULTS, action="append")
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp())
    prepared = setup.make(folder / "college", demo=True)
    catalog, dropped = prepare(prepared)
    counted = _count(_copy(prepared, folder / "counted"), catalog)
    print("calls in one intake:", dict(counted), flush=True)
    broken = 0
    for call in chosen.call or CALLS:
        for fault in chosen.fault or FAULTS:
            ordinals = range(1, counted[call] + 1, chosen.every)
            wrong = {}
            for ordinal in ordinals:
                space = _copy(prepared, folder / "hit")
                found = _hit(space, catalog, f"{call}:{_inject(fault)}:when={ordinal}", dropped)
                wrong.update({ordinal: found} if found else {})
            print(f"{fault} at {call}: {len(ordinals)} ordinals, {len(wrong)} violations", wrong or "", flush=True)
            broken += len(wrong)
    files.remove_tree(folder)
    return int(broken > 0)


def _copy(space: Workspace, target: Path) -> Workspace:
    files.remove_tree(target)
    shutil.copytree(space.root, target)
    return Workspace(target)


def _inject(fault: str) -> str:
    return "signal=KILL" if fault == "KILL" else f"error={fault}"


def _count(space: Workspace, catalog: Catalog) -> Counter[str]:
    """Count the calls of one intake, those of the service itself and not of its child."""
    log = space.root.with_suffix(".log")
    _traced(space, catalog, ["-o", str(log), "-e", f"trace={','.join(CALLS)}"])
    lines = log.read_text(errors="replace").splitlines()
    return Counter(line.partition("(")[0] for line in lines if "(" in line)


def _hit(space: Workspace, catalog: Catalog, injection: str, dropped: Dropped) -> list[str]:
    """Let one call fail, then let an undisturbed instance come to rest; return every promise broken."""
    call = injection.partition(":")[0]
    _traced(space, catalog, ["-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={injection}"])
    try:
        rest(space, catalog)
        return judge(space, dropped)
    except Exception as problem:  # noqa: BLE001 (whatever it is, it is a finding, and the other calls wait)
        return [repr(problem)]


def _traced(space: Workspace, catalog: Catalog, options: Sequence[str]) -> None:
    """Let a forked instance do one intake under strace, the service's main thread alone."""
    pid = os.fork()
    if pid == 0:
        _intake(space, catalog)
    os.waitpid(pid, os.WUNTRACED)
    tracer = subprocess.Popen(["strace", "-qq", *options, "-p", str(pid)], stderr=subprocess.DEVNULL)
    _until_traced(pid)
    os.kill(pid, signal.SIGCONT)
    os.waitpid(pid, 0)
    tracer.wait()


def _until_traced(pid: int) -> None:
    for _ in _patiently():
        if "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text():
            return
    raise AssertionError("strace did not come")


def _patiently() -> Iterator[None]:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        yield
        time.sleep(0.01)


def _intake(space: Workspace, catalog: Catalog) -> None:
    """Do what ``run`` does in a few turns, in a forked child: a turn that fails is followed by another."""
    os.kill(os.getpid(), signal.SIGSTOP)
    try:
        with cycle.Cycle(space, catalog, datetime.now) as office:
            office.begin().look()
            for _ in range(3):
                try:
                    office.turn(office.look())
                except Exception:  # noqa: BLE001 (as the watcher: the next turn tries again)
                    continue
    finally:
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
