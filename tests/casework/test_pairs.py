from datetime import date

import pytest

from pipeline.casework.pairs import later
from tests.casework.college import (
    DATA,
    GROUP,
    IVANOVA,
    MENTEE_ANSWERS,
    MENTOR,
    MENTOR_ANSWERS,
    ORLOVA,
    PAIR,
    POST,
    SEDOV,
    TRADITIONAL,
    College,
    propose,
    sign,
    with_mentee,
    with_mentor,
    with_pair,
)

IN_GROUP = {"group": "Г-0001", "kinds": GROUP}


def both() -> College:
    return with_mentee(with_mentor(College()))


def test_a_complete_approved_pair_goes_into_the_order():
    row = with_pair().row("pairs")
    assert (row["state"], row["missing"], row["turn"]) == ("В приказе", "", "Куратор")
    assert (row["mentor_name"], row["mentee_name"]) == ("Иванова Мария Петровна", "Орлова Анна Сергеевна")
    assert (row["order"], row["programme"]) == ("ПК-0001", "ПР-0001")


@pytest.mark.parametrize(
    ("decision", "state", "turn"),
    [
        (None, "Предложена", "Куратор"),
        ("Отклонить", "Отклонена", ""),
        ("Отложить", "Отложена", ""),
        ("Завершить", "Отклонена", "Куратор"),
        ("Прекратить", "Отклонена", "Куратор"),
    ],
)
def test_without_approval_there_is_no_order(decision, state, turn):
    college = both()
    propose(college, decision=decision)
    row = college.turn().row("pairs")
    assert (row["state"], row["turn"], row["order"]) == (state, turn, "")


@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        ({"mentor": None}, "«Наставник»: не выбран"),
        ({"mentee": "НМ-0099"}, "«Наставляемый»: строки НМ-0099 нет на листе «Наставляемые»"),
        ({"kinds": None, "form": None}, "не заполнено: «Виды наставничества»; не заполнено: «Форма наставничества»"),
        ({"start": None}, "не заполнено: «Начало»"),
        ({"end": "31 мая 27"}, "«Окончание»: не читается, исправьте"),
        ({"kinds": "традиционнае"}, "«Виды наставничества»: не читается, исправьте"),
        ({"end": "2026-11-30"}, "«Окончание» раньше «Начала»"),
        ({"end": "2027-02-27"}, "срок короче 3 мес. (раздел 3 Положения): исправьте «Начало» или «Окончание»"),
        ({"end": "2027-12-02"}, "срок длиннее 12 мес. (раздел 3 Положения): исправьте «Начало» или «Окончание»"),
        ({"kinds": GROUP}, f"вид «{GROUP}» без кода группы: впишите в графу «Группа» общий код, например Г-0001"),
        ({"group": "Г-0001"}, f"у пары есть код группы: добавьте вид «{GROUP}» или очистите графу «Группа»"),
        (IN_GROUP, "группа Г-0001: нужны не меньше двух готовых наставляемых (пункт 5.4 Положения), сейчас 1"),
        ({"order": "ПК-0099"}, "«Приказ»: действующего приказа ПК-0099 нет, исправьте или очистите графу"),
    ],
)
def test_a_pair_says_everything_it_lacks(cells, missing):
    college = both()
    propose(college, **cells)
    row = college.turn().row("pairs")
    assert (row["missing"], row["state"], row["turn"]) == (missing, "Согласована", "Куратор")
    assert "ПК-0001" not in {one.code for one in college.rows("orders")}


@pytest.mark.parametrize("end", ["2027-02-28", "2027-03-01", "2027-12-01"])
def test_three_to_twelve_months_are_a_term(end):
    college = both()
    propose(college, end=end)
    assert college.turn().row("pairs")["state"] == "В приказе"


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [("2026-11-30", 3, "2027-02-28"), ("2026-12-01", 12, "2027-12-01"), ("2027-11-30", 3, "2028-02-29")],
)
def test_months_end_where_the_calendar_does(day, months, result):
    assert later(date.fromisoformat(day), months) == date.fromisoformat(result)


def test_one_meeting_is_a_question_not_an_error():
    college = both()
    propose(college, kinds="скоростное", end="2026-12-01")
    assert college.turn().row("pairs")["state"] == "В приказе"
    assert "вид «скоростное» – одна встреча" in college.asked()[0]
    college.answer("short", "оставить")
    assert not college.turn().asked()


