"""Saves that slip in while the files are being exchanged: each is read, held or put aside, none is lost."""

import random

import pytest

from pipeline import files, steps

DECIDED = ("orders", "ПК-0001", "number")


@pytest.fixture
def quiet():
    yield
    steps.listener = lambda _: None


def slips_in(house, data):
    """Let a save slip in at the worst moment of the next publication, and let that turn be taken."""
    house.feed("people:1", random.Random(1))

    def listen(name):
        if name == "before:register.exchange":
            steps.listener = lambda _: None
            house.path.write_bytes(data)

    steps.listener = listen
    return house.turn()


def half_empty(house, desk):
    """A copy in which a number was entered and most people were deleted."""
    copy, rng = desk.open(house.path.read_bytes()), random.Random(1)
    desk.change(copy, DECIDED, "57-од")
    for _ in range(5):
        copy.deleted.clear()
        desk.delete(copy, rng, "people")
    return copy.data


def number(house, desk):
    return desk.read(house.path.read_bytes())["orders"].lines[0].cells.get("number", "")


def people(house, desk):
    return len([line for line in desk.read(house.path.read_bytes())["people"].lines if line.cells])


@pytest.mark.usefixtures("quiet")
def test_a_save_that_slipped_in_and_is_not_to_be_believed_waits_for_a_person(house, desk):
    data = half_empty(house, desk)
    assert "пропали строки" in slips_in(house, data).held
    assert "пропали строки" in house.turn().held
    house.exchange.accept()
    house.turn()
    assert number(house, desk) == "57-од"
    assert people(house, desk) < 6


@pytest.mark.usefixtures("quiet")
def test_a_save_that_slipped_in_can_be_passed_over_and_its_copy_is_kept(house, desk):
    data = half_empty(house, desk)
    slips_in(house, data)
    house.exchange.discard()
    assert not house.turn().held
    assert (number(house, desk), people(house, desk)) == ("", 6)
    assert data in [one.copy.read_bytes() for one in house.exchange.events()]


@pytest.mark.usefixtures("quiet")
def test_a_save_made_while_another_is_held_is_read_all_the_same(house, desk):
    slips_in(house, half_empty(house, desk))
    copy = desk.open(house.path.read_bytes())
    desk.change(copy, DECIDED, "58-од")
    house.path.write_bytes(copy.data)
    assert house.turn().held
    house.exchange.discard()
    house.turn()
    assert number(house, desk) == "58-од"


def test_two_saves_found_beside_the_register_are_both_read(house, desk):
    copy = desk.open(house.path.read_bytes())
    for name, column, value in (("1", "number", "57-од"), ("2", "kind", "О закреплении")):
        one = desk.open(copy.data)
        desk.change(one, ("orders", "ПК-0001", column), value)
        house.path.with_name(f"{files._WORK}{name}.xlsx").write_bytes(one.data)
    house.turn()
    house.turn()
    row = desk.read(house.path.read_bytes())["orders"].lines[0].cells
    assert (row["number"], row["kind"]) == ("57-од", "О закреплении")


def test_her_save_is_answered_with_a_revision_even_when_no_cell_is_to_be_changed(house, desk):
    copy = desk.open(house.path.read_bytes())
    desk.change(copy, DECIDED, "57-од")
    house.path.write_bytes(copy.data)
    assert house.turn().written
    assert not house.turn().written
