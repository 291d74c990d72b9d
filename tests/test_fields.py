from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import fields


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_date_shown_is_read_again(day):
    assert fields.read("date", fields.show("date", day.isoformat())) == day.isoformat()


@given(st.decimals(-(10**9), 10**9, places=3).map(lambda d: fields.read("number", str(d))))
def test_a_number_shown_is_read_again(number):
    assert fields.read("number", fields.show("number", number)) == number


@given(st.text())
def test_text_is_tidied_once_and_for_all(text):
    tidy = fields.tidy(text)
    assert fields.tidy(tidy) == tidy
    assert fields.read("text", fields.show("text", tidy)) == tidy


@pytest.mark.parametrize(
    "written",
    [
        "05.11.2026",
        "5.11.2026 г.",
        "2026-11-05",
        "5 ноября 2026 г.",
        "«05» ноября 2026",
        "05. 11. 2026",
        "05.11.2026 0:00:00",
        datetime(2026, 11, 5),
    ],
)
def test_a_date_is_understood_however_a_person_writes_it(written):
    assert fields.read("date", written) == "2026-11-05"


@pytest.mark.parametrize("written", ["31.02.2026", "вчера", 45000, "05.11.26", True])
def test_what_is_no_certain_date_is_unreadable(written):
    with pytest.raises(fields.Unreadable):
        fields.read("date", written)


@pytest.mark.parametrize(("written", "read"), [("2,5", "2.5"), (2.0, "2"), ("1 000", "1000"), (3, "3")])
def test_a_number_is_understood_with_comma_and_spaces(written, read):
    assert fields.read("number", written) == read


def test_a_closed_answer_is_matched_whatever_its_case_and_spelling_of_yo():
    assert fields.read("choice", "  ПЕРВАЯ ", ["высшая", "первая"]) == "первая"
    assert fields.read("choice", "еще", ["ещё"]) == "ещё"


def test_an_answer_outside_the_list_names_the_list():
    with pytest.raises(fields.Unreadable, match="«высшая», «первая»"):
        fields.read("choice", "третья", ["высшая", "первая"])


def test_several_answers_are_joined_once_each():
    assert fields.read("choices", "б; а;Б", ["а", "б"]) == "б; а"


def test_a_reference_is_read_by_its_code():
    assert fields.read("ref", "Иванова М. П. · Л-0017") == "Л-0017"


def test_control_characters_never_come_in():
    assert fields.read("text", "А\x00\x1b[1m\u202eБ") == "А[1mБ"
