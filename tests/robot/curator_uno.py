"""The curator's hands: drives a real LibreOffice by orders that come as JSON lines, one answer a line.

Run by the interpreter that has ``uno`` (the system's Python), never imported. It decides nothing and knows nothing of
the register: sheets are named by title, rows and columns by number from 0.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.io import IOException
from com.sun.star.table import CellAddress, CellRangeAddress, TableSortField

PATIENCE = 60.0
SAVES = 5


def connect(pipe: str) -> Any:
    """Wait for LibreOffice on its pipe; return its desktop."""
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
        except NoConnectException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def setting(name: str, value: Any) -> PropertyValue:
    """Return one named argument of an order to LibreOffice."""
    one = PropertyValue()
    one.Name, one.Value = name, value
    return one


class Hands:
    """What a person at the keyboard can do to one open document."""

    def __init__(self, desktop: Any) -> None:
        self.desktop = desktop
        self.document: Any = None

    def open(self, path: str) -> bool:
        """Open a document; return whether it can be saved (it cannot while somebody else has it open)."""
        self.document = self.desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, (setting("Hidden", True),))
        return not self.document.isReadonly()

    def save(self) -> int:
        """Save; return at which attempt it worked: the first fails when the file was replaced meanwhile."""
        self.document.setModified(True)
        for attempt in range(1, SAVES + 1):
            try:
                self.document.store()
            except IOException:
                time.sleep(0.05)
            else:
                return attempt
        return 0

    def close(self) -> None:
        """Close without saving."""
        self.document.setModified(False)
        self.document.close(True)

    def look(self) -> dict[str, Any]:
        """Return every sheet: the texts and numbers of its used range, from its first cell."""
        return {sheet.Name: self._used(sheet).getDataArray() for sheet in self._sheets()}

    def write(self, sheet: str, row: int, column: int, value: str | float | None) -> None:
        """Type into a cell; a day is typed as 2026-12-01 and understood by LibreOffice; ``None`` blanks."""
        cell = self._sheet(sheet).getCellByPosition(column, row)
        if isinstance(value, str) and not (len(value) == 10 and value[4::3] == "--"):
            cell.setString(value)
        elif value is None:
            cell.clearContents(1 | 2 | 4 | 16)  # values, dates, texts, formulas: what the key Delete takes
        else:
            cell.setFormula(str(value))

    def write_formula(self, sheet: str, row: int, column: int, formula: str) -> None:
        """Type a formula."""
        self._sheet(sheet).getCellByPosition(column, row).setFormula(formula)

    def sort(self, sheet: str, heading: int, column: int, down: bool) -> None:
        """Sort all rows below the headings by one column."""
        there = self._sheet(sheet)
        last = self._used(there).getRangeAddress()
        field = TableSortField()
        field.Field, field.IsAscending = column, not down
        area = there.getCellRangeByPosition(0, heading + 1, last.EndColumn, last.EndRow)
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        area.sort((setting("SortFields", fields), setting("ContainsHeader", False)))

    def insert_column(self, sheet: str, at: int) -> None:
        """Insert an empty column."""
        self._sheet(sheet).getColumns().insertByIndex(at, 1)

    def move_column(self, sheet: str, source: int, target: int) -> None:
        """Move a whole column in front of another one."""
        there = self._sheet(sheet)
        there.getColumns().insertByIndex(target, 1)
        source += source >= target
        used = self._used(there).getRangeAddress()
        there.moveRange(self._corner(there, target), self._area(there, source, used.EndRow))
        there.getColumns().removeByIndex(source, 1)

    def hide_column(self, sheet: str, column: int, shown: bool) -> None:
        """Hide or show a column."""
        self._sheet(sheet).getColumns().getByIndex(column).IsVisible = shown

    def copy_row(self, sheet: str, source: int, target: int) -> None:
        """Copy a whole row, its code and looks too, over another one."""
        there = self._sheet(sheet)
        used = self._used(there).getRangeAddress()
        row = CellRangeAddress(used.Sheet, 0, source, used.EndColumn, source)
        there.copyRange(CellAddress(used.Sheet, 0, target), row)

    def delete_row(self, sheet: str, row: int) -> None:
        """Delete a row, those below move up."""
        self._sheet(sheet).getRows().removeByIndex(row, 1)

    def insert_row(self, sheet: str, at: int) -> None:
        """Insert an empty row."""
        self._sheet(sheet).getRows().insertByIndex(at, 1)

    def colour(self, sheet: str, row: int, column: int, colour: int) -> None:
        """Give a cell a background."""
        self._sheet(sheet).getCellByPosition(column, row).CellBackColor = colour

    def colour_of(self, sheet: str, row: int, column: int) -> int:
        """Return the background of a cell, -1 for none."""
        return int(self._sheet(sheet).getCellByPosition(column, row).CellBackColor)

    def quit(self) -> None:
        """End LibreOffice."""
        self.desktop.terminate()

    def _sheets(self) -> list[Any]:
        sheets = self.document.getSheets()
        return [sheets.getByIndex(number) for number in range(sheets.getCount())]

    def _sheet(self, title: str) -> Any:
        return self.document.getSheets().getByName(title)

    @staticmethod
    def _used(sheet: Any) -> Any:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.getRangeAddress()
        return sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)

    @staticmethod
    def _corner(sheet: Any, column: int) -> CellAddress:
        return CellAddress(sheet.getRangeAddress().Sheet, column, 0)

    @staticmethod
    def _area(sheet: Any, column: int, last: int) -> CellRangeAddress:
        return CellRangeAddress(sheet.getRangeAddress().Sheet, column, 0, column, last)


def main(pipe: str) -> None:
    """Carry out orders until the input ends."""
    hands = Hands(connect(pipe))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        name, *values = json.loads(line)
        print(json.dumps(getattr(hands, name)(*values)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
