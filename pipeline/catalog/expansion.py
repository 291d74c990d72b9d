"""Declarations that stand for many: one column or question for every professional field, the answers of a list."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.catalog.declared import Activities, Column, Field, Form, Layout, PersonBlock, Sheet


def layout_of(layout: Layout, activities: Activities, declared: Mapping[str, tuple[str, ...]]) -> Layout:
    """Return the register with its sheets expanded and the lists that other files declare."""
    lists = {**layout.lists, **declared, "areas": tuple(area.title for area in activities.areas)}
    return Layout(sheets=tuple(sheet_of(sheet, activities) for sheet in layout.sheets), lists=lists)


def sheet_of(sheet: Sheet, activities: Activities) -> Sheet:
    """Return a sheet with one column for every professional field where it says ``each: areas``."""
    columns: list[Column] = []
    for column in sheet.columns:
        if not column.each:
            columns.append(column)
            continue
        columns.extend(
            column.model_copy(update={"key": f"{column.key}_{area.key}", "title": column.title.format(area=area.title)})
            for area in activities.areas
        )
    return sheet.model_copy(update={"columns": tuple(columns)})


def form_of(form: Form, person: PersonBlock, activities: Activities, layout: Layout) -> Form:
    """Return a form that opens with the person block, with one question a field where it says ``each: areas``.

    Every closed question without answers of its own gets those of its register column.
    """
    fields: list[Field] = list(person.fields) if form.person else []
    for one in form.fields:
        if not one.each:
            fields.append(one)
            continue
        fields.extend(
            one.model_copy(
                update={
                    "key": f"{one.key}_{area.key}",
                    "column": f"{one.column}_{area.key}",
                    "caption": one.caption.format(area=area.title),
                }
            )
            for area in activities.areas
        )
    return _closed(form.model_copy(update={"fields": tuple(fields)}), layout)


def _closed(form: Form, layout: Layout) -> Form:
    """Give every closed question without answers of its own the answers of its register column."""
    lists = {
        f"{sheet.key}.{column.key}": layout.lists.get(column.list, ())
        for sheet in layout.sheets
        for column in sheet.columns
    }
    fields = (
        one
        if one.options or one.kind not in {"choice", "choices"}
        else one.model_copy(update={"options": lists.get(one.column, ())})
        for one in form.fields
    )
    return form.model_copy(update={"fields": tuple(fields)})
