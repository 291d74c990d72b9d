"""Texts that no cell shows any more: a shared string outlives the cell it was written for, and here it is blanked.

An office program keeps all texts of a workbook in one part and cells point there by number; a cell that is changed
leaves its old text behind. Nothing else of the file is touched, and the numbers stay.
"""

from lxml import etree

from pipeline.office.cells import archive

_ANY = "{*}"
_STRINGS = "xl/sharedStrings.xml"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def blanked(data: bytes) -> bytes:
    """Return a workbook without the texts that no cell shows; the same bytes when there are none."""
    whole = archive.opened(data)
    if _STRINGS not in whole:
        return data
    strings = etree.fromstring(archive.read(whole, _STRINGS), _PARSER)
    shown = {number for name in _sheets(whole) for number in _numbers(archive.read(whole, name))}
    orphans = [one for number, one in enumerate(strings.findall(f"{_ANY}si")) if number not in shown and _says(one)]
    if not orphans:
        return data
    for one in orphans:
        one[:] = []
        etree.SubElement(one, one.tag[: -len("si")] + "t")
    text = etree.tostring(strings, xml_declaration=True, encoding="UTF-8", standalone=True)
    return archive.replaced(whole, {_STRINGS: [text]})


def _says(item: etree._Element) -> bool:
    return any(part.text for part in item.iter(f"{_ANY}t"))


def _sheets(whole: archive.Archive) -> list[str]:
    names = (member.name for member in whole.members.values())
    return [name for name in names if archive.key(name).startswith("xl/worksheets/") and name.endswith(".xml")]


def _numbers(data: bytes) -> set[int]:
    """Return the numbers of the shared texts that a sheet shows."""
    found = etree.fromstring(data, _PARSER).iter(f"{_ANY}c")
    values = (cell.findtext(f"{_ANY}v") for cell in found if cell.get("t") == "s")
    return {int(value) for value in values if value}
