from datetime import date

from tests.casework.college import (
    DATA,
    IVANOVA,
    ORLOVA,
    PAIR,
    SEDOV,
    College,
    propose,
    with_mentee,
    with_mentor,
    with_pair,
)

FORM = {"code": "ПК-0001", "number": "57-од", "day": "2026-11-23"}


def with_second(college: College, number: int = 2) -> College:
    """One more complete pair, of the same mentor."""
    with_mentee(college, SEDOV)
    propose(college, number, 2)
    return college.turn()


def states(college: College) -> list[str]:
    return [row["state"] for row in college.rows("pairs")]


def pairs_order(college: College, number: int = 1):
    rows = [row for row in college.rows("orders") if row["kind"].startswith("Закрепление")]
    return rows[number - 1]


def test_no_order_before_every_consent():
    college = with_mentor(College())
    college.fill("mentees", ORLOVA | {"post": "преподаватель"}, request="а")
    propose(college)
    college.turn()
    assert [row["kind"] for row in college.rows("orders")] == ["Утверждение Дорожной карты"]


def test_ready_pairs_join_the_open_draft_as_they_come():
    college = with_second(with_pair())
    order = pairs_order(college)
    assert (order["state"], order["turn"], order["drafted"]) == ("Проект", "Куратор", "составляет программа")
    assert order["content"] == (
        "П-0001: Иванова Мария Петровна – Орлова Анна Сергеевна\nП-0002: Иванова Мария Петровна – Седов Пётр Ильич"
    )
    assert {row["order"] for row in college.rows("pairs")} == {"ПК-0001"}


def test_to_sign_closes_the_membership_that_was_published():
    college = with_pair()
    with_mentee(college, SEDOV)
    propose(college, 2, 2)
    college.edit("orders", "ПК-0001", decision="На подпись")
    college.turn()
    assert college.closed == {"ПК-0001": ("П-0001",)}
    first, second = pairs_order(college), pairs_order(college, 2)
    assert (first["state"], first["turn"]) == ("На подпись", "Директор")
    assert first["missing"] == "подпись директора, затем № и дата"
    assert (second["state"], second["content"]) == ("Проект", "П-0002: Иванова Мария Петровна – Седов Пётр Ильич")
    assert [row["turn"] for row in college.rows("pairs")] == ["Директор", "Куратор"]


def test_an_order_that_was_never_published_closes_with_those_that_are_ready():
    college = with_mentee(with_mentor(College()))
    propose(college)
    college.edit("orders", "ПК-0001", decision="На подпись")
    college.turn()
    assert (college.closed, states(college)) == ({"ПК-0001": ("П-0001",)}, ["В приказе"])


def test_a_published_pair_that_is_no_longer_ready_is_not_closed_in():
    college = with_second(with_pair())
    college.edit("consents", college.consent("Орлова", PAIR), withdrawn="2026-11-22")
    college.edit("orders", "ПК-0001", decision="На подпись")
    college.turn()
    assert college.closed == {"ПК-0001": ("П-0002",)}
    assert states(college) == ["Ждёт согласий", "В приказе"]


def test_number_and_date_sign_it_and_bring_the_pairs_into_force():
    college = with_pair()
    college.edit("orders", "ПК-0001", decision="На подпись")
    college.turn()
    college.edit("orders", "ПК-0001", number="57-од", day="2026-11-23")
    college.turn()
    order = pairs_order(college)
    assert (order["state"], order["missing"], order["turn"]) == ("Подписан", "", "")
    assert states(college) == ["Действует"]
    assert college.row("programmes")["state"] == "Утверждена"


def test_a_number_without_to_sign_closes_the_last_edition():
    college = with_pair()
    with_mentee(college, SEDOV)
    propose(college, 2, 2)
    college.edit("orders", "ПК-0001", number="57-од", day="2026-11-23")
    college.turn()
    assert college.closed == {"ПК-0001": ("П-0001",)}
    assert states(college) == ["Действует", "В приказе"]


def test_a_number_without_a_date_is_the_secretarys_move():
    college = with_pair()
    college.edit("orders", "ПК-0001", number="57-од")
    order = pairs_order(college.turn())
    assert (order["state"], order["missing"], order["turn"]) == ("На подпись", "впишите: Дата", "Секретарь")
    assert college.row("pairs")["turn"] == "Секретарь"


