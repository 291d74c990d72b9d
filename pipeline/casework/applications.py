"""What comes of applications: the orders that granted ones begin, and how each stands (regulation 7.1, 8.1, 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.casework import filing, frozen
from pipeline.casework.case import Case
from pipeline.casework.people import full_name, short_name
from pipeline.casework.petitions import Asked, Ground, Petition
from pipeline.model import Cells, natural
from pipeline.subjects import codes_in
from pipeline.wording import applications as say
from pipeline.wording import casework as words
from pipeline.wording.applications import Application
from pipeline.wording.casework import Order as OrderState
from pipeline.wording.casework import Turn


@dataclass
class Begun:
    """The orders that granted applications begin: their cells by code, and the order of each application."""

    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)


def begin(ground: Ground, asked: Asked) -> Begun:
    """Return the orders that the curator's decisions about applications call for.

    Applications granted for the same thing stand in one order until it is signed. An order of our own kinds begins once
    its pair stands in a signed order; before that the programme is a draft, and is simply mended.
    """
    case, begun = ground.case, Begun()
    together: dict[tuple[str, tuple[str, ...]], list[Petition]] = {}
    for one in asked.petitions:
        if one.granted and one.kind.order and one.row.code not in case.ledger.frozen and _in_force(ground, one):
            together.setdefault((one.kind.order, codes_in(one.row["about"]) or _codes(one)), []).append(one)
    for (kind, about), petitions in together.items():
        code = case.ledger.codes.give("orders", f"application:{petitions[0].row.code}")
        begun.cells[code] = _order(case, kind, about, petitions)
        begun.of.update({one.row.code: code for one in petitions})
    return begun


def _codes(one: Petition) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pair["group"] or pair.code for pair in one.pairs))


def _in_force(ground: Ground, one: Petition) -> bool:
    return bool(one.pairs) and all(pair.code in ground.signed for pair in one.pairs)


def _order(case: Case, kind: str, about: Sequence[str], petitions: Sequence[Petition]) -> dict[str, str]:
    """Return the cells of the order that applications for the same thing begin."""
    cells: dict[str, str] = {}
    for one in petitions:
        cells |= {key: value for key, column in one.kind.gives.items() if (value := _given(case, one, column))}
    texts = [text for one in petitions for text in _texts(one)]
    if any("text" in one.kind.gives for one in petitions) and texts:
        cells["text"] = "\n".join(dict.fromkeys(texts))
    if "reason" in case.catalog.order_kinds[kind].needs:
        cells["reason"] = say.initiative([one.side for one in petitions])
    first = earliest(case, petitions)
    if first:
        cells["since"] = max(cells.get("since", ""), first.isoformat())
    basis = "; ".join(dict.fromkeys(text for one in petitions for text in _basis(case, one)))
    return {**cells, "kind": kind, "about": words.listed(about), "basis": basis}


def _given(case: Case, one: Petition, column: str) -> str:
    if column != "mentee":
        return one.row[column]
    mentees = {case.ledger.row("mentees", pair["mentee"])["person"] for pair in one.pairs}
    return mentees.pop() if len(mentees) == 1 else ""


def _texts(one: Petition) -> list[str]:
    added = say.add_activity(one.row["activity"], one.row.day("due")) if one.row["activity"] else ""
    return [text for text in (one.row["text"], added) if text]


def earliest(case: Case, petitions: Iterable[Petition]) -> date | None:
    """Return the earliest day on which work may end for applications that also warn of it (article 351.8)."""
    days = [day for one in petitions if one.kind.notice and (day := one.row.day("received"))]
    return case.catalog.calendar.after(min(days), case.catalog.policy.agreement.notice_days) if days else None


def _basis(case: Case, one: Petition) -> list[str]:
    who = short_name(case.ledger.row("people", one.person))
    first = say.basis(one.kind.word, one.side, who, one.row.day("received"))
    more = [
        say.basis(by.word, by.side, short_name(case.ledger.row("people", by.person)), by.day) if by.person else by.word
        for by in one.agreed
    ]
    return [first, *more]


def activities(asked: Asked, begun: Begun) -> dict[str, list[Petition]]:
    """Return, for each order of change, the applications that add an activity to the plan."""
    found: dict[str, list[Petition]] = {}
    for one in asked.petitions:
        order = begun.of.get(one.row.code) or one.row["order"]
        if order and one.row["activity"] and one.row["decision"] == Application.GRANT:
            found.setdefault(order, []).append(one)
    return found


# --- showing --------------------------------------------------------------------------------------------------------


def show(ground: Ground, asked: Asked, begun: Begun, unclear: Mapping[str, str], orders: Mapping[str, str]) -> None:
    """Show the computed cells of «Обращения»; ``unclear`` are reports not understood, ``orders`` the orders' states."""
    case = ground.case
    known = {one.row.code: one for one in asked.petitions}
    for row in case.ledger.rows(filing.SHEET):
        person = case.ledger.row("people", ground.people.resolve(row["person"]))
        received = row.day("received")
        cells = {"person_name": full_name(person), "year": case.catalog.policy.year_of(received) if received else ""}
        one = known.get(row.code)
        if one is None:
            cells |= {"state": Application.CLARIFY, "missing": words.order_without_kind(_title(case, "kind"))}
        else:
            cells |= _standing(ground, one, begun.of.get(row.code) or row["order"], orders)
        if row.code in unclear:
            cells |= {"state": Application.CLARIFY, "missing": unclear[row.code], "turn": Turn.CURATOR}
        case.ledger.show(filing.SHEET, row.code, cells)


def _title(case: Case, column: str) -> str:
    return case.title(filing.SHEET, column)


def _standing(ground: Ground, one: Petition, order: str, orders: Mapping[str, str]) -> dict[str, str]:
    """Return state, what is missing, whose move it is, and the order."""
    state, missing, turn = _state(ground, one, orders.get(order, "") if order else "")
    return {"state": state, "missing": missing, "turn": turn, "order": order}


def _state(ground: Ground, one: Petition, order: str) -> tuple[str, str, str]:
    if one.refused:
        return Application.REFUSED, "", Turn.NOBODY
    if one.lacks:
        return Application.CLARIFY, "; ".join(one.lacks), Turn.CURATOR
    if one.kind.reports or one.kind.agrees:
        return Application.TAKEN, "", Turn.NOBODY
    if one.waits:
        turns = list(dict.fromkeys(turn for _, turn in one.waits))
        return Application.WAITS, "; ".join(text for text, _ in one.waits), words.listed(turns)
    if not one.granted:
        return Application.OPEN, say.wants_decision(), Turn.CURATOR
    return _granted(ground, one, order)


def _granted(ground: Ground, one: Petition, order: str) -> tuple[str, str, str]:
    if order == OrderState.SIGNED:
        return Application.DONE, "", Turn.NOBODY
    if order == OrderState.CANCELLED:
        return Application.CANCELLED, "", Turn.CURATOR
    if order:
        return Application.PREPARED, "", Turn.CURATOR
    draft = one.kind.order and not _in_force(ground, one)
    return Application.GRANTED, say.unapproved_programme() if draft else "", Turn.NOBODY


def freeze(case: Case, begun: Begun, signed: Iterable[str]) -> dict[str, Cells]:
    """Return the applications that keep their cells from now on: those carried out by an order in ``signed``."""
    done = set(signed)
    codes = sorted((code for code, order in begun.of.items() if order in done), key=natural)
    return frozen.take(case, filing.SHEET, codes)
