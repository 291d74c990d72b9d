"""Random histories of the register and the oracle that judges them (reliability.md 2.2, I3–I8).

A history is a list of (act, seed): forms come in, curators open copies, edit, blank, sort, copy, add and delete rows,
save over each other, answer questions; the program takes its turns, is stopped at any announced write, and saves slip
in between its steps. When all has come to rest the workbook must account for everything that anybody ever wrote.

    python -m tests.register.histories 1000 [first seed]
"""

import io
import itertools
import os
import random
import re
import sys
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from pipeline import files, steps
from pipeline.casework import filled
from pipeline.casework.case import Case, Facts
from pipeline.catalog import Column, Layout, Sheet
from pipeline.cycle import questions
from pipeline.journal import Codes, Journal, Told
from pipeline.ledger import Hand, Ledger
from pipeline.model import Submission
from pipeline.office import cells, register_make
from pipeline.register import exchange, merge, publish, workbook
from pipeline.wording import register as wording
from tests.register.curators import FRESH, QUESTIONS, Copy, Delete, Desk, Write
from tests.register.light_office import LightOffice

NOON = datetime(2026, 11, 22, 12, 0)
LAYOUT = Layout(
    lists={},
    sheets=(
        Sheet(
            key="people",
            title="Люди",
            prefix="Л",
            hint="Люди.",
            label="{surname}",
            added=True,
            columns=(
                Column(key="surname", title="Фамилия"),
                Column(key="post", title="Должность"),
                Column(key="note", title="Примечание", owner="curator"),
                Column(key="state", title="Состояние", owner="program"),
            ),
        ),
        Sheet(
            key="mentors",
            title="Наставники",
            prefix="НК",
            hint="Наставники.",
            label="{hours}",
            added=True,
            columns=(
                Column(key="person", title="Человек", kind="ref", ref="people"),
                Column(key="hours", title="Часы"),
                Column(key="person_name", title="ФИО", owner="program"),
            ),
        ),
        Sheet(
            key="orders",
            title="Приказы",
            prefix="ПК",
            hint="Приказы.",
            label="{kind}",
            added=True,
            removed_as={"decision": "Отменить"},
            columns=(
                Column(key="kind", title="Вид"),
                Column(key="decision", title="Решение", owner="curator"),
                Column(key="number", title="№", after_signing=True),
            ),
        ),
        Sheet(
            key=QUESTIONS,
            title="Вопросы",
            prefix="В",
            hint="Вопросы.",
            label="{text}",
            columns=(
                Column(key="asked", title="Задан", kind="date", owner="program"),
                Column(key="text", title="Вопрос", kind="long", owner="program"),
                Column(key="place", title="Где", kind="link", owner="program"),
                Column(key="options", title="Ответы", owner="program"),
                Column(key="answer", title="Ответ", owner="curator"),
                Column(key="state", title="Состояние", owner="program"),
            ),
        ),
    ),
)
ROOMS = {
    "people": ("surname", "post", "note", "state"),
    "mentors": ("person", "hours", "person_name"),
    "orders": ("kind", "decision", "number"),
}
_ADDED = {"people", "mentors", "orders"}
_MOST_SAVES = 3


class Stop(BaseException):
    """The machine stops here."""


class Wrong(AssertionError):
    """A promise was broken."""


class RealOffice:
    """The office room itself; as every office program does, it never saves the same bytes twice."""

    read = staticmethod(cells.read)

    def __init__(self):
        self._saved = itertools.count(1)

    def apply(self, data, changes):
        made = io.BytesIO(cells.apply(data, changes))
        with zipfile.ZipFile(made, "a") as archive:
            archive.comment = f"save {next(self._saved)}".encode()
        return made.getvalue()


