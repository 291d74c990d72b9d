"""What ``config/`` and ``templates/`` declare, checked; its errors name file, line, key and nearest key.

Everything that an official paper depends on is declared there, nothing of it stands in code. ``load`` reads it all and
raises one ``SetupMistake`` that holds every mistake found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

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


def load(root: Path) -> Catalog:
    """Read ``config/`` and ``templates/`` under the workspace ``root``; raise ``SetupMistake`` with every mistake."""
    reader = Reader(root)
    organisation = reader.one("config/organisation.yaml", Organisation)
    policy = reader.one("config/policy.yaml", Policy)
    activities = reader.one("config/activities.yaml", Activities)
    layout = reader.one("config/register.yaml", Layout)
    roadmap = reader.one("config/roadmap.yaml", Roadmap)
    orders = reader.one("config/orders.yaml", OrderKinds)
    applications = reader.one("config/applications.yaml", ApplicationKinds)
    programme = reader.one("config/programme.yaml", Programme)
    words = reader.one("config/words.yaml", Words)
    calendar = reader.one("config/calendar.yaml", Calendar)
    deadlines = reader.one("config/deadlines.yaml", Deadlines)
    paper_layout = reader.one("config/layout.yaml", PaperLayout)
    forms = reader.each("templates/forms/*/form.yaml", Form)
    documents, flaws = reader.apart("templates/documents/*/document.yaml", Document)
    person = reader.one("templates/forms/person.yaml", PersonBlock)
    templates = {name: root / "templates/documents" / name / "template.docx" for name in documents}
    reader.finish()
    assert organisation and policy and activities and layout and roadmap and programme and words and person and calendar
    assert orders and deadlines and applications and paper_layout
    declared = {
        "signers": organisation.signer_labels(),
        "order_kinds": tuple(one.title for one in orders.kinds),
        "application_kinds": tuple(one.title for one in applications.kinds),
    }
    expanded = expansion.layout_of(layout, activities, declared)
    whole = Catalog(
        layout=expanded,
        organisation=organisation,
        policy=policy,
        activities=activities,
        roadmap=roadmap,
        words=words.plain(),
        forms={name: expansion.form_of(form, person, activities, expanded) for name, form in forms.items()},
        documents=documents,
        templates=templates,
        digest=reader.digest(templates.values()),
        programme=programme,
        calendar=calendar,
        deadlines=deadlines,
        paper_layout=paper_layout,
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
