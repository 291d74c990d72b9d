"""What differs between a paper in a person's hands and its newer version, in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import differences
from pipeline.documents.differences import Difference

BASE = ("Приказ", "Назначить Иванову М. П. наставником с 1 сентября.", "Контроль оставляю за собой.")
TEXTS = st.lists(st.sampled_from(["а", "б в", "г д е", "ж"]), max_size=5)


@pytest.mark.parametrize(
    ("hers", "now", "said"),
    [
        (BASE, BASE, []),
        (BASE, ("Приказ", BASE[1].replace("1 сентября", "7 сентября"), BASE[2]),
         [Difference("… П. наставником с 1 сентября.", "… П. наставником с 7 сентября.")]),
        (("Мой приказ", *BASE[1:]), BASE, []),
        (("Приказ", BASE[1].replace("Назначить", "Прошу назначить"), BASE[2]),
         ("Приказ", "Назначить Петрову.", BASE[2]),
         [Difference("Прошу назначить Иванову М. П. наставником с 1 сентября.", "Назначить Петрову.")]),
        (BASE, BASE[:2], [Difference(BASE[2], "")]),
        (BASE, (*BASE, "Основание: записка."), [Difference("", "Основание: записка.")]),
        ((*BASE, "Основание: записка."), (*BASE, "Основание: записка."), []),
        ((*BASE[:2], ""), BASE[:2], []),
    ],
)  # fmt: skip
def test_only_what_changed_since_she_began_is_news(
    hers: tuple[str, ...], now: tuple[str, ...], said: list[Difference]
) -> None:
    assert differences.news(BASE, hers, now) == said


def test_what_a_person_changed_is_told_beside_what_was_laid() -> None:
    hers = (BASE[0], BASE[1], "Контроль возлагаю на заместителя.", "Дописано.")
    assert differences.edits(BASE, hers) == [
        Difference("Контроль возлагаю на заместителя.", "Контроль оставляю за собой."),
        Difference("Дописано.", ""),
    ]


@given(TEXTS, TEXTS)
def test_there_is_no_news_exactly_when_nothing_changed(base: list[str], now: list[str]) -> None:
    assert (differences.news(base, base, now) == []) == (base == now)


@given(TEXTS, TEXTS)
def test_who_has_the_newest_words_already_hears_nothing(base: list[str], now: list[str]) -> None:
    assert differences.news(base, now, now) == []
