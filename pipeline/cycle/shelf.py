"""The documents in use: each is made with the entry and template that were last found good.

A changed template or entry is examined before the first paper is made of it. A bad one is told, and the last good one
goes on. A good template is laid out as the settings say, once; a copy of every one so made is kept by its hash, so that
what was made of it can be shown. What was found good is not examined again until a setting, a template or the program
itself changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pipeline import __version__, files
from pipeline.catalog import Catalog, Document, Look, flaws_in
from pipeline.documents import check
from pipeline.journal import Journal
from pipeline.office import word
from pipeline.wording import setup as say
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class _Good:
    """A document's entry and the copy of its template, as they were last found good."""

    document: Document
    template: Path


@dataclass(frozen=True)
class Shelf:
    """The documents of one workspace that are in use."""

    space: Workspace
    journal: Journal

    def settle(self, catalog: Catalog) -> tuple[Catalog, list[str]]:
        """Examine every document; return the catalogue with good ones alone, and what is wrong with the others."""
        told: list[str] = []
        chosen: dict[str, _Good] = {}
        for name in sorted({*catalog.documents, *catalog.flaws}):
            found = catalog.flaws.get(name) or (() if self._known(catalog, name) else check.of_document(catalog, name))
            told.extend(found)
            good = self._last(catalog, name) if found else self._keep(catalog, name)
            if found and good and not self._same(catalog, name, good):
                told.append(say.last_good(name))
            if good:
                chosen[name] = good
        return _with(catalog, chosen), told

    def _known(self, catalog: Catalog, name: str) -> bool:
        """Tell whether this very document was found good among these very settings by this version."""
        text = self.journal.recall(_key(name))
        return bool(text) and json.loads(text)[2:] == [_seen(catalog)]

    def _keep(self, catalog: Catalog, name: str) -> _Good:
        """Keep a good document."""
        document, data = catalog.documents[name], _laid_out(catalog, name)
        sha = files.digest(data)
        good = _Good(document, self.space.kept / f"{sha}.docx")
        files.keep_bytes(data, good.template)
        text = json.dumps([sha, document.model_dump(mode="json"), _seen(catalog)], ensure_ascii=False)
        if self.journal.recall(_key(name)) != text:
            self.journal.remember(_key(name), text)
        return good

    def _last(self, catalog: Catalog, name: str) -> _Good | None:
        """Return a document as it was last good, if it still fits the settings."""
        text = self.journal.recall(_key(name))
        if not text:
            return None
        sha, entry = json.loads(text)[:2]
        good = _Good(Document.model_validate(entry), self.space.kept / f"{sha}.docx")
        trial = _with(replace(catalog, flaws={}), {name: good})
        fits = good.template.is_file() and not flaws_in(trial) and not check.of_document(trial, name)
        return good if fits or self._same(catalog, name, good) else None

    def _same(self, catalog: Catalog, name: str, good: _Good) -> bool:
        """Tell whether a document is what was last good: then the settings around it are at fault, and it is told."""
        if catalog.documents.get(name) != good.document:
            return False
        return files.digest(_laid_out(catalog, name)) == good.template.stem


def _laid_out(catalog: Catalog, name: str) -> bytes:
    """Return a document's template laid out as the settings say, as it is when it cannot be read."""
    data, look = files.read(catalog.templates[name]), catalog.paper_layout.of(name)
    return _as_told(data, look.model_dump_json())


@lru_cache(maxsize=128)
def _as_told(data: bytes, look: str) -> bytes:
    try:
        return word.laid_out(data, Look.model_validate_json(look))
    except word.NotDocx:
        return data  # what is wrong with it was told


def _with(catalog: Catalog, good: Mapping[str, _Good]) -> Catalog:
    documents = {name: one.document for name, one in good.items()}
    return replace(catalog, documents=documents, templates={name: one.template for name, one in good.items()})


def _seen(catalog: Catalog) -> str:
    return f"{__version__}:{catalog.digest}"


def _key(name: str) -> str:
    return f"good document:{name}"
