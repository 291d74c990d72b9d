"""Russian grammar: names, posts, dates and the spaces between them, right in every sentence that needs them.

A form is decided by the first who knows it: what a person confirmed (sheet «Склонения»), the organisation's own
`config/words.yaml`, our `exceptions.yaml`, the engines. A form that nobody can be sure of says why in `doubt`. е and ё
stay as the person writes them. Plain data in, plain data out; only `exceptions.yaml` is read here.
"""

from pipeline.documents.russian.grammar import Grammar
from pipeline.documents.russian.spelling import sex_of
from pipeline.documents.russian.typography import (
    HYPHEN,
    NBSP,
    day,
    day_digits,
    keep_together,
    number_sign,
    plural,
    typeset,
    within_sentence,
)
from pipeline.documents.russian.words import FEMALE, MALE, Case, Inflected, Name, UndecidedSex, Words

__all__ = [
    "FEMALE",
    "HYPHEN",
    "MALE",
    "NBSP",
    "Case",
    "Grammar",
    "Inflected",
    "Name",
    "UndecidedSex",
    "Words",
    "day",
    "day_digits",
    "keep_together",
    "number_sign",
    "plural",
    "sex_of",
    "typeset",
    "within_sentence",
]
