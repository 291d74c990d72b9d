"""What must change in the workbook so that it says what it should: the plan of a publication, as values.

A cell is written only when it reads differently, so a quiet cycle plans nothing. Rows stay where she put them; a new
row takes the place of the first empty coded one, whose code moves down. What she typed beside the register, rows that
were not adopted, and formulas in cells that are hers are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import chain, count, islice

from pipeline import fields, ledger
from pipeline.catalog import Column, Layout, Sheet
from pipeline.model import Cells, CodeBook, Row, Rows, natural
from pipeline.office import cells, register_make
from pipeline.office.cells import AppendRow, Cell, Change, SetCell, Value
from pipeline.office.register_make import About, Choice, Heading, Kind, Listed, Lists, RegisterBook, Tab
from pipeline.register import workbook
from pipeline.register.workbook import CODE, Known, Line, Place, Table, Theirs, View
from pipeline.wording import register as wording

_LABEL, _NEAR = 80, 0.7
_REF = "#"
_KINDS: Mapping[str, Kind] = {"long": "long", "choices": "long", "date": "date", "number": "number", "link": "link"}


@dataclass(frozen=True)
class Wanted:
    """What the workbook is to say.

    ``view`` holds its rows, empty coded ones too; it is also the snapshot to keep as the base of the next merge.
    ``labels`` maps codes to how a reference to them reads, ``links`` maps (code, column) to the file linked to, by its
    path in the workspace.
    """

    view: View
    labels: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def known(self) -> Known:
        """What a workbook that says most of this already shares with it."""
        return Known(self.view, self.labels, self.links)


@dataclass(frozen=True)
class Stamp:
    """What is stamped into the workbook with a write: the register's id, the new revision's number, the moment.

    ``answers`` says that the workbook is a save of hers that changed something. It is stamped even when no cell is to
    be changed, so that what she changes next is never mistaken for a change of the same moment.
    """

    register: str
    revision: int
    at: datetime
    answers: bool = False


def _read(layout: Layout, sheet: Sheet, rows: Mapping[str, Row]) -> dict[str, Cells]:
    """Return what the rows of a sheet read as once they have stood in a workbook."""
    settle = {column.key: _settler(layout, column) for column in sheet.columns}
    return {code: _settled(settle, row.cells) for code, row in rows.items()}


def _settler(layout: Layout, column: Column) -> Callable[[str], str]:
    """Return what settles the texts of a column; one met before is not settled again."""
    return cache(lambda text: workbook.settle(layout, column, text))


def _settled(settle: Mapping[str, Callable[[str], str]], row: Cells) -> Cells:
    found = ((key, one(row[key])) for key, one in settle.items() if row.get(key))
    return {key: text for key, text in found if text}


def empty_codes(
    layout: Layout, rows: Rows, codes: CodeBook, gone: Container[str], number: int
) -> Mapping[str, list[str]]:
    """Return the codes of the empty rows to offer: sheet key → ``number`` codes, those offered before first.

    The n-th empty row of a sheet has its code for ever (key ``empty:n``). One that she filled is a row and another
    takes its turn; one in ``gone`` (removed rows) is never offered again. So a code never means two rows, and one that
    comes back filled in an older copy of the workbook is simply that row.
    """
    return {
        sheet.key: list(islice(_empties(sheet, rows.get(sheet.key, {}), codes, gone), number))
        for sheet in layout.sheets
        if sheet.added
    }


def _empties(sheet: Sheet, rows: Container[str], codes: CodeBook, gone: Container[str]) -> Iterator[str]:
    given = (codes.give(sheet.key, f"empty:{number}") for number in count(1))
    return (code for code in given if code not in gone and code not in rows)


def wanted(layout: Layout, rows: Rows, empties: Mapping[str, Sequence[str]]) -> Wanted:
    """Return what the workbook is to say of ``rows``, with the empty coded rows of ``empty_codes``."""
    view: dict[str, dict[str, Cells]] = {}
    labels: dict[str, str] = {}
    links: dict[tuple[str, str], str] = {}
    referred = set(_referred(layout))
    for sheet in layout.sheets:  # each asked for once: a register may put the rows of a sheet together only then
        mine = rows.get(sheet.key, {})
        view[sheet.key] = {**_read(layout, sheet, mine), **{code: {} for code in empties.get(sheet.key, ())}}
        if sheet.key in referred:
            labels.update((code, _label(sheet, row)) for code, row in mine.items())
        for key in [column.key for column in sheet.columns if column.kind == "link"]:
            links.update(((code, key), path) for code, row in mine.items() if (path := row[key]))
    return Wanted(view, labels, links)


def _label(sheet: Sheet, row: Row) -> str:
    """Return how a reference to a row reads («Иванова Мария Петровна · НК-0001»)."""
    return wording.reference(_short(ledger.label(sheet, row)), row.code)


def _short(text: str) -> str:
    text = fields.tidy(text).replace("\n", " ")
    return text if len(text) <= _LABEL else text[: _LABEL - 1].rstrip() + "…"


def growth(layout: Layout, wanted: Wanted, most: int) -> tuple[list[str], list[str]]:
    """Say which sheets near the limit of ``most`` rows and which have outgrown it."""
    counts = {sheet.title: sum(map(bool, wanted.view.get(sheet.key, {}).values())) for sheet in layout.sheets}
    near = [wording.nearly_full(title, rows, most) for title, rows in counts.items() if _NEAR * most <= rows <= most]
    return near, [wording.full(title, rows, most) for title, rows in counts.items() if rows > most]


def place(layout: Layout, sheet: str, code: str, column: str) -> str:
    """Return the text of a link to a cell of the register, for a column of kind ``link``; any part may be ``""``."""
    found = layout.sheet(sheet) if sheet else None
    title = found.column(column).title if found and column else ""
    return wording.place(found.title if found else "", title, code)


# --- what must change ---------------------------------------------------------------------------------------------


def changes(
    layout: Layout, theirs: Theirs, wanted: Wanted, stamp: Stamp, adopted: Mapping[Place, str]
) -> Iterator[Change]:
    """Yield the changes that make the workbook say what is wanted; none when it says it already.

    ``theirs`` is the workbook as it was read for the merge, ``adopted`` gives the rows typed without a code (and copies
    of rows) the codes that their cells were recorded under.
    """
    desk = _Desk(layout, theirs, wanted, adopted)
    any_yet = False
    for change in chain(desk.changes(), _list_changes(layout, theirs, wanted)):
        any_yet = True
        yield change
    if any_yet or stamp.answers:
        yield from _stamp_changes(theirs, stamp, desk.told() if any_yet else wording.read_hers())


def rows_told(theirs: Theirs, changes: Iterable[Change]) -> int:
    """Return how many rows of the register's sheets changes write to; new empty rows and lists do not count."""
    titles = {table.title for table in theirs.tables.values()}
    added, rows = 0, set[tuple[str, int]]()
    for one in changes:
        if isinstance(one, AppendRow):
            added += len(one.values) > 1
        elif one.sheet in titles:
            rows.add((one.sheet, one.row))
    return added + len(rows)


