"""Single cells written into a workbook that people edit: nothing but what a change needs gets new bytes.

Besides the sheets concerned only these parts may change: tables whose range grows; the workbook part (names that grow,
the flag that asks for recalculation); the styles when one is missing; a sheet's relationships for an outside link; and
the calculation chain, which goes when a formula is overwritten (the office program makes it anew).
"""

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence

from pipeline import thrift
from pipeline.office.cells import archive as zips
from pipeline.office.cells import companions, frame, plan, proof, workbook
from pipeline.office.cells.abridged import Restored
from pipeline.office.cells.companions import Parts
from pipeline.office.cells.markup import Edit
from pipeline.office.cells.pen import Pen
from pipeline.office.cells.plan import Change, Plan, SetCell
from pipeline.office.cells.styles import Styles
from pipeline.office.cells.workbook import Workbook

AT_ONCE, _ROW = 25_000, 10
"""How many cells are changed at a time, for what they take in memory is many times their size, and for how many each
row counts in which some are: it is read as a whole."""


def apply(data: bytes, changes: Iterable[Change]) -> bytes:
    """The workbook with all changes made and proved; the very bytes given when there are none.

    Changes of one sheet that follow each other are made together, some thousands at a time.

    Raises `Damaged` when the workbook cannot be read without guessing, `Unwritable` when it cannot hold a change,
    `Unfaithful` when the result is not exactly what was asked for. Nothing is handed out then.
    """
    ends: dict[str, dict[int, int]] = {}
    for sheet, some in itertools.groupby(changes, key=lambda change: change.sheet):
        while portion := list(_portion(some)):
            data = _applied(data, portion, ends.setdefault(sheet, {}))
            thrift.give_back()
    return data


def _portion(changes: Iterator[Change]) -> Iterator[Change]:
    """Take as many of the changes to come as are made at a time."""
    room, row = AT_ONCE, 0
    while room > 0 and (change := next(changes, None)):
        if isinstance(change, SetCell):
            room, row = room - (1 if change.row == row else _ROW), change.row
        else:
            room -= len(change.values)
        yield change


def _applied(data: bytes, changes: Sequence[Change], ends: dict[int, int]) -> bytes:
    """Make some changes of one sheet, of which ``ends`` is known of those before (see ``Plan.ends``)."""
    book = workbook.opened(data)
    planned = plan.planned(book, changes, ends)
    parts = _parts(book, planned)
    if not parts:
        return data
    result, names, promise = zips.replaced(book.archive, parts), list(parts), planned.promise
    del parts, planned  # as large as the sheet
    proof.check(book, result, promise, names)
    return result


def _parts(book: Workbook, one: Plan) -> Parts:
    where = book.part("styles")
    styles = Styles(zips.read(book.archive, where) if where else None)
    parts = _sheet_parts(book, one, styles)
    if where and (new := styles.part()):
        parts[where] = [new]
    if _overwrites_formula(one):
        parts.update(companions.without_chain(book))
    if parts:
        parts.update(companions.workbook_part(book, one, parts))
    return parts


def _sheet_parts(book: Workbook, one: Plan, styles: Styles) -> Parts:
    """The sheet with what belongs to it alone: its tables and its relationships, as far as they change."""
    around = frame.framed(one.sheet)
    links, relationships = companions.links(book, one)
    used = around.sized(one.used) if one.fills else ()
    edits = [
        *_row_edits(one, Pen(one.sheet.prefix, book.date1904, styles.fit)),
        *one.dissolved.values(),
        *used,
        *around.grown(one.growths),
        *around.linked(links),
    ]
    if not edits:
        return {}
    tables = companions.tables(book, one, around.tables())
    return {**relationships, **tables, one.part: Restored(one.sheet.xml, edits, one.left, one.whole)}


def _row_edits(one: Plan, pen: Pen) -> Iterator[Edit]:
    sheet, numbers = one.sheet, one.sheet.numbers
    for number in sorted(one.fills):
        fills = one.fills[number]
        if number in sheet.rows:
            yield from pen.changes(sheet, number, fills)
            continue
        after = bisect.bisect(numbers, number)
        at = sheet.rows[numbers[after]].start if after < len(numbers) else sheet.end
        like = sheet.rows.get(one.likes.get(number, 0))
        yield Edit(at, at, pen.row(number, sheet.xml[like.start : like.inner] if like else b"", fills))


def _overwrites_formula(one: Plan) -> bool:
    mark, sheet = b"<%sf" % one.sheet.prefix, one.sheet
    spans = (sheet.cells(row).get(column) for row, column in one.places)
    return any(sheet.xml.find(mark, span.start, span.end) >= 0 for span in spans if span)
