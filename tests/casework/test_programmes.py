from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.casework import plan
from pipeline.catalog import Activities, Activity, Area
from pipeline.model import Row
from tests.casework.college import (
    GROUP,
    IVANOVA,
    MENTEE_ANSWERS,
    ORLOVA,
    POST,
    SEDOV,
    College,
    propose,
    shipped,
    with_mentee,
    with_mentor,
    with_pair,
)


def activity(key: str, area: str, weeks: int = 1, level: int = 1) -> Activity:
    return Activity(
        key=key, area=area, activity=key, form="f", after_weeks=weeks, responsible="r", result="r", level=level
    )


OFFERED = Activities(
    areas=(Area(key="a", title="А"), Area(key="b", title="Б")),
    activities=(activity("a1", "a"), activity("a2", "a", 4, 2), activity("b1", "b", 2), activity("b2", "b", 9, 3)),
    always=(activity("first", "Организация", 0), activity("last", "Организация", 12)),
)
START, END = date(2026, 12, 1), date(2027, 5, 31)


@pytest.mark.parametrize(
    ("difficulties", "chosen"),
    [
        ({}, ["first", "last"]),
        ({"a": 1}, ["first", "a1", "last"]),
        ({"a": 3, "b": 2}, ["first", "a1", "b1", "a2", "last"]),
        ({"a": 3, "b": 3}, ["first", "a1", "b1", "a2", "b2", "last"]),
    ],
)
def test_a_plan_answers_the_difficulties_in_the_order_of_time(difficulties, chosen):
    assert [one.activity.key for one in plan.choose(OFFERED, difficulties, START, END)] == chosen


def test_no_activity_is_due_after_the_end():
    dues = [one.due for one in plan.choose(OFFERED, {"a": 3, "b": 3}, START, date(2026, 12, 20))]
    assert max(dues) == date(2026, 12, 20)


def test_a_term_too_short_for_it_leaves_out_what_belongs_to_every_plan_but_the_last():
    offered = shipped().activities
    keys = [one.activity.key for one in plan.choose(offered, {}, START, START)]
    assert keys == ["first_meeting", "final_meeting"]


def test_a_short_term_has_a_short_plan_with_the_greatest_difficulty_first():
    chosen = [one.activity.key for one in plan.choose(OFFERED, {"a": 1, "b": 3}, START, START)]
    assert chosen == ["first", "b1", "a1", "last"]
    assert all(one.due == START for one in plan.choose(OFFERED, {"a": 1, "b": 3}, START, START))


def test_a_plan_prints_the_field_by_its_title():
    assert [one.area for one in plan.choose(OFFERED, {"b": 1}, None, None)] == ["Организация", "Б", "Организация"]


levels = st.dictionaries(st.sampled_from([area.key for area in shipped().activities.areas]), st.integers(1, 3))


@given(levels, st.integers(90, 365))
def test_every_difficult_field_has_its_activity_and_the_plan_stays_readable(difficulties, days):
    end = date.fromordinal(START.toordinal() + days)
    chosen = plan.choose(shipped().activities, difficulties, START, end)
    titles = {area.key: area.title for area in shipped().activities.areas}
    many = len(chosen) - len(shipped().activities.always)
    assert many <= 12
    if days >= 120:
        assert {titles[key] for key in difficulties} <= {one.area for one in chosen}
    assert [one.due for one in chosen] == sorted(one.due for one in chosen)


@pytest.mark.parametrize(
    ("cells", "approved", "state"),
    [
        ({"due": "2026-11-21"}, True, "Просрочено"),
        ({"due": "2026-11-22"}, True, "Запланировано"),
        ({"due": "2026-11-21"}, False, "Запланировано"),
        ({}, True, "Запланировано"),
        ({"due": "2026-11-21", "mark": "Выполнено"}, True, "Выполнено"),
        ({"due": "2026-11-21", "mark": "Снято"}, True, "Снято"),
        ({"due": "2026-11-21", "done": "2026-11-20"}, True, "Выполнено"),
    ],
)
def test_an_activity_is_done_dropped_late_or_planned(cells, approved, state):
    assert plan.state(Row("plan", "М-0001", cells), approved, date(2026, 11, 22)) == state


# --- the programme of a pair ----------------------------------------------------------------------------------------


def test_a_programme_says_what_the_regulation_wants():
    row = with_pair().row("programmes")
    assert (row["subject"], row["mentor"], row["order"], row["state"]) == ("П-0001", "НК-0001", "ПК-0001", "Проект")
    assert (row["mentee_names"], row["mode"], row["year"]) == ("Орлова Анна Сергеевна", "очно", "2026-2027")
    assert row["problem"].splitlines() == [
        "Основной запрос: Научиться планировать занятия.",
        "Затруднения по самооценке (от 1 – небольшие до 3 – значительные): "
        "рабочие программы и календарно-тематические планы – 3; подготовка и проведение занятий – 1.",
    ]
    assert "Опыт, которым делится наставник: методика." in row["content"]
    assert row["missing"] == ""


def test_every_text_cell_has_a_proposal_and_no_brace_is_left():
    row = with_pair().row("programmes")
    texts = [row[key] for key in type(shipped().programme).model_fields]
    assert all(texts)
    assert not any(sign in text for text in texts for sign in "{}")


def test_a_sentence_without_its_fact_is_left_out():
    college = with_mentor(College())
    college.fill("mentees", ORLOVA | POST, experience="1")
    with_mentee(college)
    college.submissions = [one for one in college.submissions if one.answers.get("mentees.request") is None]
    propose(college)
    row = college.turn().row("programmes")
    assert (row["problem"], row["missing"]) == ("", "не заполнено: «Режим работы»; не заполнено: «Описание проблемы»")


