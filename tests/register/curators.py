"""Curators with copies of the register open: what each does to hers, and exactly what she changed by it.

A copy is edited as an office program does it (single cells, whole rows moved), through ``office.apply``; every act is
written down as ``Write`` or ``Delete`` with the value it replaced, which is what the oracle of the histories judges by.
"""

from dataclasses import dataclass, field
from itertools import count

from pipeline.office.cells import SetCell
from pipeline.register import workbook
from pipeline.register.workbook import CODE
from pipeline.wording import register as wording

QUESTIONS = "questions"
MOST_DELETED = 3
FRESH = "знач"


@dataclass(frozen=True)
class Write:
    """One cell changed: ``line`` tells the line of her copy, ``code`` is ``""`` while the line has none of its own."""

    line: int
    sheet: str
    code: str
    column: str
    value: str
    before: str

    @property
    def cell(self):
        return self.sheet, self.code, self.column


@dataclass(frozen=True)
class Delete:
    """One line deleted, with what stood in it."""

    line: int
    sheet: str
    code: str
    cells: dict


@dataclass
class Copy:
    """A copy of the workbook that somebody has open; ``log`` is everything done in it since it was opened."""

    data: bytes
    ids: dict
    log: list = field(default_factory=list)
    deleted: dict = field(default_factory=dict)
    origin: object = None  # the save, not read by the program then, that it was opened from


