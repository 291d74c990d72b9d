"""What did she change? The three-way comparison of design.md 4, as values: decides everything, does nothing.

Whatever stands in the workbook ends as an edit, a removal, a row to adopt or a question; nothing of hers is passed over
in silence, and nothing that only the program or her office program did becomes an edit of hers. No content raises.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.catalog import Column, Layout, Sheet
from pipeline.model import Cells, CodeBook, Question
from pipeline.register.lineage import Parent
from pipeline.register.workbook import Line, Place, Theirs, View, is_code
from pipeline.wording import register as wording

TYPED = "typed:"
"""How the code book's keys of rows typed without a code begin; ``Sides.adopted`` are the codes of such keys."""

_KEEP_OR_TAKE = (wording.KEEP, wording.TAKE)


@dataclass(frozen=True)
class Sides:
    """What is compared.

    ``base`` is what the revision named by the workbook's stamp said (empty coded rows too), ``parent`` what the save
    grew from, which is that revision or an earlier save with the same stamp; ``theirs`` is the workbook as she saved
    it, ``ours`` what the program would publish now. ``frozen`` are the codes of signed rows, ``adopted`` those ever
    given to rows typed without one; ``confirmed`` says that a person has looked at a change that was ``Held``.
    """

    base: View
    parent: Parent
    theirs: Theirs
    ours: View
    frozen: Collection[str] = frozenset()
    adopted: Collection[str] = frozenset()
    confirmed: bool = False


@dataclass(frozen=True)
class Edited:
    """One cell she changed; ``value`` is ``None`` when she blanked it and so handed it back."""

    sheet: str
    code: str
    column: str
    value: str | None


@dataclass(frozen=True)
class Merged:
    """What one save says.

    ``removals`` and ``restored`` are rows (sheet, code) that are to go or to come back. ``typed`` are rows without a
    code of their own, with her cells only: each is to get a code, its cells to be recorded as her edits. ``known`` are
    such rows that have a code already, from a cycle that could not write it. ``claimed`` are codes that stand in the
    workbook and that neither side knew: they must never be given to another row. ``offers`` maps the key of a question
    to what its answer «взять новое» puts into the cell.
    """

    edits: tuple[Edited, ...] = ()
    removals: tuple[tuple[str, str], ...] = ()
    restored: tuple[tuple[str, str], ...] = ()
    typed: tuple[Line, ...] = ()
    known: Mapping[Place, str] = field(default_factory=dict)
    claimed: tuple[tuple[str, str], ...] = ()
    questions: tuple[Question, ...] = ()
    offers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """The workbook is not to be believed as it is; nothing was taken. ``reasons`` are sentences for the curator."""

    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        """All of them in one text."""
        return " ".join(self.reasons)


def merge(layout: Layout, sides: Sides) -> Merged | Held:
    """Compare a save of the workbook with its base and with what the program knows now."""
    if found := (*sides.theirs.troubles, *sides.theirs.losses):
        return Held(found)
    case = _Case(layout, sides)
    parts = [_sort(case, sheet) for sheet in layout.sheets]
    reasons = [] if sides.confirmed else [reason for part in parts for reason in _doubts(case, part)]
    if reasons:
        return Held(tuple(reasons))
    for part in parts:
        for code, line in part.coded.items():
            _compare(case, part.sheet, code, line)
        _ask_reverted(case, part)
        _adopt(case, part)
    _remove(case, parts)
    return case.merged()


@dataclass(frozen=True)
class Adoption:
    """A save ready to be recorded: ``edits`` as sheet, code, column, value; ``places`` of rows that wait for a code."""

    edits: tuple[tuple[str, str, str, str | None], ...]
    places: Mapping[Place, str]


