"""What a cycle's rules are given and what they hand back, beside the rows that they lay into the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pipeline import fields
from pipeline.catalog import Catalog
from pipeline.ledger import Ledger
from pipeline.model import Cells, Printed, Question, Scan, Submission
from pipeline.wording import casework as say


@dataclass(frozen=True)
class Facts:
    """What the journal knows beside the curator's edits.

    ``submissions`` are all filled forms in the order of ``seq``. ``closed`` maps an order to the codes of the pairs in
    it, for orders whose membership was closed. ``published_orders`` maps a pair to the order in which the last
    published register showed it. ``seen`` maps (code, column) of an edit to the ``seq`` of the last form taken in
    before that edit was, so that a form which came later is known; without it her edit is held to be newer than
    every form but those that follow the first one for the row. ``removed`` maps the rows she removed to the ``seq`` of
    the last form taken in before that. ``printed`` are all sheets that ever got a code, ``scans`` all sheets cut out of
    scans in the order of ``seq``. ``erasures`` maps the people who were erased
    to what is told of it.
    """

    submissions: tuple[Submission, ...] = ()
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    published_orders: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[tuple[str, str], int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    printed: tuple[Printed, ...] = ()
    scans: tuple[Scan, ...] = ()
    erasures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Change(NamedTuple):
    """An edit that an answer of the curator's asks for: ``value`` is ``None`` when the cell is handed back."""

    sheet: str
    code: str
    column: str
    value: str | None


@dataclass(frozen=True)
class Decision:
    """What was decided once and for ever and is to be committed; everything else is in the ledger.

    ``persons`` maps a submission's hash to the person found; ``closes`` an order to the pairs it closed with;
    ``freezes`` a code to the cells that its row keeps from now on; ``edits`` are to be taken as edits of hers;
    ``sheets`` are to be printed but have no code yet (their ``token`` is empty); ``scans`` maps the key of a page that
    could not be read to the code that the curator typed, «–» when it is none of ours.
    """

    persons: Mapping[str, str]
    closes: Mapping[str, tuple[str, ...]]
    freezes: Mapping[str, Cells]
    edits: tuple[Change, ...]
    sheets: tuple[Printed, ...] = ()
    scans: Mapping[str, str] = field(default_factory=dict)

    @property
    def rests(self) -> bool:
        """Tell whether there is nothing to commit."""
        return not (self.persons or self.closes or self.freezes or self.edits or self.sheets or self.scans)


@dataclass(frozen=True)
class Case:
    """Everything a rule may look at: the rows so far, what is declared, the facts, the day."""

    ledger: Ledger
    catalog: Catalog
    facts: Facts
    today: date

    def title(self, sheet: str, column: str) -> str:
        """Return the heading of a column."""
        return self.catalog.layout.sheet(sheet).column(column).title

    def cell(self, sheet: str, column: str, code: str) -> str:
        """Return a phrase that leads a reader to a cell."""
        return say.cell(self.catalog.layout.sheet(sheet).title, self.title(sheet, column), code)

    def reply(self, question: Question) -> str:
        """Return what the curator wrote as the answer to a question, ``""`` while she wrote nothing."""
        code = self.ledger.codes.give("questions", f"question:{question.key}")
        return self.ledger.row("questions", code)["answer"]

    def settle(self, question: Question) -> str:
        """Return her answer as ``question.answers`` spells it; ask, and return ``""``, while there is none."""
        reply = fields.fold(self.reply(question))
        for answer in question.answers if reply else ():
            if fields.fold(answer) == reply:
                return answer
        self.ledger.ask(question)
        return ""
