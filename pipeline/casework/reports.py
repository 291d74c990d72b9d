"""A mentor's report: which activities of the plan it says are done, and when (regulation 10.1).

A report names activities by their numbers in the printed plan; once it is clear which are meant, it keeps their codes,
so that a new edition of the programme changes nothing about it. A mark of the curator's counts before a report's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline import fields
from pipeline.casework.case import Case, Change
from pipeline.casework.petitions import Petition
from pipeline.model import Row
from pipeline.wording import applications as say

_ITEM = r"(?:№\s*)?(?:М-\d{4,}|\d{1,3})"
_ITEMS = re.compile(rf"{_ITEM}(?:\s*(?:,|и)\s*{_ITEM})*\.?")
_BEFORE_DAY = re.compile(r"\s*[–—:]\s*|\s+-\s+")


@dataclass(frozen=True)
class Line:
    """One line of a report: the activities as they were named, the day, and the words when they say nothing clear."""

    items: tuple[str, ...] = ()
    day: date | None = None
    unclear: str = ""


def lines(row: Row) -> list[Line]:
    """Return what a report says, line by line; a line without a day means the day of the report."""
    parts = (part.strip() for part in re.split(r"[;\n]+", row["items"]))
    return [_line(part, row.day("received")) for part in parts if part]


def _line(text: str, received: date | None) -> Line:
    left, *right = _BEFORE_DAY.split(text, maxsplit=1)
    if not _ITEMS.fullmatch(left):
        return Line(unclear=text)
    try:
        day = date.fromisoformat(fields.read("date", right[0])) if right else received
    except (fields.Unreadable, ValueError):
        return Line(unclear=text)
    return Line(tuple(re.findall(r"М-\d{4,}|\d{1,3}", left)), day)


def marks(petitions: Iterable[Petition], today: date) -> dict[str, dict[str, date]]:
    """Return, for each pair or group, the activities that reports say are done: code → day. Later reports win."""
    found: dict[str, dict[str, date]] = {}
    for one in petitions:
        if one.kind.reports and one.pairs and one.row["decision"] != say.Application.REFUSE:
            mine = found.setdefault(one.pairs[0]["group"] or one.pairs[0].code, {})
            for line in lines(one.row):
                if line.day and line.day <= today:
                    mine.update({item: line.day for item in line.items if item.startswith("М")})
    return found


def settle(
    case: Case, petitions: Sequence[Petition], programmes: Mapping[str, str]
) -> tuple[list[Change], dict[str, str]]:
    """Return the edits that give reports the codes of their activities, and what cannot be understood, by report.

    ``programmes`` maps a pair to the programme that counts.
    """
    changes: list[Change] = []
    unclear: dict[str, str] = {}
    for one in petitions:
        if not (one.kind.reports and one.pairs):
            continue
        plan = _plan(case, programmes.get(one.pairs[0].code, ""))
        said = [_coded(line, plan) for line in lines(one.row)]
        text = "\n".join(part for part, clear in said if clear)
        wrong = [part for part, clear in said if not clear]
        if wrong or not said:
            unclear[one.row.code] = say.unread_items(wrong) if said else say.no_items()
        elif text != one.row["items"]:
            changes.append(Change("applications", one.row.code, "items", text))
    return changes, unclear


def _plan(case: Case, programme: str) -> dict[str, str]:
    """Return the activities of a programme by number as the printed plan counts them: in the order of their days."""
    rows = [row for row in case.ledger.rows("plan") if programme and row["programme"] == programme]
    approved = [row for row in rows if row.code in case.ledger.frozen] or rows
    return {str(n): row.code for n, row in enumerate(sorted(approved, key=lambda row: row["due"]), 1)}


def _coded(line: Line, plan: Mapping[str, str]) -> tuple[str, bool]:
    """Return a line with codes for numbers, and whether it is clear."""
    codes = [item if item.startswith("М") else plan.get(item.lstrip("0"), "") for item in line.items]
    if line.unclear or not all(codes) or line.day is None:
        return line.unclear or ", ".join(line.items), False
    return "\n".join(say.item_done(code, line.day) for code in codes), True
