"""Cell formats: a date stands in a cell that shows dates, a number in one that does not; one may join, none changes.

Text that looks like a formula stands in a cell marked as text (as after an apostrophe), so that it stays text when
somebody opens the cell and leaves it again.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from pipeline.office.cells import markup, workbook
from pipeline.office.cells.markup import Edit, Element
from pipeline.office.cells.values import Cell, Unwritable

_LIKE_FORMULAS = ("=", "+", "-", "@")
_QUOTED = re.compile(rb"""\squotePrefix\s*=\s*["'](?:1|true)["']""")
_GENERAL, _DATE, _MOMENT = "0", "14", "22"  # built-in formats (ECMA-376, 18.8.30)


class Styles:
    """The cell formats of a workbook and those that a set of changes adds to them."""

    def __init__(self, xml: bytes | None) -> None:
        """Take the styles part; None when the workbook has none."""
        self._xml = markup.plain(xml, "styles") if xml else b""
        found = markup.elements(self._xml, [(0, len(self._xml))])
        self._formats = [self._xml[e.start : e.end] for e in found if e.path[1:] == ("cellXfs", "xf")]
        self._all: Element | None = next((e for e in found if e.name == "cellXfs"), None)
        self._known = len(self._formats)
        self.dates = set(workbook.date_styles(xml)) if xml else set[str]()

    def fit(self, style: str | None, cell: Cell) -> str | None:
        """The style index in which the cell shows as what it is: the given one, or one like it with another format."""
        if cell.kind in {"text", "blank"}:
            looks_like_one = str(cell.value).startswith(_LIKE_FORMULAS) and int(style or 0) < len(self._formats)
            return self._like(style, {"quotePrefix": "1"}) if looks_like_one and not self._is_quoted(style) else style
        wanted = {"quotePrefix": "0"} if self._is_quoted(style) else {}
        shows_dates = (style or "0") in self.dates
        if cell.kind == "date" and not shows_dates:
            wanted |= _format(_MOMENT if isinstance(cell.value, datetime) else _DATE)
        if cell.kind == "number" and shows_dates and not _is_time(cell):
            wanted |= _format(_GENERAL)
        return self._like(style, wanted) if wanted else style

    def part(self) -> bytes | None:
        """The new styles part; None when no style was missing."""
        added = self._formats[self._known :]
        if not added or self._all is None:
            return None
        count = markup.attribute(self._xml, self._all, "count", str(len(self._formats)))
        return markup.spliced(self._xml, [count, Edit(self._all.tail, self._all.tail, b"".join(added))])

    def _is_quoted(self, style: str | None) -> bool:
        index = int(style or 0)
        return index < len(self._formats) and bool(_QUOTED.search(self._formats[index].partition(b">")[0]))

    def _like(self, style: str | None, attributes: Mapping[str, str]) -> str:
        index = int(style or 0)
        if index >= len(self._formats):
            raise Unwritable(f"style {index} is not there")
        wanted = _with(self._formats[index], attributes)
        if wanted not in self._formats:
            self._formats.append(wanted)
        found = str(self._formats.index(wanted))
        if attributes.get("numFmtId", "" if (style or "0") in self.dates else _GENERAL) != _GENERAL:
            self.dates.add(found)
        return found


def _format(number_format: str) -> dict[str, str]:
    return {"numFmtId": number_format, "applyNumberFormat": "1"}


def _with(xf: bytes, attributes: Mapping[str, str]) -> bytes:
    for name, value in attributes.items():
        element = markup.elements(xf, [(0, len(xf))])[-1]
        xf = markup.spliced(xf, [markup.attribute(xf, element, name, value)])
    return xf


def _is_time(cell: Cell) -> bool:
    return isinstance(cell.value, int | float) and 0 <= cell.value < 1
