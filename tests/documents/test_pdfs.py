"""The PDF beside each DOCX: laid once it is made, gone with its DOCX, a person's own from the moment she touches it."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from hashlib import sha256

import pytest

from pipeline.model import Rows
from tests.documents import sample
from tests.documents.test_drafts import CATALOG, DRAFT, ORDER, PROGRAMME, Outbox, to_sign


def pdf_of(path: str) -> str:
    return path.removesuffix(".docx") + ".pdf"


class Printed(Outbox):
    """An outbox in which every DOCX that was laid can get its PDF before the next plan."""

    def print_all(self) -> None:
        for one in self.journal.values():
            if one.path.endswith(".docx") and not one.newer:
                self.pdfs.setdefault(one.sha, b"%PDF " + one.sha.encode())

    def settle(self, rows: Rows) -> None:
        self.print_all()
        while self.turn(rows).actions:
            self.print_all()

    def pdfs_there(self) -> set[str]:
        return {path for path in self.disk if path.endswith(".pdf")}


@cache
def settled() -> Printed:
    made = Printed()
    made.settle(sample.register(CATALOG))
    return made


@pytest.fixture
def outbox() -> Printed:
    """An outbox in which everything lies."""
    return deepcopy(settled())


def test_every_paper_gets_the_pdf_that_was_made_of_it(outbox: Printed) -> None:
    papers = {path for path in outbox.disk if path.endswith(".docx")}
    assert {DRAFT, PROGRAMME} <= papers
    assert outbox.pdfs_there() == {pdf_of(path) for path in papers}
    for path in papers:
        assert outbox.disk[pdf_of(path)] == b"%PDF " + sha256(outbox.disk[path]).hexdigest().encode()
    assert outbox.turn(sample.register(CATALOG)).actions == ()


def test_a_pdf_goes_when_its_paper_is_replaced_and_comes_back_new(outbox: Printed) -> None:
    rows = sample.register(CATALOG, П_0001={"end": "2027-05-31"})
    before, old = dict(outbox.disk), outbox.disk[pdf_of(DRAFT)]
    outbox.turn(rows)
    changed = {path for path in before if outbox.disk.get(path) != before[path] and path.endswith(".docx")}
    assert DRAFT in changed
    assert not {pdf_of(path) for path in changed} & outbox.disk.keys()
    assert pdf_of(PROGRAMME) in outbox.disk or PROGRAMME in changed
    outbox.settle(rows)
    assert outbox.disk[pdf_of(DRAFT)] != old


def test_a_pdf_follows_its_order_from_the_draft_to_the_clean_edition(outbox: Printed) -> None:
    outbox.settle(to_sign())
    assert pdf_of(DRAFT) not in outbox.disk
    assert pdf_of(ORDER) in outbox.disk


def test_the_pdf_of_a_signed_order_stays_as_it_is(outbox: Printed) -> None:
    outbox.settle(to_sign())
    before = outbox.disk[ORDER], outbox.disk[pdf_of(ORDER)]
    outbox.settle(sample.signed(CATALOG))
    assert (outbox.disk[ORDER], outbox.disk[pdf_of(ORDER)]) == before


def test_a_pdf_that_a_person_deleted_never_comes_back(outbox: Printed) -> None:
    del outbox.disk[pdf_of(PROGRAMME)]
    outbox.settle(sample.register(CATALOG))
    assert pdf_of(PROGRAMME) not in outbox.disk
    outbox.settle(sample.register(CATALOG, ПР_0001={"goal": "Другая цель."}))
    assert not {path for path in outbox.pdfs_there() if "ПР-0001 Программа" in path}


def test_a_pdf_that_a_person_signed_stays_and_the_newer_lies_beside(outbox: Printed) -> None:
    outbox.disk[pdf_of(PROGRAMME)] += b" signed"
    outbox.settle(sample.register(CATALOG))
    assert outbox.disk[pdf_of(PROGRAMME)].endswith(b" signed")
    outbox.settle(sample.register(CATALOG, ПР_0001={"goal": "Другая цель."}))
    assert outbox.disk[pdf_of(PROGRAMME)].endswith(b" signed")
    [newer] = {path for path in outbox.pdfs_there() if "ПР-0001 Программа" in path} - {pdf_of(PROGRAMME)}
    assert "новая редакция" in newer


@pytest.mark.parametrize("deleted", [False, True])
def test_the_pdf_goes_when_a_person_changes_or_takes_its_paper(outbox: Printed, *, deleted: bool) -> None:
    outbox.disk[PROGRAMME] += b" hers"
    if deleted:
        del outbox.disk[PROGRAMME]
    outbox.settle(sample.register(CATALOG))
    assert pdf_of(PROGRAMME) not in outbox.disk
    assert pdf_of(DRAFT) in outbox.disk


def test_a_pdf_that_a_person_made_herself_is_enough(outbox: Printed) -> None:
    outbox = Printed()
    outbox.disk[pdf_of(PROGRAMME)] = b"hers"
    outbox.settle(sample.register(CATALOG))
    assert outbox.disk[pdf_of(PROGRAMME)] == b"hers"
    assert not {path for path in outbox.pdfs_there() if "ПР-0001 Программа" in path} - {pdf_of(PROGRAMME)}


def test_when_pdfs_are_wanted_no_more_those_that_nobody_touched_go(outbox: Printed) -> None:
    outbox.disk[pdf_of(PROGRAMME)] += b" signed"
    outbox.pdfs.clear()
    while outbox.turn(sample.register(CATALOG)).actions:
        pass
    assert outbox.pdfs_there() == {pdf_of(PROGRAMME)}
