"""An old copy of the workbook may come back after somebody was erased: what it says of them is passed over.

Their rows are known by their codes, for ever. What the program itself showed elsewhere (a name beside a pair) is taken
as the revision says that the copy was made from, out of which they were taken too; so nothing of it comes back as an
edit, a question or a row.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from pipeline.catalog import Layout, Sheet
from pipeline.model import Cells
from pipeline.register.workbook import Line, Theirs, View


def shows(theirs: Theirs, erased: Container[str]) -> bool:
    """Tell whether a workbook still has a row of somebody who was erased."""
    return any(line.code in erased for table in theirs.tables.values() for line in table.lines)


def without(layout: Layout, theirs: Theirs, base: View, erased: Container[str]) -> Theirs:
    """Return what a workbook says of everybody else; ``base`` is the revision that it was made from."""
    tables = {
        key: replace(
            table,
            lines=[
                _as_in(layout.sheet(key), line, base.get(key, {}).get(line.code, {}))
                for line in table.lines
                if line.code not in erased
            ],
        )
        for key, table in theirs.tables.items()
    }
    return replace(theirs, tables=tables)


def _as_in(sheet: Sheet, line: Line, base: Cells) -> Line:
    """Return a line whose computed cells say what they said in ``base``."""
    computed = {column.key for column in sheet.columns if column.owner == "program"}
    hers = {key: value for key, value in line.cells.items() if key not in computed}
    return replace(line, cells={**{key: base[key] for key in base if key in computed}, **hers})
