"""What waits for people, taken out of the register once it is decided: questions, rows, deadlines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.ledger import Ledger
from pipeline.model import Row
from pipeline.wording import pages as say
from pipeline.wording import register as register_say
from pipeline.wording.casework import Consent, Duty


@dataclass(frozen=True)
class Agenda:
    """The open questions, the rows that wait for somebody's move, and sentences: what is overdue by law, what is due.

    To what is due belong the consents that run out soon.
    """

    questions: Sequence[Row]
    turns: Sequence[Row]
    late: Sequence[str]
    ahead: Sequence[str]


def read(ledger: Ledger) -> Agenda:
    """Read the agenda out of a register that is decided."""
    questions = [row for row in ledger.rows("questions") if row["state"] == register_say.OPEN]
    turns = [row for row in ledger.rows("pairs") if row["turn"] and (row["missing"] or not row["order"])]
    turns += [row for row in ledger.rows("orders") if row["turn"]]
    duties = [row for row in ledger.rows("duties") if row["state"] not in {"", Duty.DONE}]
    duties.sort(key=lambda row: row["until"])
    late = [_duty(say.late_duty, row) for row in duties if row["state"] == Duty.LATE]
    ahead = [_duty(say.duty, row) for row in duties if row["state"] != Duty.LATE]
    return Agenda(questions, turns, late, [*ahead, *_ends(ledger)])


def _ends(ledger: Ledger) -> list[str]:
    """Say which consents run out soon, by day."""
    ends: dict[date, list[str]] = {}
    for row in ledger.rows("consents"):
        if row["state"] == Consent.ENDS_SOON and (until := row.day("ends")):
            ends.setdefault(until, []).append(row.code)
    return [say.consents_end(until, ends[until]) for until in sorted(ends)]


def _duty(sentence: Callable[[str, str, date, str], str], row: Row) -> str:
    until = row.day("until")
    assert until is not None
    return sentence(row.code, row["what"], until, row["ground"])
