"""What the tests of forms share: the shipped catalogue, good answers, workbooks changed as people change them."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from hypothesis import strategies as st

from pipeline import catalog, fields
from pipeline.catalog import Catalog, Field, Form
from pipeline.intake import checks, form_sheet
from pipeline.intake.forms import Reading
from pipeline.model import DELIBERATELY_EMPTY, SEPARATOR

Change = Callable[[openpyxl.Workbook], object]
"""Something that a person does to a workbook."""

Read = Callable[[bytes | Path], Reading]
"""Reads a workbook through the real child process and the real forms."""

HOUSE = Path(__file__).resolve().parents[2]
FORMS = sorted(path.parent.name for path in HOUSE.glob("templates/forms/*/form.yaml"))
TODAY = date(2026, 11, 22)
DATA = Path(__file__).resolve().parents[1] / "data" / "forms"

GOOD = {
    "people.surname": "Приходько",
    "people.name": "Алёна",
    "people.patronymic": "Фёдоровна",
    "people.sex": "ж",
    "people.birth": "1996-02-29",
    "people.phone": "+7 949 123-45-67",
    "people.email": "teacher@example.ru",
    "orders.code": "ПК-0007",
}


@functools.cache
def shipped() -> Catalog:
    """Return the shipped catalogue."""
    return catalog.load(HOUSE)


def good_answer(one: Field) -> str:
    """Return one good answer to any question."""
    if one.column in GOOD:
        return GOOD[one.column]
    if one.kind == "choices":
        return SEPARATOR.join(one.options[1:3])
    if one.kind == "choice":
        return one.options[-1]
    if one.kind == "number":
        return "2"
    return "2026-10-05" if one.kind == "date" else "обычный ответ"


def good_answers(form: Form) -> dict[str, str]:
    """Return good answers to every question of a form."""
    return {one.column: good_answer(one) for one in form.fields}


def filled(name: str, /, **changes: str) -> bytes:
    """Fill a shipped form with good answers; ``changes`` are other answers by field key."""
    form = shipped().forms[name]
    answers = good_answers(form)
    answers.update({one.column: changes[one.key] for one in form.fields if one.key in changes})
    return form_sheet.make(form, shipped().organisation, answers)


def typed(name: str, /, **cells: fields.CellValue) -> bytes:
    """Fill a shipped form with good answers, and type anything at all into the cells of some fields (by key)."""
    form = shipped().forms[name]

    def change(book: openpyxl.Workbook) -> None:
        keys = {form_sheet.row_key(one): cells[one.key] for one in form.fields if one.key in cells}
        for row in book.worksheets[0].iter_rows():
            if row[0].value in keys:
                row[2].value = keys[row[0].value]

    return changed(filled(name), change)


def changed(data: bytes, change: Change) -> bytes:
    """Change a workbook as a person would and save it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def lose_keys(book: openpyxl.Workbook) -> None:
    """Delete the hidden column."""
    page = book.worksheets[0]
    for merged in list(page.merged_cells.ranges):
        page.unmerge_cells(str(merged))
    page.delete_cols(1)


_LETTERS = st.text("абвгдежзийклмнопрстуфхцчшщъыьэюяё", min_size=2, max_size=12).map(str.capitalize)
_TEXT = (
    st.text("абвёяЖЩABz019 .,;:!?«»()\"'&<>=+@%№–-\n", min_size=1, max_size=60)
    .map(fields.tidy)
    .filter(lambda text: text and fields.fold(text) not in {"-", "–", DELIBERATELY_EMPTY})
)


def any_answer(one: Field) -> st.SearchStrategy[str]:
    """Return a strategy of every canonical answer that a question takes."""
    answer = _required_answer(one)
    return answer if one.required else answer | st.just("")


def _required_answer(one: Field) -> st.SearchStrategy[str]:
    if one.column in {"people.surname", "people.name"}:
        return _LETTERS.filter(lambda text: not checks.patronymic_sex(text))
    if one.column == "people.patronymic":
        return st.just(DELIBERATELY_EMPTY) | st.just("Али оглы") | st.just("Фёдоровна")
    if one.column == "people.birth":
        return st.dates(TODAY - timedelta(days=90 * 365), TODAY - timedelta(days=17 * 366)).map(date.isoformat)
    if one.column in GOOD and one.column != "people.sex":
        return st.just(GOOD[one.column])
    return _of_kind(one)


def _of_kind(one: Field) -> st.SearchStrategy[str]:
    if one.kind == "choice":
        return st.sampled_from(one.options)
    if one.kind == "choices":
        chosen = st.sets(st.sampled_from(one.options), min_size=1 if one.required else 0)
        return chosen.map(lambda some: SEPARATOR.join(option for option in one.options if option in some))
    if one.kind == "number":
        halves = st.integers(int((one.least or 0) * 2), int((one.most or 100) * 2))
        return halves.map(lambda half: f"{half / 2:g}")
    if one.kind == "date":
        return st.dates(date(2000, 1, 1), date(2030, 12, 31)).map(date.isoformat)
    fitting = _TEXT.filter(lambda text: len(text) <= one.longest)
    return fitting if one.kind == "long" else fitting.map(lambda text: " ".join(text.split()))


@st.composite
def any_answers(draw: st.DrawFn, form: Form) -> dict[str, str]:
    """Draw canonical answers to a whole form that do not contradict each other."""
    answers = {one.column: draw(any_answer(one)) for one in form.fields}
    if answers.get("people.patronymic") == "Фёдоровна":
        answers["people.sex"] = "ж"
    elif answers.get("people.patronymic") == "Али оглы":
        answers["people.sex"] = "м"
    return answers
