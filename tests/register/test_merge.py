"""Every row of the merge table (design.md 4), each on the smallest register that shows it."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.register import merge, workbook
from pipeline.register.merge import Edited, Held, Merged
from pipeline.register.workbook import Line
from tests.register.samples import BASE, LAYOUT, Codes, changed, earlier, merged, saved

SURNAME = ("people", "Л-0001", "surname")


def with_surname(text):
    return changed(BASE, (*SURNAME, text))


# --- cells of owner «form» ----------------------------------------------------------------------------------------


def test_a_save_without_an_edit_says_nothing():
    assert merged(BASE, BASE, BASE) == Merged()


def test_what_only_the_program_changed_is_no_edit():
    assert merged(BASE, BASE, with_surname("Петрова")) == Merged()


def test_a_changed_cell_is_her_edit():
    assert merged(BASE, with_surname("Петрова"), BASE) == Merged(edits=(Edited(*SURNAME, "Петрова"),))


def test_the_same_change_on_both_sides_is_her_edit_without_a_question():
    assert merged(BASE, with_surname("Петрова"), with_surname("Петрова")) == Merged(
        edits=(Edited(*SURNAME, "Петрова"),)
    )


def test_different_changes_keep_hers_and_ask_with_both_values():
    found = merged(BASE, with_surname("Петрова"), with_surname("Сидорова"))
    assert found.edits == (Edited(*SURNAME, "Петрова"),)
    [question] = found.questions
    assert (question.sheet, question.code, question.column) == SURNAME
    assert "«Петрова»" in question.text
    assert "«Сидорова»" in question.text
    assert list(question.answers) == ["оставить", "взять новое"]
    assert found.offers == {question.key: "Сидорова"}


def test_the_same_doubt_has_the_same_key_and_another_doubt_another():
    first, again = (merged(BASE, with_surname("Петрова"), with_surname("Сидорова")) for _ in range(2))
    other = merged(BASE, with_surname("Петрова"), with_surname("Седых"))
    assert first.questions == again.questions
    assert first.questions[0].key != other.questions[0].key


@pytest.mark.parametrize("ours", [BASE, with_surname("")])
def test_a_blanked_cell_is_handed_back(ours):
    assert merged(BASE, with_surname(""), ours) == Merged(edits=(Edited(*SURNAME, None),))


def test_a_blanked_cell_about_which_the_program_knows_something_newer_shows_the_newer():
    assert merged(BASE, with_surname(""), with_surname("Сидорова")) == Merged()


def test_a_row_blanked_everywhere_hands_back_every_cell_that_is_hers():
    theirs = changed(BASE, *(("people", "Л-0001", key, "") for key in BASE["people"]["Л-0001"]))
    found = merged(BASE, theirs, BASE)
    assert {edit.column for edit in found.edits} == {"surname", "name", "birth", "post"}
    assert all(edit.value is None for edit in found.edits)
    assert not found.questions
    assert not found.removals


def test_a_dash_is_an_edit():
    assert merged(BASE, with_surname("–"), BASE).edits == (Edited(*SURNAME, "–"),)


# --- cells of the curator and of the program ----------------------------------------------------------------------


def test_a_decision_is_an_edit():
    theirs = changed(BASE, ("pairs", "П-0001", "decision", "Согласовать"))
    assert merged(BASE, theirs, BASE).edits == (Edited("pairs", "П-0001", "decision", "Согласовать"),)


def test_what_she_writes_in_a_computed_cell_is_asked_where_its_fact_lives():
    found = merged(BASE, changed(BASE, ("pairs", "П-0001", "mentor_name", "Иванова М.")), BASE)
    assert not found.edits
    [question] = found.questions
    assert (question.sheet, question.code, question.column) == ("people", "Л-0001", "surname")
    assert "«Иванова М.»" in question.text


def test_a_computed_cell_whose_fact_is_unknown_is_asked_about_itself():
    found = merged(BASE, changed(BASE, ("pairs", "П-0001", "missing", "ничего")), BASE)
    [question] = found.questions
    assert (question.sheet, question.code, question.column) == ("pairs", "П-0001", "missing")


def test_a_computed_cell_that_says_what_the_program_says_now_is_no_question():
    theirs = ours = changed(BASE, ("pairs", "П-0001", "missing", "согласие"))
    assert merged(BASE, theirs, ours) == Merged()


def test_a_blanked_computed_cell_is_put_back_without_a_question():
    assert merged(BASE, changed(BASE, ("people", "Л-0001", "state", "")), BASE) == Merged()


# --- signed rows --------------------------------------------------------------------------------------------------


def test_a_signed_row_is_put_back_with_a_question():
    found = merged(BASE, changed(BASE, ("orders", "ПК-0001", "kind", "Другой")), BASE, frozen={"ПК-0001"})
    assert not found.edits
    assert "документ подписан" in found.questions[0].text


def test_the_number_of_a_signed_order_stays_correctable():
    found = merged(BASE, changed(BASE, ("orders", "ПК-0001", "number", "58-од")), BASE, frozen={"ПК-0001"})
    assert found == Merged(edits=(Edited("orders", "ПК-0001", "number", "58-од"),))


def test_a_signed_row_cannot_be_removed():
    found = merged(BASE, changed(BASE, ("orders", "ПК-0001", None, "")), BASE, frozen={"ПК-0001"})
    assert not found.removals
    assert not found.edits
    assert "документ подписан" in found.questions[0].text


# --- rows that are gone -------------------------------------------------------------------------------------------


def test_a_removed_row_is_removed():
    assert merged(BASE, changed(BASE, ("pairs", "П-0001", None, "")), BASE) == Merged(removals=(("pairs", "П-0001"),))


def test_a_removed_row_that_only_the_program_computed_anew_is_removed():
    ours = changed(BASE, ("pairs", "П-0001", "missing", "согласие"))
    assert merged(BASE, changed(BASE, ("pairs", "П-0001", None, "")), ours).removals == (("pairs", "П-0001"),)


def test_a_removed_row_that_changed_since_stays_with_a_question():
    ours = changed(BASE, ("pairs", "П-0001", "start", "2026-11-01"))
    found = merged(BASE, changed(BASE, ("pairs", "П-0001", None, "")), ours)
    assert not found.removals
    assert [question.code for question in found.questions] == ["П-0001"]


def test_a_removed_row_that_others_need_stays_with_a_question_naming_them():
    found = merged(BASE, changed(BASE, ("mentors", "НК-0001", None, "")), BASE)
    assert not found.removals
    assert "П-0001" in found.questions[0].text


def test_a_row_may_go_together_with_those_that_refer_to_it():
    theirs = changed(
        BASE, ("people", "Л-0001", None, ""), ("mentors", "НК-0001", None, ""), ("pairs", "П-0001", None, "")
    )
    found = merged(BASE, theirs, BASE)
    assert {code for _, code in found.removals} == {"Л-0001", "НК-0001", "П-0001"}
    assert not found.questions


def test_a_row_whose_referring_row_stays_stays_too():
    theirs = changed(BASE, ("people", "Л-0001", None, ""), ("mentors", "НК-0001", None, ""))
    found = merged(BASE, theirs, BASE)
    assert not found.removals
    assert {question.code for question in found.questions} == {"Л-0001", "НК-0001"}


def test_a_row_she_refers_to_no_more_may_go():
    theirs = changed(BASE, ("mentors", "НК-0001", None, ""), ("pairs", "П-0001", "mentor", "НК-0002"))
    ours = changed(BASE, ("mentors", "НК-0002", "person", "Л-0002"))
    assert merged(BASE, theirs, ours).removals == (("mentors", "НК-0001"),)


def test_a_row_that_a_new_row_refers_to_stays():
    base = changed(BASE, ("pairs", "П-0001", "mentor", ""))
    theirs = changed(base, ("mentors", "НК-0001", None, ""))
    new = Line("pairs", 40, "", {"mentor": "НК-0001"})
    assert not merged(base, saved(theirs, new), base).removals


def test_a_removed_order_is_cancelled_and_removed_only_then():
    theirs = changed(BASE, ("orders", "ПК-0001", None, ""))
    assert merged(BASE, theirs, BASE) == Merged(edits=(Edited("orders", "ПК-0001", "decision", "Отменить"),))
    cancelled = changed(BASE, ("orders", "ПК-0001", "decision", "Отменить"))
    assert merged(cancelled, theirs, cancelled).removals == (("orders", "ПК-0001"),)


def test_a_row_her_older_copy_does_not_know_is_no_removal():
    ours = changed(BASE, ("people", "Л-0007", "surname", "Новикова"))
    assert merged(BASE, BASE, ours) == Merged()


def test_an_empty_coded_row_that_is_gone_is_nothing():
    assert merged(BASE, changed(BASE, ("people", "Л-0003", None, "")), BASE) == Merged()


def test_a_row_that_is_gone_already_stays_gone_when_an_older_copy_shows_it():
    ours = changed(BASE, ("people", "Л-0002", None, ""))
    assert merged(BASE, BASE, ours) == Merged()


def test_a_row_that_is_gone_already_comes_back_when_an_older_copy_changed_it():
    ours = changed(BASE, ("people", "Л-0002", None, ""))
    found = merged(BASE, changed(BASE, ("people", "Л-0002", "post", "методист")), ours)
    assert found.edits == (Edited("people", "Л-0002", "post", "методист"),)
    assert found.restored == (("people", "Л-0002"),)
    assert [question.code for question in found.questions] == ["Л-0002"]


def test_a_row_that_comes_back_a_second_time_is_a_second_question():
    ours = changed(BASE, ("people", "Л-0002", None, ""))
    one, two = (
        merged(BASE, changed(BASE, ("people", "Л-0002", "post", post)), ours) for post in ("методист", "мастер")
    )
    assert one.questions[0].key != two.questions[0].key


def test_a_row_that_a_filled_empty_row_refers_to_stays():
    base = changed(BASE, ("pairs", "П-0001", "mentor", ""))
    theirs = changed(base, ("mentors", "НК-0001", None, ""), ("pairs", "П-0002", "mentor", "НК-0001"))
    assert not merged(base, theirs, base).removals


# --- rows that are new --------------------------------------------------------------------------------------------


def test_a_filled_empty_row_is_a_row_with_that_code():
    found = merged(BASE, changed(BASE, ("pairs", "П-0002", "mentor", "НК-0001")), BASE)
    assert found.edits == (Edited("pairs", "П-0002", "mentor", "НК-0001"),)
    assert not found.claimed
    assert not found.questions


def test_a_code_that_nobody_knew_is_hers_from_now_on():
    found = merged(BASE, changed(BASE, ("people", "Л-0500", "surname", "Новикова")), BASE)
    assert found.edits == (Edited("people", "Л-0500", "surname", "Новикова"),)
    assert found.claimed == (("people", "Л-0500"),)


def test_a_row_with_a_foreign_code_is_asked_about():
    for code in ("П-0009", "ИТОГО", "Л-1"):
        found = merged(BASE, saved(BASE, Line("people", 30, code, {"surname": "5"})), BASE)
        assert not found.edits
        assert not found.typed
        assert len(found.questions) == 1


def test_a_row_typed_without_a_code_is_adopted_with_her_cells_only():
    line = Line("people", 30, "", {"surname": "Новикова", "state": "В базе"})
    found = merged(BASE, saved(BASE, line), BASE)
    assert found.typed == (Line("people", 30, "", {"surname": "Новикова"}),)
    assert "«В базе»" in found.questions[0].text
    adoption = merge.adopt(found, Codes(), "abc")
    assert adoption.edits == (("people", "Л-0011", "surname", "Новикова"),)
    assert adoption.places == {("people", 30): "Л-0011"}


def test_the_same_save_adopts_its_rows_under_the_same_codes():
    codes = Codes()
    found = merged(BASE, saved(BASE, Line("people", 30, "", {"surname": "Новикова"})), BASE)
    assert merge.adopt(found, codes, "abc") == merge.adopt(found, codes, "abc")


def test_an_adopted_row_whose_code_could_not_be_written_is_known_again():
    ours = changed(BASE, ("people", "Л-0011", "surname", "Новикова"), ("people", "Л-0011", "name", "Яна"))
    line = Line("people", 31, "", {"surname": "Новикова", "name": "Яна", "post": "методист"})
    found = merged(BASE, saved(BASE, line), ours, adopted={"Л-0011"})
    assert not found.typed
    assert found.known == {("people", 31): "Л-0011"}
    assert found.edits == (Edited("people", "Л-0011", "post", "методист"),)


def test_a_row_typed_like_one_that_a_form_made_is_a_row_of_its_own():
    ours = changed(BASE, ("people", "Л-0011", "surname", "Новикова"))
    assert len(merged(BASE, saved(BASE, Line("people", 30, "", {"surname": "Новикова"})), ours).typed) == 1


def test_a_row_typed_where_only_the_program_adds_rows_is_asked_about():
    found = merged(BASE, saved(BASE, Line("programmes", 9, "", {"goal": "Своё"})), BASE)
    assert not found.typed
    assert "«Своё»" in found.questions[0].text


def test_of_a_copied_row_the_nearer_to_the_base_keeps_the_code():
    copy = Line("people", 2, "Л-0001", {**BASE["people"]["Л-0001"], "surname": "Новикова", "name": "Яна"})
    found = merged(BASE, saved(BASE, copy), BASE)
    assert not found.edits
    assert found.typed[0].cells == {
        "surname": "Новикова",
        "name": "Яна",
        "birth": "1981-03-11",
        "post": "преподаватель",
    }
    assert not found.questions


def test_a_computed_cell_changed_in_a_copied_row_is_asked_about():
    copy = Line("people", 9, "Л-0001", {"surname": "Новикова", "name": "Яна", "state": "Готова"})
    found = merged(BASE, saved(BASE, copy), BASE)
    assert "«Готова»" in found.questions[0].text


def test_a_row_changed_in_place_below_an_untouched_copy_of_it_is_the_new_one():
    theirs = changed(BASE, ("people", "Л-0001", "surname", "Новикова"))
    found = merged(BASE, saved(theirs, Line("people", 9, "Л-0001", BASE["people"]["Л-0001"])), BASE)
    assert not found.edits
    assert found.typed[0].cells["surname"] == "Новикова"


def test_a_copied_empty_row_is_nothing():
    assert merged(BASE, saved(BASE, Line("people", 9, "Л-0003", {})), BASE) == Merged()


def test_an_empty_row_that_another_copy_filled_differently_is_a_row_of_its_own():
    ours = changed(BASE, ("people", "Л-0003", "surname", "Новикова"), ("people", "Л-0003", "name", "Яна"))
    theirs = changed(BASE, ("people", "Л-0003", "surname", "Орлов"), ("people", "Л-0003", "name", "Егор"))
    found = merged(BASE, theirs, ours)
    assert not found.edits
    assert [line.cells["surname"] for line in found.typed] == ["Орлов"]


# --- several saves of one revision --------------------------------------------------------------------------------


def test_a_second_save_of_the_open_workbook_says_only_what_is_new_in_it():
    first = changed(BASE, (*SURNAME, "Петрова"))
    second = changed(first, ("people", "Л-0001", "name", "Яна"))
    assert merged(BASE, second, first, saves=earlier(BASE, first)) == Merged(
        edits=(Edited("people", "Л-0001", "name", "Яна"),)
    )


def test_a_cell_changed_in_two_saves_of_one_revision_says_the_later_and_names_the_earlier():
    first = changed(BASE, (*SURNAME, "Петрова"), ("people", "Л-0001", "name", "Анна"))
    second = changed(first, (*SURNAME, "Седых"))
    found = merged(BASE, second, first, saves=earlier(BASE, first))
    assert found.edits == (Edited(*SURNAME, "Седых"),)
    assert found.offers == {found.questions[0].key: "Петрова"}


def test_two_copies_of_an_earlier_save_do_not_overwrite_each_other_in_silence():
    opened = changed(BASE, ("people", "Л-0002", "name", "Павел"))
    one, other = (changed(opened, (*SURNAME, name)) for name in ("Петрова", "Седых"))
    found = merged(BASE, other, one, saves=earlier(BASE, opened, one))
    assert found.edits == (Edited(*SURNAME, "Седых"),)
    assert found.offers == {found.questions[0].key: "Петрова"}


def test_a_copy_that_has_not_seen_a_removal_brings_the_row_back_with_a_question():
    opened = changed(BASE, ("people", "Л-0002", "name", "Павел"))
    without = changed(opened, ("pairs", "П-0001", None, ""))
    found = merged(BASE, opened, without, saves=earlier(BASE, opened, without))
    assert found.restored == (("pairs", "П-0001"),)
    assert [question.code for question in found.questions] == ["П-0001"]


def test_a_row_that_another_copy_changed_is_not_removed():
    opened = changed(BASE, ("people", "Л-0002", "name", "Павел"))
    one = changed(opened, ("pairs", "П-0001", "mentee", "Лев"))
    found = merged(BASE, changed(opened, ("pairs", "П-0001", None, "")), one, saves=earlier(BASE, opened, one))
    assert not found.removals
    assert [question.code for question in found.questions] == ["П-0001"]


def test_an_edit_undone_in_a_later_save_is_undone():
    first = changed(BASE, (*SURNAME, "Петрова"), ("people", "Л-0001", "name", "Анна"))
    second = changed(first, (*SURNAME, "Иванова"))
    found = merged(BASE, second, first, saves=earlier(BASE, first))
    assert found.edits == (Edited(*SURNAME, "Иванова"),)
    assert found.offers == {found.questions[0].key: "Петрова"}


def test_a_blank_that_takes_back_what_an_unseen_save_wrote_counts_and_names_it():
    opened = changed(BASE, ("people", "Л-0002", "name", "Павел"), (*SURNAME, "Петрова"))
    later = changed(BASE, ("people", "Л-0002", "name", "Лев"), (*SURNAME, "Седых"))
    found = merged(BASE, changed(opened, (*SURNAME, "")), later, saves=earlier(BASE, opened, later))
    assert Edited(*SURNAME, None) in found.edits
    assert "Седых" in found.offers.values()


def test_nothing_is_asked_about_a_cell_that_both_have_blanked():
    opened = changed(BASE, (*SURNAME, "Петрова"), ("people", "Л-0002", "name", "Павел"))
    blanked = changed(opened, (*SURNAME, ""))
    assert not merged(BASE, blanked, blanked, saves=earlier(BASE, opened)).questions


def test_a_row_that_an_earlier_save_had_deleted_comes_back_as_it_was_with_a_question():
    first = changed(BASE, (*SURNAME, "Петрова"), ("pairs", "П-0001", None, ""))
    second = changed(BASE, (*SURNAME, "Петрова"))
    found = merged(BASE, second, first, saves=earlier(BASE, first))
    assert not found.edits
    assert found.restored == (("pairs", "П-0001"),)
    assert [question.code for question in found.questions] == ["П-0001"]


def test_another_copy_of_the_revision_does_not_undo_the_first_but_asks():
    first = changed(BASE, (*SURNAME, "Петрова"))
    other = changed(BASE, ("people", "Л-0002", "name", "Павел"))
    found = merged(BASE, other, first, saves=earlier(BASE, first))
    assert found.edits == (Edited("people", "Л-0002", "name", "Павел"),)
    assert found.offers == {found.questions[0].key: "Иванова"}


def test_another_copy_is_not_asked_about_cells_that_were_never_hers():
    first = changed(BASE, ("people", "Л-0001", "state", "Готова"))
    other = changed(BASE, ("people", "Л-0002", "name", "Павел"))
    assert not merged(BASE, other, first, saves=earlier(BASE, first)).questions


def typed(*lines):
    """A workbook with rows without a code in it, given as (row, cells)."""
    return saved(BASE, *(Line("people", row, "", cells) for row, cells in lines))


def taken(theirs, codes):
    """What is remembered of a save of BASE: what it said, its places, what the program knows then."""
    adoption = merge.adopt(merged(BASE, theirs, BASE), codes, "first")
    ours = changed(BASE, *adoption.edits)
    return {
        "ours": ours,
        "saves": earlier(BASE, workbook.said(theirs, adoption.places), places=adoption.places),
        "adopted": set(adoption.places.values()),
    }


FIRST = typed((30, {"surname": "Новикова", "name": "Яна"}), (31, {"surname": "Орлов", "name": "Егор"}))


def test_rows_without_a_code_are_not_taken_twice_from_the_open_workbook():
    found = merged(BASE, FIRST, **taken(FIRST, Codes()))
    assert found == Merged(known={("people", 30): "Л-0011", ("people", 31): "Л-0012"})


def test_a_row_without_a_code_goes_on_being_typed_in_the_open_workbook():
    second = typed(
        (30, {"surname": "Новикова", "name": "Яна", "post": "методист"}), (31, {"surname": "Орлова", "note": "?"})
    )
    found = merged(BASE, second, **taken(FIRST, Codes()))
    assert found.known == {("people", 30): "Л-0011", ("people", 31): "Л-0012"}
    assert not found.typed
    assert [one.column for one in found.questions] == ["surname", "name"]
    assert set(found.edits) == {
        Edited("people", "Л-0011", "post", "методист"),
        Edited("people", "Л-0012", "surname", "Орлова"),
        Edited("people", "Л-0012", "name", None),
        Edited("people", "Л-0012", "note", "?"),
    }


def test_a_row_without_a_code_may_be_moved_in_the_open_workbook():
    second = typed((30, {"surname": "Орлов", "name": "Егор"}), (31, {"surname": "Новикова", "name": "Яна"}))
    assert merged(BASE, second, **taken(FIRST, Codes())).known == {("people", 30): "Л-0012", ("people", 31): "Л-0011"}


def test_a_row_without_a_code_may_be_removed_in_the_open_workbook():
    second = typed((30, {"surname": "Орлов", "name": "Егор"}))
    found = merged(BASE, second, **taken(FIRST, Codes()))
    assert (found.removals, found.known) == ((("people", "Л-0011"),), {("people", 30): "Л-0012"})
    assert "Новикова; Яна" in found.questions[0].text


def test_another_copys_row_in_the_same_place_is_a_row_of_its_own():
    other = typed((30, {"surname": "Седых", "name": "Лев"}))
    found = merged(BASE, other, **taken(FIRST, Codes()))
    assert [line.cells["surname"] for line in found.typed] == ["Седых"]
    assert not found.removals


def test_a_row_removed_in_an_earlier_save_is_not_removed_again():
    first = changed(BASE, ("pairs", "П-0001", None, ""))
    assert merged(BASE, first, first, saves=earlier(BASE, first)) == Merged()


# --- what cannot be believed --------------------------------------------------------------------------------------


def many(sheet="people", number=20):
    prefix = LAYOUT.sheet(sheet).prefix
    rows = {
        f"{prefix}-{i:04d}": {"surname": f"Фамилия {i}", "name": f"Имя {i}", "post": f"пост {i}"}
        for i in range(1, number + 1)
    }
    return {**BASE, sheet: rows, "mentors": {}, "pairs": {}}


@pytest.mark.parametrize(("number", "gone", "held"), [(20, 4, False), (20, 5, True), (4, 3, False), (4, 4, True)])
def test_more_than_a_fifth_of_the_rows_gone_is_not_believed(number, gone, held):
    base = many(number=number)
    theirs = changed(base, *(("people", f"Л-{i:04d}", None, "") for i in range(1, gone + 1)))
    found = merged(base, theirs, base)
    assert isinstance(found, Held) == held
    confirmed = merged(base, theirs, base, confirmed=True)
    assert len(confirmed.removals) == gone


def test_codes_sorted_apart_from_their_rows_are_not_believed():
    base = many()
    codes = list(base["people"])
    theirs = {**base, "people": dict(zip(codes, reversed(base["people"].values()), strict=True))}
    found = merged(base, theirs, base)
    assert isinstance(found, Held)
    assert "отсортировать" in found.reason


def test_rows_sorted_as_a_whole_say_nothing():
    base = many()
    theirs = {**base, "people": dict(reversed(base["people"].items()))}
    assert merged(base, theirs, base) == Merged()


def test_a_formula_is_no_edit_but_a_question():
    cells = {key: text for key, text in BASE["people"]["Л-0001"].items() if key != "surname"}
    theirs = saved(
        changed(BASE, ("people", "Л-0001", None, "")), Line("people", 2, "Л-0001", cells, {"surname": "=B7"})
    )
    found = merged(BASE, theirs, BASE)
    assert not found.edits
    assert "«=B7»" in found.questions[0].text


# --- any content --------------------------------------------------------------------------------------------------

TEXTS = st.sampled_from(["", "", "а", "б", "в", "–"])
ROWS = st.dictionaries(
    st.sampled_from(["Л-0001", "Л-0002", "Л-0003", "Л-0004"]),
    st.fixed_dictionaries(dict.fromkeys(("surname", "name", "post", "note", "state"), TEXTS)).map(
        lambda cells: {key: text for key, text in cells.items() if text}
    ),
)
VIEWS = ROWS.map(lambda rows: {"people": rows})
LOOSE = st.lists(st.sampled_from(["", "Л-0001", "Л-0009", "П-0001", "?"]).flatmap(
    lambda code: ROWS.map(lambda rows: [(code, cells) for cells in rows.values()])), max_size=2)  # fmt: skip


def answered(found, *cell):
    return any((one.sheet, one.code, one.column) == cell for one in found.questions)


@given(VIEWS, VIEWS, VIEWS, st.sets(st.sampled_from(["Л-0001", "Л-0002"])))
def test_every_change_of_hers_is_an_edit_or_a_question_and_nothing_else_is(base, theirs, ours, frozen):
    found = merged(base, theirs, ours, frozen=frozen, confirmed=True)
    edits = {(edit.code, edit.column): edit.value for edit in found.edits}
    adopted = [line.cells for line in found.typed]
    for code, cells in theirs["people"].items():
        was, now = base["people"].get(code, {}), ours["people"].get(code, {})
        if any(hers == {k: v for k, v in cells.items() if k != "state"} for hers in adopted):
            continue
        for column in LAYOUT.sheet("people").columns:
            text, before = cells.get(column.key, ""), was.get(column.key, "")
            if text == before:
                assert (code, column.key) not in edits
            elif column.owner == "program" or code in frozen:
                assert (code, column.key) not in edits
                assert text in {"", now.get(column.key, "")} or answered(found, "people", code, column.key)
            elif text:
                assert edits[code, column.key] == text
                conflict = now and now.get(column.key, "") not in {before, text}
                assert answered(found, "people", code, column.key) == bool(conflict)
    gone = {code for code, cells in base["people"].items() if cells and ours["people"].get(code)} - set(
        theirs["people"]
    )
    assert {code for _, code in found.removals} <= gone
    for code in gone:
        assert ("people", code) in found.removals or answered(found, "people", code, "")


@given(VIEWS, VIEWS)
def test_a_workbook_that_says_what_it_said_changes_nothing(base, ours):
    assert merged(base, base, ours) == Merged()


@given(VIEWS, VIEWS, LOOSE, VIEWS, VIEWS)
def test_no_content_stops_the_merge_and_the_same_content_gives_the_same_answer(base, theirs, loose, ours, previous):
    lines = [Line("people", 50 + n, code, cells) for n, (code, cells) in enumerate(chain(*loose))]
    first = merged(base, saved(theirs, *lines), ours, saves=earlier(base, previous), confirmed=True)
    assert first == merged(base, saved(theirs, *lines), ours, saves=earlier(base, previous), confirmed=True)
    assert isinstance(first, Merged)
