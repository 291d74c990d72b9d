"""Consents that run out while a pair goes on: the row of the next school year, so that its sheet is printed in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from pipeline.casework.case import Case, Change
from pipeline.casework.consents import Consents, Standing
from pipeline.casework.pairs import Pair, demanded
from pipeline.wording.casework import Consent


def changes(case: Case, consents: Consents, running: Iterable[Pair]) -> list[Change]:
    """Return the rows to begin for pairs in force, as edits: once begun, a row stays until somebody removes it."""
    begun: dict[str, tuple[str, str, str]] = {}
    for pair in running:
        for member, kind, _ in demanded(case, pair):
            assert member.person
            standing = consents.standing(member.person.code, kind, pair.year)
            if _is_short(standing, pair):
                begun.update(_next(case, consents, (member.person.code, kind), standing))
    return [change for code, cells in begun.items() for change in _begin(code, cells)]


def _is_short(standing: Standing, pair: Pair) -> bool:
    """Tell whether a consent runs out soon, or ran out, before its pair's term is over."""
    end = pair.row.day("end")
    soon = standing.state in {Consent.ENDS_SOON, Consent.ENDED}
    return bool(soon and end and standing.until and standing.until < end)


def _next(
    case: Case, consents: Consents, whose: tuple[str, str], standing: Standing
) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Yield the row for the school year after a consent's end, unless there is one or there was."""
    assert standing.until
    year = case.catalog.policy.year_of(standing.until + timedelta(days=1))
    if year in consents.standings.get(whose, {}) or year not in case.catalog.layout.lists.get("years", ()):
        return
    code = case.ledger.codes.give("consents", ":".join((*whose, year)))
    if code not in case.facts.removed and not case.ledger.has("consents", code):
        yield code, (*whose, year)


def _begin(code: str, cells: tuple[str, str, str]) -> Iterator[Change]:
    for column, value in zip(("person", "kind", "year"), cells, strict=True):
        yield Change("consents", code, column, value)
