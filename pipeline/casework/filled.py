"""Filled forms laid under the rows they fill: a later answer replaces an earlier one, the curator's correction stays.

A form that differs from her correction and came after it makes a question with both values.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from sys import intern

from pipeline import fields
from pipeline.casework.case import Case, Change
from pipeline.fields import Unreadable
from pipeline.model import DELIBERATELY_EMPTY, Question, Submission
from pipeline.wording import casework as say


def answers(submission: Submission, sheet: str) -> dict[str, str]:
    """Return what a form says for the row of ``sheet``: column key → canonical text, blank answers left out."""
    start = len(sheet) + 1
    prefix = f"{sheet}."
    given = submission.answers.items()
    return {intern(key[start:]): value for key, value in given if value and key.startswith(prefix)}


def lay(case: Case, sheet: str, code: str, submissions: Sequence[Submission]) -> list[Change]:
    """Lay the answers of ``submissions`` (in the order of arrival) under a row; return what answers ask to change."""
    rounds = [(one, answers(one, sheet)) for one in submissions]
    merged: dict[str, str] = {}
    said: dict[str, int] = {}
    for one, given in rounds:
        merged.update(given)
        said.update(dict.fromkeys(given, one.seq))
    case.ledger.propose(sheet, code, merged, said)
    edited = [column for column in merged if case.ledger.edited(code, column)]
    changes = (_newer(case, sheet, code, column, rounds) for column in edited)
    return [change for change in changes if change]


def _newer(
    case: Case, sheet: str, code: str, column: str, rounds: Sequence[tuple[Submission, dict[str, str]]]
) -> Change | None:
    """Ask which value counts when a form came after the curator's edit and says something else."""
    hers = case.ledger.edited(code, column)
    given = [(one, cells[column]) for one, cells in rounds if column in cells]
    seen = case.facts.seen.get((code, column), rounds[0][0].seq)
    before = [value for one, value in given if one.seq <= seen]
    newest, value = given[-1]
    known = {fields.fold(hers), *(fields.fold(one) for one in before[-1:])}
    if newest.seq <= seen or fields.fold(value) in known:
        return None
    first = _first_of_the_last(given, seen)
    question = Question(
        key=f"newer:{code}:{column}:{first.sha[:16]}",
        text=say.newer_answer(case.cell(sheet, column, code), hers, value, newest.received),
        sheet=sheet,
        code=code,
        column=column,
        answers=(say.KEEP, say.TAKE_NEW),
    )
    return _chosen(case, question)


def _first_of_the_last(given: Sequence[tuple[Submission, str]], seen: int) -> Submission:
    """Return the form, of those after ``seen`` that say what the last one says, from which on they all do.

    So a form handed in again asks nothing anew, and an answer already given counts.
    """
    value = fields.fold(given[-1][1])
    same = itertools.takewhile(lambda one: one[0].seq > seen and fields.fold(one[1]) == value, reversed(given))
    return [one for one, _ in same][-1]


def _chosen(case: Case, question: Question) -> Change | None:
    """Return the change that the curator's answer asks for; her own value counts as an answer too."""
    reply = case.reply(question)
    if fields.fold(reply) in {"", say.KEEP, say.TAKE_NEW}:
        taken = case.settle(question) == say.TAKE_NEW
        return Change(question.sheet, question.code, question.column, None) if taken else None
    column = case.catalog.layout.sheet(question.sheet).column(question.column)
    try:
        value = fields.read(column.kind, reply, case.catalog.layout.lists.get(column.list, ()))
    except Unreadable:
        case.ledger.ask(question)
        return None
    if value == case.ledger.edited(question.code, question.column):
        return None
    return Change(question.sheet, question.code, question.column, value)


def of_sheet(submissions: Iterable[Submission], sheet: str) -> list[Submission]:
    """Return the forms that fill rows of a sheet."""
    return [one for one in submissions if one.sheet == sheet]


def names_a_person(submission: Submission) -> bool:
    """Tell whether a form opens with the person block."""
    return any(
        submission.answers.get(f"people.{key}", "") not in {"", DELIBERATELY_EMPTY} for key in ("surname", "number")
    )
