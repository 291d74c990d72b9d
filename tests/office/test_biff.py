"""The old .xls from the outside: what is there is found, and no bytes whatever lead to anything but ``Broken``."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.office import biff
from tests.intake import hostile

SAVED = (hostile.SAVED / "answers.xls").read_bytes()


def test_the_streams_of_a_file_by_libreoffice_are_found() -> None:
    book = biff.opened(SAVED)
    assert "Workbook" in book.names
    assert biff.has_workbook(book)
    assert [sheet.type for sheet in biff.sheets(biff.workbook(book) or b"")] == [0, 0, 0]


def test_a_small_stream_is_read_from_the_small_sectors() -> None:
    book = biff.opened(SAVED)
    small = [entry for entry in book.entries if 0 < entry.size < 4096 and entry.name != "Root Entry"]
    assert small
    renamed = biff.Compound(
        book.data,
        book.sector,
        book.table,
        book.small,
        (book.entries[0], biff.Entry("Workbook", small[0].start, small[0].size)),
    )
    assert len(biff.workbook(renamed) or b"") == small[0].size


def test_errors_are_found_in_their_sheet_and_cell() -> None:
    error = hostile.record(0x0205, struct.pack("<3H2B", 4, 2, 0, 0x17, 1))
    truth = hostile.record(0x0205, struct.pack("<3H2B", 5, 2, 0, 1, 0))
    formula = hostile.record(0x0006, struct.pack("<3H8B", 6, 3, 0, 2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF) + bytes(8))
    stream = hostile.workbook(error + truth + formula)
    assert biff.errors(stream) == {biff.sheets(stream)[0].begin: {(4, 2): "#REF!", (6, 3): "#N/A"}}


def test_a_cut_record_is_broken() -> None:
    with pytest.raises(biff.Broken):
        list(biff.records(hostile.workbook(b"") + b"\x03\x02\x0e\0\0"))


@given(st.integers(0, len(SAVED) - 1), st.binary(min_size=1, max_size=8), st.integers(0, len(SAVED)))
def test_changed_and_cut_bytes_are_read_or_broken_and_never_loop(at: int, change: bytes, end: int) -> None:
    data = (SAVED[:at] + change + SAVED[at + len(change) :])[: max(end, at)]
    try:
        book = biff.opened(data)
        stream = biff.workbook(book) or b""
        list(biff.records(stream))
    except biff.Broken:
        pass
