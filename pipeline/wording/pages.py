"""Sentences on the two kinds of page: what became of a file (senders), how things stand (curator, secretary)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

FATE_TITLE = "Что с моим файлом"
STATE_TITLE = "Состояние дел"
FATE_HINT = "Найдите имя своего файла. Запись появляется в течение минуты после того, как файл положен в папку."
FATE_EMPTY = "Пока никто ничего не сдавал. Пустые бланки лежат в папке «Бланки»."
FATE_HEADINGS = ("Когда", "Файл", "Что с ним")
FATES = {
    "": "Принят, читается",
    "recorded": "Принято",
    "unchanged": "Принято",
    "repeated": "Уже принято",
    "superseded": "Принято",
    "returned": "Нужно исправить",
    "still": "Нужно исправить",
    "refused": "Не распознано",
    "quarantined": "Отложен как опасный",
}

MARK = ".nastavnik"
REGISTER = "Реестр"
QUESTIONS = "Вопросы, на которые нужен ответ"
TURNS = "Чей ход"
PAPERS = "Документы"
SETUP = "Что мешает программе"
FILES = "Файлы, которые ждут людей"
LATE = "Просрочено"
DEADLINES = "Сроки закона"


def duty(code: str, what: str, until: date, ground: str) -> str:
    """Say what the law demands until when."""
    return f"до {until:%d.%m.%Y} – {what} ({ground}; {code})"


def late_duty(code: str, what: str, until: date, ground: str) -> str:
    """Say, so that nobody passes over it, what should have been done."""
    return f"ПРОСРОЧЕНО с {until:%d.%m.%Y}: {what} ({ground}; {code})"


def consents_end(until: date, codes: Sequence[str]) -> str:
    """Say which consents run out on one day."""
    return f"до {until:%d.%m.%Y} действуют согласия ({len(codes)}): {', '.join(codes)}"


WAITS = {
    "open": "Файл у кого-то открыт. Программа возьмёт его, когда его закроют.",
    "partial": (
        "Файл пуст или скопирован не до конца. Если копирование прервалось, положите файл ещё раз; "
        "не дождавшись, программа перенесёт его в «Не распознано»."
    ),
    "closed": "Файл не открывается: на него нет прав, или его держит другая программа. Попытка повторится сама.",
    "deep": "Папка лежит слишком глубоко, программа в неё не смотрит. Переложите файлы ближе к папке inbox.",
    "unlisted": "Папка не открывается: на неё нет прав. Программа попробует ещё раз сама.",
}
"""Why a file or a folder that lies in the inbox is not taken yet."""


def share_away(name: str) -> str:
    """Say that a shared folder is not there or shows up empty."""
    return (
        f"Папка «{name}» недоступна: её нет, или она оказалась пустой. Ничего не потеряно и не считается удалённым; "
        f"когда папка вернётся, работа продолжится сама. Если её очистили нарочно, создайте в ней пустой файл «{MARK}»."
    )


def disk_nearly_full(free: int, wanted: int) -> str:
    """Say that nothing is taken in because there is too little room."""
    return (
        f"На диске программы свободно {free} МБ, нужно не меньше {wanted}. Новые файлы ждут в inbox, пока места не "
        "станет больше; освободите его."
    )


def files_wait(cause: str, count: int) -> str:
    """Say how many files wait for something that passes."""
    return f"{cause}: ждут файлы – {count}. Попытка повторится сама."


def papers_wait(cause: str, count: int) -> str:
    """Say how much could not be written into the shared folders."""
    return f"{cause}: не записано – {count}. Попытка повторится сама."


def folders_closed(count: int) -> str:
    """Say how many folders or files in the inbox cannot be looked into."""
    return f"В inbox не открываются папки или файлы – {count}: проверьте права программы на них."


def register_published(number: int, moment: datetime) -> str:
    """Say which revision of the register was written last, and when."""
    return f"Записана редакция {number} – {moment:%d.%m.%Y в %H:%M}."


def register_waits_open(holder: str, changes: int) -> str:
    """Say that the register is open, by whom, and how many changes wait."""
    return f"Реестр открыт ({holder}). Ждут записи изменения – {changes}; они появятся в нём, когда его закроют."


def register_busy() -> str:
    """Say that the register's file cannot be read or replaced just now."""
    return (
        "Файл реестра занят другой программой или закрыт от нас правами доступа. Новые данные приняты, запись "
        "повторится сама."
    )


def register_missing() -> str:
    """Say that the register file is not where it should be."""
    return (
        "Файла реестра нет на месте. Если его как раз сохраняют, он появится сам; если удалили – верните его или "
        "положите последнюю редакцию: «nastavnik register discard»."
    )


def stray_workbook(name: str) -> str:
    """Say that another workbook lies beside the register and is not read."""
    return (
        f"Рядом с реестром лежит книга «{name}». Программа читает только сам реестр: если вы правили эту копию, "
        "перенесите правки в него и уберите её."
    )


def abandoned_owner(name: str) -> str:
    """Say that an owner file is so old that it is taken for the leftover of a crash."""
    return f"Рядом с реестром больше 12 часов лежит «{name}» – похоже, остаток сбоя. Он не мешает; его можно удалить."


def no_questions() -> str:
    """Say that nobody has to decide anything."""
    return "Открытых вопросов нет."


def question_where(code: str, text: str) -> str:
    """Name an open question by its code on the sheet «Вопросы»."""
    return f"{code}: {text}"


def turn(who: str, code: str, what: str) -> str:
    """Say whose move a row is and what it lacks."""
    return f"{who}: {code} – {what}" if what else f"{who}: {code}"


def paper(title: str, day: date) -> str:
    """Name a document and the day it was issued."""
    return f"{title} ({day:%d.%m.%Y})"


def paper_fate(name: str, sentence: str) -> str:
    """Say what a person did with a document."""
    return f"{name} – {sentence}"


def paper_difference(name: str, difference: str) -> str:
    """Say one thing in which a person's document differs from its newer version."""
    return f"{name.rpartition('/')[2]}: {difference}"


def returned_files(count: int) -> str:
    """Say how many forms were sent back and wait for their senders."""
    return f"На исправлении у отправителей: {count}. Они лежат в «inbox/На доработку»."


def unknown_files(count: int) -> str:
    """Say how many files were not recognised."""
    return f"Не распознано файлов: {count}. Они лежат в «inbox/Не распознано»."


def nothing() -> str:
    """Say that a section is empty."""
    return "Ничего."
