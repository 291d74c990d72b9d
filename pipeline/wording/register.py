"""What the register says of itself to the curator: headings, hints, doubts about her edits, why writing stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

Tone = Literal["good", "waits", "bad", "past"]

CODE = "Код"
LISTS = "Справочники"
ABOUT = "О реестре"

KEEP = "оставить"
TAKE = "взять новое"
REMOVE = "удалить"
SEEN = "понятно"

OPEN = "Открыт"
SOLVED = "Решён"

TONES: Mapping[str, Tone] = {
    **dict.fromkeys(("Действует", "Подписан", "Утверждена", "Идёт", "Выполнено", "Решён"), "good"),
    **dict.fromkeys(
        ("Предложена", "Согласована", "Ждёт согласий", "Ждём подпись", "Скан получен", "Истекает"), "waits"
    ),
    **dict.fromkeys(("Проект", "На подпись", "Открыт", "Предстоит", "Сегодня"), "waits"),
    **dict.fromkeys(("Истекло", "Отозвано", "Отказ", "Просрочено"), "bad"),
    **dict.fromkeys(("Отменён", "Отклонена", "Отложена", "Прекращена", "Снято", "Завершена"), "past"),
}
"""How the answers of «Состояние» are coloured."""


def list_title(sheet: str, column: str) -> str:
    """Head a closed list among the lists behind the drop-downs."""
    return f"{sheet}: {column}"


def reference(label: str, code: str) -> str:
    """Name a row in a drop-down: what it is, then its code."""
    return f"{label} · {code}" if label else code


def place(sheet: str, column: str, code: str) -> str:
    """Name a cell so that its row can be found: the code stands last."""
    return ", ".join(part for part in (sheet, f"«{column}»" if column else "", code) if part)


def hint(owner: str, text: str) -> str:
    """Explain a heading: who writes there, then its own hint."""
    who = {
        "form": "Заполняется из анкет. Можно исправить: ваше значение станет главным. «–» – намеренно пусто.",
        "curator": "Заполняет только куратор.",
        "program": "Заполняет программа. Вписанное сюда вернётся к прежнему и станет вопросом.",
    }[owner]
    return f"{text}\n{who}" if text else who


def code_hint(sheet_hint: str) -> str:
    """Explain a sheet at its first heading."""
    return f"{sheet_hint}\nПо коду программа узнаёт строку: не меняйте его. Строки можно сортировать и фильтровать."


def choose_title() -> str:
    """Head the message of a refused answer."""
    return "Нет в списке"


def choose_one() -> str:
    """Refuse an answer that is not in the list."""
    return "Выберите ответ из списка."


def choose_row() -> str:
    """Doubt a reference that is not in the list."""
    return "Такой строки нет в списке. Можно вписать и один код, например Л-0001. Оставить как есть?"


def stamp_labels() -> tuple[str, str, str, str]:
    """Name the cells of the stamp: the register, its revision, when it was written, what changed."""
    return ("Код реестра (не меняйте)", "Редакция (не меняйте)", "Последняя запись программы", "Что записано")


def legend(owner: str) -> tuple[str, str]:
    """Explain the colours of an owner's heading and cells."""
    return {
        "form": ("Графы анкет", "Заполняется из анкет, вы можете исправить"),
        "curator": ("Ваши графы", "Заполняете только вы"),
        "program": ("Графы программы", "Заполняет программа, исправление вернётся обратно"),
    }[owner]


def how_to_use() -> tuple[str, ...]:
    """Tell how to work in the workbook."""
    return (
        "Работайте здесь как в обычной таблице: сортируйте, фильтруйте, скрывайте и передвигайте графы, раскрашивайте, "
        "добавляйте свои графы, листы и диаграммы. Программа их не тронет.",
        "Не переименовывайте листы и заголовки и не меняйте коды: по ним программа узнаёт, где что лежит.",
        "Новую строку начинайте в первой пустой строке с кодом. Можно и ниже, без кода: код поставит программа.",
        "Пустая ячейка возвращается программе: она впишет то, что знает из анкет. Тире «–» значит «намеренно пусто».",
        "Если ваше значение расходится с новой анкетой, остаётся ваше, а на листе «Вопросы» появляются оба.",
        "Удалённая строка остаётся удалённой. Если на неё ссылаются другие строки, программа вернёт её и спросит.",
        "Пока книга открыта, программа в неё не пишет. Сохраните и закройте её: новые строки появятся через минуту.",
        "Строки, которые вы вписали без кода, учитываются при сохранении; код появится, когда книга будет закрыта.",
    )


def written_at(moment: datetime) -> str:
    """Say when the workbook was last written."""
    return moment.strftime("%d.%m.%Y %H:%M")


def changed(new: int, old: int) -> str:
    """Say how many rows a revision added and changed."""
    parts = [f"новых строк – {new}" if new else "", f"изменено строк – {old}" if old else ""]
    return ", ".join(part for part in parts if part) or "списки для выбора"


def read_hers() -> str:
    """Say that a revision only confirms that her save was read."""
    return "учтены ваши правки"


