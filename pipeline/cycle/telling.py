"""Tells people how things stand: the senders on their page, curator and secretary on theirs, ``status`` in words."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pipeline import files
from pipeline.cycle.deciding import News
from pipeline.documents.drafts import Fate
from pipeline.intake.folder import Wait
from pipeline.intake.retries import Delay
from pipeline.journal import Journal
from pipeline.model import plain_name
from pipeline.register.exchange import Standing
from pipeline.reports import pages
from pipeline.wording import documents as documents_say
from pipeline.wording import intake as intake_say
from pipeline.wording import pages as say
from pipeline.workspace import Workspace

_STATUS = "status"


def register_lines(standing: Standing, strays: Sequence[str], abandoned: Sequence[str] = ()) -> list[str]:
    """Say how the register's file stands, which workbooks beside it are not read, which owner files a crash left."""
    return [
        standing.held or say.register_published(standing.revision, standing.at),
        *standing.warnings,
        *(say.stray_workbook(name) for name in strays),
        *(say.abandoned_owner(name) for name in abandoned),
    ]


class Teller:
    """Writes the pages of one workspace; a page changes only when what it says does."""

    def __init__(self, space: Workspace, journal: Journal, clock: Callable[[], datetime]) -> None:
        self._space = space
        self._journal = journal
        self._clock = clock
        self._told_senders: object = None

    def tell_senders(self, waits: Mapping[Path, Wait], delays: Sequence[Delay], days: int) -> None:
        """Renew the page about files of the last ``days``; ``waits`` and ``delays`` are those not taken in yet."""
        now = self._clock()
        sign = self._journal.last_event(), dict(waits), [(one.name, one.cause) for one in delays], now.date(), days
        if sign == self._told_senders and self._space.fate_page.is_file():
            return
        lying = [(self._name(path), why) for path, why in waits.items() if why != "moving"]
        waiting = [(name, say.WAITS[why]) for name, why in lying]
        waiting += [(plain_name(one.name), intake_say.postponed(one.cause)) for one in delays]
        page = pages.fate(self._journal.arrivals(now - timedelta(days=days)), waiting)
        with contextlib.suppress(OSError):
            files.replace(self._space.fate_page, page)
            self._told_senders = sign

    def forget_senders(self) -> None:
        """Let the page about files be written again, also when nothing became of any: somebody was erased."""
        self._told_senders = None

    def _name(self, path: Path) -> str:
        return plain_name(path.relative_to(self._space.inbox).as_posix() if path.is_relative_to(self._space.inbox)
                          else path.name)  # fmt: skip

    def tell_office(
        self, news: News, register: Sequence[str], stops: Sequence[str], away: Collection[str]
    ) -> tuple[int, int]:
        """Renew the state pages; return how many questions are open and how many rows wait for somebody's move.

        ``register`` says how the register's file stands (``register_lines``), ``stops`` what is in the program's way;
        ``away`` are the shares that have no page now.
        """
        agenda = news.agenda
        state = self._state(register, news, stops)
        for path in self._space.state_pages:
            if path.parent.name not in away:
                with contextlib.suppress(OSError):  # a page that cannot be written now says the same a little later
                    files.replace(path, pages.state(state))
        lines = (
            *state.late,
            *state.setup,
            *state.deadlines,
            *state.register,
            *state.questions,
            *state.turns,
            *state.files,
            *state.papers,
        )
        self._journal.remember(_STATUS, "\n".join(lines))
        return len(agenda.questions), len(agenda.turns) + len(agenda.late)

    def status(self) -> list[str]:
        """Say what the state page said last."""
        return self._journal.recall(_STATUS).splitlines()

    def _state(self, register: Sequence[str], news: News, mistakes: Sequence[str]) -> pages.State:
        agenda = news.agenda
        returned, unknown = map(files.count, (self._space.returned, self._space.unknown))
        waiting = [say.returned_files(returned)] * bool(returned) + [say.unknown_files(unknown)] * bool(unknown)
        return pages.State(
            register=register,
            setup=mistakes,
            questions=[say.question_where(row.code, row["text"]) for row in agenda.questions],
            turns=[say.turn(row["turn"], row.code, row["missing"]) for row in agenda.turns],
            files=waiting,
            late=agenda.late,
            deadlines=agenda.ahead,
            papers=self._papers(news.papers.fates),
        )

    def _papers(self, fates: Sequence[Fate]) -> list[str]:
        """Return every document that was laid into the outbox, with what a person did with it and what differs now."""
        known = {fate.path: fate for fate in fates}
        paths = sorted({paper.path for paper in self._journal.papers(".docx")})
        return [line for path in paths for line in self._lines_of(path, known.get(path))]

    def _lines_of(self, path: str, fate: Fate | None) -> Iterator[str]:
        name = path.partition("/")[2]
        if fate:
            yield say.paper_fate(name, fate.sentence)
            yield from (say.paper_difference(name, text) for text in fate.differences)
        else:
            yield name if (self._space.root / path).is_file() else say.paper_fate(name, documents_say.taken())
