"""However many files are dropped at once, what is read is published before the rest is."""

from itertools import pairwise
from pathlib import Path

from pipeline import samples, steps
from pipeline.cycle import pace
from pipeline.wording import register as say
from tests.office_day import after, begun


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
    assert bound.is_over(done=800, left=101)
    assert not bound.is_over(done=800, left=100), "publishing once more for so few would take longer"
    with bound.publishing(behind=False):
        watch.now += 15
        assert not bound.papers_are_over()
        watch.now += 5
        assert not bound.papers_are_over()
        watch.now += 5
        with bound.laying():
            watch.now += 100
    bound.begin()
    watch.now += 79
    assert not bound.is_over()
    watch.now += 2
    assert bound.is_over()


def test_new_papers_have_their_time_in_a_turn_and_little_of_it_while_files_wait() -> None:
    watch = Watch()
    bound = pace.Pace(watch)
    with bound.publishing(behind=True):
        watch.now += 1e9
        assert not bound.papers_are_over()
        watch.now += 1e9
        assert not bound.papers_are_over(), "without bounds"
    bound.keep_to_turns()
    for behind, seconds in ((True, 3), (False, 11)):
        with bound.publishing(behind=behind):
            assert not bound.papers_are_over(), "one is made in any case"
            watch.now += seconds - 2
            assert not bound.papers_are_over()
            watch.now += 2
            assert bound.papers_are_over()


def test_new_papers_keep_nobody_waiting_for_long_however_long_publishing_takes() -> None:
    watch = Watch()
    bound = pace.Pace(watch)
    bound.keep_to_turns()
    with bound.publishing(behind=False):
        watch.now += 300
    with bound.publishing(behind=False):
        assert not bound.papers_are_over()
        watch.now += 21
        assert bound.papers_are_over()


def test_portions_are_everything_in_its_order() -> None:
    paths = [Path(str(number)) for number in range(70)]
    assert [len(portion) for portion in pace.portions(paths)] == [32, 32, 6]
    assert [path for portion in pace.portions(paths) for path in portion] == paths


def test_a_long_drop_is_published_in_parts_and_the_rest_waits_in_sight(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(pace, "AT_ONCE", 2)
    day, watch = after(begun, tmp_path / "college"), Watch()
    day.drop(samples.questionnaires(day.catalog, 5, 1, day.now.date()))
    with day.opened() as office:
        office.pace = pace.Pace(watch)
        office.pace.keep_to_turns()
        office.begin().look()
        seen = []
        for _ in range(5):
            outcome = office.turn(office.look(), lambda: setattr(watch, "now", watch.now + 3))
            seen.append((len(day.book()["people"]), outcome.unsettled > 0))
    people = [count for count, _ in seen]
    assert people == sorted(people)
    assert 0 < people[0] < 5, "some were published first"
    assert people[-1] == 5
    assert seen[0][1], "the rest is asked for soon"
    assert not seen[-1][1]


def test_senders_are_answered_before_the_register_is_written(tmp_path: Path, monkeypatch) -> None:
    day, found = after(begun, tmp_path / "college"), []
    forms = samples.questionnaires(day.catalog, 1, 1, day.now.date())
    day.drop(forms)

    def look(step: str) -> None:
        if step == "before:register.exchange":
            found.append(forms[0].file_name in day.space.fate_page.read_text("utf-8"))

    monkeypatch.setattr(steps, "listener", look)
    day.turn()
    assert found == [True]


class Stingy(pace.Pace):
    """Lets some new papers be made."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.left = most

    def papers_are_over(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_papers_that_were_put_off_follow_and_nobody_is_asked_anything_meanwhile(tmp_path: Path) -> None:
    day, whole = after(begun, tmp_path / "college"), after(begun, tmp_path / "whole")
    for one in (day, whole):
        one.drop(samples.questionnaires(one.catalog, 2, 1, one.now.date()))
    whole.turn()
    seen = []
    for most in (2, 3, 99):
        with day.opened() as office:  # begun anew each time, as after a restart
            office.pace = Stingy(most)
            office.begin().look()
            assert (office.turn(office.look()).unsettled > 0) == (most < 99)
        asked = {row["text"] for row in day.book()["questions"].values() if row.get("state") == say.OPEN}
        seen.append((len(day.papers()), asked))
    assert [count for count, _ in seen] == sorted({count for count, _ in seen}), "each turn makes some"
    assert all(before <= after for (_, before), (_, after) in pairwise(seen)), "nothing is asked and taken back"
    assert day.papers() == whole.papers()
    assert day.book()["consents"] == whole.book()["consents"]
