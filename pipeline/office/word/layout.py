"""A template laid out as its settings say: margins of pages, the font, what styles look like.

Done to a template once, so that a document costs nothing more for it. What stands at a margin or in the middle between
two (tabs, tables over the whole width) moves with the margins. A template that looks so already keeps its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from pipeline.catalog import Look, Pages, StyleRule
from pipeline.office.word import package
from pipeline.office.word.package import W
from pipeline.wording.vocabulary import BUILT_IN_STYLES

_STYLES = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
_TWIPS_A_POINT, _TWIPS_A_LINE = 20, 240
_TWIPS_A_MM = 1440 / 25.4
_NEAR = 1.5
"""Lengths that differ by less (in twips, 1/20 of a point) differ by rounding alone."""
_LANGUAGE = "ru-RU"
_FONTS = ("ascii", "hAnsi", "eastAsia", "cs")

_TABLE_PARTS = ("tblPr", "trPr", "tcPr", "tblStylePr")
_AFTER_SPACING = ("ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc")
_AFTER_JC = ("textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr")
_AFTER_LANG = ("eastAsianLayout", "specVanish", "oMath")
_BEFORE_LANG = ("highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em")
_AFTER_SIZES = (*_BEFORE_LANG, "lang", *_AFTER_LANG)
_AFTER_FONTS = (
    *("b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow", "emboss", "imprint"),
    *("noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern", "position", "sz", "szCs"),
    *_AFTER_SIZES,
)
_FOLLOWERS = {
    "pPr": ("rPr", *_TABLE_PARTS),
    "rPr": _TABLE_PARTS,
    "spacing": (*_AFTER_SPACING, *_AFTER_JC),
    "ind": (*_AFTER_SPACING[1:], *_AFTER_JC),
    "jc": _AFTER_JC,
    "rFonts": _AFTER_FONTS,
    "sz": ("szCs", *_AFTER_SIZES),
    "szCs": _AFTER_SIZES,
    "lang": _AFTER_LANG,
}
"""What may stand after each element in what holds it: the schema wants an order."""

Widths = Mapping[int, int]
"""The widths of the text of pages in twips, before and after."""


def laid_out(data: bytes, look: Look) -> bytes:
    """Return the DOCX template ``data`` laid out as ``look`` says; raises ``NotDocx`` for what is no Word document."""
    members = package.read_members(data)
    roots = dict(package.stories(members))
    styles = package.named_by_type(members, _STYLES)
    if styles:
        roots[styles] = package.parse(members[styles])
    before = {name: _xml(root) for name, root in roots.items()}
    widths = _turn_pages(next(root for root in roots.values() if root.tag == W + "document"), look.pages)
    if styles:
        _restyle(roots[styles], look)
    for root in roots.values():
        _move(root, widths)
    changed = {name: xml for name, root in roots.items() if (xml := _xml(root)) != before[name]}
    return _packed(members | changed) if changed else data


def style_names(data: bytes) -> frozenset[str]:
    """Return the names of the paragraph styles of a DOCX document, as ``style_name`` gives them; raises ``NotDocx``."""
    members = package.read_members(data)
    styles = package.named_by_type(members, _STYLES)
    root = package.parse(members[styles]) if styles else None
    return frozenset(name.casefold() for name, _ in _paragraph_styles(root)) if root is not None else frozenset()


def style_name(name: str) -> str:
    """Return the name that a file has for the style that Word shows as ``name``, in small letters."""
    return BUILT_IN_STYLES.get(name.casefold(), name.casefold())


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _packed(members: Mapping[str, bytes]) -> bytes:
    return package.assemble([package.pack(name, content) for name, content in members.items()])


# --- pages -----------------------------------------------------------------------------------------------------------


def _turn_pages(document: etree._Element, pages: Pages) -> Widths:
    """Set the margins of every section; return how the widths of text changed by that."""
    widths: dict[int, int] = {}
    for section in document.iter(W + "sectPr"):
        size, margins = section.find(W + "pgSz"), section.find(W + "pgMar")
        if size is None or margins is None:
            continue
        width, height = _number(size, "w"), _number(size, "h")
        was = width - _number(margins, "left") - _number(margins, "right")
        for side, distance in pages.landscape if width > height else pages.portrait:
            _set(margins, side, distance, _TWIPS_A_MM)
        now = width - _number(margins, "left") - _number(margins, "right")
        widths |= {was: now} if now != was else {}
    return widths


def _move(root: etree._Element, widths: Widths) -> None:
    """Move tabs at the right margin and in the middle; widen or narrow tables over the whole width."""
    for tab in root.iter(W + "tab"):
        place = _number(tab, "pos")
        for parts in (1, 2):
            if (moved := _new(place * parts, widths)) is not None:
                tab.set(W + "pos", str(moved // parts))
    for table in root.iter(W + "tbl"):
        whole = sum(_number(column, "w") for column in table.iter(W + "gridCol"))
        if (moved := _new(whole, widths)) is not None:
            _stretch(table, moved / whole)


def _new(width: int, widths: Widths) -> int | None:
    return next((new for old, new in widths.items() if abs(width - old) <= 2 * _NEAR), None)


def _stretch(table: etree._Element, times: float) -> None:
    for name in ("tblW", "gridCol", "tcW"):
        for one in table.iter(W + name):
            if one.get(W + "type", "dxa") == "dxa":
                one.set(W + "w", str(round(_number(one, "w") * times)))


# --- styles ----------------------------------------------------------------------------------------------------------


def _restyle(styles: etree._Element, look: Look) -> None:
    """Set the font, size and language of all text, then what the styles with rules look like."""
    defaults = _first(_first(_first(styles, "docDefaults"), "rPrDefault"), "rPr")
    _set_text(defaults, look.font, look.size)
    _child(defaults, "lang").set(W + "val", _LANGUAGE)
    rules = {style_name(name): rule for name, rule in look.styles.items()}
    for name, style in _paragraph_styles(styles):
        if style.get(W + "default") == "1":
            _forget_text(style, look)
        if rule := rules.get(name.casefold()):
            _set_paragraph(style, rule)
            if rule.font or rule.size is not None:
                _set_text(_child(style, "rPr"), rule.font, rule.size)


def _paragraph_styles(styles: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    for style in styles.iter(W + "style"):
        name = style.find(W + "name")
        if name is not None and style.get(W + "type") == "paragraph":
            yield name.get(W + "val", ""), style


def _forget_text(style: etree._Element, look: Look) -> None:
    """Take from the style of all text what it says of font and size itself, if the settings do."""
    text = style.find(W + "rPr")
    told = [*(("rFonts",) if look.font else ()), *(("sz", "szCs") if look.size is not None else ())]
    if text is not None:
        for own in [one for name in told for one in text.findall(W + name)]:
            text.remove(own)


def _set_text(properties: etree._Element, font: str, size: float | None) -> None:
    if font:
        fonts = _child(properties, "rFonts")
        if any(fonts.get(W + name) != font for name in _FONTS):
            fonts.attrib.clear()
            fonts.attrib.update({W + name: font for name in _FONTS})
    if size is not None:
        for name in ("sz", "szCs"):
            _child(properties, name).set(W + "val", str(round(size * 2)))


def _set_paragraph(style: etree._Element, rule: StyleRule) -> None:
    if (rule.before, rule.after, rule.line) != (None, None, None):
        spacing = _child(_child(style, "pPr"), "spacing")
        _set(spacing, "before", rule.before, _TWIPS_A_POINT)
        _set(spacing, "after", rule.after, _TWIPS_A_POINT)
        _set(spacing, "line", rule.line, _TWIPS_A_LINE)
        if rule.line is not None:
            spacing.set(W + "lineRule", "auto")
    if (rule.first_line, rule.left, rule.right) != (None, None, None):
        indents = _child(_child(style, "pPr"), "ind")
        _set(indents, "left", rule.left, _TWIPS_A_MM)
        _set(indents, "right", rule.right, _TWIPS_A_MM)
        _set(indents, "firstLine", rule.first_line, _TWIPS_A_MM)
    if rule.align:
        _child(_child(style, "pPr"), "jc").set(W + "val", rule.align)


# --- elements --------------------------------------------------------------------------------------------------------


def _number(node: etree._Element, name: str) -> int:
    text = node.get(W + name, "")
    return int(text) if text.lstrip("-").isdecimal() else 0


def _set(node: etree._Element, name: str, amount: float | None, twips: float) -> None:
    """Set a length if it is told and differs by more than rounding."""
    if amount is not None and (W + name not in node.attrib or abs(_number(node, name) - amount * twips) > _NEAR):
        node.set(W + name, str(round(amount * twips)))


def _first(parent: etree._Element, name: str) -> etree._Element:
    """Return the child of this name, made as the first one where it is missing."""
    found = parent.find(W + name)
    if found is None:
        found = etree.Element(W + name)
        parent.insert(0, found)
    return found


def _child(parent: etree._Element, name: str) -> etree._Element:
    """Return the child of this name, made in the place that the schema wants where it is missing."""
    found = parent.find(W + name)
    if found is None:
        found = etree.Element(W + name)
        followers = {W + one for one in _FOLLOWERS[name]}
        at = next((at for at, one in enumerate(parent) if one.tag in followers), len(parent))
        parent.insert(at, found)
    return found
