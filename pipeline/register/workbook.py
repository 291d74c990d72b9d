"""The register workbook as plain data: what its cells say, whoever saved it and however they look.

Rows are found by code, columns by heading; a value is compared by its meaning, so sorting, moving, colouring, own
columns and a mere open-and-save say nothing. What cannot be read never looks like blank: formulas and error values are
no statement at all (``Line.mute``), other unreadable text stays as it was typed.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import PurePosixPath
from types import MappingProxyType

from pipeline import catalog, fields
from pipeline.catalog import Column, Layout, Sheet
from pipeline.fields import CellValue
from pipeline.model import DELIBERATELY_EMPTY, Cells, Question, Rows
from pipeline.office.cells import Book, Cell
from pipeline.wording import register as wording

View = Mapping[str, Mapping[str, Cells]]
"""What a workbook says: sheet key → code → column key → text as it reads from the cell (blank cells left out)."""

Place = tuple[str, int]
"""A row of the workbook: sheet key, row number from 1."""

CODE = ""
"""Stands for the heading «Код» among column keys."""

REGISTER, REVISION, WRITTEN, CHANGED = (f"nastavnik_{name}" for name in ("register", "revision", "written", "changed"))
"""Names of the cells of the stamp."""

_CODE = re.compile(r"([А-ЯЁ]{1,3})-\d{4,9}", re.ASCII)
_HEADING_WITHIN = 20
_FIRST_DAY = date(1899, 12, 30)
_DAYS = range(61, 2_958_466)
_LONGEST = 32_000
_MUTE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Stamp:
    """What the workbook says it is: the register's id and the number of the revision it was made from."""

    register: str
    revision: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet as it stands in the workbook.

    ``sheet`` is the sheet's key, ``row`` its number, ``code`` what stands under «Код»; ``cells`` leaves blanks out;
    ``mute`` maps columns that say nothing readable to the formula or error value found there; ``own`` tells that she
    keeps something in columns of her own.
    """

    sheet: str
    row: int
    code: str
    cells: Cells
    mute: Mapping[str, str] = field(default_factory=dict)
    own: bool = False


@dataclass(frozen=True)
class Known:
    """What a workbook will mostly say: rows, how references to them read (by code), where cells of links lead.

    What reads the same shares its memory. ``links`` are by code and column.
    """

    view: View = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A sheet of the workbook: its title there, the row of its headings, where its columns are, its lines.

    ``rows`` are the numbers of all rows that hold anything; ``links`` leads from places (row, column) to what they link
    to, a file of the workspace mostly by its path there; ``shown`` tells how references read where they do not read as
    ``labels`` says of their codes.
    """

    title: str
    heading: int
    columns: Mapping[str, int]
    lines: Sequence[Line]
    rows: Collection[int] = ()
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
    shown: Mapping[tuple[int, int], str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def reads(self, place: tuple[int, int], code: str) -> str:
        """Return how the reference to a row reads at a place."""
        return self.shown.get(place) or self.labels.get(code, "")


@dataclass(frozen=True)
class Theirs:
    """The workbook as she saved it: the sheets by key, and sentences why it cannot be taken as it is.

    ``losses`` are sheets and headings that are missing: the rest says enough when a person wants it to be taken.
    ``troubles`` only she can mend: rows without the heading of their codes, a heading that stands twice.
    """

    book: Book
    tables: Mapping[str, Table]
    troubles: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()


def read_lists(book: Book) -> None:
    """Read the lists behind the drop-downs to the end, if they are there: she says nothing in them, but we write them.

    Raises ``cells.Damaged``.
    """
    if wording.LISTS in book.grids:
        deque(book.scroll(wording.LISTS).rows, maxlen=0)


def read_stamp(book: Book) -> Stamp | None:
    """Return the stamp of a workbook, ``None`` when it bears none that can be read."""
    register, revision = book.names.get(REGISTER), book.names.get(REVISION)
    if not isinstance(register, str) or isinstance(revision, bool) or not isinstance(revision, int):
        return None
    return Stamp(register, revision)


def can_be_stamped(book: Book) -> bool:
    """Tell whether a workbook still has the named cells of the stamp."""
    return {REGISTER, REVISION} <= book.places.keys()


def completed(theirs: Theirs, layout: Layout, base: View) -> Theirs:
    """Return a workbook whose lost columns and sheets say what they said in ``base``: she has said nothing there.

    Columns that are there keep what she wrote.
    """
    tables = dict(theirs.tables)
    for sheet in layout.sheets:
        rows = base.get(sheet.key, {})
        table = tables.get(sheet.key)
        if table is None:
            lines = tuple(Line(sheet.key, row, code, cells) for row, (code, cells) in enumerate(rows.items(), 2))
            tables[sheet.key] = Table(sheet.title, 1, {}, lines)
        elif lost := [column.key for column in sheet.columns if column.key not in table.columns]:
            lines = tuple(_with(line, rows.get(line.code, {}), lost) for line in table.lines)
            tables[sheet.key] = replace(table, lines=lines)
    return replace(theirs, tables=tables, losses=())


def _with(line: Line, row: Cells, keys: Sequence[str]) -> Line:
    return replace(line, cells={**line.cells, **{key: row[key] for key in keys if key in row}})


def read_sheets(book: Book, layout: Layout, known: Known | None = None) -> Theirs:
    """Read all sheets of the register; missing or doubled sheets and headings are told.

    ``known`` costs nothing but saves memory: see ``Known``.
    """
    known = known or Known()
    troubles: list[str] = []
    losses: list[str] = []
    tables: dict[str, Table] = {}
    titles = {fields.fold(title): title for title in book.grids}
    ours = {fields.fold(sheet.title) for sheet in layout.sheets} | {
        fields.fold(wording.LISTS),
        fields.fold(wording.ABOUT),
    }
    for sheet in layout.sheets:
        title = titles.get(fields.fold(sheet.title))
        if title is None:
            renamed = (other for folded, other in titles.items() if folded not in ours)
            losses.append(wording.missing_sheet(sheet.title, _nearest(sheet.title, renamed)))
            continue
        scroll = book.scroll(title)
        rows = iter(scroll.rows)
        top = dict(itertools.islice(rows, _HEADING_WITHIN))
        heading = _heading_row(sheet, top)
        columns, lost, twice = _columns(sheet, top.get(heading, {}))
        (losses if CODE in columns else troubles).extend(lost)
        troubles.extend(twice)
        reader = _Reader(layout, sheet, columns, known)
        lines = tuple(reader.lines(itertools.chain(top.items(), rows), heading))
        links = reader.links(lines, scroll.links)
        tables[sheet.key] = Table(title, heading, columns, lines, reader.rows, links, reader.shown, known.labels)
    return Theirs(book, tables, tuple(troubles), tuple(losses))


def said(theirs: Theirs, places: Mapping[Place, str] | None = None) -> View:
    """Return what the workbook says row by row, by code (the first of a code that stands twice).

    ``places`` gives codes to lines that do not show theirs yet.
    """
    given = places or {}
    view: dict[str, dict[str, Cells]] = {}
    for key, table in theirs.tables.items():
        rows = view.setdefault(key, {})
        rows.update({given[key, line.row]: line.cells for line in table.lines if (key, line.row) in given})
        for line in table.lines:
            if line.code and (key, line.row) not in given:
                rows.setdefault(line.code, line.cells)
    return view


def is_code(sheet: Sheet, text: str) -> bool:
    """Tell whether a text is a code of the rows of a sheet."""
    found = _CODE.fullmatch(text)
    return found is not None and found[1] == sheet.prefix


def read_cell(layout: Layout, column: Column, value: CellValue) -> tuple[str, str]:
    """Read a cell of a column: its canonical text, and what is wanted when it is unreadable (``""`` when it is not).

    A day number whose format somebody cleared is the date it was.
    """
    if column.kind == "date" and isinstance(value, int) and value in _DAYS:
        value = _FIRST_DAY + timedelta(days=value)
    if column.kind == "number" and isinstance(value, float):
        value = round(value, 6)
    try:
        text = fields.read(column.kind, value, layout.lists.get(column.list, ()))
    except fields.Unreadable as problem:
        return fields.read("text", value), str(problem)
    if column.ref and text not in {"", DELIBERATELY_EMPTY} and not is_code(layout.sheet(column.ref), text):
        return text, wording.want_reference(layout.sheet(column.ref).title)
    return text, ""


def show_cell(column: Column, text: str) -> CellValue:
    """Return what a cell is to hold so that it reads as ``text``; what no cell can hold is shown as text or cut."""
    if column.kind in {"date", "number"}:
        try:
            read = fields.read(column.kind, text)
        except fields.Unreadable:
            return _cut(text)
        early = column.kind == "date" and read[:4] < "1901" and read != DELIBERATELY_EMPTY
        return text if early else fields.show(column.kind, read)
    if column.kind == "link":
        return _cut(link_text(text))
    return _cut(text) or None


def settle(layout: Layout, column: Column, text: str) -> str:
    """Return canonical text as it reads once it has stood in a cell of a column."""
    return read_cell(layout, column, show_cell(column, text))[0]


def link_text(target: str) -> str:
    """Return what a link shows: a place in the workbook as it is, of a file's path the name.

    The long hash that names an original is cut to what tells it apart.
    """
    target = fields.tidy(target)
    if fields.read_code(target) != target:
        return target
    name = PurePosixPath(target)
    long = re.fullmatch(r"([0-9a-f]{8})[0-9a-f]{32,}(-\d+)?", name.stem)
    return f"{long[1]}{long[2] or ''}{name.suffix}" if long else name.name or target


def unreadable(layout: Layout, rows: Rows) -> list[Question]:
    """Return a question for every cell that people write whose value cannot be understood or refers to no row.

    The question is gone as soon as the cell is mended, so it is asked anew each cycle.
    """
    found: list[Question] = []
    for sheet in layout.sheets:
        closed = [c for c in sheet.columns if c.owner != "program" and c.kind not in {"text", "long", "link"}]
        wants = {column.key: _wants(layout, column, rows) for column in closed}
        for code, row in rows.get(sheet.key, {}).items():
            for column in closed:
                value = row.cells.get(column.key, "")
                if wanted := wants[column.key](value):
                    where = wording.cell(sheet.title, code, column.title)
                    text = wording.unreadable(where, value, wanted)
                    found.append(Question(f"unreadable:{code}:{column.key}", text, sheet.key, code, column.key))
    return found


def _wants(layout: Layout, column: Column, rows: Rows) -> Callable[[str], str]:
    """Return what says what a column wants instead of a value; one met before is not read again."""
    return functools.cache(lambda value: _wanted(layout, column, value, rows))


def _wanted(layout: Layout, column: Column, value: str, rows: Rows) -> str:
    if value in {"", DELIBERATELY_EMPTY}:
        return ""
    text, wanted = read_cell(layout, column, show_cell(column, value))
    if not wanted and column.ref and text not in rows.get(column.ref, {}):
        return wording.want_existing(layout.sheet(column.ref).title)
    return wanted


def _heading_row(sheet: Sheet, top: Mapping[int, Mapping[int, Cell]]) -> int:
    """Return the row that holds most of a sheet's headings: she may have put rows above it."""
    titles = {fields.fold(wording.CODE), *(fields.fold(column.title) for column in sheet.columns)}
    best, most = 1, 0
    for number, row in top.items():
        count = sum(_folded(cell) in titles for cell in row.values())
        if count > most:
            best, most = number, count
    return best


def _columns(sheet: Sheet, heading: Mapping[int, Cell]) -> tuple[dict[str, int], list[str], list[str]]:
    """Return where the columns of a sheet are, by key, and which headings are missing or stand twice."""
    found = {number: _folded(cell) for number, cell in sorted(heading.items())}
    counts = Counter(found.values())
    titles = {CODE: wording.CODE, **{column.key: column.title for column in sheet.columns}}
    wanted = {key: fields.fold(title) for key, title in titles.items()}
    shown = {str(heading[number].value) for number, name in found.items() if name not in wanted.values()}
    lost = [
        wording.missing_heading(sheet.title, titles[key], _nearest(titles[key], shown))
        for key, name in wanted.items()
        if not counts[name]
    ]
    twice = [wording.heading_twice(sheet.title, titles[key]) for key, name in wanted.items() if counts[name] > 1]
    first = {name: number for number, name in reversed(found.items())}
    return {key: first[name] for key, name in wanted.items() if name in first}, lost, twice


def _nearest(name: str, others: Iterable[str]) -> str:
    """Return what is most like a name, case aside; ``""`` when nothing is."""
    folded = {fields.fold(other): other for other in others}
    return folded.get(catalog.nearest(fields.fold(name), set(folded)), "")


def _folded(cell: Cell) -> str:
    return fields.fold(str(cell.value)) if cell.kind == "text" else ""


class _Reader:
    """Reads the lines of one sheet; a value of a column met before is not read again.

    ``rows`` and ``shown`` (see ``Table``) are complete when all lines were read.
    """

    def __init__(self, layout: Layout, sheet: Sheet, columns: Mapping[str, int], known: Known) -> None:
        self._sheet = sheet
        self._code = columns.get(CODE, 0)
        self._columns = {columns[one.key]: _reading(layout, one) for one in sheet.columns if one.key in columns}
        self._view = known.view.get(sheet.key, {})
        self._known = known
        self.rows: set[int] = set()
        self.shown: dict[tuple[int, int], str] = {}

    def lines(self, rows: Iterable[tuple[int, Mapping[int, Cell]]], heading: int) -> Iterator[Line]:
        """Yield the lines below the headings."""
        for number, row in rows:
            self.rows.add(number)
            if number > heading:
                yield self._line(number, row)

    def _line(self, number: int, row: Mapping[int, Cell]) -> Line:
        cells: dict[str, str] = {}
        mute: dict[str, str] = {}
        own = False
        for place, cell in row.items():
            if place not in self._columns:
                own = own or place != self._code
                continue
            column, read = self._columns[place]
            if cell.kind in {"formula", "error"}:
                mute[column.key] = str(cell.value)
            elif text := read(cell.value):
                cells[column.key] = text
                if column.ref and (shown := fields.tidy(str(cell.value))) != self._known.labels.get(text):
                    self.shown[number, place] = shown
        code = _row_code(row.get(self._code))
        alike = self._view.get(code)
        return Line(self._sheet.key, number, code, alike if alike == cells else cells, mute or _MUTE, own)

    def links(self, lines: Iterable[Line], found: Mapping[tuple[int, int], str]) -> dict[tuple[int, int], str]:
        """Return the links found, by place; of those to a file that is known its path alone."""
        codes = {line.row: line.code for line in lines} if found else {}
        keys = {place: column.key for place, (column, _) in self._columns.items()}
        links: dict[tuple[int, int], str] = {}
        for (row, place), link in found.items():
            path = self._known.links.get((codes.get(row, ""), keys.get(place, "")), "")
            links[row, place] = path if path and link.endswith(f"/{path}") else link
        return links


def _reading(layout: Layout, column: Column) -> tuple[Column, Callable[[CellValue], str]]:
    """Return a column with what reads its cells."""
    known: dict[tuple[type, CellValue], str] = {}

    def read(value: CellValue) -> str:
        key = (type(value), value)
        if key not in known:
            known[key] = read_cell(layout, column, value)[0]
        return known[key]

    return column, read


def _row_code(cell: Cell | None) -> str:
    if cell is None:
        return ""
    value = cell.shown if cell.kind == "formula" else cell.value
    return "" if value is None else fields.tidy(str(value)).upper()


def _cut(text: str) -> str:
    """Return text that fits into a cell (32,767 units of UTF-16)."""
    if 2 * len(text) <= _LONGEST:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) // 2 <= _LONGEST:
        return text
    return units[: 2 * _LONGEST].decode("utf-16-le", "ignore").rstrip() + "…"
