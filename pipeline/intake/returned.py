"""The form back to its sender: the cells to mend marked, a note on each, the list of mistakes on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline import fields, files
from pipeline.catalog import Catalog
from pipeline.intake import form_sheet, marks
from pipeline.intake.forms import Mistake, Reading
from pipeline.intake.places import Found
from pipeline.office import sheets_make, sheets_mark, sheets_read
from pipeline.office.sheets_mark import CellNote, Review
from pipeline.office.sheets_read import ErrorCell
from pipeline.wording import intake as say


def make(original: Path, kind: str, reading: Reading, catalog: Catalog, reader: sheets_read.Reader) -> bytes:
    """Return the workbook (.xlsx) to send back for a form read with mistakes; it bears the hash of what it grew from.

    ``original`` is the file as received, ``kind`` its format («xlsx», «xls», «ods»). An .xlsx comes back in its own
    look, marked by the child of ``reader``; any other, and one that cannot be marked, becomes our blank with the
    person's answers in it, right and wrong ones.
    """
    source = files.digest_of(original)
    if kind == "xlsx":
        try:
            return reader.mark(original, review(reading, source))
        except sheets_mark.CannotMark:
            return rebuild(reading, catalog, source)
    return rebuild(reading, catalog, source)


def rebuild(reading: Reading, catalog: Catalog, source: str = "") -> bytes:
    """Return our blank of the form read, with everything found in it and the mistakes marked."""
    assert reading.form is not None
    cells = {key: _kept(cell.value) for key, cell in reading.rows.items()}
    laid = form_sheet.lay(reading.form, catalog.organisation, cells)
    where = sheets_make.places(laid)
    mistakes = tuple(replace(mistake, cell=where.get(mistake.key, "")) for mistake in reading.mistakes)
    moved = replace(reading, mistakes=mistakes, rows={}, sheet=laid.names[0])
    return sheets_mark.mark(sheets_make.make_form(laid), review(moved, source))


def review(reading: Reading, source: str = "") -> Review:
    """Say what to mark for the mistakes of a reading; ``source`` is the hash of the file it was read from."""
    wrong = {mistake.cell for mistake in reading.mistakes}
    return Review(
        sheet=reading.sheet,
        notes=tuple(CellNote(one.cell, say.note(one.wanted)) for one in reading.mistakes if one.cell),
        right=tuple(cell.address for cell in reading.rows.values() if cell.address not in wrong),
        summary=summary(reading.mistakes),
        note_key=marks.NOTE,
        note_mark=marks.show_round(source),
        list_sheet=say.MISTAKE_SHEET,
        author=say.CHECKED_BY,
    )


def summary(mistakes: Sequence[Mistake]) -> str:
    """Return the list on top: a heading, then a line for each thing wanted, naming every cell that lacks it."""
    by_wanted: dict[str, list[tuple[str, str]]] = {}
    for mistake in mistakes:
        by_wanted.setdefault(mistake.wanted, []).append((mistake.cell, mistake.caption))
    lines = (say.mistake_line(wanted, places) for wanted, places in by_wanted.items())
    return "\n".join((say.mistakes_heading(len(mistakes)), *lines))


def _kept(value: Found) -> fields.CellValue:
    """Return what a person wrote as it may stand in a new workbook; an error is left out."""
    if isinstance(value, ErrorCell):
        return None
    return fields.tidy(value) if isinstance(value, str) else value
