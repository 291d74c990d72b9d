"""What differs between a paper in a person's hands and its newer version, in words she can carry over. Pure.

Her own changes are no news: what counts is what has changed since the version that she began with. A paragraph is told
by the words around the change alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_AROUND = 3
"""How many unchanged words a changed paragraph shows on either side."""
_LONGEST = 160
_GAP = "…"


@dataclass(frozen=True)
class Difference:
    """One changed paragraph: what the person's file says and what it says now; ``""``: no such paragraph."""

    hers: str
    now: str


def news(base: Sequence[str], hers: Sequence[str], now: Sequence[str]) -> list[Difference]:
    """Return what changed from ``base`` (the paragraphs laid last) to ``now`` and her file does not say yet."""
    first, mine = _seen(base), _seen(hers)
    if mine == _seen(now):
        return []
    changed = {old: new for old, new in _pairs(first, mine) if old}
    found: dict[Difference, None] = {}
    for old, new in _pairs(first, _seen(now)):
        own = changed.get(old, old)
        written = not old and mine.count(new) > first.count(new)
        if own != new and not written:
            found.setdefault(Difference(*_shortened(own, new)))
    return list(found)


def edits(base: Sequence[str], hers: Sequence[str]) -> list[Difference]:
    """Return what a person changed in the paper that was laid as ``base``; ``now`` is what was laid."""
    return [Difference(*_shortened(new, old)) for old, new in _pairs(_seen(base), _seen(hers))]


def _seen(paragraphs: Sequence[str]) -> list[str]:
    return [text for text in (" ".join(one.split()) for one in paragraphs) if text]


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give the paragraphs that differ, side by side."""
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        for at in range(max(i2 - i1, j2 - j1)):
            yield (
                old[i1 + at] if i1 + at < i2 else "",
                new[j1 + at] if j1 + at < j2 else "",
            )


def _shortened(one: str, other: str) -> tuple[str, str]:
    """Cut two texts to the words that differ, with some around them."""
    if not (one and other):
        return _cut(one), _cut(other)
    left, right = one.split(" "), other.split(" ")
    blocks = [op for op in SequenceMatcher(None, left, right, autojunk=False).get_opcodes() if op[0] != "equal"]
    if not blocks:
        return _cut(one), _cut(other)
    return (
        _cut(_piece(left, blocks[0][1], blocks[-1][2])),
        _cut(_piece(right, blocks[0][3], blocks[-1][4])),
    )


def _piece(words: Sequence[str], start: int, end: int) -> str:
    first, last = max(0, start - _AROUND), min(len(words), end + _AROUND)
    before, after = [_GAP] * (first > 0), [_GAP] * (last < len(words))
    return " ".join([*before, *words[first:last], *after])


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} {_GAP}"
