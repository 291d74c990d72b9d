"""Decides what should exist now: the register in memory, its questions, the papers rendered from it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from functools import cache

from pipeline import casework, files, tokens
from pipeline.catalog import Catalog
from pipeline.cycle import agenda, questions
from pipeline.cycle.agenda import Agenda
from pipeline.documents import drafts, records
from pipeline.documents.outbox import Issued
from pipeline.documents.records import Record
from pipeline.documents.russian import Case
from pipeline.erasure import DONE, Erasure
from pipeline.intake import form_sheet
from pipeline.journal import Codes, Journal, Snapshot
from pipeline.ledger import Hand, Ledger
from pipeline.model import Cells, Printed
from pipeline.office import word
from pipeline.pile import Pile
from pipeline.register import publish, workbook
from pipeline.register.exchange import Exchange
from pipeline.wording import erasing as erasing_say
from pipeline.workspace import Workspace

_MOST_ROUNDS = 6
"""How often rules may have something new to commit in one turn before that counts as a bug."""

_GROWING = ("declensions", "questions")
"""The sheets that grow by what making the papers finds."""

_PUT_OFF = "papers.put_off"
"""Where the journal keeps which papers wait, so that they are known as new after a restart too."""

_SECRET, _SECRET_BYTES = "secret", 16
"""Where the journal keeps this register's secret, and how long it is."""


@dataclass(frozen=True)
class News:
    """What is left for people when the register is let go: what waits, the papers to lay, how many are put off."""

    agenda: Agenda
    papers: drafts.Plan
    put_off: int


@dataclass(frozen=True)
class Decided:
    """What should exist now: the register in memory, what its workbook is to say, the papers rendered from it."""

    ledger: Ledger
    codes: Codes
    wanted: publish.Wanted
    papers: drafts.Plan

    @property
    def news(self) -> News:
        """What remains to be told and laid when the register has been written."""
        papers = replace(self.papers, marks=(), questions=(), doubts=(), off=())
        return News(agenda.read(self.ledger), papers, len(self.papers.off))


@dataclass(frozen=True)
class Surroundings:
    """What the world gives: the moment, and as many random bytes as are asked for."""

    clock: Callable[[], datetime]
    chance: Callable[[int], bytes] = secrets.token_bytes


@dataclass(frozen=True)
class _Shown:
    """What is needed of the revision that was published last: each pair's order, the word forms, the rows there are."""

    orders: Mapping[str, str]
    words: Mapping[str, Cells]
    codes: frozenset[str]


