"""Pairs and groups as the curator proposes them, and everything that each still lacks for an order.

Regulation: section 3 (3 to 12 months), 5.3–5.4 (forms and kinds, a group has one mentor and two mentees or more),
6.2 and 6.3.5 (consents before the order), 9 (how pairs come about). A lack names what is missing and of whom.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline import fields
from pipeline.casework.case import Case, Change
from pipeline.casework.consents import Consents
from pipeline.casework.roles import Banks, Member
from pipeline.model import Question, Row, natural
from pipeline.wording import casework as say
from pipeline.wording.casework import Consent, Decided, Turn

_GROUP = re.compile(r"[А-ЯЁ]{1,3}-\d+")


@dataclass(frozen=True)
class Lack:
    """Something a pair lacks: the phrase, whose move it is, and the consent's state when it is a consent."""

    text: str
    turn: str = Turn.CURATOR
    consent: str = ""


@dataclass(frozen=True)
class Pair:
    """A row of sheet «Пары», its two sides, the school year it belongs to, and what it lacks.

    ``ending`` names the consents that run out before the pair's term does.
    """

    row: Row
    mentor: Member
    mentee: Member
    year: str
    lacks: tuple[Lack, ...] = ()
    ending: tuple[Lack, ...] = ()

    @property
    def code(self) -> str:
        """Return the pair's code."""
        return self.row.code

    @property
    def people(self) -> tuple[str, str]:
        """Return the codes of the two people, ``""`` for a side that is not known."""
        mentor, mentee = self.mentor.person, self.mentee.person
        return (mentor.code if mentor else "", mentee.code if mentee else "")

    @property
    def approved(self) -> bool:
        """Tell whether the curator approved it."""
        return self.row["decision"] == Decided.APPROVE

    def lacking(self, *more: Lack) -> Pair:
        """Return the same pair with more lacks."""
        return replace(self, lacks=(*self.lacks, *more))


def read(case: Case, banks: Banks, consents: Consents) -> list[Pair]:
    """Read every pair and find what it lacks by itself; ask about short terms that may be meant."""
    return [_read_one(case, banks, consents, row) for row in case.ledger.rows("pairs")]


def respell(case: Case) -> list[Change]:
    """Return the edits that spell every group code in one way, so that «г - 0001» is the group «Г-0001».

    What is no such code stays as she wrote it.
    """
    rows = [row for row in case.ledger.rows("pairs") if row["group"] and row.code not in case.ledger.frozen]
    spelt = {row.code: "".join(row["group"].upper().split()) for row in rows}
    return [
        Change("pairs", row.code, "group", spelt[row.code])
        for row in rows
        if spelt[row.code] != row["group"] and _GROUP.fullmatch(spelt[row.code])
    ]


def _read_one(case: Case, banks: Banks, consents: Consents, row: Row) -> Pair:
    mentor, mentee = banks.member("mentors", row["mentor"]), banks.member("mentees", row["mentee"])
    roles = [member.role for member in (mentee, mentor) if member.role]
    year = next((role["year"] for role in roles if role["year"]), "")
    pair = Pair(row, mentor, mentee, year)
    pair = replace(pair, ending=tuple(_ending(case, consents, pair)))
    return pair.lacking(
        *_sides(case, pair), *_cells(case, row), *_term(case, row), *_kind(case, row), *_agreed(case, consents, pair)
    )


# --- the two sides --------------------------------------------------------------------------------------------------


def _sides(case: Case, pair: Pair) -> list[Lack]:
    texts: list[str] = []
    for column, member in (("mentor", pair.mentor), ("mentee", pair.mentee)):
        texts.extend(_side(case, pair.row, column, member))
    mentor, mentee = pair.people
    if mentor and mentor == mentee:
        texts.append(say.same_on_both_sides())
    years = [member.role["year"] for member in (pair.mentor, pair.mentee) if member.role]
    if len(years) == 2 and all(years) and years[0] != years[1]:
        texts.append(say.years_differ(*years))
    return [Lack(text) for text in texts]


