"""The life of orders: draft, out for signature, signed, cancelled (regulation 6.1, 6.3.4–5, 9.2).

Pairs that are ready join the open draft. «На подпись», or a number, closes its membership with the pairs that the last
published register showed in it; number and date make it signed. An order that the curator typed with number and date is
recorded, not drafted. A cancelled or removed order gives its pairs back until «Решение» is chosen anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from pipeline import fields
from pipeline.casework import filled, frozen
from pipeline.casework.case import Case, Change
from pipeline.casework.pairs import Pair
from pipeline.model import DELIBERATELY_EMPTY, Cells, Question, Row, Submission, natural
from pipeline.wording import casework as say
from pipeline.wording.casework import Decided, Turn
from pipeline.wording.casework import Order as State

_CANCELLED_AT = "decided"
"""Kept with the cells of an order whose row she removed: her last decision about its pairs by then."""


@dataclass(frozen=True)
class Order:
    """One order: its row, state, whether the program drafts it, and the pairs it closed with (``None``: still open)."""

    row: Row
    state: str
    drafted: bool
    members: tuple[str, ...] | None = None

    @property
    def code(self) -> str:
        """Return the order's code."""
        return self.row.code

    @property
    def signed(self) -> bool:
        """Tell whether it is signed."""
        return self.state == State.SIGNED


@dataclass
class Orders:
    """All orders, and which order holds a pair.

    ``of_pairs`` are the orders that the program drafts for pairs, the last one perhaps not begun; ``roadmaps`` maps a
    roadmap's order to its school year. ``holds`` maps a pair to its order once the membership is closed or the order
    recorded, ``joins`` adds those in an open draft; ``returned`` maps a pair to the cancelled order that gave it back,
    ``cancelled_at`` an order cancelled just now to the curator's last decision by then.
    """

    all: dict[str, Order] = field(default_factory=dict)
    of_pairs: list[str] = field(default_factory=list)
    roadmaps: dict[str, str] = field(default_factory=dict)
    holds: dict[str, str] = field(default_factory=dict)
    joins: dict[str, str] = field(default_factory=dict)
    returned: dict[str, str] = field(default_factory=dict)
    closes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cancelled_at: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def of(self, pair: str) -> Order | None:
        """Return the order that a pair stands in, ``None`` when it stands in none."""
        code = self.holds.get(pair) or self.joins.get(pair)
        return self.all[code] if code else None

    def is_signed(self, pair: str) -> bool:
        """Tell whether a pair stands in a signed order."""
        order = self.of(pair)
        return order is not None and order.signed


# --- reading --------------------------------------------------------------------------------------------------------


def opened(case: Case) -> list[str]:
    """Return the orders that the program opened for pairs, and last the one that it would open next."""
    known = {*case.facts.closed, *case.facts.published_orders.values(), *case.ledger.removed, *case.ledger.frozen}
    codes: list[str] = []
    for number in count(1):
        codes.append(case.ledger.codes.give("orders", f"pairs:{number}"))
        if codes[-1] not in known and not case.ledger.has("orders", codes[-1]):
            break
    return codes


def read(case: Case, of_pairs: Sequence[str], roadmaps: Mapping[str, str]) -> Orders:
    """Read every order as it stands, registrations included.

    ``of_pairs`` is what ``opened`` returned, ``roadmaps`` maps the order of a roadmap to its school year.
    """
    orders = Orders(of_pairs=list(of_pairs), roadmaps=dict(roadmaps))
    typed = [row.code for row in case.ledger.rows("orders") if row.code not in {*of_pairs, *roadmaps}]
    _register(case, orders, {code for code in (*of_pairs[:-1], *roadmaps, *typed) if not _is_cancelled(case, code)})
    for code in [*of_pairs, *roadmaps, *typed]:
        _read_one(case, orders, code, code not in typed or _was_drafted(case, code))
    for row in case.ledger.rows("pairs"):
        _recorded(orders, row)
    return orders


def _registrations(case: Case) -> list[Submission]:
    return [one for one in case.facts.submissions if one.sheet == "orders"]


def _was_drafted(case: Case, code: str) -> bool:
    return case.ledger.frozen.get(code, {}).get("drafted") == say.BY_PROGRAM


def _register(case: Case, orders: Orders, known: set[str]) -> None:
    """Lay number and date from the forms «Регистрация приказа»; ask about those that name no order."""
    forms: dict[str, list[Submission]] = {}
    for one in _registrations(case):
        code = fields.read_code(one.answers.get("orders.code", ""))
        code = code if code in known else _ask_which(case, one, code, known)
        if code:
            forms.setdefault(code, []).append(one)
    for code, rounds in forms.items():
        orders.changes.extend(filled.lay(case, "orders", code, [_but_code(one) for one in rounds]))


def _but_code(one: Submission) -> Submission:
    answers = {key: value for key, value in one.answers.items() if key != "orders.code"}
    return Submission(one.seq, one.sha, one.form, one.sheet, one.year, one.received, one.link, answers)


