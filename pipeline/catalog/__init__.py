"""What ``config/`` and ``templates/`` declare, checked; its errors name file, line, key and nearest key.

Everything that an official paper depends on is declared there, nothing of it stands in code. ``load`` reads it all and
raises one ``SetupMistake`` that holds every mistake found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.catalog import agreement, expansion
from pipeline.catalog.agreement import flaws_in
from pipeline.catalog.calendar import Calendar
from pipeline.catalog.deadlines import CLOCK_FACTS, Clock, Deadlines, Kept
from pipeline.catalog.declared import (
    PROGRAMME_FACTS,
    ROADMAP_FACTS,
    Activities,
    Activity,
    ApplicationKind,
    ApplicationKinds,
    Area,
    Column,
    Declared,
    Demand,
    Document,
    Field,
    Form,
    Kind,
    Layout,
    Official,
    OrderKind,
    OrderKinds,
    Organisation,
    Owner,
    PersonBlock,
    Policy,
    Programme,
    Roadmap,
    Sheet,
    Stage,
    Words,
)
from pipeline.catalog.paper_layout import Look, Page, Pages, PaperLayout, StyleRule
from pipeline.catalog.reading import Reader, SetupMistake, nearest
from pipeline.catalog.whole import Catalog

__all__ = [
    "CLOCK_FACTS",
    "PROGRAMME_FACTS",
    "ROADMAP_FACTS",
    "Activities",
    "Activity",
    "ApplicationKind",
    "Area",
    "Calendar",
    "Catalog",
    "Clock",
    "Column",
    "Deadlines",
    "Declared",
    "Demand",
    "Document",
    "Field",
    "Form",
    "Kept",
    "Kind",
    "Layout",
    "Look",
    "Official",
    "OrderKind",
    "Organisation",
    "Owner",
    "Page",
    "Pages",
    "PaperLayout",
    "PersonBlock",
    "Policy",
    "Programme",
    "Roadmap",
    "SetupMistake",
    "Sheet",
    "Stage",
    "StyleRule",
    "Words",
    "flaws_in",
    "load",
    "nearest",
]


_AS_DECLARED: Mapping[str, type[Declared]] = {
    "organisation": Organisation,
    "policy": Policy,
    "activities": Activities,
    "roadmap": Roadmap,
    "programme": Programme,
    "calendar": Calendar,
    "deadlines": Deadlines,
}
"""Files of ``config/`` that the catalogue holds as they are, under their names."""


def load(root: Path) -> Catalog:
    """Read ``config/`` and ``templates/`` under the workspace ``root``; raise ``SetupMistake`` with every mistake."""
    reader = Reader(root)
    plain: dict[str, Any] = {name: reader.one(f"config/{name}.yaml", model) for name, model in _AS_DECLARED.items()}
    layout, paper_layout = reader.one("config/register.yaml", Layout), reader.one("config/layout.yaml", PaperLayout)
    orders = reader.one("config/orders.yaml", OrderKinds)
    applications = reader.one("config/applications.yaml", ApplicationKinds)
    words = reader.one("config/words.yaml", Words)
    person = reader.one("templates/forms/person.yaml", PersonBlock)
    forms = reader.each("templates/forms/*/form.yaml", Form)
    documents, flaws = reader.apart("templates/documents/*/document.yaml", Document)
    templates = {name: root / "templates/documents" / name / "template.docx" for name in documents}
    reader.finish()
    assert layout and paper_layout and orders and applications and words and person
    declared = {
        "signers": plain["organisation"].signer_labels(),
        "order_kinds": tuple(one.title for one in orders.kinds),
        "application_kinds": tuple(one.title for one in applications.kinds),
    }
    expanded = expansion.layout_of(layout, plain["activities"], declared)
    whole = Catalog(
        **plain,
        layout=expanded,
        paper_layout=paper_layout,
        words=words.plain(),
        forms={name: expansion.form_of(form, person, plain["activities"], expanded) for name, form in forms.items()},
        documents=documents,
        templates=templates,
        digest=reader.digest(templates.values()),
        order_kinds={one.title: one for one in orders.kinds},
        application_kinds={one.title: one for one in applications.kinds},
    )
    mistakes = agreement.mistakes_in(whole)
    if mistakes:
        raise SetupMistake(mistakes)
    return _without(whole, {**flaws, **flaws_in(whole)})


def _without(whole: Catalog, flaws: Mapping[str, tuple[str, ...]]) -> Catalog:
    """Return the catalogue without the documents that have ``flaws``, which it remembers."""
    documents = {name: one for name, one in whole.documents.items() if name not in flaws}
    return replace(whole, documents=documents, flaws=flaws)
