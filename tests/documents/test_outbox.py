"""What happens to papers in the outbox, whatever people do to them and wherever a crash comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents import outbox
from pipeline.documents.outbox import Issued, Step, Wanted

SUBJECT = "order_pairs:ПК-0001"
DRAFT, CLEAN = "outbox/ПК-0001 – ПРОЕКТ.docx", "outbox/ПК-0001.docx"
NEWER = "outbox/ПК-0001 (новая редакция).docx"


class Crash(Exception):
    """The power went away."""


@dataclass
class Office:
    """A folder and a journal, both in memory; a file's content is its own hash. ``hers`` is what a person wrote."""

    disk: dict[str, str] = field(default_factory=dict)
    journal: dict[str, Issued] = field(default_factory=dict)
    hers: dict[str, str] = field(default_factory=dict)
    fuse: int = -1

    def look(self, path: str) -> str:
        return self.disk.get(path, "")

    def _burn(self) -> None:
        if self.fuse == 0:
            raise Crash
        self.fuse -= 1

    def plan(self, *wanted: Wanted) -> list[outbox.Settled]:
        return outbox.settle(wanted, self.journal.values(), self.look)

    def turn(self, *wanted: Wanted) -> list[outbox.Settled]:
        settled = self.plan(*wanted)
        for one in settled:
            self._carry_out(one.steps, one.wanted.sha or "form")
        self._carry_out(outbox.withdraw(wanted, self.journal.values(), self.look), "")
        return settled

    def _carry_out(self, steps: Sequence[Step], content: str) -> None:
        for step in steps:
            self._burn()
            self.journal |= {one.key: replace(one, meant=one.meant or content) for one in step.before}
            self._burn()
            if self.look(step.path) != step.displaced and (step.lay or step.displaced):
                continue
            if step.lay:
                self.disk[step.path] = content
            elif step.displaced:
                del self.disk[step.path]
            self._burn()
            self.journal |= {one.key: replace(one, sha=one.sha or content) for one in step.after}
            for key in step.forget:
                self.journal.pop(key, None)

    def edit(self, path: str, content: str = "hers") -> None:
        self.disk[path] = self.hers[path] = content

    def take(self, path: str) -> None:
        self.disk.pop(path, None)
        self.hers.pop(path, None)


def draft(sha: str = "a") -> Wanted:
    return Wanted(SUBJECT, "draft", DRAFT, sha)


def clean(sha: str = "a", *, frozen: bool = False) -> Wanted:
    return Wanted(SUBJECT, "clean", CLEAN, sha, frozen)


def test_a_new_paper_is_laid_once() -> None:
    office = Office()
    assert office.turn(draft())[0].path == DRAFT
    assert office.disk == {DRAFT: "a"}
    assert office.plan(draft())[0].steps == ()


def test_an_untouched_paper_is_brought_up_to_date() -> None:
    office = Office()
    office.turn(draft())
    office.turn(draft("b"))
    assert office.disk == {DRAFT: "b"}


def test_a_changed_paper_is_left_and_one_newer_version_lies_beside_it() -> None:
    office = Office()
    office.turn(clean())
    office.edit(CLEAN)
    settled = office.turn(clean("b"))[0]
    assert (settled.path, settled.trouble, settled.newer) == (CLEAN, "changed", NEWER)
    office.turn(clean("c"))
    assert office.disk == {CLEAN: "hers", NEWER: "c"}


def test_a_changed_paper_without_news_has_nothing_beside_it() -> None:
    office = Office()
    office.turn(clean())
    office.edit(CLEAN)
    assert office.turn(clean())[0].trouble == ""
    assert office.disk == {CLEAN: "hers"}


def test_the_newer_version_goes_when_the_news_is_taken_back() -> None:
    office = Office()
    office.turn(clean())
    office.edit(CLEAN)
    office.turn(clean("b"))
    office.turn(clean("a"))
    assert office.disk == {CLEAN: "hers"}


def test_a_newer_version_that_was_changed_too_counts_as_the_paper() -> None:
    office = Office()
    office.turn(clean())
    office.edit(CLEAN)
    office.turn(clean("b"))
    office.edit(NEWER, "hers too")
    settled = office.turn(clean("c"))[0]
    second = "outbox/ПК-0001 (новая редакция 2).docx"
    assert (settled.path, settled.newer) == (NEWER, second)
    assert office.disk == {CLEAN: "hers", NEWER: "hers too", second: "c"}


@pytest.mark.parametrize("news", ["a", "b"])
def test_a_paper_that_was_taken_is_not_made_again(news: str) -> None:
    office = Office()
    office.turn(clean())
    office.take(CLEAN)
    settled = office.turn(clean(news))[0]
    assert office.disk == {}
    assert (settled.path, settled.trouble) == ("", "" if news == "a" else "taken")


def test_a_renamed_paper_counts_as_taken() -> None:
    office = Office()
    office.turn(clean())
    office.edit("outbox/Мой приказ.docx", office.disk.pop(CLEAN))
    office.turn(clean("b"))
    assert office.disk == {"outbox/Мой приказ.docx": "a"}


def test_the_clean_edition_takes_the_place_of_an_untouched_draft() -> None:
    office = Office()
    office.turn(draft())
    office.turn(clean("b"))
    assert office.disk == {CLEAN: "b"}


