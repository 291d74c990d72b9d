"""The names and posts of the hand-made list: right or flagged, and people are seldom asked without need."""

from functools import cache

import pytest

from pipeline.documents.russian import Case, Grammar, sex_of
from tests.documents import declensions
from tests.documents.declensions import Judged

PLAIN = Grammar({}, {})
LISTS = {"names": declensions.judge_names, "posts": declensions.judge_posts}

each_list = pytest.mark.parametrize("which", LISTS)


@cache
def judged(which: str) -> list[Judged]:
    return LISTS[which](PLAIN)


def told(some: list[Judged]) -> list[str]:
    return [f"{one.given.text}, not {one.entry.forms[one.case]}: {one.given.doubt}" for one in some]


def test_the_list_is_as_long_as_it_must_be() -> None:
    assert len({entry.nominative for entry in declensions.names()}) >= 300
    assert len({entry.nominative for entry in declensions.posts()}) >= 120
    women = [entry for entry in declensions.names() if entry.sex == "ж"]
    assert len(declensions.names()) / 4 < len(women) < len(declensions.names()) * 3 / 4


@each_list
def test_every_form_is_right_or_flagged(which: str) -> None:
    assert told([one for one in judged(which) if one.surely_wrong]) == []


@each_list
def test_a_disputed_form_is_flagged(which: str) -> None:
    assert declensions.undoubted_entries(judged(which)) == set()


@each_list
def test_people_are_seldom_asked_about_a_right_form(which: str) -> None:
    needless = [one for one in judged(which) if one.needlessly_doubtful]
    assert len(needless) <= declensions.SHARE_OF_NEEDLESS_DOUBTS * len(judged(which)), told(needless)


def test_a_doubt_comes_with_a_form_to_confirm() -> None:
    assert all(one.given.text for which in LISTS for one in judged(which))


def test_a_patronymic_of_the_list_never_tells_the_other_sex() -> None:
    told_by = [(entry.sex, sex_of(" ".join(entry.nominative.split()[2:]))) for entry in declensions.names()]
    assert [pair for pair in told_by if pair[1] not in {"", pair[0]}] == []
    assert len([pair for pair in told_by if pair[1]]) > 0.9 * len(told_by)


@pytest.mark.parametrize("case", declensions.OBLIQUE)
def test_a_short_name_has_the_surname_of_the_full_one(case: Case) -> None:
    for entry in declensions.names():
        name = declensions.name_of(entry)
        short = PLAIN.short(name, case).text.replace("\u00a0", " ")
        assert short.startswith(f"{PLAIN.surname(name, case).text} {name.given[0]}.")
        assert PLAIN.name(name, case).text.startswith(PLAIN.surname(name, case).text)
