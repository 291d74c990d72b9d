"""From which earlier save did a save grow? While the workbook is open nothing is written, so many may bear one stamp.

They are later saves of one session, or copies that other people made of the same revision. A save grew from the newest
earlier one of whose own changes something still stands in it; what the saves after that one changed, its writer has
not seen. Saves are kept as what each changed against the one it grew from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.model import Cells, Changed, Taken
from pipeline.register.workbook import Place, Theirs, View, said


@dataclass(frozen=True)
class Parent:
    """What a save grew from: an earlier save (by its hash), or the revision (``sha`` is then ``""``).

    ``view`` is what it said, ``places`` where rows without a code stood in it; ``later`` is what the saves changed that
    were taken after it, the oldest first.
    """

    view: View
    sha: str = ""
    places: Mapping[Place, str] = field(default_factory=dict)
    later: Sequence[Changed] = ()


def parent(revision: View, theirs: Theirs, saves: Sequence[Taken]) -> Parent:
    """Return what a save grew from; ``saves`` are the earlier ones that bear the same stamp, the oldest first."""
    found = next((n for n in reversed(range(len(saves))) if _stands(revision, theirs, saves[n])), -1)
    later = [one.changed for one in saves[found + 1 :]]
    if found < 0:
        return Parent(revision, later=later)
    by_sha = {one.sha: one for one in saves}
    line = [saves[found]]
    while line[-1].parent:
        line.append(by_sha[line[-1].parent])
    view = revision
    for one in reversed(line):
        view = _after(view, one.changed)
    return Parent(view, saves[found].sha, saves[found].places, later)


def changed(before: View, after: View) -> Changed:
    """Return what a workbook that says ``after`` changed against ``before``: cells of rows, ``None`` for a row gone."""
    found: dict[str, dict[str, Cells | None]] = {}
    for sheet in before.keys() | after.keys():
        was, now = before.get(sheet, {}), after.get(sheet, {})
        rows: dict[str, Cells | None] = {code: None for code in was if was[code] and code not in now}
        for code, cells in now.items():
            earlier = was.get(code, {})
            if cells != earlier:
                keys = cells.keys() | earlier.keys()
                rows[code] = {key: cells.get(key, "") for key in keys if cells.get(key) != earlier.get(key)}
        if rows:
            found[sheet] = rows
    return found


def _after(view: View, change: Changed) -> View:
    """Return what a view says once a change has been made to it."""
    found = dict(view)
    for sheet, rows in change.items():
        told = {code: cells for code, cells in view.get(sheet, {}).items() if rows.get(code, {}) is not None}
        for code, cells in rows.items():
            if cells is not None:
                both = {**told.get(code, {}), **cells}
                told[code] = {key: text for key, text in both.items() if text}
        found[sheet] = told
    return found


def _stands(revision: View, theirs: Theirs, save: Taken) -> bool:
    """Tell whether something that a save changed still stands, and would not stand in the revision itself."""
    now = said(theirs, save.places)
    for sheet, rows in save.changed.items():
        if sheet not in theirs.tables:
            continue
        first, seen = revision.get(sheet, {}), now.get(sheet, {})
        for code, cells in rows.items():
            if cells is None:
                if first.get(code) and code not in seen:
                    return True
            elif code in save.places.values():
                if _says(cells, seen.get(code, {})) or any(line.cells == cells for line in theirs.tables[sheet].lines):
                    return True
            elif code in seen and any(
                seen[code].get(key, "") == text != first.get(code, {}).get(key, "") for key, text in cells.items()
            ):
                return True
    return False


def _says(cells: Cells, row: Cells) -> bool:
    """Tell whether a row that is known only by its place says all of what was written into it."""
    return all(row.get(key, "") == text for key, text in cells.items())
