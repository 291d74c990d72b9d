"""The same histories on real workbooks, a real journal and real folders; then through the whole program.

The first kind lets the register room work on the small layout of ``histories``; the second takes the shipped workspace,
real forms and ``Cycle`` itself, with curators at work in «Люди».
"""

import os
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import cycle, samples
from pipeline.intake import form_sheet
from pipeline.journal import Journal
from tests.office_day import NOW, Day
from tests.register.histories import RealOffice, heavy, in_haste, live, prove

PEOPLE, PARTS = 5, 4


class College:
    """The whole program in a copy of a workspace; forms are real files in its inbox, corrected again and again."""

    rooms = {"people": ("post", "department", "note", "state")}  # noqa: RUF012

    def __init__(self, root):
        self.day = Day(root)
        self.path, self.layout, self.office = self.day.space.register, self.day.catalog.layout, RealOffice()
        self.journal = Journal(self.day.space.journal)
        self._office = None
        self._forms = 0
        self.start()

    def start(self):
        """Start the program (anew, after it stopped)."""
        if self._office:
            self._office.__exit__(None, None, None)
        self._office = cycle.Cycle(self.day.space, self.day.catalog, lambda: NOW, bytes)

    def accept(self):
        """Let a person say, by the command, that a save which is held is to be believed."""
        self.journal.ask_for("accept", "", NOW)

    def close(self):
        self._office.__exit__(None, None, None)
        self.journal.close()

    def feed(self, key, rng):
        self._forms += 1
        drop(self.day, int(key), f"факт{self._forms}")

    def freeze(self, rng):
        """Orders are signed elsewhere; here people come and go."""

    def turn(self):
        self._office.look()
        outcome = self._office.turn(self._office.look())
        return SimpleNamespace(written=outcome.written, again=outcome.unsettled, held=outcome.held)

    def facts(self):
        return {
            ("people", one.person, key): value
            for one in self.journal.submissions()
            if one.person
            for name, value in one.answers.items()
            for sheet, _, key in [name.partition(".")]
            if sheet == "people" and key in self.rooms["people"] and value
        }

    def forms(self):
        return tuple(str(number) for number in range(PEOPLE))


def drop(day, number, post):
    """Let a questionnaire of the ``number``-th person be dropped, who now has another post."""
    made = samples.questionnaires(day.catalog, PEOPLE, 1, day.now.date())[number]
    form = day.catalog.forms[made.form]
    answers = {**made.answers, "people.post": post}
    day.drop_file(f"{post}.xlsx", form_sheet.make(form, day.catalog.organisation, answers))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A workspace in which the questionnaires of a few people have been taken."""
    day = Day(tmp_path_factory.mktemp("college") / "college")
    for number in range(PEOPLE):
        drop(day, number, f"первый{number}")
    day.turn()
    day.turn()
    return day.space.root


@pytest.fixture
def whole(prepared):
    """What lives a history through the whole program."""

    def run(acts):
        with tempfile.TemporaryDirectory() as folder, in_haste():
            house = College(shutil.copytree(prepared, Path(folder) / "college"))
            try:
                live(house, acts)
            finally:
                house.close()

    return run


def test_a_few_histories_on_real_files_lose_nothing():
    prove(heavy, range(5))


def test_a_few_histories_through_the_whole_program_lose_nothing(whole):
    prove(whole, range(1))


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
def test_many_histories_on_real_files_lose_nothing(part):
    prove(heavy, range(part, int(os.environ.get("HISTORIES_ON_FILES", "300")), PARTS))


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
def test_many_histories_through_the_whole_program_lose_nothing(whole, part):
    prove(whole, range(part, int(os.environ.get("HISTORIES_OF_THE_WHOLE", "60")), PARTS))