class SmallHouse:
    """The register room at work in a house of four sheets: real journal, ledger, merge, exchange; rules that only copy.

    ``office`` makes, reads and changes workbooks; ``journal`` is ``:memory:`` or a file.
    """

    layout, rooms = LAYOUT, ROOMS

    def __init__(self, folder, office, journal=":memory:"):
        self.path, self.office = folder / "Реестр.xlsx", office
        self._state = folder / "state"
        self._state.mkdir()
        exchange.cells = publish.cells = office.module() if isinstance(office, LightOffice) else cells
        publish.register_make = office if isinstance(office, LightOffice) else register_make
        self.journal = Journal(Path(journal) if journal == ":memory:" else folder / journal)
        self._values = 0
        self.start()
        for key in ("people:1", "people:2", "people:3", "mentors:1", "mentors:2", "orders:1"):
            self.feed(key, random.Random(key))
        self.turn()

    def start(self):
        """Start the program (anew, after it stopped)."""
        catalog = SimpleNamespace(layout=LAYOUT, policy=SimpleNamespace(empty_rows=2, most_rows=99), digest="")
        self.exchange = exchange.Exchange(self.path, self._state, catalog, self.journal, lambda: NOON)

    def accept(self):
        """Let a person say that a save which is held is to be believed."""
        self.exchange.accept()

    def close(self):
        self.journal.close()
        exchange.cells = publish.cells = cells
        publish.register_make = register_make

    # --- what happens -------------------------------------------------------------------------------------------------

    def feed(self, key, rng):
        """Let a form come in: the newest answers of its person."""
        sheet = key.partition(":")[0]
        answers = {}
        for name in {"people": ("surname", "post"), "mentors": ("hours",), "orders": ("kind",)}[sheet]:
            self._values += 1
            answers[f"{sheet}.{name}"] = f"факт{self._values}"
        if sheet == "mentors":
            answers["mentors.person"] = self._ledger()[0].codes.give("people", f"people:{rng.choice('123')}")
        if rng.random() < 0.15 and (shown := self._ledger()[0].rows(sheet)):
            name = rng.choice([name for name in answers if name != "mentors.person"])
            answers[name] = rng.choice(shown)[name.partition(".")[2]] or answers[name]
        received = Submission(0, f"form {self._values}", key, sheet, "", date(2026, 11, 22), "", answers)
        self.journal.record(received, key, Told("", "", ""), datetime(2026, 11, 22))

    def freeze(self, rng):
        """Let an order be signed: its row is frozen as it counts now."""
        ledger, _ = self._ledger()
        if rows := [row for row in ledger.rows("orders") if row["kind"] and row.code not in self.journal.frozen()]:
            row = rng.choice(rows)
            self.journal.settle([], {}, {}, {row.code: dict(row.cells)})

    def turn(self):
        """One turn of the program, as ``pipeline.cycle`` takes it; return whether it wrote and must come again."""
        self.exchange.recover()
        wrote = False
        for _ in range(_MOST_SAVES):
            if self.exchange.unread():
                wanted, codes = self.decide()
                if self.exchange.read_in(wanted, codes, self.journal.frozen().keys()):
                    ledger, codes = self._ledger()
                    questions.carry_out(self.journal, ledger, codes, self.exchange.revision())
            wanted, _ = self.decide()
            standing = self.exchange.publish(self.exchange.plan(wanted))
            wrote = wrote or standing.written
            if not standing.again:
                break
        return SimpleNamespace(written=wrote, again=standing.again, held=standing.held)

    def decide(self):
        """Decide as the cycle does; return what the workbook is to say and the codes."""
        ledger, codes = self._ledger()
        while edits := self._lay(ledger, codes):
            self.journal.edit(self.exchange.revision(), edits)
            ledger, codes = self._ledger()
        for row in ledger.rows("people"):
            ledger.show("people", row.code, {"state": f"состояние {row['surname']}+{row['post']}"})
        for row in ledger.rows("mentors"):
            ledger.show("mentors", row.code, {"person_name": ledger.row("people", row["person"])["surname"]})
        questions.list_all(self.journal, ledger, codes, NOON.date())
        wanted = self.exchange.wanted(ledger.result(), codes)
        self.journal.settle(codes.fresh, {}, {}, {})
        codes.fresh.clear()
        return wanted, codes

    def _ledger(self):
        journal = self.journal
        codes = Codes(journal.codes(), {sheet.key: sheet.prefix for sheet in LAYOUT.sheets})
        ledger = Ledger(LAYOUT, codes, Hand(journal.edits(), frozenset(journal.removed()), journal.frozen()))
        for one in journal.submissions():
            facts = {name.partition(".")[2]: value for name, value in one.answers.items()}
            ledger.propose_by(one.sheet, one.form, facts)
        self.journal.settle(codes.fresh, {}, {}, {})
        codes.fresh.clear()
        return ledger, codes

    def _lay(self, ledger, codes):
        """Lay the forms as the casework does; return the edits that her answers ask for."""
        rows = {}
        for one in self.journal.submissions():
            rows.setdefault((one.sheet, codes.give(one.sheet, one.form)), []).append(one)
        facts = Facts(self.journal.submissions(), seen=self.journal.seen())
        case = Case(ledger, SimpleNamespace(layout=LAYOUT), facts, NOON.date())
        return [change for (sheet, code), forms in rows.items() for change in filled.lay(case, sheet, code, forms)]

    # --- what the oracle asks -----------------------------------------------------------------------------------------

    def facts(self):
        """The newest answer for each cell: (sheet, code, column) → value."""
        codes = {(sheet, key): code for sheet, key, code in self.journal.codes()}
        return {
            (one.sheet, codes[one.sheet, one.form], name.partition(".")[2]): value
            for one in self.journal.submissions()
            if (one.sheet, one.form) in codes
            for name, value in one.answers.items()
        }

    def forms(self):
        return tuple(f"{sheet}:{n}" for sheet, many in (("people", 6), ("mentors", 3), ("orders", 3)) for n in
                     range(1, many + 1))  # fmt: skip


