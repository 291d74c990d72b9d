"""Sentences on files that may not be read at all: what the file is, and what its sender should do instead."""

from __future__ import annotations

_AGAIN = "Возьмите чистый бланк из папки «Бланки», заполните его и положите сюда."
_SAVE_AS = "Откройте его в Excel или LibreOffice, выберите «Сохранить как» – «Книга Excel (.xlsx)» и положите сюда."


def empty() -> str:
    """Say that there is not a byte in the file."""
    return f"Файл пустой: похоже, он не докопировался или не сохранился. {_AGAIN}"


def not_a_file() -> str:
    """Say that this is a link or a device and not a file."""
    return "Это не файл, а ссылка. Положите сам файл."


def shortcut() -> str:
    """Say that this is a shortcut to a file."""
    return "Это ярлык, а не сам файл. Положите сам файл."


def too_large(megabytes: int) -> str:
    """Say that the file is larger than any form can be."""
    return f"Файл больше {megabytes} МБ: заполненный бланк столько не занимает. {_AGAIN}"


def damaged() -> str:
    """Say that the file is cut off or broken."""
    return f"Файл повреждён или скопирован не до конца. Скопируйте его ещё раз, а если не поможет – {_low(_SAVE_AS)}"


def locked() -> str:
    """Say that a password guards the file."""
    return "Файл защищён паролем, и программа не может его прочитать. Снимите пароль, сохраните и положите файл снова."


def picture() -> str:
    """Say that this is a picture or a film."""
    return f"Это картинка, фотография или видео, а не заполненный бланк. {_AGAIN}"


def word() -> str:
    """Say that this is a text document."""
    return f"Это текстовый документ, а ответы читаются только из бланка – таблицы Excel. {_AGAIN}"


def slides() -> str:
    """Say that this is a presentation."""
    return f"Это презентация, а не заполненный бланк. {_AGAIN}"


def text() -> str:
    """Say that this is plain text or CSV."""
    return f"Это текстовый файл или CSV, а не заполненный бланк. {_AGAIN}"


def web_page() -> str:
    """Say that this is a web page, whatever its name."""
    return f"Это веб-страница, хотя файл и может называться таблицей. {_SAVE_AS}"


def archive() -> str:
    """Say that this is an archive of files."""
    return "Это архив. Распакуйте его и положите сами файлы, по одному бланку в файле."


def other_table() -> str:
    """Say that this is a workbook, but of a format that is not read."""
    return f"Это таблица в формате, который программа не читает. {_SAVE_AS}"


def strict() -> str:
    """Say that the workbook is saved as Strict Open XML."""
    return (
        "Таблица сохранена в формате «Строгая книга Open XML», который читается ненадёжно. Откройте её в Excel, "
        "выберите «Сохранить как» – «Книга Excel (.xlsx)» и положите сюда."
    )


def letter() -> str:
    """Say that this is a mail message."""
    return "Это письмо. Сохраните из него вложенный бланк и положите сюда сам бланк."


def unknown() -> str:
    """Say that nobody knows what this is."""
    return f"Это не бланк: формат файла неизвестен. {_AGAIN}"


def odd_program() -> str:
    """Say that the workbook is packed or encoded in a way that is not read."""
    return f"Таблица сохранена необычной программой и читается ненадёжно. {_SAVE_AS}"


def too_wide(rows: int, columns: int) -> str:
    """Say that the workbook has cells farther out than any form has."""
    return (
        f"В таблице заполнены ячейки дальше {rows}-й строки или {columns}-го столбца либо их слишком много – "
        f"это не бланк. {_AGAIN}"
    )


def program() -> str:
    """Say that the file is a program."""
    return f"Это программа, а не бланк. {_AGAIN}"


def inflating() -> str:
    """Say that the file unpacks into more than it may."""
    return f"Небольшой файл распаковывается в огромный – так устроены вредоносные файлы. {_AGAIN}"


def forged() -> str:
    """Say that the archive inside is built as no office program builds it."""
    return f"Файл внутри устроен так, как офисные программы не сохраняют. {_AGAIN}"


def macros() -> str:
    """Say that the workbook carries macros."""
    return f"В таблице есть макросы, а в бланках их не бывает. {_AGAIN}"


def linked() -> str:
    """Say that the workbook draws on other files, data bases or sites."""
    return (
        "Таблица берёт данные из других файлов или с сайтов. Вставьте ответы как значения в чистый бланк из "
        "папки «Бланки» и положите его сюда."
    )


def huge_picture() -> str:
    """Say that a picture in the workbook has more dots than a machine can show."""
    return "В таблицу вставлена картинка огромного размера. Удалите или уменьшите её, сохраните и положите файл снова."


def embedded() -> str:
    """Say that other documents or controls are embedded in the workbook."""
    return f"В таблицу вставлены другие документы или элементы управления. {_AGAIN}"


def _low(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
