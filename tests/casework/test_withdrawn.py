"""What a withdrawal blocks, which of the law's clocks it starts; which consents run out and are renewed."""

from datetime import date

import pytest

from pipeline.casework import point
from tests.casework.college import DATA, IVANOVA, MENTOR, ORLOVA, PAIR, College, with_pair

SITE = "Распространение персональных данных"


def withdraw(college: College, person: dict[str, str], kinds: str, day: str = "2026-11-22", demand: str = "") -> None:
    """Somebody hands in the form «Отзыв согласия»."""
    one = college.fill("people", person)
    one.answers.update(
        {"consents.kind": kinds, "consents.withdrawn": day, **({"consents.demand": demand} if demand else {})}
    )


def in_force() -> College:
    """A college with one pair whose order is signed."""
    college = with_pair()
    college.edit("orders", college.row("pairs")["order"], decision="На подпись", number="57-од", day="2026-11-22")
    assert college.turn().row("pairs")["state"] == "Действует"
    return college


def consent(college: College, person: str, kind: str):
    found = [row for row in college.rows("consents") if row["kind"] == kind and row["person_name"].startswith(person)]
    return found[-1]


def duties(college: College) -> list[tuple[str, str]]:
    return [(row["until"], row["state"]) for row in college.rows("duties")]


# --- withdrawal -------------------------------------------------------------------------------------------------------


def test_a_withdrawal_handed_in_reaches_the_consents_it_names_and_no_other():
    college = with_pair()
    withdraw(college, ORLOVA, f"{DATA}; {SITE}", demand="Уничтожить всё")
    college.turn()
    row = consent(college, "Орлова", DATA)
    assert (row["withdrawn"], row["state"], row["demand"]) == ("2026-11-22", "Отозвано", "Уничтожить всё")
    assert row["withdrawal"].startswith("archive/")
    assert consent(college, "Орлова", PAIR)["state"] == "Действует"
    assert consent(college, "Иванова", DATA)["state"] == "Действует"
    assert consent(college, "Орлова", SITE)["state"] == "Отозвано"


@pytest.mark.parametrize(("written", "counts"), [("2026-11-10", "2026-11-22"), ("2026-12-10", "2026-12-10")])
def test_a_withdrawal_counts_from_the_day_it_came_or_a_later_one_it_names(written, counts):
    college = with_pair()
    withdraw(college, ORLOVA, DATA, written)
    row = consent(college.turn(), "Орлова", DATA)
    assert row["withdrawn"] == counts
    assert row["state"] == ("Отозвано" if counts <= "2026-11-22" else "Действует")


def test_a_consent_signed_after_a_withdrawal_stands():
    college = with_pair()
    withdraw(college, ORLOVA, DATA)
    code = consent(college.turn(), "Орлова", DATA).code
    college.today = date(2026, 11, 24)
    college.edit("consents", code, signed="2026-11-24")
    assert consent(college.turn(), "Орлова", DATA)["state"] == "Действует"
    assert not college.rows("duties")


def test_in_an_open_draft_the_pair_leaves_the_order():
    college = with_pair()
    assert college.row("pairs")["state"] == "В приказе"
    withdraw(college, ORLOVA, PAIR)
    row = college.turn().row("pairs")
    assert (row["state"], row["order"]) == ("Ждёт согласий", "")
    assert "отозвано" in row["missing"]


def test_at_the_signature_it_is_a_question():
    college = with_pair()
    college.edit("orders", college.row("pairs")["order"], decision="На подпись")
    college.turn()
    withdraw(college, ORLOVA, PAIR)
    row = college.turn().row("pairs")
    assert row["state"] == "В приказе"
    assert any("уже на подписи" in text and "отозвано" in text for text in college.asked())


def test_a_running_pair_stays_in_force_with_a_note_until_its_ending_order_is_signed():
    college = in_force()
    withdraw(college, IVANOVA, MENTOR)
    row = college.turn().row("pairs")
    assert row["state"] == "Действует"
    assert "Иванова М. П.: отозвано" in row["missing"]
    college.edit(
        "orders", "ПК-0009", kind="Сложение обязанностей наставника", about=row.code, since="2026-11-22", basis="отзыв"
    )
    college.turn()
    assert college.row("pairs")["state"] == "Действует"
    college.edit("orders", "ПК-0009", decision="На подпись", number="58-од", day="2026-11-22")
    assert college.turn().row("pairs")["state"] == "Прекращена"


@pytest.mark.parametrize(("number", "state"), [("", "Ждёт данных"), ("3", "Подписано")])
def test_an_agreement_of_a_mentor_without_consent_waits_and_a_signed_one_says_so(number, state):
    college = in_force()
    college.edit("agreements", "СГ-0001", pay="10 %", number=number, day="2026-11-22" if number else "")
    assert college.turn().row("agreements")["state"] == ("Подписано" if number else "Проект")
    withdraw(college, IVANOVA, MENTOR)
    lost = consent(college.turn(), "Иванова", MENTOR)
    college.ledger.show("consents", lost.code, {"paper": "Согласия/лист.docx"})
    point(college.ledger)
    row = college.row("agreements")
    assert row["state"] == state
    assert row["missing"] == (
        f"согласие «{MENTOR}» – Иванова М. П.: отозвано ({lost.code}, лист для подписи: Согласия/лист.docx)"
    )


