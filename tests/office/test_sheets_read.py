"""Reading filled workbooks: every kind of answer, nothing unreadable taken for blank, and no file ends the service."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline.office import sheets_read
from pipeline.office.sheets_mark import CannotMark, CellNote, Review
from pipeline.office.sheets_read import ErrorCell, Limits, Reader, Sheet, Unparsable
from tests.intake import hostile
from tests.intake.hostile import sheet, text_cell, xlsx

SAVED = hostile.SAVED


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as one:
        yield one


@pytest.fixture
def spooled(tmp_path: Path) -> Path:
    return tmp_path / "0a1b"


def answers(sheets: list[Sheet]) -> list[object]:
    """Return column C from the second row on."""
    return [row[2] for row in sheets[0].rows[1:]]


def children() -> set[str]:
    """Return the numbers of this process's children, ended and not collected ones too."""
    found: set[str] = set()
    for listing in Path("/proc/self/task").glob("*/children"):
        found |= set(listing.read_text().split())
    return found


linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the process list is read from /proc")
posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no limits on a process")


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_every_kind_of_answer_is_read_alike_in_three_formats(reader: Reader, kind: str) -> None:
    sheets = reader.read(SAVED / f"answers.{kind}")
    assert [one.name for one in sheets] == ["Бланк", "Списки", "Пусто"]
    assert answers(sheets) == [
        "Ёлкина Анна",
        12,
        1.5,
        date(2026, 11, 5),
        datetime(2026, 1, 2, 3, 4, 5),
        True,
        "две\nстроки",
        2,
        ErrorCell("#N/A"),
        ErrorCell("#REF!"),
        None,
        None,
        "последняя",
    ]
    assert sheets[0].rows[2][5] == "почта"
    assert sheets[2].rows == []


