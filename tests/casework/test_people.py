from hypothesis import given, settings
from hypothesis import strategies as st

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
    YEAR,
    College,
)


def test_forms_of_one_person_make_one_row_in_which_the_later_answer_counts():
    college = College()
    college.fill("mentees", ORLOVA | {"phone": "1", "number": "15"}, request="первый")
    college.fill("consents", ORLOVA | {"surname": "ОРЛОВА "}, kind=DATA, answer="Согласен")
    college.fill("mentees", ORLOVA | {"phone": "2", "surname": "Орлова"}, request="второй", hours="")
    college.turn()
    assert [(row.code, row["phone"], row["number"]) for row in college.rows("people")] == [("Л-0001", "2", "15")]
    assert [row["request"] for row in college.rows("mentees")] == ["второй"]
    assert college.row("people")["state"] == "наставляемый"
    assert college.row("people")["origin"] == "archive/3.xlsx"
    assert {one.person for one in college.submissions} == {"Л-0001"}


def test_a_consent_of_somebody_unknown_makes_the_persons_row():
    college = College()
    college.fill("consents", ORLOVA, kind=DATA, answer="Согласен")
    college.turn()
    assert [row["surname"] for row in college.rows("people")] == ["Орлова"]
    assert college.row("people")["state"] == "в списке"


def test_a_person_from_the_staff_list_is_found_by_a_form():
    college = College()
    college.edit("people", "Л-0005", surname="орлова", name="Анна", patronymic="Сергеевна", birth="1999-05-12")
    college.fill("mentees", ORLOVA, request="да")
    college.turn()
    assert [row.code for row in college.rows("people")] == ["Л-0005"]
    assert college.row("people")["sex"] == "ж"


def test_a_staff_list_pasted_after_the_forms_is_joined_by_itself():
    college = College()
    college.fill("mentees", ORLOVA, request="да")
    college.turn()
    college.edit("people", "Л-0005", **(ORLOVA | {"number": "15", "department": "ЦМК"}))
    college.turn()
    kept, joined = college.rows("people")
    assert (kept["number"], kept["department"]) == ("15", "ЦМК")
    assert joined["state"] == "Объединена с Л-0001"
    assert not college.asked()


def doubtful() -> College:
    college = College()
    college.fill("mentees", ORLOVA, request="первый")
    college.fill("mentees", ORLOVA | {"birth": "1999-12-05", "phone": "7"}, request="второй")
    return college.turn()


def test_a_doubt_is_a_question_never_a_guess():
    college = doubtful()
    assert [row["request"] for row in college.rows("mentees")] == ["первый", "второй"]
    (question,) = college.ledger.questions.values()
    assert question.text.startswith("Л-0002 (Орлова Анна Сергеевна, 05.12.1999) похоже на Л-0001 (Орлова Анна")
    assert question.answers == ("это Л-0001", "другой человек")


def test_the_answer_joins_two_rows_for_ever():
    college = doubtful()
    college.answer("same", "Это Л-0001")
    college.turn()
    kept, joined = college.rows("people")
    assert (kept["phone"], kept["birth"]) == ("7", "1999-12-05")
    assert (joined["state"], joined["surname"]) == ("Объединена с Л-0001", "Орлова")
    assert [(row["person"], row["request"]) for row in college.rows("mentees")] == [("Л-0001", "второй")]
    college.edit("people", "Л-0001", surname="Петрова", birth="1970-01-01")
    college.fill("consents", ORLOVA | {"birth": "1999-12-05"}, kind=DATA, answer="Согласен")
    college.turn()
    assert not college.asked()
    consents = college.rows("consents")
    assert {row["person"] for row in consents} == {"Л-0001"}
    assert [row["answer"] for row in consents if row["kind"] == DATA] == ["Согласен"]
    assert college.row("people", 2)["state"] == "Объединена с Л-0001"


def test_the_answer_parts_namesakes():
    college = doubtful()
    college.answer("same", "другой человек")
    college.turn()
    assert not college.asked()
    assert [row["state"] for row in college.rows("people")] == ["наставляемый", "наставляемый"]


