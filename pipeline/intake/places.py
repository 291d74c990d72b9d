"""Where on a sheet the answers of a form stand: by the hidden key of the row, else by caption, never by address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline import fields
from pipeline.catalog import Form
from pipeline.fields import CellValue
from pipeline.intake import form_sheet, marks, recognition
from pipeline.office.sheets_read import ErrorCell, Sheet
from pipeline.wording import intake as say

Found = CellValue | ErrorCell
"""What a cell holds as it was read."""

_LONGEST_HEADING = 30


class Cell(NamedTuple):
    """What stands (or should stand) as the answer of a row, and its address («C12»)."""

    value: Found
    address: str


class _Spot(NamedTuple):
    """A row that asks something: its number, and the column after which its answer is looked for (both from 0)."""

    row: int
    after: int


@dataclass(frozen=True)
class _Heads:
    """The columns (from 0) under «Вопрос» and «Ваш ответ»."""

    caption: int
    answer: int


Places = Mapping[str, Sequence[Cell]]
"""Row key → its answer cells on the sheet: one, or several when a person copied the row."""


def find(form: Form, sheet: Sheet) -> Places:
    """Find the answer cells of a form; a row that is not on the sheet is not in the result.

    Keys of rows that the form knows no more (of an older version) are there too.
    """
    heads = _heads(sheet)
    spots = _spots(form, sheet, heads)
    return {key: [_cell(sheet.rows[spot.row], spot, heads) for spot in found] for key, found in spots.items()}


def is_blank(value: Found) -> bool:
    """Tell whether a cell holds nothing; an error is not nothing."""
    if not isinstance(value, str):
        return value is None
    text = value.strip()
    return not text or (not text.isprintable() and not fields.tidy(text))


def address(row: int, column: int) -> str:
    """Return the address («C12») of a cell by its row and column, both from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _heads(sheet: Sheet) -> _Heads | None:
    question, answer = fields.fold(say.QUESTION), fields.fold(say.ANSWER)
    for row in sheet.rows:
        short = {at: text for at, text in enumerate(row) if isinstance(text, str) and 0 < len(text) < _LONGEST_HEADING}
        if len(short) < 2:
            continue
        folded = {fields.fold(text): at for at, text in short.items()}
        if question in folded and folded.get(answer, -1) > folded[question]:
            return _Heads(folded[question], folded[answer])
    return None


def _spots(form: Form, sheet: Sheet, heads: _Heads | None) -> dict[str, list[_Spot]]:
    """Find the rows that ask: by hidden keys first, by captions for what then is missing."""
    spots: dict[str, list[_Spot]] = {}
    keyless: list[int] = []
    for number, row in enumerate(sheet.rows):
        at = next((at for at, value in enumerate(row) if isinstance(value, str) and marks.is_mark(value)), None)
        if at is None:
            keyless.append(number)
        elif marks.is_row(key := str(row[at]).strip()):
            spots.setdefault(key, []).append(_Spot(number, _caption_column(row, at, heads)))
    rows = (row for one in form.fields for row in recognition.rows_of(one))
    missing = {recognition.fold(caption): key for key, caption in rows if key not in spots}
    for number in keyless if missing else ():
        found = _caption(missing, sheet.rows[number])
        if found:
            spots.setdefault(found[0], []).append(_Spot(number, found[1]))
    return spots


def _caption_column(row: Sequence[Found], key_column: int, heads: _Heads | None) -> int:
    if heads and heads.caption > key_column:
        return heads.caption
    return next((at for at in range(key_column + 1, len(row)) if not is_blank(row[at])), key_column)


def _caption(missing: Mapping[str, str], row: Sequence[Found]) -> tuple[str, int] | None:
    """Return the key and the column of the first caption of ``missing`` in a row."""
    for at, value in enumerate(row):
        if isinstance(value, str) and (key := missing.get(recognition.fold(value))):
            return key, at
    return None


def _is_hint(value: Found) -> bool:
    return isinstance(value, str) and value.lstrip().startswith(form_sheet.HINT_SIGN.strip())


def _cell(row: Sequence[Found], spot: _Spot, heads: _Heads | None) -> Cell:
    """Return the answer of a row: under «Ваш ответ», else the first cell right of the caption that is not the hint."""
    usual = heads.answer if heads and heads.answer > spot.after else spot.after + 1
    right = range(spot.after + 1, len(row))
    written = [at for at in right if not is_blank(row[at]) and not _is_hint(row[at])]
    at = usual if usual in written or not written else written[0]
    return Cell(row[at] if at in written else None, address(spot.row, at))
