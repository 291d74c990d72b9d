"""What the demonstration says."""

from __future__ import annotations

from pathlib import Path

TITLE = "Что сделано"
HEADINGS = ("Что", "Сколько", "Где")
DROPPED = "Анкет и согласий сдано"
SENT_BACK = "Возвращено на исправление"
REGISTER = "Реестр, редакция"
PAIRS = "Пар действует"
ORDERS = "Приказов подписано"
PROGRAMMES = "Программ утверждено"
PLAN = "Мероприятий в планах"
PAPERS = "Документов Word"


def step(number: int, text: str) -> str:
    """Head one step."""
    return f"{number}. {text}"


def staff_drop(count: int) -> str:
    """Say that the staff dropped their forms."""
    return f"Сотрудники кладут в inbox анкеты и согласия вымышленных людей: {count}."


def cycle_reads() -> str:
    """Say that the program reads them."""
    return "Программа читает их и заполняет реестр."


def curator_decides(signatures: int, pairs: int) -> str:
    """Say what the curator does in the workbook."""
    return f"Куратор отмечает подписи ({signatures}), вписывает пары ({pairs}) и выбирает «Согласовать»."


def curator_sends() -> str:
    """Say that the curator closes the orders."""
    return "Куратор выбирает «На подпись»: выходят чистовики приказов."


def secretary_registers(number: str) -> str:
    """Say that the secretary registers the order."""
    return f"Секретарь заполняет форму «Регистрация приказа»: № {number}."


def paper(path: str) -> str:
    """Name one document made."""
    return f"  • {path}"


def look_at(root: Path) -> str:
    """Say where to look now."""
    return (
        f"Посмотрите: {root / 'register'} – реестр, {root / 'outbox'} – документы, "
        f"{root / 'inbox' / 'Что с моим файлом.html'} – ответы отправителям."
    )


def not_a_demo(root: Path) -> str:
    """Refuse to replace a folder that is no earlier demonstration."""
    return f"Папка {root} занята и не похожа на прежнюю пробу. Укажите другую."