def create(layout: Layout, wanted: Wanted, stamp: Stamp) -> bytes:
    """Return a new register that says what is wanted: the bare workbook, filled as any other is updated."""
    bare = register_make.make(_bare(layout, _lists(layout, wanted), stamp))
    theirs = workbook.read_sheets(cells.read(bare), layout)
    return cells.apply(bare, _Desk(layout, theirs, wanted, {}).changes())


@dataclass(frozen=True)
class _Places:
    """Where the rows of a sheet are to stand.

    ``kept`` are the lines that stay (of rows, of empty ones, of rows that are no more), ``taken`` those that new rows
    take, ``added`` the rows to be appended below the line ``last``; each by code.
    """

    kept: Mapping[str, Line]
    taken: Mapping[str, Line]
    added: Mapping[str, int]
    last: int

    def row(self, code: str) -> int:
        """Return the row where a code is to stand, 0 when nowhere."""
        line = self.taken.get(code) or self.kept.get(code)
        return line.row if line else self.added.get(code, 0)


class _Desk:
    """One publication being planned."""

    def __init__(self, layout: Layout, theirs: Theirs, wanted: Wanted, adopted: Mapping[Place, str]) -> None:
        self.layout = layout
        self.theirs = theirs
        self.wanted = wanted
        self.adopted = adopted
        self.places = {sheet.key: self._settle(sheet) for sheet in layout.sheets if sheet.key in theirs.tables}
        self.changed: set[tuple[str, int]] = set()

    def changes(self) -> Iterator[Change]:
        """Yield the changes of all sheets."""
        for key in self.places:
            yield from self._sheet(self.layout.sheet(key))

    def told(self) -> str:
        """Say how many rows the changes yielded so far concern."""
        rows = (
            key
            for key, places in self.places.items()
            for code in (*places.taken, *places.added)
            if self.wanted.view[key][code]
        )
        return wording.changed(len(list(rows)), len(self.changed))

    def _settle(self, sheet: Sheet) -> _Places:
        """Decide where every row of a sheet is to stand."""
        rows, at, table = self.wanted.view.get(sheet.key, {}), self._find(sheet), self.theirs.tables[sheet.key]
        new = sorted((code for code, cells in rows.items() if cells and code not in at), key=natural)
        empty = sorted((code for code, cells in rows.items() if not cells), key=natural)
        taken = dict(zip(new if at else (*new, *empty), self._free(sheet, at), strict=False))
        numbers = {line.row for line in taken.values()}
        kept = {code: line for code, line in at.items() if line.row not in numbers}
        down = [code for code in empty if code not in kept and code not in taken]
        last = max((line.row for line in (*at.values(), *taken.values())), default=table.heading)
        blank = (row for row in count(last + 1) if row not in table.rows)
        return _Places(kept, taken, dict(zip((*new[len(taken) :], *down), blank, strict=False)), last)

    def _find(self, sheet: Sheet) -> dict[str, Line]:
        """Return the line of each code that the workbook shows, or is to show from now on."""
        lines = self.theirs.tables[sheet.key].lines
        found = {self.adopted[line.sheet, line.row]: line for line in lines if (line.sheet, line.row) in self.adopted}
        for line in lines:
            if workbook.is_code(sheet, line.code) and (line.sheet, line.row) not in self.adopted:
                found.setdefault(line.code, line)
        return found

    def _free(self, sheet: Sheet, at: Mapping[str, Line]) -> list[Line]:
        """Return the lines that a new row may take: empty coded ones and rows that are no more, from the top.

        A sheet without any coded row offers the first row below its headings.
        """
        rows, table = self.wanted.view.get(sheet.key, {}), self.theirs.tables[sheet.key]
        free = [
            line
            for code, line in at.items()
            if not rows.get(code) and not line.own and not line.mute and not (code in rows and line.cells)
        ]
        first = table.heading + 1
        if not at and first not in table.rows:
            free.append(Line(sheet.key, first, "", {}))
        return sorted(free, key=lambda line: line.row)

    def _sheet(self, sheet: Sheet) -> Iterator[Change]:
        rows, places = self.wanted.view.get(sheet.key, {}), self.places[sheet.key]
        for code, line in places.taken.items():
            yield from self._fill(sheet, line, code)
        for code, line in places.kept.items():
            for change in self._fill(sheet, line, code if code in rows else ""):
                self.changed.add((sheet.key, line.row))
                yield change
        yield from self._clear_copies(sheet)
        yield from (self._append(sheet, code, places.last) for code in places.added)

    def _fill(self, sheet: Sheet, line: Line, code: str) -> Iterator[SetCell]:
        """Yield what makes a line the row ``code``; ``""`` blanks it.

        A formula in a cell of hers stays where it is, and goes with the row in which it stood: it was asked about then.
        """
        table, wanted = self.theirs.tables[sheet.key], self.wanted.view.get(sheet.key, {}).get(code, {})
        if line.code != code:
            yield SetCell(table.title, line.row, table.columns[CODE], code or None)
        for column in sheet.columns:
            text, mute = wanted.get(column.key, ""), column.key in line.mute
            same = not mute and line.cells.get(column.key, "") == text
            plain = not column.ref and column.kind != "link"
            stays = mute and column.owner != "program" and (code or not line.cells)
            if (same and plain) or stays:
                continue
            dress, place = self._dress(column, code, text), (line.row, table.columns[column.key])
            if not same or not _is_dressed(column, table, place, text, dress):
                yield SetCell(table.title, *place, *dress)

    def _clear_copies(self, sheet: Sheet) -> Iterator[SetCell]:
        """Yield what takes the code off further lines that bear it and say nothing."""
        table, places = self.theirs.tables[sheet.key], self.places[sheet.key]
        shown = {line.row for line in (*places.kept.values(), *places.taken.values())}
        for line in table.lines:
            spare = line.row not in shown and workbook.is_code(sheet, line.code)
            if spare and not line.cells and not line.mute and not line.own:
                yield SetCell(table.title, line.row, table.columns[CODE], None)

    def _append(self, sheet: Sheet, code: str, last: int) -> AppendRow:
        table, wanted = self.theirs.tables[sheet.key], self.wanted.view[sheet.key][code]
        values: dict[int, Value] = {table.columns[CODE]: code}
        links: dict[int, str] = {}
        for column in sheet.columns:
            if column.key in wanted:
                values[table.columns[column.key]], link = self._dress(column, code, wanted[column.key])
                links.update({table.columns[column.key]: link} if link else {})
        return AppendRow(table.title, values, last, links)

    def _dress(self, column: Column, code: str, text: str) -> tuple[Value, str | None]:
        """Return what a cell is to hold so that it reads as ``text``, and its link (``None``: not a cell of links)."""
        if column.kind == "link":
            return text or None, self._link(self.wanted.links.get((code, column.key), ""))
        if column.ref:
            return self.wanted.labels.get(text, text) or None, None
        return workbook.show_cell(column, text), None

    def _link(self, target: str) -> str:
        """Return the hyperlink to a file of the workspace, or to the row whose code ends ``target``."""
        code = fields.read_code(target)
        sheet = self.layout.of_code(code)
        if code == target or sheet is None or sheet.key not in self.places:
            return f"../{target}" if "/" in target.partition(",")[0] else ""  # a place without a row leads nowhere
        table = self.theirs.tables[sheet.key]
        title = table.title.replace("'", "''")
        return f"#'{title}'!A{self.places[sheet.key].row(code) or table.heading}"


