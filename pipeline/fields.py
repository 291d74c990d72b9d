"""Kinds of answers: read a cell into canonical text, show canonical text in a cell. Every ``read`` has its ``show``.

The same kinds serve the forms, the register and the documents, so that a date is understood in one way everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from pipeline.model import DELIBERATELY_EMPTY, SEPARATOR
from pipeline.wording import answers

CellValue = str | float | int | date | datetime | bool | None
"""What an office program keeps in a cell."""

_CODE = re.compile(r"([А-ЯЁ]{1,3}-\d{4,})\s*$")
_MIDNIGHT = r"(?:[T ]0?0:00(?::00)?)?"
_DAY = re.compile(r"^(\d{1,2})\s?[.,/\-]\s?(\d{1,2})\s?[.,/\-]\s?(\d{4})(?:\s*г\.?)?" + _MIDNIGHT + "$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})" + _MIDNIGHT + "$")
_MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
           "декабря")  # fmt: skip
_WORDS_DAY = re.compile(r"^«?(\d{1,2})»?\s+([а-я]+)\s+(\d{4})(?:\s*г\.?)?$")


class Unreadable(ValueError):
    """A cell that cannot be read as its kind; the message is a Russian phrase saying what is wanted."""


def tidy(text: str) -> str:
    """Return text as a person meant it: NFC, control characters gone, runs of spaces made one, ends trimmed.

    Line breaks stay, at most one empty line in a row.
    """
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.replace("\n", "").replace("\u00a0", "").isprintable():
        text = "".join(" " if char in "\t\v\f" else char for char in text if char in "\n\t\v\f" or _harmless(char))
    text = unicodedata.normalize("NFC", text)  # last: a character left out may have stood between a letter and its mark
    lines = [re.sub(r"[ \u00a0\u2007\u202f]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _harmless(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cs", "Cf", "Co", "Cn"} or char == "\u00ad"


def fold(text: str) -> str:
    """Return text for comparing: ё as е, case and all white space aside."""
    return _folded_before(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", tidy(text).casefold().replace("ё", "е")).strip()


_SHORT = 80
_folded_before = lru_cache(maxsize=512)(_folded)
"""Headings, titles and answers are short, few and compared again and again; names are many, so few are kept."""


def read(kind: str, value: CellValue, options: Sequence[str] = ()) -> str:
    """Read one cell as canonical text; raise ``Unreadable`` saying what is wanted.

    ``options`` are the closed answers of kinds ``choice`` and ``choices``.
    """
    if value is None:
        return ""
    if isinstance(value, str) and (plain := tidy(value)) in {"", DELIBERATELY_EMPTY}:
        return plain
    if kind == "date":
        return _read_date(value)
    if kind == "number":
        return _read_number(value)
    if kind == "ref":
        return read_code(_text(value))
    if kind == "choice":
        return _match(_text(value), options)
    if kind == "choices":
        parts = [part for part in re.split(r"[;\n]+", _text(value)) if part.strip()]
        return SEPARATOR.join(dict.fromkeys(_match(part, options) for part in parts))
    return _text(value)


def show(kind: str, value: str) -> CellValue:
    """Turn canonical text into what a cell keeps: a date for a date, a number for a number, else text."""
    if value in {"", DELIBERATELY_EMPTY}:
        return value or None
    try:
        if kind == "date":
            return date.fromisoformat(value)
        if kind == "number":
            number = float(value)
            return int(number) if number.is_integer() else number
    except ValueError:
        return value
    return value


def read_code(text: str) -> str:
    """Return the code that ends a reference («Иванова М. П. · Л-0017» → «Л-0017»), else the text as it is."""
    found = _CODE.search(text)
    return found.group(1) if found else tidy(text)


def _text(value: CellValue) -> str:
    if isinstance(value, bool):
        return answers.YES if value else answers.NO
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return tidy(str(value))


def _read_date(value: CellValue) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        found = _date_in_text(tidy(value).casefold())
        if found:
            return found.isoformat()
    raise Unreadable(answers.want_date())


def _date_in_text(text: str) -> date | None:
    try:
        if found := _DAY.match(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _ISO.match(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if (found := _WORDS_DAY.match(text)) and found[2] in _MONTHS:
            return date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:
        return None
    return None


def _read_number(value: CellValue) -> str:
    if isinstance(value, bool | date | datetime) or value is None:
        raise Unreadable(answers.want_number())
    text = str(value).strip().replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", text):
        raise Unreadable(answers.want_number())
    number = float(text)
    return str(int(number)) if number.is_integer() else str(number)


def _match(text: str, options: Sequence[str]) -> str:
    if text in options:
        return text
    if not options:
        return tidy(text)
    wanted = fold(text)
    for option in options:
        if fold(option) == wanted:
            return option
    raise Unreadable(answers.want_option(options))
