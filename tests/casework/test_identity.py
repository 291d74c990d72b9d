import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.casework.identity import Directory, Likeness, compare, identity

ORLOVA = {"surname": "Орлова", "name": "Анна", "patronymic": "Сергеевна", "birth": "1999-05-12", "number": "15"}


@pytest.mark.parametrize(
    ("said", "much"),
    [
        ({}, Likeness.SAME),
        ({"surname": " ОРЛОВА "}, Likeness.SAME),
        ({"number": ""}, Likeness.SAME),
        ({"number": "0015", "birth": ""}, Likeness.SAME),
        ({"surname": "Петрова"}, Likeness.SAME),
        ({"birth": "1980-01-01"}, Likeness.SAME),
        ({"surname": "Петрова", "birth": "1980-01-01"}, Likeness.DOUBT),
        ({"number": "16"}, Likeness.DOUBT),
        ({"number": "16", "birth": "1999-12-05"}, Likeness.NONE),
        ({"number": "", "birth": ""}, Likeness.DOUBT),
        ({"number": "", "birth": "1999-12-05"}, Likeness.DOUBT),
        ({"number": "", "birth": "1999-05-21"}, Likeness.DOUBT),
        ({"number": "", "birth": "1989-05-12"}, Likeness.DOUBT),
        ({"number": "", "birth": "1971-11-30"}, Likeness.NONE),
        ({"number": "", "surname": "Петрова"}, Likeness.DOUBT),
        ({"number": "", "patronymic": "–"}, Likeness.DOUBT),
        ({"number": "", "surname": "Петрова", "name": "Инна"}, Likeness.NONE),
    ],
)
def test_the_number_tells_who_it_is_else_name_and_birth_and_less_is_a_doubt(said, much):
    known = Directory()
    known.learn("Л-0001", ORLOVA)
    assert known.like(ORLOVA | said).get("Л-0001", Likeness.NONE) is much


def test_yo_and_ye_are_one_letter():
    known = Directory()
    known.learn("Л-0001", ORLOVA | {"surname": "Лихачёва", "number": ""})
    assert known.like(ORLOVA | {"surname": "лихачева", "number": ""}) == {"Л-0001": Likeness.SAME}


def test_everything_ever_known_of_a_person_counts():
    known = Directory()
    known.learn("Л-0001", ORLOVA | {"number": ""})
    known.learn("Л-0001", ORLOVA | {"surname": "Петрова", "number": ""})
    assert known.like(ORLOVA | {"number": ""}) == {"Л-0001": Likeness.SAME}
    assert known.like(ORLOVA | {"surname": "Петрова"}) == {"Л-0001": Likeness.SAME}


def test_a_date_that_is_no_date_is_only_a_doubt():
    known = Directory()
    known.learn("Л-0001", ORLOVA | {"number": "", "birth": "весной 1999"})
    assert known.like(ORLOVA) == {"Л-0001": Likeness.DOUBT}


names = st.sampled_from(["Орлова", "орлова ", "Петрова", ""])
people = st.fixed_dictionaries(
    {
        "surname": names,
        "name": st.sampled_from(["Анна", "Инна", ""]),
        "patronymic": st.sampled_from(["Сергеевна", "–", ""]),
        "birth": st.sampled_from(["1999-05-12", "1999-12-05", "1971-11-30", ""]),
    }
)


@given(people, people)
def test_likeness_does_not_depend_on_who_came_first(one, other):
    assert compare(identity(one), identity(other)) == compare(identity(other), identity(one))


@given(people, people)
def test_whoever_is_alike_is_found(one, other):
    known = Directory()
    known.learn("Л-0001", one)
    much = compare(identity(one), identity(other))
    if one["surname"] and one["name"] and much:
        assert known.like(other) == {"Л-0001": much}
