"""The signed paper: printed, scanned, dropped, filed, confirmed; what cannot be read is asked about."""

from __future__ import annotations

import io
import random
import subprocess
import sys

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from pipeline import tokens
from tests import scan_pages as made
from tests.office_day import Day

PRINT, CHECK = "распечатать и подписать", "проверить подпись"


@pytest.fixture
def day(tmp_path):
    """Two people in the banks, nothing signed yet."""
    one = Day(tmp_path / "college")
    one.drop(one.pair_forms()[:2])
    one.turn()
    return one


def asked(day: Day) -> dict[str, str]:
    """Return the sheets to be signed: code of the row → code of the sheet."""
    return {code: tokens.read(row["token"]) for code, row in day.book()["consents"].items() if row.get("todo") == PRINT}


def states(day: Day) -> dict[str, tuple[str, str]]:
    rows = day.book()["consents"].items()
    return {code: (row["state"], row.get("scan", "")) for code, row in rows}


def questions(day: Day) -> dict[str, dict[str, str]]:
    rows = day.book()["questions"].items()
    return {code: dict(row) for code, row in rows if row["state"] == "Открыт" and "скан" in row["text"].lower()}


def sheet(token: str, seed: int = 1, dots: int = 150) -> Image.Image:
    return made.signed(made.plain(token, dots), random.Random(seed))


def archived(day: Day) -> list[str]:
    return sorted(path.name for path in day.space.archive.rglob("*.pdf"))


def test_sheets_of_several_people_in_one_scan_with_backsides_are_each_filed_for_their_own(day):
    sheets = asked(day)
    assert len(sheets) >= 5
    chosen = list(sheets)[:3]
    pages = [page for code in chosen for page in (sheet(sheets[code]).rotate(90, expand=True), made.blank(150))]
    day.drop_file("Сканы ноября.pdf", made.pdf(pages, 150))
    day.turn()
    found = states(day)
    assert {code for code, (state, _) in found.items() if state == "Скан получен"} == set(chosen)
    assert "распознано листов согласий – 3" in day.fates()
    assert not questions(day)
    names = {code: scan for code, (_, scan) in found.items() if scan}
    assert len(set(names.values())) == len(archived(day)) == 3
    for path in day.space.archive.rglob("*.pdf"):
        assert len(pdfium.PdfDocument(path.read_bytes())) == 1
    assert not list(day.space.spool.iterdir())


def test_the_curators_mark_brings_a_scanned_consent_into_force(day):
    code, token = next(iter(asked(day).items()))
    day.drop_file("скан.jpg", made.jpeg(sheet(token), 150))
    day.turn()
    row = day.row(code)
    assert (row["state"], row["todo"], row["scanned"]) == ("Скан получен", CHECK, "2026-11-22")
    day.write(code, verified="да", signed="2026-11-20")
    day.turn()
    assert day.row(code)["state"] == "Действует"
    assert day.row(code).get("todo", "") == ""


def test_a_jpeg_is_filed_byte_for_byte(day):
    token = next(iter(asked(day).values()))
    data = made.jpeg(sheet(token), 150)
    day.drop_file("скан.jpg", data)
    day.turn()
    [path] = day.space.archive.rglob("*.pdf")
    assert data in path.read_bytes()


def test_the_same_scan_twice_is_one_consent(day):
    token = next(iter(asked(day).values()))
    data = made.pdf([sheet(token)], 150)
    day.drop_file("скан.pdf", data)
    day.turn()
    before = states(day)
    day.drop_file("скан ещё раз.pdf", data)
    day.turn()
    assert states(day) == before
    assert len(archived(day)) == 1
    assert "Уже принято" in day.fates()


def spoiled(token: str) -> Image.Image:
    """A sheet whose square somebody signed across and stamped."""
    page = sheet(token)
    draw = ImageDraw.Draw(page)
    draw.rectangle((page.width * 0.78, page.height * 0.04, page.width * 0.93, page.height * 0.11), fill=30)
    return page


def test_a_sheet_that_cannot_be_read_is_a_question_with_its_picture_answered_by_its_code(day):
    code, token = next(iter(asked(day).items()))
    day.drop_file("плохой скан.pdf", made.pdf([spoiled(token)], 150))
    day.turn()
    [(number, question)] = questions(day).items()
    [picture] = day.space.pictures.iterdir()
    assert picture.name in question["place"]
    assert Image.open(picture).width > 500
    assert "код которых не читается, – 1" in day.fates()
    day.write(number, answer=tokens.shown(token).lower().replace("-", " "))
    day.turn()
    assert day.row(code)["state"] == "Скан получен"
    assert not questions(day)
    assert not list(day.space.pictures.iterdir())


def test_a_page_that_is_none_of_ours_goes_when_she_says_so(day):
    day.drop_file(
        "фото.jpg", made.jpeg(made.noisy(made.sized(Image.new("L", (2480, 3508), 180), 100), random.Random(1), 60), 100)
    )
    day.turn()
    [(number, _)] = questions(day).items()
    assert archived(day)
    day.write(number, answer="не наш")
    day.turn()
    assert not questions(day)
    assert not list(day.space.pictures.iterdir())
    assert not archived(day)


def test_a_sheet_of_another_register_is_told_to_its_sender_and_given_to_nobody(day):
    before = states(day)
    day.drop_file("чужой.pdf", made.pdf([sheet(tokens.make(b"another", "С-0001"))], 150))
    assert day.turn().refused == 1
    assert states(day) == before
    assert "другого реестра" in day.fates()


def test_what_is_no_scan_is_told_so(day):
    document = pdfium.PdfDocument.new()
    document.new_page(595, 842)
    empty = io.BytesIO()
    document.save(empty)
    day.drop_file("пустой.pdf", empty.getvalue())
    day.drop_file("обрыв.pdf", b"%PDF-1.4 rubbish\n%%EOF")
    day.drop_file("обрыв.jpg", b"\xff\xd8\xff\xe0 rubbish \xff\xd9")
    assert day.turn().refused == 3
    fates = day.fates()
    assert "Все страницы пустые" in fates
    assert fates.count("повреждён") == 2
    assert not questions(day)


def test_reading_forms_loads_no_library_of_scans():
    code = (
        "import sys; from pipeline import cycle; from pipeline.intake import reception\n"
        "print([name for name in ('pypdfium2', 'zxingcpp', 'segno', 'pillow_heif') if name in sys.modules])"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]", "PIL is not among them: openpyxl takes it by itself where it is installed"
