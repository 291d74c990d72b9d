"""The command line ``nastavnik``: init, run, once, check, status, sample.

Exit codes of ``once``: 0 all done, 1 something waits for a person, 2 a mistake in the set-up. Other commands: 0 or 2.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

import pipeline
from pipeline import catalog, cycle, files, journal, log, samples, setup, thrift, watch
from pipeline.documents import vocabulary
from pipeline.model import plain_name
from pipeline.wording import commands as say
from pipeline.wording import erasing
from pipeline.wording import explain as explain_say
from pipeline.wording import vocabulary as vocabulary_say
from pipeline.wording import why as why_say
from pipeline.workspace import Workspace

ALL_DONE, WAITING, MISTAKE = 0, 1, 2

console = Console(highlight=False, soft_wrap=True)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: object, groups: object, prefix: str | None = None) -> None:
        """Say «Использование» where argparse would say «usage»."""
        super().add_usage(usage, actions, groups, prefix or say.USAGE)  # type: ignore[arg-type]


class _Parser(argparse.ArgumentParser):
    """A parser that speaks Russian."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"formatter_class": _Help, "add_help": False, **options})  # type: ignore[arg-type]
        self._positionals.title = say.COMMANDS
        self._optionals.title = say.OPTIONS
        self.add_argument("-h", "--help", action="help", help=say.HELP)

    def error(self, message: str) -> None:  # type: ignore[override]
        """End with exit code 2 and one Russian sentence."""
        del message
        self.exit(MISTAKE, f"{say.not_understood()}\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    whole = _Parser(prog=say.PROGRAM, description=say.DESCRIPTION)
    whole.add_argument("--version", action="version", version=pipeline.__version__, help=say.VERSION)
    commands = whole.add_subparsers(dest="command", metavar="", required=True, parser_class=_Parser)

    def add(name: str, text: str, act: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        one = commands.add_parser(name, prog=f"{say.PROGRAM} {name}", help=text, description=text)
        one.set_defaults(act=act)
        if name != "init":
            one.add_argument("--root", type=Path, default=Path(), metavar="DIR", help=say.ROOT)
        return one

    init = add("init", say.INIT, _init)
    init.add_argument("folder", type=Path, metavar="DIR", help=say.INIT_DIR)
    init.add_argument("--demo", action="store_true", help=say.INIT_DEMO)
    add("run", say.RUN, _run)
    add("once", say.ONCE, _once)
    add("check", say.CHECK, _check)
    add("status", say.STATUS, _status)
    explain = add("explain", explain_say.EXPLAIN, _explain)
    explain.add_argument("file", type=Path, metavar="FILE", help=explain_say.FILE)
    erase = add("erase", erasing.ERASE, _erase)
    erase.add_argument("code", metavar="CODE", help=erasing.ERASE_CODE)
    erase.add_argument("--reason", default="", metavar="TEXT", help=erasing.ERASE_REASON)
    person = add("person", erasing.PERSON, _person)
    person.add_argument("code", metavar="CODE", help=erasing.ERASE_CODE)
    for name, text, act in (("why", why_say.WHY, _why), ("retry", why_say.RETRY, _retry)):
        add(name, text, act).add_argument("file", metavar="FILE", help=why_say.FILE)
    _add_templates(commands)
    _add_register(commands)
    sample = add("sample", say.SAMPLE, _sample)
    sample.add_argument("count", type=_positive, metavar="N", help=say.SAMPLE_COUNT)
    sample.add_argument("--seed", type=int, default=1, metavar="S", help=say.SAMPLE_SEED)
    return whole


def _positive(text: str) -> int:
    """Read a number of things; there must be at least one."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _add_templates(commands: argparse._SubParsersAction[_Parser]) -> None:
    """Add the command about what templates may say."""
    prog, text = f"{say.PROGRAM} templates", vocabulary_say.TEMPLATES
    templates = commands.add_parser("templates", prog=prog, help=text, description=text)
    actions = templates.add_subparsers(dest="action", metavar="", required=True, parser_class=_Parser)
    text = vocabulary_say.FIELDS
    fields = actions.add_parser("fields", prog=f"{prog} fields", help=text, description=text)
    fields.add_argument("name", nargs="?", default="", metavar="NAME", help=vocabulary_say.NAME)
    fields.add_argument("--root", type=Path, default=Path(), metavar="DIR", help=say.ROOT)
    fields.set_defaults(act=_fields)


def _add_register(commands: argparse._SubParsersAction[_Parser]) -> None:
    """Add the commands about the register's history."""
    prog = f"{say.PROGRAM} register"
    register = commands.add_parser("register", prog=prog, help=say.REGISTER, description=say.REGISTER)
    actions = register.add_subparsers(dest="action", metavar="", required=True, parser_class=_Parser)
    numbers = {"diff": ("old", "new"), "restore": ("number",)}
    for name, (text, act) in _REGISTER.items():
        one = actions.add_parser(name, prog=f"{prog} {name}", help=text, description=text)
        one.add_argument("--root", type=Path, default=Path(), metavar="DIR", help=say.ROOT)
        for number in numbers.get(name, ()):
            one.add_argument(number, type=int, metavar="N", help=say.REVISION)
        one.set_defaults(act=act)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    chosen = parser().parse_args(arguments)
    if sys.version_info < (3, 11, 8):
        console.print(say.old_python(), style="yellow")
    try:
        return int(chosen.act(chosen))
    except catalog.SetupMistake as mistake:
        console.print(say.setup_problems(len(mistake.mistakes)), style="bold")
        for line in mistake.mistakes:
            console.print(f"• {line}")
    except files.AnotherInstance:
        console.print(say.another_instance())
    except journal.LaterVersion:
        console.print(say.journal_of_later_version(Workspace(chosen.root).journal))
    except (OSError, sqlite3.OperationalError) as problem:
        _failure(problem)
        console.print(say.turn_waits(_cause(problem)))
        return WAITING
    except sqlite3.DatabaseError:
        console.print(say.journal_damaged(Workspace(chosen.root).journal))
    except Exception as problem:  # noqa: BLE001 (a bug is told by its place: its message may hold personal data)
        console.print(_failure(problem))
    return MISTAKE


def _space(chosen: argparse.Namespace) -> Workspace:
    space = Workspace(chosen.root.resolve())
    if not (space.root / "config/organisation.yaml").is_file():
        raise catalog.SetupMistake([say.not_a_workspace(chosen.root)])
    return space


@contextmanager
def _opened(chosen: argparse.Namespace) -> Iterator[cycle.Cycle]:
    """Open a workspace for working in it, alone."""
    space = _space(chosen)
    declared = catalog.load(space.root)
    files.make_folders(space.own_folders)
    log.start(space.state)
    with files.only_instance(space.state / "lock"), cycle.Cycle(space, declared, datetime.now) as opened:
        yield opened.begin()


def _init(chosen: argparse.Namespace) -> int:
    root = chosen.folder.resolve()
    if root.exists() and any(root.iterdir()):
        console.print(say.not_empty(root))
        return MISTAKE
    space = setup.make(root, demo=chosen.demo)
    with cycle.Cycle(space, setup.examine(space), datetime.now) as opened:
        opened.lay_blanks()
    console.print(say.made(root))
    return ALL_DONE


def _once(chosen: argparse.Namespace) -> int:
    with _opened(chosen) as opened:
        outcome = _settled_turn(opened)
        while opened.wait_for_prints():
            outcome.papers = *outcome.papers, *opened.turn(opened.look()).papers
    for line in outcome.sentences():
        console.print(line)
    if outcome.mistakes:
        return MISTAKE
    return WAITING if outcome.waits else ALL_DONE


def _settled_turn(opened: cycle.Cycle) -> cycle.Outcome:
    """Take two looks, so that no half-copied file is taken, then make one whole turn."""
    opened.look()
    time.sleep(opened.catalog.policy.settle_seconds)
    sight = opened.look()
    if not sys.stderr.isatty() or len(sight.settled) < 20:
        return opened.turn(sight)
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task(say.READING, total=len(sight.settled))
        return opened.turn(sight, lambda: progress.advance(bar, 0.5))


def _run(chosen: argparse.Namespace) -> int:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: _stop_soon(stop))
    with _opened(chosen) as opened:
        space = _space(chosen)
        opened.pace.keep_to_turns()
        thrift.hold_little()
        watcher = _Watcher(opened, log.Heartbeat(space.state, datetime.now), stop)
        console.print("\n".join((*opened.mistakes, say.greeting(space.root))))
        folders = [space.inbox, space.register.parent, space.outbox]
        watch.keep_turning(watcher.turn, folders, stop, opened.catalog.policy.poll_seconds)
        watcher.end()
    console.print(say.stopped())
    return ALL_DONE


_LONG = 10.0
"""Seconds after which a turn is worth a word to the monitor."""

_GRACE = 7.0
"""Seconds in which a turn may come to a good place to stop; after them any place must do: the next start heals it."""


def _stop_soon(stop: threading.Event) -> None:
    """End the work at the next good place, and in any case soon."""
    if stop.is_set():
        return
    stop.set()
    end = threading.Timer(_GRACE, _leave)
    end.daemon = True
    end.start()


def _leave() -> None:
    console.print(say.stopped())
    os._exit(ALL_DONE)


class _Stopped(Exception):
    """The watcher was told to end in the middle of a turn; the next start goes on where it stopped."""


class _Watcher:
    """The turns of ``run``, each outliving whatever happens in it."""

    def __init__(self, opened: cycle.Cycle, heart: log.Heartbeat, stop: threading.Event) -> None:
        self._opened = opened
        self._heart = heart
        self._stop = stop
        self._told: object = ()
        self._begun = 0.0
        self._arrived = False

    def turn(self) -> bool:
        """Make one turn; return whether the next is due soon."""
        self._begun = time.monotonic()
        try:
            self._arrive()
            outcome = self._opened.turn(self._opened.look(self._tick), self._tick)
        except _Stopped:
            return True
        except (OSError, sqlite3.OperationalError) as problem:
            self._hindered(problem)
            return False
        except Exception as problem:  # noqa: BLE001 (the one handler: the watcher outlives any bug, and says so)
            self._say([_failure(problem)])
            self._heart.beat("failed")
            return False
        self._heart.beat("hindered" if outcome.troubles or outcome.mistakes else "waiting")
        if outcome.changed or outcome.troubles:
            self._say(outcome.sentences())
        return outcome.unsettled > 0

    def _arrive(self) -> None:
        """Look before the first turn, so that what lies there at the start is taken before anything long is written."""
        if not self._arrived:
            self._arrived = True
            self._opened.look(self._tick)
            self._stop.wait(self._opened.catalog.policy.settle_seconds)

    def end(self) -> None:
        """Say that the watcher is no more."""
        self._heart.beat("stopped")

    def _tick(self) -> None:
        if time.monotonic() - self._begun > _LONG:
            self._heart.beat("working")
        if self._stop.is_set():
            raise _Stopped

    def _hindered(self, problem: OSError | sqlite3.OperationalError) -> None:
        _failure(problem)
        self._say([say.turn_waits(_cause(problem))])
        self._heart.beat("hindered")

    def _say(self, lines: Sequence[str]) -> None:
        """Say something in the terminal, but not the same again and again."""
        if lines == self._told:
            return
        self._told = lines
        for line in lines:
            console.print(f"{datetime.now():%H:%M:%S} {line}")  # noqa: DTZ005 (the clock on the wall)


def _cause(problem: OSError | sqlite3.OperationalError) -> str:
    """Return what stands in the way, by the names of ``files.Cause``."""
    if isinstance(problem, OSError):
        return files.cause(problem)
    text = str(problem)
    return "full" if "full" in text else "busy" if "locked" in text or "busy" in text else "away"


def _failure(problem: BaseException) -> str:
    """Log where a turn failed, without the message, which may hold personal data; return the terminal's sentence."""
    place = log.place(problem)
    logging.getLogger("pipeline").error("turn failed: %s", place)
    return say.turn_failed(place)


def _check(chosen: argparse.Namespace) -> int:
    space = _space(chosen)
    declared = setup.examine(space)
    for line in setup.doubts(space, declared):
        console.print(f"• {line}")
    console.print(say.check_passed(len(declared.forms), len(declared.documents)))
    return ALL_DONE


def _status(chosen: argparse.Namespace) -> int:
    with _looked_at(chosen) as opened:
        for line in opened.status():
            console.print(line)
    return ALL_DONE


def _fields(chosen: argparse.Namespace) -> int:
    with _looked_at(chosen) as opened:
        whole, rows = opened.catalog, opened.rows()
    name, titles = chosen.name, {sheet.key: sheet.title for sheet in whole.layout.sheets}
    if name and name not in whole.documents:
        console.print(vocabulary_say.unknown(name, catalog.nearest(name, frozenset(whole.documents))), markup=False)
        return MISTAKE
    if name:
        one = whole.documents[name]
        console.print(vocabulary_say.heading(one.title, titles[one.sheet]), markup=False)
        entries = vocabulary.of_document(whole, rows, name)
    else:
        for one in whole.documents.values():
            console.print(vocabulary_say.document(one.name, one.title, titles[one.sheet]), markup=False)
        console.print(vocabulary_say.filters())
        entries = vocabulary.of_filters()
    for entry in entries:
        console.print(vocabulary_say.line(entry.tag, entry.meaning, entry.example), markup=False)
    return ALL_DONE


def _explain(chosen: argparse.Namespace) -> int:
    path = next((one for one in (chosen.file, chosen.root / chosen.file) if one.is_file()), None)
    if path is None:
        console.print(explain_say.no_such_file(chosen.file.name))
        return MISTAKE
    with _looked_at(chosen) as opened:
        lines = opened.explain(path)
    for line in lines or [explain_say.not_ours(path.name)]:
        console.print(line, markup=False)
    return ALL_DONE if lines else MISTAKE


def _why(chosen: argparse.Namespace) -> int:
    with _looked_at(chosen) as opened:
        lines = opened.why(chosen.file)
    for line in lines or [why_say.unknown(plain_name(chosen.file))]:
        console.print(line, markup=False)
    return ALL_DONE if lines else MISTAKE


def _retry(chosen: argparse.Namespace) -> int:
    with _looked_at(chosen) as opened:
        found = opened.stories.find(chosen.file)
        trouble = opened.stories.cannot_retry(found, chosen.file)
        if trouble:
            console.print(trouble, markup=False)
            return MISTAKE
        opened.ask_for(cycle.AGAIN, found[0])
    return _do_or_leave(chosen, _space(chosen))


def _sample(chosen: argparse.Namespace) -> int:
    space = _space(chosen)
    if not space.demo_mark.is_file():
        console.print(say.not_demo(chosen.root))
        return MISTAKE
    made = samples.make(setup.examine(space), chosen.count, chosen.seed, date.today())  # noqa: DTZ011
    for one in made:
        files.publish(files.free_name(space.inbox, one.file_name), one.data)
    console.print(say.sampled(len(made)))
    return ALL_DONE


def _history(chosen: argparse.Namespace) -> int:
    with _looked_at(chosen) as opened:
        for event in opened.register.events():
            console.print(say.event(event.revision, event.at, hers=event.hers, kept=event.copy.is_file()))
    return ALL_DONE


def _diff(chosen: argparse.Namespace) -> int:
    with _looked_at(chosen) as opened:
        found = opened.register.differences(chosen.old, chosen.new)
        if found is None:
            console.print(say.no_revision())
            return MISTAKE
        for one in found:
            title = opened.catalog.layout.sheet(one.sheet).column(one.column).title
            console.print(say.difference(one.code, title, (one.old, one.new), one.who))
        console.print(say.differences(len(found)))
    return ALL_DONE


def _job(chosen: argparse.Namespace) -> int:
    """Leave a job for the instance at work, or do it here when none is."""
    with _looked_at(chosen) as opened:
        number = getattr(chosen, "number", None)
        if number is not None and opened.register.differences(number, number) is None:
            console.print(say.no_revision())
            return MISTAKE
        opened.ask_for(chosen.action, "" if number is None else str(number))
    return _do_or_leave(chosen, _space(chosen))


def _do_or_leave(chosen: argparse.Namespace, space: Workspace) -> int:
    """Do the jobs that wait, unless an instance is at work, which will do them."""
    try:
        with _opened(chosen) as working:
            outcome = working.turn(working.look())
    except files.AnotherInstance:
        console.print(say.left_for_the_instance(space.root))
        return ALL_DONE
    for line in outcome.sentences():
        console.print(line)
    return ALL_DONE


def _erase(chosen: argparse.Namespace) -> int:
    """Ask twice, then leave the job of erasing a person, or do it here."""
    space, code = _space(chosen), chosen.code.strip().upper()
    with _looked_at(chosen) as opened:
        dossier = opened.dossier(code)
        if dossier is None or dossier.running:
            console.print(erasing.waits_pairs(code, dossier.running) if dossier else erasing.nobody(code))
            return MISTAKE
        if not _confirmed(code, sorted(dossier.codes)):
            console.print(erasing.not_confirmed())
            return MISTAKE
        opened.ask_for("erase", f"{code}\n{chosen.reason}")
    result = _do_or_leave(chosen, space)
    with _looked_at(chosen) as opened:
        for line in opened.erasures(code):
            console.print(line)
    return result


def _confirmed(code: str, rows: Sequence[str]) -> bool:
    """Ask twice whether somebody is to be erased; the end of the input is a «no»."""
    try:
        first = console.input(erasing.ask_first(rows))
        return first.strip().casefold() == erasing.YES_ERASE and (
            console.input(erasing.ask_second(code)).strip().upper() == code
        )
    except EOFError:
        return False


def _person(chosen: argparse.Namespace) -> int:
    """Show what is held about a person and make the answer to a data subject."""
    with _looked_at(chosen) as opened:
        dossier = opened.dossier(chosen.code.strip().upper())
        if dossier is None:
            console.print(erasing.nobody(chosen.code))
            return MISTAKE
        held, path = opened.answer(dossier)
        for one in held:
            console.print(erasing.held(one.what, one.where, one.ground, one.until, one.given))
        console.print(erasing.answered(str(path)))
    return ALL_DONE


@contextmanager
def _looked_at(chosen: argparse.Namespace) -> Iterator[cycle.Cycle]:
    """Open a workspace for looking, also while an instance works on it."""
    space = _space(chosen)
    with cycle.Cycle(space, catalog.load(space.root), datetime.now) as opened:
        yield opened


_REGISTER: dict[str, tuple[str, Callable[[argparse.Namespace], int]]] = {
    "history": (say.REGISTER_HISTORY, _history),
    "diff": (say.REGISTER_DIFF, _diff),
    "restore": (say.REGISTER_RESTORE, _job),
    "accept": (say.REGISTER_ACCEPT, _job),
    "discard": (say.REGISTER_DISCARD, _job),
}


if __name__ == "__main__":
    sys.exit(main())
