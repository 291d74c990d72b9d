"""Reading a workbook: every cell as it is meant, and a clear refusal of what cannot be read without guessing."""

import io
import random
import re
import warnings
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.office import cells
from pipeline.office.cells import Cell, Damaged, Reason, SetCell, Unwritable
from pipeline.office.cells import archive as zips
from tests.office import handmade
from tests.office.handmade import DATA

SHEET = "xl/worksheets/sheet1.xml"


def rows(data: bytes, title: str = "Л") -> dict[int, dict[int, Cell]]:
    return {number: dict(row) for number, row in cells.read(data).grids[title].rows.items()}


def refusal(data: bytes) -> Reason:
    with pytest.raises(Damaged) as caught:
        for grid in cells.read(data).grids.values():
            assert grid
    return caught.value.reason


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00")


@pytest.mark.parametrize("unit", [b"\0", b"abcdefg"])
def test_a_part_of_any_length_is_unpacked_whole(unit: bytes) -> None:
    for length in (1, *range(2**18 - 4, 2**18 + 12)):
        content = (unit * (length // len(unit) + 1))[:length]
        data = handmade.packed({**handmade.rich_parts(), "xl/notes.bin": content})
        assert b"".join(zips.pieces(zips.opened(data), "xl/notes.bin")) == content


def test_every_kind_of_cell_is_read_as_it_is_meant() -> None:
    found = rows(handmade.rich(), "Люди")
    assert found[1] == {n: Cell(t, "text") for n, t in enumerate(("Код", "Фамилия", "Имя", "Дата", "Часы", "Сумма"), 1)}
    assert found[2] == {
        1: Cell("Л-0001", "text"),
        2: Cell("Иванова\n", "text"),
        3: Cell("Мария & Ко", "text"),
        4: Cell(date(2026, 9, 1), "date"),
        5: Cell(2.5, "number"),
        6: Cell("=E2*2+$E$2", "formula"),
        7: Cell(True, "bool"),
        8: Cell("#REF!", "error"),
    }
    assert found[3][4] == Cell(noon("2026-09-02"), "date")


def test_a_formula_is_its_text_and_shows_what_was_computed_last() -> None:
    found = rows(handmade.rich(), "Люди")
    assert [(found[row][6].value, found[row][6].shown) for row in (2, 3, 4)] == [
        ("=E2*2+$E$2", 7.5),
        ("=E3*2+$E$2", 8.5),
        ("=E4*2+$E$2", 10.5),
    ]
    assert (found[3][2].value, found[3][2].shown) == ('="a"&"б"', "aб")
    assert Cell("=A1", "formula", 1) == Cell("=A1", "formula", 2)


def test_rows_and_cells_without_addresses_follow_those_before_them() -> None:
    found = rows(handmade.rich(), "Списки")
    assert {row: {c: cell.value for c, cell in held.items()} for row, held in found.items()} == {
        1: {1: "Математика", 2: 1},
        2: {1: "Физика"},
        5: {3: 7, 4: 8},
    }


@pytest.mark.parametrize("name", ["register_libreoffice.xlsx", None])
def test_named_cells_give_their_place_and_value(name: str | None) -> None:
    book = cells.read((DATA / name).read_bytes() if name else handmade.register())
    assert dict(book.names) == {"register_id": "3f2a", "revision": 17}
    assert book.places["revision"] == ("О реестре", 2, 2)
    assert list(book.grids) == ["Люди", "Справочники", "О реестре"]
    assert not book.date1904


def test_a_name_without_one_cell_is_not_told() -> None:
    book = cells.read(handmade.rich())
    assert dict(book.names) == {"revision": 7}
    with pytest.raises(KeyError):
        book.names["codes"]


@pytest.mark.parametrize(("made", "saved"), [("register", "register_libreoffice"), ("rich", "rich_libreoffice")])
def test_opening_and_saving_in_libreoffice_is_no_edit(made: str, saved: str) -> None:
    before = cells.read(getattr(handmade, made)())
    after = cells.read((DATA / f"{saved}.xlsx").read_bytes())
    assert {title: grid.rows for title, grid in before.grids.items()} == {t: g.rows for t, g in after.grids.items()}
    assert dict(before.names) == dict(after.names)


@pytest.mark.parametrize(
    "data", [handmade.rich(), handmade.register(40), (DATA / "rich_libreoffice.xlsx").read_bytes()]
)
def test_openpyxl_reads_the_same_values(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(io.BytesIO(data))
    for title, grid in cells.read(data).grids.items():
        for row, held in grid.rows.items():
            for column, cell in held.items():
                other = book[title].cell(row, column).value
                if cell.kind == "date":
                    assert other in (cell.value, datetime.fromisoformat(str(cell.value)))
                elif cell.kind in ("text", "number") and "\n" not in str(cell.value):
                    assert other == cell.value


FORMATS = [
    ("dd.mm.yyyy", True),
    ("dd\\.mm\\.yyyy;@", True),
    ("[$-419]d mmmm yyyy&quot; г.&quot;;@", True),
    ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", True),
    ("h:mm", True),
    ("YYYY", True),
    ("[Red]0.00", False),
    ("0&quot; day&quot;", False),
    ("0\\d", False),
    ("# ##0_d", False),
    ("[h]:mm", False),
    ("General", False),
    ("0.00E+00", False),
    ("@", False),
]


@pytest.mark.parametrize(("code", "is_date"), FORMATS)
def test_a_number_is_a_date_when_its_format_says_so(code: str, is_date: bool) -> None:
    styles = handmade.rich_parts()["xl/styles.xml"]
    styles = styles.replace(b"dd\\.mm\\.yyyy;@", code.encode())
    assert (rows(handmade.rich(styles=styles), "Люди")[2][4].kind == "date") is is_date


@pytest.mark.parametrize("number", [*range(13, 24), *range(44, 50)])
def test_the_built_in_date_formats_are_known(number: int) -> None:
    styles = re.sub(rb'<xf numFmtId="164"', b'<xf numFmtId="%d"' % number, handmade.rich_parts()["xl/styles.xml"])
    found = rows(handmade.rich(styles=styles), "Люди")[2][4]
    assert (found.kind == "date") is (number in (14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47))


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        ("46266", Cell(date(2026, 9, 1), "date")),
        ("46266.0", Cell(date(2026, 9, 1), "date")),
        ("46266.999999999", Cell(date(2026, 9, 2), "date")),
        ("2958465", Cell(date(9999, 12, 31), "date")),
        ("61", Cell(date(1900, 3, 1), "date")),
        ("60", Cell(60, "number")),
        ("0.5", Cell(0.5, "number")),
        ("2958466", Cell(2958466, "number")),
        ("-1", Cell(-1, "number")),
    ],
)
def test_a_day_that_programs_read_differently_stays_a_number(serial: str, expected: Cell) -> None:
    sheet = handmade.rich_parts()["xl/worksheets/sheet1.xml"].replace(b"<v>46266</v>", b"<v>%s</v>" % serial.encode())
    assert rows(handmade.rich(sheet1=sheet), "Люди")[2][4] == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<v>1E-3</v>", Cell(0.001, "number")),
        ("<v>1E2</v>", Cell(100, "number")),
        ("<v>-0</v>", Cell(0, "number")),
        ("<v> 7 </v>", Cell(7, "number")),
        ("<v>123456789012345678</v>", Cell(123456789012345678.0, "number")),
        ('" t="b"><v>0</v>', Cell(False, "bool")),
        ('" t="b"><v>true</v>', Cell(True, "bool")),
        ('" t="b"><f aca="false">FALSE()</f><v>0</v>', Cell(False, "bool")),
        ('" t="e"><f aca="false">#REF!</f><v>#REF!</v>', Cell("#REF!", "error")),
        ('" t="e"><v>#N/A</v>', Cell("#N/A", "error")),
        ('" t="str"><v>а_x0009_б_x000d_</v>', Cell("а\tб\n", "text")),
        ('" t="str"><v>_xD83D__xDE00_</v>', Cell("😀", "text")),
        ('" t="d"><v>2026-09-01T12:00:00</v>', Cell(noon("2026-09-01"), "date")),
        ('" t="inlineStr"><is><t> а </t><rPh sb="0" eb="1"><t>А</t></rPh></is>', Cell(" а ", "text")),
        ('" t="inlineStr"><is><t/></is>', None),
        ('" t="str"><v></v>', None),
        ("<v/>", None),
        ("<f>A2</f>", Cell("=A2", "formula")),
        ('<f t="shared" si="9"/><v>1</v>', Cell("=", "formula")),
    ],
)
def test_a_cell_reads_as_the_standard_says(markup: str, expected: Cell | None) -> None:
    opening = "" if markup.startswith('"') else '">'
    assert rows(handmade.simple(f'<row r="1"><c r="A1{opening}{markup}</c></row>')).get(1, {}).get(1) == expected


