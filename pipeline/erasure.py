"""How a person leaves the journal for ever: what was theirs is deleted, what others hold of them is made nameless.

One commit, so that a crash leaves either everything or nothing of it. What remains is the tombstone: codes, the day and
the reason (152-ФЗ art. 21; order of Роскомнадзор № 179). Deleted bytes are overwritten by SQLite (``secure_delete``);
``squeeze`` then rewrites the file, so that nothing stays in free pages or in the log beside it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.journal import Journal, pack, unpack

GONE = "…"
"""What stands where a name stood in a text that others keep."""

BEGUN, DONE = "begun", "done"


@dataclass(frozen=True)
class Subject:
    """Whom to erase: ``codes`` maps each of their rows to its sheet, ``people`` are those of sheet «Люди».

    ``words`` are texts that name the person; they are taken out wherever else they stand. ``posts`` are words of sheet
    «Склонения» that nobody else needs.
    """

    code: str
    codes: Mapping[str, str]
    people: Collection[str]
    words: Sequence[str]
    posts: Collection[str] = ()


@dataclass(frozen=True)
class Erasure:
    """What is known of an erasure: ``facts`` are the cells of its row in the register, without any name."""

    code: str
    at: datetime
    reason: str
    revision: int
    state: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Deleted:
    """What left the journal: how many of each, and the hashes of the files whose content was the person's."""

    counts: Mapping[str, int]
    files: Sequence[str]
    copies: Sequence[str]


