"""One register update beside openpyxl's load and save: a row is added and a cell changed, proof included.

The register: ten sheets, the first of some rows × 25 columns (names, free text, numbers, dates), with a filter,
drop-downs and a conditional format; once as openpyxl makes it (text in the cells), once as LibreOffice saves it
(shared text). Times are CPU seconds of one process, medians; the ratio is what travels between machines. Peak memory
is of a process of its own that does nothing but this update. The last column says what the time of ours is spent on.
"""

import cProfile
import io
import pstats
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import openpyxl
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.office import cells
from pipeline.office.cells import AppendRow, SetCell

SIZES = (100, 1_000, 10_000, 50_000)
COLUMNS = 25
TITLE = "Люди"
STEPS = {"opened": "opening", "planned": "unpacking, finding the cells", "_parts": "new XML", "replaced": "packing",
         "check": "proof"}  # fmt: skip
"""The functions that `cells.apply` calls one after the other, and what each does."""

_NAMES = ("Белоусова", "Журавлёв", "Зимина", "Городецкий", "Соловей", "Ткаченко", "Ёлкина", "Швец", "Абрамов")
_WORDS = ("занятие", "группа", "методика", "оценка", "практика", "план", "журнал", "урок", "цель", "совет", "опыт")


@dataclass(frozen=True)
class Figures:
    """CPU seconds of one update, ours and openpyxl's; of a strict reading of all cells; peak MiB of our update."""

    ours: float
    openpyxl: float
    reading: float
    memory: float
    spent: str

    @property
    def ratio(self) -> float:
        """How many times as fast ours is."""
        return self.openpyxl / self.ours


def register(rows: int) -> bytes:
    """Make the register with openpyxl."""
    chance = random.Random(rows)  # sample text, not a secret
    book = openpyxl.Workbook()
    people = book.worksheets[0]
    people.title = TITLE
    people.append([f"Графа {number}" for number in range(1, COLUMNS + 1)])
    for number in range(1, rows + 1):
        people.append(_row(chance, number))
    _dress(people, rows + 1)
    for number in range(2, 11):
        sheet = book.create_sheet(f"Лист {number}")
        for line in range(100):
            sheet.append([f"К-{line:04}", chance.choice(_NAMES), line])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def saved_by_office(data: bytes) -> bytes | None:
    """The register as LibreOffice saves it; None on a machine without it."""
    office = shutil.which("soffice")
    if office is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "register.xlsx"), Path(folder, "out")
        source.write_bytes(data)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(target), str(source)]
        subprocess.run(command, check=True, capture_output=True)  # the office program, our own file
        return (target / source.name).read_bytes()


def update(data: bytes, rows: int) -> bytes:
    """Our update: a cell in the middle changes, a row joins at the end."""
    values: dict[int, cells.Value] = {1: "Л-99999", 2: "Зимина", 16: 7, 21: date(2026, 9, 1)}
    return cells.apply(data, [SetCell(TITLE, rows // 2, 3, "Ольга"), AppendRow(TITLE, values, like_row=rows + 1)])


def update_by_openpyxl(data: bytes, rows: int) -> bytes:
    """The same by openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    people = book[TITLE]
    people.cell(rows // 2, 3).value = "Ольга"
    people.append({1: "Л-99999", 2: "Зимина", 16: 7, 21: date(2026, 9, 1)})
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def measure(data: bytes, rows: int) -> Figures:
    """Measure one register of so many data rows."""
    few = 1 if rows >= 10_000 else 3
    return Figures(
        ours=_seconds(lambda: update(data, rows), 5),
        openpyxl=_seconds(lambda: update_by_openpyxl(data, rows), few),
        reading=_seconds(lambda: cells.read(data).grids[TITLE], 3),
        memory=_peak(data, rows),
        spent=_spent(data, rows),
    )


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print the figures of every size and kind of register."""
    print(
        f"{'register':24}{'MB':>6}{'ours, s':>10}{'openpyxl, s':>13}{'ratio':>8}{'read, s':>9}{'peak, MiB':>11}"
        "  spent on"
    )
    for rows in sizes:
        made = register(rows)
        for name, data in (("openpyxl", made), ("LibreOffice", saved_by_office(made))):
            if data is not None:
                found = measure(data, rows)
                print(
                    f"{f'{rows} × {COLUMNS}, {name}':24}{len(data) / 1e6:6.2f}{found.ours:10.3f}{found.openpyxl:13.2f}"
                    f"{found.ratio:7.1f}×{found.reading:9.3f}{found.memory:11.0f}  {found.spent}",
                    flush=True,
                )


def _row(chance: random.Random, number: int) -> list[object]:
    texts = [" ".join(chance.choices(_WORDS, k=chance.randint(2, 6))) for _ in range(10)]
    days = [date(2026, 1, 1) + timedelta(days=chance.randint(0, 900)) for _ in range(4)]
    names = [chance.choice(_NAMES) for _ in range(4)]
    return [f"Л-{number:05}", *names, *texts, *(chance.randint(0, 9999) for _ in range(5)), *days, "Да"]


def _dress(people: Worksheet, last: int) -> None:
    people.freeze_panes = "B2"
    people.auto_filter.ref = f"A1:Y{last}"
    people.add_data_validation(DataValidation(type="list", formula1='"Да,Нет"', sqref=f"Y2:Y{last}"))
    fill = PatternFill(bgColor="FFFFC7CE")
    rule = CellIsRule(operator="greaterThan", formula=["9000"], fill=fill)  # type: ignore[no-untyped-call]
    people.conditional_formatting.add(f"P2:P{last}", rule)


def _seconds(work: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return median(found)


def _spent(data: bytes, rows: int) -> str:
    """Say what an update spends its time on, in hundredths of the whole."""
    profile = cProfile.Profile()
    profile.runcall(update, data, rows)
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, dict[tuple[str, int, str], object]]]
    stats = vars(pstats.Stats(profile))["stats"]
    whole = next(entry[3] for (_, _, name), entry in stats.items() if name == "apply")
    shares = {
        STEPS[name]: entry[3] / whole
        for (_, _, name), entry in stats.items()
        if name in STEPS and any(caller == "apply" for _, _, caller in entry[4])
    }
    return ", ".join(f"{what} {shares[what]:.0%}" for what in STEPS.values() if what in shares)


def _peak(data: bytes, rows: int) -> float:
    command = [sys.executable, "-m", "tests.bench.register_write", str(rows)]
    done = subprocess.run(command, input=data, check=True, capture_output=True)  # this very module
    return float(done.stdout)


def _once(rows: int) -> None:
    """In a process of its own: update the register on standard input, print the peak of memory in MiB."""
    update(sys.stdin.buffer.read(), rows)
    status = Path("/proc/self/status")  # getrusage would count the peak of the process that started this one
    lines = status.read_text().splitlines() if status.exists() else []
    print(next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), "nan"))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _once(int(sys.argv[1]))
    else:
        main()
