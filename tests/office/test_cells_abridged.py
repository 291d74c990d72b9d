"""Rows that are left out while others are changed come back byte for byte, and a new row finds its place among them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import pytest

from pipeline.office import cells
from pipeline.office.cells import AppendRow, SetCell, abridged, markup, sheet
from pipeline.office.cells.abridged import Restored
from pipeline.office.cells.markup import Edit
from tests.office import handmade

PART = "xl/worksheets/sheet1.xml"
NUMBERS = [1, 2, 3, 5, 6, 9, 10, 11, 20]


def part(between: str = "", prefix: str = "") -> bytes:
    p = f"{prefix}:" if prefix else ""
    bound = f"xmlns:{prefix}" if prefix else "xmlns"
    rows = between.join(f'<{p}row r="{n}"><{p}c r="A{n}"><{p}v>{n}</{p}v></{p}c></{p}row>' for n in NUMBERS)
    return (
        f'<{p}worksheet {bound}="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<{p}sheetData>{between}{rows}{between}</{p}sheetData></{p}worksheet>"
    ).encode()


def cut(xml: bytes, size: int) -> Iterator[bytes]:
    return (xml[at : at + size] for at in range(0, len(xml), size))


def numbers(xml: bytes) -> list[int]:
    return sheet.indexed(xml, PART).numbers


@pytest.mark.parametrize("between", ["", "\n  "])
@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("named", [[], [1], [5, 6], [4, 20], [7, 8], NUMBERS])
def test_rows_left_out_come_back_byte_for_byte(named: Sequence[int], prefix: str, between: str) -> None:
    xml = part(between, prefix)
    for size in (1, 50, len(xml)):
        short, left = abridged.abridged(lambda size=size: cut(xml, size), PART, named, 100)
        assert set(named) & set(NUMBERS) <= set(numbers(short))
        assert b"".join(Restored(short, [], left, lambda size=size: cut(xml, size))) == xml


def test_of_a_long_sheet_little_is_kept() -> None:
    xml = part()
    short, left = abridged.abridged(lambda: iter([xml]), PART, [5], 100)
    assert numbers(short) == [3, 5, 20]  # a stand-in bears the number of the last row that it stands for
    assert [xml[one.first : one.last].count(b"<row") for one in left] == [3, 5]


def test_no_run_reaches_across_a_row_that_is_to_come() -> None:
    xml = part()
    short, _ = abridged.abridged(lambda: iter([xml]), PART, [4, 7], 100)
    assert numbers(short) == [3, 6, 20]


def test_rows_below_are_kept_and_so_are_formulas_for_several_cells_and_rows_without_a_number() -> None:
    xml = part().replace(b"<v>2</v>", b'<f t="shared" si="0"/><v>2</v>').replace(b'<row r="10">', b"<row>")
    short, left = abridged.abridged(lambda: iter([xml]), PART, [], 10)
    assert numbers(short) == [1, 2, 9, 10, 11, 20]
    assert b"".join(Restored(short, [], left, lambda: iter([xml]))) == xml


def test_edits_of_the_short_part_are_edits_of_the_whole() -> None:
    xml, rng = part("\n"), random.Random(7)
    for _ in range(300):
        named = rng.sample(range(1, 22), rng.randint(1, 6))
        short, left = abridged.abridged(lambda: cut(xml, 40), PART, named, 100)
        found, whole = sheet.indexed(short, PART), sheet.indexed(xml, PART)
        there = [n for n in named if n in whole.rows]
        moved = [found.rows[n].start - whole.rows[n].start for n in there]
        edits = [Edit(*whole.rows[n][1:], b"<new/>") for n in there]
        same = [Edit(start + by, end + by, new) for (start, end, new), by in zip(edits, moved, strict=True)]
        assert b"".join(Restored(short, same, left, lambda: cut(xml, 40))) == markup.spliced(xml, edits)


def test_a_change_reaches_the_same_cells_however_far_apart_they_lie() -> None:
    data = handmade.register(400)
    changes = [
        SetCell("Люди", 390, 2, "вниз"),
        SetCell("Люди", 3, 2, "вверх"),
        SetCell("Люди", 700, 2, "далеко"),
        AppendRow("Люди", {2: "новая"}, 401),
        SetCell("Люди", 550, 2, "между"),
    ]
    rows = cells.read(cells.apply(data, changes)).grids["Люди"].rows
    before = cells.read(data).grids["Люди"].rows
    said = {number: row[2].value for number, row in rows.items() if row.get(2) != before.get(number, {}).get(2)}
    assert said == {3: "вверх", 390: "вниз", 402: "новая", 550: "между", 700: "далеко"}
    assert list(rows) == sorted(rows)
    assert {number for number in before if number not in said and before[number] != rows[number]} == set()


def test_the_part_is_read_anew_each_time_it_is_asked_for() -> None:
    xml = part()
    short, left = abridged.abridged(lambda: iter([xml]), PART, [5], 100)
    again = Restored(short, [], left, lambda: iter([xml]))
    assert b"".join(again) == b"".join(again) == xml
