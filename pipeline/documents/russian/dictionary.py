"""The dictionary of Russian word forms (pymorphy3): loaded once, asked by the rooms of names and posts.

Its forms of names are only compared with, never printed: it writes ё where the person did not.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from pymorphy3 import MorphAnalyzer
from pymorphy3.analyzer import Parse

from pipeline.documents.russian.words import FEMALE, MALE, Case

_CASES = {
    Case.NOM: "nomn",
    Case.GEN: "gent",
    Case.DAT: "datv",
    Case.ACC: "accs",
    Case.INS: "ablt",
    Case.PREP: "loct",
}
_GENDERS = {MALE: "masc", FEMALE: "femn"}
_DECLINED = frozenset(("NOUN", "ADJF", "PRTF"))
_PROPER = frozenset(("Surn", "Name", "Patr", "Geox", "Orgn", "Init"))


@dataclass(frozen=True)
class Reading:
    """One way to read a word as a nominative singular: its part of speech, gender ("masc", "femn", "") and forms."""

    part: str
    gender: str
    marks: frozenset[str]
    known: bool
    forms: tuple[tuple[Case, str], ...]

    @property
    def animate(self) -> bool:
        """Whether the word names somebody."""
        return "anim" in self.marks

    @property
    def common(self) -> bool:
        """Whether it is an ordinary noun, not a name of a person or a place."""
        return self.part == "NOUN" and not self.marks & _PROPER

    def form(self, case: Case) -> str:
        """Give the form in small letters, or "" when the dictionary has none."""
        return dict(self.forms).get(case, "")


@lru_cache(maxsize=16384)
def readings(word: str) -> tuple[Reading, ...]:
    """Give the readings of `word` as a nominative singular noun, adjective or participle, the likeliest first.

    A word that the dictionary does not have is guessed by its ending: then `known` is False. A word with signs that
    have no name in Unicode has no reading: the analyser breaks on them.
    """
    if not all(unicodedata.name(sign, "") for sign in word.lower()):
        return ()
    parses = _analyser().parse(word.lower())
    return tuple(map(_reading, (it for it in parses if {"nomn", "sing"} in it.tag and it.tag.POS in _DECLINED)))


def proper(word: str, mark: str, sex: str) -> list[Reading]:
    """Give what the dictionary itself knows of a name: `mark` is "Surn" or "Name"."""
    return [item for item in readings(word) if item.known and mark in item.marks and item.gender in ("", _GENDERS[sex])]


def ordinary(word: str, part: str) -> list[Reading]:
    """Give the ordinary words of the dictionary spelt as `word`: a "NOUN" («соловей») or an "ADJF" («тихий»).

    A word that ends as men's names do is read as masculine only: «даль» does not tell how Даль declines.
    """
    genders = {"masc", "femn", ""} if word[-1:].lower() in "ая" else {"masc"}
    found = (item for item in readings(word) if item.known and item.part == part and item.gender in genders)
    return [item for item in found if not item.marks & _PROPER]


def same(left: str, right: str) -> bool:
    """Compare two spellings of a form, letter case and ё aside."""
    return _fold(left) == _fold(right)


def any_same(form: str, others: Iterable[str]) -> bool:
    """Tell whether `form` is among `others`, letter case and ё aside."""
    return any(same(form, other) for other in others)


def _fold(text: str) -> str:
    return text.lower().replace("ё", "е")


@cache
def _analyser() -> MorphAnalyzer:
    return MorphAnalyzer()


def _reading(parse: Parse) -> Reading:
    gender = "" if "ms-f" in parse.tag else str(parse.tag.gender or "")
    forms = tuple((case, _inflect(parse, case, gender)) for case in Case)
    return Reading(str(parse.tag.POS), gender, frozenset(parse.tag.grammemes), bool(parse.is_known), forms)


def _inflect(parse: Parse, case: Case, gender: str) -> str:
    """Somebody is meant, so a masculine accusative is the genitive, even where the dictionary thinks of a thing."""
    somebody = case is Case.ACC and gender == "masc" and parse.word[-1] not in "ая"
    wanted = {_CASES[Case.GEN if somebody else case], "sing"}
    found = parse.inflect(wanted if parse.tag.POS == "NOUN" else wanted | {gender})
    return str(found.word) if found else ""
