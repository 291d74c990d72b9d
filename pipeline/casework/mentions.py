"""Names beside references on sheets that have no rules of their own yet: applications and additional agreements."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.casework.case import Case
from pipeline.casework.people import People, full_name
from pipeline.casework.roles import Banks
from pipeline.ledger import Ledger
from pipeline.wording import casework as say


def show(case: Case, people: People, banks: Banks) -> None:
    """Show who is meant in every row of «Обращения» and «Соглашения»."""
    for row in case.ledger.rows("applications"):
        person = case.ledger.row("people", people.resolve(row["person"]))
        case.ledger.show("applications", row.code, {"person_name": full_name(person)})
    for row in case.ledger.rows("agreements"):
        mentor = banks.member("mentors", row["mentor"])
        case.ledger.show("agreements", row.code, {"mentor_name": mentor.full})


def point(ledger: Ledger) -> None:
    """Name, wherever a row lacks a consent, the place where that consent's sheet to sign lies."""
    papers = {row.code: row["paper"] for row in ledger.rows("consents") if row["paper"]}
    for sheet in ("pairs", "orders") if papers else ():
        for row in ledger.rows(sheet):
            told = re.sub(r"(?<=\()[А-ЯЁ]+-\d+(?=\))", lambda code: _with_print(code[0], papers), row["missing"])
            if told != row["missing"]:
                ledger.show(sheet, row.code, {"missing": told})


def _with_print(code: str, papers: Mapping[str, str]) -> str:
    return say.with_print(code, papers[code]) if code in papers else code
