"""A part of a template as Jinja source, and the mistakes that show in its text and its elements.

docxtpl's `patch_xml` gathers tags that Word tore apart and lifts {%p %}, {%tr %}, {%tc %}, {%r %} out of what holds
them. What it would swallow in silence on the way is a problem here.
"""

import re
from collections.abc import Iterator

from docxtpl import DocxTemplate
from lxml import etree

from pipeline.office.word.package import W
from pipeline.office.word.problems import Kind, Problem

_P, _T, _TR, _TC = (W + name for name in ("p", "t", "tr", "tc"))
_TEXT_HOLDERS = ("w:t", "a:t", "m:t")
_MAKES_COLUMNS = ("{%tc ", "colspan", "{% hm %}")

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TOKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<(?:\{\{.*?\}\}|\{%.*?%\}|[^>])*>", re.DOTALL)
XML_TAG = re.compile(r"<[^>]*>")
_LOOSE_END = re.compile(r"\{[{%#]|[}%]\}")
_OPENING = re.compile(r"\{[{%]|%7B%7B", re.IGNORECASE)
_LIFTED = re.compile(r"^(\{[{%#])(p|tr|tc|r) ")
_STATEMENT = re.compile(r"\{%[-+]?\s*(\w+)")
_PARAGRAPH_START = re.compile(r"\n?(<w:p[ >])")
_CELL_START = re.compile(r"<w:tc[ >]")
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def has_tags(root: etree._Element) -> bool:
    """Tell whether a part has a tag, or a piece of one, in its text or its attributes."""
    xml = etree.tostring(root, encoding="unicode")
    return _LOOSE_END.search(XML_TAG.sub("", xml)) is not None or _OPENING.search(xml) is not None


def makes_columns(root: etree._Element) -> bool:
    """Tell whether a part makes table cells, so that the grids of its tables must be fitted to them."""
    return any(sign in text for text in texts(root) for sign in _MAKES_COLUMNS)


def texts(root: etree._Element) -> Iterator[str]:
    """Give the text of each paragraph."""
    return (_own_text(paragraph) for paragraph in root.iter(_P))


def left_over(text: str) -> str:
    """Give the first opening of a tag in XML or text where nothing will be filled in, or an empty string."""
    found = _OPENING.search(XML_TAG.sub("", text)) or _OPENING.search(text)
    return text[found.start() : found.end()] if found else ""


def shape_problems(part: str, root: etree._Element) -> Iterator[Problem]:
    """Find tags that are not closed in their paragraph, or share it with what would vanish."""
    for paragraph in root.iter(_P):
        text = _own_text(paragraph)
        if loose := _LOOSE_END.search(_TAG.sub("", text)):
            yield Problem("unclosed", loose.group(), part=part, detail=text)
        for tag in _TAG.findall(text):
            if not _stands_alone(tag, paragraph):
                yield Problem("crowded", tag, part=part, detail=text)


def _own_text(paragraph: etree._Element) -> str:
    """The text of a paragraph without that of text boxes anchored in it."""
    return "".join(node.text or "" for node in paragraph.iter(_T) if next(node.iterancestors(_P)) is paragraph)


def _stands_alone(tag: str, paragraph: etree._Element) -> bool:
    lifted = _LIFTED.match(tag)
    if lifted is None or lifted[2] == "r":
        return True
    holder = paragraph if lifted[2] == "p" else next(paragraph.iterancestors(_TR if lifted[2] == "tr" else _TC), None)
    return holder is not None and "".join(node.text or "" for node in holder.iter(_T)).strip() == tag


def single_tags(text: str) -> Iterator[tuple[str, str]]:
    """Give each tag of a paragraph as it was typed and as plain Jinja."""
    return ((tag, _LIFTED.sub(r"\1 ", tag.translate(_STRAIGHT))) for tag in _TAG.findall(text))


def statement_of(tag: str) -> str:
    """Give the first word of a statement («if»), or an empty string for any other tag."""
    found = _STATEMENT.match(tag)
    return found[1] if found else ""


def patched(root: etree._Element) -> str:
    """Give a part as Jinja source: patched by docxtpl, and «&» in tags unescaped (docxtpl leaves it as «&amp;»)."""
    for paragraph in list(root.iter(_P)):
        if (tag := _LIFTED.match(_own_text(paragraph).strip())) and tag[2] == "p":
            _keep_section(paragraph)
    xml: str = DocxTemplate("").patch_xml(etree.tostring(root, encoding="unicode"))
    return _TAG.sub(lambda tag: tag.group().replace("&amp;", "&"), xml)


