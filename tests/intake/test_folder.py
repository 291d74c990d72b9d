import os
import sys
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
    lookout = Lookout(space)
    path = space.inbox / "a.txt"
    path.write_text("1", "utf-8")
    assert lookout.look({}).unsettled == 1
    path.write_text("12", "utf-8")
    assert lookout.look({}).settled == ()
    assert lookout.look({}).settled == (path,)


def test_an_old_or_future_time_of_change_does_not_matter(space):
    lookout = Lookout(space)
    for name, stamp in (("old.txt", 315532800), ("new.txt", 4070908800)):
        (space.inbox / name).write_text("1", "utf-8")
        os.utime(space.inbox / name, (stamp, stamp))
    lookout.look({})
    assert len(lookout.look({}).settled) == 2


def test_a_file_that_somebody_has_open_waits(space):
    lookout = Lookout(space)
    (space.inbox / "a.xlsx").write_bytes(b"1")
    owner = space.inbox / "~$a.xlsx"
    owner.write_bytes(b"")
    lookout.look({})
    assert lookout.look({}).settled == ()
    owner.unlink()
    assert lookout.look({}).settled == (space.inbox / "a.xlsx",)


def test_the_programs_own_untouched_file_is_no_input_and_a_touched_one_is(space):
    lookout = Lookout(space)
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
    assert list(listing(space, {})) == [deep / "a.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="only there may a name be no text")
def test_a_name_that_is_no_text_is_listed_all_the_same(space):
    path = Path(os.fsdecode(os.fsencode(space.inbox) + b"/\xc0\xed\xea.txt"))
    path.write_bytes(b"1")
    assert len(listing(space, {})) == 1


def test_a_file_of_a_form_in_the_outbox_is_looked_at(space):
    path = space.outbox / "Регистрация.txt"
    path.write_text("1", "utf-8")
    assert listing(space, {}) == {}
    assert list(listing(space, {space.relative(path): "sha"})) == [path]
