"""A school year at a small college: everything starts from dropped forms, and every kind of paper comes of it.

``python -m tests.documents.story`` writes the texts of the papers anew into ``golden/``, to be read before committing.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.intake import form_sheet
from pipeline.journal import Journal
from pipeline.office import word
from tests.office_day import Day

GOLDEN = Path(__file__).parent / "golden"
ELSEWHERE = ("consent_", "destruction_")
"""Kinds of papers of consents and erasure begin so; their own tests make them word for word."""
KEYS = ("surname", "name", "patronymic", "sex", "birth", "post")
PEOPLE = {
    "Бондаренко": ("Бондаренко", "Ольга", "Ивановна", "ж", "1975-03-08", "преподаватель математики"),
    "Осадчий": ("Осадчий", "Денис", "Олегович", "м", "1980-11-05", "мастер производственного обучения"),
    "Швец": ("Швец", "Роман", "Ильич", "м", "1999-05-12", "преподаватель специальных дисциплин"),
    "Дзюба": ("Дзюба", "Илья", "Петрович", "м", "1998-02-01", "педагог-психолог"),
    "Седых": ("Седых", "Пётр", "Фёдорович", "м", "2000-01-30", "преподаватель физики"),
}
MENTORS = ("Бондаренко", "Осадчий")
ONE_TO_ONE = "традиционное («один-на-один»)"
MENTOR = {"category": "высшая", "experience": "20", "competencies": "Методика занятий.", "capacity": "3",
          "disciplines": "математика", "hours": "2", "kinds": ONE_TO_ONE, "mode": "очно"}  # fmt: skip
MENTEE = {"experience": "1", "young": "да", "disciplines": "группа 11", "request": "Научиться планировать занятия.",
          "kinds": ONE_TO_ONE, "mode": "очно", "hours": "2", "difficulty_planning": "3",
          "difficulty_lessons": "2"}  # fmt: skip
TERM = {"form": "педагог – педагог", "mode": "очно", "start": "2026-10-01", "end": "2027-05-31",
        "decision": "Согласовать"}  # fmt: skip
GROUP = "наставничество в группе"


@dataclass
class Story:
    """The workspace, and every Word paper that ever lay in its outbox: document → path → text."""

    day: Day
    texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def turn(self, *date: int) -> None:
        """Let the program work, on another day if one is given, and remember the papers that lie there then."""
        if date:
            self.day.now = datetime(*date, 12)  # type: ignore[arg-type]
        self.day.turn()
        journal = Journal(self.day.space.journal)
        papers = [paper for paper in journal.papers() if paper.path.endswith(".docx") and paper.sha]
        journal.close()
        for paper in papers:
            text = word.text_of((self.day.space.root / paper.path).read_bytes())
            self.texts.setdefault(paper.key.split(":")[0], {})[paper.path] = text.replace("\u00a0", " ")

    def drop(self, who: str, form: str, **answers: str) -> None:
        """Somebody fills a blank and drops it."""
        declared = self.day.catalog.forms[form]
        given = dict(zip((f"people.{key}" for key in KEYS), PEOPLE[who], strict=True))
        given |= {f"{declared.sheet}.{key}": text for key, text in answers.items()}
        given["people.phone"] = "+7 949 000-00-00"
        for one in declared.fields:
            rating = one.column.startswith("mentors.strength_") or one.column.startswith("mentees.difficulty_")
            if rating and one.required:
                given.setdefault(one.column, one.options[0])
        data = form_sheet.make(declared, self.day.catalog.organisation, given)
        self.day.drop_file(f"{declared.file_name} {who} {len(list(self.day.space.inbox.iterdir()))}.xlsx", data)

    def write(self, sheet: str, rows: Mapping[str, Mapping[str, str]]) -> None:
        """The curator writes into rows and saves."""
        self.day.curator.write(sheet, rows)

    def codes(self, sheet: str, **cells: str) -> list[str]:
        """Return the codes of all rows that hold these cells."""
        rows = self.day.book()[sheet]
        return [code for code, row in rows.items() if all(row.get(key, "") == text for key, text in cells.items())]


def tell(root: Path) -> Story:
    """Live through the year in the folder ``root``."""
    story = Story(Day(root, datetime(2026, 9, 7, 12)))
    banks(story)
    pairs(story)
    orders_by_hand(story)
    applications(story)
    decisions(story)
    return story


def banks(story: Story) -> None:
    """Questionnaires and consents come in; the curator holds the signed papers."""
    for who in PEOPLE:
        mentor = who in MENTORS
        story.drop(who, "mentor" if mentor else "mentee", **(MENTOR if mentor else MENTEE))
        for form in ("consent_data", "consent_pair", *(["consent_mentor"] if mentor else [])):
            story.drop(who, form, answer="Согласен")
    story.turn()
    story.day.curator.mark_signatures(story.day.now.date())


def pairs(story: Story) -> None:
    """A pair and a group are approved; their order and the roadmap's are signed."""
    book = story.day.book()
    banks = {**book["mentors"], **book["mentees"]}
    role = {row["person_name"].split()[0]: code for code, row in banks.items()}
    group = {"group": "Г-0001", "kinds": GROUP}
    story.write(
        "pairs",
        {
            "П-0001": {**TERM, "kinds": ONE_TO_ONE, "mentor": role["Бондаренко"], "mentee": role["Швец"]},
            "П-0002": {**TERM, **group, "mentor": role["Осадчий"], "mentee": role["Дзюба"]},
            "П-0003": {**TERM, **group, "mentor": role["Осадчий"], "mentee": role["Седых"]},
        },
    )
    story.turn(2026, 9, 14)
    pay = {code: {"pay": "10 % должностного оклада ежемесячно"} for code in story.codes("agreements")}
    story.write("agreements", pay)
    story.write("orders", {code: {"decision": "На подпись"} for code in story.codes("orders", state="Проект")})
    story.turn(2026, 9, 15)
    waiting = story.codes("orders", state="На подпись")
    signed = {code: {"number": f"{n}-од", "day": "2026-09-15"} for n, code in enumerate(waiting, 41)}
    story.write("orders", signed)
    agreed = {code: {"number": str(n), "day": "2026-09-15"} for n, code in enumerate(story.codes("agreements"), 1)}
    story.write("agreements", agreed)
    story.turn(2026, 9, 16)


