from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from pipeline.intake import form_sheet, forms, marks, places
from pipeline.office.sheets_read import ErrorCell, Sheet
from pipeline.wording import intake as say
from tests.intake import kit
from tests.intake.kit import Change, Read

every_form = pytest.mark.parametrize("name", kit.FORMS)


def wanted(reading: forms.Reading, key: str) -> str:
    """Return what is wanted at a field, ``""`` when nothing."""
    row = marks.show_row(marks.RowMark(key))
    return next((mistake.wanted for mistake in reading.mistakes if mistake.key == row), "")


def without_yo(text: str) -> str:
    return text.replace("ё", "е").replace("Ё", "Е")


def recaption(book: openpyxl.Workbook) -> None:
    """Change all captions as people do: no asterisk, a colon, capitals, double spaces, е for ё."""
    page = book.worksheets[0]
    for row in page.iter_rows(min_col=2, max_col=2):
        if isinstance(row[0].value, str):
            row[0].value = without_yo(row[0].value.rstrip(" *\u00a0")).upper().replace(" ", "  ") + " :"


def shift(book: openpyxl.Workbook) -> None:
    """Insert rows and columns above, within and beside the questions."""
    page = book.worksheets[0]
    for merged in list(page.merged_cells.ranges):
        page.unmerge_cells(str(merged))
    page.insert_rows(1, 3)
    page.insert_rows(12)
    page.insert_rows(16, 2)
    page.insert_cols(4)
    page.insert_cols(3, 2)
    page.insert_cols(1)


def rename(book: openpyxl.Workbook) -> None:
    book.worksheets[0].title = "Лист 1 (копия)"
    book.create_sheet("Заметки", 0)["A1"] = "Фамилия"


CHANGES = {
    "rows and columns are inserted": shift,
    "the sheet is renamed and another stands before it": rename,
    "the hidden column is deleted": kit.lose_keys,
    "captions are rewritten": recaption,
    "captions are rewritten and the hidden column is deleted": lambda book: (recaption(book), kit.lose_keys(book)),
    "rows and columns are inserted and the hidden column is deleted": lambda book: (kit.lose_keys(book), shift(book)),
}


@every_form
def test_a_blank_form_is_recognised_and_called_blank(name: str, read: Read) -> None:
    form = kit.shipped().forms[name]
    given_before = {one.column: kit.good_answer(one) for one in form.fields if one.key in form.prefilled}
    reading = read(form_sheet.make(form, kit.shipped().organisation, given_before))
    assert reading.form == form
    assert reading.blank
    assert [mistake.wanted for mistake in reading.mistakes] == [say.blank_form()]


@every_form
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_answers_written_into_a_form_are_read_back(name: str, read: Read, data: st.DataObject) -> None:
    form = kit.shipped().forms[name]
    answers = data.draw(kit.any_answers(form))
    reading = read(form_sheet.make(form, kit.shipped().organisation, answers))
    assert reading.mistakes == ()
    assert {column: reading.answers[column] for column in answers} == answers


@every_form
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_answers_are_found_when(change: Change, name: str, read: Read) -> None:
    reading = read(kit.changed(kit.filled(name), change))
    assert reading.form == kit.shipped().forms[name]
    assert reading.mistakes == ()
    assert kit.good_answers(reading.form).items() <= reading.answers.items()


SAVED = sorted(path for path in kit.DATA.iterdir() if path.suffix in {".ods", ".xls", ".xlsx"})


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.name)
def test_files_saved_by_libreoffice_are_read(path: Path, read: Read) -> None:
    expected = json.loads((kit.DATA / "expected.json").read_text("utf-8"))[path.name]
    reading = read(path)
    assert reading.form is not None
    assert reading.form.name == expected["form"]
    assert {column: value for column, value in reading.answers.items() if value} == expected["answers"]
    assert [mistake.cell for mistake in reading.mistakes] == expected["mistakes"]


@every_form
def test_what_the_form_itself_fixes_is_among_its_answers(name: str, read: Read) -> None:
    form = kit.shipped().forms[name]
    reading = read(kit.filled(name))
    assert {f"{form.sheet}.{key}": value for key, value in form.sets.items()}.items() <= reading.answers.items()


@every_form
def test_every_required_question_left_blank_is_told_at_once_with_its_cell(name: str, read: Read) -> None:
    form = kit.shipped().forms[name]
    required = [one for one in form.fields if one.required and one.key not in form.prefilled]
    first_optional = {one.column: kit.good_answer(one) for one in form.fields if not one.required}
    kept = first_optional or {required[0].column: kit.good_answer(required[0])}
    reading = read(form_sheet.make(form, kit.shipped().organisation, kept))
    left = [one for one in form.fields if one.required and one.column not in kept]
    assert {mistake.caption for mistake in reading.mistakes} == {one.caption for one in left}
    assert {mistake.cell for mistake in reading.mistakes} == {reading.cells[one.key] for one in left}


