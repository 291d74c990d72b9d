"""Personalised programmes of pairs and groups, and their plans (regulation, sections 3 and 10).

A programme appears when its pair stands in an order. Its texts are proposals for the curator to improve; a signed order
approves it, and from then on it is frozen. The programme of a pair recorded as running already is never frozen, so that
the plan which was agreed on paper can be typed. A frozen programme changes only by an order of change (10.2): that
makes a new edition, with everything the one before says, which replaces it once the order is signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from string import Formatter

from pipeline.casework import frozen, plan, states
from pipeline.casework.case import Case
from pipeline.casework.orders import Order, Orders
from pipeline.casework.pairs import Pair
from pipeline.casework.petitions import Petition
from pipeline.model import SEPARATOR, Cells, Row, natural
from pipeline.wording import casework as say
from pipeline.wording.applications import Progress
from pipeline.wording.casework import Item, Programme
from pipeline.wording.casework import Pair as State

_TEXTS = ("problem", "goal", "tasks", "content", "interim", "results", "schedule", "conditions")
_RUNNING = frozenset({Programme.APPROVED, Programme.RUNS})


@dataclass(frozen=True)
class Programmes:
    """The programme of every pair that has one, the pairs whose plan is carried out, and the rows to freeze."""

    of_pairs: Mapping[str, str]
    done: frozenset[str]
    freezes: Mapping[str, Cells]


@dataclass(frozen=True)
class News:
    """What people handed in: ``done`` maps a pair or group to the activities reported (code → day).

    ``added`` maps an order of change to the applications that add an activity by it.
    """

    done: Mapping[str, Mapping[str, date]] = field(default_factory=dict)
    added: Mapping[str, Sequence[Petition]] = field(default_factory=dict)


_NO_NEWS = News()


@dataclass(frozen=True)
class _Subject:
    """A pair or a group whose programme it is: its code, its programme's code, its pairs and their state together.

    ``pairs`` are those in force, or all while none is; ``more`` the pairs of the group that are still in a draft;
    ``approved`` says that a signed order of ours, not a recorded one, approved the programme. ``change`` is the order
    that makes this edition of it out of the edition ``before``; ``replaced_by`` the programme that came after it.
    """

    code: str
    programme: str
    pairs: Sequence[Pair]
    more: Sequence[Pair]
    state: str
    approved: bool
    change: Order | None = None
    before: str = ""
    replaced_by: str = ""

    @property
    def start(self) -> date | None:
        return min((day for pair in self.pairs if (day := pair.row.day("start"))), default=None)

    @property
    def end(self) -> date | None:
        changed = self.change.row.day("until") if self.change else None
        return changed or max((day for pair in self.pairs if (day := pair.row.day("end"))), default=None)


def decide(case: Case, orders: Orders, pairs: Iterable[Pair], news: News = _NO_NEWS) -> Programmes:
    """Lay the rows of sheets «Программы» and «План мероприятий»; ``news`` is what people handed in about them."""
    subjects = _subjects(case, orders, pairs)
    for one in subjects:
        if one.programme not in case.ledger.frozen:
            _lay(case, orders, one)
        if one.before:
            _carry_plan_over(case, one)
            _add_activities(case, one, news)
        elif one.programme not in case.ledger.frozen:
            _lay_plan(case, one)
        _mark_done(case, one, news)
    items = _items(case)
    freezes: dict[str, Cells] = {}
    done: set[str] = set()
    for one in subjects:
        mine = items.pop(one.programme, [])
        _show(case, one, mine)
        if not one.replaced_by and _is_done(case, mine):
            done.update(pair.code for pair in one.pairs)
        if one.approved and one.programme not in case.ledger.frozen:
            freezes |= frozen.take(case, "programmes", [one.programme])
            freezes |= frozen.take(case, "plan", [item.code for item in mine])
    _show_left(case, {one.programme for one in subjects}, items)
    current = [one for one in subjects if not one.replaced_by and (one.approved or not one.change)]
    of_pairs = {pair.code: one.programme for one in current for pair in (*one.pairs, *one.more)}
    return Programmes(of_pairs, frozenset(done), freezes)


def _subjects(case: Case, orders: Orders, pairs: Iterable[Pair]) -> list[_Subject]:
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        if orders.of(pair.code):
            found.setdefault(pair.row["group"] or pair.code, []).append(pair)
    first = [_subject(case, orders, code, members) for code, members in found.items()]
    return [edition for one in first for edition in _editions(case, orders, one)]


def _editions(case: Case, orders: Orders, first: _Subject) -> list[_Subject]:
    """Return a programme and every edition that an order of change makes of it; a signed one ends the one before."""
    codes = {code: None for pair in first.pairs for code in orders.coming.get(pair.code, ())}
    changes = [orders.all[code] for code in sorted(codes, key=natural)]
    editions = [first]
    for order in changes:
        if not order.kind or order.kind.effect != "changes" or order.lacks:
            continue
        before, code = editions[-1], case.ledger.codes.give("programmes", f"{first.code}:{order.code}")
        state = first.state if order.signed else Programme.DRAFT
        edition = _Subject(first.code, code, first.pairs, (), state, order.signed, order, before.programme)
        if order.signed:
            editions[-1] = replace(before, state=Programme.STOPPED, replaced_by=code)
        editions.append(edition)
        if not order.signed:
            break  # the next change starts from this one, once it is signed
    return editions


def _subject(case: Case, orders: Orders, code: str, members: Sequence[Pair]) -> _Subject:
    signed = [pair for pair in members if orders.is_signed(pair.code)]
    drafts = [pair for pair in members if not orders.is_signed(pair.code)]
    by_us = any((order := orders.of(pair.code)) and order.drafted for pair in signed)
    programme = case.ledger.codes.give("programmes", code)
    state = _state(case, orders, signed or drafts)
    return _Subject(code, programme, signed or drafts, drafts if signed else (), state, by_us)


def _state(case: Case, orders: Orders, pairs: Sequence[Pair]) -> str:
    now = {states.of_pair(orders, pair) for pair in pairs}
    if State.IN_FORCE in now:
        start = min((day for pair in pairs if (day := pair.row.day("start"))), default=case.today)
        return Programme.RUNS if start <= case.today else Programme.APPROVED
    if State.IN_ORDER in now:
        return Programme.DRAFT
    return Programme.FINISHED if State.FINISHED in now else Programme.STOPPED


# --- the programme's row --------------------------------------------------------------------------------------------


def _lay(case: Case, orders: Orders, one: _Subject) -> None:
    first = one.pairs[0]
    order = one.change or orders.of(first.code)
    roles = [pair.mentee.role for pair in one.pairs if pair.mentee.role]
    modes = [*(pair.row["mode"] for pair in one.pairs), *(role["mode"] for role in roles)]
    proposed = {"mode": next((mode for mode in modes if mode), "")}
    computed = {
        "subject": one.code,
        "mentor": first.mentor.role.code if first.mentor.role else "",
        "mentor_name": first.mentor.full,
        "mentee_names": ", ".join(pair.mentee.full for pair in one.pairs),
        "year": first.year,
        "kinds": SEPARATOR.join(dict.fromkeys(kind for pair in one.pairs for kind in pair.row.choices("kinds"))),
        "form": SEPARATOR.join(dict.fromkeys(pair.row["form"] for pair in one.pairs if pair.row["form"])),
        "start": one.start.isoformat() if one.start else "",
        "end": one.end.isoformat() if one.end else "",
        "order": order.code if order else "",
    }
    said = case.ledger.row("programmes", one.before) if one.before else None
    if said:
        case.ledger.propose("programmes", one.programme, {key: said[key] for key in ("mode", *_TEXTS)})
        case.ledger.show("programmes", one.programme, computed)
        return
    row = case.ledger.propose("programmes", one.programme, proposed)
    facts = _facts(case, one, {**computed, "mode": row["mode"]})
    case.ledger.propose("programmes", one.programme, {key: _text(case, key, facts) for key in _TEXTS})
    case.ledger.show("programmes", one.programme, computed)


def _text(case: Case, key: str, facts: Mapping[str, str]) -> str:
    """Put together the sentences of a text cell whose facts are all known."""
    sentences: tuple[str, ...] = getattr(case.catalog.programme, key)
    return "\n".join(one.format_map(facts) for one in sentences if all(facts.get(name) for name in _names(one)))


@cache
def _names(sentence: str) -> tuple[str, ...]:
    """Return the facts that a sentence quotes."""
    return tuple(name for _, name, _, _ in Formatter().parse(sentence) if name)


def _facts(case: Case, one: _Subject, cells: Mapping[str, str]) -> dict[str, str]:
    """Return what the sentences of a programme may quote (``catalog.PROGRAMME_FACTS``)."""
    rated = sorted(_difficulties(case, one).items(), key=lambda item: -item[1])
    titles = {area.key: area.title for area in case.catalog.activities.areas}
    mentor = one.pairs[0].mentor.role
    middle = one.start + (one.end - one.start) / 2 if one.start and one.end else None
    days = {"start": one.start, "end": one.end, "middle": middle}
    spoken = ("request", "strong_sides", "expectations", "hours", "convenient")
    return {
        **{key: _of_mentees(one, key) for key in spoken},
        **{key: say.day(day) if day else "" for key, day in days.items()},
        **{key: cells[key] for key in ("kinds", "form", "mode")},
        "areas": SEPARATOR.join(say.midway(titles[key]) for key, _ in rated),
        "difficulties": SEPARATOR.join(say.rated(titles[key], level) for key, level in rated),
        "competencies": _quoted(mentor["competencies"]) if mentor else "",
    }


def _of_mentees(one: _Subject, column: str) -> str:
    """Return what the mentees of a programme wrote, each named when it is a group."""
    said = [(pair.mentee.short, _said(pair.mentee.role, column)) for pair in one.pairs if pair.mentee.role]
    if len(one.pairs) == 1:
        return said[0][1] if said else ""
    return SEPARATOR.join(say.of_mentee(who, text) for who, text in said if text)


def _said(role: Row, column: str) -> str:
    """Return an answer as a programme says it; a number has a decimal comma."""
    return role[column].replace(".", ",") if column == "hours" else _quoted(role[column])


def _quoted(text: str) -> str:
    """Return a person's words as a part of a sentence: one line, without the stop at its end."""
    return " ".join(text.split()).rstrip(" .;,")


