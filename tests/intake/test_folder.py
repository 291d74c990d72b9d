import errno
import os
import sys
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import files
from pipeline.intake.folder import Lookout, is_input_name, listing
from pipeline.workspace import Workspace


@pytest.fixture
def space(tmp_path):
    space = Workspace(tmp_path)
    files.make_folders(space.folders())
    return space


@pytest.mark.parametrize(
    "name",
    ["~$Анкета.xlsx", ".~lock.Анкета.xlsx#", "A1B2C300", "~WRD0001.tmp", "lu12345abc.tmp", "x.crdownload", "x.part",
     "Thumbs.db", "desktop.ini", ".DS_Store", "._Анкета.xlsx", "@eaDir", ".stfolder", "Что с моим файлом.html"],
)  # fmt: skip
def test_owner_temporary_and_system_files_are_no_input(name):
    assert not is_input_name(name)


@pytest.mark.parametrize(
    "name",
    ["Анкета.xlsx", "Анкета (2).xlsx", "x.sync-conflict-20260818-1.xlsx", "x (conflicted copy).ods", "без имени"],
)
def test_anything_else_may_be_a_form(name):
    assert is_input_name(name)


def test_a_file_is_settled_when_two_looks_agree(space):
    lookout = Lookout(space, datetime.now)
    path = space.inbox / "a.txt"
    path.write_text("1", "utf-8")
    assert lookout.look({}).unsettled == 1
    path.write_text("12", "utf-8")
    assert lookout.look({}).settled == ()
    assert lookout.look({}).settled == (path,)


def test_an_old_or_future_time_of_change_does_not_matter(space):
    lookout = Lookout(space, datetime.now)
    for name, stamp in (("old.txt", 315532800), ("new.txt", 4070908800)):
        (space.inbox / name).write_text("1", "utf-8")
        os.utime(space.inbox / name, (stamp, stamp))
    lookout.look({})
    assert len(lookout.look({}).settled) == 2


def test_a_file_that_somebody_has_open_waits(space):
    lookout = Lookout(space, datetime.now)
    (space.inbox / "a.xlsx").write_bytes(b"1")
    owner = space.inbox / "~$a.xlsx"
    owner.write_bytes(b"")
    lookout.look({})
    assert lookout.look({}).settled == ()
    owner.unlink()
    assert lookout.look({}).settled == (space.inbox / "a.xlsx",)


def test_the_programs_own_untouched_file_is_no_input_and_a_touched_one_is(space):
    lookout = Lookout(space, datetime.now)
    path = space.blanks / "Анкета.txt"
    path.write_bytes(b"blank")
    own = {space.relative(path): files.digest(b"blank")}
    lookout.look(own)
    assert lookout.look(own).settled == ()
    path.write_bytes(b"filled in")
    lookout.look(own)
    assert lookout.look(own).settled == (path,)


def test_sub_folders_are_looked_into_to_depth_three(space):
    deep = space.inbox / "1" / "2" / "3"
    (deep / "4").mkdir(parents=True)
    (deep / "a.txt").write_text("1", "utf-8")
    (deep / "4" / "b.txt").write_text("1", "utf-8")
    assert list(listing(space, {}).files) == [deep / "a.txt"]
    assert listing(space, {}).folders == {deep / "4": "deep"}


def test_a_folder_named_by_a_date_is_looked_into(space):
    (space.inbox / "20261127").mkdir()
    (space.inbox / "20261127" / "a.txt").write_text("1", "utf-8")
    assert len(listing(space, {}).files) == 1


@pytest.mark.parametrize("name", ["@eaDir", "$RECYCLE.BIN", "System Volume Information", "#recycle", ".stfolder"])
def test_folders_of_systems_are_not_looked_into(space, name):
    (space.inbox / name).mkdir()
    (space.inbox / name / "a.txt").write_text("1", "utf-8")
    assert listing(space, {}) == ({}, {})


