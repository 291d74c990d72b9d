"""The real command under load: forms by the ten thousand, junk, restarts, and a long archive while nothing happens.

``python -m tests.bench.intake [flood|junk|restart|idle]``. ``BENCH_FORMS``, ``BENCH_JUNK`` (files of a megabyte) and
``BENCH_ARCHIVED`` make less of it. Seconds are of the wall: on a busy machine look at the processor's.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline import setup
from pipeline.office import cells
from pipeline.register import workbook
from pipeline.workspace import Workspace
from tests.bench.service import Service
from tests.rigs import press

FORMS = int(os.environ.get("BENCH_FORMS", "10000"))
JUNK = int(os.environ.get("BENCH_JUNK", "1000"))
ARCHIVED = int(os.environ.get("BENCH_ARCHIVED", "60000"))
REAL = 100
"""Real forms beside the junk."""


def main(names: list[str]) -> None:
    """Print the figures of the cases named, or of all."""
    for name in names or CASES:
        with tempfile.TemporaryDirectory() as folder:
            CASES[name](setup.make(Path(folder) / "college", demo=True))


def flood(space: Workspace) -> None:
    """Drop all forms at once into a service at rest."""
    with Service(space) as service:
        service.until(service.is_quiet)
        _drop(space, FORMS)
        begin, used = time.monotonic(), service.processor()
        first = service.until(lambda: service.told() > 0)
        service.until(lambda: service.recorded() == FORMS)
        recorded, written = time.monotonic() - begin, service.published()
        service.until(lambda: service.told() == FORMS and service.published() > written)
        listed, memory = time.monotonic() - begin, service.peak
        service.until(service.is_quiet)
        seconds, used = time.monotonic() - begin, service.processor() - used
    assert len(_people(space)) == FORMS
    print(
        f"intake: {FORMS} forms at once: first answer {first:.0f} s (≤ 60), all recorded {recorded:.0f} s, all in the"
        f" register and answered {listed:.0f} s (≤ 300) with {memory:.0f} MiB of memory (≤ 300), every sheet laid"
        f" {seconds:.0f} s, {used:.0f} s of processor, {service.peak:.0f} MiB at the most; the child took"
        f" {service.child_peak:.0f} MiB (≤ 512)"
    )


def junk(space: Workspace) -> None:
    """Drop a gigabyte that is one file, a gigabyte in many, and real forms beside them."""
    chance = random.Random(1)
    with Service(space) as service:
        service.until(service.is_quiet)
        with (space.inbox / "Архив.xlsx").open("wb") as one:
            one.truncate(1 << 30)
        for number in range(JUNK):
            (space.inbox / f"IMG {number}.xlsx").write_bytes(chance.randbytes(1 << 20))
        _drop(space, REAL)
        real = service.until(lambda: service.recorded() == REAL)
        every = service.until(lambda: service.told() >= REAL + JUNK + 1) + real
    print(
        f"intake: {REAL} forms beside {JUNK} MB in {JUNK} files and 1 GB in one: forms recorded {real:.0f} s (≤ 120),"
        f" everything answered {every:.0f} s; memory of the service {service.peak:.0f} MiB"
    )


def restart(space: Workspace) -> None:
    """Stop the service at several moments of much work; start it again."""
    slowest, seconds = 0.0, 0.0
    for part, moment in enumerate((0.5, 2.0, 5.0, 15.0)):
        with Service(space) as service:
            service.until(service.is_quiet) if not part else _drop(space, FORMS // 3, part * FORMS)
            before = service.recorded()
            seconds = max(
                seconds, service.until(lambda before=before, part=part: not part or service.recorded() > before)
            )
            time.sleep(moment)
            slowest = max(slowest, service.stop())
    waiting = service.asked("SELECT count(*) FROM file WHERE state='received'")
    print(
        f"intake: started again with {waiting} accepted files: at work within {seconds:.0f} s (≤ 60);"
        f" SIGTERM at any moment {slowest:.1f} s (≤ 10)"
    )


def idle(space: Workspace) -> None:
    """Watch a service that has nothing to do beside a long archive."""
    _drop(space, 30)
    year = space.archive / "2025-2026"
    year.mkdir(parents=True)
    for number in range(ARCHIVED):
        (year / f"{number:064x}.xlsx").write_bytes(b"PK")
    with Service(space) as service:
        service.until(lambda: service.recorded() == 30 and service.is_quiet())
        time.sleep(12)
        before, used, begin = _changes(space), service.processor(), time.monotonic()
        time.sleep(60)
        share = (service.processor() - used) / (time.monotonic() - begin)
        changed = [path for path, when in _changes(space).items() if before.get(path) != when]
    print(f"intake: idle beside {ARCHIVED} archived files: {share:.1%} of a core (≤ 2 %), files changed: {changed}")


def _drop(space: Workspace, count: int, first: int = 0) -> None:
    """Make forms aside, then let them all appear."""
    aside = space.root / "aside"
    aside.mkdir(exist_ok=True)
    for number in range(first, first + count):
        (aside / f"Анкета {number}.xlsx").write_bytes(press.form(number))
    for path in aside.iterdir():
        path.rename(space.inbox / path.name)


def _people(space: Workspace) -> Mapping[str, object]:
    read = workbook.read_sheets(cells.read(space.register.read_bytes()), setup.examine(space).layout)
    return {code: row for code, row in workbook.said(read)["people"].items() if row}


def _changes(space: Workspace) -> dict[str, int]:
    """Return when each file of the workspace was last changed in content or facts."""
    return {str(path): path.lstat().st_ctime_ns for path in space.root.rglob("*")}


CASES: Mapping[str, Callable[[Workspace], None]] = {"flood": flood, "junk": junk, "restart": restart, "idle": idle}


if __name__ == "__main__":
    main(sys.argv[1:])
