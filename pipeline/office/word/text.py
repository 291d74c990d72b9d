"""What a person reads in a DOCX, as plain text: for tests, for comparing papers, for knowing our own again."""

from lxml import etree

from pipeline.office.word import package
from pipeline.office.word.package import W
from pipeline.office.word.values import HYPHEN

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_UNSEEN = (_COMPATIBILITY + "Fallback", W + "moveFrom", W + "del")  # said twice, moved away, deleted
_PIECES = {
    W + "br": "\n",
    W + "cr": "\n",
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "noBreakHyphen": "-",
}
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"


def text_of(data: bytes) -> str:
    """Give all visible text of a DOCX: a line a paragraph (and a line break), headers first, footers last.

    Text that Word would not show (hidden runs, deleted text, blanks that no `xml:space` keeps) is left out; a hyphen
    is a hyphen, whether a line may end at it or not.
    Raises NotDocx if `data` is no readable Word document.
    """
    return "\n".join(paragraphs_of(data))


def paragraphs_of(data: bytes) -> tuple[str, ...]:
    """Give the visible text of each paragraph of a DOCX, empty ones too, in reading order (see `text_of`)."""
    roots = package.stories(package.read_members(data)).values()
    return tuple(line for root in roots for line in _lines(root))


def _lines(root: etree._Element) -> list[str]:
    for unseen in list(root.iter(*_UNSEEN)):
        parent = unseen.getparent()
        if parent is not None:
            parent.remove(unseen)
    lines: dict[etree._Element, list[str]] = {paragraph: [] for paragraph in root.iter(W + "p")}
    hides = next(root.iter(W + "vanish"), None) is not None
    for node in root.iter(W + "t", _MATH + "t", *_PIECES):
        run = node.getparent()
        if run is None or not run.tag.endswith("}r") or (hides and _is_hidden(run)):  # a tab stop is no tab
            continue
        paragraph = run.getparent()
        if paragraph not in lines:  # in a link, or changed while changes are tracked
            paragraph = next(run.iterancestors(W + "p"), None)
        if paragraph is not None:
            lines[paragraph].append(_piece(node))
    return ["".join(line) for line in lines.values()]


def _is_hidden(run: etree._Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(W + "val") not in {"0", "false", "off"}


def _piece(node: etree._Element) -> str:
    if node.tag in _PIECES:
        return _PIECES[node.tag]
    text = (node.text or "").replace(HYPHEN, "-")
    return text if node.get(_PRESERVE) == "preserve" else text.strip(" \t\r\n")
