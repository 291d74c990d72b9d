"""The rules for .ods: repeats counted before they are laid out, no password, nothing that runs or reaches out.

An honest sheet ends in a million repeated blank rows; a parser drops those. What counts is how far a cell with a
content lies, with everything before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.intake.gate import archive, markup
from pipeline.intake.gate.archive import Content, Part
from pipeline.intake.gate.bounds import Extent
from pipeline.intake.gate.verdict import Refused
from pipeline.wording import gate as say

_MANIFEST = "META-INF/manifest.xml"
_MODULE = re.compile(r"^(?:basic/(?!.*script-l[bc]\.xml$)(?!.*dialog-l[bc]\.xml$).*[^/]|scripts/.*[^/])$", re.MULTILINE)
_MACRO = re.compile(rb"<script:event-listener[\s/>]|<office:script[\s>]|<presentation:event-listener[\s/>]")
_LINK = re.compile(
    rb"<(?:table:dde-link|office:dde-source|table:table-source|table:cell-range-source|draw:floating-frame"
    rb"|table:database-source-(?:sql|table|query))[\s/>]"
    rb"""|<(?:draw:(?:image|fill-image|object)|style:background-image|svg:font-face-uri)\s[^<]*?xlink:href\s*=\s*["']\s*(?:[a-z]+:|/|\.\./)"""
)
_EMBEDDED = re.compile(rb"<draw:(?:object-ole|plugin|applet)[\s/>]")
_NAMESPACE = re.compile(rb"""xmlns:?([^\s=]*)\s*=\s*["']([^"'<]*)["']""")
_PREFIXES = {
    b"urn:oasis:names:tc:opendocument:xmlns:office:1.0": b"office",
    b"urn:oasis:names:tc:opendocument:xmlns:table:1.0": b"table",
    b"urn:oasis:names:tc:opendocument:xmlns:text:1.0": b"text",
    b"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": b"draw",
    b"urn:oasis:names:tc:opendocument:xmlns:style:1.0": b"style",
    b"urn:oasis:names:tc:opendocument:xmlns:script:1.0": b"script",
    b"urn:oasis:names:tc:opendocument:xmlns:presentation:1.0": b"presentation",
    b"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0": b"svg",
    b"http://www.w3.org/1999/xlink": b"xlink",
}
"""How every program abbreviates what is looked for below; another abbreviation would hide it."""
_FORMULA = re.compile(rb"""table:formula\s*=\s*("[^"<]*"|'[^'<]*')""")
_REACHES_OUT = re.compile(rb"(?:\b|_)(?:DDE|WEBSERVICE|RTD|CALL|REGISTER)\s*\(|'file:|'https?:", re.IGNORECASE)

_TAG = re.compile(
    rb"<table:(table-row|table-cell|covered-table-cell|table)(?=[\s/>])([^<]*)"
    rb"(</table:(?:covered-)?table-cell\s*>)?"
)
_BLANK = re.compile(rb"""(?:\s+table:[\w-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*(/?)>\s*""")
_ROWS = re.compile(rb"""number-rows-repeated\s*=\s*["'](?:(\d{1,20})["']|(.))""", re.DOTALL)
_COLUMNS = re.compile(rb"""number-columns-repeated\s*=\s*["'](?:(\d{1,20})["']|(.))""", re.DOTALL)


def examine(data: bytes, directory: Mapping[str, Part]) -> None:
    """Raise ``Refused`` when this .ods must not be parsed. ``directory`` is that of ``data``."""
    _refuse_locked(data, directory)
    if _MODULE.search(archive.names(directory)):
        raise Refused(say.macros(), danger=True)
    for name, content in markup.parts(data, directory):
        if name.casefold().endswith(".xml"):
            _refuse_odd_prefixes(content)
        if markup.is_text(content):
            _refuse_active(content)
        if name == "content.xml":
            _measure(content)


def _refuse_locked(data: bytes, directory: Mapping[str, Part]) -> None:
    manifest = directory.get(_MANIFEST)
    if "encrypted-package" in directory or (manifest and b"encryption-data" in archive.unpack(data, manifest)):
        raise Refused(say.locked())


def _refuse_odd_prefixes(content: Content) -> None:
    for prefix, space in _NAMESPACE.findall(content):
        if b"&" in space or _PREFIXES.get(space, prefix) != prefix:
            raise Refused(say.forged(), danger=True)


def _refuse_active(content: Content) -> None:
    for pattern, reason in ((_MACRO, say.macros), (_LINK, say.linked), (_EMBEDDED, say.embedded)):
        if pattern.search(content):
            raise Refused(reason(), danger=True)
    if b"table:formula" not in content:
        return
    formulas = [formula[1:-1].replace(b"&apos;", b"'") for formula in _FORMULA.findall(content)]
    markup.refuse_formulas(formulas, _REACHES_OUT)


def _measure(content: Content) -> None:
    extent = Extent()
    row = rows = column = 0
    for found in _TAG.finditer(content):
        tag, attributes, closed = found.groups()
        if tag == b"table":
            row = rows = 0
        elif tag == b"table-row":
            row, rows, column = row + rows, _repeats(_ROWS, attributes), 0
        else:
            columns = _repeats(_COLUMNS, attributes)
            column += columns
            if not _is_blank(attributes, closed):
                extent.add(row + rows, column, rows * columns)


def _repeats(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    """Return how often a row or cell stands, the most should it say so twice; what is no plain number is damage."""
    if b"repeated" not in attributes:
        return 1
    found = pattern.findall(attributes)
    if any(odd for _, odd in found):
        raise Refused(say.damaged())
    return max((int(times) for times, _ in found), default=1)


def _is_blank(attributes: bytes, closed: bytes | None) -> bool:
    found = _BLANK.fullmatch(attributes)
    return bool(found and (found[1] or closed))