def test_an_answer_that_nobody_understands_leaves_the_question_open():
    college = doubtful()
    college.answer("same", "не знаю")
    college.turn()
    assert len(college.asked()) == 1


def test_an_own_pair_follows_the_row_that_is_kept():
    college = doubtful()
    college.edit("pairs", "П-0001", mentee="НМ-0002")
    college.answer("same", "это Л-0001")
    college.turn()
    assert college.row("pairs")["mentee_name"] == "Орлова Анна Сергеевна"
    assert [row["state"] for row in college.rows("mentees")] == ["В базе", "Объединена с НМ-0001"]


def test_two_numbers_of_one_name_and_birth_are_a_question():
    college = College()
    college.fill("mentees", ORLOVA | {"number": "15"}, request="а")
    college.fill("mentees", ORLOVA | {"number": "16"}, request="б")
    college.turn()
    assert len(college.rows("people")) == 2
    assert len(college.asked()) == 1


def test_a_later_form_against_her_correction_asks_with_both_values():
    college = College()
    college.fill("mentees", ORLOVA | {"phone": "1"}, request="а")
    college.turn()
    college.edit("people", "Л-0001", phone="2")
    college.turn()
    assert not college.asked()
    college.fill("mentees", ORLOVA | {"phone": "1"}, request="б")
    college.turn()
    assert not college.asked(), "the same answer again is nothing new"
    college.fill("mentees", ORLOVA | {"phone": "3"}, request="б")
    college.turn()
    (text,) = college.asked()
    assert "вы записали «2», а в форме от 22.11.2026 – «3»" in text
    assert "лист «Люди», Л-0001, графа «Телефон»" in text
    assert college.row("people")["phone"] == "2"


def corrected() -> College:
    college = College()
    college.fill("mentees", ORLOVA, request="а", hired="2026-09-01")
    college.turn()
    college.edit("mentees", "НМ-0001", hired="2026-09-02")
    college.fill("mentees", ORLOVA, request="а", hired="2026-09-03")
    return college.turn()


def test_she_keeps_her_value_until_another_form_differs():
    college = corrected()
    college.answer("newer", "Оставить")
    college.turn()
    assert (college.row("mentees")["hired"], college.asked()) == ("2026-09-02", [])
    college.fill("mentees", ORLOVA, request="а", hired="2026-09-04")
    college.turn()
    assert len(college.asked()) == 1


def test_she_takes_the_new_value():
    college = corrected()
    college.answer("newer", "взять новое")
    college.turn()
    assert (college.row("mentees")["hired"], college.asked()) == ("2026-09-03", [])


def test_she_answers_with_a_value_of_her_own():
    college = corrected()
    college.answer("newer", "05.09.2026")
    college.turn()
    assert (college.row("mentees")["hired"], college.asked()) == ("2026-09-05", [])


def test_an_answer_counts_though_the_form_was_handed_in_again_meanwhile():
    college = corrected()
    college.answer("newer", "05.09.2026")
    college.fill("mentees", ORLOVA, request="б", hired="2026-09-03")
    college.turn()
    assert (college.row("mentees")["hired"], college.asked()) == ("2026-09-05", [])


def test_an_answer_about_an_older_form_says_nothing_of_a_newer_value():
    college = corrected()
    college.answer("newer", "взять новое")
    college.fill("mentees", ORLOVA, request="а", hired="2026-09-04")
    college.turn()
    assert (college.row("mentees")["hired"], len(college.asked())) == ("2026-09-02", 1)


def test_an_answer_that_does_not_fit_the_cell_leaves_the_question_open():
    college = corrected()
    college.answer("newer", "осенью")
    college.turn()
    assert (college.row("mentees")["hired"], len(college.asked())) == ("2026-09-02", 1)


def test_a_mentor_typed_by_hand_is_the_row_that_a_questionnaire_fills():
    college = College()
    college.edit("people", "Л-0001", **IVANOVA, **POST)
    college.given.extend(("mentors", f"empty:{n}", f"НК-{n:04d}") for n in range(1, 21))
    college.edit("mentors", "НК-0003", person="Л-0001", category="первая")
    college.turn()
    assert (college.row("mentors")["year"], college.row("mentors")["state"]) == (YEAR, "В базе")
    college.fill("mentors", IVANOVA, **(MENTOR_ANSWERS | {"category": ""}))
    college.turn()
    (row,) = college.rows("mentors")
    assert (row.code, row["category"], row["experience"]) == ("НК-0003", "первая", "20")