def test_a_mistake_says_its_cell_its_question_what_was_found_and_what_is_wanted(read: Read) -> None:
    reading = read(kit.typed("mentee", birth="31.02.1999"))
    assert [mistake.sentence for mistake in reading.mistakes] == [
        "Ячейка C13, «Дата рождения»: записано «31.02.1999», нужна дата, например 05.11.2026."
    ]
    assert reading.answers["people.birth"] == ""


def test_all_mistakes_are_told_down_the_sheet(read: Read) -> None:
    reading = read(kit.typed("mentee", mode="вечером", surname="Иванова Анна", hours="много", phone="нет"))
    assert [mistake.cell for mistake in reading.mistakes] == ["C9", "C18", "C51", "C52"]


@pytest.mark.parametrize(("value", "read_as"), [
    ("20.02.1990", "1990-02-20"), ("20 февраля 1990 г.", "1990-02-20"), (date(1990, 2, 20), "1990-02-20"),
])  # fmt: skip
def test_a_date_is_understood_as_people_write_it(value: str | date, read_as: str, read: Read) -> None:
    assert read(kit.typed("consent_pair", birth=value)).answers["people.birth"] == read_as


@pytest.mark.parametrize("word", ["нет", "НЕТ", " - ", "—", "–", "отсутствует", "Нет отчества"])
def test_no_patronymic_is_an_answer(word: str, read: Read) -> None:
    reading = read(kit.typed("consent_pair", patronymic=word))
    assert reading.mistakes == ()
    assert reading.answers["people.patronymic"] == "–"


def test_a_dash_is_no_answer_where_one_is_required_and_blank_where_none_is(read: Read) -> None:
    reading = read(kit.typed("mentee", post="–", wanted="-"))
    assert [mistake.caption for mistake in reading.mistakes] == ["Должность"]
    assert reading.mistakes[0].found == "–"
    assert reading.answers["mentees.wanted"] == ""


def test_names_in_capitals_are_tidied(read: Read) -> None:
    reading = read(kit.typed("consent_pair", surname=" ПРИХОДЬКО -  ЛЫСЕНКО", name="алёна", patronymic="ФЁДОРОВНА"))
    assert reading.mistakes == ()
    said = [reading.answers[f"people.{key}"] for key in ("surname", "name", "patronymic")]
    assert said == ["Приходько-Лысенко", "Алёна", "Фёдоровна"]


def test_sex_against_patronymic_names_both(read: Read) -> None:
    reading = read(kit.typed("consent_pair", sex="м"))
    assert "«Фёдоровна»" in reading.mistakes[0].wanted
    assert "«м»" in reading.mistakes[0].wanted
    assert reading.mistakes[0].cell == reading.cells["sex"]


@pytest.mark.parametrize("hours", ["0,2", "37", "-1", "два"])
def test_a_number_out_of_its_bounds_is_a_mistake(hours: str, read: Read) -> None:
    assert wanted(read(kit.typed("mentee", hours=hours)), "hours")


def test_a_rating_may_come_as_a_number(read: Read) -> None:
    area = kit.shipped().activities.areas[0].key
    reading = read(kit.typed("mentee", **{f"difficulty_{area}": 3.0}))
    assert reading.answers[f"mentees.difficulty_{area}"] == "3"


def test_a_text_too_long_is_a_mistake_that_tells_both_lengths(read: Read) -> None:
    assert "301" in wanted(read(kit.typed("mentee", disciplines="а" * 301)), "disciplines")


def test_a_formula_without_a_value_is_never_blank(read: Read) -> None:
    reading = read(kit.typed("mentee", wanted="=A1+1", post="=B2"))
    assert wanted(reading, "wanted") == wanted(reading, "post") == say.want_fresh()


def test_an_error_cell_is_never_blank() -> None:
    rows = [["nastavnik:form=order_registration;version=1", "Регистрация приказа", None]]
    rows += [["nastavnik:code", "Код", "ПК-0001"], ["nastavnik:number", "№", ErrorCell("#REF!")]]
    reading = forms.read([Sheet("Лист1", rows)], kit.shipped(), kit.TODAY)
    assert reading.mistakes[0].cell == "C3"
    assert reading.mistakes[0].found == "#REF!"
    assert reading.mistakes[0].wanted == say.want_fresh()


def test_several_kinds_are_chosen_by_yes_in_their_rows(read: Read) -> None:
    options = kit.shipped().layout.lists["kinds"]
    reading = read(kit.filled("mentor", kinds=f"{options[0]}; {options[3]}"))
    assert reading.answers["mentors.kinds"] == f"{options[0]}; {options[3]}"


def test_kinds_all_answered_no_are_not_chosen(read: Read) -> None:
    def refuse(book: openpyxl.Workbook) -> None:
        for row in book.worksheets[0].iter_rows():
            if str(row[0].value).startswith("nastavnik:kinds="):
                row[2].value = "нет"

    reading = read(kit.changed(kit.filled("mentor"), refuse))
    assert [mistake.wanted for mistake in reading.mistakes] == [say.want_yes()]


