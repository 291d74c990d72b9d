"""What `templates fields` tells whoever edits templates is true."""

from __future__ import annotations

import re
from io import BytesIO

import docx
import pytest

from pipeline.documents import drafts, filters, vocabulary
from pipeline.documents.context import Book, Reading, names
from pipeline.office import word
from pipeline.wording import vocabulary as say
from tests.documents import sample

CATALOG = sample.load()


def test_every_filter_is_described() -> None:
    assert {entry.tag.removeprefix("|") for entry in vocabulary.of_filters()} == set(filters.FILTERS)
    assert set(say.PERSON) <= set(filters.FILTERS)


@pytest.mark.parametrize(("name", "live"), [("order_pairs", True), ("programme", True), ("memo_mentee", False)])
def test_every_name_that_is_told_can_be_printed_and_says_the_example(name: str, *, live: bool) -> None:
    rows = sample.register(CATALOG) if live else {}
    entries = vocabulary.of_document(CATALOG, rows, name)
    tags = [entry for entry in entries if entry.tag.startswith("{{")]
    assert any(entry.example for entry in tags)
    paper = docx.Document()
    shown = [entry for entry in tags if entry.example and not entry.example.endswith("…") and "draft" not in entry.tag]
    for entry in shown:
        paper.add_paragraph(entry.tag)
    target = BytesIO()
    paper.save(target)
    template = drafts.compiled(target.getvalue())
    book = Book(CATALOG, rows or vocabulary.check.invented(CATALOG))
    row = vocabulary.example(book, name)
    said = word.paragraphs_of(template.render(names(Reading(book), row, draft=True)))
    assert [re.sub(r"\s+", " ", one) for one in said if one] == [entry.example for entry in shown]


def test_the_list_of_an_order_has_what_its_template_asks_for() -> None:
    tags = {entry.tag: entry for entry in vocabulary.of_document(CATALOG, sample.register(CATALOG), "order_pairs")}
    assert tags["{{ signer|initials }}"].example.endswith("Лихачева")
    assert tags["{{ org.short_name }}"].example == "ГБПОУ «АИК»"
    assert tags["{%p for one in row.teams %}"].example == "строк: 3"
