"""The run that erases a person (152-ФЗ art. 21): ordered, and at every step it first looks what is already done.

The journal forgets in one commit, which names the files to go; they are destroyed; the register is written without the
person; older copies of it are destroyed; the database is squeezed. Then the act and the log are papers like any other.
While the workbook is open nothing begins. A crash anywhere is healed by the next turn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline import casework, files, owners, traces
from pipeline.casework.dossier import Dossier
from pipeline.catalog import Catalog
from pipeline.cycle import subject
from pipeline.documents import pdfs
from pipeline.erasure import BEGUN, Erasure, Oblivion, Subject, nameless, names
from pipeline.journal import Journal, Paper
from pipeline.model import Rows
from pipeline.register.exchange import Exchange
from pipeline.wording import erasing as say
from pipeline.workspace import Workspace

_WAITING = "erasure.waiting"
_NO_DATA = frozenset({"state", "missing", "turn", "todo", "token"})
"""Columns that say how the case stands, nothing about a person."""


@dataclass(frozen=True)
class Found:
    """The files about a person: those to be destroyed, and what people must look at themselves."""

    doomed: list[str]
    by_hand: list[str]


class Eraser:
    """Erases people from one workspace."""

    def __init__(self, space: Workspace, journal: Journal, exchange: Exchange, clock: Callable[[], datetime]) -> None:
        self._space = space
        self._journal = journal
        self._exchange = exchange
        self._clock = clock
        self._oblivion = Oblivion(journal)
        self._waits: list[str] = []

    @property
    def facts(self) -> list[Erasure]:
        """Return every erasure."""
        return self._oblivion.all()

    @property
    def pending(self) -> list[Erasure]:
        """Return the erasures that are begun and not carried out."""
        return [one for one in self._oblivion.all() if one.state == BEGUN]

    @property
    def waiting(self) -> list[str]:
        """Say what erasures wait for, as it was told last."""
        return self._journal.recall(_WAITING).splitlines()

    def tell(self) -> None:
        """Remember what erasures wait for now; news of that lets the turn do everything."""
        text = "\n".join(self._waits)
        if text != self._journal.recall(_WAITING):
            self._journal.remember(_WAITING, text)
            self._journal.remember("quiet", "")

    def go_on(self) -> None:
        """Destroy the files that are still to go, and tell the register's traffic whom it must not show."""
        self._waits = []
        self._go_on()

    def _go_on(self) -> None:
        held = {code for code, path in self._oblivion.doomed() if not self._destroy(path)}
        self._waits += [say.waits_file(code) for code in sorted(held)]
        self._exchange.erased = self._oblivion.erased()
        self._exchange.erasing = any(one.revision >= self._exchange.standing().revision for one in self.pending)

    def _destroy(self, path: str) -> bool:
        """Destroy one file; return ``False`` while somebody has it open."""
        target = self._space.root / path
        try:
            if any(not owners.is_stale(owner, self._clock()) for owner in owners.of(target)):
                return False
            files.destroy(target)
        except files.Busy:
            return False
        self._oblivion.destroyed(path)
        return True

    # --- beginning ------------------------------------------------------------------------------------------------

    def must_wait(self, catalog: Catalog, about: str) -> bool:
        """Tell whether an erasure cannot begin now: the workbook is open, or a pair of theirs works."""
        code, holder = about.partition("\n")[0], self._exchange.holder()
        dossier = casework.dossier.of(catalog.layout, subject.rows_of(self._exchange.published()), code)
        running = dossier.running if dossier else ()
        if holder or running:
            self._waits.append(say.waits_open(code, holder) if holder else say.waits_pairs(code, running))
        return bool(holder or running)

    def begin(self, catalog: Catalog, rows: Rows, about: str, finish: Callable[[], None]) -> None:
        """Let the journal forget a person, if there is any such.

        ``rows`` is the register as it stands, ``about`` the code and, on a second line, the reason; ``finish`` records
        in the same commit that the job is done.
        """
        code, _, reason = about.partition("\n")
        dossier = casework.dossier.of(catalog.layout, rows, code)
        if dossier is None:
            finish()
            return
        found = self._files(catalog, dossier)
        erasure = self._erasure(catalog, dossier, found, reason or _reason(dossier))
        theirs = Subject(code, dossier.codes, dossier.people, dossier.words, dossier.posts)
        with self._journal.commit("erasure.take"):
            deleted = self._oblivion.begin(theirs, erasure, found.doomed)
            counts = {**deleted.counts, "row": len(dossier.rows), "files": len(found.doomed)}
            self._oblivion.add(code, {"carriers": say.carriers(counts)})
            self._journal.remember("quiet", "")
            finish()
        self._go_on()
        self._log(code, say.log_files(len(found.doomed)))

    def _erasure(self, catalog: Catalog, dossier: Dossier, found: Found, reason: str) -> Erasure:
        now = self._clock()
        facts = {
            "subject": dossier.code,
            "reason": reason,
            "method": say.METHOD,
            "categories": "\n".join(_categories(catalog, dossier)),
            "kept": "\n".join(_kept(catalog, dossier)),
            "by_hand": "\n".join(found.by_hand),
            "log": say.logged(now, say.log_begun(dossier.code, sorted(dossier.codes))),
        }
        return Erasure(dossier.code, now, reason, self._exchange.revision(), BEGUN, facts)

    def _log(self, code: str, text: str) -> None:
        [known] = [one.facts for one in self._oblivion.all() if one.code == code]
        self._oblivion.add(code, {"log": f"{known['log']}\n{say.logged(self._clock(), text)}"})

    # --- the files ------------------------------------------------------------------------------------------------

    def _files(self, catalog: Catalog, dossier: Dossier) -> Found:
        """Find every file about a person."""
        papers = [one for one in self._journal.papers() if one.key.split(":")[1] in dossier.codes]
        here = [one.path for one in papers if (self._space.root / one.path).is_file()]
        kept = [path for one in papers for path in self._signed_copies(one)]
        doomed = [*self._originals(dossier), *self._answers(dossier), *here, *kept, *self._shown(dossier)]
        by_hand = [_taken(catalog, one) for one in papers if one.path not in here]
        by_hand += [say.look_at(nameless(dossier.words, path)) for path in self._others(dossier, set(doomed))]
        unread = sum(not one.token for one in self._journal.scans())
        by_hand += [say.unread_pages(unread)] if unread else []
        by_hand += [say.stray(f"register/{name}") for name in self._exchange.strays()]
        return Found(list(dict.fromkeys(doomed)), list(dict.fromkeys(by_hand)))

    def _originals(self, dossier: Dossier) -> Iterator[str]:
        """Yield the forms and scans in the archive that no other row refers to, and what the spool still holds."""
        shas, _ = self._oblivion.of_person(dossier.people)
        links = {one.link for one in self._journal.submissions() if one.person in dossier.people}
        links |= {value for row in dossier.rows for value in row.cells.values() if value.startswith("archive/")}
        tokens = {one.token for one in self._journal.printed() if one.person in dossier.people}
        links |= {one.link for one in self._journal.scans() if one.token in tokens}
        links |= {one.link for one in self._journal.files() if one.sha in shas and one.link}
        others = {one.link for one in self._journal.submissions() if one.person not in dossier.people}
        yield from sorted(links - others)
        for folder in (self._space.spool, self._space.quarantine):
            yield from (self._space.relative(folder / sha) for sha in shas if (folder / sha).is_file())

    def _signed_copies(self, paper: Paper) -> Iterator[str]:
        """Yield the copies that are kept of a signed paper, of what it was made from, and its PDF."""
        if paper.sha:
            yield from map(self._space.relative, self._space.prints.glob(f"{paper.sha}-*.pdf"))
        for sha in (paper.sha, files.digest_of(self._space.root / paper.path)):
            yield from (self._space.relative(path) for path in self._space.kept.glob(f"{sha}.*") if sha)

    def _answers(self, dossier: Dossier) -> Iterator[str]:
        """Yield the forms sent back to the person, and unrecognised files that bear the person's name and say it."""
        shas, abouts = self._oblivion.of_person(dossier.people)
        for put in self._journal.puts().values():
            path = self._space.root / put.path
            if put.source in shas or put.about in abouts or (put.source and self._is_of(path, dossier)):
                yield put.path

    def _is_of(self, path: Path, dossier: Dossier) -> bool:
        person = dossier.rows[0]
        named = bool(person["surname"]) and person["surname"].casefold() in path.name.casefold()
        return named and path.is_file() and _tells_of(path, dossier)

    def _shown(self, dossier: Dossier) -> Iterator[str]:
        """Yield the answers made for the person's own requests."""
        for path in (self._space.outbox / say.ANSWERS).glob(f"{dossier.code} *"):
            yield self._space.relative(path)

    def _others(self, dossier: Dossier, known: set[str]) -> Iterator[str]:
        """Yield files in the shared folders that seem to be about the person and are not the program's own."""
        own = known | {one.path for one in self._journal.papers()} | {self._space.relative(self._space.register)}
        own |= {self._space.relative(page) for page in (*self._space.state_pages, self._space.fate_page)}
        for folder in (self._space.inbox, self._space.outbox, self._space.quarantine):
            for path in sorted(folder.rglob("*")):
                relative = self._space.relative(path)
                if (
                    path.is_file()
                    and relative not in own
                    and (names(dossier.words, path.name) or _tells_of(path, dossier))
                ):
                    yield relative

    # --- finishing ------------------------------------------------------------------------------------------------

    def finish(self) -> bool:
        """Carry out what is left once the register was written without the person; return whether anything was done."""
        ready = [one for one in self.pending if self._exchange.standing().revision > one.revision]
        behind = [say.waits_register(one.code) for one in self.pending if one not in ready]
        doomed = {code for code, _ in self._oblivion.doomed()}
        ready = [one for one in ready if one.code not in doomed]
        self._waits += behind
        if not ready:
            return False
        copies = self._exchange.forget_copies(self._oblivion.erased())
        for one in ready:
            if say.log_squeezed() not in one.facts["log"]:
                self._log(one.code, say.log_register(self._exchange.standing().revision, copies))
                self._log(one.code, say.log_squeezed())
        try:
            self._oblivion.squeeze()
        except sqlite3.OperationalError:
            self._waits += [say.waits_journal(one.code) for one in ready]
            return False
        for one in ready:
            self._oblivion.finish(one.code)
        self._exchange.erasing = False
        return True


