"""Which papers should exist now, made in memory, and what to do about them in the outbox.

A paper is due because of what its row says (``document.yaml``), never because of the clock; the day given only names
the calendar year's folder. A paper that lacks something is not made: each lack becomes a question naming the cell.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath

from pipeline.catalog import Catalog, Document
from pipeline.documents import context, outbox, russian
from pipeline.documents.context import Book, Doubt, Reading
from pipeline.documents.filters import FILTERS
from pipeline.documents.outbox import Issued, Look, Settled, Step, Wanted
from pipeline.documents.values import Place, SchoolYear
from pipeline.model import Question, Row, Rows
from pipeline.office import word
from pipeline.wording import documents as say

OUTBOX = "outbox"
_LONGEST_NAME = 120  # bytes, without the extension: half of what file systems take, room for «(новая редакция)»
_QUOTED = re.compile(r"\{([a-z_.]+)\}")

FormMaker = Callable[[str, Mapping[str, str]], bytes]
"""Makes the workbook of a form from the form's name and the answers written in beforehand."""


@dataclass(frozen=True)
class Due:
    """A paper that should exist: which document of which row, in which edition."""

    document: Document
    row: Row
    edition: outbox.Edition
    frozen: bool

    @property
    def subject(self) -> str:
        """Give the document and the row: «order_pairs:ПК-0001»."""
        return f"{self.document.name}:{self.row.code}"


@dataclass(frozen=True)
class Made:
    """What became of one due paper: its path and bytes, or the questions and mistakes that stopped it."""

    due: Due
    path: str = ""
    data: bytes = b""
    questions: tuple[Question, ...] = ()
    mistakes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Desk:
    """What surrounds the planning: what was issued, a look into the workspace, the day, the maker of forms."""

    issued: Sequence[Issued]
    look: Look
    today: date
    make_form: FormMaker


@dataclass(frozen=True)
class Action:
    """One step in the outbox with the bytes to lay (``b""`` when nothing is laid)."""

    step: Step
    data: bytes = b""


@dataclass(frozen=True)
class Mark:
    """What a row shows of its paper: the path in the column ``column``, and what to add to the column «missing»."""

    sheet: str
    code: str
    column: str
    path: str
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """Everything that follows from the register for the outbox, and what people must be told."""

    actions: tuple[Action, ...] = ()
    marks: tuple[Mark, ...] = ()
    questions: tuple[Question, ...] = ()
    mistakes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def due(book: Book) -> list[Due]:
    """Return the papers that the rows call for, in the order of the documents' names and the rows' codes."""
    documents = book.catalog.documents
    return [one for name in sorted(documents) for one in _due(book, documents[name])]


def _due(book: Book, document: Document) -> Iterable[Due]:
    served: set[str] = set()
    for row in book.rows.get(document.sheet, {}).values():
        group = row[document.once] if document.once else ""
        full = all(book.referring(row.code, sheet) for sheet in document.needs)
        if not (full and _says(row, document.when)) or group in served:
            continue
        served |= {group} - {""}
        edition: outbox.Edition = "draft" if _says(row, document.draft_when, empty=False) else "clean"
        yield Due(document, row, edition, _says(row, document.frozen_when, empty=False))


def _says(row: Row, when: Mapping[str, Sequence[str]], *, empty: bool = True) -> bool:
    """Tell whether a row has one of the values in each column of ``when``; ``empty`` is the answer for no columns."""
    return all(row[column] in values for column, values in when.items()) if when else empty


def make(book: Book, one: Due, today: date) -> Made:
    """Make one paper in memory; a frozen one is only named, never made."""
    reading = Reading(book)
    names = context.names(reading, one.row, draft=one.edition == "draft")
    path = _path(reading, one, today)
    if one.frozen:
        return Made(one, path)
    data, mistakes = _render(book.catalog, one, names)
    questions = tuple(_question(book, one, place) for place in reading.lacks)
    whole = not (questions or mistakes)
    return Made(one, path, data if whole else b"", questions, mistakes, tuple(reading.doubts.values()))


