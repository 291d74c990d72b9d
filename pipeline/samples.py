"""Filled sample forms of invented people, for trying the product out and for tests.

Equal arguments make equal files. One person answers alike in all forms; every mentor and every mentee comes with the
consents that the policy demands of that side.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Literal

from pipeline.catalog import Catalog, Field, Form
from pipeline.intake import form_sheet
from pipeline.model import DELIBERATELY_EMPTY, SEPARATOR
from pipeline.office import sheets_make
from pipeline.wording import names
from pipeline.wording import samples as say
from pipeline.wording.answers import YES

Role = Literal["mentor", "mentee"]

_CONSENTS = "consents"
_SHEETS: Mapping[Role, str] = {"mentor": "mentors", "mentee": "mentees"}
_AGES: Mapping[Role, tuple[int, int]] = {"mentor": (38, 62), "mentee": (23, 33)}
_LEFT_OUT = 0.3
"""The share of optional questions that people leave out."""


@dataclass(frozen=True)
class Sample:
    """A filled form: its file name, its bytes (.xlsx), the name of its form, the answers in it by ``sheet.column``."""

    file_name: str
    data: bytes
    form: str
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Person:
    """An invented person: the role they want and their answers to questions about themselves (``people.…``)."""

    role: Role
    answers: Mapping[str, str]


def make(catalog: Catalog, count: int, seed: int, today: date) -> list[Sample]:
    """Make ``count`` filled forms: for each pair of people both questionnaires, then the consents of both."""
    source = random.Random(seed)  # noqa: S311 (nobody's secret)
    people = _people(source, today)
    forms = (sample for pair in _pairs(people) for sample in _of_pair(catalog, pair, source, today))
    return list(islice(forms, count))


def questionnaires(catalog: Catalog, count: int, seed: int, today: date) -> list[Sample]:
    """Make ``count`` filled questionnaires, of a mentor and a mentee in turn."""
    source = random.Random(seed)  # noqa: S311
    people = islice(_people(source, today), count)
    return [_fill(catalog, _questionnaire(catalog, person), person, source, today) for person in people]


def with_mistakes(catalog: Catalog, seed: int, today: date) -> Sample:
    """Make a questionnaire of a mentee with several mistakes of different kinds in it."""
    source = random.Random(f"mistakes {seed}")  # noqa: S311 (another person than those of ``make``)
    person = next(person for person in _people(source, today) if person.role == "mentee")
    form = _questionnaire(catalog, person)
    good = _fill(catalog, form, person, source, today)
    cells = form_sheet.shown(form, good.answers)
    surname, name = person.answers["people.surname"], person.answers["people.name"]
    wrong = {**say.MISTAKEN, "people.surname": f"{surname} {name}", "people.name": ""}
    cells.update({form_sheet.row_key(one): wrong[one.column] or None for one in form.fields if one.column in wrong})
    data = sheets_make.make_form(form_sheet.lay(form, catalog.organisation, cells))
    return Sample(good.file_name, data, form.name, {**good.answers, **wrong})


def _people(source: random.Random, today: date) -> Iterator[Person]:
    """Invent people without end, a mentor and a mentee in turn, no two with the same name."""
    known: set[tuple[str, ...]] = set()
    role: Role = "mentor"
    while True:
        full_name = _name(source)
        if full_name in known:
            continue
        known.add(full_name)
        yield Person(role, _about(full_name, role, source, today))
        role = "mentee" if role == "mentor" else "mentor"


def _name(source: random.Random) -> tuple[str, str, str, str]:
    """Invent surname, name, patronymic and sex."""
    if source.random() < 0.6:
        lists, sex = (say.WOMEN_SURNAMES, say.WOMEN, say.DAUGHTERS), names.WOMAN
    else:
        lists, sex = (say.MEN_SURNAMES, say.MEN, say.SONS), names.MAN
    surname, name, patronymic = (source.choice(words) for words in lists)
    return surname, name, DELIBERATELY_EMPTY if source.random() < 0.03 else patronymic, sex


def _about(full_name: tuple[str, str, str, str], role: Role, source: random.Random, today: date) -> dict[str, str]:
    least, most = _AGES[role]
    born = today - timedelta(days=source.randint(least * 366, most * 365))
    post, department, disciplines = source.choice(say.WORK)
    surname, name, patronymic, sex = full_name
    return {
        "people.surname": surname,
        "people.name": name,
        "people.patronymic": patronymic,
        "people.sex": sex,
        "people.birth": born.isoformat(),
        "people.number": str(source.randint(100, 999)) if source.random() < 0.5 else "",
        "people.post": post,
        "people.department": department,
        "people.phone": f"+7 949 {source.randint(0, 999):03}-{source.randint(0, 99):02}-{source.randint(0, 99):02}",
        "people.email": f"teacher{source.randint(100, 999)}@example.ru",
        f"{_SHEETS[role]}.disciplines": disciplines,
        **_experience(role, born, source, today),
    }


def _experience(role: Role, born: date, source: random.Random, today: date) -> dict[str, str]:
    if role == "mentor":
        return {"mentors.experience": str(today.year - born.year - 24), "mentors.capacity": str(source.randint(1, 3))}
    years = source.randint(0, 2)
    hired = date(today.year - years - (today.month < 9), 9, 1)
    return {"mentees.experience": str(years), "mentees.hired": hired.isoformat(), "mentees.young": YES}


def _pairs(people: Iterator[Person]) -> Iterator[tuple[int, Person, Person]]:
    number = 0
    while True:
        yield number, next(people), next(people)
        number += 1


def _of_pair(
    catalog: Catalog, pair: tuple[int, Person, Person], source: random.Random, today: date
) -> Iterator[Sample]:
    """Fill the forms of one pair; every second mentor also consents to more than is demanded."""
    number, mentor, mentee = pair
    for person in (mentor, mentee):
        yield _fill(catalog, _questionnaire(catalog, person), person, source, today)
    demands = catalog.policy.order_demands
    for person, kinds in ((mentor, demands.mentor), (mentee, demands.mentee)):
        for form in _consents(catalog, kinds):
            yield _fill(catalog, form, person, source, today)
    if number % 2:
        for form in _consents(catalog, set(catalog.layout.lists["consent_kinds"]) - {*demands.mentor}):
            yield _fill(catalog, form, mentor, source, today)


def _questionnaire(catalog: Catalog, person: Person) -> Form:
    return next(form for form in catalog.forms.values() if form.sheet == _SHEETS[person.role] and form.person)


def _consents(catalog: Catalog, kinds: Collection[str]) -> list[Form]:
    """Return the consent forms of certain kinds, in the order in which they are declared."""
    return [form for form in catalog.forms.values() if form.sheet == _CONSENTS and form.sets.get("kind") in kinds]


def _fill(catalog: Catalog, form: Form, person: Person, source: random.Random, today: date) -> Sample:
    answers = {one.column: _answer(one, person, source, today) for one in form.fields}
    name = say.file_name(form.file_name, answers["people.surname"], answers["people.name"])
    return Sample(name, form_sheet.make(form, catalog.organisation, answers), form.name, answers)


def _answer(one: Field, person: Person, source: random.Random, today: date) -> str:
    """Return canonical text: what is known of the person, else something that fits the question."""
    if one.column in person.answers:
        return person.answers[one.column]
    if one.column == f"{_CONSENTS}.answer":
        return one.options[0]
    if not one.required and (one.kind == "date" or source.random() < _LEFT_OUT or one.column not in say.TEXTS):
        return ""
    return _invented(one, source, today)


def _invented(one: Field, source: random.Random, today: date) -> str:
    if one.kind == "choices":
        chosen = source.sample(one.options, source.randint(1, min(3, len(one.options))))
        return SEPARATOR.join(option for option in one.options if option in chosen)
    if one.kind == "choice":
        return source.choice(one.options)
    if one.kind == "date":
        return today.isoformat()
    if one.kind == "number":
        return str(source.randint(math.ceil(one.least or 1), min(4, math.floor(one.most or 4))))
    return source.choice(say.TEXTS.get(one.column, (say.ANYTHING,)))
