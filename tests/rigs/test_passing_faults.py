"""A fault that is none of the file's own – a full disk, a share that is away – never counts against the file."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

import pytest

from pipeline.journal import Journal
from tests.office_day import NOW, Day


def test_a_file_over_which_the_program_died_twice_comes_after_the_others(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    for sha in ("suspect", "other"):
        journal.receive(f"arrival of {sha}", sha, f"{sha}.xlsx", NOW)
    journal.attempt("suspect")
    journal.attempt("suspect")
    assert journal.unfinished() == ["other", "suspect"]


def test_a_commit_that_fails_for_want_of_room_is_undone_and_the_next_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    base = journal._db  # only the database itself can run out of room
    base.execute(f"PRAGMA max_page_count={base.execute('PRAGMA page_count').fetchone()[0] + 1}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        journal.remember("long", "x" * 100_000)
    assert not base.in_transaction
    base.execute("PRAGMA max_page_count=100000")
    journal.remember("short", "kept")
    assert Journal(path).recall("short") == "kept"


class Crash(BaseException):
    """The machine stops here."""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which file a descriptor is")
def test_a_register_half_written_at_a_crash_is_not_taken_for_a_save_of_hers(tmp_path: Path, monkeypatch) -> None:
    day = Day(tmp_path / "college")
    day.turn()
    day.drop(day.pair_forms())
    flush = os.fsync

    def dies(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.parent == day.space.register.parent and path.suffix == ".xlsx":
            os.ftruncate(descriptor, 1_000)
            raise Crash
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", dies)
    with pytest.raises(Crash):
        day.turn()
    monkeypatch.undo()
    assert list(day.space.register.parent.glob(".nastavnik-*"))
    assert not day.turn().held
    assert len(day.book()["people"]) == 2
    assert not list(day.space.register.parent.glob(".nastavnik-*"))


def test_a_state_page_half_way_at_a_crash_is_not_taken_for_a_save_of_hers(tmp_path: Path) -> None:
    day = Day(tmp_path / "college")
    day.turn()
    (day.space.register.parent / ".nastavnik-0123.html").write_text("<p>")
    day.drop(day.pair_forms())
    assert not day.turn().held
    assert not list(day.space.register.parent.glob(".nastavnik-*"))
