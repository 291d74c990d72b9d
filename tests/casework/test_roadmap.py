from datetime import date

from tests.casework.college import ROOT, College, shipped


def test_the_years_roadmap_has_the_seven_stages_with_the_organisations_own_name():
    college = College().turn()
    rows = college.rows("roadmap")
    assert [row["n"] for row in rows] == ["1", "2", "3", "4", "5", "6", "7"]
    assert {row["year"] for row in rows} == {"2026-2027"}
    assert rows[2]["duration"] == "Сентябрь–октябрь 2026 г."
    assert "ГБПОУ «АИК»" in rows[2]["content"]
    text = "\n".join(value for row in rows for value in row.cells.values())
    assert not any(stranger in text for stranger in ("МТТК", "{", "}", "202 "))


def test_no_name_of_an_organisation_stands_in_the_shipped_stages():
    text = (ROOT / "config/roadmap.yaml").read_text("utf-8")
    assert "МТТК" not in text
    assert "АИК" not in text


def test_the_roadmap_has_the_order_that_approves_it():
    college = College().turn()
    (order,) = college.rows("orders")
    assert (order["kind"], order["about"], order["state"]) == ("Утверждение Дорожной карты", "2026-2027", "Проект")
    assert order["content"] == "Дорожная карта на 2026-2027 учебный год"
    assert {row["order"] for row in college.rows("roadmap")} == {order.code}


def test_a_signature_freezes_the_stages_but_their_marks():
    college = College().turn()
    order, stage = college.row("orders").code, college.row("roadmap").code
    college.edit("roadmap", stage, responsible="Куратор")
    college.edit("orders", order, number="12-од", day="2026-09-01")
    college.turn()
    assert college.ledger.row("orders", order)["state"] == "Подписан"
    college.edit("roadmap", stage, responsible="Директор", mark="Выполнено")
    row = college.turn().row("roadmap")
    assert (row["responsible"], row["mark"], row["state"]) == ("Куратор", "Выполнено", "Выполнено")


def test_a_roadmap_not_signed_by_the_summer_keeps_its_order():
    college = College().turn()
    college.edit("orders", college.row("orders").code, decision="На подпись")
    college.turn()
    college.today = date(2027, 6, 1)
    college.turn()
    assert [(row["about"], row["state"]) for row in college.rows("orders")] == [
        ("2026-2027", "На подпись"),
        ("2027-2028", "Проект"),
    ]
    assert {row["year"] for row in college.rows("roadmap")} == {"2026-2027", "2027-2028"}


def test_a_cancelled_order_approves_no_stage():
    college = College().turn()
    college.edit("orders", college.row("orders").code, decision="Отменить")
    college.turn()
    assert {row["order"] for row in college.rows("roadmap")} == {""}
    assert college.row("orders")["state"] == "Отменён"


def test_the_shipped_stages_are_those_of_the_regulation():
    titles = [stage.title for stage in shipped().roadmap.stages]
    assert titles[0] == "Подготовка условий реализации системы наставничества"
    assert titles[-1] == "Информационная поддержка системы наставничества"
