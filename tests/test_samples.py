from __future__ import annotations

from collections import defaultdict

import pytest

from pipeline import samples
from tests.intake import kit
from tests.intake.conftest import read, reader  # noqa: F401 (fixtures)
from tests.intake.kit import Read


def made(count: int = 15, seed: int = 1) -> list[samples.Sample]:
    return samples.make(kit.shipped(), count, seed, kit.TODAY)


def test_equal_seeds_make_equal_files_and_others_do_not() -> None:
    assert made(4) == made(4)
    assert made(4) != made(4, seed=2)


def test_more_samples_begin_with_the_same() -> None:
    assert made(9)[:4] == made(4)


@pytest.mark.parametrize("seed", range(3))
def test_every_sample_is_read_without_a_mistake_as_it_was_meant(seed: int, read: Read) -> None:  # noqa: F811
    for sample in made(seed=seed):
        reading = read(sample.data)
        assert reading.form.name == sample.form
        assert reading.mistakes == ()
        assert sample.answers.items() <= reading.answers.items()


def test_file_names_are_told_apart() -> None:
    names = [sample.file_name for sample in made(30)]
    assert len(set(names)) == len(names)
    assert all(name.endswith(".xlsx") for name in names)


def test_one_person_answers_alike_in_all_forms() -> None:
    by_person = defaultdict(list)
    for sample in made(30):
        key = tuple(sample.answers[f"people.{part}"] for part in ("surname", "name", "patronymic"))
        by_person[key].append(sample.answers)
    assert len(by_person) >= 6
    for answers in by_person.values():
        assert len({one["people.birth"] for one in answers}) == 1
        assert len({one["people.sex"] for one in answers}) == 1


def test_the_first_pair_has_every_consent_that_the_policy_demands() -> None:
    demands = kit.shipped().policy.order_demands
    count = 2 + len(demands.mentor) + len(demands.mentee)
    forms = kit.shipped().forms
    given = defaultdict(set)
    for sample in made(count):
        if forms[sample.form].sheet == "consents":
            given[sample.answers["people.surname"], sample.answers["people.name"]].add(forms[sample.form].sets["kind"])
    assert set(map(frozenset, given.values())) == {frozenset(demands.mentor), frozenset(demands.mentee)}


def test_questionnaires_come_from_mentors_and_mentees_in_turn() -> None:
    forms = [sample.form for sample in samples.questionnaires(kit.shipped(), 6, 1, kit.TODAY)]
    assert forms == ["mentor", "mentee"] * 3


def test_a_sample_with_mistakes_has_several_of_different_kinds(read: Read) -> None:  # noqa: F811
    sample = samples.with_mistakes(kit.shipped(), 1, kit.TODAY)
    reading = read(sample.data)
    assert reading.form.name == sample.form
    assert len({mistake.wanted for mistake in reading.mistakes}) >= 5
