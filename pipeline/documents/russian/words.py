"""What the grammar room takes and gives: plain values, no library and no other room behind them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

MALE = "м"
FEMALE = "ж"


class Case(StrEnum):
    """A case of Russian grammar; the value is the key used in `words.yaml` and in `exceptions.yaml`."""

    NOM = "nom"
    GEN = "gen"
    DAT = "dat"
    ACC = "acc"
    INS = "ins"
    PREP = "prep"


class Name(NamedTuple):
    """A person's name as written in the register.

    `patronymic` is "" (or «нет», «-») for a person without one; `sex` is "м", "ж" or "" while undecided.
    """

    surname: str
    given: str
    patronymic: str = ""
    sex: str = ""


@dataclass(frozen=True)
class Inflected:
    """A word form ready to print, and why a person should look at it ("" when it is sure)."""

    text: str
    doubt: str = ""


Words = Mapping[str, Mapping[Case, str]]
"""Forms known beforehand: the nominative (a full name, one word of a name, a post or its main word) -> its cases.

A case may be missing; the next authority then decides that case.
"""

Known = Callable[[str, Case], str]
"""Looks one word up in what was decided before: (nominative, case) -> form, or "" when nobody did."""


class UndecidedSex(ValueError):
    """A name cannot be declined: neither the sex nor a telling patronymic is known. Carries the `name`."""

    def __init__(self, name: Name) -> None:
        super().__init__("пол не указан, а по отчеству он не виден: имя нельзя просклонять")
        self.name = name


def join(parts: list[Inflected], glue: str = " ") -> Inflected:
    """Put forms side by side, between spaces without the empty ones; each doubt is told once."""
    doubts = dict.fromkeys(part.doubt for part in parts if part.doubt)
    texts = [part.text for part in parts if part.text or glue != " "]
    return Inflected(glue.join(texts), "; ".join(doubts))
