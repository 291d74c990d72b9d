"""What holds for every part of .xlsx and .ods, whatever its name: plain encoding, no entities, nothing masked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.intake.gate import archive, pictures
from pipeline.intake.gate.archive import Content, Part
from pipeline.intake.gate.verdict import Refused
from pipeline.wording import gate as say

TAGS = 1_500_000
"""Tags that all parts together may have; keeps the time of every further look through them bounded."""
LIST = 2**20
"""Bytes that a list of types or relationships may have."""
FORMULAS = 4 * 2**20
"""Bytes that the formulas of a part may have."""

_HEAD = 1000
"""Bytes in which the declaration of a part must end."""
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"'>]*)""")
_PLAIN = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_MASKED = re.compile(rb"&#(?:0*(?:6[5-9]|[7-9]\d|1[01]\d|12[0-6])|[xX]0*(?:4[1-9a-fA-F]|[5-7][0-9a-fA-F]));")
_DRAWING_TYPE = re.compile(rb"<!DOCTYPE\s+svg\b[^\[<>]*>")
"""The document type of an SVG picture without declarations of its own; drawing programs write it."""
_QUOTED = re.compile(rb'"[^"\0]*"')


def parts(data: bytes, directory: Mapping[str, Part]) -> Iterator[tuple[str, Content]]:
    """Give the name and the bytes of each part in turn; raise ``Refused`` when one hides something or all are too many.

    No office program writes a document type or an entity into a workbook, but for a picture in it.
    """
    tags = 0
    for name, content in archive.contents(data, directory.values()):
        _refuse_odd_encoding(content)
        if not is_text(content):
            pictures.refuse_huge(content)
        if _declares(content):
            raise Refused(say.forged(), danger=True)
        tags += content.count(b"<")
        if tags > TAGS:
            raise Refused(say.inflating(), danger=True)
        yield name, content


def is_text(content: Content) -> bool:
    """Tell whether office programs could take a part for XML at all; pictures could not."""
    return b"\0" not in content


def read_list(content: Content) -> str:
    """Return a part of types or relationships in small letters; raise ``Refused`` when it is huge or hides a word."""
    if len(content) > LIST:
        raise Refused(say.inflating(), danger=True)
    refuse_masked(content)
    return content.decode("utf-8", "replace").casefold()


def refuse_masked(content: Content) -> None:
    """Raise ``Refused`` when a letter or a bar is written as a number, which only serves to hide a word."""
    if _MASKED.search(content):
        raise Refused(say.forged(), danger=True)


def refuse_formulas(formulas: list[bytes], reaches_out: re.Pattern[bytes]) -> None:
    """Raise ``Refused`` when a formula outside its quoted texts does what the pattern finds."""
    if sum(map(len, formulas)) > FORMULAS:
        raise Refused(say.inflating(), danger=True)
    text = b"\0".join(formulas)
    refuse_masked(text)
    if reaches_out.search(_QUOTED.sub(b"", text.replace(b"&quot;", b'"'))):
        raise Refused(say.linked(), danger=True)


def _refuse_odd_encoding(content: Content) -> None:
    head = bytes(content[:4])
    if head[:2] in {b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"} or head in {b"\0\0\0<", b"\0\0\xfe\xff"}:
        raise Refused(say.odd_program())
    begin = content.find(b"<?xml", 0, _HEAD)
    end = content.find(b"?>", begin, begin + _HEAD)
    if begin < 0:
        return
    declared = _ENCODING.search(content, begin, end)
    if end < 0 or (declared and declared[1].strip().lower() not in _PLAIN):
        raise Refused(say.odd_program())


def _declares(content: Content) -> bool:
    """Tell whether a part declares a document type or an entity."""
    types = content.count(b"<!DOCTYPE")
    return b"<!ENTITY" in content or (types > 0 and types > len(_DRAWING_TYPE.findall(content)))
