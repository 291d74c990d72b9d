"""The banks of mentors and mentees (Р-145): one row a person and school year, with what the pairs make of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.casework import gather
from pipeline.casework.case import Case, Change
from pipeline.casework.gather import Gathered
from pipeline.casework.people import People, full_name, short_name
from pipeline.model import Row
from pipeline.wording import casework as say
from pipeline.wording.casework import Bank, Pair

_NEEDED = {
    "people": ("surname", "name", "sex", "birth", "post"),
    "mentors": ("category", "experience", "competencies"),
    "mentees": ("experience", "request"),
}
"""The cells that papers quote, by sheet."""


@dataclass(frozen=True)
class Member:
    """Somebody in a bank: the row there and the person's own, ``None`` where a reference leads nowhere."""

    role: Row | None
    person: Row | None

    @property
    def full(self) -> str:
        """Return the full name, ``""`` when nobody is known."""
        return full_name(self.person) if self.person else ""

    @property
    def short(self) -> str:
        """Return surname and initials, the code when no name is known."""
        return short_name(self.person) if self.person else self.role.code if self.role else ""

    @property
    def left_out(self) -> bool:
        """Tell whether the curator keeps the person out of the bank."""
        return self.role is not None and self.role["decision"] == Bank.LEAVE_OUT


@dataclass(frozen=True)
class Link:
    """One pair as the bank shows it: the other side's name, the form, the term, the pair's state."""

    other: str
    form: str
    start: str
    end: str
    state: str


@dataclass(frozen=True)
class Banks:
    """Both banks after their rows were laid, by sheet key."""

    case: Case
    people: People
    sheets: Mapping[str, Gathered]

    @property
    def changes(self) -> list[Change]:
        """Return what is to be taken as edits of the curator's."""
        return [change for gathered in self.sheets.values() for change in gathered.changes]

    def member(self, sheet: str, code: str) -> Member:
        """Return who stands behind a code of the bank ``sheet``."""
        ledger = self.case.ledger
        known = self.sheets[sheet].resolve(code)
        if not ledger.has(sheet, known):
            return Member(None, None)
        role = ledger.row(sheet, known)
        person = self.people.resolve(role["person"])
        return Member(role, ledger.row("people", person) if ledger.has("people", person) else None)


def lay(case: Case, people: People) -> Banks:
    """Lay the rows of both banks from questionnaires and from what the curator typed."""
    return Banks(case, people, {sheet: gather.lay(case, people, sheet) for sheet in ("mentors", "mentees")})


def show(banks: Banks, links: Mapping[str, Sequence[Link]]) -> None:
    """Show the computed cells of both banks and of «Люди»; ``links`` maps a bank row to its pairs."""
    for sheet in banks.sheets:
        for code in banks.sheets[sheet].codes:
            member = banks.member(sheet, code)
            if member.role:
                banks.case.ledger.show(sheet, code, _cells(banks.case, sheet, member, links.get(code, ())))
    _show_people(banks)


def _cells(case: Case, sheet: str, member: Member, links: Sequence[Link]) -> dict[str, str]:
    assert member.role
    real = [one for one in links if one.state in {Pair.IN_FORCE, Pair.FINISHED, Pair.STOPPED}]
    common = {
        "person_name": member.full,
        "state": _state(member, real),
        "missing": _missing(case, member),
        "form": _lines(one.form for one in real),
        "entered": min((one.start for one in real if one.start), default=""),
        "ended": _ended(real),
    }
    names = _lines(one.other for one in real)
    works = case.catalog.organisation.short_name
    common |= {"post": "", "contacts": ""} | (_of_person(member.person) if member.person else {})
    if sheet == "mentors":
        return common | {"workplace": works, "mentees": names, "mentee_workplace": works if real else ""}
    birth = member.person["birth"][:4] if member.person else ""
    return common | {"birth_year": birth, "mentor_name": names, "mentor_workplace": works if real else ""}


def _of_person(person: Row) -> dict[str, str]:
    contacts = ", ".join(part for part in (person["phone"], person["email"]) if part)
    return {"post": person["post"], "contacts": contacts}


def _lines(words: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(word for word in words if word))


def _ended(links: Sequence[Link]) -> str:
    """Return the last day of all programmes, ``""`` while one of them runs."""
    if any(one.state == Pair.IN_FORCE for one in links):
        return ""
    return max((one.end for one in links), default="")


def _state(member: Member, links: Sequence[Link]) -> str:
    if not member.person:
        return Bank.UNFILLED
    if any(one.state == Pair.IN_FORCE for one in links):
        return Bank.IN_PAIR
    if member.left_out:
        return Bank.LEFT_OUT
    return Bank.FINISHED if links else Bank.IN_BANK


def _missing(case: Case, member: Member) -> str:
    """Name every cell that papers will want, and nobody filled."""
    assert member.role
    role = member.role
    if not member.person:
        if role["person"]:
            people = case.catalog.layout.sheet("people").title
            return say.unknown_reference(case.title(role.sheet, "person"), role["person"], people)
        return say.fill(case.cell(role.sheet, "person", role.code))
    rows = (member.person, role)
    blank = [case.cell(row.sheet, key, row.code) for row in rows for key in _NEEDED[row.sheet] if not row[key]]
    parts = [say.fill("; ".join(blank))] if blank else []
    rated = any(role[f"difficulty_{area.key}"] not in {"", "0"} for area in case.catalog.activities.areas)
    return "; ".join([*parts, *([say.no_difficulties()] if role.sheet == "mentees" and not rated else [])])


def _show_people(banks: Banks) -> None:
    """Say of every person which banks of the present school year list them."""
    case = banks.case
    year = case.catalog.policy.year_of(case.today)
    listed = {
        sheet: {banks.people.resolve(row["person"]) for row in case.ledger.rows(sheet) if row["year"] == year}
        for sheet in banks.sheets
    }
    for row in case.ledger.rows("people"):
        if row.code not in banks.people.kept:
            state = say.person_state(row.code in listed["mentors"], row.code in listed["mentees"])
            case.ledger.show("people", row.code, {"state": state})