def orders_by_hand(story: Story) -> None:
    """The curator begins the orders that no form asks for."""
    person = {row["surname"]: code for code, row in story.day.book()["people"].items()}
    event = {"title": "Круглый стол «Лучшие практики наставничества»", "day": "2027-05-20", "place": "Актовый зал"}
    story.write("events", {"СБ-0001": event})
    absence = {
        "about": "СБ-0001",
        "person": person["Швец"],
        "substitute": person["Дзюба"],
        "since": "2027-05-20",
        "until": "2027-05-20",
        "basis": "служебная записка куратора от 16.09.2026",
    }
    typed: list[dict[str, str]] = [
        {"kind": "Введение Положения в действие", "since": "2026-10-01"},
        {"kind": "Назначение куратора", "since": "2026-10-01"},
        {"kind": "Освобождение от работы на время мероприятия", **absence},
        {"kind": "Проведение итогового мероприятия", "about": "СБ-0001", "substitute": person["Осадчий"]},
        {"kind": "Установление выплаты наставнику", "about": story.codes("agreements")[0]},
        {"kind": "Изменение Положения", "since": "2027-01-01", "text": "В приложении 1 исправить имя колледжа"},
    ]
    empty = [code for code, row in story.day.curator.rows("orders").items() if not row]
    story.write("orders", dict(zip(empty, typed, strict=False)))
    story.turn(2026, 9, 17)


def applications(story: Story) -> None:
    """People hand in applications, agreements and a report."""
    drop = story.drop
    drop("Бондаренко", "report_mentor", items="1 – 08.10.2026\n2 – 15.10.2026", text="План занятий составлен.")
    drop("Осадчий", "application_change", text="Продлить срок программы.", until="2027-06-30", reason="Каникулы.")
    added = {"activity": "Открытое занятие", "due": "2027-03-01"}
    drop("Швец", "application_proposal", text="Добавить открытое занятие.", **added)
    drop("Бондаренко", "application_helper", other="Осадчий Денис Олегович", text="Показ работы на станке.")
    drop("Бондаренко", "application_access", text="Сведения об образовании.", reason="Составить план.")
    drop("Бондаренко", "application_award", text="Объявить благодарность.", reason="Победа в конкурсе.")
    drop("Осадчий", "application_discipline", about="Дзюба", text="Объявить замечание.", reason="Дважды опоздал.")
    drop("Швец", "application_replacement", other="Осадчий Денис Олегович", since="2026-11-02", reason="Расписание.")
    drop("Седых", "application_completion", since="2026-12-01", reason="Перевод на другую работу.")
    drop("Осадчий", "application_release", since="2026-12-01", reason="Состояние здоровья.")
    story.turn(2026, 10, 20)
    drop("Дзюба", "application_agreement", answer="Согласен", about="Осадчий")
    drop("Седых", "application_agreement", answer="Согласен", about="Осадчий")
    drop("Осадчий", "application_agreement", answer="Согласен", about="Бондаренко")
    drop("Бондаренко", "application_agreement", answer="Согласен", about="Швец")
    drop("Швец", "application_agreement", answer="Согласен", about="Бондаренко")
    story.turn(2026, 10, 21)


def decisions(story: Story) -> None:
    """The curator grants everything; the orders that come of it are completed."""
    waiting = story.codes("applications", state="На рассмотрении")
    story.write("applications", {code: {"decision": "Удовлетворить"} for code in waiting})
    story.turn(2026, 10, 22)
    unready = story.codes("orders", drafted="ждёт данных")
    story.write("orders", {code: {"since": "2026-11-02"} for code in unready})
    story.turn(2026, 10, 23)


def text_of(story: Story, document: str) -> str:
    """Return the text of the last version of the first paper of a kind."""
    return next(text for _, text in sorted(story.texts[document].items())) + "\n"


def main() -> None:
    """Write every paper's text into ``golden/``."""
    with tempfile.TemporaryDirectory() as folder:
        story = tell(Path(folder) / "college")
        wanted = [name for name in sorted(story.day.catalog.documents) if not name.startswith(ELSEWHERE)]
        for document in wanted:
            if document in story.texts:
                (GOLDEN / f"{document}.txt").write_text(text_of(story, document), "utf-8")
    missing = sorted(set(wanted) - story.texts.keys())
    sys.stdout.write(f"{len(wanted) - len(missing)} written; not made: {', '.join(missing) or '-'}\n")


if __name__ == "__main__":
    main()
