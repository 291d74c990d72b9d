"""What the files of ``config/`` and ``templates/`` may say: one frozen class a kind of declaration.

The docstring of a class explains its keys to the person who edits the file. Unknown keys are mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal

import pydantic

from pipeline.wording import answers

Kind = Literal["text", "long", "date", "number", "choice", "choices", "ref", "link"]
Owner = Literal["form", "curator", "program"]


_DAY = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
"""A day of the year as month and day: «06-01»."""


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


class AgreementTerms(Declared):
    """What an additional agreement with a mentor proposes (Labour code, article 351.8); empty texts are hers to fill.

    ``needed`` says whether every mentor of a pair gets one; ``notice_days`` are the working days of a warning.
    """

    needed: bool = True
    content: str = ""
    form: str = ""
    pay: str = ""
    notice_days: int = 3


class Policy(Declared):
    """What the organisation decided about its own procedure."""

    year_turns: str = pydantic.Field(pattern=_DAY)
    year_ends: str = pydantic.Field("08-31", pattern=_DAY)
    order_demands: Demand
    consent_offers: tuple[str, ...] = ()
    consent_warning_days: int = 30
    confirm_signature: tuple[str, ...] | None = None
    programme_months_least: int = 3
    programme_months_most: int = 12
    one_meeting_kinds: tuple[str, ...] = ()
    group_kind: str = ""
    roadmap_responsible: bool = False
    pdf: bool = False
    agreement: AgreementTerms = AgreementTerms()
    empty_rows: int = 20
    most_rows: int = pydantic.Field(50_000, gt=0, le=1_000_000)
    settle_seconds: float = 2.0
    poll_seconds: float = 5.0
    patience_minutes: int = 10
    page_days: int = 30
    reserve_megabytes: int = 200

    def confirms(self, kind: str) -> bool:
        """Tell whether a consent of a kind counts only once the curator has confirmed its signature (default: all)."""
        return self.confirm_signature is None or kind in self.confirm_signature

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


class OrderKind(Declared):
    """A kind of order: what «Вид приказа» offers, and what such an order cannot do without.

    ``series`` names the book its number runs in, ``clause`` where the regulation calls for it. ``about`` are the sheets
    whose rows «К чему относится» may name (none: nothing is wanted there), ``needs`` the columns of «Приказы» that
    must be filled before there is a paper. ``begun`` says that the program itself begins such orders, so that a row
    typed by hand is for one signed already. ``effect`` is what the signature does to the pairs it is about: it ends
    them, gives them another mentor, or changes their programme.
    """

    title: str
    series: str
    clause: str
    about: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    begun: bool = False
    effect: Literal["", "ends", "replaces", "changes"] = ""


class OrderKinds(Declared):
    """All kinds of orders, in the order in which they are offered."""

    kinds: tuple[OrderKind, ...]


class ApplicationKind(Declared):
    """A kind of application: what «Вид обращения» offers, and what comes of one.

    ``word`` names such a paper in the basis of an order, ``clause`` where the regulation calls for it. ``by`` are the
    sides of a pair that may hand it in (none: anybody, about no pair), ``whole`` says that it is about a whole group,
    ``single`` that it is about one mentee of a group.
    ``agree`` tells whose agreement it waits for: the other participants', the mentees', or that of the person named.
    ``order`` is the kind of order that a granted one begins, ``gives`` maps columns of that order to those of the
    application (``mentee``: the mentee of the pair). ``notice`` says that it also is a worker's warning under article
    351.8, ``reports`` that it marks activities of the plan as done, ``agrees`` that it agrees to another application.
    """

    title: str
    word: str
    clause: str
    by: tuple[Literal["mentor", "mentee"], ...] = ()
    whole: bool = False
    single: bool = False
    agree: Literal["", "participants", "mentees", "other"] = ""
    order: str = ""
    gives: Mapping[str, str] = {}
    notice: bool = False
    reports: bool = False
    agrees: bool = False


class ApplicationKinds(Declared):
    """All kinds of applications, in the order in which they are offered."""

    kinds: tuple[ApplicationKind, ...]


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

    ``clause`` says which clause of the regulation, or which law, calls for it.
    ``when`` maps a column to the values (any of them) under which the document exists, ``draft_when`` to those under
    which it bears «ПРОЕКТ», ``kept_when`` to those under which it goes on saying what it said but for cells that are
    corrected after signing, ``frozen_when`` to those under which the edition issued last stays for ever. ``needs`` are
    sheets of which some row must refer to this one (an order without pairs is no paper). ``once`` names a column: of
    rows with the same answer there only the first gets the document. ``folder`` (below the outbox) and
    ``file_name`` may name in braces ``{code}``, ``{year}`` (school year), ``{calendar_year}``, ``{draft}`` and cells of
    the row (``{mentor.year}``). ``link`` is the column that shows the file: of the row itself («paper») or of the rows
    of another sheet that refer to it («roadmap.paper»). ``beside`` is the form made beside the clean edition.
    """

    name: str
    title: str
    clause: str = ""
    sheet: str
    when: Mapping[str, tuple[str, ...]]
    draft_when: Mapping[str, tuple[str, ...]] = {}
    kept_when: Mapping[str, tuple[str, ...]] = {}
    frozen_when: Mapping[str, tuple[str, ...]] = {}
    needs: tuple[str, ...] = ()
    once: str = ""
    folder: str
    file_name: str
    link: str = ""
    beside: str = ""


class Words(Declared):
    """The organisation's own declensions: nominative of a name, a post or a word of either → case → form."""

    words: Mapping[str, Mapping[Literal["gen", "dat", "acc", "ins", "prep"], str]] = {}

    def plain(self) -> dict[str, dict[str, str]]:
        """Return the words as ordinary text."""
        return {word: {str(case): form for case, form in forms.items()} for word, forms in self.words.items()}


class PersonBlock(Declared):
    """The questions that open every form about a person."""

    fields: tuple[Field, ...]
