"""Sentences about documents: what a paper lacks, what became of one, what is wrong with a template."""

from __future__ import annotations


def draft_mark() -> str:
    """Mark the file name of a draft."""
    return " – ПРОЕКТ"


def square_code(token: str) -> str:
    """Say in words what the square code of a sheet shows, for those who hear a paper."""
    return f"Квадратный код листа {token}"


def new_edition(number: int) -> str:
    """Mark the file name of a newer version that lies beside a changed one."""
    return "(новая редакция)" if number == 1 else f"(новая редакция {number})"


# --- PDF -------------------------------------------------------------------------------------------------------------


def no_office() -> str:
    """Say that PDFs are wanted and cannot be made on this machine."""
    return (
        "PDF рядом с документами не делаются: LibreOffice не найден. Установите его на машине программы или поставьте "
        "pdf: false в config/policy.yaml."
    )


def not_converted(name: str) -> str:
    """Say that a paper lies in the outbox without its PDF."""
    return f"PDF не получился: {name}. Откройте документ в Word или LibreOffice и сохраните как PDF."


def more_not_converted(count: int) -> str:
    """Say how many papers in all lie in the outbox without their PDF, after some were named."""
    return f"PDF не получились и у других документов, всего таких: {count}. Проверьте LibreOffice на машине программы."


# --- what a paper lacks (the curator) --------------------------------------------------------------------------------


def empty_cell(document: str, subject: str, sheet: str, code: str, column: str) -> str:
    """Say which cell to fill so that a document can be made."""
    return f"{_not_made(document, subject)} Заполните графу «{column}» в строке {code} листа «{sheet}»."


def unreadable_cell(document: str, subject: str, sheet: str, code: str, column: str) -> str:
    """Say which cell cannot be understood."""
    return f"{_not_made(document, subject)} Графа «{column}» в строке {code} листа «{sheet}» не читается: исправьте её."


def dangling_cell(document: str, subject: str, sheet: str, code: str, column: str) -> str:
    """Say which cell refers to a row that is not there."""
    return (
        f"{_not_made(document, subject)} Графа «{column}» в строке {code} листа «{sheet}» ссылается на строку, которой "
        "нет: выберите другую."
    )


def undecided_sex(document: str, subject: str, sheet: str, code: str, column: str) -> str:
    """Say whose sex must be known before the name can be declined."""
    return (
        f"{_not_made(document, subject)} По отчеству не видно, как склонять имя: заполните графу «{column}» в строке "
        f"{code} листа «{sheet}»."
    )


def empty_setting(document: str, subject: str, file: str, key: str) -> str:
    """Say which setting of the organisation a document needs."""
    return f"{_not_made(document, subject)} Администратору: впишите «{key}» в {file}."


def _not_made(document: str, subject: str) -> str:
    return f"Не составлен документ «{document}» ({subject})."


# --- what became of a paper (cell «Чего не хватает») -----------------------------------------------------------------


def not_made() -> str:
    """Say that a paper could not be made and where the reasons stand."""
    return "документ не составлен – см. лист «Вопросы»"


def enter_order(number: str, day: str, newer: str) -> str:
    """Say that a person changed or took a paper, so that she must write the order's number and date into it herself."""
    return f"впишите приказ {number} от {day} – документ изменён вручную{_lies_beside(newer)}"


def changed_by_hand(newer: str) -> str:
    """Say that a person changed a paper and that the data have changed since."""
    return f"документ изменён вручную, а данные с тех пор изменились{_lies_beside(newer)}"


def taken() -> str:
    """Say that a person took a paper from the outbox."""
    return "забрано"


def changed(newer: str) -> str:
    """Say that a person changed a paper, and where its newer version lies, if there is one."""
    return f"изменено вручную{_lies_beside(newer)}"


def edited() -> str:
    """Say that a person changed a draft whose clean edition lies in the outbox now."""
    return "проект с правками от руки – перенесите их в чистовик"


def difference(hers: str, now: str) -> str:
    """Say what differs between a person's file and the newer version; ``""`` stands for no such paragraph."""
    if hers and now:
        return f"в Вашем файле «{hers}», теперь «{now}»"
    return f"теперь есть «{now}»" if now else f"теперь нет «{hers}»"


def edit(was: str, hers: str) -> str:
    """Say what a person changed in a paper; ``""`` stands for no such paragraph."""
    if was and hers:
        return f"было «{was}», в Вашем файле «{hers}»"
    return f"дописано «{hers}»" if hers else f"убрано «{was}»"


def and_more(count: int) -> str:
    """Say how many differences are told on the state page alone."""
    return f"; ещё отличий – {count}, см. «Состояние»" if count > 0 else ""


def draft_edited(draft: str) -> str:
    """Say that a person changed the draft, so that the clean edition lacks her changes."""
    return f"в проекте «{draft}» есть правки от руки – перенесите их в чистовик"


def taken_away() -> str:
    """Say that a person took a paper away and that the data have changed since."""
    return "документ забрали из папки, а данные с тех пор изменились: сверьте его"


def enter_order_taken(number: str, day: str) -> str:
    """Say that a person took a paper away, so that she must write the order's number and date into it herself."""
    return f"впишите приказ {number} от {day} – документ забрали из папки"


