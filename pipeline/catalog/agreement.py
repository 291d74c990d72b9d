"""Whether the declarations agree: names in one that no other knows are mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from string import Formatter

from pipeline.catalog.deadlines import CLOCK_FACTS
from pipeline.catalog.declared import (
    PROGRAMME_FACTS,
    ROADMAP_FACTS,
    Declared,
    Document,
    Form,
    Layout,
    Organisation,
)
from pipeline.catalog.reading import nearest
from pipeline.catalog.whole import Catalog
from pipeline.wording import setup


def mistakes_in(whole: Catalog) -> list[str]:
    """Find names in one declaration that another does not know."""
    columns = {f"{sheet.key}.{column.key}" for sheet in whole.layout.sheets for column in sheet.columns}
    return [
        *_check_register(whole.layout),
        *(mistake for form in whole.forms.values() for mistake in _check_form(form, whole, columns)),
        *_check_policy(whole),
        *_check_orders(whole),
        *_check_deadlines(whole),
        *_check_applications(whole),
        *_check_layout(whole),
        *_check_texts("config/programme.yaml", whole.programme, PROGRAMME_FACTS),
        *_check_texts("config/roadmap.yaml", whole.roadmap, ROADMAP_FACTS),
    ]


def flaws_in(whole: Catalog) -> dict[str, tuple[str, ...]]:
    """Find the entries of documents that do not agree with the rest: the document's name → its mistakes."""
    columns = {f"{sheet.key}.{column.key}" for sheet in whole.layout.sheets for column in sheet.columns}
    found = {name: tuple(_check_document(one, whole, columns)) for name, one in whole.documents.items()}
    return {name: mistakes for name, mistakes in found.items() if mistakes}


def _check_register(layout: Layout) -> Iterator[str]:
    place = "config/register.yaml"
    sheets = {sheet.key for sheet in layout.sheets}
    named = [(column.list, set(layout.lists)) for sheet in layout.sheets for column in sheet.columns if column.list]
    named += [(column.ref, sheets) for sheet in layout.sheets for column in sheet.columns if column.ref]
    yield from (setup.unknown_name(place, name, nearest(name, known)) for name, known in named if name not in known)


def _check_document(document: Document, whole: Catalog, columns: set[str]) -> Iterator[str]:
    place = f"templates/documents/{document.name}/document.yaml"
    sheets = {sheet.key for sheet in whole.layout.sheets}
    if document.sheet not in sheets:
        yield setup.unknown_name(place, document.sheet, nearest(document.sheet, sheets))
    keys = (*document.when, *document.draft_when, *document.kept_when, *document.frozen_when)
    unknown = {f"{document.sheet}.{key}" for key in keys} - columns
    yield from (setup.unknown_name(place, name, nearest(name, columns)) for name in sorted(unknown))
    folder = PurePosixPath(document.folder)
    if folder.is_absolute() or ".." in folder.parts:
        yield setup.folder_outside(place, document.folder)
    if not whole.templates[document.name].is_file():
        yield setup.missing_file(f"templates/documents/{document.name}/template.docx")


def _check_policy(whole: Catalog) -> Iterator[str]:
    policy, lists = whole.policy, whole.layout.lists
    kinds, consents = set(lists.get("kinds", ())), set(lists.get("consent_kinds", ()))
    named = [(name, kinds) for name in (*policy.one_meeting_kinds, policy.group_kind) if name]
    demanded = (*policy.order_demands.mentor, *policy.order_demands.mentee, *(policy.confirm_signature or ()))
    named += [(name, consents) for name in (*demanded, *policy.consent_offers)]
    for name, known in named:
        if name not in known:
            yield setup.unknown_name("config/policy.yaml", name, nearest(name, known))


def _check_orders(whole: Catalog) -> Iterator[str]:
    """Find sheets and columns that a kind of order names and the register does not have."""
    sheets = {sheet.key for sheet in whole.layout.sheets}
    columns = {column.key for column in whole.layout.sheet("orders").columns}
    for kind in whole.order_kinds.values():
        for name, known in (*((one, sheets) for one in kind.about), *((one, columns) for one in kind.needs)):
            if name not in known:
                yield setup.unknown_name("config/orders.yaml", name, nearest(name, known))


