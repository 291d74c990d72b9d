"""Honest workbooks with a few bytes changed, each the work of one number: what fuzzing intake means here.

A byte of the whole file is seldom worth a change, because its checksum then tells. So mostly one part is taken out,
changed and packed again, or a record of an .xls is changed where it lies.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Sequence

from pipeline.office import biff
from tests.intake import corpus, hostile, kit
from tests.office import handmade

_TOKENS: Sequence[bytes] = [
    b"", b"<", b">", b'"', b"/", b"&", b"&#0;", b"\0", b"\xff\xfe", b"0", b"-1", b"1048577", b"4294967295", b"1e999",
    b"A1", b"XFD1048576", b"A1:XFD1048576", b' r="B2"', b' t="e"', b' t="s"', b"<c/>", b"<row>", b"<f>A1</f>",
    b"<v>9</v>", b"</sheetData>", b"<!--", b"<![CDATA[", b"<mergeCell ref='A1:Z9'/>",
    b' table:number-rows-repeated="99999"',
]  # fmt: skip
_NUMBERS = (b"\0\0", b"\xff\xff", b"\xff\x7f", b"\0\x80", b"\1\0", b"\x10\x20")


@functools.cache
def seeds() -> Sequence[bytes]:
    """Return the honest workbooks that mutants are made of: our forms and others, of every format and several hands."""
    forms = [path.read_bytes() for path in sorted(kit.DATA.iterdir()) if path.suffix in {".xlsx", ".ods", ".xls"}]
    others = [corpus.saved(kind, name) for kind in ("xlsx", "ods", "xls") for name in ("answers", "rich")]
    return [kit.filled("mentor"), kit.typed("mentee", birth="вчера"), corpus.of_excel(), *forms, *others]


def mutant(number: int) -> bytes:
    """Return one changed workbook; equal numbers make equal bytes."""
    chance = random.Random(number)
    seed = chance.choice(seeds())
    if chance.random() < 0.1:
        return _changed(seed, chance)
    change = _records_changed if seed.startswith(biff.SIGNATURE) else _part_changed
    return change(seed, chance)


def _part_changed(data: bytes, chance: random.Random) -> bytes:
    parts = handmade.unpacked(data)
    likely = [name for name in parts if "sheet" in name or name == "content.xml"]
    name = chance.choice([*parts, *likely * 4])
    parts[name] = _changed(parts[name], chance)
    return hostile.zipped(parts.items())


def _records_changed(data: bytes, chance: random.Random) -> bytes:
    """Change numbers within records of the workbook, or their heads; the stream of a saved .xls lies in one piece."""
    stream = biff.workbook(biff.opened(data)) or b""
    begin = data.index(stream[:512])
    places = [(at, length) for _, at, length in biff.records(stream)]
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.choice(places)
        spot = begin + at - biff.HEADER + chance.randrange(biff.HEADER + length)
        changed[spot : spot + 2] = chance.choice(_NUMBERS)
    return bytes(changed)


def _changed(content: bytes, chance: random.Random) -> bytes:
    """Change a few places: a token put in or over others, a piece lost, a piece told twice, a bit turned."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(changed) + 1)
        chance.choice(_CHANGES)(changed, at, chance)
    return bytes(changed)


def _put_in(changed: bytearray, at: int, chance: random.Random) -> None:
    changed[at:at] = chance.choice(_TOKENS)


def _put_over(changed: bytearray, at: int, chance: random.Random) -> None:
    changed[at : at + chance.randint(1, 12)] = chance.choice(_TOKENS)


def _lose(changed: bytearray, at: int, chance: random.Random) -> None:
    del changed[at : at + chance.choice((1, 10, 200, 10**6))]


def _repeat(changed: bytearray, at: int, chance: random.Random) -> None:
    changed[at:at] = changed[at : at + chance.choice((10, 100, 3_000))] * chance.choice((1, 3, 50))


def _turn_a_bit(changed: bytearray, at: int, chance: random.Random) -> None:
    if at < len(changed):
        changed[at] ^= 1 << chance.randrange(8)


_CHANGES: Sequence[Callable[[bytearray, int, random.Random], None]] = (_put_in, _put_over, _lose, _repeat, _turn_a_bit)