def _side(case: Case, row: Row, column: str, member: Member) -> list[str]:
    """Find what is wrong with one side: not chosen, not known, left out, not named well enough for an order."""
    title = case.title("pairs", column)
    if not row[column]:
        return [say.nobody_chosen(title)]
    if not member.role:
        bank = case.catalog.layout.sheet("pairs").column(column).ref
        return [say.unknown_reference(title, row[column], case.catalog.layout.sheet(bank).title)]
    if not member.person:
        return [say.fill(case.cell(member.role.sheet, "person", member.role.code))]
    wanted = [key for key in ("surname", "name", "post") if not member.person[key]]
    texts = [say.fill(case.cell("people", key, member.person.code)) for key in wanted]
    return [*texts, *([say.left_out(title, member.short)] if member.left_out else [])]


def _cells(case: Case, row: Row) -> list[Lack]:
    """Find cells of the row itself that the order and the programme quote, and that are empty or cannot be read."""
    texts = [say.empty_cell(case.title("pairs", key)) for key in ("kinds", "form", "start", "end") if not row[key]]
    garbled = [key for key in ("kinds", "form", "mode", "start", "end") if not _is_readable(case, row, key)]
    return [Lack(text) for text in (*texts, *(say.unreadable_cell(case.title("pairs", key)) for key in garbled))]


def _is_readable(case: Case, row: Row, key: str) -> bool:
    layout = case.catalog.layout
    column = layout.sheet("pairs").column(key)
    try:
        fields.read(column.kind, row[key], layout.lists.get(column.list, ()))
    except fields.Unreadable:
        return False
    return True


# --- term and kind --------------------------------------------------------------------------------------------------


def later(day: date, months: int) -> date:
    """Return the same day so many months later, the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _term(case: Case, row: Row) -> list[Lack]:
    """Check the term against the regulation (section 3); a kind that is one meeting makes a short one a question."""
    start, end = row.day("start"), row.day("end")
    if not start or not end:
        return []
    if end < start:
        return [Lack(say.ends_before_start())]
    policy = case.catalog.policy
    if end > later(start, policy.programme_months_most):
        return [Lack(say.too_long(policy.programme_months_most))]
    if (later(start, policy.programme_months_least) - end).days <= 1:
        return []
    meetings = [kind for kind in row.choices("kinds") if kind in policy.one_meeting_kinds]
    if not meetings:
        return [Lack(say.too_short(policy.programme_months_least))]
    if row["decision"] in {"", Decided.APPROVE}:
        text = say.one_meeting(row.code, say.listed(meetings), policy.programme_months_least)
        case.settle(Question(f"short:{row.code}:{start}:{end}", text, "pairs", row.code, "end", (say.KEEP,)))
    return []


def _kind(case: Case, row: Row) -> list[Lack]:
    """A group code and the group kind go together (regulation 5.4)."""
    group_kind = case.catalog.policy.group_kind
    if not group_kind or not row["kinds"]:
        return []
    is_group = group_kind in row.choices("kinds")
    if is_group and not row["group"]:
        return [Lack(say.group_without_code(group_kind))]
    return [Lack(say.code_without_group(group_kind))] if row["group"] and not is_group else []


# --- consents -------------------------------------------------------------------------------------------------------


def demanded(case: Case, pair: Pair) -> Iterator[tuple[Member, str, str]]:
    """Yield the consents that policy demands of each side that is known: whose, which kind, whose move it is."""
    demands = case.catalog.policy.order_demands
    sides = ((pair.mentor, demands.mentor, Turn.MENTOR), (pair.mentee, demands.mentee, Turn.MENTEE))
    yield from ((member, kind, turn) for member, kinds, turn in sides if member.person for kind in kinds)


def _agreed(case: Case, consents: Consents, pair: Pair) -> list[Lack]:
    """Find the consents that policy demands of each side and that do not stand (regulation 6.2, 6.3.5)."""
    lacks: list[Lack] = []
    for member, kind, turn in demanded(case, pair):
        assert member.person
        standing = consents.standing(member.person.code, kind, pair.year)
        if not standing.holds:
            whose = Turn.CURATOR if standing.state == Consent.SCANNED else turn
            text = say.consent_lacks(kind, member.short, standing.state, standing.code)
            lacks.append(Lack(text, whose, standing.state))
    return lacks


def _ending(case: Case, consents: Consents, pair: Pair) -> Iterator[Lack]:
    """Yield a word about every consent that is about to run out before the pair's term does."""
    end = pair.row.day("end")
    for member, kind, turn in demanded(case, pair):
        assert member.person
        standing = consents.standing(member.person.code, kind, pair.year)
        if standing.state == Consent.ENDS_SOON and standing.until and end and standing.until < end:
            yield Lack(say.consent_ends(kind, member.short, standing.until, standing.code), turn, standing.state)


