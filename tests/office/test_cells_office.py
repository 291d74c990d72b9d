"""A real office program opens what we write, finds in it what we meant, and saves it without making an edit."""

import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path

import pytest
from lxml import etree

from pipeline.office import cells
from pipeline.office.cells import AppendRow, SetCell
from tests.office import handmade
from tests.office.test_cells import CARRIERS, SHEET, rows, stated

OFFICE = shutil.which("soffice")
pytestmark = [pytest.mark.office, pytest.mark.skipif(not OFFICE, reason="LibreOffice (soffice) is not on this machine")]

LINK = "#'Списки'!A1"
CHANGES = [
    SetCell("Люди", 2, 2, "=1+1"),
    SetCell("Люди", 2, 6, "вместо формулы"),
    SetCell("Люди", 3, 3, " +7 @ <а> & \t_x0041_\n\ufffd"),
    SetCell("Люди", 3, 7, None),
    SetCell("Люди", 4, 2, date(2026, 9, 1)),
    SetCell("Люди", 4, 3, datetime.fromisoformat("2026-09-01T09:30")),
    SetCell("Люди", 4, 9, 0.1),
    SetCell("Люди", 30, 30, True),
    AppendRow("Люди", {1: "Л-0004", 2: "Зимин", 4: date(2026, 12, 31), 5: 7}, 4, {1: LINK}),
    AppendRow("Люди", {1: "Л-0005", 2: "-"}, 4, {1: "../archive/2026-2027/Анкета № 1.xlsx"}),
]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, bytes]]:
    """For each carrier: the workbook as we wrote it, and as LibreOffice saved it after opening."""
    folder = tmp_path_factory.mktemp("office")
    ours = {f"{number}.xlsx": cells.apply(data, CHANGES) for number, data in enumerate(CARRIERS.values())}
    for name, data in ours.items():
        (folder / name).write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
    subprocess.run([*command, *(str(folder / name) for name in ours)], check=True, timeout=180, capture_output=True)
    return {
        carrier: (ours[name], (folder / "out" / name).read_bytes())
        for carrier, name in zip(CARRIERS, ours, strict=True)
    }


carriers = pytest.mark.parametrize("carrier", CARRIERS)


@carriers
def test_the_office_program_finds_every_cell_as_we_wrote_it(
    saved: dict[str, tuple[bytes, bytes]], carrier: str
) -> None:
    ours, theirs = saved[carrier]
    assert rows(theirs) == rows(ours)


@carriers
def test_the_office_program_finds_the_links(saved: dict[str, tuple[bytes, bytes]], carrier: str) -> None:
    links = cells.read(saved[carrier][1]).grids["Люди"].links
    assert links[5, 1] == LINK
    assert links[6, 1].endswith("archive/2026-2027/Анкета № 1.xlsx")


@carriers
def test_the_office_program_finds_ranges_that_reach_to_the_new_row(
    saved: dict[str, tuple[bytes, bytes]], carrier: str
) -> None:
    sheet = handmade.unpacked(saved[carrier][1])[SHEET]
    assert all(ref.endswith("6") for ref in stated(sheet, "//m:conditionalFormatting/@sqref | //m:autoFilter/@ref"))
    lists = etree.fromstring(sheet).xpath("//m:dataValidation[@type='list']/@sqref", namespaces={"m": handmade.MAIN})
    assert lists
    assert all(area.endswith("6") for ref in lists for area in str(ref).split())


def test_the_office_program_takes_a_workbook_without_its_calculation_chain(
    saved: dict[str, tuple[bytes, bytes]],
) -> None:
    ours, theirs = saved["excel"]
    assert "xl/calcChain.xml" not in handmade.unpacked(ours)
    assert rows(theirs)[3][6].value == "=E3*2+$E$2"


def test_the_sample_files_were_saved_by_it() -> None:
    for path in Path(handmade.DATA).glob("*_libreoffice.xlsx"):
        assert b'appName="Calc"' in handmade.unpacked(path.read_bytes())["xl/workbook.xml"]
