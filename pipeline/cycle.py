"""One turn: take in → read her edits → decide → publish. The map of the whole program.

Each step first looks whether it is already done, so a turn cut short anywhere is healed by the next one. Deciding is
pure over what the journal holds; what it decides once and for ever is committed before anything shows it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from pipeline import casework, fields, files, owners, setup
from pipeline.catalog import Catalog, SetupMistake, load
from pipeline.documents import check, drafts
from pipeline.documents.outbox import Issued, Step
from pipeline.documents.russian import Case
from pipeline.intake import blanks, form_sheet
from pipeline.intake.folder import Lookout, Sight
from pipeline.intake.reception import Reception
from pipeline.journal import Asked, Codes, Journal, Paper
from pipeline.ledger import Hand, Ledger
from pipeline.model import Row, plain_name
from pipeline.register import exchange, publish, workbook
from pipeline.reports import pages
from pipeline.wording import commands as say
from pipeline.wording import pages as page
from pipeline.wording import register as register_say
from pipeline.workspace import Workspace

Clock = Callable[[], datetime]

_MOST_ROUNDS = 6
"""How often rules may have something new to commit in one turn before that counts as a bug."""


@dataclass
class Outcome:
    """What one turn did and what now waits for people."""

    taken: int = 0
    returned: int = 0
    refused: int = 0
    papers: Sequence[str] = ()
    revision: int = 0
    written: bool = False
    held: str = ""
    questions: int = 0
    turns: int = 0
    unsettled: int = 0
    mistakes: Sequence[str] = ()

    @property
    def changed(self) -> bool:
        """Tell whether the turn did anything that a person could notice."""
        return bool(self.taken or self.papers or self.written)

    @property
    def waits(self) -> bool:
        """Tell whether something waits for a person."""
        return bool(self.questions or self.turns or self.held or self.returned or self.refused)

    def sentences(self) -> list[str]:
        """Say in Russian what was done and what waits."""
        lines = [*self.mistakes, say.done(self.taken, self.returned, self.refused, len(self.papers))]
        if self.written:
            lines.append(say.register_written(self.revision))
        if self.held:
            lines.append(say.register_waits(self.held))
        lines.append(say.waiting(self.questions, self.turns) if self.waits else say.all_done())
        return lines


@dataclass(frozen=True)
class Decided:
    """What should exist now: the register in memory and the documents rendered from it."""

    ledger: Ledger
    codes: Codes
    wanted: publish.Wanted
    papers: drafts.Plan


class Cycle:
    """The work on one workspace. A context manager; the caller holds the workspace for one instance."""

    def __init__(self, space: Workspace, catalog: Catalog, clock: Clock) -> None:
        self._space = space
        self._clock = clock
        self._set_up = setup.sign(space)
        files.make_folders(space.folders())
        files.sweep([space.inbox, space.outbox, space.archive, space.state])
        self._journal = Journal(space.journal)
        self._lookout = Lookout(space)
        self._reception = Reception(space, catalog, self._journal, clock)
        self._exchange = exchange.Exchange(space.register, space.state, catalog, self._journal, clock)
        self._use(catalog)

    def __enter__(self) -> Cycle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reception.__exit__(kind, problem, trace)
        self._journal.close()

    def look(self) -> Sight:
        """Look at the folders once; what two looks agree on can be taken."""
        return self._lookout.look(self._own())

    def _own(self) -> dict[str, str]:
        """Return the program's own files that people may fill or drop: path in the workspace → hash."""
        own = {put.path: put.sha for put in self._journal.puts().values()}
        return own | {paper.path: paper.sha for paper in self._journal.papers() if paper.path.endswith(".xlsx")}

    def refresh(self) -> None:
        """Take up changed settings and templates; with mistakes in the settings, go on with the old ones and say so."""
        sign = setup.sign(self._space)
        if sign == self._set_up:
            return
        self._set_up = sign
        try:
            self._use(load(self._space.root))
        except SetupMistake as mistake:
            self.mistakes = mistake.mistakes

    def _use(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._reception.catalog = catalog
        self._exchange.catalog = catalog
        self.mistakes = tuple(check.mistakes(catalog))

    def lay_blanks(self) -> None:
        """Make every blank form that is missing or out of date."""
        blanks.lay(self._space, self.catalog, self._journal)

    def turn(self, sight: Sight, tick: Callable[[], None] = lambda: None) -> Outcome:
        """Do everything that can be done now with what was seen; return what was done and what waits."""
        self.refresh()
        reception = self._reception
        reception.recover()
        late = self._late(sight.partial)
        for path in (*sight.settled, *late):
            reception.take(path)
        reception.work(tick)
        count = reception.settle_count()
        self.lay_blanks()
        outcome = Outcome(count.taken, count.returned, count.refused, unsettled=sight.unsettled)
        outcome.mistakes = self.mistakes
        self._exchange.recover()
        if self._journal.recall("quiet") == self._sign():
            self._recall(outcome)
        else:
            self._decide_and_publish(outcome)
        self._lay_fate_page([path for path in sight.partial if path not in late])
        return outcome

    def _late(self, partial: Sequence[Path]) -> list[Path]:
        """Return the files that have been partial for so long that nobody is copying them any more."""
        now, known = self._clock(), json.loads(self._journal.recall("partial") or "{}")
        names = {path: plain_name(path.name) for path in partial}
        since = {name: known.get(name, now.isoformat()) for name in names.values()}
        if since != known:
            self._journal.remember("partial", json.dumps(since, ensure_ascii=False))
        patience = timedelta(minutes=self.catalog.policy.patience_minutes)
        return [path for path in partial if now - datetime.fromisoformat(since[names[path]]) >= patience]

    def _decide_and_publish(self, outcome: Outcome) -> None:
        if self._exchange.unread():
            before = self._decide(papers=False)
            if self._exchange.read_in(before.wanted, before.codes, self._journal.frozen().keys()):
                self._carry_out_replies()
        decided = self._decide()
        standing = self._exchange.write(decided.wanted)
        outcome.written, outcome.held, outcome.revision = standing.written, standing.held, standing.revision
        outcome.papers = self._issue(decided.papers)
        open_questions = [row for row in decided.ledger.rows("questions") if row["state"] == register_say.OPEN]
        turns = [row for sheet in ("pairs", "orders") for row in decided.ledger.rows(sheet) if row["turn"]]
        outcome.questions, outcome.turns = len(open_questions), len(turns)
        self._lay_state_pages(decided, standing, open_questions, turns)
        if not standing.again:
            self._journal.remember("quiet", self._sign())
            self._journal.remember("waiting", f"{outcome.questions} {outcome.turns} {outcome.revision}")
            self._journal.remember("held", standing.held)

    def _recall(self, outcome: Outcome) -> None:
        """Fill in what the last full turn found; nothing has changed since."""
        questions, turns, revision = (int(part) for part in self._journal.recall("waiting").split())
        outcome.questions, outcome.turns, outcome.revision = questions, turns, revision
        outcome.held = self._journal.recall("held")

    def _sign(self) -> str:
        """Return a text that is the same as long as nothing that decides anything has changed."""
        sign = hashlib.sha256()
        facts = (
            self._journal.facts(),
            self.catalog.digest,
            self.mistakes,
            self._clock().date(),
            self._exchange.sign(),
        )
        for part in facts:
            sign.update(f"{part}\0".encode())
        for path in sorted(self._space.outbox.rglob("*.*")):
            look = path.stat()
            sign.update(f"{path}\0{look.st_size}\0{look.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
        for folder in (self._space.returned, self._space.unknown):
            sign.update(f"{len(list(folder.iterdir()))}\0".encode())
        return sign.hexdigest()

    # --- deciding -------------------------------------------------------------------------------------------------

    def _decide(self, *, papers: bool = True) -> Decided:
        """Decide until the rules have nothing new to commit; return what should exist.

        Without ``papers`` none is rendered: enough to see what a save of hers changed.
        """
        for _ in range(_MOST_ROUNDS):
            ledger, codes = self._ledger()
            decision = casework.decide(ledger, self.catalog, self._facts(), self._clock().date())
            if not (decision.persons or decision.closes or decision.freezes or decision.edits):
                return self._finish(ledger, codes, self._plan(ledger) if papers else drafts.Plan())
            self._journal.settle(codes.fresh, decision.persons, decision.closes, decision.freezes)
            if decision.edits:
                self._journal.edit(self._exchange.revision(), decision.edits)
        raise RuntimeError("the rules never come to rest")

    def _ledger(self) -> tuple[Ledger, Codes]:
        journal = self._journal
        codes = Codes(journal.codes(), {sheet.key: sheet.prefix for sheet in self.catalog.layout.sheets})
        hand = Hand(journal.edits(), journal.removed(), journal.frozen())
        return Ledger(self.catalog.layout, codes, hand), codes

    def _facts(self) -> casework.Facts:
        published = self._exchange.published()
        return casework.Facts(
            submissions=self._journal.submissions(),
            closed=self._journal.closed(),
            published_orders={code: row.get("order", "") for code, row in published.get("pairs", {}).items()},
            seen=self._journal.seen(),
        )

    def _plan(self, ledger: Ledger) -> drafts.Plan:
        """Render what is due, and plan what is to be done about it in the outbox."""
        self._recall_words(ledger)
        desk = drafts.Desk(
            issued=[Issued(*astuple(paper)) for paper in self._journal.papers()],
            look=lambda path: files.digest_of(self._space.root / path),
            today=self._clock().date(),
            make_form=self._make_form,
        )
        return drafts.plan(self.catalog, ledger.result(), desk)

    def _finish(self, ledger: Ledger, codes: Codes, plan: drafts.Plan) -> Decided:
        """Mark the rows with what came of their papers, and list the questions."""
        self._recall_words(ledger)
        for mark in plan.marks:
            self._mark(ledger, mark)
        for doubt in plan.doubts:
            code = codes.give("declensions", doubt.word)
            ledger.propose("declensions", code, {"word": doubt.word, **doubt.forms})
            ledger.show("declensions", code, {"doubt": doubt.doubt})
        for question in (*plan.questions, *workbook.unreadable(self.catalog.layout, ledger.result())):
            ledger.ask(question)
        self._ask(ledger, codes)
        wanted = self._exchange.wanted(ledger.result(), codes)
        self._journal.settle(codes.fresh, {}, {}, {})
        codes.fresh.clear()
        return Decided(ledger, codes, wanted, plan)

    def _recall_words(self, ledger: Ledger) -> None:
        """Lay the word forms shown so far: a form that she confirmed is in doubt no more, and still needed."""
        words = {"word", *(case.value for case in Case)}
        for code, row in self._exchange.published().get("declensions", {}).items():
            ledger.propose("declensions", code, {key: text for key, text in row.items() if key in words})

    def _make_form(self, name: str, given: Mapping[str, str]) -> bytes:
        """Make the form that lies beside a document; ``given`` are answers by the keys of its fields."""
        form = self.catalog.forms[name]
        answers = {one.column: given[one.key] for one in form.fields if one.key in given}
        return form_sheet.make(form, self.catalog.organisation, answers)

    @staticmethod
    def _mark(ledger: Ledger, mark: drafts.Mark) -> None:
        missing = "; ".join(part for part in (ledger.row(mark.sheet, mark.code)["missing"], mark.note) if part)
        ledger.show(mark.sheet, mark.code, {mark.column: mark.path, **({"missing": missing} if mark.note else {})})

    def _ask(self, ledger: Ledger, codes: Codes) -> None:
        """Give every question its row. A rule's is solved when the rule asks it no more, an event's by any answer."""
        now = self._clock().date()
        known = {one.question.key: one.question for one in self._journal.questions()}
        fresh = [one for one in ledger.questions.values() if known.get(one.key) != one]
        if fresh:
            self._journal.ask(fresh, now, event=False)
        asked = self._journal.questions()
        for one in asked:
            question = one.question
            code = codes.give("questions", f"question:{question.key}")
            answered = bool(ledger.row("questions", code)["answer"])
            solved = answered if one.event else question.key not in ledger.questions
            cells = {
                "asked": one.asked.isoformat(),
                "text": question.text,
                "place": publish.place(self.catalog.layout, question.sheet, question.code, question.column),
                "options": " / ".join(question.answers),
                "state": register_say.SOLVED if solved else register_say.OPEN,
            }
            ledger.show("questions", code, cells)

    def _carry_out_replies(self) -> None:
        """Carry out what she answered to questions that a save of hers raised; each answer once."""
        ledger, codes = self._ledger()
        for one in self._journal.questions():
            reply = ledger.row("questions", codes.give("questions", f"question:{one.question.key}"))["answer"]
            if one.event and reply != one.reply:
                self._reply(one, fields.fold(reply), reply)
                self._journal.carried_out(one.question.key, reply)

    def _reply(self, one: Asked, folded: str, reply: str) -> None:
        """Carry out one answer: keep, take the other value, remove the row, or her own value."""
        question, revision = one.question, self._exchange.revision()
        if folded == register_say.REMOVE and question.code:
            self._journal.remove(question.sheet, question.code, revision)
        elif folded == register_say.TAKE:
            self._journal.edit(revision, [(question.sheet, question.code, question.column, one.offer or None)])
        elif folded not in {"", register_say.KEEP, register_say.SEEN} and register_say.TAKE in question.answers:
            self._journal.edit(revision, [(question.sheet, question.code, question.column, reply)])

    # --- publishing documents and pages ---------------------------------------------------------------------------

    def _issue(self, plan: drafts.Plan) -> list[str]:
        """Carry out a plan of papers one by one: the intent with name and hash, the file, the mark."""
        return [action.step.path for action in plan.actions if self._carry_out(action.step, action.data)]

    def _carry_out(self, step: Step, data: bytes) -> bool:
        """Do one step in the outbox unless somebody came between; return whether a file was laid."""
        path = self._space.root / step.path
        if (step.lay or step.displaced) and (files.digest_of(path) != step.displaced or any(owners.of(path))):
            return False
        if step.before:
            self._journal.issue(map(_paper, step.before), (), self._clock())
        if step.displaced and not files.remove_if(path, step.displaced):
            return False
        if step.lay and not files.publish(path, data):
            return False
        self._journal.issue(map(_paper, step.after), step.forget, self._clock())
        return step.lay

    def _lay_fate_page(self, partial: Sequence[Path]) -> None:
        since = self._clock() - timedelta(days=self.catalog.policy.page_days)
        names = [plain_name(path.name) for path in partial]
        files.replace(self._space.fate_page, pages.fate(self._journal.arrivals(since), names))

    def _lay_state_pages(
        self, decided: Decided, standing: exchange.Standing, questions: Sequence[Row], turns: Sequence[Row]
    ) -> None:
        state = replace(self._state(standing, questions, turns), setup=(*self.mistakes, *self._late_mistakes(decided)))
        for path in self._space.state_pages:
            files.replace(path, pages.state(state))
        lines = (*state.setup, *state.register, *state.questions, *state.turns, *state.files, *state.papers)
        self._journal.remember("status", "\n".join(lines))

    def _late_mistakes(self, decided: Decided) -> list[str]:
        """Return mistakes in templates that only a real row brought to light."""
        return [text for text in decided.papers.mistakes if text not in self.mistakes]

    def _state(self, standing: exchange.Standing, questions: Sequence[Row], turns: Sequence[Row]) -> pages.State:
        returned, unknown = (sum(1 for _ in folder.iterdir()) for folder in (self._space.returned, self._space.unknown))
        waiting = [page.returned_files(returned)] * bool(returned) + [page.unknown_files(unknown)] * bool(unknown)
        return pages.State(
            register=[standing.held] if standing.held else [page.register_published(standing.revision, standing.at)],
            questions=[page.question_where(row.code, row["text"]) for row in questions],
            turns=[page.turn(row["turn"], row.code, row["missing"]) for row in turns],
            files=waiting,
            papers=sorted(
                one.path.partition("/")[2]
                for one in self._journal.papers()
                if one.path.endswith(".docx") and (self._space.root / one.path).is_file()
            ),
        )

    def status(self) -> list[str]:
        """Say how things stood after the last turn, as the state page does."""
        return self._journal.recall("status").splitlines()


def _paper(issued: Issued) -> Paper:
    return Paper(*astuple(issued))
