"""Thousands of changed workbooks through gate, child, forms and marking: nothing but a verdict ever comes of them.

``FUZZ=50000 FUZZ_FROM=5000 pytest -m prove tests/intake/test_fuzz.py`` makes more of them, and others.
"""

from __future__ import annotations

import collections
import os
import time
from pathlib import Path

import pytest

from pipeline.intake import forms, gate, returned
from pipeline.office import sheets_read
from tests.intake import kit, mutants

COUNT = int(os.environ.get("FUZZ", "5000"))
FIRST = int(os.environ.get("FUZZ_FROM", "0"))
PATIENCE = 30.0
"""Seconds that no verdict may take."""


@pytest.mark.prove
def test_no_changed_workbook_kills_the_service_or_keeps_it_waiting(tmp_path: Path) -> None:
    told: collections.Counter[str] = collections.Counter()
    slowest = (0.0, 0)
    with sheets_read.Reader() as reader:
        for number in range(FIRST, FIRST + COUNT):
            (tmp_path / "spooled").write_bytes(mutants.mutant(number))
            begin = time.monotonic()
            try:
                told[_verdict(tmp_path / "spooled", reader)] += 1
            except Exception as problem:
                problem.add_note(f"mutant {number}")
                raise
            slowest = max(slowest, (time.monotonic() - begin, number))
    print(f"{COUNT} mutants: {dict(told)}; the slowest took {slowest[0]:.1f} s, mutant {slowest[1]}")
    assert slowest[0] < PATIENCE
    assert told["read"] > COUNT / 20, "mutants that nobody can read prove little"


def test_a_mutant_is_the_same_whenever_it_is_made() -> None:
    made = [mutants.mutant(number) for number in range(20)]
    assert made == [mutants.mutant(number) for number in range(20)]
    assert len(set(made)) == 20


def _verdict(path: Path, reader: sheets_read.Reader) -> str:
    """Return in a word what becomes of a spooled file, by the steps of the reception."""
    verdict = gate.examine(path)
    if not verdict.kind:
        assert verdict.reason
        return "dangerous" if verdict.danger else "refused"
    try:
        sheets = reader.read(path)
    except sheets_read.Unparsable as problem:
        return problem.reason
    reading = forms.read(sheets, kit.shipped(), kit.TODAY)
    if reading.form and reading.mistakes:
        assert returned.make(path, verdict.kind, reading, kit.shipped(), reader)
        return "returned"
    return "read"
