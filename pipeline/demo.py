"""The whole job on invented people, for somebody who has just cloned this: ``python -m pipeline.demo DIR``.

Staff, curator and secretary are played by this module, but only through what they have in front of them: forms dropped
into the inbox, cells of the register workbook, a registration form beside the order. Everything else is the product.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from pipeline import cycle, files, samples, setup
from pipeline.catalog import Catalog
from pipeline.intake import form_sheet
from pipeline.model import Cells
from pipeline.office import cells
from pipeline.register import workbook
from pipeline.wording import demo as say
from pipeline.workspace import Workspace

FORMS = 22
SEED = 7
NUMBERS = ("57-од", "58-од", "59-од")

console = Console(highlight=False, soft_wrap=True)


def main(arguments: list[str]) -> int:
    """Play the whole job in the folder named; return the exit code."""
    root = Path(arguments[0] if arguments else "demo").resolve()
    if root.exists() and any(root.iterdir()) and not Workspace(root).demo_mark.is_file():
        console.print(say.not_a_demo(root))
        return 2
    files.remove_tree(root)
    space = setup.make(root, demo=True)
    catalog = setup.examine(space)
    with cycle.Cycle(space, catalog, datetime.now) as office:
        play(space, catalog, office)
    return 0


def play(space: Workspace, catalog: Catalog, office: cycle.Cycle) -> None:
    """Play staff, curator and secretary once, a turn of the cycle after each."""
    today = date.today()  # noqa: DTZ011 (the demonstration plays today)
    office.lay_blanks()
    console.print(say.step(1, say.staff_drop(_drop(space, catalog))))
    console.print(say.step(2, say.cycle_reads()))
    _turn(office)
    curator = Curator(space, catalog)
    console.print(say.step(3, say.curator_decides(curator.mark_signatures(today), curator.enter_pairs(today))))
    _turn(office)
    curator.send_orders()
    console.print(say.step(4, say.curator_sends()))
    _turn(office)
    for number in _register_orders(space, catalog):
        console.print(say.step(5, say.secretary_registers(number)))
    _turn(office)
    console.print(_table(space, catalog))
    for path in sorted(space.outbox.rglob("*.docx")):
        console.print(say.paper(space.relative(path)))
    console.print(say.look_at(space.root))


def _turn(office: cycle.Cycle) -> None:
    """Turn until nothing of what was just done is left to take in."""
    office.look()
    office.turn(office.look())
    office.turn(office.look())


def _drop(space: Workspace, catalog: Catalog) -> int:
    """Drop filled forms, some saved by another office program, one with mistakes; return how many."""
    made = samples.make(catalog, FORMS, SEED, date.today())  # noqa: DTZ011
    made = [*made, samples.with_mistakes(catalog, SEED, date.today())]  # noqa: DTZ011
    for one in made:
        files.publish(files.free_name(space.inbox, one.file_name), one.data)
    return len(made)


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


def _register_orders(space: Workspace, catalog: Catalog) -> Iterable[str]:
    """Fill in the registration form beside each order that waits for its number; yield the numbers."""
    form = catalog.forms["order_registration"]
    curator = Curator(space, catalog)
    for code, number in zip(curator.in_state("orders", "На подпись"), NUMBERS, strict=False):
        answers = {"orders.code": code, "orders.number": number, "orders.day": date.today().isoformat()}  # noqa: DTZ011
        name = form_sheet.name(form, answers)
        path = next(space.outbox.rglob(name), space.inbox / name)
        files.replace(path, form_sheet.make(form, catalog.organisation, answers))
        yield number


def _table(space: Workspace, catalog: Catalog) -> Table:
    """Say in a table what was made and where."""
    curator = Curator(space, catalog)

    table = Table(title=say.TITLE, box=SIMPLE, title_justify="left")
    for heading in say.HEADINGS:
        table.add_column(heading, overflow="fold")
    papers = list(space.outbox.rglob("*.docx"))
    returned = list(space.returned.iterdir())
    rows = [
        (say.DROPPED, len(list(space.archive.rglob("*.*"))) + len(returned), space.inbox),
        (say.SENT_BACK, len(returned), space.returned),
        (say.PAIRS, len(curator.in_state("pairs", "Действует")), space.register),
        (say.ORDERS, len(curator.in_state("orders", "Подписан")), space.outbox / "Приказы"),
        (say.PROGRAMMES, len(curator.in_state("programmes", "Утверждена", "Идёт")), space.register),
        (say.PLAN, len(curator.in_state("plan", "Запланировано", "Просрочено")), space.register),
        (say.PAPERS, len(papers), space.outbox),
    ]
    for name, number, path in rows:
        table.add_row(name, str(number), space.relative(path))
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
