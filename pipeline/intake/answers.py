"""What a sender gets back: the form with its mistakes marked, the foreign file; of a dangerous one nothing.

Each answer is laid once, whatever crash came between: first it is recorded what is about to be laid where. Nothing is
taken away while somebody has it open.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline import fields, files, owners
from pipeline.intake.forms import Reading
from pipeline.journal import Journal, Put
from pipeline.model import Clock, plain_name
from pipeline.workspace import Workspace


class Answers:
    """The answers of one workspace, in its shared folders."""

    def __init__(self, space: Workspace, journal: Journal, clock: Clock) -> None:
        self._space = space
        self._journal = journal
        self._clock = clock

    def lay(self, folder: Path, name: str, data: bytes, put: Put) -> Path:
        """Lay an answer to the content ``put.source`` into a shared folder once; return its path."""
        for earlier in self._journal.puts().values():
            path = self._space.root / earlier.path
            if earlier.source == put.source and path.parent == folder and files.digest_of(path) == earlier.sha:
                self._journal.put(replace(earlier, going=False))
                return path
        if not folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, "the share is away")
        path = files.free_name(folder, name)
        self._journal.put(replace(put, path=self._space.relative(path), sha=files.digest(data)))
        files.publish(path, data)
        return path

    def lay_again(self, put: Put, saved: Path) -> bool:
        """Lay a saved copy of an answer where the answer lay; ``False`` when something else lies there by now."""
        data = saved.read_bytes()
        self._journal.put(replace(put, sha=files.digest(data), going=False))
        return files.publish(self._space.root / put.path, data)

    def give_back(self, claimed: Path) -> None:
        """Move a claimed thing that is never opened to «Не распознано»; it is known by its path from then on."""
        while True:
            path = files.free_name(self._space.unknown, plain_name(claimed.name))
            relative = self._space.relative(path)
            self._journal.put(Put(relative, ""))
            try:
                files.give_back(claimed, path)
            except FileExistsError:
                self._journal.unput(relative)
            else:
                return

    def laid(self, reading: str) -> Put | None:
        """Return the form sent back of which exactly this was read, ``None`` when there is none."""
        sources = set(self._journal.has_reading(reading))
        folder = f"{self._space.relative(self._space.returned)}/"
        return next((put for put in self._laid() if put.path.startswith(folder) and put.source in sources), None)

    def is_laid(self, put: Put) -> bool:
        """Tell whether an answer lies there untouched."""
        return files.digest_of(self._space.root / put.path) == put.sha

    def outdate(self, about: str, round_: str, sha: str = "") -> None:
        """Let the copies of a form go that was sent back and has now come again.

        They are those of the same person's form (``about``), where it tells people apart, and the one that the form
        itself says it grew from (``round_``, the beginning of its source's hash); and the answers to the content
        ``sha`` itself, which is in order now.
        """
        for put in self._laid():
            same = put.source == sha or (is_sure(about) and put.about == about)
            if not put.going and (same or (round_ and put.source.startswith(round_))):
                self._journal.put(replace(put, going=True))

    def tidy(self) -> None:
        """Take away outdated copies that nobody has open; one that somebody changed is his, and input."""
        for put in self._laid():
            path = self._space.root / put.path
            if not put.going or any(not owners.is_stale(owner, self._clock()) for owner in owners.of(path)):
                continue
            files.remove_if(path, put.sha)
            self._journal.unput(put.path)

    def _laid(self) -> list[Put]:
        return [put for put in self._journal.puts().values() if put.source]


def reading_of(reading: Reading) -> str:
    """Return a text that differs when what stands in two forms with mistakes differs, wherever on the sheet it does."""
    assert reading.form is not None
    cells = sorted((key, repr(cell.value)) for key, cell in reading.rows.items())
    wanted = [(one.key, one.wanted) for one in reading.mistakes]
    return hashlib.sha256(repr((reading.form.name, cells, wanted)).encode()).hexdigest()


def about(form: str, answers: Mapping[str, str]) -> str:
    """Return whose form it is: the form, and what tells people (or rows) apart before they are decided about."""
    number = fields.fold(answers.get("people.number", ""))
    keys = ("people.surname", "people.name", "people.patronymic", "people.birth", "orders.code")
    who = f"№{number}" if number else "|".join(fields.fold(answers.get(key, "")) for key in keys)
    return f"{form}|{who}"


def is_sure(whose: str) -> bool:
    """Tell whether ``about`` names one person or row alone: by number, by code, or by name and day of birth."""
    _, first, *more = whose.split("|")
    return first.startswith("№") or bool(first and more[0] and more[2]) or bool(more and more[3])