def _render(catalog: Catalog, one: Due, names: Mapping[str, object]) -> tuple[bytes, tuple[str, ...]]:
    """Return the bytes of a paper, or the Russian sentences that say what is wrong with its template."""
    place = f"templates/documents/{one.document.name}/template.docx"
    try:
        template = compiled(catalog.templates[one.document.name].read_bytes())
        return template.render(names, title=one.document.title, highlight=one.edition == "draft"), ()
    except word.TemplateMistake as mistake:
        return b"", tuple(explained(place, problem) for problem in mistake.problems)
    except word.MissingName as missing:
        return b"", (say.template_problem(place, "unknown_name", missing.name, "", missing.place),)
    except word.Unprintable as mistake:
        return b"", (say.template_problem(place, "unprintable", mistake.type_name, "", mistake.place),)


def explained(place: str, problem: word.Problem) -> str:
    """Say in Russian what is wrong with the template at ``place``."""
    return say.template_problem(place, problem.kind, problem.name, problem.nearest, problem.detail)


@lru_cache(maxsize=64)
def compiled(data: bytes) -> word.Template:
    """Return the template made of these bytes, compiled once a content; raises ``word.TemplateMistake``."""
    return word.Template.load(data, FILTERS)


def _question(book: Book, one: Due, place: Place) -> Question:
    title, subject = one.document.title, one.row.code
    if place.lack == "setting":
        text = say.empty_setting(title, subject, place.sheet, place.column)
        return Question(f"setting:{place.sheet}:{place.column}", text)
    sheet = book.sheets[place.sheet]
    heading = book.columns[place.sheet][place.column].title if place.column in book.columns[place.sheet] else ""
    sentence = {"unreadable": say.unreadable_cell, "dangling": say.dangling_cell, "sex": say.undecided_sex}
    text = sentence.get(place.lack, say.empty_cell)(title, subject, sheet.title, place.code, heading)
    return Question(f"cell:{place.sheet}:{place.code}:{place.column}", text, place.sheet, place.code, place.column)


# --- names of files --------------------------------------------------------------------------------------------------


def _path(reading: Reading, one: Due, today: date) -> str:
    """Return where a paper lies, relative to the workspace."""
    folders = [filled(reading, one, part, today) for part in one.document.folder.split("/")]
    name = safe_name(filled(reading, one, one.document.file_name, today))
    return str(PurePosixPath(OUTBOX, *map(safe_name, folders), f"{name}.docx"))


def filled(reading: Reading, one: Due, pattern: str, today: date) -> str:
    """Fill the names in braces of a folder's or file's name."""
    day = one.row.day("day") if one.row.sheet == "orders" else None
    special = {
        "draft": lambda: say.draft_mark() if one.edition == "draft" else "",
        "calendar_year": lambda: str((day or today).year),
        "year": lambda: _year(reading, one.row),
    }
    return _QUOTED.sub(
        lambda found: special[found[1]]() if found[1] in special else _cell(reading, one.row, found[1]), pattern
    )


def _year(reading: Reading, row: Row) -> str:
    year = context.school_year(reading, row)
    return year.key if isinstance(year, SchoolYear) else str(year)


def _cell(reading: Reading, row: Row, path: str) -> str:
    value: object = reading.view(row)
    for name in path.split("."):
        value = getattr(value, name)
    return str(value)


def safe_name(text: str) -> str:
    """Return a text as one name of a file or folder, safe on every system: letters, digits and a few signs.

    At most 120 bytes, cut between words; never a path, never empty, no point or space at its ends.
    """
    plain = unicodedata.normalize("NFC", text).replace(russian.NBSP, " ")
    kept = "".join(sign if sign.isalnum() or sign in " -–_.,()№«»" else " " for sign in plain)
    words = " ".join(re.sub(r"(?<!\w)\.+", " ", kept).split())
    return _shortened(words).strip(" .") or "_"


