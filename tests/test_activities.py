"""The shipped professional fields and activities: whole, coded once, fit for a programme of three months and more."""

from __future__ import annotations

from collections import Counter

from pipeline.catalog import Activities
from tests.intake import kit


def shipped() -> Activities:
    return kit.shipped().activities


def test_every_field_has_an_activity_for_every_level_of_difficulty() -> None:
    for area in shipped().areas:
        levels = {one.level for one in shipped().activities if one.area == area.key}
        assert levels == {1, 2, 3}


def test_every_activity_answers_a_known_field() -> None:
    assert {one.area for one in shipped().activities} == {area.key for area in shipped().areas}


def test_keys_are_given_once() -> None:
    keys = Counter(one.key for one in (*shipped().activities, *shipped().always))
    assert max(keys.values()) == 1


def test_every_programme_opens_and_ends_with_a_meeting() -> None:
    terms = [one.after_weeks for one in shipped().always]
    assert min(terms) == 0
    assert max(terms) == max(one.after_weeks for one in (*shipped().always, *shipped().activities))


def test_all_fit_the_shortest_programme() -> None:
    weeks = kit.shipped().policy.programme_months_least * 52 / 12
    assert all(one.after_weeks <= weeks for one in (*shipped().activities, *shipped().always))


def test_no_text_ends_with_a_full_stop_in_a_table_cell() -> None:
    for one in (*shipped().activities, *shipped().always):
        assert not any(text.endswith(".") for text in (one.activity, one.form, one.responsible, one.result))
