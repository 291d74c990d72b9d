"""What a template sees: the row it renders, the rows around it and the organisation, all by the catalogue's keys.

``row`` is read lazily: an attribute is a column; a reference is the row referred to (``row.mentor.person.surname``);
the key of a sheet is the rows of that sheet which refer here (``row.pairs``). Nothing is guessed: every empty cell that
a paper would print is gathered in the reading, and so is every word form that a person should check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel

from pipeline.catalog import Catalog, Column, Official, Organisation
from pipeline.documents.russian import Case, Grammar, Inflected, Name, Words, keep_together, typeset
from pipeline.documents.values import Blank, Choices, Day, Number, Origins, Place, SchoolYear, place_of
from pipeline.documents.watching import Asked, Note, WatchedRows, digest, said
from pipeline.model import SEPARATOR, Row, Rows
from pipeline.office import word
from pipeline.subjects import codes_in, pairs_in
from pipeline.wording import answers

SETTINGS = "config/organisation.yaml"
POLICY = "config/policy.yaml"
_YEAR = re.compile(r"^(\d{4})-(\d{4})$")


@dataclass(frozen=True)
class Doubt:
    """A word form that a person should check: the word in the nominative, its forms by case key, why."""

    word: str
    kind: str
    forms: Mapping[str, str]
    doubt: str


class Book:
    """The register as papers read it: rows, who refers to whom, and the grammar of this register's words."""

    def __init__(self, catalog: Catalog, rows: Rows) -> None:
        self.catalog = catalog
        self.rows = rows
        self.grammar = Grammar(_confirmed(rows), _configured(catalog))
        self.sheets = {sheet.key: sheet for sheet in catalog.layout.sheets}
        self.columns = {sheet.key: {column.key: column for column in sheet.columns} for sheet in catalog.layout.sheets}
        self._referring = self._index()
        self._templates: dict[str, bytes] = {}
        self._forms: dict[tuple[object, ...], Inflected] = {}
        self._all_forms: dict[Name | str, Mapping[Case, Inflected]] = {}
        self._answers: dict[Asked, bytes] = {}
        self._note: Note = _ignored
        self.words = digest(repr(sorted(_confirmed(rows).items())))

    def watched(self, note: Note) -> Book:
        """Return this book for one paper: whatever it asks of the register is given to ``note``."""
        twin = copy(self)
        twin.rows, twin._note = WatchedRows(self.rows, note), note
        return twin

    def answer(self, asked: Asked) -> bytes:
        """Return a hash of what the register answers now: of a row, a sheet, or the rows that refer to a row."""
        if asked not in self._answers:
            self._answers[asked] = self._answer(asked)
        return self._answers[asked]

    def _answer(self, asked: Asked) -> bytes:
        rows = self.rows.get(asked.sheet, {})
        if asked.code and not asked.to:
            return said(rows.get(asked.code))
        found = self._referring.get((asked.code, asked.sheet), ()) if asked.to else rows.values()
        return digest("".join(self.answer(Asked(row.sheet, row.code)).hex() for row in found))

    def form(self, what: Literal["name", "short", "post"], *said: Any) -> Inflected:
        """Return a word form as the grammar's method ``what`` gives it, found once for all papers of the turn."""
        key = (what, *said)
        found = self._forms.get(key)
        if found is None:
            found = self._forms[key] = getattr(self.grammar, what)(*said)
        return found

    def all_forms(self, said: Name | str) -> Mapping[Case, Inflected]:
        """Return every form of a name or a post, found once for all papers of the turn."""
        found = self._all_forms.get(said)
        if found is None:
            of = self.grammar
            found = of.all_forms_of_name(said) if isinstance(said, Name) else of.all_forms_of_post(said)
            self._all_forms[said] = found
        return found

    def template(self, document: str) -> bytes:
        """Return the bytes of a document's template, read once: all papers of a turn are made of the same."""
        if document not in self._templates:
            self._templates[document] = self.catalog.templates[document].read_bytes()
        return self._templates[document]

    def _index(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for key, columns in self.columns.items():
            references = [name for name, column in columns.items() if column.ref]
            for row in self.rows.get(key, {}).values():
                for code in dict.fromkeys(row[name] for name in references):
                    found.setdefault((code, key), []).append(row)
        return found

    def referring(self, code: str, sheet: str) -> Sequence[Row]:
        """Return the rows of ``sheet`` that refer to the row ``code``, in the register's order."""
        if not code:
            return ()
        self._note(Asked(sheet, code, to=True))
        return self._referring.get((code, sheet), ())

    def order_of(self, row: Row) -> Row | None:
        """Return the order that a row is or belongs to, ``None`` when there is none."""
        return row if row.sheet == "orders" else self.rows.get("orders", {}).get(row["order"])


def _ignored(_asked: Asked) -> None:
    """Note nothing."""


def _confirmed(rows: Rows) -> Words:
    """Return the word forms that a person has confirmed on the sheet «Склонения»."""
    return {
        row["word"]: {case: row[case.value] for case in Case if row[case.value]}
        for row in rows.get("declensions", {}).values()
        if row["confirmed"] == answers.YES
    }


def _configured(catalog: Catalog) -> Words:
    return {word: {Case(case): form for case, form in forms.items()} for word, forms in catalog.words.items()}


@dataclass
class Reading:
    """One paper being read from the book: what it read and lacked, and which forms it used that are in doubt.

    ``kept`` are cells of an approved paper that go on saying what they said: all it read before, but for those that
    may be corrected after signing (``Column.after_signing``).
    """

    book: Book
    kept: Mapping[Place, str] = field(default_factory=dict)
    cells: dict[Place, str] = field(default_factory=dict)
    lacks: dict[Place, None] = field(default_factory=dict)
    doubts: dict[str, Doubt] = field(default_factory=dict)
    shown: dict[str, RowView] = field(default_factory=dict)

    def text(self, row: Row, column: str) -> str:
        """Return the canonical text of a cell, and note that it was read."""
        return self.read(Place(row.sheet, row.code, column), row)

    def read(self, place: Place, row: Row) -> str:
        """Return what stands at a place, a cell of ``row``, and note that it was read."""
        text = row[place.column]
        kept = self.kept.get(place) if self.kept else None
        if kept is not None and not self.book.columns[row.sheet][place.column].after_signing:
            text = kept
        self.cells[place] = text
        return text

    def setting(self, place: Place, text: str) -> str:
        """Return a setting that now says ``text``, and note that it was read."""
        if self.kept:
            text = self.kept.get(place_of((*place[:3], "empty")), text)
        self.cells[place] = text
        return text

    def report(self, place: Place) -> None:
        """Note a cell that the paper needs and cannot print."""
        self.lacks.setdefault(place)

    def blank(self, place: Place) -> Blank:
        """Return what stands for an empty cell."""
        return Blank(place, self.report)

    def view(self, row: Row) -> RowView:
        """Return a row as templates see it: the same row is the same view."""
        found = self.shown.get(row.code)
        if found is None:
            found = self.shown[row.code] = RowView(self, row)
        return found

    def views(self, rows: Sequence[Row]) -> list[RowView]:
        """Return rows as templates see them."""
        return [self.view(row) for row in rows]

    def doubtful(self, doubt: Doubt) -> None:
        """Note a form that a person should check."""
        self.doubts.setdefault(doubt.word, doubt)


_SOMEONE = "_someone"
"""By this name, which no template can say, a view is asked for the person whom it is about."""


class _Seen(word.View):
    """Something that is read lazily: what was asked of it once is an attribute from then on."""

    def ask(self, name: str) -> Any:
        """Return what a template asks for by this name."""
        known = self.__dict__
        if name not in known:
            known[name] = self._find(name)
        return known[name]

    def __getattr__(self, name: str) -> Any:
        return self.ask(name)

    def _find(self, name: str) -> Any:
        raise AttributeError(name)


class RowView(_Seen):
    """A row as a template sees it: its columns, the rows it refers to, the rows that refer to it. It has no text."""

    def __init__(self, reading: Reading, row: Row) -> None:
        self._reading = reading
        self._row = row

    def _find(self, name: str) -> Any:
        reading, row = self._reading, self._row
        if name == "code":
            return word.sourced(row.code, (Place(row.sheet, row.code, ""),))
        if column := reading.book.columns[row.sheet].get(name):
            return _cell(reading, row, column)
        if name == _SOMEONE:
            return _person(self)
        if name in _DERIVED.get(row.sheet, {}):
            return _DERIVED[row.sheet][name].make(reading, row)
        if name in reading.book.sheets:
            return reading.views(reading.book.referring(row.code, name))
        raise AttributeError(name)


class SettingView(_Seen):
    """A part of the set-up as a template sees it. Printing an empty setting is reported like an empty cell."""

    def __init__(self, reading: Reading, model: BaseModel, place: Place) -> None:
        """``place`` is the file and the key, with a point after it, under which the keys of ``model`` stand."""
        self._reading = reading
        self._model = model
        self._place = place

    def _find(self, name: str) -> Any:
        if name == _SOMEONE:
            return _official(self._reading, self._model, self._place) if isinstance(self._model, Official) else None
        if name not in type(self._model).__pydantic_fields__:
            raise AttributeError(name)
        value, place = getattr(self._model, name), below(self._place, name)
        if isinstance(value, str):
            text = self._reading.setting(place, value)
            return word.sourced(together(text), (place,)) if text else self._reading.blank(place)
        return SettingView(self._reading, value, below(place, ".")) if isinstance(value, BaseModel) else value


def below(place: Place, key: str) -> Place:
    """Return the place of a setting that stands under another."""
    return place_of((place.sheet, place.code, place.column + key, place.lack))


def setting(model: object, key: str) -> str:
    """Return the setting that a place's key names («director.post», «signers[1].surname»), ``""`` when it is gone."""
    for step in re.findall(r"[^.\[\]]+", key):
        if step.isdigit():
            model = model[int(step)] if isinstance(model, tuple) and int(step) < len(model) else ""
        else:
            model = getattr(model, step, "")
    return str(model)


@lru_cache(maxsize=2048)
def together(text: str) -> str:
    """Return text as it is printed: quotes and dashes of print, spaces that hold, one closing quote where two meet."""
    return keep_together(typeset(text)).replace("»»", "»")


def _cell(reading: Reading, row: Row, column: Column) -> Any:
    place = place_of((row.sheet, row.code, column.key, "empty"))
    text = reading.read(place, row)
    if not text:
        return reading.blank(place)
    if column.ref:
        found = reading.book.rows.get(column.ref, {}).get(text)
        return reading.view(found) if found else reading.blank(_but(place, "dangling"))
    if column.kind == "date":
        day = _day(text)
        return _from(place, day) if day else reading.blank(_but(place, "unreadable"))
    if column.kind == "number":
        number = _number(text)
        return _from(place, number) if number else reading.blank(_but(place, "unreadable"))
    if column.kind == "choices":
        return _from(place, Choices(word.sourced(one, (place,)) for one in text.split(SEPARATOR) if one))
    return word.sourced(text if column.kind == "choice" else together(text), (place,))


Cell = TypeVar("Cell", Day, Number, Choices)


def _from(place: Place, value: Cell) -> Cell:
    value.origins = (place,)
    return value


def _but(place: Place, lack: Any) -> Place:
    return place._replace(lack=lack)


def _day(text: str) -> Day | None:
    try:
        return Day.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> Number | None:
    try:
        return Number(text)
    except ValueError:
        return None


# --- rows that a template may ask for beside columns and references ---------------------------------------------------


@dataclass(frozen=True)
class Derived:
    """A name that a row has beside its columns: how it is found, and of which sheet's rows it is a list."""

    make: Callable[[Reading, Row], list[RowView]]
    sheet: str


def _team(book: Book, pair: Row) -> list[Row]:
    """Return the pairs of one group under one mentor and one order; a pair without a group stands alone."""
    alike = (row for row in book.rows.get("pairs", {}).values() if row["group"])
    same = ("group", "mentor", "order")
    return [row for row in alike if all(row[key] == pair[key] for key in same)] if pair["group"] else [pair]


def _teams(reading: Reading, row: Row) -> list[RowView]:
    """Return one pair for every pair or group that refers here: the first of each group."""
    firsts: dict[tuple[str, str], Row] = {}
    for pair in reading.book.referring(row.code, "pairs"):
        firsts.setdefault((pair["mentor"], pair["group"] or pair.code), pair)
    return reading.views(list(firsts.values()))


def _mentees(reading: Reading, row: Row) -> list[RowView]:
    """Return the mentees of a pair's team, or of a programme: those under its own order, not who joined later.

    An edition that an order of change made is about the whole pair or group.
    """
    book = reading.book
    every = book.rows.get("pairs", {}).values()
    pairs = _team(book, row) if row.sheet == "pairs" else pairs_in([row["subject"] or row.code], every)
    own = [pair for pair in pairs if pair["order"] == row["order"]]
    found = (pair.mentee for pair in reading.views(own or pairs))
    return [mentee for mentee in found if isinstance(mentee, RowView)]


def _participants(reading: Reading, row: Row) -> list[RowView]:
    """Return everybody in the pairs that refer here, each person once: mentor, mentees, the next team."""
    roles = [role for team in _teams(reading, row) for role in (team.mentor, *team.mentees)]
    people = [role.person for role in roles if isinstance(role, RowView)]
    return list(dict.fromkeys(person for person in people if isinstance(person, RowView)))


def _named(sheet: str) -> Derived:
    """Make the list of the rows of ``sheet`` that an order's «К чему относится» names by their codes."""

    def find(reading: Reading, row: Row) -> list[RowView]:
        rows = reading.book.rows.get(sheet, {})
        return reading.views([rows[code] for code in codes_in(row["about"]) if code in rows])

    return Derived(find, sheet)


def _named_pairs(reading: Reading, row: Row) -> list[RowView]:
    """Return the pairs that an order is about: those named, and those of the groups and programmes named."""
    return reading.views(pairs_in(codes_in(row["about"]), reading.book.rows.get("pairs", {}).values()))


def _named_teams(reading: Reading, row: Row) -> list[RowView]:
    """Return one pair for every pair or group that an order is about."""
    firsts: dict[tuple[str, str], RowView] = {}
    for view in _named_pairs(reading, row):
        pair = view._row
        firsts.setdefault((pair["mentor"], pair["group"] or pair.code), view)
    return list(firsts.values())


def _concerned(reading: Reading, row: Row) -> list[RowView]:
    """Return everybody whom an order is about, each person once."""
    view = reading.view(row)
    roles = [role for pair in view.about_pairs for role in (pair.mentor, pair.mentee)]
    roles += [agreement.mentor for agreement in view.about_agreements]
    people = [role.person for role in roles if isinstance(role, RowView)]
    people += [reading.book.rows.get("people", {}).get(row[key]) for key in ("person", "substitute")]
    views = (reading.view(one) if isinstance(one, Row) else one for one in people)
    return list(dict.fromkeys(one for one in views if isinstance(one, RowView)))


def _done(reading: Reading, row: Row) -> list[RowView]:
    """Return the activities that a report says are done."""
    rows = reading.book.rows.get("plan", {})
    return reading.views([rows[code] for code in codes_in(row["items"]) if code in rows])


def _consenting(reading: Reading, row: Row) -> list[RowView]:
    """Return the people whose agreement an application wants, the applicant aside."""
    kind = reading.book.catalog.application_kinds.get(row["kind"])
    people = reading.book.rows.get("people", {})
    if kind and kind.agree == "other":
        return reading.views([people[row["other"]]] if row["other"] in people else [])
    sides = {"participants": ("mentor", "mentee"), "mentees": ("mentee",)}.get(kind.agree if kind else "", ())
    roles = [getattr(pair, side) for pair in reading.view(row).about_pairs for side in sides]
    found = [role.person for role in roles if isinstance(role, RowView)]
    others = (one for one in found if isinstance(one, RowView) and one._row.code != row["person"])
    return list(dict.fromkeys(others))


def _covered(reading: Reading, row: Row) -> list[RowView]:
    """Return the pairs that an agreement with a mentor is about: in an order, and not ended before it begins."""
    pairs = reading.book.referring(row["mentor"], "pairs")
    return reading.views([pair for pair in pairs if pair["order"] and pair["end"] >= row["start"]])


def _consents(reading: Reading, role: Row) -> list[RowView]:
    """Return the consents of a mentor or mentee that policy demands before an order (regulation 6.2, 6.3.5)."""
    demands = reading.book.catalog.policy.order_demands
    kinds = demands.mentor if role.sheet == "mentors" else demands.mentee
    given, year = reading.book.referring(role["person"], "consents"), role["year"]
    wanted = [row for row in given if row["kind"] in kinds and row["year"] == year]
    return reading.views(sorted(wanted, key=lambda row: kinds.index(row["kind"])))


_TEAM = {"mentees": Derived(_mentees, "mentees")}
_ROLE = {"consents_for_order": Derived(_consents, "consents")}
_DERIVED: Mapping[str, Mapping[str, Derived]] = {
    "orders": {
        "teams": Derived(_teams, "pairs"),
        "participants": Derived(_participants, "people"),
        "about_pairs": Derived(_named_pairs, "pairs"),
        "about_teams": Derived(_named_teams, "pairs"),
        **{f"about_{sheet}": _named(sheet) for sheet in ("plan", "events", "agreements")},
        "concerned": Derived(_concerned, "people"),
    },
    "applications": {
        "about_pairs": Derived(_named_pairs, "pairs"),
        "about_teams": Derived(_named_teams, "pairs"),
        "done_plan": Derived(_done, "plan"),
        "consenting": Derived(_consenting, "people"),
    },
    "agreements": {"covered": Derived(_covered, "pairs")},
    "programmes": _TEAM,
    "pairs": _TEAM,
    "mentors": _ROLE,
    "mentees": _ROLE,
}


def derived(sheet: str) -> Mapping[str, str]:
    """Return the names that rows of ``sheet`` have beside columns, each with the sheet whose rows it lists."""
    return {name: one.sheet for name, one in _DERIVED.get(sheet, {}).items()}


# --- the whole --------------------------------------------------------------------------------------------------------


Names = Mapping[str, Any]
"""What a template may name."""


def names(reading: Reading, row: Row, *, draft: bool) -> Names:
    """Return everything a template may name for one row; ``draft`` tells whether the paper bears «ПРОЕКТ»."""
    organisation = SettingView(reading, reading.book.catalog.organisation, Place(SETTINGS, "", "", "setting"))
    return {
        "row": reading.view(row),
        "org": organisation,
        "policy": SettingView(reading, reading.book.catalog.policy, Place(POLICY, "", "", "setting")),
        "director": organisation.ask("director"),
        "curator": organisation.ask("curator"),
        "signer": _signer(reading, row, organisation),
        "year": school_year(reading, row),
        "draft": draft,
    }


def _signer(reading: Reading, row: Row, view: SettingView) -> Any:
    """Return who signs: chosen on the order that the row is or belongs to, else the director."""
    order = reading.book.order_of(row)
    chosen = reading.text(order, "signer") if order else ""
    if not (order and chosen):
        return view.director
    organisation: Organisation = reading.book.catalog.organisation
    if chosen not in organisation.signer_labels():
        return reading.blank(Place("orders", order.code, "signer", "unreadable"))
    signer = organisation.signer(chosen)
    key = f"signers[{organisation.signers.index(signer)}]." if signer in organisation.signers else "director."
    return SettingView(reading, signer, Place(SETTINGS, "", key, "setting"))


def school_year(reading: Reading, row: Row) -> SchoolYear | Blank:
    """Return the school year of a row: its own, its mentor's, an order's subject, or that of an order's first pair."""
    book = reading.book
    cells = [(row, "year"), (row, "about")]
    for pair in (row, *book.referring(row.code, "pairs")[:1]):
        mentor = book.rows.get("mentors", {}).get(pair["mentor"])
        cells += [(mentor, "year")] if mentor else []
    for one, column in cells:
        if found := _YEAR.match(one[column]):
            origins = (Place(one.sheet, one.code, column),)
            last = book.catalog.policy.end_of(found[0])
            end = Day(last.year, last.month, last.day) if last else None
            return SchoolYear(word.sourced(found[1], origins), word.sourced(found[2], origins), end, origins)
    column = next((name for name in ("year", "about", "mentor") if name in book.columns[row.sheet]), "")
    return reading.blank(Place(row.sheet, row.code, column))


def rows_of(values: Sequence[object]) -> Origins:
    """Return the rows that a list in a template is made of, as places without a column."""
    rows = (value._row for value in values if isinstance(value, RowView))
    return tuple([place_of((row.sheet, row.code, "", "empty")) for row in rows])


class Someone(NamedTuple):
    """A person whom a paper names: the name, the post, where each stands, and the reading that wants to know.

    ``named`` are the places of the name's parts that are known.
    """

    name: Name
    post: str
    where: Mapping[str, Place]
    named: Origins
    reading: Reading


def someone(value: object) -> Someone | None:
    """Return the person behind a value of a template (a person's row, a mentor's, an official), else ``None``."""
    return value.ask(_SOMEONE) if isinstance(value, _Seen) else None


def _official(reading: Reading, one: Official, place: Place) -> Someone:
    where = {key: below(place, key) for key in _OF_A_PERSON}
    return _known(reading, where, [reading.setting(where[key], getattr(one, key)) for key in _OF_A_PERSON])


def _person(view: RowView) -> Someone | None:
    reading, row = view._reading, view._row
    if row.sheet != "people":
        person = view.person if "person" in reading.book.columns[row.sheet] else None
        return someone(person) if isinstance(person, RowView) else None
    where = {key: place_of(("people", row.code, key, "empty")) for key in _OF_A_PERSON}
    return _known(reading, where, [reading.read(place, row) for place in where.values()])


def _known(reading: Reading, where: Mapping[str, Place], said: Sequence[str]) -> Someone:
    """Return the person of whom ``said`` is said at the places ``where``, in the order of ``_OF_A_PERSON``."""
    surname, name, patronymic, sex, post = said
    named = tuple(where[key] for key, text in zip(_OF_A_PERSON[:3], said, strict=False) if text)
    return Someone(Name(surname, name, patronymic, sex), post, where, named, reading)


_OF_A_PERSON = ("surname", "name", "patronymic", "sex", "post")