def _is_dressed(
    column: Column, table: Table, place: tuple[int, int], text: str, dress: tuple[Value, str | None]
) -> bool:
    """Tell whether a cell that reads right, as ``text``, shows the name of what it refers to and links to its file."""
    value, link = dress
    if column.ref and value is not None:
        return table.reads(place, text) == value
    return not link or link.startswith("#") or f"/{table.links.get(place, '')}".endswith(link.removeprefix(".."))


def _list_changes(layout: Layout, theirs: Theirs, wanted: Wanted) -> Iterator[SetCell]:
    """Yield what brings the lists behind the drop-downs up to date."""
    if wording.LISTS not in theirs.book.grids:
        return
    shown = iter(theirs.book.scroll(wording.LISTS).rows)
    top, heading = next(shown, (0, {}))
    headings = {str(cell.value): place for place, cell in heading.items() if top == 1}
    lists = [(headings[one.title], one.values) for one in _lists(layout, wanted) if one.title in headings]
    longest = max((len(values) for _, values in lists), default=0)
    for number, row in _each_row(shown, 2, longest + 1):
        for place, values in lists:
            told = values[number - 2] if number - 2 < len(values) else None
            if (row[place].value if place in row else None) != told:
                yield SetCell(wording.LISTS, number, place, told)


