"""Sentences of ``nastavnik why`` and ``retry``: the story of one file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

WHY = "рассказать всё об одном файле: когда пришёл, что с ним стало, где лежит, что из него вышло"
RETRY = "прочитать файл ещё раз, что бы с ним ни стало"
FILE = "имя файла, путь, № из ответа или начало отпечатка"

STATES = {
    "received": "получен",
    "postponed": "отложен",
    "recorded": "принят",
    "unchanged": "принят, ответы прежние",
    "superseded": "принят позже более нового",
    "repeated": "пришёл ещё раз",
    "returned": "возвращён на исправление",
    "still": "сохранён без исправлений",
    "refused": "не распознан",
    "quarantined": "отложен как опасный",
}


def heading(name: str, number: int, sha: str) -> str:
    """Name a file: as it first came, its number and the beginning of its hash."""
    return f"«{name}», № {number}, отпечаток {sha}"


def arrival(at: datetime, name: str, fate: str, told: str) -> str:
    """Say when a file was dropped, under which name, and what its sender was told."""
    return f"  Положен {at:%d.%m.%Y %H:%M} под именем «{name}». Отправителю сказано: {fate}. {told}".rstrip()


def event(at: datetime, state: str, told: str) -> str:
    """Say what became of a file at a moment."""
    return f"  {at:%d.%m.%Y %H:%M:%S} – {state}. {told}".rstrip()


def lies(path: str) -> str:
    """Say where the original or the answer lies."""
    return f"  Лежит: {path}"


def rows(codes: Sequence[str]) -> str:
    """Name the rows of the register that came of a file."""
    return f"  Строки реестра: {', '.join(codes)}"


def next_try(again: str) -> str:
    """Say when a file that waits is tried again."""
    if not again:
        return "  Будет прочитан в ближайшую минуту."
    return f"  Следующая попытка: {datetime.fromisoformat(again):%d.%m.%Y %H:%M:%S}."


def lying(name: str, why: str) -> str:
    """Say why a file in the inbox is not taken yet."""
    return f"«{name}» лежит в inbox и ещё не принят. {why}"


def being_settled() -> str:
    """Say that a file will be taken in a moment."""
    return "Программа возьмёт его, как только он перестанет меняться; если она не запущена – запустите."


def unknown(asked: str) -> str:
    """Say that nothing is known of a file."""
    return (
        f"О файле «{asked}» ничего не известно: он не приходил. Можно назвать имя файла, путь, № из ответа или начало "
        "отпечатка."
    )


def many(count: int) -> str:
    """Say that several files are meant."""
    return f"Под это подходит несколько файлов: {count}. Назовите № или отпечаток одного из них."


def no_original(name: str) -> str:
    """Say that a file cannot be tried again because its original is gone."""
    return f"Оригинал «{name}» не сохранился. Положите файл в inbox ещё раз."