def test_the_bank_names_the_cells_that_papers_will_want():
    college = College()
    college.fill("mentees", ORLOVA | {"sex": ""}, request="а")
    college.edit("mentees", "НМ-0007", experience="3")
    college.turn()
    first, second = college.rows("mentees")
    assert first["missing"] == (
        "заполните: лист «Люди», Л-0001, графа «Пол»; лист «Люди», Л-0001, графа «Должность»; "
        "лист «Наставляемые», НМ-0001, графа «Педагогический стаж, лет»; "
        "не оценены затруднения: мероприятия программы будут только общие"
    )
    assert (second["state"], second["missing"]) == (
        "Заполните строку",
        "заполните: лист «Наставляемые», НМ-0007, графа «Человек»",
    )


def test_whoever_the_curator_leaves_out_says_so():
    college = College()
    college.fill("mentees", ORLOVA, request="а")
    college.turn()
    college.edit("mentees", "НМ-0001", decision="Не включать")
    assert college.turn().row("mentees")["state"] == "Не включён"


FORMS = [
    ("mentors", IVANOVA | POST | {"number": "7"}, MENTOR_ANSWERS),
    ("consents", IVANOVA, {"kind": DATA, "answer": "Согласен"}),
    ("consents", IVANOVA | {"surname": "ИВАНОВА"}, {"kind": MENTOR, "answer": "Согласен"}),
    ("mentees", IVANOVA, {"request": "реверсивное"}),
    ("mentees", ORLOVA | POST, MENTEE_ANSWERS),
    ("consents", ORLOVA, {"kind": PAIR, "answer": "Отказ"}),
    ("consents", SEDOV, {"kind": DATA, "answer": "Согласен"}),
    ("mentees", SEDOV | {"name": "Петр"}, {"hours": "2"}),
]


def shape(college: College) -> set[tuple[str, ...]]:
    """Everything in the register but codes and links, each person named instead."""
    names = {row.code: f"{row['surname']} {row['name']}".casefold().replace("ё", "е") for row in college.rows("people")}
    shown: set[tuple[str, ...]] = set()
    for sheet in ("people", "mentors", "mentees", "consents"):
        for row in college.rows(sheet):
            cells = {key: names.get(value, value) for key, value in row.cells.items() if key not in {"origin", "token"}}
            cells["missing"] = ""
            folded = (f"{key}={value}".casefold().replace("ё", "е") for key, value in cells.items() if value)
            shown.add((sheet, *sorted(folded)))
    return shown


def test_a_form_that_comes_after_its_row_was_removed_makes_a_new_row_and_says_so():
    college = College()
    college.fill("mentors", IVANOVA, **MENTOR_ANSWERS)
    college.turn().remove("НК-0001")
    assert not college.turn().rows("mentors")
    college.fill("mentors", IVANOVA, **{**MENTOR_ANSWERS, "capacity": "1"})
    [row] = college.turn().rows("mentors")
    assert (row.code, row["capacity"]) == ("НК-0002", "1")
    [question] = [one for one in college.ledger.questions.values() if one.code == "НК-0002"]
    assert "НК-0001" in question.text
    college.answer("after removal", "оставить")
    assert "НК-0002" not in {one.code for one in college.turn().ledger.questions.values()}
    college.remove("НК-0002")
    assert not college.turn().rows("mentors")


@settings(max_examples=25, deadline=None)
@given(st.permutations(FORMS), st.integers(0, len(FORMS)))
def test_the_order_of_arrival_does_not_matter(forms, first):
    usual, other = College(), College()
    for sheet, person, cells in FORMS:
        usual.fill(sheet, person, **cells)
    for n, (sheet, person, cells) in enumerate(forms):
        other.fill(sheet, person, **cells)
        if n == first:
            other.turn()
    assert shape(other.turn()) == shape(usual.turn())
