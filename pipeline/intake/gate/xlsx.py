"""The rules for .xlsx: ordinary Open XML, bounded cells, nothing that runs or reaches out."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from pipeline.intake.gate import archive, bounds, markup
from pipeline.intake.gate.archive import Content, Part
from pipeline.intake.gate.verdict import Refused
from pipeline.wording import gate as say

_TYPES = "[content_types].xml"
_MACROS = re.compile(r"vbaproject|macroenabled|macrosheet|attachedtoolbars|customui/")
_MACRO_TYPES = re.compile(r"macroenabled|macrosheet|vbaproject")
_LINKS = re.compile(r"externallink|querytable|webextension|(?:^|[/\n])connections(?:\.xml)?(?=[\"'\n]|$)")
_EMBEDDED = re.compile(r"oleobject|activex|embeddings/|/package[\"']")
_RELATION = re.compile(r"<[\w.:-]*relationship\s[^<]*")
_EXTERNAL = re.compile(r"targetmode\s*=\s*[\"']\s*external")
_HYPERLINK = re.compile(r"type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_STRICT = b"purl.oclc.org/ooxml/spreadsheetml"

_CELL = re.compile(rb"<(?:(c|row)|[^\s<>/:!?]+:(c|row))(?=[\s/>])([^<]*)")
_ADDRESS = re.compile(rb"""[\s"']r\s*=\s*["'](?:([A-Za-z]{0,4})(\d{0,10})["']|(.))""", re.DOTALL)
"""Column and row of an address, or the beginning of anything else."""
_BLANK = re.compile(rb"""(?:\s+[\w.:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/>\s*""")
"""The rest of a tag without a content. Programs write such cells and rows down to the last row of a sheet."""
_NO_ADDRESS = [(b"", b"", b"")]
_FORMULA = re.compile(rb"<(?:[^\s<>/:!?]+:)?(?:f|definedName|formula[12]?)(?=[\s>])[^<]*")
_FORMULA_MARKS = (b"<f", b":f", b"efinedName")
_REACHES_OUT = re.compile(
    rb"[\w']\s*\|\s*[\w']|(?:\b|_)(?:DDE|WEBSERVICE|IMAGE|RTD|CALL|REGISTER|EXEC)\s*\(", re.IGNORECASE
)


def examine(data: bytes, directory: Mapping[str, Part]) -> None:
    """Raise ``Refused`` when this .xlsx must not be parsed. ``directory`` is that of ``data``."""
    _refuse_active(archive.names(directory))
    extent = bounds.Extent()
    for name, content in markup.parts(data, directory):
        if name.casefold().endswith(".rels"):
            _refuse_relations(markup.read_list(content))
        elif name.casefold() == _TYPES and _MACRO_TYPES.search(markup.read_list(content)):
            raise Refused(say.macros(), danger=True)
        if _STRICT in content[:4000]:
            raise Refused(say.strict())
        if b"sheetData" in content:  # the parser sees no cell before it
            _measure(content, extent)
        if _may_reach_out(content):
            markup.refuse_formulas(_FORMULA.findall(content), _REACHES_OUT)


def _may_reach_out(content: Content) -> bool:
    """Tell at a glance whether there can be a formula with a call or a bar in it, as the next look would find."""
    has_formula = any(mark in content for mark in _FORMULA_MARKS)
    return has_formula and any(mark in content for mark in (b"(", b"|", b"&#")) and markup.is_text(content)


def _refuse_active(text: str) -> None:
    for pattern, reason in ((_MACROS, say.macros), (_LINKS, say.linked), (_EMBEDDED, say.embedded)):
        if pattern.search(text):
            raise Refused(reason(), danger=True)


def _refuse_relations(text: str) -> None:
    """Refuse what runs or is fetched; a hyperlink, which waits for a click, may point outside."""
    others = "\n".join(relation for relation in _RELATION.findall(text) if not _HYPERLINK.search(relation))
    _refuse_active(others)
    if _EXTERNAL.search(others):
        raise Refused(say.linked(), danger=True)


def _measure(content: Content, extent: bounds.Extent) -> None:
    """Count the cells of a part as a parser places them: by every address they claim, else after the one before."""
    row = column = 0
    for found in _CELL.finditer(content):
        bare, prefixed, attributes = found.groups()
        is_row = (bare or prefixed) == b"row"
        row, column = (row + 1, 0) if is_row else (row, column + 1)
        for letters, digits, odd in _ADDRESS.findall(attributes) or _NO_ADDRESS:
            if odd:
                raise Refused(say.damaged())
            row = int(digits) if digits else row
            column = _number(letters) if letters else column
            if not is_row and not (bounds.is_far(row, column) and _BLANK.fullmatch(attributes)):
                extent.add(row, column)


@functools.lru_cache(maxsize=1024)
def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
