"""Real files as an office program and a person leave them: what they look like must not matter, what they say must."""

import io
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog import Column
from pipeline.model import Row
from pipeline.office import cells
from pipeline.office.cells import SetCell
from pipeline.register import workbook
from pipeline.register.merge import Edited, Held, Merged
from pipeline.wording import register as wording
from tests.register.samples import BASE, LAYOUT, merged, read, register, wanted

VIEW = wanted(BASE).view


@pytest.fixture(scope="module")
def made():
    return register(BASE)


def by_hand(data, change):
    """The workbook after somebody worked in it with another program."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def put(data, title, heading, row, value):
    """The workbook with one cell changed."""
    grid = cells.read(data).grids[title]
    [column] = [number for number, cell in grid.rows[1].items() if cell.value == heading]
    return cells.apply(data, [SetCell(title, row, column, value)])


def data_with_shown_value(data, text):
    """The workbook with what an office program computed for its one formula."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet = re.sub(r"</f><v\s*/>|</f><v></v>", f"</f><v>{text}</v>", sheet.replace('<c r="A2"', '<c r="A2" t="str"'))
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return buffer.getvalue()


def edits(data):
    """What the merge sees in a file that was made from BASE."""
    return merged(VIEW, read(data), VIEW)


def test_a_register_says_what_it_was_made_to_say(made):
    assert workbook.said(read(made)) == VIEW
    assert workbook.read_stamp(cells.read(made)) == workbook.Stamp("r-1", 1)


# --- what she may do to its look ----------------------------------------------------------------------------------


def sort_people(book):
    page = book["Люди"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    for number, values in enumerate(sorted(rows, key=lambda values: values[1] or "яя", reverse=True), 2):
        for column, value in enumerate(values, 1):
            page.cell(number, column).value = value


def move_a_column(book):
    page = book["Люди"]
    for row in page.iter_rows(min_row=1, max_row=8):
        row[1].value, row[3].value = row[3].value, row[1].value
        row[1].number_format, row[3].number_format = row[3].number_format, row[1].number_format


def move_the_codes(book):
    page = book["Люди"]
    for row in page.iter_rows(min_row=1, max_row=8):
        row[0].value, row[1].value = row[1].value, row[0].value


def insert_rows_and_columns(book):
    page = book["Люди"]
    page.insert_cols(2)
    page.insert_rows(1, 3)
    page["A1"] = "Реестр колледжа"
    page["B4"], page["B5"] = "Моя графа", "моё"
    page.insert_rows(6)


def hide_and_colour(book):
    page = book["Люди"]
    page.row_dimensions[2].hidden = True
    page.column_dimensions["C"].hidden = True
    page["B2"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF00FF00")
    book["Пары"].sheet_state = "hidden"


def spell_headings_otherwise(book):
    book["Люди"]["B1"], book["Люди"]["E1"] = "  ФАМИЛИЯ ", "должность "
    book["Люди"]["D1"] = "Дата\nрождения"
    book["Люди"].title = "x"
    book["x"].title = "ЛЮДИ"


def reorder_sheets(book):
    book.move_sheet("Люди", 3)
    book.create_sheet("Моё", 0)["A1"] = "=1+1"


@pytest.mark.parametrize(
    "change",
    [
        sort_people,
        move_a_column,
        move_the_codes,
        insert_rows_and_columns,
        hide_and_colour,
        spell_headings_otherwise,
        reorder_sheets,
    ],
)
def test_the_look_of_the_workbook_is_hers(made, change):
    assert edits(by_hand(made, change)) == Merged()


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("Фамилия", " Иванова  "),
        ("Дата рождения", "11.03.1981"),
        ("Дата рождения", "11 марта 1981 г."),
        ("Дата рождения", date(1981, 3, 11)),
        ("Дата рождения", datetime(1981, 3, 11, 0, 0)),
        ("Дата рождения", 29656),
    ],
)
def test_the_same_value_written_otherwise_is_no_edit(made, heading, value):
    assert edits(put(made, "Люди", heading, 2, value)) == Merged()


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("Часов в неделю", "2,5"),
        ("Часов в неделю", "2.50 "),
        ("Учебный год", " 2026-2027"),
        ("Человек", "Л-0001"),
        ("Человек", "Иванова-Петрова М. · Л-0001"),
    ],
)
def test_the_same_number_choice_or_reference_is_no_edit(made, heading, value):
    assert edits(put(made, "Наставники", heading, 2, value)) == Merged()


def test_a_closed_answer_is_read_whatever_its_case(made):
    found = edits(put(made, "Пары", "Решение", 2, "согласовать "))
    assert found.edits == (Edited("pairs", "П-0001", "decision", "Согласовать"),)


def test_a_computed_number_is_read_without_its_dust(made):
    found = edits(put(made, "Наставники", "Часов в неделю", 2, 0.1 + 0.2))
    assert [edit.value for edit in found.edits] == ["0.3"]


def test_a_tick_is_not_taken_for_the_number_one(made):
    data = put(put(made, "Люди", "Имя", 2, 1), "Люди", "Имя", 3, value=True)
    assert [edit.value for edit in edits(data).edits] == ["1", "да"]


def test_a_code_that_a_formula_shows_is_a_code(made):
    def change(book):
        book["Люди"]["A2"] = '="Л-"&"0001"'

    data = by_hand(made, change)
    shown = data_with_shown_value(data, "Л-0001")
    assert edits(shown) == Merged()


