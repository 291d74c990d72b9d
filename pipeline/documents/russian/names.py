"""A part of a person's name in any case (pytrovich), and how far the form can be trusted.

A form is sure when the ending leaves no choice or the dictionary confirms it; anything else carries a doubt, because
a wrong case of somebody's name in an order is worse than a question.
"""

import re
from enum import Enum
from functools import cache, lru_cache

from pytrovich.enums import Case as EngineCase
from pytrovich.enums import Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from pipeline.documents.russian import dictionary, spelling
from pipeline.documents.russian.words import FEMALE, MALE, Case, Inflected, Known, join


class Part(Enum):
    """Which part of a name a word is; each has rules of its own."""

    SURNAME = NamePart.LASTNAME
    GIVEN = NamePart.FIRSTNAME
    PATRONYMIC = NamePart.MIDDLENAME


_CASES = {
    Case.NOM: EngineCase.NOMINATIVE,
    Case.GEN: EngineCase.GENITIVE,
    Case.DAT: EngineCase.DATIVE,
    Case.ACC: EngineCase.ACCUSATIVE,
    Case.INS: EngineCase.INSTRUMENTAL,
    Case.PREP: EngineCase.PREPOSITIONAL,
}
_GENDERS = {MALE: Gender.MALE, FEMALE: Gender.FEMALE}

_NOT_RUSSIAN = "есть буквы не русского алфавита"
_COMPOUND = "составная фамилия: проверьте каждое слово"
_DOUBLE = "двойное имя: проверьте, склоняются ли обе части"
_RARE = "редкое имя: проверьте падеж"
_ODD_PATRONYMIC = "необычное отчество: проверьте, склоняется ли оно"
_UKRAINIAN = "имя на -о: проверьте, склоняется ли оно"
_ENDING = "фамилии на -{} склоняют по-разному: спросите, как принято в семье"
_STRESS = "творительный падеж зависит от ударения: -ом или -ем, -ой или -ей"
_SHORT = "короткая фамилия: проверьте падеж"
_HOMONYM = "фамилия как обычное слово: спросите, как её склоняют в семье"
_DISAGREE = "словари расходятся: проверьте падеж"

_CONSONANT_END = re.compile("[бвгджзйклмнпрстфхцчшщьъ]$")
_FIXED_END = re.compile("[оеёэиыую]$")
_FLEETING_END = re.compile("(ец|яц|[оеё]к|ень|вель)$")
_SOFT_END = re.compile("(?<![сц]к)(?<![чщ])ий$")
_FULL_END = re.compile("(?<![внкчщ])ая$|(?<![вн])(?<![сц]к)ой$|(?<![гкхжшчщ])их$")
_STRESS_END = re.compile("([жшщч]а|(?<!и)ца|[жшщ]|(?<!и)ч)$")
_POSSESSIVE_END = re.compile("([оеё]в|[иы]н)а?$")
_PLAIN_END = re.compile("([^аеёиоуыэюяь](а|я|и|е|у|ы)|ия)$")
_PLAIN_CONSONANT = re.compile("[бвгдзклмнпрстфх](?<!ев)(?<!ел)(?<![оеё]к)$")
_VOWELS = re.compile("[аеёиоуыэюя]")


def decline(text: str, part: Part, sex: str, case: Case, known: Known) -> Inflected:
    """Give one tidy part of a name (nominative `text`, sex "м" or "ж") in `case`, every word and hyphen half of it.

    `known` is asked first for each word; е and ё stay as typed.
    """
    words = text.split()
    if part is Part.PATRONYMIC:
        return _patronymic(text, sex, case, known)
    particles = [word.islower() and index < len(words) - 1 for index, word in enumerate(words)]  # ван дер Вег
    forms = [
        Inflected(word) if particle else _word(word, part, sex, case, known)
        for word, particle in zip(words, particles, strict=True)
    ]
    compound = _COMPOUND if part is Part.SURNAME and len(words) > 1 else ""
    double = _DOUBLE if part is Part.GIVEN and sex == MALE and "-" in text else ""
    return join([*forms, Inflected("", compound or double)])


def _patronymic(text: str, sex: str, case: Case, known: Known) -> Inflected:
    fixed = re.split("[ -]", text.lower())[-1] in spelling.TRAILERS
    form = text if fixed else known(text, case) or _engine(text, Part.PATRONYMIC, sex, case)
    usual = not text or spelling.sex_of(text)
    return Inflected(form, "" if usual else _ODD_PATRONYMIC)


def _word(word: str, part: Part, sex: str, case: Case, known: Known) -> Inflected:
    """Decline each hyphen half; words like «дер», «Сен-», «-заде» stay."""
    halves = word.split("-")
    if halves[-1].lower() in spelling.TRAILERS:
        return Inflected(word)
    doubt = _COMPOUND if part is Part.SURNAME and sex == MALE else ""
    led = [index < len(halves) - 1 and half.lower() in spelling.LEADERS for index, half in enumerate(halves)]
    forms = [
        Inflected(half, doubt) if fixed else _half(half, part, sex, case, known)
        for half, fixed in zip(halves, led, strict=True)
    ]
    return join(forms, "-")


