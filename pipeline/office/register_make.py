"""The register workbook, made new: sheets with headings and one blank row each, lists, and the sheet about it.

The promise: everything a person needs to work in it is there before any row is: frozen and explained headings, filters,
drop-downs, colours that tell who writes where, a print set-up. Rows are written afterwards as into any workbook
(``cells``), so making and updating cannot disagree.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

Look = Literal["code", "form", "curator", "program"]
Kind = Literal["text", "long", "date", "number", "link"]
Tone = Literal["good", "waits", "bad", "past"]

ROOM = 10_000
"""How many rows the drop-downs and colours of a new register reach; they grow with the rows beyond that."""


@dataclass(frozen=True)
class Choice:
    """The drop-down of a column: the key of its list, what it does to other answers, and what it says then.

    It refuses them, doubts them (a person may insist), or only offers its own (cells that take several).
    """

    list: str
    manner: Literal["refuses", "doubts", "offers"]
    told: str


@dataclass(frozen=True)
class Heading:
    """A column. ``look`` says who writes in it; ``width`` is in characters; ``tones`` colour cells by what they hold.

    The tone of ``""`` is that of any content.
    """

    title: str
    hint: str
    width: int
    look: Look
    kind: Kind
    choice: Choice | None = None
    tones: Mapping[str, Tone] = field(default_factory=dict)


@dataclass(frozen=True)
class Tab:
    """A sheet of rows; the first column is that of the codes."""

    title: str
    headings: Sequence[Heading]


@dataclass(frozen=True)
class Listed:
    """One list behind drop-downs: its key, its heading on the sheet of lists, its answers."""

    key: str
    title: str
    values: Sequence[str]


@dataclass(frozen=True)
class Lists:
    """The sheet of lists; ``refusal`` heads the message that refuses or doubts an answer."""

    title: str
    lists: Sequence[Listed]
    refusal: str


@dataclass(frozen=True)
class About:
    """The sheet about the workbook.

    ``stamp`` are captions, names of the cells and values; ``legend`` whose colour, what its heading and its cells say.
    """

    title: str
    stamp: Sequence[tuple[str, str, str | int]]
    legend: Sequence[tuple[Look, str, str]]
    lines: Sequence[str]


@dataclass(frozen=True)
class RegisterBook:
    """A whole register without rows. ``footer`` is printed below each page, ``at`` the moment it is made."""

    tabs: Sequence[Tab]
    lists: Lists
    about: About
    footer: str
    at: datetime


_FONT = "Calibri"
_SIZE = 10
_EDGE = Side(style="thin", color="FFD0D0D0")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_TOP = Alignment(vertical="top", wrap_text=True)
_SHORT = Alignment(vertical="top", horizontal="center", wrap_text=True)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_FILLS: Mapping[Look, str] = {"code": "FFF2F2F2", "form": "", "curator": "FFFFF8E1", "program": "FFF2F2F2"}
_HEADS: Mapping[Look, str] = {"code": "FF7F7F7F", "form": "FF1F4E79", "curator": "FFB7791F", "program": "FF7F7F7F"}
_TONES: Mapping[Tone, tuple[str, str]] = {
    "good": ("FFE2F0D9", "FF375623"),
    "waits": ("FFFFE9B8", "FF7F5F00"),
    "bad": ("FFF8CBAD", "FF9C2A00"),
    "past": ("FFE7E6E6", "FF7F7F7F"),
}
_FORMATS: Mapping[Kind, str] = {"text": "@", "long": "General", "date": "DD.MM.YYYY", "number": "General",
                                "link": "General"}  # fmt: skip
_PAGE = 165  # characters of a landscape A4 page that are still read with ease
_LINE = 13.0
_HINT_LINE = 38


class _Row(RowDimension):
    """A row whose height is a proposal: Excel fits it to what is written, LibreOffice takes it as it is."""

    @property
    def customHeight(self) -> bool:  # noqa: N802 (openpyxl's name)
        """Say that nobody fixed the height."""
        return False


def make(book: RegisterBook) -> bytes:
    """Make the workbook (.xlsx)."""
    made = Workbook()
    made.remove(made.worksheets[0])
    sources = {one.key: _source(book.lists, number) for number, one in enumerate(book.lists.lists, 1)}
    for tab in book.tabs:
        page = made.create_sheet(tab.title)
        _head(page, tab)
        _first_row(page, tab)
        _choices(page, tab, sources, book.lists.refusal)
        _tones(page, tab)
        _print_setup(page, book.footer, [heading.width for heading in tab.headings])
        page.print_title_rows, page.print_title_cols = "1:1", "A:A"
    _lists_sheet(made, book)
    _about_sheet(made, book)
    made.properties.creator = made.properties.lastModifiedBy = ""
    made.properties.created = made.properties.modified = book.at.replace(tzinfo=None)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _head(page: Worksheet, tab: Tab) -> None:
    """Write the headings, their hints, the widths and the formats that new cells of a column take."""
    for number, heading in enumerate(tab.headings, 1):
        cell = page.cell(1, number, heading.title)
        cell.font = Font(name=_FONT, size=_SIZE, bold=True, color="FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor=_HEADS[heading.look])
        cell.alignment, cell.border = _MIDDLE, _BOX
        lines = sum(math.ceil(max(1, len(line)) / _HINT_LINE) for line in heading.hint.split("\n"))
        cell.comment = Comment(heading.hint, "", height=24 + 18 * lines, width=280)
        page.column_dimensions[get_column_letter(number)].width = heading.width + 2
    page.row_dimensions[1].height = max(map(_title_height, tab.headings))
    page.freeze_panes = "C2"
    page.sheet_view.zoomScale = 90


def _title_height(heading: Heading) -> float:
    """Return the height in points that a heading needs: its words, wrapped at the column's width."""
    lines, room = 1, 0
    for word in heading.title.split():
        if room and room + 1 + len(word) > heading.width:
            lines, room = lines + 1, 0
        lines += max(0, math.ceil(len(word) / heading.width) - 1)
        room += len(word) + (1 if room else 0)
    return 8 + _LINE * max(2, lines)