@dataclass(frozen=True)
class Save:
    """One save of a copy: the hash, how much of the copy's log is in it, its lines and what it lacks."""

    sha: str
    copy: Copy
    upto: int
    ids: dict
    deleted: dict


class History:
    """One history being lived in a house; ``live`` does an act, ``end`` lets everything come to rest and judges."""

    def __init__(self, house):
        self.house = house
        self.desk = Desk(house.office, house.layout, house.rooms)
        self.copies = []
        self.saves = []
        self.forgotten = set()  # saves that another person saved over before the program could see them
        self.said = Counter()

    def live(self, act, seed):
        rng = random.Random(seed)
        self.said[act] += 1
        getattr(self, act)(rng)
        self._stamped()

    # --- people -------------------------------------------------------------------------------------------------------

    def form(self, rng):
        self.house.feed(rng.choice(self.house.forms()), rng)

    def sign(self, rng):
        self.house.freeze(rng)

    def open(self, rng):
        if len(self.copies) > 2:
            self.copies.pop(rng.randrange(3))
        self.copies.append(self._opened())

    def _opened(self):
        """A copy of what lies there; one that the program has not read yet goes on the work of who saved it."""
        disk = files.digest_of(self.house.path)
        for save in self.saves:
            if save.sha == disk and not self.house.journal.ingested(disk):
                log = list(save.copy.log[: save.upto])
                return Copy(self.house.path.read_bytes(), dict(save.ids), log, dict(save.deleted), save)
        return self.desk.open(self.house.path.read_bytes())

    def edit(self, rng):
        self.desk.edit(self._copy(rng), rng, list(self.house.facts().values()))

    def fill(self, rng):
        self.desk.fill(self._copy(rng), rng)

    def add(self, rng):
        self.desk.add(self._copy(rng), rng)

    def duplicate(self, rng):
        self.desk.duplicate(self._copy(rng), rng)

    def delete(self, rng):
        self.desk.delete(self._copy(rng), rng)

    def sort(self, rng):
        self.desk.sort(self._copy(rng), rng)

    def answer(self, rng):
        self.desk.answer(self._copy(rng), rng)

    def save(self, rng):
        self._save(self._copy(rng))

    def work(self, rng):
        """Open the newest, change something, save: what she does most."""
        self.open(rng)
        copy = self.copies[-1]
        for _ in range(rng.choice((1, 1, 2))):
            act = rng.choice(("edit", "edit", "edit", "delete", "fill", "answer", "add"))
            more = [list(self.house.facts().values())] if act == "edit" else []
            getattr(self.desk, act)(copy, rng, *more)
        self._save(copy)

    def rivals(self, rng):
        """Two people open the same workbook, change the same cell (or one deletes the row) and save in turn."""
        self.open(rng)
        self.open(rng)
        cell, deleter = rng.choice(list(self.house.facts())), rng.choice((0, 1, 2, 2))
        for number, copy in enumerate(self.copies[-2:]):
            if number == deleter:
                self.desk.delete(copy, rng, *cell[:2])
            else:
                self.desk.change(copy, cell, self.desk.fresh())
            self._save(copy)
            self.turn(rng)

    def withdraw(self, rng):
        """Somebody blanks a cell that she or another had written."""
        self.open(rng)
        hers = [
            (one.sheet, one.code, one.column) for one in self.house.journal.edits() if one.sheet in self.house.rooms
        ]
        if hers:
            self.desk.change(self.copies[-1], rng.choice(hers), "")
            self._save(self.copies[-1])

    def undo(self, rng):
        """She writes, saves, takes it back and saves again, while the workbook is open."""
        copy = self._copy(rng)
        self.desk.edit(copy, rng)
        last = copy.log[-1] if copy.log else None
        self._save(copy)
        self.turn(rng)
        if isinstance(last, Write) and last.code:
            self.desk.change(copy, last.cell, last.before)
            self._save(copy)

    def late(self, rng):
        """A form comes in for a row that somebody is just changing in a copy opened before."""
        self.open(rng)
        copy, known = self.copies[-1], self.house.facts()
        self.house.feed(rng.choice(self.house.forms()[:3]), rng)
        self.turn(rng)
        if new := [cell for cell, value in self.house.facts().items() if known.get(cell) != value]:
            self.desk.change(copy, rng.choice(new), self.desk.fresh())
        self._save(copy)

    def lock(self, rng):
        """An owner file appears or goes."""
        owner = self.house.path.with_name(f"~${self.house.path.name}")
        if owner.exists():
            owner.unlink()
        else:
            owner.write_bytes(b"")
            os.utime(owner, (NOON.timestamp(), NOON.timestamp()))

    def _copy(self, rng):
        if not self.copies:
            self.open(rng)
        return rng.choice(self.copies[-2:])

    def _save(self, copy):
        disk = files.digest_of(self.house.path)
        self.forgotten |= {one.sha for one in self.saves if one.sha == disk and not self.house.journal.ingested(disk)}
        copy.data = self.house.office.apply(copy.data, [])
        _replace(self.house.path, copy.data)
        sha = files.digest(copy.data)
        if all(one.sha != sha for one in self.saves):
            self.saves.append(Save(sha, copy, len(copy.log), dict(copy.ids), dict(copy.deleted)))

    # --- the program --------------------------------------------------------------------------------------------------

    def turn(self, rng):
        locked = any(self.house.path.parent.glob("~$*"))
        before = self.house.path.read_bytes()
        self._turn()
        if locked and self.house.path.read_bytes() != before:
            raise Wrong("written while somebody had it open")

    def crash(self, rng):
        """Stop the program at one of its announcements."""
        self._interrupted(rng, rng.randrange(36), self._stop)

    def slip(self, rng):
        """Let a save slip in between two steps of a turn."""
        copy = self._copy(rng)
        self._interrupted(rng, rng.randrange(30), lambda: self._save(copy))

    def gap(self, rng):
        """Let a save slip in at the worst moment: when the files are about to be exchanged; then perhaps stop."""
        copy = self._copy(rng)
        self.form(rng)
        self._interrupted(rng, "before:register.exchange", lambda: self._save(copy))

    def gap_and_crash(self, rng):
        """As ``gap``, and the program stops as soon as the files have been exchanged."""
        copy = self._copy(rng)
        self.form(rng)
        self._interrupted(rng, "before:register.exchange", lambda: self._save(copy), "after:register.exchange")

    def cut(self, rng):
        """Stop the program right after the exchange of the files."""
        self.form(rng)
        self._interrupted(rng, "after:register.exchange", self._stop)

    def resave(self, rng):
        """When all is at rest, somebody opens and saves without touching anything: nothing comes of it."""
        self._rest()
        facts = self.house.journal.facts()
        self._save(self._opened())
        outcome = self._turn()
        if outcome.written or self.house.journal.facts() != facts:
            raise Wrong("a save without an edit was taken for one")

    def wipe(self, rng):
        """Somebody deletes nearly everything, and later puts the file back."""
        self._rest()
        kept = self.house.path.read_bytes()
        sheet = next(iter(self.house.rooms))
        copy, rows = self.desk.open(kept), [line for line in self.desk.read(kept)[sheet].lines if line.cells]
        if len(rows) <= 3:
            return
        while any(line.cells for line in self.desk.read(copy.data)[sheet].lines):
            copy.deleted.clear()
            self.desk.delete(copy, rng, sheet)
        _replace(self.house.path, copy.data)
        facts = self.house.journal.facts()
        self.house.turn()
        if self.house.path.read_bytes() != copy.data or self.house.journal.facts() != facts:
            raise Wrong("a register that was suddenly half empty was believed")
        _replace(self.house.path, kept)
        self._turn()

    def _stop(self):
        raise Stop

    def _interrupted(self, rng, place, act, stop_at=None):
        count, done = 0, False

        def listen(name):
            nonlocal count, done
            if not done and place in (count, name):
                done = True
                act()
            count += 1
            if done and name == stop_at:
                raise Stop

        steps.listener, quiet = listen, steps.listener
        try:
            self._turn()
        except Stop:
            self.house.start()
        finally:
            steps.listener = quiet

    def _turn(self):
        outcome = self.house.turn()
        if self.house.journal.recall("register.hold"):
            self.house.accept()
            outcome = self.house.turn()
        if held := self.house.journal.recall("register.hold"):
            raise Wrong(f"held although it was accepted: {held}")
        return outcome

    # --- the judge ----------------------------------------------------------------------------------------------------

    def end(self):
        """Let everything come to rest, then ask for everything that anybody wrote."""
        self._rest()
        Verdict(self).judge()

    def _rest(self):
        for owner in self.house.path.parent.glob("~$*"):
            owner.unlink()
        for _ in range(6):
            before = self._state()
            outcome = self._turn()
            if not outcome.again and self._state() == before:
                if outcome.written:
                    raise Wrong("a quiet turn wrote")
                return
        raise Wrong("it never comes to rest")

    def _state(self):
        path = self.house.path
        return files.digest_of(path), path.stat().st_mtime_ns, self.house.journal.facts()

    def _stamped(self):
        """Stamp N on the disk: the journal knows revision N; our own file says what the journal holds."""
        book = self.house.office.read(self.house.path.read_bytes())
        stamp = workbook.read_stamp(book)
        known = self.house.journal.snapshot(stamp.revision) if stamp else None
        if known is None:
            raise Wrong(f"the journal does not know revision {stamp}")
        sha = files.digest_of(self.house.path)
        if any(one.sha == sha for one in self.house.journal.revisions()):
            lines = workbook.read_sheets(book, self.house.layout).tables
            for key, rows in known.items():
                shown = {line.code: line.cells for line in lines[key].lines if line.code and line.cells}
                said = {code: row for code, row in rows.items() if row}
                if {c: r for c, r in shown.items() if c in said} != said:
                    raise Wrong(f"revision {stamp.revision} does not say what the journal holds of {key}")


