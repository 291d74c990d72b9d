"""How people type names and posts, brought to the one way they are printed.

Only spaces, hyphens, invisible characters and letter case are touched; е and ё stay as typed.
"""

import re
import unicodedata
from functools import lru_cache

from pipeline.documents.russian.words import FEMALE, MALE, Name

# Words that follow a name and stay small and undeclined: Мамед оглы, Гусейн-заде.
TRAILERS = frozenset(("оглы", "оглу", "угли", "улы", "уулу", "кызы", "гызы", "кизи", "заде"))
# Words that stand before a surname, small and undeclined: де Бур, ван дер Вег.
_PARTICLES = frozenset(("дер", "ден", "фон", "цу", "де", "дю", "да", "ди", "дос", "дель", "ибн"))
# First halves of double surnames that stay as they are: Сен-Санс, Тер-Петросян.
LEADERS = _PARTICLES | {"ван", "ла", "ле", "эль", "аль", "бен", "сен", "сент", "сан", "мак", "тер", "бонч", "кара"}
_INVISIBLE = {"Cc", "Cf", "Cs"}
_NO_PATRONYMIC = frozenset(("нет", "не имеет", "отсутствует", "без отчества"))


def tidy(text: str) -> str:
    """Give `text` with single plain spaces, composed letters («й» is one character) and nothing invisible."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    kept = "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    return " ".join(kept.split())


def tidy_title(title: str) -> str:
    """Give a post as it is printed: tidy, with a real hyphen inside words («педагог–психолог» too)."""
    return re.sub(r"(?<=\w)[‐‑‒–—−](?=\w)", "-", tidy(title))


@lru_cache(maxsize=2048)
def tidy_name(name: Name) -> Name:
    """Give the name as it is printed: «ИВАНОВА - ПЕТРОВА» becomes «Иванова-Петрова», «нет» no patronymic.

    Letter case changes only in a part typed wholly in capitals or wholly in small letters, so «де Бур» stays.
    """
    surname, given, patronymic = (_part(text) for text in (name.surname, name.given, name.patronymic))
    absent = patronymic.lower() in _NO_PATRONYMIC or not any(char.isalpha() for char in patronymic)
    return Name(surname, given, "" if absent else patronymic, name.sex)


def full(name: Name) -> str:
    """Give surname, given name and patronymic in one line, in the nominative."""
    return " ".join(part for part in (name.surname, name.given, name.patronymic) if part)


def initials_of(name: Name) -> list[str]:
    """Give the initials of a tidy name, each with its point: ["А.-М.", "П."]."""
    words = f"{name.given} {name.patronymic}".split()
    return [_initial(word) for word in words if word.lower() not in TRAILERS]


def sex_of(patronymic: str) -> str:
    """Tell the sex from a patronymic: "м" for «Петрович», «Гасан оглы», "ж" for «Петровна», «Гасан кызы», else ""."""
    word = tidy(patronymic).lower()
    if re.search(r"\w(ич|[ -](оглы|оглу|угли|улы|уулу))$", word):
        return MALE
    return FEMALE if re.search(r"\w([вчш]на|[ -](кызы|гызы|кизи))$", word) else ""


def key(text: str) -> str:
    """Give what two spellings of the same nominative have in common (spaces and letter case aside; ё is not е)."""
    return tidy_title(text).lower()


def keep_yo(source: str, form: str) -> str:
    """Write a `form` of ours with ё only if the person writes ё in `source`: «Илья» -> «Ильей»."""
    return form if "ё" in source.lower() else form.replace("ё", "е").replace("Ё", "Е")


def start_like(source: str, form: str) -> str:
    """Begin `form` with a capital or a small letter as `source` begins."""
    return (form[:1].upper() if source[:1].isupper() else form[:1].lower()) + form[1:]


def like(source: str, form: str) -> str:
    """Write the small-letter `form` of `source` as `source` is written: its letters, ё and capitals."""
    stem = 0
    for ours, theirs in zip(source.lower(), form, strict=False):
        if ours.replace("ё", "е") != theirs.replace("ё", "е"):
            break
        stem += 1
    ending = form[stem:].upper() if len(source) > 1 and source.isupper() else form[stem:]
    return source[:stem] + ending


def _part(text: str) -> str:
    hyphened = re.sub(r"\s*[‐‑‒–—−-]\s*", "-", tidy(text))
    uniform = hyphened.isupper() or hyphened.islower() or hyphened.swapcase().istitle()
    return _capitals(hyphened) if uniform else hyphened


def _capitals(text: str) -> str:
    words = text.lower().split(" ")
    last = len(words) - 1
    return " ".join(
        word if (index and word in TRAILERS) or (index < last and word in _PARTICLES) else _capital_word(word)
        for index, word in enumerate(words)
    )


def _capital_word(word: str) -> str:
    first, *rest = word.split("-")
    return "-".join([_capital(first), *(piece if piece in TRAILERS else _capital(piece) for piece in rest)])


def _capital(piece: str) -> str:
    """«о'нил» -> «О'Нил», but «лук'яненко» -> «Лук'яненко»."""
    match = re.fullmatch(r"(\w)(['’])(\w.*)", piece)
    return f"{match[1].upper()}{match[2]}{match[3].capitalize()}" if match else piece.capitalize()


def _initial(word: str) -> str:
    pieces = [piece for piece in word.split("-") if piece and piece.lower() not in TRAILERS]
    return "-".join(f"{piece[0].upper()}." for piece in pieces)
