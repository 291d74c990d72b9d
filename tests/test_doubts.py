"""What the regulation itself leaves in doubt is said when the set-up is examined; it is no mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import catalog, setup
from pipeline.workspace import Workspace

HOUSE = Path(__file__).resolve().parents[1]


def doubts(tmp_path: Path, **organisation: object) -> list[str]:
    declared = catalog.load(HOUSE)
    changed = declared.organisation.model_copy(update=organisation)
    space = setup.make(tmp_path, demo=False)
    return setup.doubts(Workspace(space.root), type(declared)(**{**vars(declared), "organisation": changed}))


def test_a_regulation_older_than_the_law_on_mentoring_is_flagged(tmp_path: Path) -> None:
    assert "351.8" in " ".join(doubts(tmp_path))
    assert "351.8" not in " ".join(doubts(tmp_path, regulation_order="от 02.09.2025 № 12"))


@pytest.mark.parametrize(("post", "flagged"), [("методист", True), ("И.о. заместителя директора", False)])
def test_a_curator_who_is_no_deputy_is_flagged(tmp_path: Path, post: str, flagged: bool) -> None:
    curator = catalog.load(HOUSE).organisation.curator.model_copy(update={"post": post})
    assert ("6.4.1" in " ".join(doubts(tmp_path, curator=curator))) is flagged