class Verdict:
    """What is due at the end of a history, and whether it is there."""

    def __init__(self, history):
        house, self.desk, self.rooms = history.house, history.desk, history.house.rooms
        self.layout, self.facts = house.layout, house.facts()
        self.frozen, self.removed = house.journal.frozen(), frozenset(house.journal.removed())
        tables = self.desk.read(house.path.read_bytes())
        self.rows = {
            key: {line.code: line.cells for line in table.lines if line.cells} for key, table in tables.items()
        }
        shown = {row.get("text") for row in self.rows[QUESTIONS].values()}
        asked = house.journal.questions()
        self.asked = [one.question for one in asked if one.question.text in shown]
        self.adopted = {code for _, key, code in house.journal.codes() if key.startswith(merge.TYPED)}
        self.due = []
        counted = {one.sha: one for one in history.saves
                   if one.sha not in history.forgotten or house.journal.ingested(one.sha)}  # fmt: skip
        self.counted = list(counted.values())
        for copy in {id(one.copy): one.copy for one in counted.values()}.values():
            first = _read_before(copy.origin, counted.values())
            versions = [one.upto for one in counted.values() if one.copy is copy]
            for start, end in zip([first, *versions], versions, strict=False):
                self.due += [(copy, one) for one in _net(copy.log[start:end])]
        self.writes = [one for _, one in self.due if isinstance(one, Write)]
        self.deletes = [one for _, one in self.due if isinstance(one, Delete)]
        self._weigh_answers(house, asked)

    def _weigh_answers(self, house, asked):
        """What answers decided: cells with the values they may hold, and rows that may go."""
        codes = {
            key.removeprefix("question:"): code for sheet, key, code in house.journal.codes() if sheet == QUESTIONS
        }
        self.decided, self.let_go = {}, set()
        for one in asked:
            question = one.question
            given = [w.value for w in self.writes if w.sheet == QUESTIONS and w.code == codes.get(question.key)]
            for answer in given:
                if answer == wording.REMOVE:
                    self.let_go.add(question.code)
                elif answer != wording.KEEP and wording.TAKE in question.answers:
                    values = self.decided.setdefault((question.sheet, question.code, question.column), set())
                    values.add(one.offer if answer == wording.TAKE else answer)

    def judge(self):
        for copy, one in self.due:
            if isinstance(one, Delete):
                self._deleted(copy, one)
            elif one.value:
                self._written(copy, one)
            else:
                self._blanked(copy, one)
        self._answers_count()
        self._nothing_doubled()
        self._facts_stand()
        self._nothing_else_stands()

    def _insists(self, one, other):
        """Tell whether a copy may say again what another has blanked: it has not seen that."""
        again = sum(save.copy is one for save in self.counted) > 1
        return again or self._stamp(one) == self._stamp(other)

    def _stamp(self, copy):
        return workbook.read_stamp(self.desk.office.read(copy.data))

    def _written(self, copy, one):
        """Her value stands, was replaced by somebody who saw it, is asked about, or went with a row she deleted."""
        column = self.layout.sheet(one.sheet).column(one.column)
        code = "" if one.code in self.desk.doubled else one.code
        held = [row.get(one.column, "") for c, row in self.rows[one.sheet].items() if not code or c == code]
        fine = (
            one.value in held
            or any(w.before == one.value and w is not one for w in self._about(one, self.writes))
            or any(self._asks(question, one, column) for question in self.asked)
            or any(d.cells.get(one.column) == one.value for d in self.deletes if self._same(d, one))
            or self._answered(one, held)
            or one.code in self.let_go
            or (not one.code and self.desk.doubled & self.let_go)
        )
        if not fine:
            raise Wrong(f"lost: {one}; the row says {self.rows[one.sheet].get(one.code)}")

    def _answered(self, one, held):
        """Tell whether an answer put something else into the cell (of whatever row, while hers has no code)."""
        values = (put for cell, put in self.decided.items() if self._same(Write(0, *cell, "", ""), one)
                  and cell[2] == one.column)  # fmt: skip
        return any(value in held for put in values for value in put)

    def _asks(self, question, one, column):
        place = column.owner == "program" or not question.column or question.column == one.column
        return place and _names(question.text, one.value)

    def _blanked(self, copy, one):
        """What she blanked stands no more, unless it is what the program knows or somebody else insists on it."""
        column = self.layout.sheet(one.sheet).column(one.column)
        if not one.code or one.code in {*self.desk.doubled, *self.frozen} or column.owner == "program":
            return
        value = self.rows[one.sheet].get(one.code, {}).get(one.column, "")
        fine = (
            value != one.before
            or self.facts.get(one.cell) == value
            or one.cell in self.decided
            or self._wrote_again(copy, one, value)
            or any(
                other.value == value and self._insists(where, copy)
                for where, other in self.due
                if isinstance(other, Write) and where is not copy and other in self._about(one, self.writes)
            )
            or any(self._asks(question, replace(one, value=value), column) for question in self.asked)
            or any(question.code == one.code and not question.column for question in self.asked)
        )
        if not fine:
            raise Wrong(f"not handed back: {one}")

    def _wrote_again(self, copy, one, value):
        """Tell whether she herself, in the same copy, wrote a value back after she had blanked it."""
        hers = [act for where, act in self.due if where is copy]
        return any(isinstance(act, Write) and (act.cell, act.value) == (one.cell, value)
                   for act in hers[hers.index(one) + 1 :])  # fmt: skip

    def _deleted(self, copy, one):
        """What she deleted is gone, cancelled or asked about.

        A row begun in one save of a revision and deleted in the next may stand: that save is no different from one of
        somebody who never saw the row.
        """
        row = self.rows[one.sheet].get(one.code)
        cancelled = self.layout.sheet(one.sheet).removed_as
        fine = (
            not one.code
            or one.code in self.desk.doubled
            or row is None
            or (cancelled and all(row.get(key) == value for key, value in cancelled.items()))
            or any(q.code == one.code and (not q.column or _names(q.text, cancelled.get(q.column))) for q in self.asked)
            or any(w.before == cancelled.get(w.column) for w in self.writes if w.code == one.code)
            or any(w.line == one.line and w.code == one.code and not w.before for w in self.writes if not one.cells)
            or any(w.line == one.line and not w.code for w in self.writes)
        )
        if not fine:
            raise Wrong(f"came back: {one}")

    def _answers_count(self):
        """A value of her own, given as an answer, stands in its cell, unless the cell was written to besides."""
        for (sheet, code, column), values in self.decided.items():
            row = self.rows[sheet].get(code)
            if row is None or code in self.frozen or len(values) > 1:
                continue
            [value] = values
            if (
                value.startswith(FRESH)
                and row.get(column) != value
                and not self._overruled((sheet, code, column), value)
            ):
                raise Wrong(f"an answer was not carried out: {(sheet, code, column)} says {row}, not «{value}»")

    def _overruled(self, cell, value):
        about = self._about(Write(0, *cell, "", ""), self.writes)
        return any(w.before == value for w in about) or any(
            one.code == cell[1] and _names(one.text, value) for one in self.asked
        )

    def _nothing_doubled(self):
        """A value nobody ever wrote before stands in no more rows than she wrote it into.

        Rows without a code of their own in several copies of one revision may stand twice (reliability.md 2.6).
        """
        stamps = Counter(self._stamp(copy) for copy in {id(one.copy): one.copy for one in self.counted}.values())
        if self.desk.doubled or max(stamps.values(), default=0) > 1:
            return
        for sheet, keys in self.rooms.items():
            for column in (key for key in keys if self.layout.sheet(sheet).column(key).owner != "program"):
                for value, number in Counter(row.get(column, "") for row in self.rows[sheet].values()).items():
                    lines = {w.line for w in self.writes if (w.sheet, w.column, w.value) == (sheet, column, value)}
                    if value.startswith(FRESH) and value not in self.facts.values() and number > max(len(lines), 1):
                        raise Wrong(f"«{value}» stands {number} times in «{column}», written {len(lines)} times")

    def _facts_stand(self):
        for (sheet, code, key), value in self.facts.items():
            row, cell = self.rows[sheet].get(code), (sheet, code, key)
            if row is None:
                if code not in self.let_go and not any(self._same(d, Delete(0, sheet, code, {})) for d in self.deletes):
                    raise Wrong(f"the row of a form is lost: {cell} {value}")
                continue
            found = row.get(key, "")
            if found == value or code in self.frozen:
                continue
            about = self._about(Write(0, *cell, "", ""), self.writes)
            told = [q for q in self.asked if q.code == code]
            asked = any(not q.column or (q.column == key and _names(q.text, value)) for q in told)
            seen = any(w.before == value for w in about) or cell in self.decided or self._deleted_twin(cell, value)
            if found not in self._hers(cell) or not (asked or seen):
                raise Wrong(f"a fact is lost: {cell} says «{found}», not «{value}»")

    def _deleted_twin(self, cell, value):
        """Tell whether she deleted a line that said a value, when its code stood twice: the other is the row now."""
        sheet, code, key = cell
        gone = (one.cells.get(key) for one in self.deletes if one.sheet == sheet)
        return code in self.desk.doubled and value in gone

    def _nothing_else_stands(self):
        """Every cell of a form or a curator holds the newest fact or something that somebody wrote."""
        for sheet, keys in self.rooms.items():
            columns = [c for c in map(self.layout.sheet(sheet).column, keys) if c.owner != "program"]
            for code, row in self.rows[sheet].items():
                for column in columns:
                    cell, value = (sheet, code, column.key), row.get(column.key, "")
                    known = {"", self.facts.get(cell), self.frozen.get(code, {}).get(column.key),
                             self.layout.sheet(sheet).removed_as.get(column.key)}  # fmt: skip
                    if value not in known and value not in self._hers(cell):
                        raise Wrong(f"nobody wrote «{value}» into {cell}")
        for code in self.removed - self.adopted:
            if not any(d.code in {code, ""} for d in self.deletes) and code not in self.let_go:
                raise Wrong(f"nobody deleted {code}")

    def _hers(self, cell):
        sheet, code, column = cell
        writes = self._about(Write(0, sheet, code, column, "", ""), self.writes)
        texts = [one.text for one in self.asked if (one.sheet, one.code, one.column) == cell]
        taken_back = {w.before for w in writes if any(_names(text, w.before) for text in texts)}
        return ({w.value for w in writes} | taken_back | self.decided.get(cell, set())) - {""}

    def _about(self, one, writes):
        """The writes that may be about the same cell."""
        return [w for w in writes if w.sheet == one.sheet and w.column == one.column and self._same(w, one)]

    def _same(self, one, other):
        vague = {one.code, other.code} & {"", *self.desk.doubled}
        return one.sheet == other.sheet and (one.code == other.code or bool(vague))


