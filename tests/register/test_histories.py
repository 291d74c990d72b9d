"""Whatever curators do with however many copies, nothing of theirs is lost or invented, and no fact is (I3–I8)."""

import os
import subprocess
import sys

import pytest

from tests.register import histories
from tests.register.histories import ACTS, draw, light, prove

FEW = 300
MANY, PARTS = int(os.environ.get("HISTORIES", "10000")), 10
FIRST = int(os.environ.get("HISTORIES_FROM", "0"))


def test_three_hundred_histories_lose_nothing_and_invent_nothing():
    prove(light, range(FIRST, FIRST + FEW))


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
def test_many_histories_lose_nothing_and_invent_nothing(part):
    prove(light, range(FIRST + part, FIRST + MANY, PARTS))


def test_every_act_is_among_few_histories():
    assert {act for seed in range(FEW) for act, _ in draw(seed)} == set(ACTS)


def test_a_history_is_the_same_whenever_it_is_drawn():
    assert draw(7) == draw(7)
    assert draw(7) != draw(8)


def test_a_broken_promise_is_told_with_the_shortest_history_that_breaks_it():
    def run(acts):
        if {"save", "turn"} <= {act for act, _ in acts}:
            raise histories.Wrong("lost")

    with pytest.raises(histories.Wrong, match="lost") as found:
        prove(run, range(50))
    assert str(found.value).count("('") == 2


@pytest.mark.prove
def test_the_histories_notice_every_mutant():
    done = subprocess.run([sys.executable, "-m", "tests.register.mutants"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