def _difficulties(case: Case, one: _Subject) -> dict[str, int]:
    """Return the difficult fields and how difficult they are; in a group the greatest counts."""
    roles = [pair.mentee.role for pair in one.pairs if pair.mentee.role]
    keys = [area.key for area in case.catalog.activities.areas]
    levels = {key: max((_level(role[f"difficulty_{key}"]) for role in roles), default=0) for key in keys}
    return {key: level for key, level in levels.items() if level > 0}


def _level(text: str) -> int:
    try:
        return int(float(text))
    except ValueError:
        return 0


# --- the plan -------------------------------------------------------------------------------------------------------


def _lay_plan(case: Case, one: _Subject) -> None:
    for item in plan.choose(case.catalog.activities, _difficulties(case, one), one.start, one.end):
        activity = item.activity
        cells = {
            "programme": one.programme,
            "area": item.area,
            "activity": activity.activity,
            "form": activity.form,
            "due": item.due.isoformat() if item.due else "",
            "responsible": activity.responsible,
            "result": activity.result,
        }
        case.ledger.propose_by("plan", f"{one.programme}:{activity.key}", cells)


def _carry_plan_over(case: Case, one: _Subject) -> None:
    """Lay in a new edition what the plan of the one before holds, with its marks; dropped activities stay behind."""
    texts = ("area", "activity", "form", "due", "responsible", "result")
    for item in case.ledger.rows("plan"):
        if item["programme"] == one.before and item["mark"] != Item.DROPPED:
            cells = {"programme": one.programme, **{key: item[key] for key in (*texts, "mark", "done")}}
            case.ledger.propose_by("plan", f"{one.programme}:{item.code}", cells)


