"""The answer to a data subject (152-ФЗ art. 14): what is held about a person, where, on what ground, until when.

Taken from the register as it was last published, so that it can be asked for while an instance works.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.casework.dossier import Dossier
from pipeline.casework.people import full_name
from pipeline.catalog import Catalog, SetupMistake
from pipeline.documents import drafts
from pipeline.journal import Journal, Snapshot
from pipeline.model import DELIBERATELY_EMPTY, Row, Rows, Submission
from pipeline.office import word
from pipeline.wording import erasing as say
from pipeline.workspace import Workspace

TEMPLATE = "templates/answers/person.docx"


@dataclass(frozen=True)
class Item:
    """One thing held: what, where, on what ground, until when, to whom it was given."""

    what: str
    where: str
    ground: str
    until: str
    given: str = ""


def rows_of(snapshot: Snapshot) -> Rows:
    """Return what a revision of the register said, as rows."""
    return {
        sheet: {code: Row(sheet, code, cells) for code, cells in rows.items() if cells}
        for sheet, rows in snapshot.items()
    }


def items(catalog: Catalog, dossier: Dossier, journal: Journal, space: Workspace) -> list[Item]:
    """Return everything held about a person: rows, forms as handed in, papers, signed orders."""
    common = _on_consent(catalog, dossier)
    rows = [_of_row(catalog, row, common) for row in dossier.rows]
    forms = [_of_form(catalog, one, common) for one in journal.submissions() if one.person in dossier.people]
    papers = list(_of_papers(catalog, dossier, journal, space))
    return [*rows, *forms, *papers, *_of_orders(catalog, dossier)]


def _on_consent(catalog: Catalog, dossier: Dossier) -> tuple[str, str]:
    """Return the ground and the term of what is held on the consent to processing: that with the latest end."""
    kind = next((clock.kinds[0] for clock in catalog.deadlines.clocks if clock.days), "")
    given = [row for row in dossier.rows if row.sheet == "consents" and row["kind"] == kind]
    latest = max(given, key=lambda row: (row["ends"], row["year"]), default=None)
    if latest is None:
        return say.no_consent(), ""
    day = latest.day("ends") or latest.day("until")
    return say.of_consent(latest.code, latest["state"]), say.until(f"{day:%d.%m.%Y}") if day else ""


def _of_row(catalog: Catalog, row: Row, common: tuple[str, str]) -> Item:
    sheet = catalog.layout.sheet(row.sheet)
    told = (say.cell(one.title, _shown(row[one.key])) for one in sheet.columns if row[one.key])
    held = next(((one.ground, one.term) for one in catalog.deadlines.held if row.sheet in one.sheets), common)
    return Item("; ".join(told), say.row(sheet.title, row.code), *held)


def _shown(value: str) -> str:
    try:
        return f"{date.fromisoformat(value):%d.%m.%Y}"
    except ValueError:
        return "" if value == DELIBERATELY_EMPTY else value


def _of_form(catalog: Catalog, one: Submission, common: tuple[str, str]) -> Item:
    form = catalog.forms.get(one.form)
    return Item(say.original(form.title if form else one.form, one.received), one.link, *common)


def _of_papers(catalog: Catalog, dossier: Dossier, journal: Journal, space: Workspace) -> Iterator[Item]:
    """Yield the papers made of the person's rows, and where they went."""
    for paper in journal.papers():
        name, code, *_ = paper.key.split(":")
        document = catalog.documents.get(name)
        if document and code in dossier.codes:
            here = (space.root / paper.path).is_file()
            given = say.paper_here(paper.path) if here else say.paper_taken()
            yield Item(f"{document.title} ({code})", "outbox" if here else "", "", "", given)


def _of_orders(catalog: Catalog, dossier: Dossier) -> Iterator[Item]:
    """Yield the signed orders about the person, with the law that keeps them."""
    by_series = {one.series: one for one in catalog.deadlines.kept if one.series}
    for order in dossier.orders:
        kind = catalog.order_kinds.get(order["kind"])
        kept = by_series.get(kind.series if kind else "")
        ground, term = (kept.ground, kept.term) if kept else ("", "")
        what = say.signed_order(order["kind"], order["number"], _shown(order["day"]))
        yield Item(what, say.row(catalog.layout.sheet("orders").title, order.code), ground, term, say.to_secretary())


def document(catalog: Catalog, dossier: Dossier, held: Iterable[Item], root: Path, today: date) -> bytes:
    """Return the answer as a Word file, of the template ``templates/answers/person.docx`` under ``root``.

    Raises ``SetupMistake`` when the template is not fit for it.
    """
    names = {
        "org": catalog.organisation,
        "day": f"{today:%d.%m.%Y}",
        "code": dossier.code,
        "who": full_name(dossier.rows[0]),
        "held": list(held),
        "curator_post": catalog.organisation.curator.post,
        "curator": say.initials(catalog.organisation.curator.surname, *_initials(catalog)),
    }
    try:
        template = drafts.compiled((root / TEMPLATE).read_bytes())
        return template.render(names, title=say.answer_title(), highlight=False)
    except word.TemplateMistake as mistake:
        raise SetupMistake([drafts.explained(TEMPLATE, problem) for problem in mistake.problems]) from mistake
    except word.MissingName as missing:
        raise SetupMistake([drafts.explained(TEMPLATE, word.Problem("unknown_name", missing.name))]) from missing


def _initials(catalog: Catalog) -> tuple[str, str]:
    curator = catalog.organisation.curator
    return curator.name[:1], curator.patronymic[:1]