def adopt(merged: Merged, codes: CodeBook, sha: str) -> Adoption:
    """Give codes to the rows typed without one; the same save (``sha`` is its hash) gets the same codes again."""
    edits = [(edit.sheet, edit.code, edit.column, edit.value) for edit in merged.edits]
    places = dict(merged.known)
    for line in merged.typed:
        code = codes.give(line.sheet, f"{TYPED}{sha}:{line.row}")
        places[line.sheet, line.row] = code
        edits.extend((line.sheet, code, column, value) for column, value in line.cells.items())
    return Adoption(tuple(edits), places)


class _Case:
    """The sides of one comparison, and what has been found so far."""

    def __init__(self, layout: Layout, sides: Sides) -> None:
        self.layout = layout
        self.sides = sides
        self.base = sides.parent.view
        self.edits: list[Edited] = []
        self.removals: list[tuple[str, str]] = []
        self.restored: list[tuple[str, str]] = []
        self.typed: list[Line] = []
        self.known: dict[Place, str] = {}
        self.claimed: list[tuple[str, str]] = []
        self.questions: dict[str, Question] = {}
        self.offers: dict[str, str] = {}

    def was(self, sheet: str, code: str) -> Cells:
        """Return the cells of a row in the revision she had; none when it had no such row.

        A row that waits for its code was never in a revision; it is compared with what was taken from her. One that an
        earlier save had deleted is compared with the revision.
        """
        if code in self.known.values() and code not in self.base.get(sheet, {}):
            return self.now(sheet, code)
        return self.base.get(sheet, {}).get(code) or self.first(sheet, code)

    def first(self, sheet: str, code: str) -> Cells:
        """Return the cells of a row in the revision itself."""
        return self.sides.base.get(sheet, {}).get(code, {})

    def undeleted(self, sheet: str, code: str) -> bool:
        """Tell whether a row is there again that an earlier save of the same revision had deleted."""
        if not self.was(sheet, code):
            return False
        rows = (change.get(sheet, {}) for change in self.sides.parent.later)
        return code not in self.base.get(sheet, {}) or any(found.get(code, {}) is None for found in rows)

    def now(self, sheet: str, code: str) -> Cells:
        """Return the cells of a row as the program knows it; none when there is no such row."""
        return self.sides.ours.get(sheet, {}).get(code, {})

    def locked(self, column: Column, code: str) -> bool:
        """Tell whether a cell is not hers to change: computed, or signed."""
        return column.owner == "program" or (code in self.sides.frozen and not column.after_signing)

    def ask(self, topic: str, question: Question, *values: str) -> str:
        """Add a question, known for ever by its topic, its cell and the values it is about; return its key."""
        digest = hashlib.sha256("\0".join(values).encode("utf-8", "replace")).hexdigest()[:12]
        key = ":".join((topic, question.sheet, question.code, question.column, digest))
        self.questions.setdefault(key, Question(key, *_but_key(question)))
        return key

    def merged(self) -> Merged:
        """Return everything found."""
        return Merged(
            edits=tuple(self.edits),
            removals=tuple(self.removals),
            restored=tuple(self.restored),
            typed=tuple(self.typed),
            known=self.known,
            claimed=tuple(self.claimed),
            questions=tuple(self.questions.values()),
            offers=self.offers,
        )


def _but_key(question: Question) -> tuple[str, str, str, str, Sequence[str]]:
    return question.text, question.sheet, question.code, question.column, question.answers


# --- which line is which row --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Part:
    """A sheet's lines: those that are rows by their code, those to adopt, those with a code of another sheet."""

    sheet: Sheet
    coded: Mapping[str, Line]
    loose: Sequence[Line]
    strange: Sequence[Line]


