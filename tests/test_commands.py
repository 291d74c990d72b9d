"""The command line as a person types it, in a process of its own where that matters."""

import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import date, datetime
from pathlib import Path

import pytest

from pipeline import __main__ as commands
from pipeline import log, samples, setup
from pipeline.catalog import load
from pipeline.cycle import Cycle
from pipeline.workspace import Workspace
from tests.office_day import Day, after, fresh
from tests.test_catalog import change

HOUSE = Path(__file__).resolve().parent.parent
COMMANDS = ("init", "run", "once", "check", "status", "sample", "register", "explain", "why", "retry", "templates")


def nastavnik(*words: object, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, words)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=HOUSE,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).split())


def settling_soon(root: Path) -> Day:
    """Let a file be taken for settled soon after it was dropped."""
    day = after(fresh, root)
    change(root / "config/policy.yaml", "settle_seconds: 2.0", "settle_seconds: 0.2")
    return day


@pytest.fixture
def root(tmp_path):
    return after(settling_soon, tmp_path / "college").space.root


@pytest.mark.parametrize("words", [(), *((command,) for command in COMMANDS)])
def test_the_help_of_every_command_is_in_russian(words, capsys):
    with pytest.raises(SystemExit) as ended:
        commands.main([*words, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert said.count("Использование:") == 1
    assert not re.search(r"\b(usage|options|arguments|show this)\b", said)


def test_every_command_is_in_the_readme():
    readme = (HOUSE / "README.md").read_text("utf-8")
    assert all(f"`nastavnik {command}" in readme for command in COMMANDS)


@pytest.mark.parametrize("words", [["сделай"], *(["sample", count] for count in ("-1", "0", "много"))])
def test_a_command_that_makes_no_sense_is_told_so_in_one_sentence(words, capsys):
    with pytest.raises(SystemExit) as ended:
        commands.main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("Команда не понята")


def test_a_new_workspace_has_its_blanks_settings_and_templates(tmp_path, capsys):
    assert "Рабочая папка готова" in said(capsys, "init", tmp_path / "college")
    forms = [form for form in load(HOUSE).forms.values() if not form.prefilled]
    assert len(list((tmp_path / "college/inbox/Бланки").glob("*.xlsx"))) == len(forms)
    assert "Настройки в порядке" in said(capsys, "check", "--root", tmp_path / "college")
    assert "не пуста" in said(capsys, "init", tmp_path / "college", code=2)


def test_once_says_by_its_exit_code_that_something_waits_for_a_person(root, capsys):
    said(capsys, "sample", 7, "--root", root)
    once = nastavnik("once", "--root", root, code=1)
    assert "Принято файлов: 7" in once
    status = said(capsys, "status", "--root", root)
    assert "Утверждение Дорожной карты" in status or "ПК-0001" in status


def test_a_mistake_in_the_settings_stops_everything_with_exit_code_2(root, capsys):
    path = root / "config/policy.yaml"
    path.write_text(path.read_text("utf-8").replace("empty_rows", "empty_row"), "utf-8")
    for command in ("once", "check", "run", "status"):
        assert "«empty_row» неизвестен. Возможно, имелось в виду «empty_rows»" in said(
            capsys, command, "--root", root, code=2
        )


def test_a_folder_that_is_no_workspace_is_said_to_be_none(tmp_path, capsys):
    assert "не рабочая папка" in said(capsys, "once", "--root", tmp_path, code=2)


def test_invented_people_never_come_among_real_ones(tmp_path, capsys):
    real = setup.make(tmp_path / "real", demo=False)
    assert "не пробная папка" in said(capsys, "sample", 3, "--root", real.root, code=2)
    assert not list(real.inbox.glob("*.xlsx"))


def test_the_history_of_the_register_is_told_and_undone_by_commands(root, capsys):
    said(capsys, "sample", 7, "--root", root)
    said(capsys, "once", "--root", root, code=1)
    assert "редакция 1" in said(capsys, "register", "history", "--root", root)
    assert "Изменено ячеек: 0." in said(capsys, "register", "diff", 1, 1, "--root", root)
    assert "Такой редакции не было" in said(capsys, "register", "diff", 1, 99, "--root", root, code=2)
    assert "Такой редакции не было" in said(capsys, "register", "restore", 99, "--root", root, code=2)
    assert "Принято файлов: 0" in said(capsys, "register", "restore", 1, "--root", root)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are not sent on Windows")
@pytest.mark.parametrize("sign", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.prove)])
def test_the_watcher_takes_what_is_dropped_and_ends_cleanly_when_told(root, capsys, sign):
    watcher = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", "--root", str(root)], cwd=HOUSE, stdout=subprocess.PIPE, text=True
    )
    try:
        wait_for(root / "register/Реестр наставничества.xlsx")
        assert "другая копия" in said(capsys, "once", "--root", root, code=2)
        catalog = load(root)
        one = samples.questionnaires(catalog, 1, 1, date.today())[0]
        (root / "inbox" / one.file_name).write_bytes(one.data)
        wait_for(root / "archive/2026-2027", anything=True)
    finally:
        watcher.send_signal(sign)
        told, _ = watcher.communicate(timeout=10)
    assert watcher.returncode == 0
    assert "Слежу за папкой" in told
    assert "Остановлено" in told