def _add_activities(case: Case, one: _Subject, news: News) -> None:
    """Lay in a new edition the activities that the applications behind its order propose."""
    for petition in news.added.get(one.change.code, ()) if one.change else ():
        cells = {
            **{key: petition.row[key] for key in ("activity", "due")},
            "programme": one.programme,
            "area": say.added_area(),
            "form": say.added_form(),
            "responsible": case.catalog.activities.always[0].responsible,
            "result": say.added_result(),
        }
        case.ledger.propose_by("plan", f"{one.programme}:{petition.row.code}", cells)


def _mark_done(case: Case, one: _Subject, news: News) -> None:
    """Mark the activities that a mentor reported as done; what the curator wrote in the cells counts (10.1)."""
    for code, day in news.done.get(one.code, {}).items():
        if case.ledger.has("plan", code) and case.ledger.row("plan", code)["programme"] == one.programme:
            case.ledger.propose("plan", code, {"mark": Item.DONE, "done": day.isoformat()})


def _items(case: Case) -> dict[str, list[Row]]:
    """Return the planned activities of each programme."""
    found: dict[str, list[Row]] = {}
    for row in case.ledger.rows("plan"):
        found.setdefault(row["programme"], []).append(row)
    return found


def _is_done(case: Case, items: Sequence[Row]) -> bool:
    now = [plan.state(item, True, case.today) for item in items]
    return bool(now) and all(state in {Item.DONE, Item.DROPPED} for state in now)