def test_each_missing_consent_is_named_with_its_person_and_whose_move_it_is():
    college = College()
    college.fill("mentors", IVANOVA | POST, **MENTOR_ANSWERS)
    college.fill("mentees", ORLOVA | POST, **MENTEE_ANSWERS)
    college.fill("consents", ORLOVA, kind=PAIR, answer="Согласен")
    sign(college, IVANOVA, DATA, MENTOR)
    college.edit("consents", college.consent("Орлова", PAIR), verified=None)
    propose(college)
    row = college.turn().row("pairs")
    assert row["state"] == "Ждёт согласий"
    assert row["missing"] == (
        "согласие «Участие в наставнической паре (группе)» – Иванова М. П.: лист не подписан (С-0003); "
        "согласие «Обработка персональных данных» – Орлова А. С.: лист не подписан (С-0005); "
        "согласие «Участие в наставнической паре (группе)» – Орлова А. С.: ждём подпись (С-0006)"
    )
    assert row["turn"] == "Наставник, Наставляемый"


def test_a_refusal_keeps_the_pair_from_the_order():
    college = both()
    college.fill("consents", ORLOVA, kind=PAIR, answer="Отказ")
    propose(college)
    row = college.turn().row("pairs")
    assert (row["state"], row["turn"]) == ("Ждёт согласий", "Наставляемый")
    assert row["missing"].endswith("Орлова А. С.: отказ (С-0006)")


def test_nobody_mentors_oneself():
    college = both()
    college.fill("mentees", IVANOVA, request="а")
    propose(college, nth=2)
    assert "наставник и наставляемый – один и тот же человек" in college.turn().row("pairs")["missing"]


def test_whoever_is_left_out_of_the_bank_goes_into_no_order():
    college = both()
    propose(college)
    college.edit("mentors", "НК-0001", decision="Не включать")
    assert college.turn().row("pairs")["missing"] == "«Наставник»: Иванова М. П. – в базе стоит «Не включать»"


def test_an_order_names_posts_so_a_pair_waits_for_them():
    college = both()
    propose(college)
    college.edit("people", "Л-0002", post="–")
    assert college.turn().row("pairs")["missing"] == "заполните: лист «Люди», Л-0002, графа «Должность»"


def test_both_sides_belong_to_one_school_year():
    college = both()
    propose(college)
    college.edit("mentors", "НК-0001", year="2025-2026")
    missing = college.turn().row("pairs")["missing"]
    assert missing.startswith("наставник записан в базе 2025-2026 учебного года, а наставляемый – 2026-2027")


def test_the_same_two_people_are_one_pair():
    college = with_pair()
    propose(college, 2)
    college.turn()
    assert [row["state"] for row in college.rows("pairs")] == ["В приказе", "Согласована"]
    assert college.row("pairs", 2)["missing"] == "такая пара уже есть: П-0001"


def test_more_mentees_than_the_mentor_agreed_to_is_a_question():
    college = with_mentee(both(), SEDOV)
    college.edit("mentors", "НК-0001", capacity="1")
    propose(college)
    propose(college, 2, 2)
    assert [row["state"] for row in college.turn().rows("pairs")] == ["В приказе", "В приказе"]
    assert "согласованных наставляемых – 2, а в анкете «сколько одновременно» – 1" in college.asked()[0]
    college.answer("capacity", "Оставить")
    assert not college.turn().asked()


# --- groups ---------------------------------------------------------------------------------------------------------

THIRD = {"surname": "Яшин", "name": "Лев", "patronymic": "–", "sex": "м", "birth": "2001-02-03"}


def test_two_of_a_group_are_enough_and_only_the_incomplete_one_waits():
    college = with_mentee(both(), SEDOV)
    college.fill("mentees", THIRD | POST, **MENTEE_ANSWERS)
    for n in (1, 2, 3):
        propose(college, n, n, **IN_GROUP)
    college.turn()
    assert [row["state"] for row in college.rows("pairs")] == ["В приказе", "В приказе", "Ждёт согласий"]
    sign(college, THIRD, DATA, PAIR)
    college.turn()
    assert {row["state"] for row in college.rows("pairs")} == {"В приказе"}
    assert {row["programme"] for row in college.rows("pairs")} == {"ПР-0001"}


