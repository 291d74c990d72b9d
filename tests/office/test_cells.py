"""Writing single cells: what was asked for changes, and nothing else does."""

import io
import re
import warnings
import zipfile
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.office import cells
from pipeline.office.cells import AppendRow, Cell, SetCell, Unwritable, writing
from tests.office import handmade
from tests.office.handmade import DATA, MAIN

SHEET = "xl/worksheets/sheet1.xml"
FIRST, LAST = datetime.fromisoformat("1900-03-01"), datetime.fromisoformat("9999-12-31T23:59:59")
CARRIERS = {
    "excel": handmade.rich(),
    "openpyxl": handmade.register(),
    "libreoffice": (DATA / "register_libreoffice.xlsx").read_bytes(),
    "libreoffice after excel": (DATA / "rich_libreoffice.xlsx").read_bytes(),
}
carriers = pytest.mark.parametrize("data", CARRIERS.values(), ids=CARRIERS.keys())


def records(data: bytes) -> dict[str, tuple[object, ...]]:
    """Every member of a zip file: its local record as it lies there, and what the directory says of it."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            start = info.header_offset
            size = 30 + int.from_bytes(data[start + 26 : start + 28], "little")
            size += int.from_bytes(data[start + 28 : start + 30], "little") + info.compress_size
            said = (info.date_time, info.compress_type, info.CRC, info.external_attr, info.create_system, info.extra)
            found[info.filename] = (data[start : start + size], info.comment, info.flag_bits, *said)
    return found


def changed(before: bytes, after: bytes) -> set[str]:
    old, new = records(before), records(after)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def without_rows(xml: bytes, rows: Collection[int]) -> bytes:
    for row in rows:
        xml = re.sub(rb'<row r="%d"(?=[ >])[^>]*?(/>|>.*?</row>)' % row, b"", xml, flags=re.DOTALL)
    return xml


def sheet(data: bytes, name: str = SHEET) -> bytes:
    return handmade.unpacked(data)[name]


def rows(data: bytes, title: str = "Люди") -> dict[int, dict[int, Cell]]:
    return {number: dict(row) for number, row in cells.read(data).grids[title].rows.items()}


def one(xml: bytes, path: str) -> etree._Element:
    (found,) = etree.fromstring(xml).xpath(path, namespaces={"m": MAIN})
    return found


def stated(xml: bytes, path: str) -> list[str]:
    return [str(value) for value in etree.fromstring(xml).xpath(path, namespaces={"m": MAIN})]


def written(value: cells.Value, data: bytes | None = None) -> Cell | None:
    data = data or handmade.simple('<row r="10"><c r="A10"/></row>')
    title = next(iter(cells.read(data).grids))
    return rows(cells.apply(data, [SetCell(title, 10, 1, value)]), title).get(10, {}).get(1)


@carriers
def test_only_the_sheet_changes_when_a_cell_does(data: bytes) -> None:
    after = cells.apply(data, [SetCell("Люди", 2, 2, "Петров")])
    assert changed(data, after) <= {SHEET, "xl/workbook.xml"}
    assert without_rows(sheet(after), [2]) == without_rows(sheet(data), [2])
    expected = rows(data)
    expected[2][2] = Cell("Петров", "text")
    assert rows(after) == expected


@carriers
def test_only_what_must_grow_changes_when_a_row_is_added(data: bytes) -> None:
    after = cells.apply(data, [AppendRow("Люди", {1: "Л-0004", 2: "Зимин"}, like_row=4)])
    assert changed(data, after) <= {SHEET, "xl/workbook.xml", "xl/tables/table1.xml"}
    mask = [(rb"\b(ref|sqref)=\"[^\"]*\"", b""), (rb"<xm:sqref>[^<]*", b"")]
    kept = [without_rows(sheet(each), [5]) for each in (data, after)]
    for pattern, blank in mask:
        kept = [re.sub(pattern, blank, each) for each in kept]
    assert kept[0] == kept[1]
    assert rows(after) == {**rows(data), 5: {1: Cell("Л-0004", "text"), 2: Cell("Зимин", "text")}}


@carriers
def test_other_cells_of_a_touched_row_keep_their_bytes(data: bytes) -> None:
    after = cells.apply(data, [SetCell("Люди", 2, 2, "Петров")])
    found = [re.findall(rb'<c r="[AC-H]2".*?(?:/>|</c>)', sheet(each), re.DOTALL) for each in (data, after)]
    assert found[0] == found[1] != []


@carriers
def test_openpyxl_loads_the_result_and_finds_the_same(data: bytes) -> None:
    changes = [SetCell("Люди", 3, 2, "=1+1"), AppendRow("Люди", {1: "Л-0004", 4: date(2026, 9, 1)}, like_row=4)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(io.BytesIO(cells.apply(data, changes)))
    people = book["Люди"]
    assert (people["B3"].value, people["B3"].data_type) == ("=1+1", "s")
    assert people["A5"].value == "Л-0004"
    assert people["D5"].value == datetime.fromisoformat("2026-09-01")
    assert people["D5"].is_date


def test_no_change_gives_the_very_bytes_back() -> None:
    data = CARRIERS["excel"]
    assert cells.apply(data, []) is data
    assert cells.apply(data, [SetCell("Люди", 40, 40, None)]) is data


def test_the_same_input_gives_the_same_bytes() -> None:
    changes = [AppendRow("Люди", {1: "Л-0004"}, 4, {1: "../archive/а.xlsx"})]
    assert cells.apply(CARRIERS["excel"], changes) == cells.apply(CARRIERS["excel"], changes)


members = st.dictionaries(
    st.text("абвgh./ _-1", min_size=1, max_size=12).map(lambda name: f"other/{name}.bin"),
    st.tuples(
        st.binary(max_size=60), st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]), st.binary(max_size=9)
    ),
    max_size=6,
)


comments = st.binary(max_size=20).filter(lambda comment: b"PK\5\6" not in comment)
"""A comment that holds the mark of the archive's end makes a file that no program reads."""


