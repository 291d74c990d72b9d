"""What may be parsed: honest files of every program pass, and each hostile one gets its own sentence."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest

from pipeline.intake import gate
from pipeline.wording import gate as say
from tests.intake import corpus, hostile
from tests.intake.corpus import by_openpyxl, saved
from tests.intake.hostile import xlsx


def examine(tmp_path: Path, data: bytes) -> gate.Verdict:
    spooled = tmp_path / "spooled"
    spooled.write_bytes(data)
    return gate.examine(spooled)


@pytest.mark.parametrize("name", corpus.HONEST)
def test_an_honest_file_passes_whatever_its_name(tmp_path: Path, name: str) -> None:
    kind, make = corpus.HONEST[name]
    assert examine(tmp_path, make()) == gate.Verdict(kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", corpus.FOREIGN)
def test_what_is_not_our_table_is_named_and_is_no_danger(tmp_path: Path, name: str) -> None:
    sentence, data = corpus.FOREIGN[name]
    assert examine(tmp_path, data) == gate.Verdict("", sentence, danger=False)


@pytest.mark.parametrize("name", corpus.FAR)
def test_cells_beyond_every_form_are_refused(tmp_path: Path, name: str) -> None:
    assert examine(tmp_path, corpus.FAR[name]()) == gate.Verdict("", corpus.TOO_WIDE, danger=False)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", corpus.DANGEROUS)
def test_what_no_office_program_saves_is_kept_away_from_people(tmp_path: Path, name: str) -> None:
    sentence, make = corpus.DANGEROUS[name]
    assert examine(tmp_path, make()) == gate.Verdict("", sentence, danger=True)


@pytest.mark.parametrize("name", corpus.DAMAGED)
def test_a_damaged_file_is_asked_for_again(tmp_path: Path, name: str) -> None:
    assert examine(tmp_path, corpus.DAMAGED[name]()) == gate.Verdict("", say.damaged(), danger=False)


def test_a_file_before_the_archive_makes_it_another_file(tmp_path: Path) -> None:
    assert examine(tmp_path, b"MZ" + xlsx()).reason == say.program()


def test_an_archive_with_something_before_its_first_entry_is_forged(tmp_path: Path) -> None:
    target = io.BytesIO(b"PK\3\4" + bytes(50))
    with zipfile.ZipFile(target, "a") as archive:
        for name, content in hostile.xlsx_parts().items():
            archive.writestr(name, content)
    assert examine(tmp_path, target.getvalue()) == gate.Verdict("", say.forged(), danger=True)


@pytest.mark.parametrize(
    ("begins", "size", "told"), [(b"", gate.FILE, 64), (b"PK\3\4", gate.FORM, 20), (b"%PDF-", gate.FILE, 64)]
)
def test_a_file_one_byte_larger_than_forms_and_scans_may_be_is_too_large(tmp_path, begins, size, told) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(begins)
        file.truncate(size + 1)
    assert gate.examine(path) == gate.Verdict("", say.too_large(told))


@pytest.mark.parametrize("name", corpus.SCANS)
def test_what_may_be_a_scan_is_known_by_its_first_bytes(tmp_path: Path, name: str) -> None:
    kind, data = corpus.SCANS[name]
    assert examine(tmp_path, data) == gate.Verdict(kind)


@pytest.mark.parametrize(("data", "whole"), [
    (b"%PDF-1.4\n%%EOF\n", True), (b"%PDF-1.4\n", False),
    (b"\xff\xd8\xff\xe0...\xff\xd9", True), (b"\xff\xd8\xff\xe0...", False),
    (b"\x89PNG\r\n\x1a\n...IEND\xaeB`\x82", True), (b"\x89PNG\r\n\x1a\n...", False),
])  # fmt: skip
def test_a_scan_is_whole_when_its_end_is_there(tmp_path: Path, data: bytes, whole: bool) -> None:
    (tmp_path / "scan").write_bytes(data)
    assert gate.looks_whole(tmp_path / "scan") is whole


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(xlsx())
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert gate.examine(tmp_path / "link") == gate.Verdict("", say.not_a_file(), danger=True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert gate.examine(tmp_path / "pipe").reason == say.not_a_file()
    assert gate.looks_whole(tmp_path / "pipe")


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_whole_file_looks_whole_and_a_growing_one_does_not(tmp_path: Path, kind: str) -> None:
    path, data = tmp_path / "growing", saved(kind)
    path.write_bytes(data)
    assert gate.looks_whole(path)
    for share in (0.01, 0.3, 0.6, 0.9):
        path.write_bytes(data[: int(len(data) * share)])
        assert not gate.looks_whole(path)


def test_a_pdf_is_whole_with_its_end_mark(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    path.write_bytes(b"%PDF-1.7\n" + bytes(5000))
    assert not gate.looks_whole(path)
    path.write_bytes(b"%PDF-1.7\n" + bytes(5000) + b"\n%%EOF\n")
    assert gate.looks_whole(path)


def test_what_has_no_mark_of_its_end_counts_as_whole(tmp_path: Path) -> None:
    for data in (b"", b"text", b"GIF89a"):
        (tmp_path / "file").write_bytes(data)
        assert gate.looks_whole(tmp_path / "file")


def test_a_file_that_is_gone_is_not_whole(tmp_path: Path) -> None:
    assert not gate.looks_whole(tmp_path / "gone")


def test_every_refusal_says_what_to_do() -> None:
    sentences = [sentence for sentence, _ in corpus.FOREIGN.values()] + [
        sentence for sentence, _ in corpus.DANGEROUS.values()
    ]
    for sentence in sentences:
        assert sentence.endswith(".")
        assert sentence.count(".") >= 2 or "положите" in sentence, sentence


def test_a_workbook_that_openpyxl_reads_back_is_the_one_the_gate_passed(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(by_openpyxl())
    assert gate.examine(path).kind == "xlsx"
    assert openpyxl.load_workbook(path).sheetnames == ["Бланк", "Списки", "Пусто"]