def _lies_beside(newer: str) -> str:
    return f", рядом лежит «{newer}»" if newer else ""


# --- what is wrong with a template (the administrator) ---------------------------------------------------------------


def template_problem(template: str, kind: str, name: str, nearest: str, place: str) -> str:
    """Say what is wrong with a template: the kind of problem, the offending piece, the nearest known one, where."""
    what = _PROBLEMS.get(kind, _PROBLEMS["syntax"]).format(name=name) if name else _NAMELESS.get(kind, _UNREADABLE)
    where = f" Место: «{place}»." if place and kind != "not_docx" else ""
    perhaps = f" Возможно, имелось в виду «{nearest}»." if nearest else ""
    if kind == "unfiltered":
        perhaps = f" Как надо: {nearest}."
    return f"{template}: {what}{perhaps}{where}"


def where_in_template(part: str) -> str:
    """Say in which part of a template the place is, if it is not the text itself."""
    found = (name for key, name in _PARTS.items() if key in part)
    where = next(found, "")
    return f" ({where})" if where else ""


_PARTS = {
    "header": "верхний колонтитул",
    "footer": "нижний колонтитул",
    "footnotes": "сноски",
    "endnotes": "концевые сноски",
    "docProps": "свойства документа",
    "comments": "примечания",
    "settings": "параметры документа",
}


def how_to_print(kind: str) -> str:
    """Say how a value of a kind is printed."""
    return _PRINTED[kind]


_PRINTED = {
    "person": "человека печатают с фильтром: {{ …|fio }}, {{ …|short }}, {{ …|initials }} или {{ …|post }}",
    "row": "это целая строка реестра – назовите её графу",
    "rows": "это список строк – повторите их: {%p for … in … %} или {%tr for … in … %}",
    "model": "это раздел настроек – назовите в нём ключ",
    "day": "дату печатают с фильтром: {{ …|day }} – словами, {{ …|digits }} – цифрами",
    "long": "длинный текст печатают по абзацам: {%p for line in …|lines %}, или одной строкой: {{ …|inline }}",
}


_UNREADABLE = "метки шаблона не читаются: проверьте, что каждая начатая {% if %} и {% for %} закончена."
_NAMELESS = {
    "not_docx": "это не документ Word (.docx) или он повреждён. Сохраните шаблон заново в Word.",
    "torn": "метка разрывает таблицу, ссылку или исправление: поставьте начало и конец метки в одно и то же место.",
    "unfit": "в метке сравнивают или считают то, чего нельзя, например дату с текстом.",
}
_PROBLEMS = {
    "external": "шаблон загружает содержимое извне: «{name}». Удалите эту связь.",
    "left_over": "метка {name} стоит там, где программа ничего не заполняет (свойства, примечания, ссылки): удалите.",
    "unclosed": "метка не закрыта в своём абзаце: {name}.",
    "crowded": "метка {name} должна стоять одна в своём абзаце, строке или ячейке.",
    "misplaced": "значение {name} стоит вне текста.",
    "torn": "метка {name} разрывает таблицу, ссылку или исправление: поставьте начало и конец в одно и то же место.",
    "rows": "метка {name} начинается в одной строке таблицы, а кончается в другой: строки таблицы повторяют метками "
    "{{%tr for … %}} и {{%tr endfor %}}, каждая – одна в своей строке.",
    "misused": "фильтр {name} не подходит к тому, к чему применён.",
    "unfiltered": "«{name}» печатается без фильтра.",
    "syntax": "метка не читается: {name}.",
    "forbidden": "в шаблоне нельзя использовать {name}.",
    "unknown_filter": "фильтр «{name}» неизвестен.",
    "unknown_name": "имя «{name}» неизвестно.",
    "unprintable": "у значения в метке нет текста для печати, уточните графу.",
}


def damaged_paper(template: str, code: str, fault: str) -> str:
    """Say that a paper does not hold together and was not issued; ``fault`` is for whoever mends the template."""
    return f"{template}: документ строки {code} получился повреждённым и не выпущен ({fault}). Проверьте шаблон."


def unknown_answer(path: str, column: str, answer: str, nearest: str) -> str:
    """Say that an entry waits for an answer that its column never has."""
    perhaps = f" Возможно, имелось в виду «{nearest}»." if nearest else ""
    return f"{path}: в графе «{column}» не бывает ответа «{answer}».{perhaps}"


def no_code_in_name(path: str) -> str:
    """Say that file names would not differ from row to row."""
    return f"{path}: в file_name нет {{code}} – файлы разных строк получили бы одно имя."


def empty_setting_in(path: str, file: str, key: str) -> str:
    """Say that a template prints a setting that is empty."""
    return f"{path}: шаблон печатает «{key}», а в {file} оно пустое. Впишите значение или уберите метку."


def wrong_pattern(path: str, name: str, nearest: str) -> str:
    """Say that the name of a folder or file names something that a row does not have."""
    perhaps = f" Возможно, имелось в виду «{nearest}»." if nearest else ""
    return f"{path}: в имени папки или файла неизвестно «{{{name}}}».{perhaps}"
