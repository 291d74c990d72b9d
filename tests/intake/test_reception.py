"""What becomes of dropped files: real files, the real reading child, one reception after another as after a restart."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import docx
import openpyxl
import pytest

from pipeline import files, steps
from pipeline.catalog import Catalog
from pipeline.intake import form_sheet, gate, reception
from pipeline.intake.folder import Lookout
from pipeline.intake.reception import Reception
from pipeline.journal import Arrival, Journal
from pipeline.office import word
from pipeline.reports import pages
from pipeline.wording import gate as gate_say
from pipeline.wording import intake as say
from pipeline.workspace import Workspace
from tests.intake import kit

NOW = datetime(2026, 11, 22, 12, 0)


class Desk:
    """A reception at work in a workspace, and what people do around it."""

    def __init__(self, root: Path) -> None:
        self.now = NOW
        self.space = Workspace(root)
        files.make_folders(self.space.folders())
        self.catalog: Catalog = kit.shipped()
        self.journal = Journal(self.space.journal)
        self.restart()

    def restart(self) -> None:
        """Begin anew with what lies on the disk."""
        self.reception = Reception(self.space, self.catalog, self.journal, lambda: self.now)
        self.lookout = Lookout(self.space, lambda: self.now)

    def drop(self, name: str, data: bytes, folder: Path | None = None) -> Path:
        path = (folder or self.space.inbox) / name
        path.write_bytes(data)
        return path

    def work(self) -> None:
        """Look twice, take what is settled, decide."""
        own = {put.path: put.sha for put in self.journal.puts().values()}
        self.lookout.look(own)
        self.reception.recover()
        self.reception.take(self.lookout.look(own).settled)
        self.reception.work()
        self.reception.tidy()
        self.now += timedelta(minutes=1)

    def handle(self, name: str, data: bytes) -> Arrival:
        """Drop a file, let it be dealt with, and return what its sender was told."""
        self.drop(name, data)
        self.work()
        return self.told()[0]

    def told(self) -> list[Arrival]:
        return self.journal.arrivals(NOW)

    def returned(self) -> list[Path]:
        return sorted(self.space.returned.glob("*.xlsx"))

    def surnames(self) -> list[str]:
        return [one.answers["people.surname"] for one in self.journal.submissions()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    yield one
    one.reception.close()
    one.journal.close()


def saved_again(path: Path, remark: str) -> bytes:
    """Return a workbook as an office program saves it without a change: other bytes, the same answers."""
    book = openpyxl.load_workbook(path)
    book.properties.description = remark
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


GOOD = kit.filled("mentee")
BAD = kit.typed("mentee", birth="31.02.1999")


def test_the_same_content_is_one_submission_and_the_second_sender_hears_its_date_and_number(desk: Desk) -> None:
    desk.handle("Анкета.xlsx", GOOD)
    again = desk.handle("Анкета (2).xlsx", GOOD)
    assert (again.fate, again.told) == ("repeated", say.accepted_before(1, NOW.date()))
    assert len(desk.surnames()) == 1
    assert not list(desk.space.inbox.glob("*.xlsx"))


def test_a_then_b_then_a_again_restores_a(desk: Desk) -> None:
    other = kit.filled("mentee", post="методист")
    for data in (GOOD, other, GOOD):
        assert desk.handle("Анкета.xlsx", data).fate == "recorded"
    assert [one.answers["people.post"] for one in desk.journal.submissions()][1] == "методист"
    assert len(desk.surnames()) == 3
    assert desk.handle("Анкета.xlsx", GOOD).fate == "repeated"
    assert desk.handle("Анкета.xlsx", other).fate == "recorded"


def test_a_form_with_mistakes_comes_back_and_its_original_is_kept(desk: Desk) -> None:
    told = desk.handle("Анкета.xlsx", BAD)
    assert told.fate == "returned"
    assert "C13" in told.told
    assert "31.02" not in told.told, "what people wrote is nobody else's business"
    assert len(desk.returned()) == 1
    [kept] = desk.space.archive.rglob("*.xlsx")
    assert kept.read_bytes() == BAD


def test_held_content_is_tried_again_and_gives_no_second_copy(desk: Desk) -> None:
    for name in ("Анкета.xlsx", "Анкета снова.xlsx"):
        assert desk.handle(name, BAD).fate == "returned"
    assert len(desk.returned()) == 1
    desk.returned()[0].unlink()
    assert desk.handle("Анкета.xlsx", BAD).fate == "returned"
    assert len(desk.returned()) == 1


def test_a_returned_file_saved_without_a_changed_answer_stays_and_is_told_once(desk: Desk) -> None:
    desk.handle("Анкета.xlsx", BAD)
    [copy] = desk.returned()
    for number in range(3):
        copy.write_bytes(saved_again(copy, f"saved {number}"))
        hers = copy.read_bytes()
        desk.work()
        assert desk.returned() == [copy]
        assert copy.read_bytes() == hers
    assert {one.fate for one in desk.told()} == {"returned", "still"}
    assert pages.fate(desk.told()).decode().count("ответы в нём прежние") == 1
    assert not desk.surnames()


@pytest.mark.parametrize("place", ["in place", "elsewhere"])
def test_a_mended_file_is_the_next_round_wherever_it_is_dropped_and_the_old_copy_goes(desk: Desk, place: str) -> None:
    desk.handle("Анкета.xlsx", kit.typed("mentee", surname="Ivanova", birth="31.02.1999"))
    [copy] = desk.returned()
    book = openpyxl.load_workbook(copy)
    page = book[say.FORM_SHEET]
    page["C9"].value, page["C13"].value = "Иванова", "28.02.1999"
    mended = io.BytesIO()
    book.save(mended)
    if place == "elsewhere":
        desk.drop("Исправлено.xlsx", mended.getvalue())
    else:
        desk.drop(copy.name, mended.getvalue(), copy.parent)
    desk.work()
    assert desk.surnames() == ["Иванова"]
    assert desk.returned() == []


def test_nothing_is_taken_away_while_its_owner_file_stands(desk: Desk) -> None:
    desk.handle("Анкета.xlsx", BAD)
    [copy] = desk.returned()
    owner = copy.with_name(f"~${copy.name}")
    owner.write_bytes(b"")
    os.utime(owner, (desk.now.timestamp(),) * 2)
    desk.handle("Исправлено.xlsx", GOOD)
    assert len(desk.surnames()) == 1
    assert copy.exists()
    owner.unlink()
    desk.work()
    assert desk.returned() == []


def test_two_people_whose_names_cannot_be_read_do_not_take_each_others_forms_away(desk: Desk) -> None:
    for post in ("методист", "лаборант"):
        desk.handle(f"{post}.xlsx", kit.typed("mentee", surname=None, name=None, birth=None, number=None, post=post))
    assert len(desk.returned()) == 2


def test_a_file_overwritten_between_copy_and_clear_is_a_second_arrival(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = kit.filled("mentee", post="методист")

    def overwrite(name: str) -> None:
        if name == "after:intake.receive":
            monkeypatch.setattr(steps, "listener", lambda _: None)
            next(desk.space.claims.glob("*/*")).write_bytes(later)

    monkeypatch.setattr(steps, "listener", overwrite)
    desk.handle("Анкета.xlsx", GOOD)
    assert [one.fate for one in desk.told()] == ["recorded", "recorded"]
    assert desk.journal.submissions()[-1].answers["people.post"] == "методист"


def failing(monkeypatch: pytest.MonkeyPatch, step: str, code: int) -> None:
    """Let the disk refuse one kind of write."""

    def refuse(name: str) -> None:
        if name == f"before:{step}":
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(steps, "listener", refuse)


@pytest.mark.parametrize("step", ["intake.store", "archive.keep", "intake.clear"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_what_passes_is_tried_again_without_anybody_asking(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    with monkeypatch.context() as patch:
        failing(patch, step, code)
        desk.drop("Анкета.xlsx", GOOD)
        desk.work()
    assert len(desk.reception.waiting()) == 1
    desk.now += timedelta(minutes=1)
    desk.work()
    assert desk.reception.waiting() == []
    assert [one.fate for one in desk.told()] == ["recorded"], "once, and not «уже принято»"
    assert not list(desk.space.claims.glob("*/*"))


def test_the_sender_is_told_why_reading_waits_and_pauses_grow(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "archive.keep", errno.ENOSPC)
    desk.handle("Анкета.xlsx", GOOD)
    pauses = []
    for _ in range(12):
        [delay] = desk.reception.waiting()
        pauses.append(delay.times)
        desk.now = max(desk.now, delay.again)
        desk.work()
    assert pauses == list(range(1, 13))
    assert desk.told()[0].told.startswith(say.CAUSES["full"])
    assert delay.again - desk.now <= timedelta(minutes=10)


def test_one_stuck_file_holds_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def stuck(path: object, *more: object, **options: object) -> int:
        if ".claim" in str(path) and "занятый" in str(path):
            raise OSError(errno.EIO, "stuck")
        return real(path, *more, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", stuck)
    desk.drop("занятый.xlsx", BAD)
    desk.handle("Анкета.xlsx", GOOD)
    assert len(desk.surnames()) == 1
    assert [(one.name, one.cause) for one in desk.reception.waiting()] == [("занятый.xlsx", "away")]


def test_a_file_over_which_the_program_dies_lets_the_others_go_first_and_is_put_aside(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Death(BaseException):
        pass

    real = gate.examine

    def deadly(path: Path) -> gate.Verdict:
        if path.read_bytes() == BAD:
            raise Death
        return real(path)

    monkeypatch.setattr(reception.gate, "examine", deadly)
    desk.drop("смертельный.xlsx", BAD)
    desk.drop("Анкета.xlsx", GOOD)
    deaths = 0
    while "quarantined" not in {one.fate for one in desk.told()}:
        try:
            desk.work()
        except Death:
            deaths += 1
        desk.restart()
    assert deaths == reception._MOST_ATTEMPTS
    assert len(desk.surnames()) == 1
    assert next(desk.space.quarantine.iterdir()).read_bytes() == BAD


def test_a_file_that_vanished_after_it_was_claimed_is_told_of(desk: Desk) -> None:
    path = desk.drop("Анкета.xlsx", GOOD)
    claimed = files.claim(path, desk.space.claims)
    claimed.unlink()
    desk.reception._admit([claimed])
    assert (desk.told()[0].fate, desk.told()[0].told) == ("refused", say.vanished())


def test_a_content_whose_spooled_bytes_were_lost_is_asked_for_again(desk: Desk) -> None:
    desk.drop("Анкета.xlsx", GOOD)
    desk.reception.take([desk.space.inbox / "Анкета.xlsx"])
    for spooled in desk.space.spool.iterdir():
        spooled.unlink()
    desk.reception.work()
    assert desk.told()[0].told == say.vanished()
    assert desk.handle("Анкета.xlsx", GOOD).fate == "recorded"


def test_a_file_larger_than_any_form_or_scan_is_moved_unread_and_left_in_peace(desk: Desk) -> None:
    path = desk.space.inbox / "фильм.xlsx"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    desk.work()
    assert desk.told()[0].told == gate_say.too_large(gate.FILE >> 20)
    assert (desk.space.unknown / path.name).stat().st_size == 1 << 30
    assert not any(desk.space.spool.iterdir())
    desk.work()
    assert len(desk.told()) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_links_and_pipes_are_moved_unopened_and_left_in_peace(desk: Desk) -> None:
    (desk.space.inbox / "ссылка.xlsx").symlink_to("/etc/passwd")
    os.mkfifo(desk.space.inbox / "труба.xlsx")
    desk.drop("два имени.xlsx", GOOD)
    os.link(desk.space.inbox / "два имени.xlsx", desk.space.archive / "другое имя")
    for _ in range(3):
        desk.work()
    assert [one.told for one in desk.told()] == [gate_say.not_a_file()] * 3
    assert len(list(desk.space.unknown.iterdir())) == 3


@pytest.mark.parametrize(
    "name",
    ["я" * 125 + ".xlsx", "й" * 127, os.fsdecode("Анкета".encode("cp1251")) + ".xlsx", "Анкета\u202excod.exe", "CON"],
)
def test_whatever_a_file_is_called_it_is_answered(desk: Desk, name: str) -> None:
    for data, fate in ((BAD, "returned"), (b"no form", "refused"), (GOOD, "recorded")):
        assert desk.handle(name, data).fate == fate
    assert all(pages.fate(desk.told()) for _ in range(1))
    assert len(list(desk.space.unknown.iterdir())) == 1


def test_our_own_papers_are_known_and_told_what_to_do_with(desk: Desk, tmp_path: Path) -> None:
    form = desk.catalog.forms["mentee"]
    blank = form_sheet.make(form, desk.catalog.organisation)
    template = word.Template.load(_letter("Проект"), {})
    draft = docx.Document(io.BytesIO(template.render({}, title="Приказ")))
    draft.add_paragraph("Приписано секретарём")
    changed = io.BytesIO()
    draft.save(changed)
    for name, data, told in (
        ("Бланк.xlsx", blank, say.our_blank()),
        ("Бланк сохранённый.xlsx", kit.changed(blank, lambda book: None), say.our_blank()),
        ("Приказ.docx", changed.getvalue(), say.our_draft()),
        ("Страница.html", pages.fate([]), say.our_page()),
        ("Дела.html", pages.state(pages.State()), say.our_page()),
    ):
        assert (desk.handle(name, data).told, name) == (told, name)


def _letter(text: str) -> bytes:
    letter = docx.Document()
    letter.add_paragraph(text)
    data = io.BytesIO()
    letter.save(data)
    return data.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "copied into another book"])
def test_the_register_is_known_by_its_mark_or_its_sheets(desk: Desk, kind: str) -> None:
    book = openpyxl.Workbook()
    book.active.title = "О реестре"  # type: ignore[union-attr]
    if kind == "xlsx":
        book.defined_names["nastavnik_register"] = openpyxl.workbook.defined_name.DefinedName(
            "nastavnik_register", attr_text="'О реестре'!$B$2"
        )
    data = io.BytesIO()
    book.save(data)
    assert desk.handle("Реестр.xlsx", data.getvalue()).told == say.our_register()


def test_what_was_put_aside_or_sent_back_can_be_tried_again(desk: Desk) -> None:
    desk.handle("Анкета.xlsx", BAD)
    sha = files.digest(BAD)
    assert desk.reception.again(sha)
    desk.work()
    assert [event.state for event in desk.journal.story(sha)] == ["received", "returned", "received", "returned"]
    for lost in desk.space.archive.rglob("*.xlsx"):
        lost.unlink()
    assert not desk.reception.again(sha)
