"""Names beside references on sheets that have no rules of their own yet: applications and additional agreements."""

from __future__ import annotations

from pipeline.casework.case import Case
from pipeline.casework.people import People, full_name
from pipeline.casework.roles import Banks


def show(case: Case, people: People, banks: Banks) -> None:
    """Show who is meant in every row of «Обращения» and «Соглашения»."""
    for row in case.ledger.rows("applications"):
        person = case.ledger.row("people", people.resolve(row["person"]))
        case.ledger.show("applications", row.code, {"person_name": full_name(person)})
    for row in case.ledger.rows("agreements"):
        mentor = banks.member("mentors", row["mentor"])
        case.ledger.show("agreements", row.code, {"mentor_name": mentor.full})
