"""One consent from a dropped questionnaire over its scan to the act of destruction, on real files, day by day."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import tokens
from pipeline.intake import form_sheet
from pipeline.samples import Sample
from tests import scan_pages as made
from tests.office_day import PAIR, Day
from tests.test_erasure import contents

DATA, MENTOR = "Обработка персональных данных", "Работа в качестве наставника"


def withdrawal(day: Day, questionnaire: Sample, kinds: str) -> bytes:
    """The form «Отзыв согласия» as the mentor fills it."""
    person = {key: value for key, value in questionnaire.answers.items() if key.startswith("people.")}
    answers = {**person, "consents.kind": kinds, "consents.withdrawn": day.now.date().isoformat(),
               "consents.demand": "Уничтожить мои данные"}  # fmt: skip
    return form_sheet.make(day.catalog.forms["withdrawal"], day.catalog.organisation, answers)


def sheets(day: Day, work: Path) -> dict[str, made.Page]:
    """The printed sheets of what they agreed to; drawn alike where there is no LibreOffice to print them."""
    given = {code: row for code, row in day.book()["consents"].items() if row.get("answer") == "Согласен"}
    if not shutil.which("soffice"):
        return {code: made.plain(tokens.read(row["token"]), 300) for code, row in given.items()}
    work.mkdir()
    papers = [next((day.space.outbox / "Согласия").rglob(f"{code} *.docx")) for code in given]
    return {code: page for code, [page] in zip(given, made.printed(papers, work), strict=True)}


def scan(day: Day, pages: list[made.Page]) -> None:
    """Everybody signs; one sheet is photographed, the others go through the scanner, aslant, with a backside."""
    by_hand = made.worn(pages[0], "telephone", 150, 1)
    day.drop_file("фото.jpg", made.jpeg(by_hand, 150, 60))
    conditions = ("any angle", "everything", "JPEG 35", "shaded, grainy")
    worn = [made.worn(page, conditions[number % 4], 150, number) for number, page in enumerate(pages[1:])]
    day.drop_file("сканы.pdf", made.pdf([*worn, made.blank(150)], 150))


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


@pytest.mark.prove
def test_from_a_questionnaire_to_the_act_of_destruction(tmp_path):
    day = Day(tmp_path / "college")
    forms = day.pair_forms()
    day.drop(forms)
    day.turn()
    day.write("П-0001", **PAIR)
    day.turn()
    assert day.row("П-0001")["state"] == "Ждёт согласий"
    assert "ждём подпись (С-0001" in day.row("П-0001")["missing"]
    printed = sheets(day, tmp_path / "printer")
    scan(day, list(printed.values()))
    day.turn()
    scanned = {code: row["scan"] for code, row in day.book()["consents"].items() if row["state"] == "Скан получен"}
    assert len(printed) == 5 and scanned.keys() == printed.keys() and len(set(scanned.values())) == 5
    assert (
        day.row("П-0001")["state"] == "Ждёт согласий" and "проверьте подпись (С-0001)" in day.row("П-0001")["missing"]
    )
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
    own = [row["scan"] for row in day.book()["consents"].values() if row["person"] == mentor and row.get("scan")]
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
    archived = {f"{path.name[:8]}-{path.stem[-1]}.pdf" for path in day.space.archive.rglob("*.pdf")}
    assert len(own) == 3 and archived == set(scanned.values()) - set(own)
    act = day.row("УД-0001")
    assert act["reason"] == "отзыв согласия от 02.12.2026"
    assert "ПК-0003 № 61-од от 08.12.2026: постоянно" in act["kept"]
    person = forms[0].answers
    found = left(day, [person["people.email"], " ".join(person[f"people.{key}"] for key in ("surname", "name"))])
    assert all(path.startswith(("outbox/Приказы/", day.space.relative(day.space.kept))) for path in found), found


def _status(day: Day) -> list[str]:
    with day.opened() as office:
        return office.status()
