"""The rigs, with the counts that fit into ``make prove``; each module of a rig says how to run it by hand."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.rigs import full_disk


def run(rig: str, *arguments: str) -> None:
    """Run a rig in a process of its own, which forks, kills and mounts as it likes; show what it saw."""
    command = [sys.executable, "-m", f"tests.rigs.{rig}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]


@pytest.mark.prove
def test_nothing_is_lost_or_doubled_when_two_instances_are_killed_again_and_again() -> None:
    run("kill_loop", "--kills", os.environ.get("KILLS", "300"), "--seed", os.environ.get("KILLS_SEED", "1"))


@pytest.mark.prove
@pytest.mark.longest
@pytest.mark.skipif(not full_disk.may_mount(), reason="only root on Linux may mount small volumes to fill")
@pytest.mark.parametrize("volume", full_disk.VOLUMES)
def test_a_full_volume_loses_nothing_and_work_goes_on_by_itself(volume: str) -> None:
    run("full_disk", volume)


@pytest.mark.prove
@pytest.mark.longest
@pytest.mark.skipif(not full_disk.may_mount(), reason="only root on Linux may mount a disk to cut its power")
def test_a_power_cut_at_the_steps_of_an_intake_loses_nothing() -> None:
    run("power_cut", "--every", os.environ.get("POWER_CUT_EVERY", "7"))
