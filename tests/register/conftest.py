"""A register of a few rows in a house of four sheets, real files and a real journal; and where its curators sit."""

import random

import pytest

from tests.register.curators import Desk
from tests.register.histories import RealOffice, SmallHouse, in_haste


@pytest.fixture
def house(tmp_path):
    with in_haste():
        one = SmallHouse(tmp_path, RealOffice(), "journal.sqlite3")
        for key in ("people:4", "people:5", "people:6"):
            one.feed(key, random.Random(key))
        one.turn()
        yield one
        one.close()


@pytest.fixture
def desk(house):
    return Desk(house.office, house.layout, house.rooms)