def created() -> str:
    """Say that a revision is a workbook's first."""
    return "реестр создан"


def page_footer() -> str:
    """Return the footer of a printed sheet: its title, page and number of pages as codes of the office program."""
    return "&A – стр. &P из &N"


# --- doubts about what she wrote ----------------------------------------------------------------------------------


def conflict(where: str, values: tuple[str, str, str]) -> str:
    """Ask which of two values is right; ``values`` are what it was, hers now, and what was written meanwhile."""
    was, hers, new = map(quoted, values)
    return (
        f"{where}: в сохранённой книге {hers}, а тем временем было записано {new} (до того – {was}). Сейчас стоит "
        f"{hers}. Если верно {new}, ответьте «{TAKE}»; можно вписать и третье."
    )


def reverted(where: str, values: tuple[str, str]) -> str:
    """Ask whether her earlier edit is to be undone; ``values`` are what the last save says and that edit."""
    last, earlier = map(quoted, values)
    return (
        f"{where}: в сохранённой книге снова {last}, хотя раньше вы вписали {earlier}. Это отмена правки или старая "
        f"копия книги? Сейчас стоит {earlier}; «{TAKE}» вернёт {last}."
    )


def vanished(row: str, text: str) -> str:
    """Say that a row she began in an earlier save is removed, and what stood in it."""
    return (
        f"Строка {row}, которую вы начали раньше ({quoted(text)}), удалена: в последней сохранённой книге её нет. "
        "Если это была старая копия книги, впишите строку снова."
    )


def computed(where: str, hers: str, fact: str) -> str:
    """Say that a cell the program computes was put back, and where its fact lives (``""`` when nowhere)."""
    told = f"{where}: эту ячейку заполняет программа, ваше {quoted(hers)} не учтено."
    return f"{told} Исправьте там, где это записано: {fact}." if fact else told


def signed(where: str, hers: str) -> str:
    """Say that a cell of a signed row was put back."""
    return (
        f"{where}: документ подписан, ячейка больше не меняется, ваше {quoted(hers)} не учтено. "
        "Изменение оформляется новым приказом."
    )


def formula(where: str, found: str) -> str:
    """Say that a formula or an error value is not understood."""
    return f"{where}: здесь {quoted(found)}. Формулы и ошибки программа не читает: впишите само значение."


def gone_but_signed(row: str) -> str:
    """Say that a signed row was removed and put back."""
    return f"Вы удалили строку {row}, но документ подписан. Строка возвращена."


def gone_but_changed(row: str) -> str:
    """Ask whether a removed row is to go although it has changed since."""
    return f"Вы удалили строку {row}, но тем временем в ней появились новые данные. Строка возвращена. Удалить её?"


def gone_but_needed(row: str, by: Sequence[str]) -> str:
    """Say that a removed row is referred to and was put back."""
    shown = ", ".join(by[:8]) + (" …" if len(by) > 8 else "")
    return (
        f"Вы удалили строку {row}, но на неё ссылаются: {shown}. Строка возвращена; сначала удалите или исправьте их."
    )


def back_again(row: str) -> str:
    """Ask whether a row that was gone is to stay, since a save changed it."""
    return f"Строки {row} уже не было в реестре, но в сохранённой книге она изменена. Строка возвращена. Оставить её?"


def not_for_rows(sheet: str, row: int, text: str) -> str:
    """Say that rows of a sheet are added by the program alone."""
    return (
        f"Лист «{sheet}», строка {row}: здесь строки добавляет программа, вписанное {quoted(text)} не учтено. "
        "Перенесите его в свою графу или на другой лист."
    )


def strange_code(sheet: str, row: int, code: str) -> str:
    """Say that a row's code is none of its sheet's."""
    return (
        f"Лист «{sheet}», строка {row}: код {quoted(code)} не с этого листа, строка не учтена. "
        "Сотрите код: программа поставит новый."
    )


def computed_in_new(where: str, hers: str) -> str:
    """Say that a new row says something in a column that the program fills."""
    return f"{where}: в новой строке вписано {quoted(hers)}, но эту графу заполняет программа. Заполните другие графы."


def unreadable(where: str, found: str, wanted: str) -> str:
    """Say that a value cannot be understood."""
    return f"{where}: {quoted(found)} не читается – {wanted}. Исправьте в самой ячейке, вопрос закроется."


def want_reference(sheet: str) -> str:
    """Ask for a reference to a row of a sheet."""
    return f"нужна строка листа «{sheet}»: выберите её из списка или впишите код"


def want_existing(sheet: str) -> str:
    """Ask for a reference to a row that exists."""
    return f"на листе «{sheet}» нет такой строки"


def cell(sheet: str, code: str, column: str) -> str:
    """Name a cell by its sheet, row and heading."""
    return f"Лист «{sheet}», {code}, «{column}»"


def cell_at(sheet: str, row: int, column: str) -> str:
    """Name a cell of a row that has no code yet."""
    return f"Лист «{sheet}», строка {row}, «{column}»"