def _first_row(page: Worksheet, tab: Tab) -> None:
    """Format the first row below the headings; rows added later take their formats from the row above."""
    lines = 3 if sum(heading.kind == "long" for heading in tab.headings) > 1 else 2
    page.row_dimensions[2] = _Row(page, index=2, ht=6 + _LINE * lines)
    for number, heading in enumerate(tab.headings, 1):
        cell = page.cell(2, number)
        cell.border, cell.number_format = _BOX, _FORMATS[heading.kind]
        cell.alignment = _SHORT if heading.kind in {"date", "number"} else _TOP
        if _FILLS[heading.look]:
            cell.fill = PatternFill("solid", fgColor=_FILLS[heading.look])
        cell.font = _font(heading)
    page.auto_filter.ref = f"A1:{get_column_letter(len(tab.headings))}2"


def _font(heading: Heading) -> Font:
    if heading.kind == "link":
        return Font(name=_FONT, size=_SIZE, color="FF0563C1", underline="single")
    if heading.look == "code":
        return Font(name=_FONT, size=_SIZE, bold=True, color="FF595959")
    if heading.look == "program":
        return Font(name=_FONT, size=_SIZE, italic=True, color="FF595959")
    return Font(name=_FONT, size=_SIZE)


def _source(lists: Lists, number: int) -> str:
    """Return the formula of a list: as far as it is filled, so that it may grow and shrink."""
    column, title = get_column_letter(number), quote_sheetname(lists.title)
    whole = f"{title}!${column}$2:${column}${ROOM + 1}"
    return f"OFFSET({title}!${column}$2,0,0,MAX(1,COUNTA({whole})),1)"


