"""The strict reader: each cell as it is meant, or `Damaged`. Unreadable never looks like blank."""

import functools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from urllib.parse import unquote

from lxml import etree
from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator

from pipeline.office.cells import archive as zips
from pipeline.office.cells import markup, values, workbook
from pipeline.office.cells.damage import Damaged, Reason
from pipeline.office.cells.values import BLANK, Cell, Grid, Scroll, Value
from pipeline.office.cells.workbook import MAIN, RELATIONSHIPS, Place, Relationship, Workbook

T = TypeVar("T")
Master = tuple[str, str]  # the address and the text of a shared formula

_ROW, _C, _V, _F, _IS, _T, _R, _SI, _LINK = (
    f"{{{MAIN}}}{name}" for name in ("row", "c", "v", "f", "is", "t", "r", "si", "hyperlink")
)
_HEX = re.compile("_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_FEW = 10_000  # cells remembered at a time
_TRUTHS = {"0": False, "1": True, "false": False, "true": True}
_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
_CONSTANTS = {  # formulas as which LibreOffice writes plain truth values and errors
    "TRUE()": Cell(True, "bool"),
    "FALSE()": Cell(False, "bool"),
    **{error: Cell(error, "error") for error in _ERRORS},
}


class Strings(Protocol):
    """The shared strings, by their index."""

    def __getitem__(self, index: int, /) -> Cell:
        """The text cell of an index; raises IndexError."""


class Lazy(Mapping[str, T]):
    """A mapping whose values are made when first asked for, and kept."""

    def __init__(self, keys: Sequence[str], make: Callable[[str], T]) -> None:
        """Take the keys, in their order, and what makes the value of one."""
        self._keys = dict.fromkeys(keys)
        self._make = functools.cache(make)

    def __getitem__(self, key: str) -> T:
        if key not in self._keys:
            raise KeyError(key)
        return self._make(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


@dataclass(frozen=True)
class Book:
    """A workbook being read.

    `grids` maps titles to sheets, in their order; `places` maps a named cell to (title, row, column), `names` to its
    value. A sheet is parsed when first asked for, so `Damaged` may come from there too. `scroll` reads a sheet row by
    row and keeps nothing of it.
    """

    grids: Mapping[str, Grid]
    places: Mapping[str, Place]
    names: Mapping[str, Value]
    date1904: bool
    scroll: Callable[[str], Scroll]


@dataclass(frozen=True)
class Decoder:
    """What turns the markup of cells into meaning: shared strings, date styles, epoch, shared formulas met so far."""

    strings: Strings
    dates: frozenset[str]
    date1904: bool
    masters: dict[str, Master] = field(default_factory=dict)
    met: dict[tuple[str | None, str | None, str | None], Cell] = field(default_factory=dict)  # cells repeat a lot
    texts: dict[str, Cell] = field(default_factory=dict)

    def cell(self, element: etree._Element, address: str) -> Cell:
        """The meaning of one `<c>`. Raises `Damaged`."""
        try:
            if len(element) > 1:
                return self._composed(element, address)
            child = element[0]
            tag = child.tag
            if tag == _V:
                return self._stored(element, child.text)
            return self._worded(child) if tag == _IS else self._composed(element, address)
        except (ValueError, LookupError, OverflowError) as error:
            raise Damaged(Reason.BROKEN_CELL, address) from error

    def _composed(self, element: etree._Element, address: str) -> Cell:
        parts = {child.tag: child for child in element}
        found = BLANK
        if _IS in parts:
            found = self._worded(parts[_IS])
        elif _V in parts:
            found = self._stored(element, parts[_V].text)
        return self._computed(parts[_F], address, found) if _F in parts else found

    def _worded(self, element: etree._Element) -> Cell:
        """The text cell of an inline string; mostly the same for all that say the same."""
        text = rich_text(element)
        return self.texts.get(text) or _kept(self.texts, text, _worded(text))

    def _stored(self, element: etree._Element, text: str | None) -> Cell:
        key = element.get("t"), element.get("s"), text
        return self.met.get(key) or _kept(self.met, key, self._decoded(*key))

    def _decoded(self, kind: str | None, style: str | None, text: str | None) -> Cell:
        if not text:
            return BLANK
        if kind == "s":
            return self.strings[_index(text)]
        if kind is None or kind == "n":
            return self._counted(style or "0", text.strip())
        if kind == "b":
            return Cell(_TRUTHS[text.strip()], "bool")
        if kind == "e":
            return Cell(text, "error")
        if kind == "d":
            return values.cell(datetime.fromisoformat(text))
        if kind in ("str", "inlineStr"):
            return _worded(unescaped(text))
        raise ValueError(kind)

    def _counted(self, style: str, text: str) -> Cell:
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(number):
            raise ValueError(text)
        if style in self.dates:
            moment = values.from_serial(number, self.date1904)
            if moment is not None:
                return Cell(moment, "date")
        return Cell(values.number(number), "number")

    def _computed(self, formula: etree._Element, address: str, shown: Cell) -> Cell:
        text, group = formula.text or "", formula.get("si")
        if formula.get("t") == "shared" and group is not None:
            if text:
                self.masters.setdefault(group, (address, text))
            elif group in self.masters:
                text = translated(self.masters[group], address)
        if text in _CONSTANTS and formula.get("t") is None:
            return _CONSTANTS[text]
        return Cell(f"={text}", "formula", shown.value)


def read(data: bytes) -> Book:
    """Read the bytes of an .xlsx. Raises `Damaged` (here, or when a sheet is first asked for)."""
    book = workbook.opened(data)
    strings = functools.cache(lambda: shared_strings(book))

    def scroll(title: str) -> Scroll:
        xml = zips.pieces(book.archive, book.sheets[title])
        links = workbook.related(book.archive, book.sheets[title])
        return _scroll(xml, title, decoder(book, strings()), links)

    def named(name: str) -> Value:
        title, row, column = book.places[name]
        return grids[title].rows.get(row, {}).get(column, BLANK).value

    grids = Lazy(list(book.sheets), lambda title: _grid(title, scroll(title)))
    known = {name: place for name, place in book.places.items() if place[0] in book.sheets}
    return Book(grids, known, Lazy(list(known), named), book.date1904, scroll)


def decoder(book: Workbook, strings: Strings) -> Decoder:
    """The decoder of a workbook's cells."""
    styles = book.part("styles")
    dates = workbook.date_styles(zips.read(book.archive, styles)) if styles else frozenset[str]()
    return Decoder(strings, dates, book.date1904)


def shared_strings(book: Workbook) -> list[Cell]:
    """The workbook's shared strings as cells, by their index; plain text of rich ones, phonetic marks left out."""
    part = book.part("sharedStrings")
    if part is None:
        return []
    return [_worded(rich_text(item)) for item in _parsed(zips.pieces(book.archive, part), part, [_SI])]


def read_sheet(xml: bytes, title: str, decoder: Decoder, related: Mapping[str, Relationship]) -> Grid:
    """The grid of one sheet part. Raises `Damaged` for broken markup, rows or cells twice or out of order."""
    return _grid(title, _scroll(iter([xml]), title, decoder, related))


def _grid(title: str, scroll: Scroll) -> Grid:
    return Grid(title, dict(scroll.rows), scroll.links)


def _scroll(xml: Iterator[bytes], title: str, decoder: Decoder, related: Mapping[str, Relationship]) -> Scroll:
    links: dict[tuple[int, int], str] = {}

    def rows() -> Iterator[tuple[int, Mapping[int, Cell]]]:
        number = 0
        for element in _parsed(xml, title, [_ROW, _LINK]):
            if element.tag == _LINK:
                links[_place(element)] = _link(element, related)
                continue
            number = _number(element, number)
            if cells := _row(element, number, decoder):
                yield number, cells
        for place in [place for place, link in links.items() if not link]:
            del links[place]

    return Scroll(rows(), links)


def rich_text(element: etree._Element) -> str:
    """The characters of a string item: its own text, or that of its runs; phonetic marks left out."""
    if len(element) == 1 and element[0].tag == _T:
        return unescaped(element[0].text or "")
    texts = (
        t for child in element for t in ([child] if child.tag == _T else child.iterfind(_T) if child.tag == _R else [])
    )
    return unescaped("".join(t.text or "" for t in texts))


def unescaped(text: str) -> str:
    """Text with its `_x000D_` escapes resolved (ECMA-376, ST_Xstring) and every line end a line feed."""
    if "_x" not in text:
        return text
    plain = _HEX.sub(lambda match: chr(int(match[1], 16)), text)
    whole = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n")


def translated(master: Master, address: str) -> str:
    """A shared formula's text as it reads in another cell. Raises `Damaged` when it is no formula."""
    origin, text = master
    try:
        return str(Translator(f"={text}", origin).translate_formula(address))[1:]
    except TokenizerError as error:
        raise Damaged(Reason.BROKEN_CELL, origin) from error


def _number(row: etree._Element, before: int) -> int:
    stated = row.get("r") or str(before + 1)
    if not stated.isdecimal() or not before < int(stated) <= values.LAST_ROW:
        raise Damaged(Reason.BROKEN_CELL, f"row {stated}")
    return int(stated)


def _row(row: etree._Element, number: int, decoder: Decoder) -> dict[int, Cell]:
    cells: dict[int, Cell] = {}
    digits, column = str(number), 0
    for element in row.iterchildren(_C):
        address = element.get("r")
        if address is None:
            column += 1
            address = values.letters(column) + digits
        else:
            before, column = column, values.column_of(address.removesuffix(digits))
            if column <= before:
                raise Damaged(Reason.BROKEN_CELL, address)
        if len(element):
            cell = decoder.cell(element, address)
            if cell is not BLANK:
                cells[column] = cell
    return cells


def _parsed(xml: Iterator[bytes], part: str, tags: Sequence[str]) -> Iterator[etree._Element]:
    """The elements of some tags, each valid until the next is asked for."""
    return markup.streamed(xml, part, tags, lambda root: workbook.refuse_strict(root, part))


def _worded(text: str) -> Cell:
    return Cell(text, "text") if text else BLANK


def _kept(met: dict[T, Cell], key: T, cell: Cell) -> Cell:
    """A cell, remembered for when it is met again; few at a time, for most texts of a large sheet occur once."""
    if len(met) == _FEW:
        met.clear()
    met[key] = cell
    return cell


def _index(text: str) -> int:
    index = int(text)
    if index < 0:
        raise IndexError(text)
    return index


def _place(link: etree._Element) -> tuple[int, int]:
    try:
        return values.place((link.get("ref") or "").partition(":")[0])
    except ValueError as error:
        raise Damaged(Reason.BROKEN_CELL, "hyperlink") from error


def _link(element: etree._Element, related: Mapping[str, Relationship]) -> str:
    found = related.get(element.get(f"{{{RELATIONSHIPS}}}id") or "")
    location = element.get("location")
    return (unquote(found.target) if found else "") + (f"#{location}" if location else "")
