from datetime import date

import pytest

from pipeline import tokens
from pipeline.model import Scan
from tests.casework.college import (
    DATA,
    IVANOVA,
    MENTEE_ANSWERS,
    MENTOR,
    MENTOR_ANSWERS,
    ORLOVA,
    PAIR,
    POST,
    SEDOV,
    TODAY,
    YEAR,
    College,
)

SITE = "Распространение персональных данных"
PRINT, CHECK = "распечатать и подписать", "проверить подпись"


def college_of_two() -> College:
    college = College()
    college.fill("mentors", IVANOVA | POST, **MENTOR_ANSWERS)
    college.fill("mentees", ORLOVA | POST, **MENTEE_ANSWERS)
    return college.turn()


def scan(college: College, code: str, token: str = "") -> Scan:
    """The signed sheet of a row comes back as a scan."""
    number = len(college.scans) + 1
    read = token or tokens.read(college.ledger.row("consents", code)["token"])
    one = Scan(
        number, f"{number:064}-1", "скан.pdf", "1", college.today, f"archive/{number}.pdf", read, len(college.edits)
    )
    college.scans.append(one)
    college.turn()
    return one


def consent(college: College, code: str) -> tuple[str, str]:
    row = college.ledger.row("consents", code)
    return row["state"], row["todo"]


def test_every_consent_that_is_asked_has_its_row_and_a_sheet_with_a_code_of_its_own():
    rows = college_of_two().rows("consents")
    asked = [(row["person_name"].split()[0], row["kind"]) for row in rows]
    assert asked == [("Иванова", kind) for kind in (DATA, MENTOR, PAIR, SITE)] + [
        ("Орлова", kind) for kind in (DATA, PAIR, SITE)
    ]
    assert {(row["state"], row["todo"], row["year"]) for row in rows} == {("Нет", PRINT, YEAR)}
    codes = {row["token"] for row in rows}
    assert len(codes) == 7
    assert all(tokens.read(code) for code in codes)


def test_a_code_once_given_stays_whatever_becomes_of_the_row():
    college = college_of_two()
    before = {row.code: row["token"] for row in college.rows("consents")}
    college.edit("mentees", "НМ-0001", decision="Не включать")
    college.fill("consents", IVANOVA, kind=DATA, answer="Согласен")
    college.turn()
    assert {row.code: row["token"] for row in college.rows("consents")} == before
    gone = college.consent("Орлова", DATA)
    assert consent(college, gone) == ("Нет", "")
    assert consent(college, college.consent("Иванова", DATA)) == ("Ждём подпись", PRINT)


def test_a_row_typed_by_hand_is_the_one_that_is_asked():
    college = College()
    college.edit("people", "Л-0001", **ORLOVA)
    college.given.append(("consents", "empty:1", "С-0001"))
    college.edit("consents", "С-0001", person="Л-0001", kind=DATA, year=YEAR)
    college.fill("mentees", ORLOVA | POST, **MENTEE_ANSWERS)
    college.turn()
    assert college.consent("Орлова", DATA) == "С-0001"
    assert consent(college, "С-0001") == ("Нет", PRINT)


def test_a_row_that_she_removed_is_not_asked_again():
    college = college_of_two()
    code = college.consent("Орлова", SITE)
    college.remove(code)
    college.turn()
    assert code not in {row.code for row in college.rows("consents")}
    assert len(college.rows("consents")) == 6


def test_a_scan_waits_for_her_mark_and_counts_from_it():
    college = college_of_two()
    code = college.consent("Орлова", DATA)
    came = scan(college, code)
    assert consent(college, code) == ("Скан получен", CHECK)
    row = college.ledger.row("consents", code)
    assert (row["scan"], row["scanned"]) == (came.link, TODAY.isoformat())
    college.edit("consents", code, verified="да", signed="2026-11-20")
    college.turn()
    assert consent(college, code) == ("Действует", "")


def test_a_scan_without_a_signature_is_printed_again_and_the_next_scan_is_looked_at():
    college = college_of_two()
    code = college.consent("Орлова", DATA)
    scan(college, code)
    college.edit("consents", code, verified="нет")
    college.turn()
    assert consent(college, code) == ("Ждём подпись", PRINT)
    second = scan(college, code)
    assert consent(college, code) == ("Скан получен", CHECK)
    assert college.ledger.row("consents", code)["scan"] == second.link


