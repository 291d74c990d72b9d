"""Applications: what each is about, whose agreement it wants, the order it begins, and what its signature does."""

from __future__ import annotations

from datetime import date

import pytest

from tests.casework.college import (
    GROUP,
    IVANOVA,
    ORLOVA,
    SEDOV,
    College,
    propose,
    shipped,
    with_mentee,
    with_mentor,
    with_pair,
)

RELEASE, REPLACEMENT = "Сложение обязанностей наставника", "Замена наставника"
CHANGE, END, PROPOSAL = "Изменение программы", "Досрочное завершение программы", "Поправка к программе"
HELPER, ACCESS = "Привлечение другого работника", "Ознакомление с материалами личного дела"
REPORT, AGREE = "Отчёт о выполненных мероприятиях", "Согласие с обращением"
KOVAL = {"surname": "Коваль", "name": "Олег", "patronymic": "Ильич", "sex": "м", "birth": "1980-01-02"}


def working() -> College:
    """A college with one pair in force, on the day after its start."""
    college = with_pair()
    college.edit("orders", "ПК-0001", number="57-од", day="2026-11-23")
    college.today = date(2026, 12, 2)
    return college.turn()


def with_two_pairs(**group: str) -> College:
    """A college whose mentor has two mentees, both in force."""
    college = with_mentee(with_mentee(with_mentor(College())), SEDOV)
    propose(college, 1, 1, **group)
    propose(college, 2, 2, **group)
    college.turn()
    college.edit("orders", "ПК-0001", number="57-од", day="2026-11-23")
    return college.turn()


def ask(college: College, person: dict[str, str], kind: str, **cells: str) -> College:
    college.fill("applications", person, kind=kind, **cells)
    return college.turn()


def grant(college: College, number: int = 1) -> College:
    college.edit("applications", f"О-{number:04d}", decision="Удовлетворить")
    return college.turn()


def order_of(college: College, number: int = 1):
    code = college.row("applications", number)["order"]
    return next(row for row in college.rows("orders") if row.code == code)


def sign(college: College, code: str) -> College:
    college.edit("orders", code, number="60-од", day=college.today.isoformat())
    return college.turn()


def said(college: College, number: int = 1) -> tuple[str, str]:
    row = college.row("applications", number)
    return row["state"], row["turn"]


def test_every_kind_has_a_form_and_every_form_a_kind() -> None:
    forms = [one.sets["kind"] for one in shipped().forms.values() if one.sheet == "applications"]
    assert sorted(forms) == sorted(shipped().application_kinds)


# --- from the application to the order ------------------------------------------------------------------------------


def test_an_application_waits_for_the_decision_and_names_nothing_when_there_is_one_pair() -> None:
    college = ask(working(), IVANOVA, RELEASE, reason="переезд")
    row = college.row("applications")
    assert (row["person"], row["about"], row["received"], row["year"]) == (
        "Л-0001",
        "П-0001",
        "2026-12-02",
        "2026-2027",
    )
    assert said(college) == ("На рассмотрении", "Куратор")


def test_a_granted_release_begins_its_order_not_before_three_working_days() -> None:
    college = grant(ask(working(), IVANOVA, RELEASE, since="2026-12-03"))
    row = order_of(college)
    assert (row["kind"], row["about"], row["since"]) == (RELEASE, "П-0001", "2026-12-07")
    assert row["basis"] == "заявление наставника (Иванова М. П.) от 02.12.2026"
    assert (row["drafted"], said(college)[0]) == ("составляет программа", "Готовится приказ")
    sign(college, row.code)
    assert said(college) == ("Исполнено", "")
    college.today = date(2026, 12, 7)
    assert college.turn().row("pairs")["state"] == "Прекращена"
    assert college.row("applications")["order"] == row.code


def test_a_refused_application_begins_nothing_and_a_cancelled_order_is_told() -> None:
    college = ask(working(), IVANOVA, RELEASE)
    college.edit("applications", "О-0001", decision="Отказать")
    orders = len(college.turn().rows("orders"))
    assert said(college) == ("Отказано", "")
    row = order_of(grant(college))
    assert len(college.rows("orders")) == orders + 1
    college.edit("orders", row.code, decision="Отменить")
    assert said(college.turn()) == ("Приказ отменён", "Куратор")


