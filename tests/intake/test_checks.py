from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fields import Unreadable
from pipeline.intake import checks
from pipeline.wording import intake as say

TODAY = date(2026, 11, 22)


def refusal(column: str, value: str) -> str:
    try:
        checks.check(column, value, TODAY)
    except Unreadable as wanted:
        return str(wanted)
    return ""


@pytest.mark.parametrize("surname", [
    "Иванов", "Иванова-Петрова", "Черных", "Гусейн-заде", "Сен Санс", "фон Бок", "О'Нил", "Ён", "Тер-Петросян", "И",
])  # fmt: skip
def test_surnames_as_they_are_pass_unchanged(surname: str) -> None:
    assert checks.check("people.surname", surname, TODAY) == surname


@pytest.mark.parametrize(("surname", "wanted"), [
    ("Иванов Иван", say.want_surname_alone()),
    ("Иванов Иван Петрович", say.want_surname_alone()),
    ("Иванов2", say.want_letters()),
    ("Иванов (Петров)", say.want_letters()),
    ("Ивaнoв", say.want_russian("ao")),
    ("-", say.want_letters()),
])  # fmt: skip
def test_what_is_no_single_surname_is_refused(surname: str, wanted: str) -> None:
    assert refusal("people.surname", surname) == wanted


@pytest.mark.parametrize(("name", "wanted"), [
    ("Анна", ""), ("Анна-Мария", ""), ("Анна Мария", ""), ("И.", say.want_full_name()), ("М. П.", say.want_full_name()),
    ("Анна Петровна", say.want_name_alone()), ("Ш", say.want_full_name()),
])  # fmt: skip
def test_a_name_is_one_name_in_full(name: str, wanted: str) -> None:
    assert refusal("people.name", name) == wanted


@pytest.mark.parametrize(("patronymic", "wanted"), [
    ("Петровна", ""), ("Ильич", ""), ("Али оглы", ""), ("–", ""), ("Петрович Иванов", say.want_patronymic_alone()),
    ("П.", say.want_full_name()), ("Талант уулу", ""), ("Мохаммед Али", ""),
    ("Анна Петровна", say.want_patronymic_alone()),
    ("нет отчества у меня", say.want_patronymic_alone()),
])  # fmt: skip
def test_a_patronymic_is_one_patronymic_or_none(patronymic: str, wanted: str) -> None:
    assert refusal("people.patronymic", patronymic) == wanted


@pytest.mark.parametrize(("typed", "tidied"), [
    ("ИВАНОВ", "Иванов"), ("иванова", "Иванова"), ("ИВАНОВА–ПЕТРОВА", "Иванова-Петрова"), ("АЛИ ОГЛЫ", "Али оглы"),
    ("ФЁДОРОВ", "Фёдоров"), ("О’НИЛ", "О'Нил"), ("МакДональд", "МакДональд"), ("Иванова - Петрова", "Иванова-Петрова"),
])  # fmt: skip
def test_names_are_tidied_as_they_are_printed(typed: str, tidied: str) -> None:
    assert checks.tidy_name(typed) == tidied


@given(st.text("абвёАБВЁ -'–", max_size=20))
def test_tidying_a_name_twice_changes_nothing_more(text: str) -> None:
    once = checks.tidy_name(text)
    assert checks.tidy_name(once) == once


@pytest.mark.parametrize(("patronymic", "sex"), [
    ("Петрович", "м"), ("Ильич", "м"), ("Кузьмич", "м"), ("Али оглы", "м"), ("Петровна", "ж"), ("Ильинична", "ж"),
    ("Мамед кызы", "ж"), ("–", ""), ("", ""), ("Аулы", ""), ("Мария", ""),
])  # fmt: skip
def test_a_patronymic_tells_whose_it_is(patronymic: str, sex: str) -> None:
    assert checks.patronymic_sex(patronymic) == sex


def people(**answers: str) -> dict[str, str]:
    return {f"people.{key}": value for key, value in answers.items()}


def test_agreeing_answers_contradict_nothing() -> None:
    assert checks.contradictions(people(sex="ж", name="Мария", patronymic="Петровна")) == {}
    assert checks.contradictions(people(sex="ж", name="Мария", patronymic="–")) == {}
    assert checks.contradictions({}) == {}


def test_name_and_patronymic_in_each_others_place_are_told() -> None:
    assert checks.contradictions(people(sex="ж", name="Петровна", patronymic="Мария")) == {
        "people.name": say.swapped_names("Мария")
    }


@pytest.mark.parametrize(("birth", "believed"), [
    ("2010-11-22", True), ("2010-11-23", False), ("1926-11-22", True), ("1925-11-22", False), ("2026-11-22", False),
])  # fmt: skip
def test_a_birth_is_believed_between_sixteen_and_a_hundred_years_ago(birth: str, believed: bool) -> None:
    assert (refusal("people.birth", birth) == "") is believed


@pytest.mark.parametrize(("column", "value", "believed"), [
    ("people.phone", "+7 (949) 123-45-67", True), ("people.phone", "5-12-34", True), ("people.phone", "нету", False),
    ("people.email", "ivanova@example.ru", True), ("people.email", "почта@колледж.рф", True),
    ("people.email", "ivanova", False), ("people.email", "a b@example.ru", False),
])  # fmt: skip
def test_contacts_are_judged_leniently(column: str, value: str, believed: bool) -> None:
    assert (refusal(column, value) == "") is believed


def test_a_day_nobody_can_mean_is_refused() -> None:
    assert checks.check_day("2026-11-05", TODAY) == "2026-11-05"
    for day in ("0206-11-05", "2062-11-05"):
        with pytest.raises(Unreadable):
            checks.check_day(day, TODAY)


def test_a_column_without_a_rule_takes_anything() -> None:
    assert checks.check("mentees.request", "2 x 2 = 4", TODAY) == "2 x 2 = 4"
