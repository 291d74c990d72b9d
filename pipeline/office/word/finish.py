"""The last hand on a rendered part: what Word would call damaged is mended, what is not well-formed is refused.

Most parts need nothing and keep the bytes Jinja made; only the strict parse is never left out.
"""

import re
from collections.abc import Collection, Iterator
from copy import deepcopy
from itertools import count, groupby
from typing import NamedTuple

from docxtpl import DocxTemplate
from lxml import etree

from pipeline.office.word import package, pictures
from pipeline.office.word.package import W
from pipeline.office.word.values import HYPHEN, LINE, MARK_OFF, MARK_ON, TAB

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CARRIERS = (MARK_ON, LINE, TAB, pictures.SIGN)
_CARRIER = re.compile(f"([{MARK_ON}{MARK_OFF}{LINE}{TAB}]|{pictures.PATTERN})")
_UNSEEN = (MARK_ON, MARK_OFF, pictures.SIGN)
_ELSEWHERE = {ord(LINE): " ", ord(TAB): " ", **dict.fromkeys(map(ord, _UNSEEN))}  # in attributes and formulas
_HYPHENATED = re.compile(f"<w:t(?: [^>]*)?>([^<]*{HYPHEN}[^<]*)</w:t>")
_DRAWING = re.compile(r'(<wp:docPr [^>]*?\bid=")\d+(")')
_FIRST_DRAWING = 1001
FIRST_PICTURE = 5001
_HOLLOW = (
    *(("</w:tcPr>", "</w:tc>"), ("<w:tcPr/>", "</w:tc>"), ("<w:tc>", "</w:tc>"), ("</w:tbl>", "</w:tc>")),
    *(("</w:tblGrid>", "</w:tbl>"), ("<w:tblGrid/>", "</w:tbl>")),
)
_DRAWN = "<wp:docPr "
_TBL, _TR, _TC, _P, _R, _RPR, _T = (W + name for name in ("tbl", "tr", "tc", "p", "r", "rPr", "t"))
_BARE_MARGIN = re.compile(r"<w:(?:hdr|ftr)(?: [^>]*)?(?:/>|></)")
_MARGINS = (W + "hdr", W + "ftr")
_PRESERVE = {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}
_AFTER_HIGHLIGHT = tuple(
    W + name
    for name in (
        *("u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout"),
        *("specVanish", "oMath", "rPrChange"),
    )
)


class Risks(NamedTuple):
    """What the renderings of a part may need: new grids of tables, a mend where one of `hollow` shows, numbers."""

    regrid: bool
    hollow: tuple[str, ...]
    drawings: bool


def risks(pieces: Collection[str], *, regrid: bool) -> Risks:
    """Tell the risks of a part that is made of these `pieces` between its tags.

    `regrid` fits the grids of tables to their cells (docxtpl's way, for templates that make columns).
    """

    def comes(before: str, after: str) -> bool:
        met = any(piece.endswith(before) for piece in pieces) and any(piece.startswith(after) for piece in pieces)
        return met or any(before + after in piece for piece in pieces)

    hollow = tuple(before + after for before, after in _HOLLOW if comes(before, after))
    return Risks(regrid, hollow, any(_DRAWN in piece for piece in pieces))


def finished(xml: str, risks: Risks, *, highlight: bool) -> tuple[bytes, dict[str, bytes]]:
    """Make the bytes of a part from `xml` as Jinja rendered it, and the pictures in it by the names of their files.

    With `highlight` marked text turns yellow, without it it is plain. Raises package.NotDocx if it is not well-formed.
    """
    if not highlight and MARK_ON in xml:
        xml = xml.replace(MARK_ON, "").replace(MARK_OFF, "")
    if risks.drawings:
        xml = numbered(xml)
    if HYPHEN in xml:
        xml = _HYPHENATED.sub(_unbroken, xml)
    data = (_DECLARATION + xml).encode()
    package.strict(data)
    if not (risks.regrid or _BARE_MARGIN.match(xml) or any(sign in xml for sign in (*_CARRIERS, *risks.hollow))):
        return data, {}
    root = DocxTemplate("").fix_tables(xml) if risks.regrid else etree.fromstring(data, _keeping())
    _fill_hollow(root)
    shown: dict[str, bytes] = {}
    _settle_runs(root, shown)
    return (_DECLARATION + etree.tostring(root, encoding="unicode").translate(_ELSEWHERE)).encode(), shown