def test_what_the_curator_writes_in_the_order_counts() -> None:
    college = grant(ask(working(), ORLOVA, END, since="2027-01-11"))
    row = order_of(college)
    assert (row["reason"], row["basis"]) == (
        "инициатива наставляемого",
        "заявление наставляемого (Орлова А. С.) от 02.12.2026",
    )
    college.edit("orders", row.code, basis="заявление Орловой", since="2027-01-12")
    row = order_of(college.turn())
    assert (row["basis"], row["since"]) == ("заявление Орловой", "2027-01-12")


def test_both_sides_who_ask_for_the_end_make_one_order_by_mutual_decision() -> None:
    college = ask(ask(working(), ORLOVA, END, since="2027-01-11"), IVANOVA, END)
    grant(grant(college, 1), 2)
    assert order_of(college, 1).code == order_of(college, 2).code
    row = order_of(college)
    assert row["reason"] == "обоюдное решение"
    assert row["basis"].count("заявление наставл") == 1
    assert row["basis"].count("заявление наставника (Иванова М. П.)") == 1
    sign(college, row.code)
    assert [said(college, n)[0] for n in (1, 2)] == ["Исполнено", "Исполнено"]


def test_a_replacement_takes_the_wished_mentor_by_name() -> None:
    college = ask(working(), KOVAL, RELEASE)
    assert college.row("applications")["missing"] == "подавший не является наставником ни в одной действующей паре"
    college = grant(ask(college, ORLOVA, REPLACEMENT, other="Коваль  Олег Ильич", reason="график"), 2)
    row = order_of(college, 2)
    assert (row["kind"], row["person"]) == (REPLACEMENT, college.row("applications", 1)["person"])
    assert "нет в базе наставников" in row["missing"]


def test_a_person_who_is_not_known_by_the_words_is_asked_for() -> None:
    college = ask(working(), ORLOVA, REPLACEMENT, other="кто-нибудь")
    assert said(college) == ("Уточните", "Куратор")
    assert "«Кого касается»" in college.row("applications")["missing"]


# --- which pair -----------------------------------------------------------------------------------------------------


def test_a_mentor_of_two_pairs_is_asked_which_one_and_may_name_it() -> None:
    college = ask(with_two_pairs(), IVANOVA, RELEASE)
    assert any("о какой паре" in text for text in college.asked())
    college.answer("about:О-0001", "П-0002")
    assert college.turn().row("applications")["about"] == "П-0002"
    assert not any("о какой паре" in text for text in college.asked())
    assert ask(college, IVANOVA, END, about="орлова").row("applications", 2)["about"] == "П-0001"
    wrong = ask(college, SEDOV, END, about="П-0001").row("applications", 3)
    assert (wrong["state"], wrong["missing"]) == ("Уточните", "«К чему относится»: П-0001 – не пара подавшего")


def test_a_mentor_of_a_group_speaks_of_the_group_and_a_mentee_of_the_own_place() -> None:
    college = with_two_pairs(group="Г-0001", kinds=GROUP)
    ask(ask(college, IVANOVA, END), SEDOV, END)
    assert [row["about"] for row in college.rows("applications")] == ["Г-0001", "П-0002"]
    change = ask(college, SEDOV, CHANGE, text="Продлить.").row("applications", 3)
    assert (change["about"], change["turn"]) == ("Г-0001", "Наставник, Наставляемый")


def test_a_mentor_of_a_group_may_speak_of_one_mentee_and_must_where_only_one_can_be_meant() -> None:
    college = with_two_pairs(group="Г-0001", kinds=GROUP)
    assert ask(college, IVANOVA, END, about="Орлова").row("applications")["about"] == "П-0001"
    ask(college, IVANOVA, "Предложение о поощрении", text="благодарность")
    assert any("о какой паре" in text for text in college.asked())
    college.answer("about:О-0002", "П-0002")
    row = order_of(grant(college.turn(), 2), 2)
    assert (row["kind"], row["person"]) == ("Поощрение", college.row("mentees", 2)["person"])


