"""A whole college: 300 questionnaires with their consents, 150 pairs approved at once, and then a quiet cycle."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipeline import samples
from tests.office_day import PAIR, Day

FORMS = 1_050
"""The forms of 150 pairs: two questionnaires and five consents a pair."""


def main() -> None:
    """Print the seconds of each turn, documents a second in it, and the peak memory of the process."""
    with tempfile.TemporaryDirectory() as folder:
        day = Day(Path(folder) / "college")
        day.turn()
        day.drop(samples.make(day.catalog, FORMS, 1, day.now.date()))
        count, seconds = _timed(lambda: day.turn().taken)
        print(f"college: {count} forms taken in, recorded and published in {seconds:.1f} s ({count / seconds:.0f}/s)")
        with day.opened() as office:
            print(f"college: {count} forms at once made {office.register.revision() - 1} writes of the register")
        _approve(day)
        count, seconds = _timed(lambda: len(day.turn().papers))
        print(f"college: 150 pairs approved, {count} files issued in {seconds:.1f} s ({count / seconds:.0f}/s)")
        _, seconds = _timed(lambda: day.turn().taken)
        print(f"college: a cycle with nothing new {seconds:.2f} s")
        day.write(min(day.book()["people"]), phone="+7 949 000-00-00")
        count, seconds = _timed(lambda: len(day.turn().papers))
        print(f"college: one cell changed by the curator {seconds:.1f} s, {count} files issued")
    print(f"college: peak memory of the process {peak():.0f} MiB")


def _timed(act: Callable[[], int]) -> tuple[int, float]:
    start = time.perf_counter()
    found = act()
    return found, time.perf_counter() - start


def _approve(day: Day) -> None:
    """Mark every signature and approve as many pairs as there are mentors, over the register's empty rows."""
    curator = day.curator
    curator.mark_signatures(day.now.date())
    while True:
        used = {row.get("mentor") for row in day.book()["pairs"].values()}
        mentors = [code for code, row in curator.rows("mentors").items() if row and code not in used]
        mentees = [code for code, row in curator.rows("mentees").items() if row][len(used) :]
        empty = [code for code, row in curator.rows("pairs").items() if not row]
        if not mentors:
            return
        rows = zip(empty, mentors, mentees, strict=False)
        pairs = {code: {**PAIR, "mentor": one, "mentee": two, "decision": ""} for code, one, two in rows}
        curator.write("pairs", pairs)
        if len(mentors) <= len(empty):
            break
        day.turn()
    curator.write("pairs", {code: {"decision": "Согласовать"} for code, row in curator.rows("pairs").items() if row})


def peak() -> float:
    """Return the peak resident memory of this process in MiB, 0 where the system does not tell."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


if __name__ == "__main__":
    main()