def test_a_folder_that_cannot_be_listed_holds_up_nothing_else(space, monkeypatch):
    for name in ("closed", "open"):
        (space.inbox / name).mkdir()
        (space.inbox / name / "a.txt").write_text("1", "utf-8")
    fail_at(monkeypatch, os, "listdir", space.inbox / "closed", errno.EACCES)
    lookout = Lookout(space, datetime.now)
    lookout.look({})
    sight = lookout.look({})
    assert sight.settled == (space.inbox / "open" / "a.txt",)
    assert sight.waits == {space.inbox / "closed": "unlisted"}


def test_a_listing_that_the_network_interrupts_is_begun_anew(space, monkeypatch):
    (space.inbox / "a.txt").write_text("1", "utf-8")
    fail_at(monkeypatch, os, "listdir", space.inbox, errno.EINTR, times=2)
    assert len(listing(space, {}).files) == 1


def test_an_inbox_that_does_not_answer_is_told_of_and_nothing_else(space, monkeypatch):
    for code in (errno.ENOENT, errno.EIO, errno.ESTALE, errno.EHOSTDOWN):
        with monkeypatch.context() as patch:
            fail_at(patch, os, "listdir", space.inbox, code)
            assert Lookout(space, datetime.now).look({}).waits == {space.inbox: "unlisted"}


def test_a_file_that_may_not_be_read_waits_and_the_others_go_on(space, monkeypatch):
    for name in ("closed.txt", "open.txt"):
        (space.inbox / name).write_text("1", "utf-8")
    fail_at(monkeypatch, os, "open", space.inbox / "closed.txt", errno.EACCES)
    lookout = Lookout(space, datetime.now)
    lookout.look({})
    sight = lookout.look({})
    assert sight.settled == (space.inbox / "open.txt",)
    assert sight.waits == {space.inbox / "closed.txt": "closed"}


def test_an_owner_file_that_a_crash_left_holds_nothing_up(space):
    (space.inbox / "a.txt").write_text("1", "utf-8")
    (space.inbox / "~$a.txt").write_bytes(b"")
    os.utime(space.inbox / "~$a.txt", (0, 0))
    lookout = Lookout(space, datetime.now)
    lookout.look({})
    assert lookout.look({}).settled == (space.inbox / "a.txt",)


def test_a_name_as_long_as_names_may_be_is_listed_and_taken(space):
    path = space.inbox / ("я" * 125 + ".xlsx")
    path.write_bytes(b"1")
    lookout = Lookout(space, datetime.now)
    lookout.look({})
    assert lookout.look({}).settled == (path,)


def test_both_ways_to_make_a_letter_are_two_files(space):
    for form in ("NFC", "NFD"):
        (space.inbox / unicodedata.normalize(form, "Йод.txt")).write_text(form, "utf-8")
    assert len(listing(space, {}).files) == 2


def fail_at(monkeypatch, module, name, path, code, times=10**6):
    """Let a call of the system fail at one path, as a share that is closed or away does."""
    real, left = getattr(module, name), [times]

    def call(given=".", *more, **options):
        if Path(given) == path and left[0]:
            left[0] -= 1
            raise OSError(code, os.strerror(code))
        return real(given, *more, **options)

    monkeypatch.setattr(module, name, call)


@pytest.mark.skipif(sys.platform != "linux", reason="only there may a name be no text")
def test_a_name_that_is_no_text_is_listed_all_the_same(space):
    path = Path(os.fsdecode(os.fsencode(space.inbox) + b"/\xc0\xed\xea.txt"))
    path.write_bytes(b"1")
    assert len(listing(space, {}).files) == 1


def test_a_file_of_a_form_in_the_outbox_is_looked_at(space):
    path = space.outbox / "Регистрация.txt"
    path.write_text("1", "utf-8")
    assert listing(space, {}) == ({}, {})
    assert list(listing(space, {space.relative(path): "sha"}).files) == [path]
