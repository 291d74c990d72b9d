"""A small register of invented people, and a workbook that says whatever a test wants."""

import itertools
from datetime import UTC, datetime
from itertools import count

from pipeline.catalog import Column, Layout, Sheet
from pipeline.model import Row, Taken
from pipeline.office import cells
from pipeline.office.cells import Book
from pipeline.register import lineage, merge, publish, workbook
from pipeline.register.workbook import Line, Table, Theirs

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STAMP = publish.Stamp("r-1", 1, NOON)
NEXT = publish.Stamp("r-1", 2, NOON)

LAYOUT = Layout(
    lists={
        "years": ("2026-2027", "2027-2028"),
        "kinds": ("ситуационное", "реверсивное", "традиционное («один-на-один»)"),
        "decisions": ("Согласовать", "Отклонить"),
        "order_decisions": ("На подпись", "Отменить"),
    },
    sheets=(
        Sheet(
            key="people",
            title="Люди",
            prefix="Л",
            hint="Люди.",
            label="{surname} {name}",
            added=True,
            columns=(
                Column(key="surname", title="Фамилия"),
                Column(key="name", title="Имя"),
                Column(key="birth", title="Дата рождения", kind="date"),
                Column(key="post", title="Должность", kind="long", hint="Полностью"),
                Column(key="note", title="Примечание куратора", owner="curator"),
                Column(key="origin", title="Последняя анкета", kind="link", owner="program"),
                Column(key="state", title="Состояние", owner="program"),
            ),
        ),
        Sheet(
            key="mentors",
            title="Наставники",
            prefix="НК",
            hint="Наставники.",
            label="{person_name}",
            added=True,
            columns=(
                Column(key="person", title="Человек", kind="ref", ref="people"),
                Column(key="year", title="Учебный год", kind="choice", list="years"),
                Column(key="person_name", title="ФИО наставника", owner="program"),
                Column(key="hours", title="Часов в неделю", kind="number"),
                Column(key="kinds", title="Виды наставничества", kind="choices", list="kinds"),
            ),
        ),
        Sheet(
            key="pairs",
            title="Пары",
            prefix="П",
            hint="Пары.",
            label="{mentor_name}",
            added=True,
            columns=(
                Column(key="mentor", title="Наставник", kind="ref", ref="mentors"),
                Column(key="mentee", title="Наставляемый"),
                Column(key="start", title="Начало", kind="date"),
                Column(key="decision", title="Решение", kind="choice", list="decisions", owner="curator"),
                Column(key="mentor_name", title="ФИО наставника", owner="program"),
                Column(key="order", title="Приказ", kind="ref", ref="orders"),
                Column(key="missing", title="Чего не хватает", kind="long", owner="program"),
            ),
        ),
        Sheet(
            key="orders",
            title="Приказы",
            prefix="ПК",
            hint="Приказы.",
            label="{kind}",
            added=True,
            removed_as={"decision": "Отменить"},
            columns=(
                Column(key="kind", title="Вид приказа"),
                Column(key="decision", title="Решение", kind="choice", list="order_decisions", owner="curator"),
                Column(key="number", title="№", after_signing=True),
            ),
        ),
        Sheet(
            key="programmes",
            title="Программы",
            prefix="ПР",
            hint="Программы.",
            label="{goal}",
            columns=(
                Column(key="goal", title="Цель", kind="long"),
                Column(key="paper", title="Документ", kind="link", owner="program"),
            ),
        ),
    ),
)

PATH = "archive/2026-2027/Анкета №5 & Ко.xlsx"

BASE = {
    "people": {
        "Л-0001": {
            "surname": "Иванова",
            "name": "Мария",
            "birth": "1981-03-11",
            "post": "преподаватель",
            "state": "В базе",
        },
        "Л-0002": {
            "surname": "Соловей",
            "name": "Пётр",
            "birth": "1992-07-01",
            "note": "звонить вечером",
            "origin": PATH,
        },
        "Л-0003": {},
        "Л-0004": {},
    },
    "mentors": {
        "НК-0001": {"person": "Л-0001", "year": "2026-2027", "person_name": "Иванова Мария", "hours": "2.5"},
        "НК-0002": {},
    },
    "pairs": {
        "П-0001": {
            "mentor": "НК-0001",
            "mentee": "Соловей Пётр",
            "start": "2026-10-01",
            "mentor_name": "Иванова Мария",
        },
        "П-0002": {},
    },
    "orders": {"ПК-0001": {"kind": "Закрепление", "number": "57-од"}, "ПК-0002": {}},
    "programmes": {"ПР-0001": {"goal": "Освоить электронный журнал"}},
}


class Codes:
    """A code book in memory, beyond every code of ``BASE``."""

    def __init__(self):
        self.given = {}
        self.next = count(11)

    def give(self, sheet, key):
        return self.given.setdefault((sheet, key), f"{LAYOUT.sheet(sheet).prefix}-{next(self.next):04d}")


def changed(view, *changes):
    """A copy of a view with cells changed: (sheet, code, column, text); a column of None takes the row out."""
    copy = {sheet: {code: dict(cells) for code, cells in rows.items()} for sheet, rows in view.items()}
    for sheet, code, column, text in changes:
        if column is None:
            del copy[sheet][code]
            continue
        cells = copy[sheet].setdefault(code, {})
        cells.pop(column, None)
        if text:
            cells[column] = text
    return copy


def rows_of(view):
    """A view as the rows of a ledger; what is blank is no row."""
    return {
        sheet: {code: Row(sheet, code, cells) for code, cells in rows.items() if cells} for sheet, rows in view.items()
    }


def saved(view, *more):
    """A workbook that says what a view says, with more lines at its end."""
    tables = {}
    for sheet in LAYOUT.sheets:
        own = [line for line in more if line.sheet == sheet.key]
        coded = [
            Line(sheet.key, row, code, cells) for row, (code, cells) in enumerate(view.get(sheet.key, {}).items(), 2)
        ]
        tables[sheet.key] = Table(sheet.title, 1, {}, (*coded, *own))
    return Theirs(Book({}, {}, {}, False, {}.__getitem__), tables)


def merged(base, theirs, ours, *, saves=(), **more):
    """Merge, with views or lines for the workbook; ``saves`` are the earlier ones of the same revision."""
    theirs = theirs if isinstance(theirs, Theirs) else saved(theirs)
    return merge.merge(LAYOUT, merge.Sides(base, lineage.parent(base, theirs, saves), theirs, ours, **more))


def earlier(base, *views, places=None):
    """Earlier saves of one session, each grown from the one before."""
    pairs = itertools.pairwise((base, *views))
    names = [str(number) for number in range(len(views) + 1)]
    return [
        Taken(names[n + 1], names[n] if n else "", lineage.changed(was, now), places or {})
        for n, (was, now) in enumerate(pairs)
    ]


def register(view, stamp=STAMP):
    """A register file that says what a view says."""
    return publish.create(LAYOUT, wanted(view), stamp)


def wanted(view):
    """What a workbook is to say, from a view with its empty coded rows."""
    empties = {sheet: [code for code, cells in rows.items() if not cells] for sheet, rows in view.items()}
    return publish.wanted(LAYOUT, rows_of(view), empties)


def read(data):
    """Read a register file."""
    return workbook.read_sheets(cells.read(data), LAYOUT)
