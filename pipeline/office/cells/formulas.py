"""Formulas that stand for several cells: what becomes of the others when one of these cells is overwritten."""

import functools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pipeline.office.cells import markup, ranges, reading, values
from pipeline.office.cells.markup import Edit, Element
from pipeline.office.cells.reading import Master
from pipeline.office.cells.sheet import Sheet
from pipeline.office.cells.values import Unwritable


@dataclass(frozen=True)
class Formula:
    """An `<f>` that says what kind it is: "shared", "array", "dataTable" with the range and group it states."""

    sheet: Sheet
    element: Element
    kind: str
    ref: str | None
    group: str | None

    @functools.cached_property
    def place(self) -> tuple[int, int]:
        """Row and column of its cell."""
        return self.sheet.holder(self.element.start)

    @property
    def text(self) -> str:
        """The formula's text; empty when it is said by the first cell of its group."""
        return markup.content(self.sheet.xml, self.element)


def special(sheet: Sheet) -> list[Formula]:
    """All formulas of a sheet that stand for several cells."""
    if sheet.xml.find(b"<%sf " % sheet.prefix, sheet.begin, sheet.end) < 0:
        return []
    return list(_special(sheet))


def masters(formulas: Collection[Formula]) -> dict[str, Master]:
    """Address and text of each group of shared formulas."""
    said = (f for f in formulas if f.kind == "shared" and f.group is not None and f.text)
    return {str(f.group): (_address(f), f.text) for f in said}


def dissolved(formulas: Collection[Formula], overwritten: Collection[tuple[int, int]]) -> dict[tuple[int, int], Edit]:
    """Edits, by cell, that give each cell of a shared formula its own text when the cell that says it is overwritten.

    Raises `Unwritable` when a part of an array formula or data table would be overwritten, which no office program
    allows either.
    """
    for formula in formulas:
        if formula.kind != "shared" and formula.ref:
            _refuse_part(formula.ref, overwritten)
    groups = masters(formulas)
    orphaned = {f.group for f in formulas if f.kind == "shared" and f.text and f.place in overwritten}
    left = (f for f in formulas if f.kind == "shared" and f.group in orphaned and f.place not in overwritten)
    return {formula.place: _independent(formula, groups[str(formula.group)]) for formula in left}


def _independent(formula: Formula, master: Master) -> Edit:
    element, name = formula.element, formula.element.prefix + b"f"
    text = markup.text(reading.translated(master, _address(formula)))
    return Edit(element.start, element.end, b"<%s>%s</%s>" % (name, text, name))


def _special(sheet: Sheet) -> Iterator[Formula]:
    name = re.escape(sheet.prefix) + b"f"
    pattern = re.compile(b"<%s(?=\\s)%s>" % (name, markup.INSIDE))
    for tag in pattern.finditer(sheet.xml, sheet.begin, sheet.end):
        closed = tag[0].endswith(b"/>")
        tail = tag.end() if closed else sheet.xml.index(b"</", tag.end())
        end = tag.end() if closed else sheet.xml.index(b">", tail) + 1
        element = Element(("f",), sheet.prefix, tag.start(), tag.end(), tail, end)
        found = markup.attributes(sheet.xml, element)
        if found.get("t") in ("shared", "array", "dataTable"):
            yield Formula(sheet, element, found["t"], found.get("ref"), found.get("si"))


def _refuse_part(ref: str, overwritten: Collection[tuple[int, int]]) -> None:
    area = ranges.area(ref)
    if area is None:
        return
    cells = {(r, c) for r in range(area.top, area.bottom + 1) for c in range(area.left, area.right + 1)}
    if cells & set(overwritten) and cells - set(overwritten):
        raise Unwritable(f"part of the array formula in {ref}")


def _address(formula: Formula) -> str:
    row, column = formula.place
    return f"{values.letters(column)}{row}"
