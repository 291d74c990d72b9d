"""What a template may say: every name with an example of its value, and every filter, for whoever edits templates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.catalog import Catalog
from pipeline.documents import check, context, drafts, filters
from pipeline.documents.check import Shape
from pipeline.documents.context import Book, Reading
from pipeline.documents.values import Choices
from pipeline.model import Row, Rows
from pipeline.wording import vocabulary as say

_DEEPEST = 2
"""How many references a list of names follows; what lies deeper is told by the name of its sheet."""
_EXAMPLE = 70


@dataclass(frozen=True)
class Entry:
    """One thing that a template may print: the tag, what it is, and an example (``""``: nothing stands there now)."""

    tag: str
    meaning: str
    example: str


def of_document(catalog: Catalog, rows: Rows, name: str) -> list[Entry]:
    """Return what the template of a document may print, with values of its first row or, when none is, invented."""
    sheet = catalog.documents[name].sheet
    live = rows if rows.get(sheet) else check.invented(catalog)
    book = Book(catalog, live)
    reading, row = Reading(book), example(book, name)
    names = context.names(reading, row, draft=True)
    shapes = check.roots(sheet)
    return [
        entry
        for root in ("row", *(one for one in shapes if one != "row"))
        for entry in _entries(catalog, root, shapes[root], names[root], 0)
    ]


def example(book: Book, name: str) -> Row:
    """Return the row that says most of those whose paper is due, or of all when none is."""
    document = book.catalog.documents[name]
    due = [one.row for one in drafts.due(book) if one.document is document]
    rows = due or list(book.rows[document.sheet].values())
    return max(rows, key=lambda row: sum(1 for text in row.cells.values() if text))


def _entries(catalog: Catalog, path: str, shape: Shape, value: Any, depth: int) -> Iterator[Entry]:
    """Give what may be printed at ``path`` and below it."""
    kind, of = shape
    if kind == "rows":
        title = catalog.layout.sheet(of).title
        yield Entry(f"{{%p for one in {path} %}}", say.rows(title, of), say.count(len(value) if value else 0))
        return
    if kind == "row" and depth > _DEEPEST:
        yield Entry(path, say.same_row(catalog.layout.sheet(of).title), "")
        return
    if kind in {"row", "model"}:
        yield from _of_person(path, value)
        for step, below in check.children(catalog, shape).items():
            inner = getattr(value, step.removeprefix("."), "") if value else ""
            entries = _entries(catalog, path + step, below, inner, depth + (kind == "row"))
            yield from (_titled(catalog, shape, step, entry) for entry in entries)
        return
    yield from _plain(path, kind, value)


def _plain(path: str, kind: str, value: Any) -> Iterator[Entry]:
    """Give one value: a text, a number, a date; a condition for what is true or false; a loop for a list."""
    if isinstance(value, bool):
        yield Entry(f"{{% if {path} %}}", "", say.yes_or_no(true=value))
    elif isinstance(value, tuple) and not isinstance(value, Choices):
        yield Entry(f"{{% for one in {path} %}}", "", _short(", ".join(one for one in value if isinstance(one, str))))
    elif value is not None and not isinstance(value, Mapping) and type(value) is not float:
        yield Entry(f"{{{{ {path}{_FILTERS.get(kind, '')} }}}}", "", _example(kind, value))


_FILTERS = {"day": "|day", "long": "|inline"}


def _titled(catalog: Catalog, shape: Shape, step: str, entry: Entry) -> Entry:
    """Give an entry the heading of its column, if it is one."""
    kind, of = shape
    if entry.meaning or kind != "row":
        return entry
    titles = {f".{column.key}": column.title for column in catalog.layout.sheet(of).columns} | {".code": say.code()}
    return Entry(entry.tag, titles.get(step, ""), entry.example)


def _of_person(path: str, value: Any) -> Iterator[Entry]:
    if value and context.someone(value):
        for name in ("fio", "short", "initials", "post"):
            yield Entry(f"{{{{ {path}|{name} }}}}", say.PERSON[name], _short(filters.FILTERS[name](value)))


def _example(kind: str, value: Any) -> str:
    name = _FILTERS.get(kind, "").removeprefix("|")
    printed = filters.FILTERS[name](value) if name and value else value
    return _short(str(printed)) if printed or printed == 0 else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXAMPLE else f"{line[:_EXAMPLE].rsplit(' ', 1)[0]} …"


def of_filters() -> list[Entry]:
    """Return every filter of ours with what it does; their examples are in their descriptions."""
    return [Entry(f"|{name}", text, "") for name, text in say.FILTERS.items()]
