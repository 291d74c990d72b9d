"""What changed between two revisions of the register and who changed it; how to undo; which copies to keep. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from pipeline.catalog import Column, Layout
from pipeline.model import Edit, natural
from pipeline.register.workbook import View

Who = Literal["curator", "form", "rule"]

ALL_DAYS, DAILY_DAYS = 7, 30
"""For how many days every copy is kept, and for how many one a day."""


@dataclass(frozen=True)
class Difference:
    """One cell that says something else: where, from which value to which, and who changed it."""

    sheet: str
    code: str
    column: str
    old: str
    new: str
    who: Who


def differences(
    layout: Layout, old: View, new: View, edits: Sequence[Edit], removed: Container[str] = ()
) -> list[Difference]:
    """Return every cell that differs between two revisions.

    ``edits`` are hers, taken in between the two, ``removed`` the codes of rows that she removed.
    """
    hers = {(edit.code, edit.column): edit.value or "" for edit in edits}
    gone = {code for rows in old.values() for code in rows if code in removed}
    return [
        Difference(
            *(sheet, code, column.key, was, now),
            "curator" if code in gone and not now else _who(column, now, hers.get((code, column.key))),
        )
        for sheet, code, column, was, now in _cells(layout, old, new)
        if was != now
    ]


def _who(column: Column, now: str, hers: str | None) -> Who:
    if hers is not None and hers == now:
        return "curator"
    return "rule" if column.owner == "program" else "form"


def _cells(layout: Layout, old: View, new: View) -> Iterator[tuple[str, str, Column, str, str]]:
    for sheet in layout.sheets:
        before, after = old.get(sheet.key, {}), new.get(sheet.key, {})
        for code in sorted(before.keys() | after.keys(), key=natural):
            was, now = before.get(code, {}), after.get(code, {})
            for column in sheet.columns:
                yield sheet.key, code, column, was.get(column.key, ""), now.get(column.key, "")


def undoing(layout: Layout, now: View, then: View, since: Sequence[Edit]) -> list[tuple[str, str, str, str | None]]:
    """Return the edits that bring every cell she edited ``since`` back to what it said ``then``.

    What forms brought meanwhile stays: a fact is never undone. A cell that was blank is handed back.
    """
    touched = {(edit.code, edit.column) for edit in since}
    return [
        (sheet, code, column.key, was or None)
        for sheet, code, column, was, current in _cells(layout, then, now)
        if (code, column.key) in touched and was != current
    ]


def outlived(copies: Sequence[tuple[str, datetime]], now: datetime) -> list[str]:
    """Return the copies (hash, time) to drop: all are kept for a week, then the day's last for a month."""
    kept_days: set[date] = set()
    dropped: list[str] = []
    for sha, at in sorted(copies, key=lambda one: one[1], reverse=True):
        age = now - at
        if age <= timedelta(days=ALL_DAYS):
            continue
        if age > timedelta(days=DAILY_DAYS) or at.date() in kept_days:
            dropped.append(sha)
        kept_days.add(at.date())
    return dropped
