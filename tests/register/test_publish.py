"""What is planned for the workbook: only what must change, where it belongs, on real files."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import Row, natural
from pipeline.office import cells
from pipeline.office.cells import AppendRow, SetCell
from pipeline.register import merge, publish, workbook
from pipeline.register.merge import Merged
from tests.register.samples import BASE, LAYOUT, NEXT, STAMP, Codes, changed, merged, read, register, rows_of, wanted
from tests.register.test_workbook import by_hand

SAVED = Path(__file__).parent / "data" / "saved_by_libreoffice.xlsx"


@pytest.fixture(scope="module")
def made():
    return register(BASE)


def plan(data, view, adopted=None):
    return list(publish.changes(LAYOUT, read(data), wanted(view), NEXT, adopted or {}))


def published(data, view, adopted=None):
    return cells.apply(data, plan(data, view, adopted))


def put(data, title, row, values):
    """The workbook with cells of one row set, by heading."""
    headings = {cell.value: number for number, cell in cells.read(data).grids[title].rows[1].items()}
    return cells.apply(data, [SetCell(title, row, headings[key], value) for key, value in values.items()])


def place(data, sheet, code):
    """The row of the workbook where a code stands."""
    [line] = [line for line in read(data).tables[sheet].lines if line.code == code]
    return line.row


# --- nothing too much ---------------------------------------------------------------------------------------------


def test_a_register_that_says_it_all_is_not_written(made):
    assert plan(made, BASE) == []


def test_one_changed_cell_is_one_changed_cell_and_the_stamp(made):
    found = plan(made, changed(BASE, ("people", "Л-0002", "post", "методист")))
    assert found[0] == SetCell("Люди", 3, 5, "методист")
    assert {change.sheet for change in found[1:]} == {"О реестре"}
    data = cells.apply(made, found)
    assert workbook.read_stamp(cells.read(data)) == workbook.Stamp("r-1", 2)
    assert {cell.value for row in cells.read(data).grids["О реестре"].rows.values() for cell in row.values()} >= {
        "22.11.2026 12:00",
        "изменено строк – 1",
    }


def test_dates_and_numbers_stand_as_dates_and_numbers_and_references_by_name(made):
    book = cells.read(made)
    assert book.grids["Люди"].rows[2][4].kind == "date"
    assert book.grids["Наставники"].rows[2][5].value == 2.5
    assert book.grids["Наставники"].rows[2][2].value == "Иванова Мария · Л-0001"


def test_a_reference_follows_the_name_of_what_it_refers_to(made):
    data = published(made, changed(BASE, ("people", "Л-0001", "surname", "Петрова")))
    assert cells.read(data).grids["Наставники"].rows[2][2].value == "Петрова Мария · Л-0001"
    assert plan(data, changed(BASE, ("people", "Л-0001", "surname", "Петрова"))) == []


def test_a_bare_code_she_chose_gets_its_name(made):
    data = put(made, "Пары", 2, {"Наставник": "НК-0001"})
    assert SetCell("Пары", 2, 2, "Иванова Мария · НК-0001") in plan(data, BASE)


def test_the_drop_downs_follow_the_rows(made):
    view = changed(BASE, ("people", "Л-0007", "surname", "Авдеева"), ("people", "Л-0002", None, ""))
    grid = cells.read(published(made, view)).grids["Справочники"]
    [column] = [number for number, cell in grid.rows[1].items() if cell.value == "Люди"]
    assert [row[column].value for row in grid.rows.values() if column in row] == [
        "Люди",
        "Авдеева · Л-0007",
        "Иванова Мария · Л-0001",
    ]


# --- rows ---------------------------------------------------------------------------------------------------------


def test_a_new_row_takes_the_first_empty_place_and_its_code_moves_down(made):
    view = changed(BASE, ("people", "Л-0007", "surname", "Новикова"))
    data = published(made, view)
    assert place(data, "people", "Л-0007") == 4
    assert place(data, "people", "Л-0003") == 6
    assert workbook.said(read(data)) == wanted(view).view


def test_an_empty_place_beside_which_she_wrote_something_of_her_own_is_left_alone(made):
    own = cells.apply(made, [SetCell("Люди", 4, 12, "спросить")])
    data = published(own, changed(BASE, ("people", "Л-0007", "surname", "Новикова")))
    assert place(data, "people", "Л-0003") == 4
    assert place(data, "people", "Л-0007") == 5


def test_the_first_row_of_a_sheet_without_rows_stands_below_its_headings():
    bare = register({**BASE, "programmes": {}})
    data = published(bare, BASE)
    assert place(data, "programmes", "ПР-0001") == 2


def test_a_row_that_is_no_more_is_blanked_and_its_place_taken_by_the_next(made):
    data = published(made, changed(BASE, ("people", "Л-0001", None, "")))
    assert "Л-0001" not in {line.code for line in read(data).tables["people"].lines}
    view = changed(BASE, ("people", "Л-0001", None, ""), ("people", "Л-0007", "surname", "Новикова"))
    assert place(published(made, view), "people", "Л-0007") == 2


def test_rows_stay_where_she_sorted_them(made):
    view = changed(BASE, ("people", "Л-0002", "post", "методист"))
    one, two = (dict(cells.read(made).grids["Люди"].rows[row].items()) for row in (2, 3))
    swapped = [
        SetCell("Люди", row, c, (other.get(c) or cells.BLANK).value)
        for row, other in ((2, two), (3, one))
        for c in range(1, 9)
    ]
    data = published(cells.apply(made, swapped), view)
    assert (place(data, "people", "Л-0002"), place(data, "people", "Л-0001")) == (2, 3)
    assert workbook.said(read(data)) == wanted(view).view


def test_a_row_typed_without_a_code_gets_it_where_it_stands(made):
    data = put(made, "Люди", 9, {"Фамилия": "Новикова", "Имя": "Яна"})
    found = merged(wanted(BASE).view, read(data), wanted(BASE).view)
    adoption = merge.adopt(found, Codes(), "sha")
    view = changed(BASE, *((sheet, code, column, value) for sheet, code, column, value in adoption.edits))
    after = published(data, view, adoption.places)
    assert place(after, "people", "Л-0011") == 9
    assert merged(wanted(view).view, read(after), wanted(view).view) == Merged()
    assert plan(after, view) == []


def test_a_row_typed_without_a_code_is_left_alone_until_it_is_adopted(made):
    data = put(made, "Люди", 9, {"Фамилия": "Новикова"})
    assert plan(data, BASE) == []


def test_a_copy_of_a_row_gets_a_code_of_its_own(made):
    row = cells.read(made).grids["Люди"].rows[2]
    copy = cells.apply(made, [SetCell("Люди", 9, column, cell.value) for column, cell in row.items()])
    found = merged(wanted(BASE).view, read(copy), wanted(BASE).view)
    adoption = merge.adopt(found, Codes(), "sha")
    view = changed(BASE, *((sheet, code, column, value) for sheet, code, column, value in adoption.edits))
    after = published(copy, view, adoption.places)
    assert (place(after, "people", "Л-0001"), place(after, "people", "Л-0011")) == (2, 9)
    assert "state" not in workbook.said(read(after))["people"]["Л-0011"]


def test_a_code_dragged_over_blank_rows_goes_away(made):
    data = cells.apply(made, [SetCell("Люди", row, 1, code) for row, code in ((8, "Л-0004"), (9, "Л-0077"))])
    assert workbook.said(read(published(data, BASE))) == wanted(BASE).view
    assert place(published(data, BASE), "people", "Л-0004") == 5


def test_a_formula_in_a_cell_of_hers_stays_and_in_a_computed_one_goes(made):
    def change(book):
        book["Люди"]["B2"] = book["Люди"]["H2"] = "=1+1"

    data = by_hand(made, change)
    assert [one for one in plan(data, BASE) if one.sheet == "Люди"] == [SetCell("Люди", 2, 8, "В базе")]


def test_a_formula_goes_with_the_row_in_which_it_stood(made):
    def change(book):
        book["Люди"]["C2"] = book["Люди"]["B9"] = "=1+1"

    data = published(by_hand(made, change), changed(BASE, ("people", "Л-0001", None, "")))
    assert cells.read(data).grids["Люди"].rows.get(2, {}).keys() <= {1}
    assert [line.row for line in read(data).tables["people"].lines if line.mute] == [9]


# --- links --------------------------------------------------------------------------------------------------------


def linked(rows, **cells_):
    rows["people"]["Л-0001"] = Row("people", "Л-0001", {**rows["people"]["Л-0001"].cells, **cells_})
    return publish.wanted(LAYOUT, rows, {})


def test_links_to_files_lead_out_of_the_registers_folder_and_follow_the_file():
    path = "archive/2026-2027/" + "3fa94c12" * 8 + ".xlsx"
    one = linked(rows_of(BASE), origin=path)
    data = publish.create(LAYOUT, one, STAMP)
    grid = cells.read(data).grids["Люди"]
    assert grid.rows[2][7].value == "3fa94c12.xlsx"
    assert grid.links[2, 7] == "../" + path
    assert list(publish.changes(LAYOUT, read(data), one, NEXT, {})) == []
    moved = linked(rows_of(BASE), origin=path.replace("2026", "2025"))
    [change, *_] = publish.changes(LAYOUT, read(data), moved, NEXT, {})
    assert change.link == "../" + path.replace("2026", "2025")


def test_a_place_in_the_register_is_a_link_to_its_row():
    one = linked(rows_of(BASE), origin=publish.place(LAYOUT, "mentors", "НК-0001", "hours"))
    grid = cells.read(publish.create(LAYOUT, one, STAMP)).grids["Люди"]
    assert grid.rows[2][7].value == "Наставники, «Часов в неделю», НК-0001"
    assert grid.links[2, 7] == "#'Наставники'!A2"


# --- empty coded rows ---------------------------------------------------------------------------------------------


def test_empty_rows_keep_their_codes_and_only_filled_ones_are_replaced():
    codes = Codes()
    first = publish.empty_codes(LAYOUT, {}, codes, frozenset(), 3)
    assert first["people"] == ["Л-0011", "Л-0012", "Л-0013"]
    assert "programmes" not in first
    filled = {"people": {"Л-0012": Row("people", "Л-0012", {"surname": "Новикова"})}}
    then = publish.empty_codes(LAYOUT, filled, codes, {"Л-0013"}, 3)["people"]
    assert then[0] == "Л-0011"
    assert len(then) == 3
    assert not {"Л-0012", "Л-0013"} & set(then)
    assert publish.empty_codes(LAYOUT, filled, codes, {"Л-0013"}, 3)["people"] == then


def test_an_empty_row_filled_in_an_older_copy_is_that_row(made):
    newer = changed(BASE, ("people", "Л-0007", "surname", "Новикова"))
    older = put(made, "Люди", 4, {"Фамилия": "Орлов"})
    found = merged(wanted(BASE).view, read(older), wanted(newer).view)
    assert [(edit.code, edit.value) for edit in found.edits] == [("Л-0003", "Орлов")]
    view = changed(newer, ("people", "Л-0003", "surname", "Орлов"))
    assert workbook.said(read(published(older, view))) == wanted(view).view


# --- any content --------------------------------------------------------------------------------------------------

TEXTS = {
    "text": st.text(max_size=20).filter(str.strip),
    "long": st.text(max_size=20).filter(str.strip),
    "date": st.one_of(st.dates().map(str), st.just("весной"), st.just("–")),
    "number": st.one_of(st.integers(-9999, 9999).map(str), st.just("2.5"), st.just("много")),
    "choice": st.sampled_from(["2026-2027", "Согласовать", "На подпись", "иначе"]),
    "choices": st.sampled_from(["ситуационное", "ситуационное; реверсивное", "?"]),
    "ref": st.sampled_from(["Л-0001", "НК-0001", "ПК-0001", "Л-0404", "Иванова"]),
    "link": st.sampled_from(["archive/а/б в.xlsx", "outbox/Приказы/П.docx", "Люди, Л-0001"]),
}


def rows(sheet):
    texts = {column.key: st.one_of(st.just(""), TEXTS[column.kind]) for column in sheet.columns}
    cells_ = st.fixed_dictionaries(texts).map(lambda found: {key: text for key, text in found.items() if text})
    return st.dictionaries(st.integers(1, 6).map(lambda n: f"{sheet.prefix}-{n:04d}"), cells_, max_size=6)


VIEWS = st.fixed_dictionaries({sheet.key: rows(sheet) for sheet in LAYOUT.sheets})


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(VIEWS, VIEWS)
def test_making_and_updating_agree_whatever_the_rows_say(one, two):
    data = register(one)
    assert workbook.said(read(data)) == wanted(one).view
    assert plan(data, one) == []
    after = published(data, two)
    assert workbook.said(read(after)) == wanted(two).view
    assert plan(after, two) == []
    assert merged(wanted(two).view, read(after), wanted(two).view) == Merged()


def test_rows_are_made_in_the_order_of_their_codes_and_empty_ones_last():
    view = {**BASE, "people": {code: {"surname": "А"} for code in ("Л-0010", "Л-0002")} | {"Л-0001": {}}}
    codes = [line.code for line in read(register(view)).tables["people"].lines]
    assert codes == ["Л-0002", "Л-0010", "Л-0001"]
    assert sorted(codes[:2], key=natural) == codes[:2]


@pytest.mark.parametrize("filled", [0, 1, 2])
def test_no_row_looks_like_the_headings_however_few_rows_say_something(filled):
    people = {f"Л-{n:04}": {"surname": "А"} if n <= filled else {} for n in range(1, 5)}
    page = openpyxl.load_workbook(io.BytesIO(register({**BASE, "people": people})))["Люди"]
    looks = [[page.cell(row, column).fill.fgColor.rgb for column in range(1, 9)] for row in range(1, 6)]
    assert [page.cell(row, 1).value for row in range(2, 6)] == list(people)
    assert looks[0] not in looks[1:]
    assert all(look == looks[1] for look in looks[2:])


def test_many_new_rows_are_appended_and_what_ended_there_reaches_further(made):
    view = changed(BASE, *(("people", f"Л-{n:04d}", "surname", f"Фамилия {n}") for n in range(11, 41)))
    found = plan(made, view)
    assert sum(isinstance(change, AppendRow) for change in found) == 30
    data = cells.apply(made, found)
    assert workbook.said(read(data)) == wanted(view).view
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert '<autoFilter ref="A1:H35"' in xml


# --- a real office program ----------------------------------------------------------------------------------------


def test_a_register_saved_by_libreoffice_says_what_it_said():
    view = wanted(BASE).view
    data = SAVED.read_bytes()
    assert merged(view, read(data), view) == Merged()
    assert plan(data, BASE) == []
    assert workbook.read_stamp(cells.read(data)) == workbook.Stamp("r-1", 1)
    newer = changed(BASE, ("people", "Л-0007", "surname", "Новикова"), ("people", "Л-0002", "birth", "1990-01-02"))
    assert workbook.said(read(published(data, newer))) == wanted(newer).view


@pytest.mark.office
@pytest.mark.prove
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_opening_and_saving_in_libreoffice_is_no_edit(made, tmp_path):
    (tmp_path / "r.xlsx").write_bytes(made)
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run(
        [*command, "--outdir", tmp_path / "saved", tmp_path / "r.xlsx"], check=True, capture_output=True, timeout=180
    )
    data = (tmp_path / "saved" / "r.xlsx").read_bytes()
    assert merged(wanted(BASE).view, read(data), wanted(BASE).view) == Merged()
    assert plan(data, BASE) == []
