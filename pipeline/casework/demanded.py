"""Which consents are asked of whom, as soon as somebody stands in a bank, and which sheets are printed for them.

The order waits for those that policy demands of a side (regulation 6.2, 6.3.5); others are offered. A consent covers
one kind, one person, one school year. A row begun by hand, or because a pair goes on, is printed as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.casework.case import Case
from pipeline.casework.consents import Consents
from pipeline.casework.people import People
from pipeline.casework.roles import Banks
from pipeline.model import Printed, Row
from pipeline.wording.casework import Consent, Sheet

Identity = tuple[str, str, str]
"""Person, kind and school year: what a consent is."""

_KEYS = ("person", "kind", "year")
_GONE_PAST = frozenset({Consent.ENDS_SOON, Consent.ENDED})


def lay(case: Case, people: People, banks: Banks) -> frozenset[Identity]:
    """Lay a row of «Согласия» for every consent asked and every sheet printed; return what is asked."""
    laid: set[Identity] = set()
    for one in case.facts.printed:
        identity = (people.resolve(one.person), one.kind, one.year)
        if identity not in laid or case.ledger.has("consents", one.code):  # of a joined person one row is enough
            case.ledger.propose("consents", one.code, {"person": one.person, "kind": one.kind, "year": one.year})
        laid.add(identity)
    asked = list(dict.fromkeys(_asked(case, people, banks)))
    known = {_identity(people, row) for row in case.ledger.rows("consents")}
    for identity in asked:
        if identity not in known:
            case.ledger.propose_by("consents", ":".join(identity), dict(zip(_KEYS, identity, strict=True)))
    return frozenset(asked)


def sheets(case: Case, people: People, agreed: Consents, asked: frozenset[Identity]) -> tuple[Printed, ...]:
    """Say of every consent what is to be done with its sheet; return the sheets that need a code of their own."""
    fresh = []
    for code in agreed.codes:
        row = case.ledger.row("consents", code)
        todo = _todo(case, row, agreed, _identity(people, row) in asked)
        if todo == Sheet.PRINT and not row["token"]:
            fresh.append(Printed("", code, *_identity(people, row)))
            todo = ""
        case.ledger.show("consents", code, {"todo": todo})
    return tuple(fresh)


def _identity(people: People, row: Row) -> Identity:
    return people.resolve(row["person"]), row["kind"], row["year"]


def _asked(case: Case, people: People, banks: Banks) -> Iterator[Identity]:
    """Give what is asked of everybody in the banks of this school year and later ones."""
    policy = case.catalog.policy
    for sheet, kinds in (("mentors", policy.order_demands.mentor), ("mentees", policy.order_demands.mentee)):
        for role in case.ledger.rows(sheet):
            person = people.resolve(role["person"])
            member = banks.member(sheet, role.code)
            end = policy.end_of(role["year"])
            if member.person and not member.left_out and end and end >= case.today:
                yield from ((person, kind, role["year"]) for kind in dict.fromkeys((*kinds, *policy.consent_offers)))


def _todo(case: Case, row: Row, agreed: Consents, asked: bool) -> str:
    """Return «Что сделать»: print a sheet, look at a scan, or nothing."""
    end = case.catalog.policy.end_of(row["year"])
    if end is None or end < case.today or not (row["person"] and row["kind"]):
        return ""
    state = row["state"]
    if state == Consent.SCANNED:
        return Sheet.CHECK
    if state == Consent.NONE:
        covered = agreed.standing(row["person"], row["kind"], row["year"]).holds
        begun = bool(case.ledger.edited(row.code, "kind"))
        return Sheet.PRINT if (asked or begun) and not covered else ""
    runs_out = state in _GONE_PAST and (row.day("until") or end) < end
    return Sheet.PRINT if state == Consent.UNSIGNED or runs_out else ""
