"""Rows of one thing made one: a form, a row typed by hand and the rows of a joined person that mean the same.

What makes a row the same row is its sheet's ``identity`` (person and school year; a consent: also its kind). The
earliest code is kept; the others say that they are joined with it, and references to them lead to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.casework import filled
from pipeline.casework.case import Case, Change
from pipeline.casework.people import People
from pipeline.model import Question, Row, Submission, natural
from pipeline.wording import casework as say


@dataclass(frozen=True)
class Gathered:
    """The rows of one sheet after they were laid.

    ``codes`` are the rows that count, ``kept`` maps a joined row to the one that stands for it, ``forms`` a row to the
    forms that fill it; ``changes`` are for the decision.
    """

    sheet: str
    codes: Sequence[str]
    kept: Mapping[str, str]
    forms: Mapping[str, Sequence[Submission]]
    changes: Sequence[Change]

    def resolve(self, code: str) -> str:
        """Return the row that a code stands for."""
        return self.kept.get(code, code)


@dataclass
class _Same:
    """Everything that means one row."""

    codes: set[str] = field(default_factory=set)
    forms: list[Submission] = field(default_factory=list)


_Found = dict[tuple[str, ...], _Same]


def lay(case: Case, people: People, sheet: str) -> Gathered:
    """Lay the rows of a sheet whose identity begins with a person, joining those that mean the same.

    A row typed with a person but no school year is given the present one.
    """
    typed = case.ledger.rows(sheet)
    found, changes = _typed(case, people, typed)
    for one in filled.of_sheet(case.facts.submissions, sheet):
        if one.sha in people.of:
            _add_form(case, people, found, one)
    kept: dict[str, str] = {}
    for identity, same in found.items():
        code, *joined = sorted(same.codes, key=natural)
        kept.update(dict.fromkeys(joined, code))
        changes.extend(_lay_one(case, sheet, identity, same))
    _mark_joined(case, sheet, kept, {row.code for row in typed})
    forms = {min(same.codes, key=natural): same.forms for same in found.values()}
    codes = forms.keys() | ({row.code for row in typed} - kept.keys())
    return Gathered(sheet, sorted(codes, key=natural), kept, forms, changes)


def _typed(case: Case, people: People, typed: Sequence[Row]) -> tuple[_Found, list[Change]]:
    """Find the rows typed by hand that say whose they are."""
    found: _Found = {}
    changes: list[Change] = []
    for row in typed:
        person, *others = (row[column] for column in case.catalog.layout.sheet(row.sheet).identity)
        if person and not others[-1]:
            others[-1] = case.catalog.policy.year_of(case.today)
            changes.append(Change(row.sheet, row.code, "year", others[-1]))
        if person and all(others):
            found.setdefault((people.resolve(person), *others), _Same()).codes.add(row.code)
    return found, changes


def _add_form(case: Case, people: People, found: _Found, one: Submission) -> None:
    """Find the row that a form fills; a correction of its person or year by the curator counts.

    A row that she removed stays removed: a form that comes later makes a new one, and says so.
    """
    columns = case.catalog.layout.sheet(one.sheet).identity
    given = {"person": people.of[one.sha], "year": one.year}
    values = [given.get(column) or one.answers.get(f"{one.sheet}.{column}", "") for column in columns]
    code = _row_of(case, one, ":".join(values))
    if not code:
        return
    person, *others = (case.ledger.edited(code, column) or value for column, value in zip(columns, values, strict=True))
    same = found.setdefault((people.resolve(person), *others), _Same())
    same.codes.add(code)
    same.forms.append(one)


def _row_of(case: Case, one: Submission, key: str) -> str:
    """Return the row that a form makes or fills, ``""`` when she removed it after the form had come."""
    code, gone = case.ledger.codes.give(one.sheet, key), ""
    while code in case.facts.removed:
        if one.seq <= case.facts.removed[code]:
            return ""
        gone, code = code, case.ledger.codes.give(one.sheet, f"{key}:after {code}")
    if gone:
        question = Question(
            key=f"after removal:{code}",
            text=say.filled_again(case.catalog.layout.sheet(one.sheet).title, gone, code),
            sheet=one.sheet,
            code=code,
            answers=(say.KEEP,),
        )
        case.settle(question)
    return code


def _lay_one(case: Case, sheet: str, identity: Sequence[str], same: _Same) -> list[Change]:
    """Lay everything that means one row under its earliest code, what was typed in the other rows first."""
    columns = case.catalog.layout.sheet(sheet).identity
    code, *joined = sorted(same.codes, key=natural)
    for other in joined:
        cells = case.ledger.row(sheet, other).cells
        kept = {key: value for key, value in cells.items() if key not in columns}
        case.ledger.propose(sheet, code, kept, case.ledger.said(other))
    changes = filled.lay(case, sheet, code, same.forms)
    case.ledger.propose(sheet, code, dict(zip(columns, identity, strict=True)))
    if same.forms:
        case.ledger.show(sheet, code, {"origin": same.forms[-1].link})
    return changes


def _mark_joined(case: Case, sheet: str, kept: Mapping[str, str], typed: set[str]) -> None:
    """Say of joined rows that people know which row stands for them; the others need not be shown."""
    known = typed | _referred(case) if kept else set()
    for code, target in kept.items():
        if code in known:
            case.ledger.show(sheet, code, {"state": say.joined(target)})


def _referred(case: Case) -> set[str]:
    return {row[column] for row in case.ledger.rows("pairs") for column in ("mentor", "mentee")}
