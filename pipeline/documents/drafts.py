"""Which papers should exist now, made in memory, and what to do about them in the outbox.

A paper is due because of what its row says (``document.yaml``), never because of the clock; the day given only names
the calendar year's folder. A paper that lacks something is not made: each lack becomes a question naming the cell.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import PurePosixPath
from typing import NamedTuple, TypeVar

from pipeline.catalog import Catalog, Document
from pipeline.documents import context, differences, outbox, pdfs, records, russian, watching
from pipeline.documents.context import Book, Doubt, Reading
from pipeline.documents.differences import Difference
from pipeline.documents.filters import FILTERS
from pipeline.documents.outbox import Issued, Look, Settled, Step, Wanted
from pipeline.documents.records import Record
from pipeline.documents.values import Place, SchoolYear
from pipeline.documents.watching import Asked
from pipeline.model import Question, Row, Rows
from pipeline.office import word
from pipeline.wording import documents as say

OUTBOX = "outbox"
_LONGEST_NAME = 120  # bytes, without the extension: half of what file systems take, room for «(новая редакция)»
_TOLD = 3
"""How many differences a row tells; the state page tells all."""
_QUOTED = re.compile(r"\{([a-z_.]+)\}")

FormMaker = Callable[[str, Mapping[str, str]], bytes]
"""Makes the workbook of a form from the form's name and the answers written in beforehand."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one due paper: its path, bytes and record, or the questions and mistakes that stopped it.

    ``sha`` is the hash of the bytes; a plan keeps that when it lets the bytes and the record go, and for a paper that
    will be laid ``content``, which gives both. One that is ``off`` was put off to a later plan.
    """

    due: Due
    path: str = ""
    data: bytes = b""
    record: Record | None = None
    questions: tuple[Question, ...] = ()
    mistakes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    sha: str = ""
    content: Callable[[], Content] | None = None
    off: bool = False


class Remembered(NamedTuple):
    """What came of a paper, without the paper (see ``Made``)."""

    path: str
    sha: str
    questions: tuple[Question, ...]
    mistakes: tuple[str, ...]
    doubts: tuple[Doubt, ...]

    def of(self, due: Due) -> Made:
        """Return it as what became of a due paper."""
        return Made(due, self.path, b"", None, self.questions, self.mistakes, self.doubts, self.sha)


Told = TypeVar("Told", Question, Doubt)
Memory = watching.Memory[Remembered]
"""What is known of papers from one plan to the next."""


@dataclass(frozen=True)
class Desk:
    """What surrounds the planning: what was issued, a look into the workspace, the day, the maker of forms.

    ``record`` gives what a content laid before was made from (by its hash), ``text`` the paragraphs of a file that lies
    in the outbox (none when it cannot be read), ``template`` a template of old (by its hash, ``b""`` when not kept).
    With a ``memory`` a paper is not made anew while all that it says is the same. Once ``is_over`` says so, no paper is
    made of which nobody has seen anything yet: it is put off, for such rows as ``is_new`` tells. ``pdf`` gives the hash
    of the PDF that was made of a DOCX (by its hash, ``""`` for none to lay), ``read_pdf`` that PDF itself. ``hold``
    puts bytes down until they are laid and returns what gives them.
    """

    issued: Sequence[Issued]
    look: Look
    today: date
    make_form: FormMaker
    record: Callable[[str], Record | None] = lambda _sha: None
    text: Callable[[str], Sequence[str]] = lambda _path: ()
    template: Callable[[str], bytes] = lambda _sha: b""
    memory: Memory = field(default_factory=Memory)
    is_new: Callable[[Due], bool] = lambda _due: True
    is_over: Callable[[], bool] = lambda: False
    pdf: Callable[[str], str] = lambda _docx: ""
    read_pdf: Callable[[str], bytes] = lambda _docx: b""
    hold: Callable[[bytes], Callable[[], bytes]] = lambda data: lambda: data


@dataclass(frozen=True)
class Kept:
    """What an approved paper goes on saying: the cells it read, the template it was made with (``b""``: as now)."""

    cells: records.Cells = field(default_factory=dict)
    template: bytes = b""


NOTHING = Kept()


class Content(NamedTuple):
    """The bytes to lay (``b""`` when nothing is laid) and what they were made from."""

    data: bytes = b""
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One step in the outbox; ``content`` gives what to lay, and holds nothing of the register."""

    step: Step
    content: Callable[[], Content] = Content


