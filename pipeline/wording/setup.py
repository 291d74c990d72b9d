"""Sentences about the set-up: what the administrator reads in the terminal."""

from __future__ import annotations


def missing_file(path: str) -> str:
    """Say that a file the program needs is not there."""
    return f"{path}: файла нет. Верните его из поставки или создайте рабочую папку заново командой «nastavnik init»."


def not_utf8(path: str) -> str:
    """Say that a settings file is not saved as UTF-8."""
    return f"{path}: файл сохранён не в кодировке UTF-8. Пересохраните его в UTF-8."


def broken_yaml(path: str, line: int) -> str:
    """Say that a settings file cannot be read from a line on."""
    return f"{path}, строка {line}: запись не читается. Проверьте отступы, двоеточия и кавычки в этой строке и над ней."


def key_twice(path: str, line: int, key: str) -> str:
    """Say that a key stands twice in one place."""
    return f"{path}, строка {line}: ключ «{key}» записан дважды. Оставьте одну запись."


def unknown_key(path: str, line: int, key: str, nearest: str) -> str:
    """Say that a key is not known, and the nearest known one."""
    return f"{path}, строка {line}: ключ «{key}» неизвестен.{_perhaps(nearest)}"


def missing_key(path: str, line: int, key: str) -> str:
    """Say that an obligatory key is missing."""
    return f"{path}, строка {line}: нет обязательного ключа «{key}»."


def wrong_value(path: str, line: int, key: str, found: str, expected: str) -> str:
    """Say that a value does not fit its key."""
    wanted = f" Допустимо: {expected}." if expected else ""
    return f"{path}, строка {line}: ключ «{key}»: значение «{found[:60]}» не подходит.{wanted}"


BOUNDS = {
    "ge": "не меньше {}",
    "le": "не больше {}",
    "gt": "больше {}",
    "lt": "меньше {}",
    "multiple_of": "кратное {}",
}
"""How a number may be bound: as pydantic names it, as people say it."""


def bound(kind: str, number: float) -> str:
    """Say how small or large a number may be."""
    return BOUNDS[kind].format(amount(number))


def amount(number: float) -> str:
    """Write a number as people do: «12,5», «20»."""
    return f"{number:g}".replace(".", ",")


def below_standard(place: str, key: str, found: float, wanted: str) -> str:
    """Say that a number of the layout is not what the standard recommends."""
    return (
        f"{place}: {key}: {amount(found)} – стандарт рекомендует {wanted}. Исправьте число; если у вас принято иначе, "
        "поправьте и раздел standard."
    )


def unknown_style(name: str, nearest: str) -> str:
    """Say that no template has a style that the layout names."""
    return f"config/layout.yaml: стиля «{name}» нет ни в одном шаблоне документов.{_perhaps(nearest)}"


def wrong_folder(path: str, name: str, folder: str) -> str:
    """Say that a declaration's name differs from its folder's."""
    return f"{path}: имя «{name}» не совпадает с именем папки «{folder}»."


def unknown_name(path: str, name: str, nearest: str) -> str:
    """Say that a declaration names something that is declared nowhere."""
    return f"{path}: имя «{name}» нигде не объявлено.{_perhaps(nearest)}"


def no_options(path: str, key: str) -> str:
    """Say that a closed question offers no answers."""
    return f"{path}: у вопроса «{key}» нет ответов. Впишите options или укажите графу реестра со списком."


def _perhaps(nearest: str) -> str:
    return f" Возможно, имелось в виду «{nearest}»." if nearest else ""


def folder_outside(path: str, folder: str) -> str:
    """Refuse a folder that leads out of the outbox."""
    return f"{path}: папка «{folder}» ведёт за пределы outbox. Укажите папку внутри него."


def last_good(name: str) -> str:
    """Say that a document goes on being made as it was before it was spoiled."""
    return (
        f"templates/documents/{name}: пока ошибки не исправлены, документ делается по прежнему, последнему верному "
        "шаблону и его описанию."
    )
