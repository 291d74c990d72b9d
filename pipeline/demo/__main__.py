"""The whole job on invented people, for somebody who has just cloned this: ``python -m pipeline.demo DIR``.

Staff, curator and secretary are played, but only through what they have in front of them: forms dropped into the inbox,
cells of the register workbook, a registration form beside the order. Everything else is the product.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from pipeline import cycle, files, samples, setup
from pipeline.catalog import Catalog
from pipeline.demo import people
from pipeline.wording import demo as say
from pipeline.workspace import Workspace

FORMS = 16
SEED = 7
SAVED_ELSEWHERE = Path(__file__).with_name("forms")
"""Filled forms that a real office program saved as .ods and .xls, for machines that have none."""

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
    curator = people.Curator(space, catalog)
    console.print(say.step(3, say.curator_decides(curator.mark_signatures(today), curator.enter_pairs(today))))
    _turn(office)
    curator.send_orders()
    console.print(say.step(4, say.curator_sends()))
    _turn(office)
    for number in people.register_orders(space, catalog):
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
    made.append(samples.with_mistakes(catalog, SEED, date.today()))  # noqa: DTZ011
    dropped = {one.file_name: one.data for one in made}
    dropped |= {path.name: path.read_bytes() for path in sorted(SAVED_ELSEWHERE.iterdir())}
    for name, data in dropped.items():
        files.publish(space.inbox / name, data)
    return len(dropped)


def _table(space: Workspace, catalog: Catalog) -> Table:
    """Say in a table what was made and where."""
    curator = people.Curator(space, catalog)

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
