"""What ``config/`` and ``templates/`` declare, checked; its errors name file, line, key and nearest key.

Everything that an official paper depends on is declared there, nothing of it stands in code. ``load`` reads it all and
raises one ``SetupMistake`` that holds every mistake found.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

import pydantic
import yaml

from pipeline.wording import answers, setup

Kind = Literal["text", "long", "date", "number", "choice", "choices", "ref", "link"]
Owner = Literal["form", "curator", "program"]
ModelT = TypeVar("ModelT", bound="Declared")


class SetupMistake(Exception):
    """The administrator must mend something: ``mistakes`` are Russian sentences, one a mistake."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = tuple(mistakes)


class Declared(pydantic.BaseModel):
    """The base of every declaration: unknown keys are mistakes, values never change."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Column(Declared):
    """A column of a register sheet.

    ``list`` names the closed answers (of ``lists``) behind its drop-down, ``ref`` the sheet whose rows it refers to,
    ``each`` makes one column for every professional field, ``after_signing`` keeps a cell correctable once its row is
    frozen.
    """

    key: str
    title: str
    kind: Kind = "text"
    owner: Owner = "form"
    list: str = ""
    ref: str = ""
    hint: str = ""
    width: int = 16
    each: Literal["", "areas"] = ""
    after_signing: bool = False


class Sheet(Declared):
    """A sheet of the register: its title, the prefix of its codes, what makes a row the same row, its columns.

    ``label`` is what a reference to one of its rows shows before the code, with column keys in braces. ``added`` says
    whether people add rows, so that it ends in empty coded ones.
    """

    key: str
    title: str
    prefix: str
    hint: str
    label: str
    identity: tuple[str, ...] = ()
    added: bool = False
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        """Return a column by its key; ``KeyError`` when the sheet has none such."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(f"{self.key}.{key}")


class Layout(Declared):
    """The register: its sheets and the closed lists behind its drop-downs."""

    sheets: tuple[Sheet, ...]
    lists: Mapping[str, tuple[str, ...]]

    def sheet(self, key: str) -> Sheet:
        """Return a sheet by its key; ``KeyError`` when there is none such."""
        for sheet in self.sheets:
            if sheet.key == key:
                return sheet
        raise KeyError(key)

    def of_code(self, code: str) -> Sheet | None:
        """Return the sheet whose rows bear codes of this prefix, ``None`` when the text is no code of ours."""
        prefix = code.rpartition("-")[0]
        return next((sheet for sheet in self.sheets if sheet.prefix == prefix), None)


class Official(Declared):
    """A person who signs or is named in orders, as the organisation's papers print it."""

    surname: str
    name: str
    patronymic: str = ""
    sex: Literal["м", "ж"]
    post: str


class Organisation(Declared):
    """Whose papers these are."""

    founder: str
    full_name: str
    short_name: str
    place: str
    address: str
    inn: str = ""
    ogrn: str = ""
    site: str = ""
    director: Official
    curator: Official
    signers: tuple[Official, ...] = ()
    executor: str = ""
    regulation: str
    regulation_order: str

    def signer(self, label: str) -> Official:
        """Return the official whose post and surname make up ``label`` («Директор Иванова»), else the director."""
        named = (one for one in self.signers if answers.signer_label(one.post, one.surname) == label)
        return next(named, self.director)

    def signer_labels(self) -> tuple[str, ...]:
        """Return the labels offered in «Подписывает», the director first."""
        return tuple(answers.signer_label(one.post, one.surname) for one in (self.director, *self.signers))


class Demand(Declared):
    """Which consents a pair needs of one of its sides before an order (regulation 6.2, 6.3.5)."""

    mentor: tuple[str, ...]
    mentee: tuple[str, ...]


class Policy(Declared):
    """What the organisation decided about its own procedure."""

    year_turns: str
    order_demands: Demand
    consent_warning_days: int = 30
    programme_months_least: int = 3
    programme_months_most: int = 12
    one_meeting_kinds: tuple[str, ...] = ()
    group_kind: str = ""
    roadmap_responsible: bool = False
    empty_rows: int = 20
    settle_seconds: float = 2.0
    poll_seconds: float = 5.0
    page_days: int = 30

    def year_of(self, day: date) -> str:
        """Return the school year («2026-2027») that a form received on ``day`` belongs to."""
        month, turn = (int(part) for part in self.year_turns.split("-"))
        start = day.year if (day.month, day.day) >= (month, turn) else day.year - 1
        return f"{start}-{start + 1}"


