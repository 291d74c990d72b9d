"""By what a paper is known again, even renamed or changed: its name and a mark of its content, in its properties.

Word and LibreOffice keep such properties when a person saves the document under any name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree
from markupsafe import escape

from pipeline.office.word import package

_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_RELATIONS = "_rels/.rels"
PART = "docProps/custom.xml"
_NAMES = ("Nastavnik document", "Nastavnik content")
_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{}</Properties>'
)
_PROPERTY = (
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{}" name="{}"><vt:lpwstr>{}</vt:lpwstr></property>'
)


@dataclass(frozen=True)
class Passport:
    """How the papers of one template take their passport: the part that holds it, the members that announce it."""

    part: str = ""
    announced: Mapping[str, package.Packed] = field(default_factory=dict)

    def members(self, document: str, content: str) -> dict[str, package.Packed]:
        """Give the members that a paper named ``document`` with the mark ``content`` has in place of its template's."""
        values = zip(_NAMES, (document, content), strict=True)
        properties = (_PROPERTY.format(pid, name, escape(value)) for pid, (name, value) in enumerate(values, 2))
        return {**self.announced, self.part: package.pack(self.part, _XML.format("".join(properties)).encode())}


def prepare(members: Mapping[str, bytes]) -> Passport:
    """Make ready the passports of the papers of a template with these members."""
    part = package.named_by_type(members, _TYPE)
    if part:
        return Passport(part)
    types = package.parse(members[package.CONTENT_TYPES])
    etree.SubElement(types, f"{{{types.nsmap[None]}}}Override", {"PartName": f"/{PART}", "ContentType": _TYPE})
    relations = package.parse(members[_RELATIONS])
    attributes = {"Id": "rIdPassport", "Type": _RELATION, "Target": PART}
    etree.SubElement(relations, f"{{{relations.nsmap[None]}}}Relationship", attributes)
    announced = {package.CONTENT_TYPES: types, _RELATIONS: relations}
    return Passport(PART, {name: package.pack(name, _serialised(root)) for name, root in announced.items()})


def _serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", standalone=True)


def passport_of(data: bytes) -> tuple[str, str]:
    """Give the name and the mark of content that a DOCX bears, two empty strings when it is none of ours.

    Raises NotDocx if ``data`` is no readable package.
    """
    members = package.read_members(data)
    part = package.named_by_type(members, _TYPE)
    if not part:
        return "", ""
    said = {str(one.get("name")): "".join(map(str, one.itertext())) for one in package.parse(members[part])}
    return said.get(_NAMES[0], ""), said.get(_NAMES[1], "")
