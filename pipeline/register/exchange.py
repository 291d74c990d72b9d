"""The register file: her saves are read in, our revisions exchanged for what lies there, nothing overwritten blind.

The order of a publication is the promise: intent with number and hash (committed) → the files are exchanged → what was
displaced is examined → mark. A save that slipped in between is read like any other. While an owner file says that
somebody has the workbook open, nothing is written and changes wait.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline import files, owners, traces
from pipeline.catalog import Catalog
from pipeline.journal import Codes, Journal, Save, Snapshot, pack
from pipeline.model import Rows
from pipeline.office import cells
from pipeline.register import forgotten, history, lineage, merge, publish, workbook
from pipeline.register.packed import Packed
from pipeline.wording import pages as page
from pipeline.wording import register as say

_HOLD = "register.hold"
_HELD = "register.held"
_DISPLACED = "register.displaced"
_ACCEPTED = "register.accepted"
"""What is remembered: why writing has stopped, the hash of the save it stopped for, the hashes of saves that were
displaced and not read yet (the oldest first), the hash of the save that a person told us to believe."""

_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_LOOKS, _BETWEEN_LOOKS, _AFTER_CLOSING = 3, 0.02, 0.7
"""How often and how many seconds apart the owner file must be found missing before the workbook counts as closed: it
may be away for a moment only, which is the more likely when it has just gone."""


@dataclass(frozen=True)
class Standing:
    """How the register stands after a turn: the last revision and when, whether this turn wrote it, what holds it.

    ``again`` says that a save came in meanwhile and the next turn should come soon; ``warnings`` are sentences on what
    will hold it before long.
    """

    revision: int
    at: datetime
    written: bool = False
    held: str = ""
    again: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Publication:
    """A revision to be written; holds nothing of the register in memory, which may be let go meanwhile.

    ``old`` is the hash of what lies there (``""``: nothing), ``carrier`` the workbook to write ``changes`` into,
    ``says`` what it says then, packed; ``forgets`` asks for texts to be blanked that no cell shows any more.
    """

    old: str
    carrier: bytes
    changes: Packed
    says: bytes
    stamp: publish.Stamp
    forgets: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """One moment of the register: a revision published, or (``hers``) a save made from it; ``copy`` is kept a while."""

    revision: int
    at: datetime
    hers: bool
    copy: Path


class Exchange:
    """The traffic between the journal and the workbook of one workspace.

    ``erased`` are the codes of people's rows that must never come back; while ``erasing``, a revision is written that
    holds nothing of them, whether or not a cell changes.
    """

    def __init__(
        self, path: Path, state: Path, catalog: Catalog, journal: Journal, clock: Callable[[], datetime]
    ) -> None:
        self._path = path
        self._copies = state / "register"
        self.catalog = catalog
        self._journal = journal
        self._clock = clock
        self._open = self._was_open = False
        self.erased: frozenset[str] = frozenset()
        self.erasing = False
        self._last_read: tuple[tuple[str, str], workbook.Theirs] | None = None

    # --- looking --------------------------------------------------------------------------------------------------

    def sign(self) -> str:
        """Return a text that changes when the workbook's bytes, its being open or what lies beside it change."""
        return f"{files.digest_of(self._path)}:{bool(self._owner())}:{self.strays()}"

    def sign_after(self, standing: Standing) -> str:
        """Return the sign of what a turn has dealt with, ``""`` when there is more: a save since, one held.

        It never looks again whether the workbook is open: what the turn saw is what it dealt with.
        """
        try:
            sha = files.digest_of(self._path)
        except files.Busy:
            return ""
        if standing.again or self._journal.recall(_HOLD) or (sha and not self._known(sha)):
            return ""
        return f"{sha}:{self._open}:{self.strays()}"

    def strays(self) -> list[str]:
        """Return the names of other workbooks beside the register: she may have saved it under another name."""
        folder = self._path.parent
        found = (path for path in (folder.iterdir() if folder.is_dir() else ()) if path.suffix.lower() in _WORKBOOKS)
        return sorted(path.name for path in found if path != self._path and not path.name.startswith(("~", ".")))

    def abandoned(self) -> list[str]:
        """Return the names of owner files that a crash left behind; they hold nothing up and are never deleted."""
        return sorted(owner.name for owner in owners.of(self._path) if owners.is_stale(owner, self._clock()))

    def revision(self) -> int:
        """Return the number of the last revision, 0 when there is none."""
        last = self._journal.last_revision()
        return last.number if last else 0

    def published(self) -> Snapshot:
        """Return what the last published revision said, empty when there is none."""
        return self._journal.snapshot(self._last_published()) or {}

    def _last_published(self) -> int:
        last = self._journal.last_revision("published")
        return last.number if last else 0

    def register(self) -> str:
        """Return the id of this register, made once."""
        found = self._journal.recall("register.id")
        if not found:
            found = uuid.uuid4().hex
            self._journal.remember("register.id", found)
        return found

    def standing(self, *, written: bool = False, held: str = "", again: bool = False) -> Standing:
        """Return how the register stands now."""
        last = self._journal.last_revision("published")
        if last is None:
            return Standing(0, self._clock(), written, held, again)
        return Standing(last.number, last.at, written, held, again)

    def holder(self) -> str:
        """Return who has the workbook open or saved something into it that was not read yet; ``""`` when nobody has."""
        return self._owner() or (say.somebody() if self.unread() else "")

    def _owner(self) -> str:
        """Return who has the workbook open, as its owner file says; ``""`` when nobody has."""
        for owner in owners.of(self._path):
            if not owners.is_stale(owner, self._clock()):
                self._was_open = True
                return owners.name_in(owner) or say.somebody()
        return ""

    def _is_free(self) -> bool:
        """Tell whether nobody has the workbook open. An office program drops its owner file for a moment in a save."""
        pause = _AFTER_CLOSING if self._was_open else _BETWEEN_LOOKS
        for _ in range(_LOOKS):
            if self._owner():
                return False
            time.sleep(pause)
        self._was_open = False
        return True

    def _known(self, sha: str) -> bool:
        return self._journal.ingested(sha) or self._journal.is_revision(sha)

    # --- recovery -------------------------------------------------------------------------------------------------

    def recover(self) -> None:
        """Finish or give up a publication that was cut short, and bring what it displaced to safety."""
        files.return_aside(self._path)
        while cut_short := self._journal.last_revision("intent"):
            written = files.digest_of(self._path) == cut_short.sha
            self._journal.mark(cut_short.number, "published" if written else "aborted")
        self._bring_to_safety()

    def _bring_to_safety(self) -> None:
        """Keep displaced content that nobody has read yet, to be read next; drop what is known."""
        for left in files.leftovers(self._path):
            sha = files.digest_of(left)
            if not self._known(sha):
                files.keep(left, self._copy(sha))
                self._remember_displaced([*self._displaced(), sha])
            files.drop(left)

    def _displaced(self) -> list[str]:
        return self._journal.recall(_DISPLACED).split()

    def _remember_displaced(self, hashes: Iterable[str]) -> None:
        self._journal.remember(_DISPLACED, " ".join(dict.fromkeys(hashes)))

    def _forget_displaced(self, sha: str) -> None:
        if sha in self._displaced():
            self._remember_displaced(one for one in self._displaced() if one != sha)

    # --- reading --------------------------------------------------------------------------------------------------

    def unread(self) -> bool:
        """Tell whether a save of hers lies there that was not read yet, or a hold that may be over."""
        waiting = self._journal.recall(_DISPLACED) or self._journal.recall(_HOLD)
        return bool(waiting) or (self._path.is_file() and not self._known(files.digest_of(self._path)))

    def read_in(self, ours: publish.Wanted, codes: Codes, frozen: Collection[str]) -> bool:
        """Take in the oldest save of hers that was not read yet; return whether there was any that could be taken.

        ``ours`` is what the workbook should say as facts and her earlier edits make it now; once a save was taken it
        is to be decided anew. A save that is not to be believed is held, and those after it are looked at all the same.
        """
        held: tuple[str, str] | None = None
        for sha, data in self._waiting():
            reason = self._take(data, ours, codes, frozen)
            if not reason:
                self._forget_displaced(sha)
                return True
            held = held or (sha, reason)
        self._hold(*(held or ("", "")))
        return False

    def _waiting(self) -> Iterator[tuple[str, bytes]]:
        """Yield the saves that were not read yet, the oldest first: those displaced, then what lies there."""
        for sha in self._displaced():
            if self._known(sha):
                self._forget_displaced(sha)
            else:
                yield sha, self._copy(sha).read_bytes()
        if self._path.is_file():
            data = files.read(self._path)
            sha = files.digest(data)
            if not self._known(sha):
                yield sha, data

    def _take(self, data: bytes, ours: publish.Wanted, codes: Codes, frozen: Collection[str]) -> str:
        """Merge one save and commit what it changed; return why it is not to be believed instead, ``""`` if it is."""
        sha = files.digest(data)
        try:
            theirs = self._theirs(data, sha, ours)
            workbook.read_lists(theirs.book)
            stamp = workbook.read_stamp(theirs.book)
        except cells.Damaged as damage:
            return say.damaged(damage.reason.value, damage.detail)
        confirmed = self._journal.recall(_ACCEPTED) == sha
        if confirmed and (stamp is None or stamp.register != self.register()):
            stamp = workbook.Stamp(self.register(), self._last_published())
        base = self._journal.snapshot(stamp.revision) if stamp and stamp.register == self.register() else None
        if stamp is None or base is None:
            return say.foreign()
        stale = forgotten.shows(theirs, self.erased)
        if self.erased:
            theirs = forgotten.without(self.catalog.layout, theirs, base, self.erased)
        given = frozenset(code for _, key, code in self._journal.codes() if key.startswith(merge.TYPED))
        grew_from = lineage.parent(base, theirs, self._journal.taken(stamp.revision))
        if confirmed:
            theirs = workbook.completed(theirs, self.catalog.layout, grew_from.view)
        sides = merge.Sides(base, grew_from, theirs, ours.view, frozen, given, confirmed)
        merged = merge.merge(self.catalog.layout, sides)
        if isinstance(merged, merge.Held):
            return merged.reason
        if not stale:
            files.keep_bytes(data, self._copy(sha))
        adoption = merge.adopt(merged, codes, sha)
        for sheet, code in merged.claimed:
            codes.claim(sheet, code)
        changed = lineage.changed(grew_from.view, workbook.said(theirs, adoption.places))
        save = Save(
            *(sha, stamp.revision, adoption.edits, merged.removals, merged.restored, merged.questions, merged.offers),
            *(tuple(codes.fresh), adoption.places, grew_from.sha, changed),
        )
        self._journal.take_in(save, self._clock())
        codes.fresh.clear()
        if stale:
            files.destroy(self._copy(sha))
        return ""

    def _theirs(self, data: bytes, sha: str, wanted: publish.Wanted) -> workbook.Theirs:
        """Read a workbook that should say what is ``wanted``; the one that this turn has read is not read again.

        Raises ``cells.Damaged``.
        """
        key = sha, self.catalog.digest
        if self._last_read is None or self._last_read[0] != key:
            self._last_read = key, workbook.read_sheets(cells.read(data), self.catalog.layout, wanted.known)
        return self._last_read[1]

    def _hold(self, sha: str, reason: str) -> None:
        """Stop writing because of a save; ``""`` twice goes on writing."""
        for name, value in ((_HELD, sha), (_HOLD, reason)):
            if self._journal.recall(name) != value:
                self._journal.remember(name, value)

    # --- writing --------------------------------------------------------------------------------------------------

    def wanted(self, rows: Rows, codes: Codes) -> publish.Wanted:
        """Return what the workbook is to say of ``rows``, with its empty coded rows; gives codes to those."""
        room = self.catalog.policy.empty_rows
        empties = publish.empty_codes(self.catalog.layout, rows, codes, self._journal.removed(), room)
        return publish.wanted(self.catalog.layout, rows, empties)

    def plan(self, wanted: publish.Wanted) -> Publication | Standing:
        """Plan what brings the workbook to what is ``wanted``; how it stands when nothing is to be written now."""
        near, full = publish.growth(self.catalog.layout, wanted, self.catalog.policy.most_rows)
        found = self.standing(held=" ".join(full)) if full else self._plan(wanted)
        return replace(found, warnings=tuple(near))

    def _plan(self, wanted: publish.Wanted) -> Publication | Standing:
        owner = self._owner()
        self._open = bool(owner)
        held = self._journal.recall(_HOLD)
        if held:
            return self.standing(held=held)
        if self._displaced():
            return self.standing(again=True)
        if not self._path.is_file():
            return self._first(wanted)
        data = files.read(self._path)
        sha = files.digest(data)
        if not self._known(sha):
            return self.standing(again=True)
        carrier, theirs = self._carrier(data, sha, wanted)
        answers = carrier is not data or self.erasing or self._journal.said_something(sha)
        stamp = self._stamp(answers=answers)
        places = self._journal.places(sha) if carrier is data else {}
        changes = Packed(publish.changes(self.catalog.layout, theirs, wanted, stamp, places))
        self._last_read = None
        if not changes:
            return self.standing()
        if owner:
            waiting = publish.rows_told(theirs, changes)
            return self.standing(held=page.register_waits_open(owner, waiting)) if waiting else self.standing()
        forgets = self.erasing or forgotten.shows(theirs, self.erased)
        return Publication(sha, carrier, changes, pack(wanted.view), stamp, forgets)

    def _stamp(self, *, answers: bool = False) -> publish.Stamp:
        return publish.Stamp(self.register(), self.revision() + 1, self._clock(), answers)

    def _carrier(self, data: bytes, sha: str, wanted: publish.Wanted) -> tuple[bytes, workbook.Theirs]:
        """Return the workbook to write into, and what it says: hers, or the last revision when hers lacks a part.

        Only a save that a person told us to take can lack one; what it changed is in the journal by now.
        """
        theirs = self._theirs(data, sha, wanted)
        last = self._journal.last_revision("published")
        if last is None or not (theirs.troubles or theirs.losses or not workbook.can_be_stamped(theirs.book)):
            return data, theirs
        return (old := self._copy(last.sha).read_bytes()), self._theirs(old, last.sha, wanted)

    def _first(self, wanted: publish.Wanted) -> Publication | Standing:
        """Make the register when there never was one; one that is away for a moment is waited for."""
        if self._journal.last_revision("published"):
            return self.standing(held=page.register_missing())
        stamp = self._stamp()
        return Publication("", publish.create(self.catalog.layout, wanted, stamp), Packed(()), pack(wanted.view), stamp)

    def publish(self, planned: Publication | Standing) -> Standing:
        """Write what was planned, if anything was; return how the workbook stands then."""
        if isinstance(planned, Standing):
            return planned
        return replace(self._publish(planned), warnings=planned.warnings)

    def _publish(self, one: Publication) -> Standing:
        """Write one revision: intent, exchange, examination of what was displaced, mark."""
        try:
            new = cells.apply(one.carrier, one.changes)
        except (cells.Unfaithful, cells.Unwritable) as refusal:
            return self.standing(held=say.unwritable(str(refusal)))
        except cells.Damaged as damage:
            return self.standing(held=say.damaged(damage.reason.value, damage.detail))
        new, stamp = cells.blanked(new) if one.forgets else new, one.stamp
        files.keep_bytes(new, self._copy(files.digest(new)))
        self._journal.intend(stamp.revision, files.digest(new), one.says, stamp.at)
        if not self._is_free() or files.digest_of(self._path) != one.old:
            self._journal.mark(stamp.revision, "aborted")
            return self.standing(again=True)
        displaced = files.exchange(self._path, new)
        slipped_in = displaced is not None and not self._known(files.digest_of(displaced))
        self._bring_to_safety()
        self._journal.mark(stamp.revision, "published")
        self._drop_outlived(stamp.at)
        return self.standing(written=True, again=slipped_in)

    # --- history ------------------------------------------------------------------------------------------------------

    def _copy(self, sha: str) -> Path:
        return self._copies / f"{sha}.xlsx"

    def _drop_outlived(self, now: datetime) -> None:
        """Drop copies of revisions and saves that are too old to be kept."""
        revisions = [(one.sha, one.at) for one in self._journal.revisions()]
        saves = [(sha, at) for sha, _, at in self._journal.saves()]
        for sha in history.outlived([*revisions[:-1], *saves], now):
            if self._copy(sha).is_file():
                files.drop(self._copy(sha))

    def forget_copies(self, erased: Iterable[str]) -> int:
        """Destroy the kept copies that show rows of people who were erased; return how many there were."""
        last, codes = self._journal.last_revision("published"), tuple(erased)
        found = [
            path
            for path in sorted(self._copies.glob("*.xlsx"))
            if last is None or path != self._copy(last.sha)
            if traces.says(path.read_bytes(), codes)
        ]
        for path in found:
            files.destroy(path)
        return len(found)

    def events(self) -> list[Event]:
        """Return every revision published and every save of hers, the oldest first."""
        published = [one for one in self._journal.revisions() if one.state == "published"]
        ours = [Event(one.number, one.at, hers=False, copy=self._copy(one.sha)) for one in published]
        hers = [Event(base, at, hers=True, copy=self._copy(sha)) for sha, base, at in self._journal.saves()]
        return sorted([*ours, *hers], key=lambda event: (event.at, event.revision, event.hers))

    def differences(self, old: int, new: int) -> list[history.Difference] | None:
        """Return the cells that differ between two revisions, ``None`` when one of them never was."""
        before, after = self._journal.snapshot(old), self._journal.snapshot(new)
        if before is None or after is None:
            return None
        edits = [edit for edit in self._journal.edits() if min(old, new) <= edit.revision < max(old, new)]
        return history.differences(self.catalog.layout, before, after, edits, self._journal.removed())

    def accept(self) -> None:
        """Take the save that is held as it is, however much is gone from it."""
        self._journal.remember(_ACCEPTED, self._journal.recall(_HELD))
        self._hold("", "")

    def discard(self) -> None:
        """Pass over the save that is held; when it lies there, or nothing does, lay the last published revision there.

        A copy of the save is kept, unless it shows people who were erased.
        """
        last, held = self._journal.last_revision("published"), self._journal.recall(_HELD)
        if last is None:
            return
        data = files.read(self._path) if self._path.is_file() else b""
        lies_there = bool(held) and files.digest(data) == held
        if lies_there and not traces.says(data, self.erased):
            files.keep_bytes(data, self._copy(held))
        if held:
            self._journal.take_in(Save(held, last.number), self._clock())
        if lies_there or not data:
            files.exchange(self._path, self._copy(last.sha).read_bytes())
            self._bring_to_safety()
        self._hold("", "")

    def restore(self, number: int) -> None:
        """Undo what she edited and removed since a revision; what forms brought meanwhile stays."""
        then = self._journal.snapshot(number)
        if then is None:
            return
        since = [edit for edit in self._journal.edits() if edit.revision >= number]
        edits = history.undoing(self.catalog.layout, self.published(), then, since)
        with self._journal.commit("register.restore"):
            self._journal.edit(self.revision(), edits)
            self._journal.put_back(number)
