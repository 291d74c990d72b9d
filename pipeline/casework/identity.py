"""Who is who: the same person by personnel number, else by name and date of birth; anything less is a doubt.

ё/е, case, spaces and the leading zeros of a number do not count. All that was ever known of a person counts, so that a
form filled before a correction still finds its person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from pipeline import fields
from pipeline.model import DELIBERATELY_EMPTY


class Likeness(IntEnum):
    """How much two descriptions of people are alike."""

    NONE = 0
    DOUBT = 1
    SAME = 2


@dataclass(frozen=True)
class Identity:
    """A name as (surname, name, patronymic), folded for comparing, and a date of birth (ISO) or ``""``."""

    name: tuple[str, str, str]
    birth: str

    def marks(self) -> Iterator[tuple[str, ...]]:
        """Return the keys under which people like this one are found."""
        surname, name, patronymic = self.name
        if surname and name:
            yield ("name", *self.name)
        if self.birth:
            yield ("no patronymic", surname, name, self.birth)
            yield ("no name", surname, patronymic, self.birth)
            yield ("no surname", name, patronymic, self.birth)


def identity(cells: Mapping[str, str]) -> Identity:
    """Return the identity that the cells of a person's row or form describe."""
    surname, name, patronymic = (_word(cells.get(key, "")) for key in ("surname", "name", "patronymic"))
    return Identity((surname, name, patronymic), _word(cells.get("birth", "")))


def number(cells: Mapping[str, str]) -> str:
    """Return the personnel number for comparing, ``""`` when there is none."""
    return _word(cells.get("number", "")).lstrip("0")


def _word(text: str) -> str:
    return "" if text == DELIBERATELY_EMPTY else fields.fold(text)


def compare(one: Identity, other: Identity) -> Likeness:
    """Compare two people by name and date of birth alone."""
    same_birth = bool(one.birth) and one.birth == other.birth
    alike = sum(a == b for a, b in zip(one.name, other.name, strict=True))
    if alike == 3:
        if same_birth:
            return Likeness.SAME
        return Likeness.DOUBT if _a_slip(one.birth, other.birth) else Likeness.NONE
    return Likeness.DOUBT if same_birth and alike == 2 else Likeness.NONE


def _a_slip(one: str, other: str) -> bool:
    """Tell whether two dates may be one date: absent, one part wrong, or day and month exchanged."""
    parts, others = one.split("-"), other.split("-")
    if len(parts) != 3 or len(others) != 3:
        return True
    year, month, day = parts
    return sum(a == b for a, b in zip(parts, others, strict=True)) == 2 or [year, day, month] == others


@dataclass
class _Known:
    identities: set[Identity] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    last: Mapping[str, str] = field(default_factory=dict)


class Directory:
    """Everybody known so far. Learns descriptions of people, finds those who may be the person described."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._found: dict[tuple[str, ...], set[str]] = {}

    def learn(self, code: str, cells: Mapping[str, str]) -> None:
        """Add a description of the person ``code``."""
        known = self._known.setdefault(code, _Known())
        known.last = {**known.last, **cells}
        one, its_number = identity(cells), number(cells)
        if any(one.name) and one not in known.identities:
            known.identities.add(one)
            for key in one.marks():
                self._found.setdefault(key, set()).add(code)
        if its_number and its_number not in known.numbers:
            known.numbers.add(its_number)
            self._found.setdefault(("number", its_number), set()).add(code)

    def codes(self) -> set[str]:
        """Return everybody known."""
        return set(self._known)

    def last(self, code: str) -> Mapping[str, str]:
        """Return the person's cells as they were last described."""
        return self._known[code].last

    def like(self, cells: Mapping[str, str]) -> dict[str, Likeness]:
        """Return the people who may be the one described, each with how alike they are."""
        numbers = {number(cells)} - {""}
        return self._alike({identity(cells)}, numbers)

    def like_person(self, code: str) -> dict[str, Likeness]:
        """Return the other people who may be the person ``code``."""
        known = self._known[code]
        found = self._alike(known.identities, known.numbers)
        found.pop(code, None)
        return found

    def _alike(self, identities: set[Identity], numbers: set[str]) -> dict[str, Likeness]:
        keys = [key for one in identities for key in one.marks()] + [("number", one) for one in numbers]
        codes = {code for key in keys for code in self._found.get(key, ())}
        likeness = {code: self._likeness(self._known[code], identities, numbers) for code in codes}
        return {code: much for code, much in likeness.items() if much}

    def _likeness(self, known: _Known, identities: set[Identity], numbers: set[str]) -> Likeness:
        pairs = [(one, other) for one in identities for other in known.identities]
        by_name = max((compare(*pair) for pair in pairs), default=Likeness.NONE)
        if numbers & known.numbers:
            anything = any(one.name == other.name or (one.birth and one.birth == other.birth) for one, other in pairs)
            return Likeness.SAME if anything else Likeness.DOUBT
        if numbers and known.numbers:
            return Likeness.DOUBT if by_name is Likeness.SAME else Likeness.NONE
        return by_name
