"""Sentences to the sender of a file: what became of it, and every mistake of a form with its cell and its cure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

FORM_SHEET = "Бланк"
LIST_SHEET = "Списки"
MISTAKE_SHEET = "Что исправить"
QUESTION = "Вопрос"
ANSWER = "Ваш ответ"
HINT = "Пояснение"
REFUSAL_TITLE = "Ответ не подходит"
CHECKED_BY = "Программа «Наставник»"
CAUSES = {
    "full": "Не хватает места на диске",
    "denied": "Нет доступа к файлу или папке",
    "busy": "Файл занят другой программой",
    "away": "Диск или сетевая папка не отвечает",
}
_MOST_CELLS = 8


def show_day(one: date) -> str:
    """Show a day."""
    return f"{one:%d.%m.%Y}"


# What became of a file.


def accepted(title: str, number: int) -> str:
    """Say that a form was taken in, under which number."""
    return f"«{title}», № {number}. Ничего больше делать не нужно."


def accepted_unchanged(title: str) -> str:
    """Say that a form was taken in and says nothing new."""
    return f"«{title}»: ответы те же, что и раньше."


def accepted_before(number: int, day: date) -> str:
    """Say that exactly this file was taken in already."""
    return f"{show_day(day)}, № {number}. Второй раз сдавать этот файл не нужно."


def sent_back(name: str, cells: Sequence[str]) -> str:
    """Say that a form went back with its mistakes marked, under which name, and in which cells they are.

    What stands in the cells is the person's own and is not repeated.
    """
    more = "…" if len(cells) > _MOST_CELLS else ""
    where = f" Ошибки в ячейках: {', '.join(cells[:_MOST_CELLS])}{more}." if cells else ""
    return (
        f"Откройте файл «{name}» в папке «На доработку»: что исправить, написано вверху листа.{where} "
        "Исправьте и сохраните там же – программа заметит сама."
    )


def unchanged(name: str) -> str:
    """Say that a form that was sent back was saved without a changed answer."""
    return f"Файл «{name}» сохранён, но ответы в нём прежние. Исправьте отмеченные ячейки и сохраните ещё раз."


def came_late(title: str) -> str:
    """Say that a newer form of the same person had been taken in before this one could be read."""
    return f"«{title}»: за это время принят более новый файл того же человека, верен он. Этот сохранён в архиве."


def vanished() -> str:
    """Say that a file was gone before it could be copied."""
    return "Файл исчез прежде, чем его удалось прочитать: возможно, его забрал антивирус. Положите файл ещё раз."


def postponed(cause: str) -> str:
    """Say why reading a file waits, and that nobody need do anything."""
    return f"{CAUSES[cause]}. Файл цел, попытка повторится сама."


def not_a_form() -> str:
    """Say that a workbook is none of our forms."""
    return "Это не наш бланк. Возьмите пустой бланк в папке «Бланки», заполните его и положите сюда."


def our_own_paper() -> str:
    """Say that somebody dropped a paper that the program made itself."""
    return "Это документ, который сделала сама программа, а не заполненный бланк. Его сдавать не нужно."


def our_register() -> str:
    """Say that somebody dropped the register or a copy of it."""
    return (
        "Это реестр или его копия, а не заполненный бланк. Реестр правят на месте, в папке «register»: перенесите "
        "правки туда, а копию отсюда уберите – в ней данные людей."
    )


def our_draft() -> str:
    """Say that somebody dropped a paper of the outbox, perhaps with changes."""
    return (
        "Это документ из папки «outbox», а не заполненный бланк. Правьте и печатайте его там; данные для него берутся "
        "из реестра и анкет."
    )


def our_page() -> str:
    """Say that somebody dropped one of the program's pages."""
    return "Это страница самой программы. Её сдавать не нужно, она обновляется на своём месте."


def our_blank() -> str:
    """Say that somebody dropped a blank in which nothing is filled in."""
    return "Это пустой бланк. Впишите ответы в жёлтые ячейки, сохраните и положите файл снова."


def unreadable() -> str:
    """Say that a file is damaged inside."""
    return "Файл не читается. Откройте его, сохраните заново как .xlsx и положите ещё раз."


def unreadable_twice() -> str:
    """Say that reading a file failed again and again and it was put aside."""
    return "Файл не удалось прочитать несколько раз, он отложен. Возьмите пустой бланк и заполните его заново."


# Mistakes of a form.


def mistake(cell: str, caption: str, found: str, wanted: str) -> str:
    """Say one mistake in full: its cell, its question, what was found and what is wanted (any may be ``""``)."""
    where = ", ".join(part for part in (f"Ячейка {cell}" if cell else "", f"«{caption}»" if caption else "") if part)
    told = f"записано «{shorten(found)}», {wanted}" if found else wanted
    return f"{where}: {told}." if where else f"{told[:1].upper()}{told[1:]}."


