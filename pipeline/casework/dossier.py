"""Everything the register holds about one person: the rows that are theirs, and those of others that name them.

Used to answer a data subject (152-ФЗ art. 14) and to erase one (art. 21). A row is theirs when it refers to them, or to
a row of theirs; a signed order is never theirs, because another law keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline import fields
from pipeline.casework.people import full_name, short_name
from pipeline.catalog import Column, Layout
from pipeline.model import Row, Rows
from pipeline.subjects import codes_in
from pipeline.wording.casework import Order, Pair

_NOT_THEIRS = frozenset({"orders", "questions", "declensions", "roadmap", "events", "erasures"})
_THEIR_WORDS = frozenset({"text", "long"})
_SHORTEST_WORD, _SHORTEST_TEXT = 4, 12
_NAMING = frozenset({"surname", "phone", "email", "number"})
"""Cells of «Люди» that name somebody when nobody else has the same."""


@dataclass(frozen=True)
class Dossier:
    """``rows`` are theirs, the person's own first; ``orders`` are signed and about them, ``running`` pairs that work.

    ``words`` are texts that name the person and nobody else, ``posts`` the posts that nobody else holds.
    """

    code: str
    rows: tuple[Row, ...]
    orders: tuple[Row, ...]
    running: tuple[str, ...]
    words: tuple[str, ...]
    posts: frozenset[str]

    @property
    def people(self) -> frozenset[str]:
        """Return the codes under which the person stands on the sheet «Люди», joined rows among them."""
        return frozenset(row.code for row in self.rows if row.sheet == "people")

    @property
    def codes(self) -> dict[str, str]:
        """Return the code of every row of theirs with its sheet."""
        return {row.code: row.sheet for row in self.rows}


def of(layout: Layout, rows: Rows, code: str) -> Dossier | None:
    """Gather what is held about a person by the code of their row, ``None`` when there is no such row."""
    if code not in rows.get("people", {}):
        return None
    theirs = _theirs(layout, rows, code)
    orders = [row for row in rows.get("orders", {}).values() if _is_about(row, theirs)]
    signed = [row for row in orders if row["state"] == Order.SIGNED]
    theirs |= {row.code: row for row in orders if row["state"] != Order.SIGNED and _is_only_theirs(row, theirs)}
    running = [row.code for row in theirs.values() if row.sheet == "pairs" and _runs(row, rows)]
    words, posts = _words(layout, rows, theirs)
    return Dossier(code, tuple(theirs.values()), tuple(signed), tuple(running), words, posts)


def _theirs(layout: Layout, rows: Rows, code: str) -> dict[str, Row]:
    """Return the rows that refer to the person, or to such rows, by code."""
    people = rows["people"]
    joined = [row for row in people.values() if fields.read_code(row["state"]) == code]
    found = {row.code: row for row in (people[code], *joined)}
    references = {
        sheet.key: [column.key for column in sheet.columns if column.ref]
        for sheet in layout.sheets
        if sheet.key not in _NOT_THEIRS and sheet.key != "people"
    }
    while True:
        more = {
            row.code: row
            for sheet, columns in references.items()
            for row in rows.get(sheet, {}).values()
            if row.code not in found
            and (any(row[column] in found for column in columns) or _is_their_programme(row, rows, found))
        }
        if not more:
            return found
        found |= more


def _is_their_programme(row: Row, rows: Rows, found: Mapping[str, Row]) -> bool:
    """Tell whether a programme is that of a pair of theirs, or of a group of which every pair is theirs."""
    subject = row["subject"]
    if row.sheet != "programmes" or not subject:
        return False
    pairs = [one for one in rows.get("pairs", {}).values() if subject in {one.code, one["group"]}]
    return bool(pairs) and all(one.code in found for one in pairs)


def _is_about(order: Row, theirs: Mapping[str, Row]) -> bool:
    """Tell whether an order names the person, or a row of theirs, or holds a pair of theirs."""
    named = {order["person"], order["substitute"], *codes_in(order["about"]), *codes_in(order["content"])}
    return bool(named & theirs.keys()) or any(
        row.sheet == "pairs" and row["order"] == order.code for row in theirs.values()
    )


def _is_only_theirs(order: Row, theirs: Mapping[str, Row]) -> bool:
    named = [order["person"], order["substitute"], *codes_in(order["about"])]
    return all(code in theirs for code in named if code) and any(named)


def _runs(pair: Row, rows: Rows) -> bool:
    """Tell whether a pair works, or its order is out for signature: then its papers have a ground of their own."""
    order = rows.get("orders", {}).get(pair["order"])
    at_director = pair["state"] == Pair.IN_ORDER and order is not None and order["state"] == Order.TO_SIGN
    return pair["state"] == Pair.IN_FORCE or at_director


# --- words ------------------------------------------------------------------------------------------------------------


def _words(layout: Layout, rows: Rows, theirs: Mapping[str, Row]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the texts that name the person and nobody else, and the posts that nobody else holds."""
    columns = {sheet.key: {column.key: column for column in sheet.columns} for sheet in layout.sheets}
    others = [
        value
        for sheet, found in rows.items()
        for row in found.values()
        if row.code not in theirs and sheet in {"people", "mentors", "mentees", "consents"}
        for key, value in row.cells.items()
        if key in columns[sheet] and columns[sheet][key].owner != "program"
    ]
    people = [row for row in theirs.values() if row.sheet == "people"]
    candidates = {name for row in people for name in (full_name(row), short_name(row)) if " " in name}
    candidates |= {value for row in theirs.values() for value in _texts(columns[row.sheet], row)}
    names_of_others = {
        name for row in rows["people"].values() if row.code not in theirs for name in (full_name(row), short_name(row))
    }
    known = "\n".join((*others, *names_of_others)).casefold()
    words = sorted(word for word in candidates if word.casefold() not in known)
    posts = frozenset(row["post"] for row in people if row["post"] and row["post"].casefold() not in known)
    return tuple(words), posts


def _texts(columns: Mapping[str, Column], row: Row) -> Iterator[str]:
    """Yield what a row of theirs says in words of its own that can name somebody."""
    for key, column in columns.items():
        value = row[key]
        least = _SHORTEST_WORD if row.sheet == "people" and key in _NAMING else _SHORTEST_TEXT
        own = column.owner != "program" and column.kind in _THEIR_WORDS and row.sheet in _OF_PEOPLE
        if own and len(value) >= least and key not in {"post", "department"}:
            yield value


_OF_PEOPLE: Sequence[str] = ("people", "mentors", "mentees", "consents", "applications")
