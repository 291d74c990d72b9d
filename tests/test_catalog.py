import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from pipeline import catalog

HOUSE = Path(__file__).resolve().parent.parent


@pytest.fixture
def root(tmp_path):
    for part in ("config", "templates"):
        shutil.copytree(HOUSE / part, tmp_path / part)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def mistakes(root: Path) -> str:
    try:
        flaws = catalog.load(root).flaws
    except catalog.SetupMistake as caught:
        return str(caught)
    assert flaws
    return "\n".join(text for mistakes in flaws.values() for text in mistakes)


def test_what_is_shipped_is_in_order(root):
    whole = catalog.load(root)
    assert {"mentee", "mentor", "order_registration"} <= set(whole.forms)
    assert {"order_pairs", "programme", "roadmap"} <= set(whole.documents)


def test_a_misspelt_key_is_named_with_its_file_line_and_nearest_known_key(root):
    change(root / "config/policy.yaml", "year_turns:", "year_turn:")
    said = mistakes(root)
    assert "config/policy.yaml, строка 3: ключ «year_turn» неизвестен. Возможно, имелось в виду «year_turns»." in said


def test_a_misspelt_key_deep_in_a_list_is_found_too(root):
    change(
        root / "config/register.yaml",
        "{key: surname, title: Фамилия, width: 18",
        "{key: surname, titel: Фамилия, width: 18",
    )
    assert "ключ «titel» неизвестен. Возможно, имелось в виду «title»" in mistakes(root)


def test_every_mistake_is_told_at_once(root):
    change(root / "config/policy.yaml", "empty_rows: 20", "empty_rows: двадцать")
    change(root / "config/organisation.yaml", "place:", "plase:")
    said = mistakes(root)
    assert "«empty_rows»: значение «двадцать» не подходит" in said
    assert "«plase» неизвестен" in said
    assert "обязательного ключа «place»" in said


def test_a_key_written_twice_is_no_silent_choice(root):
    path = root / "config/policy.yaml"
    path.write_text(path.read_text("utf-8") + "\nempty_rows: 5\n", "utf-8")
    assert "ключ «empty_rows» записан дважды" in mistakes(root)


@pytest.mark.parametrize("broken", ["a: [1", "\ta: 1", "a: b: c"])
def test_broken_yaml_is_named_with_its_line(root, broken):
    (root / "config/words.yaml").write_text(broken, "utf-8")
    assert "config/words.yaml, строка" in mistakes(root)


def test_a_file_in_another_encoding_is_said_to_be_so(root):
    (root / "config/words.yaml").write_bytes("names: {Швец: {gen: Швеца}}".encode("cp1251"))
    assert "не в кодировке UTF-8" in mistakes(root)


@pytest.mark.parametrize("name", ["config/organisation.yaml", "templates/documents/programme/template.docx"])
def test_a_missing_file_is_named(root, name):
    (root / name).unlink()
    assert f"{name}: файла нет" in mistakes(root)


def test_a_form_that_fills_an_unknown_column_is_a_mistake(root):
    change(root / "templates/forms/mentee/form.yaml", "mentees.request", "mentees.reqest")
    assert "«mentees.reqest» нигде не объявлено. Возможно, имелось в виду «mentees.request»" in mistakes(root)


def test_a_school_year_turns_where_policy_says():
    policy = catalog.load(HOUSE).policy
    assert policy.year_of(date(2026, 5, 31)) == "2025-2026"
    assert policy.year_of(date(2026, 6, 1)) == "2026-2027"
    assert policy.year_of(date(2027, 1, 15)) == "2026-2027"


def test_the_digest_changes_with_any_file(root):
    before = catalog.load(root).digest
    change(root / "config/policy.yaml", "empty_rows: 20", "empty_rows: 21")
    assert catalog.load(root).digest != before


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("config/register.yaml", "ref: people", "ref: peple", "«peple» нигде не объявлено. Возможно"),
        ("config/policy.yaml", 'year_turns: "06-01"', 'year_turns: "13-45"', "«year_turns»: значение «13-45» не"),
        ("config/policy.yaml", "[скоростное]", "[скоросное]", "«скоросное» нигде не объявлено. Возможно"),
        ("config/policy.yaml", "Участие в наставнической паре", "Участие в паре", "нигде не объявлено. Возможно"),
    ],
)
def test_a_name_that_another_file_does_not_know_is_a_mistake(root, file, old, new, said):
    change(root / file, old, new)
    assert said in mistakes(root)


def test_a_document_never_leaves_the_outbox(root):
    path = root / "templates/documents/programme/document.yaml"
    path.write_text(re.sub(r"(?m)^folder: .*$", "folder: ../../{year}", path.read_text("utf-8")), "utf-8")
    assert "за пределы outbox" in mistakes(root)


def test_a_form_folder_without_its_declaration_is_named(root):
    (root / "templates/forms/mentee/form.yaml").unlink()
    assert "templates/forms/mentee/form.yaml: файла нет" in mistakes(root)


def test_a_bad_entry_of_a_document_leaves_the_others_in_use(root):
    change(root / "templates/documents/programme/document.yaml", "sheet: programmes", "sheet: programs")
    change(root / "templates/documents/roadmap/document.yaml", "sheet: orders", "shet: orders")
    whole = catalog.load(root)
    assert set(whole.flaws) == {"programme", "roadmap"}
    assert "order_pairs" in whole.documents
    assert not {"programme", "roadmap"} & set(whole.documents)
