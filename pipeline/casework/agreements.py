"""Additional agreements with mentors, and warnings that the work ends (Labour code, article 351.8).

Every mentor of a pair in an order is proposed one agreement a school year for the time of all their pairs; number and
date make it signed. No paper of it is made before the mentor's consents stand, of a signed one a consent that no longer
does is told. A warning by either side ends it, not before the working days that the law allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pipeline.casework import frozen
from pipeline.casework.case import Case
from pipeline.casework.consents import Consents
from pipeline.casework.pairs import Pair
from pipeline.casework.petitions import Asked, Petition
from pipeline.casework.roles import Banks, Member
from pipeline.model import SEPARATOR, Cells, Row
from pipeline.wording import applications as say
from pipeline.wording import casework as words
from pipeline.wording.applications import Agreement

_NEEDED = ("mentor", "content", "form", "start", "end", "pay")


def warned(asked: Asked) -> dict[str, Petition]:
    """Return, by mentor, the granted applications that also warn of the end of the work."""
    given = (one for one in asked.petitions if one.granted and one.kind.notice)
    return {pair["mentor"]: one for one in given for pair in one.pairs}


def lay(
    case: Case,
    banks: Banks,
    agreed: Consents,
    warnings: Mapping[str, Petition],
    running: Mapping[str, Sequence[Pair]],
) -> dict[str, Cells]:
    """Lay the rows of sheet «Соглашения»; return those that a signature freezes now.

    ``agreed`` are all consents, ``warnings`` maps a mentor's row to the application that warns, ``running``
    to the pairs that have not ended.
    """
    typed = {row["mentor"] for row in case.ledger.rows("agreements") if case.ledger.edited(row.code, "mentor")}
    proposed = _propose(case, running.keys() - typed if case.catalog.policy.agreement.needed else (), running)
    rows = case.ledger.rows("agreements")
    latest = {row["mentor"]: row.code for row in rows}
    for row in rows:
        if row["mentor"] in warnings and latest[row["mentor"]] == row.code:
            _warn(case, row, warnings[row["mentor"]])
        mentor = banks.member("mentors", row["mentor"])
        wanting = _wanting(case, agreed, mentor)
        cells = _standing(case, case.ledger.row("agreements", row.code), running.get(row["mentor"], ()), wanting)
        year = mentor.role["year"] if mentor.role else ""
        case.ledger.show("agreements", row.code, {"mentor_name": mentor.full, "year": year, **cells})
    signed = [row.code for row in rows if row["number"] and row["day"] and row.code in proposed]
    return frozen.take(case, "agreements", signed)


def _propose(case: Case, mentors: Iterable[str], running: Mapping[str, Sequence[Pair]]) -> set[str]:
    """Lay an agreement for each of ``mentors``; return every code that a proposal of ours has, past ones too."""
    terms = case.catalog.policy.agreement
    found = {row.code for row in case.ledger.rows("agreements") if row.code in case.ledger.frozen}
    for mentor in sorted(mentors):
        pairs = [pair.row for pair in running[mentor]]
        modes = [pair.row["mode"] or (pair.mentee.role["mode"] if pair.mentee.role else "") for pair in running[mentor]]
        cells = {
            "mentor": mentor,
            "content": terms.content,
            "form": terms.form or SEPARATOR.join(dict.fromkeys(filter(None, modes))),
            "pay": terms.pay,
            "start": min((row["start"] for row in pairs if row["start"]), default=""),
            "end": max((row["end"] for row in pairs), default=""),
        }
        code = case.ledger.codes.give("agreements", f"mentor:{mentor}")
        case.ledger.propose("agreements", code, {} if code in case.ledger.frozen else cells)
        found.add(code)
    return found


def _warn(case: Case, row: Row, one: Petition) -> None:
    """Lay what a mentor's own application says of the end."""
    cells = {"side": Agreement.WORKER, "noticed": one.row["received"], "ends": one.row["since"]}
    case.ledger.propose("agreements", row.code, cells)


def earliest(case: Case, row: Row) -> date | None:
    """Return the earliest day on which the work may end after the warning in a row."""
    day = row.day("noticed")
    return case.catalog.calendar.after(day, case.catalog.policy.agreement.notice_days) if day else None


def _wanting(case: Case, agreed: Consents, mentor: Member) -> list[str]:
    """Name the consents of a mentor that policy demands and that do not stand."""
    if not (mentor.role and mentor.person):
        return []
    return list(agreed.lacking(mentor.person, case.catalog.policy.order_demands.mentor, mentor.role["year"]))


def _standing(case: Case, row: Row, pairs: Sequence[Pair], wanting: Sequence[str]) -> dict[str, str]:
    """Return the earliest day of an end, the state, and what is missing; ``wanting`` are consents that do not stand."""
    first = earliest(case, row) if row["side"] else None
    blank = [key for key in _NEEDED if not row[key]]
    state = _state(case, row, first, ready=not (blank or wanting))
    missing = [words.empty_cell(case.title("agreements", key)) for key in blank]
    ends, until = row.day("ends"), max((day for pair in pairs if (day := pair.row.day("end"))), default=None)
    if first and ends and ends < first:
        missing.append(say.too_early(case.title("agreements", "ends"), first))
    covered = row.day("end")
    if state == Agreement.UNREADY or (state == Agreement.SIGNED and covered and covered >= case.today):
        missing.extend(wanting)
    if state == Agreement.SIGNED and until and covered and covered < until:
        missing.append(say.term_not_covered(until))
    if state == Agreement.DRAFT:
        missing.append(say.agreement_wants_signatures())
    return {"earliest": first.isoformat() if first else "", "state": state, "missing": "; ".join(missing)}


def _state(case: Case, row: Row, first: date | None, *, ready: bool) -> str:
    if row["side"] and first:
        ends = max(row.day("ends") or first, first)
        return Agreement.ENDED if ends <= case.today else Agreement.WARNED
    if row["number"] and row["day"]:
        return Agreement.SIGNED
    return Agreement.DRAFT if ready else Agreement.UNREADY
