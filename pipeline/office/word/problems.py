"""What can be wrong with a template: facts for the person who will mend it in Word, never a sentence."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "not_docx",  # not a whole, plain Word document; detail: why, for the log
    "external",  # makes Word fetch something from outside; name: the address
    "left_over",  # a tag stands where nothing is filled in: properties, comments, links, {% raw %}
    "unclosed",  # a tag is not closed in its own paragraph
    "crowded",  # {%p %}, {%tr %}, {%tc %} share their paragraph, row or cell with something that would vanish
    "misplaced",  # a value would be printed outside of text: {{p }}, {{r }}, a field's code
    "rows",  # a loop or condition over rows of a table is not written as {%tr %}: it crosses their border
    "torn",  # a tag or block crosses a border of the document and would damage it: a link, a tracked change, a cell
    "syntax",  # name: the tag that cannot be read, or nothing when blocks do not match
    "forbidden",  # name: a statement, call («()») or attribute that templates have no use for
    "misused",  # name: the filter, used on what it cannot take
    "unfit",  # values are compared or reckoned with that cannot be: a date with a text
    "unfiltered",  # name: the path, printed as it is; nearest: how it should be printed
    "unknown_filter",  # name: the filter or test; nearest: what was perhaps meant
    "unknown_name",  # name: the path; nearest: what was perhaps meant
]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a template: what kind, the offending `name`, the `nearest` known one, where.

    `part` is the member of the package («word/header1.xml»), `detail` the paragraph's text as the template has it.
    Fields that a kind has no use for are empty.
    """

    kind: Kind
    name: str = ""
    nearest: str = ""
    part: str = ""
    detail: str = ""


class TemplateMistake(Exception):
    """A template that cannot be used until somebody mends it in Word; `problems` are all of them."""

    def __init__(self, problems: Collection[Problem]) -> None:
        super().__init__("; ".join(f"{one.kind} {one.name} in {one.part}: «{one.detail}»" for one in problems))
        self.problems = tuple(problems)


def nearest(name: str, known: Collection[str]) -> str:
    """Give the known name most like `name`, or an empty string if none is near."""
    return next(iter(difflib.get_close_matches(name, known, n=1)), "")