def test_every_row_of_kinds_answered_wrongly_is_told(read: Read) -> None:
    def doubt(book: openpyxl.Workbook) -> None:
        for row in book.worksheets[0].iter_rows():
            if str(row[0].value).startswith("nastavnik:kinds="):
                row[2].value = "может быть"

    reading = read(kit.changed(kit.filled("mentor"), doubt))
    assert [mistake.caption for mistake in reading.mistakes] == list(kit.shipped().layout.lists["kinds"])


def test_a_kind_that_is_offered_no_more_is_a_mistake_only_when_chosen(read: Read) -> None:
    def age(answer: str) -> bytes:
        def change(book: openpyxl.Workbook) -> None:
            for row in book.worksheets[0].iter_rows():
                if row[0].value == "nastavnik:kinds=скоростное":
                    row[0].value, row[1].value, row[2].value = "nastavnik:kinds=давнее", "давнее", answer

        return kit.changed(kit.filled("mentor"), change)

    assert [mistake.wanted for mistake in read(age("да")).mistakes] == [say.want_known_option()]
    assert read(age("нет")).mistakes == ()


def test_an_older_version_is_read_and_a_question_it_lacks_is_told(read: Read) -> None:
    def age(book: openpyxl.Workbook) -> None:
        page = book.worksheets[0]
        page["A1"] = "nastavnik:form=mentee;version=0"
        for row in page.iter_rows():
            if row[0].value == "nastavnik:post":
                page.delete_rows(row[0].row)
                return

    reading = read(kit.changed(kit.filled("mentee"), age))
    assert [(mistake.caption, mistake.wanted) for mistake in reading.mistakes] == [("Должность", say.want_question())]


def test_a_copied_row_with_another_answer_is_a_mistake_with_the_same_answer_none(read: Read) -> None:
    def copy(answer: str) -> bytes:
        def change(book: openpyxl.Workbook) -> None:
            book.worksheets[0].append(["nastavnik:post", "Должность *", answer])

        return kit.changed(kit.filled("mentee"), change)

    assert read(copy("обычный ответ")).mistakes == ()
    assert read(copy("")).mistakes == ()
    assert [mistake.wanted for mistake in read(copy("другой")).mistakes] == [say.want_one_answer()]


def test_two_filled_forms_in_one_file_are_told(read: Read) -> None:
    def double(book: openpyxl.Workbook) -> None:
        copy = book.copy_worksheet(book.worksheets[0])
        for row in copy.iter_rows():
            if row[0].value == "nastavnik:surname":
                row[2].value = "Швец"

    reading = read(kit.changed(kit.filled("consent_pair"), double))
    assert "несколько заполненных бланков" in reading.mistakes[0].sentence


def test_an_untouched_copy_of_the_sheet_does_no_harm(read: Read) -> None:
    assert (
        read(kit.changed(kit.filled("consent_pair"), lambda book: book.copy_worksheet(book.worksheets[0]))).mistakes
        == ()
    )


def test_an_answer_beside_its_cell_is_taken(read: Read) -> None:
    def move(book: openpyxl.Workbook) -> None:
        for row in book.worksheets[0].iter_rows():
            if row[0].value == "nastavnik:department":
                row[2].value, row[3].value, row[4].value = None, None, "ЦМК физики"

    def widen(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["E1"] = " "
        move(book)

    assert read(kit.changed(kit.filled("mentee"), widen)).answers["people.department"] == "ЦМК физики"


def test_a_strange_workbook_is_no_form() -> None:
    strange = Sheet("Лист1", [["Фамилия", "Иванов"], ["Имя", "Иван"], ["Отчество", "Петрович"]])
    assert forms.read([strange], kit.shipped(), kit.TODAY).form is None


def test_an_empty_workbook_is_no_form() -> None:
    assert forms.read([], kit.shipped(), kit.TODAY).form is None
    assert forms.read([Sheet("Лист1", [])], kit.shipped(), kit.TODAY).form is None


@pytest.mark.parametrize("code", ["", "57-од", "НК-0001", "ПК-1"])
def test_a_registration_needs_the_code_of_an_order(code: str, read: Read) -> None:
    assert wanted(read(kit.typed("order_registration", code=code)), "code")


def test_a_registration_is_read(read: Read) -> None:
    reading = read(kit.typed("order_registration", number="57-од", day="5 ноября 2026 г."))
    assert reading.mistakes == ()
    assert reading.answers == {"orders.code": "ПК-0007", "orders.number": "57-од", "orders.day": "2026-11-05"}


@given(row=st.integers(0, 99_999), column=st.integers(0, 16_383))
def test_addresses_are_those_of_a_spreadsheet(row: int, column: int) -> None:
    assert places.address(row, column) == f"{get_column_letter(column + 1)}{row + 1}"