@dataclass(frozen=True)
class Fate:
    """What a person did with a paper, for the state page: its path, the sentence, what differs from the news."""

    path: str
    sentence: str
    differences: tuple[str, ...] = ()


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
    """Everything that follows from the register for the outbox, what people must be told, which papers were put off."""

    actions: tuple[Action, ...] = ()
    marks: tuple[Mark, ...] = ()
    questions: tuple[Question, ...] = ()
    mistakes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    fates: tuple[Fate, ...] = ()
    off: tuple[str, ...] = ()


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


def make(book: Book, one: Due, today: date, kept: Kept = NOTHING) -> Made:
    """Make one paper in memory; a frozen one is only named, never made.

    ``kept`` is what an approved paper goes on saying: the cells it read, the template it was made with.
    """
    reading = Reading(book, kept.cells)
    names = context.names(reading, one.row, draft=one.edition == "draft")
    path = _path(names, one, today)
    if one.frozen:
        return Made(one, path)
    template = kept.template or book.template(one.document.name)
    paper, mistakes = _render(one, template, names)
    reading.shown.clear()  # the rows know each other: nothing of a paper shall wait for the garbage collector
    questions = tuple(_question(book, one, place) for place in reading.lacks)
    if paper is None or questions:
        return Made(one, path, b"", None, questions, mistakes, tuple(reading.doubts.values()))
    record = _record(f"{one.subject}:{one.edition}", paper, template, reading.cells)
    sha = hashlib.sha256(paper.data).hexdigest()
    return Made(one, path, paper.data, record, (), (), tuple(reading.doubts.values()), sha)


def _render(one: Due, template: bytes, names: context.Names) -> tuple[word.Paper | None, tuple[str, ...]]:
    """Return a paper, or the Russian sentences that say what is wrong with its template."""
    place = f"templates/documents/{one.document.name}/template.docx"
    draft = one.edition == "draft"
    dress = word.Dress(title=one.document.title, name=f"{one.subject}:{one.edition}", highlight=draft)
    try:
        return compiled(template).make(names, dress), ()
    except word.TemplateMistake as mistake:
        return None, tuple(explained(place, problem) for problem in mistake.problems)
    except word.MissingName as missing:
        return None, (say.template_problem(place, "unknown_name", missing.name, "", missing.place),)
    except word.Unprintable as mistake:
        return None, (say.template_problem(place, "unprintable", mistake.type_name, "", mistake.place),)


def _record(name: str, paper: word.Paper, template: bytes, cells: records.Cells) -> Record:
    return Record(name, paper.mark, _sha(template), paper.printed, cells)


@lru_cache(maxsize=128)
def _sha(template: bytes) -> str:
    """Return the SHA-256 of a template, found once a content."""
    return hashlib.sha256(template).hexdigest()


def explained(place: str, problem: word.Problem) -> str:
    """Say in Russian what is wrong with the template at ``place``."""
    text = say.template_problem(place, problem.kind, problem.name, problem.nearest, problem.detail)
    return f"{text}{say.where_in_template(problem.part)}"


@lru_cache(maxsize=128)
def compiled(data: bytes) -> word.Template:
    """Return the template made of these bytes, compiled once a content; raises ``word.TemplateMistake``."""
    return word.Template.load(data, FILTERS, russian.keep_together)


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


def _path(names: context.Names, one: Due, today: date) -> str:
    """Return where a paper lies, relative to the workspace."""
    folders = [_filled(names, one, part, today) for part in one.document.folder.split("/")]
    name = safe_name(_filled(names, one, one.document.file_name, today))
    return "/".join((OUTBOX, *map(safe_name, folders), f"{name}.docx"))