def test_the_secretary_registers_by_a_form():
    college = with_pair()
    college.edit("orders", "ПК-0001", decision="На подпись")
    college.fill("orders", {}, **FORM)
    order = pairs_order(college.turn())
    assert (order["number"], order["day"], order["state"]) == ("57-од", "2026-11-23", "Подписан")
    college.fill("orders", {}, **(FORM | {"number": "58-од"}))
    order = pairs_order(college.turn())
    assert (order["number"], order["state"]) == ("58-од", "Подписан"), "№ stays correctable"


def test_a_registration_of_an_unknown_order_is_a_question_answered_with_its_code():
    college = with_pair()
    college.fill("orders", {}, **(FORM | {"code": "ПК-0077"}))
    assert "называет приказ ПК-0077, которого нет" in college.turn().asked()[0]
    college.answer("registration", "ПК-0001")
    assert pairs_order(college.turn())["state"] == "Подписан"
    assert not college.asked()


def test_a_registration_of_an_unknown_order_may_be_ignored():
    college = with_pair()
    college.fill("orders", {}, **(FORM | {"code": "ПК-0003"}))
    college.turn()
    college.answer("registration", "не учитывать")
    assert not college.turn().asked()
    assert pairs_order(college)["state"] == "Проект"


def test_a_signed_row_keeps_its_cells_but_number_and_date():
    college = with_pair()
    college.edit("orders", "ПК-0001", number="57-од", day="2026-11-23", signer="и.о. директора Седых")
    college.turn()
    college.edit("people", "Л-0002", surname="Петрова")
    college.edit("orders", "ПК-0001", decision="Отменить", signer="директор Лихачева", number="59-од")
    college.turn()
    order = pairs_order(college)
    assert order["content"] == "П-0001: Иванова Мария Петровна – Орлова Анна Сергеевна"
    assert (order["decision"], order["signer"], order["number"]) == ("", "и.о. директора Седых", "59-од")
    assert (order["state"], states(college)) == ("Подписан", ["Действует"])
    assert college.row("pairs")["mentee_name"] == "Петрова Анна Сергеевна"


def test_a_signed_order_whose_number_is_blanked_stays_signed_and_asks_for_it():
    college = with_pair()
    college.edit("orders", "ПК-0001", number="57-од", day="2026-11-23")
    college.turn()
    college.edit("orders", "ПК-0001", number=None)
    order = pairs_order(college.turn())
    assert (order["state"], order["missing"], order["turn"]) == ("Подписан", "впишите: №", "Секретарь")


# --- cancelled, removed ---------------------------------------------------------------------------------------------


def test_a_cancelled_order_gives_its_pairs_back_until_she_decides_anew():
    college = with_pair()
    college.edit("orders", "ПК-0001", decision="На подпись")
    college.turn()
    college.edit("orders", "ПК-0001", decision="Отменить")
    college.turn()
    pair = college.row("pairs")
    assert (pair["state"], pair["order"], pair["turn"]) == ("Отложена", "", "Куратор")
    assert pair["missing"] == "приказ ПК-0001 отменён: выберите «Решение» заново"
    order = pairs_order(college)
    assert (order["state"], order["turn"]) == ("Отменён", "")
    assert order["content"].startswith("П-0001: Иванова")
    college.edit("pairs", "П-0001", decision=None)
    assert states(college.turn()) == ["Предложена"]
    college.edit("pairs", "П-0001", decision="Согласовать")
    college.turn()
    assert (states(college), college.row("pairs")["order"]) == (["В приказе"], "ПК-0003")


def test_an_open_draft_may_be_cancelled_too():
    college = with_pair()
    college.edit("orders", "ПК-0001", decision="Отменить")
    college.turn()
    assert states(college) == ["Отложена"]
    assert college.turn().closed == {"ПК-0001": ("П-0001",)}


def test_an_order_row_she_removed_is_cancelled():
    college = with_pair()
    college.remove("ПК-0001")
    college.turn()
    assert states(college) == ["Отложена"]
    assert [row["kind"] for row in college.rows("orders")] == ["Утверждение Дорожной карты"]
    college.edit("pairs", "П-0001", decision="Согласовать")
    college.turn()
    assert (states(college), college.row("pairs")["order"]) == (["В приказе"], "ПК-0003")


def test_a_cancelled_order_stays_cancelled():
    college = with_pair()
    college.edit("orders", "ПК-0001", decision="Отменить")
    college.turn()
    college.edit("orders", "ПК-0001", decision=None)
    assert pairs_order(college.turn())["state"] == "Отменён"


