import sqlite3
from datetime import date, datetime

import pytest

from pipeline import journal as journals
from pipeline import steps
from pipeline.journal import Journal, LaterVersion, Paper, Put, Save, Told, pack, reading_of
from pipeline.model import Question, Submission

NOW = datetime(2026, 11, 22, 12, 0)
TOLD = Told("ok", "same", "late")


@pytest.fixture
def journal(tmp_path):
    one = Journal(tmp_path / "journal.sqlite3")
    yield one
    one.close()


def filled(sha="a", **answers: str) -> Submission:
    return Submission(0, sha, "mentee", "mentees", "2026-2027", date(2026, 11, 22), "archive/x", answers)


def test_the_same_content_is_one_with_two_arrivals(journal):
    first = journal.receive("1", "sha", "Анкета.xlsx", NOW)
    second = journal.receive("2", "sha", "Анкета (2).xlsx", NOW)
    assert first.number == second.number == 1
    assert len(journal.arrivals(NOW)) == 2
    assert journal.unfinished() == ["sha"]


def test_a_round_is_made_only_by_a_changed_answer(journal):
    assert journal.record(filled("a", x="1"), "who", TOLD, NOW)
    assert not journal.record(filled("b", x="1"), "who", TOLD, NOW)
    assert journal.record(filled("c", x="2"), "who", TOLD, NOW)
    assert journal.record(filled("a", x="1"), "who", TOLD, NOW)
    assert [one.answers["x"] for one in journal.submissions()] == ["1", "2", "1"]


def test_an_older_round_is_no_duplicate_once_it_was_superseded(journal):
    journal.receive("1", "a", "a.xlsx", NOW)
    journal.understand("a", "mentee|who", reading_of({"x": "1"}), "archive/x")
    journal.record(filled("a", x="1"), "who", TOLD, NOW)
    assert journal.is_newest("a", "2026-2027")
    assert not journal.is_newest("a", "2027-2028")
    journal.record(filled("b", x="2"), "who", TOLD, NOW)
    assert not journal.is_newest("a", "2026-2027")


def test_a_form_that_had_to_wait_makes_no_round_over_a_later_one(journal):
    for sha, minute in (("early", 0), ("late", 5)):
        journal.receive(sha, sha, "Анкета.xlsx", NOW.replace(minute=minute))
    assert journal.record(filled("late", x="2"), "who", TOLD, NOW)
    assert not journal.record(filled("early", x="1"), "who", TOLD, NOW)
    assert [one.answers["x"] for one in journal.submissions()] == ["2"]
    assert [one.told for one in journal.arrivals(NOW)] == ["ok", "late"]


def test_a_content_over_which_the_program_died_twice_stands_behind_all_others(journal):
    for sha in ("deadly", "a", "b"):
        journal.receive(sha, sha, "x.xlsx", NOW)
    journal.attempt("deadly")
    assert journal.unfinished() == ["deadly", "a", "b"]
    journal.attempt("deadly")
    assert journal.unfinished() == ["a", "b", "deadly"]


def test_what_waits_for_something_that_passes_says_so_once_and_counts_no_attempt(journal):
    journal.receive("1", "sha", "x.xlsx", NOW)
    for minute in (1, 2):
        journal.attempt("sha")
        journal.postpone("sha", "нет места", NOW.replace(minute=minute), NOW)
    known = journal.received("sha")
    assert (known.state, known.attempts, known.again) == ("received", 0, NOW.replace(minute=2).isoformat())
    assert [event.state for event in journal.story("sha")] == ["received", "postponed"]
    assert journal.arrivals(NOW)[0].told == "нет места"


def test_a_save_of_hers_is_committed_whole_or_not_at_all(journal):
    save = Save(
        "sha", 3, [("people", "Л-0001", "name", "Анна")], [("pairs", "П-0001")], questions=[Question("q", "что?")]
    )
    broken = Save(
        "sha", 3, [("people", "Л-0001", "name", "Анна")], codes=[("people", "k", "Л-1"), ("people", "k", "Л-2")]
    )
    with pytest.raises(sqlite3.IntegrityError):
        journal.take_in(broken, NOW)
    assert journal.edits() == ()
    assert not journal.ingested("sha")
    journal.take_in(save, NOW)
    assert [(edit.code, edit.value, edit.revision) for edit in journal.edits()] == [("Л-0001", "Анна", 3)]
    assert journal.removed() == {"П-0001": 0}
    assert journal.ingested("sha")
    assert [(one.question.text, one.event, one.asked) for one in journal.questions()] == [("что?", True, NOW.date())]


def test_a_question_keeps_the_day_it_was_first_asked(journal):
    journal.ask([Question("q", "что?")], date(2026, 11, 1), event=False)
    journal.ask([Question("q", "что же?")], date(2026, 11, 9), event=False)
    [asked] = journal.questions()
    assert (asked.asked, asked.question.text) == (date(2026, 11, 1), "что же?")


def test_a_revision_gives_back_what_it_said(journal):
    cells = {"people": {"Л-0001": {"name": "Анна"}}}
    journal.intend(1, "sha", pack(cells), NOW)
    journal.mark(1, "published")
    assert journal.snapshot(1) == cells
    assert journal.snapshot(2) is None
    assert [one.state for one in journal.revisions()] == ["published"]


def test_decisions_are_kept_once(journal):
    journal.settle(
        [("people", "k", "Л-0001")], {"a": "Л-0001"}, {"ПК-0001": ("П-0001",), "ПК-0002": ()}, {"ПР-0001": {"x": "1"}}
    )
    assert journal.closed() == {"ПК-0001": ("П-0001",), "ПК-0002": ()}
    assert journal.frozen() == {"ПР-0001": {"x": "1"}}
    with pytest.raises(sqlite3.IntegrityError):
        journal.settle([("people", "other", "Л-0001")], {}, {}, {})


def test_our_own_papers_are_known_by_content(journal):
    journal.issue([Paper("order:ПК-0001:draft", "outbox/a.docx", "p")], [], NOW)
    journal.put(Put("inbox/Бланки/a.xlsx", "b"))
    journal.put(Put("inbox/На доработку/a.xlsx", "r", source="s"))
    assert journal.ours("p")
    assert journal.ours("b")
    assert not journal.ours("r"), "a form sent back is a form: handed in unchanged it gets its answer again"


def test_nothing_to_settle_writes_nothing(journal, monkeypatch):
    seen = []
    monkeypatch.setattr(steps, "listener", seen.append)
    journal.settle([], {}, {}, {})
    assert seen == []


def test_a_name_that_is_no_utf8_is_kept_readable(journal):
    journal.receive("1", "sha", b"\xc0\xed\xea.xlsx".decode("utf-8", "surrogateescape"), NOW)
    assert journal.arrivals(NOW)[0].name.endswith(".xlsx")


def test_a_journal_of_an_earlier_version_is_brought_up_to_date_and_one_of_a_later_version_is_refused(
    tmp_path, monkeypatch
):
    Journal(tmp_path / "journal").close()
    later = (*journals._SCHEMAS, "CREATE TABLE added(name TEXT PRIMARY KEY) STRICT;")
    with monkeypatch.context() as patched:
        patched.setattr(journals, "_SCHEMAS", later)
        opened = Journal(tmp_path / "journal")
        assert opened._db.execute("SELECT count(*) FROM added").fetchone() == (0,)
        opened.close()
    with pytest.raises(LaterVersion):
        Journal(tmp_path / "journal")
