"""Orders of the kinds that a person begins, or an event of the case does: what each is about and what it still lacks.

The kinds and what they need are declared in ``config/orders.yaml``; nothing here knows a kind by its name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from pipeline.casework.case import Case
from pipeline.casework.consents import Consents
from pipeline.casework.people import short_name
from pipeline.catalog import OrderKind
from pipeline.ledger import label
from pipeline.model import Row
from pipeline.subjects import codes_in, pairs_in
from pipeline.wording import casework as say
from pipeline.wording.casework import Decided

_OF_PAIRS = frozenset({"pairs", "programmes"})
"""Sheets whose rows stand for pairs."""


def kind_of(case: Case, row: Row) -> OrderKind | None:
    """Return the declared kind of an order, ``None`` while none is chosen, or when the program begins such orders."""
    kind = case.catalog.order_kinds.get(row["kind"])
    return None if kind is None or kind.begun else kind


def is_of_pairs(case: Case, code: str) -> bool:
    """Tell whether an order is of a kind that the program begins by itself: such orders hold pairs or a roadmap."""
    kind = case.catalog.order_kinds.get(case.ledger.row("orders", code)["kind"])
    return kind is not None and kind.begun


def subjects(case: Case, row: Row) -> list[Row]:
    """Return the rows that «К чему относится» names: pairs (a group or programme is its pairs), events, agreements."""
    codes = codes_in(row["about"])
    named = ((sheet.key, code) for code in codes if (sheet := case.catalog.layout.of_code(code)))
    others = ((sheet, code) for sheet, code in named if sheet not in _OF_PAIRS and case.ledger.has(sheet, code))
    return [*pairs_of(case, codes), *(case.ledger.row(sheet, code) for sheet, code in others)]


def pairs_of(case: Case, codes: tuple[str, ...]) -> list[Row]:
    """Return the pairs that codes of pairs, groups or programmes name."""
    return pairs_in(codes, case.ledger.rows("pairs"), programmes_of(case)) if codes else []


def programmes_of(case: Case) -> Mapping[str, str]:
    """Return the programme of every pair that stood in an order when the register was last published."""
    give = case.ledger.codes.give
    placed = (row for row in case.ledger.rows("pairs") if case.facts.published_orders.get(row.code))
    return {row.code: give("programmes", row["group"] or row.code) for row in placed}


def lacks(case: Case, consents: Consents, row: Row, kind: OrderKind) -> list[str]:
    """Name everything that the paper of an order still needs."""
    wanted = [key for key in kind.needs if not row[key]]
    found = [say.empty_cell(case.title("orders", key)) for key in wanted]
    if kind.about and not any(one.sheet in kind.about for one in subjects(case, row)):
        titles = [case.catalog.layout.sheet(sheet).title for sheet in kind.about]
        found.append(say.order_about_nothing(case.title("orders", "about"), titles))
    since, until = row.day("since"), row.day("until")
    if since and until and until < since:
        found.append(say.until_before_since())
    if kind.effect == "replaces" and row["person"]:
        found.extend(_lacks_of_mentor(case, consents, row))
    return found


def _lacks_of_mentor(case: Case, consents: Consents, row: Row) -> Iterator[str]:
    """Say what keeps somebody from becoming a mentor: no row in the bank, no consent (regulation 6.2)."""
    who = case.ledger.row("people", row["person"])
    for year in sorted({_year(case, pair) for pair in pairs_of(case, codes_in(row["about"]))}):
        if not _in_bank(case, who.code, year):
            yield say.not_in_bank(case.title("orders", "person"), short_name(who), year)
        yield from consents.lacking(who, case.catalog.policy.order_demands.mentor, year)


def _year(case: Case, pair: Row) -> str:
    return case.ledger.row("mentors", pair["mentor"])["year"]


def _in_bank(case: Case, person: str, year: str) -> str:
    """Return the code of a person in the year's bank of mentors, ``""`` when there is none."""
    rows = (row for row in case.ledger.rows("mentors") if row["person"] == person and row["year"] == year)
    return next((row.code for row in rows), "")


def replacements(case: Case, row: Row, pairs: Iterable[Row]) -> list[str]:
    """Lay the pairs that an order gives another mentor; return their codes. The old term goes on (regulation 8.1.5)."""
    codes: list[str] = []
    for pair in pairs:
        cells = {
            **{key: pair[key] for key in ("mentee", "kinds", "form", "mode", "end")},
            "mentor": _in_bank(case, row["person"], _year(case, pair)),
            "group": f"{pair['group']}-{row.code.rpartition('-')[2]}" if pair["group"] else "",
            "start": row["since"],
            "decision": Decided.APPROVE,
        }
        codes.append(case.ledger.propose_by("pairs", f"{row.code}:{pair.code}", cells).code)
    return codes


def content(case: Case, row: Row) -> str:
    """Say in «Что в приказе» what an order is about."""
    lines = [f"{one.code}: {label(case.catalog.layout.sheet(one.sheet), one)}" for one in subjects(case, row)]
    return "\n".join([*lines, *([row["text"]] if row["text"] else [])])


def endings(case: Case, in_force: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the orders of completion that the curator's decisions about pairs call for (regulation 10.1).

    ``in_force`` are the pairs that stand in a signed order. Returns code → cells to lay under the row. The pairs of a
    group end in one order; those that she ends after it was signed, in one of their own.
    """
    found: dict[str, dict[str, str]] = {}
    for pair in case.ledger.rows("pairs"):
        if pair.code in in_force and pair["decision"] in {Decided.FINISH, Decided.STOP}:
            cells = found.setdefault(_ending(case, pair), {"kind": say.COMPLETION_ORDER, "about": ""})
            cells["about"] = say.listed([*filter(None, [cells["about"]]), pair.code])
            if pair["decision"] == Decided.FINISH:
                cells |= {"reason": say.PLAN_DONE, "since": max(cells.get("since", ""), pair["end"])}
    return found


def _ending(case: Case, pair: Row) -> str:
    code = case.ledger.codes.give("orders", f"end:{pair['group'] or pair.code}")
    signed = case.ledger.frozen.get(code)
    if signed is None or pair.code in codes_in(signed.get("about", "")):
        return code
    return case.ledger.codes.give("orders", f"end:{pair.code}")
