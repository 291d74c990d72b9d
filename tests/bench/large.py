"""A register of 10,000 people through the whole cycle: the first writing, one change, and a cycle with nothing new."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.journal import Journal
from tests.bench.college import peak
from tests.office_day import Day

ROWS = 10_000


def main(rows: int = ROWS) -> None:
    """Print the seconds of each turn and the peak memory of the process."""
    with tempfile.TemporaryDirectory() as folder:
        day = Day(Path(folder) / "college")
        day.turn()
        _paste(day, rows)
        print(f"register of {rows} people: taken up and written in {_timed(day.turn):.1f} s")
        day.write("Л-0021", phone="+7 949 000-00-00")
        print(
            f"register of {rows} people: one cell changed by the curator, read and answered in {_timed(day.turn):.1f} s"
        )
        before = day.tree()
        seconds = _timed(day.turn)
        touched = sum(before.get(name) != look for name, look in day.tree().items())
        print(
            f"register of {rows} people: a cycle with nothing new {seconds:.2f} s, files written or touched {touched}"
        )
    print(f"register of {rows} people: peak memory of the process {peak():.0f} MiB")


def _paste(day: Day, rows: int) -> None:
    """Put people into the journal as her edits, as pasting a long staff list does."""
    journal = Journal(day.space.journal)
    cells = ("name", "patronymic", "post")
    texts = ("Алёна", "Фёдоровна", "преподаватель математики")
    codes = [(f"Л-{number:04}", number) for number in range(21, rows + 21)]
    journal.settle([("people", f"typed:{code}", code) for code, _ in codes], {}, {}, {})
    journal.edit(1, [("people", code, key, text) for code, _ in codes for key, text in zip(cells, texts, strict=True)])
    journal.edit(1, [("people", code, "number", str(number)) for code, number in codes])
    journal.edit(1, [("people", code, "surname", _surname(number)) for code, number in codes])
    journal.close()


def _surname(number: int) -> str:
    """Make a surname of its own for every number."""
    letters = "абвгдежзик"
    return "Приходько" + "".join(letters[int(digit)] for digit in str(number))


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
