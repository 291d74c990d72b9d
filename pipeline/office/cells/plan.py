"""What each sheet is to hold after a set of changes: decided before a byte is written."""

import functools
import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.office.cells import abridged, formulas, markup, reading, sheet, values
from pipeline.office.cells import archive as zips
from pipeline.office.cells.abridged import Left, Whole
from pipeline.office.cells.formulas import Formula
from pipeline.office.cells.markup import Edit
from pipeline.office.cells.pen import Fill
from pipeline.office.cells.ranges import Area, Growth
from pipeline.office.cells.reading import Decoder, Master
from pipeline.office.cells.sheet import Sheet
from pipeline.office.cells.values import BLANK, Cell, Unwritable, Value
from pipeline.office.cells.workbook import Workbook


@dataclass(frozen=True)
class SetCell:
    """A cell of a sheet is to hold a value (None clears it; its format stays).

    `link`: "#'Лист'!A1" for a place in the workbook or a relative path of a file; "" takes a link away, None leaves it.
    `style_like`: (row, column) of the cell whose format this one takes if it is not there yet.
    """

    sheet: str
    row: int
    column: int
    value: Value
    link: str | None = None
    style_like: tuple[int, int] | None = None


@dataclass(frozen=True)
class AppendRow:
    """A new row in the first wholly blank row below `like_row`, the last data row, which lends its formats.

    `values` and `links` (as in `SetCell`) are by column. What ended at the last data row (table, filter, drop-downs,
    conditional formats, defined names) reaches down to the new one.
    """

    sheet: str
    values: Mapping[int, Value]
    like_row: int
    links: Mapping[int, str] = field(default_factory=dict)


Change = SetCell | AppendRow


class Unread:
    """Shared strings by their index alone: enough to see whether a cell is blank or still the same."""

    def __getitem__(self, index: int, /) -> Cell:
        """A stand-in for the text of an index."""
        return Cell(f"shared string {index}", "text")


@dataclass(frozen=True)
class Promise:
    """What a plan promises of its sheet, without the sheet: the cells and links that change, the rows concerned.

    `changed`, `touched` and `whole` are as in `Plan`.
    """

    title: str
    part: str
    fills: Mapping[int, Mapping[int, Fill]]
    links: Mapping[tuple[int, int], str]
    changed: Collection[tuple[int, int]]
    touched: Collection[int]
    masters: Mapping[str, Master]
    whole: Whole


@dataclass(frozen=True)
class Plan:
    """One sheet: `fills` is what cells are to hold, by row and column; `likes` the row whose height a new row takes.

    `sheet` is the part abridged, `left` what was left out of it, `whole` gives it as it was read. `ends` maps a row to
    the last of the new rows that follow it without a gap.
    """

    title: str
    part: str
    sheet: Sheet
    left: Sequence[Left]
    whole: Whole
    formulas: Sequence[Formula]
    decoder: Decoder
    ends: dict[int, int]
    fills: dict[int, dict[int, Fill]] = field(default_factory=dict)
    likes: dict[int, int] = field(default_factory=dict)
    growths: list[Growth] = field(default_factory=list)
    links: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def places(self) -> set[tuple[int, int]]:
        """Row and column of every cell that is named."""
        return {(row, column) for row, fills in self.fills.items() for column in fills}

    @functools.cached_property
    def dissolved(self) -> Mapping[tuple[int, int], Edit]:
        """The edits of cells that are not named but lose the first cell of their shared formula."""
        return formulas.dissolved(self.formulas, self.places)

    @functools.cached_property
    def changed(self) -> set[tuple[int, int]]:
        """Row and column of every cell that gets new bytes."""
        return self.places | set(self.dissolved)

    @functools.cached_property
    def touched(self) -> set[int]:
        """The rows that get new bytes."""
        return set(self.fills) | {row for row, _ in self.dissolved}

    @property
    def used(self) -> Area:
        """The rectangle around them."""
        rows, columns = zip(*self.places, strict=True)
        return Area(min(rows), min(columns), max(rows), max(columns))

    @property
    def promise(self) -> Promise:
        """What the result is proved against."""
        return Promise(
            *(self.title, self.part, self.fills, self.links, self.changed, self.touched),
            *(self.decoder.masters, self.whole),
        )

    def cells(self, row: int) -> dict[int, Cell]:
        """What a row holds after the changes taken so far; shared strings stand for themselves."""
        known = row in self.sheet.rows
        now = reading.read_sheet(self.sheet.excerpt([row]), self.title, self.decoder, {}).rows if known else {}
        after = {**now.get(row, {}), **{column: fill.cell for column, fill in self.fills.get(row, {}).items()}}
        return {column: cell for column, cell in after.items() if cell != BLANK}


