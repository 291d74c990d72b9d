"""How papers are laid out (``config/layout.yaml``): pages, font, styles, as GOST R 7.0.97-2025 recommends."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Literal, TypeVar

import pydantic

from pipeline.catalog.declared import Declared

Margin = Annotated[float, pydantic.Field(ge=5, le=80)]
Indent = Annotated[float, pydantic.Field(ge=0, le=250)]
Gap = Annotated[float, pydantic.Field(ge=0, le=150)]
Size = Annotated[float, pydantic.Field(ge=6, le=72, multiple_of=0.5)]
Line = Annotated[float, pydantic.Field(ge=0.8, le=3)]

DeclaredT = TypeVar("DeclaredT", bound=Declared)


class Page(Declared):
    """The margins of a page and the distances of its header and footer from the edge, in millimetres."""

    left: Margin | None = None
    right: Margin | None = None
    top: Margin | None = None
    bottom: Margin | None = None
    header: Margin | None = None
    footer: Margin | None = None


class Pages(Declared):
    """Upright and landscape pages; which a page is, its template says."""

    portrait: Page = Page()
    landscape: Page = Page()


class StyleRule(Declared):
    """What a paragraph style gets: ``size``, ``before`` and ``after`` in points, ``line`` in lines, indents in mm."""

    font: str = ""
    size: Size | None = None
    line: Line | None = None
    before: Gap | None = None
    after: Gap | None = None
    first_line: Indent | None = None
    left: Indent | None = None
    right: Indent | None = None
    align: Literal["left", "center", "right", "both"] | None = None


class Look(Declared):
    """How one document is laid out; what is not told stays as its template has it.

    ``font`` and ``size`` (points) are those of all text whose style says nothing else. ``styles`` are known by the
    names that Word shows.
    """

    font: str = ""
    size: Size | None = None
    pages: Pages = Pages()
    styles: Mapping[str, StyleRule] = {}


class Standard(Declared):
    """What the standard recommends for organisations' papers: the least margins, sizes of text, distances of lines."""

    margins: Page = Page()
    sizes: tuple[float, ...] = ()
    lines: tuple[float, ...] = ()


class PaperLayout(Look):
    """How all documents are laid out, and what is different in some: ``documents``, by names such as «consent_*»."""

    standard: Standard = Standard()
    documents: Mapping[str, Look] = {}

    def of(self, name: str) -> Look:
        """Return the layout of the document ``name``."""
        look = Look(font=self.font, size=self.size, pages=self.pages, styles=self.styles)
        for pattern, own in self.documents.items():
            if fnmatchcase(name, pattern):
                look = _over(look, own)
        return look


def _over(base: DeclaredT, more: DeclaredT) -> DeclaredT:
    """Return ``base`` with everything that ``more`` tells in its place."""
    told = {key: _merged(getattr(base, key), getattr(more, key)) for key in more.model_fields_set}
    return base.model_copy(update=told)


def _merged(old: object, new: object) -> object:
    if isinstance(old, Declared) and isinstance(new, Declared):
        return _over(old, new)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {**old, **{key: _merged(old.get(key), one) for key, one in new.items()}}
    return new
