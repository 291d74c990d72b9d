"""The check before anything is handed out.

Every part but those meant to change is the same, byte for byte, and so is every row that no change names; the rows
concerned read back exactly as wanted.
"""

from collections.abc import Collection, Iterator

from pipeline.office.cells import archive as zips
from pipeline.office.cells import markup, reading, sheet, workbook
from pipeline.office.cells.archive import Archive
from pipeline.office.cells.damage import Damaged
from pipeline.office.cells.plan import Plan, Unread
from pipeline.office.cells.sheet import Sheet
from pipeline.office.cells.values import BLANK, Cell, Grid
from pipeline.office.cells.workbook import Workbook

_FOLLOWING = ("}dimension", "}autoFilter", "}conditionalFormatting", "}dataValidation")  # may follow added rows


class Unfaithful(Exception):
    """The new bytes would change more, or other, than was asked for: a fault of ours. They are not handed out."""


def check(book: Workbook, data: bytes, plan: Plan, changed: Collection[str]) -> None:
    """Compare a workbook with its new bytes, of which only the parts `changed` may differ. Raises `Unfaithful`."""
    old = _excerpt(plan, plan.sheet, book)
    try:
        after = workbook.opened(data)
        _check_inventory(book.archive, after.archive, {zips.key(name) for name in changed})
        for name in changed:
            if name in after.archive and name != plan.part:
                markup.parsed(zips.read(after.archive, name), name)
        _check_sheet(plan, old, after)
    except Damaged as error:
        raise Unfaithful(str(error)) from error


def _check_inventory(before: Archive, after: Archive, changed: Collection[str]) -> None:
    kept = [name for name in before.members if name not in changed]
    if kept != [name for name in after.members if name not in changed]:
        raise Unfaithful("the list of parts")
    for name in kept:
        old, new = before.members[name], after.members[name]
        if zips.raw(before, old) != zips.raw(after, new) or old.timeless != new.timeless:
            raise Unfaithful(name)


def _check_sheet(plan: Plan, was: Grid, after: Workbook) -> None:
    old, new = plan.sheet, sheet.indexed(zips.read(after.archive, plan.part), plan.part)
    if set(new.rows) - plan.touched != set(old.rows) - plan.touched:
        raise Unfaithful(f"{plan.part}: rows")
    for number in old.rows:
        if number not in plan.touched and old.row(number) != new.row(number):
            raise Unfaithful(f"{plan.part}: row {number}")
    for number in plan.touched & set(old.rows):
        if _unnamed(plan, old, number) != _unnamed(plan, new, number):
            raise Unfaithful(f"{plan.part}: cells of row {number}")
    now = _excerpt(plan, new, after)
    if _rows(plan, was) != now.rows or _links(plan, was) != now.links:
        raise Unfaithful(f"{plan.part}: what it holds")
    if list(_around(old)) != list(_around(new)):
        raise Unfaithful(f"{plan.part}: what stands around its rows")


def _excerpt(plan: Plan, sheet: Sheet, book: Workbook) -> Grid:
    """What the strict reader finds in the rows concerned, and in all that stands around the rows."""
    decoder = reading.decoder(book, Unread())
    decoder.masters.update(plan.decoder.masters)
    rows = sorted(plan.touched & set(sheet.rows))
    return reading.read_sheet(
        sheet.excerpt(rows, framed=True), plan.title, decoder, workbook.related(book.archive, plan.part)
    )


def _unnamed(plan: Plan, sheet: Sheet, row: int) -> dict[int, bytes]:
    """The bytes of the cells of a row that no change names."""
    cells = {column: span for column, span in sheet.cells(row).items() if (row, column) not in plan.changed}
    return {column: sheet.xml[span.start : span.end] for column, span in cells.items()}


def _rows(plan: Plan, was: Grid) -> dict[int, dict[int, Cell]]:
    wanted = {row: dict(was.rows.get(row, {})) for row in plan.touched}
    for row, fills in plan.fills.items():
        wanted[row].update((column, fill.cell) for column, fill in fills.items())
    filled = {row: {c: cell for c, cell in cells.items() if cell != BLANK} for row, cells in wanted.items()}
    return {row: cells for row, cells in filled.items() if cells}


def _links(plan: Plan, was: Grid) -> dict[tuple[int, int], str]:
    return {place: link for place, link in {**was.links, **plan.links}.items() if link}


def _around(sheet: Sheet) -> Iterator[tuple[object, ...]]:
    """The elements around the rows, but hyperlinks, without the ranges that may follow added rows."""
    for element in markup.parsed(sheet.excerpt([], framed=True), "frame").iter():
        tag, parent = str(element.tag), element.getparent()
        if tag.endswith(("}hyperlink", "}hyperlinks")):
            continue
        hidden = ("ref", "sqref") if tag.endswith(_FOLLOWING) else ()
        follows = tag.endswith("}sqref") and parent is not None and str(parent.tag).endswith(_FOLLOWING)
        attributes = [(name, value) for name, value in element.items() if name not in hidden]
        yield tag, attributes, None if follows else element.text
