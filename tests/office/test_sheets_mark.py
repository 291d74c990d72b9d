from __future__ import annotations

import io

import openpyxl
import pytest

from pipeline.office import sheets_mark
from pipeline.office.sheets_mark import CellNote, Review


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Лист"
    book.active["A1"] = "key"
    book.active["C3"] = "что-то"
    book.active.merge_cells("C3:D4")
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def review(**changes: object) -> Review:
    given = {
        "sheet": "Лист",
        "notes": (CellNote("C3", "исправьте"),),
        "right": (),
        "summary": "список",
        "note_key": "key",
        "list_sheet": "Что исправить",
        "author": "мы",
    }
    return Review(**{**given, **changes})


@pytest.mark.parametrize("data", [b"", b"junk", b"PK\x03\x04junk"])
def test_what_is_no_workbook_cannot_be_marked(data: bytes) -> None:
    with pytest.raises(sheets_mark.CannotMark):
        sheets_mark.mark(data, review())


def test_a_workbook_without_the_sheet_cannot_be_marked() -> None:
    with pytest.raises(sheets_mark.CannotMark):
        sheets_mark.mark(workbook(), review(sheet="Другой"))


def test_a_cell_within_merged_ones_is_marked_where_it_shows() -> None:
    data = sheets_mark.mark(workbook(), review(notes=(CellNote("D4", "исправьте"),)))
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert page["C3"].comment.text == "исправьте"
    assert page["C3"].value == "что-то"


def test_the_list_is_put_beside_its_key() -> None:
    page = openpyxl.load_workbook(io.BytesIO(sheets_mark.mark(workbook(), review()))).active
    assert page["B1"].value == "список"


def test_marking_twice_alike_gives_equal_bytes() -> None:
    data = workbook()
    assert sheets_mark.mark(data, review()) == sheets_mark.mark(data, review())
