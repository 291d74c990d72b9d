"""Made scans in every condition: how many sheets are recognised, and that none is ever taken for another's."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from pipeline import tokens
from pipeline.documents import drafts
from pipeline.documents.context import Book
from pipeline.office import square_reading
from tests import scan_pages as made
from tests.documents import sample

ROUNDS = 12
"""How often each condition is made at each resolution: 336 pages."""


def looked_at(page: made.Page, dots: int) -> list[str]:
    """Look at a page as the program does: at its own resolution, then finer."""
    finer = page.resize((page.width * 2, page.height * 2))
    return square_reading.look(iter([page, finer] if dots < 200 else [page])).codes


def sheets(folder: Path) -> list[tuple[str, made.Page]]:
    """Return our own sheets, made by an office program where there is one, each with its code."""
    catalog = sample.load()
    rows = sample.register(catalog)
    book = Book(catalog, rows)
    papers = [drafts.make(book, one, sample.TODAY) for one in drafts.due(book) if one.row.sheet == "consents"]
    known = [tokens.read(rows["consents"][paper.due.row.code]["token"]) for paper in papers]
    for number, paper in enumerate(papers):
        (folder / f"{number}.docx").write_bytes(paper.data)
    pages = made.printed([folder / f"{number}.docx" for number in range(len(papers))], folder)
    return [(token, first) for token, (first, *_) in zip(known, pages, strict=True)]


@pytest.mark.parametrize("condition", made.CONDITIONS)
def test_a_sheet_is_recognised_in_every_condition(condition):
    token = tokens.make(b"one", condition)
    dots = max(made.CONDITIONS[condition][0])
    page = made.worn(made.plain(token, 300), condition, dots, 1)
    assert looked_at(page, dots) == [token]


@pytest.mark.parametrize("seed", range(3))
def test_a_backside_is_blank_and_a_signed_page_is_not(seed):
    assert square_reading.look(iter([made.blank(seed=seed)])).blank
    covered = made.plain(tokens.make(b"one", str(seed)), 150)
    covered.paste(255, (covered.width // 2, 0, covered.width, covered.height // 4))
    found = square_reading.look(iter([made.worn(covered.resize((2480, 3508)), "shaded, grainy", 150, seed)]))
    assert (found.codes, found.blank) == ([], False)


def test_a_sheet_that_can_hardly_be_seen_is_no_backside():
    token = tokens.make(b"one", "faint")
    grey = made.plain(token, 100).point(lambda v: 250 - (255 - v) * 24 // 255)
    assert square_reading.look(iter([made.shaded(grey, random.Random(1))])).codes == [token]


@pytest.mark.prove
@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not on this machine")
def test_of_three_hundred_made_pages_ninety_nine_of_a_hundred_are_recognised_and_none_is_anothers(tmp_path, capsys):
    printed = sheets(tmp_path)
    whose = random.Random(1)
    seen: dict[tuple[str, int], list[bool]] = defaultdict(list)
    wrong = []
    for condition, (resolutions, _) in made.CONDITIONS.items():
        for dots in resolutions:
            for seed in range(ROUNDS):
                token, page = whose.choice(printed)
                found = looked_at(made.worn(page, condition, dots, seed), dots)
                seen[condition, dots].append(found == [token])
                wrong += [(condition, dots, seed)] if set(found) - {token} else []
    with capsys.disabled():
        print()
        for (condition, dots), results in seen.items():
            print(f"{condition:16} {dots:4} dpi: {sum(results):3} of {len(results)}")
    promised = [
        one for (condition, dots), results in seen.items() if dots >= 150 or condition == "clean" for one in results
    ]
    assert sum(map(len, seen.values())) >= 300
    assert not wrong
    assert sum(promised) >= 0.99 * len(promised)
