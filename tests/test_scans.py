"""The signed paper: printed, scanned, dropped, filed, confirmed; what cannot be read is asked about."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from pathlib import Path

import pillow_heif
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from pipeline import tokens
from pipeline.office import page_file, scans_read, square_reading
from pipeline.wording import scans as say
from tests import scan_pages as made
from tests.office_day import Day, after

PRINT, CHECK = "распечатать и подписать", "проверить подпись"


def two_people(root: Path) -> Day:
    """Let two people come into the banks, nothing signed yet."""
    day = Day(root)
    day.drop(day.pair_forms()[:2])
    day.turn()
    return day


@pytest.fixture
def day(tmp_path):
    return after(two_people, tmp_path / "college")


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


# --- what scanners and telephones make besides ------------------------------------------------------------------------


def test_the_pages_of_a_tiff_are_sheets_of_their_own(day):
    codes = asked(day)
    first, second = list(codes)[:2]
    turned = sheet(codes[second]).rotate(180)
    pages, saved = [sheet(codes[first]), made.blank(150), turned], io.BytesIO()
    pages[0].save(saved, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw", dpi=(150, 150))
    day.drop_file("скан.tif", saved.getvalue())
    day.turn()
    assert {code for code, (state, _) in states(day).items() if state == "Скан получен"} == {first, second}
    assert len(archived(day)) == 2 and not questions(day)


def test_a_telephones_heic_is_a_scan(day):
    code, token = next(iter(asked(day).items()))
    saved = io.BytesIO()
    pillow_heif.from_pillow(sheet(token, dots=100).convert("RGB")).save(saved, quality=80)
    assert saved.getvalue()[4:8] == b"ftyp"
    day.drop_file("IMG_0001.HEIC", saved.getvalue())
    day.turn()
    assert day.row(code)["state"] == "Скан получен"
    [path] = day.space.archive.rglob("*.pdf")
    assert read(path.read_bytes()) == [token]


# --- PDF that must not get in, or not as they are ---------------------------------------------------------------------

_SCRIPT = b"/S/JavaScript/JS(app.alert\\(1\\))"
_LAUNCH = b"/S/Launch/F(calc.exe)"


def read(pdf: bytes) -> list[str]:
    """The codes on the first page of a PDF."""
    return square_reading.look(iter(made.of_pdf(pdf, 200))).codes


def with_changes(pdf: bytes, objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """Change objects of a PDF as programs do that add to one: what is new stands behind what was."""
    start, added, table = pdf.rindex(b"startxref") + 10, pdf, b"xref\n"
    for number, content in objects.items():
        table += b"%d 1\n%010d 00000 n \n" % (number, len(added))
        added += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    before = int(pdf[start:].split()[0])
    facts = b"<</Size %d/Root 1 0 R/Prev %d%s>>" % (pdf.count(b" 0 obj") + 1, before, trailer)
    return added + table + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (facts, len(added))


def page_of(token: str) -> bytes:
    """A sheet as a PDF: object 1 is its catalogue, object 3 its page."""
    data = made.jpeg(sheet(token), 150)
    return page_file.of_jpeg(data, Image.open(io.BytesIO(data)))


def object_of(pdf: bytes, number: int) -> bytes:
    return pdf.split(b"\n%d 0 obj\n" % number)[1].split(b"\nendobj")[0]


def test_what_could_act_in_a_pdf_is_not_carried_on(day):
    code, token = next(iter(asked(day).items()))
    plain = page_of(token)
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 500 500]/A<<%s>>>>" % _LAUNCH
    page = object_of(plain, 3)[:-2] + b"/AA<</O<<%s>>>>/Annots[%s]>>" % (_SCRIPT, link)
    catalogue = object_of(plain, 1)[:-2] + b"/OpenAction<<%s>>>>" % _SCRIPT
    alive = with_changes(plain, {1: catalogue, 3: page})
    assert read(alive) == [token] and page_file.can_act(alive)
    day.drop_file("скан.pdf", alive)
    day.turn()
    assert day.row(code)["state"] == "Скан получен"
    [path] = day.space.archive.rglob("*.pdf")
    filed = path.read_bytes()
    assert read(filed) == [token]
    assert not [word for word in (b"JavaScript", b"alert", b"Launch", b"calc", b"OpenAction", b"/AA") if word in filed]


def test_a_locked_pdf_is_told_to_be_unlocked(day):
    token = next(iter(asked(day).values()))
    lock = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"5a" * 32, b"a5" * 32)
    day.drop_file("скан.pdf", with_changes(page_of(token), {}, lock))
    assert day.turn().refused == 1
    assert say.unreadable("locked") in day.fates()
    assert not archived(day) and not questions(day)


def test_a_pdf_of_too_many_pages_is_told_to_be_divided(day):
    document, saved = pdfium.PdfDocument.new(), io.BytesIO()
    for _ in range(scans_read.PAGES + 1):
        document.new_page(595, 842)
    document.save(saved)
    day.drop_file("год.pdf", saved.getvalue())
    assert day.turn().refused == 1
    assert say.unreadable("too many") in day.fates() and f"больше {scans_read.PAGES} страниц" in day.fates()
    assert not archived(day) and not questions(day)


def test_reading_forms_loads_no_library_of_scans():
    code = (
        "import sys; from pipeline import cycle; from pipeline.intake import reception\n"
        "print([name for name in ('pypdfium2', 'zxingcpp', 'segno', 'pillow_heif') if name in sys.modules])"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]", "PIL is not among them: openpyxl takes it by itself where it is installed"
