import errno
import os
import stat
import unicodedata
from pathlib import Path

import pytest

from pipeline import files


def test_a_file_is_whole_or_not_there(tmp_path, monkeypatch):
    def fail(descriptor):
        raise OSError(28, "full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError):
        files.publish(tmp_path / "a.txt", b"x")
    assert not (tmp_path / "a.txt").exists()


def test_publishing_never_replaces_what_is_there(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"hers")
    assert not files.publish(tmp_path / "a.txt", b"ours")
    assert (tmp_path / "a.txt").read_bytes() == b"hers"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_publishing_the_same_again_is_done_already(tmp_path):
    assert files.publish(tmp_path / "a.txt", b"ours")
    assert files.publish(tmp_path / "a.txt", b"ours")


def test_replacing_by_the_same_writes_nothing(tmp_path):
    path = tmp_path / "page.html"
    assert files.replace(path, b"1")
    before = path.stat()
    assert not files.replace(path, b"1")
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


class _Read:
    """Counts how often files are read."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, path: Path) -> str:
        self.times += 1
        return files.digest_of(path)


_LATER = 3_000_000_000


def test_a_file_that_looks_the_same_is_read_once(tmp_path):
    path, read = tmp_path / "a.docx", _Read()
    path.write_bytes(b"ours")
    digests = files.Digests(read, lambda: path.stat().st_ctime_ns + _LATER)
    assert [digests.of(path) for _ in range(3)] == [files.digest(b"ours")] * 3
    assert read.times == 1


def test_a_change_is_seen_even_of_the_same_size_and_date(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"ours")
    dated = path.stat()
    digests = files.Digests(now=lambda: path.stat().st_ctime_ns + _LATER)
    assert digests.of(path) == files.digest(b"ours")
    (tmp_path / "b.docx").write_bytes(b"hers")
    (tmp_path / "b.docx").replace(path)
    os.utime(path, ns=(dated.st_atime_ns, dated.st_mtime_ns))
    assert digests.of(path) == files.digest(b"hers")
    path.unlink()
    assert digests.of(path) == ""


def test_a_file_that_changed_just_now_is_read_again(tmp_path):
    path, read = tmp_path / "a.docx", _Read()
    path.write_bytes(b"ours")
    os.utime(path, ns=(0, 0))
    digests = files.Digests(read, lambda: path.stat().st_ctime_ns + 1_000_000_000)
    digests.of(path)
    digests.of(path)
    assert read.times == 2


def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"ours")

    def read(path: Path) -> str:
        sha = files.digest_of(path)
        path.write_bytes(b"hers, longer")
        return sha

    digests = files.Digests(read, lambda: path.stat().st_ctime_ns + _LATER)
    assert digests.of(path) == files.digest(b"ours")
    assert digests.of(path) == files.digest(b"hers, longer")


def test_an_exchange_hands_back_what_it_displaced_and_keeps_the_rights(tmp_path):
    path = tmp_path / "register.xlsx"
    path.write_bytes(b"hers")
    path.chmod(0o664)
    displaced = files.exchange(path, b"ours")
    assert path.read_bytes() == b"ours"
    assert displaced is not None
    assert displaced.read_bytes() == b"hers"
    assert stat.S_IMODE(path.stat().st_mode) == 0o664
    assert files.leftovers(path) == [displaced]


def test_an_exchange_without_anything_there_displaces_nothing(tmp_path):
    assert files.exchange(tmp_path / "register.xlsx", b"ours") is None
    assert (tmp_path / "register.xlsx").read_bytes() == b"ours"
    assert files.leftovers(tmp_path / "register.xlsx") == []


def test_only_a_file_that_nobody_touched_is_removed(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"changed")
    assert not files.remove_if(path, files.digest(b"ours"))
    assert path.exists()
    assert files.remove_if(path, files.digest(b"changed"))
    assert not path.exists()


def test_a_claimed_file_keeps_its_name_and_is_stored_by_content(tmp_path):
    inbox, claims, spool = (tmp_path / name for name in ("inbox", "claims", "spool"))
    for folder in (inbox, claims, spool):
        folder.mkdir()
    (inbox / "Анкета.xlsx").write_bytes(b"answers")
    claimed = files.claim(inbox / "Анкета.xlsx", claims)
    assert claimed.name == "Анкета.xlsx"
    stored = files.store(claimed, spool, 100)
    assert stored.sha == files.digest(b"answers")
    assert (spool / stored.sha).read_bytes() == b"answers"
    assert files.clear(claimed, stored.seen)
    assert not any(claims.iterdir())
    assert not any(inbox.iterdir())


def test_a_claimed_file_that_was_written_to_after_it_was_copied_is_not_cleared(tmp_path):
    claimed = tmp_path / "claim" / "Анкета.xlsx"
    claimed.parent.mkdir()
    claimed.write_bytes(b"first")
    stored = files.store(claimed, tmp_path, 100)
    claimed.write_bytes(b"second")
    assert not files.clear(claimed, stored.seen)
    again = files.store(claimed, tmp_path, 100)
    assert files.clear(claimed, again.seen)
    assert (tmp_path / again.sha).read_bytes() == b"second"


def test_a_file_that_is_too_large_is_never_opened_for_copying(tmp_path):
    with (tmp_path / "large.xlsx").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(files.TooLarge):
        files.store(tmp_path / "large.xlsx", tmp_path, 20 << 20)
    assert [path.name for path in tmp_path.iterdir()] == ["large.xlsx"]


def test_a_write_that_fails_leaves_no_burden_on_the_full_disk(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "full")

    (tmp_path / "Анкета.xlsx").write_bytes(b"answers")
    monkeypatch.setattr(os, "fsync", full)
    for write in (
        lambda: files.publish(tmp_path / "new.txt", b"x"),
        lambda: files.store(tmp_path / "Анкета.xlsx", tmp_path, 100),
        lambda: files.keep(tmp_path / "Анкета.xlsx", tmp_path / "kept"),
    ):
        with pytest.raises(OSError) as problem:
            write()
        assert files.cause(problem.value) == "full"
    assert [path.name for path in tmp_path.iterdir()] == ["Анкета.xlsx"]


@pytest.mark.parametrize("name", ["я" * 125 + ".xlsx", "a" * 250, "й" * 127, "Анкета." + "я" * 120])
def test_a_free_name_fits_with_its_number_and_its_owner_file(tmp_path, name):
    taken = []
    for _ in range(3):
        path = files.free_name(tmp_path, name)
        assert path not in taken
        path.write_bytes(b"")
        path.with_name(f".~lock.{path.name}#").write_bytes(b"")
        taken.append(path)
    assert all(path.suffix == Path(name).suffix for path in taken if name.endswith(".xlsx"))


def test_a_name_is_the_same_however_its_letters_are_made(tmp_path):
    (tmp_path / unicodedata.normalize("NFC", "Йод.xlsx")).write_bytes(b"")
    assert files.free_name(tmp_path, unicodedata.normalize("NFD", "Йод.xlsx")).name == "Йод (2).xlsx"


def test_giving_back_never_replaces_anything(tmp_path):
    claimed = tmp_path / "claim" / "link.xlsx"
    claimed.parent.mkdir()
    claimed.symlink_to(tmp_path / "nowhere")
    (tmp_path / "taken").symlink_to(tmp_path / "nowhere else")
    with pytest.raises(FileExistsError):
        files.give_back(claimed, tmp_path / "taken")
    files.give_back(claimed, tmp_path / "free")
    assert (tmp_path / "free").is_symlink()
    assert not claimed.parent.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_a_link_and_a_second_name_are_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.xlsx")
    (tmp_path / "real").write_bytes(b"secret")
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "real")
    os.link(tmp_path / "real", tmp_path / "hard.xlsx")
    for name in ("pipe.xlsx", "link.xlsx", "hard.xlsx"):
        with pytest.raises(files.NotRegular):
            files.store(tmp_path / name, tmp_path, 100)


def test_a_second_instance_is_told_so(tmp_path):
    with (
        files.only_instance(tmp_path / "lock"),
        pytest.raises(files.AnotherInstance),
        files.only_instance(tmp_path / "lock"),
    ):
        pass