def _half(word: str, part: Part, sex: str, case: Case, known: Known) -> Inflected:
    if part is Part.SURNAME and sex == FEMALE and _CONSONANT_END.search(word.lower()):
        return Inflected(word)  # a woman's surname never declines then, even if a man's form is known
    return Inflected(form) if (form := known(word, case)) else _computed(word, part, sex, case)


@lru_cache(maxsize=2048)
def _computed(word: str, part: Part, sex: str, case: Case) -> Inflected:
    form = _engine(word, part, sex, case)
    if re.search(r"[^а-яё'’.]", word.lower()):
        return Inflected(form, _NOT_RUSSIAN)
    return _given(word, sex, case, form) if part is Part.GIVEN else _surname(word, sex, case, form)


def _engine(word: str, part: Part, sex: str, case: Case) -> str:
    return spelling.keep_yo(word, _maker().make(part.value, _GENDERS[sex], _CASES[case], word))


def _given(word: str, sex: str, case: Case, form: str) -> Inflected:
    if sex == MALE and re.search("[^аеёиоуыэюя]о$", word.lower()):
        return Inflected(form, _UKRAINIAN)
    if sex == FEMALE and case is not Case.ACC and word.endswith("ь") and form == word:
        return Inflected(form, _RARE)
    expected = [item.form(case) for item in dictionary.proper(word, "Name", sex)]
    sure = dictionary.any_same(form, expected) if expected else _is_plain(word.lower())
    return Inflected(form, "" if sure else _RARE)


def _is_plain(given: str) -> bool:
    """Tell whether a given name that the dictionary does not have ends as names of one declension do."""
    return bool(_PLAIN_END.search(given) or _PLAIN_CONSONANT.search(given))


def _surname(word: str, sex: str, case: Case, form: str) -> Inflected:
    """Weigh the engine's `form` against an ordinary word spelt alike, then against the surnames of the dictionary."""
    lower = word.lower()
    if _FIXED_END.search(lower):
        return Inflected(word)
    surnames = [item.form(case) for item in dictionary.proper(word, "Surn", sex)]
    nouns = [item.form(case) for item in dictionary.ordinary(word, "NOUN")]
    if _POSSESSIVE_END.search(lower):
        return _possessive(word, form, surnames, nouns or (not surnames and _named(word, sex, case)) or [])
    if nouns and not lower.endswith("вель"):
        return _as_noun(word, form, nouns, case)
    if surnames and not dictionary.any_same(form, surnames):
        return Inflected(form, _DISAGREE)
    adjectives = [item.form(case) for item in dictionary.ordinary(word, "ADJF")]
    return Inflected(form, _doubt_by_ending(lower, case, known=dictionary.any_same(form, surnames + adjectives)))


def _named(word: str, sex: str, case: Case) -> list[str]:
    """Give the forms of the given names and places spelt as `word`."""
    return [item.form(case) for mark in ("Name", "Geox") for item in dictionary.proper(word, mark, sex)]


def _possessive(word: str, form: str, surnames: list[str], alike: list[str]) -> Inflected:
    """«Калина», «Литвин», «Константин»: a surname in -ин(а), -ов(а) may be a noun or a given name instead."""
    if surnames and not dictionary.any_same(form, surnames):
        return Inflected(form, _DISAGREE)
    if alike and not dictionary.any_same(form, alike):
        text = form if surnames else spelling.keep_yo(word, spelling.like(word, alike[0]))
        return Inflected(text, _HOMONYM)
    short = not surnames and len(_VOWELS.findall(word.lower().removesuffix("а"))) < 2
    return Inflected(form, _SHORT if short else "")


def _as_noun(word: str, form: str, nouns: list[str], case: Case) -> Inflected:
    """«Ткачом» as the trade, surely; «Перца» as the spice, but a family may see that otherwise."""
    if dictionary.any_same(form, nouns):
        doubt = "" if all(dictionary.same(form, noun) for noun in nouns) else _HOMONYM
        return Inflected(form, doubt or _doubt_stress(form))
    text = spelling.keep_yo(word, spelling.like(word, nouns[0]))
    only_stress = case is Case.INS and text[:-2] == form[:-2]
    return Inflected(text, _doubt_stress(text) if only_stress else _HOMONYM)


def _doubt_stress(form: str) -> str:
    """«Дубовцем» is said of a man from Дубово; one whose surname that is may say «Дубовцом»."""
    return _STRESS if form.endswith("цем") else ""


def _doubt_by_ending(word: str, case: Case, *, known: bool) -> str:
    """Name the ending that allows two ways; a form that the dictionary confirms is `known`."""
    if match := _FLEETING_END.search(word):
        return _ENDING.format(match[0])
    if known:
        return ""
    if case is Case.INS and _STRESS_END.search(word):
        return _STRESS
    if match := _SOFT_END.search(word) or _FULL_END.search(word):
        return _ENDING.format(match[0])
    return _SHORT if _CONSONANT_END.search(word) and len(_VOWELS.findall(word)) < 2 else ""


@cache
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()