def test_a_file_by_openpyxl_shows_formulas_that_nobody_computed(reader: Reader, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = "=A1+1"
    book.active["D4"] = '=""'
    book.save(tmp_path / "book.xlsx")
    rows = reader.read(tmp_path / "book.xlsx")[0].rows
    assert rows[1][1] == ErrorCell("=A1+1")
    assert rows[3][3] == ErrorCell('=""')
    assert {len(row) for row in rows} == {4}


def test_the_first_cell_is_a1_even_if_blank(reader: Reader, spooled: Path) -> None:
    spooled.write_bytes(xlsx(sheet(f'<row r="3">{text_cell("C3")}</row>')))
    assert reader.read(spooled) == [Sheet("S", [[None] * 3, [None] * 3, [None, None, "x"]])]


def test_whole_numbers_truths_and_blank_texts_keep_their_meaning(reader: Reader, spooled: Path) -> None:
    cells = '<c r="A1"><v>7</v></c><c r="B1"><v>0.5</v></c><c r="C1" t="b"><v>0</v></c><c r="D1" t="str"><v></v></c>'
    spooled.write_bytes(xlsx(sheet(f'<row r="1">{cells}<c r="E1"><v>12345678901234567890</v></c></row>')))
    row = reader.read(spooled)[0].rows[0]
    assert row == [7, 0.5, False, None, 12345678901234567890.0]
    assert [type(value) for value in row] == [int, float, bool, type(None), float]


def test_errors_are_found_without_addresses_with_prefixes_and_beyond_the_last_value(
    reader: Reader, spooled: Path
) -> None:
    main = hostile.MAIN
    rows = '<x:row><x:c><x:v>1</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>'
    rows += "<x:row r='3'><x:c r='D3' t='e'/></x:row>"
    spooled.write_bytes(xlsx(f'<x:worksheet xmlns:x="{main}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'))
    assert reader.read(spooled)[0].rows == [
        [1, ErrorCell("#N/A"), None, None],
        [None] * 4,
        [None, None, None, ErrorCell("#?")],
    ]


def test_a_number_beyond_all_numbers_is_an_error(reader: Reader, spooled: Path) -> None:
    spooled.write_bytes(xlsx(sheet("<row><c><v>1E+309</v></c><c><v>NaN</v></c><c><v>1</v></c></row>")))
    assert reader.read(spooled)[0].rows == [[ErrorCell("inf"), ErrorCell("nan"), 1]]


def test_repeated_errors_of_ods_stand_in_every_cell(reader: Reader, spooled: Path) -> None:
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    error = (
        f'<table:table-cell {calc} table:number-columns-repeated="2" calcext:value-type="error"><text:p>#Н/Д</text:p>'
    )
    formula = '<table:table-cell table:formula="of:=[.A1]+1"/>'
    content = hostile.row(hostile.blank(1) + error + "</table:table-cell>", 2) + hostile.row(formula)
    spooled.write_bytes(hostile.ods(hostile.table(content)))
    broken = [None, ErrorCell("#Н/Д"), ErrorCell("#Н/Д")]
    assert reader.read(spooled)[0].rows == [broken, broken, [ErrorCell("=[.A1]+1"), None, None]]


def test_an_ods_with_a_million_blank_rows_is_short(reader: Reader, spooled: Path) -> None:
    rows = hostile.row(hostile.text("да")) + hostile.row(hostile.blank(), 1_048_575)
    spooled.write_bytes(hostile.ods(hostile.table(rows)))
    assert reader.read(spooled) == [Sheet("S", [["да"]])]


def test_a_name_that_is_not_text_does_no_harm(reader: Reader, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xc0\xed\xea\xe5\xf2\xe0"))
    path.write_bytes(xlsx())
    assert reader.read(path)[0].rows == [["да"]]


def test_the_suffix_does_not_decide(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "really.xlsx"
    path.write_bytes((SAVED / "answers.ods").read_bytes())
    assert answers(reader.read(path))[1] == 12


BROKEN = {
    "noise": (b"noise", "damaged"),
    "nothing": (b"", "damaged"),
    "half an xlsx": ((SAVED / "answers.xlsx").read_bytes()[:6000], "damaged"),
    "half an ods": ((SAVED / "answers.ods").read_bytes()[:9000], "damaged"),
    "half an xls": ((SAVED / "answers.xls").read_bytes()[:5000], "damaged"),
    "a cut sheet": (xlsx(sheet(f"<row>{text_cell('A1')}</row>")[:-40]), "damaged"),
    "a shared text that is not there": (xlsx(sheet('<row><c t="s"><v>9</v></c></row>')), "damaged"),
    "an ods whose markup breaks off": (hostile.ods(hostile.table(hostile.row(hostile.text()))[:-60]), "damaged"),
    "an ods whose markup is crossed": (hostile.ods(hostile.table("<text:p></text:a>")), "damaged"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_unparsable_and_gives_no_part_of_itself(reader: Reader, spooled: Path, name: str) -> None:
    data, reason = BROKEN[name]
    spooled.write_bytes(data)
    with pytest.raises(Unparsable) as caught:
        reader.read(spooled)
    assert caught.value.reason == reason


def test_a_file_that_is_gone_is_unparsable(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(Unparsable, match="damaged"):
        reader.read(tmp_path / "gone")


@posix
def test_a_file_that_kills_the_parser_harms_neither_the_caller_nor_the_next_file(reader: Reader, spooled: Path) -> None:
    far = "".join(f'<row r="{row}">{text_cell(cell)}</row>' for row, cell in ((1, "A1"), (1_048_576, "XFD1048576")))
    spooled.write_bytes(xlsx(sheet(far)))
    for _ in range(2):
        with pytest.raises(Unparsable, match="died"):
            reader.read(spooled)
        assert answers(reader.read(SAVED / "answers.xlsx"))[1] == 12


def test_a_rectangle_beyond_every_form_is_too_large(reader: Reader, spooled: Path) -> None:
    spooled.write_bytes(xlsx(sheet(f'<row r="1">{text_cell("A1")}</row><row r="9000">{text_cell("AMJ9000")}</row>')))
    with pytest.raises(Unparsable, match="too large"):
        reader.read(spooled)


def made(**parts: str) -> bytes:
    """Return a workbook by openpyxl with «да» in A1 of its one sheet, something put behind its cells."""
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active.title, book.active["A1"] = "S", "да"
    book.save(target)
    with zipfile.ZipFile(target) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    place = "xl/worksheets/sheet1.xml"
    for mark, more in parts.items():
        content[place] = content[place].replace(f"</{mark}>".encode(), f"{more}</{mark}>".encode())
    return hostile.zipped(content.items())


REVIEW = Review("S", (CellNote("A1", "исправьте"),), (), "список", "key", "Что исправить", "мы")


def test_a_workbook_is_marked_in_the_child_and_the_next_one_is_read_there(reader: Reader, spooled: Path) -> None:
    spooled.write_bytes(made())
    marked = openpyxl.load_workbook(io.BytesIO(reader.mark(spooled, REVIEW)))
    assert marked["S"]["A1"].comment.text == "исправьте"
    assert marked.sheetnames == ["Что исправить", "S"]
    assert reader.read(spooled) == [Sheet("S", [["да"]])]


@pytest.mark.parametrize("data", [b"", b"junk", b"PK\3\4junk", (SAVED / "answers.xls").read_bytes()])
def test_what_is_no_xlsx_cannot_be_marked(reader: Reader, spooled: Path, data: bytes) -> None:
    spooled.write_bytes(data)
    with pytest.raises(CannotMark):
        reader.mark(spooled, REVIEW)


VAST = {
    "one cell of a whole sheet": {"worksheet": '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'},
    "one cell of a whole sheet in a strange hand": {
        "worksheet": "<mergeCells><mergeCell ref = 'a1:xfd1048576'/></mergeCells>"
    },
    "a blank cell at the very end": {"sheetData": '<row r="1048576"><c r="XFD1048576"/></row>'},
}


@posix
@pytest.mark.parametrize("name", VAST)
def test_a_workbook_that_swells_when_it_is_marked_harms_neither_the_caller_nor_the_next_file(
    spooled: Path, name: str
) -> None:
    spooled.write_bytes(made(**VAST[name]))
    with Reader(Limits(processor=1, wall=3.0)) as reader:
        assert reader.read(spooled) == [Sheet("S", [["да"]])]
        with pytest.raises(CannotMark):
            reader.mark(spooled, REVIEW)
        assert reader.read(spooled) == [Sheet("S", [["да"]])]


@linux
def test_a_file_is_deadly_only_when_it_kills_two_children(spooled: Path) -> None:
    before = children()
    os.mkfifo(spooled)
    with Reader(Limits(wall=60)) as reader:
        killer = threading.Thread(target=_kill_the_first_and_mend, args=(before, spooled))
        killer.start()
        assert reader.read(spooled) == [Sheet("S", [["да"]])]
        killer.join()


def _kill_the_first_and_mend(before: set[str], pipe: Path) -> None:
    with pipe.open("wb"):  # opens when the child has it open too
        (first,) = children() - before
        pipe.unlink()
        pipe.write_bytes(xlsx())
        os.kill(int(first), signal.SIGKILL)


@posix
def test_a_child_that_hangs_is_ended_and_the_next_file_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with Reader(Limits(wall=1.0)) as reader:
        with pytest.raises(Unparsable, match="hung"):
            reader.read(tmp_path / "pipe")
        assert answers(reader.read(SAVED / "answers.xls"))[1] == 12


@posix
def test_memory_is_limited(spooled: Path) -> None:
    spooled.write_bytes(xlsx(sheet(hostile.rows_of(1, "<c><v>1</v></c>" * 300) * 10_000)))
    with Reader(Limits(memory=100 * 2**20)) as reader:
        with pytest.raises(Unparsable, match="died"):
            reader.read(spooled)
        assert answers(reader.read(SAVED / "answers.xlsx"))[1] == 12


@linux
def test_a_child_is_renewed_after_so_many_files_and_leaves_nothing_behind() -> None:
    before, threads = children(), threading.active_count()
    seen: set[str] = set()
    with Reader(Limits(files=2)) as reader:
        for _ in range(6):
            reader.read(SAVED / "answers.xls")
            assert len(children() - before) == 1
            seen |= children() - before
        assert len(seen) == 3
    assert children() == before
    assert threading.active_count() == threads


@linux
def test_a_child_that_somebody_killed_between_two_files_is_replaced() -> None:
    before = children()
    with Reader() as reader:
        reader.read(SAVED / "answers.xls")
        (child,) = children() - before
        os.kill(int(child), 9)
        while Path(f"/proc/{child}/stat").read_text().split()[2] != "Z":
            pass
        assert answers(reader.read(SAVED / "answers.xls"))[1] == 12


@posix
def test_an_interrupted_reading_does_not_answer_for_the_next_file(tmp_path: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    os.mkfifo(tmp_path / "pipe")
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with Reader() as reader:
            reader.read(SAVED / "answers.ods")
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(KeyboardInterrupt):
                reader.read(tmp_path / "pipe")
            assert answers(reader.read(SAVED / "answers.xls"))[1] == 12
    finally:
        signal.signal(signal.SIGALRM, before)


@linux
def test_a_child_has_no_environment_no_files_of_ours_and_may_write_none(tmp_path: Path) -> None:
    before = children()
    with Reader() as reader, (tmp_path / "open").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        reader.read(SAVED / "answers.xls")
        (child,) = children() - before
        assert Path(f"/proc/{child}/environ").read_bytes().count(b"=") == 0
        opened = [one.readlink() for one in Path(f"/proc/{child}/fd").iterdir()]
        assert len(opened) == 3
        limits = Path(f"/proc/{child}/limits").read_text()
        assert [line.split()[3] for line in limits.splitlines() if line.startswith("Max file size")] == ["0"]


def _may_leave_the_network() -> bool:
    """Tell whether this system lets an ordinary program leave the network, tried in a process of its own."""
    attempt = "import ctypes; c = ctypes.CDLL(None); raise SystemExit(c.unshare(1 << 30) and c.unshare(5 << 28))"
    return sys.platform == "linux" and subprocess.run([sys.executable, "-c", attempt], check=False).returncode == 0


@pytest.mark.skipif(not _may_leave_the_network(), reason="this system keeps every program in its network")
def test_a_child_has_no_network() -> None:
    before = children()
    with Reader() as reader:
        reader.read(SAVED / "answers.xls")
        (child,) = children() - before
        assert Path(f"/proc/{child}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
        assert len(Path(f"/proc/{child}/net/dev").read_text().splitlines()) == 3, "two lines of heading and the loop"


def test_a_reader_that_read_nothing_closes_quietly_and_a_closed_one_reads_on() -> None:
    reader = Reader()
    reader.close()
    assert answers(reader.read(SAVED / "answers.xls"))[1] == 12
    reader.close()
    reader.close()


def test_an_answer_of_a_child_gone_wild_is_no_answer() -> None:
    for reply in (b"", b"[]", b"{}", b'{"sheets":[["S",[[["day","x"]]]]]}', b'{"sheets":7}', b"[" * 100_000, b"\xff"):
        with pytest.raises(Unparsable, match="died"):
            sheets_read.sheets_of(reply)
