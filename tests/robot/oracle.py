"""What must be true whatever she did: nothing she typed is lost or silently changed, no fact of a form is lost.

The oracle knows only the forms that were dropped and what LibreOffice shows when she opens, saves and looks again; it
knows nothing of how the program works. What she typed is what a save shows otherwise than what she had before her.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from pipeline.catalog import Sheet
from pipeline.wording.register import KEEP, OPEN, REMOVE, SEEN, SOLVED, TAKE
from tests.robot.view import Cell, Seen, Tab, View, place, plain, shown

MARK = "Правка"
"""Stands in every free text that she types, and nowhere else."""

CANCELLED = "Отменён"
"""The state of an order whose row she deleted: the row stays."""

Cells = Mapping[str, str]
Subject = tuple[str, str, str]
"""Whose facts: the person's address, the sheet, the kind of consent."""


class Oracle:
    """Keeps what was typed and dropped; ``check`` compares it with what stands there when all has come to rest."""

    def __init__(self) -> None:
        self.lost: list[str] = []
        self.edits = self.facts = 0
        self._before: View = {}
        self._typed: dict[Cell, str] = {}
        self._found: dict[Cell, set[str]] = {}
        self._told: dict[Cell, str] = {}
        self._own: dict[Cell, str] = {}
        self._loose: list[tuple[str, Cells]] = []
        self._gone: dict[tuple[str, str], Cells] = {}
        self._answers: dict[str, str] = {}
        self._open: set[Cell] = set()
        self._said: dict[Subject, dict[str, str]] = {}
        self._mails: dict[str, str] = {}

    # --- what people did ------------------------------------------------------------------------------------------

    def drop(self, mail: str, answers: Cells) -> None:
        """A form of the person with this address was dropped; the person's earlier forms are all in the register."""
        kind = answers.get("consents.kind", "")
        for name, value in answers.items():
            sheet, _, column = name.partition(".")
            if value:
                self.facts += 1
                self._said.setdefault((mail, sheet, kind if sheet == "consents" else ""), {})[column] = plain(value)

    def opened(self, view: View) -> None:
        """She has opened the register and sees this."""
        self._before = view
        self._learn(view)

    def saved(self, view: View) -> None:
        """She saved what is shown now."""
        for key, tab in view.items():
            self._compare(self._before[key], tab)
        self._before = view

    def _compare(self, before: Tab, after: Tab) -> None:
        sheet, had, has = before.sheet, before.coded(), after.coded()
        for code, row in has.items():
            self._compare_row(sheet, had.get(code, Seen(0, code, {})), row)
        old, new = ([_hers(sheet, row) for row in tab.loose()] for tab in (before, after))
        self._loose = [one for one in self._loose if one[0] != sheet.key or one[1] in new or one[1] not in old]
        unchanged = [_hers(sheet, row) for row in before.rows]
        for cells in new:
            if cells not in unchanged:
                self._loose.append((sheet.key, cells))
                self.edits += len(cells)
        for row in before.filled():
            if row.code not in {one.code for one in after.rows}:
                self._delete((sheet.key, row.code), row.cells)
                self._open.update((sheet.key, row.code, key) for key in row.formulas)
                self._write_removed(sheet, row)

    def _compare_row(self, sheet: Sheet, before: Seen, after: Seen) -> None:
        for column in sheet.columns:
            cell = (sheet.key, after.code, column.key)
            old, new = before.cells.get(column.key, ""), after.cells.get(column.key, "")
            formula = after.formulas.get(column.key, "")
            if (old, before.formulas.get(column.key, "")) == (new, formula):
                continue
            self.edits += 1
            self._told.pop(cell, None)
            self._typed.pop(cell, None)
            if formula or (column.owner == "program" and new):
                self._told[cell] = formula or new
            elif column.owner != "program":
                self._typed[cell] = new
                self._found.setdefault(cell, set()).add(old)
                self._open.discard(cell)
            if cell[::2] == ("questions", "answer") and new:
                self._answer(after, new)
        for heading in before.own.keys() | after.own.keys():
            if before.own.get(heading) != after.own.get(heading):
                self._own[sheet.key, after.code, heading] = after.own.get(heading, "")

    def _answer(self, question: Seen, answer: str) -> None:
        """An answer changes what the cell or row may be that its question is about."""
        self._answers[question.code] = answer
        cell = place(self._before, question.cells.get("place", ""))
        if not cell or answer in {KEEP, SEEN}:
            return
        if answer == REMOVE:
            row = self._before[cell[0]].coded().get(cell[1])
            self._delete(cell[:2], row.cells if row else {})
        elif answer == TAKE:
            self._typed.pop(cell, None)
            self._open.add(cell)
        else:
            self._typed[cell] = answer

    def _delete(self, row: tuple[str, str], cells: Cells) -> None:
        self._gone[row] = {**self._gone.get(row, {}), **cells}
        self._own = {cell: value for cell, value in self._own.items() if cell[:2] != row}

    def _write_removed(self, sheet: Sheet, row: Seen) -> None:
        """She deleted a row of a sheet whose rows stay: by that she wrote into it what the settings say."""
        for key, value in sheet.removed_as.items():
            cell = (sheet.key, row.code, key)
            self._typed[cell] = value
            self._found.setdefault(cell, set()).add(row.cells.get(key, ""))
            self._open.discard(cell)

    # --- what must be true ----------------------------------------------------------------------------------------

    def check(self, view: View) -> None:
        """Compare everything; what is found lost is listed and expected no longer."""
        texts = [row.cells.get("text", "") for row in view["questions"].rows]
        self._learn(view)
        found = chain(
            self._lost_rows(texts),
            self._lost_removals(view, texts),
            self._lost_cells(view, texts),
            self._lost_own(view),
            self._lost_facts(view, texts),
            self._lost_answers(view),
        )
        self.lost.extend(found)

    def _learn(self, view: View) -> None:
        """Learn whose rows are whose; a row she typed without a code and that has one by now is like any other."""
        self._mails.update({row.code: row.cells.get("email", "") for row in view["people"].filled()})
        for one in list(self._loose):
            sheet, cells = one
            row = next((row for row in view[sheet].filled() if cells.items() <= row.cells.items()), None)
            if row:
                self._typed = {**{(sheet, row.code, key): value for key, value in cells.items()}, **self._typed}
                self._loose.remove(one)

    def _lost_rows(self, texts: list[str]) -> Iterator[str]:
        for sheet, cells in self._loose:
            if not any(all(value in text for value in cells.values()) for text in texts):
                yield f"a row she typed: {sheet} {cells}"
        self._loose.clear()

    def _lost_removals(self, view: View, texts: list[str]) -> Iterator[str]:
        """What she saw in a row that she deleted, and that is no more, was hers to delete."""
        for row, cells in list(self._gone.items()):
            there = view[row[0]].coded().get(row[1])
            if not there or not there.cells:
                self._typed = {cell: value for cell, value in self._typed.items() if cell[:2] != row}
                self._told = {cell: value for cell, value in self._told.items() if cell[:2] != row}
                self._forget(self._subject(row[0], cells), cells)
            elif there.cells.get("state") == CANCELLED:
                continue
            elif any(row[1] in text for text in texts):
                self._stays(view[row[0]].sheet, row[1], cells)
            else:
                yield f"a row she deleted is there again: {row}"
                del self._gone[row]

    def _stays(self, sheet: Sheet, code: str, cells: Cells) -> None:
        """She is told that a row cannot be deleted: it says again what it said, unless she wrote otherwise since."""
        for key, value in sheet.removed_as.items():
            cell = (sheet.key, code, key)
            if self._typed.get(cell) == value:
                self._typed[cell] = cells.get(key, "")

    def _forget(self, subject: Subject, cells: Cells) -> None:
        said = self._said.get(subject, {})
        self._said[subject] = {column: value for column, value in said.items() if cells.get(column) != value}

    def _lost_cells(self, view: View, texts: list[str]) -> Iterator[str]:
        for cell, value in list(self._typed.items()):
            now = shown(view, cell)
            if now != value and value in self._answers.values() and _is_asked(view, cell):
                self._typed[cell] = now  # a newer form came meanwhile: she is asked again
            elif now != value and (value or self._is_old(cell, now)) and not _is_told(texts, cell[1], value):
                yield f"{cell}: she typed {value!r}, it shows {now!r}"
                del self._typed[cell]
        for cell, value in self._told.items():
            if not _is_told(texts, cell[1], value):
                yield f"{cell}: no question tells of {value!r}"
        self._told.clear()

    def _is_old(self, cell: Cell, now: str) -> bool:
        """Tell whether a blanked cell shows again what only she can have typed there."""
        return MARK in now and now in self._found[cell]

    def _lost_own(self, view: View) -> Iterator[str]:
        for (sheet, code, heading), value in list(self._own.items()):
            row = view[sheet].coded().get(code)
            now = row.own.get(heading, "") if row else ""
            if now != value:
                yield f"{sheet} {code}, her own column {heading!r}: she typed {value!r}, it shows {now!r}"
                del self._own[sheet, code, heading]

    def _lost_facts(self, view: View, texts: list[str]) -> Iterator[str]:
        for subject, cells in self._said.items():
            rows = (row for row in view[subject[1]].filled() if self._subject(subject[1], row.cells) == subject)
            row = next(rows, None) or self._removed(subject)
            for column, value in list(cells.items()):
                cell, now = (subject[1], row.code, column), row.cells.get(column, "")
                if now != value and not self._is_overlaid(cell, row) and not self._is_known(cell, value, texts):
                    told = f"it shows {now!r}" if row.cells else "there is no such row"
                    yield f"{cell}: the form of {subject[0]} says {value!r}, {told}"
                    del cells[column]

    def _is_overlaid(self, cell: Cell, row: Seen) -> bool:
        """Tell whether she answered a question about a cell by «take», or a formula stands there."""
        return cell in self._open or cell[2] in row.formulas

    def _is_known(self, cell: Cell, value: str, texts: list[str]) -> bool:
        """Tell whether she wrote over a fact, or deleted its row, and saw it or is told of it."""
        hers = self._typed.get(cell) or cell[:2] in self._gone
        return bool(hers) and (value in self._found.get(cell, ()) or _is_told(texts, cell[1], value))

    def _removed(self, subject: Subject) -> Seen:
        """Return the row that she deleted of those that a person's forms fill, without its cells; none: code «?»."""
        codes = (code for (sheet, code), cells in self._gone.items() if self._subject(sheet, cells) == subject)
        return Seen(0, next(codes, "?"), {})

    def _subject(self, sheet: str, cells: Cells) -> Subject:
        """Return whose facts a row with these cells holds."""
        mail = cells.get("email", "") if sheet == "people" else self._mails.get(cells.get("person", ""), "")
        return mail, sheet, cells.get("kind", "") if sheet == "consents" else ""

    def _lost_answers(self, view: View) -> Iterator[str]:
        for code, answer in self._answers.items():
            state = shown(view, ("questions", code, "state"))
            if state != SOLVED:
                yield f"question {code} was answered {answer!r} and is {state!r}"
        self._answers.clear()


def _hers(sheet: Sheet, row: Seen) -> Cells:
    """Return the cells of a row that people write."""
    return {one.key: row.cells[one.key] for one in sheet.columns if one.owner != "program" and one.key in row.cells}


def _is_asked(view: View, cell: Cell) -> bool:
    """Tell whether a question about a cell is open."""
    places = (row.cells.get("place", "") for row in view["questions"].filled() if row.cells.get("state") == OPEN)
    return cell in (place(view, text) for text in places)


def _is_told(texts: list[str], code: str, value: str) -> bool:
    return any(code in text and f"«{value[:100]}" in text for text in texts)
