"""Shared folders that vanish or show up empty: nothing is concluded, and the work goes on when they come back."""

import os
import shutil

import pytest

from pipeline import files
from pipeline.journal import Journal
from pipeline.shares import Shares
from pipeline.wording import pages as say
from pipeline.workspace import SHARE_MARK, Workspace
from tests.office_day import Day, after, begun, taken_in


@pytest.fixture
def shares(tmp_path):
    space = Workspace(tmp_path)
    files.make_folders(space.folders())
    journal = Journal(space.journal)
    yield Shares(space, journal)
    journal.close()


def test_a_new_workspace_has_all_its_shares_and_marks_them(shares, tmp_path):
    assert shares.look() == frozenset()
    assert all((tmp_path / name / SHARE_MARK).is_file() for name in ("inbox", "register", "outbox"))


def test_a_share_that_is_gone_or_shows_up_empty_is_away_until_it_is_back(shares, tmp_path):
    shares.look()
    there = shares.there("outbox")
    for empty in (False, True):
        (tmp_path / "outbox").rename(tmp_path / "elsewhere")
        if empty:
            (tmp_path / "outbox").mkdir()
        assert shares.look() == {"outbox"}
        assert not there()
        assert not any((tmp_path / "outbox").iterdir()) if empty else not (tmp_path / "outbox").exists()
        shutil.rmtree(tmp_path / "outbox", ignore_errors=True)
        (tmp_path / "elsewhere").rename(tmp_path / "outbox")
        assert shares.look() == frozenset()
        assert there()


def test_a_mark_that_somebody_deleted_is_made_again_where_other_things_of_ours_lie(shares, tmp_path):
    shares.look()
    (tmp_path / "outbox" / "Состояние.html").write_text("x")
    (tmp_path / "outbox" / SHARE_MARK).unlink()
    assert shares.look() == frozenset()
    assert (tmp_path / "outbox" / SHARE_MARK).is_file()


def test_a_folder_emptied_on_purpose_is_taken_up_with_a_mark_made_by_hand(shares, tmp_path):
    shares.look()
    shutil.rmtree(tmp_path / "inbox")
    (tmp_path / "inbox").mkdir()
    assert shares.look() == {"inbox"}
    (tmp_path / "inbox" / SHARE_MARK).write_bytes(b"")
    assert shares.look() == frozenset()
    assert (tmp_path / "inbox" / "Бланки").is_dir()


def test_a_folder_of_the_inbox_that_somebody_deleted_is_made_again(shares, tmp_path):
    shares.look()
    (tmp_path / "inbox" / "На доработку").rmdir()
    shares.look()
    assert (tmp_path / "inbox" / "На доработку").is_dir()


def test_all_shares_away_for_a_while_lose_nothing_and_make_nothing_anew(tmp_path):
    day = after(taken_in, tmp_path / "college")
    before = day.book(), day.papers(), sorted(path.name for path in day.space.blanks.iterdir())
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in ("inbox", "register", "outbox"):
        (day.space.root / name).rename(kept / name)
        (day.space.root / name).mkdir()
    outcome = day.turn()
    assert {say.share_away(name) for name in ("inbox", "register", "outbox")} <= set(outcome.troubles)
    assert not any(any((day.space.root / name).iterdir()) for name in ("inbox", "register", "outbox"))
    with day.opened() as office:
        assert say.share_away("outbox") in office.status()
    for name in ("inbox", "register", "outbox"):
        (day.space.root / name).rmdir()
        (kept / name).rename(day.space.root / name)
    assert not day.turn().troubles
    assert (day.book(), day.papers(), sorted(path.name for path in day.space.blanks.iterdir())) == before


def test_with_too_little_room_files_wait_in_the_inbox_and_the_work_goes_on_by_itself(tmp_path, monkeypatch):
    day = after(begun, tmp_path / "college")
    day.drop(day.pair_forms()[:1])
    with monkeypatch.context() as patch:
        patch.setattr(files, "free_space", lambda _: 5 << 20)
        assert day.turn().troubles == (say.disk_nearly_full(5, day.catalog.policy.reserve_megabytes),)
        assert len(list(day.space.inbox.glob("*.xlsx"))) == 1
        assert "свободно 5 МБ" in day.state()
    assert day.turn().taken == 1


def test_a_full_outbox_is_told_of_and_its_papers_come_when_there_is_room(tmp_path, monkeypatch):
    day = Day(tmp_path / "college")
    real = files.publish

    def full(path, data, *more):
        if path.suffix == ".docx":
            raise OSError(28, os.strerror(28))
        return real(path, data, *more)

    day.drop(day.pair_forms())
    with monkeypatch.context() as patch:
        patch.setattr(files, "publish", full)
        outcome = day.turn()
    assert any("Не хватает места" in text for text in outcome.troubles)
    assert not day.papers()
    assert not day.turn().troubles
    assert day.papers()
