"""What must be true whatever she did: nothing she typed is lost or silently changed, no fact of a form is lost.

The oracle knows only what was typed, what was dropped and what LibreOffice shows; nothing of how the program works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.robot.view import Seen, View, plain

Cell = tuple[str, str, str]
"""Sheet key, code, column key."""

Cells = Mapping[str, str]

BY_PERSON = ("mentors", "mentees", "consents")


@dataclass
class Loose:
    """A row she typed without a code: where, its cells, and the column whose text no other row has."""

    sheet: str
    cells: dict[str, str]
    token: str


@dataclass
class Hand:
    """What she did since the last save; lost when she closes without saving."""

    cells: dict[Cell, str | None] = field(default_factory=dict)
    saw: dict[Cell, str] = field(default_factory=dict)
    own: dict[Cell, str] = field(default_factory=dict)
    told: dict[Cell, str] = field(default_factory=dict)
    free: set[Cell] = field(default_factory=set)
    loose: list[Loose] = field(default_factory=list)
    gone: dict[tuple[str, str], Cells] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)


class Oracle:
    """Keeps what was typed and dropped; ``check`` compares it with what stands there when all has come to rest."""

    def __init__(self) -> None:
        self.hand = Hand()
        self.cells: dict[Cell, str | None] = {}
        self.known: dict[Cell, set[str]] = {}
        self.own: dict[Cell, str] = {}
        self.told: dict[Cell, str] = {}
        self.free: set[Cell] = set()
        self.loose: list[Loose] = []
        self.gone: dict[tuple[str, str], Cells] = {}
        self.answered: dict[str, str] = {}
        self.facts: dict[tuple[str, str, str], dict[str, str]] = {}
        self.lost_edits: list[str] = []
        self.lost_facts: list[str] = []
        self.edits = 0
        self.dropped = 0

    # --- what people did ------------------------------------------------------------------------------------------

    def drop(self, mail: str, answers: Mapping[str, str]) -> None:
        """A form of the person with this address was dropped; the person's earlier forms are all in the register."""
        kind = answers.get("consents.kind", "")
        for name, value in answers.items():
            sheet, _, column = name.partition(".")
            if value:
                self.dropped += 1
                self.facts.setdefault((mail, sheet, kind if sheet == "consents" else ""), {})[column] = plain(value)

    def saved(self) -> None:
        """She saved: what her hand did counts from now on."""
        hand, self.hand = self.hand, Hand()
        self.edits += len(hand.cells) + len(hand.told) + sum(len(row.cells) for row in hand.loose)
        self.cells.update(hand.cells)
        for cell, value in hand.saw.items():
            self.known.setdefault(cell, set()).add(value)
        self.own.update(hand.own)
        self.told.update(hand.told)
        self.free = (self.free - hand.cells.keys()) | hand.free
        self.cells = {cell: value for cell, value in self.cells.items() if cell not in hand.free}
        self.loose.extend(hand.loose)
        self.gone |= hand.gone
        self.own = {cell: value for cell, value in self.own.items() if cell[:2] not in hand.gone}
        self.answered.update(hand.answered)

    def forget(self) -> None:
        """She closed without saving: what her hand did since the last save never was."""
        self.hand = Hand()

    # --- what must be true ----------------------------------------------------------------------------------------

    def check(self, view: View) -> None:
        """Compare everything; what is found lost is listed and expected no longer."""
        texts = [row.cells.get("text", "") for row in view["questions"].rows]
        self._find_loose(view, texts)
        self._forget_gone(view)
        self._check_edits(view, texts)
        self._check_own(view)
        self._check_facts(view, texts)
        self._check_answers(view)

    def recognise(self, view: View) -> None:
        """Rows she typed without a code, and that show theirs by now, are rows like any other."""
        for one in list(self.loose):
            rows = _with_token(view, one)
            found = rows[0].code if len(rows) == 1 else ""
            if found and [row.code for row in view[one.sheet].rows].count(found) == 1:
                cells = {(one.sheet, found, key): value for key, value in one.cells.items()}
                self.cells = {**cells, **self.cells}
                self.loose.remove(one)

    def _find_loose(self, view: View, texts: list[str]) -> None:
        self.recognise(view)
        for one in self.loose:
            rows = [row.code for row in _with_token(view, one)]
            if rows or not any(one.cells[one.token] in text for text in texts):
                self.lost_edits.append(f"a row typed: {one} stands {len(rows)} times: {rows}")
        self.loose.clear()

    def _forget_gone(self, view: View) -> None:
        """What she saw in a row that she deleted, and that is no more, was hers to delete."""
        away = {key: cells for key, cells in self.gone.items() if view[key[0]].row(key[1]) is None}
        self.cells = {cell: value for cell, value in self.cells.items() if cell[:2] not in away}
        self.told = {cell: value for cell, value in self.told.items() if cell[:2] not in away}
        for (sheet, _), seen in away.items():
            for key in self.facts:
                if key[1] == sheet and (self.mail_of(view, seen), seen.get("kind", "")) == (key[0], key[2]):
                    self.facts[key] = {one: value for one, value in self.facts[key].items() if seen.get(one) != value}

    @staticmethod
    def mail_of(view: View, seen: Cells) -> str:
        """Return the address of the person whose row of a bank or consent this was."""
        person = view["people"].row(seen.get("person", ""))
        return person.cells.get("email", "") if person else ""

    def _check_edits(self, view: View, texts: list[str]) -> None:
        for cell, value in list(self.cells.items()):
            sheet, code, column = cell
            row = view[sheet].row(code)
            shown = row.cells.get(column, "") if row else ""
            if value is None:
                if shown and shown in self.known.get(cell, ()) and shown.startswith("Правка"):
                    self._lose(cell, f"blanked, but shows {shown}")
            elif shown != value and not _is_told(texts, code, value):
                self._lose(cell, f"typed {value!r}, shows {shown!r}{'' if row else ' (no row)'}")
        for cell, value in self.told.items():
            if not _is_told(texts, cell[1], value):
                self.lost_edits.append(f"{cell}: no question tells of {value!r}")
        self.told.clear()

    def _lose(self, cell: Cell, what: str) -> None:
        self.lost_edits.append(f"{cell}: {what}")
        del self.cells[cell]

    def _check_own(self, view: View) -> None:
        for (sheet, code, heading), value in list(self.own.items()):
            row = view[sheet].row(code)
            shown = row.own.get(heading, "") if row else ""
            if shown != value:
                self.lost_edits.append(f"{sheet} {code} own column {heading!r}: typed {value!r}, shows {shown!r}")
                del self.own[sheet, code, heading]

    def _check_facts(self, view: View, texts: list[str]) -> None:
        for (mail, sheet, kind), cells in self.facts.items():
            row = row_of(view, mail, sheet, kind)
            for column, value in list(cells.items()):
                shown = row.cells.get(column, "") if row else ""
                if shown == value or (row and self._is_overlaid((sheet, row.code, column), value, texts)):
                    continue
                where = f"{sheet} {row.code if row else '?'} {column}"
                self.lost_facts.append(f"{mail} {where}: the form says {value!r}, shown is {shown!r}")
                del cells[column]

    def _is_overlaid(self, cell: Cell, value: str, texts: list[str]) -> bool:
        """Tell whether she wrote over a fact that she saw, or that a question told her of."""
        if cell in self.free:
            return True
        hers = self.cells.get(cell)
        return hers is not None and (value in self.known.get(cell, ()) or _is_told(texts, cell[1], value))

    def _check_answers(self, view: View) -> None:
        for code, answer in self.answered.items():
            row = view["questions"].row(code)
            if row is None or row.cells.get("state") != "Решён":
                self.lost_edits.append(f"question {code} was answered {answer!r} and is still open: {row}")
        self.answered.clear()


def row_of(view: View, mail: str, sheet: str, kind: str = "") -> Seen | None:
    """Return the row that the forms of the person with an address fill."""
    person = next((row for row in view["people"].rows if row.cells.get("email") == mail), None)
    if sheet not in BY_PERSON or person is None:
        return person
    for row in view[sheet].rows:
        if row.cells.get("person") == person.code and (not kind or row.cells.get("kind") == kind):
            return row
    return None


def _is_told(texts: list[str], code: str, value: str) -> bool:
    return any(code in text and f"«{value[:100]}" in text for text in texts)


def _with_token(view: View, one: Loose) -> list[Seen]:
    return [row for row in view[one.sheet].rows if row.cells.get(one.token) == one.cells[one.token]]
