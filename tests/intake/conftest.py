from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipeline.intake import forms
from pipeline.intake.forms import Reading
from pipeline.office import sheets_read
from tests.intake import kit


@pytest.fixture(scope="session")
def reader() -> Iterator[sheets_read.Reader]:
    with sheets_read.Reader() as one:
        yield one


@pytest.fixture(scope="session")
def read(reader: sheets_read.Reader, tmp_path_factory: pytest.TempPathFactory) -> kit.Read:
    """Read a workbook (bytes or a path) through the real child process and the real forms."""
    spool = tmp_path_factory.mktemp("spool") / "form"

    def really_read(given: bytes | Path, today: date = kit.TODAY) -> Reading:
        path = given if isinstance(given, Path) else spool
        if isinstance(given, bytes):
            path.write_bytes(given)
        return forms.read(reader.read(path), kit.shipped(), today)

    return really_read
