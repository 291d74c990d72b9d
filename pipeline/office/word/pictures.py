"""Pictures that a template prints in a line of text: from a value to the parts of the document that it needs.

A picture travels through Jinja as text between two noncharacters; ``finish`` makes a drawing of it, and the document
gets its file, once for equal pictures, with the relationship that leads there.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from lxml import etree

SIGN = "\ufdd4"
PATTERN = f"{SIGN}[^{SIGN}]*{SIGN}"
NONE = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="%s"></Relationships>'

_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_EMU = 36_000  # in a millimetre
_FIRST = 5001
_DRAWING = (
    '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="{main}" xmlns:r="{office}"><wp:inline distT="0" distB="0" distL="0" distR="0">'
    '<wp:extent cx="{size}" cy="{size}"/><wp:docPr id="{number}" name="{name}"/>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr>'
    '<pic:cNvPr id="{number}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="{id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{size}" cy="{size}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing>"
)


@dataclass(frozen=True)
class Picture:
    """A square picture in a line of text: its PNG bytes, how wide it stands there in millimetres, and what it shows."""

    png: bytes
    width: float
    shows: str

    def carried(self) -> str:
        """Return the picture as text that survives Jinja and XML."""
        parts = (b64encode(self.png), b64encode(self.shows.encode()), str(round(self.width * _EMU)).encode())
        return f"{SIGN}{b'|'.join(parts).decode()}{SIGN}"


def file_name(png: bytes) -> str:
    """Return the name of a picture's file in a document."""
    return f"media/{hashlib.sha256(png).hexdigest()[:16]}.png"


def drawn(carried: str, number: int) -> tuple[etree._Element, bytes]:
    """Return the drawing of a carried picture, the ``number``-th of its part, and its PNG bytes."""
    png, shows, size = carried.strip(SIGN).split("|")
    data = b64decode(png)
    name = file_name(data)
    xml = _DRAWING.format(
        main=_MAIN, office=_OFFICE, size=size, number=_FIRST + number, name=PurePosixPath(name).stem, id=_id(name)
    )
    element = etree.fromstring(xml)
    for described in (*element.iter("{*}docPr"), *element.iter("{*}cNvPr")):
        described.set("descr", b64decode(shows).decode())
    return element, data


def members(part: str, pictures: Mapping[str, bytes], related: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the members that a part with pictures adds to a document or changes in it.

    ``pictures`` maps file names to PNG bytes, ``related`` the names of the template's relationships to their content.
    """
    if not pictures:
        return {}
    home, beside = PurePosixPath(part).parent, relationships_of(part)
    joined = _joined(related.get(beside) or NONE % _RELATIONSHIPS.encode(), pictures)
    return {beside: joined, **{str(home / name): data for name, data in pictures.items()}}


def declared(content_types: bytes) -> bytes:
    """Return the content types of a document with PNG among them."""
    root = etree.fromstring(content_types)
    if any(one.get("Extension", "").lower() == "png" for one in root.iterfind("{*}Default")):
        return content_types
    kind = etree.Element("{http://schemas.openxmlformats.org/package/2006/content-types}Default")
    kind.set("Extension", "png")
    kind.set("ContentType", "image/png")
    root.insert(0, kind)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


@lru_cache(maxsize=16)
def relationships_of(part: str) -> str:
    """Return the name of the member that holds a part's relationships."""
    path = PurePosixPath(part)
    return str(path.parent / "_rels" / f"{path.name}.rels")


def _id(name: str) -> str:
    return f"rPicture{PurePosixPath(name).stem}"


def _joined(data: bytes, names: Mapping[str, bytes]) -> bytes:
    root = etree.fromstring(data)
    for name in names:
        facts = {"Id": _id(name), "Type": f"{_OFFICE}/image", "Target": name}
        etree.SubElement(root, f"{{{_RELATIONSHIPS}}}Relationship", facts)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