class Oblivion:
    """The erasures of one journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._db: sqlite3.Connection = journal.database

    # --- looking --------------------------------------------------------------------------------------------------

    def erased(self) -> frozenset[str]:
        """Return the codes of all rows that were erased."""
        return frozenset(row[0] for row in self._db.execute("SELECT code FROM erased"))

    def all(self) -> list[Erasure]:
        """Return every erasure, the oldest first."""
        rows = self._db.execute("SELECT person, at, reason, revision, state, facts FROM erasure ORDER BY rowid")
        return [
            Erasure(one[0], datetime.fromisoformat(one[1]), one[2], one[3], one[4], json.loads(one[5])) for one in rows
        ]

    def doomed(self) -> list[tuple[str, str]]:
        """Return the files that are still to be destroyed: whose, and the path in the workspace."""
        return self._db.execute("SELECT person, path FROM doomed ORDER BY path").fetchall()

    def of_person(self, people: Collection[str]) -> tuple[list[str], list[str]]:
        """Return the hashes of the forms a person handed in, and what the answers to them are known by."""
        query = "SELECT sha, form || '|' || who FROM submission WHERE person=?"
        rows = [row for code in sorted(people) for row in self._db.execute(query, (code,))]
        answers = list(dict.fromkeys(row[1] for row in rows))
        rows += [
            row for about in answers for row in self._db.execute("SELECT sha, about FROM file WHERE about=?", (about,))
        ]
        return list(dict.fromkeys(row[0] for row in rows)), answers

    # --- erasing --------------------------------------------------------------------------------------------------

    def begin(self, subject: Subject, erasure: Erasure, doomed: Iterable[str]) -> Deleted:
        """Delete everything of a person's and note the files that are to go, all in one commit."""
        with self._journal.commit("erasure.begin"):
            deleted = self._delete(subject)
            self._make_nameless(subject)
            facts = json.dumps(dict(erasure.facts), ensure_ascii=False)
            self._db.execute(
                "INSERT OR REPLACE INTO erasure VALUES(?, ?, ?, ?, ?, ?)",
                (erasure.code, erasure.at.isoformat(), erasure.reason, erasure.revision, BEGUN, facts),
            )
            for path in doomed:
                self._db.execute("INSERT OR IGNORE INTO doomed VALUES(?, ?)", (path, subject.code))
                self._db.execute("DELETE FROM put WHERE path=?", (path,))
        return deleted

    def add(self, code: str, facts: Mapping[str, str]) -> None:
        """Add to what is told of an erasure."""
        [known] = [one.facts for one in self.all() if one.code == code]
        with self._journal.commit("erasure.add"):
            text = json.dumps({**known, **facts}, ensure_ascii=False)
            self._db.execute("UPDATE erasure SET facts=? WHERE person=?", (text, code))

    def destroyed(self, path: str) -> None:
        """Record that a file is gone."""
        with self._journal.commit("erasure.destroyed"):
            self._db.execute("DELETE FROM doomed WHERE path=?", (path,))

    def finish(self, code: str) -> None:
        """Record that an erasure is carried out."""
        with self._journal.commit("erasure.finish"):
            self._db.execute("UPDATE erasure SET state=? WHERE person=?", (DONE, code))

    def squeeze(self) -> None:
        """Rewrite the journal's file, so that it holds what it says and nothing more.

        Raises ``sqlite3.OperationalError`` while another process looks into it.
        """
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # --- what was theirs ------------------------------------------------------------------------------------------

    def _delete(self, subject: Subject) -> Deleted:
        shas, answers = self.of_person(subject.people)
        shas += self._scans(subject)
        copies = self._copies(subject)
        counts = {
            "submission": self._each("DELETE FROM submission WHERE sha=?", shas),
            "file": self._each("DELETE FROM file WHERE sha=?", shas),
            "arrival": self._each("DELETE FROM arrival WHERE sha=?", shas) + self._named_arrivals(subject),
            "put": self._each("DELETE FROM put WHERE source=?", shas)
            + self._each("DELETE FROM put WHERE about=?", answers),
            "edit": self._each("DELETE FROM edit WHERE code=?", subject.codes),
            "question": self._questions(subject),
        }
        self._each("DELETE FROM story WHERE sha=?", shas)
        self._each("DELETE FROM frozen WHERE code=?", subject.codes)
        self._each("DELETE FROM removal WHERE code=?", subject.codes)
        self._each("UPDATE code SET name='erased:' || code WHERE code=?", subject.codes)
        self._declensions(subject)
        self._records(subject)
        for code, sheet in subject.codes.items():
            self._db.execute(
                "INSERT INTO removal VALUES(?, ?, (SELECT coalesce(max(number), 0) FROM revision),"
                " (SELECT coalesce(max(seq), 0) FROM submission))",
                (code, sheet),
            )
            self._db.execute("INSERT OR REPLACE INTO erased VALUES(?, ?, ?)", (code, sheet, subject.code))
            self._db.execute("DELETE FROM paper WHERE name LIKE ?", (f"%:{code}:%",))
        return Deleted(counts, shas, copies)

    def _scans(self, subject: Subject) -> list[str]:
        """Delete the sheets printed for the person and cut out of scans; return the scans that held nothing else."""
        found: dict[str, None] = {}
        for token, code, person in self._db.execute("SELECT token, code, person FROM printed").fetchall():
            if code in subject.codes or person in subject.people:
                found.update({_file_of(key): None for (key,) in self._of_token(token)})
                self._db.execute("DELETE FROM scan WHERE token=?", (token,))
                self._db.execute("DELETE FROM printed WHERE token=?", (token,))
        left = {_file_of(key) for (key,) in self._db.execute("SELECT name FROM scan")}
        return [sha for sha in found if sha not in left]

    def _of_token(self, token: str) -> list[tuple[str]]:
        return self._db.execute("SELECT name FROM scan WHERE token=?", (token,)).fetchall()

    def _each(self, statement: str, values: Iterable[str]) -> int:
        return sum(self._db.execute(statement, (value,)).rowcount for value in values)

    def _copies(self, subject: Subject) -> list[str]:
        """Return the saves in which rows of theirs stood without a code."""
        rows = self._db.execute("SELECT sha, places FROM ingested")
        return [sha for sha, places in rows if {one[2] for one in json.loads(places)} & subject.codes.keys()]

    def _named_arrivals(self, subject: Subject) -> int:
        """Delete what is told of files whose names or answers name the person, but for forms of somebody else."""
        found: list[str] = []
        query = (
            "SELECT a.id, a.sha, a.name, a.told FROM arrival a"
            " WHERE NOT EXISTS(SELECT 1 FROM submission s WHERE s.sha = a.sha)"
        )
        for arrival, sha, name, told in self._db.execute(query).fetchall():
            if names(subject.words, name) or names(subject.words, told):
                found.append(arrival)
                self._db.execute("DELETE FROM file WHERE sha=? AND state<>'received'", (sha,))
        return self._each("DELETE FROM arrival WHERE id=?", found)

    def _questions(self, subject: Subject) -> int:
        """Delete the questions about their rows, and those that name them, with their answers."""
        found = [
            key
            for key, code, *texts in self._db.execute("SELECT name, code, text, offer, reply FROM question").fetchall()
            if code in subject.codes or any(names(subject.words, text) for text in texts)
        ]
        for key in found:
            self._forget_row("questions", f"question:{key}")
        return self._each("DELETE FROM question WHERE name=?", found)

    def _declensions(self, subject: Subject) -> None:
        for (word,) in self._db.execute("SELECT name FROM code WHERE sheet='declensions'").fetchall():
            if word in subject.posts or names(subject.words, word):
                self._forget_row("declensions", word)

    def _records(self, subject: Subject) -> None:
        """Forget what papers were made from, wherever that was the person's."""
        words = [*subject.codes, *subject.words]
        rows = self._db.execute("SELECT sha, record FROM content").fetchall()
        self._each("DELETE FROM content WHERE sha=?", [sha for sha, record in rows if names(words, unpack(record))])

    def _forget_row(self, sheet: str, key: str) -> None:
        """Forget a row of a list, but never give its code to another."""
        row = self._db.execute("SELECT code FROM code WHERE sheet=? AND name=?", (sheet, key)).fetchone()
        if row:
            self._db.execute("DELETE FROM edit WHERE code=?", row)
            self._db.execute("UPDATE code SET name='erased:' || code WHERE code=?", row)

    # --- what others hold of them ---------------------------------------------------------------------------------

    def _make_nameless(self, subject: Subject) -> None:
        """Take the person's rows out of every snapshot, and their name out of every text that is left."""
        for table, column in _TEXTS:
            self._rewrite(table, column, lambda text: nameless(subject.words, text))
        for table, column in _PACKED:
            self._rewrite(table, column, lambda data: _without(data, subject))

    def _rewrite(self, table: str, column: str, change: Callable[[Any], Any]) -> None:
        rows = self._db.execute(f"SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL").fetchall()  # noqa: S608
        for row, value in rows:
            changed = change(value)
            if changed != value:
                self._db.execute(f"UPDATE {table} SET {column}=? WHERE rowid=?", (changed, row))  # noqa: S608


