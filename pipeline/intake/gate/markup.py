"""What holds for every XML part of .xlsx and .ods, whatever its name: plain encoding, no entities, bounded size."""

from __future__ import annotations

import re

from pipeline.intake.gate.verdict import Refused
from pipeline.wording import gate as say

TAGS = 2_000_000
"""Tags that a part may have; keeps the time of every look through it bounded."""

_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([^"'>]*)""")
_PLAIN = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}


def refuse_odd(content: bytes) -> None:
    """Raise ``Refused`` when a part is in an encoding that hides its text, declares entities or has too many tags.

    No office program writes a document type or an entity into a workbook.
    """
    head = content[:4]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"} or head in {b"\0\0\0<", b"\0\0\xfe\xff"}:
        raise Refused(say.odd_text())
    declared = _DECLARED.search(content, 0, 1000)
    if declared and declared[1].strip().lower() not in _PLAIN:
        raise Refused(say.odd_text())
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refused(say.forged(), danger=True)
    if content.count(b"<") > TAGS:
        raise Refused(say.inflating(), danger=True)
