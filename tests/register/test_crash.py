"""A crash before and after each write of a publication, on real files: the end is that of an undisturbed run."""

import itertools
import random
import tempfile
from pathlib import Path

import pytest

from pipeline import files, steps
from pipeline.register import workbook
from tests.register.curators import Desk
from tests.register.histories import RealOffice, SmallHouse, in_haste

SCENARIOS = ("a form came", "she saved", "a save slips in")


class Crash(BaseException):
    """The machine stops here."""


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    monkeypatch.setattr(steps, "listener", steps.listener)


def her_save(house, desk):
    """A cell changed, a row deleted, an empty row filled, a row typed without a code."""
    copy, rng = desk.open(house.path.read_bytes()), random.Random(4)
    desk.change(copy, ("people", "Л-0002", "post"), "её правка")
    desk.delete(copy, rng, "people", "Л-0005")
    desk.fill(copy, rng)
    desk.add(copy, rng)
    return copy.data


def live(scenario, stop):
    """Let a scenario happen and the program be stopped by ``stop(name of the announcement)``; return the end."""
    with tempfile.TemporaryDirectory() as folder, in_haste():
        house = SmallHouse(Path(folder), RealOffice(), "journal.sqlite3")
        desk = Desk(house.office, house.layout, house.rooms)
        for key in ("people:4", "people:5", "people:6"):
            house.feed(key, random.Random(key))
        house.turn()
        saved = her_save(house, desk)
        slips = iter([saved] * (scenario == "a save slips in"))

        def listen(name):
            if name == "before:register.exchange":
                for data in slips:
                    house.path.write_bytes(data)
            stop(name)

        if scenario == "she saved":
            house.path.write_bytes(saved)
        house.feed("people:1", random.Random(1))
        steps.listener, quiet = listen, steps.listener
        try:
            house.turn()
        except Crash:
            house.start()
        finally:
            steps.listener = quiet
        for data in slips:
            house.path.write_bytes(data)
        end = at_rest(house, desk)
        house.close()
        return end


def at_rest(house, desk):
    while house.turn().written:
        pass
    told = workbook.read_sheets(house.office.read(house.path.read_bytes()), house.layout)
    return {
        "rows": {key: {c: dict(r) for c, r in rows.items() if r} for key, rows in workbook.said(told).items()},
        "edits": [(one.sheet, one.code, one.column, one.value) for one in house.journal.edits()],
        "removed": set(house.journal.removed()),
        "published": house.journal.last_revision("published").sha == files.digest_of(house.path),
        "work files": files.leftovers(house.path),
    }


@pytest.mark.prove
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_publication_stopped_anywhere_ends_as_an_undisturbed_one(scenario):
    announced = []
    wanted = live(scenario, announced.append)
    assert wanted["published"]
    assert not wanted["work files"]
    assert len(announced) > 10
    for place in range(len(announced)):
        count = itertools.count()

        def stop(name, place=place, count=count):
            if next(count) == place:
                raise Crash(name)

        assert live(scenario, stop) == wanted, f"stopped at {place}: {announced[place]}"


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_where_two_names_cannot_be_exchanged_at_once_a_stop_between_loses_nothing(monkeypatch, scenario, place):
    plain, count, nobody = Path.rename, itertools.count(), steps.listener

    def rename(path, target):
        if steps.listener is not nobody and next(count) == place:
            raise Crash(path)
        return plain(path, target)

    monkeypatch.setattr(files.sys, "platform", "win32")
    wanted = live(scenario, lambda _: None)
    monkeypatch.setattr(Path, "rename", rename)
    assert live(scenario, lambda _: None) == wanted
