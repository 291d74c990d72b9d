"""Which of a workbook's sheets are forms of ours, and which ones.

By the hidden mark; where no sheet bears a mark, by the captions that one form has and no other.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline import fields
from pipeline.catalog import Catalog, Field, Form
from pipeline.intake import form_sheet, marks
from pipeline.office.sheets_read import Sheet

ENOUGH = 0.7
"""The share of a form's own captions that must be on a sheet that lost its mark."""

_LONGEST_CAPTION = 300


def recognise(sheets: Sequence[Sheet], catalog: Catalog) -> list[tuple[Form, Sheet]]:
    """Pair every sheet that is a form with it; an empty list when the workbook is none of ours."""
    marked = [(catalog.forms[mark.name], sheet) for sheet in sheets if (mark := _mark(sheet, catalog))]
    if marked:
        return marked
    guessed = ((_by_captions(sheet, catalog), sheet) for sheet in sheets)
    return [(form, sheet) for form, sheet in guessed if form]


def rows_of(one: Field) -> list[tuple[str, str]]:
    """Return key and caption of every row that a field is laid out in."""
    if one.kind == "choices":
        return [(form_sheet.row_key(one, option), option) for option in one.options]
    return [(form_sheet.row_key(one), one.caption)]


def fold(text: str) -> str:
    """Return a caption for comparing: spaces, case, ё/е, a trailing asterisk or colon aside."""
    return fields.fold(text).rstrip(" *:.?") if len(text) <= _LONGEST_CAPTION else ""


def _mark(sheet: Sheet, catalog: Catalog) -> marks.FormMark | None:
    for row in sheet.rows:
        for value in row:
            if isinstance(value, str) and (mark := marks.read_form(value)) and mark.name in catalog.forms:
                return mark
    return None


def _by_captions(sheet: Sheet, catalog: Catalog) -> Form | None:
    """Return the one form of which the sheet shows enough of the captions that no other form has."""
    shown = {fold(value) for row in sheet.rows for value in row if isinstance(value, str)}
    own = _own_captions(catalog)
    likely = [name for name, captions in own.items() if len(captions & shown) >= ENOUGH * len(captions) > 0]
    return catalog.forms[likely[0]] if len(likely) == 1 else None


def _own_captions(catalog: Catalog) -> dict[str, set[str]]:
    """Return what stands on each form and on no other, title included."""
    every = {
        name: {fold(form.title), *(fold(caption) for one in form.fields for _, caption in rows_of(one))}
        for name, form in catalog.forms.items()
    }
    return {
        name: captions.difference(*(others for other, others in every.items() if other != name))
        for name, captions in every.items()
    }
