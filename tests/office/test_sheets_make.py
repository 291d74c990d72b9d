from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from pipeline.office import sheets_make
from pipeline.office.sheets_make import FormRow, FormSheet


def form(*rows: FormRow) -> FormSheet:
    return FormSheet(
        mark="mark",
        note_key="note",
        title="Бланк",
        instructions=("Строка первая.", "Строка вторая."),
        rows=rows,
        names=("Бланк", "Списки"),
        headings=("Вопрос", "Ответ", "Пояснение"),
        refusal_title="Нет",
    )


def loaded(given: FormSheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(sheets_make.make_form(given)))


def formula(options: tuple[str, ...]) -> str:
    book = loaded(form(FormRow("a", "А", kind="choice", options=options)))
    return book.worksheets[0].data_validations.dataValidation[0].formula1


def test_a_short_list_stands_in_the_drop_down_itself() -> None:
    assert formula(("да", "нет")) == '"да,нет"'


@pytest.mark.parametrize(
    "options", [("да, конечно", "нет"), ('"да"', "нет"), tuple("а" * 60 + str(n) for n in range(5))]
)
def test_a_list_that_does_not_fit_stands_on_a_hidden_sheet(options: tuple[str, ...]) -> None:
    book = loaded(
        form(FormRow("a", "А", kind="choice", options=options), FormRow("b", "Б", kind="choice", options=options))
    )
    assert book["Списки"].sheet_state == "hidden"
    assert [row[0] for row in book["Списки"].iter_rows(values_only=True)] == list(options)
    assert formula(options) == f"'Списки'!$A$1:$A${len(options)}"


def test_two_long_lists_stand_beside_each_other() -> None:
    first, second = ("а, б", "в"), ("г, д", "е")
    book = loaded(
        form(FormRow("a", "А", kind="choice", options=first), FormRow("b", "Б", kind="choice", options=second))
    )
    formulas = {one.formula1 for one in book.worksheets[0].data_validations.dataValidation}
    assert formulas == {"'Списки'!$A$1:$A$2", "'Списки'!$B$1:$B$2"}


def test_places_are_where_the_answers_really_stand() -> None:
    rows = (
        FormRow("a", "А", section="Раздел", value="1"),
        FormRow("b", "Б", section="Раздел", value="2"),
        FormRow("c", "В", section="Другой", group="Несколько", value="3"),
        FormRow("d", "Г", section="Другой", group="Несколько", value="4"),
        FormRow("e", "Д", value="5"),
    )
    page = loaded(form(*rows)).worksheets[0]
    where = sheets_make.places(form(*rows))
    assert [page[where[row.key]].value for row in rows] == [row.value for row in rows]
    assert [page[where[row.key]].offset(column=-2).value for row in rows] == [row.key for row in rows]


def test_text_like_a_formula_stays_text() -> None:
    page = loaded(form(FormRow("a", "А", value="=1+1"))).worksheets[0]
    assert page["C6"].data_type == "s"


def test_equal_forms_are_equal_bytes_without_a_time_of_making() -> None:
    data = sheets_make.make_form(form(FormRow("a", "А")))
    assert data == sheets_make.make_form(form(FormRow("a", "А")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_long_text_gets_a_higher_row() -> None:
    short, tall = FormRow("a", "А", kind="long"), FormRow("a", "А", kind="long", value="слово " * 200)
    heights = [loaded(form(row)).worksheets[0].row_dimensions[6].height for row in (short, tall)]
    assert heights[0] >= 60
    assert heights[1] > heights[0]


def test_a_locked_answer_is_protected() -> None:
    page = loaded(form(replace(FormRow("a", "А"), locked=True))).worksheets[0]
    assert page["C6"].protection.locked


def test_band_height_grows_with_the_text_and_stays_within_what_excel_takes() -> None:
    assert sheets_make.band_height("слово") < sheets_make.band_height("слово " * 50) < 409
    assert sheets_make.band_height("слово " * 5000) < 409