def _filled(names: context.Names, one: Due, pattern: str, today: date) -> str:
    """Fill the names in braces of a folder's or file's name."""
    return _QUOTED.sub(lambda found: _named(names, one, found[1], today), pattern)


def _named(names: context.Names, one: Due, name: str, today: date) -> str:
    """Return what a name in braces stands for: the edition's mark, a year, or a value of the row."""
    if name == "draft":
        return say.draft_mark() if one.edition == "draft" else ""
    if name == "calendar_year":
        day = one.row.day("day") if one.row.sheet == "orders" else None
        return str((day or today).year)
    if name == "year":
        year = names["year"]
        return year.key if isinstance(year, SchoolYear) else str(year)
    value = names["row"]
    for step in name.split("."):
        value = getattr(value, step)
    return str(value)


@lru_cache(maxsize=1024)
def safe_name(text: str) -> str:
    """Return a text as one name of a file or folder, safe on every system: letters, digits and a few signs.

    At most 120 bytes, cut between words; never a path, never empty, no point or space at its ends.
    """
    plain = unicodedata.normalize("NFC", text).replace(russian.NBSP, " ").replace(russian.HYPHEN, "-")
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
    press = _Press(book, desk)
    made = press.all()
    wanted = [_wanted(one) for one in made]
    forms = [form for one in made for form in _forms(catalog, one)]
    settled = outbox.settle(wanted, desk.issued, desk.look)
    beside = outbox.settle(forms, desk.issued, desk.look)
    prints = list(pdfs.beside(settled, desk.issued, desk.look, desk.pdf))
    pressed = outbox.settle([one.wanted for one in prints], desk.issued, desk.look)
    actions = [_action(press, one, step) for one, done in zip(made, settled, strict=True) for step in done.steps]
    actions += [_form_action(done, step, desk) for done in beside for step in done.steps]
    actions += [_pdf_action(desk, one, step) for one, done in zip(prints, pressed, strict=True) for step in done.steps]
    spoiled = catalog.flaws.keys() - catalog.documents.keys()
    known = [paper for paper in desk.issued if pdfs.document_of(paper.key) not in spoiled]
    all_wanted = [*wanted, *forms, *(one.wanted for one in prints)]
    actions += [Action(step) for step in outbox.withdraw(all_wanted, known, desk.look)]
    told = [_news(press, one, done) for one, done in zip(made, settled, strict=True)]
    marks = (
        mark for one, done, news in zip(made, settled, told, strict=True) for mark in _marks(book, one, done, news)
    )
    return Plan(
        actions=tuple(actions),
        marks=tuple(marks),
        questions=_first((question for one in made for question in one.questions), lambda question: question.key),
        mistakes=tuple(dict.fromkeys(text for one in made for text in one.mistakes)),
        doubts=_first((doubt for one in made for doubt in one.doubts), lambda doubt: doubt.word),
        fates=tuple(fate for done, news in zip(settled, told, strict=True) for fate in _fates(done, news)),
        off=tuple(one.due.subject for one in made if one.off),
    )


def _first(found: Iterable[Told], key: Callable[[Told], str]) -> tuple[Told, ...]:
    """Return the first of those that have one key: what is said of it stays the same when more come."""
    firsts: dict[str, Told] = {}
    for one in found:
        firsts.setdefault(key(one), one)
    return tuple(firsts.values())


