"""Who filled which form: every form finds its person or makes one; a doubt is a question, never a guess.

A person once found for a form stays found. Two rows are joined when the curator says so, or when a row she typed by
hand describes, by the rule of ``identity``, somebody already known; the earlier code is kept and everything refers to
it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline import fields
from pipeline.casework import filled
from pipeline.casework.case import Case, Change
from pipeline.casework.identity import Directory, Likeness
from pipeline.model import Cells, Question, Row, Submission, natural
from pipeline.wording import casework as say

_NAME = ("surname", "name", "patronymic")


@dataclass(frozen=True)
class People:
    """Who is who.

    ``of`` maps a form's hash to the person whose row it first made or found; ``kept`` a joined row to the row that
    stands for it; ``found`` the forms whose person was found just now; ``freezes`` and ``changes`` are for the
    decision.
    """

    of: Mapping[str, str]
    kept: Mapping[str, str]
    found: Mapping[str, str]
    freezes: Mapping[str, Cells] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    def resolve(self, code: str) -> str:
        """Return the person that a code stands for."""
        return self.kept.get(code, code)


def full_name(person: Row) -> str:
    """Return «Орлова Анна Сергеевна»."""
    return " ".join(part for part in (person[key] for key in _NAME) if part)


def short_name(person: Row) -> str:
    """Return «Орлова А. С.», the code when the surname is not known."""
    initials = [f"{person[key][0]}." for key in ("name", "patronymic") if person[key]]
    return " ".join([person["surname"] or person.code, *initials])


@dataclass
class _Joins:
    """Joined rows: each with the row it was joined to, and those that the curator's answer joined for ever."""

    kept: dict[str, str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)

    def root(self, code: str) -> str:
        while code in self.kept:
            code = self.kept[code]
        return code


def decide(case: Case) -> People:
    """Find the person of every form, lay the rows of sheet «Люди», ask where there is doubt."""
    forms = [one for one in case.facts.submissions if one.person or filled.names_a_person(one)]
    directory = _known(case, forms)
    joins = _joined(case, directory)
    found = _find(case, directory, joins, [one for one in forms if not one.person])
    if found:
        joins = _joined(case, directory)
    of = {one.sha: one.person or found[one.sha] for one in forms}
    changes = _lay(case, forms, of, joins)
    freezes = {code: case.ledger.row("people", code).cells for code in joins.answered}
    return People(of, {code: joins.root(code) for code in joins.kept}, found, freezes, tuple(changes))


def _known(case: Case, forms: Sequence[Submission]) -> Directory:
    """Learn everybody in the register: each form, each row as the curator has it now, earlier codes first.

    A person whose row she removed is forgotten: a form that comes later makes a new row.
    """
    said: dict[str, list[dict[str, str]]] = {row.code: [] for row in case.ledger.rows("people")}
    for one in forms:
        if one.person and one.person not in case.ledger.removed:
            said.setdefault(one.person, []).append(filled.answers(one, "people"))
    directory = Directory()
    for code in sorted(said, key=natural):
        merged: dict[str, str] = {}
        for given in said[code]:
            directory.learn(code, given)
            merged.update(given)
        directory.learn(code, {**merged, **case.ledger.row("people", code).cells})
    return directory


def _find(case: Case, directory: Directory, joins: _Joins, forms: Sequence[Submission]) -> dict[str, str]:
    """Find or make the person of each new form; return form's hash → person."""
    found: dict[str, str] = {}
    for one in forms:
        said = filled.answers(one, "people")
        alike = directory.like(said)
        same = {joins.root(code) for code, much in alike.items() if much is Likeness.SAME}
        code = same.pop() if len(same) == 1 else case.ledger.codes.give("people", f"person:{one.sha}")
        directory.learn(code, said)
        found[one.sha] = code
    return found


def _joined(case: Case, directory: Directory) -> _Joins:
    """Find which rows stand for which; ask about those that may be one person."""
    joins = _Joins()
    for code, cells in case.ledger.frozen.items():
        if _is_person(case, code):
            joins.kept[code] = fields.read_code(cells["state"])
    for later in sorted(directory.codes() - joins.kept.keys(), key=natural):
        _look_at(case, directory, joins, later)
    return joins


def _look_at(case: Case, directory: Directory, joins: _Joins, later: str) -> None:
    """Join the person ``later`` with an earlier one, or ask whether they are one."""
    alike: dict[str, Likeness] = {}
    for code, much in directory.like_person(later).items():
        root = joins.root(code)
        if natural(root) < natural(later):
            alike[root] = max(much, alike.get(root, much))
    questions = {root: _question(directory, root, later) for root in sorted(alike, key=natural)}
    open_ones = {root: one for root, one in questions.items() if not _is_other(case, one)}
    chosen = [root for root, one in open_ones.items() if fields.read_code(case.reply(one).upper()) == root]
    same = [root for root in open_ones if alike[root] is Likeness.SAME]
    if chosen or len(same) == 1:
        joins.kept[later] = (chosen or same)[0]
        joins.answered.update([later] if chosen else [])
        return
    for one in open_ones.values():
        case.ledger.ask(one)


def _is_other(case: Case, question: Question) -> bool:
    return fields.fold(case.reply(question)) == say.OTHER_PERSON


def _question(directory: Directory, kept: str, later: str) -> Question:
    described = (_described(code, directory.last(code)) for code in (later, kept))
    return Question(
        key=f"same:{kept}:{later}",
        text=say.same_person(*described),
        sheet="people",
        code=later,
        answers=(say.it_is(kept), say.OTHER_PERSON),
    )


def _described(code: str, cells: Cells) -> str:
    person = Row("people", code, cells)
    return say.described(code, full_name(person), person.day("birth"), person["number"])


def _is_person(case: Case, code: str) -> bool:
    sheet = case.catalog.layout.of_code(code)
    return sheet is not None and sheet.key == "people"


def _lay(case: Case, forms: Sequence[Submission], of: Mapping[str, str], joins: _Joins) -> list[Change]:
    """Lay every form under its person's row; what is known of a joined row goes to the row that stands for it."""
    ledger = case.ledger
    for code in joins.kept:
        cells = ledger.row("people", code).cells
        known = {key: cells[key] for key in cells if key != "state"}
        ledger.propose("people", joins.root(code), known, ledger.said(code))
    mine: dict[str, list[Submission]] = {}
    for one in forms:
        code = of[one.sha]
        mine.setdefault(joins.root(code), []).append(one)
        if code in joins.kept:
            ledger.propose("people", code, filled.answers(one, "people"))
    changes: list[Change] = []
    for code, submissions in mine.items():
        changes.extend(filled.lay(case, "people", code, submissions))
        ledger.show("people", code, {"origin": submissions[-1].link})
    for code in joins.kept:
        ledger.show("people", code, {"state": say.joined(joins.root(code))})
    return changes
