"""Which consents stand: a filled form waits until the curator holds the signed paper (regulation 6.2, 6.3.5).

Whoever asks whether somebody agreed asks here. A consent covers one school year; one given for longer, by its own
«Действует до», also counts in the later years that it covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.casework import gather, scanned, withdrawals
from pipeline.casework.case import Case
from pipeline.casework.gather import Gathered
from pipeline.casework.people import People, full_name, short_name
from pipeline.model import Question, Row, Scan
from pipeline.wording import answers
from pipeline.wording import casework as say
from pipeline.wording.casework import Consent


@dataclass(frozen=True)
class Standing:
    """How a consent stands: its row (``""`` when there is none), its state, until when it holds."""

    code: str = ""
    state: str = Consent.NONE
    until: date | None = None

    @property
    def holds(self) -> bool:
        """Tell whether it is a consent in force."""
        return self.state in {Consent.IN_FORCE, Consent.ENDS_SOON}


@dataclass(frozen=True)
class Consents:
    """All consents: person and kind → school year → standing; ``codes`` are the rows that count."""

    rows: Gathered
    standings: Mapping[tuple[str, str], Mapping[str, Standing]]
    ends: Mapping[str, date | None]
    codes: Sequence[str] = ()

    def standing(self, person: str, kind: str, year: str) -> Standing:
        """Return how a person's consent of a kind stands for a school year.

        One that ran out, or is about to, is followed by that of a later year once it is signed.
        """
        years = self.standings.get((person, kind), {})
        own = years.get(year, Standing())
        if own.state in {Consent.ENDS_SOON, Consent.ENDED}:
            later = (one for key, one in years.items() if key > year and one.holds)
            return next(later, own)
        end = self.ends.get(year)
        longer = (one for one in years.values() if one.holds and one.until and end and one.until >= end)
        return own if own.state != Consent.NONE else next(longer, own)

    def lacking(self, who: Row, kinds: Iterable[str], year: str) -> Iterator[str]:
        """Name each of ``kinds`` that somebody has no consent in force of, why, and its row (regulation 6.2, 6.3.5)."""
        for kind in dict.fromkeys(kinds):
            standing = self.standing(who.code, kind, year)
            if not standing.holds:
                yield say.consent_lacks(kind, short_name(who), standing.state, standing.code)


def decide(case: Case, people: People) -> Consents:
    """Lay the rows of sheet «Согласия» and compute how each stands today."""
    rows = gather.lay(case, people, "consents")
    scans = scanned.lay(case, people, rows)
    found: dict[tuple[str, str], dict[str, Standing]] = {}
    codes = withdrawals.lay(case, people, rows)
    for code in codes:
        row = case.ledger.row("consents", code)
        person = people.resolve(row["person"])
        who = case.ledger.row("people", person)
        standing = _standing(case, row, _signature_is_due(case, rows, row, who), scans.get(code))
        found.setdefault((person, row["kind"]), {})[row["year"]] = standing
        case.ledger.show("consents", code, _shown(who, standing))
    years = {year for known in found.values() for year in known} | {case.catalog.policy.year_of(case.today)}
    return Consents(rows, found, {year: case.catalog.policy.end_of(year) for year in years}, codes)


def _shown(who: Row, standing: Standing) -> dict[str, str]:
    until = standing.until.isoformat() if standing.until and standing.holds else ""
    return {"person_name": full_name(who), "ends": until, "state": standing.state}


def _standing(case: Case, row: Row, signature_is_due: date | None, scan: Scan | None) -> Standing:
    until = row.day("until") or case.catalog.policy.end_of(row["year"])
    return Standing(row.code, _state(case, row, (until, signature_is_due), scan), until)


def _state(case: Case, row: Row, days: tuple[date | None, date | None], scan: Scan | None) -> str:
    """Compute «Состояние»; the consent ends on the first of ``days``, a paper signed before the second is none."""
    until, signature_is_due = days
    signed, withdrawn = row.day("signed"), row.day("withdrawn")
    if row["answer"] == say.REFUSED:
        return Consent.REFUSED
    if withdrawn and withdrawn <= case.today and not (signed and signed > withdrawn):
        return Consent.WITHDRAWN
    held = (row["verified"] == answers.YES or scanned.suffices(case, row)) and not (signed and signed > case.today)
    if held and signature_is_due:
        held = signed is not None and signed >= signature_is_due
    if not held:
        if scanned.waits(case, row, scan):
            return Consent.SCANNED
        return Consent.UNSIGNED if row["answer"] == say.AGREED or row["verified"] else Consent.NONE
    if until and until < case.today:
        return Consent.ENDED
    warning = timedelta(days=case.catalog.policy.consent_warning_days)
    return Consent.ENDS_SOON if until and until - case.today <= warning else Consent.IN_FORCE


def _signature_is_due(case: Case, rows: Gathered, row: Row, who: Row) -> date | None:
    """Return since when a new signature is wanted, because a consent followed a refusal; ask for it if it is marked."""
    due: date | None = None
    refused = False
    for one in rows.forms.get(row.code, ()):
        answer = one.answers.get("consents.answer", "")
        due = one.received if refused and answer == say.AGREED else due
        refused = answer == say.REFUSED if answer else refused
    signed = row.day("signed")
    if due and row["answer"] == say.AGREED and row["verified"] and (signed is None or signed < due):
        text = say.consent_after_refusal(row.code, short_name(who), row["kind"], due)
        case.ledger.ask(Question(f"resigned:{row.code}:{due}", text, "consents", row.code, "signed"))
    return due
