"""A declared form → its workbook, empty or with answers written in; every question is laid out in one way here.

A question that takes several answers becomes one row an answer, each with a drop-down да/нет: nothing else lets a
person choose several in a spreadsheet on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline import fields
from pipeline.catalog import Field, Form, Organisation
from pipeline.intake import marks
from pipeline.model import DELIBERATELY_EMPTY, SEPARATOR
from pipeline.office import sheets_make
from pipeline.office.sheets_make import FormRow, FormSheet
from pipeline.wording import answers as say_answers
from pipeline.wording import intake as say

YES_NO = (say_answers.YES, say_answers.NO)

HINT_SIGN = "← "
"""Begins every hint on the sheet, so that a hint never passes for an answer."""

Shown = Mapping[str, fields.CellValue]
"""Row key (see ``row_key``) → what its answer cell holds."""

_KINDS: Mapping[str, sheets_make.Kind] = {"long": "long", "date": "date", "number": "number", "choice": "choice"}


def make(form: Form, organisation: Organisation, answers: Mapping[str, str] | None = None) -> bytes:
    """Make the workbook (.xlsx) of ``form``; ``answers`` maps ``sheet.column`` to canonical text written in beforehand.

    Answers that the form does not ask are left aside. Equal arguments make equal bytes.
    """
    return sheets_make.make_form(lay(form, organisation, shown(form, answers or {})))


def name(form: Form, answers: Mapping[str, str] | None = None) -> str:
    """Return the file name of a form («Анкета наставника.xlsx»), the prefilled answers quoted in it put in."""
    given = answers or {}
    return f"{form.file_name.format_map({one.key: given.get(one.column, '') for one in form.fields})}.xlsx"


def shown(form: Form, answers: Mapping[str, str]) -> dict[str, fields.CellValue]:
    """Turn canonical answers (by ``sheet.column``) into what the cells of the form hold (by row key)."""
    cells: dict[str, fields.CellValue] = {}
    for one in form.fields:
        value = answers.get(one.column, "")
        if one.kind == "choices":
            chosen = value.split(SEPARATOR)
            cells.update({row_key(one, option): say_answers.YES for option in one.options if option in chosen})
        elif value:
            cells[row_key(one)] = _cell(one, value)
    return cells


def _cell(one: Field, value: str) -> fields.CellValue:
    if one.none_words and value == DELIBERATELY_EMPTY:
        return one.none_words[0]
    digits = one.kind == "choice" and value.isascii() and value.isdigit()
    return fields.show("number" if digits else one.kind, value)


def row_key(one: Field, option: str = "") -> str:
    """Return the hidden key of a field's row, or of its row for one option."""
    return marks.show_row(marks.RowMark(one.key, option))


def lay(form: Form, organisation: Organisation, cells: Shown) -> FormSheet:
    """Lay a form out as plain rows, its answer cells holding ``cells`` (by row key)."""
    quoted = {key: value for key, value in organisation if isinstance(value, str)}
    return FormSheet(
        mark=marks.show_form(marks.FormMark(form.name, form.version)),
        note_key=marks.NOTE,
        title=form.title,
        instructions=tuple(line.format_map(quoted) for line in form.instructions),
        rows=tuple(row for one in form.fields for row in _rows(one, one.key in form.prefilled, cells)),
        names=(say.FORM_SHEET, say.LIST_SHEET),
        headings=(say.QUESTION, say.ANSWER, say.HINT),
        refusal_title=say.REFUSAL_TITLE,
    )


def _rows(one: Field, locked: bool, cells: Shown) -> list[FormRow]:
    if one.kind == "choices":
        return [_option_row(one, option, cells) for option in one.options]
    key = row_key(one)
    row = FormRow(
        key=key,
        caption=_starred(one),
        kind=_KINDS.get(one.kind, "text"),
        options=one.options,
        hint=f"{HINT_SIGN}{one.hint}" if one.hint else "",
        section=one.section,
        value=cells.get(key),
        locked=locked,
        refusal=_refusal(one),
        least=one.least,
        most=one.most,
        longest=one.longest,
    )
    return [row]


def _option_row(one: Field, option: str, cells: Shown) -> FormRow:
    key = row_key(one, option)
    return FormRow(
        key=key,
        caption=option,
        kind="choice",
        options=YES_NO,
        hint=f"{HINT_SIGN}{one.hint}" if one.hint and option == one.options[0] else "",
        section=one.section,
        group=_starred(one),
        value=cells.get(key),
        refusal=say_answers.want_option(YES_NO),
    )


def _starred(one: Field) -> str:
    """Return a caption as the sheet shows it: with an asterisk when an answer is required."""
    return f"{one.caption}\u00a0*" if one.required else one.caption


def _refusal(one: Field) -> str:
    """Say what a question wants, when a wrong answer is typed."""
    if one.kind == "choice":
        return say_answers.want_option(one.options)
    if one.kind == "date":
        return say_answers.want_date()
    if one.kind == "number":
        return say.want_range(one.least, one.most)
    return say.want_length(one.longest)