def _read_before(save, counted):
    """How much of a copy's log the program had read in earlier saves, when it was opened from ``save``."""
    if save is None:
        return 0
    read = [one.upto for one in counted if one.copy is save.copy and one.upto <= save.upto]
    return max(read) if read else _read_before(save.copy.origin, counted)


def _names(text, value):
    return bool(value) and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


def _net(log):
    """What a stretch of a copy's log comes to: for each cell the first and the last value; then the deleted lines."""
    found, gone = {}, []
    for one in log:
        if isinstance(one, Delete):
            gone.append(one)
        else:
            first = found.get((one.line, one.column), one)
            found[one.line, one.column] = Write(*(one.line, one.sheet, one.code), one.column, one.value, first.before)
    lines = {one.line for one in gone}
    return [w for w in found.values() if w.value != w.before and w.line not in lines] + gone


def _replace(path, data):
    """Save as an office program does: beside, then over."""
    beside = path.with_name("lu4711.tmp")
    beside.write_bytes(data)
    beside.replace(path)


# --- running them -----------------------------------------------------------------------------------------------------

ACTS = (
    *("form",) * 4, *("work",) * 6, *("open",) * 2, *("edit",) * 4, *("save",) * 5, *("turn",) * 6, "fill", "add",
    "duplicate", "delete", "sort", "answer", "lock", *("slip",) * 2, *("crash",) * 2, "gap", "gap_and_crash", "cut",
    "resave", "sign", "wipe", "undo", *("rivals",) * 2, *("late",) * 2,
    "withdraw", "answer",
)  # fmt: skip