def _shortened(words: str) -> str:
    """Cut a name that is too long, between words unless that would lose half of it."""
    cut = words.encode()[:_LONGEST_NAME].decode(errors="ignore")
    whole = cut.rpartition(" ")[0] if words[len(cut) : len(cut) + 1].strip() else cut
    return whole if 2 * len(whole) > len(cut) else cut


# --- the whole -------------------------------------------------------------------------------------------------------


def plan(catalog: Catalog, rows: Rows, desk: Desk) -> Plan:
    """Plan the outbox for a register: make what is due, compare with what lies there, say what people must know."""
    book = Book(catalog, rows)
    made = [make(book, one, desk.today) for one in due(book)]
    wanted = [_wanted(one) for one in made]
    forms = [form for one in made for form in _forms(catalog, one)]
    settled = outbox.settle(wanted, desk.issued, desk.look)
    beside = outbox.settle(forms, desk.issued, desk.look)
    actions = [_action(one, step) for one, done in zip(made, settled, strict=True) for step in done.steps]
    actions += [_form_action(done, step, desk.make_form) for done in beside for step in done.steps]
    actions += [Action(step) for step in outbox.withdraw([*wanted, *forms], desk.issued, desk.look)]
    return Plan(
        actions=tuple(actions),
        marks=tuple(mark for one, done in zip(made, settled, strict=True) for mark in _marks(book, one, done)),
        questions=tuple({question.key: question for one in made for question in one.questions}.values()),
        mistakes=tuple(dict.fromkeys(text for one in made for text in one.mistakes)),
        doubts=tuple({doubt.word: doubt for one in made for doubt in one.doubts}.values()),
    )


def _wanted(one: Made) -> Wanted:
    sha = hashlib.sha256(one.data).hexdigest() if one.data else ""
    return Wanted(one.due.subject, one.due.edition, one.path, sha, one.due.frozen)


def _forms(catalog: Catalog, one: Made) -> Iterable[Wanted]:
    """Give the form that lies beside a clean edition until its order is signed."""
    form = catalog.forms.get(one.due.document.beside)
    if form and one.due.edition == "clean" and not one.due.frozen and one.path:
        name = safe_name(form.file_name.format(code=one.due.row.code))
        path = str(PurePosixPath(one.path).with_name(f"{name}.xlsx"))
        yield Wanted(f"{form.name}:{one.due.row.code}", "clean", path, form=True)


def _action(one: Made, step: Step) -> Action:
    return Action(step, one.data if step.lay else b"")


def _form_action(done: Settled, step: Step, make_form: FormMaker) -> Action:
    if not step.lay:
        return Action(step)
    name, code = done.wanted.subject.split(":")
    data = make_form(name, {"code": code})
    sha = hashlib.sha256(data).hexdigest()
    before = tuple(replace(one, meant=sha) for one in step.before)
    return Action(replace(step, before=before, after=tuple(replace(one, sha=sha) for one in step.after)), data)


def _marks(book: Book, one: Made, done: Settled) -> Iterable[Mark]:
    """Give what the rows that show this paper say about it."""
    sheet, _, column = one.due.document.link.rpartition(".")
    if not column:
        return
    row = one.due.row
    note = say.not_made() if one.questions else _note(book, row, done)
    if not sheet:
        yield Mark(row.sheet, row.code, column, done.path, note)
        return
    yield from (Mark(sheet, other.code, column, done.path, note) for other in book.referring(row.code, sheet))


def _note(book: Book, row: Row, done: Settled) -> str:
    """Say what a person who changed or took a paper must do about the news."""
    if not done.trouble:
        return say.draft_edited(PurePosixPath(done.edited).name) if done.edited else ""
    newer = PurePosixPath(done.newer).name
    order = book.order_of(row)
    day = order.day("day") if order else None
    if order and order["number"] and day:
        number, when = russian.number_sign(order["number"]), russian.day_digits(day)
        changed = done.trouble == "changed"
        return say.enter_order(number, when, newer) if changed else say.enter_order_taken(number, when)
    return say.changed_by_hand(newer) if done.trouble == "changed" else say.taken_away()
