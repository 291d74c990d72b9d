"""The register in memory: what forms and rules propose, laid under what the curator wrote.

This is the one place that knows who wins in a cell. A cell that the curator edited shows her value; a cell she blanked
is handed back and shows the proposal; a row she removed stays removed; a frozen row shows what it was frozen with.
Rooms propose rows and show computed cells; ``rows`` gives the result, ``questions`` what a person must decide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.catalog import Layout, Sheet
from pipeline.model import Cells, CodeBook, Edit, Question, Row, Rows, natural


@dataclass(frozen=True)
class Hand:
    """Everything the curator did, as the journal keeps it.

    ``edits`` are all her edits in the order in which they were read; ``removed`` the codes of rows she removed;
    ``frozen`` the cells of rows that a signature froze.
    """

    edits: tuple[Edit, ...] = ()
    removed: frozenset[str] = frozenset()
    frozen: Mapping[str, Cells] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Whose a cell's value is: a form's or the curator's (``seq``: which submission or edit), else the program's."""

    whose: Literal["form", "curator", "program", ""]
    seq: int = 0


class Ledger:
    """The register being put together in one cycle. Not shared between cycles."""

    def __init__(self, layout: Layout, codes: CodeBook, hand: Hand) -> None:
        self.layout = layout
        self.codes = codes
        self.frozen = hand.frozen
        self.removed = hand.removed
        self.questions: dict[str, Question] = {}
        self._proposed: dict[str, dict[str, dict[str, str]]] = {sheet.key: {} for sheet in layout.sheets}
        self._shown: dict[str, dict[str, str]] = {}
        self._sealed: set[str] = set()
        self._edits: dict[str, dict[str, str]] = {}
        self._decided: dict[tuple[str, str], int] = {}
        self._said: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        self._columns: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._after: dict[str, frozenset[str]] = {
            sheet.key: frozenset(column.key for column in sheet.columns if column.after_signing)
            for sheet in layout.sheets
        }
        for edit in hand.edits:
            self._take(edit)

    def _take(self, edit: Edit) -> None:
        if edit.sheet not in self._proposed:
            return
        cells = self._edits.setdefault(edit.code, {})
        if edit.value is None:
            cells.pop(edit.column, None)
        else:
            cells[edit.column] = edit.value
        self._decided[edit.code, edit.column] = edit.seq
        if any(cells.values()) and edit.code not in self._proposed[edit.sheet]:
            self._proposed[edit.sheet][edit.code] = {}

    def propose(self, sheet: str, code: str, cells: Cells, said: Mapping[str, int] | None = None) -> Row:
        """Lay ``cells`` under the row ``code``, making the row when it is new; return the row as it counts now.

        Later proposals for a cell replace earlier ones. Blank proposals are kept out, so they never hide older facts.
        ``said`` names for each column the submission (its ``seq``) that says so.
        """
        assert sheet not in self._sealed, sheet
        self._note(code, said or {})
        self._proposed[sheet].setdefault(code, {}).update({key: value for key, value in cells.items() if value})
        return self.row(sheet, code)

    def _note(self, code: str, said: Mapping[str, int]) -> None:
        """Keep which form says what of a row; rows of one kind of form say it of the same columns."""
        for seq in set(said.values()) - {0}:
            columns = tuple(column for column, its in said.items() if its == seq)
            self._said.setdefault(code, []).append((seq, self._columns.setdefault(columns, columns)))

    def propose_by(self, sheet: str, key: str, cells: Cells) -> Row:
        """As ``propose``, for the row of ``sheet`` known by ``key``; its code is given when it has none yet."""
        return self.propose(sheet, self.codes.give(sheet, key), cells)

    def show(self, sheet: str, code: str, cells: Cells) -> Row:
        """Set computed cells of a row (owner *program*); nothing of the curator's overlays them."""
        self._shown.setdefault(code, {}).update(cells)
        self._proposed[sheet].setdefault(code, {})
        return self.row(sheet, code)

    def seal(self, *, but: Collection[str]) -> None:
        """Put the rows of all sheets but those together for good, which takes half the memory.

        To a sealed sheet nothing is proposed any more, and it forgets whose its values are; cells can still be shown.
        """
        for sheet in self._proposed.keys() - but:
            rows = self._proposed[sheet]
            for code in rows:
                rows[code] = self._cells(sheet, code)
                self._shown.pop(code, None)
            self._sealed.add(sheet)
        self._said.clear()

    def ask(self, question: Question) -> None:
        """Add something that a person must decide; the same key twice is one question."""
        self.questions.setdefault(question.key, question)

    def row(self, sheet: str, code: str) -> Row:
        """Return a row as it counts now; a row without any cell when there is none such."""
        return Row(sheet, code, self._cells(sheet, code))

    def _cells(self, sheet: str, code: str) -> dict[str, str]:
        cells = self._proposed[sheet].get(code, {})
        if sheet not in self._sealed:
            cells = {**cells, **self._edits.get(code, {})}
            if code in self.frozen:
                live = self._after[sheet]
                cells = {**{key: cells[key] for key in cells if key in live}, **_without(self.frozen[code], live)}
        shown = self._shown.get(code)
        return {**cells, **shown} if shown else cells

    def rows(self, sheet: str) -> list[Row]:
        """Return the rows of a sheet that count, in the order of their codes."""
        codes = sorted(self._proposed[sheet].keys() - self.removed, key=natural)
        found = (self.row(sheet, code) for code in codes)
        return [row for row in found if any(row.cells.values())]

    def has(self, sheet: str, code: str) -> bool:
        """Tell whether a row counts."""
        return code in self._proposed[sheet] and code not in self.removed

    def proposal(self, sheet: str, code: str, column: str) -> str:
        """Return what forms and rules propose for a cell, whatever the curator wrote over it."""
        return self._proposed[sheet].get(code, {}).get(column, "")

    def edited(self, code: str, column: str) -> str:
        """Return what the curator wrote in a cell, ``""`` when nothing of hers stands there."""
        return self._edits.get(code, {}).get(column, "")

    def decided(self, code: str, column: str) -> int:
        """Return the sequence number of the curator's last edit of a cell, 0 when she never touched it."""
        return self._decided.get((code, column), 0)

    def said(self, code: str) -> dict[str, int]:
        """Return for each cell of a row that a form filled which one did: column → the submission's ``seq``."""
        return {column: seq for seq, columns in self._said.get(code, ()) for column in columns}

    def source(self, sheet: str, code: str, column: str) -> Source:
        """Return whose value a cell shows."""
        if column in self._shown.get(code, {}):
            return Source("program")
        if column in self._edits.get(code, {}):
            return Source("curator", self.decided(code, column))
        if seq := self.said(code).get(column):
            return Source("form", seq)
        return Source("program" if self.row(sheet, code)[column] else "")

    def result(self) -> Rows:
        """Return the whole register: sheet key → code → row."""
        return dict(self.sheets)

    @property
    def sheets(self) -> Rows:
        """The whole register; the rows of a sheet are put together each time they are asked for."""
        return _Sheets(self)


class _Sheets(Mapping[str, Mapping[str, Row]]):
    """The rows of a ledger by sheet, none of them held."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getitem__(self, key: str) -> Mapping[str, Row]:
        return {row.code: row for row in self._ledger.rows(key)}

    def __iter__(self) -> Iterator[str]:
        return (sheet.key for sheet in self._ledger.layout.sheets)

    def __len__(self) -> int:
        return len(self._ledger.layout.sheets)


def _without(cells: Cells, keys: Iterable[str]) -> dict[str, str]:
    left_out = set(keys)
    return {key: value for key, value in cells.items() if key not in left_out}


def label(sheet: Sheet, row: Row) -> str:
    """Return how a reference to a row of ``sheet`` reads without its code («Иванова Мария Петровна»)."""
    return " ".join(sheet.label.format_map({column.key: row[column.key] for column in sheet.columns}).split())
