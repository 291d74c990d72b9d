"""Rules about single answers on people: names, birth, contacts. Each takes canonical text and gives it back tidied.

A rule raises ``fields.Unreadable`` with what is wanted. Rules are found by the register column that an answer fills, so
that every form asks for a name in one way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from pipeline.fields import Unreadable, fold
from pipeline.model import DELIBERATELY_EMPTY
from pipeline.wording import intake as say
from pipeline.wording import names

YOUNGEST, OLDEST = 16, 100
"""The age in years between which a date of birth is believed (Labour Code, article 63: work from 16)."""

FIRST_DAY = date(1920, 1, 1)
YEARS_AHEAD = 10
"""Between which days any other date is believed."""

_LETTERS = re.compile(r"[\u0400-\u04ff]+(?:[ '-][\u0400-\u04ff]+)*")
_WORD = re.compile(r"[^\W\d_]+")
_DASHES = re.compile(r"\s*[-‐‑‒–—−]\s*")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")

Rule = Callable[[str, date], str]


def check(column: str, value: str, today: date) -> str:
    """Check an answer (canonical, not blank) to the question behind ``column`` (``people.surname``); return it tidied.

    Raises ``Unreadable`` saying what is wanted. Columns without a rule of their own take anything.
    """
    rule = _RULES.get(column)
    return rule(value, today) if rule else value


def check_day(value: str, today: date) -> str:
    """Refuse a date that nobody can mean; return it as it is."""
    last = date(today.year + YEARS_AHEAD, 12, 31)
    if not FIRST_DAY <= date.fromisoformat(value) <= last:
        raise Unreadable(say.want_plausible_day(FIRST_DAY, last))
    return value


def tidy_name(text: str) -> str:
    """Return a part of a name as it is printed: «ИВАНОВ - ПЕТРОВ» → «Иванов-Петров»; mixed case stays as written."""
    text = " ".join(_DASHES.sub("-", re.sub("[’ʼ`´]", "'", text)).split())
    if text in {text.upper(), text.lower()}:
        text = _WORD.sub(_capital, text)
    return text


def _capital(found: re.Match[str]) -> str:
    word = found.group().lower()
    return word if word in names.PATRONYMIC_WORDS else word.capitalize()


def patronymic_sex(text: str) -> str:
    """Return ``names.MAN`` or ``names.WOMAN`` by the ending of a patronymic, ``""`` when it tells nothing."""
    word = (fold(text).split() or [""])[-1]
    if len(word) > 3 and word.endswith(names.MALE_ENDING):
        return names.MAN
    if len(word) > 3 and word.endswith(names.FEMALE_ENDINGS):
        return names.WOMAN
    return names.PATRONYMIC_WORDS.get(word, "")


def contradictions(answers: Mapping[str, str]) -> dict[str, str]:
    """Find answers on one person that cannot both be right: column → sentence part saying what is wanted."""
    sex, name, patronymic = (answers.get(f"people.{key}", "") for key in ("sex", "name", "patronymic"))
    found: dict[str, str] = {}
    told = patronymic_sex(patronymic)
    if sex and told and sex != told:
        found["people.sex"] = say.sex_against_patronymic(patronymic, sex)
    if patronymic_sex(name):
        swapped = patronymic and patronymic != DELIBERATELY_EMPTY and not told
        found["people.name"] = say.swapped_names(patronymic) if swapped else say.want_name_alone()
    return found


def _surname(value: str, _: date) -> str:
    text = _letters_only(value)
    *small, _last = text.split()
    if any(fold(word) not in names.SURNAME_WORDS for word in small):
        raise Unreadable(say.want_surname_alone())
    return text


def _name(value: str, _: date) -> str:
    text = _not_initial(_letters_only(value))
    words = text.split()
    if len(words) > 2 or (len(words) == 2 and patronymic_sex(words[1])):
        raise Unreadable(say.want_name_alone())
    return text


def _patronymic(value: str, _: date) -> str:
    if value == DELIBERATELY_EMPTY:
        return value
    text = _not_initial(_letters_only(value))
    words = text.split()
    if len(words) > 1 and any(_is_russian(word) or fold(word) in names.NONE_WORDS for word in words):
        raise Unreadable(say.want_patronymic_alone())
    return text


def _is_russian(word: str) -> bool:
    """Tell whether a word alone is a patronymic, so that a second word beside it is no part of it."""
    return bool(patronymic_sex(word)) and fold(word) not in names.PATRONYMIC_WORDS


def _letters_only(value: str) -> str:
    if re.fullmatch(r"(?:[\u0400-\u04ff]\.\s*)+", value):
        raise Unreadable(say.want_full_name())
    text = tidy_name(value)
    if latin := dict.fromkeys(re.findall("[A-Za-z]", text)):
        raise Unreadable(say.want_russian("".join(latin)))
    if not _LETTERS.fullmatch(text):
        raise Unreadable(say.want_letters())
    return text


def _not_initial(text: str) -> str:
    if len(text) == 1:
        raise Unreadable(say.want_full_name())
    return text


def _birth(value: str, today: date) -> str:
    born = date.fromisoformat(value)
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not YOUNGEST <= age <= OLDEST:
        raise Unreadable(say.want_birth(YOUNGEST, OLDEST))
    return value


def _phone(value: str, _: date) -> str:
    if sum(char.isdigit() for char in value) < 5:
        raise Unreadable(say.want_phone())
    return value


def _email(value: str, _: date) -> str:
    if not _EMAIL.fullmatch(value):
        raise Unreadable(say.want_email())
    return value


_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "people.surname": _surname,
        "people.name": _name,
        "people.patronymic": _patronymic,
        "people.birth": _birth,
        "people.phone": _phone,
        "people.email": _email,
    }
)
