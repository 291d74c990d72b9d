"""How far the cells of a workbook may lie: a parser lays out the whole rectangle, and two far cells can kill it."""

from __future__ import annotations

from pipeline.intake.gate.verdict import Refused
from pipeline.wording import gate as say

ROWS = 20_000
COLUMNS = 300
CELLS = 200_000


def is_far(row: int, column: int) -> bool:
    """Tell whether a place, counted from 1, is one where no form has a cell."""
    return row > ROWS or column > COLUMNS


class Extent:
    """Counts the cells of one file. Rows and columns are counted from 1."""

    def __init__(self) -> None:
        self._cells = 0

    def add(self, row: int, column: int, cells: int = 1) -> None:
        """Count cells that reach to this row and column; raise ``Refused`` when that is more than any form has."""
        self._cells += cells
        if is_far(row, column) or self._cells > CELLS:
            raise Refused(say.too_wide(ROWS, COLUMNS))
