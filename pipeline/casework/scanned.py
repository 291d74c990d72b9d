"""Signed sheets that came back as scans: whose each is, by the code printed on it alone, and what waits for a look.

A scan is given to the consent that stands on the paper – its person, kind and school year –, never to a row that has
come to mean something else meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline import fields, tokens
from pipeline.casework.case import Case
from pipeline.casework.gather import Gathered
from pipeline.casework.people import People, full_name
from pipeline.model import DELIBERATELY_EMPTY, Printed, Question, Row, Scan
from pipeline.wording import casework as say
from pipeline.workspace import picture_link


def lay(case: Case, people: People, rows: Gathered) -> dict[str, Scan]:
    """Show in every row of «Согласия» the code of its sheet and its newest scan; return those scans by row."""
    homes = {_identity(people, case.ledger.row("consents", code)): code for code in reversed(rows.codes)}
    printed = {one.token: one for one in case.facts.printed}
    for one in reversed(case.facts.printed):
        code = homes.get((people.resolve(one.person), one.kind, one.year))
        if code:
            case.ledger.show("consents", code, {"token": tokens.shown(one.token)})
    newest: dict[str, Scan] = {}
    for scan in case.facts.scans:
        sheet = printed.get(scan.token)
        code = homes.get((people.resolve(sheet.person), sheet.kind, sheet.year)) if sheet else None
        if code:
            newest[code] = scan
        elif sheet:
            _ask_home(case, people, scan, sheet)
    for code, scan in newest.items():
        case.ledger.show("consents", code, {"scan": scan.link, "scanned": scan.received.isoformat()})
    return newest


def waits(case: Case, row: Row, scan: Scan | None) -> bool:
    """Tell whether a scan waits for the curator's look: she has said nothing since it came."""
    seen = scan is None or case.ledger.decided(row.code, "verified") > scan.edit
    return bool(row["scan"]) and not (row["verified"] and seen)


def suffices(case: Case, row: Row) -> bool:
    """Tell whether policy takes a scan of this kind for a signature, and she did not say that there is none."""
    return bool(row["scan"]) and not row["verified"] and not case.catalog.policy.confirms(row["kind"])


def name(case: Case) -> Mapping[str, str]:
    """Ask about every page whose code could not be read; return what she answered: key → code, «–» for none of ours."""
    known = {one.token for one in case.facts.printed}
    unread = (one for one in case.facts.scans if not one.token)
    found = {one.key: _named(case, one, known) for one in unread}
    return {key: token for key, token in found.items() if token}


def _named(case: Case, scan: Scan, known: set[str]) -> str:
    question = Question(
        key=f"scan:{scan.key}",
        text=say.unread_page(scan.name, scan.pages, ""),
        answers=(say.NOT_OURS,),
        link=picture_link(scan.key),
    )
    reply = case.reply(question)
    if fields.fold(reply) == say.NOT_OURS:
        return DELIBERATELY_EMPTY
    token = tokens.read(reply)
    if token in known:
        return token
    text = say.unread_page(scan.name, scan.pages, reply)
    case.ledger.ask(Question(question.key, text, answers=question.answers, link=question.link))
    return ""


def _identity(people: People, row: Row) -> tuple[str, str, str]:
    return people.resolve(row["person"]), row["kind"], row["year"]


def _ask_home(case: Case, people: People, scan: Scan, sheet: Printed) -> None:
    who = full_name(case.ledger.row("people", people.resolve(sheet.person))) or sheet.person
    text = say.homeless_scan(tokens.shown(scan.token), who, sheet.kind)
    case.settle(Question(f"homeless:{scan.key}", text, "consents", sheet.code, "", (say.IGNORE,)))
