"""The check before anything is handed out.

Every part but those meant to change is the same, byte for byte, and so is every row that no change names; the rows
concerned read back exactly as wanted.
"""

from __future__ import annotations

import collections
import contextlib
import itertools
from collections.abc import Collection, Iterator

from pipeline.office.cells import archive as zips
from pipeline.office.cells import markup, reading, sheet, workbook
from pipeline.office.cells.archive import Archive
from pipeline.office.cells.damage import Damaged
from pipeline.office.cells.plan import Promise, Unread
from pipeline.office.cells.values import BLANK, Cell, Grid
from pipeline.office.cells.workbook import Workbook

_FOLLOWING = ("}dimension", "}autoFilter", "}conditionalFormatting", "}dataValidation")  # may follow added rows


class Unfaithful(Exception):
    """The new bytes would change more, or other, than was asked for: a fault of ours. They are not handed out."""


def check(book: Workbook, data: bytes, promise: Promise, changed: Collection[str]) -> None:
    """Compare a workbook with its new bytes, of which only the parts `changed` may differ.

    Raises `Unfaithful`, `Damaged` when the workbook cannot be read without guessing where it is changed.
    """
    with _of_ours():
        after = workbook.opened(data)
        _check_inventory(book.archive, after.archive, {zips.key(name) for name in changed})
        for name in changed:
            if name in after.archive and name != promise.part:
                collections.deque(markup.streamed(zips.pieces(after.archive, name), name), maxlen=0)
    old = _Side(promise, promise.whole())
    with _of_ours():
        new = _Side(promise, zips.pieces(after.archive, promise.part))
        _check_rows(promise, old, new)
    was = old.grid(book)
    with _of_ours():
        now = new.grid(after)
        if _rows(promise, was) != now.rows or _links(promise, was) != now.links:
            raise Unfaithful(f"{promise.part}: what it holds")
        if list(old.around()) != list(new.around()):
            raise Unfaithful(f"{promise.part}: what stands around its rows")


@contextlib.contextmanager
def _of_ours() -> Iterator[None]:
    """What is damaged here is our own work."""
    try:
        yield
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


def _check_rows(promise: Promise, old: _Side, new: _Side) -> None:
    """Read both sheets to the end; rows, and cells of rows, that no change names are the same."""
    for one, other in itertools.zip_longest(old.others(), new.others()):
        if one != other:
            raise Unfaithful(f"{promise.part}: row {(one or other or (0,))[0]}")
    for number in old.touched:
        if old.unnamed(number) != new.unnamed(number):
            raise Unfaithful(f"{promise.part}: cells of row {number}")


class _Side:
    """The sheet before or after: `touched` are the rows concerned, there when the others were read."""

    def __init__(self, promise: Promise, pieces: Iterator[bytes]) -> None:
        self._promise = promise
        self._course = sheet.Course(pieces, promise.part)
        self.touched: dict[int, bytes] = {}

    def others(self) -> Iterator[tuple[int, bytes]]:
        """Number and bytes of the rows that no change names."""
        for number, row in self._course:
            if number in self._promise.touched:
                self.touched[number] = row
            else:
                yield number, row

    def unnamed(self, row: int) -> dict[int, bytes]:
        """The bytes of the cells of a row that no change names."""
        cells = sheet.cells(self.touched.get(row, b""), self._course.prefix)
        return {column: cell for column, cell in cells.items() if (row, column) not in self._promise.changed}

    def grid(self, book: Workbook) -> Grid:
        """What the strict reader finds in the rows concerned, and in all that stands around the rows."""
        decoder = reading.decoder(book, Unread())
        decoder.masters.update(self._promise.masters)
        rows = [self._course.numbered(*row) for row in self.touched.items()]
        links = workbook.related(book.archive, self._promise.part)
        return reading.read_sheet(self._framed(*rows), self._promise.title, decoder, links)

    def around(self) -> Iterator[tuple[object, ...]]:
        """The elements around the rows, but hyperlinks, without the ranges that may follow added rows."""
        for element in markup.streamed(iter([self._framed()]), "frame"):
            tag, parent = str(element.tag), element.getparent()
            if tag.endswith(("}hyperlink", "}hyperlinks")):
                continue
            hidden = ("ref", "sqref") if tag.endswith(_FOLLOWING) else ()
            follows = tag.endswith("}sqref") and parent is not None and str(parent.tag).endswith(_FOLLOWING)
            attributes = [(name, value) for name, value in element.items() if name not in hidden]
            yield tag, attributes, None if follows else element.text

    def _framed(self, *rows: bytes) -> bytes:
        return b"".join([self._course.head, *rows, self._course.tail])


def _rows(promise: Promise, was: Grid) -> dict[int, dict[int, Cell]]:
    wanted = {row: dict(was.rows.get(row, {})) for row in promise.touched}
    for row, fills in promise.fills.items():
        wanted[row].update((column, fill.cell) for column, fill in fills.items())
    filled = {row: {c: cell for c, cell in cells.items() if cell != BLANK} for row, cells in wanted.items()}
    return {row: cells for row, cells in filled.items() if cells}


def _links(promise: Promise, was: Grid) -> dict[tuple[int, int], str]:
    return {place: link for place, link in {**was.links, **promise.links}.items() if link}
