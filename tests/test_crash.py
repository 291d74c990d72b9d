"""A crash before and after every write heals: the next turn ends where an undisturbed run would have ended."""

import ast
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import pipeline
from pipeline import samples, steps, tokens
from tests import scan_pages
from tests.intake import hostile, kit
from tests.office_day import PAIR, Day


class Crash(BaseException):
    """The machine stops here."""


def take_in(day: Day) -> None:
    """Forms were dropped, one of them with mistakes is not among them."""
    day.drop(day.pair_forms())


def approve(day: Day) -> None:
    """The curator saved: signatures marked, a pair approved."""
    day.curator.mark_signatures(day.now.date())
    day.write("П-0001", **PAIR)


def send(day: Day) -> None:
    """The curator saved: the order is to be signed."""
    day.write(day.row("П-0001")["order"], decision="На подпись")


def sign(day: Day) -> None:
    """The curator saved: number and date of the order."""
    day.write(day.row("П-0001")["order"], number="57-од", day="2026-11-23")


def go_wrong(day: Day) -> None:
    """All that intake can meet came at once: forms to be sent back, corrected, repeated, refused, put aside."""
    mistaken, corrected = kit.filled("mentee", phone="позже"), kit.filled("mentee")
    accepted, foreign = day.pair_forms(seed=7)[0], hostile.xlsx()
    day.drop([accepted])
    day.drop_file("с ошибкой.xlsx", mistaken)
    day.drop_file("чужой.xlsx", foreign)
    day.turn()
    day.drop_file("ещё раз.xlsx", accepted.data)
    day.drop_file("исправлено.xlsx", corrected)
    day.drop_file("чужой ещё раз.xlsx", foreign)
    day.drop_file("с ошибкой 2.xlsx", samples.with_mistakes(day.catalog, 2, day.now.date()).data)
    day.drop_file("опасный.xlsx", hostile.xlsx(more={"xl/vbaProject.bin": b"x"}))
    (day.space.inbox / "ссылка.xlsx").symlink_to("/etc/passwd")
    min(day.space.blanks.iterdir()).unlink()


def scan(day: Day) -> None:
    """A signed sheet and a page that is none of ours came as one scan."""
    token = next(tokens.read(row["token"]) for row in day.book()["consents"].values() if row.get("token"))
    pages = [scan_pages.signed(scan_pages.plain(token, 150), random.Random(1)), scan_pages.blank(150)]
    day.drop_file("скан.pdf", scan_pages.pdf(pages, 150))


STAGES: list[Callable[[Day], None]] = [take_in, approve, send, sign, go_wrong, scan]

FAMILIES = ("intake.", "files.", "archive.")
"""The steps that this test answers for; those of a room of its own are healed beside that room's tests."""

ELSEWHERE = {
    "intake.tell": "only ever a part of another step",
    "intake.understand": "only ever a part of another step",
    "intake.again": "only ever a part of another step",
    "intake.postpone": "taken only while a fault passes: tests/rigs, full volumes",
    "files.return_aside": "tests/register: exchanges where two names cannot be exchanged at once",
    "files.destroy": "tests of erasure",
}


@pytest.fixture(scope="module", params=range(len(STAGES)), ids=[stage.__name__ for stage in STAGES])
def prepared(request, tmp_path_factory) -> Path:
    """A workspace in which people have just done their part and the program has not yet seen it."""
    day = Day(tmp_path_factory.mktemp("stage") / "college")
    for stage in STAGES[: request.param]:
        stage(day)
        day.turn()
    STAGES[request.param](day)
    return day.space.root


def copy_of(prepared: Path, target: Path) -> Day:
    shutil.copytree(prepared, target)
    return Day(target)


def end_state(day: Day) -> dict[str, object]:
    """What people see when everything has come to rest; codes and texts, not times and revision numbers."""
    for _ in range(2):
        day.turn()
    return {
        "register": day.book(),
        "papers": day.papers(),
        "forms": sorted(path.name for path in day.space.outbox.rglob("*.xlsx")),
        "inbox": sorted(day.space.relative(path) for path in day.space.inbox.rglob("*") if path.is_file()),
        "archive": sorted(path.name for path in day.space.archive.rglob("*.*")),
        "spool": sorted(path.name for path in day.space.spool.iterdir()),
        "fates": day.fates(),
        "work files": [path.name for path in day.space.root.rglob(".nastavnik-*")],
    }


def announcements(day: Day) -> list[str]:
    seen: list[str] = []
    steps.listener = seen.append
    day.turn()
    return seen


def crash_at(day: Day, place: int) -> None:
    """Run one turn and stop it for good at its ``place``-th announcement."""
    count = 0

    def stop(name: str) -> None:
        nonlocal count
        if count == place:
            raise Crash(name)
        count += 1

    steps.listener = stop
    with pytest.raises(Crash):
        day.turn()


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    """Nobody listens afterwards; the machine goes on running, so nothing need reach the disk itself."""
    monkeypatch.setattr(steps, "listener", steps.listener)
    monkeypatch.setattr(os, "fsync", lambda _: None)


def named_steps() -> Iterator[str]:
    """Return the names of all steps in the program, those made of two parts with every end they can have."""
    for path in Path(pipeline.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _is_step(node.func) and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)
    yield from ("intake.returned", "intake.refused")


def _is_step(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in {"step", "commit"}


def test_every_step_of_intake_is_one_at_which_a_crash_is_tried(tmp_path):
    day, seen = Day(tmp_path / "college"), set()
    for stage in STAGES:
        stage(day)
        seen |= {name.partition(":")[2] for name in announcements(day)}
        steps.listener = lambda _: None
    names = {name for name in named_steps() if name.startswith(FAMILIES)}
    assert len(names) > 15
    assert names - seen == ELSEWHERE.keys()


def heals(prepared: Path, tmp_path: Path, every: int) -> None:
    quiet = steps.listener
    undisturbed = copy_of(prepared, tmp_path / "undisturbed")
    places = len(announcements(copy_of(prepared, tmp_path / "counted")))
    steps.listener = quiet
    wanted = end_state(undisturbed)
    assert places > 20
    for place in range(places % every, places, every):
        crashed = copy_of(prepared, tmp_path / f"crash-{place}")
        crash_at(crashed, place)
        steps.listener = quiet
        found = end_state(crashed)
        assert found == wanted, f"crash at announcement {place} of {places}"
        shutil.rmtree(crashed.space.root)


@pytest.mark.parametrize("prepared", [0], ids=["take_in"], indirect=True)
def test_a_crash_here_and_there_heals(prepared, tmp_path):
    heals(prepared, tmp_path, 61)


@pytest.mark.prove
def test_a_crash_before_and_after_many_writes_heals(prepared, tmp_path):
    heals(prepared, tmp_path, int(os.environ.get("CRASH_STEP", "1")))