def test_a_touched_draft_stays_beside_the_clean_edition() -> None:
    office = Office()
    office.turn(draft())
    office.edit(DRAFT)
    office.turn(clean("b"))
    assert office.disk == {DRAFT: "hers", CLEAN: "b"}


def test_the_clean_edition_is_laid_even_if_the_draft_was_taken() -> None:
    office = Office()
    office.turn(draft())
    office.take(DRAFT)
    office.turn(clean("b"))
    assert office.disk == {CLEAN: "b"}


def test_editions_of_one_name_replace_each_other() -> None:
    office = Office()
    office.turn(replace(draft(), path=CLEAN))
    office.turn(clean("b"))
    assert office.disk == {CLEAN: "b"}
    assert set(office.journal) == {f"{SUBJECT}:clean"}


def test_a_frozen_paper_never_changes_again() -> None:
    office = Office()
    office.turn(clean())
    office.turn(clean("", frozen=True))
    office.turn(clean("b"))
    office.turn()
    assert office.disk == {CLEAN: "a"}


def test_signing_without_a_clean_edition_freezes_the_draft() -> None:
    office = Office()
    office.turn(draft())
    assert office.turn(clean("", frozen=True))[0].path == DRAFT
    assert office.disk == {DRAFT: "a"}


def test_nothing_is_laid_for_what_was_frozen_before_it_was_made() -> None:
    office = Office()
    assert office.turn(clean("", frozen=True))[0].path == ""
    assert office.disk == {}


def test_a_paper_wanted_no_more_is_taken_back_if_untouched() -> None:
    office = Office()
    office.turn(draft())
    office.turn()
    assert office.disk == {}
    office.turn(draft())
    assert office.disk == {DRAFT: "a"}


def test_a_touched_or_taken_paper_wanted_no_more_stays_known() -> None:
    office = Office()
    office.turn(draft())
    office.take(DRAFT)
    office.turn()
    office.turn(draft("b"))
    assert office.disk == {}


def test_a_paper_that_cannot_be_made_now_stays_as_it_was() -> None:
    office = Office()
    office.turn(draft())
    assert office.turn(draft(""))[0].path == DRAFT
    assert office.turn(clean(""))[0].path == DRAFT
    assert office.disk == {DRAFT: "a"}


def test_a_stranger_in_our_place_is_not_overwritten() -> None:
    office = Office()
    office.edit(CLEAN, "a stranger")
    assert office.turn(clean())[0].path == NEWER
    assert office.disk == {CLEAN: "a stranger", NEWER: "a"}


def test_a_form_is_laid_once_and_taken_back_when_wanted_no_more() -> None:
    office = Office()
    form = Wanted("order_registration:ПК-0001", "clean", "outbox/Регистрация.xlsx", form=True)
    office.turn(form)
    assert office.plan(form)[0].steps == ()
    office.turn()
    assert office.disk == {}


# --- whatever happens ----------------------------------------------------------------------------------------------

CONTENTS = st.sampled_from(["a", "b", "c"])
WANTS = st.one_of(
    st.builds(draft, CONTENTS),
    st.builds(clean, CONTENTS),
    st.just(clean("")),
    st.just(clean("", frozen=True)),
    st.just(None),
)
DEEDS = st.sampled_from(["nothing", "edit", "take", "edit newer", "take newer"])


def _do(office: Office, deed: str, number: int) -> None:
    papers = [path for path in sorted(office.disk) if ("новая" in path) == deed.endswith("newer")]
    if not papers or deed == "nothing":
        return
    act: Callable[[str], None] = office.take if "take" in deed else lambda path: office.edit(path, f"hers {number}")
    act(papers[0])


def _wanted(want: Wanted | None) -> tuple[Wanted, ...]:
    return (want,) if want else ()


@given(st.lists(st.tuples(WANTS, DEEDS), max_size=8))
def test_what_a_person_wrote_is_never_lost_and_a_second_turn_does_nothing(days: list[tuple[Wanted, str]]) -> None:
    office = Office()
    for number, (want, deed) in enumerate(days):
        office.turn(*_wanted(want))
        before = dict(office.disk), dict(office.journal)
        office.turn(*_wanted(want))
        assert (office.disk, office.journal) == before
        assert sum("новая" in path and path not in office.hers for path in office.disk) <= 1
        _do(office, deed, number)
        assert office.hers.items() <= office.disk.items()


@given(st.lists(st.tuples(WANTS, DEEDS), max_size=5), WANTS, st.integers(0, 12))
@settings(max_examples=300)
def test_a_crash_anywhere_ends_in_the_same_state(days: list[tuple[Wanted, str]], last: Wanted, fuse: int) -> None:
    office = Office()
    for number, (want, deed) in enumerate(days):
        office.turn(*_wanted(want))
        _do(office, deed, number)
    undisturbed = Office(dict(office.disk), dict(office.journal))
    undisturbed.turn(*_wanted(last))
    office.fuse = fuse
    try:
        office.turn(*_wanted(last))
    except Crash:
        office.fuse = -1
        office.turn(*_wanted(last))
    assert office.disk == undisturbed.disk
    assert office.journal == undisturbed.journal
