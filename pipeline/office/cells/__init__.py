"""Single cells of an existing .xlsx: read strictly, written so that nothing else in the file changes.

Plain data on both sides: `read(bytes) -> Book`, `apply(bytes, changes) -> bytes`. What people put into the workbook
with Excel or LibreOffice (drawings, drop-downs, formats, comments, pivots) is neither understood nor touched.

    book = cells.read(data)                      # Damaged(reason) when it is not an ordinary, whole .xlsx
    book.grids["Люди"].rows[2][1].value          # "Л-0001"
    cells.apply(data, [SetCell("Люди", 2, 5, "Методист"), AppendRow("Люди", {1: "Л-0002"}, like_row=2)])
"""

from pipeline.office.cells.damage import Damaged, Reason
from pipeline.office.cells.orphans import blanked
from pipeline.office.cells.plan import AppendRow, Change, SetCell
from pipeline.office.cells.proof import Unfaithful
from pipeline.office.cells.reading import Book, read
from pipeline.office.cells.values import BLANK, Cell, Grid, Kind, Scroll, Unwritable, Value, cell
from pipeline.office.cells.writing import apply

__all__ = [
    "BLANK",
    "AppendRow",
    "Book",
    "Cell",
    "Change",
    "Damaged",
    "Grid",
    "Kind",
    "Reason",
    "Scroll",
    "SetCell",
    "Unfaithful",
    "Unwritable",
    "Value",
    "apply",
    "blanked",
    "cell",
    "read",
]
