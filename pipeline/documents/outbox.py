"""What to do in the outbox: a pure plan over what should lie there, what we laid there, and what lies there now.

The promise: a paper that a person changed, moved, renamed or deleted is never overwritten and never made again; at most
one untouched newer version lies beside a changed one. What should not exist any more is taken back only if nobody has
touched it. A frozen paper stays as it is for ever. Planning again after a crash, or twice, changes nothing more.

Paths are text relative to the workspace; a file is known by its SHA-256, ``""`` stands for «no such file».
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import PurePosixPath
from typing import Literal

from pipeline.wording import documents as say

Look = Callable[[str], str]
"""Gives the hash of the file at a path now, ``""`` when there is none."""

Edition = Literal["draft", "clean"]
Trouble = Literal["", "changed", "taken"]

_NEWER = ":newer"
_GOING = "-"


@dataclass(frozen=True, slots=True)
class Issued:
    """One file that we laid into the outbox, as the journal remembers it.

    ``key`` is unique: document, row code and edition («order_pairs:ПК-0001:draft»), and ``:newer`` for the version
    beside a changed one. ``sha`` is what we laid there last (``""`` before the first time), ``meant`` what we were
    about to lay when a crash came between («-»: about to remove it; ``""``: nothing is under way).
    """

    key: str
    path: str
    sha: str
    meant: str = ""
    frozen: bool = False

    @property
    def subject(self) -> str:
        """Give the document and the row: «order_pairs:ПК-0001»."""
        return ":".join(self.key.split(":")[:2])

    @property
    def edition(self) -> Edition:
        """Give the edition: ``draft`` or ``clean``."""
        return "draft" if self.key.split(":")[2] == "draft" else "clean"

    @property
    def newer(self) -> bool:
        """Tell whether this is the version beside a changed one."""
        return self.key.endswith(_NEWER)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One paper that should exist: ``subject`` («order_pairs:ПК-0001»), its edition, where, and its content's hash.

    ``sha`` is ``""`` when it cannot be made now; ``form`` marks a form, made once, whatever its content; ``frozen``
    says that what was issued last stays.
    """

    subject: str
    edition: Edition
    path: str
    sha: str = ""
    frozen: bool = False
    form: bool = False

    @property
    def key(self) -> str:
        """Give the key under which its file is remembered."""
        return f"{self.subject}:{self.edition}"