def _ask_which(case: Case, one: Submission, code: str, known: set[str]) -> str:
    """Ask which order a registration belongs to; return the code answered, ``""`` while there is none."""
    text = say.unknown_registration(code, one.answers.get("orders.number", ""))
    question = Question(f"registration:{one.sha[:16]}", text, "orders", answers=(say.IGNORE,))
    answered = fields.read_code(case.reply(question).upper())
    if answered in known:
        return answered
    case.settle(question)
    return ""


def _read_one(case: Case, orders: Orders, code: str, drafted: bool) -> None:
    row = case.ledger.row("orders", code)
    state = _state(case, row, drafted)
    if code in orders.of_pairs:
        members = _members(case, orders, row, state)
    else:
        members = None
        if state == State.CANCELLED and not drafted:
            _give_back(case, orders, code, _naming(case, code), case.ledger.decided(code, "decision"))
    orders.all[code] = Order(row, state, drafted, members)
    if members is not None and state != State.CANCELLED:
        orders.holds.update(dict.fromkeys(members, code))


def _state(case: Case, row: Row, drafted: bool) -> str:
    """Compute «Состояние»; what was signed stays signed, what was cancelled stays cancelled."""
    if _is_cancelled(case, row.code):
        return State.CANCELLED
    if row.code in case.ledger.frozen:
        return State.SIGNED
    if row["number"] and row["day"]:
        return State.SIGNED
    to_sign = drafted and (row["number"] or row["decision"] == Decided.TO_SIGN)
    return State.TO_SIGN if to_sign else State.DRAFT


def _is_cancelled(case: Case, code: str) -> bool:
    """Tell whether an order is cancelled: by the curator's decision, or because she removed its row unsigned."""
    if case.ledger.row("orders", code)["decision"] == Decided.CANCEL:
        return True
    kept = case.ledger.frozen.get(code)
    return code in case.ledger.removed if kept is None else _CANCELLED_AT in kept


def _members(case: Case, orders: Orders, row: Row, state: str) -> tuple[str, ...] | None:
    """Return the pairs that an order of ours closed with, ``None`` while its membership is open."""
    closed = case.facts.closed.get(row.code)
    if state != State.CANCELLED:
        return closed
    members = _published(case, row.code) if closed is None else closed
    if closed is None:
        orders.closes[row.code] = members
    kept = case.ledger.frozen.get(row.code, {})
    moment = int(kept[_CANCELLED_AT]) if _CANCELLED_AT in kept else _moment(case, row.code, members)
    if not kept:
        orders.cancelled_at[row.code] = moment
    _give_back(case, orders, row.code, members, moment)
    return members


def _published(case: Case, order: str) -> tuple[str, ...]:
    """Return the pairs that the last published register showed in an order."""
    codes = (pair for pair, code in case.facts.published_orders.items() if code == order)
    return tuple(sorted(codes, key=natural))


def _moment(case: Case, order: str, members: Iterable[str]) -> int:
    """Return the curator's last decision about the order, or about its pairs when she removed its row."""
    if order not in case.ledger.removed:
        return case.ledger.decided(order, "decision")
    return max((case.ledger.decided(pair, "decision") for pair in members), default=0)


def _give_back(case: Case, orders: Orders, order: str, members: Iterable[str], moment: int) -> None:
    """Return to the curator the pairs that she has not decided about since an order was cancelled."""
    for pair in members:
        if case.ledger.decided(pair, "decision") <= moment:
            orders.returned[pair] = order


def _naming(case: Case, order: str) -> list[str]:
    return [row.code for row in case.ledger.rows("pairs") if row["order"] == order]


def _recorded(orders: Orders, row: Row) -> None:
    """Put a pair into the recorded order that the curator named for it."""
    order = orders.all.get(row["order"])
    if row.code not in orders.holds and order and not order.drafted and order.signed:
        orders.holds[row.code] = order.code


def wrong_order(case: Case, orders: Orders, row: Row) -> str:
    """Say what is wrong with the order that the curator herself named for a pair, ``""`` when nothing is."""
    code = case.ledger.edited(row.code, "order")
    if not code or code == DELIBERATELY_EMPTY or orders.holds.get(row.code) == code:
        return ""
    order = orders.all.get(code)
    if order is None or order.state == State.CANCELLED:
        return say.order_unknown(code)
    if not order.drafted:
        return say.order_not_numbered(code)
    return say.not_in_order(code) if order.state != State.DRAFT or code not in orders.of_pairs else ""


# --- joining and closing --------------------------------------------------------------------------------------------


