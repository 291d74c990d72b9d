"""A form as plain data → a blank workbook that a person fills on a computer or a phone.

The promise: a closed answer is a drop-down that refuses anything else, captions are protected and answer cells are not,
every row bears its key in a hidden column, and equal data make equal bytes.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

Kind = Literal["text", "long", "date", "number", "choice"]
Value = str | float | int | date | datetime | bool | None

KEY, CAPTION, ANSWER, HINT = 1, 2, 3, 4
"""The columns of a form, from 1: the hidden key, the caption, the answer, the hint."""

ANSWER_COLOUR = "FFFFFDE7"
"""The fill of a cell to write in."""

_WIDTHS = {KEY: 4, CAPTION: 34, ANSWER: 32, HINT: 40}
_LINE = 15.0
_FONT = "Calibri"
_MOST_HEIGHT = 400.0
_DAY_FORMAT = "DD.MM.YYYY"
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_INLINE_LIST = 255
_MADE = datetime(2026, 1, 1)  # noqa: DTZ001 (a workbook keeps its times without a zone)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_EDGE = Side(style="thin", color="FFB0B0B0")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


@dataclass(frozen=True)
class FormRow:
    """One row to answer in.

    ``key`` goes into the hidden column; ``section`` heads the row when it differs from the row before, ``group`` stands
    above several rows of one question; ``options`` are the closed answers of kind ``choice``; ``value`` is what the
    answer cell holds beforehand; ``locked`` forbids to change it; ``refusal`` is said when a wrong answer is typed;
    ``least``/``most`` bound a number, ``longest`` a text.
    """

    key: str
    caption: str
    kind: Kind = "text"
    options: tuple[str, ...] = ()
    hint: str = ""
    section: str = ""
    group: str = ""
    value: Value = None
    locked: bool = False
    refusal: str = ""
    least: float | None = None
    most: float | None = None
    longest: int = 0


@dataclass(frozen=True)
class FormSheet:
    """A whole form. ``mark`` goes into A1; ``note_key`` marks the hidden row kept for the list of mistakes.

    ``names`` are the names of the form's sheet and of the hidden sheet of lists, ``headings`` those of the three
    visible columns, ``refusal_title`` heads the message of a refused answer.
    """

    mark: str
    note_key: str
    title: str
    instructions: tuple[str, ...]
    rows: tuple[FormRow, ...]
    names: tuple[str, str]
    headings: tuple[str, str, str]
    refusal_title: str = ""


@dataclass
class _Sheet:
    """The sheet being made: its next free row, the validations made so far, the hidden lists."""

    form: FormSheet
    book: Workbook
    page: Worksheet
    at: int = 1
    validations: dict[tuple[object, ...], DataValidation] = field(default_factory=dict)
    lists: dict[tuple[str, ...], str] = field(default_factory=dict)


@lru_cache(maxsize=64)
def make_form(form: FormSheet) -> bytes:
    """Make the workbook (.xlsx) of a form; equal forms make equal bytes."""
    sheet = _lay(form)
    buffer = io.BytesIO()
    sheet.book.save(buffer)
    return settle(buffer.getvalue())


def places(form: FormSheet) -> Mapping[str, str]:
    """Return where ``make_form`` puts the answer of each row: key → address such as ``C12``."""
    letter = get_column_letter(ANSWER)
    return {part.key: f"{letter}{number}" for number, part in _plan(form) if isinstance(part, FormRow)}


@dataclass(frozen=True)
class _Band:
    """A heading across the form; ``fill`` and ``size`` as openpyxl takes them."""

    text: str
    fill: str
    size: int


def _plan(form: FormSheet) -> Iterator[tuple[int, _Band | FormRow]]:
    """Number what stands below title, note, instructions and headings: bands and rows to answer in."""
    parts: list[_Band | FormRow] = []
    section = group = ""
    for row in form.rows:
        if row.section not in {section, ""}:
            parts.append(_Band(row.section, "FFCFD8DC", 12))
        if row.group not in {group, ""}:
            parts.append(_Band(row.group, "FFECEFF1", 11))
        section, group = row.section, row.group
        parts.append(row)
    return enumerate(parts, 4 + len(form.instructions))


def _lay(form: FormSheet) -> _Sheet:
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    sheet = _Sheet(form, book, page)
    page.title = form.names[0]
    _lay_head(sheet)
    _lay_rows(sheet)
    _set_up(sheet)
    return sheet


def _lay_head(sheet: _Sheet) -> None:
    form, page = sheet.form, sheet.page
    page.cell(1, KEY, form.mark)
    _lay_band(sheet, form.title, Font(_FONT, 16, bold=True))
    page.cell(2, KEY, form.note_key)
    _lay_band(sheet, "", Font(_FONT, bold=True, color="FFB71C1C"))
    page.row_dimensions[2].hidden = True
    for line in form.instructions:
        _lay_band(sheet, line, Font(_FONT, 10, color="FF424242"))
    for column, heading in zip((CAPTION, ANSWER, HINT), form.headings, strict=True):
        cell = page.cell(sheet.at, column, heading)
        cell.font = Font(_FONT, bold=True, color="FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor="FF37474F")
    sheet.at += 1


def _lay_band(sheet: _Sheet, text: str, font: Font, fill: str = "") -> None:
    """Lay a line of text across the three visible columns, high enough to be read."""
    cell = sheet.page.cell(sheet.at, CAPTION, text or None)
    cell.font = font
    cell.alignment = Alignment(wrap_text=True, vertical="center" if fill else "top")
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)
    sheet.page.merge_cells(start_row=sheet.at, end_row=sheet.at, start_column=CAPTION, end_column=HINT)
    sheet.page.row_dimensions[sheet.at].height = band_height(text, float(font.size or 11))
    sheet.at += 1


def band_height(text: str, size: float = 11) -> float:
    """Return the height (points) at which ``text`` of a font ``size`` fits across a form."""
    width = (_WIDTHS[CAPTION] + _WIDTHS[ANSWER] + _WIDTHS[HINT]) * 0.95 * 11 / size
    return min(_MOST_HEIGHT, _lines(text, width) * _LINE * size / 11 + 6)


def _lay_rows(sheet: _Sheet) -> None:
    for number, part in _plan(sheet.form):
        assert number == sheet.at
        if isinstance(part, _Band):
            _lay_band(sheet, part.text, Font(_FONT, part.size, bold=True), part.fill)
        else:
            _lay_row(sheet, part)


def _lay_row(sheet: _Sheet, row: FormRow) -> None:
    page, at = sheet.page, sheet.at
    page.cell(at, KEY, row.key)
    caption = page.cell(at, CAPTION, row.caption)
    caption.alignment = Alignment(wrap_text=True, vertical="center", indent=1 if row.group else 0)
    hint = page.cell(at, HINT, row.hint or None)
    hint.alignment = Alignment(wrap_text=True, vertical="center")
    hint.font = Font(_FONT, 10, italic=True, color="FF616161")
    answer = page.cell(at, ANSWER)
    answer.value = row.value
    if isinstance(row.value, str):
        answer.data_type = "s"  # what a person wrote is never a formula
    answer.number_format = {"date": _DAY_FORMAT, "text": "@"}.get(row.kind, "General")
    answer.font = Font(_FONT, 11)
    caption.font = Font(_FONT, 11)
    answer.alignment = Alignment(wrap_text=True, vertical="center", horizontal="left")
    if not row.locked:
        answer.fill = PatternFill("solid", fgColor=ANSWER_COLOUR)
        answer.protection = Protection(locked=False)
    for cell in (caption, answer, hint):
        cell.border = _BOX
    page.row_dimensions[at].height = _row_height(row)
    _refuse_others(sheet, row)
    sheet.at += 1


def _row_height(row: FormRow) -> float:
    """Return the height (points) at which a row shows all its text; a long answer gets at least four lines.

    Office programs do not fit the rows of a file made elsewhere by themselves.
    """
    texts = ((row.caption, CAPTION), (row.hint, HINT), (str(row.value or ""), ANSWER))
    lines = max(_lines(text, _WIDTHS[column] * 0.9) for text, column in texts)
    return min(_MOST_HEIGHT, max(4 if row.kind == "long" else 1, lines) * _LINE + 6)


def _lines(text: str, width: float) -> int:
    """Return how many lines ``text`` takes in a column of ``width`` characters."""
    return sum(max(1, math.ceil(len(line) / width)) for line in text.split("\n"))


def _refuse_others(sheet: _Sheet, row: FormRow) -> None:
    """Make the answer cell refuse what its kind does not take."""
    sort = (row.kind, row.options, row.least, row.most, row.longest, row.refusal)
    if sort not in sheet.validations:
        made = _validation(sheet, row)
        if made is None:
            return
        made.showErrorMessage = True
        made.errorStyle = "stop"
        made.errorTitle = sheet.form.refusal_title[:31]
        made.error = row.refusal[:224]
        sheet.page.add_data_validation(made)
        sheet.validations[sort] = made
    sheet.validations[sort].add(sheet.page.cell(sheet.at, ANSWER))


def _validation(sheet: _Sheet, row: FormRow) -> DataValidation | None:
    if row.kind == "choice":
        return DataValidation("list", formula1=_list_formula(sheet, row.options), allow_blank=True)
    if row.kind == "date":
        bounds = (str((day - date(1899, 12, 30)).days) for day in (_FIRST_DAY, _LAST_DAY))
        return _between("date", *bounds)
    if row.kind == "number":
        least, most = (-1e12 if row.least is None else row.least), (1e12 if row.most is None else row.most)
        return _between("decimal", f"{least:g}", f"{most:g}")
    if row.longest:
        return _between("textLength", "0", str(row.longest))
    return None


def _between(sort: Literal["date", "decimal", "textLength"], least: str, most: str) -> DataValidation:
    return DataValidation(sort, operator="between", formula1=least, formula2=most, allow_blank=True)


def _list_formula(sheet: _Sheet, options: tuple[str, ...]) -> str:
    """Return the formula of a drop-down: the answers themselves, or a range of the hidden sheet when they do not fit.

    ECMA-376 18.3.1.32: a list within the formula is parted by commas; Excel takes 255 characters of it.
    """
    inline = f'"{",".join(options)}"'
    if len(inline) <= _INLINE_LIST and not any(mark in option for option in options for mark in ',"'):
        return inline
    if options not in sheet.lists:
        sheet.lists[options] = _lay_list(sheet, options)
    return sheet.lists[options]


def _lay_list(sheet: _Sheet, options: tuple[str, ...]) -> str:
    name = sheet.form.names[1]
    lists = sheet.book[name] if name in sheet.book.sheetnames else sheet.book.create_sheet(name)
    lists.sheet_state = "hidden"
    column = len(sheet.lists) + 1
    for number, option in enumerate(options, 1):
        lists.cell(number, column, option)
    letter = get_column_letter(column)
    return f"'{name}'!${letter}$1:${letter}${len(options)}"


def _set_up(sheet: _Sheet) -> None:
    """Protect the captions, hide the keys, set widths and the printed page, open at the first answer."""
    page = sheet.page
    for column, width in _WIDTHS.items():
        page.column_dimensions[get_column_letter(column)].width = width
    page.column_dimensions[get_column_letter(KEY)].hidden = True
    page.protection.sheet = True
    page.protection.formatColumns = False
    page.protection.formatRows = False
    page.sheet_view.showGridLines = False
    where = places(sheet.form)
    first = next((where[row.key] for row in sheet.form.rows if not row.locked), "B1")
    page.sheet_view.selection[0].activeCell = first
    page.sheet_view.selection[0].sqref = first
    page.page_setup.orientation = "portrait"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_area = f"B1:{get_column_letter(HINT)}{sheet.at - 1}"
    page.page_margins.left, page.page_margins.right = 0.6, 0.4
    sheet.book.properties.creator = ""
    sheet.book.properties.title = sheet.form.title
    sheet.book.properties.language = "ru-RU"
    sheet.book.properties.created = _MADE


_NUMBERED = re.compile(rb"&#(1[0-2]\d\d|8[0-4]\d\d);")
"""Russian letters, dashes, arrows and the number sign, as XML numbers them."""


def settle(data: bytes) -> bytes:
    """Take the time of making out of a workbook's bytes, so that equal forms are equal files; write letters as letters.

    openpyxl writes every Russian letter as a number («&#1040;»): twice the bytes, and the time to read them again.
    """
    settled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as taken:
        for member in given.infolist():
            content = given.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-01-01T00:00:00Z", content)
            content = _NUMBERED.sub(lambda found: chr(int(found[1])).encode(), content)
            entry = zipfile.ZipInfo(member.filename, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            taken.writestr(entry, content)
    return settled.getvalue()
