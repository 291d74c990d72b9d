"""Signed paper that comes back as a scan: each sheet known by its code, cut out, kept; the rest is asked about.

A sheet is given away only by a code that this register printed. Pages that nobody can read wait in the archive with a
picture beside the register until the curator types their code; blank backsides are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import files
from pipeline.journal import Journal, Received
from pipeline.model import DELIBERATELY_EMPTY, Scan
from pipeline.office.scans_read import Page, Scanner, Unreadable
from pipeline.wording import scans as say
from pipeline.workspace import Workspace

_MOST_UNREAD = 20
"""Pages of one file that the curator is asked about at most."""


class Refused(Exception):
    """A scan that holds no sheet of ours; the message is the sentence for its sender."""

    def __init__(self, reason: str, *, deadly: bool = False) -> None:
        super().__init__(reason)
        self.deadly = deadly


@dataclass(frozen=True)
class Sorted:
    """The pages of a scan: those of each sheet by its code, those nobody could read, how many bear a code not ours."""

    sheets: dict[str, list[int]]
    unread: list[int]
    strangers: int


@dataclass(frozen=True)
class Desk:
    """Where a scan lies and where its sheets go: the file, its kind, what is known of it, the folder of the archive."""

    path: Path
    kind: str
    known: Received
    folder: Path


def sort(pages: Sequence[Page], printed: Collection[str]) -> Sorted:
    """Tell the pages of a scan apart; a page with two codes is one that a person must look at."""
    sheets: dict[str, list[int]] = {}
    for page in pages:
        if len(page.codes) == 1 and page.codes[0] in printed:
            sheets.setdefault(page.codes[0], []).append(page.number)
    strangers = sum(1 for page in pages if len(page.codes) == 1 and page.codes[0] not in printed)
    unread = [page.number for page in pages if len(page.codes) > 1 or not (page.codes or page.blank)]
    return Sorted(sheets, unread, strangers)


def refuse_foreign(pages: Sequence[Page], found: Sorted) -> None:
    """Raise ``Refused`` when a scan holds no sheet of ours and nothing that may be one."""
    if found.sheets:
        return
    if all(page.blank for page in pages):
        raise Refused(say.blank())
    if found.strangers and not found.unread:
        raise Refused(say.other_register())
    if all(page.foreign or page.digital for page in pages if page.number in found.unread):
        raise Refused(say.no_sheet())
    if len(found.unread) > _MOST_UNREAD:
        raise Refused(say.too_many_unread(len(found.unread)))


def take(space: Workspace, scanner: Scanner, desk: Desk, printed: Collection[str]) -> tuple[list[Scan], str]:
    """Cut a scan into sheets and keep them; return them and the sentence for the sender. Raises ``Refused``."""
    try:
        pages = scanner.look(desk.path, desk.kind)
        found = sort(pages, printed)
        refuse_foreign(pages, found)
        cut = [_keep(space, scanner, desk, numbers, token) for token, numbers in found.sheets.items()]
        cut += [_keep(space, scanner, desk, [number], "") for number in found.unread[:_MOST_UNREAD]]
    except Unreadable as problem:
        deadly = problem.reason in {"died", "hung"}
        raise Refused(say.unreadable(problem.reason), deadly=deadly) from problem
    return cut, say.taken(len(found.sheets), len(found.unread), found.strangers)


def _keep(space: Workspace, scanner: Scanner, desk: Desk, pages: Sequence[int], token: str) -> Scan:
    """Keep a sheet in the archive; of one whose code is not known, lay a picture beside the register."""
    key = f"{desk.known.sha}-{pages[0]}"
    target = desk.folder / f"{key}.pdf"
    files.keep_bytes(scanner.cut(desk.path, desk.kind, pages), target)
    if not token:
        files.replace(space.picture(key), scanner.show(desk.path, desk.kind, pages[0]))
    numbers = ", ".join(map(str, pages))
    return Scan(0, key, desk.known.name, numbers, desk.known.at.date(), space.relative(target), token)


def clear(space: Workspace, journal: Journal) -> None:
    """Take away the pictures of pages that are known now, and the pages that are none of ours."""
    scans = journal.scans()
    waiting = {space.picture(one.key) for one in scans if not one.token}
    if space.pictures.is_dir():
        _drop(path for path in space.pictures.glob("*-*.png") if path not in waiting)
    _drop(space.root / one.link for one in scans if one.token == DELIBERATELY_EMPTY)


def _drop(paths: Iterable[Path]) -> None:
    for path in list(paths):
        if path.is_file():
            files.drop(path)
