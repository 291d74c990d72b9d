"""What we write opens in a real office program, and what that program saves is read again."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.office_day import Day, after, approved

pytestmark = [
    pytest.mark.prove,
    pytest.mark.office,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not on this machine"),
]


def convert(profile: Path, target: str, folder: Path, *sources: Path) -> None:
    """Let LibreOffice open files and save them in a format, as a person does with «Save as»."""
    words = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", target, "--outdir", folder]
    subprocess.run(["soffice", *words, *sources], check=True, capture_output=True, timeout=180)


@pytest.fixture
def day(tmp_path):
    return after(approved, tmp_path / "college")


def resave(day: Day, tmp_path: Path) -> None:
    """Open the register in LibreOffice and save it without changing anything."""
    convert(tmp_path / "profile", "xlsx:Calc MS Excel 2007 XML", tmp_path / "saved", day.space.register)
    day.space.register.write_bytes((tmp_path / "saved" / day.space.register.name).read_bytes())


def test_a_mere_open_and_save_of_the_register_is_no_edit(day, tmp_path):
    before = day.book()
    resave(day, tmp_path)
    day.turn()
    assert day.book() == before


def test_what_she_does_in_the_office_program_counts_and_what_it_drops_does_not(day, tmp_path):
    asked = day.book()["questions"].keys()
    resave(day, tmp_path)
    person = min(day.book()["people"])
    day.write(person, post="старший преподаватель")
    resave(day, tmp_path)
    outcome = day.turn()
    assert day.row(person)["post"] == "старший преподаватель"
    assert outcome.held == ""
    assert day.book()["questions"].keys() == asked


def test_every_paper_and_the_register_turn_into_pages(day, tmp_path):
    sources = [*day.space.outbox.rglob("*.docx"), day.space.register]
    convert(tmp_path / "profile", "pdf", tmp_path / "pages", *sources)
    assert len(list((tmp_path / "pages").glob("*.pdf"))) == len(sources)
    assert all(path.read_bytes().startswith(b"%PDF") for path in (tmp_path / "pages").glob("*.pdf"))


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_a_form_saved_in_another_format_fills_the_same_row(tmp_path, kind):
    plain, other = Day(tmp_path / "plain"), Day(tmp_path / "other")
    made = plain.pair_forms()[:2]
    plain.drop(made)
    for one in made:
        source = tmp_path / one.file_name
        source.write_bytes(one.data)
        convert(tmp_path / "profile", kind, other.space.inbox, source)
    plain.turn()
    assert other.turn().taken == 2

    def said(day):
        return [
            {key: text for key, text in row.items() if key != "origin"}
            for sheet in ("people", "mentors", "mentees")
            for row in day.book()[sheet].values()
        ]

    assert said(other) == said(plain)
