"""What a methodist may get wrong in a form's declaration is told with its file and the nearest known name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import catalog
from tests.intake import kit


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for part in ("config", "templates"):
        shutil.copytree(kit.HOUSE / part, tmp_path / part)
    return tmp_path


def said(root: Path, form: str, old: str, new: str) -> str:
    path = root / "templates/forms" / form / "form.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(catalog.SetupMistake) as caught:
        catalog.load(root)
    return str(caught.value)


def test_an_unknown_column_is_told_with_the_nearest_one(root: Path) -> None:
    assert "«mentees.request»" in said(root, "mentee", "mentees.request", "mentees.requst")


def test_an_unknown_word_in_braces_is_told(root: Path) -> None:
    assert "«full_name»" in said(root, "consent_data", "{full_name}", "{ful_name}")


def test_a_lone_brace_is_told(root: Path) -> None:
    assert "consent_data/form.yaml" in said(root, "consent_data", "{full_name}", "{full_name")


def test_an_answer_that_its_column_does_not_offer_is_told(root: Path) -> None:
    told = said(root, "consent_data", "kind: Обработка персональных", "kind: Обработка персональных и иных")
    assert "«Обработка персональных данных»" in told


def test_a_fixed_cell_of_no_column_is_told(root: Path) -> None:
    assert "«consents.kind»" in said(root, "consent_data", "{kind:", "{knd:")


def test_a_closed_question_without_answers_is_told(root: Path) -> None:
    assert "«disciplines»" in said(
        root, "mentor", "column: mentors.disciplines", "column: mentors.disciplines\n    kind: choice"
    )


def test_an_unknown_prefilled_answer_is_told(root: Path) -> None:
    assert "«code»" in said(root, "order_registration", "prefilled: [code]", "prefilled: [cod]")


def test_closed_questions_take_the_answers_of_their_column() -> None:
    fields = {one.column: one for one in kit.shipped().forms["mentor"].fields}
    assert fields["mentors.kinds"].options == kit.shipped().layout.lists["kinds"]
    assert fields["people.sex"].options == kit.shipped().layout.lists["sexes"]
