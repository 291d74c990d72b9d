"""Casework: the college's regulation as rules over rows, nothing read and nothing written.

``decide`` is called with a ledger that holds only the curator's edits; it lays every row that forms and rules propose,
shows every computed cell and asks every question. What it decides once and for ever comes back as a ``Decision``; once
that is committed, deciding again gives the same rows and an empty decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.casework import (
    agreements,
    applications,
    consents,
    demanded,
    dossier,
    duties,
    erasures,
    events,
    filing,
    frozen,
    orders,
    pairs,
    people,
    petitions,
    programmes,
    renewals,
    reports,
    roadmap,
    roles,
    scanned,
    started,
    states,
)
from pipeline.casework.case import Case, Change, Decision, Facts
from pipeline.casework.mentions import point
from pipeline.casework.pairs import Pair
from pipeline.catalog import Catalog
from pipeline.ledger import Ledger

__all__ = ["Change", "Decision", "Facts", "decide", "dossier", "point"]


def decide(ledger: Ledger, catalog: Catalog, facts: Facts, today: date) -> Decision:
    """Lay the register's rows into ``ledger`` as they should be ``today``; return what is to be committed."""
    case = Case(ledger, catalog, facts, today)
    frozen.restore(case)
    who = people.decide(case)
    banks = roles.lay(case, who)
    asked = demanded.lay(case, who, banks)
    agreed = consents.decide(case, who)
    sheets = demanded.sheets(case, who, agreed, asked)
    of_pairs = orders.opened(case)
    book = orders.read(case, agreed, of_pairs, roadmap.orders_of_years(case, of_pairs))
    heard = _hear(case, who, banks, book)
    orders.read_started(case, agreed, book, {**started.endings(case, heard.ground.signed), **heard.begun.cells})
    known = states.settle(case, book, pairs.read(case, banks, agreed))
    news = programmes.News(
        reports.marks(heard.asked.petitions, today), applications.activities(heard.asked, heard.begun)
    )
    papers = programmes.decide(case, book, known, news)
    said, unclear = reports.settle(case, heard.asked.petitions, papers.of_pairs)
    states.show(case, book, known, papers.of_pairs, papers.done)
    roles.show(banks, states.links(book, known))
    orders.show(case, book, known)
    stages = roadmap.lay(case, book)
    erasures.lay(case)
    applications.show(heard.ground, heard.asked, heard.begun, unclear, orders.states(book))
    signed = orders.freeze(case, book)
    running = states.running(book, known)
    duties.lay(case, who, agreed, _pairs_of(running))
    named = scanned.name(case)
    events.show(case, book)
    contracts = agreements.lay(case, banks, agreed, agreements.warned(heard.asked), states.by_mentor(book, known))
    return Decision(
        persons=who.found,
        closes=book.closes,
        freezes={**who.freezes, **papers.freezes, **stages, **signed, **contracts,
                 **applications.freeze(case, heard.begun, signed)},
        edits=(*who.changes, *banks.changes, *agreed.rows.changes, *heard.filed, *heard.asked.changes, *said,
               *book.changes, *pairs.respell(case), *renewals.changes(case, agreed, running)),
        sheets=sheets,
        scans=named,
    )  # fmt: skip


@dataclass(frozen=True)
class _Heard:
    """What applications come to: the edits their filing asks for, what they ask, the orders they begin."""

    filed: Sequence[Change]
    ground: petitions.Ground
    asked: petitions.Asked
    begun: applications.Begun


def _hear(case: Case, who: people.People, banks: roles.Banks, book: orders.Orders) -> _Heard:
    """Read the applications that were handed in."""
    filed = filing.lay(case, who)
    ground = petitions.ground(case, who, banks, book)
    asked = petitions.read(ground)
    return _Heard(filed, ground, asked, applications.begin(ground, asked))


def _pairs_of(running: Sequence[Pair]) -> dict[str, list[str]]:
    """Return the pairs in force of every person."""
    found: dict[str, list[str]] = {}
    for pair in running:
        for person in pair.people:
            found.setdefault(person, []).append(pair.code)
    return found
