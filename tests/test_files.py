import os
import stat

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
    sha, stored = files.store(claimed, spool)
    assert (sha, stored.read_bytes()) == (files.digest(b"answers"), b"answers")
    files.clear(claimed)
    assert not any(claims.iterdir())
    assert not any(inbox.iterdir())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_a_link_and_a_second_name_are_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.xlsx")
    (tmp_path / "real").write_bytes(b"secret")
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "real")
    os.link(tmp_path / "real", tmp_path / "hard.xlsx")
    for name in ("pipe.xlsx", "link.xlsx", "hard.xlsx"):
        with pytest.raises(files.NotRegular):
            files.store(tmp_path / name, tmp_path)


def test_a_second_instance_is_told_so(tmp_path):
    with (
        files.only_instance(tmp_path / "lock"),
        pytest.raises(files.AnotherInstance),
        files.only_instance(tmp_path / "lock"),
    ):
        pass
