"""«Состояние», «Чего не хватает» and «Чей ход» of every pair, and the questions that follow from them (design, 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from pipeline.casework import orders as order_rules
from pipeline.casework import pairs as pair_rules
from pipeline.casework.case import Case
from pipeline.casework.orders import Orders
from pipeline.casework.pairs import Lack, Pair
from pipeline.casework.roles import Link
from pipeline.model import Question
from pipeline.wording import casework as say
from pipeline.wording.casework import Consent, Decided, Order, Turn
from pipeline.wording.casework import Pair as State

_OVER = {Decided.FINISH: State.FINISHED, Decided.STOP: State.STOPPED}
_SETTLED = frozenset({State.FINISHED, State.STOPPED, State.DECLINED})


def of_held(orders: Orders, pair: Pair) -> str:
    """Return the state of a pair that an order holds."""
    if not orders.is_signed(pair.code):
        return State.IN_ORDER
    return orders.over.get(pair.code) or _OVER.get(pair.row["decision"], State.IN_FORCE)


def of_pair(orders: Orders, pair: Pair) -> str:
    """Return the state of a pair."""
    decision = pair.row["decision"]
    if orders.of(pair.code):
        return of_held(orders, pair)
    if decision == Decided.DECLINE or decision in _OVER:
        return State.DECLINED
    if decision == Decided.POSTPONE or pair.code in orders.returned:
        return State.POSTPONED
    if decision != Decided.APPROVE:
        return State.PROPOSED
    return State.WAITS if any(lack.consent for lack in pair.lacks) else State.APPROVED


def settle(case: Case, orders: Orders, pairs: Sequence[Pair]) -> list[Pair]:
    """Find what pairs lack beside each other, close orders, let the ready join; return the pairs with all they lack."""
    held = {pair.code: of_held(orders, pair) for pair in pairs if pair.code in orders.holds}
    over = [code for code, state in held.items() if state in _SETTLED]
    pairs = pair_rules.together(pairs, over, held)
    pairs = [pair.lacking(*_of_order(case, orders, pair)) for pair in pairs]
    pairs, ready = pair_rules.ready(pairs, held.keys() - over)
    order_rules.assign(case, orders, [pair.code for pair in pairs if pair.code in ready])
    counted = (pair for pair in pairs if pair.code not in over and (pair.approved or pair.code in held))
    pair_rules.ask_capacity(case, counted)
    return pairs


def _of_order(case: Case, orders: Orders, pair: Pair) -> list[Lack]:
    """Find what keeps a pair from an order of its own: a cancelled one, a wrong one, a decision that does not fit."""
    decision, returned = pair.row["decision"], orders.returned.get(pair.code)
    wrong = order_rules.wrong_order(case, orders, pair.row)
    texts = [wrong] if wrong else []
    if returned:
        texts.append(say.order_was_cancelled(returned))
    if decision in _OVER and pair.code not in orders.holds:
        texts.append(say.not_in_force(decision))
    if decision in {Decided.DECLINE, Decided.POSTPONE} and orders.is_signed(pair.code):
        texts.append(say.in_force(decision))
    return [Lack(text) for text in texts]


def show(case: Case, orders: Orders, pairs: Sequence[Pair], programmes: Mapping[str, str], done: Iterable[str]) -> None:
    """Show the computed cells of sheet «Пары».

    ``programmes`` maps a pair to its programme, ``done`` are the pairs whose plan is carried out.
    """
    finished = set(done)
    for pair in pairs:
        state = of_pair(orders, pair)
        order = orders.of(pair.code)
        case.ledger.propose("pairs", pair.code, {"order": order.code if order else ""})
        hints = [*pair.ending, *_hints(case, orders, pair, pair.code in finished)] if state == State.IN_FORCE else []
        lacks = [*pair.lacks, *hints] if _speaks(state, pair) else []
        cells = {
            "state": state,
            "missing": "; ".join(lack.text for lack in lacks),
            "turn": _turn(orders, pair, state, lacks),
            "mentor_name": pair.mentor.full,
            "mentee_name": pair.mentee.full,
            "programme": programmes.get(pair.code, ""),
        }
        case.ledger.show("pairs", pair.code, cells)
        _ask(case, orders, pair, state)


def _speaks(state: str, pair: Pair) -> bool:
    """Tell whether «Чего не хватает» is of use: not for what is over or was put aside, unless by a misfit decision."""
    if state == State.DECLINED:
        return pair.row["decision"] in _OVER
    return state not in _SETTLED and not (state == State.POSTPONED and pair.row["decision"] == Decided.POSTPONE)


def _hints(case: Case, orders: Orders, pair: Pair, plan_is_done: bool) -> list[Lack]:
    """Say that a pair in force may be finished (regulation 10.1), or which order about it is being prepared."""
    coming = [orders.all[code] for code in orders.coming.get(pair.code, ())]
    prepared = [order for order in coming if not order.signed]
    if prepared:
        return [Lack(say.order_prepared(order.code, order.row["kind"])) for order in prepared]
    end = pair.row.day("end")
    if end and end < case.today:
        return [Lack(say.term_is_over(end))]
    return [Lack(say.plan_is_done())] if plan_is_done else []


def _turn(orders: Orders, pair: Pair, state: str, lacks: Sequence[Lack]) -> str:
    order = orders.of(pair.code)
    if state == State.IN_ORDER and order:
        if order.state == Order.DRAFT:
            return Turn.CURATOR
        return Turn.SECRETARY if order.row["number"] or order.row["day"] else Turn.DIRECTOR
    if state == State.PROPOSED:
        return Turn.CURATOR
    turns = list(dict.fromkeys(lack.turn for lack in lacks))
    return say.listed(sorted(turns, key=_TURNS.index)) or Turn.NOBODY


_TURNS = (Turn.CURATOR, Turn.MENTOR, Turn.MENTEE, Turn.SECRETARY, Turn.DIRECTOR)


def _ask(case: Case, orders: Orders, pair: Pair, state: str) -> None:
    """Ask about a pair that no longer is complete though its order is out, or that lost a consent while in force."""
    order = orders.of(pair.code)
    if state == State.IN_ORDER and order and order.state == Order.TO_SIGN:
        decision = pair.row["decision"]
        reasons = [lack.text for lack in pair.lacks] or ([] if pair.approved else [say.decided_otherwise(decision)])
        topic, words = f"left:{order.code}", say.left_closed_order(pair.code, order.code, "; ".join(reasons))
    elif state == State.IN_FORCE:
        lost = {Consent.WITHDRAWN, Consent.REFUSED}
        reasons = [lack.text for lack in pair.lacks if lack.consent in lost]
        topic, words = "lost", say.lost_consent(pair.code, "; ".join(reasons))
    else:
        return
    if reasons:
        digest = hashlib.sha256("; ".join(reasons).encode()).hexdigest()[:12]
        key = f"{topic}:{pair.code}:{digest}"
        case.settle(Question(key, words, "pairs", pair.code, "decision", (say.KEEP,)))


def running(orders: Orders, pairs: Iterable[Pair]) -> list[Pair]:
    """Return the pairs in force."""
    return [pair for pair in pairs if of_pair(orders, pair) == State.IN_FORCE]


def by_mentor(orders: Orders, pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    """Return, for every row of the bank of mentors, the pairs that are in an order and have not ended."""
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.mentor.role and of_pair(orders, pair) in {State.IN_ORDER, State.IN_FORCE}:
            found.setdefault(pair.mentor.role.code, []).append(pair)
    return found


def links(orders: Orders, pairs: Iterable[Pair]) -> dict[str, list[Link]]:
    """Return, for every row of a bank, the pairs it stands in."""
    found: dict[str, list[Link]] = {}
    for pair in pairs:
        row, state = pair.row, of_pair(orders, pair)
        for one, other in ((pair.mentor, pair.mentee), (pair.mentee, pair.mentor)):
            if one.role:
                link = Link(other.full, row["form"], row["start"], row["end"], state)
                found.setdefault(one.role.code, []).append(link)
    return found
