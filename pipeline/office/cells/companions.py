"""Parts beside the sheets that have to follow a change: tables, names, the recalculation flag, links to other files."""

import html
import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from pipeline.office.cells import archive as zips
from pipeline.office.cells import markup, ranges, sheet, workbook
from pipeline.office.cells.frame import Link
from pipeline.office.cells.markup import Edit, Element
from pipeline.office.cells.plan import Plan
from pipeline.office.cells.ranges import Area
from pipeline.office.cells.values import Unwritable
from pipeline.office.cells.workbook import RELATIONSHIPS, TYPES, Workbook

Parts = dict[str, zips.Pieces | None]  # name → new content; None: the part goes

_NO_RELATIONSHIPS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_END_OF_RELATIONSHIPS = re.compile(rb"</([\w.-]+:)?Relationships\s*>")
_BEFORE_CALCULATION = ("definedNames", "externalReferences", "functionGroups", "sheets")  # ECMA-376, CT_Workbook


def tables(book: Workbook, plan: Plan, ids: Sequence[str]) -> Parts:
    """The tables of a sheet (by their relationship ids) whose range reaches down to added rows.

    Raises `Unwritable` when a heading would be written over: the table part repeats it.
    """
    related = workbook.related(book.archive, plan.part)
    names = [related[id_].target for id_ in ids if id_ in related]
    documents = {name: _document(book, name) for name in names}
    areas = {name: _area(xml, elements[-1]) for name, (xml, elements) in documents.items()}
    parts: Parts = {}
    for name, (xml, elements) in documents.items():
        _refuse_heading(xml, elements[-1], plan)
        if edits := list(_table_edits(xml, elements, plan, [area for other, area in areas.items() if other != name])):
            parts[name] = markup.pieces(xml, edits)
    return parts


def links(book: Workbook, plan: Plan) -> tuple[dict[tuple[int, int], Link | None], Parts]:
    """The hyperlinks a sheet is to have (None: no longer), and its relationships when addresses outside join them."""
    outside = [place for place, link in plan.links.items() if link and not link.startswith("#")]
    if not outside:
        return {place: _link(link, "") for place, link in plan.links.items()}, {}
    known = workbook.related(book.archive, plan.part)
    numbers = [int(match[1]) for id_ in known if (match := re.fullmatch(r"rId(\d+)", id_))]
    ids = {place: f"rId{number}" for number, place in enumerate(outside, max(numbers, default=0) + 1)}
    found = {place: _link(link, ids.get(place, "")) for place, link in plan.links.items()}
    name = workbook.relationships_part(plan.part)
    xml = markup.plain(zips.read(book.archive, name), name) if known else _NO_RELATIONSHIPS
    end = list(_END_OF_RELATIONSHIPS.finditer(xml, xml.rfind(b"</")))[-1]
    added = b"".join(_relationship(end[1] or b"", ids[place], plan.links[place]) for place in outside)
    return found, {name: markup.pieces(xml, [Edit(end.start(), end.start(), added)])}


def without_chain(book: Workbook) -> Parts:
    """The parts without the calculation chain, which the office program makes anew; none when there is no chain."""
    chain = book.part("calcChain")
    if chain is None:
        return {}
    relationships = workbook.relationships_part(book.path)
    ids = [id_ for id_, link in book.links.items() if link.target == chain]
    return {
        chain: None,
        relationships: _without(book, relationships, "Id", ids),
        TYPES: _without(book, TYPES, "PartName", [f"/{chain}"]),
    }


def workbook_part(book: Workbook, plan: Plan, parts: Parts) -> Parts:
    """The workbook part with names that grow, and with the flag for recalculation if there is any formula."""
    xml, elements = _document(book, book.path)
    edits = list(_names(xml, elements, plan)) if plan.growths else []
    flag = _recalculation(xml, elements)
    edits += flag if flag and _has_formulas(book, parts) else []
    return {book.path: markup.pieces(xml, edits)} if edits else {}


def _document(book: Workbook, name: str) -> tuple[bytes, list[Element]]:
    xml = zips.read(book.archive, name)
    markup.parsed(xml, name)
    return _parsed(markup.plain(xml, name))


def _parsed(xml: bytes) -> tuple[bytes, list[Element]]:
    return xml, markup.elements(xml, [(0, len(xml))])


def _area(xml: bytes, table: Element) -> Area:
    found = ranges.area(markup.attributes(xml, table).get("ref", ""))
    if found is None:
        raise Unwritable("a table without a range")
    return found


def _refuse_heading(xml: bytes, table: Element, plan: Plan) -> None:
    area = _area(xml, table)
    heads = markup.attributes(xml, table).get("headerRowCount", "1") != "0"
    if heads and any(row == area.top and area.left <= column <= area.right for row, column in plan.places):
        raise Unwritable(f"a heading of the table in row {area.top}")


def _table_edits(xml: bytes, elements: Sequence[Element], plan: Plan, others: Sequence[Area]) -> Iterator[Edit]:
    if markup.attributes(xml, elements[-1]).get("totalsRowCount", "0") != "0":
        return
    for element in elements:
        if element.path in (("table",), ("table", "autoFilter")):
            old = markup.attributes(xml, element).get("ref", "")
            if (new := ranges.grown(old, plan.growths, others)) != old:
                yield markup.attribute(xml, element, "ref", new)


def _link(link: str, id_: str) -> Link | None:
    if not link:
        return None
    return Link(id_, "") if id_ else Link("", link[1:])


def _relationship(prefix: bytes, id_: str, link: str) -> bytes:
    target = f'Target={quoteattr(quote(link))} TargetMode="External"'
    return f'<{prefix.decode()}Relationship Id="{id_}" Type="{RELATIONSHIPS}/hyperlink" {target}/>'.encode()


def _without(book: Workbook, name: str, attribute: str, unwanted: Sequence[str]) -> zips.Pieces:
    xml, elements = _document(book, name)
    gone = [e for e in elements if zips.key(markup.attributes(xml, e).get(attribute, "")) in map(zips.key, unwanted)]
    return markup.pieces(xml, [Edit(e.start, e.end, b"") for e in gone])


def _names(xml: bytes, elements: Sequence[Element], plan: Plan) -> Iterator[Edit]:
    for element in elements:
        if element.name == "definedName":
            old = markup.content(xml, element)
            if (new := ranges.grown_formula(old, plan.title, plan.growths)) != old:
                yield Edit(element.inner, element.tail, html.escape(new, quote=False).encode())


def _recalculation(xml: bytes, elements: Sequence[Element]) -> list[Edit]:
    flag = next((e for e in elements if e.path == ("workbook", "calcPr")), None)
    if flag is None:
        before = next(e for name in _BEFORE_CALCULATION for e in elements if e.path == ("workbook", name))
        return [Edit(before.end, before.end, b'<%scalcPr fullCalcOnLoad="1"/>' % before.prefix)]
    if markup.attributes(xml, flag).get("fullCalcOnLoad") in ("1", "true"):
        return []
    return [markup.attribute(xml, flag, "fullCalcOnLoad", "1")]


def _has_formulas(book: Workbook, parts: Parts) -> bool:
    return any(sheet.has_formulas(parts.get(part) or zips.pieces(book.archive, part)) for part in book.sheets.values())
