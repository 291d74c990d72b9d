"""The blank forms in ``inbox/Бланки``: made from the declarations, made anew when filled in place or out of date."""

from __future__ import annotations

from pipeline import files
from pipeline.catalog import Catalog
from pipeline.intake import form_sheet
from pipeline.journal import Journal, Put
from pipeline.workspace import Workspace


def lay(space: Workspace, catalog: Catalog, journal: Journal) -> None:
    """Lay every blank that is missing; one that nobody touched is renewed when its declaration changed."""
    sign = f"blanks:{catalog.digest}"
    puts = journal.puts()
    current = journal.recall("blanks") == sign
    for form in catalog.forms.values():
        if form.prefilled:
            continue
        path = space.blanks / form_sheet.name(form)
        known = puts.get(space.relative(path))
        if path.exists() and (current or known is None or files.digest_of(path) != known.sha):
            continue
        data = form_sheet.make(form, catalog.organisation)
        if known is not None and path.exists():
            files.remove_if(path, known.sha)
        journal.put(Put(space.relative(path), files.digest(data)))
        files.publish(path, data)
    if not current:
        journal.remember("blanks", sign)
