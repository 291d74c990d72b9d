"""Where each value of a document came from: the cell or setting, and the form, edit or rule behind the cell.

What a paper was made from was recorded when it was made; who stands behind a cell is what the rules say today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import files
from pipeline.catalog import Catalog
from pipeline.documents import context, records
from pipeline.documents.records import Record
from pipeline.documents.values import Origins, Place
from pipeline.journal import Journal
from pipeline.ledger import Ledger
from pipeline.office import word
from pipeline.wording import explain as say


@dataclass(frozen=True)
class Explainer:
    """Explains documents of one workspace; ``ledger`` is the register as it stands."""

    catalog: Catalog
    journal: Journal
    ledger: Ledger

    def explain(self, path: Path) -> list[str]:
        """Return what a document shows and from where, one Russian line a value; ``[]`` when it is none of ours.

        A PDF of ours shows what the document beside it does.
        """
        data = files.read(path)
        source = path.with_suffix(".docx")
        if path.suffix == ".pdf" and source.is_file() and self.journal.ours(files.digest(data)):
            data = files.read(source)
        known = self.journal.content(files.digest(data))
        text = known or self._by_passport(data)
        if not text:
            return []
        record = records.read(text)
        values = dict.fromkeys((one, word.origins_of(one)) for one in record.values)
        return [*self._heading(record, touched=not known), *(self._value(record, *one) for one in values)]

    def _by_passport(self, data: bytes) -> str:
        try:
            return self.journal.content_of(*word.passport_of(data))
        except word.NotDocx:
            return ""

    def _heading(self, record: Record, *, touched: bool) -> Iterator[str]:
        name, code, edition = record.name.split(":")
        document = self.catalog.documents.get(name)
        yield say.heading(document.title if document else name, code, draft=edition == "draft")
        template = self.catalog.templates.get(name)
        same = template is not None and files.digest_of(template) == record.template
        yield say.template(name, record.template, same=same)
        if touched:
            yield say.changed_by_hand()

    def _value(self, record: Record, text: str, origins: Origins) -> str:
        rows: dict[tuple[str, str], list[Place]] = {}
        for place in origins:
            rows.setdefault((place.sheet, place.code), []).append(place)
        return say.value(text, [self._origin(record, places) for places in rows.values()])

    def _origin(self, record: Record, places: Sequence[Place]) -> str:
        """Say what cells of one row, or settings, are called, who stands behind them and what they say now."""
        first = places[0]
        if not first.code:
            return ", ".join([say.setting(first.sheet, place.column) for place in places] + self._news(record, places))
        title = self.catalog.layout.sheet(first.sheet).title
        if not first.column:
            return say.row(title, first.code)
        sheet = self.catalog.layout.sheet(first.sheet)
        columns = [sheet.column(place.column).title for place in places]
        behind = dict.fromkeys(self._behind(place) for place in places)
        return ", ".join([say.cell(title, first.code, columns), *behind, *self._news(record, places)])

    def _behind(self, place: Place) -> str:
        """Say whose value a cell shows."""
        source = self.ledger.source(*place[:3])
        if source.whose == "form":
            one = next(one for one in self.journal.submissions() if one.seq == source.seq)
            received = self.journal.received(one.sha)
            form = self.catalog.forms.get(one.form)
            title = form.title if form else one.form
            return say.from_form(title, one.received, received.number if received else one.seq, one.link)
        if source.whose == "curator":
            edit = next(one for one in self.journal.edits() if one.seq == source.seq)
            at = next((one.at for one in self.journal.revisions() if one.number == edit.revision), None)
            return say.from_curator(edit.revision, at)
        return say.from_program() if source.whose else say.from_nowhere()

    def _news(self, record: Record, places: Sequence[Place]) -> list[str]:
        """Say what a cell says now that said something else when the paper was made."""
        now = ((record.cells.get(place, ""), self._now(place)) for place in places)
        return [say.says_now(text) for was, text in now if text != was]

    def _now(self, place: Place) -> str:
        if place.code:
            return self.ledger.row(place.sheet, place.code)[place.column]
        models: Mapping[str, object] = {
            context.SETTINGS: self.catalog.organisation,
            context.POLICY: self.catalog.policy,
        }
        return context.setting(models[place.sheet], place.column)