def test_the_same_sheet_scanned_twice_is_one_consent():
    college = college_of_two()
    before = len(college.rows("consents"))
    code = college.consent("Орлова", DATA)
    scan(college, code)
    scan(college, code)
    assert len(college.rows("consents")) == before
    assert [row.code for row in college.rows("consents") if row["scan"]] == [code]


def test_policy_may_take_a_scan_for_a_signature():
    college = college_of_two()
    policy = college.catalog.policy.model_copy(update={"confirm_signature": (MENTOR, PAIR, SITE)})
    college.catalog = type(college.catalog)(**{**vars(college.catalog), "policy": policy})
    data, pair = college.consent("Орлова", DATA), college.consent("Орлова", PAIR)
    scan(college, data)
    scan(college, pair)
    assert consent(college, data) == ("Действует", "")
    assert consent(college, pair) == ("Скан получен", CHECK)
    college.edit("consents", data, verified="нет")
    college.turn()
    assert consent(college, data) == ("Ждём подпись", PRINT)


def test_a_scan_is_never_given_to_whoever_the_row_is_about_now():
    college = college_of_two()
    college.fill("mentees", SEDOV | POST, **MENTEE_ANSWERS)
    college.turn()
    code = college.consent("Орлова", DATA)
    printed = tokens.read(college.ledger.row("consents", code)["token"])
    other = next(row["person"] for row in college.rows("consents") if row["person_name"].startswith("Седов"))
    college.edit("consents", code, person=other)
    college.turn()
    scan(college, code, printed)
    assert not [row for row in college.rows("consents") if row["scan"]]
    [text] = [text for text in college.asked() if "Пришёл скан" in text]
    assert "Орлова" in text
    college.answer("homeless", "не учитывать")
    assert not [text for text in college.turn().asked() if "Пришёл скан" in text]


@pytest.mark.parametrize("typed", ["{}", " {} ", "это {}"])
def test_a_page_that_could_not_be_read_is_given_by_the_code_that_she_types(typed):
    college = college_of_two()
    code = college.consent("Орлова", DATA)
    shown = college.ledger.row("consents", code)["token"]
    college.scans.append(Scan(1, "a" * 64 + "-3", "скан.pdf", "3", college.today, "archive/a.pdf"))
    [question] = [one for one in college.turn().ledger.questions.values() if one.key.startswith("scan:")]
    assert question.link == "register/Сканы/aaaaaaaa-3.png"
    assert "страница 3" in question.text
    college.answer("scan:", typed.format(shown.lower().replace("-", " ")))
    college.turn()
    if typed.startswith("это"):
        [text] = [text for text in college.asked() if "скан.pdf" in text]
        assert "не код листа" in text
        return
    assert not [text for text in college.asked() if "скан.pdf" in text]
    assert consent(college, code) == ("Скан получен", CHECK)


def test_a_page_that_is_none_of_ours_is_let_go():
    college = college_of_two()
    college.scans.append(Scan(1, "a" * 64 + "-3", "скан.pdf", "3", college.today, "archive/a.pdf"))
    college.turn()
    college.answer("scan:", "не наш")
    college.turn()
    assert not college.asked()
    assert college.scans[0].token == "–"


def test_a_row_begun_for_the_next_year_is_printed_and_none_of_a_year_that_is_over():
    college = college_of_two()
    college.given.append(("consents", "empty:1", "С-0100"))
    college.edit("consents", "С-0100", person=college.row("mentees")["person"], kind=PAIR, year="2027-2028")
    college.turn()
    assert consent(college, "С-0100") == ("Нет", PRINT)
    college.today = date(2027, 9, 1)
    college.turn()
    assert [row.code for row in college.rows("consents") if row["todo"]] == ["С-0100"]


def test_a_consent_given_for_several_years_is_not_asked_for_the_next():
    college = college_of_two()
    code = college.consent("Орлова", DATA)
    college.edit("consents", code, verified="да", signed="2026-11-20", until="2029-08-31")
    college.today = date(2027, 8, 20)
    college.fill("mentees", ORLOVA | POST, **MENTEE_ANSWERS)
    college.turn()
    after = [row for row in college.rows("consents") if row["year"] == "2027-2028"]
    assert {row["kind"]: row["todo"] for row in after} == {DATA: "", PAIR: PRINT, SITE: PRINT}
