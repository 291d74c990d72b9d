"""The skeleton of a workbook: which part is which sheet, which formats are dates, where the named cells lie.

Ordinary .xlsx only (ECMA-376 transitional): every other format is told apart and refused with a reason.
"""

import functools
import posixpath
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from pipeline.office.cells import archive as zips
from pipeline.office.cells import markup, values
from pipeline.office.cells.damage import Damaged, Reason

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "[Content_Types].xml"

_STRICT = "http://purl.oclc.org/"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CONTENT_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": None,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": Reason.TEMPLATE,
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": Reason.MACROS,
    "application/vnd.ms-excel.template.macroEnabled.main+xml": Reason.MACROS,
    "application/vnd.ms-excel.sheet.binary.macroEnabled.main": Reason.XLSB,
}
_BUILT_IN_DATES = frozenset(map(str, (*range(14, 23), *range(45, 48))))  # ECMA-376, 18.8.30
_PLACE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+)")

Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link of a part: its kind ("worksheet", "hyperlink", …) and the part, or outside address, it leads to."""

    kind: str
    target: str
    external: bool


@dataclass(frozen=True)
class Workbook:
    """An opened workbook: `sheets` maps titles to part names in their order, `places` named cells to where they lie.

    `links` are the relationships of its main part, `path`, by their id.
    """

    archive: zips.Archive
    path: str
    links: Mapping[str, Relationship]
    sheets: Mapping[str, str]
    places: Mapping[str, Place]
    date1904: bool

    def part(self, kind: str) -> str | None:
        """The name of the workbook's one part of a kind ("styles", "sharedStrings", "calcChain"), if it has one."""
        return next((r.target for r in self.links.values() if r.kind == kind), None)


def opened(data: bytes) -> Workbook:
    """Open the bytes of a workbook. Raises `Damaged` with the reason when it is not an ordinary, whole .xlsx."""
    _refuse_other_formats(data)
    archive = zips.opened(data)
    path = _main_part(archive)
    root = markup.parsed(zips.read(archive, path), path)
    refuse_strict(root, path)
    flag = root.find(f"{{{MAIN}}}workbookPr")
    date1904 = flag is not None and flag.get("date1904") in ("1", "true")
    links = related(archive, path)
    sheets = list(_sheets(archive, path, root, links))
    if len({title.casefold() for title, _ in sheets}) < len(sheets):
        raise Damaged(Reason.DUPLICATE_PART, "two sheets of one title")
    return Workbook(archive, path, links, dict(sheets), dict(_places(root)), date1904)


def refuse_strict(root: etree._Element, part: str) -> None:
    """Raise `Damaged` when a part speaks another dialect than ECMA-376 transitional: its cells would all look blank."""
    if not str(root.tag).startswith(f"{{{MAIN}}}"):
        raise Damaged(Reason.STRICT if _STRICT in str(root.tag) else Reason.BROKEN_XML, part)


def related(archive: zips.Archive, part: str) -> Mapping[str, Relationship]:
    """The relationships of a part ("" for the package) by their id; none when it has no list of them."""
    name = relationships_part(part)
    if name not in archive:
        return {}
    return dict(_relationships(markup.streamed(zips.pieces(archive, name), name), part))


def relationships_part(part: str) -> str:
    """The name of the part that lists another part's relationships."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")


@functools.lru_cache(maxsize=8)  # every sheet of a workbook asks
def date_styles(xml: bytes) -> frozenset[str]:
    """The style indices, as they are written in `s`, whose number format shows a date (part styles.xml)."""
    root = markup.parsed(xml, "styles")
    refuse_strict(root, "styles")
    own = {f.get("numFmtId"): f.get("formatCode") or "" for f in root.iter(f"{{{MAIN}}}numFmt")}
    found = enumerate(root.iterfind(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf"))
    return frozenset(str(index) for index, xf in found if is_date(xf.get("numFmtId") or "0", own))


def is_date(format_id: str, own: Mapping[str | None, str]) -> bool:
    """Whether a number format is one of dates: by its code among the workbook's own, else by the built-in ids."""
    if format_id in own:
        return values.is_date_format(own[format_id])
    return format_id in _BUILT_IN_DATES


def _refuse_other_formats(data: bytes) -> None:
    if not data:
        raise Damaged(Reason.EMPTY)
    if data.startswith(_OLE):
        raise Damaged(Reason.ENCRYPTED if "EncryptedPackage".encode("utf-16-le") in data else Reason.XLS)
    if not data.startswith(b"PK"):
        raise Damaged(Reason.NOT_A_WORKBOOK)


def _main_part(archive: zips.Archive) -> str:
    if "mimetype" in archive and b"opendocument.spreadsheet" in zips.read(archive, "mimetype"):
        raise Damaged(Reason.ODS)
    if TYPES not in archive:
        raise Damaged(Reason.NOT_A_WORKBOOK, TYPES)
    main = [r for r in related(archive, "").values() if r.kind == "officeDocument"]
    if len(main) != 1:
        raise Damaged(Reason.NOT_A_WORKBOOK, "_rels/.rels")
    if reason := _other_kind(archive, main[0].target):
        raise Damaged(reason, main[0].target)
    return main[0].target


def _other_kind(archive: zips.Archive, path: str) -> Reason | None:
    """What kind of workbook it is, if not an ordinary one."""
    if any(name.endswith("vbaproject.bin") for name in archive.members):
        return Reason.MACROS
    if any("/revisions/" in name for name in archive.members):
        return Reason.SHARED
    types = markup.parsed(zips.read(archive, TYPES), TYPES)
    own = [t for t in types if zips.key(t.get("PartName") or "") == zips.key(path)]
    own = own or [t for t in types if t.get("Extension") == path.rpartition(".")[2]]
    return _CONTENT_TYPES.get(own[0].get("ContentType") or "" if own else "", Reason.NOT_A_WORKBOOK)


def _relationships(items: Iterator[etree._Element], part: str) -> Iterator[tuple[str, Relationship]]:
    for item in items:
        if item.getparent() is None:
            continue
        target, external = item.get("Target") or "", item.get("TargetMode") == "External"
        kind = str(item.get("Type"))
        if kind.startswith(_STRICT) and kind.endswith("/officeDocument"):
            raise Damaged(Reason.STRICT)
        if not external:
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), unquote(target))).lstrip("/")
        yield str(item.get("Id")), Relationship(sys.intern(kind.rpartition("/")[2]), target, external)


def _sheets(
    archive: zips.Archive, path: str, root: etree._Element, links: Mapping[str, Relationship]
) -> Iterator[tuple[str, str]]:
    for sheet in root.iterfind(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet"):
        link = links.get(str(sheet.get(f"{{{RELATIONSHIPS}}}id")))
        if link is None or link.target not in archive:
            raise Damaged(Reason.MISSING_PART, path)
        if link.kind == "worksheet":
            yield str(sheet.get("name")), link.target


def _places(root: etree._Element) -> Iterator[tuple[str, Place]]:
    for name in root.iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName"):
        found = _PLACE.fullmatch(name.text or "")
        if found and name.get("localSheetId") is None:
            title = (found[1] or found[2]).replace("''", "'")
            yield str(name.get("name")), (title, int(found[4]), values.column_of(found[3]))
