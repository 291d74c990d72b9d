"""Sentences about erasing a person and about what is held of one: the act, the log, the terminal, the state page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final


class State:
    """«Состояние» of an erasure."""

    RUNS: Final = "Идёт"
    DONE: Final = "Выполнено"


METHOD = (
    "удаление записей из базы данных и файлов средствами программы «Наставник»: содержимое файлов и освобождённые "
    "страницы базы перезаписаны нулями, файл базы пересобран"
)
DEFAULT_REASON = "достижение цели обработки персональных данных"
ANSWERS = "Сведения субъектам"
YES_ERASE = "уничтожить"


def withdrawn(day: date) -> str:
    """Name the withdrawal of a consent as the reason."""
    return f"отзыв согласия от {day:%d.%m.%Y}"


# --- what stands in the register ------------------------------------------------------------------------------------


def category(sheet: str, columns: Sequence[str]) -> str:
    """Name the kinds of data that a sheet held."""
    return f"{sheet}: {', '.join(columns)}"


_COUNTED = {
    "row": "строк реестра",
    "submission": "сданных форм в журнале",
    "edit": "правок куратора",
    "question": "вопросов",
    "arrival": "записей о сданных файлах",
    "files": "файлов (оригиналы форм, сканы, проекты документов, ответы отправителям)",
}


def carriers(counts: Mapping[str, int]) -> str:
    """Say how much of what was destroyed."""
    return "\n".join(f"{text} – {counts[key]}" for key, text in _COUNTED.items() if counts.get(key))


def kept_order(code: str, number: str, day: str, term: str, ground: str) -> str:
    """Say which signed order stays, for how long and by which law."""
    return f"{code} № {number} от {day}: {term} ({ground})"


def kept(what: str, term: str, ground: str) -> str:
    """Say which papers stay, for how long and by which law."""
    return f"{what}: {term} ({ground})"


def taken_paper(title: str, code: str) -> str:
    """Say that a paper was taken out of the outbox by a person, so that only people can destroy it."""
    return f"{title} ({code}): забран из outbox – уничтожьте бумагу и копии"


def look_at(path: str) -> str:
    """Name a file that seems to be about the person but was not the program's to delete."""
    return f"файл «{path}» – посмотрите и удалите сами"


def unread_pages(count: int) -> str:
    """Say that pages of scans wait whose sheet nobody has named yet."""
    return f"нераспознанные страницы сканов ({count}): посмотрите, нет ли среди них листа этого человека"


def stray(path: str) -> str:
    """Name a copy of the register that a person made."""
    return f"копия реестра «{path}» – удалите сами"


def logged(at: datetime, text: str) -> str:
    """Return a line of the event log."""
    return f"{at:%d.%m.%Y %H:%M:%S} – {text}"


def log_begun(code: str, rows: Sequence[str]) -> str:
    """Say that the rows of a person left the journal."""
    return f"{code}: удалены записи журнала и строки реестра {', '.join(rows)}"


def log_files(count: int) -> str:
    """Say how many files were destroyed."""
    return f"удалены файлы: {count}"


def log_register(revision: int, copies: int) -> str:
    """Say that the register was written without the person, and how many older copies of it were destroyed."""
    return f"реестр записан без этих строк (редакция {revision}), удалены прежние копии реестра: {copies}"


def log_squeezed() -> str:
    """Say that the database was rewritten."""
    return "база данных пересобрана, свободные страницы и журнал упреждающей записи очищены"


# --- waiting ----------------------------------------------------------------------------------------------------------


def waits_open(code: str, holder: str) -> str:
    """Say that an erasure waits for the workbook to be closed."""
    return f"Уничтожение данных {code} ждёт: реестр открыт ({holder}). Закройте его."


def waits_pairs(code: str, pairs: Sequence[str]) -> str:
    """Say that an erasure waits for the end of pairs that work."""
    return (
        f"Данные {code} пока нельзя уничтожить: действует или подписывается {', '.join(pairs)}. "
        "Сначала подпишите приказ о сложении обязанностей или о завершении."
    )