class Area(Declared):
    """A professional field, the same in the mentee's and the mentor's questionnaire."""

    key: str
    title: str


class Activity(Declared):
    """An activity offered for a difficulty of a professional field."""

    key: str
    area: str
    activity: str
    form: str
    after_weeks: int
    responsible: str
    result: str
    level: int = 1


class Activities(Declared):
    """The coded professional fields and the activities that answer difficulties in them."""

    areas: tuple[Area, ...]
    activities: tuple[Activity, ...]
    always: tuple[Activity, ...] = ()


class Stage(Declared):
    """A stage of the roadmap (regulation, Appendix 1)."""

    key: str
    title: str
    duration: str
    content: tuple[str, ...]
    documents: tuple[str, ...]
    responsible: str = ""


class Roadmap(Declared):
    """The year's roadmap; ``{start}`` and ``{end}`` in it are the calendar years, ``{short}`` the organisation."""

    stages: tuple[Stage, ...]


class Field(Declared):
    """A question of a form. ``column`` is where the answer goes: ``sheet.column``."""

    key: str
    caption: str
    column: str
    kind: Kind = "text"
    options: tuple[str, ...] = ()
    required: bool = False
    none_words: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    longest: int = 500
    hint: str = ""
    each: Literal["", "areas"] = ""
    section: str = ""


class Form(Declared):
    """A form that people fill: questionnaire, consent, registration, application.

    ``sheet`` is the register sheet whose row it fills, ``sets`` the cells of that row which the form itself fixes,
    ``person`` whether it opens with the person block, ``prefilled`` the answers that the program writes in beforehand
    (such a form is made beside a document, not offered among the blanks).
    """

    name: str
    version: int
    title: str
    file_name: str
    sheet: str
    person: bool = True
    sets: Mapping[str, str] = {}
    prefilled: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    fields: tuple[Field, ...]


class Document(Declared):
    """A kind of document: of which sheet's rows it is a rendering, when it is due, how its file is called.

    ``when`` maps a column to the values (any of them) under which the document exists; ``draft_when`` those under which
    it bears «ПРОЕКТ»; ``folder`` and ``file_name`` may name cells of the row in braces; ``beside`` is the form made
    beside the clean edition; ``per`` names a reference column of a listed sheet when one file a referring row is made.
    """

    name: str
    title: str
    sheet: str
    when: Mapping[str, tuple[str, ...]]
    draft_when: Mapping[str, tuple[str, ...]] = {}
    folder: str
    file_name: str
    beside: str = ""
    frozen_with_row: bool = False


@dataclass(frozen=True)
class Catalog:
    """Everything declared, in one value. ``digest`` changes when any of the files does."""

    layout: Layout
    organisation: Organisation
    policy: Policy
    activities: Activities
    roadmap: Roadmap
    words: Mapping[str, Mapping[str, str]]
    forms: Mapping[str, Form]
    documents: Mapping[str, Document]
    templates: Mapping[str, Path]
    digest: str


def load(root: Path) -> Catalog:
    """Read ``config/`` and ``templates/`` under the workspace ``root``; raise ``SetupMistake`` with every mistake."""
    reader = _Reader(root)
    organisation = reader.one("config/organisation.yaml", Organisation)
    policy = reader.one("config/policy.yaml", Policy)
    activities = reader.one("config/activities.yaml", Activities)
    layout = reader.one("config/register.yaml", Layout)
    roadmap = reader.one("config/roadmap.yaml", Roadmap)
    words = reader.one("config/words.yaml", Words)
    forms = reader.each("templates/forms/*/form.yaml", Form)
    documents = reader.each("templates/documents/*/document.yaml", Document)
    person = reader.one("templates/forms/person.yaml", PersonBlock)
    templates = {name: root / "templates/documents" / name / "template.docx" for name in documents}
    reader.finish()
    assert organisation and policy and activities and layout and roadmap and words and person
    lists = {
        **layout.lists,
        "signers": organisation.signer_labels(),
        "areas": tuple(area.title for area in activities.areas),
    }
    whole = Catalog(
        layout=Layout(sheets=tuple(_expand_sheet(sheet, activities) for sheet in layout.sheets), lists=lists),
        organisation=organisation,
        policy=policy,
        activities=activities,
        roadmap=roadmap,
        words=words.all(),
        forms={name: _expand_form(form, person, activities) for name, form in forms.items()},
        documents=documents,
        templates=templates,
        digest=reader.digest(templates.values()),
    )
    mistakes = _cross_check(whole)
    if mistakes:
        raise SetupMistake(mistakes)
    return whole


