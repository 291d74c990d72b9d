"""The curator and the secretary of the demonstration and of the tests: they touch only what real ones would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from pipeline import files
from pipeline.catalog import Catalog
from pipeline.intake import form_sheet
from pipeline.model import Cells
from pipeline.office import cells
from pipeline.register import workbook
from pipeline.workspace import Workspace

NUMBERS = ("57-од", "58-од", "59-од")


class Curator:
    """The curator at her workbook: reads what stands there, writes cells and saves, as her office program does."""

    def __init__(self, space: Workspace, catalog: Catalog) -> None:
        self._path = space.register
        self._catalog = catalog

    def rows(self, sheet: str) -> Mapping[str, Cells]:
        """Return what a sheet says: code → column → text; empty coded rows too."""
        return workbook.said(self._theirs())[sheet]

    def write(self, sheet: str, rows: Mapping[str, Cells]) -> None:
        """Write cells into rows of a sheet, found by their codes, and save."""
        columns = self._catalog.layout.sheet(sheet)
        table = self._theirs().tables[sheet]
        lines = {line.code: line.row for line in table.lines}
        changes = [
            cells.SetCell(
                columns.title, lines[code], table.columns[key], workbook.show_cell(columns.column(key), value)
            )
            for code, one in rows.items()
            for key, value in one.items()
        ]
        files.replace(self._path, cells.apply(self._path.read_bytes(), changes))

    def mark_signatures(self, day: date) -> int:
        """Mark every consent given as signed on paper; return how many."""
        given = [code for code, row in self.rows("consents").items() if row.get("answer") == "Согласен"]
        self.write("consents", {code: {"verified": "да", "signed": day.isoformat()} for code in given})
        return len(given)

    def enter_pairs(self, start: date) -> int:
        """Enter a pair for every mentee as long as there are mentors, and approve it; return how many."""
        mentors, mentees = ([code for code, row in self.rows(key).items() if row] for key in ("mentors", "mentees"))
        empty = [code for code, row in self.rows("pairs").items() if not row]
        common = {
            "kinds": "традиционное («один-на-один»)",
            "form": "педагог – педагог",
            "mode": "очно",
            "start": start.isoformat(),
            "end": (start + timedelta(days=200)).isoformat(),
            "decision": "Согласовать",
        }
        pairs = [{"mentor": one, "mentee": other, **common} for one, other in zip(mentors, mentees, strict=False)]
        self.write("pairs", dict(zip(empty, pairs, strict=False)))
        return len(pairs)

    def send_orders(self) -> None:
        """Choose «На подпись» for every order in draft."""
        self.write("orders", {code: {"decision": "На подпись"} for code in self.in_state("orders", "Проект")})

    def in_state(self, sheet: str, *states: str) -> list[str]:
        """Return the codes of rows whose «Состояние» is one of ``states``."""
        return [code for code, row in self.rows(sheet).items() if row.get("state") in states]

    def _theirs(self) -> workbook.Theirs:
        return workbook.read_sheets(cells.read(self._path.read_bytes()), self._catalog.layout)


def register_orders(space: Workspace, catalog: Catalog) -> Iterable[str]:
    """Fill in the registration form beside each order that waits for its number; yield the numbers."""
    form = catalog.forms["order_registration"]
    curator = Curator(space, catalog)
    for code, number in zip(curator.in_state("orders", "На подпись"), NUMBERS, strict=False):
        answers = {"orders.code": code, "orders.number": number, "orders.day": date.today().isoformat()}  # noqa: DTZ011
        name = form_sheet.name(form, answers)
        path = next(space.outbox.rglob(name), space.inbox / name)
        files.replace(path, form_sheet.make(form, catalog.organisation, answers))
        yield number
