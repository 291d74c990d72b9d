"""A small working day for tests of the whole: a workspace in a temporary folder, real files, a fixed clock."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

import openpyxl

from pipeline import catalog, cycle, samples, setup
from pipeline.demo.people import Curator
from pipeline.office import cells, word
from pipeline.register import workbook
from pipeline.samples import Sample
from pipeline.workspace import Workspace

NOW = datetime(2026, 11, 22, 12, 0)
PAIR = {
    "mentor": "НК-0001",
    "mentee": "НМ-0001",
    "kinds": "традиционное («один-на-один»)",
    "form": "педагог – педагог",
    "mode": "очно",
    "start": "2026-12-01",
    "end": "2027-05-31",
    "decision": "Согласовать",
}


_pairs: dict[tuple[str, int, date], tuple[Sample, ...]] = {}
"""Forms of pairs by the set-up, the seed and the day that they were made for."""


Beginning = Callable[[Path], "Day"]
"""What people and the program do in a new workspace at a path, and the day that goes on from there."""


@cache
def kept(begin: Beginning) -> Path:
    """Go through the beginning of a day, once in a process; every day that begins so goes on in a copy of it."""
    folder = Path(tempfile.mkdtemp(prefix="nastavnik-"))
    atexit.register(shutil.rmtree, folder)
    return begin(folder / "college").space.root


def after(begin: Beginning, root: Path) -> Day:
    """Return a day in a workspace of its own at ``root`` that has begun in a certain way."""
    return Day(Path(shutil.copytree(kept(begin), root)))


def fresh(root: Path) -> Day:
    """Make a workspace as `init --demo` does."""
    space = setup.make(root, demo=True)
    with cycle.Cycle(space, setup.examine(space), lambda: NOW) as office:
        office.lay_blanks()
    return Day(space.root)


def begun(root: Path) -> Day:
    """Begin as in life: the register and the blanks are there, nobody has come yet."""
    day = Day(root)
    day.turn()
    return day


def taken_in(root: Path) -> Day:
    """Let all forms of one pair be dropped and taken in."""
    day = Day(root)
    day.drop(day.pair_forms())
    day.turn()
    return day


def approved(root: Path) -> Day:
    """Let one pair be approved with every consent signed."""
    day = after(taken_in, root)
    day.curator.mark_signatures(day.now.date())
    day.write("П-0001", **PAIR)
    day.turn()
    return day


def sent(root: Path) -> Day:
    """Let the order of the pair be sent to be signed."""
    day = after(approved, root)
    day.write(day.row("П-0001")["order"], decision="На подпись")
    day.turn()
    return day


class Day:
    """A workspace and what people do in it."""

    def __init__(self, root: Path, now: datetime = NOW) -> None:
        self.now = now
        if not root.exists():
            shutil.copytree(kept(fresh), root)
        self.space = Workspace(root)
        self.catalog = catalog.load(root)
        self._read: tuple[bytes, workbook.View] = b"", {}

    def turn(self) -> cycle.Outcome:
        """Let the program do everything it can, as ``once`` does, in a process of its own memory."""
        with cycle.Cycle(self.space, self.catalog, lambda: self.now, bytes) as office:
            office.begin().look()
            return office.turn(office.look())

    def opened(self) -> cycle.Cycle:
        """Open the workspace as a command does."""
        return cycle.Cycle(self.space, self.catalog, lambda: self.now, bytes)

    def ask_for(self, kind: str, about: str = "") -> None:
        """Leave a job as a command does."""
        with self.opened() as office:
            office.ask_for(kind, about)

    def delete_rows(self, title: str, count: int) -> None:
        """Let the curator delete the first rows of a sheet, in a program that rewrites the whole file."""
        book = openpyxl.load_workbook(self.space.register)
        book[title].delete_rows(2, count)
        book.save(self.space.register)

    def drop(self, made: Iterable[Sample]) -> None:
        """Drop forms into the inbox."""
        for one in made:
            self.drop_file(one.file_name, one.data)

    def drop_file(self, name: str, data: bytes) -> Path:
        """Drop one file into the inbox."""
        path = self.space.inbox / name
        path.write_bytes(data)
        return path

    def pair_forms(self, seed: int = 1) -> list[Sample]:
        """Return the forms of one mentor and one mentee with all their consents."""
        key = (self.catalog.digest, seed, self.now.date())
        if key not in _pairs:
            _pairs[key] = tuple(samples.make(self.catalog, 7, seed, self.now.date()))
        return list(_pairs[key])

    @property
    def curator(self) -> Curator:
        """The curator at her workbook."""
        return Curator(self.space, self.catalog)

    def book(self) -> workbook.View:
        """Return what the register says: sheet → code → column → text, empty coded rows left out."""
        data = self.space.register.read_bytes()
        if self._read[0] != data:
            theirs = workbook.read_sheets(cells.read(data), self.catalog.layout)
            self._read = data, workbook.said(theirs)
        return {sheet: {code: row for code, row in rows.items() if row} for sheet, rows in self._read[1].items()}

    def row(self, code: str) -> Mapping[str, str]:
        """Return a row of the register, empty when it is not there."""
        sheet = self.catalog.layout.of_code(code)
        assert sheet is not None
        return self.book()[sheet.key].get(code, {})

    def write(self, code: str, **values: str) -> None:
        """Let the curator write into a row, coded and empty or filled, and save."""
        sheet = self.catalog.layout.of_code(code)
        assert sheet is not None
        self.curator.write(sheet.key, {code: values})

    def papers(self) -> dict[str, str]:
        """Return the text of every Word file in the outbox by its path there."""
        return {
            path.relative_to(self.space.outbox).as_posix(): word.text_of(path.read_bytes())
            for path in sorted(self.space.outbox.rglob("*.docx"))
        }

    def fates(self) -> str:
        """Return the senders' page as text."""
        return plain(self.space.fate_page)

    def state(self) -> str:
        """Return the state page as text."""
        return plain(self.space.state_pages[0])

    def tree(self) -> dict[str, tuple[int, int]]:
        """Return every file of the workspace with its size and time of change, the journal's own aside."""
        return {
            self.space.relative(path): (path.stat().st_size, path.stat().st_mtime_ns)
            for path in self.space.root.rglob("*")
            if path.is_file() and "journal.sqlite3" not in path.name
        }


def plain(page: Path) -> str:
    """Return the words of an HTML page."""
    text = re.sub(r"<style>.*?</style>", " ", page.read_text("utf-8"), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())