def mistake_line(wanted: str, places: Sequence[tuple[str, str]]) -> str:
    """Say one line of the list above a form: what is wanted, and in which cells (address, question)."""
    named = "; ".join(" ".join(part for part in place if part) for place in places if any(place))
    if not named:
        return f"• {note(wanted)}"
    return f"• {wanted[:1].upper()}{wanted[1:]}: {named}." if len(places) > 1 else f"• {named} – {wanted}."


def note(wanted: str) -> str:
    """Say at a marked cell what is wanted there."""
    return f"{wanted[:1].upper()}{wanted[1:]}."


def shorten(text: str) -> str:
    """Return a found answer short enough to be quoted, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def mistakes_heading(count: int) -> str:
    """Head the list of mistakes above the form."""
    return f"Исправьте отмеченные ячейки (ошибок: {count}) и сохраните файл в этой же папке:"


def blank_form() -> str:
    """Say that nothing is filled in."""
    return "бланк не заполнен: впишите ответы в жёлтые ячейки и сохраните файл"


def two_forms(sheets: Sequence[str]) -> str:
    """Say that a workbook holds more than one filled form."""
    named = ", ".join(f"«{sheet}»" for sheet in sheets)
    return f"в файле несколько заполненных бланков (листы {named}): сдайте каждый отдельным файлом"


def want_answer() -> str:
    """Ask for an answer where none stands."""
    return "не заполнено, ответ обязателен"


def want_yes() -> str:
    """Ask for at least one «да» among several rows."""
    return "не выбрано ничего: поставьте «да» хотя бы в одной строке этого вопроса"


def want_question() -> str:
    """Say that a question is not on the sheet at all."""
    return "этого вопроса нет на листе – возьмите новый бланк в папке «Бланки» и перенесите в него ответы"


def want_fresh() -> str:
    """Ask to answer anew in a cell whose content cannot be read."""
    return "содержимое ячейки не читается (ошибка или формула): сотрите его и впишите ответ"


def want_one_answer() -> str:
    """Say that one question is answered twice, differently."""
    return "на этот вопрос на листе два разных ответа: оставьте одну строку"


def want_known_option() -> str:
    """Say that an answer is no longer offered."""
    return "такого варианта больше нет – возьмите новый бланк в папке «Бланки»"


def want_range(least: float | None, most: float | None) -> str:
    """Ask for a number within bounds."""
    parts = [f"от {_number(least)}" if least is not None else "", f"до {_number(most)}" if most is not None else ""]
    return f"нужно число {' '.join(part for part in parts if part)}".strip()


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def want_shorter(longest: int, length: int) -> str:
    """Ask for a shorter text."""
    return f"слишком длинно (знаков: {length}), помещается {longest}"


def want_length(longest: int) -> str:
    """Say how long a text may be."""
    return f"не длиннее {longest} знаков"


def want_plausible_day(first: date, last: date) -> str:
    """Ask for a day within bounds."""
    return f"дата неправдоподобна, нужна между {show_day(first)} и {show_day(last)}"


def want_birth(least: int, most: int) -> str:
    """Ask for a date of birth of a person old enough to work."""
    return f"нужна дата рождения человека от {least} до {most} лет – проверьте год"


def want_letters() -> str:
    """Ask for a name that is only letters."""
    return "нужны только русские буквы, дефис и пробел"


def want_russian(letters: str) -> str:
    """Say that letters of the other keyboard slipped in."""
    return f"есть латинские буквы ({', '.join(letters)}) – наберите в русской раскладке"


def want_surname_alone() -> str:
    """Ask for the surname alone."""
    return "нужна одна фамилия; имя и отчество – в своих строках, двойную фамилию пишут через дефис"


def want_name_alone() -> str:
    """Ask for the name alone."""
    return "нужно одно имя; фамилия и отчество – в своих строках"


def want_patronymic_alone() -> str:
    """Ask for the patronymic alone."""
    return "нужно одно отчество; если его нет, напишите «нет»"


def want_full_name() -> str:
    """Ask for a name in full, not for its first letter."""
    return "нужно полностью, не инициал"


def sex_against_patronymic(patronymic: str, sex: str) -> str:
    """Say that a patronymic belongs to the other sex."""
    return f"отчество «{patronymic}» не подходит к полу «{sex}» – исправьте то или другое"


def swapped_names(patronymic: str) -> str:
    """Say that name and patronymic seem to have changed places."""
    return f"похоже, здесь отчество, а в строке «Отчество» – «{patronymic}»; поменяйте местами"


def want_phone() -> str:
    """Ask for a telephone number."""
    return "нужен номер телефона, например +7 949 000-00-00"


def want_email() -> str:
    """Ask for an address of electronic mail."""
    return "нужен адрес электронной почты, например ivanova@example.ru"


def want_code(example: str) -> str:
    """Ask for a code of a register row."""
    return f"нужен код строки реестра, например {example}"
