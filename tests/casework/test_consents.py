from datetime import date

import pytest

from pipeline.casework.consents import Consents, Standing
from pipeline.casework.gather import Gathered
from tests.casework.college import DATA, ORLOVA, PAIR, YEAR, College

ROW = {"person": "Л-0001", "kind": DATA, "year": YEAR}


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({}, "Нет"),
        ({"answer": "Отказ", "verified": "да"}, "Отказ"),
        ({"answer": "Согласен"}, "Ждём подпись"),
        ({"answer": "Согласен", "signed": "2026-11-01"}, "Ждём подпись"),
        ({"answer": "Согласен", "verified": "да"}, "Действует"),
        ({"verified": "да", "signed": "2026-11-01"}, "Действует"),
        ({"answer": "Согласен", "verified": "да", "signed": "2026-12-01"}, "Ждём подпись"),
        ({"answer": "Согласен", "verified": "да", "until": "2026-12-22"}, "Истекает"),
        ({"answer": "Согласен", "verified": "да", "until": "2026-12-23"}, "Действует"),
        ({"answer": "Согласен", "verified": "да", "until": "2026-11-22"}, "Истекает"),
        ({"answer": "Согласен", "verified": "да", "until": "2026-11-21"}, "Истекло"),
        ({"answer": "Согласен", "verified": "да", "year": "2025-2026"}, "Истекло"),
        ({"answer": "Согласен", "verified": "да", "withdrawn": "2026-11-22"}, "Отозвано"),
        ({"answer": "Согласен", "verified": "да", "withdrawn": "2026-11-23"}, "Действует"),
        ({"answer": "Согласен", "verified": "да", "withdrawn": "2026-11-20", "signed": "2026-11-21"}, "Действует"),
    ],
)
def test_a_consent_stands_as_its_cells_say(cells, state):
    college = College()
    college.edit("people", "Л-0001", **ORLOVA)
    college.edit("consents", "С-0001", **(ROW | cells))
    row = college.turn().row("consents")
    assert (row["state"], row["person_name"]) == (state, "Орлова Анна Сергеевна")


def test_a_form_waits_for_the_signature_and_counts_from_its_mark():
    college = College()
    college.fill("consents", ORLOVA, kind=DATA, answer="Согласен")
    assert college.turn().row("consents")["state"] == "Ждём подпись"
    college.edit("consents", "С-0001", verified="да", signed="2026-11-20")
    assert college.turn().row("consents")["state"] == "Действует"


def test_a_consent_after_a_refusal_wants_a_signature_of_its_own():
    college = College()
    college.fill("consents", ORLOVA, kind=DATA, answer="Отказ")
    college.turn()
    college.edit("consents", "С-0001", verified="да", signed="2026-11-20")
    assert college.turn().row("consents")["state"] == "Отказ"
    college.fill("consents", ORLOVA, kind=DATA, answer="Согласен")
    assert college.turn().row("consents")["state"] == "Ждём подпись"
    assert "после отказа 22.11.2026 пришло новое согласие" in college.asked()[0]
    college.edit("consents", "С-0001", signed="2026-11-22")
    assert college.turn().row("consents")["state"] == "Действует"
    assert not college.asked()


def test_a_consent_typed_by_hand_and_its_form_are_one_row():
    college = College()
    college.edit("people", "Л-0001", **ORLOVA)
    college.given.append(("consents", "empty:1", "С-0001"))
    college.edit("consents", "С-0001", person="Л-0001", kind=PAIR, verified="да")
    college.fill("consents", ORLOVA, kind=PAIR, answer="Согласен")
    college.fill("consents", ORLOVA, kind=DATA, answer="Согласен")
    college.turn()
    states = [(row["kind"], row["answer"], row["state"]) for row in college.rows("consents")]
    assert states == [(PAIR, "Согласен", "Действует"), (DATA, "Согласен", "Ждём подпись")]


def standing(**years: Standing) -> Consents:
    nothing = Gathered("consents", (), {}, {}, ())
    ends = {"2025-2026": date(2026, 8, 31), "2026-2027": date(2027, 8, 31)}
    return Consents(nothing, {("Л-0001", DATA): {key[1:].replace("_", "-"): one for key, one in years.items()}}, ends)


def test_a_consent_of_another_year_counts_only_when_it_covers_this_one():
    short = Standing("С-0001", "Действует", date(2026, 8, 31))
    long = Standing("С-0001", "Действует", date(2028, 8, 31))
    assert not standing(y2025_2026=short).standing("Л-0001", DATA, "2026-2027").holds
    assert standing(y2025_2026=long).standing("Л-0001", DATA, "2026-2027").holds
    refused = Standing("С-0002", "Отказ", None)
    assert standing(y2025_2026=long, y2026_2027=refused).standing("Л-0001", DATA, "2026-2027") == refused
    assert standing().standing("Л-0009", DATA, "2026-2027").state == "Нет"
