"""What ``config/`` and ``templates/`` declare, checked; its errors name file, line, key and nearest key.

Everything that an official paper depends on is declared there, nothing of it stands in code. ``load`` reads it all and
raises one ``SetupMistake`` that holds every mistake found.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from string import Formatter
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
    whether people add rows, so that it ends in empty coded ones. ``removed_as`` are the cells (column key → text) that
    say a row is out; a row that people delete gets them first and stays (an order becomes «Отменён»).
    """

    key: str
    title: str
    prefix: str
    hint: str
    label: str
    identity: tuple[str, ...] = ()
    added: bool = False
    removed_as: Mapping[str, str] = {}
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
    """A person who signs or is named in orders, as the organisation's papers print it.

    ``contact`` (a room, a phone) is printed in memos.
    """

    surname: str
    name: str
    patronymic: str = ""
    sex: Literal["м", "ж"]
    post: str
    contact: str = ""


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
    year_ends: str = "08-31"
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
    patience_minutes: int = 10
    page_days: int = 30

    def year_of(self, day: date) -> str:
        """Return the school year («2026-2027») that a form received on ``day`` belongs to."""
        month, turn = (int(part) for part in self.year_turns.split("-"))
        start = day.year if (day.month, day.day) >= (month, turn) else day.year - 1
        return f"{start}-{start + 1}"

    def end_of(self, year: str) -> date | None:
        """Return the last day of a school year («2026-2027»), ``None`` when the text is no school year."""
        found = re.fullmatch(r"\d{4}-(\d{4})", year)
        month, day = (int(part) for part in self.year_ends.split("-"))
        return date(int(found[1]), month, day) if found else None


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


class Programme(Declared):
    """What the text cells of a programme propose: sentences, each left out when a fact it names is not known."""

    problem: tuple[str, ...] = ()
    goal: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    interim: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    schedule: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


PROGRAMME_FACTS = frozenset(
    {
        *("request", "areas", "difficulties", "strong_sides", "expectations", "competencies", "kinds", "form", "mode"),
        *("hours", "convenient", "start", "end", "middle"),
    }
)
"""The names that the sentences of a programme may use."""

ROADMAP_FACTS = frozenset({"short", "start", "end"})
"""The names that the lines of the roadmap may use."""


class Field(Declared):
    """A question of a form. ``column`` is where the answer goes: ``sheet.column``.

    A closed question without ``options`` offers those of its register column; ``none_words`` are answers that say
    «there is none»; ``least`` and ``most`` bound a number, ``longest`` a text (characters).
    """

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

    ``sheet`` is the register sheet whose row it fills, ``sets`` the cells of that row (column key → canonical text)
    which the form itself fixes, ``person`` whether it opens with the person block, ``prefilled`` the keys of answers
    that the program writes in beforehand (such a form is made beside a document, not offered among the blanks).
    ``file_name`` may name a prefilled answer, ``instructions`` a line of the organisation, in braces.
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

    ``when`` maps a column to the values (any of them) under which the document exists, ``draft_when`` to those under
    which it bears «ПРОЕКТ», ``frozen_when`` to those under which the edition issued last stays for ever. ``needs`` are
    sheets of which some row must refer to this one (an order without pairs is no paper). ``once`` names a column: of
    rows with the same answer there only the first gets the document. ``folder`` (below the outbox) and
    ``file_name`` may name in braces ``{code}``, ``{year}`` (school year), ``{calendar_year}``, ``{draft}`` and cells of
    the row (``{mentor.year}``). ``link`` is the column that shows the file: of the row itself («paper») or of the rows
    of another sheet that refer to it («roadmap.paper»). ``beside`` is the form made beside the clean edition.
    """

    name: str
    title: str
    sheet: str
    when: Mapping[str, tuple[str, ...]]
    draft_when: Mapping[str, tuple[str, ...]] = {}
    frozen_when: Mapping[str, tuple[str, ...]] = {}
    needs: tuple[str, ...] = ()
    once: str = ""
    folder: str
    file_name: str
    link: str = ""
    beside: str = ""


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
    programme: Programme = field(default_factory=Programme)


def load(root: Path) -> Catalog:
    """Read ``config/`` and ``templates/`` under the workspace ``root``; raise ``SetupMistake`` with every mistake."""
    reader = _Reader(root)
    organisation = reader.one("config/organisation.yaml", Organisation)
    policy = reader.one("config/policy.yaml", Policy)
    activities = reader.one("config/activities.yaml", Activities)
    layout = reader.one("config/register.yaml", Layout)
    roadmap = reader.one("config/roadmap.yaml", Roadmap)
    programme = reader.one("config/programme.yaml", Programme)
    words = reader.one("config/words.yaml", Words)
    forms = reader.each("templates/forms/*/form.yaml", Form)
    documents = reader.each("templates/documents/*/document.yaml", Document)
    person = reader.one("templates/forms/person.yaml", PersonBlock)
    templates = {name: root / "templates/documents" / name / "template.docx" for name in documents}
    reader.finish()
    assert organisation and policy and activities and layout and roadmap and programme and words and person
    lists = {
        **layout.lists,
        "signers": organisation.signer_labels(),
        "areas": tuple(area.title for area in activities.areas),
    }
    expanded = Layout(sheets=tuple(_expand_sheet(sheet, activities) for sheet in layout.sheets), lists=lists)
    whole = Catalog(
        layout=expanded,
        organisation=organisation,
        policy=policy,
        activities=activities,
        roadmap=roadmap,
        words=words.plain(),
        forms={name: _close(_expand_form(form, person, activities), expanded) for name, form in forms.items()},
        documents=documents,
        templates=templates,
        digest=reader.digest(templates.values()),
        programme=programme,
    )
    mistakes = _cross_check(whole)
    if mistakes:
        raise SetupMistake(mistakes)
    return whole


class Words(Declared):
    """The organisation's own declensions: nominative of a name, a post or a word of either → case → form."""

    words: Mapping[str, Mapping[Literal["gen", "dat", "acc", "ins", "prep"], str]] = {}

    def plain(self) -> dict[str, dict[str, str]]:
        """Return the words as ordinary text."""
        return {word: {str(case): form for case, form in forms.items()} for word, forms in self.words.items()}


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


