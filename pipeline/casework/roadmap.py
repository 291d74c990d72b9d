"""The roadmap of a school year (regulation 6.3.4, 6.4.3, Appendix 1) and the order that approves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.casework import frozen
from pipeline.casework.case import Case
from pipeline.casework.orders import Orders
from pipeline.catalog import Stage
from pipeline.model import Cells
from pipeline.wording.casework import Item, Order


def orders_of_years(case: Case, of_pairs: Sequence[str]) -> dict[str, str]:
    """Return the order of the present year's roadmap, and those of earlier years that she began: order → year."""
    year = case.catalog.policy.year_of(case.today)
    found = {case.ledger.codes.give("orders", f"roadmap:{year}"): year}
    known = {*of_pairs, *found, *case.ledger.frozen}
    nameless = {row.code for row in case.ledger.rows("orders") if not row["kind"]} - known
    for other in case.catalog.layout.lists["years"] if nameless else ():
        code = case.ledger.codes.give("orders", f"roadmap:{other}")
        found.update({code: other} if code in nameless else {})
    return found


def lay(case: Case, orders: Orders) -> Mapping[str, Cells]:
    """Lay the stages of each year's roadmap; return the rows that a signature freezes now."""
    freezes: dict[str, Cells] = {}
    for code, year in orders.roadmaps.items():
        order = orders.all[code]
        if code in case.ledger.frozen and order.signed:
            continue
        live = code if order.state != Order.CANCELLED else ""
        stages = [_lay_one(case, year, n, stage, live) for n, stage in enumerate(case.catalog.roadmap.stages, 1)]
        if order.signed:
            freezes |= frozen.take(case, "roadmap", stages)
    for row in case.ledger.rows("roadmap"):
        case.ledger.show("roadmap", row.code, {"state": row["mark"] or Item.PLANNED})
    return freezes


def _lay_one(case: Case, year: str, n: int, stage: Stage, order: str) -> str:
    """Lay one stage; return its row's code."""
    start, end = year.split("-")
    facts = {"short": case.catalog.organisation.short_name, "start": start, "end": end}
    code = case.ledger.codes.give("roadmap", f"{year}:{stage.key}")
    cells = {
        "title": stage.title.format_map(facts),
        "duration": stage.duration.format_map(facts),
        "content": "\n".join(line.format_map(facts) for line in stage.content),
        "documents": "\n".join(line.format_map(facts) for line in stage.documents),
        "responsible": stage.responsible.format_map(facts),
    }
    case.ledger.propose("roadmap", code, cells)
    case.ledger.show("roadmap", code, {"year": year, "n": str(n), "order": order})
    return code
