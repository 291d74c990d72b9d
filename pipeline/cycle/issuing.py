"""Carries out a plan of papers in the outbox, one by one: the intent with name and hash, the file, the mark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import datetime

from pipeline import files, owners
from pipeline.documents.drafts import Plan
from pipeline.documents.outbox import Issued, Step
from pipeline.journal import Journal, Paper
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Issuing:
    """What issuing needs: the journal, the clock, and what to call after each paper."""

    journal: Journal
    clock: Callable[[], datetime]
    tick: Callable[[], None]


def issue(plan: Plan, space: Workspace, desk: Issuing) -> list[str]:
    """Do the steps of a plan; return the paths of the files laid.

    A step is left for the next turn when the file is not what the plan saw, or when somebody has it open.
    """
    journal, clock = desk.journal, desk.clock

    def carry_out(step: Step, data: bytes) -> bool:
        desk.tick()
        path = space.root / step.path
        if (step.lay or step.displaced) and (files.digest_of(path) != step.displaced or any(owners.of(path))):
            return False
        if step.before:
            journal.issue(map(_paper, step.before), (), clock())
        if step.displaced and not files.remove_if(path, step.displaced):
            return False
        if step.lay and not files.publish(path, data):
            return False
        journal.issue(map(_paper, step.after), step.forget, clock())
        return step.lay

    return [action.step.path for action in plan.actions if carry_out(action.step, action.data)]


def _paper(issued: Issued) -> Paper:
    return Paper(*astuple(issued))