def test_a_pair_that_leaves_an_order_out_for_signature_is_a_question():
    college = with_pair()
    college.edit("orders", "ПК-0001", decision="На подпись")
    college.turn()
    college.edit("consents", college.consent("Орлова", PAIR), withdrawn="2026-11-22")
    college.turn()
    (text,) = college.asked()
    assert text.startswith("П-0001 стоит в приказе ПК-0001, который уже на подписи, но теперь: согласие «Участие в")
    assert states(college) == ["В приказе"]
    college.answer("left", "оставить")
    assert not college.turn().asked()
    college.edit("pairs", "П-0001", decision="Отложить")
    college.edit("consents", college.consent("Орлова", PAIR), withdrawn=None)
    assert "решение – «Отложить»" in college.turn().asked()[0]


# --- recorded -------------------------------------------------------------------------------------------------------


def recorded(**order: str) -> College:
    college = with_mentor(College())
    college.fill("mentees", ORLOVA | {"post": "преподаватель"}, request="а")
    college.turn()
    college.edit("orders", "ПК-0010", kind="Закрепление наставнических пар и групп", **order)
    propose(college, order="ПК-0010", decision=None, start="2026-09-15")
    return college.turn()


def test_an_order_typed_with_number_and_date_is_recorded_and_its_pairs_are_in_force():
    college = recorded(number="41-од", day="2026-09-14")
    order = pairs_order(college)
    assert (order["state"], order["drafted"], order["turn"]) == ("Подписан", "записан", "")
    assert order["content"] == "П-0001: Иванова Мария Петровна – Орлова Анна Сергеевна"
    assert states(college) == ["Действует"]
    assert college.row("programmes")["state"] == "Идёт"
    assert "лист не подписан" in college.row("pairs")["missing"]
    assert not college.frozen, "the plan agreed on paper can still be typed"


def test_an_order_typed_without_number_waits_for_it():
    college = recorded()
    order = pairs_order(college)
    assert (order["state"], order["turn"]) == ("Проект", "Куратор")
    assert order["missing"] == "строка для уже подписанного приказа; впишите: №, Дата"
    assert "впишите № и дату приказа ПК-0010 на листе «Приказы»" in college.row("pairs")["missing"]


def test_a_recorded_order_that_is_cancelled_gives_its_pairs_back():
    college = recorded(number="41-од", day="2026-09-14")
    college.edit("orders", "ПК-0010", decision="Отменить")
    college.turn()
    assert (states(college), pairs_order(college)["state"]) == (["Отложена"], "Отменён")


def test_nobody_is_written_into_a_closed_order():
    college = with_pair()
    college.edit("orders", "ПК-0001", decision="На подпись")
    with_mentee(college, SEDOV)
    propose(college, 2, 2, order="ПК-0001")
    college.turn()
    assert states(college) == ["В приказе", "Согласована"]
    assert college.row("pairs", 2)["missing"].startswith("«Приказ»: состав ПК-0001 закрыт, и этой пары в нём нет")


def test_a_number_given_twice_in_a_calendar_year_is_a_question():
    college = recorded(number="41-ОД", day="2026-09-14")
    college.edit("orders", "ПК-0011", kind="Утверждение Дорожной карты", number="41-од", day="2027-01-14")
    assert not college.turn().asked()
    college.edit("orders", "ПК-0011", day="2026-01-14")
    assert "стоит у нескольких приказов: ПК-0010, ПК-0011" in college.turn().asked()[0]
    college.answer("number", "оставить")
    assert not college.turn().asked()


# --- groups and time ------------------------------------------------------------------------------------------------


def test_what_was_signed_outlives_the_school_year():
    college = with_pair()
    college.edit("orders", "ПК-0001", number="57-од", day="2026-11-23")
    college.edit("orders", "ПК-0002", number="58-од", day="2026-11-23")
    college.turn()
    before = {sheet: len(college.rows(sheet)) for sheet in ("programmes", "plan", "roadmap")}
    college.today = date(2027, 9, 10)
    college.turn()
    assert {sheet: len(college.rows(sheet)) for sheet in ("programmes", "plan")} == {
        key: before[key] for key in ("programmes", "plan")
    }
    assert len(college.rows("roadmap")) == 2 * before["roadmap"]
    assert [row["state"] for row in college.rows("orders")] == ["Подписан", "Подписан", "Проект"]
    assert college.row("consents")["state"] == "Истекло"
    assert states(college) == ["Действует"]


def test_a_registration_without_a_person_makes_no_person():
    college = College()
    college.fill("orders", {}, **FORM)
    college.fill("consents", IVANOVA, kind=DATA, answer="Согласен")
    assert [row["surname"] for row in college.turn().rows("people")] == ["Иванова"]