def assign(case: Case, orders: Orders, ready: Sequence[str]) -> None:
    """Close what is to be closed and let the ready pairs join an open draft."""
    free = [code for code in ready if code not in orders.holds]
    for code in orders.of_pairs:
        order = orders.all[code]
        if order.members is None and order.state in {State.TO_SIGN, State.SIGNED}:
            members = _closing(case, code, free)
            orders.closes[code] = members
            orders.all[code] = Order(order.row, order.state, order.drafted, members)
            orders.holds.update(dict.fromkeys(members, code))
    still = [code for code in orders.of_pairs if orders.all[code].members is None]
    for pair in free:
        if pair not in orders.holds:
            published = case.facts.published_orders.get(pair, "")
            orders.joins[pair] = published if published in still else still[0]


def _closing(case: Case, order: str, free: Sequence[str]) -> tuple[str, ...]:
    """Return the pairs an order closes with: those ready that its published edition listed, or all when none was."""
    published = set(_published(case, order))
    elsewhere = {pair for pair, code in case.facts.published_orders.items() if code and code != order}
    return tuple(pair for pair in free if (pair in published if published else pair not in elsewhere))


# --- showing --------------------------------------------------------------------------------------------------------


def show(case: Case, orders: Orders, pairs: Sequence[Pair]) -> None:
    """Lay the rows of sheet «Приказы» with their computed cells; ask about numbers given twice."""
    inside: dict[str, list[Pair]] = {}
    for pair in pairs:
        order = orders.of(pair.code)
        if order:
            inside.setdefault(order.code, []).append(pair)
    for code in orders.cancelled_at:
        had = orders.all[code].members or ()
        inside[code] = [pair for pair in pairs if pair.code in had]
    for code, order in orders.all.items():
        members = inside.get(code, [])
        if code != orders.of_pairs[-1] or members or order.members is not None:
            _show_one(case, orders, order, members)
    _ask_numbers(case, orders)


def _show_one(case: Case, orders: Orders, order: Order, members: Sequence[Pair]) -> None:
    ledger, year = case.ledger, orders.roadmaps.get(order.code, "")
    if order.code in ledger.frozen:
        row, live = order.row, {}
    else:
        kind = say.ROADMAP_ORDER if year else say.PAIRS_ORDER
        row = ledger.propose("orders", order.code, {"kind": kind, "about": year} if order.drafted else {})
        content = say.order_roadmap(row["about"]) if row["kind"] == say.ROADMAP_ORDER else _content(members)
        live = {"content": content, "drafted": say.BY_PROGRAM if order.drafted else say.RECORDED}
    live |= {"state": order.state, "missing": _missing(case, order, row, members), "turn": _turn(order)}
    ledger.show("orders", order.code, live)


def _content(members: Sequence[Pair]) -> str:
    return "\n".join(
        say.order_pair(pair.code, pair.mentor.full, pair.mentee.full, pair.row["group"]) for pair in members
    )


def _missing(case: Case, order: Order, row: Row, members: Sequence[Pair]) -> str:
    """Say what an order waits for."""
    wanted = ("number", "day") if order.drafted else ("kind", "number", "day")
    blank = [case.title("orders", key) for key in wanted if not row[key]]
    if order.state == State.CANCELLED:
        return ""
    if not order.drafted:
        return say.recorded_order_wants(blank) if blank else ""
    if order.signed or (order.state == State.TO_SIGN and len(blank) == 1):
        return say.order_wants(blank) if blank else ""
    if order.state == State.TO_SIGN:
        return say.order_wants_signature()
    return say.order_wants_decision() if row["kind"] == say.ROADMAP_ORDER or members else say.order_empty()


def _turn(order: Order) -> str:
    if order.state == State.CANCELLED or (order.signed and order.row["number"] and order.row["day"]):
        return Turn.NOBODY
    if order.state == State.DRAFT:
        return Turn.CURATOR
    return Turn.SECRETARY if order.signed or order.row["number"] or order.row["day"] else Turn.DIRECTOR


def freeze(case: Case, orders: Orders) -> dict[str, Cells]:
    """Return the rows of our orders signed or cancelled just now; recorded orders stay correctable."""
    signed = [order.code for order in orders.all.values() if order.signed and order.drafted]
    cancelled = frozen.take(case, "orders", orders.cancelled_at)
    removed = orders.cancelled_at.keys() & case.ledger.removed
    marks = {code: {**cancelled[code], _CANCELLED_AT: str(orders.cancelled_at[code])} for code in removed}
    return frozen.take(case, "orders", signed) | cancelled | marks


def _ask_numbers(case: Case, orders: Orders) -> None:
    """Numbers run within the calendar year: ask about one that two orders bear."""
    same: dict[tuple[str, int], list[Row]] = {}
    for order in orders.all.values():
        day = order.row.day("day")
        if day and order.row["number"] and order.state != State.CANCELLED:
            same.setdefault((fields.fold(order.row["number"]), day.year), []).append(order.row)
    for (number, year), rows in same.items():
        if len(rows) > 1:
            codes = sorted((row.code for row in rows), key=natural)
            text = say.number_twice(rows[0]["number"], year, codes)
            key = f"number:{number}:{year}:{','.join(codes)}"
            case.settle(Question(key, text, "orders", codes[-1], "number", (say.KEEP,)))
