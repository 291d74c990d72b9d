"""The check before a workbook is handed out: it finds whatever was changed without being asked for."""

import re

import pytest

from pipeline.office import cells
from pipeline.office.cells import AppendRow, Damaged, SetCell, Unfaithful, markup, plan, proof, sheet, workbook
from tests.office import handmade

SHEET = "xl/worksheets/sheet1.xml"
CHANGES = [SetCell("Люди", 2, 2, "Петров", link="#Списки!A1"), AppendRow("Люди", {1: "Л-0004"}, 4)]


def check(parts: dict[str, bytes], changed: set[str]) -> None:
    book = workbook.opened(handmade.rich())
    proof.check(book, handmade.packed(parts), plan.planned(book, CHANGES, {}).promise, changed)


def result() -> tuple[dict[str, bytes], set[str]]:
    """The parts of a right result, packed as the carrier was, and which of them differ."""
    parts, before = handmade.unpacked(cells.apply(handmade.rich(), CHANGES)), handmade.rich_parts()
    return parts, {name for name, content in parts.items() if content != before[name]}


def test_a_right_result_passes() -> None:
    check(*result())


@pytest.mark.parametrize("name", sorted(set(handmade.rich_parts()) - {"[Content_Types].xml", "_rels/.rels"}))
def test_a_part_that_changes_unasked_is_found(name: str) -> None:
    parts, changed = result()
    if name not in changed:
        parts[name] += b" "
        with pytest.raises(Unfaithful):
            check(parts, changed)


@pytest.mark.parametrize("how", ["gone", "new", "moved"])
def test_a_part_that_goes_comes_or_moves_is_found(how: str) -> None:
    parts, changed = result()
    content = parts.pop("xl/comments1.xml")
    if how == "new":
        parts |= {"xl/comments2.xml": content}
    elif how == "moved":
        parts["xl/comments1.xml"] = content
    with pytest.raises(Unfaithful):
        check(parts, changed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"<v>2.5</v>", "<v>2.6</v>"),  # another cell of a row concerned
        (r'<c r="E2" s="5">', '<c r="E2" s="4">'),  # its format
        (r"<v>46267.5</v>", "<v>46268.5</v>"),  # a row of no concern
        (r'<row r="3" spans="1:8" hidden="1"', '<row r="3" spans="1:8"'),  # its being hidden
        (r'<row r="9" .*?/>', ""),
        (r"</sheetData>", '<row r="11"/></sheetData>'),
        (r"Петров", "Петрова"),  # the wanted value
        (r"<t[^>]*>Л-0004</t>", "<t>-</t>"),
        (r'<mergeCell ref="B9:C9"/>', '<mergeCell ref="B9:D9"/>'),
        (r'operator="greaterThan"', 'operator="lessThan"'),
        (r"<xm:f>\S*?\$A\$1:\$A\$3</xm:f>", "<xm:f>x</xm:f>"),
        (r"<x14:sparklineGroups.*</x14:sparklineGroups>", ""),
        (r'<drawing r:id="rId1"/>', ""),
        (r"<xm:sqref>H4<", "<xm:sqref>H5<"),
        (r"<pane [^>]*>", ""),
        (r'<hyperlink ref="B2"[^>]*/>', ""),
        (r'<hyperlink ref="A2"[^>]*/>', ""),
        (r"<sheetData>", "<sheetData"),
    ],
)
def test_what_changes_unasked_in_the_sheet_is_found(old: str, new: str) -> None:
    parts, changed = result()
    xml, count = re.subn(old, lambda _: new, parts[SHEET].decode(), count=1, flags=re.DOTALL)
    assert count
    parts[SHEET] = xml.encode()
    with pytest.raises(Unfaithful):
        check(parts, changed)


def test_rows_are_read_the_same_wherever_the_pieces_of_a_sheet_are_cut() -> None:
    xml = handmade.rich_parts()[SHEET]
    whole = sheet.Course(iter([xml]), SHEET)
    rows = list(whole)
    assert [number for number, _ in rows] == list(sheet.indexed(xml, SHEET).rows)
    for size in (1, 7, 1000):
        course = sheet.Course((xml[at : at + size] for at in range(0, len(xml), size)), SHEET)
        assert list(course) == rows
        assert (course.head, course.tail) == (whole.head, whole.tail)
    with pytest.raises(Damaged):
        list(sheet.Course(iter([xml[: xml.index(b"</sheetData>")]]), SHEET))


def test_a_part_longer_than_the_parser_takes_at_once_is_read() -> None:
    text = b"<a>%s</a>" % (b'<b c="%s"/>' % (b"c" * 2_000) * 6_000)
    assert sum(1 for _ in markup.streamed(iter([text]), "a", ["b"])) == 6_000


def test_broken_markup_beside_the_sheet_is_found() -> None:
    parts, changed = result()
    parts["xl/tables/table1.xml"] += b"<"
    with pytest.raises(Unfaithful):
        check(parts, changed)
