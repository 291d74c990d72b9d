"""The regulation's clauses, each with the papers it calls for; every paper is made by a year that starts from forms.

After a change of words run ``python -m tests.documents.story`` and read what changed in ``golden/``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents import sample, story

CATALOG = sample.load()
NAMES = sorted(name for name in CATALOG.documents if not name.startswith(story.ELSEWHERE))

CLAUSES = {
    "3": ("programme", "acquaintance"),
    "4.3": ("order_absence",),
    "5.3": ("programme",),
    "5.4": ("programme",),
    "6.1": ("order_regulation",),
    "6.2": ("order_pairs", "consent_mentor"),
    "6.3.3": ("order_curator",),
    "6.3.4": ("order_roadmap",),
    "6.3.5": ("order_pairs", "consent_pair"),
    "6.4.1": ("order_curator",),
    "7.1.1": ("application_helper",),
    "7.1.2": ("application_access",),
    "7.1.3": ("application_release", "order_release"),
    "7.2.6": ("application_award", "memo_discipline", "order_award"),
    "8.1.4": ("application_proposal",),
    "8.1.5": ("application_replacement", "order_replacement"),
    "9.2": ("order_pairs",),
    "10.1": ("application_completion", "order_completion", "report_mentor", "plan_report"),
    "10.2": ("application_change", "order_change", "programme"),
    "11.1": ("consent_dissemination",),
    "12.1": ("order_regulation",),
    "12.3": ("order_amendment",),
    "Приложение 1": ("roadmap",),
    "Приложение 1, этап 2": ("memo_mentee", "consent_data"),
    "Приложение 1, этап 3": ("memo_mentor", "consent_data"),
    "Приложение 1, этап 6": ("order_event",),
    "статья 351.8 ТК РФ": ("agreement", "agreement_notice", "order_pay"),
    "статья 21 закона № 152-ФЗ": ("destruction_act", "destruction_log"),
}
"""What the regulation (and the Labour code) calls a paper for; a clause is the number of its point and sub-point."""


def claims(name: str) -> str:
    return CATALOG.documents[name].clause


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_clause_that_calls_for_a_paper_has_its_document_and_the_document_names_it(clause: str) -> None:
    for name in CLAUSES[clause]:
        assert clause in claims(name), f"{name}: {claims(name)}"


@pytest.mark.parametrize("name", sorted(CATALOG.documents))
def test_every_document_is_called_for_by_a_clause(name: str) -> None:
    assert any(name in papers for papers in CLAUSES.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_document_has_a_golden_text(name: str) -> None:
    assert (story.GOLDEN / f"{name}.txt").is_file(), "python -m tests.documents.story"


def test_every_golden_text_belongs_to_a_document() -> None:
    assert {path.stem for path in story.GOLDEN.glob("*.txt")} == set(NAMES)


def test_a_year_that_starts_from_dropped_forms_makes_every_paper_word_for_word(tmp_path: Path) -> None:
    told = story.tell(tmp_path / "college")
    assert set(NAMES) <= told.texts.keys()
    questions = [row["text"] for row in told.day.book()["questions"].values() if row["state"] == "Открыт"]
    assert [text for text in questions if "«site» в config/organisation.yaml" not in text] == []
    for name in NAMES:
        assert story.text_of(told, name) == (story.GOLDEN / f"{name}.txt").read_text("utf-8"), name