def _each_row(
    rows: Iterable[tuple[int, Mapping[int, Cell]]], first: int, last: int
) -> Iterator[tuple[int, Mapping[int, Cell]]]:
    """Yield the rows that there are, and between them those that are blank, as far as ``last``."""
    for number, row in rows:
        yield from ((blank, {}) for blank in range(first, min(number, last + 1)))
        yield number, row
        first = number + 1
    yield from ((blank, {}) for blank in range(first, last + 1))


def _lists(layout: Layout, wanted: Wanted) -> list[Listed]:
    """Return the lists behind the drop-downs: the closed answers, then the rows that can be referred to, by name."""
    found: dict[str, Listed] = {}
    for sheet in layout.sheets:
        for column in sheet.columns:
            if column.list and column.owner != "program":
                title = wording.list_title(sheet.title, column.title)
                found.setdefault(column.list, Listed(column.list, title, layout.lists[column.list]))
    for key in _referred(layout):
        rows = wanted.view.get(key, {})
        named = sorted((wanted.labels[code] for code in rows if code in wanted.labels), key=fields.fold)
        found[_REF + key] = Listed(_REF + key, layout.sheet(key).title, tuple(named))
    return list(found.values())


def _referred(layout: Layout) -> Iterable[str]:
    return dict.fromkeys(column.ref for sheet in layout.sheets for column in sheet.columns if column.ref)