def _tells_of(path: Path, dossier: Dossier) -> bool:
    """Tell whether a file names the person: in words that are theirs alone, or by all parts of the name."""
    try:
        data = files.read(path)
    except files.Busy:
        return False
    person = dossier.rows[0]
    parts = [person[key] for key in ("surname", "name", "patronymic")]
    return traces.says(data, dossier.words) or (all(parts[:2]) and traces.says_all(data, parts))


def _taken(catalog: Catalog, paper: Paper) -> str:
    name, code = pdfs.document_of(paper.key), paper.key.split(":")[1]
    document = catalog.documents.get(name)
    return say.taken_paper(document.title if document else name, code)


def _reason(dossier: Dossier) -> str:
    days = [day for row in dossier.rows if row.sheet == "consents" and (day := row.day("withdrawn"))]
    return say.withdrawn(max(days)) if days else say.DEFAULT_REASON


def _categories(catalog: Catalog, dossier: Dossier) -> Iterator[str]:
    """Yield which kinds of data were held, by sheet."""
    for sheet in catalog.layout.sheets:
        rows = [row for row in dossier.rows if row.sheet == sheet.key]
        columns = (one for one in sheet.columns if one.kind != "link" and one.key not in _NO_DATA)
        titles = [one.title for one in columns if any(row[one.key] for row in rows)]
        if titles:
            yield say.category(sheet.title, titles)


def _kept(catalog: Catalog, dossier: Dossier) -> Iterator[str]:
    """Yield what stays because another law orders to keep it."""
    by_series = {one.series: one for one in catalog.deadlines.kept if one.series}
    for order in dossier.orders:
        kind = catalog.order_kinds.get(order["kind"])
        kept = by_series.get(kind.series if kind else "")
        day = order.day("day")
        when = f"{day:%d.%m.%Y}" if day else ""
        yield say.kept_order(order.code, order["number"], when, *((kept.term, kept.ground) if kept else ("", "")))
    if any(row.sheet == "consents" for row in dossier.rows):
        yield from (say.kept(one.what, one.term, one.ground) for one in catalog.deadlines.kept if not one.series)