def test_what_was_found_stays_when_another_pair_comes() -> None:
    college = with_mentee(working(), SEDOV)
    ask(college, IVANOVA, REPORT, items="1 – 01.12.2026", text="хорошо")
    propose(college, 2, 2)
    college.turn()
    college.edit("orders", "ПК-0003", number="58-од", day="2026-12-02")
    assert college.turn().row("applications")["about"] == "П-0001"


# --- agreement ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False])
def test_a_change_waits_for_the_other_side_whoever_comes_first(first: bool) -> None:
    college = working()
    forms = [(IVANOVA, CHANGE, {"text": "Продлить.", "until": "2027-06-30"}), (ORLOVA, AGREE, {"answer": "Согласен"})]
    for person, kind, cells in forms if first else reversed(forms):
        ask(college, person, kind, **cells)
    application, agreement = (row for row in sorted(college.rows("applications"), key=lambda row: row["kind"]))
    assert application["state"] == "На рассмотрении"
    assert (agreement["state"], agreement["about"]) == ("Принято", application.code)
    college.edit("applications", application.code, decision="Удовлетворить")
    code = next(row["order"] for row in college.turn().rows("applications") if row["order"])
    order = next(row for row in college.rows("orders") if row.code == code)
    assert order["basis"].endswith("; согласие наставляемого (Орлова А. С.) от 02.12.2026")
    assert (order["until"], order["text"]) == ("2027-06-30", "Продлить.")


def test_a_decision_without_the_agreement_begins_nothing() -> None:
    college = grant(ask(working(), ORLOVA, CHANGE, text="Продлить."))
    assert said(college) == ("Ждёт согласия", "Наставник")
    assert college.row("applications")["order"] == ""
    college.edit("applications", "О-0001", agreed="да")
    assert order_of(college.turn())["basis"].endswith("; письменное согласие других участников")


def test_the_same_application_of_the_other_side_agrees_and_a_refusal_is_told() -> None:
    college = ask(ask(working(), ORLOVA, CHANGE, text="Продлить."), IVANOVA, CHANGE, text="Продлить срок.")
    assert [said(college, n)[0] for n in (1, 2)] == ["На рассмотрении", "На рассмотрении"]
    other = ask(ask(working(), ORLOVA, CHANGE, text="Продлить."), IVANOVA, AGREE, answer="Отказ")
    assert other.row("applications")["missing"] == "не согласен: Иванова М. П."


@pytest.mark.parametrize(
    ("kind", "who", "turn"), [(HELPER, KOVAL, "Привлекаемый работник"), (ACCESS, ORLOVA, "Наставляемый")]
)
def test_helper_and_access_need_the_consent_of_the_one_concerned(kind: str, who: dict[str, str], turn: str) -> None:
    college = working()
    college.fill("consents", KOVAL, kind="Обработка персональных данных", answer="Согласен")
    college.turn()
    ask(college, IVANOVA, kind, text="помощь", **({"other": "Коваль О. И."} if kind == HELPER else {}))
    assert said(college) == ("Ждёт согласия", turn)
    ask(college, who, AGREE, about="Иванова", answer="Согласен")
    assert said(grant(college)) == ("Удовлетворено", "")


def test_an_agreement_that_nobody_waits_for_says_so_and_one_of_several_is_asked() -> None:
    alone = ask(working(), ORLOVA, AGREE, answer="Согласен")
    assert "пока нет" in alone.row("applications")["missing"]
    college = ask(ask(working(), IVANOVA, CHANGE, text="Продлить."), IVANOVA, ACCESS, text="аттестация")
    ask(college, ORLOVA, AGREE, answer="Согласен")
    assert any("согласие с каким обращением" in text for text in college.asked())
    college.answer("agrees:О-0003", "О-0002")
    college.turn()
    assert [said(college, n)[0] for n in (1, 2, 3)] == ["Ждёт согласия", "На рассмотрении", "Принято"]


# --- corrections ----------------------------------------------------------------------------------------------------


def test_a_form_before_the_decision_corrects_and_one_after_it_is_a_new_application() -> None:
    college = ask(ask(working(), IVANOVA, RELEASE, reason="переезд"), IVANOVA, RELEASE, reason="здоровье")
    assert [row["reason"] for row in college.rows("applications")] == ["здоровье"]
    college.edit("applications", "О-0001", decision="Отказать")
    ask(college.turn(), IVANOVA, RELEASE, reason="снова")
    assert [row["reason"] for row in college.rows("applications")] == ["здоровье", "снова"]