def wait_for(path: Path, *, anything: bool = False) -> None:
    """Wait until a file is there (or anything in a folder's parent), with ample time."""
    for _ in range(600):
        if path.exists() or (anything and any(path.parent.rglob("*.xlsx"))):
            return
        time.sleep(0.1)
    raise AssertionError(f"{path.name} never came")


def said(capsys, *words: object, code: int = 0) -> str:
    """Give a command without a process of its own; return what it says."""
    capsys.readouterr()
    assert commands.main([str(word) for word in words]) == code
    return " ".join("".join(capsys.readouterr()).split())


def test_the_story_of_a_file_is_told_by_name_path_number_or_hash(root, capsys):
    [good, *_] = samples.make(load(root), 7, 1, date.today())
    bad = samples.with_mistakes(load(root), 1, date.today())
    for name, data in (("Анкета [1].xlsx", good.data), ("плохая.xlsx", bad.data), ("чужое.txt", b"text")):
        (root / "inbox" / name).write_bytes(data)
    said(capsys, "once", "--root", root, code=1)
    (root / "inbox" / "закрыт.xlsx").write_bytes(b"")
    story = said(capsys, "why", "Анкета [1]", "--root", root)
    assert "Принято" in story
    assert "Лежит: archive/" in story
    assert "Строки реестра: " in story
    number = re.search(r"№ (\d+), отпечаток (\w+)", story)
    assert number is not None
    for asked in (number[2], f"№{number[1]}", next((root / "archive").rglob(f"{number[2]}*"))):
        assert said(capsys, "why", asked, "--root", root) == story
    assert "Лежит: inbox/На доработку/плохая.xlsx" in said(capsys, "why", "плохая.xlsx", "--root", root)
    assert "Лежит: inbox/Не распознано/чужое.txt" in said(capsys, "why", "чужое.txt", "--root", root)
    assert "ещё не принят" in said(capsys, "why", "закрыт.xlsx", "--root", root)
    assert "ничего не известно" in said(capsys, "why", "нет такого", "--root", root, code=2)
    assert "не распознано: 1" in said(capsys, "retry", "чужое.txt", "--root", root)
    assert said(capsys, "why", "чужое.txt", "--root", root).count("получен") == 2
    assert "ничего не известно" in said(capsys, "retry", "нет такого", "--root", root, code=2)


def test_a_journal_of_a_later_version_is_told_apart_from_a_damaged_one(root, capsys):
    said(capsys, "once", "--root", root, code=1)
    journal = sqlite3.connect(root / ".state/journal.sqlite3")
    journal.execute("PRAGMA user_version=999")
    journal.close()
    assert "записан более новой версией" in said(capsys, "once", "--root", root, code=2)
    (root / ".state/journal.sqlite3").write_bytes(b"junk" * 5000)
    for left in (root / ".state").glob("journal.sqlite3-*"):
        left.unlink()
    assert "повреждён" in said(capsys, "once", "--root", root, code=2)


def test_what_lies_there_at_the_start_is_taken_in_the_first_turn(root):
    space = Workspace(root)
    one = samples.questionnaires(load(root), 1, 1, date.today())[0]
    (space.inbox / one.file_name).write_bytes(one.data)
    with Cycle(space, setup.examine(space), lambda: datetime.now().astimezone()) as opened:
        heart = log.Heartbeat(space.state, datetime.now)
        commands._Watcher(opened.begin(), heart, threading.Event()).turn()
        assert len(opened._journal.submissions()) == 1