class Desk:
    """Where the curators sit: their office program, the sheets they work in, values that nobody ever wrote before."""

    def __init__(self, office, layout, rooms):
        self.office = office
        self.layout = layout
        self.rooms = rooms  # sheet key → the columns they write in
        self.doubled = set()  # codes that stand twice in some copy
        self._values = count(1)
        self._lines = count(1)

    def open(self, data):
        ids = {(key, line.row): next(self._lines) for key, table in self.read(data).items() for line in table.lines}
        return Copy(data, ids)

    def read(self, data):
        return workbook.read_sheets(self.office.read(data), self.layout).tables

    def rows(self, copy, table):
        """Every row of a sheet with all its cells."""
        return self.office.read(copy.data).grids[table.title].rows

    def fresh(self):
        return f"{FRESH}{next(self._values)}"

    # --- what she does ------------------------------------------------------------------------------------------------

    def edit(self, copy, rng, offered=()):
        """Change, blank or empty on purpose («–») one cell of a row."""
        sheet, tables = self._room(rng), self.read(copy.data)
        lines = [line for line in tables[sheet].lines if line.cells]
        if not lines:
            return
        line, column = rng.choice(lines), self.layout.sheet(sheet).column(rng.choice(self.rooms[sheet]))
        before = line.cells.get(column.key, "")
        if column.ref:
            value = rng.choice([one.code for one in tables[column.ref].lines if one.code and one.cells] or [""])
        else:
            value = rng.choice(
                [self.fresh()] * 5 + ["", "", "–", *offered[-2:], *(w.before for w in _writes(copy)[-1:])]
            )
        if value != before:
            self._set(copy, tables, line, {column.key: value})

    def change(self, copy, cell, value):
        """Write into a certain cell, if its row stands in the copy."""
        sheet, code, column = cell
        tables = self.read(copy.data)
        for line in [line for line in tables[sheet].lines if line.code == code and line.cells][:1]:
            if line.cells.get(column, "") != value:
                self._set(copy, tables, line, {column: value})

    def fill(self, copy, rng):
        """Begin a row in an empty coded one."""
        sheet, tables = self._room(rng), self.read(copy.data)
        empty = [line for line in tables[sheet].lines if line.code and not line.cells]
        if empty:
            line = empty[0] if rng.random() < 0.7 else rng.choice(empty)
            self._set(copy, tables, line, self._new_row(sheet, tables, rng), loose=True)

    def add(self, copy, rng):
        """Type a row without a code below everything."""
        sheet, tables = self._room(rng), self.read(copy.data)
        last = max(tables[sheet].rows, default=1)
        line = workbook.Line(sheet, last + rng.choice((1, 1, 2)), "", {})
        copy.ids[sheet, line.row] = next(self._lines)
        self._set(copy, tables, line, self._new_row(sheet, tables, rng), loose=True)

    def duplicate(self, copy, rng):
        """Copy a row with its code to the end, then perhaps change one of the two."""
        sheet, tables = self._room(rng), self.read(copy.data)
        lines = [line for line in tables[sheet].lines if line.cells and line.code]
        if not lines:
            return
        line, rows = rng.choice(lines), self.rows(copy, tables[sheet])
        last = max(rows) + 1
        cells = [SetCell(tables[sheet].title, last, at, cell.value) for at, cell in rows[line.row].items()]
        copy.data = self.office.apply(copy.data, cells)
        copy.ids[sheet, last] = next(self._lines)
        self.doubled.add(line.code)
        hers = [c.key for c in self.layout.sheet(sheet).columns if c.owner != "program" and c.key in line.cells]
        copy.log += [Write(copy.ids[sheet, last], sheet, "", key, line.cells[key], "") for key in hers]
        if rng.random() < 0.7:
            tables = self.read(copy.data)
            row = rng.choice((line.row, last))
            [changed] = [one for one in tables[sheet].lines if one.row == row]
            free = [key for key in hers if not self.layout.sheet(sheet).column(key).ref]
            self._set(copy, tables, changed, {key: self.fresh() for key in free[: rng.choice((1, 2))]})

    def delete(self, copy, rng, sheet="", code=""):
        """Delete a row (of a sheet, of a code); those below move up."""
        sheet, tables = sheet or self._room(rng), self.read(copy.data)
        lines = [line for line in tables[sheet].lines if line.cells and code in {"", line.code}]
        if not lines or copy.deleted.get(sheet, 0) >= MOST_DELETED:
            return
        copy.deleted[sheet] = copy.deleted.get(sheet, 0) + 1
        line, rows = rng.choice(lines), self.rows(copy, tables[sheet])
        twice = sum(one.code == line.code for one in tables[sheet].lines) > 1
        code = "" if twice or line.code in self.doubled else line.code
        copy.log.append(Delete(copy.ids[sheet, line.row], sheet, code, dict(line.cells)))
        first, last = line.row, max(rows)
        self._arrange(copy, sheet, {row: row + 1 for row in range(first, last + 1)})

    def sort(self, copy, rng):
        """Sort the rows of a sheet, empty coded ones among them."""
        sheet, tables = self._room(rng), self.read(copy.data)
        rows = [row for row in sorted(tables[sheet].rows) if row > tables[sheet].heading]
        mixed = rng.sample(rows, len(rows))
        self._arrange(copy, sheet, dict(zip(rows, mixed, strict=True)))

    def answer(self, copy, rng):
        """Answer a question."""
        tables = self.read(copy.data)
        lines = [line for line in tables[QUESTIONS].lines if line.cells]
        if not lines:
            return
        wide = [line for line in lines if wording.TAKE in line.cells.get("options", "")]
        line = rng.choice(wide or lines)
        options = [part for part in line.cells.get("options", "").split(" / ") if part]
        if wording.TAKE in options:
            options.append(self.fresh())
        value = rng.choice(options or [wording.SEEN])
        if value != line.cells.get("answer", ""):
            self._set(copy, tables, line, {"answer": value})

    # --- how it is done -----------------------------------------------------------------------------------------------

    def _room(self, rng):
        return rng.choice(list(self.rooms))

    def _new_row(self, sheet, tables, rng):
        found = {}
        columns = [self.layout.sheet(sheet).column(key) for key in self.rooms[sheet]]
        for column in [one for one in columns if one.owner != "program"][: rng.choice((1, 2, 3))]:
            codes = [one.code for one in tables[column.ref].lines if one.cells and one.code] if column.ref else []
            value = rng.choice(codes or [""]) if column.ref else self.fresh()
            if value:
                found[column.key] = value
        return found

    def _set(self, copy, tables, line, values, loose=False):
        sheet, table = self.layout.sheet(line.sheet), tables[line.sheet]
        twice = sum(one.code == line.code for one in table.lines) > 1
        code = "" if loose or twice or line.code in self.doubled else line.code
        copy.data = self.office.apply(
            copy.data,
            [
                SetCell(table.title, line.row, table.columns[key], workbook.show_cell(sheet.column(key), value))
                for key, value in values.items()
            ],
        )
        at = copy.ids.setdefault((line.sheet, line.row), next(self._lines))
        copy.log += [Write(at, line.sheet, code, key, v, line.cells.get(key, "")) for key, v in values.items()]

    def _arrange(self, copy, sheet, source):
        """Let each row of ``source`` hold what the row it maps to held."""
        table = self.read(copy.data)[sheet]
        rows, width = self.rows(copy, table), max(table.columns.values())
        changes = []
        for row, old in source.items():
            for at in range(table.columns[CODE], width + 1):
                new, was = (found.value if (found := rows.get(n, {}).get(at)) else None for n in (old, row))
                if new != was:
                    changes.append(SetCell(table.title, row, at, new))
        copy.data = self.office.apply(copy.data, changes)
        moved = {(sheet, row): copy.ids.get((sheet, old)) for row, old in source.items()}
        for place, line in moved.items():
            copy.ids.pop(place, None)
            if line is not None:
                copy.ids[place] = line


def _writes(copy):
    return [one for one in copy.log if isinstance(one, Write)]
