"""A curator who does anything at random in a real office program; what she does is told to the oracle."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from pipeline.catalog import Column, Layout
from tests.robot.office import Office
from tests.robot.oracle import Loose, Oracle
from tests.robot.view import Seen, Tab, View, plain, read

KEEP, TAKE, SEEN = "оставить", "взять новое", "понятно"
EDITED = {
    "people": None,
    "mentors": None,
    "mentees": None,
    "consents": {"answer", "verified", "signed", "until", "resource", "bans", "note"},
    "pairs": {"mode", "note", "start"},
    "programmes": None,
    "plan": {"area", "form", "due", "responsible", "result", "mark", "done"},
    "orders": {"basis", "signer"},
    "applications": {"kind", "about", "text", "received", "decision"},
    "roadmap": None,
    "events": {"title", "day", "place", "responsible", "result"},
    "agreements": {"content", "form", "start", "end", "pay", "number", "day"},
}
"""Which columns she edits at random (``None``: all but references and who a row is about)."""
IDENTITY = {"person", "year", "email"}
TYPED = {
    "people": ("surname", "name", "post", "birth"),
    "events": ("title", "place", "day"),
    "agreements": ("content", "form", "start"),
    "applications": ("text", "kind", "received"),
    "plan": ("activity", "area", "due"),
}
"""The cells of rows that she adds; the first one's text no other row has."""
COPIED = ("events", "agreements", "applications", "plan")
DELETED = ("events", "agreements", "applications", "plan", "pairs", "consents", "mentors", "mentees", "people")
FLOURISHES = ("{}", "  {} ", "{}\u00a0тут", "={}", "+{}", "@{}", "-{}", "{}\nи ещё", "«{}» & <b>", "{}, ё; №", "'{}")
MOST_OWN = 2
MOST_PAIRS = 3


