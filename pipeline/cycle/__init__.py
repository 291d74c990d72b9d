"""One turn: take in → read her edits → decide → publish. The map of the whole program.

Each step first looks whether it is already done, so a turn cut short anywhere is healed by the next one. Deciding is
pure over what the journal holds; what it decides once and for ever is committed before anything shows it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from pipeline import casework, files, setup, thrift
from pipeline.casework.dossier import Dossier
from pipeline.catalog import Catalog, SetupMistake, load
from pipeline.cycle import subject, troubles
from pipeline.cycle.deciding import Decider, News, Surroundings
from pipeline.cycle.erasing import Eraser
from pipeline.cycle.explaining import Explainer
from pipeline.cycle.issuing import Issuing, issue
from pipeline.cycle.outcome import Outcome
from pipeline.cycle.pace import Pace, portions
from pipeline.cycle.patience import overdue
from pipeline.cycle.prints import Prints
from pipeline.cycle.quiet import sign
from pipeline.cycle.shelf import Shelf
from pipeline.cycle.story import Stories
from pipeline.cycle.telling import Teller, register_lines
from pipeline.erasure import DONE
from pipeline.intake import blanks, scans
from pipeline.intake.folder import Lookout, Sight
from pipeline.intake.reception import Reception
from pipeline.intake.retries import Retries
from pipeline.journal import Job, Journal
from pipeline.model import Rows, plain_name
from pipeline.register.exchange import Exchange, Publication, Standing
from pipeline.shares import Shares
from pipeline.wording import erasing as erasing_say
from pipeline.wording import pages as say
from pipeline.wording import why as why_say
from pipeline.workspace import Workspace

__all__ = ["Cycle", "Outcome"]

AGAIN = "again"
"""The kind of the job that tries a file again."""

INBOX, REGISTER, OUTBOX = "inbox", "register", "outbox"
_AWAY = "away"
_PUBLISHING = "publishing"

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
        files.make_folders(space.own_folders)
        self._space = space
        self._clock = clock
        self._set_up = setup.sign(space)
        self._journal = Journal(space.journal)
        self._shares = Shares(space, self._journal)
        self._lookout = Lookout(space, clock)
        self._reception = Reception(space, catalog, self._journal, clock)
        self._exchange = Exchange(space.register, space.state, catalog, self._journal, clock)
        self._decider = Decider(space, catalog, self._journal, self._exchange, Surroundings(clock, chance))
        self._shelf = Shelf(space, self._journal)
        self._eraser = Eraser(space, self._journal, self._exchange, clock)
        self._decider.erasures = lambda: self._eraser.facts
        self._decider.outbox_there = self._shares.there(space.outbox.name)
        self._prints = Prints(space, self._journal, clock)
        self._decider.pdf, self._decider.read_pdf = self._prints.sha_of, self._prints.read
        self._retries = Retries(clock)
        self._tried = ""
        self._teller = Teller(space, self._journal, clock)
        self.pace = Pace()
        self._decider.papers_are_over = self._papers_are_over
        self._use(catalog)

    def __enter__(self) -> Cycle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reception.close()
        if self._prints.busy:
            self._prints.stop()
        self._journal.close()

    def begin(self) -> Cycle:
        """Clear away what an interrupted write left half-done; only for the one instance that works."""
        files.sweep([self._space.inbox, self._space.outbox, self._space.archive, self._space.state])
        self._prints.stop()
        return self

    def look(self, tick: Callable[[], None] = lambda: None) -> Sight:
        """Look at the folders once; what two looks agree on can be taken. ``tick`` is called after each file."""
        own = {put.path: put.sha for put in self._journal.puts().values()}
        own |= {form.path: form.sha or form.meant for form in self._journal.papers(".xlsx")}
        return self._lookout.look(own, tick)

    def turn(self, sight: Sight, tick: Callable[[], None] = lambda: None) -> Outcome:
        """Do everything that can be done now with what was seen; return what was done and what waits.

        ``tick`` is called after each file taken, read or issued; it may raise to stop, and the next turn goes on.
        """
        self._refresh()
        away = self._shares.look()
        self._try_again()
        outcome = Outcome(unsettled=sight.unsettled, mistakes=self.mistakes)
        if not away:
            self._eraser.go_on()
        late = self._take_in(sight, outcome, tick)
        notes = self._prints.collect(on=self.catalog.policy.pdf)
        outcome.troubles = (*troubles.all_of(sight, away, self._reception.waiting(), self._room()), *notes)
        if INBOX not in away:
            self.lay_blanks()
            self._tell_senders(sight, late)  # they need not wait for the register
        sign = self._settle_register(outcome)
        if self._is_quiet(sign):
            outcome.recall(self._journal)
        else:
            with self.pace.publishing(behind=outcome.unsettled > 0 or outcome.taken > 0):
                self._decide_and_publish(outcome, sign, tick)
            if not away and self._has_erased():
                self._teller.forget_senders()
                self._decide_and_publish(outcome, sign, tick)
        if INBOX not in away:
            self._tell_senders(sight, late)
        self._prints.go_on(rests=OUTBOX in away or bool(self._eraser.pending))
        outcome.unsettled += self._prints.busy
        return outcome

    def wait_for_prints(self) -> bool:
        """Wait until the conversion to PDF that is under way has ended; tell whether one was."""
        was_busy = self._prints.busy
        self._prints.wait()
        return was_busy

    def _tell_senders(self, sight: Sight, late: Collection[Path]) -> None:
        """Renew the senders' page; what was taken although it was not whole waits no more."""
        waits = {path: why for path, why in sight.waits.items() if path not in late}
        self._teller.tell_senders(waits, self._reception.waiting(), self.catalog.policy.page_days)

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

    def why(self, asked: str) -> list[str]:
        """Tell the whole story of the file that ``asked`` names (see ``Stories.find``), an empty list for none."""
        waits = self._waiting(asked)
        found = [line for sha in self.stories.find(asked) for line in self.stories.tell(sha)]
        return [*found, *self.stories.turned_away(asked), *waits]

    def _waiting(self, asked: str) -> list[str]:
        """Say why files of a name that lie in the inbox are not taken yet."""
        sight = self.look()
        names = [(path.name, say.WAITS.get(why, why_say.being_settled())) for path, why in sight.waits.items()]
        return [why_say.lying(plain_name(name), why) for name, why in names if name == Path(asked).name]

    @property
    def stories(self) -> Stories:
        """What became of each file."""
        return Stories(self._space, self._journal)

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

    def _take_in(self, sight: Sight, outcome: Outcome, tick: Callable[[], None]) -> list[Path]:
        """Take in and read what is settled or was waited for too long, as much as the pace allows.

        Returns the latter; the next turn comes soon for the rest.
        """
        late = overdue(sight.partial, self._journal, self._clock(), self.catalog.policy.patience_minutes)
        takes = INBOX not in self._shares.away and not self._room()
        self.pace.begin()
        if takes:
            self._reception.recover(tick)
        outcome.unsettled += self._reception.work(tick, self.pace.is_over)
        waiting = [*sight.settled, *late] if takes else []
        outcome.unsettled += len(waiting)
        done = 0

        def is_over() -> bool:
            return self.pace.is_over(done, len(waiting) - done)

        for portion in portions(waiting):
            if is_over():
                break
            self._reception.take(portion, tick)
            done += len(portion)
            outcome.unsettled += self._reception.work(tick, is_over) - len(portion)
        if INBOX not in self._shares.away:
            self._reception.tidy()
        count = self._reception.settle_count()
        outcome.taken, outcome.returned, outcome.refused = count.taken, count.returned, count.refused
        return late

    def _papers_are_over(self) -> bool:
        return self.pace.papers_are_over()

    def _room(self) -> tuple[int, int] | None:
        """Return how many megabytes are free and should be, when there are too few to take anything in."""
        free, reserve = files.free_space(self._space.state) >> 20, self.catalog.policy.reserve_megabytes
        return (free, reserve) if free < reserve else None

    def _settle_register(self, outcome: Outcome) -> str:
        """Finish what was cut short, do what commands asked for; return the sign of all that there is now.

        A register that is busy is no reason to leave the rest undone: then the sign is ``""``.
        """
        if REGISTER in self._shares.away:
            return self._sign(outcome, _AWAY)
        try:
            self._exchange.recover()
            self._do_jobs()
            self._eraser.tell()
            return self._sign(outcome, self._exchange.sign())
        except OSError:
            return ""

    def _is_quiet(self, sign: str) -> bool:
        """Tell whether nothing has changed since a turn that did all there was, or one that will be tried again."""
        tried = sign == self._tried and not self._retries.is_due(_PUBLISHING)
        return bool(sign) and (tried or self._journal.recall("quiet") == sign)

    def _try_again(self) -> None:
        """Put files back to work that a command asked for."""
        for job in self._journal.jobs():
            if job.kind == AGAIN:
                self._reception.again(job.about)
                self._journal.finish(job)

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
        self._prints.stop()
        self._eraser.begin(self.catalog, rows, job.about, lambda: self._journal.finish(job))

    def _decide_and_publish(self, outcome: Outcome, sign: str, tick: Callable[[], None]) -> None:
        self._failures: list[OSError] = []
        news, standing = self._keep_register()
        outcome.written, outcome.held, outcome.revision = standing.written, standing.held, standing.revision
        scans.clear(self._space, self._journal)
        there = self._shares.there(OUTBOX)
        desk = Issuing(self._journal, self._clock, tick, there, self._failures.append)
        with self.pace.laying():
            outcome.papers = issue(news.papers, self._space, desk)
        found = [text for text in news.papers.mistakes if text not in self.mistakes]
        outcome.mistakes = (*self.mistakes, *found)
        if self._failures:
            outcome.troubles = (*outcome.troubles, *troubles.of_writing(self._failures))
        self._tell_office(news, standing, outcome)
        outcome.put_off = news.put_off
        outcome.unsettled += standing.again + outcome.put_off
        outcome.keep(self._journal)
        self._journal.forget_contents(self._clock() - timedelta(days=_RECORDS_DAYS))
        self._conclude(standing, outcome, sign)

    def _tell_office(self, news: News, standing: Standing, outcome: Outcome) -> None:
        away = self._shares.away
        beside = ((), ()) if REGISTER in away else (self._exchange.strays(), self._exchange.abandoned())
        stops = (*outcome.mistakes, *outcome.troubles)
        lines = [*register_lines(standing, *beside), *self._eraser.waiting]
        outcome.questions, outcome.turns = self._teller.tell_office(news, lines, stops, away)

    def _conclude(self, standing: Standing, outcome: Outcome, sign: str) -> None:
        """Remember what was dealt with, so that a turn with nothing new is quiet; what failed is tried again later."""
        self._tried = sign if self._failures else ""
        if self._failures:
            self._retries.failed(_PUBLISHING, "", self._failures[-1])
            self._journal.remember("quiet", "")
            return
        self._retries.done(_PUBLISHING)
        dealt_with = _AWAY if REGISTER in self._shares.away else self._exchange.sign_after(standing)
        rests = dealt_with and not (self._eraser.pending or outcome.put_off)
        self._journal.remember("quiet", self._sign(outcome, dealt_with) if rests else "")

    def _keep_register(self) -> tuple[News, Standing]:
        """Read her saves, decide, write; while the register's file is busy or away, decide without it."""
        if REGISTER in self._shares.away:
            return self._decider.decide().news, self._exchange.standing(held=say.share_away(REGISTER))
        try:
            return self._read_and_write()
        except files.Busy:
            return self._decider.decide().news, self._exchange.standing(held=say.register_busy(), again=True)
        except OSError as problem:
            self._failures.append(problem)
            return self._decider.decide().news, self._exchange.standing(held=say.register_busy())

    def _read_and_write(self) -> tuple[News, Standing]:
        """Read her saves, decide, write; once more for each save that slipped in meanwhile. Raises ``OSError``."""
        self._exchange.recover()
        written = False
        for _ in range(_MOST_SAVES):
            self._read_in()
            news, planned = self._plan()
            thrift.give_back()
            standing = self._exchange.publish(planned)
            thrift.give_back()
            written = written or standing.written
            if not standing.again:
                break
        return news, replace(standing, written=written)

    def _read_in(self) -> None:
        """Take in the oldest save of hers that was not read yet."""
        if self._exchange.unread():
            before = self._decider.decide(papers=False)
            if self._exchange.read_in(before.wanted, before.codes, self._journal.frozen().keys()):
                self._decider.carry_out_replies()

    def _plan(self) -> tuple[News, Publication | Standing]:
        """Decide, and plan what is to be written; the register in memory is let go before that is done."""
        decided = self._decider.decide()
        news, wanted = decided.news, decided.wanted
        del decided  # half of what a register takes
        thrift.give_back()
        return news, self._exchange.plan(wanted)

    def _sign(self, outcome: Outcome, register: str) -> str:
        told = *self.mistakes, *outcome.troubles, *sorted(self._shares.away)
        facts = *told, self._prints.sign, str(self._clock().date())
        return sign(self._space, self._journal.facts(), self.catalog.digest, *facts, register)
