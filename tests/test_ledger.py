from pathlib import Path

from pipeline import catalog, ledger
from pipeline.journal import Codes
from pipeline.model import Edit, Question

LAYOUT = catalog.Layout(
    sheets=(
        catalog.Sheet(
            key="people",
            title="Люди",
            prefix="Л",
            hint="",
            label="{name}",
            columns=(
                catalog.Column(key="name", title="Имя"),
                catalog.Column(key="mark", title="Отметка", after_signing=True),
            ),
        ),
    ),
    lists={},
)


def book(*edits: Edit, removed: frozenset[str] = frozenset(), frozen=None) -> ledger.Ledger:
    return ledger.Ledger(LAYOUT, Codes([], {"people": "Л"}), ledger.Hand(edits, removed, frozen or {}))


def edit(value, seq=1, column="name", code="Л-0001"):
    return Edit(seq, 1, "people", code, column, value)


def test_what_the_curator_wrote_counts_over_any_form():
    one = book(edit("Анна"))
    one.propose("people", "Л-0001", {"name": "Инна"})
    assert one.row("people", "Л-0001")["name"] == "Анна"
    assert one.proposal("people", "Л-0001", "name") == "Инна"


def test_a_blanked_cell_is_handed_back_to_the_form():
    one = book(edit("Анна"), edit(None, 2))
    one.propose("people", "Л-0001", {"name": "Инна"})
    assert one.row("people", "Л-0001")["name"] == "Инна"


def test_a_dash_means_deliberately_empty():
    one = book(edit("–"))
    one.propose("people", "Л-0001", {"name": "Инна"})
    assert one.row("people", "Л-0001")["name"] == ""
    assert one.row("people", "Л-0001").cells["name"] == "–"


def test_a_row_she_removed_stays_removed():
    one = book(removed=frozenset({"Л-0001"}))
    one.propose("people", "Л-0001", {"name": "Инна"})
    assert one.rows("people") == []


def test_a_coded_row_without_content_is_no_row():
    assert book(edit("Анна"), edit(None, 2)).rows("people") == []


def test_a_row_she_typed_into_an_empty_coded_one_is_a_row():
    assert [row.code for row in book(edit("Анна", code="Л-0007")).rows("people")] == ["Л-0007"]


def test_a_frozen_row_changes_only_where_it_may_after_signing():
    one = book(edit("Анна"), edit("да", 2, "mark"), frozen={"Л-0001": {"name": "Инна"}})
    one.propose("people", "Л-0001", {"name": "Яна"})
    assert dict(one.row("people", "Л-0001").cells) == {"name": "Инна", "mark": "да"}


def test_computed_cells_are_never_overlaid():
    one = book(edit("Анна"))
    one.show("people", "Л-0001", {"name": "по правилу"})
    assert one.row("people", "Л-0001")["name"] == "по правилу"


def test_the_same_doubt_is_one_question():
    one = book()
    one.ask(Question("a", "первый"))
    one.ask(Question("a", "второй"))
    assert [question.text for question in one.questions.values()] == ["первый"]


def test_a_code_is_given_once_for_ever():
    codes = Codes([("people", "x", "Л-0041")], {"people": "Л"})
    assert codes.give("people", "x") == "Л-0041"
    assert codes.give("people", "y") == "Л-0042"
    assert codes.fresh == [("people", "y", "Л-0042")]


def test_a_reference_reads_as_its_sheet_says():
    assert ledger.label(LAYOUT.sheet("people"), book(edit("Анна")).row("people", "Л-0001")) == "Анна"


def test_the_shipped_register_layout_is_sound():
    layout = catalog.Layout.model_validate(
        __import__("yaml").safe_load(Path("config/register.yaml").read_text("utf-8"))
    )
    prefixes = [sheet.prefix for sheet in layout.sheets]
    assert len(set(prefixes)) == len(prefixes)
    for sheet in layout.sheets:
        titles = [column.title for column in sheet.columns]
        assert len(set(titles)) == len(titles), sheet.key
        assert all(not column.ref or layout.sheet(column.ref) for column in sheet.columns)
