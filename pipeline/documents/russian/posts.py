"""A post in any case: «заместителя директора по учебной работе».

The main word is the first noun that names somebody, or an adjective in that role («заведующий»); it, its adjectives
and both halves of a double word change, everything after it stays. Posts joined by a comma, «и» or a dash change each.
"""

import re

from pipeline.documents.russian import dictionary, spelling
from pipeline.documents.russian.dictionary import Reading
from pipeline.documents.russian.words import MALE, Case, Inflected, Known, join

_ABBREVIATED = "сокращение не склоняется: проверьте, верно ли читается должность"
_NO_HEAD = "не нашлось слово, которое надо склонять"
_UNKNOWN = "слова «{}» нет в словаре: проверьте падеж"
_CAPITALS = "должность набрана прописными буквами"
_SEX = "род должности не согласуется с полом"

_STANDING = re.compile(r"(и\.? ?о\.?|вр\.? ?и\.? ?о\.?|зам\.?|пом\.|зав\.|нач\.|рук\.|дир\.)(?=[\s-]|$)", re.IGNORECASE)
_SEPARATOR = re.compile(r"(\s*[,;/]\s*|\s+(?:и|[-–—])\s+)(?![^«»]*»)(?![^()]*\))")
_TAIL = re.compile(
    r"\s*(\([^)]*$|«[^»]*$|[\"“„]|\bпо (професси|специальност|направлени|квалификаци|дисциплин|предмет|курс)).*",
    re.DOTALL | re.IGNORECASE,
)
_ADJECTIVES = {"ADJF", "PRTF"}
_NOMINATIVE = re.compile("[а-яё-]+(ый|ий|ая|яя)", re.IGNORECASE)
_FIRST_HALVES = frozenset(("шеф", "обер", "штаб"))


def inflect(title: str, case: Case, sex: str, known: Known) -> Inflected:
    """Give a tidy post in `case`; `sex` ("" when it does not matter) only raises a doubt («учительница» for a man).

    `known` is asked first for each word that changes. A post without a main word comes back unchanged, with a doubt.
    """
    if _STANDING.match(title):
        return Inflected(title, _ABBREVIATED)
    tail = found[0] if (found := _TAIL.search(title)) else ""
    first, *others = _SEPARATOR.split(title.removesuffix(tail))
    phrases = [_phrase(first, case, sex, known) or Inflected(first, _NO_HEAD)]
    for glue, text in zip(others[::2], others[1::2], strict=True):
        another = _phrase(text, case, sex, known) if _is_post(text, known) else None
        phrases += [Inflected(glue), another or Inflected(text)]
    shouted = title.isupper() and max(map(len, title.split())) > 4
    return join([*phrases, Inflected(tail), Inflected("", _CAPITALS if shouted else "")], "")


def _phrase(text: str, case: Case, sex: str, known: Known) -> Inflected | None:
    """Inflect one post up to its main word; None if `text` has none."""
    words = text.split()
    count = _head(words, known)
    if not count:
        return None
    head = _noun(words[count - 1]) or _adjective(words[count - 1])
    count += _following(words[count:], head.gender if head else "")
    forms = [_changed(word, case, known) for word in words[:count]]
    mismatch = sex == MALE and head is not None and head.gender == "femn"
    return join([*forms, *map(Inflected, words[count:]), Inflected("", _SEX if mismatch else "")])


def _is_post(text: str, known: Known) -> bool:
    """Tell whether what follows a comma or «и» is surely one more post, not one more subject."""
    words = text.split()
    head = words[count - 1] if (count := _head(words, known)) else ""
    return any(known(half, Case.GEN) or _is_person(half) for half in head.split("-"))


def _is_person(word: str) -> bool:
    """Tell whether a word can mean nothing but somebody: «мастер», «заведующий», but not «язык»."""
    readings = [item for item in dictionary.readings(word) if item.known and item.part in {"NOUN", "PRTF"}]
    return bool(readings) and all(item.animate or item.part == "PRTF" for item in readings)


def _head(words: list[str], known: Known) -> int:
    """Give how many words there are up to and with the main one, 0 when there is none."""
    for index, word in enumerate(words):
        noun, adjective = _noun(word), _adjective(word)
        if adjective and _leads_to_noun(words[index + 1 :], adjective):
            continue
        if noun or adjective or known(word, Case.GEN):
            return index + 1
        if not _stays(word):
            return 0
    return 0


def _following(words: list[str], gender: str) -> int:
    """Count the adjectives after the main word that are its own: «сестра процедурная», not «учитель русский язык»."""
    for index, word in enumerate(words):
        adjective = _adjective(word) if _NOMINATIVE.fullmatch(word) else None
        if adjective is None or adjective.gender != gender or any(map(_is_noun, words[index + 1 : index + 2])):
            return index
    return len(words)


def _is_noun(word: str) -> bool:
    """Tell whether a word (no preposition: «по» is software, too) can be a noun in the nominative."""
    return len(word) > 2 and any(item.part == "NOUN" for item in dictionary.readings(word))


def _leads_to_noun(words: list[str], adjective: Reading) -> bool:
    """Tell whether an adjective belongs to a noun (or another adjective) that follows in the same form."""
    following = (_noun(words[0]) or _adjective(words[0])) if words else None
    return following is not None and following.gender in ("", adjective.gender)


def _stays(word: str) -> bool:
    """Tell whether a word before the main one is passed over: «ст.», «временно»."""
    return word.endswith(".") or word.lower() == "временно"


def _noun(word: str) -> Reading | None:
    """Read a word (or half of a double one) as somebody's name; a guess is taken only for a word nobody knows."""
    whole = dictionary.readings(word)
    known = [item for item in whole if item.known]
    halves = word.split("-") if "-" in word and not known else []
    if halves:
        return next(filter(None, map(_noun, halves)), None)
    people = [item for item in known or whole if item.common and (item.animate or not known)]
    return next(iter(sorted(people, key=lambda item: not item.animate)), None)


def _adjective(word: str) -> Reading | None:
    found = (item for item in dictionary.readings(word) if item.part in _ADJECTIVES and "Poss" not in item.marks)
    return next(found, None)


def _changed(word: str, case: Case, known: Known) -> Inflected:
    """Inflect one word; a double word that is not in the dictionary changes in each half that names somebody."""
    if _stays(word):
        return Inflected(word)
    if form := known(word, case):
        return Inflected(form)
    whole = any(item.known for item in dictionary.readings(word)) or _adjective(word)
    if whole or "-" not in word:
        return _computed(word, case)
    *heads, last = word.split("-")
    halves = [_changed(half, case, known) if _declines(half, case, known) else Inflected(half) for half in heads]
    return join([*halves, _changed(last, case, known)], "-")


def _declines(half: str, case: Case, known: Known) -> bool:
    """Tell whether the first half of a double word changes: «врача-терапевта», but «шеф-пекаря», «пресс-секретаря»."""
    return half.lower() not in _FIRST_HALVES and bool(_noun(half) or known(half, case))


def _computed(word: str, case: Case) -> Inflected:
    reading = _noun(word) or _adjective(word)
    form = reading.form(case) if reading else ""
    sure = reading is not None and (reading.known or reading.part in _ADJECTIVES)
    text = spelling.keep_yo(word, spelling.like(word, form)) if form else word
    return Inflected(text, "" if sure and form else _UNKNOWN.format(word))