def _sort(case: _Case, sheet: Sheet) -> _Part:
    groups: dict[str, list[Line]] = {}
    loose: list[Line] = []
    strange: list[Line] = []
    for line in case.sides.theirs.tables[sheet.key].lines:
        if not line.code:
            loose.append(line)
        elif is_code(sheet, line.code):
            groups.setdefault(line.code, []).append(line)
        elif line.cells:
            strange.append(line)
    coded: dict[str, Line] = {}
    for code, lines in groups.items():
        known = case.was(sheet.key, code) or case.now(sheet.key, code)
        keeper = max(lines, key=lambda line, known=known: _likeness(line.cells, known))  # type: ignore[misc]
        loose.extend(line for line in lines if line is not keeper)
        if _is_stranger(case, sheet.key, keeper):
            loose.append(keeper)
        else:
            coded[code] = keeper
    loose = _rejoin(case, sheet, coded, sorted(loose, key=lambda line: line.row))
    return _Part(sheet, coded, loose, strange)


def _rejoin(case: _Case, sheet: Sheet, coded: dict[str, Line], loose: Sequence[Line]) -> list[Line]:
    """Put lines that were adopted, but whose code could not be written yet, among the coded; return the others.

    Such a line is known by what it says, else, in a later save of the same copy, by where it stands.
    """
    waiting = {code: cells for code in sorted(case.sides.adopted) if is_code(sheet, code) and code not in coded
               and (cells := case.was(sheet.key, code) or case.now(sheet.key, code))}  # fmt: skip
    found: dict[int, str] = {}
    for line in loose if waiting else ():
        cells = _hers(sheet, line)
        code = max(waiting, key=lambda code, cells=cells: _likeness(cells, waiting[code]), default="")  # type: ignore[misc]
        if code and 2 * _likeness(cells, waiting[code]) > len(cells):
            found[line.row] = code
            del waiting[code]
    for line in loose:
        code = case.sides.parent.places.get((sheet.key, line.row), "")
        if line.row not in found and code in waiting and line.cells:
            found[line.row] = code
            del waiting[code]
    coded.update({found[line.row]: replace(line, code=found[line.row]) for line in loose if line.row in found})
    case.known.update({(sheet.key, row): code for row, code in found.items()})
    return [line for line in loose if line.row not in found]


def _likeness(one: Cells, other: Cells) -> int:
    return len(one.items() & other.items())


def _is_stranger(case: _Case, sheet: str, line: Line) -> bool:
    """Tell whether a code she could not know as a row's meanwhile became another row's than the one she typed."""
    if case.was(sheet, line.code):
        return False
    now = case.now(sheet, line.code)
    return len(line.cells.keys() & now.keys()) > 1 and not _likeness(line.cells, now)


def _hers(sheet: Sheet, line: Line) -> dict[str, str]:
    """Return the cells of a line that people may write."""
    return {c.key: line.cells[c.key] for c in sheet.columns if c.owner != "program" and c.key in line.cells}


def _doubts(case: _Case, part: _Part) -> Iterator[str]:
    """Say why a sheet is not to be believed: more than max(3, 20 %) of its rows gone, or turned into others."""
    sheet = part.sheet
    rows = {code: cells for code, cells in case.base.get(sheet.key, {}).items() if cells and case.now(sheet.key, code)}
    limit = max(3, len(rows) / 5)
    gone = len(rows.keys() - part.coded.keys())
    turned = sum(_is_turned(cells, part.coded[code]) for code, cells in rows.items() if code in part.coded)
    if gone > limit:
        yield wording.mass_removal(sheet.title, gone, len(rows))
    if turned > limit:
        yield wording.mass_change(sheet.title, turned, len(rows))


def _is_turned(base: Cells, line: Line) -> bool:
    """Tell whether most of a row's cells now hold something else."""
    changed = sum(line.cells.get(key, "") not in {"", value} for key, value in base.items())
    return changed > 1 and 2 * changed > len(base)


# --- cells --------------------------------------------------------------------------------------------------------


