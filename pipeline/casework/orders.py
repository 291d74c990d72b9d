"""The life of orders: draft, out for signature, signed, cancelled (regulation 6.1, 6.3.4–5, 9.2).

Pairs that are ready join the open draft. «На подпись», or a number, closes its membership with the pairs that the last
published register showed in it; number and date make it signed. An order of another kind is drafted as soon as it says
all that its kind needs, whoever began it. An order that the curator typed with number and date is recorded, not
drafted. A cancelled or removed order gives its pairs back until «Решение» is chosen anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from pipeline import fields
from pipeline.casework import filled, frozen, started
from pipeline.casework.case import Case, Change
from pipeline.casework.consents import Consents
from pipeline.casework.pairs import Pair
from pipeline.catalog import OrderKind
from pipeline.model import DELIBERATELY_EMPTY, Cells, Question, Row, Submission, natural
from pipeline.subjects import codes_in
from pipeline.wording import casework as say
from pipeline.wording.casework import Decided, Turn
from pipeline.wording.casework import Order as State
from pipeline.wording.casework import Pair as PairState

_CANCELLED_AT = "decided"
"""Kept with the cells of an order whose row she removed: her last decision about its pairs by then."""


@dataclass(frozen=True)
class Order:
    """One order: its row, state, whether the program drafts it, and the pairs it closed with (``None``: still open).

    ``kind`` is declared for orders that people begin, ``lacks`` says what the paper of such an order still needs.
    """

    row: Row
    state: str
    drafted: bool
    members: tuple[str, ...] | None = None
    kind: OrderKind | None = None
    lacks: tuple[str, ...] = ()

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
    ``cancelled_at`` an order cancelled just now to the curator's last decision by then. ``begun`` are the cells laid
    under orders that a decision called for; ``over`` maps a pair that a signed order ended to its state, ``coming`` a
    pair to the live orders that are about it; ``under_way`` are orders whose effect is not committed yet.
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
    begun: dict[str, Mapping[str, str]] = field(default_factory=dict)
    over: dict[str, str] = field(default_factory=dict)
    coming: dict[str, list[str]] = field(default_factory=dict)
    under_way: set[str] = field(default_factory=set)

    def of(self, pair: str) -> Order | None:
        """Return the order that a pair stands in, ``None`` when it stands in none."""
        code = self.holds.get(pair) or self.joins.get(pair)
        return self.all[code] if code else None

    def in_force(self) -> set[str]:
        """Return the pairs that stand in a signed order."""
        return {pair for pair in self.holds if self.is_signed(pair)}

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


def read(case: Case, consents: Consents, of_pairs: Sequence[str], roadmaps: Mapping[str, str]) -> Orders:
    """Read the orders that stand, registrations included: those for pairs and roadmaps, and others once signed.

    ``of_pairs`` is what ``opened`` returned, ``roadmaps`` maps the order of a roadmap to its school year.
    """
    orders = Orders(of_pairs=list(of_pairs), roadmaps=dict(roadmaps))
    ours = [*of_pairs, *roadmaps]
    typed = [row.code for row in case.ledger.rows("orders") if row.code not in ours]
    _register(case, orders, {code for code in (*of_pairs[:-1], *roadmaps, *typed) if not _is_cancelled(case, code)})
    for code in [*ours, *(code for code in typed if started.is_of_pairs(case, code))]:
        _read_one(case, orders, code, code in ours or _was_drafted(case, code))
    for row in case.ledger.rows("pairs"):
        _recorded(orders, row)
    for code in typed:
        if code not in orders.all and _is_settled(case, code):
            _read_started(case, consents, orders, code)
    return orders


def read_started(case: Case, consents: Consents, orders: Orders, begun: Mapping[str, Mapping[str, str]]) -> None:
    """Read the orders that are under way, and those that a decision called for, whose cells are ``begun``.

    Lays the pairs that a replacement of a mentor makes.
    """
    orders.begun |= begun
    for code, cells in orders.begun.items():
        case.ledger.propose("orders", code, {} if code in case.ledger.frozen else cells)
    for row in case.ledger.rows("orders"):
        if row.code not in orders.all:
            _read_started(case, consents, orders, row.code)


def states(orders: Orders) -> dict[str, str]:
    """Return the state of every order."""
    return {code: order.state for code, order in orders.all.items()}


def _is_settled(case: Case, code: str) -> bool:
    """Tell whether an order was signed in an earlier turn, or typed as signed with all that it says."""
    typed = all(case.ledger.edited(code, key) for key in ("kind", "about", "number", "day"))
    return code in case.ledger.frozen or typed


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


def _read_started(case: Case, consents: Consents, orders: Orders, code: str) -> None:
    """Read an order of a kind that people begin: drafted once it is complete, recorded when signed from the start."""
    row = case.ledger.row("orders", code)
    kind = started.kind_of(case, row)
    if kind is None:
        _read_one(case, orders, code, _was_drafted(case, code))
        return
    marked = _was_drafted(case, code) or case.ledger.edited(code, "drafted") == say.BY_PROGRAM or code in orders.begun
    lacks = [] if code in case.ledger.frozen else started.lacks(case, consents, row, kind)
    fresh = not (marked or lacks or row["number"] or row["day"])
    if fresh:
        orders.changes.append(Change("orders", code, "drafted", say.BY_PROGRAM))
    state = _state(case, row, (marked or fresh) and not lacks)
    order = Order(row, state, marked or fresh, None, kind, tuple(lacks))
    orders.all[code] = order
    if state != State.CANCELLED:
        _take_effect(case, orders, order)
    elif order.drafted and code not in case.ledger.frozen:
        orders.cancelled_at[code] = 0


def _take_effect(case: Case, orders: Orders, order: Order) -> None:
    """Find what an order of a declared kind does, or is going to do, to the pairs that it is about."""
    effect = order.kind.effect if order.kind else ""
    pairs = started.pairs_of(case, codes_in(order.row["about"])) if effect else []
    since = order.row.day("since")
    for pair in pairs:
        orders.coming.setdefault(pair.code, []).append(order.code)
        if order.signed and effect in {"ends", "replaces"} and not (since and since > case.today):
            orders.over[pair.code] = PairState.FINISHED if order.row["reason"] == say.PLAN_DONE else PairState.STOPPED
    if effect == "replaces" and not order.lacks:
        orders.holds.update(dict.fromkeys(started.replacements(case, order.row, pairs), order.code))
    until = order.row["until"]
    if effect == "changes" and until and order.signed and order.drafted and order.code not in case.ledger.frozen:
        behind = [pair.code for pair in pairs if pair["end"] != until]
        orders.changes.extend(Change("pairs", code, "end", until) for code in behind)
        orders.under_way.update({order.code} if behind else ())


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
        ours = order.drafted and not order.kind
        row = ledger.propose("orders", order.code, {"kind": kind, "about": year} if ours else {})
        declared = case.catalog.order_kinds.get(row["kind"])
        said = {"content": _said(case, order, row, members), "series": declared.series if declared else ""}
        live = {"drafted": _drafted(order), **{key: text for key, text in said.items() if text}}
    live |= {"state": order.state, "missing": _missing(case, order, row, members), "turn": _turn(order)}
    ledger.show("orders", order.code, live)


def _drafted(order: Order) -> str:
    """Say how an order is led; one that people begin has no paper until it says all that its kind needs."""
    if not order.drafted and not (order.kind and order.lacks and not (order.row["number"] or order.row["day"])):
        return say.RECORDED
    return say.UNREADY if order.lacks and not order.signed else say.BY_PROGRAM


def _said(case: Case, order: Order, row: Row, members: Sequence[Pair]) -> str:
    """Return «Что в приказе»."""
    if order.kind:
        return started.content(case, row)
    return say.order_roadmap(row["about"]) if row["kind"] == say.ROADMAP_ORDER else _content(members)


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
    if order.lacks and not order.signed and (order.drafted or not (row["number"] or row["day"])):
        return "; ".join(order.lacks)
    if not order.drafted:
        if not (row["kind"] or row["number"]):
            return say.order_without_kind(case.title("orders", "kind"))
        return say.recorded_order_wants(blank) if blank else ""
    if order.signed or (order.state == State.TO_SIGN and len(blank) == 1):
        return say.order_wants(blank) if blank else ""
    if order.state == State.TO_SIGN:
        return say.order_wants_signature()
    whole = order.kind or row["kind"] == say.ROADMAP_ORDER or members
    return say.order_wants_decision() if whole else say.order_empty()


def _turn(order: Order) -> str:
    if order.state == State.CANCELLED or (order.signed and order.row["number"] and order.row["day"]):
        return Turn.NOBODY
    if order.state == State.DRAFT:
        return Turn.CURATOR
    return Turn.SECRETARY if order.signed or order.row["number"] or order.row["day"] else Turn.DIRECTOR


def freeze(case: Case, orders: Orders) -> dict[str, Cells]:
    """Return the rows of our orders signed or cancelled just now; recorded orders stay correctable."""
    ours = (order for order in orders.all.values() if order.signed and order.drafted)
    signed = [order.code for order in ours if order.code not in orders.under_way]
    cancelled = frozen.take(case, "orders", orders.cancelled_at)
    removed = orders.cancelled_at.keys() & case.ledger.removed
    marks = {code: {**cancelled[code], _CANCELLED_AT: str(orders.cancelled_at[code])} for code in removed}
    return frozen.take(case, "orders", signed) | cancelled | marks


def _ask_numbers(case: Case, orders: Orders) -> None:
    """Numbers run within the calendar year and the series of the kind: ask about one that two orders bear."""
    same: dict[tuple[str, str, int], list[Row]] = {}
    for order in orders.all.values():
        day = order.row.day("day")
        if day and order.row["number"] and order.state != State.CANCELLED:
            kind = case.catalog.order_kinds.get(order.row["kind"])
            series = kind.series if kind else ""
            same.setdefault((series, fields.fold(order.row["number"]), day.year), []).append(order.row)
    for (_, number, year), rows in same.items():
        if len(rows) > 1:
            codes = sorted((row.code for row in rows), key=natural)
            text = say.number_twice(rows[0]["number"], year, codes)
            key = f"number:{number}:{year}:{','.join(codes)}"
            case.settle(Question(key, text, "orders", codes[-1], "number", (say.KEEP,)))