def _check_deadlines(whole: Catalog) -> Iterator[str]:
    """Find consents, series and facts that a clock or a rule of keeping names and nobody knows."""
    place = "config/deadlines.yaml"
    consents = set(whole.layout.lists.get("consent_kinds", ()))
    series = {kind.series for kind in whole.order_kinds.values()}
    sheets = {sheet.key for sheet in whole.layout.sheets}
    named = [(name, consents) for clock in whole.deadlines.clocks for name in clock.kinds]
    named += [(name, sheets) for held in whole.deadlines.held for name in held.sheets]
    named += [(kept.series, series) for kept in whole.deadlines.kept if kept.series]
    named += [(name, set(CLOCK_FACTS)) for clock in whole.deadlines.clocks for name in _quoted(clock.what)]
    yield from (setup.unknown_name(place, name, nearest(name, known)) for name, known in named if name not in known)


def _check_applications(whole: Catalog) -> Iterator[str]:
    """Find orders and columns that a kind of application names and nobody declares."""
    orders = {column.key for column in whole.layout.sheet("orders").columns}
    own = {column.key for column in whole.layout.sheet("applications").columns} | {"mentee"}
    kinds = set(whole.order_kinds)
    for kind in whole.application_kinds.values():
        named = [(kind.order, kinds)] if kind.order else []
        named += [(one, orders) for one in kind.gives] + [(one, own) for one in kind.gives.values()]
        for name, known in named:
            if name not in known:
                yield setup.unknown_name("config/applications.yaml", name, nearest(name, known))


def _check_layout(whole: Catalog) -> Iterator[str]:
    """Find numbers that are not what the standard recommends."""
    place, layout = "config/layout.yaml", whole.paper_layout
    for turn, page in layout.pages:
        for side, least in layout.standard.margins:
            if None not in (found := getattr(page, side), least) and found < least:
                yield setup.below_standard(place, f"{turn}.{side}", found, setup.bound("ge", least))
    sizes, lines = layout.standard.sizes, layout.standard.lines
    if sizes and layout.size is not None and layout.size not in sizes:
        yield setup.below_standard(place, "size", layout.size, ", ".join(map(setup.amount, sizes)))
    for name, rule in layout.styles.items():
        if lines and rule.line is not None and not min(lines) <= rule.line <= max(lines):
            yield setup.below_standard(place, f"{name}.line", rule.line, "–".join(map(setup.amount, lines)))


def _check_texts(place: str, declared: Declared, facts: frozenset[str]) -> list[str]:
    """Find names in braces, anywhere in ``declared``, that are none of ``facts``."""
    quoted = {name for text in _texts(declared.model_dump()) for name in _quoted(text)}
    return [setup.unknown_name(place, name, nearest(name, facts)) for name in sorted(quoted - facts)]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for inner in value.values() for text in _texts(inner))
    elif isinstance(value, Sequence):
        yield from (text for inner in value for text in _texts(inner))


def _check_form(form: Form, whole: Catalog, columns: set[str]) -> list[str]:
    """Find what a form fixes, writes in beforehand or quotes that nobody knows."""
    place = f"templates/forms/{form.name}/form.yaml"
    fields = (one.column for one in form.fields if one.column != f"{form.sheet}.code")
    fixed = {f"{form.sheet}.{key}" for key in form.sets}
    keys = {one.key for one in form.fields}
    quotable = set(Organisation.model_fields)
    quoted = {name for line in form.instructions for name in _quoted(line)}
    unknown = [
        *((name, columns) for name in fields if name not in columns),
        *((name, columns) for name in sorted(fixed - columns)),
        *((name, keys) for name in form.prefilled if name not in keys),
        *((name, set(form.prefilled)) for name in _quoted(form.file_name) if name not in form.prefilled),
        *((name, quotable) for name in sorted(quoted - quotable)),
        *_unknown_answers(form, whole.layout),
    ]
    open_ended = (one for one in form.fields if one.kind in {"choice", "choices"} and not one.options)
    return [
        *(setup.unknown_name(place, name, nearest(name, set(known))) for name, known in unknown),
        *(setup.no_options(place, one.key) for one in open_ended),
    ]


def _quoted(text: str) -> list[str]:
    """Return the names that ``text`` quotes in braces; the text itself when its braces do not match."""
    try:
        return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        return [text]


def _unknown_answers(form: Form, layout: Layout) -> list[tuple[str, set[str]]]:
    """Return each cell the form fixes with an answer its column does not offer, beside the answers offered."""
    if form.sheet not in {sheet.key for sheet in layout.sheets}:
        return [(form.sheet, {sheet.key for sheet in layout.sheets})]
    offered = {column.key: set(layout.lists.get(column.list, ())) for column in layout.sheet(form.sheet).columns}
    return [(value, offered[key]) for key, value in form.sets.items() if offered.get(key) and value not in offered[key]]