def test_a_removed_application_stays_removed_until_a_new_form_comes() -> None:
    college = ask(working(), IVANOVA, RELEASE)
    college.remove("О-0001")
    assert college.turn().rows("applications") == []
    assert [row.code for row in ask(college, IVANOVA, RELEASE).rows("applications")] == ["О-0002"]


def test_a_typed_application_is_one_like_any_other() -> None:
    college = working()
    college.edit("applications", "О-0005", person="Л-0001", kind=RELEASE)
    row = college.turn().row("applications")
    assert (row["about"], row["received"], row["state"]) == ("П-0001", "2026-12-02", "На рассмотрении")
    college.edit("applications", "О-0006", person="Л-0001", text="что-то")
    assert college.turn().row("applications", 2)["missing"] == "выберите «Вид обращения»"


# --- reports and plans ----------------------------------------------------------------------------------------------


def plan(college: College):
    return sorted(college.rows("plan"), key=lambda row: row["due"])


def test_a_report_marks_activities_by_number_or_code_and_hers_wins() -> None:
    college = working()
    second, third = plan(college)[1].code, plan(college)[2].code
    college.edit("plan", third, done="2026-11-30")
    ask(college, IVANOVA, REPORT, items=f"1, 2 – 01.12.2026\n{third} - 02.12.2026", text="всё хорошо")
    items = {row.code: row for row in plan(college)}
    assert said(college) == ("Принято", "")
    assert (items[second]["mark"], items[second]["done"]) == ("Выполнено", "2026-12-01")
    assert items[third]["done"] == "2026-11-30"
    assert (college.row("programmes")["progress"], college.row("pairs")["missing"]) == ("есть отметки", "")
    assert college.row("applications")["items"].startswith("М-")
    college.edit("applications", "О-0001", decision="Отказать")
    assert plan(college.turn())[0]["mark"] == ""


@pytest.mark.parametrize("items", ["всё", "1 – вчера", "77", "1 – 01.12.2026; и ещё занятие"])
def test_a_report_that_cannot_be_understood_marks_nothing_and_says_what(items: str) -> None:
    college = ask(working(), IVANOVA, REPORT, items=items, text="хорошо")
    assert said(college) == ("Уточните", "Куратор")
    assert "не понятно" in college.row("applications")["missing"]
    assert not any(row["mark"] for row in plan(college))


def test_when_all_is_reported_the_completion_falls_due() -> None:
    college = working()
    many = len(plan(college))
    ask(college, IVANOVA, REPORT, items="\n".join(str(n) for n in range(1, many + 1)), text="готово")
    row = college.row("pairs")
    assert ("план выполнен полностью" in row["missing"], row["turn"]) == (True, "Куратор")
    assert college.row("programmes")["progress"] == "выполнен полностью"


def test_an_activity_proposed_enters_the_new_edition_with_the_marks_so_far() -> None:
    college = working()
    ask(college, IVANOVA, REPORT, items="1 – 01.12.2026", text="начали")
    ask(college, ORLOVA, PROPOSAL, text="Добавить занятие.", activity="Открытый урок", due="2027-02-01")
    ask(college, IVANOVA, AGREE, answer="Согласен")
    order = order_of(grant(college, 2), 2)
    assert order["text"] == "Добавить занятие.\nВключить в план мероприятий: Открытый урок (срок – 01.02.2027)."
    college.edit("orders", order.code, since="2026-12-03")
    sign(college, order.code)
    new = college.row("programmes", 2)
    assert (new["before"], new["progress"]) == ("ПР-0001", "есть отметки")
    mine = [row for row in college.rows("plan") if row["programme"] == new.code]
    assert [row["done"] for row in mine if row["mark"]] == ["2026-12-01"]
    assert [row["due"] for row in mine if row["activity"] == "Открытый урок"] == ["2027-02-01"]
    ask(college, IVANOVA, REPORT, items="2 – 02.12.2026", text="ещё")
    now = [row for row in college.rows("plan") if row["programme"] == new.code and row["mark"]]
    assert len(now) == 2


