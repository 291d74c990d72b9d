"""The oracle itself notices what it is there for, and takes a row that cannot be deleted for what it is."""

from pathlib import Path

import pytest

from pipeline import catalog
from tests.robot.oracle import Oracle
from tests.robot.view import Seen, Tab

HOUSE = Path(__file__).resolve().parent.parent.parent
DRAFT, TO_SIGN, CANCELLED = "Проект", "На подпись", "Отменён"


@pytest.fixture(scope="module")
def layout():
    return catalog.load(HOUSE).layout


def view(layout, *orders, questions=()):
    rows = {
        "orders": [Seen(1 + n, "ПК-0002", cells) for n, cells in enumerate(orders)],
        "questions": [Seen(1 + n, f"В-000{n}", {"text": text}) for n, text in enumerate(questions)],
    }
    return {one.key: Tab(one, 0, {}, {}, rows.get(one.key, []), 9) for one in layout.sheets}


def lost(layout, *saves, rests):
    oracle = Oracle()
    oracle.opened(view(layout, {"state": DRAFT}))
    for orders in saves:
        oracle.saved(view(layout, *orders))
    oracle.check(rests)
    return oracle.lost


SENT = [{"state": DRAFT, "decision": TO_SIGN}]
TOLD = ["Строка ПК-0002 удалена, но приказ подписан"]


def test_an_order_that_she_deleted_is_to_stand_there_as_cancelled_whatever_she_chose_before(layout):
    cancelled = {"state": CANCELLED, "decision": "Отменить"}
    assert lost(layout, SENT, [], rests=view(layout, cancelled)) == []


def test_an_order_that_she_deleted_and_that_still_says_what_she_chose_before_is_a_loss(layout):
    cancelled = {"state": CANCELLED, "decision": TO_SIGN}
    assert "she typed 'Отменить'" in lost(layout, SENT, [], rests=view(layout, cancelled))[0]
    assert "there again" in lost(layout, SENT, [], rests=view(layout, {"state": TO_SIGN}))[0]


def test_an_order_that_she_is_told_cannot_be_deleted_says_what_it_said(layout):
    signed = {"state": "Подписан", "decision": TO_SIGN}
    assert lost(layout, SENT, [], rests=view(layout, signed, questions=TOLD)) == []
    emptied = {"state": "Подписан"}
    assert "she typed 'На подпись'" in lost(layout, SENT, [], rests=view(layout, emptied, questions=TOLD))[0]


def test_a_choice_that_became_another_without_her_is_a_loss(layout):
    cancelled = {"state": CANCELLED, "decision": "Отменить"}
    assert "she typed 'На подпись'" in lost(layout, SENT, rests=view(layout, cancelled))[0]
