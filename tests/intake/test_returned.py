from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.intake import form_sheet, returned
from pipeline.intake.forms import Reading
from pipeline.office import sheets_mark
from pipeline.office.sheets_read import Reader
from pipeline.wording import intake as say
from tests.intake import kit
from tests.intake.kit import Read

SentBack = Callable[..., tuple[Reading, bytes]]
"""Reads a workbook (bytes or a path, its kind) and returns the reading with the workbook to send back."""


@pytest.fixture
def sent_back(read: Read, reader: Reader, tmp_path: Path) -> SentBack:
    def send(data: bytes | Path, kind: str = "xlsx") -> tuple[Reading, bytes]:
        path = data if isinstance(data, Path) else tmp_path / "form.xlsx"
        if isinstance(data, bytes):
            path.write_bytes(data)
        reading = read(path)
        return reading, returned.make(path, kind, reading, kit.shipped(), reader)

    return send


def page_of(data: bytes) -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return book[say.FORM_SHEET]


def marked(page: Worksheet) -> set[str]:
    """Return the cells below the list that bear the colour of a mistake."""
    cells = (cell for row in page.iter_rows(min_row=3) for cell in row)
    return {cell.coordinate for cell in cells if cell.fill.fgColor.rgb == sheets_mark.MARK_COLOUR}


MISTAKEN = {"surname": "Иванова Анна", "birth": "31.02.1999", "phone": None, "hours": "много"}


def test_every_mistake_is_marked_and_noted_at_its_cell_and_listed_on_top(sent_back: SentBack) -> None:
    reading, data = sent_back(kit.typed("mentee", **MISTAKEN))
    page = page_of(data)
    assert marked(page) == {mistake.cell for mistake in reading.mistakes} == {"C9", "C13", "C18", "C52"}
    for mistake in reading.mistakes:
        assert page[mistake.cell].comment.text.lower().startswith(mistake.wanted.lower())
    assert page.row_dimensions[2].hidden is False
    assert all(f"{mistake.cell} {mistake.caption}" in page["B2"].value for mistake in reading.mistakes)


def test_what_the_person_wrote_stays(sent_back: SentBack) -> None:
    _, data = sent_back(kit.typed("mentee", **MISTAKEN))
    assert page_of(data)["C9"].value == "Иванова Анна"
    assert page_of(data)["C52"].value == "много"


def test_its_drop_downs_and_its_protection_stay(sent_back: SentBack) -> None:
    _, data = sent_back(kit.typed("mentee", **MISTAKEN))
    page = page_of(data)
    assert page.protection.sheet
    assert all(one.showErrorMessage for one in page.data_validations.dataValidation)


def test_a_form_sent_back_reads_with_the_same_mistakes(sent_back: SentBack, read: Read) -> None:
    reading, data = sent_back(kit.typed("mentee", **MISTAKEN))
    assert read(data).mistakes == reading.mistakes


@pytest.mark.parametrize("name", ["mentee_mistakes.ods"])
def test_another_format_comes_back_as_our_blank_with_all_in_it(name: str, sent_back: SentBack, read: Read) -> None:
    reading, data = sent_back(kit.DATA / name, "ods")
    page, again = page_of(data), read(data)
    assert again.mistakes == reading.mistakes
    assert again.answers == reading.answers
    assert marked(page) == {mistake.cell for mistake in reading.mistakes}


def test_marks_of_an_earlier_round_are_gone_where_the_answer_is_right_now(sent_back: SentBack) -> None:
    _, first = sent_back(kit.typed("mentee", **MISTAKEN))

    def mend(book: openpyxl.Workbook) -> None:
        book[say.FORM_SHEET]["C9"].value = "Иванова"
        book[say.FORM_SHEET]["C18"].value = "+7 949 000-00-00"

    reading, second = sent_back(kit.changed(first, mend))
    page = page_of(second)
    assert marked(page) == {mistake.cell for mistake in reading.mistakes} == {"C13", "C52"}
    assert page["C9"].comment is None
    assert "C9" not in page["B2"].value


def test_a_form_mended_in_the_file_sent_back_is_in_order(sent_back: SentBack, read: Read) -> None:
    _, data = sent_back(kit.typed("mentee", birth="31.02.1999"))

    def mend(book: openpyxl.Workbook) -> None:
        book[say.FORM_SHEET]["C13"].value = "28.02.1999"

    assert read(kit.changed(data, mend)).mistakes == ()


def test_without_its_hidden_column_the_list_stands_on_a_sheet_before(sent_back: SentBack) -> None:
    reading, data = sent_back(kit.changed(kit.typed("mentee", birth="вчера"), kit.lose_keys))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames[0] == say.MISTAKE_SHEET
    assert f"{reading.mistakes[0].cell} Дата рождения" in book.worksheets[0]["A1"].value
    _, again = sent_back(data)
    assert openpyxl.load_workbook(io.BytesIO(again)).sheetnames.count(say.MISTAKE_SHEET) == 1


def test_a_note_of_the_sender_is_kept_beside_ours(sent_back: SentBack) -> None:
    def comment(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["C13"].comment = openpyxl.comments.Comment("не уверена", "Анна")

    _, data = sent_back(kit.changed(kit.typed("mentee", birth="вчера"), comment))
    assert page_of(data)["C13"].comment.text.endswith("не уверена")


def test_what_a_person_wrote_never_becomes_a_formula(read: Read, tmp_path: Path) -> None:
    reading = read(kit.filled("mentee", department="=HYPERLINK(1)", post="", phone=""))
    page = page_of(returned.rebuild(reading, kit.shipped()))
    cell = page[reading.cells["department"]]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_a_workbook_that_cannot_be_marked_comes_back_as_our_blank(read: Read, reader: Reader, tmp_path: Path) -> None:
    reading = read(kit.typed("mentee", birth="вчера"))
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    page = page_of(returned.make(broken, "xlsx", reading, kit.shipped(), reader))
    assert page["C13"].value == "вчера"
    assert marked(page) == {"C13"}


def test_equal_mistakes_are_one_line_of_the_list(read: Read) -> None:
    reading = read(kit.typed("mentee", post=None, phone=None))
    listed = returned.summary(reading.mistakes).splitlines()
    assert len(listed) == 2
    assert "C16 Должность; C18 Телефон" in listed[1]


def test_a_blank_form_is_told_once(read: Read) -> None:
    form = kit.shipped().forms["mentee"]
    reading = read(form_sheet.make(form, kit.shipped().organisation))
    assert returned.summary(reading.mistakes).splitlines()[1] == f"• {say.note(say.blank_form())}"
