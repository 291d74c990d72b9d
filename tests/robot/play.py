"""The running program and the curator in her office program at the same time, forms arriving meanwhile."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import cycle, files, samples
from pipeline.intake import form_sheet
from pipeline.samples import Sample
from tests.office_day import Day
from tests.robot.curator import Curator
from tests.robot.office import Office
from tests.robot.oracle import Oracle

PATIENCE = 60.0
CORRECTED = ("people.post", "people.department", "mentees.request", "mentees.expectations", "mentors.interests")


class Pipeline(threading.Thread):
    """The program as ``nastavnik run`` turns it, only more often."""

    def __init__(self, day: Day) -> None:
        super().__init__(daemon=True)
        self.day = day
        self.turns: list[cycle.Outcome] = []
        self.error: BaseException | None = None
        self._stopping = threading.Event()

    def run(self) -> None:
        """Turn until stopped."""
        try:
            with cycle.Cycle(self.day.space, self.day.catalog, lambda: self.day.now) as office:
                while not self._stopping.wait(0.1):
                    self.turns.append(office.turn(office.look()))
        except BaseException as problem:  # noqa: BLE001 (shown by the thread that waits)
            self.error = problem

    def stop(self) -> None:
        """Stop after the present turn."""
        self._stopping.set()
        self.join(PATIENCE)

    def wait(self, turns: int) -> cycle.Outcome:
        """Wait for whole turns that begin from now on; return what the last one did."""
        wanted, deadline = len(self.turns) + turns + 1, time.monotonic() + PATIENCE
        while len(self.turns) < wanted:
            if self.error:
                raise self.error
            assert time.monotonic() < deadline, "the program does not turn"
            time.sleep(0.02)
        return self.turns[-1]

    def settle(self) -> None:
        """Wait until the program has nothing more to do; nothing may hold it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            outcome = self.wait(2)
            if not (outcome.changed or outcome.unsettled or outcome.held or self.turns[-2].changed):
                return
            assert time.monotonic() < deadline, f"the program never comes to rest: {outcome}"


@dataclass
class Figures:
    """What a run came to."""

    saves: int = 0
    sessions: int = 0
    mere: int = 0
    held_open: int = 0
    unguarded: int = 0
    refused_saves: int = 0
    forms: int = 0
    revisions: int = 0
    edits: int = 0
    facts: int = 0
    seconds: float = 0.0
    actions: Mapping[str, int] = field(default_factory=dict)
    lost_edits: list[str] = field(default_factory=list)
    lost_facts: list[str] = field(default_factory=list)
    false_edits: list[str] = field(default_factory=list)
    written_while_open: list[str] = field(default_factory=list)
    paled: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """Everything that must not happen."""
        lists = (self.lost_edits, self.lost_facts, self.false_edits, self.written_while_open, self.paled)
        return [text for one in lists for text in one]

    def __str__(self) -> str:
        return (
            f"{self.saves} saves in {self.sessions} sessions, {self.edits} cells typed, {self.forms} forms with "
            f"{self.facts} facts, {self.revisions} revisions, {self.mere} mere open-and-saves, "
            f"{self.held_open} times held open, {self.unguarded} times without an owner file, "
            f"{self.refused_saves} saves met a replaced file: "
            f"lost edits {len(self.lost_edits)}, lost facts {len(self.lost_facts)}, "
            f"false edits {len(self.false_edits)}, written while open {len(self.written_while_open)}, "
            f"colours gone {len(self.paled)}; {self.seconds:.0f} s\n{dict(self.actions)}"
        )