def row_at(sheet: str, row: int) -> str:
    """Name a row that has no code yet."""
    return f"лист «{sheet}», строка {row}"


def quoted(value: str) -> str:
    """Quote a value in a sentence, cut when it is long."""
    if not value:
        return "пусто"
    return f"«{value if len(value) <= 120 else value[:119] + '…'}»"


# --- why writing stopped ------------------------------------------------------------------------------------------


def missing_sheet(sheet: str, nearest: str) -> str:
    """Say that a sheet is missing, and the nearest name found."""
    return f"В реестре нет листа «{sheet}».{_perhaps(nearest)} Верните лист или его прежнее имя. {_put_back()}"


def missing_heading(sheet: str, heading: str, nearest: str) -> str:
    """Say that a heading is missing, and the nearest one found."""
    decide = _stopped() if heading == CODE else _put_back()
    return f"Лист «{sheet}»: нет заголовка «{heading}».{_perhaps(nearest)} Верните заголовок. {decide}"


def heading_twice(sheet: str, heading: str) -> str:
    """Say that a heading stands twice."""
    return f"Лист «{sheet}»: заголовок «{heading}» стоит дважды. Переименуйте свою графу. {_stopped()}"


def mass_removal(sheet: str, gone: int, total: int) -> str:
    """Say that too many rows are gone at once to believe it."""
    return f"Лист «{sheet}»: пропали строки – {gone} из {total}. {_stopped()} {_decide()}"


def mass_change(sheet: str, turned: int, total: int) -> str:
    """Say that too many rows say something else under the same code, as after sorting a part of the columns."""
    return (
        f"Лист «{sheet}»: под прежними кодами другие данные – строк {turned} из {total}. Так бывает, если "
        f"отсортировать только часть граф. {_stopped()} {_decide()}"
    )


def somebody() -> str:
    """Name the person who has the workbook open when the office program does not say who."""
    return "кто-то"


def foreign() -> str:
    """Say that the workbook is not this register, or bears no readable stamp."""
    return (
        f"Файл в папке register – не этот реестр, либо на листе «{ABOUT}» стёрты его код и номер редакции. "
        f"{_stopped()} Если это последняя редакция с вашими правками, их учтёт «nastavnik register accept»."
    )


def damaged(reason: str, detail: str = "") -> str:
    """Say why the workbook's file cannot be taken; ``reason`` is a ``cells.Reason``, ``detail`` the place."""
    why = {
        "empty": "файл пуст",
        "broken zip": "файл повреждён или скопирован не до конца",
        "not a workbook": "это не книга Excel",
        "encrypted": "файл закрыт паролем. Снимите пароль и сохраните книгу",
        "saved as .xls": "книга сохранена в старом формате. Сохраните её как .xlsx",
        "saved as .ods": "книга сохранена в формате .ods. Сохраните её как .xlsx",
        "saved as .xlsb": "книга сохранена в двоичном формате. Сохраните её как .xlsx",
        "saved as .xlsm": "в книге макросы. Сохраните её как .xlsx без макросов",
        "saved as .xltx": "книга сохранена как шаблон. Сохраните её как .xlsx",
        "saved as Strict Open XML": "книга сохранена в строгом формате Open XML. Сохраните её как обычную книгу .xlsx",
        "shared workbook": "включён общий доступ к книге. Отключите его и сохраните книгу",
        "too large": "файл слишком велик",
    }.get(reason, f"файл повреждён{f' ({detail})' if detail else ''}")
    return f"Реестр не читается: {why}. {_stopped()}"


def nearly_full(sheet: str, rows: int, most: int) -> str:
    """Warn that a sheet grows to the limit."""
    return (
        f"Лист «{sheet}»: строк {rows}, предел – {most}. Пора убрать строки прошлых лет (удалённая строка остаётся в "
        "истории) или поднять «most_rows» в config/policy.yaml."
    )


def full(sheet: str, rows: int, most: int) -> str:
    """Say that a sheet has outgrown the limit and is not written."""
    return (
        f"Лист «{sheet}»: строк {rows}, больше предела – {most}. Запись в реестр остановлена, новые данные приняты. "
        "Удалите лишние строки или поднимите «most_rows» в config/policy.yaml."
    )


def unwritable(detail: str) -> str:
    """Say that a write would have changed something of hers, and was not made."""
    return f"Запись в реестр остановлена: она задела бы чужое ({detail}). Файл не тронут. Сообщите администратору."


def _stopped() -> str:
    return "Файл не тронут, запись в него остановлена. Исправьте и сохраните его – или «nastavnik register discard»."


def _put_back() -> str:
    return (
        "Файл не тронут, запись в него остановлена. Исправьте и сохраните его – или «nastavnik register accept»: "
        "недостающее вернётся, остальные правки учтутся, – или «nastavnik register discard»: вернётся прежнее."
    )


def _decide() -> str:
    return "Всё верно – «nastavnik register accept», вернуть прежнее – «nastavnik register discard»."


def _perhaps(nearest: str) -> str:
    return f" Похож «{nearest}»." if nearest else ""
