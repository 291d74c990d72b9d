"""Takes a settled file in so that it can never be lost, reads it, and gives its sender an answer.

The order is the promise: claim, copy to the spool, flush, record – and only then clear the inbox; nothing is parsed
before that. Some files go these steps side by side. Every step first looks whether it is already done, so that after a
crash the same calls finish the work.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from pipeline import files
from pipeline.catalog import Catalog
from pipeline.intake import answers, forms, gate, originals, ours, returned, scans
from pipeline.intake.answers import Answers
from pipeline.intake.retries import Delay, Retries
from pipeline.journal import Journal, Put, Received, Told, reading_of
from pipeline.model import Clock, Submission
from pipeline.office import scans_read, sheets_read
from pipeline.wording import gate as gate_say
from pipeline.wording import intake as say
from pipeline.wording import register as register_say
from pipeline.workspace import Workspace

_log = logging.getLogger(__name__)

_MOST_ATTEMPTS = 5
"""How often a content may be begun before it is put aside: a file that kills the service must not kill it for ever.

The parsing child may die over a file twice; this counts the deaths of the service itself, which mostly are none of the
file's doing. Each lets all other files go first, so not even a file that does kill holds anybody up.
"""

Done = TypeVar("Done")

_FOLDER_OF_YEAR = "{year}/{sha}{suffix}"


@dataclass
class Count:
    """What one turn of the reception did, in files."""

    taken: int = 0
    returned: int = 0
    refused: int = 0


class Reception:
    """The reception of one workspace; to be closed, because a limited child process reads for it."""

    def __init__(self, space: Workspace, catalog: Catalog, journal: Journal, clock: Clock) -> None:
        self.count = Count()
        self._space = space
        self.catalog = catalog
        self._journal = journal
        self._clock = clock
        self._reader = sheets_read.Reader()
        self._answers = Answers(space, journal, clock)
        self._retries = Retries(clock)
        self._scanner = scans_read.Scanner()

    def close(self) -> None:
        """End the child processes."""
        self._reader.close()
        self._scanner.close()

    def settle_count(self) -> Count:
        """Return what was counted since the last time it was asked, and begin anew."""
        count, self.count = self.count, Count()
        return count

    def tidy(self) -> None:
        """Take away copies of forms sent back that have come again; one that cannot be is left for later."""
        with contextlib.suppress(OSError):
            self._answers.tidy()

    def waiting(self) -> list[Delay]:
        """Return what could not be done for a reason that passes."""
        return self._retries.waiting()

    # --- taking in ------------------------------------------------------------------------------------------------

    def recover(self, tick: Callable[[], None] = lambda: None) -> None:
        """Go on with files that a crash, or a reason that passes, left claimed but not recorded."""
        self._admit(sorted(self._space.claims.glob("*/*")), tick)
        files.remove_empty(self._space.claims)

    def take(self, paths: Sequence[Path], tick: Callable[[], None] = lambda: None) -> None:
        """Take settled files in, some at a time; ``tick`` is called after each. One that somebody holds is left."""
        self._admit([claimed for path in paths if (claimed := self._claim(path))], tick)

    def _claim(self, path: Path) -> Path | None:
        """Take a file out of sight; ``None`` when it is not to be had now."""
        key = str(path)
        if not self._retries.is_due(key):
            return None
        try:
            claimed = files.claim(path, self._space.claims)
        except FileNotFoundError:
            self._retries.done(key)  # its sender took it back
            return None
        except OSError as problem:
            self._retries.failed(key, path.name, problem)
            return None
        self._retries.done(key)
        return claimed

    def _admit(self, claims: Sequence[Path], tick: Callable[[], None] = lambda: None) -> None:
        """Copy, record, clear: all copies are flushed and recorded together, and only then are the files cleared.

        Once more for each file that somebody wrote to meanwhile.
        """
        due = [one for one in claims if self._retries.is_due(one.parent.name)]
        while due:
            copies = {one: stored for one in due if (stored := self._tries(self._store, one, tick))}
            if not (copies and self._flush(copies)):
                return
            with self._journal.commit("intake.receive"):
                for one, stored in copies.items():
                    self._receive(f"{one.parent.name}-{stored.sha[:8]}", stored.sha, one.name)
            clear = partial(_clear, copies)
            due = [one for one in copies if self._tries(clear, one) is False]

    def _tries(
        self, act: Callable[[Path], Done], claimed: Path, tick: Callable[[], None] = lambda: None
    ) -> Done | None:
        """Do something about a claimed file; what keeps it from being done is remembered, and it is left for later."""
        tick()
        try:
            done = act(claimed)
        except OSError as problem:
            self._put_off(claimed, problem)
            return None
        self._retries.done(claimed.parent.name)
        return done

    def _put_off(self, claimed: Path, problem: OSError) -> None:
        key = claimed.parent.name
        delay = self._retries.failed(key, claimed.name, problem)
        _log.warning("not stored %s: %s", key[-8:], delay.cause)

    def _flush(self, claims: Iterable[Path]) -> bool:
        """Flush the spool's folder; tell whether that was done."""
        try:
            files.flush([self._space.spool])
        except OSError as problem:
            for one in claims:
                self._put_off(one, problem)
            return False
        return True

    def _store(self, claimed: Path) -> files.Stored | None:
        """Copy a claimed file into the spool; ``None`` when it is turned away."""
        try:
            return files.store(claimed, self._space.spool, gate.FILE)
        except files.NotRegular:
            self._turn_away(claimed, gate_say.not_a_file())
        except files.TooLarge:
            self._turn_away(claimed, gate_say.too_large(gate.FILE >> 20))
        except FileNotFoundError:
            if claimed.exists():
                raise
            self._journal.turn_away(claimed.parent.name, claimed.name, say.vanished(), self._clock())
            self.count.refused += 1
        return None

    def _receive(self, arrival: str, sha: str, name: str) -> None:
        if self._journal.has_arrived(arrival):
            return
        known = self._journal.received(sha)
        with self._journal.commit("intake.receive"):
            self._repeat(arrival, known, self._journal.receive(arrival, sha, name, self._clock()))
        self.count.taken += 1
        _log.info("received %s as %s", arrival.partition("-")[0][-8:], sha[:12])

    def _turn_away(self, claimed: Path, told: str) -> None:
        self._journal.turn_away(claimed.parent.name, claimed.name, told, self._clock())
        self._answers.give_back(claimed)
        self.count.refused += 1

    def _repeat(self, arrival: str, before: Received | None, known: Received) -> None:
        """Decide about a content that came before: accepted this school year is a duplicate, else it is tried again."""
        if before is None or before.state == "received":
            return
        now = self._clock()
        if known.state == "recorded" and self._journal.is_newest(known.sha, self.catalog.policy.year_of(now.date())):
            told = say.accepted_before(known.number, known.at.date())
            self._journal.tell(arrival, "repeated", told, now)
        else:
            self._journal.try_again(known.sha, now)

    def again(self, sha: str) -> bool:
        """Put a content back to work, whatever became of it; ``False`` when its original is nowhere any more."""
        known = self._journal.received(sha)
        source = originals.find(self._space, self._journal, known) if known else None
        if source is None:
            return False
        files.keep(source, self._space.spool / sha)
        self._retries.done(sha)
        self._journal.try_again(sha, self._clock())
        return True

    # --- deciding -------------------------------------------------------------------------------------------------

    def work(self, tick: Callable[[], None] = lambda: None, is_over: Callable[[], bool] = lambda: False) -> int:
        """Read every content that is recorded but not decided about; call ``tick`` after each.

        Returns how many are left when ``is_over`` says to stop.
        """
        unfinished = [sha for sha in self._journal.unfinished() if self._retries.is_due(sha)]
        for done, sha in enumerate(unfinished):
            if is_over():
                return len(unfinished) - done
            self._try(sha)
            tick()
        for left in self._space.spool.iterdir():
            known = self._journal.received(left.name)
            if known is None or known.state != "received":
                files.drop(left)
        return 0

    def _try(self, sha: str) -> None:
        known = self._journal.received(sha)
        assert known is not None
        try:
            self._decide(known)
        except OSError as problem:
            delay = self._retries.failed(sha, known.name, problem)
            self._journal.postpone(sha, say.postponed(delay.cause), delay.again, self._clock())
            _log.warning("postponed %s: %s", sha[:12], delay.cause)
        else:
            self._retries.done(sha)
            event = self._journal.story(sha)[-1]
            _log.info("decided %s: %s", sha[:12], event.state)

    def _decide(self, known: Received) -> None:
        spooled = self._space.spool / known.sha
        if not spooled.is_file():
            self._journal.decide(known.sha, "refused", "refused", say.vanished(), self._clock())
            self.count.refused += 1
        elif self._journal.attempt(known.sha) > _MOST_ATTEMPTS:
            self._set_aside(known, say.unreadable_twice())
        else:
            self._examine(known, spooled)

    def _examine(self, known: Received, spooled: Path) -> None:
        verdict = gate.examine(spooled)
        if verdict.danger:
            self._set_aside(known, verdict.reason)
        elif paper := ours.recognise(spooled):
            self._refuse(known, paper)
        elif not verdict.kind or (verdict.kind in gate.SCANS and self._journal.ours(known.sha)):
            self._refuse(known, say.our_own_paper() if self._journal.ours(known.sha) else verdict.reason)
        elif verdict.kind in gate.SCANS:
            self._read_scan(known, verdict.kind)
        else:
            self._read(known, verdict.kind)

    def _read_scan(self, known: Received, kind: str) -> None:
        """Take the signed sheets out of a scan."""
        folder = self._space.archive / self.catalog.policy.year_of(known.at.date())
        desk = scans.Desk(self._space.spool / known.sha, kind, known, folder)
        printed = {one.token for one in self._journal.printed()}
        try:
            found, told = scans.take(self._space, self._scanner, desk, printed)
        except scans.Refused as refusal:
            (self._set_aside if refusal.deadly else self._refuse)(known, str(refusal))
            return
        with self._journal.commit("intake.record_scans"):
            self._journal.record_scans(found)
            self._journal.decide(known.sha, "recorded", "recorded", told, self._clock())

    def _read(self, known: Received, kind: str) -> None:
        try:
            sheets = self._reader.read(self._space.spool / known.sha)
        except sheets_read.Unparsable as problem:
            if problem.is_deadly:
                self._set_aside(known, say.unreadable_twice())
            else:
                self._refuse(known, say.unreadable())
            return
        reading = forms.read(sheets, self.catalog, known.at.date())
        if reading.form is None:
            is_register = any(sheet.name == register_say.ABOUT for sheet in sheets)
            self._refuse(known, say.our_register() if is_register else say.not_a_form())
        elif reading.blank:
            self._refuse(known, say.our_blank())
        elif reading.mistakes:
            self._send_back(known, kind, reading)
        else:
            self._record(known, kind, reading)

    def _record(self, known: Received, kind: str, reading: forms.Reading) -> None:
        form = reading.form
        assert form is not None
        year, about = self.catalog.policy.year_of(known.at.date()), answers.about(form.name, reading.answers)
        archived = self._keep(known, kind)
        submission = Submission(
            seq=0,
            sha=known.sha,
            form=form.name,
            sheet=form.sheet,
            year=year,
            received=known.at.date(),
            link=self._space.relative(archived),
            answers=reading.answers,
        )
        told = Told(
            say.accepted(form.title, known.number), say.accepted_unchanged(form.title), say.came_late(form.title)
        )
        with self._journal.commit("intake.record"):
            self._journal.understand(known.sha, about, reading_of(reading.answers), submission.link)
            self._journal.record(submission, about.partition("|")[2], told, self._clock())
            self._answers.outdate(about, reading.round, known.sha)

    def _keep(self, known: Received, kind: str) -> Path:
        """Keep the original in the archive; return where it is."""
        year = self.catalog.policy.year_of(known.at.date())
        archived = self._space.archive / _FOLDER_OF_YEAR.format(year=year, sha=known.sha, suffix=f".{kind}")
        files.keep_linked(self._space.spool / known.sha, archived)
        return archived

    def _send_back(self, known: Received, kind: str, reading: forms.Reading) -> None:
        form = reading.form
        assert form is not None
        about = answers.about(form.name, reading.answers)
        link = self._space.relative(self._keep(known, kind))
        fate, path = self._answer(known, kind, reading, about)
        told = say.unchanged(path.name) if fate == "still" else say.sent_back(path.name, _cells(reading))
        with self._journal.commit("intake.returned"):
            self._journal.understand(known.sha, about, answers.reading_of(reading), link)
            self._journal.decide(known.sha, "returned", fate, told, self._clock())
        self.count.returned += 1

    def _answer(self, known: Received, kind: str, reading: forms.Reading, about: str) -> tuple[str, Path]:
        """Lay a form with mistakes back, if the like does not lie there; return what to tell, and where it lies.

        A copy sent back and saved without a changed answer lies where it lay, as it was saved.
        """
        spooled = self._space.spool / known.sha
        before = self._answers.laid(answers.reading_of(reading))
        if before and self._answers.is_laid(before):
            return "returned", self._space.root / before.path
        if before and kind == "xlsx" and before.source != known.sha and self._answers.lay_again(before, spooled):
            return "still", self._space.root / before.path
        data = returned.make(spooled, kind, reading, self.catalog, self._reader)
        self._answers.outdate(about, reading.round)
        name = f"{Path(known.name).stem}.xlsx"
        return "returned", self._answers.lay(self._space.returned, name, data, Put("", "", known.sha, about))

    def _refuse(self, known: Received, reason: str) -> None:
        data = (self._space.spool / known.sha).read_bytes()
        self._answers.lay(self._space.unknown, known.name, data, Put("", "", known.sha))
        self._journal.decide(known.sha, "refused", "refused", reason, self._clock())
        self.count.refused += 1

    def _set_aside(self, known: Received, reason: str) -> None:
        files.keep(self._space.spool / known.sha, self._space.quarantine / known.sha)
        self._journal.decide(known.sha, "refused", "quarantined", reason, self._clock())
        self.count.refused += 1


def _clear(copies: Mapping[Path, files.Stored], claimed: Path) -> bool:
    """Delete a claimed file of which there is a copy; ``False`` when it was written to since."""
    return files.clear(claimed, copies[claimed].seen)


def _cells(reading: forms.Reading) -> list[str]:
    return [one.cell for one in reading.mistakes if one.cell]
