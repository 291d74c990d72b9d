"""XML by its bytes: where elements lie, and edits that leave every other byte as it was.

Only well-formed markup without comments and CDATA goes in (`plain` sees to that), so a start tag is a start tag.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from pipeline.office.cells.damage import Damaged, Reason

INSIDE = rb'(?:[^>"\']|"[^"]*"|\'[^\']*\')*'  # of a tag, after its name
_TAG = re.compile(rb"<(/?)([\w.-]+:)?([\w.-]+)(" + INSIDE + rb")>")
_ATTRIBUTE = re.compile(rb'\s+([\w:.-]+)\s*=\s*("[^"]*"|\'[^\']*\')')
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class Edit(NamedTuple):
    """Bytes `start:end` are to become `new`."""

    start: int
    end: int
    new: bytes


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element lies: start tag `start:inner`, content `inner:tail`, all of it `start:end`.

    `path` holds the local names from the root down to this element. `prefix` is b"" or as b"x:".
    """

    path: tuple[str, ...]
    prefix: bytes
    start: int
    inner: int
    tail: int
    end: int

    @property
    def name(self) -> str:
        """The local name."""
        return self.path[-1]


def parsed(xml: bytes, part: str) -> etree._Element:
    """The tree of a part. Raises `Damaged` when it is not well formed or declares a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Damaged(Reason.BROKEN_XML, part) from error
    if declares_type(root):
        raise Damaged(Reason.BROKEN_XML, part)
    return root


def streamed(
    pieces: Iterator[bytes],
    part: str,
    tags: Sequence[str] = ("*",),
    check: Callable[[etree._Element], None] = lambda _root: None,
) -> Iterator[etree._Element]:
    """The elements of a part (of some tags alone) as they end, each valid until the next is asked for.

    Raises `Damaged` like `parsed`, at the end at the latest; what `check` raises of the root comes at the end too.
    """
    context = etree.iterparse(
        _Reader(pieces), tag=tags, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        for _, element in context:
            yield element
            element.clear()
    except etree.XMLSyntaxError as error:
        raise Damaged(Reason.BROKEN_XML, part) from error
    if declares_type(context.root):
        raise Damaged(Reason.BROKEN_XML, part)
    check(context.root)


class _Reader:
    """Pieces read like a file: the parser takes no more than some megabytes at once."""

    def __init__(self, coming: Iterator[bytes]) -> None:
        self._coming = coming
        self._left = memoryview(b"")

    def read(self, size: int) -> bytes:
        """The next bytes, at most so many; none at the end."""
        while not self._left:
            piece = next(self._coming, None)
            if piece is None:
                return b""
            self._left = memoryview(piece)
        taken, self._left = self._left[:size], self._left[size:]
        return bytes(taken)


def declares_type(root: etree._Element) -> bool:
    """Whether the document has a document type declaration, which no honest part has (OPC, 8.1.4)."""
    return root.getroottree().docinfo.internalDTD is not None


def plain(xml: bytes, part: str) -> bytes:
    """The same document in UTF-8 without comments and CDATA sections; almost always the very bytes given."""
    if is_plain([xml]):
        return xml
    return etree.tostring(parsed(xml, part), encoding="UTF-8", xml_declaration=True, standalone=True)


def is_plain(pieces: Iterable[bytes]) -> bool:
    """Whether a part is as `plain` makes it; the pieces are read as far as it takes to know."""
    coming = filter(None, pieces)
    top = next(coming, b"")
    declared = re.match(rb"""\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)""", top)
    named = not declared or declared[1].lower() in (b"utf-8", b"us-ascii", b"ascii")
    if not named or not top[:4].strip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
        return False
    if b"<!" in top or top.find(b"<?", 5) >= 0:
        return False
    for piece in coming:
        both, top = top[-1:] + piece, piece
        if b"<!" in both or b"<?" in both:
            return False
    return True


def elements(xml: bytes, spans: Iterable[tuple[int, int]]) -> list[Element]:
    """Every element whose tags lie in the given spans of the document, in order of their ends (children first)."""
    found: list[Element] = []
    stack: list[tuple[tuple[str, ...], re.Match[bytes]]] = []
    for tag in _tags(xml, spans):
        if tag[1]:
            path, opening = stack.pop()
            found.append(_element(path, opening, tag))
            continue
        path = (*(stack[-1][0] if stack else ()), tag[3].decode())
        if tag[4].endswith(b"/"):
            found.append(_element(path, tag, tag))
        else:
            stack.append((path, tag))
    return found


def attributes(xml: bytes, element: Element) -> dict[str, str]:
    """The attributes of an element by their names as written (with prefix)."""
    tag = xml[element.start : element.inner]
    return {m[1].decode(): html.unescape(m[2][1:-1].decode()) for m in _ATTRIBUTE.finditer(tag)}


def attribute(xml: bytes, element: Element, name: str, value: str | None) -> Edit:
    """The edit that gives an attribute a value, adds it, or (None) removes it."""
    new = b"" if value is None else f" {name}={quoteattr(value)}".encode()
    for match in _ATTRIBUTE.finditer(xml, element.start, element.inner):
        if match[1].decode() == name:
            return Edit(match.start(), match.end(), new)
    end = element.inner - (2 if xml[element.inner - 2 : element.inner - 1] == b"/" else 1)
    return Edit(end, end, new)


def content(xml: bytes, element: Element) -> str:
    """The text directly inside an element that has no children."""
    return html.unescape(xml[element.inner : element.tail].decode())


def spliced(xml: bytes, edits: Sequence[Edit]) -> bytes:
    """The document with all edits made; those at one place in the order given. Raises ValueError when two overlap."""
    return b"".join(pieces(xml, edits))


def pieces(xml: bytes, edits: Sequence[Edit], begin: int = 0, end: int | None = None) -> list[bytes | memoryview]:
    """As `spliced`, but not joined: what no edit touches still lies where it lay. A stretch of the document will do."""
    pieces: list[bytes | memoryview] = []
    view, at = memoryview(xml)[:end], begin
    for start, stop, new in sorted(edits, key=lambda edit: edit[:2]):
        if start < at:
            raise ValueError(f"two edits of byte {start}")
        pieces += [view[at:start], new]
        at = stop
    return [*pieces, view[at:]]


def text(value: str) -> bytes:
    """Characters as element content; `_x0041_` in them stays what it is (ECMA-376, ST_Xstring)."""
    return html.escape(_ESCAPED.sub("_x005F_", value), quote=False).encode()


def _tags(xml: bytes, spans: Iterable[tuple[int, int]]) -> Iterator[re.Match[bytes]]:
    for start, end in spans:
        yield from _TAG.finditer(xml, start, end)


def _element(path: tuple[str, ...], opening: re.Match[bytes], closing: re.Match[bytes]) -> Element:
    tail = closing.start() if closing is not opening else closing.end()
    return Element(path, opening[2] or b"", opening.start(), opening.end(), tail, closing.end())
