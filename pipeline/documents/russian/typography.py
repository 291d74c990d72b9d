"""Dates, numbers, quotes, dashes and the spaces that must not break (ГОСТ Р 7.0.97, domain.md 2.3-2.4).

What a person typed keeps its words: spaces, quotes and dashes change, and doing it twice is doing it once.
"""

import re
from datetime import date
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date

NBSP = "\u00a0"
HYPHEN = "\N{NON-BREAKING HYPHEN}"
_SPACE = f"[ {NBSP}]"
_MONTHS = "январ|феврал|март|апрел|мая|май|июн|июл|август|сентябр|октябр|ноябр|декабр"
_UNITS = (
    "(?:год|месяц|недел|дн|ден|час|минут|рубл|человек|процент|балл|пар|групп)[а-яё]{0,3}"
    "|лет|гг?|мес|мин|ч|сут|руб|тыс|млн|млрд|чел|шт|экз|%|мм|см|м|км|кг"
)
_LABELS = "п|пп|ст|ч|гл|разд|прил|стр|с|л|табл|рис|каб|ауд|кв|д|корп|оф|тел|г|ул|пр|пер|пос|обл|им"
_INITIAL = "[А-ЯЁ]\\."
_SURNAME = "[А-ЯЁ][а-яё]+"

# Each pattern ends before or begins after the space it holds together.
_JOINTS = tuple(
    re.compile(pattern)
    for pattern in (
        f"(?<=[№§]){_SPACE}+(?=\\S)",
        f"(?<=\\d){_SPACE}+(?=(?:{_MONTHS})[а-яё]*)",
        f"(?:(?<=\\d)|(?<=[а-яё])){_SPACE}+(?=[12]\\d{{3}}{_SPACE}+(?:год[ау]?|г\\.))",
        f"(?<=\\d){_SPACE}+(?=(?:{_UNITS})(?![а-яё]))",
        f"(?<=\\d){_SPACE}+(?=\\d{{3}}(?!\\d))",
        f"(?<=\\b[А-ЯЁ]\\.){_SPACE}+(?={_INITIAL}|{_SURNAME})",
        f"{_SPACE}+(?=[–—]{_SPACE})",
    )
)
_OPENING_QUOTE = re.compile(r'(?:(?<=[\s(«„/])|^)["“](?=\S)')
_QUOTES = re.compile('["“”]')
_LONE_HYPHEN = re.compile(f"(?<={_SPACE})[-—](?={_SPACE})")
_TIMES = re.compile(r"(?<=\d:\d\d) ?- ?(?=\d\d?:\d\d)")
_SPACES = re.compile(r" {2,}|\t+")
_CAPITAL = re.compile(r"[А-ЯЁ](?=[а-яё]*(?![А-ЯЁа-яё.]))")
_LABELLED = re.compile(f"\\b((?:{_LABELS})\\.){_SPACE}+(?=[\\dА-ЯЁ])")
_NUMBER = re.compile(f"№{_SPACE}?\\w[\\w/.]*(?:-[\\w/.]+)+")
_SURNAME_FIRST = re.compile(f"({_SURNAME}){_SPACE}+(?={_INITIAL}{_SPACE}*{_INITIAL})")


@lru_cache(maxsize=4096)
def day(value: date) -> str:
    """Give a date as words: «5 ноября 2026 г.», no leading zero, unbreakable."""
    return format_date(value, "d MMMM y 'г'.", locale="ru").replace(" ", NBSP)


@lru_cache(maxsize=4096)
def day_digits(value: date) -> str:
    """Give a date as digits: 05.11.2026."""
    return f"{value.day:02}.{value.month:02}.{value.year:04}"


def number_sign(number: str) -> str:
    """Give «№ 57-од» with an unbreakable space; a sign that the person typed herself is not doubled."""
    bare = re.sub(r"^[\s№]+|\s+$", "", number)
    return f"№{NBSP}{bare}"


@lru_cache(maxsize=4096)
def plural(count: int, one: str, few: str, many: str) -> str:
    """Give a count with its noun: 1 «пара», 3 «пары», 5 «пар», joined unbreakably."""
    noun = {"one": one, "few": few}.get(_russian().plural_form(abs(count)), many)
    return f"{count}{NBSP}{noun}"


def keep_together(text: str) -> str:
    """Make unbreakable what a line must not end at: № 57-од, М. П. Иванова, 5 ноября 2026 г., ст. 9, dashes."""
    for joint in _JOINTS:
        text = joint.sub(NBSP, text)
    text = _NUMBER.sub(lambda found: found.group().replace("-", HYPHEN), text)
    return _SURNAME_FIRST.sub(rf"\1{NBSP}", _LABELLED.sub(rf"\1{NBSP}", text))


def typeset(text: str) -> str:
    """Give typed text the marks of print: «…» for straight quotes, dashes for lone hyphens, single spaces."""
    text = _TIMES.sub("–", _LONE_HYPHEN.sub("–", _SPACES.sub(" ", text)))
    if len(_QUOTES.findall(text)) % 2 or "„" in text:
        return text
    return _QUOTES.sub("»", _OPENING_QUOTE.sub("«", text))


def within_sentence(text: str) -> str:
    """Give a text as a part of a sentence: its first letter small, but for an abbreviation or an initial."""
    return text[0].lower() + text[1:] if _CAPITAL.match(text) else text


@cache
def _russian() -> Locale:
    return Locale("ru")
