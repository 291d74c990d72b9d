"""Applications received: every form finds or makes its row on «Обращения» (regulation 7.1, 8.1, 10).

While the curator has not decided, a new form of the same person about the same thing corrects the row; after her
decision it makes a new one. Every report is a row of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from pipeline import fields
from pipeline.casework import filled
from pipeline.casework.case import Case, Change
from pipeline.casework.people import People
from pipeline.model import Row, Submission

SHEET = "applications"


def lay(case: Case, people: People) -> list[Change]:
    """Lay the rows of sheet «Обращения» from forms and from what was typed; return what is to be taken as hers."""
    rows: dict[str, list[Submission]] = {}
    for one in filled.of_sheet(case.facts.submissions, SHEET):
        code = _row_of(case, one, people.resolve(people.of[one.sha])) if one.sha in people.of else ""
        if code:
            rows.setdefault(code, []).append(one)
    changes = [change for code, forms in rows.items() for change in _lay_one(case, people, code, forms)]
    typed = (row for row in case.ledger.rows(SHEET) if row.code not in rows and row.code not in case.ledger.frozen)
    return [*changes, *(_today(case, row) for row in typed if row["kind"] and not row["received"])]


def _row_of(case: Case, one: Submission, person: str) -> str:
    """Return the row that a form makes or corrects, ``""`` when she removed it after the form had come."""
    kind = one.answers.get(f"{SHEET}.kind", "")
    declared = case.catalog.application_kinds.get(kind)
    about = fields.fold(one.answers.get(f"{SHEET}.about", ""))
    key = f"{person}:{kind}:{one.sha if declared and declared.reports else about}"
    for n in count(1):
        code = case.ledger.codes.give(SHEET, f"{key}:{n}")
        gone = case.facts.removed.get(code)
        if gone is not None and one.seq <= gone:
            return ""
        if gone is None and not _came_after_decision(case, code, one):
            return code
    raise AssertionError("count never ends")


def _came_after_decision(case: Case, code: str, one: Submission) -> bool:
    return bool(case.ledger.edited(code, "decision")) and one.seq > case.facts.seen.get((code, "decision"), 0)


def _lay_one(case: Case, people: People, code: str, forms: Sequence[Submission]) -> list[Change]:
    last = forms[-1]
    changes = filled.lay(case, SHEET, code, forms)
    cells = {"person": people.resolve(people.of[last.sha]), "received": last.received.isoformat()}
    case.ledger.propose(SHEET, code, cells)
    case.ledger.show(SHEET, code, {"origin": last.link})
    return changes


def _today(case: Case, row: Row) -> Change:
    return Change(SHEET, row.code, "received", case.today.isoformat())