def draw(seed, least=5, most=14):
    """The history of a seed."""
    rng = random.Random(seed)
    return [(rng.choice(ACTS), rng.randrange(10**6)) for _ in range(rng.randint(least, most))]


def live(house, acts):
    """Live a history to its end; what the guard against mass changes holds is accepted and judged like the rest."""
    history = History(house)
    for act, seed in acts:
        history.live(act, seed)
    history.end()


def light(acts):
    """Live a history on workbooks that weigh nothing; nothing need reach the disk itself, nobody is waited for."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(os, "fsync", lambda _: None), in_haste():
        _live_in(SmallHouse(Path(folder), LightOffice()), acts)


def heavy(acts):
    """Live a history on real workbooks and a journal on the disk."""
    with tempfile.TemporaryDirectory() as folder, in_haste():
        _live_in(SmallHouse(Path(folder), RealOffice(), "journal.sqlite3"), acts)


def in_haste():
    """Owner files do not flicker here, so nobody waits to see whether they do."""
    return mock.patch.multiple(exchange, _BETWEEN_LOOKS=0, _AFTER_CLOSING=0)


def _live_in(house, acts):
    try:
        live(house, acts)
    finally:
        house.close()


def broken(run, acts):
    """What is broken by a history, ``""`` when nothing is."""
    try:
        run(acts)
    except Exception as problem:  # noqa: BLE001 (whatever it is, it is what broke)
        return f"{type(problem).__name__}: {problem}"
    return ""


def shortest(run, acts):
    """A history that breaks something, with every act left out that it does not need."""
    for place in reversed(range(len(acts))):
        fewer = [*acts[:place], *acts[place + 1 :]]
        if broken(run, fewer):
            return shortest(run, fewer)
    return acts


def prove(run, seeds):
    """Live the histories of ``seeds``; raise ``Wrong`` with the shortest one of the first that breaks something."""
    for seed in seeds:
        try:
            run(draw(seed))
        except Exception as problem:
            few = shortest(run, draw(seed))
            raise Wrong(f"seed {seed}: {problem}; in short: {broken(run, few)}\n{few}") from problem


def main(number, first=0):
    print(merge.__file__)
    prove(light, range(first, first + number))
    print(f"{number} histories, nothing lost and nothing invented")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
