"""A college in memory: forms come in, the curator edits, rules decide until they rest. No files, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from pipeline import casework, catalog, tokens
from pipeline.journal import Codes
from pipeline.ledger import Hand, Ledger
from pipeline.model import Edit, Printed, Row, Scan, Submission

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
YEAR = "2026-2027"
DATA, MENTOR, PAIR = (
    "Обработка персональных данных",
    "Работа в качестве наставника",
    "Участие в наставнической паре (группе)",
)
TRADITIONAL = "традиционное («один-на-один»)"
GROUP = "наставничество в группе"

IVANOVA = {"surname": "Иванова", "name": "Мария", "patronymic": "Петровна", "sex": "ж", "birth": "1975-03-08"}
ORLOVA = {"surname": "Орлова", "name": "Анна", "patronymic": "Сергеевна", "sex": "ж", "birth": "1999-05-12"}
SEDOV = {"surname": "Седов", "name": "Пётр", "patronymic": "Ильич", "sex": "м", "birth": "2000-01-30"}
POST = {"post": "преподаватель"}
MENTOR_ANSWERS = {"category": "высшая", "experience": "20", "competencies": "методика", "capacity": "3"}
MENTEE_ANSWERS = {
    "experience": "1",
    "request": "Научиться планировать занятия.",
    "mode": "очно",
    "difficulty_planning": "3",
    "difficulty_lessons": "1",
    "difficulty_digital": "0",
}


@cache
def shipped() -> catalog.Catalog:
    return catalog.load(ROOT)


@dataclass
class College:
    """What the journal would keep, and what was decided last."""

    submissions: list[Submission] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    removed: dict[str, int] = field(default_factory=dict)
    frozen: dict[str, dict[str, str]] = field(default_factory=dict)
    closed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    published: dict[str, str] = field(default_factory=dict)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    given: list[tuple[str, str, str]] = field(default_factory=list)
    printed: list[Printed] = field(default_factory=list)
    scans: list[Scan] = field(default_factory=list)
    today: date = TODAY
    catalog: catalog.Catalog = field(default_factory=shipped)
    ledger: Ledger = field(init=False)

    # --- what people do -------------------------------------------------------------------------------------------

    def fill(self, sheet: str, person: dict[str, str], **cells: str) -> Submission:
        """Somebody hands in a form."""
        answers = {f"people.{key}": value for key, value in person.items()}
        answers |= {f"{sheet}.{key}": value for key, value in cells.items()}
        seq = len(self.submissions) + 1
        sha = f"{seq:03d}" + "f" * 61
        year = self.catalog.policy.year_of(self.today)
        one = Submission(seq, sha, sheet, sheet, year, self.today, f"archive/{seq}.xlsx", answers)
        self.submissions.append(one)
        return one

    def edit(self, sheet: str, code: str, **cells: str | None) -> str:
        """The curator changes cells of a row; a pair that she types has its code from then on."""
        if sheet == "pairs" and code not in {given for _, _, given in self.given}:
            self.given.append((sheet, f"typed:{code}", code))
        for column, value in cells.items():
            self.edits.append(Edit(len(self.edits) + 1, 1, sheet, code, column, value))
            self.seen[code, column] = len(self.submissions)
        return code

    def remove(self, code: str) -> None:
        """The curator removes a row."""
        self.removed[code] = len(self.submissions)

    def answer(self, part: str, reply: str) -> None:
        """The curator answers the question whose key holds ``part``."""
        (key,) = [key for key in self.ledger.questions if part in key]
        codes = self._codes()
        self.edit("questions", codes.give("questions", f"question:{key}"), answer=reply)
        self.given.extend(codes.fresh)

    # --- what the cycle does --------------------------------------------------------------------------------------

    def turn(self) -> College:
        """Decide until nothing new is to be committed, then publish."""
        for _ in range(6):
            decision = self._decide()
            if decision.rests:
                break
            before = self.ledger.result()
            self._commit(decision)
            if not (decision.edits or decision.sheets or decision.scans):
                again = self._decide()
                assert again.rests or again.sheets
                assert self.ledger.result() == before
        else:
            raise AssertionError("the rules never come to rest")
        self.published = {row.code: row["order"] for row in self.rows("pairs")}
        return self

    def _decide(self) -> casework.Decision:
        codes = self._codes()
        hand = Hand(tuple(self.edits), frozenset(self.removed), self.frozen)
        self.ledger = Ledger(self.catalog.layout, codes, hand)
        facts = casework.Facts(tuple(self.submissions), self.closed, self.published, self.seen, self.removed,
                               tuple(self.printed), tuple(self.scans))  # fmt: skip
        decision = casework.decide(self.ledger, self.catalog, facts, self.today)
        self.given.extend(codes.fresh)
        return decision

    def _codes(self) -> Codes:
        return Codes(self.given, {sheet.key: sheet.prefix for sheet in self.catalog.layout.sheets})

    def _commit(self, decision: casework.Decision) -> None:
        self.submissions = [replace(one, person=decision.persons.get(one.sha, one.person)) for one in self.submissions]
        assert not decision.closes.keys() & self.closed.keys()
        assert not decision.freezes.keys() & self.frozen.keys()
        self.closed |= decision.closes
        self.frozen |= {code: dict(cells) for code, cells in decision.freezes.items()}
        secret = b"college"
        self.printed += [
            replace(one, token=tokens.make(secret, f"{one.person}:{one.kind}:{one.year}")) for one in decision.sheets
        ]
        self.scans = [replace(one, token=decision.scans.get(one.key, one.token)) for one in self.scans]
        for sheet, code, column, value in decision.edits:
            self.edit(sheet, code, **{column: value})

    def consent(self, surname: str, kind: str) -> str:
        """Return the code of somebody's consent of a kind."""
        (code,) = [
            row.code for row in self.rows("consents") if row["kind"] == kind and row["person_name"].startswith(surname)
        ]
        return code

    # --- looking --------------------------------------------------------------------------------------------------

    def rows(self, sheet: str) -> list[Row]:
        return self.ledger.rows(sheet)

    def row(self, sheet: str, number: int = 1) -> Row:
        """Return the n-th row of a sheet."""
        return self.rows(sheet)[number - 1]

    def asked(self) -> list[str]:
        return [question.text for question in self.ledger.questions.values()]