# --- pairs beside each other ----------------------------------------------------------------------------------------


def together(pairs: Sequence[Pair], over: Iterable[str], states: Mapping[str, str]) -> list[Pair]:
    """Find what pairs lack beside each other: one mentor and one year a group, no two people twice.

    ``over`` are the pairs that have ended; ``states`` the state of those that an order holds. Only pairs that no order
    holds yet can lack anything here.
    """
    ended = set(over)
    current = [pair for pair in pairs if pair.code not in ended and _wanted(pair, states)]
    groups, ever = by_group(current), by_group(pair for pair in pairs if pair.code in ended or _wanted(pair, states))
    firsts: dict[tuple[str, str], Pair] = {}
    for pair in sorted(current, key=lambda pair: (pair.code not in states, natural(pair.code))):
        firsts.setdefault(pair.people, pair)
    checked: list[Pair] = []
    for pair in pairs:
        group, lacks = pair.row["group"], []
        first = firsts.get(pair.people, pair)
        if pair.code not in states and _wanted(pair, states):
            lacks = _in_group(group, groups.get(group, []), ever.get(group, []))
            if first is not pair and all(pair.people):
                lacks.append(Lack(say.pair_twice(first.code, states.get(first.code, ""))))
        checked.append(pair.lacking(*lacks))
    return checked


def by_group(pairs: Iterable[Pair]) -> dict[str, list[Pair]]:
    """Return the pairs of each group code."""
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.row["group"]:
            groups.setdefault(pair.row["group"], []).append(pair)
    return groups


def _wanted(pair: Pair, states: Mapping[str, str]) -> bool:
    """Tell whether a pair is still meant to work: an order holds it, or it is neither declined nor postponed."""
    return pair.code in states or pair.row["decision"] in {"", Decided.APPROVE}


def _in_group(group: str, current: Sequence[Pair], ever: Sequence[Pair]) -> list[Lack]:
    lacks: list[Lack] = []
    if len({other.people[0] for other in current if other.people[0]}) > 1:
        lacks.append(Lack(say.group_mentors(group)))
    if len({other.year for other in ever if other.year}) > 1:
        lacks.append(Lack(say.group_years(group)))
    return lacks


def ready(pairs: Sequence[Pair], held: Iterable[str]) -> tuple[list[Pair], set[str]]:
    """Find the pairs that may go into an order; ``held`` are those that an order holds already.

    Only the incomplete pairs of a group wait, unless fewer than two are left (regulation 5.4). Returns the pairs, with
    that lack added, and the codes of the ready ones.
    """
    in_orders = set(held)
    good = {pair.code for pair in pairs if pair.approved and not pair.lacks and pair.code not in in_orders}
    many = {group: sum(one.code in good | in_orders for one in ones) for group, ones in by_group(pairs).items()}
    result: list[Pair] = []
    for pair in pairs:
        group = pair.row["group"]
        small = group and many[group] < 2 and pair.code in good
        result.append(pair.lacking(Lack(say.group_too_small(group, many[group]))) if small else pair)
    return result, {pair.code for pair in result if pair.code in good and not pair.lacks}


def ask_capacity(case: Case, pairs: Iterable[Pair]) -> None:
    """Ask about mentors who have more mentees than their questionnaire agrees to; ``pairs`` are those that count."""
    loads: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.mentor.role:
            loads.setdefault(pair.mentor.role.code, []).append(pair)
    for code, load in loads.items():
        role = load[0].mentor.role
        capacity = role["capacity"] if role else ""
        many = len({pair.people[1] or pair.code for pair in load})
        if capacity and _number(capacity) < many:
            text = say.over_capacity(code, load[0].mentor.short, many, capacity)
            case.settle(Question(f"capacity:{code}:{many}", text, "mentors", code, "capacity", (say.KEEP,)))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("inf")
