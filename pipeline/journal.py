"""The journal: everything the program must never forget, in one SQLite file.

Facts come in by two kinds of commit: a file was *received*, its answers were *recorded*; the curator's edits of one
save were *taken in*. Beside them stands what the program itself did: codes given, revisions published, papers issued.
Everything else is computed anew each cycle. WAL with ``synchronous=FULL``: what was committed survives a power cut.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.model import Cells, Changed, Edit, Printed, Question, Scan, Submission, Taken, plain_name
from pipeline.steps import step

Snapshot = Mapping[str, Mapping[str, Cells]]
"""What a revision of the register said: sheet key → code → column key → canonical text."""

_SCHEMAS: tuple[str, ...] = (
    """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE file(
    sha TEXT PRIMARY KEY, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, name TEXT NOT NULL,
    number INTEGER NOT NULL, at TEXT NOT NULL) STRICT;
CREATE TABLE arrival(
    id TEXT PRIMARY KEY, sha TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL,
    fate TEXT NOT NULL DEFAULT '', told TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE submission(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, sha TEXT NOT NULL, form TEXT NOT NULL, sheet TEXT NOT NULL,
    year TEXT NOT NULL, received TEXT NOT NULL, link TEXT NOT NULL, answers TEXT NOT NULL, who TEXT NOT NULL,
    person TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE code(
    sheet TEXT NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL UNIQUE, PRIMARY KEY(sheet, name)) STRICT;
CREATE TABLE edit(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, revision INTEGER NOT NULL, sheet TEXT NOT NULL, code TEXT NOT NULL,
    field TEXT NOT NULL, value TEXT, seen INTEGER NOT NULL) STRICT;
CREATE TABLE removal(
    code TEXT PRIMARY KEY, sheet TEXT NOT NULL, revision INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;
CREATE TABLE frozen(code TEXT PRIMARY KEY, cells TEXT NOT NULL) STRICT;
CREATE TABLE closed(grp TEXT NOT NULL, member TEXT NOT NULL, PRIMARY KEY(grp, member)) STRICT;
CREATE TABLE revision(
    number INTEGER PRIMARY KEY, sha TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL, cells BLOB NOT NULL) STRICT;
CREATE TABLE ingested(
    sha TEXT PRIMARY KEY, revision INTEGER NOT NULL, at TEXT NOT NULL, parent TEXT NOT NULL, changed BLOB NOT NULL,
    places TEXT NOT NULL) STRICT;
CREATE TABLE question(
    name TEXT PRIMARY KEY, text TEXT NOT NULL, sheet TEXT NOT NULL, code TEXT NOT NULL, field TEXT NOT NULL,
    answers TEXT NOT NULL, asked TEXT NOT NULL, event INTEGER NOT NULL, seen INTEGER NOT NULL,
    offer TEXT NOT NULL DEFAULT '', reply TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE paper(
    name TEXT PRIMARY KEY, path TEXT NOT NULL, sha TEXT NOT NULL, meant TEXT NOT NULL, frozen INTEGER NOT NULL,
    at TEXT NOT NULL) STRICT;
CREATE TABLE job(
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, about TEXT NOT NULL, at TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE put(
    path TEXT PRIMARY KEY, sha TEXT NOT NULL, source TEXT NOT NULL, about TEXT NOT NULL) STRICT;
""",
    """
CREATE TABLE content(
    sha TEXT PRIMARY KEY, name TEXT NOT NULL, mark TEXT NOT NULL, at TEXT NOT NULL, record BLOB NOT NULL) STRICT;
CREATE INDEX content_by_name ON content(name, mark);
""",
    """
CREATE TABLE printed(
    token TEXT PRIMARY KEY, code TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, year TEXT NOT NULL)
    STRICT;
CREATE TABLE scan(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, file TEXT NOT NULL, pages TEXT NOT NULL,
    received TEXT NOT NULL, link TEXT NOT NULL, token TEXT NOT NULL, edit INTEGER NOT NULL) STRICT;
ALTER TABLE question ADD COLUMN link TEXT NOT NULL DEFAULT '';
""",
    """
CREATE TABLE erasure(
    person TEXT PRIMARY KEY, at TEXT NOT NULL, reason TEXT NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL,
    facts TEXT NOT NULL) STRICT;
CREATE TABLE erased(code TEXT PRIMARY KEY, sheet TEXT NOT NULL, person TEXT NOT NULL) STRICT;
CREATE TABLE doomed(path TEXT PRIMARY KEY, person TEXT NOT NULL) STRICT;
""",
    """
CREATE TABLE story(
    id INTEGER PRIMARY KEY AUTOINCREMENT, sha TEXT NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL,
    told TEXT NOT NULL) STRICT;
CREATE INDEX story_of ON story(sha);
CREATE INDEX arrival_of ON arrival(sha);
ALTER TABLE file ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE file ADD COLUMN reading TEXT NOT NULL DEFAULT '';
ALTER TABLE file ADD COLUMN link TEXT NOT NULL DEFAULT '';
ALTER TABLE file ADD COLUMN again TEXT NOT NULL DEFAULT '';
ALTER TABLE put ADD COLUMN going INTEGER NOT NULL DEFAULT 0;
""",
    """
CREATE INDEX submission_of ON submission(who, form, year);
CREATE INDEX file_by_state ON file(state);
CREATE INDEX file_by_number ON file(number);
CREATE INDEX file_by_reading ON file(reading);
""",
    """
CREATE INDEX submission_by_sha ON submission(sha);
""",
)
"""What each version of the journal added, the oldest first; an older journal is brought up to date when opened."""


@dataclass(frozen=True)
class Arrival:
    """One file that somebody dropped: its name, when it came, what became of it and the sentence for its sender."""

    id: str
    sha: str
    name: str
    at: datetime
    fate: str
    told: str


@dataclass(frozen=True)
class Received:
    """One content that was received: its state (``received``, ``recorded``, ``returned``, ``refused``) and number.

    ``about`` says whose form it is (form and person), ``reading`` is a text that differs when what was read differs,
    ``link`` its original in the archive, ``again`` when it will be tried again; each ``""`` until that is known.
    """

    sha: str
    state: str
    attempts: int
    name: str
    number: int
    at: datetime
    about: str = ""
    reading: str = ""
    link: str = ""
    again: str = ""


@dataclass(frozen=True)
class Event:
    """One moment in the story of a content: when, the state that it came to, and what was said of it."""

    at: datetime
    state: str
    told: str


class Told(NamedTuple):
    """The sentences for the sender of a form that was recorded: as a round of its own, as nothing new, as outdated."""

    fresh: str
    same: str
    late: str


class LaterVersion(sqlite3.DatabaseError):
    """The journal was written by a later version of the program and is not touched."""


@dataclass(frozen=True)
class Revision:
    """One revision of the register that the program wrote or meant to write."""

    number: int
    sha: str
    state: str
    at: datetime


@dataclass(frozen=True)
class Job:
    """Something a command asked the working instance to do: its number, its kind and what it is about."""

    id: int
    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One file that the program laid into the outbox: a unique key, its path in the workspace, the hash laid last.

    ``meant`` is the hash about to be laid when nothing tells that it was; a ``frozen`` one stays for ever.
    """

    key: str
    path: str
    sha: str
    meant: str = ""
    frozen: bool = False


@dataclass(frozen=True)
class Put:
    """A file that the program laid into a shared folder: path in the workspace, hash, and why.

    ``source`` is the hash of the file it answers (a form sent back), ``""`` for blanks; ``about`` says whose form it is
    (form and person), so that a corrected one takes the old copy away. A thing that was moved without ever being opened
    has the hash ``""``. One that is ``going`` is to be taken away as soon as nobody has it open.
    """

    path: str
    sha: str
    source: str = ""
    about: str = ""
    going: bool = False


@dataclass(frozen=True)
class Asked:
    """A question that was ever asked, when it first was, and whether an event (not a rule) asked it.

    ``seen`` is the ``seq`` of the last form taken in before it was asked: of later ones its answer knows nothing.
    ``offer`` is the value that its answer «взять новое» puts into the cell, ``reply`` the answer already carried out.
    """

    question: Question
    asked: date
    event: bool
    seen: int
    offer: str = ""
    reply: str = ""


@dataclass(frozen=True)
class Save:
    """What one save of the workbook by the curator changed against the revision it was made from.

    ``sha`` is the file's hash; an edit is sheet, code, column and value (``None`` hands the cell back); a removal or a
    row that came back is sheet and code; ``codes`` are those given to rows she typed, ``places`` where such rows stand
    (sheet and row number → code); ``offers`` maps questions to what «взять новое» means; ``parent`` and ``changed``
    are those of ``Taken``.
    """

    sha: str
    revision: int
    edits: Sequence[tuple[str, str, str, str | None]] = ()
    removals: Sequence[tuple[str, str]] = ()
    restored: Sequence[tuple[str, str]] = ()
    questions: Sequence[Question] = ()
    offers: Mapping[str, str] = field(default_factory=dict)
    codes: Sequence[tuple[str, str, str]] = ()
    places: Mapping[tuple[str, int], str] = field(default_factory=dict)
    parent: str = ""
    changed: Changed = field(default_factory=dict)


class Journal:
    """An open journal. One instance of the program has it at a time; every method that writes commits."""

    def __init__(self, path: Path) -> None:
        """Open the journal at ``path``, making it when it is new. Raises ``sqlite3.DatabaseError`` when damaged.

        Raises ``LaterVersion`` when only a later version of the program may touch it.
        """
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        """Add what later versions keep, each version whole or not at all."""
        known = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if known > len(_SCHEMAS):
            raise LaterVersion(f"journal of a later version: {known}")
        for version, schema in enumerate(_SCHEMAS[known:], known + 1):
            with self.commit("journal.create"):
                for statement in schema.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version={version}")

    @property
    def database(self) -> sqlite3.Connection:
        """Return the open database, for ``erasure`` alone."""
        return self._db

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def commit(self, name: str) -> Iterator[None]:
        """Make everything written inside one durable step; nested use joins the outer one."""
        if self._db.in_transaction:
            yield
            return
        with step(name):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if (
                    self._db.in_transaction
                ):  # a full disk ends it by itself, or leaves it open for the next step to join
                    self._db.execute("ROLLBACK")
                raise

    def facts(self) -> str:
        """Return a text that changes whenever a fact, an edit or a decision was added."""
        query = (
            "SELECT (SELECT max(seq) FROM submission), (SELECT max(seq) FROM edit), (SELECT count(*) FROM removal),"
            " (SELECT count(*) FROM frozen), (SELECT count(*) FROM closed), (SELECT count(*) FROM code),"
            " (SELECT count(*) FROM question), (SELECT max(number) FROM revision),"
            " (SELECT count(*) FROM printed), (SELECT count(*) FROM scan), (SELECT count(*) FROM scan WHERE token='')"
        )
        return repr(self._db.execute(query).fetchone())

    # --- small things to remember ---------------------------------------------------------------------------------

    def remember(self, name: str, value: str) -> None:
        """Keep one value under a name."""
        with self.commit(f"journal.{name}"):
            self._db.execute("INSERT OR REPLACE INTO meta VALUES(?, ?)", (name, value))

    def recall(self, name: str) -> str:
        """Return the value kept under a name, ``""`` when there is none."""
        row = self._db.execute("SELECT value FROM meta WHERE name=?", (name,)).fetchone()
        return str(row[0]) if row else ""

    # --- files received -------------------------------------------------------------------------------------------

    def receive(self, arrival: str, sha: str, name: str, at: datetime) -> Received:
        """Record that a file arrived, and its content when it is new; return what is known of the content."""
        with self.commit("intake.receive"):
            self._db.execute("INSERT OR IGNORE INTO arrival(id, sha, name, at) VALUES(?, ?, ?, ?)",
                             (arrival, sha, plain_name(name), at.isoformat()))  # fmt: skip
            new = self._db.execute(
                "INSERT OR IGNORE INTO file(sha, state, name, number, at)"
                " VALUES(?, 'received', ?, (SELECT coalesce(max(number), 0) + 1 FROM file), ?)",
                (sha, plain_name(name), at.isoformat()),
            )
            if new.rowcount:
                self._tell_story(sha, "received", "", at)
        found = self.received(sha)
        assert found is not None
        return found

    def has_arrived(self, arrival: str) -> bool:
        """Tell whether an arrival is recorded already: the work on it was cut short."""
        return self._db.execute("SELECT 1 FROM arrival WHERE id=?", (arrival,)).fetchone() is not None

    def _tell_story(self, sha: str, state: str, told: str, at: datetime) -> None:
        self._db.execute("INSERT INTO story(sha, at, state, told) VALUES(?, ?, ?, ?)",
                         (sha, at.isoformat(), state, told))  # fmt: skip

    def story(self, sha: str) -> list[Event]:
        """Return what ever became of a content, the oldest first."""
        rows = self._db.execute("SELECT at, state, told FROM story WHERE sha=? ORDER BY id", (sha,))
        return [Event(datetime.fromisoformat(row[0]), row[1], row[2]) for row in rows]

    def last_event(self) -> int:
        """Return a number that grows whenever anything became of any file."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM story").fetchone()[0])

    def turn_away(self, arrival: str, name: str, told: str, at: datetime) -> None:
        """Record that something arrived that is no ordinary file, and the sentence for its sender."""
        with self.commit("intake.turn_away"):
            new = self._db.execute("INSERT OR IGNORE INTO arrival VALUES(?, '', ?, ?, 'refused', ?)",
                                   (arrival, plain_name(name), at.isoformat(), told))  # fmt: skip
            if new.rowcount:
                self._tell_story(arrival, "refused", told, at)

    def received(self, sha: str) -> Received | None:
        """Return what is known of a content, ``None`` when it never arrived."""
        row = self._db.execute(f"{_RECEIVED} WHERE sha=?", (sha,)).fetchone()
        return _received(row) if row else None

    def files(self) -> list[Received]:
        """Return every content that ever arrived, in the order of the first arrival."""
        return [_received(row) for row in self._db.execute(f"{_RECEIVED} ORDER BY number")]

    def unfinished(self) -> list[str]:
        """Return the hashes of contents received but not yet decided about, in the order of arrival.

        One over which the program may have died more than once comes after all others.
        """
        query = "SELECT sha FROM file WHERE state='received' ORDER BY max(attempts, 1), number"
        return [row[0] for row in self._db.execute(query)]

    def attempt(self, sha: str) -> int:
        """Count one more attempt at parsing a content, before it is made; return how many there are now.

        The count outlives the program, which is what it is for; a power cut may forget it, so no disk is waited for.
        """
        self._db.execute("PRAGMA synchronous=NORMAL")
        try:
            with self.commit("intake.attempt"):
                self._db.execute("UPDATE file SET attempts = attempts + 1 WHERE sha=?", (sha,))
        finally:
            self._db.execute("PRAGMA synchronous=FULL")
        return int(self._db.execute("SELECT attempts FROM file WHERE sha=?", (sha,)).fetchone()[0])

    def postpone(self, sha: str, told: str, again: datetime, at: datetime) -> None:
        """Record that something that will pass stands in the way of a content, what it is, and when it is tried again.

        The attempt does not count: nobody died of it.
        """
        with self.commit("intake.postpone"):
            known = self._db.execute("SELECT told FROM story WHERE sha=? ORDER BY id DESC LIMIT 1", (sha,)).fetchone()
            self._db.execute("UPDATE file SET attempts=0, again=? WHERE sha=?", (again.isoformat(), sha))
            self._db.execute("UPDATE arrival SET told=? WHERE sha=? AND fate=''", (told, sha))
            if known is None or known[0] != told:
                self._tell_story(sha, "postponed", told, at)

    def try_again(self, sha: str, at: datetime) -> None:
        """Put a content that came again back to work, as received at ``at``."""
        with self.commit("intake.again"):
            self._db.execute(
                "UPDATE file SET state='received', attempts=0, again='', at=? WHERE sha=?", (at.isoformat(), sha)
            )
            self._tell_story(sha, "received", "", at)

    def understand(self, sha: str, about: str, reading: str, link: str) -> None:
        """Record whose form a content is, what was read of it and where its original lies (see ``Received``)."""
        with self.commit("intake.understand"):
            self._db.execute("UPDATE file SET about=?, reading=?, link=? WHERE sha=?", (about, reading, link, sha))

    def decide(self, sha: str, state: str, fate: str, told: str, at: datetime) -> None:
        """Record what became of a content and the sentence for the senders of its undecided arrivals."""
        with self.commit(f"intake.{state}"):
            self._db.execute("UPDATE file SET state=?, again='' WHERE sha=?", (state, sha))
            self._db.execute("UPDATE arrival SET fate=?, told=? WHERE sha=? AND fate=''", (fate, told, sha))
            self._tell_story(sha, fate, told, at)

    def tell(self, arrival: str, fate: str, told: str, at: datetime) -> None:
        """Record what became of one arrival alone."""
        with self.commit("intake.tell"):
            self._db.execute("UPDATE arrival SET fate=?, told=? WHERE id=?", (fate, told, arrival))
            sha = self._db.execute("SELECT sha FROM arrival WHERE id=?", (arrival,)).fetchone()
            if sha:
                self._tell_story(sha[0], fate, told, at)

    def arrivals(self, since: datetime | None = None) -> list[Arrival]:
        """Return the arrivals since a moment, or all, the newest first."""
        rows = self._db.execute(
            "SELECT id, sha, name, at, fate, told FROM arrival WHERE at>=? ORDER BY at DESC, rowid DESC",
            (since.isoformat() if since else "",),
        )
        return [Arrival(row[0], row[1], row[2], datetime.fromisoformat(row[3]), row[4], row[5]) for row in rows]

    def has_reading(self, reading: str) -> list[str]:
        """Return the hashes of contents of which exactly this was read."""
        return [row[0] for row in self._db.execute("SELECT sha FROM file WHERE reading=?", (reading,))]

    def record(self, submission: Submission, who: str, told: Told, at: datetime) -> bool:
        """Commit a filled form's answers as the newest round; return ``False`` when they make none.

        ``who`` tells people apart. No round is made by answers that are the newest already, nor by a form that came
        before the newest round and had to wait.
        """
        key = submission.form, who, submission.year
        with self.commit("intake.record"):
            if self.last_answers(*key) == submission.answers:
                self.decide(submission.sha, "recorded", "unchanged", told.same, at)
                return False
            if self._came_before(submission.sha, key):
                self.decide(submission.sha, "recorded", "superseded", told.late, at)
                return False
            self._db.execute(
                "INSERT INTO submission(sha, form, sheet, year, received, link, answers, who)"
                " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(submission.sha, submission.form, submission.sheet, submission.year),
                    *(submission.received.isoformat(), submission.link, _dump(dict(submission.answers)), who),
                ),
            )
            self.decide(submission.sha, "recorded", "recorded", told.fresh, at)
        return True

    def _came_before(self, sha: str, key: tuple[str, str, str]) -> bool:
        """Tell whether a content arrived before the newest round of a form, person and year."""
        row = self._db.execute(
            "SELECT (SELECT at FROM file WHERE sha=?) < (SELECT max(file.at) FROM submission JOIN file USING(sha)"
            " WHERE form=? AND who=? AND year=?)",
            (sha, *key),
        ).fetchone()
        return bool(row[0])

    def is_newest(self, sha: str, year: str) -> bool:
        """Tell whether what a recorded content answers is the newest round of its person's form in a school year."""
        known = self.received(sha)
        if known is None or not known.about:
            return known is not None  # signed sheets: the same picture of them says nothing new
        form, _, who = known.about.partition("|")
        newest = self.last_answers(form, who, year)
        return newest is not None and reading_of(newest) == known.reading

    def last_answers(self, form: str, who: str, year: str) -> Mapping[str, str] | None:
        """Return the answers of the newest round of a form by one person in one school year, ``None`` when none is."""
        row = self._db.execute(
            "SELECT answers FROM submission WHERE form=? AND who=? AND year=? ORDER BY seq DESC LIMIT 1",
            (form, who, year),
        ).fetchone()
        return json.loads(row[0]) if row else None

    def submissions(self) -> tuple[Submission, ...]:
        """Return every filled form, in the order in which they were taken."""
        rows = self._db.execute(
            "SELECT seq, sha, form, sheet, year, received, link, answers, person FROM submission ORDER BY seq"
        )
        share = _Shared()
        return tuple(
            Submission(row[0], row[1], share[row[2]], share[row[3]], share[row[4]], date.fromisoformat(row[5]), row[6],
                       {share[key]: share[text] for key, text in json.loads(row[7]).items()}, row[8])
            for row in rows
        )  # fmt: skip

    # --- what was decided -----------------------------------------------------------------------------------------

    def codes(self) -> Iterator[tuple[str, str, str]]:
        """Yield every code given: sheet, key, code."""
        return iter(self._db.execute("SELECT sheet, name, code FROM code"))

    def settle(
        self,
        codes: Iterable[tuple[str, str, str]],
        persons: Mapping[str, str],
        closes: Mapping[str, Sequence[str]],
        freezes: Mapping[str, Cells],
    ) -> None:
        """Commit what a cycle's rules decided once and for ever; nothing to commit writes nothing."""
        codes = list(codes)
        if not (codes or persons or closes or freezes):
            return
        members = [(order, member) for order, pairs in closes.items() for member in pairs or ("",)]
        cells = [(code, _dump(dict(row))) for code, row in freezes.items()]
        with self.commit("casework.settle"):
            self._db.executemany("INSERT INTO code VALUES(?, ?, ?)", codes)
            self._db.executemany(
                "UPDATE submission SET person=? WHERE sha=?", [(who, sha) for sha, who in persons.items()]
            )
            self._db.executemany("INSERT OR IGNORE INTO closed VALUES(?, ?)", members)
            self._db.executemany("INSERT OR REPLACE INTO frozen VALUES(?, ?)", cells)

    def closed(self) -> dict[str, tuple[str, ...]]:
        """Return the orders whose membership is closed, each with the codes of its pairs."""
        found: dict[str, list[str]] = {}
        for order, member in self._db.execute("SELECT grp, member FROM closed ORDER BY rowid"):
            found.setdefault(order, []).extend([member] if member else [])
        return {order: tuple(members) for order, members in found.items()}

    def frozen(self) -> dict[str, Cells]:
        """Return the rows that a signature froze: code → cells."""
        return {row[0]: json.loads(row[1]) for row in self._db.execute("SELECT code, cells FROM frozen")}

    # --- sheets printed, and what came back signed --------------------------------------------------------------------

    def print_sheets(self, sheets: Iterable[Printed]) -> None:
        """Commit the codes of sheets that are to be printed."""
        with self.commit("sheets.print"):
            self._db.executemany("INSERT OR IGNORE INTO printed VALUES(?, ?, ?, ?, ?)", map(astuple, sheets))

    def printed(self) -> tuple[Printed, ...]:
        """Return every sheet that ever got a code."""
        share = _Shared()
        rows = self._db.execute("SELECT token, code, person, kind, year FROM printed ORDER BY rowid")
        return tuple(Printed(row[0], row[1], *(share[text] for text in row[2:])) for row in rows)

    def record_scans(self, scans: Iterable[Scan]) -> None:
        """Commit the sheets cut out of a scan."""
        with self.commit("intake.record_scans"):
            self._db.executemany(
                "INSERT OR IGNORE INTO scan(name, file, pages, received, link, token, edit)"
                " VALUES(?, ?, ?, ?, ?, ?, (SELECT coalesce(max(seq), 0) FROM edit))",
                [(one.key, one.name, one.pages, one.received.isoformat(), one.link, one.token) for one in scans],
            )

    def scans(self) -> tuple[Scan, ...]:
        """Return every sheet cut out of a scan, in the order in which they came."""
        rows = self._db.execute("SELECT seq, name, file, pages, received, link, token, edit FROM scan ORDER BY seq")
        return tuple(
            Scan(row[0], row[1], row[2], row[3], date.fromisoformat(row[4]), row[5], row[6], row[7]) for row in rows
        )

    def name_scans(self, tokens: Mapping[str, str]) -> None:
        """Commit whose the pages are that nobody could read: key → code of the sheet, «–» for none of ours."""
        if tokens:
            with self.commit("sheets.name"):
                named = [(token, key) for key, token in tokens.items()]
                self._db.executemany("UPDATE scan SET token=? WHERE name=?", named)

    # --- her edits ------------------------------------------------------------------------------------------------

    def take_in(self, save: Save, at: datetime) -> None:
        """Commit what one save of the curator's changed."""
        with self.commit("register.take_in"):
            self._db.executemany("INSERT INTO code VALUES(?, ?, ?)", save.codes)
            self.edit(save.revision, save.edits)
            for sheet, code in save.removals:
                self.remove(sheet, code, save.revision)
            self._db.executemany("DELETE FROM removal WHERE sheet=? AND code=?", save.restored)
            self.ask(save.questions, at.date(), event=True)
            self._db.executemany(
                "UPDATE question SET offer=? WHERE name=?", [(v, key) for key, v in save.offers.items()]
            )
            self._db.execute(
                "INSERT OR REPLACE INTO ingested VALUES(?, ?, ?, ?, ?, ?)",
                (
                    *(save.sha, save.revision, at.isoformat(), save.parent, pack(save.changed)),
                    _dump([[*place, code] for place, code in save.places.items()]),
                ),
            )

    def taken(self, revision: int) -> list[Taken]:
        """Return her saves that were made from a revision, the oldest first."""
        rows = self._db.execute(
            "SELECT sha, parent, changed, places FROM ingested WHERE revision=? ORDER BY rowid", (revision,)
        )
        return [Taken(row[0], row[1], unpack(row[2]), _places(row[3])) for row in rows]

    def places(self, sha: str) -> dict[tuple[str, int], str]:
        """Return the codes of rows that stand in a save without one: sheet and row number → code."""
        row = self._db.execute("SELECT places FROM ingested WHERE sha=?", (sha,)).fetchone()
        return _places(row[0]) if row else {}

    def said_something(self, sha: str) -> bool:
        """Tell whether a content is a save of hers that changed something."""
        row = self._db.execute("SELECT changed FROM ingested WHERE sha=?", (sha,)).fetchone()
        return bool(row and unpack(row[0]))

    def edit(self, revision: int, edits: Iterable[tuple[str, str, str, str | None]], seen: int | None = None) -> None:
        """Commit edits: sheet, code, column, value (``None`` hands the cell back).

        ``seen`` is the ``seq`` of the last form that she could know of; every one taken in so far when left out.
        """
        with self.commit("register.edit"):
            self._db.executemany(
                "INSERT INTO edit(revision, sheet, code, field, value, seen)"
                " VALUES(?, ?, ?, ?, ?, coalesce(?, (SELECT max(seq) FROM submission), 0))",
                [(revision, *one, seen) for one in edits],
            )

    def edits(self) -> tuple[Edit, ...]:
        """Return all her edits in the order in which they were read."""
        rows = self._db.execute("SELECT seq, revision, sheet, code, field, value FROM edit ORDER BY seq")
        return tuple(Edit(*row) for row in rows)

    def seen(self) -> dict[tuple[str, str], int]:
        """Return for each edited cell (code, column) the last form taken in before its last edit was."""
        return {(row[0], row[1]): row[2] for row in self._db.execute("SELECT code, field, seen FROM edit ORDER BY seq")}

    def remove(self, sheet: str, code: str, revision: int, seen: int | None = None) -> None:
        """Commit that a row is removed; ``seen`` as for ``edit``."""
        with self.commit("register.remove"):
            self._db.execute(
                "INSERT OR IGNORE INTO removal VALUES(?, ?, ?, coalesce(?, (SELECT max(seq) FROM submission), 0))",
                (code, sheet, revision, seen),
            )

    def put_back(self, revision: int) -> None:
        """Commit that rows removed in ``revision`` or later are rows again."""
        with self.commit("register.put_back"):
            self._db.execute("DELETE FROM removal WHERE revision>=?", (revision,))

    def removed(self) -> dict[str, int]:
        """Return the codes of the rows she removed, each with the last form taken in before that."""
        return dict(self._db.execute("SELECT code, seen FROM removal"))

    def ingested(self, sha: str) -> bool:
        """Tell whether a save of hers has been taken in."""
        return self._db.execute("SELECT 1 FROM ingested WHERE sha=?", (sha,)).fetchone() is not None

    # --- questions ------------------------------------------------------------------------------------------------

    def ask(self, questions: Iterable[Question], today: date, *, event: bool) -> None:
        """Record questions; one asked before keeps its date and takes the new text."""
        with self.commit("questions.ask"):
            self._db.executemany(
                "INSERT INTO question(name, text, sheet, code, field, answers, asked, event, link, seen)"
                " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(seq), 0) FROM submission))"
                " ON CONFLICT(name) DO UPDATE SET text=excluded.text, answers=excluded.answers",
                [
                    (one.key, one.text, one.sheet, one.code, one.column, _dump(list(one.answers)), today.isoformat(),
                     int(event), one.link)
                    for one in questions
                ],
            )  # fmt: skip

    def questions(self) -> list[Asked]:
        """Return every question ever asked, the oldest first."""
        rows = self._db.execute(
            "SELECT name, text, sheet, code, field, answers, link, asked, event, seen, offer, reply FROM question"
            " ORDER BY rowid"
        )
        return [
            Asked(
                Question(row[0], row[1], row[2], row[3], row[4], tuple(json.loads(row[5])), row[6]),
                date.fromisoformat(row[7]),
                bool(row[8]),
                *row[9:],
            )
            for row in rows
        ]

    def carried_out(self, key: str, reply: str) -> None:
        """Record that an answer to a question was carried out."""
        with self.commit("questions.reply"):
            self._db.execute("UPDATE question SET reply=? WHERE name=?", (reply, key))

    # --- revisions of the register --------------------------------------------------------------------------------

    def intend(self, number: int, sha: str, cells: bytes, at: datetime) -> None:
        """Record, before it is written, the revision ``number`` whose file will have the hash ``sha``.

        ``cells`` is what it says, packed (``pack`` of a ``Snapshot``).
        """
        with self.commit("register.intend"):
            self._db.execute(
                "INSERT INTO revision VALUES(?, ?, 'intent', ?, ?)",
                (number, sha, at.isoformat(), cells),
            )

    def mark(self, number: int, state: str) -> None:
        """Record that a revision was ``published`` or ``aborted``."""
        with self.commit("register.mark"):
            self._db.execute("UPDATE revision SET state=? WHERE number=?", (state, number))

    def revisions(self) -> list[Revision]:
        """Return all revisions, the oldest first."""
        rows = self._db.execute("SELECT number, sha, state, at FROM revision ORDER BY number")
        return [Revision(row[0], row[1], row[2], datetime.fromisoformat(row[3])) for row in rows]

    def last_revision(self, state: str = "") -> Revision | None:
        """Return the newest revision, of one state only when that is named; ``None`` when there is none."""
        row = self._db.execute(
            "SELECT number, sha, state, at FROM revision WHERE ? IN ('', state) ORDER BY number DESC LIMIT 1", (state,)
        ).fetchone()
        return Revision(row[0], row[1], row[2], datetime.fromisoformat(row[3])) if row else None

    def is_revision(self, sha: str) -> bool:
        """Tell whether a content is a revision that the program wrote or meant to write."""
        return self._db.execute("SELECT 1 FROM revision WHERE sha=?", (sha,)).fetchone() is not None

    def snapshot(self, number: int) -> Snapshot | None:
        """Return what a revision said, ``None`` when there never was one of this number."""
        row = self._db.execute("SELECT cells FROM revision WHERE number=?", (number,)).fetchone()
        return unpack(row[0]) if row else None

    def saves(self) -> list[tuple[str, int, datetime]]:
        """Return her saves that were taken in, the oldest first: hash, the revision they were made from, when."""
        rows = self._db.execute("SELECT sha, revision, at FROM ingested ORDER BY rowid")
        return [(row[0], row[1], datetime.fromisoformat(row[2])) for row in rows]

    # --- jobs -----------------------------------------------------------------------------------------------------

    def ask_for(self, kind: str, about: str, at: datetime) -> None:
        """Leave a job for the instance that works on this workspace."""
        with self.commit("jobs.ask"):
            self._db.execute("INSERT INTO job(kind, about, at) VALUES(?, ?, ?)", (kind, about, at.isoformat()))

    def jobs(self) -> list[Job]:
        """Return the jobs that wait, the oldest first."""
        return [Job(*row) for row in self._db.execute("SELECT id, kind, about FROM job WHERE done=0 ORDER BY id")]

    def finish(self, job: Job) -> None:
        """Record that a job is done."""
        with self.commit("jobs.finish"):
            self._db.execute("UPDATE job SET done=1 WHERE id=?", (job.id,))

    # --- papers and other files of ours ---------------------------------------------------------------------------

    def issue(self, papers: Iterable[Paper], forget: Iterable[str], at: datetime) -> None:
        """Record files that are about to be, or have been, laid into the outbox, and forget those under ``forget``."""
        with self.commit("papers.issue"):
            self._db.executemany("DELETE FROM paper WHERE name=?", [(key,) for key in forget])
            self._db.executemany(
                "INSERT OR REPLACE INTO paper VALUES(?, ?, ?, ?, ?, ?)",
                [(one.key, one.path, one.sha, one.meant, int(one.frozen), at.isoformat()) for one in papers],
            )

    def papers(self, ending: str = "") -> list[Paper]:
        """Return every file in the outbox that the program laid there and whose name ends so."""
        query = (
            "SELECT name, path, sha, meant, frozen FROM paper"
            " WHERE ?1 = '' OR substr(path, -length(?1)) = ?1 ORDER BY name"
        )
        rows = self._db.execute(query, (ending,))
        return [Paper(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]

    def keep_content(self, sha: str, passport: tuple[str, str], record: str, at: datetime) -> None:
        """Record what a paper's content was made from; ``passport`` is its name and the mark of its content."""
        with self.commit("papers.content"):
            row = (sha, *passport, at.isoformat(), pack(record))
            self._db.execute("INSERT OR REPLACE INTO content VALUES(?, ?, ?, ?, ?)", row)

    def content(self, sha: str) -> str:
        """Return what the content of a hash was made from, ``""`` when that is not known."""
        row = self._db.execute("SELECT record FROM content WHERE sha=?", (sha,)).fetchone()
        return str(unpack(row[0])) if row else ""

    def content_of(self, name: str, mark: str) -> str:
        """Return what the content with a passport was made from, ``""`` when that is not known."""
        query = "SELECT record FROM content WHERE name=? AND mark=? ORDER BY at DESC LIMIT 1"
        row = self._db.execute(query, (name, mark)).fetchone()
        return str(unpack(row[0])) if row else ""

    def forget_contents(self, before: datetime) -> None:
        """Forget what contents were made from that were laid before a moment and are papers no more."""
        found = self._db.execute(
            "SELECT sha FROM content WHERE at<? AND sha NOT IN (SELECT sha FROM paper UNION SELECT meant FROM paper)",
            (before.isoformat(),),
        ).fetchall()
        if found:
            with self.commit("papers.forget"):
                self._db.executemany("DELETE FROM content WHERE sha=?", found)

    def put(self, one: Put) -> None:
        """Record a file that the program itself lays into a shared folder, before it is laid there."""
        with self.commit("files.put"):
            self._db.execute(
                "INSERT OR REPLACE INTO put(path, sha, source, about, going) VALUES(?, ?, ?, ?, ?)",
                (one.path, one.sha, one.source, one.about, int(one.going)),
            )

    def puts(self) -> dict[str, Put]:
        """Return the program's own files in shared folders, by path."""
        return {
            row[0]: Put(row[0], row[1], row[2], row[3], bool(row[4]))
            for row in self._db.execute("SELECT path, sha, source, about, going FROM put")
        }

    def unput(self, path: str) -> None:
        """Forget a file of the program's own."""
        with self.commit("files.unput"):
            self._db.execute("DELETE FROM put WHERE path=?", (path,))

    def ours(self, sha: str) -> bool:
        """Tell whether a content is one that the program itself wrote: a paper, a blank, a register."""
        query = (
            "SELECT 1 FROM paper WHERE sha=:sha UNION SELECT 1 FROM put WHERE sha=:sha AND source=''"
            " UNION SELECT 1 FROM revision WHERE sha=:sha"
        )
        return self._db.execute(query, {"sha": sha}).fetchone() is not None


def reading_of(answers: Mapping[str, str]) -> str:
    """Return a text that differs when the answers of two forms do."""
    return hashlib.sha256(json.dumps(dict(answers), sort_keys=True).encode()).hexdigest()


class Codes:
    """The codes given so far and those given in this cycle (``CodeBook``); ``fresh`` are to be committed."""

    def __init__(self, given: Iterable[tuple[str, str, str]], prefixes: Mapping[str, str]) -> None:
        """``given`` are rows of ``Journal.codes``; ``prefixes`` maps a sheet key to the prefix of its codes."""
        self._prefixes = prefixes
        self._codes: dict[str, dict[str, str]] = {}
        self._last: dict[str, int] = {}
        self.fresh: list[tuple[str, str, str]] = []
        for sheet, key, code in given:
            self._codes.setdefault(sheet, {})[key] = code
            self._count(sheet, code)

    def give(self, sheet: str, key: str) -> str:
        """Return the code of the row known by ``key``, the next free one when it has none yet."""
        given = self._codes.setdefault(sheet, {})
        if key not in given:
            self._keep(sheet, key, f"{self._prefixes[sheet]}-{self._last.get(sheet, 0) + 1:04d}")
        return given[key]

    def claim(self, sheet: str, code: str) -> None:
        """Keep a code that a person wrote from ever being given to another row."""
        key = f"claimed:{code}"
        if key not in self._codes.get(sheet, {}) and not any(code in given.values() for given in self._codes.values()):
            self._keep(sheet, key, code)

    def _keep(self, sheet: str, key: str, code: str) -> None:
        self._codes.setdefault(sheet, {})[key] = code
        self._count(sheet, code)
        self.fresh.append((sheet, key, code))

    def _count(self, sheet: str, code: str) -> None:
        self._last[sheet] = max(self._last.get(sheet, 0), int(code.rpartition("-")[2]))


class _Shared(dict[str, str]):
    """Texts that many rows repeat, each held once: ``shared[text]`` is the text that came first."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text


_RECEIVED = "SELECT sha, state, attempts, name, number, at, about, reading, link, again FROM file"


def _received(row: Sequence[Any]) -> Received:
    return Received(
        row[0], row[1], row[2], row[3], row[4], datetime.fromisoformat(row[5]), row[6], row[7], row[8], row[9]
    )


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def pack(value: object) -> bytes:
    """Return plain data as the journal keeps what is large; its text is never held as a whole."""
    engine = zlib.compressobj(1)
    return b"".join([*(engine.compress(text.encode("utf-8", "surrogatepass")) for text in _texts(value, 2)),
                     engine.flush()])  # fmt: skip


def _texts(value: object, depth: int) -> Iterator[str]:
    """Yield the text of plain data in pieces: one for each entry of a mapping, as many levels deep as is said."""
    if not isinstance(value, dict) or not depth:
        yield _dump(value)
        return
    for number, (key, inner) in enumerate(value.items()):
        yield f"{',' if number else '{'}{_dump(key)}:"
        yield from _texts(inner, depth - 1)
    yield "}" if value else "{}"


def unpack(data: bytes) -> Any:
    """Return what ``pack`` kept."""
    return json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))


def _places(text: str) -> dict[tuple[str, int], str]:
    return {(sheet, number): code for sheet, number, code in json.loads(text)}
