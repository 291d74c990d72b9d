"""Orders that the curator begins by hand: drafted when complete, recorded when signed already, with their effect."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.documents import drafts
from pipeline.documents.context import Book
from pipeline.office import word
from tests.casework.college import DATA, MENTOR, MENTOR_ANSWERS, PAIR, POST, College, shipped, sign, with_pair

CODE = "ПК-0030"
RELEASE = "Сложение обязанностей наставника"


def working() -> College:
    """A college with one pair in force."""
    college = with_pair()
    college.edit("orders", "ПК-0001", number="57-од", day="2026-11-23")
    return college.turn()


def order(college: College, code: str = CODE):
    return next(row for row in college.rows("orders") if row.code == code)


def test_every_kind_that_people_begin_has_a_document_and_says_what_it_needs() -> None:
    documented = {kind for one in shipped().documents.values() for kind in one.when.get("kind", ())}
    assert documented >= shipped().order_kinds.keys()
    for kind in shipped().order_kinds.values():
        if kind.begun or not (kind.needs or kind.about):
            continue
        college = working()
        college.edit("orders", CODE, kind=kind.title)
        row = order(college.turn())
        assert (row["state"], row["drafted"], row["turn"]) == ("Проект", "ждёт данных", "Куратор")
        assert all(shipped().layout.sheet("orders").column(key).title in row["missing"] for key in kind.needs)
        assert ("«К чему относится»" in row["missing"]) == bool(kind.about)
        assert row["series"] == kind.series


def test_a_row_without_a_kind_asks_for_it() -> None:
    college = working()
    college.edit("orders", CODE, about="П-0001")
    assert order(college.turn())["missing"] == "выберите «Вид приказа»"


@pytest.mark.parametrize("about", ["П-0001", "Иванова – Орлова · п-0001", "ПР-0001"])
def test_a_complete_order_is_drafted_and_its_signature_ends_the_pair(about: str) -> None:
    college = working()
    college.edit("orders", CODE, kind=RELEASE, about=about, since="2027-02-01", basis="заявление")
    row = order(college.turn())
    assert (row["drafted"], row["missing"]) == ("составляет программа", "проверьте проект и выберите «На подпись»")
    assert row["content"] == "П-0001: Иванова Мария Петровна – Орлова Анна Сергеевна"
    assert college.row("pairs")["missing"] == f"готовится приказ {CODE} «{RELEASE}»"
    college.edit("orders", CODE, decision="На подпись")
    assert order(college.turn())["turn"] == "Директор"
    college.edit("orders", CODE, number="60-од", day="2027-01-28")
    assert order(college.turn())["state"] == "Подписан"
    assert college.row("pairs")["state"] == "Действует", "until the day it names"
    college.today = date(2027, 2, 1)
    college.turn()
    assert (college.row("pairs")["state"], college.row("programmes")["state"]) == ("Прекращена", "Прекращена")
    assert CODE in college.frozen


def test_a_draft_begun_by_hand_that_gets_a_number_stays_ours_and_is_frozen() -> None:
    college = working()
    college.edit("orders", CODE, kind="Назначение куратора", since="2026-12-01")
    college.turn()
    college.edit("orders", CODE, number="61-од", day="2026-11-30")
    row = order(college.turn())
    assert (row["state"], row["drafted"]) == ("Подписан", "составляет программа")
    college.edit("orders", CODE, since="2027-12-01")
    assert order(college.turn())["since"] == "2026-12-01"


def test_an_order_typed_as_signed_is_recorded_and_counts() -> None:
    college = working()
    cells = {"kind": RELEASE, "about": "П-0001", "since": "2026-11-20", "basis": "заявление"}
    college.edit("orders", CODE, **cells, number="60-од", day="2026-11-20")
    row = order(college.turn())
    assert (row["state"], row["drafted"], row["turn"]) == ("Подписан", "записан", "")
    assert college.row("pairs")["state"] == "Прекращена"
    assert CODE not in college.frozen


def test_an_order_begun_by_hand_may_be_cancelled_and_then_has_no_effect() -> None:
    college = working()
    college.edit("orders", CODE, kind=RELEASE, about="П-0001", since="2026-11-20", basis="заявление")
    college.turn()
    college.edit("orders", CODE, decision="Отменить")
    assert (order(college.turn())["state"], college.row("pairs")["missing"]) == ("Отменён", "")
    assert college.row("pairs")["state"] == "Действует"


def test_an_order_that_loses_what_it_needs_goes_back_to_waiting() -> None:
    college = working()
    college.edit("orders", CODE, kind=RELEASE, about="П-0001", since="2026-11-20", basis="заявление")
    college.turn()
    college.edit("orders", CODE, about="П-0077", decision="На подпись")
    row = order(college.turn())
    assert (row["state"], row["drafted"]) == ("Проект", "ждёт данных")
    assert row["missing"] == "«К чему относится»: впишите код строки листа «Пары»"


def test_dates_the_wrong_way_round_are_told() -> None:
    college = working()
    college.edit("orders", CODE, kind="Назначение куратора", since="2026-12-01", until="2026-11-01")
    assert order(college.turn())["missing"] == "«По какой день» раньше, чем «С какого дня»"


# --- completion -----------------------------------------------------------------------------------------------------


def test_a_pair_that_she_finishes_gets_an_order_of_completion() -> None:
    college = working()
    college.edit("pairs", "П-0001", decision="Завершить")
    college.turn()
    (row,) = [row for row in college.rows("orders") if row["kind"] == "Завершение программы наставничества"]
    assert (row["about"], row["reason"], row["since"]) == ("П-0001", "план мероприятий выполнен", "2027-05-31")
    assert (row["drafted"], college.row("pairs")["state"]) == ("составляет программа", "Завершена")


def test_a_pair_that_she_stops_waits_for_the_reason_and_the_day() -> None:
    college = working()
    college.edit("pairs", "П-0001", decision="Прекратить")
    college.turn()
    (row,) = [row for row in college.rows("orders") if row["kind"] == "Завершение программы наставничества"]
    assert row["missing"] == "не заполнено: «Причина завершения»; не заполнено: «С какого дня»"
    college.edit("orders", row.code, reason="инициатива куратора", since="2027-01-15")
    college.turn()
    assert order(college, row.code)["drafted"] == "составляет программа"


def test_a_completion_that_nobody_wants_any_more_goes_away() -> None:
    college = working()
    before = [row.code for row in college.rows("orders")]
    college.edit("pairs", "П-0001", decision="Завершить")
    college.turn()
    college.edit("pairs", "П-0001", decision="Согласовать")
    assert [row.code for row in college.turn().rows("orders")] == before


# --- numbers --------------------------------------------------------------------------------------------------------


def test_personnel_and_core_orders_are_numbered_apart() -> None:
    college = working()
    college.edit(
        "orders", CODE, kind="Поощрение", person="Л-0001", text="а", basis="б", number="57-од", day="2026-11-24"
    )
    assert not college.turn().asked()
    college.edit("orders", CODE, kind=RELEASE, about="П-0001", since="2027-02-01")
    assert "№ 57-од за 2026 год стоит у нескольких приказов" in college.turn().asked()[0]


def test_the_paper_of_an_order_begun_by_hand_is_due_once_it_is_complete() -> None:
    college = working()
    college.edit("orders", CODE, kind=RELEASE, about="П-0001", since="2027-02-01")

    def papers() -> set[str]:
        return {one.subject for one in drafts.due(Book(shipped(), college.turn().ledger.result()))}

    assert f"order_release:{CODE}" not in papers()
    college.edit("orders", CODE, basis="заявление")
    assert f"order_release:{CODE}" in papers()


# --- another mentor -------------------------------------------------------------------------------------------------

REPLACEMENT = "Замена наставника"
PETRENKO = {"surname": "Петренко", "name": "Ольга", "patronymic": "Ивановна", "sex": "ж", "birth": "1980-01-02"}


def with_another_mentor(college: College, *kinds: str) -> str:
    """Somebody else joins the bank of mentors; return the person's code."""
    college.fill("mentors", PETRENKO | POST, **MENTOR_ANSWERS)
    sign(college, PETRENKO, *kinds)
    return next(row.code for row in college.turn().rows("people") if row["surname"] == "Петренко")


