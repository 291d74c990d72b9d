"""The last look at a paper before anybody sees it: the finished bytes are opened anew and must hold together.

What Word would call damaged is found here: a torn zip, a member twice, a part that is not well-formed or of no declared
type, a relationship that leads nowhere, two drawings of one number, a tag that was never filled in.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from posixpath import normpath
from typing import NamedTuple

from lxml import etree

from pipeline.office.word import package, passport
from pipeline.office.word.package import W

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_REFERENCES = etree.XPath("//@r:*", namespaces={"r": _R})
_RELATED = _R.encode()
_USUAL = b' xmlns:r="%s"' % _RELATED
_ROOT = 4096
_ASKED = (b" r:", re.compile(rb'[A-Za-z]+="([^"]*)"'))
_DRAWN = (b"<wp:docPr ", re.compile(rb'[^>]*?\bid="([^"]*)"'))
_OPENING = re.compile(r"\{[{%#]")


class _Look(NamedTuple):
    """What one member holds: the relationships that it asks for, the numbers that two drawings bear."""

    asked: frozenset[str]
    doubled: tuple[str, ...]


def faults(data: bytes, printed: Collection[str] = ()) -> list[str]:
    """Give what is wrong with a finished DOCX, for the log; an empty list when it is whole.

    ``printed`` are the values that were put into it: only they may hold what looks like a tag.
    """
    try:
        members = package.read_members(data)
        looks = {name: _look(name, members[name]) for name in members if name.endswith((".xml", ".rels"))}
    except package.NotDocx as error:
        return [str(error)]
    names = frozenset(members)
    braced = [members[name] for name in looks if b"{" in members[name] and name != passport.PART]
    return [
        *_types(members.get(package.CONTENT_TYPES, b""), names),
        *_relations(members, looks, names),
        *(f"{name}: drawing {number} twice" for name, look in looks.items() for number in look.doubled),
        *(_tags(braced, printed) if braced else ()),
    ]


def _look(name: str, content: bytes) -> _Look:
    """Look at a member; at one that every paper of a template has alike, once."""
    return _written(content) if name.startswith("word/document") or name == passport.PART else _looked(content)


@lru_cache(maxsize=64)
def _looked(content: bytes) -> _Look:
    root = package.parse(content)
    asked = _REFERENCES(root)
    drawings = (one.get("id", "") for one in root.iter(f"{_WP}docPr"))
    return _Look(frozenset(map(str, asked) if isinstance(asked, list) else ()), _doubled(drawings))


def _written(content: bytes) -> _Look:
    """Look at what is written as Word and we write: its elements need not be kept."""
    if _USUAL not in content[:_ROOT] and _RELATED in content:
        return _looked(content)
    package.strict(content)
    return _Look(frozenset(_after(*_ASKED, content)), _doubled(_after(*_DRAWN, content)))


def _after(sign: bytes, wanted: re.Pattern[bytes], content: bytes) -> Iterator[str]:
    """Find what stands behind each sign: from the end, because Python's search is twice as quick in that direction."""
    return (found[1].decode() for piece in content.rsplit(sign)[1:] if (found := wanted.match(piece)))


def _doubled(numbers: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(number) for number, times in Counter(numbers).items() if times > 1)


@lru_cache(maxsize=8)
def _types(content: bytes, names: frozenset[str]) -> tuple[str, ...]:
    """Find, in the declared types, what is declared twice or in vain, and members that are not declared."""
    if not content:
        return ("no content types",)
    declared = package.parse(content)
    endings = {one.get("Extension", "").lower() for one in declared.iterfind("{*}Default")}
    parts = Counter(one.get("PartName", "").lstrip("/") for one in declared.iterfind("{*}Override"))
    unnamed = sorted(names - parts.keys() - {package.CONTENT_TYPES})
    return (
        *(f"declared twice: {name}" for name, times in parts.items() if times > 1),
        *(f"declared and not there: {name}" for name in parts if name not in names),
        *(f"of no declared type: {name}" for name in unnamed if name.rpartition(".")[2].lower() not in endings),
    )


def _relations(members: Mapping[str, bytes], looks: Mapping[str, _Look], names: frozenset[str]) -> Iterator[str]:
    for name in (name for name in looks if name.endswith(".rels")):
        source, ids, wrong = _related(name, members[name], names)
        yield from wrong
        asked = looks[source].asked if source in looks else frozenset[str]()
        yield from (f"{name}: {one} is asked for and not there" for one in sorted(asked - ids))


@lru_cache(maxsize=8)
def _related(name: str, content: bytes, names: frozenset[str]) -> tuple[str, frozenset[str], tuple[str, ...]]:
    """Give the member whose relationships a member holds, the numbers of these, and what is wrong with them."""
    folder = PurePosixPath(name).parent.parent
    root = package.parse(content)
    ids = Counter(one.get("Id", "") for one in root)
    inside = (one.get("Target", "") for one in root if one.get("TargetMode") != "External")
    wrong = (
        *(f"{name}: {one} twice" for one, times in ids.items() if times > 1),
        *(f"{name}: {target} is not there" for target in inside if _target(folder, target) not in names),
    )
    return str(folder / PurePosixPath(name).stem), frozenset(ids), wrong


def _target(folder: PurePosixPath, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(str(folder / target))


def _tags(contents: Iterable[bytes], printed: Collection[str]) -> Iterator[str]:
    """Find tags that no value brought with it, paragraph by paragraph (Word may cut a text into pieces)."""
    brought = Counter(sign for value in printed for sign in _OPENING.findall(value))
    found: Counter[str] = Counter()
    for content in contents:
        for paragraph in package.parse(content).iter(f"{W}p"):
            found.update(_OPENING.findall("".join(node.text or "" for node in paragraph.iter(f"{W}t"))))
    yield from (f"tag left over: {sign}" for sign, times in found.items() if times > brought[sign])
