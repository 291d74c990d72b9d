"""The last look at a paper before anybody sees it: the finished bytes are opened anew and must hold together.

What Word would call damaged is found here: a torn zip, a member twice, a part that is not well-formed or of no declared
type, a relationship that leads nowhere, two drawings of one number, a tag that was never filled in.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from posixpath import normpath

from lxml import etree

from pipeline.office.word import package
from pipeline.office.word.package import W

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_REFERENCES = etree.XPath(
    "//@r:*", namespaces={"r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships"}
)
_OPENING = re.compile(r"\{[{%#]")


def faults(data: bytes, printed: Collection[str] = ()) -> list[str]:
    """Give what is wrong with a finished DOCX, for the log; an empty list when it is whole.

    ``printed`` are the values that were put into it: only they may hold what looks like a tag.
    """
    try:
        members = package.read_members(data)
        roots = {name: _root(name, members[name]) for name in members if name.endswith((".xml", ".rels"))}
    except package.NotDocx as error:
        return [str(error)]
    return [*_types(members, roots), *_relations(members, roots), *_drawings(roots), *_tags(members, roots, printed)]


def _root(name: str, content: bytes) -> etree._Element:
    """Parse a member; those that every paper of a template has alike are parsed once."""
    return package.parse(content) if name.startswith("word/document") else _parsed(content)


@lru_cache(maxsize=256)
def _parsed(content: bytes) -> etree._Element:
    return package.parse(content)


def _types(members: Mapping[str, bytes], roots: Mapping[str, etree._Element]) -> Iterator[str]:
    declared = roots.get(package.CONTENT_TYPES)
    if declared is None:
        yield "no content types"
        return
    endings = {one.get("Extension", "").lower() for one in declared.iterfind("{*}Default")}
    parts = Counter(one.get("PartName", "").lstrip("/") for one in declared.iterfind("{*}Override"))
    yield from (f"declared twice: {name}" for name, times in parts.items() if times > 1)
    yield from (f"declared and not there: {name}" for name in parts if name not in members)
    for name in members:
        known = name in parts or name.rpartition(".")[2].lower() in endings
        if not known and name != package.CONTENT_TYPES:
            yield f"of no declared type: {name}"


def _relations(members: Mapping[str, bytes], roots: Mapping[str, etree._Element]) -> Iterator[str]:
    for name, root in roots.items():
        if not name.endswith(".rels"):
            continue
        folder = PurePosixPath(name).parent.parent
        ids = Counter(one.get("Id") for one in root)
        yield from (f"{name}: {one} twice" for one, times in ids.items() if times > 1)
        for one in root:
            if one.get("TargetMode") != "External" and _target(folder, one.get("Target", "")) not in members:
                yield f"{name}: {one.get('Target')} is not there"
        source = roots.get(str(folder / PurePosixPath(name).stem))
        if source is not None:
            yield from (f"{name}: {one} is asked for and not there" for one in sorted(_asked(source) - ids.keys()))


def _target(folder: PurePosixPath, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(str(folder / target))


def _asked(root: etree._Element) -> set[str]:
    found = _REFERENCES(root)
    return {str(one) for one in found} if isinstance(found, list) else set()


def _drawings(roots: Mapping[str, etree._Element]) -> Iterator[str]:
    for name, root in roots.items():
        numbers = Counter(one.get("id") for one in root.iter(f"{_WP}docPr"))
        yield from (f"{name}: drawing {number} twice" for number, times in numbers.items() if times > 1)


def _tags(members: Mapping[str, bytes], roots: Mapping[str, etree._Element], printed: Collection[str]) -> Iterator[str]:
    """Find tags that no value brought with it, paragraph by paragraph (Word may cut a text into pieces)."""
    brought = Counter(sign for value in printed for sign in _OPENING.findall(value))
    found: Counter[str] = Counter()
    for root in (root for name, root in roots.items() if b"{" in members[name]):
        for paragraph in root.iter(f"{W}p"):
            found.update(_OPENING.findall("".join(node.text or "" for node in paragraph.iter(f"{W}t"))))
    yield from (f"tag left over: {sign}" for sign, times in found.items() if times > brought[sign])