def test_a_replacement_gives_the_mentee_another_mentor_when_it_is_signed() -> None:
    college = working()
    person = with_another_mentor(college, DATA, MENTOR, PAIR)
    cells = {"kind": REPLACEMENT, "about": "П-0001", "since": "2026-12-10", "basis": "ходатайство"}
    college.edit("orders", CODE, **cells, person=person)
    college.turn()
    old, new = college.rows("pairs")
    assert (old["state"], new["state"], new["order"]) == ("Действует", "В приказе", CODE)
    assert (new["mentor_name"], new["mentee_name"]) == ("Петренко Ольга Ивановна", old["mentee_name"])
    assert (new["start"], new["end"], new["kinds"]) == ("2026-12-10", old["end"], old["kinds"])
    assert [row["state"] for row in college.rows("programmes")] == ["Утверждена", "Проект"]
    college.edit("orders", CODE, number="70-од", day="2026-12-09")
    college.today = date(2026, 12, 10)
    college.turn()
    assert [row["state"] for row in college.rows("pairs")] == ["Прекращена", "Действует"]
    assert [row["state"] for row in college.rows("programmes")] == ["Прекращена", "Идёт"]


def test_a_replacement_waits_for_the_bank_and_for_every_consent() -> None:
    college = working()
    cells = {"kind": REPLACEMENT, "about": "П-0001", "since": "2026-12-10", "basis": "ходатайство"}
    college.edit("orders", CODE, **cells, person="Л-0002")
    assert "Орлова А. С. – нет в базе наставников 2026-2027 учебного года" in order(college.turn())["missing"]
    college.edit("orders", CODE, person=with_another_mentor(college, DATA))
    missing = order(college.turn())["missing"]
    assert "согласие «Работа в качестве наставника» – Петренко О. И.: лист не подписан" in missing
    assert len(college.rows("pairs")) == 1