def test_fewer_than_two_ready_of_a_group_wait_together():
    college = both()
    college.fill("mentees", THIRD | POST, **MENTEE_ANSWERS)
    propose(college, 1, 1, **IN_GROUP)
    propose(college, 2, 2, **IN_GROUP)
    college.turn()
    assert [row["state"] for row in college.rows("pairs")] == ["Согласована", "Ждёт согласий"]
    assert "сейчас 1" in college.row("pairs")["missing"]


def test_a_group_code_counts_whatever_its_case_and_spaces():
    college = with_mentee(both(), SEDOV)
    propose(college, 1, 1, **IN_GROUP | {"group": "г - 0001"})
    propose(college, 2, 2, **IN_GROUP)
    assert [(row["state"], row["group"]) for row in college.turn().rows("pairs")] == [("В приказе", "Г-0001")] * 2


def test_a_group_named_by_no_code_stays_as_she_wrote_it():
    college = both()
    propose(college, 1, 1, **IN_GROUP | {"group": "Группа 7"})
    assert [row["group"] for row in college.turn().rows("pairs")] == ["Группа 7"]


def test_a_group_has_one_mentor():
    college = with_mentee(both(), SEDOV)
    college.fill("mentors", THIRD | POST, **MENTOR_ANSWERS)
    propose(college, 1, 1, **IN_GROUP)
    propose(college, 2, 2, mentor="НК-0002", **IN_GROUP)
    lack = "группа Г-0001: во всех строках должен быть один наставник (пункт 5.4 Положения)"
    assert all(lack in row["missing"] for row in college.turn().rows("pairs"))


# --- pairs that run -------------------------------------------------------------------------------------------------


def running() -> College:
    college = with_pair()
    college.edit("orders", "ПК-0001", decision="На подпись", number="57-од", day="2026-11-23")
    return college.turn()


def test_the_banks_show_what_a_running_pair_makes_of_them():
    college = running()
    mentor, mentee = college.row("mentors"), college.row("mentees")
    assert (mentor["state"], mentee["state"]) == ("В паре", "В паре")
    assert (mentor["mentees"], mentee["mentor_name"]) == ("Орлова Анна Сергеевна", "Иванова Мария Петровна")
    assert (mentor["entered"], mentor["ended"]) == ("2026-12-01", "")
    assert (mentee["mentor_workplace"], mentee["birth_year"]) == ("ГБПОУ «АИК»", "1999")


@pytest.mark.parametrize(("decision", "state"), [("Завершить", "Завершена"), ("Прекратить", "Прекращена")])
def test_a_running_pair_ends_by_the_curators_decision(decision, state):
    college = running()
    college.edit("pairs", "П-0001", decision=decision)
    college.turn()
    assert (college.row("pairs")["state"], college.row("programmes")["state"]) == (state, state)
    assert (college.row("mentees")["state"], college.row("mentees")["ended"]) == ("Программа завершена", "2027-05-31")


def test_a_running_pair_is_neither_declined_nor_postponed():
    college = running()
    college.edit("pairs", "П-0001", decision="Отложить")
    row = college.turn().row("pairs")
    assert (row["state"], row["turn"]) == ("Действует", "Куратор")
    assert row["missing"].startswith("пара действует по приказу, «Отложить» не подходит")


def test_a_term_that_is_over_is_the_curators_move():
    college = running()
    college.today = date(2027, 6, 1)
    row = college.turn().row("pairs")
    assert (row["state"], row["turn"]) == ("Действует", "Куратор")
    assert "срок вышел 31.05.2027: выберите «Завершить»" in row["missing"]


def test_a_consent_withdrawn_from_a_running_pair_is_a_question():
    college = running()
    college.edit("consents", college.consent("Орлова", PAIR), withdrawn="2026-11-22")
    assert "П-0001 действует, но теперь: согласие" in college.turn().asked()[0]
    college.answer("lost", "оставить")
    assert not college.turn().asked()
    assert college.row("pairs")["state"] == "Действует"


def test_a_pair_that_ended_may_be_made_anew():
    college = running()
    college.edit("pairs", "П-0001", decision="Завершить")
    propose(college, 2, kinds=TRADITIONAL)
    assert [row["state"] for row in college.turn().rows("pairs")] == ["Завершена", "В приказе"]
