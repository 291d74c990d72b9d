"""Withdrawn consents: the form «Отзыв согласия» laid under the consents it names (152-ФЗ art. 9 and 10.1).

A withdrawal counts from the day it came, or from a later one that it names. It reaches every consent of its kind that
was given before, whatever school year that belongs to; one signed later stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pipeline.casework.case import Case
from pipeline.casework.gather import Gathered
from pipeline.casework.people import People
from pipeline.model import SEPARATOR, Submission, natural

_KIND, _DAY, _DEMAND = "consents.kind", "consents.withdrawn", "consents.demand"


def is_one(submission: Submission) -> bool:
    """Tell whether a form withdraws consents."""
    return _DAY in submission.answers and _KIND in submission.answers


def lay(case: Case, people: People, rows: Gathered) -> list[str]:
    """Lay every withdrawal under the consents it withdraws; return the codes of all rows of «Согласия» that count.

    A withdrawal of a consent that nobody recorded makes its row, so that the law's clocks run all the same.
    """
    codes = dict.fromkeys(rows.codes)
    for one in case.facts.submissions:
        if is_one(one) and one.sha in people.of:
            codes.update(dict.fromkeys(_lay_one(case, people, codes, one)))
    return sorted(codes, key=natural)


def _lay_one(case: Case, people: People, codes: Iterable[str], one: Submission) -> list[str]:
    person = people.resolve(people.of[one.sha])
    cells = {"withdrawn": _since(one).isoformat(), "demand": one.answers.get(_DEMAND, "")}
    reached: list[str] = []
    for kind in one.answers[_KIND].split(SEPARATOR):
        found = [code for code in codes if _is_of(case, people, code, person, kind)]
        reached += found or _made(case, one, person, kind)
    for code in reached:
        signed = case.ledger.row("consents", code).day("signed")
        if signed is None or signed <= _since(one):
            case.ledger.propose("consents", code, cells)
            case.ledger.show("consents", code, {"withdrawal": one.link})
    return reached


def _is_of(case: Case, people: People, code: str, person: str, kind: str) -> bool:
    row = case.ledger.row("consents", code)
    return row["kind"] == kind and people.resolve(row["person"]) == person


def _made(case: Case, one: Submission, person: str, kind: str) -> list[str]:
    code = case.ledger.codes.give("consents", f"{person}:{kind}:{one.year}")
    if code in case.facts.removed:
        return []
    case.ledger.propose("consents", code, {"person": person, "kind": kind, "year": one.year})
    return [code]


def _since(one: Submission) -> date:
    """Return the day from which a withdrawal counts: when it came, or later if it says so."""
    try:
        return max(one.received, date.fromisoformat(one.answers[_DAY]))
    except ValueError:
        return one.received
