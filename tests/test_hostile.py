"""The whole corpus of hostile files dropped into a working service: each gets its verdict, the service goes on."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import cycle, samples
from tests.intake import corpus
from tests.office_day import Day

PATIENCE = 5.0
"""Seconds in which a hostile file has its verdict."""

AGREED = 60
"""Files that the corpus has at least."""


@pytest.mark.prove
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_every_hostile_file_gets_its_verdict_in_five_seconds_and_the_service_goes_on(tmp_path: Path) -> None:
    day, slow = Day(tmp_path / "college"), {}
    files = corpus.everything()
    assert len(files) >= AGREED
    with day.opened() as office:
        office.begin().look()
        office.turn(office.look())
        for number, (name, data) in enumerate(files.items()):
            day.drop_file(f"{number}.xlsx", data)
            took = _verdict(office, day, name)
            slow.update({name: took} if took > PATIENCE else {})
        day.drop(samples.make(day.catalog, 1, 1, day.now.date()))
        office.look()
        assert office.turn(office.look()).taken == 1
    assert not slow
    assert not any(day.space.spool.iterdir())


def _verdict(office: cycle.Cycle, day: Day, name: str) -> float:
    """Turn until the one file dropped has its verdict; return the seconds of the turn that gave it.

    A file that looks cut off is waited for: perhaps its copying goes on.
    """
    office.look()
    for _ in range(2):
        begin = time.monotonic()
        outcome = office.turn(office.look())
        if outcome.refused + outcome.returned:
            return time.monotonic() - begin
        day.now += timedelta(hours=1)
    raise AssertionError(name)


UNDER_WATCH = """
import sys
from pathlib import Path
calls = []
sys.addaudithook(lambda event, arguments: calls.append(event) if event.startswith("socket.") else None)
from pipeline.__main__ import main
code = main(["once", "--root", sys.argv[1]])
assert code in (0, 1), code
assert not calls, calls
"""


@pytest.mark.prove
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not on this machine")
def test_neither_the_service_nor_its_child_ever_asks_for_the_network(tmp_path: Path) -> None:
    day, log = Day(tmp_path / "college"), tmp_path / "calls"
    day.drop(day.pair_forms())
    for number, (_, data) in enumerate([*corpus.HONEST.values(), *corpus.DANGEROUS.values()]):
        day.drop_file(f"{number}.xlsx", data())
    watch = ["strace", "-f", "-qq", "-e", "trace=%network", "-o", str(log)]
    subprocess.run([*watch, sys.executable, "-c", UNDER_WATCH, str(day.space.root)], check=True, timeout=600)
    assert day.row("НК-0001"), "the forms were read"
    calls = [line for line in log.read_text().splitlines() if "AF_" in line]
    assert [line for line in calls if "AF_UNIX" not in line] == [], "the system's own list of accounts is asked"
