"""The PDF of each paper that lies in the outbox as the program laid it: made a few at a time, beside all other work.

A PDF is kept under the hash of its DOCX as long as that DOCX is laid; from there it is laid like any other paper.
Nothing waits for one: a turn starts a conversion, or looks whether one has ended. A paper that cannot be converted is
told, and tried a few times at most.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path

from pipeline import files
from pipeline.intake.retries import Retries
from pipeline.journal import Journal
from pipeline.office import pdf
from pipeline.wording import documents as say
from pipeline.workspace import Workspace

_AT_ONCE = 20
"""How many papers one run of the office program converts."""
_MOST_TRIES = 3
_TOLD = 5
"""How many papers that were not converted are told by name."""
_FAILED = "failed"
"""Stands in the place of the hash of a PDF that could not be made."""
_PRINTING = "printing"
_HASH = 64

_log = logging.getLogger(__name__)


class Prints:
    """The PDFs of one workspace: ``collect`` begins a turn, ``go_on`` ends it, ``stop`` is for the end of the work."""

    def __init__(self, space: Workspace, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._space = space
        self._journal = journal
        self._retries = Retries(clock)
        self._running: pdf.Conversion | None = None
        self._tries = Counter[str]()
        self._kept: dict[str, str] = {}
        self._on = False

    @property
    def busy(self) -> bool:
        """Tell whether a conversion is under way."""
        return self._running is not None

    @property
    def sign(self) -> str:
        """Return a text that changes when there is another PDF to lay, or none any more."""
        return hashlib.sha256(repr((self._on, sorted(self._kept.items()))).encode()).hexdigest()

    def collect(self, *, on: bool) -> list[str]:
        """Take what a conversion has made, if it has ended; ``on`` tells whether PDFs are wanted at all.

        Returns what the administrator should know, one sentence each.
        """
        self._on = on
        if self._running and self._running.is_over():
            self._try(self._take, self._running)
            self.stop()
        self._kept = {path.stem[:_HASH]: path.stem[_HASH + 1 :] for path in self._space.prints.glob("*.pdf")}
        return self._told() if on else []

    def sha_of(self, docx: str) -> str:
        """Return the hash of the PDF made of the DOCX with this hash, ``""`` when there is none to lay."""
        found = self._kept.get(docx, "")
        return found if self._on and found != _FAILED else ""

    def read(self, docx: str) -> bytes:
        """Return the PDF made of the DOCX with this hash; lets one go that is damaged and raises ``OSError``."""
        path = self._path(docx, self._kept[docx])
        data = files.read(path)
        if files.digest(data) != self._kept[docx]:
            files.drop(path)
            raise OSError(path.name)
        return data

    def go_on(self, *, rests: bool) -> None:
        """Let go of the PDFs of papers that are no more; start the next conversion. Nothing while everything rests."""
        if rests or not (self._on or self._kept):
            return
        papers = self._journal.papers() if self._on else []
        laid = {one.sha: one.path for one in papers if one.path.endswith(".docx") and not one.key.endswith(":newer")}
        self._tries = Counter({docx: times for docx, times in self._tries.items() if docx in laid})
        self._try(self._let_go, [docx for docx in self._kept if not self._lies(laid.get(docx, ""))])
        if self._on and not self._running and self._retries.is_due(_PRINTING):
            self._try(self._start, laid)

    def wait(self) -> None:
        """Wait until the conversion under way has ended."""
        if self._running:
            self._running.wait()

    def stop(self) -> None:
        """End the conversion under way and destroy its folder; also one that a crash left."""
        running, self._running = self._running, None
        if running:
            running.close()
        pdf.destroy(self._work)

    @property
    def _work(self) -> Path:
        return self._space.prints / "work"

    def _path(self, docx: str, sha: str) -> Path:
        return self._space.prints / f"{docx}-{sha}.pdf"

    def _told(self) -> list[str]:
        if not pdf.program():
            return [say.no_office()]
        failed = {docx for docx, sha in self._kept.items() if sha == _FAILED} | self._tries.keys() - self._kept.keys()
        papers = self._journal.papers() if failed else []
        names = sorted(one.path.partition("/")[2] for one in papers if one.sha in failed)
        more = [say.more_not_converted(len(names))] if len(names) > _TOLD else []
        return [*map(say.not_converted, names[:_TOLD]), *more]

    def _try(self, act: Callable[..., None], what: object) -> None:
        """Do something with files; what stands in the way is tried again later, and holds up nothing else."""
        try:
            act(what)
        except OSError as problem:
            delay = self._retries.failed(_PRINTING, "", problem)
            _log.warning("printing waits: %s", delay.cause)

    def _take(self, run: pdf.Conversion) -> None:
        made = run.results()
        for sha, data in made.items():
            files.keep_bytes(data, self._path(sha, files.digest(data)))
        for sha in set(run.names) - made.keys():
            self._tries[sha] += 1
            _log.warning("not converted: %s", sha[:12])
            if self._tries[sha] >= _MOST_TRIES:
                files.keep_bytes(b"", self._path(sha, _FAILED))
        if not made:  # perhaps the office program itself is broken: it is not to be started every second
            raise OSError("nothing was converted")
        self._retries.done(_PRINTING)

    def _let_go(self, gone: Iterable[str]) -> None:
        for docx in gone:
            files.drop(self._path(docx, self._kept.pop(docx)))

    def _start(self, laid: Mapping[str, str]) -> None:
        """Begin to convert the next papers; one that has failed is tried alone, when no other waits."""
        office = pdf.program()
        waiting = sorted((path, sha) for sha, path in laid.items() if sha and sha not in self._kept) if office else []
        fresh = ((path, sha) for path, sha in waiting if not self._tries[sha])
        again = sorted(((path, sha) for path, sha in waiting if self._tries[sha]), key=lambda one: self._tries[one[1]])
        sources = self._sources(fresh, _AT_ONCE) or self._sources(again, 1)
        if sources:
            pdf.destroy(self._work)
            self._running = pdf.Conversion(office, self._work, sources)

    def _sources(self, waiting: Iterable[tuple[str, str]], most: int) -> dict[str, bytes]:
        """Return the first papers that lie there as the program laid them, by their hashes."""
        there = ((sha, self._read(path)) for path, sha in waiting if self._lies(path))
        return dict(islice((one for one in there if files.digest(one[1]) == one[0]), most))

    def _read(self, path: str) -> bytes:
        """Return what lies at a path; nothing of a file that somebody holds or has just taken away."""
        try:
            return files.read(self._space.root / path)
        except (files.Busy, FileNotFoundError):
            return b""

    def _lies(self, path: str) -> bool:
        return bool(path) and (self._space.root / path).is_file()