def _compare(case: _Case, sheet: Sheet, code: str, line: Line) -> None:
    """Find what she changed in one row."""
    base = case.was(sheet.key, code)
    back = case.undeleted(sheet.key, code) and not case.now(sheet.key, code)
    if line.cells == base and not line.mute:
        if back:
            _bring_back(case, sheet, line)
        return
    before = len(case.edits)
    for column in sheet.columns:
        where = wording.cell(sheet.title, code, column.title)
        if column.key in line.mute:
            _ask_mute(case, where, Question("", "", sheet.key, code, column.key), line.mute[column.key])
        elif line.cells.get(column.key, "") != base.get(column.key, ""):
            _change(case, sheet, column, line)
    wrote = any(edit.value is not None for edit in case.edits[before:])
    if back or (wrote and not case.now(sheet.key, code)):
        _bring_back(case, sheet, line)


def _change(case: _Case, sheet: Sheet, column: Column, line: Line) -> None:
    """Judge one cell that differs from the revision she had: the merge table."""
    code, key = line.code, column.key
    base, now = case.was(sheet.key, code), case.now(sheet.key, code)
    was, hers, ours = base.get(key, ""), line.cells.get(key, ""), now.get(key, "")
    if case.locked(column, code):
        if hers not in {"", ours}:
            _ask_locked(case, sheet, column, line)
        return
    first = case.first(sheet.key, code).get(key, "")
    if not hers:
        others = _unseen(case, sheet).get(code, {}).get(key, "")
        if ours not in {was, "", others}:
            return  # the program has something newer to say, and she has handed the cell back
        case.edits.append(Edited(sheet.key, code, key, None))
        unseen = bool(ours) and (was != first or ours != was)
    else:
        case.edits.append(Edited(sheet.key, code, key, hers))
        unseen = bool(now) and ours not in {first, hers}
    if unseen:
        where = wording.cell(sheet.title, code, column.title)
        question = Question("", wording.conflict(where, (first, hers, ours)), sheet.key, code, key, _KEEP_OR_TAKE)
        case.offers[case.ask("conflict", question, hers, ours)] = ours


def _ask_locked(case: _Case, sheet: Sheet, column: Column, line: Line) -> None:
    where, hers = wording.cell(sheet.title, line.code, column.title), line.cells[column.key]
    if column.owner != "program":
        question = Question("", wording.signed(where, hers), sheet.key, line.code, column.key, (wording.SEEN,))
        case.ask("signed", question, hers)
        return
    home = _home(case, sheet, line.code, column)
    fact = ""
    if home != (sheet.key, line.code, column.key):
        found = case.layout.sheet(home[0])
        fact = wording.cell(found.title, home[1], found.column(home[2]).title)
    case.ask("computed", Question("", wording.computed(where, hers, fact), *home, (wording.SEEN,)), line.code, hers)


def _home(case: _Case, sheet: Sheet, code: str, column: Column) -> tuple[str, str, str]:
    """Return the cell where the fact behind a shown cell lives, following references; the cell itself if unknown.

    «mentor_name» is told by the row that «mentor» refers to, a column that a person has too by the person.
    """
    here = sheet.key, code, column.key
    for _ in case.layout.sheets:
        by = next((c for c in sheet.columns if c.ref and _tells(case.layout.sheet(c.ref), c, column)), None)
        target = case.now(sheet.key, code).get(by.key, "") if by else ""
        if column.owner != "program" or not by or not case.now(by.ref, target):
            break
        sheet, code = case.layout.sheet(by.ref), target
        column = next((c for c in sheet.columns if c.key in {column.key, "person_name"}), sheet.columns[0])
        here = sheet.key, code, column.key
    return here


def _tells(referred: Sheet, by: Column, column: Column) -> bool:
    shared = by.key == "person" and any(c.key == column.key for c in referred.columns)
    return by is not column and (shared or by.key == column.key.removesuffix("_name"))


def _ask_mute(case: _Case, where: str, at: Question, found: str) -> None:
    case.ask("formula", Question("", wording.formula(where, found), *_but_key(at)[1:]), found)


