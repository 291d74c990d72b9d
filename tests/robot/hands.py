"""The curator's hands: starts LibreOffice and carries out orders that come as JSON lines, one answer a line.

Run by the system's Python, which has the bridge ``uno``; never imported. It decides nothing and knows nothing of the
register: sheets are named by title, rows and columns by number from 0.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.io import IOException
from com.sun.star.lang import DisposedException
from com.sun.star.table import CellAddress, CellRangeAddress, TableSortField

START, END = 60.0, 30.0
"""How many seconds LibreOffice may take to start and to end."""

SAVES = 5
FORMULA = 16
DELETED = 1 | 2 | 4 | FORMULA
"""What the key Delete takes from a cell: numbers, dates, texts, formulas."""


def setting(name: str, value: Any) -> PropertyValue:
    """Return one named argument of an order to LibreOffice."""
    one = PropertyValue()
    one.Name, one.Value = name, value
    return one


def connect(pipe: str) -> Any:
    """Wait for LibreOffice on its pipe; return its desktop."""
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    deadline = time.monotonic() + START
    while True:
        try:
            there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
        except NoConnectException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


class Hands:
    """What a person at the keyboard can do to one open workbook; every method is an order."""

    def __init__(self, desktop: Any) -> None:
        self.desktop = desktop
        self.book: Any = None

    def open(self, path: str) -> bool:
        """Open a workbook; return whether it can be saved (it cannot while somebody else has it open)."""
        self.book = self.desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, (setting("Hidden", True),))
        return not self.book.isReadonly()

    def save(self) -> int:
        """Save; return at which attempt it worked (0: never): the first fails when the file was replaced meanwhile."""
        self.book.setModified(True)
        for attempt in range(1, SAVES + 1):
            try:
                self.book.store()
            except IOException:
                time.sleep(0.05)
            else:
                return attempt
        return 0

    def close(self) -> None:
        """Close without saving."""
        self.book.setModified(False)
        self.book.close(True)

    def look(self) -> dict[str, Any]:
        """Return of every sheet the texts and numbers of its used range, row by row, and its formulas by place."""
        return {sheet.Name: (self._used(sheet).getDataArray(), self._formulas(sheet)) for sheet in self._sheets()}

    def type(self, sheet: str, row: int, column: int, text: str) -> None:
        """Type text; a day (2026-12-01) is understood as one; ``""`` is the key Delete."""
        cell = self._sheet(sheet).getCellByPosition(column, row)
        if not text:
            cell.clearContents(DELETED)
        elif len(text) == 10 and text[4::3] == "--":
            cell.setFormula(text)
        else:
            cell.setString(text)

    def type_formula(self, sheet: str, row: int, column: int, formula: str) -> None:
        """Type a formula."""
        self._sheet(sheet).getCellByPosition(column, row).setFormula(formula)

    def sort(self, sheet: str, area: tuple[int, int, int, int], by: int, down: bool) -> None:
        """Sort an area (first column and row, last column and row) by the column ``by``, counted from its first."""
        field = TableSortField()
        field.Field, field.IsAscending = by, not down
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        rows = self._sheet(sheet).getCellRangeByPosition(*area)
        rows.sort((setting("SortFields", fields), setting("ContainsHeader", False)))

    def insert_column(self, sheet: str, at: int) -> None:
        """Insert an empty column."""
        self._sheet(sheet).getColumns().insertByIndex(at, 1)

    def move_column(self, sheet: str, source: int, target: int) -> None:
        """Move a whole column in front of another one."""
        there = self._sheet(sheet)
        there.getColumns().insertByIndex(target, 1)
        source += source >= target
        number, last = there.getRangeAddress().Sheet, self._used(there).getRangeAddress().EndRow
        there.moveRange(CellAddress(number, target, 0), CellRangeAddress(number, source, 0, source, last))
        there.getColumns().removeByIndex(source, 1)

    def hide_column(self, sheet: str, column: int) -> None:
        """Hide a column."""
        self._sheet(sheet).getColumns().getByIndex(column).IsVisible = False

    def copy_row(self, sheet: str, source: int, target: int) -> None:
        """Copy a whole row, its code and looks too, over another one."""
        there = self._sheet(sheet)
        used = self._used(there).getRangeAddress()
        there.copyRange(
            CellAddress(used.Sheet, 0, target), CellRangeAddress(used.Sheet, 0, source, used.EndColumn, source)
        )

    def delete_row(self, sheet: str, row: int) -> None:
        """Delete a row, those below move up."""
        self._sheet(sheet).getRows().removeByIndex(row, 1)

    def insert_row(self, sheet: str, at: int) -> None:
        """Insert an empty row."""
        self._sheet(sheet).getRows().insertByIndex(at, 1)

    def _sheets(self) -> list[Any]:
        sheets = self.book.getSheets()
        return [sheets.getByIndex(number) for number in range(sheets.getCount())]

    def _sheet(self, title: str) -> Any:
        return self.book.getSheets().getByName(title)

    @staticmethod
    def _formulas(sheet: Any) -> list[tuple[int, int, str]]:
        found = sheet.queryContentCells(FORMULA).getCells().createEnumeration()
        formulas = []
        while found.hasMoreElements():
            cell = found.nextElement()
            formulas.append((cell.CellAddress.Row, cell.CellAddress.Column, cell.getFormula()))
        return formulas

    @staticmethod
    def _used(sheet: Any) -> Any:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.getRangeAddress()
        return sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)


def main(profile: str) -> None:
    """Start LibreOffice with a profile of its own, carry out orders until the input ends, end it."""
    pipe = f"nastavnik-{os.getpid()}"
    options = ["--headless", "--norestore", "--nologo", "--nodefault", f"--accept=pipe,name={pipe};urp;"]
    where = f"-env:UserInstallation={Path(profile).as_uri()}"
    program = subprocess.Popen(["soffice", where, *options], stdout=sys.stderr)
    desktop = connect(pipe)
    try:
        hands = Hands(desktop)
        for line in sys.stdin:
            name, *values = json.loads(line)
            print(json.dumps(getattr(hands, name)(*values)), flush=True)
    finally:
        with contextlib.suppress(DisposedException):  # the bridge goes down with it
            desktop.terminate()
        program.wait(END)


if __name__ == "__main__":
    main(sys.argv[1])