# --- people ready for a pair ----------------------------------------------------------------------------------------


def sign(college: College, person: dict[str, str], *kinds: str) -> None:
    """A person hands in consents and the curator marks that she holds the signed papers."""
    for kind in kinds:
        college.fill("consents", person, kind=kind, answer="Согласен")
    college.turn()
    for row in college.rows("consents"):
        if row["answer"] and not row["verified"]:
            college.edit("consents", row.code, verified="да", signed=college.today.isoformat())


def with_mentor(college: College) -> College:
    college.fill("mentors", IVANOVA | POST, **MENTOR_ANSWERS)
    sign(college, IVANOVA, DATA, MENTOR, PAIR)
    return college


def with_mentee(college: College, person: dict[str, str] = ORLOVA) -> College:
    college.fill("mentees", person | POST, **MENTEE_ANSWERS)
    sign(college, person, DATA, PAIR)
    return college


def propose(college: College, number: int = 1, nth: int = 1, **cells: str | None) -> str:
    """The curator types and approves a pair of the first mentor and the n-th mentee."""
    college.turn()
    typed: dict[str, str | None] = {
        "mentor": college.row("mentors").code,
        "mentee": college.row("mentees", nth).code,
        "kinds": TRADITIONAL,
        "form": "педагог – педагог",
        "start": "2026-12-01",
        "end": "2027-05-31",
        "decision": "Согласовать",
    }
    return college.edit("pairs", f"П-{number:04d}", **(typed | cells))


def with_pair() -> College:
    """A college with one complete, approved pair in an open draft."""
    college = with_mentee(with_mentor(College()))
    propose(college)
    return college.turn()