def _close(form: Form, layout: Layout) -> Form:
    """Give every closed question without answers of its own the answers of its register column."""
    lists = {
        f"{sheet.key}.{column.key}": layout.lists.get(column.list, ())
        for sheet in layout.sheets
        for column in sheet.columns
    }
    fields = (
        one
        if one.options or one.kind not in {"choice", "choices"}
        else one.model_copy(update={"options": lists.get(one.column, ())})
        for one in form.fields
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
        mistakes.extend(_check_form(form, whole, columns))
    for document in whole.documents.values():
        place = f"templates/documents/{document.name}/document.yaml"
        if document.sheet not in sheets:
            mistakes.append(setup.unknown_name(place, document.sheet, nearest(document.sheet, sheets)))
        keys = (*document.when, *document.draft_when, *document.frozen_when)
        known = {f"{document.sheet}.{key}" for key in keys}
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
    mistakes.extend(_check_texts("config/programme.yaml", whole.programme, PROGRAMME_FACTS))
    mistakes.extend(_check_texts("config/roadmap.yaml", whole.roadmap, ROADMAP_FACTS))
    return mistakes


def _check_texts(place: str, declared: Declared, facts: frozenset[str]) -> list[str]:
    """Find names in braces, anywhere in ``declared``, that are none of ``facts``."""
    quoted = {name for text in _texts(declared.model_dump()) for name in _quoted(text)}
    return [setup.unknown_name(place, name, nearest(name, facts)) for name in sorted(quoted - facts)]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for inner in value.values() for text in _texts(inner))
    elif isinstance(value, Sequence):
        yield from (text for inner in value for text in _texts(inner))


def _check_form(form: Form, whole: Catalog, columns: set[str]) -> list[str]:
    """Find what a form fixes, writes in beforehand or quotes that nobody knows."""
    place = f"templates/forms/{form.name}/form.yaml"
    fixed = {f"{form.sheet}.{key}" for key in form.sets}
    keys = {one.key for one in form.fields}
    quotable = set(Organisation.model_fields)
    quoted = {name for line in form.instructions for name in _quoted(line)}
    unknown = [
        *((name, columns) for name in sorted(fixed - columns)),
        *((name, keys) for name in form.prefilled if name not in keys),
        *((name, set(form.prefilled)) for name in _quoted(form.file_name) if name not in form.prefilled),
        *((name, quotable) for name in sorted(quoted - quotable)),
        *_unknown_answers(form, whole.layout),
    ]
    open_ended = (one for one in form.fields if one.kind in {"choice", "choices"} and not one.options)
    return [
        *(setup.unknown_name(place, name, nearest(name, set(known))) for name, known in unknown),
        *(setup.no_options(place, one.key) for one in open_ended),
    ]


def _quoted(text: str) -> list[str]:
    """Return the names that ``text`` quotes in braces; the text itself when its braces do not match."""
    try:
        return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        return [text]


def _unknown_answers(form: Form, layout: Layout) -> list[tuple[str, set[str]]]:
    """Return each cell the form fixes with an answer its column does not offer, beside the answers offered."""
    if form.sheet not in {sheet.key for sheet in layout.sheets}:
        return [(form.sheet, {sheet.key for sheet in layout.sheets})]
    offered = {column.key: set(layout.lists.get(column.list, ())) for column in layout.sheet(form.sheet).columns}
    return [(value, offered[key]) for key, value in form.sets.items() if offered.get(key) and value not in offered[key]]


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