class Curator:
    """Opens the register, does things to it, saves, closes. ``view`` is what she last looked at."""

    def __init__(self, office: Office, register: Path, layout: Layout, oracle: Oracle, source: random.Random) -> None:
        self.office = office
        self.register = register
        self.layout = layout
        self.oracle = oracle
        self.source = source
        self.view: View = {}
        self.busy: set[tuple[str, str]] = set()
        self.colours: dict[tuple[str, str, str], int] = {}
        self.paled: list[str] = []
        self.refused_saves = 0
        self.done: dict[str, int] = {}
        self._count = 0

    # --- the document ---------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open the register and look at it."""
        assert self.office.do("open", str(self.register)), "the register opens for reading only"
        self.look()
        self.oracle.recognise(self.view)

    def look(self) -> None:
        """Look at all sheets."""
        self.view = read(self.layout, self.office.do("look"))

    def save(self) -> None:
        """Save, again when the program had replaced the file meanwhile."""
        self._remember_colours()
        attempts = self.office.do("save")
        assert attempts, "LibreOffice could not save"
        self.refused_saves += attempts - 1
        self.oracle.saved()

    def close(self) -> None:
        """Close; what was not saved never was."""
        self.office.do("close")
        self.oracle.forget()

    def compare_colours(self) -> None:
        """Look whether cells she coloured still are."""
        for (sheet, code, column), colour in list(self.colours.items()):
            shown = self._colour(sheet, code, column)
            if shown is not None and shown != colour:
                self.paled.append(f"{sheet} {code} {column}: {colour:x} → {shown:x}")
                del self.colours[sheet, code, column]

    def _remember_colours(self) -> None:
        """What counts is how the cells look when she saves: sorting and deleting may take colours along."""
        self.look()
        for cell in list(self.colours)[:-6]:
            del self.colours[cell]
        found = {cell: self._colour(*cell) for cell in self.colours}
        self.colours = {cell: colour for cell, colour in found.items() if colour is not None}

    def _colour(self, sheet: str, code: str, column: str) -> int | None:
        tab = self.view[sheet]
        row = tab.row(code)
        return (
            None if row is None else int(self.office.do("colour_of", tab.sheet.title, row.number, tab.columns[column]))
        )

    # --- what she does --------------------------------------------------------------------------------------------

    def act(self) -> str:
        """Do one thing at random; return its name."""
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
            (8, self.sort),
            (2, self.add_column),
            (5, self.write_own),
            (4, self.move_column),
            (3, self.hide_column),
            (4, self.paint),
            (6, self.mark_signatures),
            (3, self.pair),
            (4, self.lead_order),
        )
        while True:
            self.look()
            action = self.source.choices([one for _, one in actions], [weight for weight, _ in actions])[0]
            if action():
                self.done[action.__name__] = self.done.get(action.__name__, 0) + 1
                return action.__name__

    def edit(self) -> bool:
        """Type into a cell of a row that says something."""
        found = self._any_cell()
        if not found:
            return False
        tab, row, column = found
        self._type(tab, row, column, self._value(column))
        return True

    def blank(self) -> bool:
        """Blank a cell."""
        found = self._any_cell()
        if not found or not found[1].cells.get(found[2].key):
            return False
        self._type(*found, None)
        return True

    def overwrite_computed(self) -> bool:
        """Type into a cell that the program fills."""
        tab, row = self._any_row(*EDITED)
        columns = [one for one in tab.sheet.columns if one.owner == "program" and one.kind in {"text", "long"}]
        if not row or not columns:
            return False
        column, value = self.source.choice(columns), self._token()
        self._put(tab, row.number, tab.columns[column.key], value)
        self.oracle.hand.told[tab.sheet.key, row.code, column.key] = value
        return True

    def write_formula(self) -> bool:
        """Leave a formula in a cell of hers."""
        found = self._any_cell()
        if not found or found[2].kind not in {"text", "long", "number"}:
            return False
        tab, row, column = found
        self._count += 1
        formula = f"={self._count}+1"
        self.office.do("write_formula", tab.sheet.title, row.number, tab.columns[column.key], formula)
        cell = (tab.sheet.key, row.code, column.key)
        self.busy.add(cell[:2])
        self.oracle.hand.cells.pop(cell, None)
        self.oracle.hand.told[cell] = formula
        self.oracle.hand.free.add(cell)
        return True

    def answer(self) -> bool:
        """Answer an open question."""
        tab = self.view["questions"]
        rows = [row for row in tab.people_rows() if row.cells.get("state") == "Открыт" and not row.cells.get("answer")]
        known = {KEEP, TAKE, SEEN}
        rows = [row for row in rows if known & set(row.cells.get("options", "").split(" / "))]
        if not rows:
            return False
        row = self.source.choice(rows)
        replies = sorted(known & set(row.cells["options"].split(" / ")))
        cell = self._place(row.cells.get("place", ""))
        column = cell and self.layout.sheet(cell[0]).column(cell[2])
        if TAKE in replies and column and column.kind in {"text", "long"}:
            replies.append(self._token())
        reply = self.source.choice(replies)
        self._type(tab, row, tab.sheet.column("answer"), reply)
        self.oracle.hand.answered[row.code] = reply
        if cell and reply == TAKE:
            self.oracle.hand.free.add(cell)
        elif cell and reply not in known:
            self.oracle.hand.cells[cell] = reply
            self.busy.add(cell[:2])
        return True

    def fill_empty_row(self) -> bool:
        """Start a row in the first empty one that has a code."""
        tab = self.view[self.source.choice(list(TYPED))]
        row = self._empty(tab)
        if not row:
            return False
        for key, value in self._new(tab).items():
            self._type(tab, row, tab.sheet.column(key), value)
        return True

    def add_below(self) -> bool:
        """Start a row below everything, without a code."""
        tab = self.view[self.source.choice(list(TYPED))]
        self._type_loose(tab, tab.end + self.source.randint(0, 1), self._new(tab))
        return True

    def add_between(self) -> bool:
        """Insert a row between others and fill it."""
        tab = self.view[self.source.choice(list(TYPED))]
        at = self.source.randint(tab.heading + 1, tab.end - 1)
        self.office.do("insert_row", tab.sheet.title, at)
        self._type_loose(tab, at, self._new(tab))
        return True

    def copy(self) -> bool:
        """Copy a row with its code, below or over an empty one, and change one cell of the copy."""
        tab, row = self._any_row(*COPIED)
        if not row or (tab.sheet.key, row.code) in self.busy:
            return False
        token = TYPED[tab.sheet.key][0]
        over = self._empty(tab) if self.source.random() < 0.5 else None
        target = over.number if over else tab.end
        self.office.do("copy_row", tab.sheet.title, row.number, target)
        hers = {one.key for one in tab.sheet.columns if one.owner != "program"}
        cells = {key: value for key, value in row.cells.items() if key in hers}
        self._type_loose(tab, target, {token: self._token()}, cells)
        self.busy.add((tab.sheet.key, row.code))
        return True

    def delete(self) -> bool:
        """Delete a row."""
        tab, row = self._any_row(*DELETED)
        if not row or (tab.sheet.key, row.code) in self.busy or self.oracle.hand.gone:
            return False
        if tab.sheet.key == "people" and row.cells.get("email") and not self._is_referred(row.code):
            return False
        self.office.do("delete_row", tab.sheet.title, row.number)
        hand, gone = self.oracle.hand, (tab.sheet.key, row.code)
        hand.gone[gone] = row.cells
        self.busy.add(gone)
        hand.own = {cell: value for cell, value in hand.own.items() if cell[:2] != gone}
        return True

    def sort(self) -> bool:
        """Sort all rows of a sheet by any column."""
        tab = self.view[self.source.choice(list(self.view))]
        column = self.source.choice(sorted(tab.columns.values()))
        self.office.do("sort", tab.sheet.title, tab.heading, column, self.source.random() < 0.4)
        return True

    def add_column(self) -> bool:
        """Insert a column of her own."""
        tab = self.view[self.source.choice(list(EDITED))]
        if len(tab.own) >= MOST_OWN:
            return False
        at = self.source.randint(0, max(tab.columns.values()) + 1)
        self._count += 1
        self.office.do("insert_column", tab.sheet.title, at)
        self._put(tab, tab.heading, at, f"Своё {self._count}")
        return True

    def write_own(self) -> bool:
        """Write into a column of her own."""
        tab, row = self._any_row(*EDITED)
        if not row or not tab.own:
            return False
        heading, value = self.source.choice(list(tab.own)), self._token()
        self._put(tab, row.number, tab.own[heading], value)
        self.busy.add((tab.sheet.key, row.code))
        self.oracle.hand.own[tab.sheet.key, row.code, heading] = plain(value)
        return True

    def move_column(self) -> bool:
        """Move a column, the code's too."""
        tab = self.view[self.source.choice(list(EDITED))]
        places = sorted({*tab.columns.values(), *tab.own.values()})
        source, target = self.source.choice(places), self.source.choice([*places, places[-1] + 1])
        if target in {source, source + 1}:
            return False
        self.office.do("move_column", tab.sheet.title, source, target)
        return True

    def hide_column(self) -> bool:
        """Hide a column or show it again."""
        tab = self.view[self.source.choice(list(EDITED))]
        self.office.do("hide_column", tab.sheet.title, self.source.choice(sorted(tab.columns.values())),
                       self.source.random() < 0.3)  # fmt: skip
        return True

    def paint(self) -> bool:
        """Colour a cell."""
        tab, row = self._any_row(*EDITED)
        if not row:
            return False
        column, colour = self.source.choice(tab.sheet.columns).key, self.source.randint(0x800000, 0xFFFFFF)
        self.office.do("colour", tab.sheet.title, row.number, tab.columns[column], colour)
        self.colours.pop((tab.sheet.key, row.code, column), None)
        self.colours[tab.sheet.key, row.code, column] = colour
        return True

    def mark_signatures(self) -> bool:
        """Mark a few consents as signed on paper."""
        tab = self.view["consents"]
        rows = [row for row in tab.people_rows() if row.cells.get("state") == "Ждём подпись"][:4]
        for row in rows:
            self._type(tab, row, tab.sheet.column("verified"), "да")
            self._type(tab, row, tab.sheet.column("signed"), "2026-11-20")
        return bool(rows)

    def pair(self) -> bool:
        """Enter a pair and approve it."""
        tab = self.view["pairs"]
        row, free = self._empty(tab), {}
        for key in ("mentor", "mentee"):
            taken = {one.cells.get(key) for one in tab.rows}
            free[key] = [one.code for one in self.view[f"{key}s"].people_rows() if one.code not in taken]
        if not row or len(tab.people_rows()) >= MOST_PAIRS or not all(free.values()):
            return False
        cells = {key: self.source.choice(codes) for key, codes in free.items()} | {
            "kinds": "традиционное («один-на-один»)",
            "form": "педагог – педагог",
            "mode": "очно",
            "start": "2026-12-01",
            "end": "2027-05-31",
            "decision": "Согласовать",
        }
        for key, value in cells.items():
            self._type(tab, row, tab.sheet.column(key), value)
        return True

    def lead_order(self) -> bool:
        """Send an order to be signed, or write the number and date of one that was."""
        tab = self.view["orders"]
        steps = {
            "Проект": {"decision": "На подпись"},
            "На подпись": {"number": f"{self._count}-од", "day": "2026-11-22"},
        }
        rows = [row for row in tab.people_rows() if row.cells.get("state") in steps]
        if not rows:
            return False
        row = self.source.choice(rows)
        for key, value in steps[row.cells["state"]].items():
            self._type(tab, row, tab.sheet.column(key), value)
        return True

    # --- her hands ------------------------------------------------------------------------------------------------

    def _any_row(self, *sheets: str) -> tuple[Tab, Seen | None]:
        """Return a sheet and a row of it that says something, ``None`` when it has none."""
        tabs = [self.view[key] for key in sheets if self.view[key].people_rows()]
        if not tabs:
            return self.view[sheets[0]], None
        tab = self.source.choice(tabs)
        return tab, self.source.choice(tab.people_rows())

    def _any_cell(self) -> tuple[Tab, Seen, Column] | None:
        tab, row = self._any_row(*EDITED)
        chosen = EDITED[tab.sheet.key]
        columns = [
            one
            for one in tab.sheet.columns
            if one.owner != "program" and one.kind != "ref" and one.key not in IDENTITY
            if chosen is None or one.key in chosen
        ]
        return (tab, row, self.source.choice(columns)) if row else None

    def _is_referred(self, person: str) -> bool:
        return any(row.cells.get("person") == person for key in ("mentors", "mentees") for row in self.view[key].rows)

    @staticmethod
    def _empty(tab: Tab) -> Seen | None:
        return next((row for row in tab.rows if row.code and not row.cells and not row.own), None)

    def _place(self, text: str) -> tuple[str, str, str] | None:
        """Return the cell that a question is about."""
        for sheet in self.layout.sheets:
            for column in sheet.columns:
                head = f"{sheet.title}, «{column.title}», "
                if text.startswith(head):
                    return sheet.key, text.removeprefix(head), column.key
        return None

    def _token(self) -> str:
        self._count += 1
        return f"Правка {self._count}"

    def _value(self, column: Column) -> str:
        """Invent what to type into a column; now and then something it does not understand."""
        source = self.source
        options = self.layout.lists.get(column.list, ())
        if source.random() < 0.06:
            return self._token()
        if column.kind == "choices":
            return "; ".join(source.sample(options, 2))
        if options:
            return source.choice(options)
        if column.kind == "date":
            return (date(2026, 1, 1) + timedelta(days=source.randint(0, 900))).isoformat()
        if column.kind == "number":
            return str(source.randint(0, 40))
        return source.choice(FLOURISHES).format(self._token())

    def _new(self, tab: Tab) -> dict[str, str]:
        first, *others = (tab.sheet.column(key) for key in TYPED[tab.sheet.key])
        return {first.key: self._token()} | {one.key: self._value(one) for one in others}

    def _put(self, tab: Tab, row: int, column: int, value: str | None) -> None:
        self.office.do("write", tab.sheet.title, row, column, value)

    def _type(self, tab: Tab, row: Seen, column: Column, value: str | None) -> None:
        """Type into a cell of a row with a code; ``None`` blanks."""
        cell = (tab.sheet.key, row.code, column.key)
        self._put(tab, row.number, tab.columns[column.key], value)
        self.busy.add(cell[:2])
        hand = self.oracle.hand
        hand.free.discard(cell)
        hand.told.pop(cell, None)
        hand.cells[cell] = None if value is None else plain(value)
        hand.saw.setdefault(cell, row.cells.get(column.key, ""))

    def _type_loose(self, tab: Tab, row: int, values: dict[str, str], others: dict[str, str] | None = None) -> None:
        """Type into a row that has no code of its own."""
        for key, value in values.items():
            self._put(tab, row, tab.columns[key], value)
        cells = {**(others or {}), **{key: plain(value) for key, value in values.items()}}
        self.oracle.hand.loose.append(Loose(tab.sheet.key, cells, next(iter(values))))