class Words(Declared):
    """The organisation's own declensions: nominative → case → form, for names and for posts."""

    names: Mapping[str, Mapping[Literal["gen", "dat", "acc", "ins", "prep"], str]] = {}
    posts: Mapping[str, Mapping[Literal["gen", "dat", "acc", "ins", "prep"], str]] = {}

    def all(self) -> dict[str, dict[str, str]]:
        """Return names and posts together."""
        return {
            word: {str(case): form for case, form in forms.items()}
            for part in (self.names, self.posts)
            for word, forms in part.items()
        }


class PersonBlock(Declared):
    """The questions that open every form about a person."""

    fields: tuple[Field, ...]


def _expand_sheet(sheet: Sheet, activities: Activities) -> Sheet:
    columns: list[Column] = []
    for column in sheet.columns:
        if not column.each:
            columns.append(column)
            continue
        columns.extend(
            column.model_copy(update={"key": f"{column.key}_{area.key}", "title": column.title.format(area=area.title)})
            for area in activities.areas
        )
    return sheet.model_copy(update={"columns": tuple(columns)})


def _expand_form(form: Form, person: PersonBlock, activities: Activities) -> Form:
    fields: list[Field] = list(person.fields) if form.person else []
    for one in form.fields:
        if not one.each:
            fields.append(one)
            continue
        fields.extend(
            one.model_copy(
                update={
                    "key": f"{one.key}_{area.key}",
                    "column": f"{one.column}_{area.key}",
                    "caption": one.caption.format(area=area.title),
                }
            )
            for area in activities.areas
        )
    return form.model_copy(update={"fields": tuple(fields)})


def _cross_check(whole: Catalog) -> list[str]:
    """Find names in one declaration that another does not know."""
    mistakes: list[str] = []
    columns = {f"{sheet.key}.{column.key}" for sheet in whole.layout.sheets for column in sheet.columns}
    sheets = {sheet.key for sheet in whole.layout.sheets}
    for form in whole.forms.values():
        place = f"templates/forms/{form.name}/form.yaml"
        for one in form.fields:
            if one.column not in columns and one.column != f"{form.sheet}.code":
                mistakes.append(setup.unknown_name(place, one.column, nearest(one.column, columns)))
    for document in whole.documents.values():
        place = f"templates/documents/{document.name}/document.yaml"
        if document.sheet not in sheets:
            mistakes.append(setup.unknown_name(place, document.sheet, nearest(document.sheet, sheets)))
        known = {f"{document.sheet}.{key}" for key in (*document.when, *document.draft_when)}
        mistakes.extend(setup.unknown_name(place, name, nearest(name, columns)) for name in sorted(known - columns))
        if not whole.templates[document.name].is_file():
            mistakes.append(setup.missing_file(f"templates/documents/{document.name}/template.docx"))
    for sheet in whole.layout.sheets:
        for column in sheet.columns:
            if column.list and column.list not in whole.layout.lists:
                mistakes.append(
                    setup.unknown_name(
                        "config/register.yaml", column.list, nearest(column.list, set(whole.layout.lists))
                    )
                )
    return mistakes


def nearest(name: str, known: set[str] | frozenset[str]) -> str:
    """Return the known name most like ``name``, ``""`` when none is near."""
    found = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return found[0] if found else ""