@pytest.mark.parametrize(
    "markup",
    [
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1"><v>одна</v></c></row>',
        '<row r="1"><c r="A1"><v>NaN</v></c></row>',
        '<row r="1"><c r="A1"><v>1_0</v></c></row>',
        '<row r="1"><c r="A1"><v>1E999</v></c></row>',
        '<row r="1"><c r="A1" t="b"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="d"><v>вчера</v></c></row>',
        '<row r="1"><c r="A1" t="zz"><v>1</v></c></row>',
        '<row r="1"><c r="B1"/><c r="A1"/></row>',
        '<row r="1"><c r="A1"/><c r="A1"/></row>',
        '<row r="1"><c r="A2"/></row>',
        '<row r="1"><c r="XFE1"/></row>',
        '<row r="1"><c r="а1"/></row>',
        '<row r="2"/><row r="1"/>',
        '<row r="1"/><row r="1"/>',
        '<row r="0"/>',
        '<row r="1048577"/>',
        '<row r="x"/>',
    ],
)
def test_a_cell_that_cannot_be_understood_is_never_blank(markup: str) -> None:
    assert refusal(handmade.simple(markup)) is Reason.BROKEN_CELL


def test_a_link_that_leads_nowhere_is_no_link() -> None:
    data = handmade.simple("", '<hyperlinks><hyperlink ref="A1"/><hyperlink ref="A2:B3" location="Л!A1"/></hyperlinks>')
    assert cells.read(data).grids["Л"].links == {(2, 1): "#Л!A1"}


