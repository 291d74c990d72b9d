"""PDFs in a workspace: made by a process that nobody waits for, kept, told, erased; once with a real LibreOffice."""

from __future__ import annotations

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest

from pipeline import catalog, cycle, files, setup, steps
from pipeline.office import pdf
from tests.office_day import Day, after, approved
from tests.test_catalog import change
from tests.test_crash import Crash

STAND_IN = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
folder=$2; shift 2
for one in "$@"; do
    name=${one##*/}; name=${name%.docx}
    printf '%%PDF-1.6 %s\\n%%%%EOF\\n' "$name" > "$folder/$name.pdf"
done
"""
"""An office program that is quick and makes the same PDF each time."""
SLEEP = shutil.which("sleep")


def office(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an office program that does as ``script`` says be the only one on the machine; without one there is none."""
    folder.mkdir(exist_ok=True)
    if script:
        (folder / "soffice").write_text(script)
        (folder / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def pdf_wanted(root: Path) -> Day:
    """Let PDFs be wanted from now on, with an approved pair whose papers are laid."""
    change(after(approved, root).space.root / "config/policy.yaml", "pdf: false", "pdf: true")
    return Day(root)


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Day:
    office(tmp_path / "bin", STAND_IN, monkeypatch)
    return after(pdf_wanted, tmp_path / "college")


def settle(day: Day) -> cycle.Outcome:
    """Let the program work until no conversion is under way, as ``once`` does."""
    with day.opened() as office:
        office.begin().turn(office.look())
        while office.wait_for_prints():
            office.turn(office.look())
        return office.turn(office.look())


def papers(day: Day, kind: str) -> set[str]:
    return {
        path.relative_to(day.space.outbox).with_suffix("").as_posix() for path in day.space.outbox.rglob(f"*.{kind}")
    }


def kept(day: Day) -> set[str]:
    """Return the hashes of the papers whose PDFs are kept."""
    return {path.name.partition("-")[0] for path in day.space.prints.glob("*.pdf")}


def hashes(day: Day) -> set[str]:
    return {files.digest_of(path) for path in day.space.outbox.rglob("*.docx")}


def test_every_paper_gets_its_pdf_and_a_quiet_turn_does_nothing(day: Day) -> None:
    settle(day)
    assert papers(day, "docx") == papers(day, "pdf")
    assert len(papers(day, "pdf")) > 3
    assert kept(day) == hashes(day)
    for path in day.space.outbox.rglob("*.pdf"):
        assert files.digest_of(path.with_suffix(".docx")).encode() in path.read_bytes()
    assert not (day.space.prints / "work").exists()
    before = day.tree()
    assert not settle(day).papers
    assert {name for name, look in day.tree().items() if before.get(name) != look} <= {".state/heartbeat.json"}


def test_a_turn_waits_for_no_conversion_and_one_that_hangs_is_ended(
    day: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office(tmp_path / "bin", f"#!/bin/sh\n{SLEEP} 60 & {SLEEP} 60\n", monkeypatch)
    with day.opened() as opened:
        begun = time.monotonic()
        outcome = opened.begin().turn(opened.look())
        assert outcome.unsettled == 1
        monkeypatch.setattr(pdf.time, "monotonic", lambda: begun + 3600)
        assert opened.wait_for_prints()
        assert time.monotonic() > begun + 60
        opened.turn(opened.look())
    assert not (day.space.prints / "work").exists()
    assert papers(day, "pdf") == set()


def test_a_paper_that_cannot_be_converted_is_told_and_tried_three_times_alone_at_last(
    day: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [memo] = day.space.outbox.rglob("*Памятка наставляемого*.docx")
    name = memo.relative_to(day.space.outbox).with_suffix("").as_posix()
    log = tmp_path / "runs"
    trap = f'case "$*" in *{files.digest_of(memo)}*) echo $# >> {log}; exit 1;; esac\n'
    office(tmp_path / "bin", STAND_IN.replace("#!/bin/sh\n", f"#!/bin/sh\n{trap}", 1), monkeypatch)
    with day.opened() as opened:
        opened.begin()
        outcome = opened.turn(opened.look())
        while papers(day, "docx") - papers(day, "pdf") != {name} or len(log.read_text().split()) < 3:
            opened.wait_for_prints()
            day.now += timedelta(minutes=1)
            outcome = opened.turn(opened.look())
        opened.wait_for_prints()
        opened.turn(opened.look())
    assert [text for text in outcome.troubles if name in text]
    assert name in day.state()
    assert "PDF не получился" in day.state()
    runs = [int(count) for count in log.read_text().split()]
    assert len(runs) == 3
    assert runs[0] > runs[1] == runs[2]
    settle(day)
    assert len(log.read_text().split()) == 3
    assert papers(day, "docx") - papers(day, "pdf") == {name}


def test_without_an_office_program_it_is_told_and_nothing_else_stops(
    day: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(tmp_path / "bin")
    office(tmp_path / "bin", "", monkeypatch)
    assert any("LibreOffice не найден" in text for text in settle(day).troubles)
    assert "LibreOffice не найден" in day.state()
    assert any("LibreOffice не найден" in text for text in setup.doubts(day.space, setup.examine(day.space)))
    day.write("П-0001", end="2027-06-15")
    assert day.turn().papers
    assert papers(day, "pdf") == set()


def test_kept_copies_go_with_their_papers(day: Day) -> None:
    settle(day)
    before = kept(day)
    day.write("П-0001", end="2027-06-15")
    settle(day)
    assert kept(day) == hashes(day) != before
    assert papers(day, "docx") == papers(day, "pdf")
    change(day.space.root / "config/policy.yaml", "pdf: true", "pdf: false")
    day.catalog = catalog.load(day.space.root)
    settle(day)
    assert papers(day, "pdf") == set() == kept(day)


def test_a_kept_copy_that_is_damaged_is_not_laid(day: Day) -> None:
    for sha in hashes(day):
        path = day.space.prints / f"{sha}-{'0' * 64}.pdf"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"%PDF-1.6 damaged %%EOF")
    settle(day)
    settle(day)
    assert all(b"damaged" not in path.read_bytes() for path in day.space.outbox.rglob("*.pdf"))


def test_a_pdf_is_explained_as_its_document(day: Day) -> None:
    settle(day)
    [memo] = day.space.outbox.rglob("*Памятка наставляемого*.pdf")
    with day.opened() as opened:
        assert opened.explain(memo) == opened.explain(memo.with_suffix(".docx")) != []


def test_a_pdf_of_ours_in_the_inbox_is_no_scan(day: Day) -> None:
    settle(day)
    [path] = day.space.outbox.rglob("*Памятка наставляемого*.pdf")
    day.drop_file("скан.pdf", path.read_bytes())
    day.turn()
    assert "Не распознано" in day.fates()


def test_an_erased_person_leaves_no_pdf(day: Day) -> None:
    settle(day)
    memo = next(day.space.outbox.rglob("*Памятка наставляемого*.docx"))
    sha = files.digest_of(memo)
    work = day.space.prints / "work" / f"{sha}.docx"
    work.parent.mkdir()
    work.write_bytes(memo.read_bytes())
    day.ask_for("erase", f"{day.row('НМ-0001')['person'].rpartition(' ')[2]}\nтребование субъекта")
    day.turn()
    assert not memo.exists()
    assert not memo.with_suffix(".pdf").exists()
    assert not [path for path in day.space.prints.rglob("*") if sha in path.name]
    settle(day)
    assert papers(day, "docx") == papers(day, "pdf")


def stop_at(day: Day, place: int) -> bool:
    """Let the machine stop at an announcement of a whole run; tell whether there are as many."""
    count = 0

    def listen(name: str) -> None:
        nonlocal count
        count += 1
        if count == place:
            raise Crash(name)

    steps.listener = listen
    try:
        settle(day)
    except Crash:
        return True
    finally:
        steps.listener = lambda _: None
    return False


@pytest.mark.prove
def test_a_crash_anywhere_leaves_no_pdf_out(day: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    fresh, place, step = day.space.root, 1, int(os.environ.get("CRASH_STEP", "1"))
    while True:
        crashed = Day(Path(shutil.copytree(fresh, tmp_path / f"crash-{place}")))
        if not stop_at(crashed, place):
            break
        settle(crashed)
        assert papers(crashed, "docx") == papers(crashed, "pdf"), place
        assert not list(crashed.space.outbox.rglob("*новая редакция*")), place
        assert kept(crashed) == hashes(crashed), place
        shutil.rmtree(crashed.space.root)
        place += step
    assert place > 20


def test_a_real_office_program_makes_pdfs_with_title_and_text(tmp_path: Path) -> None:
    if not pdf.program():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("LibreOffice (soffice) is not on this machine")
    day = after(pdf_wanted, tmp_path / "college")
    settle(day)
    assert papers(day, "docx") == papers(day, "pdf")
    [order] = day.space.outbox.rglob("*Закрепление пар*.pdf")
    opened = pypdfium2.PdfDocument(order)
    assert opened.get_metadata_value("Title") == day.catalog.documents["order_pairs"].title
    assert opened.is_tagged()
    assert "О закреплении" in opened[0].get_textpage().get_text_bounded()
