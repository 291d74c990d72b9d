"""The new register as a person meets it: headings, hints, drop-downs, colours, print set-up."""

import io
from pathlib import Path

import openpyxl
import pytest
import yaml

from pipeline import catalog
from pipeline.register import publish, workbook
from pipeline.wording import register as wording
from tests.register.samples import BASE, LAYOUT, STAMP, read, register


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(io.BytesIO(register(BASE)))


def validation(page, address):
    return next(one for one in page.data_validations.dataValidation if address in one)


def test_every_sheet_stands_in_its_order_and_two_about_the_register_follow(book):
    assert book.sheetnames == [*(sheet.title for sheet in LAYOUT.sheets), "Справочники", "О реестре"]


def test_headings_are_frozen_explained_and_filtered(book):
    for sheet in LAYOUT.sheets:
        page = book[sheet.title]
        assert [cell.value for cell in page[1]] == ["Код", *(column.title for column in sheet.columns)]
        assert page.freeze_panes == "C2"
        assert page.auto_filter.ref.startswith("A1:")
        assert all(cell.comment.text for cell in page[1])
    assert "Полностью" in book["Люди"]["E1"].comment.text
    assert "Люди." in book["Люди"]["A1"].comment.text


def test_a_closed_answer_refuses_a_reference_doubts_and_several_answers_are_offered(book):
    refuses = validation(book["Пары"], "E2")
    assert (refuses.showErrorMessage, refuses.errorStyle) == (True, "stop")
    doubts = validation(book["Пары"], "B2")
    assert (doubts.showErrorMessage, doubts.errorStyle) == (True, "warning")
    assert validation(book["Наставники"], "F2").showErrorMessage is False
    for one in (refuses, doubts):
        assert one.type == "list"
        assert "'Справочники'!$" in one.formula1
        assert "B5000" in one or "E5000" in one


def test_computed_columns_have_no_drop_down(book):
    with pytest.raises(StopIteration):
        validation(book["Пары"], "F2")


def test_whose_cell_it_is_can_be_seen(book):
    page = book["Люди"]
    form, curator, program = page["B2"], page["F2"], page["H2"]
    assert form.fill.fill_type is None
    assert curator.fill.fgColor.rgb != program.fill.fgColor.rgb
    assert program.font.italic
    assert len({page[address].fill.fgColor.rgb for address in ("B1", "F1", "H1")}) == 3


def test_rows_added_later_look_like_the_first(book):
    page = book["Люди"]
    assert page["B5"].alignment.wrap_text
    assert page["D3"].number_format == "DD.MM.YYYY"
    assert page["F5"].fill.fgColor.rgb == page["F2"].fill.fgColor.rgb


def test_it_prints_on_landscape_a4_with_headings_on_every_page(book):
    page = book["Пары"]
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0
    assert page.print_title_rows == "$1:$1"
    assert "&P" in page.oddFooter.center.text


def test_what_is_lacking_and_how_a_row_stands_is_coloured(book):
    coloured = {str(area.sqref) for area in book["Пары"].conditional_formatting}
    assert coloured == {"H2:H10001"}
    assert {str(area.sqref) for area in book["Люди"].conditional_formatting} == {"H2:H10001"}


def test_the_register_tells_what_it_is_and_how_to_use_it(book):
    page = book["О реестре"]
    assert [page.cell(row, 2).value for row in range(1, 5)] == ["r-1", 1, "22.11.2026 12:00", wording.created()]
    texts = {cell.value for row in page.iter_rows() for cell in row}
    assert set(wording.how_to_use()) <= texts


def test_the_shipped_register_is_made_and_read_back():
    activities = catalog.Activities(areas=(catalog.Area(key="lessons", title="Занятия"),), activities=())
    layout = catalog.Layout.model_validate(yaml.safe_load(Path("config/register.yaml").read_text("utf-8")))
    sheets = tuple(catalog.expansion.sheet_of(sheet, activities) for sheet in layout.sheets)
    lists = {
        **layout.lists,
        "signers": ("Директор Лихачева",),
        "order_kinds": ("Поощрение",),
        "application_kinds": ("Замена наставника",),
    }
    layout = catalog.Layout(sheets=sheets, lists=lists)
    wanted = publish.wanted(layout, {}, {"pairs": ["П-0001", "П-0002"]})
    theirs = workbook.read_sheets(read(publish.create(layout, wanted, STAMP)).book, layout)
    assert theirs.troubles == ()
    assert workbook.said(theirs) == wanted.view
