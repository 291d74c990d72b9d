"""What stands around the rows of a sheet and has to follow them: its stated size, ranges and hyperlinks."""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from pipeline.office.cells import markup, ranges, values
from pipeline.office.cells.markup import Edit, Element
from pipeline.office.cells.ranges import Area, Growth
from pipeline.office.cells.sheet import Sheet
from pipeline.office.cells.workbook import RELATIONSHIPS

_EXTENDED = ("worksheet", "extLst", "ext")
_RANGES = {  # where ranges of rows are stated: by an attribute, or ("") by the element's content
    ("worksheet", "autoFilter"): "ref",
    ("worksheet", "conditionalFormatting"): "sqref",
    ("worksheet", "dataValidations", "dataValidation"): "sqref",
    (*_EXTENDED, "conditionalFormattings", "conditionalFormatting", "sqref"): "",
    (*_EXTENDED, "dataValidations", "dataValidation", "sqref"): "",
}
_LINKS = ("worksheet", "hyperlinks")
_AFTER_LINKS = (  # what may stand after <hyperlinks> (ECMA-376, CT_Worksheet)
    "printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors "
    "smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts "
    "extLst AlternateContent"
)


@dataclass(frozen=True)
class Link:
    """A hyperlink to write: the relationship id of an outside address, or "", and a place in the workbook, or ""."""

    id: str
    location: str


@dataclass(frozen=True)
class Frame:
    """The elements around the rows of a sheet, each after its children; the last is the root."""

    sheet: Sheet
    elements: Sequence[Element]

    def sized(self, used: Area) -> Iterator[Edit]:
        """The edit of the stated size so that it covers `used`; none when it does, or when none is stated."""
        for element in self.elements:
            if element.path == ("worksheet", "dimension"):
                yield from self._changed(element, "ref", lambda text: _covering(text, used))

    def grown(self, growths: Sequence[Growth]) -> Iterator[Edit]:
        """Edits of the filter, drop-down and conditional-format ranges that reach down to added rows."""
        found = [(e, _RANGES[e.path]) for e in self.elements if e.path in _RANGES]
        choices = [a for e, name in found if "dataValidation" in e.path for a in ranges.areas(self._text(e, name))]
        for element, name in found:
            taken = choices if "dataValidation" in element.path else []
            change = functools.partial(ranges.grown_list, growths=growths, taken=taken)
            yield from self._changed(element, name, change)

    def linked(self, links: Mapping[tuple[int, int], Link | None]) -> Iterator[Edit]:
        """Edits that give cells a hyperlink, or take it away (None)."""
        new = {f"{values.letters(column)}{row}": link for (row, column), link in links.items()}
        own = [e for e in self.elements if e.path == (*_LINKS, "hyperlink")]
        replaced = [e for e in own if self._text(e, "ref") in new]
        added = b"".join(self._link(address, link) for address, link in new.items() if link)
        container = next((e for e in self.elements if e.path == _LINKS), None)
        if not added and not replaced:
            return
        if container and (added or len(replaced) < len(own)):
            yield from (Edit(e.start, e.end, b"") for e in replaced)
            yield Edit(container.tail, container.tail, added)
        elif container:
            yield Edit(container.start, container.end, b"")
        elif added:
            name, at = self.sheet.prefix + b"hyperlinks", self._place_of_links()
            yield Edit(at, at, b"<%s>%s</%s>" % (name, added, name))

    def tables(self) -> list[str]:
        """The relationship ids of the tables on the sheet."""
        parts = [markup.attributes(self.sheet.xml, e) for e in self.elements if e.name == "tablePart"]
        return [value for part in parts for name, value in part.items() if name.rpartition(":")[2] == "id"]

    def _place_of_links(self) -> int:
        after = (e.start for e in self.elements if len(e.path) == 2 and e.name in _AFTER_LINKS.split())
        return min(after, default=self.elements[-1].tail)

    def _link(self, address: str, link: Link) -> bytes:
        outside = f' xmlns:r="{RELATIONSHIPS}" r:id={quoteattr(link.id)}' if link.id else ""
        inside = f" location={quoteattr(link.location)}" if link.location else ""
        return b'<%shyperlink ref="%s"%s/>' % (self.sheet.prefix, address.encode(), (outside + inside).encode())

    def _text(self, element: Element, attribute: str) -> str:
        if not attribute:
            return markup.content(self.sheet.xml, element)
        return markup.attributes(self.sheet.xml, element).get(attribute, "")

    def _changed(self, element: Element, attribute: str, change: Callable[[str], str]) -> Iterator[Edit]:
        old = " ".join(self._text(element, attribute).split())
        new = change(old)
        if new != old and attribute:
            yield markup.attribute(self.sheet.xml, element, attribute, new)
        elif new != old:
            yield Edit(element.inner, element.tail, new.encode())


def framed(sheet: Sheet) -> Frame:
    """The frame of a sheet."""
    return Frame(sheet, markup.elements(sheet.xml, sheet.frame))


def _covering(text: str, used: Area) -> str:
    old = ranges.area(text)
    if old is None:
        return text
    low = Area(
        min(old.top, used.top), min(old.left, used.left), max(old.bottom, used.bottom), max(old.right, used.right)
    )
    return f"{values.letters(low.left)}{low.top}:{values.letters(low.right)}{low.bottom}" if low != old else text
