"""A paper that is not made anew is what it would be if it were: after any change the plan is the same."""

from __future__ import annotations

import random

import pytest

from pipeline.documents import drafts
from pipeline.documents.drafts import Desk, Made, Memory, Plan
from pipeline.documents.outbox import Issued
from pipeline.model import Row, Rows
from tests.documents import sample
from tests.documents.test_drafts import CATALOG, make_form

STAGES = (sample.register(CATALOG), sample.signed(CATALOG))
CHANGES = 8
"""How many changes come between two plans: each paper must notice its own."""
CELLS = ("", "–", "Иное", "2027-01-15", "2025-2026", "ж", "Да", "7", "П-0001, Г-0001")


def planned(rows: Rows, issued: dict[str, Issued], memory: Memory) -> Plan:
    laid = {one.path: one.sha for one in issued.values()}
    desk = Desk(list(issued.values()), lambda path: laid.get(path, ""), sample.TODAY, make_form, memory=memory)
    return drafts.plan(CATALOG, rows, desk)


def issue(plan: Plan, issued: dict[str, Issued]) -> None:
    for action in plan.actions:
        for key in action.step.forget:
            issued.pop(key, None)
        issued |= {one.key: one for one in action.step.after}


def told(plan: Plan) -> tuple[object, ...]:
    """Return all that a plan says, with the contents it would lay."""
    actions = [(one.step, one.content()) for one in plan.actions]
    return actions, plan.marks, plan.questions, plan.mistakes, plan.doubts, plan.fates


def changed(rows: Rows, chance: random.Random) -> Rows:
    """Return the register with another cell, without a row, or with one more that is like another."""
    found = {sheet: dict(of) for sheet, of in rows.items()}
    sheet = chance.choice([one for one in found if found[one]])
    row = chance.choice(list(found[sheet].values()))
    what = chance.random()
    if what < 0.1:
        del found[sheet][row.code]
    elif what < 0.25:
        code = f"{row.code.partition('-')[0]}-{chance.randrange(9000, 9999)}"
        found[sheet][code] = Row(sheet, code, row.cells)
    else:
        column = chance.choice([one.key for one in CATALOG.layout.sheet(sheet).columns])
        others = [other[column] for other in found[sheet].values() if other[column]]
        found[sheet][row.code] = Row(sheet, row.code, {**row.cells, column: chance.choice([*CELLS, *others])})
    return found


def compare(seed: int, steps: int) -> None:
    """Change a register step by step, each time planning with what is remembered and without."""
    chance = random.Random(seed)
    rows, memory, issued = STAGES[seed % 2], Memory(), dict[str, Issued]()
    for step in range(steps):
        plan = planned(rows, issued, memory)
        assert told(plan) == told(planned(rows, issued, Memory())), (seed, step)
        if chance.random() < 0.8:
            issue(plan, issued)
        rows = rows if chance.random() < 0.6 else STAGES[seed % 2]
        for _ in range(CHANGES):
            rows = changed(rows, chance)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_remembered_says_the_same(seed: int) -> None:
    compare(seed, 6)


@pytest.mark.prove
@pytest.mark.longest
@pytest.mark.parametrize("seed", range(2, 22))
def test_what_is_remembered_says_the_same_after_long_histories(seed: int) -> None:
    compare(seed, 40)


def test_what_says_the_same_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make = drafts.make

    def counted(book: drafts.Book, one: drafts.Due, *rest: object) -> Made:
        made.append(one.subject)
        return make(book, one, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(drafts, "make", counted)
    memory, issued = Memory(), dict[str, Issued]()
    issue(planned(STAGES[0], issued, memory), issued)
    made.clear()
    planned(STAGES[0], issued, memory)
    assert made == []
    planned(sample.register(CATALOG, ПР_0001={"goal": "Иная цель."}), issued, memory)
    assert "programme:ПР-0001" in made
    assert "programme:ПР-0002" not in made
