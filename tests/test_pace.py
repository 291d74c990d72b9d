"""However many files are dropped at once, what is read is published before the rest is."""

from pathlib import Path

from pipeline import samples
from pipeline.cycle import pace
from tests.office_day import Day


class Watch:
    """A watch that a test moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_without_bounds_a_turn_takes_everything() -> None:
    watch = Watch()
    free = pace.Pace(watch)
    free.begin()
    watch.now = 1e9
    assert not free.is_over()


def test_a_turn_may_take_in_for_several_times_as_long_as_publishing_took() -> None:
    watch = Watch()
    bound = pace.Pace(watch)
    bound.keep_to_turns()
    bound.begin()
    watch.now = 11
    assert bound.is_over()
    with bound.publishing():
        watch.now += 20
    bound.begin()
    watch.now += 79
    assert not bound.is_over()
    watch.now += 2
    assert bound.is_over()


def test_portions_are_everything_in_its_order() -> None:
    paths = [Path(str(number)) for number in range(70)]
    assert [len(portion) for portion in pace.portions(paths)] == [32, 32, 6]
    assert [path for portion in pace.portions(paths) for path in portion] == paths


def test_a_long_drop_is_published_in_parts_and_the_rest_waits_in_sight(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(pace, "AT_ONCE", 2)
    day, watch = Day(tmp_path / "college"), Watch()
    day.turn()
    day.drop(samples.questionnaires(day.catalog, 7, 1, day.now.date()))
    with day.opened() as office:
        office.pace = pace.Pace(watch)
        office.pace.keep_to_turns()
        office.begin().look()
        seen = []
        for _ in range(7):
            outcome = office.turn(office.look(), lambda: setattr(watch, "now", watch.now + 3))
            seen.append((len(day.book()["people"]), outcome.unsettled > 0))
    people = [count for count, _ in seen]
    assert people == sorted(people)
    assert 0 < people[0] < 7, "some were published first"
    assert people[-1] == 7
    assert seen[0][1], "the rest is asked for soon"
    assert not seen[-1][1]
