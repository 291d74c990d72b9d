"""Every shipped form as a workbook: what a person sees, may write, and what a program finds in it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.intake import form_sheet, marks, recognition
from pipeline.office import sheets_make
from tests.intake import kit

every_form = pytest.mark.parametrize("name", kit.FORMS)


def page_of(name: str) -> Worksheet:
    data = form_sheet.make(kit.shipped().forms[name], kit.shipped().organisation, {"orders.code": "ПК-0007"})
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def laid(name: str) -> sheets_make.FormSheet:
    return form_sheet.lay(kit.shipped().forms[name], kit.shipped().organisation, {})


@every_form
def test_every_closed_answer_is_a_drop_down_that_refuses_others(name: str) -> None:
    page, where = page_of(name), sheets_make.places(laid(name))
    lists = [one for one in page.data_validations.dataValidation if one.type == "list"]
    for row in laid(name).rows:
        if row.kind == "choice" and not row.locked:
            mine = [one for one in lists if where[row.key] in one.sqref]
            assert len(mine) == 1
            assert mine[0].formula1 == f'"{",".join(row.options)}"'


@every_form
def test_every_validation_shows_its_refusal_in_words(name: str) -> None:
    validations = page_of(name).data_validations.dataValidation
    assert validations
    for one in validations:
        assert one.showErrorMessage
        assert one.errorStyle == "stop"
        assert one.error
        assert len(one.error) <= 225
        assert one.errorTitle


@every_form
def test_dates_and_numbers_are_refused_out_of_bounds(name: str) -> None:
    page, where = page_of(name), sheets_make.places(laid(name))
    kinds = {"date": "date", "number": "decimal"}
    for row in laid(name).rows:
        if row.kind in kinds:
            sorts = [one.type for one in page.data_validations.dataValidation if where[row.key] in one.sqref]
            assert sorts == [kinds[row.kind]]


@every_form
def test_only_answers_may_be_written(name: str) -> None:
    page, where = page_of(name), sheets_make.places(laid(name))
    assert page.protection.sheet
    assert not page.protection.password
    open_cells = {cell.coordinate for row in page.iter_rows() for cell in row if not cell.protection.locked}
    assert open_cells == {where[row.key] for row in laid(name).rows if not row.locked}


@every_form
def test_keys_are_hidden_and_captions_stand_beside_their_answers(name: str) -> None:
    page = page_of(name)
    assert page.column_dimensions["A"].hidden
    assert marks.read_form(page["A1"].value) == marks.FormMark(name, kit.shipped().forms[name].version)
    where = sheets_make.places(laid(name))
    for row in laid(name).rows:
        answer = page[where[row.key]]
        assert (answer.offset(column=-2).value, answer.offset(column=-1).value) == (row.key, row.caption)


@every_form
def test_no_two_questions_of_a_form_have_one_caption(name: str) -> None:
    captions = [
        recognition.fold(text) for one in kit.shipped().forms[name].fields for _, text in recognition.rows_of(one)
    ]
    assert len(set(captions)) == len(captions)


@every_form
def test_instructions_quote_the_organisation_and_leave_no_brace(name: str) -> None:
    assert laid(name).instructions
    assert not any("{" in line or "}" in line for line in laid(name).instructions)


@every_form
def test_the_sheet_prints_on_upright_a4_one_page_wide(name: str) -> None:
    page = page_of(name)
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "portrait")
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage


@every_form
def test_equal_answers_make_equal_files(name: str) -> None:
    assert kit.filled(name) == kit.filled(name)


@every_form
def test_a_form_asks_nothing_of_passports(name: str) -> None:
    asked = " ".join(one.caption for one in kit.shipped().forms[name].fields).lower()
    assert "паспорт" not in asked


def test_consents_are_forms_of_their_own() -> None:
    consents = [form for form in kit.shipped().forms.values() if form.sheet == "consents"]
    assert {form.sets["kind"] for form in consents} == set(kit.shipped().layout.lists["consent_kinds"])
    others = [form for form in kit.shipped().forms.values() if form.sheet != "consents"]
    given = [(form.name, one.column) for form in others for one in form.fields if one.column.startswith("consents.")]
    assert {name for name, _ in given} == {"withdrawal"}
    assert not {"consents.answer", "consents.until"} & {column for _, column in given}


def test_both_questionnaires_ask_for_every_professional_field() -> None:
    areas = {area.key for area in kit.shipped().activities.areas}
    for name, column in (("mentee", "mentees.difficulty_"), ("mentor", "mentors.strength_")):
        asked = [one for one in kit.shipped().forms[name].fields if one.column.startswith(column)]
        assert {one.column.removeprefix(column) for one in asked} == areas
        assert all(one.required and one.options == ("0", "1", "2", "3") for one in asked)


def test_every_form_on_a_person_opens_with_the_same_block() -> None:
    blocks = {form.fields[:6] for form in kit.shipped().forms.values() if form.person}
    assert len(blocks) == 1
    assert [one.key for one in blocks.pop()] == ["surname", "name", "patronymic", "sex", "birth", "number"]


def test_a_prefilled_answer_is_written_in_and_locked() -> None:
    page = page_of("order_registration")
    cell = page[sheets_make.places(laid("order_registration"))["nastavnik:code"]]
    assert cell.value == "ПК-0007"
    assert cell.protection.locked


def test_a_file_name_quotes_the_prefilled_answer() -> None:
    form = kit.shipped().forms["order_registration"]
    assert form_sheet.name(form, {"orders.code": "ПК-0007"}) == "Регистрация приказа ПК-0007.xlsx"
    assert form_sheet.name(kit.shipped().forms["mentor"]) == "Анкета наставника.xlsx"


_KEYS = st.text("abc_", min_size=1)


@given(name=_KEYS, version=st.integers(0, 999))
def test_a_form_mark_is_read_as_it_was_shown(name: str, version: int) -> None:
    mark = marks.FormMark(name, version)
    assert marks.read_form(marks.show_form(mark)) == mark
    assert marks.read_row(marks.show_form(mark)) is None


@given(key=_KEYS.filter(lambda key: key != "form"), option=st.text("абв «»()=-", max_size=20).map(str.strip))
def test_a_row_mark_is_read_as_it_was_shown(key: str, option: str) -> None:
    mark = marks.RowMark(key, option)
    assert marks.read_row(marks.show_row(mark)) == mark
    assert marks.read_form(marks.show_row(mark)) is None


def test_drop_downs_still_refuse_after_libreoffice_saved_the_form() -> None:
    page = openpyxl.load_workbook(kit.DATA / "consent_data.xlsx").worksheets[0]
    lists = [one for one in page.data_validations.dataValidation if one.type == "list"]
    assert {one.formula1 for one in lists} >= {'"м,ж"', '"Согласен,Отказ"'}
    assert all(one.showErrorMessage and one.errorStyle in {None, "stop"} for one in lists)