@given(others=members, first=st.booleans(), comment=comments)
@settings(max_examples=60, deadline=None)
def test_every_other_member_keeps_its_bytes_whatever_it_is(
    others: Mapping[str, tuple[bytes, int, bytes]], first: bool, comment: bytes
) -> None:
    target = io.BytesIO()
    own = [(name, (content, zipfile.ZIP_DEFLATED, b"")) for name, content in handmade.simple_parts("").items()]
    with zipfile.ZipFile(target, "w") as archive:
        for name, (content, method, note) in [*others.items(), *own] if first else [*own, *others.items()]:
            info = zipfile.ZipInfo(name, (1999, 12, 31, 23, 58, 2))
            info.compress_type, info.comment, info.external_attr = method, note, 0o100640 << 16
            info.extra = b"\x99\x99\x02\x00ab" if note else b""
            archive.writestr(info, content)
        archive.comment = comment
    data = target.getvalue()
    after = cells.apply(data, [SetCell("Л", 7, 3, "новое")])
    assert changed(data, after) == {"sheet.xml"}
    assert list(records(after)) == list(records(data))
    assert zipfile.ZipFile(io.BytesIO(after)).comment == zipfile.ZipFile(io.BytesIO(data)).comment


class Streamed(io.BytesIO):
    """A target that cannot seek, so that zipfile writes sizes after the data, as some programs do."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation


def test_members_with_sizes_after_their_data_are_kept_and_changed() -> None:
    target = Streamed()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in handmade.rich_parts().items():
            archive.writestr(name, content)
    data = target.getvalue()
    after = cells.apply(data, [SetCell("Люди", 2, 2, "Петров")])
    assert changed(data, after) == {SHEET, "xl/workbook.xml"}
    assert zipfile.ZipFile(io.BytesIO(after)).testzip() is None


texts = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(
    ["=1+1", "+7", "-1", "@а", "_x0041_", " а ", "a\r\nб"]
)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
moments = st.dates(date(1900, 3, 1)) | st.datetimes(FIRST, LAST)
anything = texts | numbers | moments | st.booleans() | st.none()


@given(value=anything)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_what_is_read(value: cells.Value) -> None:
    expected = cells.cell(value)
    assert written(value, handmade.rich()) == (None if expected == cells.BLANK else expected)


@given(value=st.datetimes(FIRST, LAST))
@settings(max_examples=100, deadline=None)
def test_a_moment_keeps_its_milliseconds(value: datetime) -> None:
    found = cells.cell(value).value
    assert isinstance(found, date)
    full = found if isinstance(found, datetime) else datetime.combine(found, time())
    assert abs(full - value) <= timedelta(milliseconds=0.6)


@pytest.mark.parametrize("text", ["=1+1", "+7 900", "-", "@name", "0012", "TRUE", "#REF!", "1E5", "{=a}", "'a"])
def test_text_is_text_whatever_it_begins_with(text: str) -> None:
    assert written(text) == Cell(text, "text")


@carriers
@pytest.mark.parametrize("text", ["=1+1", "+7 949 000-00-00", "-", "@а"])
def test_text_that_looks_like_a_formula_stays_text_when_somebody_leaves_its_cell(data: bytes, text: str) -> None:
    after = cells.apply(data, [SetCell("Люди", 2, 2, text)])
    cell = openpyxl.load_workbook(io.BytesIO(after))["Люди"]["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert changed(data, after) <= {SHEET, "xl/styles.xml", "xl/workbook.xml"}
    number = openpyxl.load_workbook(io.BytesIO(cells.apply(after, [SetCell("Люди", 2, 2, 7)])))["Люди"]["B2"]
    assert (number.value, number.quotePrefix) == (7, False)


def test_control_characters_become_replacement_signs() -> None:
    assert written("а\x00\x07б\x1b\x7f\x85\ud800\ufffe") == Cell("а\ufffd\ufffdб\ufffd\ufffd\ufffd\ufffd\ufffd", "text")


def test_spaces_tabs_and_line_ends_survive() -> None:
    assert written("  а\t б\r\n\r в \n") == Cell("  а\t б\n\n в \n", "text")


def test_a_text_that_looks_like_an_escape_stays_itself() -> None:
    assert written("_x0041_ _x005F_ _x12_") == Cell("_x0041_ _x005F_ _x12_", "text")


def test_the_longest_text_is_taken_and_a_longer_one_refused() -> None:
    assert written("я" * 32_767) == Cell("я" * 32_767, "text")
    for text in ("я" * 32_768, "😀" * 16_384):
        with pytest.raises(Unwritable):
            written(text)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 2**53 + 1, date(1900, 2, 28), datetime.fromisoformat("2026-09-01T00:00+03:00")],
)
def test_what_no_workbook_can_hold_is_refused(value: cells.Value) -> None:
    with pytest.raises(Unwritable):
        written(value, handmade.rich())


@pytest.mark.parametrize(
    "change",
    [
        SetCell("Нет такого", 1, 1, 1),
        SetCell("Люди", 0, 1, 1),
        SetCell("Люди", 1_048_577, 1, 1),
        SetCell("Люди", 1, 16_385, 1),
        SetCell("Люди", 1, 2, "Другой заголовок"),
        AppendRow("Люди", {}, 4),
        AppendRow("Люди", {1: None, 2: ""}, 4),
    ],
)
def test_a_change_with_no_place_is_refused(change: cells.Change) -> None:
    with pytest.raises(Unwritable):
        cells.apply(handmade.rich(), [change])


def test_a_whole_number_stays_whole() -> None:
    assert written(3.0) == Cell(3, "number")
    assert isinstance(written(3.0).value, int)
    assert written(True) == Cell(True, "bool")


def test_clearing_a_cell_keeps_its_format() -> None:
    after = cells.apply(handmade.rich(), [SetCell("Люди", 2, 4, None)])
    assert b'<c r="D2" s="2"/>' in sheet(after)
    assert 4 not in rows(after)[2]


def test_a_cell_that_is_there_keeps_its_format() -> None:
    after = cells.apply(handmade.rich(), [SetCell("Люди", 2, 4, date(2026, 10, 1), style_like=(1, 1))])
    assert b'<c r="D2" s="2"><v>46296</v></c>' in sheet(after)
    assert changed(handmade.rich(), after) == {SHEET, "xl/workbook.xml"}


def test_a_new_cell_takes_the_format_asked_for_else_of_its_row_else_of_its_column() -> None:
    after = cells.apply(
        handmade.rich(),
        [SetCell("Люди", 5, 3, "а", style_like=(2, 4)), SetCell("Люди", 3, 3, "б"), SetCell("Люди", 6, 8, "в")],
    )
    styles = {found[0]: found[1] for found in re.findall(rb'<c r="(C5|C3|H6)" s="(\d+)"', sheet(after))}
    assert styles == {b"C5": b"2", b"C3": b"3", b"H6": b"4"}


def test_a_date_in_a_plain_cell_gets_a_date_format_and_no_style_changes() -> None:
    data = handmade.rich()
    after = cells.apply(data, [SetCell("Люди", 2, 2, date(2026, 9, 1)), SetCell("Люди", 4, 2, date(2026, 9, 2))])
    before, now = handmade.unpacked(data)["xl/styles.xml"], handmade.unpacked(after)["xl/styles.xml"]
    assert now.count(b"<xf ") == before.count(b"<xf ") + 2  # one for the default style, one for style 6
    assert stated(now, "//m:cellXfs/m:xf/@numFmtId")[:7] == stated(before, "//m:cellXfs/m:xf/@numFmtId")
    assert stated(now, "//m:cellXfs/m:xf[last()]/@quotePrefix") == ["0"]
    assert stated(now, "//m:cellXfs/@count") == ["9"]


def test_an_existing_style_is_used_before_one_is_added() -> None:
    once = cells.apply(handmade.rich(), [SetCell("Люди", 2, 2, date(2026, 9, 1))])
    twice = cells.apply(once, [SetCell("Люди", 2, 3, date(2026, 9, 1))])
    assert "xl/styles.xml" not in changed(once, twice)


def test_a_number_in_a_date_cell_reads_back_as_a_number() -> None:
    after = cells.apply(handmade.rich(), [SetCell("Люди", 2, 4, 46266)])
    assert rows(after)[2][4] == Cell(46266, "number")


def test_a_date_follows_the_epoch_of_the_workbook() -> None:
    parts = handmade.rich_parts()
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
    data = handmade.packed(parts)
    assert rows(data)[2][4] == Cell(date(2030, 9, 2), "date")
    after = cells.apply(data, [SetCell("Люди", 2, 4, date(2026, 9, 1))])
    assert b'<c r="D2" s="2"><v>44804</v></c>' in sheet(after)
    assert rows(after)[2][4] == Cell(date(2026, 9, 1), "date")


def test_a_missing_style_part_refuses_a_date_but_takes_text() -> None:
    assert written("а") == Cell("а", "text")
    with pytest.raises(Unwritable):
        written(date(2026, 9, 1))


def test_rows_and_cells_stay_in_order() -> None:
    changes = [SetCell("Люди", row, column, row * column) for row in (9, 7, 5, 6, 2) for column in (28, 3, 1, 8)]
    after = sheet(cells.apply(handmade.rich(), changes))
    numbers = [int(value) for value in stated(after, "//m:row/@r")]
    assert numbers == sorted(set(numbers))
    for row in etree.fromstring(after).iter(f"{{{MAIN}}}row"):
        places = [(len(c.get("r")), c.get("r")) for c in row.iter(f"{{{MAIN}}}c")]
        assert places == sorted(set(places))


def test_the_stated_size_covers_what_is_written() -> None:
    after = cells.apply(handmade.rich(), [SetCell("Люди", 12, 27, 1)])
    assert one(sheet(after), "//m:dimension").get("ref") == "A1:AA12"


def test_rows_and_cells_without_addresses_are_written_in_place() -> None:
    changes = [SetCell("Списки", 2, 1, "Химия"), SetCell("Списки", 3, 1, "Право"), SetCell("Списки", 5, 4, None)]
    after = cells.apply(handmade.rich(), changes)
    found = {row: {c: cell.value for c, cell in cells_.items()} for row, cells_ in rows(after, "Списки").items()}
    assert found == {1: {1: "Математика", 2: 1}, 2: {1: "Химия"}, 3: {1: "Право"}, 5: {3: 7}}


def test_a_row_is_added_below_the_last_with_its_formats() -> None:
    after = cells.apply(handmade.rich(), [AppendRow("Люди", {1: "Л-0004", 4: date(2026, 9, 1)}, like_row=4)])
    row = etree.tostring(one(sheet(after), "//m:row[@r=5]")).decode()
    assert re.findall(r'<c r="(\w+)"(?: s="(\d+)")?', row) == [("A5", ""), ("B5", "6"), ("D5", "2")]


def test_what_ended_at_the_last_row_reaches_to_the_new_one() -> None:
    after = cells.apply(handmade.rich(), [AppendRow("Люди", {1: "Л-0004"}, 4), AppendRow("Люди", {1: "Л-0005"}, 4)])
    xml, parts = sheet(after), handmade.unpacked(after)
    assert stated(xml, "//m:worksheet/m:autoFilter/@ref") == ["A1:H6"]
    assert stated(xml, "//m:conditionalFormatting/@sqref") == ["E2:E6"]
    assert stated(xml, "//m:dataValidation/@sqref") == ["B2:B6 G2:G6", "A2:A4", "A5:A24"]
    assert stated(xml, "//*[local-name()='sqref']/text()") == ["F2:F6", "H4", "C2:C6"]
    assert stated(parts["xl/tables/table1.xml"], "//@ref") == ["A1:C6", "A1:C6"]
    names = stated(parts["xl/workbook.xml"], "//m:definedName/text()")
    assert names[:4] == ["Люди!$A$1:$H$6", "'Люди'!$A$1:$F$6,Люди!$H$1:$H$2", "Люди!$A$2:$A$6", "Списки!$A$1:$A$4"]


def test_what_belongs_to_a_persons_own_view_does_not_grow() -> None:
    after = cells.apply(handmade.rich(), [AppendRow("Люди", {1: "Л-0004"}, 4)])
    xml = sheet(after)
    assert stated(xml, "//m:customSheetView/m:autoFilter/@ref") == ["A1:H4"]
    assert stated(xml, "//m:protectedRange/@sqref | //m:ignoredError/@sqref") == ["A2:A4", "A2:A4"]


def test_a_new_row_does_not_write_over_what_stands_below() -> None:
    data = cells.apply(handmade.rich(), [SetCell("Люди", 5, 2, "заметка")])
    after = cells.apply(data, [AppendRow("Люди", {1: "Л-0004"}, 4)])
    assert rows(after)[5] == {2: Cell("заметка", "text")}
    assert rows(after)[6] == {1: Cell("Л-0004", "text")}


def test_a_table_does_not_grow_over_the_next_table() -> None:
    parts = handmade.rich_parts()
    parts["xl/tables/table2.xml"] = (
        parts["xl/tables/table1.xml"].replace(b"A1:C4", b"A6:C7").replace(b'id="1" n', b'id="2" n')
    )
    links = "xl/worksheets/_rels/sheet1.xml.rels"
    more = f'<Relationship Id="rId9" Type="{handmade.DOC}/table" Target="../tables/table2.xml"/></Relationships>'
    parts[links] = parts[links].replace(b"</Relationships>", more.encode())
    heading = '<row r="6"><c r="A6" t="inlineStr"><is><t>Код</t></is></c></row><row r="9"'
    parts[SHEET] = parts[SHEET].replace(b"</tableParts>", b'<tablePart r:id="rId9"/></tableParts>')
    parts[SHEET] = parts[SHEET].replace(b'<row r="9"', heading.encode())
    data = cells.apply(handmade.packed(parts), [SetCell("Люди", 5, 1, "я"), SetCell("Люди", 7, 1, "я")])
    with pytest.raises(Unwritable):
        cells.apply(data, [SetCell("Люди", 6, 1, "заголовок")])
    after = cells.apply(data, [AppendRow("Люди", {9: "Л-0004"}, 4), AppendRow("Люди", {1: "Л-0005"}, 7)])
    now = handmade.unpacked(after)
    assert stated(now["xl/tables/table2.xml"], "//@ref") == ["A6:C9", "A6:C9"]
    assert stated(now["xl/tables/table1.xml"], "//@ref") == ["A1:C4", "A1:C4"]


def test_a_table_with_totals_stays_as_it_is() -> None:
    table = handmade.rich_parts()["xl/tables/table1.xml"].replace(
        b"totalsRowShown", b'totalsRowCount="1" totalsRowShown'
    )
    data = handmade.rich(table1=table)
    assert "xl/tables/table1.xml" not in changed(data, cells.apply(data, [AppendRow("Люди", {1: "Л-0004"}, 4)]))


def test_links_inside_and_outside_are_given_and_taken() -> None:
    outside, inside = "../archive/2026-2027/Анкета № 1.xlsx", "#'О реестре'!B2"
    changes = [
        SetCell("Люди", 3, 1, "Л-0002", link=outside),
        SetCell("Люди", 4, 1, "Л-0003", link=inside),
        SetCell("Люди", 2, 1, "Л-0001", link=""),
        AppendRow("Люди", {1: "Л-0004"}, 4, {1: outside}),
        SetCell("Списки", 1, 1, "Математика", link=inside),
    ]
    after = cells.apply(handmade.rich(), changes)
    expected = {(2, 2): "#'Списки'!A1", (3, 1): outside, (4, 1): inside, (5, 1): outside}
    book = cells.read(after)
    assert book.grids["Люди"].links == expected
    assert book.grids["Списки"].links == {(1, 1): inside}
    assert changed(handmade.rich(), after) <= {
        *(SHEET, "xl/worksheets/sheet2.xml", "xl/worksheets/_rels/sheet1.xml.rels"),
        *("xl/workbook.xml", "xl/tables/table1.xml"),
    }


def test_the_first_outside_link_of_a_sheet_makes_its_list_of_links() -> None:
    data = handmade.rich()
    after = cells.apply(data, [SetCell("Списки", 1, 1, "Математика", link="а.xlsx")])
    assert changed(data, after) == {
        "xl/worksheets/sheet2.xml",
        "xl/worksheets/_rels/sheet2.xml.rels",
        "xl/workbook.xml",
    }
    assert cells.read(after).grids["Списки"].links == {(1, 1): "а.xlsx"}


def test_taking_the_last_link_takes_the_list_too() -> None:
    changes = [SetCell("Люди", 2, 1, "Л-0001", link=""), SetCell("Люди", 2, 2, "Иванова", link="")]
    after = cells.apply(handmade.rich(), changes)
    assert b"hyperlink" not in sheet(after)


def test_formulas_ask_for_recalculation_only_where_there_are_formulas() -> None:
    with_formulas = cells.apply(handmade.rich(), [SetCell("Списки", 1, 1, "а")])
    assert b'<calcPr calcId="152511" fullCalcOnLoad="1"/>' in handmade.unpacked(with_formulas)["xl/workbook.xml"]
    again = cells.apply(with_formulas, [SetCell("Списки", 1, 1, "б")])
    assert changed(with_formulas, again) == {"xl/worksheets/sheet2.xml"}
    plain = handmade.register()
    assert changed(plain, cells.apply(plain, [SetCell("Люди", 2, 2, "а")])) == {SHEET}


def test_overwriting_a_formula_drops_the_calculation_chain() -> None:
    data = handmade.rich()
    after = cells.apply(data, [SetCell("Люди", 3, 2, "а")])
    parts = handmade.unpacked(after)
    assert "xl/calcChain.xml" not in parts
    assert b"calcChain" not in parts["[Content_Types].xml"] + parts["xl/_rels/workbook.xml.rels"]
    assert changed(data, after) == {
        *("xl/calcChain.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"),
        *(SHEET, "xl/workbook.xml"),
    }
    kept = cells.apply(data, [SetCell("Люди", 2, 5, 3)])
    assert "xl/calcChain.xml" not in changed(data, kept)


def test_a_shared_formula_outlives_the_cell_that_says_it() -> None:
    after = cells.apply(handmade.rich(), [SetCell("Люди", 2, 6, 1)])
    assert [rows(after)[row][6].value for row in (2, 3, 4)] == [1, "=E3*2+$E$2", "=E4*2+$E$2"]
    assert [rows(after)[row][6].shown for row in (2, 3, 4)] == [None, 8.5, 10.5]
    both = cells.apply(handmade.rich(), [SetCell("Люди", 2, 6, 1), SetCell("Люди", 3, 6, 2)])
    assert [rows(both)[row][6].value for row in (2, 3, 4)] == [1, 2, "=E4*2+$E$2"]
    dependent = cells.apply(handmade.rich(), [SetCell("Люди", 3, 6, 1)])
    assert [rows(dependent)[row][6].value for row in (2, 3, 4)] == ["=E2*2+$E$2", 1, "=E4*2+$E$2"]


def test_a_part_of_an_array_formula_is_refused_and_the_whole_taken() -> None:
    formula = '<row r="1"><c r="A1"><f t="array" ref="A1:B1">C1:D1</f><v>1</v></c><c r="B1"><v>2</v></c></row>'
    data = handmade.simple(formula)
    with pytest.raises(Unwritable):
        cells.apply(data, [SetCell("Л", 1, 2, 5)])
    after = cells.apply(data, [SetCell("Л", 1, 1, 4), SetCell("Л", 1, 2, 5)])
    assert rows(after, "Л") == {1: {1: Cell(4, "number"), 2: Cell(5, "number")}}


def test_the_last_of_two_changes_of_one_cell_counts() -> None:
    after = cells.apply(handmade.rich(), [SetCell("Люди", 20, 1, "а"), SetCell("Люди", 20, 1, None)])
    assert rows(after) == rows(handmade.rich())
    after = cells.apply(handmade.rich(), [SetCell("Люди", 20, 1, None), SetCell("Люди", 20, 1, "а")])
    assert rows(after)[20] == {1: Cell("а", "text")}


def test_a_sheet_with_a_prefix_on_its_names_keeps_it() -> None:
    xml = handmade.simple_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    xml["sheet.xml"] = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml["sheet.xml"]).replace(b"xmlns=", b"xmlns:x=")
    data = handmade.packed(xml)
    after = cells.apply(data, [SetCell("Л", 1, 2, "а", link="#Л!A1"), AppendRow("Л", {1: True}, 1)])
    assert rows(after, "Л") == {1: {1: Cell(1, "number"), 2: Cell("а", "text")}, 2: {1: Cell(True, "bool")}}
    assert not re.search(rb"</?(?!x:)\w", sheet(after, "sheet.xml"))


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1251"])
def test_a_sheet_in_another_encoding_or_with_comments_is_written_all_the_same(encoding: str) -> None:
    parts = handmade.simple_parts(
        '<row r="1"><!-- <row r="9"> --><c r="A1" t="str"><v><![CDATA[<row>Ё]]></v></c></row>'
    )
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    parts["sheet.xml"] = (head + parts["sheet.xml"].decode()).encode(encoding)
    after = cells.apply(handmade.packed(parts), [SetCell("Л", 1, 2, "Ж")])
    assert rows(after, "Л") == {1: {1: Cell("<row>Ё", "text"), 2: Cell("Ж", "text")}}


def test_an_empty_sheet_takes_its_first_cell() -> None:
    parts = handmade.simple_parts("")
    parts["sheet.xml"] = parts["sheet.xml"].replace(b"<sheetData></sheetData>", b"<sheetData />")
    after = cells.apply(handmade.packed(parts), [SetCell("Л", 3, 2, "а")])
    assert rows(after, "Л") == {3: {2: Cell("а", "text")}}


def test_a_thousand_changes_are_one_write() -> None:
    changes = [AppendRow("Люди", {1: f"Л-{n:04}", 2: "Зимин"}, 4) for n in range(4, 1004)]
    after = cells.apply(handmade.register(), [*changes, SetCell("Люди", 2, 2, "Петров")])
    assert len(rows(after)) == 1004
    assert rows(after)[1004][1] == Cell("Л-1003", "text")
    assert stated(sheet(after), "//m:autoFilter/@ref") == ["A1:F1004"]


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_changes_made_some_at_a_time_come_to_the_same(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    links = {2: "../архив/анкета.xlsx"}
    changes = [
        *(SetCell("Люди", row, column, f"{row}:{column}") for row in (2, 3) for column in (2, 3)),
        *(AppendRow("Люди", {1: f"Л-{n:04}", 4: date(2026, 9, n)}, 4, links) for n in range(4, 12)),
        SetCell("Списки", 2, 1, "иное"),
        AppendRow("Люди", {1: "Л-0012"}, 4),
    ]
    whole = cells.apply(handmade.rich(), changes)
    monkeypatch.setattr(writing, "AT_ONCE", at_once)
    after = cells.apply(handmade.rich(), iter(changes))
    assert rows(after) == rows(whole)
    assert cells.read(after).grids["Люди"].links == cells.read(whole).grids["Люди"].links
    for stating in ("//m:autoFilter/@ref", "//m:conditionalFormatting/@sqref", "//m:dataValidation/@sqref"):
        assert stated(sheet(after), stating) == stated(sheet(whole), stating)
    parts, others = handmade.unpacked(after), handmade.unpacked(whole)
    assert parts["xl/tables/table1.xml"] == others["xl/tables/table1.xml"]
    assert parts["xl/workbook.xml"] == others["xl/workbook.xml"]


places = st.tuples(st.integers(2, 12), st.integers(1, 10))


@given(wanted=st.dictionaries(places, anything, min_size=1, max_size=12), carrier=st.sampled_from(sorted(CARRIERS)))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_set_of_changes_gives_the_old_cells_overlaid_by_the_new(
    wanted: Mapping[tuple[int, int], cells.Value], carrier: str
) -> None:
    data = CARRIERS[carrier]
    after = cells.apply(data, [SetCell("Люди", *place, value) for place, value in wanted.items()])
    expected = rows(data)
    for (row, column), value in wanted.items():
        expected.setdefault(row, {})[column] = cells.cell(value)
    kept = {r: {c: cell for c, cell in found.items() if cell != cells.BLANK} for r, found in expected.items()}
    assert rows(after) == {r: found for r, found in kept.items() if found}
    assert changed(data, after) <= {
        *(SHEET, "xl/workbook.xml", "xl/styles.xml"),
        *("xl/calcChain.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"),
    }
    assert (
        without_rows(sheet(after), range(2, 13)).split(b"<sheetData")[1]
        == (without_rows(sheet(data), range(2, 13)).split(b"<sheetData")[1])
    )
