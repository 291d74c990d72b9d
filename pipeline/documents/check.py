"""Are the templates fit for the register? Every mistake is told before the first paper is made, in Russian.

A template is read whole: its tags, every name it asks for (with the nearest known one), its filters. Then it is made
once, as a draft and clean, from an invented row, so that a filter used on the wrong thing shows here as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from pipeline import tokens
from pipeline.catalog import Catalog, Column, Document, Official, Organisation, Policy, nearest
from pipeline.documents import context, drafts
from pipeline.documents.context import Book
from pipeline.model import Row, Rows
from pipeline.office import word
from pipeline.wording import documents as say
from pipeline.wording import setup

Shape = tuple[str, Any]
"""What stands behind a name: ("row", sheet), ("rows", sheet), ("model", class), ("day", ""), ("year", ""), ("", "")."""

_PLAIN: Shape = ("", "")
_PEOPLE = frozenset({"people", "mentors", "mentees"})
_SPECIAL = frozenset({"code", "draft", "calendar_year", "year"})
_INVENTED = {
    "people": {"surname": "Иванова", "name": "Мария", "patronymic": "Петровна", "sex": "ж", "post": "преподаватель"},
    "consents": {"token": tokens.shown(tokens.make(b"check", ""))},
}


def mistakes(catalog: Catalog) -> tuple[str, ...]:
    """Return what is wrong with the documents' entries and templates, one Russian sentence each."""
    flaws = [text for found in catalog.flaws.values() for text in found]
    found = [text for name in sorted(catalog.documents) for text in of_document(catalog, name)]
    return tuple(dict.fromkeys([*flaws, *found]))


def unknown_in_layout(catalog: Catalog) -> list[str]:
    """Return a sentence for each style that the layout names and no template has, and for each document there is not.

    No mistakes: a college may do without some of the documents.
    """
    rules = (catalog.paper_layout, *catalog.paper_layout.documents.values())
    named = dict.fromkeys(name for look in rules for name in look.styles)
    known = {name for path in catalog.templates.values() if path.is_file() for name in _styles(path.read_bytes())}
    shown = {name for name in named if word.style_name(name) in known}
    strange = [setup.unknown_style(name, nearest(name, shown | known)) for name in named if name not in shown]
    names = {*catalog.documents, *catalog.flaws}
    absent = (one for one in catalog.paper_layout.documents if not any(fnmatchcase(name, one) for name in names))
    return [*strange, *(setup.unknown_name("config/layout.yaml", one, nearest(one, names)) for one in absent)]


def _styles(data: bytes) -> frozenset[str]:
    try:
        return word.style_names(data)
    except word.NotDocx:
        return frozenset()  # what is wrong with it is told as a mistake


@lru_cache(maxsize=256)
def of_document(catalog: Catalog, name: str) -> tuple[str, ...]:
    """Return what is wrong with one document, one Russian sentence each; examined once a set-up."""
    return tuple(dict.fromkeys(_of_document(catalog, catalog.documents[name])))


def _of_document(catalog: Catalog, document: Document) -> Iterator[str]:
    place = f"templates/documents/{document.name}/template.docx"
    entry = list(_of_entry(catalog, document))
    yield from entry
    try:
        template = drafts.compiled(catalog.templates[document.name].read_bytes())
    except word.TemplateMistake as mistake:
        yield from (drafts.explained(place, problem) for problem in mistake.problems)
        return
    unknown = template.unknown(known(catalog, document.sheet, template.paths()))
    unfiltered = tuple(_unfiltered(catalog, document.sheet, template))
    yield from (drafts.explained(place, problem) for problem in (*unknown, *unfiltered))
    if not (unknown or unfiltered or entry):
        yield from _of_trial(catalog, document)


def _unfiltered(catalog: Catalog, sheet: str, template: word.Template) -> Iterator[word.Problem]:
    """Find values that are printed as they are and should not be: a person, a date, a long text, a whole row."""
    for bare in template.printed():
        kind, of = shape_of(catalog, sheet, bare.path)
        person = (kind == "row" and of in _PEOPLE) or (kind == "model" and of is Official)
        long = kind == "long" and not bare.in_cell
        if person or long or kind in {"row", "rows", "model", "day"}:
            how = say.how_to_print("person" if person else kind)
            yield word.Problem("unfiltered", bare.path, how, bare.part, bare.place)


# --- names -----------------------------------------------------------------------------------------------------------


def known(catalog: Catalog, sheet: str, paths: frozenset[str]) -> frozenset[str]:
    """Return everything that may be asked for at each step of ``paths`` in a template of ``sheet``'s rows."""
    tops = roots(sheet)
    found = set(tops)
    for path in paths:
        steps = _steps(path)
        shape, walked = tops.get(steps[0]), steps[0]
        for step in steps[1:]:
            below = children(catalog, shape) if shape else {}
            found |= {walked + name for name in below}
            shape, walked = below.get(step), walked + step
    return frozenset(found)


def roots(sheet: str) -> Mapping[str, Shape]:
    """Return the names that a template of ``sheet``'s rows begins with, each with what stands behind it."""
    return {
        "row": ("row", sheet),
        "org": ("model", Organisation),
        "policy": ("model", Policy),
        **dict.fromkeys(("director", "curator", "signer"), ("model", Official)),
        "year": ("year", ""),
        "draft": _PLAIN,
    }


