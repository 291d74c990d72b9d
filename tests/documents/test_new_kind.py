"""The administrator's page, «Новый вид приказа»: its example, step by step, gives a document without any core code."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import docx
import pytest

from pipeline import catalog
from pipeline.catalog import Catalog
from pipeline.documents import check, drafts
from pipeline.documents.context import Book
from pipeline.model import Row
from pipeline.office import word
from tests.documents import sample

PAGE = (sample.ROOT / "docs/ru/shablony.md").read_text("utf-8")
KIND = "Проведение семинара"


@pytest.fixture
def extended(tmp_path: Path) -> Catalog:
    """A workspace whose administrator did what the page says."""
    for part in ("config", "templates"):
        shutil.copytree(sample.ROOT / part, tmp_path / part)
    orders = tmp_path / "config/orders.yaml"
    said = dict(re.findall(r"`(title|series|clause|about|needs): ([^`]*)`", PAGE))
    entry = "".join(f"    {key}: {text}\n" for key, text in said.items())
    orders.write_text(f"{orders.read_text('utf-8').rstrip()}\n  -{entry[3:]}", "utf-8")
    folder = tmp_path / "templates/documents/order_seminar"
    shutil.copytree(folder.with_name("order_event"), folder)
    text = (folder / "document.yaml").read_text("utf-8")
    for key, value in {
        "name": "order_seminar",
        "title": "Приказ о проведении семинара",
        "file_name": '"{code} Семинар{draft}"',
    }.items():
        text = re.sub(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
    text = re.sub(r"kind: \[[^\]]*\]", f"kind: [{KIND}]", text)
    (folder / "document.yaml").write_text(text, "utf-8")
    paper = docx.Document(str(folder / "template.docx"))
    paper.add_paragraph("Семинар проводит {{ curator|short }}.")
    paper.save(str(folder / "template.docx"))
    return catalog.load(tmp_path)


def test_the_example_of_the_page_gives_a_document(extended: Catalog) -> None:
    assert check.mistakes(extended) == ()
    assert KIND in extended.layout.lists["order_kinds"]
    rows = sample.register(extended)
    cells = {
        "kind": KIND,
        "about": "СБ-0001",
        "substitute": "Л-0002",
        "drafted": "составляет программа",
        "state": "Проект",
    }
    book = Book(extended, {**rows, "orders": {**rows["orders"], "ПК-0030": Row("orders", "ПК-0030", cells)}})
    [one] = [due for due in drafts.due(book) if due.row.code == "ПК-0030"]
    made = drafts.make(book, one, sample.TODAY)
    assert (made.questions, made.mistakes) == ((), ())
    assert made.path == "outbox/Приказы/2026/ПК-0030 Семинар – ПРОЕКТ.docx"
    assert "Семинар проводит Ковальчук" in word.text_of(made.data)
