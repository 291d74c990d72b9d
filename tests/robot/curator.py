"""A curator who does anything at random in a real office program."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from pipeline.catalog import Column, Layout
from pipeline.wording.register import KEEP, OPEN, REMOVE, SEEN, TAKE
from tests.office_day import PAIR
from tests.robot.office import Office
from tests.robot.oracle import MARK
from tests.robot.view import Seen, Tab, View, place, read

WRITTEN = ("people", "mentors", "mentees", "consents", "pairs", "programmes", "plan", "orders", "applications",
           "roadmap", "events", "agreements")  # fmt: skip
"""The sheets she works in."""

ADDED = {
    "people": ("surname", "name", "post", "birth"),
    "events": ("title", "place", "day"),
    "agreements": ("content", "form", "start"),
    "applications": ("text", "kind", "received"),
    "plan": ("activity", "area", "due"),
}
"""The cells of rows that she adds; the first takes free text."""

COPIED = ("events", "agreements", "applications", "plan")
"""The sheets whose rows she copies."""

WHOSE = {"person", "year", "email", "kind"}
"""What says whose row it is: by it the oracle finds the row again."""

FLOURISHES = ("{}", "  {} ", "{}\u00a0тут", "={}", "+{}", "@{}", "-{}", "{}\nи ещё", "«{}» & <b>", "{}, ё; №", "'{}")
MOST_OWN = 2
MOST_PAIRS = 3


class Curator:
    """Opens the register, does things to it, saves, closes. ``view`` is what she last looked at."""

    def __init__(self, office: Office, register: Path, layout: Layout, source: random.Random) -> None:
        self.office = office
        self.register = register
        self.layout = layout
        self.source = source
        self.view: View = {}
        self.done: Counter[str] = Counter()
        self._count = 0
        self._deletes = True

    # --- the workbook ---------------------------------------------------------------------------------------------

    def open(self) -> View:
        """Open the register and look at it."""
        assert self.office.do("open", str(self.register)), "the register opens for reading only"
        return self.look()

    def look(self) -> View:
        """Look at all sheets."""
        self.view = read(self.layout, self.office.do("look"))
        return self.view

    def save(self) -> View:
        """Save, again when the program had replaced the file meanwhile; return what was saved."""
        view, attempts = self.look(), self.office.do("save")
        assert attempts, "LibreOffice could not save"
        self.done["save refused at first"] += attempts - 1
        self._deletes = True
        return view

    def close(self) -> None:
        """Close; what was not saved never was."""
        self.office.do("close")

    def act(self) -> None:
        """Do one thing at random."""
        actions: Sequence[tuple[int, Callable[[], bool]]] = (
            (30, self.edit),
            (8, self.blank),
            (6, self.overwrite_computed),
            (3, self.write_formula),
            (8, self.answer),
            (8, self.fill_empty_row),
            (6, self.add_below),
            (3, self.add_between),
            (4, self.copy),
            (4, self.delete),
            (6, self.sort),
            (4, self.sort_part),
            (2, self.add_column),
            (5, self.write_own),
            (4, self.move_column),
            (3, self.hide_column),
            (6, self.mark_signatures),
            (3, self.pair),
            (4, self.lead_order),
        )
        self.look()
        found = False
        while not found:
            action = self.source.choices([one for _, one in actions], [weight for weight, _ in actions])[0]
            found = action()
        self.done[action.__name__] += 1

    # --- cells ----------------------------------------------------------------------------------------------------

    def edit(self) -> bool:
        """Type into a cell of a row that says something."""
        tab, row, column = self._cell()
        self._type(tab, row, column.key, self._value(column))
        return True

    def blank(self) -> bool:
        """Blank a cell."""
        tab, row, column = self._cell()
        self._type(tab, row, column.key, "")
        return column.key in row.cells

    def overwrite_computed(self) -> bool:
        """Type into a cell that the program fills."""
        tab, row = self._row(*WRITTEN)
        columns = [one.key for one in tab.sheet.columns if one.owner == "program" and one.kind in {"text", "long"}]
        if columns:
            self._type(tab, row, self.source.choice(columns), self._text())
        return bool(columns)

    def write_formula(self) -> bool:
        """Leave a formula in a cell of hers."""
        tab, row, column = self._cell()
        self._count += 1
        self.office.do("type_formula", tab.sheet.title, row.number, tab.columns[column.key], f"={self._count}+1")
        return True

    def answer(self) -> bool:
        """Answer an open question, by what it offers or by a value of her own."""
        tab = self.view["questions"]
        row = self._one_of([row for row in tab.filled() if row.cells["state"] == OPEN and "answer" not in row.cells])
        options = row.cells.get("options", "").split(" / ") if row else []
        replies = [one for one in options if one in {KEEP, TAKE, SEEN, REMOVE}]
        if not row or not replies:
            return False
        cell = place(self.view, row.cells.get("place", ""))
        if TAKE in replies and cell and self.layout.sheet(cell[0]).column(cell[2]).kind in {"text", "long"}:
            replies.append(self._text())
        self._type(tab, row, "answer", self.source.choice(replies))
        return True

    # --- rows -----------------------------------------------------------------------------------------------------

    def fill_empty_row(self) -> bool:
        """Start a row in the first empty one that has a code."""
        tab = self._tab(*ADDED)
        row = tab.empty()
        return bool(row) and self._fill(tab, row.number)

    def add_below(self) -> bool:
        """Start a row below everything, without a code."""
        tab = self._tab(*ADDED)
        return self._fill(tab, tab.end + self.source.randint(0, 1))

    def add_between(self) -> bool:
        """Insert a row between others and fill it."""
        tab = self._tab(*ADDED)
        at = self.source.randint(tab.heading + 1, tab.end - 1)
        self.office.do("insert_row", tab.sheet.title, at)
        return self._fill(tab, at)

    def copy(self) -> bool:
        """Copy a row with its code, below or over an empty one, and change one cell of the copy."""
        sheets = [key for key in COPIED if self.view[key].filled()]
        if not sheets:
            return False
        tab, row = self._row(*sheets)
        empty = tab.empty()
        target = empty.number if empty and self.source.random() < 0.5 else tab.end
        self.office.do("copy_row", tab.sheet.title, row.number, target)
        self._put(tab, target, ADDED[tab.sheet.key][0], self._text())
        return True

    def delete(self) -> bool:
        """Delete a row; no more than one a save, or she would be asked whether she means it."""
        tab, row = self._row(*WRITTEN)
        if self._deletes:
            self.office.do("delete_row", tab.sheet.title, row.number)
            self._deletes = False
            return True
        return False

    def sort(self) -> bool:
        """Sort all rows of a sheet by any column."""
        tab = self._tab(*self.view)
        self._sort(
            tab, (0, tab.heading + 1, max(self._places(tab)), tab.end - 1), self.source.choice(self._places(tab))
        )
        return True

    def sort_part(self) -> bool:
        """Sort a few rows only; now and then, by mistake, a single column of them."""
        tab, row, column = self._cell()
        last = min(row.number + self.source.randint(1, 3), tab.end - 1)
        if self.source.random() < 0.5:
            self._sort(tab, (0, row.number, max(self._places(tab)), last), tab.columns[column.key])
        else:
            self._sort(tab, (tab.columns[column.key], row.number, tab.columns[column.key], last), 0)
        return True

    # --- columns --------------------------------------------------------------------------------------------------

    def add_column(self) -> bool:
        """Insert a column of her own."""
        tab = self._tab(*WRITTEN)
        if len(tab.own) >= MOST_OWN:
            return False
        at = self.source.randint(0, max(self._places(tab)) + 1)
        self.office.do("insert_column", tab.sheet.title, at)
        self.office.do("type", tab.sheet.title, tab.heading, at, self._text())
        return True

    def write_own(self) -> bool:
        """Write into a column of her own."""
        tab, row = self._row(*WRITTEN)
        if tab.own:
            self.office.do(
                "type", tab.sheet.title, row.number, self.source.choice(list(tab.own.values())), self._text()
            )
        return bool(tab.own)

    def move_column(self) -> bool:
        """Move a column, the code's too."""
        tab = self._tab(*WRITTEN)
        source, target = self.source.sample([*self._places(tab), max(self._places(tab)) + 1], 2)
        if source in {target, target - 1} or source > max(self._places(tab)):
            return False
        self.office.do("move_column", tab.sheet.title, source, target)
        return True

    def hide_column(self) -> bool:
        """Hide a column."""
        tab = self._tab(*WRITTEN)
        self.office.do("hide_column", tab.sheet.title, self.source.choice(self._places(tab)))
        return True

    # --- work -----------------------------------------------------------------------------------------------------

    def mark_signatures(self) -> bool:
        """Mark a few consents as signed on paper."""
        tab = self.view["consents"]
        rows = [row for row in tab.filled() if row.cells.get("state") == "Ждём подпись"][:4]
        for row in rows:
            self._type(tab, row, "verified", "да")
            self._type(tab, row, "signed", "2026-11-20")
        return bool(rows)

    def pair(self) -> bool:
        """Enter a pair and approve it."""
        tab = self.view["pairs"]
        row, cells = tab.empty(), dict(PAIR)
        for key in ("mentor", "mentee"):
            taken = {one.cells.get(key) for one in tab.rows}
            found = self._one_of([one for one in self.view[f"{key}s"].filled() if one.code not in taken])
            cells[key] = found.code if found else ""
        if not row or len(tab.filled()) >= MOST_PAIRS or not all(cells.values()):
            return False
        for key, value in cells.items():
            self._type(tab, row, key, value)
        return True

    def lead_order(self) -> bool:
        """Send an order to be signed, or write the number and date of one that was."""
        tab = self.view["orders"]
        steps = {
            "Проект": {"decision": "На подпись"},
            "На подпись": {"number": f"{self._count}-од", "day": "2026-11-22"},
        }
        row = self._one_of([row for row in tab.filled() if row.cells.get("state") in steps])
        for key, value in steps[row.cells["state"]].items() if row else ():
            self._type(tab, row, key, value)
        return bool(row)

    # --- her hands ------------------------------------------------------------------------------------------------

    def _one_of(self, rows: Sequence[Seen]) -> Seen | None:
        return self.source.choice(rows) if rows else None

    def _tab(self, *sheets: str) -> Tab:
        return self.view[self.source.choice(sheets)]

    def _row(self, *sheets: str) -> tuple[Tab, Seen]:
        """Return a sheet and a row of it that says something."""
        tab = self.source.choice([self.view[key] for key in sheets if self.view[key].filled()])
        return tab, self.source.choice(tab.filled())

    def _cell(self) -> tuple[Tab, Seen, Column]:
        """Return a cell that people write."""
        tab, row = self._row(*WRITTEN)
        columns = [one for one in tab.sheet.columns if one.owner != "program" and not one.ref and one.key not in WHOSE]
        return tab, row, self.source.choice(columns)

    @staticmethod
    def _places(tab: Tab) -> list[int]:
        return sorted({*tab.columns.values(), *tab.own.values()})

    def _text(self) -> str:
        self._count += 1
        return f"{MARK} {self._count}"

    def _value(self, column: Column) -> str:
        """Invent what to type into a column; now and then something it does not understand."""
        source = self.source
        options = self.layout.lists.get(column.list, ())
        if source.random() < 0.06:
            return self._text()
        if column.kind == "choices":
            return "; ".join(source.sample(options, 2))
        if options:
            return source.choice(options)
        if column.kind == "date":
            return (date(2026, 1, 1) + timedelta(days=source.randint(0, 900))).isoformat()
        if column.kind == "number":
            return str(source.randint(0, 40))
        return source.choice(FLOURISHES).format(self._text())

    def _fill(self, tab: Tab, row: int) -> bool:
        first, *others = ADDED[tab.sheet.key]
        self._put(tab, row, first, self._text())
        for key in others:
            self._put(tab, row, key, self._value(tab.sheet.column(key)))
        return True

    def _type(self, tab: Tab, row: Seen, column: str, text: str) -> None:
        self._put(tab, row.number, column, text)

    def _put(self, tab: Tab, row: int, column: str, text: str) -> None:
        self.office.do("type", tab.sheet.title, row, tab.columns[column], text)

    def _sort(self, tab: Tab, area: tuple[int, int, int, int], by: int) -> None:
        self.office.do("sort", tab.sheet.title, area, by, self.source.random() < 0.4)