# --- computed cells -------------------------------------------------------------------------------------------------


def _show(case: Case, one: _Subject, items: Sequence[Row]) -> None:
    for item in items:
        left = one.replaced_by and not item["mark"]
        now = Item.DROPPED if left else plan.state(item, one.state in _RUNNING, case.today)
        case.ledger.show("plan", item.code, {"state": now})
    if one.replaced_by:
        missing = [say.programme_replaced(one.replaced_by)]
    else:
        missing = _changed(case, one, items) if one.approved else _missing(case, one)
    cells = {"state": one.state, "missing": "; ".join(missing), "before": one.before, "progress": _progress(items)}
    case.ledger.show("programmes", one.programme, cells)


def _progress(items: Sequence[Row]) -> str:
    """Say how far the plan is carried out."""
    marked = [item for item in items if item["mark"] or item["done"]]
    if not marked:
        return Progress.NOTHING
    return Progress.ALL if len(marked) == len(items) else Progress.SOME


def _missing(case: Case, one: _Subject) -> list[str]:
    row = case.ledger.row("programmes", one.programme)
    return [say.empty_cell(case.title("programmes", key)) for key in ("start", "end", "mode", *_TEXTS) if not row[key]]


def _changed(case: Case, one: _Subject, items: Sequence[Row]) -> list[str]:
    """Say what no longer agrees with an approved programme (regulation 10.2)."""
    frozen_rows = case.ledger.frozen
    added = [item.code for item in items if one.programme in frozen_rows and item.code not in frozen_rows]
    named = case.ledger.row("programmes", one.programme)["mentee_names"]
    names = [pair.mentee.full for pair in (*one.pairs, *one.more)]
    joined = [name for name in names if name and name not in named]
    return [
        *([say.added_after_approval(added)] if added else []),
        *([say.joined_after_approval(joined)] if joined else []),
    ]


def _show_left(case: Case, live: set[str], items: Mapping[str, Sequence[Row]]) -> None:
    """Mark what is left of programmes whose pair stands in no order: rows that the curator touched."""
    for row in case.ledger.rows("programmes"):
        if row.code not in live:
            state = Programme.STOPPED if row.code in case.ledger.frozen else ""
            case.ledger.show("programmes", row.code, {"state": state, "missing": say.programme_left()})
    for rows in items.values():
        for row in rows:
            case.ledger.show("plan", row.code, {"state": Item.DROPPED})
