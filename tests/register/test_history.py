from datetime import datetime, timedelta

import pytest

from pipeline import __main__ as commands
from pipeline import catalog
from pipeline.model import Edit
from pipeline.office import cells
from pipeline.register import history
from tests.office_day import PAIR, after, taken_in

NOW = datetime(2026, 11, 22, 12, 0)
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
                catalog.Column(key="state", title="Состояние", owner="program"),
            ),
        ),
    ),
    lists={},
)


def view(**cells: str):
    return {"people": {"Л-0001": cells}}


def test_a_difference_names_the_cell_both_values_and_who_changed_it():
    edits = [Edit(1, 1, "people", "Л-0001", "name", "Анна")]
    found = history.differences(LAYOUT, view(name="Инна"), view(name="Анна", state="готово"), edits)
    assert [(one.column, one.old, one.new, one.who) for one in found] == [
        ("name", "Инна", "Анна", "curator"),
        ("state", "", "готово", "rule"),
    ]
    [form] = history.differences(LAYOUT, view(name="Инна"), view(name="Яна"), edits)
    assert form.who == "form"


def test_only_what_she_edited_is_undone():
    edits = [Edit(1, 1, "people", "Л-0001", "name", "Анна")]
    assert history.undoing(LAYOUT, view(name="Анна"), view(name="Инна"), edits) == [
        ("people", "Л-0001", "name", "Инна")
    ]
    assert history.undoing(LAYOUT, view(name="Анна"), view(), edits) == [("people", "Л-0001", "name", None)]
    assert history.undoing(LAYOUT, view(name="Яна"), view(name="Инна"), []) == []


def test_a_row_that_she_removed_was_changed_by_her():
    found = history.differences(LAYOUT, view(name="Инна"), {"people": {}}, [], {"Л-0001"})
    assert [(one.old, one.new, one.who) for one in found] == [("Инна", "", "curator")]


def test_copies_are_all_kept_for_a_week_and_one_a_day_for_a_month():
    copies = [(str(hours), NOW - timedelta(hours=hours)) for hours in range(0, 24 * 40, 6)]
    dropped = set(history.outlived(copies, NOW))
    ages = {sha: int(sha) / 24 for sha, _ in copies}
    assert not any(ages[sha] <= 7 for sha in dropped)
    assert all(sha in dropped for sha, age in ages.items() if age > 30)
    kept = [NOW - timedelta(hours=int(sha)) for sha in ages.keys() - dropped if 8 < ages[sha] <= 30]
    assert len({at.date() for at in kept}) == len(kept) >= 20


@pytest.fixture
def day(tmp_path):
    return after(taken_in, tmp_path / "college")


def test_a_return_to_a_revision_undoes_her_edits_and_keeps_what_forms_brought(day):
    person = min(day.book()["people"])
    first = day.row(person)["post"]
    day.write(person, post="другая должность")
    day.write("П-0001", **PAIR)
    day.turn()
    assert day.row("П-0001")["state"]
    day.ask_for("restore", "1")
    day.turn()
    assert day.row(person)["post"] == first
    assert not day.book()["pairs"]
    assert len(day.book()["people"]) == 2


def test_rows_gone_in_a_mass_hold_the_register_until_a_command_decides(day):
    day.write("П-0001", **PAIR)
    day.turn()
    saved, consents = day.space.register.read_bytes(), day.book()["consents"].keys()
    day.delete_rows("Согласия", 5)
    held = day.turn()
    assert "пропали строки" in held.held
    assert "register accept" in held.held
    assert "register discard" in held.held
    broken = day.space.register.read_bytes()
    day.drop(day.pair_forms(seed=5))
    assert day.turn().taken == 7, "intake goes on"
    assert day.space.register.read_bytes() == broken, "nothing is written meanwhile"
    day.ask_for("discard")
    assert day.turn().held == ""
    assert consents < day.book()["consents"].keys()
    assert saved != broken


def test_a_held_save_may_be_taken_as_it_is(day):
    before = day.book()["consents"].keys()
    day.delete_rows("Согласия", 5)
    assert day.turn().held
    day.ask_for("accept")
    assert day.turn().held == ""
    after = day.book()["consents"].keys()
    assert after < before
    assert len(before - after) == 5


def test_forms_that_come_together_are_written_at_once(day):
    for seed in (5, 6, 7):
        day.drop(day.pair_forms(seed))
    assert day.turn().taken == 21
    with day.opened() as office:
        assert office.register.revision() == 2


def test_the_commands_name_each_cell_both_values_and_who_changed_it(day, capsys):
    person = min(day.book()["people"])
    was = day.row(person)["post"]
    day.write(person, post="методист")
    day.turn()
    root = ["--root", str(day.space.root)]
    assert commands.main(["register", "diff", "1", "2", *root]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"{person}, «Должность»: {was} → методист (куратор)" in said
    assert commands.main(["register", "history", *root]) == 0
    assert "сохранение куратора (от редакции 1)" in capsys.readouterr().out
    commands.main(["register", "restore", "1", *root])
    assert day.row(person)["post"] == was
    commands.main(["register", "history", *root])
    assert "редакция 3" in capsys.readouterr().out


def test_the_register_says_its_revision_when_it_was_written_and_what_changed(day):
    day.drop(day.pair_forms(seed=5))
    day.turn()
    book = cells.read(day.space.register.read_bytes())
    told = {label.value: value.value for label, value in (row.values() for row in book.grids["О реестре"].rows.values()
            if len(row) == 2)}  # fmt: skip
    assert (told["Редакция (не меняйте)"], told["Последняя запись программы"]) == (2, "22.11.2026 12:00")
    assert "новых строк – " in told["Что записано"]


def test_every_revision_and_save_has_its_copy(day):
    day.write("П-0001", **PAIR)
    day.turn()
    with day.opened() as office:
        events = office.register.events()
        assert [(event.revision, event.hers) for event in events][:2] == [(1, False), (1, True)]
        assert all(event.copy.is_file() for event in events)
        assert any(one.who == "curator" and one.new == "Согласовать" for one in office.register.differences(1, 2))