def _bring_back(case: _Case, sheet: Sheet, line: Line) -> None:
    """A save wrote into a row that is no row (any more): it counts, and if it had gone, a person decides."""
    code = line.code
    case.restored.append((sheet.key, code))
    if case.was(sheet.key, code):
        text = wording.back_again(_name(sheet, code))
        question = Question("", text, sheet.key, code, "", (wording.KEEP, wording.REMOVE))
        case.ask("back", question, str(len(case.sides.parent.later)), *line.cells.values())
    elif code not in case.base.get(sheet.key, {}):
        case.claimed.append((sheet.key, code))


def _ask_reverted(case: _Case, part: _Part) -> None:
    """Saves that this one has not seen changed cells, which here say what they said before; was that undone?"""
    for code, cells in _unseen(case, part.sheet).items():
        for column in part.sheet.columns if code in part.coded else ():
            if column.key in cells:
                _ask_if_reverted(case, column, part.coded[code], cells[column.key])


def _ask_if_reverted(case: _Case, column: Column, line: Line, earlier: str) -> None:
    sheet, code, key = case.layout.sheet(line.sheet), line.code, column.key
    last = case.was(sheet.key, code).get(key, "")
    untouched = line.cells.get(key, "") == last and key not in line.mute and not case.locked(column, code)
    if untouched and last != earlier == case.now(sheet.key, code).get(key, ""):
        text = wording.reverted(wording.cell(sheet.title, code, column.title), (last, earlier))
        question = Question("", text, sheet.key, code, key, _KEEP_OR_TAKE)
        case.offers[case.ask("reverted", question, last, earlier)] = last


def _unseen(case: _Case, sheet: Sheet) -> dict[str, dict[str, str]]:
    """Return the cells that earlier saves changed and this one has not seen; a row deleted says it is ``removed_as``.

    That it is deleted a later save of the same session has seen; if the row is there again, she has undone that.
    """
    found: dict[str, dict[str, str]] = {}
    for code in case.sides.base.get(sheet.key, {}).keys() - case.base.get(sheet.key, {}).keys():
        found.setdefault(code, {}).update(sheet.removed_as)
    for change in case.sides.parent.later:
        for code, cells in change.get(sheet.key, {}).items():
            found.setdefault(code, {}).update(sheet.removed_as if cells is None else cells)
    return found


# --- rows without a code of their own -----------------------------------------------------------------------------


def _adopt(case: _Case, part: _Part) -> None:
    """Take rows typed or copied by hand; ask about those that cannot be taken."""
    sheet = part.sheet
    for line in part.loose:
        cells = _hers(sheet, line)
        if not cells and not line.mute:
            continue
        if not sheet.added:
            text = wording.not_for_rows(sheet.title, line.row, "; ".join(cells.values()))
            case.ask("not-here", Question("", text, sheet.key), *cells.values())
            continue
        _ask_about_new(case, sheet, line)
        if cells:
            case.typed.append(Line(sheet.key, line.row, "", cells))
    for line in part.strange:
        text = wording.strange_code(sheet.title, line.row, line.code)
        case.ask("strange", Question("", text, sheet.key), line.code, *line.cells.values())


def _ask_about_new(case: _Case, sheet: Sheet, line: Line) -> None:
    for column in sheet.columns:
        where = wording.cell_at(sheet.title, line.row, column.title)
        if column.key in line.mute:
            _ask_mute(case, where, Question("", "", sheet.key, "", column.key), line.mute[column.key])
        elif column.owner == "program" and line.cells.get(column.key, "") not in _shown(case, line, column):
            text = wording.computed_in_new(where, line.cells[column.key])
            case.ask("computed", Question("", text, sheet.key, "", column.key, (wording.SEEN,)), *line.cells.values())


def _shown(case: _Case, line: Line, column: Column) -> set[str]:
    """Return what a computed cell of a new row may hold without her having written it: what the row copied shows."""
    rows = (case.was(line.sheet, line.code), case.now(line.sheet, line.code)) if line.code else ()
    return {"", *(row.get(column.key, "") for row in rows)}


