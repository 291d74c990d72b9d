"""Takes a settled file in so that it can never be lost, reads it, and gives its sender an answer.

The order is the promise: claim, copy to the spool, flush, record – and only then clear the inbox; nothing is parsed
before that. Every step first looks whether it is already done, so that after a crash the same calls finish the work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline import fields, files
from pipeline.catalog import Catalog
from pipeline.intake import forms, gate, returned
from pipeline.journal import Journal, Put, Received
from pipeline.model import Submission
from pipeline.office import sheets_read
from pipeline.wording import gate as gate_say
from pipeline.wording import intake as say
from pipeline.workspace import Workspace

Clock = Callable[[], datetime]

_MOST_ATTEMPTS = 3
"""How often a content may be begun before it is put aside: a file that kills the service must not kill it for ever."""

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

    def close(self) -> None:
        """End the child process."""
        self._reader.close()

    def settle_count(self) -> Count:
        """Return what was counted since the last time it was asked, and begin anew."""
        count, self.count = self.count, Count()
        return count

    def recover(self) -> None:
        """Go on with files that a crash left claimed but not recorded."""
        for claimed in sorted(self._space.claims.glob("*/*")):
            self._admit(claimed)
        for folder in self._space.claims.iterdir():
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def take(self, path: Path) -> None:
        """Take one settled file in. A file that somebody holds is left for the next turn."""
        try:
            claimed = files.claim(path, self._space.claims)
        except files.Busy:
            return
        self._admit(claimed)

    def _admit(self, claimed: Path) -> None:
        try:
            sha, _ = files.store(claimed, self._space.spool)
        except files.NotRegular:
            self._journal.turn_away(claimed.parent.name, claimed.name, gate_say.not_a_file(), self._clock())
            files.put_back(claimed, self._space.unknown)
            self.count.refused += 1
            return
        arrival = claimed.parent.name
        known = self._journal.receive(arrival, sha, claimed.name, self._clock())
        self._repeat(arrival, known)
        files.clear(claimed)
        self.count.taken += 1

    def _repeat(self, arrival: str, known: Received) -> None:
        """Decide about a content that came before: accepted this school year is a duplicate, else it is tried again."""
        if known.state == "received":
            return
        policy, now = self.catalog.policy, self._clock()
        same_year = policy.year_of(known.at.date()) == policy.year_of(now.date())
        if known.state == "recorded" and same_year and self._journal.is_newest(known.sha):
            self._journal.tell(arrival, "repeated", say.accepted_before(known.number, known.at.date()))
        else:
            self._journal.try_again(known.sha, now)

    def work(self, tick: Callable[[], None], is_over: Callable[[], bool]) -> int:
        """Read every content that is recorded but not decided about; call ``tick`` after each.

        Returns how many are left when ``is_over`` says to stop.
        """
        unfinished = self._journal.unfinished()
        for done, sha in enumerate(unfinished):
            if is_over():
                return len(unfinished) - done
            self._decide(sha)
            tick()
        for left in self._space.spool.iterdir():
            known = self._journal.received(left.name)
            if known is None or known.state != "received":
                files.drop(left)
        return 0

    def _decide(self, sha: str) -> None:
        known = self._journal.received(sha)
        spooled = self._space.spool / sha
        if known is None or not spooled.is_file():
            return
        if self._journal.attempt(sha) > _MOST_ATTEMPTS:
            self._set_aside(known, say.unreadable_twice())
            return
        if self._journal.ours(sha):
            self._refuse(known, say.our_own_paper())
            return
        verdict = gate.examine(spooled)
        if verdict.danger:
            self._set_aside(known, verdict.reason)
            return
        if not verdict.kind:
            self._refuse(known, verdict.reason)
            return
        try:
            sheets = self._reader.read(spooled)
        except sheets_read.Unparsable as problem:
            if problem.is_deadly:
                self._set_aside(known, say.unreadable_twice())
            else:
                self._refuse(known, say.unreadable())
            return
        self._judge(known, verdict.kind, forms.read(sheets, self.catalog, known.at.date()))

    def _judge(self, known: Received, kind: str, reading: forms.Reading) -> None:
        if reading.form is None:
            self._refuse(known, say.not_a_form())
        elif reading.mistakes:
            self._send_back(known, kind, reading)
        else:
            self._record(known, kind, reading)

    def _record(self, known: Received, kind: str, reading: forms.Reading) -> None:
        form = reading.form
        assert form is not None
        year = self.catalog.policy.year_of(known.at.date())
        archived = self._space.archive / _FOLDER_OF_YEAR.format(year=year, sha=known.sha, suffix=f".{kind}")
        files.keep(self._space.spool / known.sha, archived)
        who = _who(reading.answers)
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
        told = say.accepted(form.title, known.number), say.accepted_unchanged(form.title)
        self._journal.record(submission, who, *told)
        self._take_back_copies(f"{form.name}|{who}")

    def _take_back_copies(self, about: str) -> None:
        """Remove untouched copies of a form that was sent back earlier and is now in order."""
        for put in self._journal.puts().values():
            if put.about == about and files.remove_if(self._space.root / put.path, put.sha):
                self._journal.unput(put.path)

    def _send_back(self, known: Received, kind: str, reading: forms.Reading) -> None:
        form = reading.form
        assert form is not None
        data = returned.make(self._space.spool / known.sha, kind, reading, self.catalog, self._reader)
        about = f"{form.name}|{_who(reading.answers)}"
        self._take_back_copies(about)
        path = self._lay(self._space.returned, f"{Path(known.name).stem}.xlsx", data, Put("", "", known.sha, about))
        told = say.sent_back(path.name, len(reading.mistakes), reading.mistakes[0].sentence)
        self._journal.decide(known.sha, "returned", "returned", told)
        self.count.returned += 1

    def _refuse(self, known: Received, reason: str) -> None:
        data = (self._space.spool / known.sha).read_bytes()
        self._lay(self._space.unknown, known.name, data, Put("", "", known.sha))
        self._journal.decide(known.sha, "refused", "refused", reason)
        self.count.refused += 1

    def _set_aside(self, known: Received, reason: str) -> None:
        files.keep(self._space.spool / known.sha, self._space.quarantine / known.sha)
        self._journal.decide(known.sha, "refused", "quarantined", reason)
        self.count.refused += 1

    def _lay(self, folder: Path, name: str, data: bytes, put: Put) -> Path:
        """Lay an answer into a shared folder once, whatever crash came between; return its path."""
        for earlier in self._journal.puts().values():
            path = self._space.root / earlier.path
            if earlier.source == put.source and path.parent == folder and files.digest_of(path) == earlier.sha:
                return path
        path = files.free_name(folder, name)
        self._journal.put(Put(self._space.relative(path), files.digest(data), put.source, put.about))
        files.publish(path, data)
        return path


def _who(answers: Mapping[str, str]) -> str:
    """Return what tells people (or rows) apart for the rounds of a form, before anything is decided about them."""
    number = fields.fold(answers.get("people.number", ""))
    if number:
        return f"№{number}"
    keys = ("people.surname", "people.name", "people.patronymic", "people.birth", "orders.code")
    return "|".join(fields.fold(answers.get(key, "")) for key in keys)
