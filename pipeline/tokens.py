"""The code of a printed sheet: twelve letters and digits that nobody mistakes, the last one checking the others.

It tells nothing about anybody: a keyed hash under a secret of this register's own, so the same sheet has the same code
for ever and nobody can guess another's. Any one wrong sign, and any two neighbours exchanged, are noticed.
"""

from __future__ import annotations

import hashlib

ALPHABET = "ACDEFHJKMNPRTUVWXY34679"
"""23 signs, a prime number: none that looks like another (0 O, 1 I L, 2 Z, 5 S, 8 B, 6 G, Q)."""

_LENGTH = 12
_GROUP = 4
_MARK = "NAST"
"""What begins the content of the square code, so that a foreign code is never taken for ours."""

_LOOK_ALIKE = str.maketrans("АСЕНКМРТУХЗ", "ACEHKMPTYX3")
"""Russian letters that look like a sign of ours, as they come from the other layout of the keyboard."""


def make(secret: bytes, name: str) -> str:
    """Return the code of the sheet known by ``name`` in the register whose secret this is."""
    number = int.from_bytes(hashlib.blake2b(name.encode(), key=secret, digest_size=16).digest(), "big")
    signs = ""
    for _ in range(_LENGTH - 1):
        number, place = divmod(number, len(ALPHABET))
        signs += ALPHABET[place]
    return signs + _check(signs)


def shown(token: str) -> str:
    """Return a code as people read it: «ACDE-FH34-79MN»."""
    return "-".join(token[at : at + _GROUP] for at in range(0, len(token), _GROUP))


def read(text: str) -> str:
    """Return the code that a person typed, in whatever case, layout and spacing; ``""`` when it is none of ours."""
    plain = "".join(sign for sign in text.upper().translate(_LOOK_ALIKE) if sign.isalnum())
    token = plain.removeprefix(_MARK) if len(plain) > _LENGTH else plain
    known = len(token) == _LENGTH and set(token) <= set(ALPHABET)
    return token if known and _check(token[:-1]) == token[-1] else ""


def content(token: str) -> str:
    """Return what the square code of a sheet holds; at most 20 capital letters and digits."""
    return _MARK + token


def of_content(text: str) -> str:
    """Return the code of the sheet whose square code holds ``text``, ``""`` when the code is not one of ours."""
    return read(text.removeprefix(_MARK)) if text.startswith(_MARK) and len(text) == len(_MARK) + _LENGTH else ""


def _check(signs: str) -> str:
    """Return the sign that checks others: a sum with weights that all differ, modulo a prime."""
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, 1))
    return ALPHABET[total % len(ALPHABET)]