# --- agreements and events ------------------------------------------------------------------------------------------


def test_a_mentor_of_a_pair_is_proposed_an_agreement_that_waits_for_the_pay() -> None:
    college = with_pair()
    row = college.row("agreements")
    assert (row["mentor"], row["start"], row["end"]) == ("НК-0001", "2026-12-01", "2027-05-31")
    assert (row["state"], row["missing"]) == ("Ждёт данных", "не заполнено: «Размер и условия оплаты»")
    college.edit("agreements", row.code, pay="10 % оклада")
    assert college.turn().row("agreements")["state"] == "Проект"
    college.edit("agreements", row.code, number="3", day="2026-11-24")
    assert college.turn().row("agreements")["state"] == "Подписано"
    assert row.code in college.frozen


def test_a_signed_agreement_that_no_longer_covers_the_programme_says_so() -> None:
    college = working()
    college.edit("agreements", "СГ-0001", pay="10 %", number="3", day="2026-11-24")
    college.turn()
    grant(ask(college, IVANOVA, CHANGE, text="Продлить.", until="2027-06-30"))
    college.edit("applications", "О-0001", agreed="да")
    order = order_of(college.turn())
    college.edit("orders", order.code, since="2026-12-03")
    sign(college, order.code)
    row = college.row("agreements")
    assert (row["end"], "программа идёт по 30.06.2027" in row["missing"]) == ("2027-05-31", True)


@pytest.mark.parametrize(
    ("noticed", "earliest"),
    [("2026-11-23", "2026-11-26"), ("2026-12-30", "2027-01-13"), ("2027-03-05", "2027-03-11")],
)
def test_the_earliest_end_is_counted_in_working_days_of_the_calendar(noticed: str, earliest: str) -> None:
    college = working()
    college.edit("agreements", "СГ-0001", pay="10 %", number="3", day="2026-11-24")
    college.turn()
    college.edit("agreements", "СГ-0001", side="работодатель", noticed=noticed, ends="2026-11-23")
    row = college.turn().row("agreements")
    assert row["earliest"] == earliest
    assert "не раньше" in row["missing"]


def test_a_granted_release_is_also_the_warning_and_ends_the_agreement() -> None:
    college = working()
    college.edit("agreements", "СГ-0001", pay="10 %", number="3", day="2026-11-24")
    grant(ask(college, IVANOVA, RELEASE))
    row = college.row("agreements")
    assert (row["side"], row["noticed"], row["earliest"], row["state"]) == (
        "наставник",
        "2026-12-02",
        "2026-12-07",
        "Предупреждение",
    )
    college.today = date(2026, 12, 7)
    assert college.turn().row("agreements")["state"] == "Прекращено"


def test_no_agreement_is_proposed_where_policy_wants_none_or_one_was_typed() -> None:
    college = with_mentee(with_mentor(College()))
    policy = college.catalog.policy
    none = policy.model_copy(update={"agreement": policy.agreement.model_copy(update={"needed": False})})
    college.catalog = type(college.catalog)(**{**vars(college.catalog), "policy": none})
    propose(college)
    assert college.turn().rows("agreements") == []
    other = with_mentee(with_mentor(College())).turn()
    other.edit("agreements", "СГ-0009", mentor="НК-0001")
    propose(other)
    assert [row.code for row in other.turn().rows("agreements")] == ["СГ-0009"]


def test_an_event_shows_its_order_and_whether_it_was_held() -> None:
    college = working()
    college.edit("events", "СБ-0001", title="Круглый стол", day="2026-12-01")
    row = college.turn().row("events")
    assert (row["state"], row["missing"]) == ("Впишите итог", "заполните: «Место»")
    college.edit("events", "СБ-0001", day="2027-06-18", place="Зал")
    college.edit("orders", "ПК-0030", kind="Проведение итогового мероприятия", about="СБ-0001", substitute="Л-0001")
    row = college.turn().row("events")
    assert (row["state"], row["order"]) == ("Запланировано", "ПК-0030")
    college.edit("events", "СБ-0001", result="Проведён")
    assert college.turn().row("events")["state"] == "Проведено"
