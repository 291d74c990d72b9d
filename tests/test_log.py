"""The log, the heartbeat, the end of the program, the bell."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from pipeline import log, setup, watch
from pipeline.intake import form_sheet
from tests import office_day
from tests.intake import corpus, kit
from tests.rigs import press

HOUSE = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 22, 12, 0)


@pytest.fixture
def logging_here(tmp_path):
    ours = logging.getLogger("pipeline")
    before = ours.handlers[:], ours.level, ours.propagate, sys.excepthook, threading.excepthook
    log.start(tmp_path)
    yield tmp_path
    for handler in ours.handlers[:]:
        handler.close()
    ours.handlers, ours.level, ours.propagate, sys.excepthook, threading.excepthook = before
    logging.raiseExceptions = True


def test_the_log_never_fills_the_disk(logging_here, monkeypatch):
    [handler] = [one for one in logging.getLogger("pipeline").handlers if isinstance(one, RotatingFileHandler)]
    assert (handler.maxBytes, handler.backupCount) == (5 * 2**20, 9)
    handler.maxBytes = 1000
    for number in range(1000):
        logging.getLogger("pipeline.x").error("failed %d", number)
    kept = list(logging_here.glob("nastavnik.log*"))
    assert len(kept) == 10
    assert sum(path.stat().st_size for path in kept) <= 10 * 1000


def test_a_failure_is_told_by_its_kind_and_place_and_never_by_its_words():
    with pytest.raises(ValueError) as failure:
        int("Иванова")
    assert log.place(failure.value).startswith("ValueError, test_log.py:")
    assert "Иванова" not in log.place(failure.value)


def test_the_heartbeat_tells_time_and_state_once_a_minute_or_when_the_state_changes(tmp_path):
    now = [NOW]
    heart = log.Heartbeat(tmp_path, lambda: now[0])

    def told():
        said = json.loads((tmp_path / log.HEARTBEAT).read_text())
        return datetime.fromisoformat(said["at"]), said["state"]

    heart.beat("waiting")
    assert told() == (NOW, "waiting")
    now[0] += timedelta(seconds=30)
    heart.beat("waiting")
    assert told() == (NOW, "waiting")
    heart.beat("hindered")
    assert told() == (now[0], "hindered")
    now[0] += timedelta(seconds=61)
    heart.beat("hindered")
    assert told() == (now[0], "hindered")


def test_a_bell_that_fell_silent_is_hung_up_anew(tmp_path):
    bell = watch.Bell([tmp_path / "share"])
    bell.hang()
    assert not bell.ring.is_set(), "no folder, no bell, no failure"
    (tmp_path / "share").mkdir()
    try:
        bell.hang()
        for emitter in bell._observer.emitters:
            emitter.stop()
            emitter.join()
        bell.hang()
        (tmp_path / "share" / "Анкета.xlsx").write_bytes(b"1")
        assert bell.ring.wait(10)
        bell.ring.clear()
        (tmp_path / "share").rename(tmp_path / "away")
        (tmp_path / "share").mkdir()
        bell.hang()
        bell.ring.clear()
        (tmp_path / "share" / "Анкета.xlsx").write_bytes(b"1")
        assert bell.ring.wait(10)
    finally:
        bell.take_down()


CANARY = "Канарейкина"


def canaries(root: Path, kinds: int | None = None) -> None:
    """Drop forms (of so many kinds) with canaries in every field and name: good, mistaken and cut short."""
    catalog, inbox = kit.shipped(), root / "inbox"
    for number, form in enumerate([one for one in catalog.forms.values() if not one.prefilled][:kinds]):
        answers = kit.good_answers(form)
        words = {key: f"{CANARY} {CANARY}" for key, text in answers.items() if text == "обычный ответ"}
        named = {key: CANARY for key in ("people.surname", "people.name") if key in answers}
        good = form_sheet.make(form, catalog.organisation, {**answers, **words, **named})
        wrong = form_sheet.make(form, catalog.organisation, dict.fromkeys(answers, CANARY))
        for kind, data in (("хорошая", good), ("плохая", wrong), ("обрыв", good[: len(good) // 2])):
            (inbox / f"{CANARY} {kind} {number}.xlsx").write_bytes(data)


def run_among_canaries(root: Path, more: dict[str, bytes]) -> str:
    """Let the program work through canaries at its most talkative; return all that it logged and wrote to stderr."""
    for number, data in enumerate(more.values()):
        (root / "inbox" / f"{CANARY} {number}.xlsx").write_bytes(data)
    policy = root / "config/policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("patience_minutes: 10", "patience_minutes: 0"), "utf-8")
    environment = {**os.environ, log.LEVEL: "DEBUG", "PYTHONWARNINGS": "default"}
    command = [sys.executable, "-m", "pipeline", "once", "--root", str(root)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=900, cwd=HOUSE, env=environment)
    assert done.returncode == 1, done.stderr
    assert CANARY in (root / "inbox" / "Что с моим файлом.html").read_text("utf-8"), "its sender finds the name"
    return done.stderr + "".join(path.read_text("utf-8") for path in (root / ".state").glob("*.log*"))


def test_nothing_personal_is_ever_logged(tmp_path):
    root = office_day.after(office_day.fresh, tmp_path / "college").space.root
    canaries(root, 2)
    said = run_among_canaries(root, {name: corpus.DANGEROUS[name][1]() for name in ("entities", "macros by part")})
    assert "received" in said
    assert "quarantined" in said
    assert CANARY.casefold() not in said.casefold()


@pytest.mark.prove
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_nothing_personal_is_ever_logged_whatever_is_refused(tmp_path):
    root = setup.make(tmp_path / "college", demo=True).root
    canaries(root)
    assert CANARY.casefold() not in run_among_canaries(root, corpus.everything()).casefold()


@pytest.mark.prove
@pytest.mark.longest
@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are not sent on Windows")
def test_in_the_middle_of_ten_thousand_files_the_program_ends_within_ten_seconds_and_goes_on(tmp_path):
    space = setup.make(tmp_path / "college", demo=True)
    for number in range(10_000):
        (space.inbox / f"{number}.xlsx").write_bytes(press.form(number))
    for after in (3, 15, 30):
        command = [sys.executable, "-m", "pipeline", "run", "--root", str(space.root)]
        service = subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, text=True)
        assert "Слежу за папкой" in service.stdout.readline()
        time.sleep(after)
        begin = time.monotonic()
        service.send_signal(signal.SIGTERM)
        assert service.wait(15) == 0
        assert time.monotonic() - begin < 10
    taken = 10_000 - len(list(space.inbox.glob("*.xlsx")))
    assert taken > 0
