"""The plan of a programme: which activities answer the mentees' difficulties, and when they are due (section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.catalog import Activities, Activity
from pipeline.model import Row
from pipeline.wording.casework import Item

_MOST = 12
"""How many activities a plan proposes beside those of every programme; fewer when the term is short."""
_A_MONTH = 3


@dataclass(frozen=True)
class Planned:
    """An activity chosen for a plan: the field as the plan prints it, and the last day, ``None`` without a term."""

    activity: Activity
    area: str
    due: date | None


def choose(
    activities: Activities, difficulties: Mapping[str, int], start: date | None, end: date | None
) -> list[Planned]:
    """Choose activities for difficulties (field key → 0 to 3), in the order in which they are due.

    Every difficult field gets one before any gets a second, the greatest difficulties first. What belongs to every plan
    is left out when the term is over before, but for the last, which concludes the programme.
    """
    titles = {area.key: area.title for area in activities.areas}
    fields = {key: place for place, key in enumerate(titles)}
    ranked: list[tuple[int, int, int, Activity]] = []
    for key, level in difficulties.items():
        offered = [one for one in activities.activities if one.area == key and one.level <= level]
        ranked.extend((rank, -level, fields[key], one) for rank, one in enumerate(offered))
    ranked.sort(key=lambda one: one[:3])
    always = _always(activities, start, end)
    chosen = [*always[:-1], *(one for *_, one in ranked[: _many(start, end)]), *always[-1:]]
    stretch = _stretch(activities, start, end)
    planned = [Planned(one, titles.get(one.area, one.area), _due(one, stretch, start, end)) for one in chosen]
    return sorted(planned, key=lambda one: one.due or date.min)


def _always(activities: Activities, start: date | None, end: date | None) -> list[Activity]:
    if not start or not end:
        return list(activities.always)
    weeks = (end - start).days / 7
    return [one for one in activities.always if one.after_weeks <= weeks or one is activities.always[-1]]


def _many(start: date | None, end: date | None) -> int:
    months = (end - start).days // 30 if start and end else _MOST
    return max(2, min(_MOST, _A_MONTH * months))


def _stretch(activities: Activities, start: date | None, end: date | None) -> float:
    """Return how many times longer the term is than the catalogue's span, so that the last meeting ends the term."""
    span = activities.always[-1].after_weeks
    return max(1.0, (end - start).days // 7 / span) if start and end and span else 1.0


def _due(activity: Activity, stretch: float, start: date | None, end: date | None) -> date | None:
    if not start:
        return None
    due = start + timedelta(weeks=round(activity.after_weeks * stretch))
    return min(due, end) if end else due


def state(item: Row, approved: bool, today: date) -> str:
    """Return «Состояние» of a planned activity; only an approved plan can be late."""
    if item["mark"]:
        return item["mark"]
    if item["done"]:
        return Item.DONE
    due = item.day("due")
    return Item.LATE if approved and due and due < today else Item.PLANNED
