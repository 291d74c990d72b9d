"""What applications are about and whose agreement they still want (regulation 7.1, 8.1, 10.1, 10.2).

A person names the pair by code, by the other side's surname, or not at all while there is only one; what is unclear is
a question. What was found once is kept in the row, so that a later pair of the same people changes nothing about it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline import fields
from pipeline.casework import filing, started
from pipeline.casework.case import Case, Change
from pipeline.casework.orders import Orders
from pipeline.casework.people import People, full_name, short_name
from pipeline.casework.roles import Banks
from pipeline.catalog import ApplicationKind
from pipeline.model import Question, Row
from pipeline.subjects import codes_in, pairs_in
from pipeline.wording import answers
from pipeline.wording import applications as say
from pipeline.wording import casework as words
from pipeline.wording.applications import Application
from pipeline.wording.casework import Decided


@dataclass(frozen=True)
class Agreed:
    """Somebody who agreed to an application: by which paper, on which side of the pair, when."""

    word: str
    person: str
    side: str
    day: date | None


@dataclass(frozen=True)
class Petition:
    """An application: its row, kind, applicant and their side, the pairs it is about, and what it still wants.

    ``lacks`` is what the row itself lacks, ``waits`` whose agreement is awaited or refused, each with whose move it is;
    ``agreed`` who agreed.
    """

    row: Row
    kind: ApplicationKind
    person: str
    side: str = ""
    pairs: tuple[Row, ...] = ()
    lacks: tuple[str, ...] = ()
    waits: tuple[tuple[str, str], ...] = ()
    agreed: tuple[Agreed, ...] = ()

    @property
    def refused(self) -> bool:
        """Tell whether the curator refused it."""
        return self.row["decision"] == Application.REFUSE

    @property
    def granted(self) -> bool:
        """Tell whether she granted it and nothing is wanting."""
        return self.row["decision"] == Application.GRANT and not (self.lacks or self.waits)


@dataclass(frozen=True)
class Asked:
    """All applications as they stand, and what is to be taken as edits of hers."""

    petitions: tuple[Petition, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Ground:
    """The pairs that applications may be about: in an order, each with its two people.

    ``signed`` are those in a signed order, ``over`` those that have ended.
    """

    case: Case
    people: People
    pairs: Sequence[Row]
    sides: Mapping[str, Mapping[str, str]]
    signed: Collection[str]
    over: Collection[str]

    def of(self, person: str, by: Iterable[str]) -> list[Row]:
        """Return the pairs in which a person stands on one of the sides ``by``."""
        return [pair for pair in self.pairs if any(self.sides[pair.code][side] == person for side in by)]

    def side(self, person: str, pairs: Sequence[Row]) -> str:
        """Return the side on which a person stands in pairs, ``""`` when in none."""
        return next((key for pair in pairs for key, who in self.sides[pair.code].items() if who == person), "")

    def name(self, one: Petition, pair: Row) -> str:
        """Return what an application about a pair names: the pair, or the whole group.

        A mentor speaks of the group unless a mentee is named, or the application is about one.
        """
        of_mentor = self.sides[pair.code]["mentor"] == one.person and not one.row["about"]
        whole = one.kind.whole or (of_mentor and not one.kind.single)
        return pair["group"] if whole and pair["group"] else pair.code

    def who(self, person: str) -> str:
        """Return «Орлова А. С.»."""
        return short_name(self.case.ledger.row("people", person))


def ground(case: Case, people: People, banks: Banks, orders: Orders) -> Ground:
    """Return the pairs that stand in an order, with their people."""
    signed = orders.in_force()
    held = {*signed, *(pair for pair, order in case.facts.published_orders.items() if order)}
    pairs = [row for row in case.ledger.rows("pairs") if row.code in held]
    over = {*orders.over, *(pair.code for pair in pairs if pair["decision"] in {Decided.FINISH, Decided.STOP})}
    sides: dict[str, dict[str, str]] = {}
    for pair in pairs:
        members = {"mentor": banks.member("mentors", pair["mentor"]), "mentee": banks.member("mentees", pair["mentee"])}
        sides[pair.code] = {key: one.person.code if one.person else "" for key, one in members.items()}
    return Ground(case, people, pairs, sides, signed, over)


def read(ground: Ground) -> Asked:
    """Read every application; ask which pair is meant where that is not clear."""
    case = ground.case
    kinds = case.catalog.application_kinds
    rows = [row for row in case.ledger.rows(filing.SHEET) if row["kind"] in kinds]
    found = [_read_one(ground, row, kinds[row["kind"]]) for row in rows]
    petitions = [one for one, _ in found]
    given, more = _agreements(ground, petitions)
    whole = tuple(_waiting(ground, one, petitions, given) for one in petitions)
    changes = [change for _, change in found if change]
    return Asked(tuple(replace(one, lacks=(*one.lacks, *more.get(one.row.code, ()))) for one in whole),
                 (*changes, *given.changes))  # fmt: skip


# --- what it is about -----------------------------------------------------------------------------------------------


def _read_one(ground: Ground, row: Row, kind: ApplicationKind) -> tuple[Petition, Change | None]:
    case, person = ground.case, ground.people.resolve(row["person"])
    one = Petition(row, kind, person)
    title = case.title(filing.SHEET, "person")
    lacks = [] if case.ledger.has("people", person) else [words.empty_cell(title)]
    if row.code in case.ledger.frozen or lacks or kind.agrees or not kind.by:
        pairs = pairs_in(codes_in(row["about"]), ground.pairs, started.programmes_of(case)) if kind.by else []
        return replace(one, lacks=tuple(lacks), pairs=tuple(pairs), side=ground.side(person, pairs)), None
    pairs, wrong, change = _subject(ground, one)
    named, unknown = _other(ground, one)
    one = replace(one, pairs=tuple(pairs), side=ground.side(person, pairs), lacks=(*wrong, *unknown))
    return one, change or named


def _subject(ground: Ground, one: Petition) -> tuple[list[Row], list[str], Change | None]:
    """Find the pairs an application is about; return them, what is wrong, and the edit that keeps what was found."""
    case, row = ground.case, one.row
    mine = ground.of(one.person, one.kind.by)
    codes = codes_in(row["about"])
    if codes:
        pairs = pairs_in(codes, mine, started.programmes_of(case))
        names = [ground.name(one, pair) for pair in pairs] if one.kind.whole else codes
        wrong = [] if pairs else [say.not_own_pair(case.title(filing.SHEET, "about"), codes)]
        return (pairs_in(names, ground.pairs, started.programmes_of(case)) if pairs else []), wrong, None
    live = [pair for pair in mine if pair.code not in ground.over]
    names = list(dict.fromkeys(ground.name(one, pair) for pair in _said(ground, one, live)))
    if not names:
        return [], [say.no_pair(one.kind.by)], None
    name = names[0] if len(names) == 1 else _which(ground, one, names)
    change = Change(filing.SHEET, row.code, "about", name) if name else None
    return pairs_in([name], ground.pairs) if name else [], [], change


def _said(ground: Ground, one: Petition, pairs: Sequence[Row]) -> list[Row]:
    """Return the pairs whose other side the application names by surname; all of them when it names nobody."""
    said = fields.fold(one.row["about"])
    if not said:
        return list(pairs)
    return [pair for pair in pairs if any(_is_named(ground, who, said) for who in _others(ground, one.person, pair))]


def _others(ground: Ground, person: str, pair: Row) -> list[str]:
    return [who for who in ground.sides[pair.code].values() if who != person]


def _is_named(ground: Ground, person: str, said: str) -> bool:
    surname = fields.fold(ground.case.ledger.row("people", person)["surname"])
    return bool(surname) and surname in said.replace(",", " ").split()


def _which(ground: Ground, one: Petition, names: Sequence[str]) -> str:
    text = say.which_pair(one.row.code, ground.who(one.person), one.row["kind"], names)
    key = f"about:{one.row.code}:{','.join(names)}"
    return ground.case.settle(Question(key, text, filing.SHEET, one.row.code, "about", tuple(names)))


def _other(ground: Ground, one: Petition) -> tuple[Change | None, list[str]]:
    """Find the person whom an application names in words; return the edit that keeps them, and what is wrong."""
    case, text = ground.case, one.row["other"]
    title = case.title(filing.SHEET, "other")
    if not text:
        return None, [words.empty_cell(title)] if one.kind.agree == "other" else []
    if case.ledger.has("people", fields.read_code(text)):
        return None, []
    rows = [row for row in case.ledger.rows("people") if row.code not in ground.people.kept]
    named = [
        row.code for row in rows if fields.fold(text) in {fields.fold(full_name(row)), fields.fold(short_name(row))}
    ]
    if len(named) != 1:
        return None, [say.unknown_person(title, text)]
    return Change(filing.SHEET, one.row.code, "other", named[0]), []


# --- who agrees -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Given:
    """The agreements received: (application, person) → the row that agrees or refuses."""

    rows: Mapping[tuple[str, str], Row]
    changes: tuple[Change, ...]


def _wanted(ground: Ground, one: Petition) -> list[str]:
    """Return the people whose agreement an application wants."""
    if one.kind.agree == "other":
        code = fields.read_code(one.row["other"])
        return [code] if ground.case.ledger.has("people", code) else []
    sides = {"participants": ("mentor", "mentee"), "mentees": ("mentee",)}.get(one.kind.agree, ())
    people = (ground.sides[pair.code][side] for pair in one.pairs for side in sides)
    return [person for person in dict.fromkeys(people) if person and person != one.person]


def _agreements(ground: Ground, petitions: Sequence[Petition]) -> tuple[_Given, dict[str, list[str]]]:
    """Find which application each agreement belongs to; return them, and what is wrong with the others."""
    wanted = {one.row.code: _wanted(ground, one) for one in petitions}
    rows: dict[tuple[str, str], Row] = {}
    changes: list[Change] = []
    lacks: dict[str, list[str]] = {}
    for one in petitions:
        if not one.kind.agrees or one.lacks:
            continue
        codes = [code for code in codes_in(one.row["about"]) if code in wanted]
        if not codes:
            codes = _meant(ground, one, petitions, wanted)
            changes.extend(Change(filing.SHEET, one.row.code, "about", code) for code in codes)
        if not codes:
            lacks[one.row.code] = [say.nothing_to_agree(ground.who(one.person))]
        rows.update({(code, one.person): one.row for code in codes})
    return _Given(rows, tuple(changes)), lacks


def _meant(
    ground: Ground, one: Petition, petitions: Sequence[Petition], wanted: Mapping[str, Sequence[str]]
) -> list[str]:
    """Return the undecided application that somebody's agreement means; ask when there are several."""
    said = fields.fold(one.row["about"])
    waiting = [other for other in petitions if one.person in wanted[other.row.code] and not other.row["decision"]]
    named = [other for other in waiting if not said or _is_named(ground, other.person, said)]
    codes = [other.row.code for other in named]
    if len(codes) > 1:
        text = say.which_application(one.row.code, ground.who(one.person), codes)
        question = Question(f"agrees:{one.row.code}", text, filing.SHEET, one.row.code, "about", tuple(codes))
        chosen = ground.case.settle(question)
        return [chosen] if chosen else []
    return codes