def _choices(page: Worksheet, tab: Tab, sources: Mapping[str, str], refusal: str) -> None:
    for number, heading in enumerate(tab.headings, 1):
        if choice := heading.choice:
            rule = DataValidation(type="list", formula1=sources[choice.list], allow_blank=True)
            rule.showErrorMessage = choice.manner != "offers"
            rule.errorStyle = "stop" if choice.manner == "refuses" else "warning"
            rule.errorTitle, rule.error = refusal, choice.told
            rule.add(_below(number))
            page.add_data_validation(rule)


def _tones(page: Worksheet, tab: Tab) -> None:
    for number, heading in enumerate(tab.headings, 1):
        first = f"{get_column_letter(number)}2"
        for text, tone in heading.tones.items():
            back, front = _TONES[tone]
            look = DifferentialStyle(fill=PatternFill(bgColor=back), font=Font(color=front))
            formula = f'{first}="{text}"' if text else f"LEN({first})>0"
            rule = Rule(type="expression", dxf=look, formula=[formula])
            page.conditional_formatting.add(_below(number), rule)


def _below(number: int) -> str:
    letter = get_column_letter(number)
    return f"{letter}2:{letter}{ROOM + 1}"


def _print_setup(page: Worksheet, footer: str, widths: Sequence[int]) -> None:
    """Set landscape A4, as many pages wide as can be read."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToWidth = max(1, math.ceil(sum(widths) / _PAGE))
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom = 0.5, 0.7
    page.page_margins.header = page.page_margins.footer = 0.3
    below = page.oddFooter
    if below is not None:  # an empty one counts as false
        below.center.text, below.center.size = footer, 8


def _lists_sheet(made: Workbook, book: RegisterBook) -> None:
    page = made.create_sheet(book.lists.title)
    for number, one in enumerate(book.lists.lists, 1):
        cell = page.cell(1, number, one.title)
        cell.font = Font(name=_FONT, size=_SIZE, bold=True)
        cell.alignment, cell.border = _MIDDLE, _BOX
        cell.fill = PatternFill("solid", fgColor=_FILLS["program"])
        widest = max((len(value) for value in one.values), default=0)
        page.column_dimensions[get_column_letter(number)].width = min(48, max(18, widest + 2))
        for row, value in enumerate(one.values, 2):
            page.cell(row, number, value).font = Font(name=_FONT, size=_SIZE)
    page.row_dimensions[1].height = 2.5 * _LINE
    page.freeze_panes = "A2"
    _print_setup(page, book.footer, [30] * len(book.lists.lists))


def _about_sheet(made: Workbook, book: RegisterBook) -> None:
    page = made.create_sheet(book.about.title)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 34, 76
    for row, (caption, name, value) in enumerate(book.about.stamp, 1):
        page.cell(row, 1, caption).font = Font(name=_FONT, size=_SIZE + 1, bold=True)
        page.cell(row, 2, value).font = Font(name=_FONT, size=_SIZE + 1)
        page.cell(row, 2).alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
        where = f"{quote_sheetname(page.title)}!$B${row}"
        made.defined_names[name] = DefinedName(name, attr_text=where)
    row = len(book.about.stamp) + 2
    for look, head, text in book.about.legend:
        page.cell(row, 1, head).fill = PatternFill("solid", fgColor=_HEADS[look])
        page.cell(row, 1).font = Font(name=_FONT, size=_SIZE + 1, bold=True, color="FFFFFFFF")
        page.cell(row, 1).border = _BOX
        cell = page.cell(row, 2, text)
        cell.font, cell.border = Font(name=_FONT, size=_SIZE + 1, italic=look == "program"), _BOX
        cell.fill = PatternFill("solid", fgColor=_FILLS[look]) if _FILLS[look] else PatternFill()
        row += 1
    for number, line in enumerate(book.about.lines, 1):
        cell = page.cell(row + number, 1, line)
        cell.font, cell.alignment = Font(name=_FONT, size=_SIZE + 1), _TOP
        page.merge_cells(start_row=row + number, end_row=row + number, start_column=1, end_column=2)
        page.row_dimensions[row + number].height = 6 + 15.0 * math.ceil(len(line) / 125)
    _print_setup(page, book.footer, [110])
