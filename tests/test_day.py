"""Days as strangers have them: forms filled in other ways, a curator's slips, files that are no forms."""

import io
import re
from datetime import datetime

import openpyxl
import pytest

from pipeline.intake import form_sheet
from tests.office_day import PAIR, after, begun


@pytest.fixture
def day(tmp_path):
    """A working day that begins as in life: the register and the blanks are there, nobody has come yet."""
    return after(begun, tmp_path / "college")


def filled(day, form, answers, **typed):
    """A blank from the folder, filled with good answers, some of them typed otherwise; keys as on the form."""
    declared = day.catalog.forms[form]
    blank = (day.space.blanks / form_sheet.name(declared)).read_bytes()
    values = {**form_sheet.shown(declared, answers), **{f"nastavnik:{key}": text for key, text in typed.items()}}
    book = openpyxl.load_workbook(io.BytesIO(blank))
    for row in book.worksheets[0].iter_rows():
        if row[0].value in values:
            row[2].value = values[row[0].value]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def by_form(day):
    return {one.form: one.answers for one in reversed(day.pair_forms())}


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ({"surname": "  ОРЛОВА-белая ", "name": "АННА"}, {"surname": "ОРЛОВА-белая", "name": "Анна"}),
        ({"surname": "петрова - водкина"}, {"surname": "Петрова-Водкина"}),
        ({"patronymic": "Нет отчества"}, {"patronymic": "–"}),
        ({"patronymic": "Мохаммед Али"}, {"patronymic": "Мохаммед Али"}),
        ({"patronymic": "талант уулу", "sex": "м"}, {"patronymic": "Талант уулу"}),
        ({"birth": "05. 11. 1975"}, {"birth": "1975-11-05"}),
        ({"birth": "05.11.1975 0:00:00"}, {"birth": "1975-11-05"}),
        ({"birth": datetime(1975, 11, 5)}, {"birth": "1975-11-05"}),
        ({"number": 77}, {"number": "77"}),
    ],
)
def test_a_person_is_read_as_people_type_themselves(day, typed, read_as):
    given = {**by_form(day)["consent_data"], "people.patronymic": "–"}
    day.drop_file("согласие.xlsx", filled(day, "consent_data", given, **typed))
    day.turn()
    [person] = day.book()["people"].values()
    assert {key: person[key] for key in read_as} == read_as


def test_a_fate_says_each_thing_once(day):
    forms = by_form(day)
    day.drop_file("хорошее.xlsx", filled(day, "consent_data", forms["consent_data"]))
    day.drop_file("плохое.xlsx", filled(day, "consent_pair", forms["consent_pair"], birth="31.02.1975"))
    day.turn()
    assert not re.search(r"(\b\w[\w ]+)\. \1", day.fates())


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [("Анкета.xlsx – ярлык.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(60), "Это ярлык, а не сам файл")],
)
def test_what_is_no_form_but_was_dropped_by_a_person_gets_an_answer(day, name, data, told):
    day.drop_file(name, data)
    day.turn()
    assert told in day.fates()
    assert not (day.space.inbox / name).exists()
    assert any(path.read_bytes() == data for path in day.space.state.rglob("*") if path.is_file())


def test_an_unreadable_cell_of_one_pair_keeps_no_other_pair_from_its_order(day):
    for seed in (1, 2):
        day.drop(day.pair_forms(seed))
    day.turn()
    day.curator.mark_signatures(day.now.date())
    mentors, mentees = sorted(day.book()["mentors"]), sorted(day.book()["mentees"])
    day.write("П-0001", **{**PAIR, "mentor": mentors[0], "mentee": mentees[0]})
    day.write("П-0002", **{**PAIR, "mentor": mentors[1], "mentee": mentees[1], "end": "31 мая 27"})
    day.turn()
    assert [day.row(code)["state"] for code in ("П-0001", "П-0002")] == ["В приказе", "Согласована"]
    assert "«Окончание»: не читается" in day.row("П-0002")["missing"]
    assert any("Закрепление пар" in name for name in day.papers())
