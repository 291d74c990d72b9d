"""The whole story of one file, for ``nastavnik why``: when it came, what became of it, where it lies, what follows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline import files
from pipeline.intake import originals
from pipeline.journal import Arrival, Journal, Received
from pipeline.model import plain_name
from pipeline.wording import pages as pages_say
from pipeline.wording import why as say
from pipeline.workspace import Workspace

_SHORTEST_HASH = 6


class Stories:
    """The stories of one workspace's files."""

    def __init__(self, space: Workspace, journal: Journal) -> None:
        self._space = space
        self._journal = journal

    def find(self, asked: str) -> list[str]:
        """Return the hashes of the contents that ``asked`` names, the oldest first.

        It is a file's path, its name with or without suffix, the number of its receipt, or the beginning of its hash.
        """
        known = {one.sha: one for one in self._journal.files()}
        here = self._content(asked)
        if here in known:
            return [here]
        wanted, number = _fold(Path(asked).name), asked.lstrip("№ ")
        named = {one.sha for one in self._journal.arrivals() if wanted in _names(one.name)}
        return [
            sha
            for sha, one in known.items()
            if sha in named
            or (number.isdigit() and one.number == int(number))
            or (len(asked) >= _SHORTEST_HASH and sha.startswith(asked.casefold()))
        ]

    def _content(self, asked: str) -> str:
        """Return the hash of the file at a path, seen from here, from the workspace or from its inbox."""
        for path in (Path(asked), self._space.root / asked, self._space.inbox / asked):
            try:
                found = files.digest_of(path)
            except OSError:
                continue
            if found:
                return found
        return ""

    def turned_away(self, asked: str) -> list[str]:
        """Tell of arrivals under a name that were never opened: links, devices, files that are too large."""
        every = self._journal.arrivals()
        return [_arrival(one) for one in every if not one.sha and _fold(Path(asked).name) in _names(one.name)]

    def cannot_retry(self, found: Sequence[str], asked: str) -> str:
        """Say why what was asked for cannot be tried again, ``""`` when it can."""
        if len(found) != 1:
            return say.many(len(found)) if found else say.unknown(plain_name(asked))
        known = self._journal.received(found[0])
        assert known is not None
        return "" if originals.find(self._space, self._journal, known) else say.no_original(known.name)

    def tell(self, sha: str) -> list[str]:
        """Tell the story of a content, sentence by sentence."""
        known = self._journal.received(sha)
        assert known is not None
        arrivals = [one for one in self._journal.arrivals() if one.sha == sha]
        return [
            say.heading(known.name, known.number, sha[:12]),
            *map(_arrival, reversed(arrivals)),
            *(say.event(one.at, say.STATES[one.state], one.told) for one in self._journal.story(sha)),
            *(say.lies(place) for place in self._places(known)),
            *self._rows(known),
            *([say.next_try(known.again)] if known.state == "received" else []),
        ]

    def _places(self, known: Received) -> Iterator[str]:
        kept = (self._space.root / known.link if known.link else None, self._space.quarantine / known.sha,
                self._space.spool / known.sha)  # fmt: skip
        yield from (self._space.relative(path) for path in kept if path and path.is_file())
        puts = (put for put in self._journal.puts().values() if put.source == known.sha)
        yield from (put.path for put in puts if (self._space.root / put.path).is_file())

    def _rows(self, known: Received) -> list[str]:
        """Name the rows of the register that came of a content."""
        last = self._journal.last_revision("published")
        shown = (self._journal.snapshot(last.number) if last else None) or {}
        codes = [code for rows in shown.values() for code, cells in rows.items()
                 if known.link and known.link in cells.values()]  # fmt: skip
        codes += [one.person for one in self._journal.submissions() if one.sha == known.sha and one.person]
        return [say.rows(list(dict.fromkeys(codes)))] if codes else []


def _arrival(one: Arrival) -> str:
    return say.arrival(one.at, one.name, pages_say.FATES[one.fate], one.told)


def _names(name: str) -> set[str]:
    return {_fold(name), _fold(Path(name).stem)}


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", plain_name(name)).casefold()