def shape_of(catalog: Catalog, sheet: str, path: str) -> Shape:
    """Return what stands behind a path in a template of ``sheet``'s rows; nothing special behind an unknown one."""
    first, *steps = _steps(path)
    shape = roots(sheet).get(first, _PLAIN)
    for step in steps:
        shape = children(catalog, shape).get(step, _PLAIN)
    return shape


def _steps(path: str) -> list[str]:
    return re.findall(r"^[^.\[]+|\.[^.\[]+|\[\]", path)


def children(catalog: Catalog, shape: Shape) -> Mapping[str, Shape]:
    """Return the steps that a template may take from a value: «.post», «[]», each with what stands behind it."""
    kind, of = shape
    if kind == "rows":
        return {"[]": ("row", of)}
    if kind == "row":
        return _of_row(catalog, of)
    if kind == "model":
        return {f".{name}": _of_field(field.annotation) for name, field in of.model_fields.items()}
    plain = {"day": (".year", ".month", ".day"), "year": (".start", ".end", ".last"), "choices": ("[]",)}
    return dict.fromkeys(plain.get(kind, ()), _PLAIN)


def _of_row(catalog: Catalog, key: str) -> Mapping[str, Shape]:
    referring = {
        f".{sheet.key}": ("rows", sheet.key)
        for sheet in catalog.layout.sheets
        if any(column.ref == key for column in sheet.columns)
    }
    beside = {f".{name}": ("rows", sheet) for name, sheet in context.derived(key).items()}
    columns = {f".{column.key}": _of_column(column) for column in catalog.layout.sheet(key).columns}
    return {".code": _PLAIN, **referring, **beside, **columns}


def _of_column(column: Column) -> Shape:
    if column.ref:
        return "row", column.ref
    return {"date": ("day", ""), "choices": ("choices", ""), "long": ("long", "")}.get(column.kind, _PLAIN)


def _of_field(annotation: Any) -> Shape:
    model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return ("model", annotation) if model else _PLAIN


# --- entries ---------------------------------------------------------------------------------------------------------


def _of_entry(catalog: Catalog, document: Document) -> Iterator[str]:
    """Find what a document's entry says of columns, answers, forms and file names that nobody knows."""
    place = f"templates/documents/{document.name}/document.yaml"
    columns = {column.key: column for column in catalog.layout.sheet(document.sheet).columns}
    for when in (document.when, document.draft_when, document.kept_when, document.frozen_when):
        for key, values in when.items():
            offered = catalog.layout.lists.get(columns[key].list, ()) if key in columns else ()
            wrong = [value for value in values if offered and value not in offered]
            yield from (say.unknown_answer(place, key, value, nearest(value, frozenset(offered))) for value in wrong)
    sheets = {sheet.key for sheet in catalog.layout.sheets}
    named = [(document.once, columns), (document.beside, catalog.forms), *((name, sheets) for name in document.needs)]
    for name, names in named:
        if name and name not in names:
            yield setup.unknown_name(place, name, nearest(name, frozenset(names)))
    yield from _of_patterns(catalog, document, place)


def _of_patterns(catalog: Catalog, document: Document, place: str) -> Iterator[str]:
    if "{code}" not in document.file_name:
        yield say.no_code_in_name(place)
    sheet, _, column = document.link.rpartition(".")
    linked = {f"row.{sheet}[].{column}" if sheet else f"row.{column}"} if column else set()
    quoted = {name for name in re.findall(r"\{(.*?)\}", document.folder + document.file_name) if name not in _SPECIAL}
    paths = linked | {f"row.{name}" for name in quoted}
    names = known(catalog, document.sheet, frozenset(paths))
    for path in sorted(paths - names):
        name = path.removeprefix("row.")
        yield say.wrong_pattern(place, name, nearest(path, names).removeprefix("row."))


# --- a trial ---------------------------------------------------------------------------------------------------------


def _of_trial(catalog: Catalog, document: Document) -> Iterator[str]:
    """Make a document from an invented register, as a draft and clean."""
    rows = invented(catalog)
    book = Book(catalog, rows)
    row = next(iter(rows[document.sheet].values()))
    for due in (drafts.Due(document, row, "draft", frozen=False), drafts.Due(document, row, "clean", frozen=False)):
        made = drafts.make(book, due, date.min)
        yield from made.mistakes
        place = f"templates/documents/{document.name}/template.docx"
        settings = (question.key.split(":") for question in made.questions if not question.sheet)
        yield from (say.empty_setting_in(place, file, key) for _, file, key in settings)


def invented(catalog: Catalog) -> Rows:
    """Return a register with one full row on every sheet, each reference leading to the row of its sheet."""
    return {
        sheet.key: {
            f"{sheet.prefix}-0001": Row(
                sheet.key,
                f"{sheet.prefix}-0001",
                {column.key: _invented_cell(catalog, column) for column in sheet.columns}
                | _INVENTED.get(sheet.key, {}),
            )
        }
        for sheet in catalog.layout.sheets
    }


def _invented_cell(catalog: Catalog, column: Column) -> str:
    if column.ref:
        return f"{catalog.layout.sheet(column.ref).prefix}-0001"
    if column.key in {"year", "about"}:
        return "2026-2027"
    plain = {"date": "2026-09-01", "number": "2"}.get(column.kind, column.title)
    return next(iter(catalog.layout.lists.get(column.list, ())), plain)