class Decider:
    """Lets the rules of one workspace decide over its journal; commits what they decide once and for ever."""

    def __init__(
        self, space: Workspace, catalog: Catalog, journal: Journal, exchange: Exchange, surroundings: Surroundings
    ) -> None:
        self.catalog = catalog
        self._space = space
        self._journal = journal
        self._exchange = exchange
        self._clock = surroundings.clock
        self._chance = surroundings.chance
        self._memory = drafts.Memory()
        self._digests = files.Digests()
        self.erasures: Callable[[], Sequence[Erasure]] = tuple
        self.outbox_there: Callable[[], bool] = lambda: True
        self.papers_are_over: Callable[[], bool] = lambda: False
        self.pdf: Callable[[str], str] = lambda _docx: ""
        self.read_pdf: Callable[[str], bytes] = lambda _docx: b""

    def decide(self, *, papers: bool = True) -> Decided:
        """Decide until the rules have nothing new to commit; return what should exist.

        Without ``papers`` none is rendered: enough to see what a save of hers changed.
        """
        shown = _shown(self._exchange.published())
        for _ in range(_MOST_ROUNDS):
            ledger, codes = self._ledger()
            decision = casework.decide(ledger, self.catalog, self._facts(shown), self._clock().date())
            if decision.rests:
                _recall_words(ledger, shown)
                ledger.seal(but=_GROWING)
                return self._finish(ledger, codes, self._plan(ledger, shown) if papers else drafts.Plan())
            self._journal.settle(codes.fresh, decision.persons, decision.closes, decision.freezes)
            self._journal.print_sheets([replace(one, token=self._token(one)) for one in decision.sheets])
            self._journal.name_scans(decision.scans)
            if decision.edits:
                self._journal.edit(self._exchange.revision(), decision.edits)
        raise RuntimeError("the rules never come to rest")

    def look(self) -> Ledger:
        """Return the register as it stands, committing nothing."""
        ledger, _ = self._ledger()
        shown = _shown(self._exchange.published())
        casework.decide(ledger, self.catalog, self._facts(shown), self._clock().date())
        _recall_words(ledger, shown)
        return ledger

    def carry_out_replies(self) -> None:
        """Carry out what she answered to questions that a save of hers raised."""
        ledger, codes = self._ledger()
        questions.carry_out(self._journal, ledger, codes, self._exchange.revision())

    def _ledger(self) -> tuple[Ledger, Codes]:
        journal = self._journal
        codes = Codes(journal.codes(), {sheet.key: sheet.prefix for sheet in self.catalog.layout.sheets})
        hand = Hand(journal.edits(), frozenset(journal.removed()), journal.frozen())
        return Ledger(self.catalog.layout, codes, hand), codes

    def _facts(self, shown: _Shown) -> casework.Facts:
        return casework.Facts(
            submissions=self._journal.submissions(),
            closed=self._journal.closed(),
            published_orders=shown.orders,
            seen=self._journal.seen(),
            removed=self._journal.removed(),
            printed=self._journal.printed(),
            scans=self._journal.scans(),
            erasures={one.code: _told(one) for one in self.erasures()},
        )

    def _token(self, sheet: Printed) -> str:
        """Return the code of a sheet that has none yet: what stands on it, hashed under this register's own secret."""
        secret = self._journal.recall(_SECRET)
        if not secret:
            secret = self._chance(_SECRET_BYTES).hex()
            self._journal.remember(_SECRET, secret)
        return tokens.make(bytes.fromhex(secret), ":".join((sheet.person, sheet.kind, sheet.year)))

    def _plan(self, ledger: Ledger, shown: _Shown) -> drafts.Plan:
        """Render what is due, and plan what is to be done about it in the outbox.

        While the outbox is away everything counts as lying there as it was laid, and nothing is to be done.
        """
        issued = [Issued(*astuple(paper)) for paper in self._journal.papers()]
        laid = {one.path: one.sha or one.meant for one in issued}
        put_off = frozenset(self._journal.recall(_PUT_OFF).split())

        def is_new(one: drafts.Due) -> bool:
            """Tell whether nobody has seen anything of a paper, nor of what it lacks."""
            return one.subject in put_off or one.row.code not in shown.codes

        desk = drafts.Desk(
            issued=issued,
            look=self._looking(laid),
            today=self._clock().date(),
            make_form=self._make_form,
            record=self._record,
            text=self._text,
            template=self._template,
            memory=self._memory,
            is_new=is_new,
            is_over=self.papers_are_over,
            pdf=self.pdf,
            read_pdf=self.read_pdf,
            hold=Pile(self._space.state).put,
        )
        plan = drafts.plan(self.catalog, ledger.result(), desk)
        if not self.outbox_there():
            desk = replace(desk, look=lambda path: laid.get(path, ""))
            plan = replace(drafts.plan(self.catalog, ledger.result(), desk), actions=())
        if put_off != set(plan.off):
            self._journal.remember(_PUT_OFF, " ".join(plan.off))
        return plan

    def _looking(self, laid: Mapping[str, str]) -> Callable[[str], str]:
        """Return what looks at a path, once a plan: the hash of what lies there; ``laid`` are those laid by us."""

        @cache
        def look(path: str) -> str:
            try:
                return self._digests.of(self._space.root / path)
            except OSError:
                return laid.get(path, "")  # held by somebody, or not to be read: that is no change

        return look

    def _record(self, sha: str) -> Record | None:
        """Return what a paper's content was made from."""
        text = self._journal.content(sha)
        return records.read(text) if text else None

    def _text(self, path: str) -> Sequence[str]:
        """Return the paragraphs of a paper in the outbox; none when a person made something else of it."""
        try:
            return word.paragraphs_of(files.read(self._space.root / path))
        except (word.NotDocx, FileNotFoundError):
            return ()

    def _template(self, sha: str) -> bytes:
        """Return a template of old, ``b""`` when it was not kept."""
        path = self._space.kept / f"{sha}.docx"
        return files.read(path) if path.is_file() else b""

    def _make_form(self, name: str, given: Mapping[str, str]) -> bytes:
        """Make the form that lies beside a document; ``given`` are answers by the keys of its fields."""
        form = self.catalog.forms[name]
        answers = {one.column: given[one.key] for one in form.fields if one.key in given}
        return form_sheet.make(form, self.catalog.organisation, answers)

    def _finish(self, ledger: Ledger, codes: Codes, plan: drafts.Plan) -> Decided:
        """Mark the rows with what came of their papers, list the doubtful words and the questions."""
        for mark in plan.marks:
            _mark(ledger, mark)
        casework.point(ledger)
        for doubt in plan.doubts:
            code = codes.give("declensions", doubt.word)
            ledger.propose("declensions", code, {"word": doubt.word, **doubt.forms})
            ledger.show("declensions", code, {"doubt": doubt.doubt})
        for question in (*plan.questions, *workbook.unreadable(self.catalog.layout, ledger.result())):
            ledger.ask(question)
        questions.list_all(self._journal, ledger, codes, self._clock().date())
        wanted = self._exchange.wanted(ledger.sheets, codes)
        self._journal.settle(codes.fresh, {}, {}, {})
        codes.fresh.clear()
        return Decided(ledger, codes, wanted, plan)


def _shown(published: Snapshot) -> _Shown:
    return _Shown(
        orders={code: row.get("order", "") for code, row in published.get("pairs", {}).items()},
        words=published.get("declensions", {}),
        codes=frozenset(code for rows in published.values() for code, row in rows.items() if row),
    )


def _recall_words(ledger: Ledger, shown: _Shown) -> None:
    """Lay the word forms shown so far: a form that she confirmed is in doubt no more, and still needed."""
    words = {"word", *(case.value for case in Case)}
    for code, row in shown.words.items():
        ledger.propose("declensions", code, {key: text for key, text in row.items() if key in words})


def _mark(ledger: Ledger, mark: drafts.Mark) -> None:
    """Show in a row where its paper lies and what its paper still lacks."""
    missing = "; ".join(part for part in (ledger.row(mark.sheet, mark.code)["missing"], mark.note) if part)
    ledger.show(mark.sheet, mark.code, {mark.column: mark.path, **({"missing": missing} if mark.note else {})})


def _told(erasure: Erasure) -> dict[str, str]:
    """Return the cells that tell of an erasure."""
    state = erasing_say.State.DONE if erasure.state == DONE else erasing_say.State.RUNS
    return {**erasure.facts, "day": erasure.at.date().isoformat(), "state": state}