_TEXTS = (
    *(("meta", "value"), ("edit", "value"), ("frozen", "cells"), ("submission", "answers"), ("arrival", "name")),
    *(("arrival", "told"), ("file", "name"), ("scan", "file"), ("question", "text"), ("put", "about")),
    *(("file", "about"), ("story", "told")),
)
_PACKED = (("revision", "cells"), ("ingested", "changed"))


def names(words: Iterable[str], text: str) -> bool:
    """Tell whether a text says one of the words, in letters of any size."""
    folded = text.casefold()
    return any(word.casefold() in folded for word in words)


def nameless(words: Iterable[str], text: str) -> str:
    """Return a text in which every word (the longest first) is replaced by dots."""
    for word in sorted(words, key=len, reverse=True):
        for spelt in dict.fromkeys((word, word.upper(), word.casefold(), json.dumps(word, ensure_ascii=False)[1:-1])):
            text = text.replace(spelt, GONE)
    return text


def _file_of(key: str) -> str:
    """Return the hash of the scan that a sheet (its hash and first page) was cut out of."""
    return key.partition("-")[0]


def _without(data: bytes, subject: Subject) -> bytes:
    """Return a packed snapshot without the person's rows and names; the same bytes when there are none."""
    said = unpack(data)
    kept = {
        sheet: {code: cells for code, cells in rows.items() if code not in subject.codes}
        for sheet, rows in said.items()
    }
    text = json.dumps(kept, ensure_ascii=False)
    clean = nameless(subject.words, text)
    return data if kept == said and clean == text else pack(json.loads(clean))
