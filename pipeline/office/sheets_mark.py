"""A filled workbook → the same workbook with some cells marked, noted and listed on top.

It loads and saves with openpyxl, so it is for forms that go back to their senders, never for a workbook in which people
keep things of their own (openpyxl drops slicers, sparklines and the like).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.office import sheets_make

MARK_COLOUR = "FFFFCDD2"
"""The fill of a cell to mend."""

_RIGHT = PatternFill("solid", fgColor=sheets_make.ANSWER_COLOUR)
_WRONG = PatternFill("solid", fgColor=MARK_COLOUR)
_LOUD = Font("Calibri", 11, bold=True, color="FFB71C1C")


_VAST = re.compile(
    rb"""\sr(?:ef)?\s*=\s*["'](?:[^"']*[&,]|(?:\w+:)?(?:[A-Z]{2,}\d{3,}|[A-Z]{3,}\d+|[A-Z]\d{5,})["'])""", re.IGNORECASE
)
"""A cell, or the end of merged ones or of a link, where no form has any: openpyxl lays out all that lies before it."""
_LARGEST, _MERGED = 2**20, 300
"""Bytes and merged cells that a part may have: openpyxl takes seconds for more, and no form has so many."""


class CannotMark(Exception):
    """The workbook cannot be loaded or lacks the sheet; build a new one instead."""


@dataclass(frozen=True)
class CellNote:
    """What to say at a cell («C12»)."""

    cell: str
    text: str


@dataclass(frozen=True)
class Review:
    """What to mark on which sheet.

    ``right`` are cells that may bear marks of an earlier review and need none now; ``summary`` is the list on top, put
    into the row whose mark begins with ``note_key``, which becomes ``note_mark``, or on a first sheet ``list_sheet``
    when there is no such row; ``author`` signs the notes.
    """

    sheet: str
    notes: tuple[CellNote, ...]
    right: tuple[str, ...]
    summary: str
    note_key: str
    list_sheet: str
    author: str
    note_mark: str = ""


def mark(data: bytes, review: Review) -> bytes:
    """Return the workbook ``data`` (.xlsx) marked; raise ``CannotMark`` when openpyxl cannot take it."""
    book = _load(data)
    page = next((page for page in book.worksheets if page.title == review.sheet), None)
    if page is None:
        raise CannotMark(review.sheet)
    for address in review.right:
        _clear(_cell(page, address), review.author)
    for note in review.notes:
        _note(_cell(page, note.cell), note.text, review.author)
    book.active = page
    _summarise(book, page, review)
    saved = io.BytesIO()
    book.save(saved)
    return sheets_make.settle(saved.getvalue())


def _load(data: bytes) -> Workbook:
    """Load a workbook; openpyxl says «not mine» in many ways."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if any(_is_vast(archive.read(name)) for name in archive.namelist() if name.endswith(".xml")):
                raise CannotMark("vast")
        return load_workbook(io.BytesIO(data))
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        OSError,
    ) as problem:
        raise CannotMark(str(problem)) from problem


def _is_vast(part: bytes) -> bool:
    return len(part) > _LARGEST or part.count(b"mergeCell ") > _MERGED or _VAST.search(part) is not None


def _cell(page: Worksheet, address: str) -> Cell:
    """Return a cell, or the one that shows in its place when a person merged it with others."""
    for merged in page.merged_cells.ranges:
        if address in merged:
            address = merged.start_cell.coordinate
    cell = page[address]
    assert isinstance(cell, Cell)
    return cell


def _clear(cell: Cell, author: str) -> None:
    if cell.comment and cell.comment.author == author:
        cell.comment = None
        cell.fill = _RIGHT


def _note(cell: Cell, text: str, author: str) -> None:
    theirs = cell.comment.text if cell.comment and cell.comment.author != author else ""
    cell.fill = _WRONG
    cell.comment = Comment(f"{text}\n\n{theirs}".strip(), author, width=320, height=40 + 20 * (len(text) // 40 + 1))


def _summarise(book: Workbook, page: Worksheet, review: Review) -> None:
    if review.list_sheet in book.sheetnames:
        del book[review.list_sheet]
    key = next(_note_keys(page, review.note_key), None)
    if key is not None:
        key.value = review.note_mark or key.value
        _write_summary(page, _note_place(page, key), review.summary)
        return
    listed = book.create_sheet(review.list_sheet, 0)
    listed.column_dimensions["A"].width = 110
    _write_summary(listed, "A1", review.summary)
    book.active = listed


def _note_keys(page: Worksheet, mark: str) -> Iterator[Cell]:
    cells = (cell for row in page.iter_rows() for cell in row if isinstance(cell, Cell))
    return (cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(mark))


def _note_place(page: Worksheet, key: Cell) -> str:
    """Find where the row kept for the list shows text: its merged cells, else right of its key."""
    merged = (one.start_cell.coordinate for one in page.merged_cells.ranges if one.min_row == key.row)
    return next(merged, key.offset(column=1).coordinate)


def _write_summary(page: Worksheet, place: str, summary: str) -> None:
    cell = page[place]
    assert isinstance(cell, Cell)
    cell.value = summary
    cell.data_type = "s"
    cell.font = _LOUD
    cell.fill = _WRONG
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.row_dimensions[cell.row].hidden = False
    page.row_dimensions[cell.row].height = sheets_make.band_height(summary)