def waits_file(code: str) -> str:
    """Say that an erasure waits for a file that somebody has open."""
    return f"Уничтожение данных {code} ждёт: открыт документ из outbox или файл занят. Закройте его."


def waits_register(code: str) -> str:
    """Say that an erasure waits for the register to be written."""
    return f"Уничтожение данных {code} ждёт записи реестра."


def waits_journal(code: str) -> str:
    """Say that an erasure waits for another program to let go of the journal."""
    return f"Уничтожение данных {code} ждёт: журнал читает другая программа."


# --- the terminal -----------------------------------------------------------------------------------------------------

ERASE = "уничтожить все данные человека (152-ФЗ, статья 21) и составить акт"
ERASE_CODE = "код человека с листа «Люди», например Л-0007"
ERASE_REASON = "причина для акта (если не указана – отзыв согласия)"
PERSON = "показать всё, что хранится о человеке, и составить ответ субъекту (152-ФЗ, статья 14)"


def nobody(code: str) -> str:
    """Say that there is no such person in the register."""
    return f"{code}: такого человека нет в реестре."


def ask_first(rows: Sequence[str]) -> str:
    """Ask for the first confirmation."""
    return (
        f"Будут уничтожены без возврата строки: {', '.join(rows)}, и всё, из чего они взялись.\n"
        f"Если это верно, наберите слово «{YES_ERASE}»: "
    )


def ask_second(code: str) -> str:
    """Ask for the second confirmation."""
    return f"Наберите ещё раз код человека ({code}): "


def not_confirmed() -> str:
    """Say that nothing was destroyed."""
    return "Не подтверждено, ничего не уничтожено."


def erased(code: str) -> str:
    """Say that a person is erased."""
    return f"Данные {code} уничтожены. Акт и выгрузка из журнала – в outbox."


def answered(path: str) -> str:
    """Say where the answer to a data subject lies."""
    return f"Ответ субъекту: {path}"


# --- what is held -----------------------------------------------------------------------------------------------------


def of_consent(code: str, state: str) -> str:
    """Name the consent that data is held on."""
    return f"согласие на обработку персональных данных {code} («{state}»)"


def no_consent() -> str:
    """Say that there is no consent to hold data on."""
    return "согласия на обработку персональных данных нет"


def until(day: str) -> str:
    """Say until when."""
    return f"до {day}"


def original(form: str, received: date) -> str:
    """Name a form as it was handed in."""
    return f"оригинал формы «{form}», получен {received:%d.%m.%Y}"


def paper_here(path: str) -> str:
    """Say that a paper lies where the secretary collects it."""
    return f"секретарю: {path}"


def paper_taken() -> str:
    """Say that a paper was taken by the secretary."""
    return "забран секретарём"


def row(sheet: str, code: str) -> str:
    """Name a row of the register."""
    return f"реестр, лист «{sheet}», {code}"


def cell(title: str, value: str) -> str:
    """Say what a cell holds."""
    return f"{title} – {value}"


def signed_order(kind: str, number: str, day: str) -> str:
    """Name a signed order."""
    return f"приказ «{kind}» № {number} от {day}"


def to_secretary() -> str:
    """Say that a paper was given to the secretary."""
    return "секретарю, участникам для ознакомления"


def initials(surname: str, name: str, patronymic: str) -> str:
    """Return «Н. С. Ковальчук»."""
    return " ".join([*(f"{letter}." for letter in (name, patronymic) if letter), surname])


def answer_title() -> str:
    """Name the answer to a data subject."""
    return "Сведения о персональных данных"


def answer_name(code: str) -> str:
    """Name the file of the answer to a data subject."""
    return f"{code} Сведения о персональных данных.docx"


def held(what: str, where: str, ground: str, until: str, given: str) -> str:
    """Say on screen what is held about a person."""
    parts = [where, *([f"основание: {ground}"] if ground else []), *([f"хранится: {until}"] if until else []),
             *([f"передано: {given}"] if given else [])]  # fmt: skip
    return f"• {what}\n  {'; '.join(part for part in parts if part)}"
