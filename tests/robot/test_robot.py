"""Whatever the curator does in a real office program while the program works: nothing is lost."""

import pytest

from tests.robot.office import Office, missing
from tests.robot.play import Play

pytestmark = [pytest.mark.prove, pytest.mark.office, pytest.mark.skipif(bool(missing()), reason=missing())]

SAVES = 100


def test_a_hundred_saves_at_random_lose_no_edit_of_hers_and_no_fact_of_a_form(tmp_path):
    with Office(tmp_path) as office:
        figures = Play(tmp_path, office, 1, SAVES).run()
    print(figures)
    assert figures.wrong == []
    assert figures.saves >= SAVES
    assert figures.mere
    assert figures.held_open
    assert figures.refused_saves