def _waiting(ground: Ground, one: Petition, petitions: Sequence[Petition], given: _Given) -> Petition:
    """Return an application with the agreements it has and those it waits for."""
    if one.row["agreed"] == answers.YES:
        return replace(one, agreed=(Agreed(say.agreed_on_paper(), "", "", None),))
    waits: list[tuple[str, str]] = []
    agreed: list[Agreed] = []
    for person in _wanted(ground, one):
        side = ground.side(person, one.pairs)
        paper = given.rows.get((one.row.code, person)) or _same(one, person, petitions)
        if paper is None:
            waits.append((say.waits_for(ground.who(person)), _TURNS[side]))
        elif paper["answer"] == words.REFUSED:
            waits.append((say.disagrees(ground.who(person)), words.Turn.CURATOR))
        else:
            word = say.AGREEMENT if paper["answer"] else one.kind.word
            agreed.append(Agreed(word, person, side, paper.day("received")))
    return replace(one, waits=tuple(waits), agreed=tuple(agreed))


_TURNS = {"mentor": words.Turn.MENTOR, "mentee": words.Turn.MENTEE, "": say.HELPER_TURN}


def _same(one: Petition, person: str, petitions: Sequence[Petition]) -> Row | None:
    """Return the application of the same kind about the same pairs that the other side handed in."""
    pairs = {pair.code for pair in one.pairs}
    for other in petitions:
        alike = other.row["kind"] == one.row["kind"] and {pair.code for pair in other.pairs} == pairs
        if alike and other.person == person and not (other.refused or other.kind.agrees):
            return other.row
    return None