def _unbroken(text: re.Match[str]) -> str:
    """Give a text with Word's own sign for each hyphen that no line may end at: not every font has the character."""
    pieces = (f'<w:t xml:space="preserve">{piece}</w:t>' for piece in text[1].split(HYPHEN))
    return "<w:noBreakHyphen/>".join(pieces)


def _keeping() -> etree.XMLParser:
    """Make a parser that keeps every blank."""
    return etree.XMLParser(resolve_entities=False, no_network=True)


def numbered(xml: str) -> str:
    """Number the drawings of the document (not of its margins) anew, so that a loop's differ: docxtpl's numbers."""
    if not xml.startswith("<w:document"):
        return xml
    numbers = count(_FIRST_DRAWING)
    return _DRAWING.sub(lambda found: f"{found[1]}{next(numbers)}{found[2]}", xml)


def renumbered(data: bytes, numbers: Iterator[int]) -> bytes:
    """Number the drawings of a part that got pictures, so that no two of all its document's parts are alike."""
    return _DRAWING.sub(lambda found: f"{found[1]}{next(numbers)}{found[2]}", data.decode()).encode()


def _fill_hollow(root: etree._Element) -> None:
    """Remove tables left without rows; give cells, headers and footers left without a paragraph an empty one."""
    for table in list(root.iter(_TBL)):
        parent = table.getparent()
        if parent is not None and table.find(_TR) is None:
            parent.remove(table)
    for cell in root.iter(_TC):
        if not len(cell) or cell[-1].tag != _P:
            etree.SubElement(cell, _P)
    if root.tag in _MARGINS and len(root) == 0:
        etree.SubElement(root, _P)


def _settle_runs(root: etree._Element, shown: dict[str, bytes]) -> None:
    """Turn the carriers inside runs into line breaks, tabs, pictures and highlighted runs; note the pictures."""
    runs = dict.fromkeys(text.getparent() for text in root.iter(_T) if _CARRIER.search(text.text or ""))
    for run in runs:
        parent = None if run is None else run.getparent()
        if run is not None and parent is not None and run.tag == _R:
            at = parent.index(run)
            parent[at : at + 1] = _split(run, shown)


def _split(run: etree._Element, shown: dict[str, bytes]) -> list[etree._Element]:
    properties = run.find(_RPR)
    pieces = [piece for child in run if child.tag != _RPR for piece in _pieces(child, shown)]
    return [
        _run_like(run, properties, lit, [node for _, node in group])
        for lit, group in groupby(pieces, key=lambda piece: piece[0])
    ] or [_run_like(run, properties, lit=False, content=[])]


def _pieces(child: etree._Element, shown: dict[str, bytes]) -> Iterator[tuple[bool, etree._Element]]:
    """Give the content of a run in order, each piece with whether it is to be highlighted."""
    if child.tag != _T:
        yield False, child
        return
    lit = False
    for token in _CARRIER.split(child.text or ""):
        if token in {MARK_ON, MARK_OFF}:
            lit = token == MARK_ON
        elif token in {LINE, TAB}:
            yield lit, etree.Element(W + ("br" if token == LINE else "tab"))
        elif token.startswith(pictures.SIGN):
            drawing, png = pictures.drawn(token, len(shown))
            shown[pictures.file_name(png)] = png
            yield lit, drawing
        elif token:
            yield lit, _text(token)


def _text(content: str) -> etree._Element:
    node = etree.Element(_T, _PRESERVE)
    node.text = content
    return node


def _run_like(
    run: etree._Element, properties: etree._Element | None, lit: bool, content: list[etree._Element]
) -> etree._Element:
    made = etree.Element(_R, {str(key): str(value) for key, value in run.attrib.items()})
    if properties is not None:
        made.append(deepcopy(properties))
    if lit:
        _highlight(made)
    made.extend(content)
    return made


def _highlight(run: etree._Element) -> None:
    properties = run.find(_RPR)
    if properties is None:
        properties = etree.SubElement(run, _RPR)
    for old in properties.findall(W + "highlight"):
        properties.remove(old)
    followers = [at for at, child in enumerate(properties) if child.tag in _AFTER_HIGHLIGHT]
    mark = etree.Element(W + "highlight", {W + "val": "yellow"})
    properties.insert(followers[0] if followers else len(properties), mark)
