"""What a paper asked of the register, so that it is made anew only when one of the answers has changed.

Whatever reads the register for a paper goes through ``WatchedRows`` (or the book's ``referring``): a row, also one that
is not there, the whole of a sheet, the rows that refer to one. What was asked is noted; how the register answers now is
the book's to say (``context.Book.answer``).
"""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, ValuesView
from hashlib import blake2b
from typing import Generic, NamedTuple, TypeVar

from pipeline.model import Row, Rows

_SIZE = 16


class Asked(NamedTuple):
    """One thing asked of the register; without a code it is the whole sheet, with ``to`` the rows that refer to it."""

    sheet: str
    code: str = ""
    to: bool = False


Note = Callable[[Asked], None]


class WatchedSheet(Mapping[str, Row]):
    """The rows of one sheet; whoever looks for one, or at all, is noted."""

    def __init__(self, sheet: str, rows: Mapping[str, Row], note: Note) -> None:
        self._sheet, self._rows, self._note = sheet, rows, note

    def __getitem__(self, code: str) -> Row:
        if code:  # no row has none
            self._note(Asked(self._sheet, code))
        return self._rows[code]

    def __iter__(self) -> Iterator[str]:
        self._note(Asked(self._sheet))
        return iter(self._rows)

    def __len__(self) -> int:
        self._note(Asked(self._sheet))
        return len(self._rows)

    def values(self) -> ValuesView[Row]:
        """Give all rows."""
        self._note(Asked(self._sheet))
        return self._rows.values()


class WatchedRows(Mapping[str, Mapping[str, Row]]):
    """A register of which is noted what is asked of it."""

    def __init__(self, rows: Rows, note: Note) -> None:
        self._rows, self._note = rows, note

    def __getitem__(self, sheet: str) -> Mapping[str, Row]:
        return WatchedSheet(sheet, self._rows.get(sheet, {}), self._note)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def digest(text: str) -> bytes:
    """Return a short hash of a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()


def said(row: Row | None) -> bytes:
    """Return a hash of all that a row says, or of its not being there."""
    return digest(f"{row.sheet}\n{row.code}\n{sorted(row.cells.items())!r}" if row else "")


Thing = TypeVar("Thing")


class Memory(Generic[Thing]):
    """What was made, by its name, with what was asked for it and how it was answered.

    Each is packed: thousands of papers are remembered, and what is small keeps the memory around it from being freed.
    """

    def __init__(self) -> None:
        self._of: object = None
        self._known: dict[str, bytes] = {}

    def under(self, circumstances: object) -> Memory[Thing]:
        """Forget everything when this is not the same object as the last time."""
        if circumstances is not self._of:
            self._of = circumstances
            self._known.clear()
        return self

    def recall(self, name: str, answer: Callable[[Asked], bytes], fixed: bytes) -> Thing | None:
        """Return what was made if all is as it was then: every answer, and whatever ``fixed`` stands for."""
        if (known := self._known.get(name)) is None:
            return None
        asked, thing = pickle.loads(memoryview(known)[_SIZE:])  # noqa: S301 – packed below, never out of this process
        return thing if all_answers(itertools.starmap(Asked, asked), answer, fixed) == known[:_SIZE] else None

    def keep(self, name: str, thing: Thing, asked: Iterable[Asked], answers: bytes) -> None:
        """Remember what was made, what was asked for it and how that is answered now (``all_answers``)."""
        self._known[name] = answers + pickle.dumps(([tuple(one) for one in asked], thing))

    def only(self, names: set[str]) -> None:
        """Forget all but these."""
        for name in self._known.keys() - names:
            del self._known[name]


def all_answers(asked: Iterable[Asked], answer: Callable[[Asked], bytes], fixed: bytes) -> bytes:
    """Return a hash of ``fixed`` and of the answers to all that was asked."""
    whole = blake2b(fixed, digest_size=_SIZE)
    for one in asked:
        whole.update(answer(one))
    return whole.digest()