class _Press:
    """Makes the due papers of one plan. One that says what it said is not made again."""

    def __init__(self, book: Book, desk: Desk) -> None:
        self.desk = desk
        self._book = book
        self._memory = desk.memory.under(book.catalog)
        self._laid = {sha: paper for paper in desk.issued for sha in (paper.meant, paper.sha)}
        self._issued: dict[str, list[Issued]] = {}
        for paper in desk.issued:
            self._issued.setdefault(paper.subject, []).append(paper)

    def all(self) -> list[Made]:
        """Make every due paper, those of which there are few first: an order is not put off for a thousand sheets."""
        every = due(self._book)
        many = Counter(one.document.name for one in every)
        self._memory.only({one.subject for one in every})
        made = {one.subject: self._make(one) for one in sorted(every, key=lambda one: many[one.document.name])}
        return [made[one.subject] for one in every]

    def content(self, one: Made) -> Callable[[], Content]:
        """Give what gives the content of a paper, which is made once more if it lies somewhere already."""
        return one.content or self._put_down(make(self._book, one.due, self.desk.today, self._kept(one.due)))

    def _make(self, one: Due) -> Made:
        kept = self._kept(one)
        if kept is not NOTHING:
            return self._let_go(self._sound(self._as_laid(make(self._book, one, self.desk.today, kept))))
        fixed = self._fixed(one)
        known = self._memory.recall(one.subject, self._book.answer, fixed)
        if known and (known.sha in self._laid or not known.sha):
            return self._shared(known).of(one)
        if one.subject not in self._issued and self.desk.is_new(one) and self.desk.is_over():
            return Made(one, off=True)
        asked: dict[Asked, None] = {Asked(one.row.sheet, one.row.code): None}
        made = self._sound(self._as_laid(make(self._book.watched(asked.setdefault), one, self.desk.today)))
        answers = watching.all_answers(asked, self._book.answer, fixed)
        said = Remembered(made.path, made.sha, made.questions, made.mistakes, made.doubts)
        self._memory.keep(one.subject, said, asked, answers)
        return self._let_go(made)

    def _shared(self, known: Remembered) -> Remembered:
        """Give the same, sharing the long texts with what was issued: there may be tens of thousands."""
        paper = self._laid.get(known.sha)
        alike = paper and (paper.path, paper.sha) == (known.path, known.sha)
        return known._replace(path=paper.path, sha=paper.sha) if paper and alike else known

    def _fixed(self, one: Due) -> bytes:
        """Return what a paper depends on beside the set-up and the rows it reads."""
        template = _sha(self._book.template(one.document.name))
        return repr((one.edition, one.frozen, self.desk.today.year, self._book.words, template)).encode()

    def _kept(self, one: Due) -> Kept:
        """Return what an approved paper goes on saying: what the edition issued last was made from."""
        if one.frozen or not _says(one.row, one.document.kept_when, empty=False):
            return NOTHING
        mine = [paper for paper in self._issued.get(one.subject, ()) if not paper.newer and paper.sha]
        record = next((found for paper in mine if (found := self.desk.record(paper.sha))), None)
        return Kept(record.cells, self.desk.template(record.template)) if record else NOTHING

    def _as_laid(self, one: Made) -> Made:
        """Give a paper that says what was laid before the hash that it had then.

        Another version of the program, or another machine, may pack the same content into other bytes: no news to her.
        """
        if one.record is None or one.sha in self._laid:
            return one
        laid = (paper.sha for paper in self._issued.get(one.due.subject, ()) if paper.sha)
        content = one.record.content
        same = (sha for sha in laid if (record := self.desk.record(sha)) and record.content == content)
        return replace(one, sha=next(same, one.sha))

    def _sound(self, one: Made) -> Made:
        """Look once more at a paper that is new before anybody sees it; one that is damaged is not issued."""
        if not one.data or one.record is None or one.sha in self._laid:
            return one
        faults = word.faults(one.data, one.record.values)
        if not faults:
            return one
        place = f"templates/documents/{one.due.document.name}/template.docx"
        told = (say.damaged_paper(place, one.due.row.code, faults[0]),)
        return replace(one, data=b"", sha="", record=None, mistakes=told)

    def _let_go(self, one: Made) -> Made:
        """Let go of the bytes and the record of a paper; those that will be laid are put down."""
        laid = self._put_down(one) if one.record and one.sha not in self._laid else None
        return replace(one, data=b"", record=None, content=laid)

    def _put_down(self, one: Made) -> Callable[[], Content]:
        """Put down a paper and what it was made from, with its text."""
        if one.record is None:
            return Content
        whole = replace(one.record, paragraphs=word.paragraphs_of(one.data))
        return partial(_taken_up, self.desk.hold(one.data), self.desk.hold(records.packed(whole)))