def _keep_section(paragraph: etree._Element) -> None:
    """Move the section that a paragraph ends into a paragraph of its own, before its tag is lifted out with it.

    LibreOffice hangs a section's break on whatever paragraph comes last; the page would lose its size and turn.
    """
    section = paragraph.find(f"{W}pPr/{W}sectPr")
    if section is None:
        return
    ending = etree.Element(_P)
    properties = etree.SubElement(ending, f"{W}pPr")
    spacing = {"before": "0", "after": "0", "line": "20", "lineRule": "exact"}
    etree.SubElement(properties, f"{W}spacing", {W + name: value for name, value in spacing.items()})
    properties.append(section)
    paragraph.addnext(ending)


def structure_problems(part: str, source: str) -> Iterator[Problem]:
    """Find tags that cross a border of the document, and values printed outside of text.

    A block must end on the level of elements where it began, and in the same row of a table: then any branch may be
    taken and any loop may be empty.
    """
    elements: list[str] = []
    opened: list[tuple[str, ...]] = []
    for found in _TOKEN.finditer(source):
        token = found.group()
        if token.startswith("</"):
            if not elements or elements.pop().partition("#")[0] != token[2:-1].strip():
                yield Problem("torn", part=part)
                return
        elif token.startswith("<"):
            if not token.endswith("/>"):
                name = token[1:-1].split(maxsplit=1)[0]
                elements.append(f"{name}#{found.start()}" if name == "w:tr" else name)
        elif token.startswith("{{"):
            if elements[-1] not in _TEXT_HOLDERS:
                yield Problem("misplaced", token, part=part, detail=_paragraph_at(source, found.start()))
        elif crossed := _crossed(statement_of(token), tuple(elements), opened):
            yield Problem(crossed, token, part=part, detail=_paragraph_at(source, found.start()))


def _paragraph_at(source: str, at: int) -> str:
    """Give the text of the paragraph around a place in the source; nothing for a tag that was lifted out of its own."""
    start = max(source.rfind("<w:p>", 0, at), source.rfind("<w:p ", 0, at), 0)
    lifted = "</w:p>" in source[start:at]
    return "" if lifted else _visible(source[start : source.find("</w:p>", at)])


def _crossed(word: str, level: tuple[str, ...], opened: list[tuple[str, ...]]) -> Kind | None:
    """Tell which border of the document a statement crosses, if it does: of table rows, or another."""
    before = opened[-1] if opened else level
    if _keeps_level(word, level, opened):
        return None
    rows = ([name for name in one if name.startswith("w:tr#")] for one in (before, level))
    return "rows" if all(rows) else "torn"


def _keeps_level(word: str, level: tuple[str, ...], opened: list[tuple[str, ...]]) -> bool:
    if word in {"if", "for", "with"}:
        opened.append(level)
    elif word in {"else", "elif"}:
        return not opened or opened[-1] == level
    elif word.startswith("end"):
        return not opened or opened.pop() == level
    return True


def lined(source: str) -> str:
    """Put each paragraph of the source on a line of its own, so that a line number tells the paragraph."""
    return _PARAGRAPH_START.sub(r"\n\1", source).replace("</w:p>", "</w:p>\n")


def unlined(piece: str) -> str:
    """Take back out of a piece of source the line ends that `lined` put in."""
    return _PARAGRAPH_START.sub(r"\1", piece.replace("</w:p>\n", "</w:p>"))


def visible_lines(source: str) -> tuple[str, ...]:
    """Give the text of each line of lined source, as the secretary sees it in the template."""
    return tuple(_visible(line) for line in source.split("\n"))


def _visible(line: str) -> str:
    text = _TOKEN.sub(lambda token: "" if token.group().startswith("<") else token.group(), line)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def lines_in_cells(source: str) -> frozenset[int]:
    """Give the numbers (from 1) of the lines of lined source that begin inside a cell of a table."""
    depth, found = 0, set()
    for number, line in enumerate(source.split("\n"), 1):
        if depth > 0:
            found.add(number)
        depth += len(_CELL_START.findall(line)) - line.count("</w:tc>")
    return frozenset(found)
