"""A realistic register of invented people, in plain data: two pairs, a group of three, programmes and orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from pipeline import catalog, tokens
from pipeline.model import Row, Rows

ROOT = Path(__file__).resolve().parents[2]
YEAR = "2026-2027"
TODAY = date(2026, 11, 22)

MENTORS = (
    ("Бондаренко", "Ольга", "Ивановна", "ж", "преподаватель математики", "высшая", "24"),
    ("Осадчий", "Денис", "Олегович", "м", "мастер производственного обучения", "первая", "11.5"),
    ("Тер-Григорян", "Сусанна", "Ашотовна", "ж", "преподаватель-организатор основ безопасности и защиты Родины",
     "педагог-наставник", "31"),
)  # fmt: skip
MENTEES = (
    ("Мороз", "Анна", "Львовна", "ж", "преподаватель информатики", "0"),
    ("Швец", "Роман", "Ильич", "м", "преподаватель специальных дисциплин", "2"),
    ("Дзюба", "Илья", "Петрович", "м", "педагог-психолог", "1"),
    ("Седых", "Пётр", "Фёдорович", "м", "преподаватель физики и астрономии", "3"),
    ("Гулиев", "Рашид", "Гасан оглы", "м", "преподаватель иностранного языка", "1.5"),
)
TEAMS = ((0, (0,), ""), (1, (1,), ""), (2, (2, 3, 4), "Г-0001"))
CONSENTS = {
    "mentor": (
        "Обработка персональных данных",
        "Работа в качестве наставника",
        "Участие в наставнической паре (группе)",
    ),
    "mentee": ("Обработка персональных данных", "Участие в наставнической паре (группе)"),
}
TEXTS = {
    "problem": "Наставляемый впервые ведёт дисциплину и затрудняется в планировании занятий.\nСильные стороны: "
    "владение цифровыми инструментами, доброжелательность, готовность учиться.",
    "goal": "Преодолеть выявленные профессиональные затруднения, поддержать сильные стороны и закрепить успешный опыт.",
    "tasks": "Снять затруднения в разработке рабочей программы и календарно-тематического плана.\nОсвоить приёмы "
    "активного обучения.\nРазвить способность самостоятельно выполнять должностные обязанности.",
    "content": "Консультации, показ приёмов работы, взаимное посещение и разбор занятий, проверка выполнения заданий.",
    "interim": "К 1 февраля 2027 г. выполнены мероприятия первой половины плана, итоги обсуждены с куратором.",
    "results": "Затруднения сняты или заметно уменьшены.\nПлан мероприятий выполнен, подготовлены отзыв и самоанализ.",
    "schedule": "Вторник и четверг, 14:30–15:30, 2 часа в неделю.",
    "conditions": "Встречи проводятся без ущерба для учебных занятий (пункт 4.3 Положения).",
}


def load() -> catalog.Catalog:
    """Return the shipped set-up."""
    return catalog.load(ROOT)


def register(declared: catalog.Catalog, **changes: Mapping[str, str]) -> Rows:
    """Return the register; ``changes`` maps a code, its «-» written as «_», to cells that differ."""
    rows = [*_people(), *_roles(), *_consents(), *_pairs(), *_programmes(), *_plan(declared), *_orders()]
    rows += [
        *sheets(declared),
        *_stages(declared),
        *_older_pairs(),
        *_events(),
        *_agreements(),
        *_started(),
        _erasure(),
    ]
    rows += [*_running(declared), *_applications(), _erasure()]
    found: dict[str, dict[str, Row]] = {sheet.key: {} for sheet in declared.layout.sheets}
    for row in rows:
        cells = {**row.cells, **changes.get(row.code.replace("-", "_"), {})}
        found[row.sheet][row.code] = Row(row.sheet, row.code, cells)
    return found


def signed(declared: catalog.Catalog) -> Rows:
    """Return the register after all orders were signed."""
    order = {"number": "57-од", "day": "2026-11-27", "state": "Подписан"}
    programmes = {f"ПР_000{n}": {"state": "Утверждена"} for n in (1, 2, 3)}
    pairs = {f"П_000{n}": {"state": "Действует"} for n in range(1, 6)}
    orders = {f"ПК_{n:04}": {**order, "number": f"{56 + n}-од"} for n in range(1, 3 + len(STARTED))}
    return register(declared, **orders, **programmes, **pairs)


def full_name(code: int, *, mentor: bool) -> str:
    """Return the name of a mentor or mentee by its place in the lists."""
    person = (MENTORS if mentor else MENTEES)[code]
    return " ".join(person[:3])


def _people() -> list[Row]:
    keys = ("surname", "name", "patronymic", "sex", "post")
    everybody = [*(one[:5] for one in MENTORS), *(one[:5] for one in MENTEES)]
    return [Row("people", f"Л-{n:04}", dict(zip(keys, one, strict=True))) for n, one in enumerate(everybody, 1)]


def _roles() -> list[Row]:
    mentors = [
        Row("mentors", f"НК-{n:04}", {"person": f"Л-{n:04}", "year": YEAR, "category": one[5], "experience": one[6]})
        for n, one in enumerate(MENTORS, 1)
    ]
    return mentors + [
        Row("mentees", f"НМ-{n:04}", {"person": f"Л-{n + len(MENTORS):04}", "year": YEAR, "experience": one[5]})
        for n, one in enumerate(MENTEES, 1)
    ]


def _consents() -> list[Row]:
    people = [*((f"Л-{n:04}", "mentor") for n in range(1, 4)), *((f"Л-{n:04}", "mentee") for n in range(4, 9))]
    wanted = [(person, kind, n % 3) for n, (person, side) in enumerate(people) for kind in CONSENTS[side]]
    return [
        Row("consents", f"С-{n:04}", {"person": person, "kind": kind, "year": YEAR, "signed": f"2026-11-{9 + late:02}"})
        for n, (person, kind, late) in enumerate(wanted, 1)
    ]


def sheets(declared: catalog.Catalog) -> list[Row]:
    """Return consents of the next year whose sheets are to be signed: every kind, of a mentor and of a mentee."""
    kinds = declared.layout.lists["consent_kinds"]
    whose = [(1, full_name(0, mentor=True)), (8, full_name(4, mentor=False))]
    wanted = [(f"Л-{n:04}", name, kind) for n, name in whose for kind in kinds]
    return [
        Row("consents", f"С-{n:04}", {
            "person": person,
            "person_name": name,
            "kind": kind,
            "year": "2027-2028",
            "state": "Нет",
            "todo": "распечатать и подписать",
            "token": tokens.shown(tokens.make(b"sample", f"С-{n:04}")),
            "resource": "https://www.aik-college.example/nastavnichestvo/index.html",
            "bans": "Не указывать отчество.\nФотографию не размещать." if n % 2 else "",
        })
        for n, (person, name, kind) in enumerate(wanted, 101)
    ]  # fmt: skip


def _pairs() -> list[Row]:
    found: list[Row] = []
    for programme, (mentor, mentees, group) in enumerate(TEAMS, 1):
        for mentee in mentees:
            cells = {
                **_terms(group),
                "mentor": f"НК-{mentor + 1:04}",
                "mentee": f"НМ-{mentee + 1:04}",
                "group": group,
                "decision": "Согласовать",
                "state": "В приказе",
                "mentor_name": full_name(mentor, mentor=True),
                "mentee_name": full_name(mentee, mentor=False),
                "order": "ПК-0001",
                "programme": f"ПР-{programme:04}",
            }
            found.append(Row("pairs", f"П-{len(found) + 1:04}", cells))
    return found


def _terms(group: str) -> dict[str, str]:
    kinds = "наставничество в группе; ситуационное" if group else "традиционное («один-на-один»)"
    form = "преподаватель колледжа – молодой преподаватель"
    return {"kinds": kinds, "form": form, "mode": "смешанно", "start": "2026-11-30", "end": "2027-06-30"}


def _programmes() -> list[Row]:
    return [
        Row("programmes", f"ПР-{n:04}", {
            **TEXTS,
            **_terms(group),
            "mentor": f"НК-{mentor + 1:04}",
            "mentor_name": full_name(mentor, mentor=True),
            "mentee_names": "; ".join(full_name(one, mentor=False) for one in mentees),
            "year": YEAR,
            "order": "ПК-0001",
            "state": "Проект",
        })
        for n, (mentor, mentees, group) in enumerate(TEAMS, 1)
    ]  # fmt: skip


def _plan(declared: catalog.Catalog) -> list[Row]:
    titles = {area.key: area.title for area in declared.activities.areas}
    chosen = [*declared.activities.always, *declared.activities.activities[:7]]
    found: list[Row] = []
    for programme in range(1, len(TEAMS) + 1):
        for one in chosen:
            due = date(2026, 11, 30) + timedelta(weeks=one.after_weeks)
            cells = {
                "programme": f"ПР-{programme:04}",
                "area": titles.get(one.area, one.area),
                "activity": one.activity,
                "form": one.form,
                "due": due.isoformat(),
                "responsible": one.responsible,
                "result": one.result,
            }
            found.append(Row("plan", f"М-{len(found) + 1:04}", cells))
    return found


def _orders() -> list[Row]:
    cells = {"drafted": "составляет программа", "state": "Проект"}
    return [
        Row("orders", "ПК-0001", {**cells, "kind": "Закрепление наставнических пар и групп"}),
        Row("orders", "ПК-0002", {**cells, "kind": "Утверждение Дорожной карты", "about": YEAR}),
    ]


OLDER = ((0, 1, ""), (1, 2, "Г-0002"), (1, 3, "Г-0002"))
"""Pairs that work by the recorded order ПК-0020 already: П-0006 and the group Г-0002."""
STARTED: tuple[tuple[str, dict[str, str]], ...] = (
    ("Введение Положения в действие", {"since": "2026-12-01"}),
    ("Назначение куратора", {"since": "2026-12-01", "text": "Предоставить куратору кабинет № 12."}),
    ("Сложение обязанностей наставника", {"about": "П-0006", "since": "2027-02-01", "basis": "заявление наставника"}),
    ("Замена наставника", {"about": "Г-0002", "person": "Л-0003", "since": "2027-02-01", "basis": "ходатайство"}),
    (
        "Изменение программы наставничества",
        {
            "about": "Г-0002",
            "since": "2027-02-01",
            "until": "2027-08-30",
            "text": "Включить в план два открытых занятия.",
            "basis": "заявления участников",
        },
    ),
    ("Завершение программы наставничества", {"about": "П-0006", "since": "2027-06-30", "reason": "обоюдное решение"}),
    (
        "Освобождение от работы на время мероприятия",
        {
            "about": "М-0001",
            "person": "Л-0004",
            "substitute": "Л-0005",
            "since": "2026-12-03",
            "until": "2026-12-04",
            "basis": "служебная записка куратора",
        },
    ),
    ("Проведение итогового мероприятия", {"about": "СБ-0001", "substitute": "Л-0002"}),
    ("Установление выплаты наставнику", {"about": "СГ-0001"}),
    ("Поощрение", {"person": "Л-0003", "text": "объявить благодарность за успехи.", "basis": "представление куратора"}),
    (
        "Изменение Положения",
        {
            "since": "2027-03-01",
            "text": "дополнить пункт 2 ссылкой на статью 351.8 ТК РФ.\nв приложении 1 «МТ» исправить.",
        },
    ),
)
"""Orders that people begin, ПК-0003 and on, each with the cells it needs."""


def _older_pairs() -> list[Row]:
    recorded = {"kind": "Закрепление наставнических пар и групп", "drafted": "записан", "state": "Подписан"}
    order = Row("orders", "ПК-0020", {**recorded, "number": "41-од", "day": "2026-09-14"})
    pairs = [
        Row("pairs", f"П-{n:04}", {
            **_terms(group),
            "mentor": f"НК-{mentor + 1:04}",
            "mentee": f"НМ-{mentee + 1:04}",
            "group": group,
            "state": "Действует",
            "mentor_name": full_name(mentor, mentor=True),
            "mentee_name": full_name(mentee, mentor=False),
            "order": "ПК-0020",
        })
        for n, (mentor, mentee, group) in enumerate(OLDER, 6)
    ]  # fmt: skip
    return [order, *pairs]


def _events() -> list[Row]:
    cells = {"title": "Круглый стол «Лучшие практики наставничества»", "day": "2027-06-18", "place": "Актовый зал"}
    return [Row("events", "СБ-0001", cells)]


def _agreements() -> list[Row]:
    agreed = {
        "year": YEAR,
        "mentor": "НК-0002",
        "mentor_name": full_name(1, mentor=True),
        "content": "Передача опыта проведения занятий и помощь в подготовке документации.",
        "form": "очно",
        "start": "2026-11-30",
        "end": "2027-06-30",
        "pay": "10 % должностного оклада ежемесячно.",
    }
    signed = {**agreed, "number": "3", "day": "2026-11-25"}
    other = {"mentor": "НК-0001", "mentor_name": full_name(0, mentor=True), "state": "Предупреждение"}
    noticed = {"noticed": "2027-01-20", "earliest": "2027-01-25"}
    return [
        Row("agreements", "СГ-0001", {**signed, "state": "Подписано"}),
        Row("agreements", "СГ-0002", {**agreed, "state": "Проект"}),
        Row("agreements", "СГ-0003", {**signed, **other, **noticed, "side": "наставник"}),
        Row("agreements", "СГ-0004", {**signed, **other, **noticed, "side": "работодатель", "ends": "2027-02-01"}),
    ]


def _erasure() -> Row:
    cells = {
        "subject": "Л-0099",
        "day": "2026-11-20",
        "reason": "отзыв согласия на обработку персональных данных",
        "categories": "фамилия, имя, отчество; контактные данные",
        "carriers": "реестр, архив, журнал",
        "method": "удаление записей и файлов",
        "kept": "приказ № 57-од",
        "by_hand": "копии на бумаге",
        "log": "20.11.2026 12:00 – удалены строки реестра",
        "state": "Выполнено",
    }
    return Row("erasures", "УД-0001", cells)


def _running(declared: catalog.Catalog) -> list[Row]:
    """Return the programme of the older pair П-0006, a new edition, with some of its plan done."""
    cells = {
        **TEXTS,
        **_terms(""),
        "subject": "П-0006",
        "before": "ПР-0001",
        "mentor": "НК-0001",
        "mentor_name": full_name(0, mentor=True),
        "mentee_names": full_name(1, mentor=False),
        "year": YEAR,
        "order": "ПК-0020",
        "state": "Идёт",
        "progress": "есть отметки",
    }
    plan = [
        Row("plan", f"М-{101 + n:04}", {
            "programme": "ПР-0010",
            "area": "Организация",
            "activity": one.activity,
            "form": one.form,
            "responsible": one.responsible,
            "due": f"2027-0{1 + n}-15",
            "result": one.result,
            "state": "Запланировано",
        })
        for n, one in enumerate(declared.activities.always)
    ]  # fmt: skip
    done = {**plan[0].cells, "state": "Выполнено", "done": "2027-01-14"}
    return [Row("programmes", "ПР-0010", cells), Row("plan", plan[0].code, done), *plan[1:]]


APPLICATIONS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Сложение обязанностей наставника", "Л-0001", {"about": "П-0006", "since": "2027-02-01", "reason": "Переезд."}),
    ("Замена наставника", "Л-0005", {"about": "П-0006", "other": "Л-0003", "reason": "Не совпадает расписание"}),
    (
        "Изменение программы",
        "Л-0002",
        {
            "about": "Г-0002",
            "until": "2027-08-30",
            "text": "Продлить срок.\nДобавить занятия",
            "activity": "Открытый урок",
        },
    ),
    ("Досрочное завершение программы", "Л-0005", {"about": "П-0006", "reason": "болезнь", "since": "2027-02-01"}),
    ("Поправка к программе", "Л-0005", {"about": "П-0006", "text": "Заменить тему занятия", "due": "2027-03-01"}),
    ("Привлечение другого работника", "Л-0001", {"about": "П-0006", "other": "Л-0002", "text": "Показ станка"}),
    (
        "Ознакомление с материалами личного дела",
        "Л-0001",
        {"about": "П-0006", "text": "Образование и курсы", "reason": "Составить план"},
    ),
    ("Предложение о поощрении", "Л-0001", {"about": "П-0006", "text": "Объявить благодарность", "reason": "Конкурс"}),
    (
        "Предложение о дисциплинарном воздействии",
        "Л-0001",
        {
            "about": "П-0006",
            "text": "Объявить замечание.",
            "reason": "Дважды не вышел на занятие",
            "state": "Удовлетворено",
        },
    ),
    (
        "Отчёт о выполненных мероприятиях",
        "Л-0001",
        {"about": "П-0006", "items": "М-0101 – 14.01.2027", "text": "План занятий готов", "state": "Принято"},
    ),
)
"""Applications, О-0001 and on: kind, applicant, cells."""


def _applications() -> list[Row]:
    common = {"received": "2027-01-15", "year": YEAR, "state": "На рассмотрении", "person_name": "Участник"}
    return [
        Row("applications", f"О-{n:04}", {**common, "kind": kind, "person": person, **cells})
        for n, (kind, person, cells) in enumerate(APPLICATIONS, 1)
    ]


def _started() -> list[Row]:
    drafted = {"drafted": "составляет программа", "state": "Проект"}
    return [
        Row("orders", f"ПК-{n:04}", {**drafted, "kind": kind, **cells}) for n, (kind, cells) in enumerate(STARTED, 3)
    ]


def _stages(declared: catalog.Catalog) -> list[Row]:
    names = {"start": "2026", "end": "2027", "short": declared.organisation.short_name}
    return [
        Row("roadmap", f"ДК-{n:04}", {
            "year": YEAR,
            "n": str(n),
            "title": one.title,
            "duration": one.duration.format(**names),
            "content": "\n".join(one.content).format(**names),
            "documents": "\n".join(one.documents).format(**names),
            "responsible": one.responsible,
            "order": "ПК-0002",
        })
        for n, one in enumerate(declared.roadmap.stages, 1)
    ]  # fmt: skip