def test_a_cancelled_replacement_takes_its_pair_away() -> None:
    college = working()
    person = with_another_mentor(college, DATA, MENTOR, PAIR)
    cells = {"kind": REPLACEMENT, "about": "П-0001", "since": "2026-12-10", "basis": "ходатайство"}
    college.edit("orders", CODE, **cells, person=person)
    college.turn()
    college.edit("orders", CODE, decision="Отменить")
    assert [row["state"] for row in college.turn().rows("pairs")] == ["Действует"]


# --- a changed programme (regulation 10.2) --------------------------------------------------------------------------

CHANGE = "Изменение программы наставничества"


def changed() -> College:
    college = working()
    cells = {"kind": CHANGE, "about": "П-0001", "since": "2027-02-01", "until": "2027-08-31", "basis": "обоюдное"}
    college.edit("orders", CODE, **cells, text="Продлить срок.")
    return college.turn()


def test_a_change_makes_a_new_edition_of_the_programme_that_can_be_improved_until_it_is_signed() -> None:
    college = changed()
    old, new = college.rows("programmes")
    assert (old["state"], new["state"], new["order"]) == ("Утверждена", "Проект", CODE)
    assert (old["end"], new["end"], new["goal"]) == ("2027-05-31", "2027-08-31", old["goal"])
    plans = [[row["activity"] for row in college.rows("plan") if row["programme"] == one.code] for one in (old, new)]
    assert plans[0] == plans[1] != []
    assert college.row("pairs")["programme"] == old.code
    college.edit("programmes", new.code, goal="Новая цель.")
    assert college.turn().rows("programmes")[1]["goal"] == "Новая цель."


def test_a_signed_change_replaces_the_programme_and_moves_the_term() -> None:
    college = changed()
    done = next(row.code for row in college.rows("plan"))
    college.edit("plan", done, mark="Выполнено", done="2026-12-20")
    college.edit("orders", CODE, number="71-од", day="2027-01-30")
    college.turn()
    old, new = college.rows("programmes")
    assert (old["state"], old["missing"]) == (
        "Прекращена",
        f"действует новая редакция – {new.code} (пункт 10.2 Положения)",
    )
    assert (new["state"], college.row("pairs")["programme"]) == ("Утверждена", new.code)
    assert (college.row("pairs")["end"], college.row("pairs")["state"]) == ("2027-08-31", "Действует")
    assert {CODE, new.code} <= college.frozen.keys()
    items = [row for row in college.rows("plan") if row["programme"] == new.code]
    assert [row["state"] for row in items].count("Выполнено") == 1
    assert college.row("plan")["state"] == "Выполнено"
    college.edit("pairs", "П-0001", end="2027-09-30")
    assert college.turn().row("pairs")["end"] == "2027-09-30", "what she writes later counts"


def test_a_second_change_starts_from_the_first() -> None:
    college = changed()
    college.edit("orders", CODE, number="71-од", day="2027-01-30")
    college.turn()
    college.edit("orders", "ПК-0031", kind=CHANGE, about="П-0001", since="2027-03-01", text="Ещё.", basis="обоюдное")
    college.turn()
    _, second, third = college.rows("programmes")
    assert (second["state"], third["state"], third["end"]) == ("Утверждена", "Проект", "2027-08-31")


def test_the_new_edition_is_a_paper_with_all_its_people() -> None:
    rows = changed().ledger.result()
    book = Book(shipped(), rows)
    new = sorted(rows["programmes"])[1]
    (made,) = [
        drafts.make(book, one, date(2026, 12, 1)) for one in drafts.due(book) if one.subject == f"programme:{new}"
    ]
    assert "Орлова Анна Сергеевна" in word.text_of(made.data)
    assert not made.questions
