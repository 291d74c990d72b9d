"""What ``explain`` says: where each value of a document came from."""

from __future__ import annotations

from datetime import date, datetime

EXPLAIN = "показать, откуда взято каждое значение документа"
FILE = "документ из outbox или его копия, хотя бы переименованная и исправленная"


def not_ours(name: str) -> str:
    """Say that a file is no document of this workspace."""
    return (
        f"«{name}» – не документ этой рабочей папки: ни по содержанию, ни по метке в свойствах файла он не узнан. "
        "Проверьте путь; сведения о документах, которых уже нет, хранятся 30 дней."
    )


def no_such_file(name: str) -> str:
    """Say that there is no such file."""
    return f"Файла «{name}» нет."


def heading(title: str, code: str, *, draft: bool) -> str:
    """Name the document."""
    return f"«{title}», строка {code}{', проект' if draft else ''}."


def template(name: str, sha: str, *, same: bool) -> str:
    """Say which template a document was made with; ``same`` tells whether it is the one in use."""
    state = "он и сейчас в работе" if same else f"с тех пор он изменён, прежний – .state/archive/{sha}.docx"
    return f"Шаблон: templates/documents/{name}/template.docx ({sha[:8]}), {state}."


def changed_by_hand() -> str:
    """Say that a person changed the file, so that its values are told as they were laid."""
    return "Файл изменён человеком; ниже – значения, какими их поставила программа."


def value(text: str, origins: list[str]) -> str:
    """Say of one value where it came from; each origin is a sentence of this module."""
    return f"«{text}» – {'; '.join(origins)}"


def setting(file: str, key: str) -> str:
    """Name an entry of the settings."""
    return f"{file}, {key}"


def row(sheet: str, code: str) -> str:
    """Name a row of the register."""
    return f"лист «{sheet}», строка {code}"


def cell(sheet: str, code: str, columns: list[str]) -> str:
    """Name cells of one row."""
    word = "графа" if len(columns) == 1 else "графы"
    return f"{row(sheet, code)}, {word} {', '.join(f'«{one}»' for one in columns)}"


def from_form(title: str, received: date, number: int, link: str) -> str:
    """Say which filled form gave a cell."""
    return f"форма «{title}» от {received:%d.%m.%Y} № {number} ({link})"


def from_curator(revision: int, at: datetime | None) -> str:
    """Say that the curator wrote a cell, into which revision of the register."""
    when = f" от {at:%d.%m.%Y}" if at else ""
    return f"правка куратора в редакции {revision}{when}"


def from_program() -> str:
    """Say that the program computed a cell."""
    return "составлено программой"


def from_nowhere() -> str:
    """Say that a cell is no more."""
    return "строки или значения больше нет"


def says_now(text: str) -> str:
    """Say what a cell or setting says now, if it says something else."""
    return f"сейчас там «{text}»" if text else "сейчас там пусто"