def test_her_text_stays_whatever_the_questionnaire_says_later():
    college = with_pair()
    college.edit("programmes", "ПР-0001", goal="Своя цель")
    college.fill("mentees", ORLOVA, **(MENTEE_ANSWERS | {"request": "Другое"}))
    row = college.turn().row("programmes")
    assert row["goal"] == "Своя цель"
    assert row["problem"].startswith("Основной запрос: Другое.")


def test_a_group_has_one_programme_with_the_words_of_each():
    college = with_mentee(with_mentee(with_mentor(College())), SEDOV)
    for n in (1, 2):
        propose(college, n, n, group="Г-0001", kinds=GROUP)
    row = college.turn().row("programmes")
    assert len(college.rows("programmes")) == 1
    assert (row["subject"], row["mentee_names"]) == ("Г-0001", "Орлова Анна Сергеевна, Седов Пётр Ильич")
    assert row["problem"].startswith("Основной запрос: Орлова А. С. – Научиться планировать занятия; Седов П. И. – Н")


def signed() -> College:
    college = with_pair()
    college.edit("programmes", "ПР-0001", goal="Своя цель")
    college.edit("plan", "М-0030", programme="ПР-0001", activity="Своё мероприятие", due="2026-12-05")
    college.turn()
    college.edit("orders", "ПК-0001", number="57-од", day="2026-11-23")
    return college.turn()


def test_a_signature_freezes_the_programme_and_its_plan():
    college = signed()
    before = college.row("programmes")
    items = [row.cells for row in college.rows("plan")]
    assert before["state"] == "Утверждена"
    assert {"ПР-0001", "М-0001", "М-0030"} <= college.frozen.keys()
    college.edit("programmes", "ПР-0001", goal="Иная")
    college.edit("people", "Л-0001", surname="Петрова")
    college.fill("mentees", ORLOVA, **(MENTEE_ANSWERS | {"difficulty_digital": "3"}))
    college.turn()
    assert college.row("programmes").cells == before.cells
    assert [row.cells for row in college.rows("plan")] == items


def test_marks_go_on_after_the_signature_and_a_full_plan_is_the_curators_move():
    college = signed()
    for row in college.rows("plan"):
        college.edit("plan", row.code, mark="Выполнено")
    college.today = date(2026, 12, 2)
    college.turn()
    assert {row["state"] for row in college.rows("plan")} == {"Выполнено"}
    assert college.row("programmes")["state"] == "Идёт"
    pair = college.row("pairs")
    assert (pair["turn"], pair["missing"]) == (
        "Куратор",
        "план выполнен полностью: выберите «Завершить» (пункт 10.1 Положения)",
    )


def test_activities_late_in_a_running_programme_say_so():
    college = signed()
    college.today = date(2026, 12, 6)
    college.turn()
    assert college.ledger.row("plan", "М-0030")["state"] == "Просрочено"


def test_what_is_added_after_approval_is_named():
    college = signed()
    college.edit("plan", "М-0031", programme="ПР-0001", activity="Ещё одно")
    assert college.turn().row("programmes")["missing"].startswith("после утверждения добавлено: М-0031")


def test_a_group_that_grows_after_approval_says_so():
    college = with_mentee(with_mentee(with_mentor(College())), SEDOV)
    for n in (1, 2):
        propose(college, n, n, group="Г-0001", kinds=GROUP)
    college.turn()
    college.edit("orders", "ПК-0001", number="57-од", day="2026-11-23")
    third = {"surname": "Яшин", "name": "Лев", "patronymic": "–", "sex": "м", "birth": "2001-02-03"}
    with_mentee(college, third)
    propose(college, 3, 3, group="Г-0001", kinds=GROUP)
    row = college.turn().row("programmes")
    assert row["missing"].startswith("в утверждённой программе нет: Яшин Лев – оформите изменение")
    assert row["mentee_names"] == "Орлова Анна Сергеевна, Седов Пётр Ильич"
    assert [row["state"] for row in college.rows("pairs")] == ["Действует", "Действует", "В приказе"]


def test_the_plan_of_a_pair_that_left_its_order_is_no_plan():
    college = with_pair()
    college.edit("programmes", "ПР-0001", goal="Своя цель")
    college.edit("plan", "М-0001", due="2026-12-03")
    college.edit("pairs", "П-0001", decision="Отложить")
    college.turn()
    (programme,), (item,) = college.rows("programmes"), college.rows("plan")
    assert (programme["goal"], programme["missing"]) == ("Своя цель", "пара выбыла из приказа")
    assert item["state"] == "Снято"
    college.edit("pairs", "П-0001", decision="Согласовать")
    college.turn()
    assert (college.row("programmes")["goal"], college.row("programmes")["state"]) == ("Своя цель", "Проект")
    assert (college.row("plan")["due"], college.row("plan")["state"]) == ("2026-12-03", "Запланировано")


def test_an_agreement_names_its_mentor():
    college = with_mentor(College())
    college.edit("agreements", "СГ-0001", mentor="НК-0001", pay="10 %")
    college.edit("applications", "О-0001", person="Л-0001", kind="заявление")
    college.turn()
    name = f"{IVANOVA['surname']} {IVANOVA['name']} {IVANOVA['patronymic']}"
    assert college.row("agreements")["mentor_name"] == name
    assert college.row("applications")["person_name"] == name
