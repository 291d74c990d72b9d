"""Whatever the curator does in a real office program while the program works: nothing is lost."""

import os

import pytest

from tests.robot.office import Office, missing
from tests.robot.play import Play, figures

pytestmark = [
    pytest.mark.prove,
    pytest.mark.office,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]

SAVES = int(os.environ.get("NASTAVNIK_ROBOT_SAVES", "100"))
SEED = int(os.environ.get("NASTAVNIK_ROBOT_SEED", "1"))


def test_no_edit_of_hers_and_no_fact_of_a_form_is_lost_whatever_she_does_in_a_real_office_program(tmp_path):
    with Office(tmp_path) as office:
        play = Play(tmp_path, office, SEED, SAVES)
        try:
            play.run()
        finally:
            print(figures(play))  # also of a run that is broken off
    assert play.lost == []
    assert play.done["save"] >= SAVES
    assert play.done["save refused at first"]
