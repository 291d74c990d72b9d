"""The running program and the curator in her office program at the same time, forms arriving meanwhile."""

from __future__ import annotations

import contextlib
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from unittest import mock

from pipeline import cycle, files, owners, samples
from pipeline.intake import form_sheet
from pipeline.journal import Journal
from pipeline.register import exchange
from pipeline.samples import Sample
from tests.office_day import Day
from tests.robot.curator import Curator
from tests.robot.office import Office
from tests.robot.oracle import Oracle

PATIENCE, EMPTY_ROWS = 120.0, 6
CORRECTED = ("people.post", "people.department", "mentees.request", "mentees.expectations", "mentors.interests")


class Pipeline(threading.Thread):
    """The program as ``nastavnik run`` turns it, only more often. A context manager that starts and stops it."""

    def __init__(self, day: Day) -> None:
        super().__init__(daemon=True)
        self.day = day
        self.turns: list[cycle.Outcome] = []
        self._problem: BaseException | None = None
        self._stopping = threading.Event()

    def __enter__(self) -> Pipeline:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.join(PATIENCE)

    def run(self) -> None:
        """Turn until stopped."""
        try:
            with self.day.opened() as office:
                while not self._stopping.wait(0.2):
                    self.turns.append(office.turn(office.look()))
        except BaseException as problem:  # noqa: BLE001 (raised again in the thread that waits)
            self._problem = problem

    def wait(self, done: Callable[[], bool]) -> None:
        """Wait until something is so after a turn."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            if self._problem:
                raise self._problem
            assert time.monotonic() < deadline, f"the program does not get there: {self.turns[-2:]}"
            time.sleep(0.02)

    def let_turn(self, turns: int) -> None:
        """Wait for whole turns that begin from now on."""
        wanted = len(self.turns) + turns + 1
        self.wait(lambda: len(self.turns) >= wanted)

    def settle(self) -> None:
        """Wait until two turns from now on find nothing to do; nothing may hold the program."""
        first = len(self.turns) + 1
        self.wait(lambda: len(self.turns) > first + 1 and not any(map(_is_busy, self.turns[-2:])))


def _is_busy(turn: cycle.Outcome) -> bool:
    return bool(turn.changed or turn.unsettled or turn.held)


class Play:
    """One run in a folder of its own, the same for the same seed but for what the machine's timing makes of it.

    ``lost`` lists all that must not happen, ``done`` counts what was done.
    """

    def __init__(self, folder: Path, office: Office, seed: int, saves: int) -> None:
        self.source = random.Random(seed)
        self.day = _small(folder / "college")
        self.oracle = Oracle()
        self.curator = Curator(office, self.day.space.register, self.day.catalog.layout, self.source)
        self.pipeline = Pipeline(self.day)
        self.done = self.curator.done
        self.lost = self.oracle.lost
        self._saves = saves
        self._people = samples.make(self.day.catalog, 7 * (3 + saves // 25), seed, self.day.now.date())[::-1]
        self._mails: dict[tuple[str, ...], str] = {}
        self._last: dict[str, Sample] = {}
        self._on_the_way: set[str] = set()
        self._ways = itertools.cycle(
            (self.work, self.be_overtaken, self.merely_save, self.work, self.hold_open, self.race, self.work)
        )

    def run(self) -> None:
        """Play until so many saves were made and everything has come to rest."""
        self.drop(7)
        with mock.patch.object(exchange, "_AFTER_CLOSING", 0.05), self.pipeline:
            self.pipeline.settle()
            while self.done["save"] < self._saves:
                self.session()
            self.open_at_rest()
            self.curator.close()

    def session(self) -> None:
        """The curator opens the register, works, saves a few times, closes; now and then while the program writes."""
        way = next(self._ways)
        self.done[way.__name__] += 1
        if self.source.random() < 0.7 or way == self.merely_save:
            self.open_at_rest()
        else:
            time.sleep(self.source.random())
            self.oracle.opened(self.curator.open())
        way()
        self.curator.close()

    def open_at_rest(self) -> None:
        """Open the register when the program has nothing more to do, and let the oracle compare."""
        self.pipeline.settle()
        view = self.curator.open()
        self.oracle.check(view)
        self.oracle.opened(view)
        self._on_the_way.clear()

    # --- ways to work ---------------------------------------------------------------------------------------------

    def work(self) -> None:
        """Do things, save, perhaps again; now and then close without saving the last of them."""
        for _ in range(self.source.randint(2, 5)):
            self.act(self.source.randint(1, 4))
            if self.source.random() < 0.3:
                self.drop(self.source.randint(1, 3))
            self.save()
            time.sleep(self.source.choice((0, 0.4, 1.2)))
        if self.source.random() < 0.1:
            self.act(1)

    def merely_save(self) -> None:
        """Save what nobody touched: no edit, no removal, no question."""
        before = self.known()
        self.save()
        self.pipeline.let_turn(3)
        if new := self.known() - before:
            self.lost.append(f"a mere open-and-save: {sorted(new)}")

    def hold_open(self) -> None:
        """Keep the register open until the forms that arrive are taken: it is not written, and it is told what waits.

        Each form says something that the register does not show yet; when there was none to drop, nothing waits.
        """
        self.act(1)
        before = files.digest_of(self.day.space.register)
        dropped = self.drop(self.source.randint(1, 3))
        self.pipeline.wait(lambda: not any(path.exists() for path in dropped))
        self.pipeline.let_turn(2)
        turn = self.pipeline.turns[-1]
        if files.digest_of(self.day.space.register) != before:
            self.lost.append(f"written while she had it open: {turn}")
        elif dropped and not turn.held:
            self.lost.append(f"nobody is told that the facts of {[path.name for path in dropped]} wait: {turn}")
        self.done["facts waited, and it was told"] += bool(dropped and turn.held)
        self.work()

    def race(self) -> None:
        """Work while the program believes that nobody has the register open, forms arriving."""
        self.lose_owner_file()
        self.drop(self.source.randint(0, 2))
        self.work()

    def be_overtaken(self) -> None:
        """Let the program exchange the file under her hands, then go on working and save over it."""
        self.lose_owner_file()
        self.act(1)
        self.drop(1)
        self.pipeline.let_turn(4)
        self.work()

    def lose_owner_file(self) -> None:
        """Take the only sign away that she has the register open."""
        for owner in owners.of(self.day.space.register):
            owner.unlink()

    def act(self, count: int) -> None:
        """Do things."""
        for _ in range(count):
            self.curator.act()

    def save(self) -> None:
        """Save."""
        self.oracle.saved(self.curator.save())
        self.done["save"] += 1

    def known(self) -> set[str]:
        """Return all edits, removals and questions that the program knows of."""
        with contextlib.closing(Journal(self.day.space.journal)) as journal:
            asked = (f"{one.question.key}: {one.question.text}" for one in journal.questions())
            return {*map(str, journal.edits()), *map(str, journal.removed()), *asked}

    # --- forms ----------------------------------------------------------------------------------------------------

    def drop(self, count: int) -> list[Path]:
        """Drop forms: of people not yet known, or corrected ones of people who are; return those dropped."""
        dropped: list[Path] = []
        for _ in range(count):
            known = [mail for mail in self._last if mail not in self._on_the_way]
            if self._people and (not known or self.source.random() < 0.6):
                made = self._people.pop()
                dropped.append(self._drop(self._mail(made), made, made.answers))
            elif known:
                dropped.append(self._correct(self.source.choice(known)))
        return dropped

    def _correct(self, mail: str) -> Path:
        made = self._last[mail]
        columns = [one for one in CORRECTED if one in made.answers]
        changed = {one: f"Факт {self.done['form']}-{one}" for one in self.source.sample(columns, min(2, len(columns)))}
        return self._drop(mail, made, {**made.answers, **changed})

    def _drop(self, mail: str, made: Sample, answers: Mapping[str, str]) -> Path:
        form = self.day.catalog.forms[made.form]
        given = {**answers, **({"people.email": mail} if "people.email" in answers else {})}
        self.done["form"] += 1
        data = form_sheet.make(form, self.day.catalog.organisation, given)
        path = self.day.drop_file(f"{self.done['form']:04} {made.file_name}", data)
        self.oracle.drop(mail, {**given, **{f"{form.sheet}.{key}": value for key, value in form.sets.items()}})
        self._on_the_way.add(mail)
        if "people.email" in answers:
            self._last[mail] = replace(made, answers=given)
        return path

    def _mail(self, made: Sample) -> str:
        """Return the address of the person whose form this is: by it the oracle finds the row."""
        who = tuple(made.answers[f"people.{key}"] for key in ("surname", "name", "patronymic", "birth"))
        return self._mails.setdefault(who, f"teacher{len(self._mails):05}@example.ru")


def _small(root: Path) -> Day:
    """Make a workspace whose register has few empty rows: LibreOffice opens and saves it in half the time."""
    policy = Day(root).space.root / "config/policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("empty_rows: 20", f"empty_rows: {EMPTY_ROWS}"), "utf-8")
    return Day(root)


def figures(play: Play) -> str:
    """Say what a run came to."""
    done = ", ".join(f"{name} {count}" for name, count in sorted(Counter(play.done).items()))
    forms = f"facts in forms {play.oracle.facts}, cells typed {play.oracle.edits}"
    return "\n".join((f"{forms}, lost {len(play.lost)}; {done}", *play.lost))