def tampered(old: str, new: str, part: str = "[Content_Types].xml", **more: bytes) -> bytes:
    parts = handmade.rich_parts()
    assert old.encode() in parts[part]
    return handmade.packed({**parts, part: parts[part].replace(old.encode(), new.encode()), **more})


def twice() -> bytes:
    target = io.BytesIO(handmade.rich())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("XL/Workbook.xml", b"<a/>")
    return target.getvalue()


def bomb() -> bytes:
    parts = handmade.simple_parts("")
    parts["sheet.xml"] = parts["sheet.xml"].replace(b"<sheetData>", b"<sheetData>" + b" " * 2**25)
    return handmade.packed(parts)


def scrambled() -> bytes:
    data = bytearray(handmade.rich())
    name = data.index(b"sheet1.xml") + len(b"sheet1.xml")
    data[name + 40 : name + 80] = bytes(40)
    return bytes(data)


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
MAIN_TYPE = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        ("Реестр".encode(), Reason.NOT_A_WORKBOOK),
        (b"<html><table>", Reason.NOT_A_WORKBOOK),
        (handmade.packed({"word/document.xml": b"<a/>"}), Reason.NOT_A_WORKBOOK),
        (
            tampered(MAIN_TYPE, "openxmlformats-officedocument.wordprocessingml.document.main+xml"),
            Reason.NOT_A_WORKBOOK,
        ),
        (OLE, Reason.XLS),
        (OLE + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
        (handmade.packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), Reason.ODS),
        (tampered("vnd." + MAIN_TYPE, "vnd.ms-excel.sheet.binary.macroEnabled.main"), Reason.XLSB),
        (tampered("vnd." + MAIN_TYPE, "vnd.ms-excel.sheet.macroEnabled.main+xml"), Reason.MACROS),
        (tampered("sheet.main", "template.main"), Reason.TEMPLATE),
        (tampered("Types", "Types", **{"xl/vbaProject.bin": b"x"}), Reason.MACROS),
        (tampered("Types", "Types", **{"xl/revisions/log.xml": b"<a/>"}), Reason.SHARED),
        (tampered(handmade.MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main", "xl/workbook.xml"), Reason.STRICT),
        (
            tampered(handmade.DOC, "http://purl.oclc.org/ooxml/officeDocument/relationships", "_rels/.rels"),
            Reason.STRICT,
        ),
        (tampered(handmade.MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main", SHEET), Reason.STRICT),
        (tampered(handmade.MAIN, "http://example.org/main", SHEET), Reason.BROKEN_XML),
        (tampered(handmade.MAIN, "http://example.org/main", "xl/styles.xml"), Reason.BROKEN_XML),
        (tampered(handmade.MAIN, "http://example.org/main", "xl/sharedStrings.xml"), Reason.BROKEN_XML),
        (twice(), Reason.DUPLICATE_PART),
        (tampered('name="Списки"', 'name="ЛЮДИ"', "xl/workbook.xml"), Reason.DUPLICATE_PART),
        (tampered("worksheets/sheet1", "worksheets/none", "xl/_rels/workbook.xml.rels"), Reason.MISSING_PART),
        (handmade.rich(sheet1=b"<worksheet"), Reason.BROKEN_XML),
        (handmade.rich(styles=b""), Reason.BROKEN_XML),
        (tampered("<sst ", '<!DOCTYPE a [<!ENTITY b "c">]><sst ', "xl/sharedStrings.xml"), Reason.BROKEN_XML),
        (scrambled(), Reason.BROKEN_ZIP),
        (bomb(), Reason.TOO_LARGE),
    ],
)
def test_another_format_or_a_damaged_file_says_what_it_is(data: bytes, reason: Reason) -> None:
    assert refusal(data) is reason


def test_a_document_type_is_refused_in_any_encoding() -> None:
    parts = handmade.simple_parts('<row r="1"><c r="A1" t="str"><v>&a;</v></c></row>')
    body = parts["sheet.xml"].decode()
    for encoding in ("utf-8", "utf-16"):
        text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE worksheet [<!ENTITY a "я">]>{body}'
        parts["sheet.xml"] = text.encode(encoding)
        assert refusal(handmade.packed(parts)) is Reason.BROKEN_XML


def test_a_file_cut_anywhere_is_refused() -> None:
    data = handmade.rich()
    for part in range(10):
        assert refusal(data[: len(data) * part // 10]) in (Reason.EMPTY, Reason.BROKEN_ZIP)


def test_a_password_on_a_part_is_told() -> None:
    data = bytearray(handmade.rich())
    data[data.index(b"PK\1\2") + 8] |= 1
    assert refusal(bytes(data)) is Reason.ENCRYPTED


def test_records_that_overlap_are_refused() -> None:
    data = bytearray(handmade.rich())
    second = data.index(b"PK\1\2", data.index(b"PK\1\2") + 4)
    data[second + 42 : second + 46] = bytes(4)
    assert refusal(bytes(data)) is Reason.BROKEN_ZIP


@given(seed=st.integers(0, 2**32), part=st.sampled_from(sorted(handmade.rich_parts())))
@settings(max_examples=150, deadline=None)
def test_a_file_damaged_at_random_is_refused_or_read_and_never_breaks_the_reader(seed: int, part: str) -> None:
    chance = random.Random(seed)
    parts = handmade.rich_parts()
    content = bytearray(parts[part])
    for _ in range(chance.randint(1, 3)):
        at, length = chance.randrange(len(content) + 1), chance.choice([1, 1, 1, 2, 9, 40])
        content[at : at + length] = chance.choice([b"", bytes([chance.randrange(256)]), b"<", b'"', b"/", b"0", b"row"])
    data = handmade.packed({**parts, part: bytes(content)})
    try:
        for grid in cells.read(data).grids.values():
            assert grid.title
        after = cells.apply(data, [SetCell("Люди", 2, 2, "а"), cells.AppendRow("Люди", {1: "б"}, 4)])
    except (Damaged, Unwritable):
        return
    assert rows(after, "Люди")[2][2] == Cell("а", "text")


@given(seed=st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_a_zip_damaged_at_random_is_refused_or_read(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(handmade.simple('<row r="1"/>'))
    for _ in range(3):
        data[chance.randrange(len(data))] = chance.randrange(256)
    try:
        archive = zips.opened(bytes(data))
        for name in archive.members:
            zips.read(archive, name)
    except Damaged:
        return
    assert archive.members