# --- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "day", "until"),
    [
        (DATA, "2026-11-22", "2026-12-22"),
        (DATA, "2026-12-02", "2027-01-01"),
        (MENTOR, "2026-11-22", "2026-11-25"),
        (MENTOR, "2026-12-29", "2027-01-12"),
        (SITE, "2026-11-26", "2026-12-01"),
    ],
)
def test_the_clocks_of_the_law_start_with_a_withdrawal(kind, day, until):
    college = with_pair()
    college.today = date.fromisoformat(day)
    withdraw(college, IVANOVA, kind, day)
    assert duties(college.turn()) == [(until, "Предстоит")]


def test_what_is_to_be_done_names_the_person_the_pairs_and_the_article():
    college = in_force()
    withdraw(college, IVANOVA, f"{DATA}; {MENTOR}")
    college.turn()
    by_ground = {row["ground"]: row["what"] for row in college.rows("duties")}
    assert "nastavnik erase Л-0001" in by_ground["152-ФЗ, статья 21, часть 5"]
    assert by_ground["статья 351.8 ТК РФ"].endswith("о парах: П-0001")


def test_the_curators_own_entry_starts_the_clock_and_its_mark_ends_it():
    college = with_pair()
    code = consent(college, "Орлова", DATA).code
    college.edit("consents", code, withdrawn="2026-11-22")
    college.turn()
    seen = []
    for day in (date(2026, 12, 21), date(2026, 12, 22), date(2026, 12, 23)):
        college.today = day
        seen += duties(college.turn())
    assert seen == [("2026-12-22", state) for state in ("Предстоит", "Сегодня", "Просрочено")]
    college.edit("duties", college.row("duties").code, mark="Выполнено")
    assert duties(college.turn()) == [("2026-12-22", "Выполнено")]


def test_a_withdrawal_entered_by_mistake_takes_its_clock_back():
    college = with_pair()
    code = consent(college, "Орлова", DATA).code
    college.edit("consents", code, withdrawn="2026-11-22")
    assert college.turn().rows("duties")
    college.edit("consents", code, withdrawn=None)
    assert not college.turn().rows("duties")


# --- running out ------------------------------------------------------------------------------------------------------


def long_pair() -> College:
    """A pair in force that goes on after the school year."""
    college = in_force()
    college.edit("pairs", "П-0001", end="2027-10-31")
    return college.turn()


def test_running_out_is_announced_in_the_row_and_the_next_years_row_is_begun_by_itself():
    college = long_pair()
    college.today = date(2027, 7, 31)
    assert not college.turn().row("pairs")["missing"]
    college.today = date(2027, 8, 1)
    college.turn()
    assert "истекает 31.08.2027 (" in college.row("pairs")["missing"]
    fresh = [row for row in college.rows("consents") if row["year"] == "2027-2028"]
    assert {(row["person_name"].split()[0], row["kind"]) for row in fresh} == {
        *(("Иванова", kind) for kind in (DATA, MENTOR, PAIR)),
        *(("Орлова", kind) for kind in (DATA, PAIR)),
    }
    assert {row["state"] for row in fresh} == {"Нет"}


def test_a_renewed_consent_follows_the_one_that_ran_out():
    college = long_pair()
    college.today = date(2027, 8, 20)
    college.turn()
    for row in [row for row in college.rows("consents") if row["year"] == "2027-2028"]:
        college.edit("consents", row.code, verified="да", signed="2027-08-20")
    assert not college.turn().row("pairs")["missing"]
    college.today = date(2027, 9, 15)
    row = college.turn().row("pairs")
    assert (row["state"], row["missing"]) == ("Действует", "")
    assert len([row for row in college.rows("consents") if row["verified"]]) == 10


def test_a_pair_that_ends_in_time_asks_for_no_renewal():
    college = in_force()
    college.today = date(2027, 8, 20)
    college.turn()
    assert not [row for row in college.rows("consents") if row["year"] == "2027-2028"]


# --- a signature ------------------------------------------------------------------------------------------------------


def test_a_blocked_row_says_where_the_print_lies():
    college = with_pair()
    row = consent(college, "Орлова", DATA)
    college.edit("consents", row.code, verified=None)
    college.turn()
    place = "outbox/Согласия/2026-2027/лист.docx"
    college.ledger.show("consents", row.code, {"paper": place})
    point(college.ledger)
    assert f"ждём подпись ({row.code}, лист для подписи: {place})" in college.row("pairs")["missing"]


def test_a_kind_that_needs_no_confirmation_counts_from_its_scan():
    college = College()
    college.edit("people", "Л-0001", **ORLOVA)
    college.edit("consents", "С-0001", person="Л-0001", kind=DATA, year="2026-2027", scan="archive/1.pdf")
    assert college.turn().row("consents")["state"] == "Скан получен"
    policy = college.catalog.policy.model_copy(update={"confirm_signature": (PAIR,)})
    college.catalog = type(college.catalog)(**(vars(college.catalog) | {"policy": policy}))
    assert college.turn().row("consents")["state"] == "Действует"