class _Reader:
    """Reads YAML files into declarations and gathers what is wrong with them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.mistakes: list[str] = []
        self.seen: list[tuple[str, bytes]] = []

    def one(self, relative: str, model: type[ModelT]) -> ModelT | None:
        """Read one file; note every mistake and return ``None`` when it has any."""
        path = self.root / relative
        if not path.is_file():
            self.mistakes.append(setup.missing_file(relative))
            return None
        data = path.read_bytes()
        self.seen.append((relative, data))
        try:
            text = data.decode("utf-8-sig")
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            plain = yaml.safe_load(text)
        except UnicodeDecodeError:
            self.mistakes.append(setup.not_utf8(relative))
            return None
        except yaml.MarkedYAMLError as problem:
            line = problem.problem_mark.line + 1 if problem.problem_mark else 1
            self.mistakes.append(setup.broken_yaml(relative, line))
            return None
        self.mistakes.extend(_twice(relative, node))
        try:
            return model.model_validate(plain if plain is not None else {})
        except pydantic.ValidationError as problem:
            self.mistakes.extend(_explain(relative, node, model, error) for error in problem.errors())
            return None

    def each(self, pattern: str, model: type[ModelT]) -> dict[str, ModelT]:
        """Read the file of every folder that matches; the folder's name must be the declaration's own."""
        found: dict[str, ModelT] = {}
        for path in sorted(self.root.glob(pattern)):
            relative = path.relative_to(self.root).as_posix()
            one = self.one(relative, model)
            if one is None:
                continue
            name = str(getattr(one, "name", ""))
            if name != path.parent.name:
                self.mistakes.append(setup.wrong_folder(relative, name, path.parent.name))
            found[name] = one
        return found

    def finish(self) -> None:
        """Raise everything found so far."""
        if self.mistakes:
            raise SetupMistake(self.mistakes)

    def digest(self, more: Any) -> str:
        """Return a hash of all files read and of the files ``more``."""
        sha = hashlib.sha256()
        for relative, data in self.seen:
            sha.update(relative.encode() + b"\0" + data)
        for path in sorted(more):
            sha.update(path.name.encode() + (path.read_bytes() if path.is_file() else b""))
        return sha.hexdigest()


def _twice(relative: str, node: yaml.Node | None) -> list[str]:
    """Find keys written twice in one mapping; YAML itself would keep the last in silence."""
    mistakes: list[str] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                mistakes.append(setup.key_twice(relative, key.start_mark.line + 1, str(key.value)))
            seen.add(key.value)
            mistakes.extend(_twice(relative, value))
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            mistakes.extend(_twice(relative, value))
    return mistakes


def _explain(relative: str, node: yaml.Node | None, model: type[Declared], error: Any) -> str:
    """Say one validation error with its file, line, key and the nearest known key."""
    where: tuple[str | int, ...] = error["loc"]
    line = _line(node, where)
    key = next((str(part) for part in reversed(where) if isinstance(part, str)), "")
    if error["type"] == "extra_forbidden":
        return setup.unknown_key(relative, line, key, nearest(key, _known_keys(model, where)))
    if error["type"] == "missing":
        return setup.missing_key(relative, line, key)
    return setup.wrong_value(relative, line, key, str(error.get("input", "")), _expected(error))


def _expected(error: Any) -> str:
    return str(error.get("ctx", {}).get("expected", "")).replace(" or ", ", ")


def _line(node: yaml.Node | None, where: tuple[str | int, ...]) -> int:
    """Return the line (from 1) of the deepest part of ``where`` that the file really has."""
    line = node.start_mark.line + 1 if node else 1
    for part in where:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line


def _known_keys(model: type[Declared], where: tuple[str | int, ...]) -> set[str]:
    """Return the keys that the declaration at ``where`` knows."""
    current: Any = model
    for part in where[:-1]:
        if not isinstance(part, str) or not isinstance(current, type) or not issubclass(current, Declared):
            continue
        current = _declared_in(current.model_fields[part].annotation) or current
    return set(current.model_fields)


def _declared_in(annotation: Any) -> type[Declared] | None:
    """Find the declaration class inside an annotation such as ``tuple[Column, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, Declared):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _declared_in(inner)
        if found:
            return found
    return None
