"""What a cell can hold, and how it stands in a workbook: one meaning in, the same meaning out.

Text is text whatever it begins with; a date is a number whose format says so; a whole number stays an int.
"""

import functools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

Value = str | float | int | date | datetime | bool | None
Kind = Literal["blank", "text", "number", "date", "bool", "error", "formula"]

LONGEST_TEXT = 32_767  # of UTF-16 code units: the limit of the office programs
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d*)", re.ASCII)
_EPOCH = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_FIRST = {False: 61, True: 1}  # before 1 March 1900 the office programs disagree about the day
_DAY = 86_400_000  # milliseconds


class Unwritable(ValueError):
    """A change that no workbook can hold (text too long, not a number, no such sheet); nothing was written."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's meaning. A formula's value is "=" and its text, an error's its name ("#REF!").

    `shown` is what the office program last computed for a formula (None elsewhere); it is no part of equality, because
    the program computes it anew whenever it likes.
    """

    value: Value
    kind: Kind
    shown: Value = field(default=None, compare=False)


@dataclass(frozen=True)
class Grid:
    """A sheet: 1-based row → 1-based column → cell. Blank cells and rows without any value are absent.

    `links` maps (row, column) to a hyperlink in the form that `SetCell.link` takes. Formats, hidden rows are not told.
    """

    title: str
    rows: Mapping[int, Mapping[int, Cell]]
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scroll:
    """A sheet read once, from its top to its end: `rows` as in a `Grid`; `links` are complete when all were read."""

    rows: Iterable[tuple[int, Mapping[int, Cell]]]
    links: Mapping[tuple[int, int], str]


BLANK = Cell(None, "blank")


def cell(value: Value) -> Cell:
    """The cell that a written value reads back as. Raises `Unwritable` for what a workbook cannot hold.

    Empty text is blank; 3.0 is 3; a datetime at midnight is a date, others keep milliseconds; control characters and
    halves of surrogate pairs become U+FFFD, every line end a line feed.
    """
    match value:
        case None | "":
            return BLANK
        case bool():
            return Cell(value, "bool")
        case str():
            return Cell(_text(value), "text")
        case int() | float():
            return Cell(_number(value), "number")
        case _:
            return Cell(_moment(value), "date")


def number(value: float) -> int | float:
    """The number as an int when it is whole and exactly held, else as a float."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def to_serial(value: date, date1904: bool) -> int | float:
    """Days since the workbook's epoch. Raises `Unwritable` before 1 March 1900 (1904 books: 2 January 1904)."""
    days = (date(value.year, value.month, value.day) - _EPOCH[date1904]).days
    if days < _FIRST[date1904]:
        raise Unwritable(value.isoformat())
    if not isinstance(value, datetime):
        return days
    return days + (value - datetime.combine(value, time())) / timedelta(days=1)


def from_serial(serial: float, date1904: bool) -> date | None:
    """The date, or datetime to the millisecond, of a day number; None when it is only a time of day or out of range."""
    days, milliseconds = divmod(round(serial * _DAY), _DAY)
    if not _FIRST[date1904] <= days <= (date.max - _EPOCH[date1904]).days:
        return None
    day = _EPOCH[date1904] + timedelta(days=days)
    return datetime.combine(day, time()) + timedelta(milliseconds=milliseconds) if milliseconds else day


def is_date_format(code: str) -> bool:
    """Whether a number format shows a moment: d, m, y, h or s outside quotes and brackets, and no elapsed time."""
    return not _ELAPSED.search(code) and bool(re.search("[dmyhs]", _QUOTED.sub("", code), re.IGNORECASE))


def letters(column: int) -> str:
    """The letters of a 1-based column: 28 → "AB"."""
    head, last = divmod(column - 1, 26)
    return (letters(head) if head else "") + chr(65 + last)


@functools.lru_cache(maxsize=LAST_COLUMN)
def column_of(text: str) -> int:
    """The 1-based column of its letters: "AB" → 28; 0 when they are no column."""
    if not (0 < len(text) <= 3 and text.isascii() and text.isupper() and text.isalpha()):
        return 0
    result = 0
    for letter in text:
        result = result * 26 + ord(letter) - 64
    return result if result <= LAST_COLUMN else 0


def place(address: str) -> tuple[int, int]:
    """Row and column of an address, with or without dollars: "$B$7" → (7, 2). Raises ValueError."""
    found = _ADDRESS.fullmatch(address)
    if not found or not column_of(found[1]):
        raise ValueError(address)
    return int(found[2]), column_of(found[1])


def _text(value: str) -> str:
    clean = _FORBIDDEN.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise Unwritable(f"text of {len(clean)} characters")
    return clean


def _number(value: float) -> int | float:
    if isinstance(value, int) and abs(value) > 2**53:
        raise Unwritable("a whole number of more than 15 digits")
    if not math.isfinite(value):
        raise Unwritable("not a number")
    return number(float(value))


def _moment(value: date) -> date:
    if isinstance(value, datetime) and value.tzinfo:
        raise Unwritable("a moment with a time zone")
    result = from_serial(to_serial(value, date1904=False), date1904=False)
    if result is None:
        raise Unwritable(value.isoformat())
    return result
