"""A workbook that came back → which form it is, its answers, and every mistake in it at once.

What cannot be read is a mistake and never looks like blank; one mistake hides no other.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline import fields
from pipeline.catalog import Catalog, Field, Form, Layout
from pipeline.fields import Unreadable
from pipeline.intake import checks, form_sheet, marks, places, recognition
from pipeline.intake.places import Cell, Found
from pipeline.model import DELIBERATELY_EMPTY, SEPARATOR
from pipeline.office.sheets_read import ErrorCell, Sheet
from pipeline.wording import answers as say_answers
from pipeline.wording import intake as say

_DASHES = frozenset("-‐‑‒–—−")


@dataclass(frozen=True)
class Mistake:
    """One thing to mend.

    ``cell`` is its address («C12», ``""`` for the form as a whole), ``caption`` the question, ``found`` what stands
    there, ``wanted`` a phrase saying what is wanted, ``key`` the hidden key of its row.
    """

    cell: str
    caption: str
    found: str
    wanted: str
    key: str = ""

    @property
    def sentence(self) -> str:
        """The whole sentence: where, what was found, what to do."""
        return say.mistake(self.cell, self.caption, self.found, self.wanted)


@dataclass(frozen=True)
class Reading:
    """What was read of a workbook.

    ``form`` is ``None`` when it is no form of ours. ``answers`` maps every ``sheet.column`` of the form to canonical
    text (``""`` when left blank or unreadable), with the cells that the form itself fixes; ``cells`` maps a field's key
    to the address of its answer, ``rows`` a row's hidden key to its cell as it was found; ``sheet`` names the sheet
    read; ``blank`` says that nothing at all is filled in; ``round`` is the beginning of the hash of the form that this
    one was sent back for, ``""`` when it never was.
    """

    form: Form | None
    answers: Mapping[str, str] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Cell] = field(default_factory=dict)
    sheet: str = ""
    blank: bool = False
    round: str = ""


def read(sheets: Sequence[Sheet], catalog: Catalog, today: date) -> Reading:
    """Recognise a form among the sheets of a workbook and read it; ``today`` decides which ages are believed."""
    found = recognition.recognise(sheets, catalog)
    readings = [_Desk(form, sheet, catalog.layout, today).read() for form, sheet in found]
    if not readings:
        return Reading(None)
    filled = [reading for reading in readings if not reading.blank]
    if not filled:
        return readings[0]
    if any((one.form, one.answers) != (filled[0].form, filled[0].answers) for one in filled):
        extra = Mistake("", "", "", say.two_forms([reading.sheet for reading in filled]))
        return replace(filled[0], mistakes=(extra, *filled[0].mistakes))
    return filled[0]


class _Refused(Exception):
    """An answer is a mistake; carries it."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.wanted)
        self.mistake = mistake