# --- rows that are gone -------------------------------------------------------------------------------------------


def _remove(case: _Case, parts: Sequence[_Part]) -> None:
    """Decide about rows that the revision she had shows and her workbook does not."""
    going: dict[str, Sheet] = {}
    for part in parts:
        sheet = part.sheet
        for code, cells in case.base.get(sheet.key, {}).items():
            now = case.now(sheet.key, code)
            if not cells or not now or code in part.coded:
                continue
            if reason := _stays(case, sheet, code):
                case.ask("gone", reason)
                continue
            _ask_vanished(case, sheet, code)
            if any(now.get(key) != value for key, value in sheet.removed_as.items()):
                case.edits.extend(Edited(sheet.key, code, key, value) for key, value in sheet.removed_as.items())
            else:
                going[code] = sheet
    for code, by in _needed(case, going).items():
        sheet = going.pop(code)
        text = wording.gone_but_needed(_name(sheet, code), by)
        case.ask("gone", Question("", text, sheet.key, code, "", (wording.SEEN,)), *by)
    case.removals.extend((sheet.key, code) for code, sheet in going.items())


def _ask_vanished(case: _Case, sheet: Sheet, code: str) -> None:
    """A row that she began in an earlier save is gone: deleted, or this is another copy, opened before that."""
    if not case.first(sheet.key, code):
        cells = _hers(sheet, Line(sheet.key, 0, code, case.was(sheet.key, code)))
        text = wording.vanished(_name(sheet, code), "; ".join(cells.values()))
        case.ask("vanished", Question("", text, sheet.key, code, "", (wording.SEEN,)), *cells.values())


def _stays(case: _Case, sheet: Sheet, code: str) -> Question | None:
    """Return the question to ask about a removed row that stays: signed, or changed since; ``None`` when it may go."""
    name = _name(sheet, code)
    if code in case.sides.frozen:
        return Question("", wording.gone_but_signed(name), sheet.key, code, "", (wording.SEEN,))
    was, now = case.first(sheet.key, code) or case.was(sheet.key, code), case.now(sheet.key, code)
    if any(was.get(c.key) != now.get(c.key) for c in sheet.columns if c.owner != "program"):
        answers = (wording.KEEP, wording.REMOVE)
        return Question("", wording.gone_but_changed(name), sheet.key, code, "", answers)
    return None


def _needed(case: _Case, going: Collection[str]) -> dict[str, list[str]]:
    """Return the rows among ``going`` that rows which stay refer to, each with the codes of those."""
    if not going:
        return {}
    references = list(_references(case))
    needed: dict[str, list[str]] = {}
    while True:
        leaving = set(going) - needed.keys()
        more = [(target, by) for target, by in references if target in leaving and by not in leaving]
        if not more:
            return needed
        for target, by in more:
            needed.setdefault(target, []).append(by)


def _references(case: _Case) -> Iterator[tuple[str, str]]:
    """Yield what refers to what once her edits count: the code referred to, and the code (or place) of who refers."""
    edits = {(edit.code, edit.column): edit.value or "" for edit in case.edits}
    for sheet in case.layout.sheets:
        keys = [c.key for c in sheet.columns if c.ref and c.owner != "program"]
        rows = case.sides.ours.get(sheet.key, {}) if keys else {}
        yield from ((edits.get((code, key), cells.get(key, "")), code) for code, cells in rows.items() for key in keys)
    yield from ((value, edit.code) for edit in case.edits if (value := edit.value))
    for line in case.typed:
        by = wording.row_at(case.layout.sheet(line.sheet).title, line.row)
        yield from ((value, by) for value in line.cells.values())


def _name(sheet: Sheet, code: str) -> str:
    return wording.place(f"«{sheet.title}»", "", code)
