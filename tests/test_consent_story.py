"""One consent from a dropped questionnaire to the act of destruction, on real files, day by day."""

from datetime import datetime

from pipeline.intake import form_sheet
from pipeline.samples import Sample
from tests.office_day import PAIR, Day
from tests.test_erasure import contents

DATA, MENTOR = "Обработка персональных данных", "Работа в качестве наставника"


def withdrawal(day: Day, questionnaire: Sample, kinds: str) -> bytes:
    """The form «Отзыв согласия» as the mentor fills it."""
    person = {key: value for key, value in questionnaire.answers.items() if key.startswith("people.")}
    answers = {**person, "consents.kind": kinds, "consents.withdrawn": day.now.date().isoformat(),
               "consents.demand": "Уничтожить мои данные"}  # fmt: skip
    return form_sheet.make(day.catalog.forms["withdrawal"], day.catalog.organisation, answers)


def left(day: Day, words: list[str]) -> set[str]:
    return {
        day.space.relative(path)
        for path in day.space.root.rglob("*")
        if path.is_file() and any(w.encode() in part for w in words for part in contents(path.read_bytes()))
    }


def sign(day: Day, order: str, number: str) -> None:
    day.write(order, decision="На подпись")
    day.turn()
    day.write(order, number=number, day=day.now.date().isoformat())
    day.turn()


def test_from_a_questionnaire_to_the_act_of_destruction(tmp_path):
    day = Day(tmp_path / "college")
    forms = day.pair_forms()
    day.drop(forms)
    day.turn()
    day.write("П-0001", **PAIR)
    day.turn()
    assert day.row("П-0001")["state"] == "Ждёт согласий"
    assert "ждём подпись (С-0001" in day.row("П-0001")["missing"]
    day.curator.mark_signatures(day.now.date())
    day.turn()
    sign(day, day.row("П-0001")["order"], "57-од")
    assert day.row("П-0001")["state"] == "Действует"

    day.now = datetime(2026, 12, 2, 9, 0)
    day.drop_file("отзыв.xlsx", withdrawal(day, forms[0], f"{DATA}; {MENTOR}"))
    day.turn()
    row = day.row("П-0001")
    assert row["state"] == "Действует" and row["missing"].count("отозвано") == 2
    duties = {one["until"]: one["state"] for one in day.book()["duties"].values()}
    assert duties == {"2027-01-01": "Предстоит", "2026-12-07": "Предстоит"}
    assert "до 07.12.2026 – Прекратить работу наставника" in day.state()

    day.now = datetime(2026, 12, 8, 9, 0)
    day.turn()
    assert "ПРОСРОЧЕНО с 07.12.2026" in day.state()
    assert any("ПРОСРОЧЕНО" in line for line in _status(day))

    mentor = day.row(day.row("П-0001")["mentor"])["person"]
    day.ask_for("erase", mentor)
    day.turn()
    assert "пока нельзя уничтожить" in day.state() and day.row(mentor)

    day.write(
        "ПК-0003", kind="Сложение обязанностей наставника", about="П-0001", since="2026-12-08", basis="отзыв согласия"
    )
    day.turn()
    sign(day, "ПК-0003", "61-од")
    day.turn()
    assert not day.row(mentor) and not day.row("П-0001")
    act = day.row("УД-0001")
    assert act["reason"] == "отзыв согласия от 02.12.2026"
    assert "ПК-0003 № 61-од от 08.12.2026: постоянно" in act["kept"]
    person = forms[0].answers
    found = left(day, [person["people.email"], " ".join(person[f"people.{key}"] for key in ("surname", "name"))])
    assert all(path.startswith(("outbox/Приказы/", day.space.relative(day.space.kept))) for path in found), found


def _status(day: Day) -> list[str]:
    with day.opened() as office:
        return office.status()
