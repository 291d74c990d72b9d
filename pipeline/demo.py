"""The whole job on invented people, for somebody who has just cloned this: ``python -m pipeline.demo DIR``.

Staff, curator and secretary are played by this module, but only through what they have in front of them: forms dropped
into the inbox, cells of the register workbook, a registration form beside the order. Everything else is the product.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline import cycle, files, samples, setup
from pipeline.catalog import Catalog
from pipeline.intake import form_sheet
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
    office.lay_blanks()
    console.print(say.step(1, say.staff_drop(_drop(space, catalog))))
    console.print(say.step(2, say.cycle_reads()))
    _turn(office)
    curator = Curator(space, catalog)
    console.print(say.step(3, say.curator_decides(curator.mark_signatures(), curator.enter_pairs(date.today()))))  # noqa: DTZ011
    _turn(office)
    curator.send_orders()
    console.print(say.step(4, say.curator_sends()))
    _turn(office)
    for number in _register_orders(space, catalog):
        console.print(say.step(5, say.secretary_registers(number)))
    _turn(office)
    console.print(_table(space, catalog))
    console.print(say.look_at(space.root))


def _turn(office: cycle.Cycle) -> None:
    """Turn until nothing of what was just done is left to take in."""
    office.look()
    office.turn(office.look())
    office.turn([])


def _drop(space: Workspace, catalog: Catalog) -> int:
    """Drop filled forms, some saved by another office program, one with mistakes; return how many."""
    made = samples.make(catalog, FORMS, SEED, date.today())  # noqa: DTZ011
    made = [*made, samples.with_mistakes(catalog, SEED, date.today())]  # noqa: DTZ011
    for one in made:
        files.publish(files.free_name(space.inbox, one.file_name), one.data)
    return len(made)


class Curator:
    """The curator at her workbook: reads what stands there, writes only cells that are hers to write."""

    def __init__(self, space: Workspace, catalog: Catalog) -> None:
        self._path = space.register
        self._catalog = catalog

    def mark_signatures(self) -> int:
        """Mark every consent given as signed on paper; return how many."""
        given = [line for line in self._lines("consents") if line.cells.get("answer") == "Согласен"]
        today = date.today().isoformat()  # noqa: DTZ011
        self._write("consents", {line.row: {"verified": "да", "signed": today} for line in given})
        return len(given)

    def enter_pairs(self, start: date) -> int:
        """Enter a pair for every mentee who has a mentor left, and approve it; return how many."""
        mentors, mentees, empty = (self._lines(key) for key in ("mentors", "mentees", "pairs"))
        filled = [[line.code for line in lines if line.cells.get("person")] for lines in (mentors, mentees)]
        pairs = list(zip(*filled, strict=False))
        common = {
            "kinds": "традиционное («один-на-один»)",
            "form": "педагог – педагог",
            "mode": "очно",
            "start": start.isoformat(),
            "end": (start + timedelta(days=200)).isoformat(),
            "decision": "Согласовать",
        }
        rows = zip((line.row for line in empty), pairs, strict=False)
        self._write("pairs", {row: {"mentor": mentor, "mentee": mentee, **common} for row, (mentor, mentee) in rows})
        return len(pairs)

    def send_orders(self) -> None:
        """Choose «На подпись» for every order in draft."""
        drafts = [line for line in self._lines("orders") if line.cells.get("state") == "Проект"]
        self._write("orders", {line.row: {"decision": "На подпись"} for line in drafts})

    def _theirs(self) -> workbook.Theirs:
        return workbook.read_sheets(cells.read(self._path.read_bytes()), self._catalog.layout)

    def _lines(self, sheet: str) -> list[workbook.Line]:
        return list(self._theirs().tables[sheet].lines)

    def _write(self, sheet: str, rows: Mapping[int, Mapping[str, str]]) -> None:
        """Write cells of a sheet and save, as her office program does."""
        layout = self._catalog.layout
        table = self._theirs().tables[sheet]
        changes = [
            cells.SetCell(
                layout.sheet(sheet).title,
                row,
                table.columns[key],
                workbook.show_cell(layout.sheet(sheet).column(key), value),
            )
            for row, one in rows.items()
            for key, value in one.items()
        ]
        files.replace(self._path, cells.apply(self._path.read_bytes(), changes))


def _register_orders(space: Workspace, catalog: Catalog) -> Iterable[str]:
    """Fill in the registration form beside each order that waits for its number; yield the numbers."""
    form = catalog.forms["order_registration"]
    curator = Curator(space, catalog)
    waiting = [line.code for line in curator._lines("orders") if line.cells.get("state") == "На подпись"]  # noqa: SLF001
    for code, number in zip(waiting, NUMBERS, strict=False):
        answers = {"orders.code": code, "orders.number": number, "orders.day": date.today().isoformat()}  # noqa: DTZ011
        name = form_sheet.name(form, answers)
        path = next(space.outbox.rglob(name), space.inbox / name)
        files.replace(path, form_sheet.make(form, catalog.organisation, answers))
        yield number


def _table(space: Workspace, catalog: Catalog) -> Table:
    """Say in a table what was made and where."""
    curator = Curator(space, catalog)

    def count(sheet: str, *states: str) -> str:
        return str(sum(line.cells.get("state") in states for line in curator._lines(sheet)))  # noqa: SLF001

    table = Table(title=say.TITLE)
    for heading in say.HEADINGS:
        table.add_column(heading)
    papers = [path for path in space.outbox.rglob("*.docx")]
    returned = list(space.returned.iterdir())
    rows = [
        (say.DROPPED, str(len(list(space.archive.rglob("*.*"))) + len(returned)), space.inbox),
        (say.SENT_BACK, str(len(returned)), space.returned),
        (say.PAIRS, count("pairs", "Действует"), space.register),
        (say.ORDERS, count("orders", "Подписан"), space.outbox / "Приказы"),
        (say.PROGRAMMES, count("programmes", "Утверждена", "Идёт"), space.register),
        (say.PLAN, count("plan", "Запланировано", "Просрочено"), space.register),
        (say.PAPERS, str(len(papers)), space.outbox),
    ]
    for name, number, path in rows:
        table.add_row(name, number, space.relative(path))
    for path in sorted(papers):
        table.add_row("", "", space.relative(path))
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