class _Desk:
    """Reads one sheet as one form."""

    def __init__(self, form: Form, sheet: Sheet, layout: Layout, today: date) -> None:
        self.form = form
        self.sheet = sheet
        self.layout = layout
        self.today = today
        self.places = places.find(form, sheet)
        self.rows: dict[str, Cell] = {}
        self.cells: dict[str, str] = {}
        self.answers: dict[str, str] = {f"{form.sheet}.{key}": value for key, value in form.sets.items()}
        self.mistakes: list[Mistake] = []

    def read(self) -> Reading:
        """Read every answer; a form without a single one is blank."""
        for one in self.form.fields:
            self._take(one)
        self._add_contradictions()
        given = {form_sheet.row_key(one) for one in self.form.fields if one.key in self.form.prefilled}
        blank = all(places.is_blank(cell.value) for key, cell in self.rows.items() if key not in given)
        return Reading(
            form=self.form,
            answers=self.answers,
            mistakes=(_NOTHING_FILLED,) if blank else tuple(sorted(self.mistakes, key=_place)),
            cells=self.cells,
            rows=self.rows,
            sheet=self.sheet.name,
            blank=blank,
            round=next((found for row in self.sheet.rows for found in map(_round, row) if found), ""),
        )

    def _take(self, one: Field) -> None:
        try:
            self.answers[one.column] = self._choices(one) if one.kind == "choices" else self._single(one)
        except _Refused as refused:
            self.mistakes.append(refused.mistake)
            self.answers[one.column] = ""

    def _single(self, one: Field) -> str:
        key = form_sheet.row_key(one)
        cell = self._look(one, one.caption, key)
        if cell is None:
            if one.required:
                raise _Refused(Mistake("", one.caption, "", say.want_question(), key))
            return ""
        value = _judge(cell, one.caption, key, lambda found: self._understand(one, found))
        if not value and one.required:
            raise _Refused(Mistake(cell.address, one.caption, _quote(cell.value), say.want_answer(), key))
        return value

    def _look(self, one: Field, caption: str, key: str) -> Cell | None:
        """Return the cell of a row key, ``None`` when no row asks it; two different answers are a mistake."""
        cells = self.places.get(key, ())
        written = [cell for cell in cells if not places.is_blank(cell.value)]
        if not cells:
            return None
        found = written[0] if written else cells[0]
        self.rows[key] = found
        self.cells.setdefault(one.key, found.address)
        other = next((cell for cell in written if cell.value != found.value), None)
        if other:
            raise _Refused(Mistake(other.address, caption, _quote(other.value), say.want_one_answer(), key))
        return found

    def _understand(self, one: Field, value: Found) -> str:
        """Read one cell as the answer to a field; a dash is «none» where the field knows such a word, else blank."""
        if isinstance(value, str) and _says_none(one, value.strip()):
            return DELIBERATELY_EMPTY if one.none_words else ""
        read = fields.read(one.kind, _readable(value), one.options)
        return self._check(one, read) if read else ""

    def _check(self, one: Field, value: str) -> str:
        if one.kind == "number":
            _check_range(one, float(value))
        elif one.kind == "date":
            checks.check_day(value, self.today)
        elif one.kind == "ref":
            _check_code(one, value, self.layout)
        elif one.kind == "text":
            value = " ".join(value.split())
        if one.kind in {"text", "long"} and len(value) > one.longest:
            raise Unreadable(say.want_shorter(one.longest, len(value)))
        return checks.check(one.column, value, self.today)

    def _choices(self, one: Field) -> str:
        """Read the rows of a question with several answers: those marked «да», in the order of the form."""
        before = len(self.mistakes)
        shown = self._options(one)
        chosen = [option for option in shown if self._is_chosen(one, option)]
        if one.required and not chosen and len(self.mistakes) == before:
            first = form_sheet.row_key(one, shown[0]) if shown else form_sheet.row_key(one)
            wanted = say.want_yes() if shown else say.want_question()
            raise _Refused(Mistake(self.cells.get(one.key, ""), one.caption, "", wanted, first))
        return SEPARATOR.join(chosen)

    def _options(self, one: Field) -> list[str]:
        """Return the options that the sheet shows, in the order of the form, then those the form knows no more."""
        known = [option for option in one.options if form_sheet.row_key(one, option) in self.places]
        own = form_sheet.row_key(one)
        shown = (marks.read_row(key) for key in self.places if key.startswith(own))
        return known + [mark.option for mark in shown if mark and mark.key == one.key and mark.option not in known]

    def _is_chosen(self, one: Field, option: str) -> bool:
        key = form_sheet.row_key(one, option)
        try:
            cell = self._look(one, option, key)
            return bool(cell and _judge(cell, option, key, lambda found: _chosen(one, option, found)))
        except _Refused as refused:
            self.mistakes.append(refused.mistake)
            return False

    def _add_contradictions(self) -> None:
        """Add what single answers cannot show: answers that do not go together."""
        told = checks.contradictions(self.answers)
        for one in self.form.fields:
            if one.column in told:
                key = form_sheet.row_key(one)
                found = self.answers[one.column]
                self.mistakes.append(Mistake(self.cells[one.key], one.caption, found, told[one.column], key))


def _round(value: Found) -> str:
    return marks.read_round(value) if isinstance(value, str) else ""


def _judge(cell: Cell, caption: str, key: str, understand: Callable[[Found], str]) -> str:
    """Understand a cell; what it cannot be understood as becomes a mistake with its place."""
    try:
        return understand(cell.value)
    except Unreadable as wanted:
        raise _Refused(Mistake(cell.address, caption, _quote(cell.value), str(wanted), key)) from wanted


def _says_none(one: Field, text: str) -> bool:
    return text in _DASHES or any(fields.fold(word) == fields.fold(text) for word in one.none_words)


def _readable(value: Found) -> fields.CellValue:
    if isinstance(value, ErrorCell):
        raise Unreadable(say.want_fresh())
    return value


def _chosen(one: Field, option: str, value: Found) -> str:
    """Return «да» when a row of a question with several answers is marked, ``""`` when it is not."""
    if fields.read("choice", _readable(value), form_sheet.YES_NO) != say_answers.YES:
        return ""
    if option not in one.options:
        raise Unreadable(say.want_known_option())
    return say_answers.YES


def _check_range(one: Field, number: float) -> None:
    least = -math.inf if one.least is None else one.least
    most = math.inf if one.most is None else one.most
    if not least <= number <= most:
        raise Unreadable(say.want_range(one.least, one.most))


def _check_code(one: Field, value: str, layout: Layout) -> None:
    """Refuse what is no code of the sheet that the field's column refers to, or belongs to when it is the code."""
    key, _, name = one.column.partition(".")
    sheet = layout.sheet(key)
    refers = {column.key: column.ref for column in sheet.columns}.get(name)
    wanted = layout.sheet(refers).prefix if refers else sheet.prefix
    if not re.fullmatch(rf"{wanted}-\d{{4,}}", value):
        raise Unreadable(say.want_code(f"{wanted}-0001"))


def _quote(value: Found) -> str:
    """Return what a cell holds as its sender sees it."""
    if isinstance(value, ErrorCell):
        return value.text
    if isinstance(value, date):
        return say.show_day(value)
    return fields.read("text", value)


def _place(mistake: Mistake) -> int:
    """Sort mistakes down the sheet, those without a cell last."""
    number = mistake.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(number) if number else sys.maxsize


_NOTHING_FILLED = Mistake("", "", "", say.blank_form())
