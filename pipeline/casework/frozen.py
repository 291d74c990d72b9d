"""Rows that keep their cells for ever: signed and cancelled orders, approved programmes and plans, joined people."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.casework.case import Case
from pipeline.model import Cells

_ALIVE = frozenset({"state", "missing", "turn", "paper", "progress"})
"""Computed cells that go on changing after a row is frozen."""


def restore(case: Case) -> None:
    """Lay every frozen row again, whether or not the rules would still propose it."""
    for code, cells in case.ledger.frozen.items():
        sheet = case.catalog.layout.of_code(code)
        if sheet:
            case.ledger.propose(sheet.key, code, cells)


def take(case: Case, sheet: str, codes: Iterable[str]) -> dict[str, Cells]:
    """Return the cells that the rows ``codes`` are to keep, for those that are not frozen yet."""
    after = {column.key for column in case.catalog.layout.sheet(sheet).columns if column.after_signing}
    fresh = (code for code in codes if code not in case.ledger.frozen)
    rows = (case.ledger.row(sheet, code) for code in fresh)
    return {
        row.code: {key: value for key, value in row.cells.items() if value and key not in _ALIVE | after}
        for row in rows
    }