@dataclass(frozen=True, slots=True)
class Step:
    """One durable change. Record ``before``, change the file, record ``after`` and forget ``forget``.

    The file at ``path`` must have the hash ``displaced`` (``""``: there is none), else the step is left for the next
    cycle. ``lay`` tells whether new content comes in its place; if not, and ``displaced`` is given, the file is
    removed; if neither, only the records change.
    """

    subject: str
    path: str
    lay: bool = False
    displaced: str = ""
    before: tuple[Issued, ...] = ()
    after: tuple[Issued, ...] = ()
    forget: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What comes of one wanted paper: the steps, where it lies then (``""``: nowhere), and what stands in the way.

    ``trouble`` tells that a person changed or took the paper and that there is news it does not have; ``newer`` is
    where the newer version lies beside it, ``base`` the hash of what she began with; ``edited`` is a file of another
    edition that holds a person's changes. ``touched`` tells that a person changed the paper, ``taken`` where the paper
    lay that she took.
    """

    wanted: Wanted
    steps: tuple[Step, ...] = ()
    path: str = ""
    trouble: Trouble = ""
    newer: str = ""
    edited: str = ""
    base: str = ""
    touched: bool = False
    taken: str = ""


def settle(wanted: Sequence[Wanted], issued: Iterable[Issued], look: Look) -> list[Settled]:
    """Plan every wanted paper against what was issued and what ``look`` finds now."""
    known = _by_subject(issued)
    return [_settle(one, known.get(one.subject, []), look) for one in wanted]


def withdraw(wanted: Sequence[Wanted], issued: Iterable[Issued], look: Look) -> list[Step]:
    """Plan the removal of files that are wanted no more and that nobody has touched; the rest stays as it is."""
    subjects = {one.subject for one in wanted}
    gone = (one for one in issued if one.subject not in subjects and not one.frozen)
    return [_remove(one, look) for one in gone if _state(one, look) in {"ours", "meant"}]


def _by_subject(issued: Iterable[Issued]) -> dict[str, list[Issued]]:
    found: dict[str, list[Issued]] = {}
    for one in sorted(issued, key=lambda one: one.key):
        found.setdefault(one.subject, []).append(one)
    return found


def _state(one: Issued, look: Look) -> Literal["ours", "touched", "gone", "meant"]:
    """Tell what became of a file; ``meant``: it was under way when a crash came, and is not there."""
    there = look(one.path)
    if there:
        return "ours" if there in {one.sha, one.meant} else "touched"
    return "meant" if one.meant else "gone"


def _settle(wanted: Wanted, records: Sequence[Issued], look: Look) -> Settled:
    if wanted.frozen or any(one.frozen for one in records):
        return _freeze(wanted, records, look)
    main, newer, promoted = _chain(wanted, records, look)
    if not wanted.sha and not wanted.form:
        return Settled(wanted, path=_lying(records, look))
    others = [one for one in records if one.edition != wanted.edition]
    if main is None:
        first = _first(wanted, others, look)
        return Settled(wanted, (first, *_replaced(others, first.path, look)), first.path, edited=_edited(others, look))
    settled = _renew(wanted, main, newer, look)
    steps = (*promoted, *settled.steps, *_replaced(others, main.path, look))
    return replace(settled, steps=steps, edited=_edited(others, look))


def _freeze(wanted: Wanted, records: Sequence[Issued], look: Look) -> Settled:
    """Keep the edition issued last, the clean one if there is one; take back what it replaced."""
    laid = [one for one in records if not one.newer and (one.sha or _state(one, look) == "ours")]
    chosen = next((one for one in laid if one.edition == wanted.edition), laid[-1] if laid else None)
    if chosen is None:
        return Settled(wanted)
    kept = replace(chosen, sha=chosen.sha or chosen.meant, meant="", frozen=True)
    steps = [] if kept == chosen else [Step(wanted.subject, kept.path, after=(kept,))]
    if kept.edition == wanted.edition:
        steps += _withdrawn([one for one in records if one.edition != wanted.edition], kept.path, look)
    there = look(chosen.path)
    path, taken = (chosen.path, "") if there else ("", chosen.path)
    return Settled(wanted, tuple(steps), path, touched=there not in {"", kept.sha}, taken=taken)


def _chain(
    wanted: Wanted, records: Sequence[Issued], look: Look
) -> tuple[Issued | None, Issued | None, tuple[Step, ...]]:
    """Return the file of this edition that counts and the untouched newer version beside it.

    A newer version that a person touched or took counts from then on as the paper itself: the steps record that.
    """
    mine = {one.newer: one for one in records if one.edition == wanted.edition}
    main, newer = mine.get(False), mine.get(True)
    if newer is None or _state(newer, look) == "ours":
        return main, newer, ()
    if _state(newer, look) == "meant":
        return main, None, (Step(wanted.subject, newer.path, forget=(newer.key,)),)
    taken_up = replace(newer, key=wanted.key)
    return taken_up, None, (Step(wanted.subject, newer.path, after=(taken_up,), forget=(newer.key,)),)


def _first(wanted: Wanted, others: Sequence[Issued], look: Look) -> Step:
    """Plan the first file of an edition; it may take the place of an untouched file of another edition."""
    there = look(wanted.path)
    held = next((one for one in others if one.path == wanted.path and _state(one, look) == "ours"), None)
    if held:
        return _lay(wanted, wanted.key, wanted.path, there)
    if there and there == wanted.sha:
        return Step(wanted.subject, wanted.path, after=(Issued(wanted.key, wanted.path, there),))
    return _lay(wanted, wanted.key, next(path for path in _names(wanted.path) if not look(path)), "")


def _renew(wanted: Wanted, main: Issued, newer: Issued | None, look: Look) -> Settled:
    """Plan the paper that was issued before: bring it up to date, or leave it to the person who took it."""
    there, state = look(main.path), _state(main, look)
    old = (_remove(newer, look),) if newer else ()
    if (wanted.form and state != "meant") or (state in {"touched", "gone"} and main.sha == wanted.sha):
        taken = "" if there else main.path
        return Settled(wanted, old, main.path if there else "", touched=state == "touched", taken=taken)
    if there == wanted.sha or state in {"ours", "meant"}:
        return Settled(wanted, (*_update(wanted, main, look), *old), main.path)
    return _beside(wanted, main, newer, look)


def _beside(wanted: Wanted, main: Issued, newer: Issued | None, look: Look) -> Settled:
    """Plan the newer version beside a paper that a person changed; nothing new beside one that she took away."""
    if not look(main.path):
        steps = _update(wanted, newer, look) if newer else ()
        path = newer.path if newer else ""
        return Settled(wanted, steps, "", "taken", path, base=main.sha, taken=main.path)
    if newer:
        steps, path = _update(wanted, newer, look), newer.path
    else:
        path = next(name for name in _names(wanted.path) if not look(name) and name != wanted.path)
        steps = (_lay(wanted, f"{wanted.key}{_NEWER}", path, ""),)
    return Settled(wanted, steps, main.path, "changed", path, base=main.sha, touched=True)


def _update(wanted: Wanted, one: Issued, look: Look) -> tuple[Step, ...]:
    """Plan new content for a file of ours; one that already says it is only recorded, if it was not."""
    there = look(one.path)
    if there != wanted.sha or not there:
        return (_lay(wanted, one.key, one.path, there, one.sha),)
    said = replace(one, sha=there, meant="")
    return () if said == one else (Step(wanted.subject, one.path, after=(said,)),)


def _lay(wanted: Wanted, key: str, path: str, displaced: str, sha: str = "") -> Step:
    before = Issued(key, path, sha or displaced, meant=wanted.sha)
    return Step(wanted.subject, path, True, displaced, (before,), (Issued(key, path, wanted.sha),))


def _remove(one: Issued, look: Look) -> Step:
    """Plan the removal of our own file; the record says so first, lest a crash make it look taken by a person."""
    going = replace(one, meant=_GOING)
    return Step(one.subject, one.path, displaced=look(one.path), before=(going,), forget=(one.key,))


def _replaced(others: Iterable[Issued], kept: str, look: Look) -> list[Step]:
    """Plan the end of another edition's files, but remember one with a person's changes: the row speaks of it."""
    return _withdrawn([one for one in others if _state(one, look) != "touched" or one.path == kept], kept, look)


def _edited(others: Iterable[Issued], look: Look) -> str:
    """Return where a file of another edition lies that a person has changed, ``""`` when there is none."""
    return next((one.path for one in others if _state(one, look) == "touched"), "")


def _withdrawn(records: Iterable[Issued], kept: str, look: Look) -> list[Step]:
    """Plan the end of another edition's files: remove the untouched but for the one at ``kept``, forget the rest."""
    return [
        _remove(one, look)
        if one.path != kept and _state(one, look) == "ours"
        else Step(one.subject, one.path, forget=(one.key,))
        for one in records
    ]


def _lying(records: Sequence[Issued], look: Look) -> str:
    """Return where a paper lies that cannot be made anew now."""
    return next((one.path for one in records if look(one.path)), "")


def _names(path: str) -> Iterator[str]:
    """Give the path itself, then «… (новая редакция)», «… (новая редакция 2)» and so on."""
    yield path
    plain = PurePosixPath(path)
    for number in count(1):
        yield str(plain.with_name(f"{plain.stem} {say.new_edition(number)}{plain.suffix}"))