def planned(book: Workbook, changes: Sequence[Change], ends: dict[int, int]) -> Plan:
    """The plan of changes that all concern one sheet; `ends` is what a plan before this one left there (`Plan.ends`).

    Raises `Unwritable` for what no workbook holds, `Damaged`.
    """
    plan = _opened(book, changes, ends)
    for change in changes:
        if isinstance(change, SetCell):
            _set(plan, change)
        else:
            _append(plan, change)
    return plan


def _opened(book: Workbook, changes: Sequence[Change], ends: dict[int, int]) -> Plan:
    title = changes[0].sheet
    part = book.sheets.get(title)
    if part is None:
        raise Unwritable(f"no sheet {title}")
    whole = _whole(book, part)
    short, left = abridged.abridged(whole, part, *_concerned(changes, ends))
    found = sheet.indexed(short, part)
    markup.parsed(found.excerpt([], framed=True), part)
    decoder = reading.decoder(book, Unread())
    special = formulas.special(found)
    decoder.masters.update(formulas.masters(special))
    return Plan(title, part, found, left, whole, special, decoder, ends)


def _whole(book: Workbook, part: str) -> Whole:
    """What gives the pieces of a part in plain form: almost always as they lie in the workbook."""
    if markup.is_plain(zips.pieces(book.archive, part)):
        return lambda: zips.pieces(book.archive, part)
    plain = markup.plain(zips.read(book.archive, part), part)
    return lambda: iter([plain])


def _concerned(changes: Sequence[Change], ends: Mapping[int, int]) -> tuple[set[int], int]:
    """The rows that changes name, and the row below which all rows matter, because new ones are to stand there."""
    named, below = set[int](), values.LAST_ROW
    for change in changes:
        if isinstance(change, SetCell):
            named |= {change.row, (change.style_like or (change.row,))[0]}
        else:
            named.add(change.like_row)
            below = min(below, ends.get(change.like_row, change.like_row))
    return named, below


def _set(plan: Plan, change: SetCell) -> None:
    there = change.column in plan.sheet.cells(change.row) or change.column in plan.fills.get(change.row, {})
    if there or values.cell(change.value) != BLANK:
        style = plan.sheet.style(*(change.style_like or (change.row, change.column)))
        _fill(plan, (change.row, change.column), change.value, style)
    if change.link is not None:
        plan.links[change.row, change.column] = change.link


def _append(plan: Plan, change: AppendRow) -> None:
    if all(values.cell(value) == BLANK for value in change.values.values()):
        raise Unwritable("a blank row")
    first = plan.ends.get(change.like_row, change.like_row) + 1
    row = next(row for row in itertools.count(first) if row not in plan.likes and not plan.cells(row))
    if row == first:
        plan.ends[change.like_row] = row
    styles = {column: plan.sheet.own_style(span) for column, span in plan.sheet.cells(change.like_row).items()}
    for column in set(styles) - set(plan.sheet.cells(row)):
        _fill(plan, (row, column), None, styles[column])
    for column, value in change.values.items():
        style = styles[column] if column in styles else plan.sheet.style(row, column)
        _fill(plan, (row, column), value, style)
    plan.likes[row] = change.like_row
    plan.growths.append(Growth(change.like_row, row))
    plan.links.update({(row, column): link for column, link in change.links.items()})


def _fill(plan: Plan, place: tuple[int, int], value: Value, style: str | None) -> None:
    row, column = place
    if not (1 <= row <= values.LAST_ROW and 1 <= column <= values.LAST_COLUMN):
        raise Unwritable(f"row {row}, column {column}")
    before = plan.fills.get(row, {}).get(column)
    plan.fills.setdefault(row, {})[column] = Fill(
        values.cell(value), before.style if before and before.style else style
    )
