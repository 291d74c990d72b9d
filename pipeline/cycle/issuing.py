"""Carries out a plan of papers in the outbox, one by one: the intent with name and hash, the file, the mark.

With the intent goes the record of what the paper was made from; what a signature freezes is kept beside the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import datetime

from pipeline import files, owners
from pipeline.documents import records
from pipeline.documents.drafts import Action, Content, Plan
from pipeline.documents.outbox import Issued
from pipeline.journal import Journal, Paper
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Issuing:
    """What issuing needs: the journal, the clock, what to call after each paper.

    ``there`` tells whether the outbox is there; ``failed`` is called with what kept a paper from being laid.
    """

    journal: Journal
    clock: Callable[[], datetime]
    tick: Callable[[], None]
    there: Callable[[], bool] = lambda: True
    failed: Callable[[OSError], None] = lambda _: None


def issue(plan: Plan, space: Workspace, desk: Issuing) -> list[str]:
    """Do the steps of a plan; return the paths of the files laid.

    A step is left for the next turn when the file is not what the plan saw, when somebody has it open, or when the
    outbox is away: what is gone with it was not taken by anybody.
    """
    done = (_carry_out(action, space, desk) for action in plan.actions)
    return [action.step.path for action, laid in zip(plan.actions, done, strict=True) if laid]


def _carry_out(action: Action, space: Workspace, desk: Issuing) -> bool:
    """Do one step; tell whether a file was laid. What keeps it from being done is told, and it is left for later."""
    desk.tick()
    try:
        return desk.there() and _do(action, space, desk)
    except OSError as problem:
        desk.failed(problem)
        return False


def _do(action: Action, space: Workspace, desk: Issuing) -> bool:
    step, journal = action.step, desk.journal
    path = space.root / step.path
    if (step.lay or step.displaced) and (files.digest_of(path) != step.displaced or any(owners.of(path))):
        return False
    content = action.content()
    if step.before:
        with journal.commit("papers.issue"):
            _keep_record(content, desk)
            journal.issue(map(_paper, step.before), (), desk.clock())
    if step.displaced and not files.remove_if(path, step.displaced):
        return False
    if step.lay and not files.publish(path, content.data):
        return False
    if not desk.there():
        return False
    for one in step.after:
        if one.frozen:
            _archive(one, space, journal)
    journal.issue(map(_paper, step.after), step.forget, desk.clock())
    return step.lay


def _keep_record(content: Content, desk: Issuing) -> None:
    if record := content.record:
        passport = record.name, record.mark
        desk.journal.keep_content(files.digest(content.data), passport, records.written(record), desk.clock())


def _archive(one: Issued, space: Workspace, journal: Journal) -> None:
    """Keep a signed paper as it lies, and what it was made from; its template lies there already."""
    path = space.root / one.path
    if path.is_file():
        data = files.read(path)
        files.keep_bytes(data, space.kept / f"{files.digest(data)}{path.suffix}")
    if record := journal.content(one.sha):
        files.keep_bytes(record.encode(), space.kept / f"{one.sha}.json")


def _paper(issued: Issued) -> Paper:
    return Paper(*astuple(issued))