class Play:
    """One run in a folder of its own, the same for the same seed but for what the machine's timing makes of it."""

    def __init__(self, folder: Path, office: Office, seed: int, saves: int) -> None:
        self.source = random.Random(seed)
        self.day = Day(folder / "college")
        self.oracle = Oracle()
        self.curator = Curator(office, self.day.space.register, self.day.catalog.layout, self.oracle, self.source)
        self.pipeline = Pipeline(self.day)
        self.figures = Figures()
        self._queue = samples.make(self.day.catalog, 7 * (3 + saves // 25), seed, self.day.now.date())
        self._queue.reverse()
        self._mails: dict[tuple[str, ...], str] = {}
        self._last: dict[str, Sample] = {}
        self._on_the_way: set[str] = set()
        self._wanted = saves

    def run(self) -> Figures:
        """Play until so many saves were made and everything has come to rest."""
        began = time.monotonic()
        self.drop(7)
        self.pipeline.start()
        try:
            while self.figures.saves < self._wanted:
                self.session()
            self.pipeline.settle()
            self.curator.open()
            self.examine()
            self.curator.close()
        finally:
            self.pipeline.stop()
        figures, oracle = self.figures, self.oracle
        return replace(
            figures,
            seconds=time.monotonic() - began,
            refused_saves=self.curator.refused_saves,
            edits=oracle.edits,
            facts=oracle.dropped,
            revisions=max(one.revision for one in self.pipeline.turns),
            actions=self.curator.done,
            lost_edits=oracle.lost_edits,
            lost_facts=oracle.lost_facts,
            paled=self.curator.paled,
        )

    def session(self) -> None:
        """The curator opens the register, works, saves a few times, closes."""
        self.figures.sessions += 1
        calm = self.figures.sessions == 1 or self.source.random() < 0.65
        if calm:
            self.pipeline.settle()
            self.curator.open()
            self.examine()
        else:
            time.sleep(self.source.random())
            self.curator.open()
        kind = self.source.random()
        if calm and kind < 0.12:
            self.merely_save()
        elif calm and kind < 0.35:
            self.hold_open()
        elif kind < 0.65:
            self.work()
        else:
            self.lose_the_owner_file()
            self.work()

    def examine(self) -> None:
        """Everything has come to rest: let the oracle compare."""
        self.oracle.check(self.curator.view)
        self.curator.compare_colours()
        self.curator.busy.clear()
        self._on_the_way.clear()

    def merely_save(self) -> None:
        """Open and save: nobody did anything."""
        before = self.counts()
        self.curator.save()
        self.curator.close()
        self.pipeline.settle()
        self.figures.saves += 1
        self.figures.mere += 1
        if self.counts() != before:
            self.figures.false_edits.append(f"a mere open-and-save: {before} → {self.counts()}")

    def hold_open(self) -> None:
        """Hold the document open while forms arrive and the program turns."""
        register = self.day.space.register
        self.curator.act()
        before = files.digest_of(register)
        self.drop(self.source.randint(1, 3))
        outcome = self.pipeline.wait(4)
        self.figures.held_open += 1
        if files.digest_of(register) != before or not outcome.held:
            self.figures.written_while_open.append(f"session {self.figures.sessions}: {outcome}")
        self.work()

    def lose_the_owner_file(self) -> None:
        """Let the program believe that nobody has the document open: it replaces the file under her hands."""
        for owner in self.day.space.register.parent.glob(".~lock.*#"):
            owner.unlink()
        self.figures.unguarded += 1
        self.drop(self.source.randint(0, 2))

    def work(self) -> None:
        """Do things, save, perhaps again; sometimes close without saving the last of them."""
        for _ in range(self.source.choice((1, 1, 2, 3))):
            for _ in range(self.source.randint(1, 4)):
                self.curator.act()
            if self.source.random() < 0.3:
                self.drop(self.source.randint(1, 3))
            self.curator.save()
            self.figures.saves += 1
            time.sleep(self.source.choice((0, 0.4, 1.2)))
        if self.source.random() < 0.05:
            self.curator.act()
        self.curator.close()

    def counts(self) -> tuple[int, ...]:
        """Return how many edits, removals and questions the program's journal holds."""
        with sqlite3.connect(f"{self.day.space.journal.as_uri()}?mode=ro", uri=True) as journal:
            return tuple(journal.execute(f"SELECT count(*) FROM {one}").fetchone()[0]
                         for one in ("edit", "removal", "question"))  # fmt: skip

    # --- forms ----------------------------------------------------------------------------------------------------

    def drop(self, count: int) -> None:
        """Drop forms: of people not yet known, or corrected ones of people who are."""
        for _ in range(count):
            known = [mail for mail in self._last if mail not in self._on_the_way]
            if self._queue and (not known or self.source.random() < 0.6):
                made = self._queue.pop()
                self._drop(self._mail(made), made, made.answers)
            elif known:
                self._correct(self.source.choice(known))

    def _correct(self, mail: str) -> None:
        made = self._last[mail]
        columns = [one for one in CORRECTED if one in made.answers]
        new = {one: f"Факт {self.figures.forms}-{number}" for number, one in enumerate(columns)}
        changed = {one: new[one] for one in self.source.sample(columns, min(2, len(columns)))}
        self._drop(mail, made, {**made.answers, **changed})

    def _drop(self, mail: str, made: Sample, answers: Mapping[str, str]) -> None:
        form = self.day.catalog.forms[made.form]
        given = {**answers, **({"people.email": mail} if "people.email" in answers else {})}
        self.figures.forms += 1
        name = f"{self.figures.forms:04} {made.file_name}"
        self.day.drop_file(name, form_sheet.make(form, self.day.catalog.organisation, given))
        self.oracle.drop(mail, {**given, **{f"{form.sheet}.{key}": value for key, value in form.sets.items()}})
        self._on_the_way.add(mail)
        if "people.email" in answers:
            self._last[mail] = replace(made, answers=given)

    def _mail(self, made: Sample) -> str:
        """Return the address of the person whose form this is: by it the oracle finds the row."""
        who = tuple(made.answers[f"people.{key}"] for key in ("surname", "name", "patronymic", "birth"))
        return self._mails.setdefault(who, f"teacher{len(self._mails):05}@example.ru")
