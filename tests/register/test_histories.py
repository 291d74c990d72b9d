"""Whatever curators do with however many copies, nothing of theirs is lost or invented, and no fact is (I3–I8)."""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.register import histories
from tests.register.histories import ACTS, History, SmallHouse, draw, light, prove
from tests.register.light_office import LightOffice

FEW = 50
MANY, PARTS = int(os.environ.get("HISTORIES", "10000")), 10
FIRST = int(os.environ.get("HISTORIES_FROM", "0"))


def test_some_histories_lose_nothing_and_invent_nothing():
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


class Lives(RuleBasedStateMachine):
    """Histories that hypothesis makes up and makes shorter."""

    def __init__(self):
        super().__init__()
        self.around = contextlib.ExitStack()
        folder = self.around.enter_context(tempfile.TemporaryDirectory())
        self.around.enter_context(histories.in_haste())
        self.around.enter_context(mock.patch.object(os, "fsync", lambda _: None))
        self.house = SmallHouse(Path(folder), LightOffice())
        self.around.callback(self.house.close)
        self.history = History(self.house)

    @rule(act=st.sampled_from(sorted(set(ACTS))), seed=st.integers(0, 10**6))
    def live(self, act, seed):
        self.history.live(act, seed)

    def teardown(self):
        with self.around:
            self.history.end()


EXAMPLES = settings(deadline=None, stateful_step_count=14, suppress_health_check=list(HealthCheck))


class TestFewLives(Lives.TestCase):
    settings = settings(EXAMPLES, max_examples=20)


@pytest.mark.prove
class TestManyLives(Lives.TestCase):
    settings = settings(EXAMPLES, max_examples=1_000)


@pytest.mark.prove
def test_the_histories_notice_every_mutant():
    done = subprocess.run([sys.executable, "-m", "tests.register.mutants"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
