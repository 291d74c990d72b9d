"""Names and posts with all their forms, written by hand, and what the grammar makes of them.

``python -m tests.documents.declensions`` prints the figures and every form that is wrong or doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from pipeline.documents.russian import Case, Grammar, Inflected, Name

OBLIQUE = (Case.GEN, Case.DAT, Case.ACC, Case.INS, Case.PREP)
SHARE_OF_NEEDLESS_DOUBTS = 0.1
_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Entry:
    """A name or a post: sex ("" where it does not matter), the nominative, its forms, and whether they are disputed."""

    sex: str
    nominative: str
    forms: Mapping[Case, str]
    disputed: bool


@dataclass(frozen=True)
class Judged:
    """A form that the grammar gave, beside the one written by hand."""

    entry: Entry
    case: Case
    given: Inflected

    @property
    def right(self) -> bool:
        """Whether it is the form written by hand."""
        return self.given.text == self.entry.forms[self.case]

    @property
    def surely_wrong(self) -> bool:
        """Whether a wrong form would be printed without a question."""
        return not self.given.doubt and not self.right

    @property
    def needlessly_doubtful(self) -> bool:
        """Whether a person is asked about a right form that nobody disputes."""
        return bool(self.given.doubt) and self.right and not self.entry.disputed


@cache
def names() -> list[Entry]:
    """Return the names of ``declension_names.yaml``."""
    return _read("declension_names.yaml", "names")


@cache
def posts() -> list[Entry]:
    """Return the posts of ``declension_posts.yaml``."""
    return _read("declension_posts.yaml", "posts")


def judge_names(grammar: Grammar) -> list[Judged]:
    """Decline every name in every case but the nominative."""
    return _judged(names(), lambda entry, case: grammar.name(name_of(entry), case))


def judge_posts(grammar: Grammar) -> list[Judged]:
    """Decline every post in every case but the nominative."""
    return _judged(posts(), lambda entry, case: grammar.post(entry.nominative, case, entry.sex))


def undoubted_entries(judged: Iterable[Judged]) -> set[str]:
    """Return the disputed names that were not doubted in any case."""
    doubted = {one.entry.nominative for one in judged if one.given.doubt}
    return {one.entry.nominative for one in judged if one.entry.disputed} - doubted


def name_of(entry: Entry) -> Name:
    """Split a full name: its first word is the surname, the second the given name, the rest the patronymic."""
    surname, given, *patronymic = entry.nominative.split()
    return Name(surname, given, " ".join(patronymic), entry.sex)


def _judged(entries: Iterable[Entry], decline: Callable[[Entry, Case], Inflected]) -> list[Judged]:
    return [Judged(entry, case, decline(entry, case)) for entry in entries for case in OBLIQUE]


def _read(file: str, key: str) -> list[Entry]:
    read = yaml.safe_load((_FOLDER / file).read_text(encoding="utf-8"))
    lines = (line.strip() for line in read[key].splitlines())
    return [_entry(line, read["paradigms"]) for line in lines if line and not line.startswith("#")]


def _entry(line: str, paradigms: Mapping[str, str]) -> Entry:
    disputed, sex, text = re.fullmatch(r"(\? )?(?:([мж]) )?(.*)", line).groups()  # type: ignore[union-attr]
    forms = [_form(text, number, paradigms) for number in range(-1, len(OBLIQUE))]
    return Entry(sex or "", forms[0], dict(zip(OBLIQUE, forms[1:], strict=True)), bool(disputed))


def _form(text: str, number: int, paradigms: Mapping[str, str]) -> str:
    """Write out a line of the data; ``number`` is the place of a form in its paradigm, -1 the nominative."""

    def ending(found: re.Match[str]) -> str:
        return found[1].rstrip("0123456789") if number < 0 else paradigms[found[1]].split()[number]

    return re.sub(r"\|([а-яё]*\d*)", ending, text)


def _show(title: str, judged: list[Judged]) -> None:
    wrong = [one for one in judged if one.surely_wrong]
    needless = [one for one in judged if one.needlessly_doubtful]
    undoubted = undoubted_entries(judged)
    print(f"{title}: {len(judged)} forms, {len(wrong)} surely wrong ({len(wrong) / len(judged):.2%}),")
    print(f"  {len(needless)} doubted needlessly ({len(needless) / len(judged):.2%}), {len(undoubted)} never doubted")
    for one in [*wrong, *needless]:
        kind = "WRONG" if one.surely_wrong else "doubt"
        print(f"  {kind} {one.entry.sex} {one.given.text} | {one.entry.forms[one.case]} | {one.given.doubt}")
    for nominative in undoubted:
        print(f"  NOT DOUBTED {nominative}")


if __name__ == "__main__":
    PLAIN = Grammar({}, {})
    _show("names", judge_names(PLAIN))
    _show("posts", judge_posts(PLAIN))
