"""The filters of our templates: people and posts in the case a sentence needs, dates, numbers, plurals.

``{{ curator|post("dat") }}``, ``{{ row.start|day }}``. An empty cell goes through every filter and is reported once. A
filter used on what it cannot take is a mistake of the template, not of the register.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from pipeline import tokens
from pipeline.documents import russian
from pipeline.documents.context import Doubt, Someone, rows_of, someone, together
from pipeline.documents.russian import NBSP, Case, Inflected, Name, UndecidedSex
from pipeline.documents.values import Blank, Number, Place
from pipeline.office import square as qr
from pipeline.office import word
from pipeline.wording import documents as say

_CASES = tuple(case.value for case in Case)
_TEAM_WORDINGS = 5
_SQUARE = 25.0
"""Millimetres: what scanners still read at 100 dpi."""


def _misused(name: str) -> word.TemplateMistake:
    return word.TemplateMistake([word.Problem("misused", f"|{name}")])


@lru_cache(maxsize=256)
def _case(name: str, case: str) -> Case:
    if case not in _CASES:
        raise word.TemplateMistake([word.Problem("syntax", f'|{name}("{case}")')])
    return Case(case)


def _person(name: str, value: object) -> Someone | None:
    """Return the person of whom ``|name`` prints something, ``None`` for an empty cell; any other is a mistake."""
    person = someone(value)
    if person is None and not isinstance(value, Blank):
        raise _misused(name)
    return person


def _named(person: Someone) -> Someone:
    """Return the person; a surname or name that is empty is reported."""
    for key, text in (("surname", person.name.surname), ("name", person.name.given)):
        if not text:
            person.reading.report(person.where[key])
    return person


def _declined(person: Someone, what: Literal["name", "short"], case: Case) -> str:
    """Print a form of a name: marked and noted when in doubt; an undecided sex is reported."""
    try:
        form = person.reading.book.form(what, person.name, case)
        _named(person)
    except UndecidedSex:
        place = person.where["sex"]
        person.reading.report(Place(place.sheet, place.code, place.column, "sex"))
        return ""
    return word.sourced(_sure(person, form, "name") if form.doubt else together(form.text), person.named)


def _sure(person: Someone, form: Inflected, kind: Literal["name", "post"]) -> str:
    """Mark a doubtful form and note it with all forms of its word."""
    forms = person.reading.book.all_forms(person.name if kind == "name" else person.post)
    by_case = {case.value: one.text for case, one in forms.items() if case is not Case.NOM}
    person.reading.doubtful(Doubt(forms[Case.NOM].text, kind, by_case, form.doubt))
    return word.Marked(together(form.text))


def fio(value: object, case: str = "nom") -> str:
    """Print surname, name and patronymic; of an official known by initials, surname and initials."""
    wanted = _case("fio", case)
    person = _person("fio", value)
    if person is None:
        return str(value)
    return _declined(person, "short" if _is_initial(person.name) else "name", wanted)


def _is_initial(name: Name) -> bool:
    return len(name.given.rstrip(". ")) == 1


def short(value: object, case: str = "nom") -> str:
    """Print surname and initials as in running text: «Иванову М. П.»."""
    wanted = _case("short", case)
    person = _person("short", value)
    return str(value) if person is None else _declined(person, "short", wanted)


def initials(value: object) -> str:
    """Print initials and surname as in a signature: «М. П. Иванова»."""
    person = _person("initials", value)
    if person is None:
        return str(value)
    return word.sourced(person.reading.book.grammar.initials(_named(person).name), person.named)


def post(value: object, case: str = "nom") -> str:
    """Print the post of a person."""
    wanted = _case("post", case)
    person = _person("post", value)
    if person is None:
        return str(value)
    place = person.where["post"]
    if not person.post:
        return str(person.reading.blank(place))
    form = person.reading.book.form("post", person.post, wanted, person.name.sex)
    return word.sourced(_sure(person, form, "post") if form.doubt else together(form.text), (place,))


def day(value: object) -> str:
    """Print a date in words: «5 ноября 2026 г.»."""
    return _of_date("day", value, russian.day)


def digits(value: object) -> str:
    """Print a date in digits: 05.11.2026."""
    return _of_date("digits", value, russian.day_digits)


def _of_date(name: str, value: object, say: Callable[[date], str]) -> str:
    if isinstance(value, date):
        return word.sourced(say(value), word.origins_of(value))
    if isinstance(value, Blank):
        return str(value)
    raise _misused(name)


def number(value: object) -> str:
    """Print the number of a paper with its sign: «№ 57-од», all on one line."""
    if isinstance(value, Blank):
        return str(value)
    return _like(value, russian.keep_together(russian.number_sign(str(value))))


def plural(value: object, one: str, few: str, many: str) -> str:
    """Print a count with its noun: «1 год», «2 года», «5 лет»; a fraction takes the second form: «1,5 года»."""
    if isinstance(value, Blank):
        return str(value)
    if not isinstance(value, int | float):
        raise _misused("plural")
    if float(value).is_integer():
        return _like(value, russian.plural(int(value), one, few, many))
    return _like(value, f"{Number(value)}{NBSP}{few}")


def lines(value: object) -> list[str]:
    """Give the lines of a long text, for paragraphs of their own."""
    return [_like(value, line.strip()) for line in str(value).split("\n") if line.strip()]


def _like(value: object, text: str) -> str:
    """Return a text that came from where ``value`` did."""
    return word.sourced(text, word.origins_of(value))


def by_teams(value: object, *words: str) -> str:
    """Print the wording that agrees with pairs and groups: one pair, pairs, one group, groups, or both kinds."""
    if isinstance(value, Blank):
        return str(value)
    if len(words) != _TEAM_WORDINGS or not isinstance(value, list):
        raise _misused("by_teams")
    groups = len([team for team in value if team.group])
    pairs = len(value) - groups
    chosen = 4 if pairs and groups else (2 if groups else 0) + (len(value) > 1)
    return word.sourced(words[chosen], rows_of(value))


def inline(value: object) -> str:
    """Print a text as a part of a sentence: in one line, without the stop at its end."""
    return _like(value, " ".join(str(value).split("\n")).rstrip(" .;,"))


def capital(value: str) -> str:
    """Print a text with its first letter a capital, the rest as it is."""
    text = str(value)
    raised = text[:1].upper() + text[1:]
    return _like(value, word.Marked(raised) if isinstance(value, word.Marked) else raised)


def small(value: object) -> str:
    """Print a text as a part of a sentence: its first letter small, unless it is an abbreviation."""
    return _like(value, russian.within_sentence(str(value)))


def square(value: object) -> object:
    """Print the square code of a sheet, 25 mm wide, by which its scan is known again."""
    if isinstance(value, Blank):
        return str(value)
    token = tokens.read(str(value))
    if not token:
        raise _misused("square")
    png, wider = qr.png(tokens.content(token))
    return word.Picture(png, _SQUARE * wider, say.square_code(str(value)))


FILTERS: Mapping[str, Callable[..., Any]] = {
    "fio": fio,
    "short": short,
    "initials": initials,
    "post": post,
    "day": day,
    "digits": digits,
    "number": number,
    "plural": plural,
    "lines": lines,
    "inline": inline,
    "by_teams": by_teams,
    "capital": capital,
    "small": small,
    "square": square,
}