def _taken_up(data: Callable[[], bytes], record: Callable[[], bytes]) -> Content:
    """Give the content of a paper that was put down."""
    return Content(data(), records.unpacked(record()))


def _news(press: _Press, one: Made, done: Settled) -> list[Difference]:
    """Return what differs between a paper in a person's hands and what it would say now."""
    desk = press.desk
    if done.edited:
        mine = next(paper for paper in desk.issued if paper.path == done.edited)
        record, hers = desk.record(mine.sha), desk.text(done.edited)
        return differences.edits(record.paragraphs, hers) if record and hers else []
    if not done.trouble:
        return []
    record = desk.record(done.base)
    hers = desk.text(done.path) if done.path else ()
    base = record.paragraphs if record else hers
    return differences.news(base, hers or base, word.paragraphs_of(press.content(one)().data)) if base else []


def _fates(done: Settled, news: Sequence[Difference]) -> Iterable[Fate]:
    """Say what a person did with a paper."""
    lines = tuple(say.difference(one.hers, one.now) for one in news)
    if done.taken:
        yield Fate(done.taken, say.taken(), lines)
    elif done.trouble:
        yield Fate(done.path, say.changed(PurePosixPath(done.newer).name), lines)
    elif done.touched:
        yield Fate(done.path, say.changed(""))
    if done.edited:
        yield Fate(done.edited, say.edited(), tuple(say.edit(one.now, one.hers) for one in news))


def _wanted(one: Made) -> Wanted:
    return Wanted(one.due.subject, one.due.edition, one.path, one.sha, one.due.frozen)


def _forms(catalog: Catalog, one: Made) -> Iterable[Wanted]:
    """Give the form that lies beside a clean edition until its order is signed."""
    form = catalog.forms.get(one.due.document.beside)
    if form and one.due.edition == "clean" and not one.due.frozen and one.path:
        name = safe_name(form.file_name.format(code=one.due.row.code))
        path = str(PurePosixPath(one.path).with_name(f"{name}.xlsx"))
        yield Wanted(f"{form.name}:{one.due.row.code}", "clean", path, form=True)


def _action(press: _Press, one: Made, step: Step) -> Action:
    return Action(step, press.content(one)) if step.lay else Action(step)


def _pdf_action(desk: Desk, one: pdfs.Print, step: Step) -> Action:
    return Action(step, partial(_unrecorded, partial(desk.read_pdf, one.docx))) if step.lay else Action(step)


def _form_action(done: Settled, step: Step, desk: Desk) -> Action:
    if not step.lay:
        return Action(step)
    name, code = done.wanted.subject.split(":")
    data = desk.make_form(name, {"code": code})
    sha = hashlib.sha256(data).hexdigest()
    before = tuple(replace(one, meant=sha) for one in step.before)
    after = tuple(replace(one, sha=sha) for one in step.after)
    return Action(replace(step, before=before, after=after), partial(_unrecorded, desk.hold(data)))


def _unrecorded(data: Callable[[], bytes]) -> Content:
    return Content(data())


def _marks(book: Book, one: Made, done: Settled, news: Sequence[Difference]) -> Iterable[Mark]:
    """Give what the rows that show this paper say about it."""
    sheet, _, column = one.due.document.link.rpartition(".")
    if not column:
        return
    row = one.due.row
    note = say.not_made() if one.questions else _note(book, row, done, news)
    path = done.path or (say.taken() if done.taken else "")
    rows = book.referring(row.code, sheet) if sheet else [row]
    yield from (Mark(other.sheet, other.code, column, path, note) for other in rows)


def _note(book: Book, row: Row, done: Settled, news: Sequence[Difference]) -> str:
    """Say what a person who changed or took a paper must do about the news, and what the news is."""
    what = _what_to_do(book, row, done)
    if not (what and news):
        return what
    lines = (say.edit(one.now, one.hers) if done.edited else say.difference(one.hers, one.now) for one in news[:_TOLD])
    return f"{what}: {'; '.join(lines)}{say.and_more(len(news) - _TOLD)}"


def _what_to_do(book: Book, row: Row, done: Settled) -> str:
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
