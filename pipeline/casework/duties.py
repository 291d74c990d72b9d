"""What the law demands after a withdrawal, until when: the sheet «Сроки» (152-ФЗ art. 10.1 and 21, ТК 351.8).

The terms and articles are declared in ``config/deadlines.yaml``; working days are those of the production calendar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from pipeline.casework.case import Case
from pipeline.casework.consents import Consents
from pipeline.casework.people import People, full_name
from pipeline.catalog import Clock
from pipeline.model import Row
from pipeline.wording import casework as say
from pipeline.wording.casework import Consent, Duty


def lay(case: Case, people: People, consents: Consents, running: Mapping[str, Sequence[str]]) -> None:
    """Lay a row for everything to be done after each withdrawal; ``running`` maps a person to the pairs in force."""
    for code in consents.codes:
        row = case.ledger.row("consents", code)
        if row.day("withdrawn") and row["state"] == Consent.WITHDRAWN:
            person = people.resolve(row["person"])
            for clock in case.catalog.deadlines.clocks:
                if row["kind"] in clock.kinds:
                    _lay_one(case, row, clock, person, running.get(person, ()))


def _lay_one(case: Case, consent: Row, clock: Clock, person: str, pairs: Sequence[str]) -> None:
    since = consent.day("withdrawn")
    assert since is not None
    until = clock.until(since, case.catalog.calendar)
    code = case.ledger.codes.give("duties", f"{consent.code}:{clock.key}:{since}")
    who = case.ledger.row("people", person)
    done = case.ledger.row("duties", code)["mark"] == Duty.DONE
    cells = {
        "what": clock.what.format(person=person, pairs=say.pairs_about(pairs)),
        "until": until.isoformat(),
        "person": person,
        "person_name": full_name(who),
        "consent": consent.code,
        "since": since.isoformat(),
        "ground": clock.ground,
        "state": Duty.DONE if done else _state(until, case.today),
    }
    case.ledger.show("duties", code, cells)


def _state(until: date, today: date) -> str:
    if until == today:
        return Duty.TODAY
    return Duty.LATE if until < today else Duty.AHEAD
