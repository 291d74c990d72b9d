"""Everything declared, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.catalog.calendar import Calendar
from pipeline.catalog.deadlines import Deadlines
from pipeline.catalog.declared import (
    Activities,
    ApplicationKind,
    Document,
    Form,
    Layout,
    OrderKind,
    Organisation,
    Policy,
    Programme,
    Roadmap,
)
from pipeline.catalog.paper_layout import PaperLayout


@dataclass(frozen=True, eq=False)
class Catalog:
    """Everything declared, in one value, which is equal to itself alone.

    ``order_kinds`` and ``application_kinds`` are known by their titles. ``digest`` changes when any of the files does.
    ``flaws`` are the mistakes in entries of documents that cannot be used and are not among ``documents``, by the name
    of their folder.
    """

    layout: Layout
    organisation: Organisation
    policy: Policy
    activities: Activities
    roadmap: Roadmap
    words: Mapping[str, Mapping[str, str]]
    forms: Mapping[str, Form]
    documents: Mapping[str, Document]
    templates: Mapping[str, Path]
    digest: str
    programme: Programme = field(default_factory=Programme)
    calendar: Calendar = field(default_factory=Calendar)
    deadlines: Deadlines = field(default_factory=Deadlines)
    paper_layout: PaperLayout = field(default_factory=PaperLayout)
    order_kinds: Mapping[str, OrderKind] = field(default_factory=dict)
    flaws: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    application_kinds: Mapping[str, ApplicationKind] = field(default_factory=dict)