def _stamp_changes(theirs: Theirs, stamp: Stamp, told: str) -> Iterator[SetCell]:
    values: dict[str, Value] = {
        workbook.REGISTER: stamp.register,
        workbook.REVISION: stamp.revision,
        workbook.WRITTEN: wording.written_at(stamp.at),
        workbook.CHANGED: told,
    }
    for name, value in values.items():
        if place := theirs.book.places.get(name):
            yield SetCell(*place, value)


# --- a workbook that is not there yet -----------------------------------------------------------------------------


def _bare(layout: Layout, lists: Sequence[Listed], stamp: Stamp) -> RegisterBook:
    """Return the register without any row."""
    return RegisterBook(
        tabs=tuple(_tab(sheet) for sheet in layout.sheets),
        lists=Lists(wording.LISTS, tuple(lists), wording.choose_title()),
        about=_about(stamp),
        footer=wording.page_footer(),
        at=stamp.at,
    )


def _tab(sheet: Sheet) -> Tab:
    first = Heading(wording.CODE, wording.code_hint(sheet.hint), 11, "code", "text")
    return Tab(sheet.title, (first, *map(_heading, sheet.columns)))


def _heading(column: Column) -> Heading:
    choice: Choice | None = None
    if column.owner != "program":
        if column.ref:
            choice = Choice(_REF + column.ref, "doubts", wording.choose_row())
        elif column.list:
            choice = Choice(column.list, "refuses" if column.kind == "choice" else "offers", wording.choose_one())
    tones: Mapping[str, wording.Tone] = {}
    if column.key == "state":
        tones = wording.TONES
    elif column.key == "missing":
        tones = {"": "waits"}
    hint = wording.hint(column.owner, column.hint)
    return Heading(column.title, hint, column.width, column.owner, _KINDS.get(column.kind, "text"), choice, tones)


def _about(stamp: Stamp) -> About:
    values = (stamp.register, stamp.revision, wording.written_at(stamp.at), wording.created())
    names = (workbook.REGISTER, workbook.REVISION, workbook.WRITTEN, workbook.CHANGED)
    return About(
        title=wording.ABOUT,
        stamp=tuple(zip(wording.stamp_labels(), names, values, strict=True)),
        legend=tuple((owner, *wording.legend(owner)) for owner in ("curator", "form", "program")),
        lines=wording.how_to_use(),
    )
