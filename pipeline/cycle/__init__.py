"""One turn: take in → read her edits → decide → publish. The map of the whole program.

Each step first looks whether it is already done, so a turn cut short anywhere is healed by the next one. Deciding is
pure over what the journal holds; what it decides once and for ever is committed before anything shows it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from pipeline import casework, files, setup
from pipeline.casework.dossier import Dossier
from pipeline.catalog import Catalog, SetupMistake, load
from pipeline.cycle import subject
from pipeline.cycle.deciding import Decided, Decider, Surroundings
from pipeline.cycle.erasing import Eraser
from pipeline.cycle.explaining import Explainer
from pipeline.cycle.issuing import Issuing, issue
from pipeline.cycle.outcome import Outcome
from pipeline.cycle.pace import Pace, portions
from pipeline.cycle.patience import overdue
from pipeline.cycle.quiet import sign
from pipeline.cycle.shelf import Shelf
from pipeline.cycle.telling import Teller, register_lines
from pipeline.erasure import DONE
from pipeline.intake import blanks
from pipeline.intake.folder import Lookout, Sight
from pipeline.intake.reception import Reception
from pipeline.journal import Job, Journal
from pipeline.model import Rows
from pipeline.register.exchange import Exchange, Standing
from pipeline.wording import erasing as erasing_say
from pipeline.wording import pages as say
from pipeline.workspace import Workspace

__all__ = ["Cycle", "Outcome"]

_MOST_SAVES = 3
"""How many saves of hers, slipping in one after another, a turn follows before it leaves the rest to the next."""

_RECORDS_DAYS = 30
"""For how long it is remembered what a paper was made from that is a paper no more."""


class Cycle:
    """The work on one workspace. A context manager; the caller holds the workspace for one instance."""

    def __init__(
        self,
        space: Workspace,
        catalog: Catalog,
        clock: Callable[[], datetime],
        chance: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        files.make_folders(space.folders())
        self._space = space
        self._clock = clock
        self._set_up = setup.sign(space)
        self._journal = Journal(space.journal)
        self._lookout = Lookout(space)
        self._reception = Reception(space, catalog, self._journal, clock)
        self._exchange = Exchange(space.register, space.state, catalog, self._journal, clock)
        self._decider = Decider(space, catalog, self._journal, self._exchange, Surroundings(clock, chance))
        self._shelf = Shelf(space, self._journal)
        self._eraser = Eraser(space, self._journal, self._exchange, clock)
        self._decider.erasures = lambda: self._eraser.facts
        self._teller = Teller(space, self._journal, clock)
        self.pace = Pace()
        self._use(catalog)

    def __enter__(self) -> Cycle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reception.close()
        self._journal.close()

    def begin(self) -> Cycle:
        """Clear away what an interrupted write left half-done; only for the one instance that works."""
        files.sweep([self._space.inbox, self._space.outbox, self._space.archive, self._space.state])
        return self

    def look(self) -> Sight:
        """Look at the folders once; what two looks agree on can be taken."""
        own = {put.path: put.sha for put in self._journal.puts().values()}
        forms = (paper for paper in self._journal.papers() if paper.path.endswith(".xlsx"))
        own |= {form.path: form.sha or form.meant for form in forms}
        return self._lookout.look(own)

    def turn(self, sight: Sight, tick: Callable[[], None] = lambda: None) -> Outcome:
        """Do everything that can be done now with what was seen; return what was done and what waits.

        ``tick`` is called after each file taken, read or issued; it may raise to stop, and the next turn goes on.
        """
        self._refresh()
        outcome = Outcome(unsettled=sight.unsettled, mistakes=self.mistakes)
        self._eraser.go_on()
        late = overdue(sight.partial, self._journal, self._clock(), self.catalog.policy.patience_minutes)
        self._take_in([*sight.settled, *late], outcome, tick)
        self.lay_blanks()
        if self._is_quiet():
            outcome.recall(self._journal)
        else:
            with self.pace.publishing():
                self._decide_and_publish(outcome, tick)
            if self._has_erased():
                self._decide_and_publish(outcome, tick)
        self._teller.tell_senders([path for path in sight.partial if path not in late], self.catalog.policy.page_days)
        return outcome

    def lay_blanks(self) -> None:
        """Make every blank form that is missing or out of date."""
        blanks.lay(self._space, self.catalog, self._journal)

    @property
    def register(self) -> Exchange:
        """The register's traffic, for looking into its history."""
        return self._exchange

    def ask_for(self, kind: str, about: str) -> None:
        """Leave a job (``accept``, ``discard``, ``restore``) for the next turn, here or of the instance at work."""
        self._journal.ask_for(kind, about, self._clock())

    def dossier(self, code: str) -> Dossier | None:
        """Return what the register, as published last, holds about a person; ``None`` when there is none such."""
        return casework.dossier.of(self.catalog.layout, subject.rows_of(self._exchange.published()), code)

    def erasures(self, code: str) -> list[str]:
        """Say how the erasure of a person stands: what it waits for, or that it is done."""
        done = [erasing_say.erased(one.code) for one in self._eraser.facts if one.code == code and one.state == DONE]
        return [*done, *self._eraser.waiting]

    def answer(self, dossier: Dossier) -> tuple[list[subject.Item], Path]:
        """Make the answer to a data subject; return what is held, and where the Word file lies."""
        held = subject.items(self.catalog, dossier, self._journal, self._space)
        today = self._clock().date()
        data = subject.document(self.catalog, dossier, held, self._space.root, today)
        path = self._space.outbox / erasing_say.ANSWERS / erasing_say.answer_name(dossier.code)
        files.replace(path, data)
        return held, path

    def status(self) -> list[str]:
        """Say how things stood after the last turn, as the state page does."""
        return self._teller.status()

    def explain(self, path: Path) -> list[str]:
        """Say where each value of a document came from; nothing when the file is none of ours."""
        return Explainer(self.catalog, self._journal, self._decider.look()).explain(path)

    def rows(self) -> Rows:
        """Return the register as it stands, committing nothing."""
        return self._decider.look().result()

    def _refresh(self) -> None:
        """Take up changed settings and templates; with mistakes in the settings, go on with the old ones and say so."""
        now = setup.sign(self._space)
        if now == self._set_up:
            return
        self._set_up = now
        try:
            self._use(load(self._space.root))
        except SetupMistake as mistake:
            self.mistakes: Sequence[str] = mistake.mistakes

    def _use(self, catalog: Catalog) -> None:
        self.catalog, mistakes = self._shelf.settle(catalog)
        self._reception.catalog = self.catalog
        self._exchange.catalog = self.catalog
        self._decider.catalog = self.catalog
        self.mistakes = tuple(mistakes)

    def _take_in(self, settled: Sequence[Path], outcome: Outcome, tick: Callable[[], None]) -> None:
        """Take in and read what is settled, as much as the pace allows; the next turn comes soon for the rest."""
        self.pace.begin()
        self._reception.recover()
        outcome.unsettled += self._reception.work(tick, self.pace.is_over)
        waiting = len(settled)
        for portion in portions(settled):
            if self.pace.is_over():
                break
            for path in portion:
                self._reception.take(path)
                tick()
            outcome.unsettled += self._reception.work(tick, self.pace.is_over)
            waiting -= len(portion)
        outcome.unsettled += waiting
        count = self._reception.settle_count()
        outcome.taken, outcome.returned, outcome.refused = count.taken, count.returned, count.refused

    def _is_quiet(self) -> bool:
        """Tell whether nothing is left to be done. A register that is busy is no reason to leave the rest undone."""
        try:
            self._exchange.recover()
            self._do_jobs()
            self._eraser.tell()
            return self._journal.recall("quiet") == self._sign(self._exchange.sign())
        except files.Busy:
            return False

    def _do_jobs(self) -> None:
        """Do what commands asked for while another instance, or none, was at work."""
        for job in self._journal.jobs():
            if job.kind == "accept":
                self._exchange.accept()
            elif job.kind == "discard":
                self._exchange.discard()
            elif job.kind == "restore":
                self._exchange.restore(int(job.about))
            elif job.kind == "erase":
                self._erase(job)
                continue
            self._journal.finish(job)
            self._journal.remember("quiet", "")

    def _has_erased(self) -> bool:
        """Finish what erasures can be finished now; tell whether there were any, so that their papers are due."""
        done = self._eraser.finish()
        self._eraser.tell()
        return done

    def _erase(self, job: Job) -> None:
        if self._eraser.must_wait(self.catalog, job.about):
            return
        rows = self._decider.decide(papers=False).ledger.result()
        self._eraser.begin(self.catalog, rows, job.about, lambda: self._journal.finish(job))

    def _decide_and_publish(self, outcome: Outcome, tick: Callable[[], None]) -> None:
        decided, standing = self._keep_register()
        outcome.written, outcome.held, outcome.revision = standing.written, standing.held, standing.revision
        outcome.papers = issue(decided.papers, self._space, Issuing(self._journal, self._clock, tick))
        found = [text for text in decided.papers.mistakes if text not in self.mistakes]
        outcome.mistakes = (*self.mistakes, *found)
        lines = register_lines(standing, self._exchange.strays(), self._exchange.abandoned())
        lines += self._eraser.waiting
        outcome.questions, outcome.turns = self._teller.tell_office(decided, lines, outcome.mistakes)
        outcome.unsettled += standing.again
        outcome.keep(self._journal)
        self._journal.forget_contents(self._clock() - timedelta(days=_RECORDS_DAYS))
        dealt_with = self._exchange.sign_after(standing)
        self._journal.remember("quiet", self._sign(dealt_with) if dealt_with and not self._eraser.pending else "")

    def _keep_register(self) -> tuple[Decided, Standing]:
        """Read her saves, decide, write; while the register's file is busy, decide without it."""
        try:
            return self._read_and_write()
        except files.Busy:
            return self._decider.decide(), self._exchange.standing(held=say.register_busy(), again=True)

    def _read_and_write(self) -> tuple[Decided, Standing]:
        """Read her saves, decide, write; once more for each save that slipped in meanwhile. Raises ``Busy``."""
        self._exchange.recover()
        written = False
        for _ in range(_MOST_SAVES):
            if self._exchange.unread():
                before = self._decider.decide(papers=False)
                if self._exchange.read_in(before.wanted, before.codes, self._journal.frozen().keys()):
                    self._decider.carry_out_replies()
            decided = self._decider.decide()
            standing = self._exchange.write(decided.wanted)
            written = written or standing.written
            if not standing.again:
                break
        return decided, replace(standing, written=written)

    def _sign(self, register: str) -> str:
        return sign(self._space, self._journal.facts(), self.catalog.digest, *self.mistakes, str(self._clock().date()),
                    register)  # fmt: skip