def test_an_unreadable_value_stays_as_she_typed_it_and_asks_until_mended(made):
    found = edits(put(made, "Люди", "Дата рождения", 2, "весной"))
    assert found.edits == (Edited("people", "Л-0001", "birth", "весной"),)
    rows = {"people": {"Л-0001": Row("people", "Л-0001", {"birth": "весной"})}}
    [question] = workbook.unreadable(LAYOUT, rows)
    assert (question.code, question.column) == ("Л-0001", "birth")
    assert "нужна дата" in question.text
    assert workbook.unreadable(LAYOUT, {"people": {"Л-0001": Row("people", "Л-0001", {"birth": "1981-03-11"})}}) == []


@pytest.mark.parametrize(
    ("value", "wanted"), [("Иванова", "нужна строка"), ("НК-0001", "нужна строка"), ("Л-0077", "нет такой")]
)
def test_a_reference_to_nothing_asks(value, wanted):
    rows = {"mentors": {"НК-0001": Row("mentors", "НК-0001", {"person": value})}}
    assert wanted in workbook.unreadable(LAYOUT, rows)[0].text


@pytest.mark.parametrize("value", ["=1+1", "#REF!"])
def test_a_formula_or_an_error_is_no_edit_and_stays_where_it_is(made, value):
    def change(book):
        book["Люди"]["B2"] = value

    found = edits(by_hand(made, change))
    assert not found.edits
    assert value in found.questions[0].text


# --- headings and sheets ------------------------------------------------------------------------------------------


def heading(title, address, text):
    return lambda book: book[title].__setitem__(address, text)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (heading("Люди", "B1", "Фамилии"), ("«Фамилия»", "«Фамилии»")),
        (heading("Люди", "A1", "Номер"), ("«Код»",)),
        (heading("Люди", "F1", "Имя"), ("«Имя» стоит дважды", "«Примечание куратора»")),
        (lambda book: book["Люди"].delete_cols(3), ("«Имя»",)),
        (lambda book: setattr(book["Пары"], "title", "Пары 2026"), ("«Пары»", "«Пары 2026»")),
        (lambda book: book.remove(book["Приказы"]), ("«Приказы»",)),
    ],
)
def test_a_missing_heading_holds_everything_and_names_the_nearest(made, change, told):
    found = edits(by_hand(made, change))
    assert isinstance(found, Held)
    assert all(part in found.reason for part in told), found.reason


def test_another_sheet_of_ours_is_not_taken_for_the_missing_one():
    data = register(BASE)
    found = edits(by_hand(data, lambda book: book.remove(book["Наставники"])))
    assert "«Наставники»" in found.reason
    assert "«Наставляемые»" not in found.reason


def test_all_missing_headings_are_told_at_once(made):
    def change(book):
        book["Люди"]["B1"] = book["Пары"]["C1"] = "?"

    assert len(edits(by_hand(made, change)).reasons) == 2


def test_a_file_cut_short_is_told_in_russian_alone(made):
    with pytest.raises(cells.Damaged) as cut:
        cells.read(made[: len(made) // 2])
    assert not re.search("[a-z]{3}", wording.damaged(cut.value.reason.value, cut.value.detail).split("nastavnik")[0])


# --- the stamp ----------------------------------------------------------------------------------------------------


def test_a_workbook_without_its_stamp_has_none(made):
    def unname(book):
        del book.defined_names["nastavnik_revision"]

    def blank(book):
        book["О реестре"]["B2"] = None

    for change in (unname, blank, lambda book: book.remove(book["О реестре"])):
        assert workbook.read_stamp(cells.read(by_hand(made, change))) is None


def test_a_stamp_is_found_wherever_it_moved(made):
    assert workbook.read_stamp(cells.read(by_hand(made, reorder_sheets))) == workbook.Stamp("r-1", 1)


# --- values -------------------------------------------------------------------------------------------------------

KINDS = st.sampled_from(
    [
        Column(key="a", title="A", kind="text"),
        Column(key="a", title="A", kind="long"),
        Column(key="a", title="A", kind="date"),
        Column(key="a", title="A", kind="number"),
        Column(key="a", title="A", kind="choice", list="years"),
        Column(key="a", title="A", kind="choices", list="kinds"),
        Column(key="a", title="A", kind="ref", ref="people"),
        Column(key="a", title="A", kind="link"),
    ]
)
WRITTEN = st.one_of(
    st.text(max_size=40),
    st.dates(date(1900, 3, 1)).map(str),
    st.dates().map(lambda day: day.strftime("%d.%m.%Y")),
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(
        [
            "–",
            "20261105",
            "inf",
            "1e5",
            "=1",
            "'x",
            "2026-2027",
            "Иванова · Л-0001",
            "а/б",
            "е\u200b\u0308",
            "x" * 40_000,
        ]
    ),
)


@given(KINDS, WRITTEN)
def test_a_settled_value_is_what_a_cell_that_shows_it_reads_as(column, text):
    settled = workbook.settle(LAYOUT, column, text)
    shown = cells.cell(workbook.show_cell(column, settled))
    assert workbook.read_cell(LAYOUT, column, shown.value)[0] == settled
    assert workbook.settle(LAYOUT, column, settled) == settled


def test_a_link_shows_the_name_of_its_file():
    assert workbook.link_text("outbox/Приказы/2026/Приказ ПК-0001.docx") == "Приказ ПК-0001.docx"
    assert workbook.link_text("archive/2026-2027/" + "3fa94c12" * 8 + ".xlsx") == "3fa94c12.xlsx"
    assert workbook.link_text("Люди, «Фамилия», Л-0001") == "Люди, «Фамилия», Л-0001"


# --- who has it open ----------------------------------------------------------------------------------------------
