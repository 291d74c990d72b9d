"""What ``templates fields`` says: the names and filters that a template may use; how Word shows its own styles."""

from __future__ import annotations

TEMPLATES = "шаблоны документов: что в них можно печатать"
FIELDS = "показать имена для меток шаблона, у каждого – пример значения"
NAME = "имя документа (папка в templates/documents); без него – список документов и фильтры"

PERSON = {
    "fio": 'фамилия, имя, отчество (падеж: fio("dat"))',
    "short": "фамилия и инициалы",
    "initials": "инициалы и фамилия, для подписи",
    "post": "должность",
}
FILTERS = {
    "fio": 'человек полностью: Швец Роман Ильич; падеж – fio("ins"): Швецом Романом Ильичом',
    "short": "фамилия и инициалы: Ковальчук Н. С.",
    "initials": "для подписи: Т. А. Лихачева",
    "post": 'должность человека, с падежом: post("dat")',
    "day": "дата словами: 5 ноября 2026 г.",
    "digits": "дата цифрами: 05.11.2026",
    "number": "номер со знаком: № 57-од",
    "plural": 'число с существительным: plural("год", "года", "лет") – 2 года',
    "lines": "длинный текст по абзацам, для {%p for line in …|lines %}",
    "inline": "длинный текст одной строкой, без точки в конце",
    "by_teams": "слово по составу приказа: пара, пары, группа, группы, те и другие",
    "capital": "с прописной буквы",
    "square": "квадратный код листа, по которому узнаётся его скан",
    "small": "со строчной буквы, если это не сокращение",
}
BUILT_IN_STYLES = {
    "обычный": "normal",
    "название": "title",
    "подзаголовок": "subtitle",
    "заголовок 1": "heading 1",
    "заголовок 2": "heading 2",
    "заголовок 3": "heading 3",
    "основной текст": "body text",
    "верхний колонтитул": "header",
    "нижний колонтитул": "footer",
    "подпись": "signature",
    "маркированный список": "list bullet",
    "нумерованный список": "list number",
}
"""Names of Word's own styles: as it shows them in Russian, as a file has them."""


def rows(title: str, key: str) -> str:
    """Say that a name is a list of rows."""
    return f"строки листа «{title}»; внутри – one.графа, ключи граф – в config/register.yaml, лист {key}"


def same_row(title: str) -> str:
    """Say that a name leads to a row whose columns are not listed again."""
    return f"строка листа «{title}», её графы – дальше через точку"


def count(number: int) -> str:
    """Say how many rows a list has now."""
    return f"строк: {number}"


def code() -> str:
    """Name the first column of every sheet."""
    return "Код"


def yes_or_no(*, true: bool) -> str:
    """Say whether a condition holds now."""
    return "сейчас да" if true else "сейчас нет"


def document(name: str, title: str, sheet: str) -> str:
    """Name a document whose fields can be asked for."""
    return f"{name} – {title} (лист «{sheet}»)"


def heading(title: str, sheet: str) -> str:
    """Begin the list of a document's names."""
    return f"«{title}», row – строка листа «{sheet}»:"


def filters() -> str:
    """Begin the list of filters."""
    return "Фильтры (пишутся после имени через черту):"


def line(tag: str, meaning: str, example: str) -> str:
    """Show one thing that a template may print, with an example of its value."""
    return f"  {tag}{f' – {meaning}' if meaning else ''}{f' → {example}' if example else ''}"


def unknown(name: str, nearest: str) -> str:
    """Say that there is no such document, and the nearest there is."""
    perhaps = f" Возможно, имелось в виду «{nearest}»." if nearest else ""
    return f"Документа «{name}» нет.{perhaps}"
