"""Events about mentoring (regulation, Appendix 1, stage 6): which order is about each, and whether it was held."""

from __future__ import annotations

from pipeline.casework.case import Case
from pipeline.casework.orders import Orders
from pipeline.model import Row
from pipeline.subjects import codes_in
from pipeline.wording import applications as say
from pipeline.wording.applications import Event
from pipeline.wording.casework import Order as OrderState

_NEEDED = ("title", "day", "place")


def show(case: Case, orders: Orders) -> None:
    """Show the computed cells of sheet «События»."""
    live = (order for order in orders.all.values() if order.state != OrderState.CANCELLED)
    about = {code: order.code for order in live for code in codes_in(order.row["about"])}
    for row in case.ledger.rows("events"):
        blank = [case.title("events", key) for key in _NEEDED if not row[key]]
        missing = say.event_wants(blank) if blank else ""
        cells = {"order": about.get(row.code, ""), "state": _state(case, row), "missing": missing}
        case.ledger.show("events", row.code, cells)


def _state(case: Case, row: Row) -> str:
    if row["result"]:
        return Event.HELD
    day = row.day("day")
    return Event.LATE if day and day < case.today else Event.PLANNED
