"""Bytes that are put down come back as they were, from memory, from disk, and where the disk takes nothing."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from pipeline.pile import Pile

MANY = [bytes([number]) * (number * 100) for number in range(1, 60)]


def test_what_is_put_down_comes_back_in_any_order_and_more_than_once(tmp_path):
    pile = Pile(tmp_path, held=5_000)
    taken = [pile.put(data) for data in MANY]
    for number in (*reversed(range(len(MANY))), 7, 40, 7):
        assert taken[number]() == MANY[number]


def test_few_bytes_never_touch_the_disk(tmp_path):
    pile = Pile(tmp_path / "not there", held=5_000)
    assert pile.put(b"a" * 5_000)() == b"a" * 5_000


def test_nothing_remains_under_a_name_and_the_file_goes_with_the_last_who_may_ask(tmp_path):
    before = _open_files(tmp_path)
    pile = Pile(tmp_path, held=0)
    last = pile.put(b"of a person")
    del pile
    assert list(tmp_path.iterdir()) == []
    assert last() == b"of a person"
    assert len(_open_files(tmp_path) - before) == 1
    del last
    gc.collect()
    assert _open_files(tmp_path) == before


def test_where_the_disk_takes_nothing_the_bytes_are_held_in_memory(tmp_path):
    pile = Pile(tmp_path / "not there", held=10)
    taken = [pile.put(data) for data in MANY]
    assert [one() for one in taken] == MANY


def test_a_disk_that_takes_half_does_not_give_half(tmp_path, monkeypatch):
    class Full:
        """A file on a disk that has room for 150 bytes."""

        def __init__(self) -> None:
            self.data = b""

        def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
            return len(self.data) if whence == os.SEEK_END else offset

        def write(self, data: bytes) -> int:
            fits = data[: 150 - len(self.data)]
            self.data += fits
            return len(fits)

        def close(self) -> None:
            self.data = b""

    monkeypatch.setattr("pipeline.pile.tempfile.TemporaryFile", lambda **_: Full())
    pile = Pile(tmp_path, held=0)
    assert pile.put(b"a" * 200)() == b"a" * 200


def test_what_is_gone_from_the_disk_is_said(tmp_path):
    pile = Pile(tmp_path, held=0)
    taken = pile.put(b"a" * 100)
    assert pile._file is not None
    os.ftruncate(pile._file.fileno(), 50)
    with pytest.raises(OSError, match="gone"):
        taken()


def _open_files(folder: Path) -> set[str]:
    return {one for fd in Path("/proc/self/fd").iterdir() if str(folder) in (one := _target(fd))}


def _target(link: Path) -> str:
    try:
        return f"{link.name} {link.readlink()}"
    except OSError:
        return ""
