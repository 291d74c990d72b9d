"""The production calendar (``config/calendar.yaml``): which days are worked, and the day some working days later."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated

import pydantic

from pipeline.catalog.declared import Declared

Day = Annotated[str, pydantic.Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
"""A day of every year as month and day: «05-09»."""


class Calendar(Declared):
    """The days off of a week and a year (Labour code, article 112), and what the government moved.

    ``weekend`` are days of the week from 1; ``holidays`` and ``fixed`` days of every year: of the former one that meets
    a weekend gives the next working day off. ``days_off`` and ``working`` are single days that were moved.
    """

    weekend: frozenset[int] = frozenset({6, 7})
    holidays: tuple[Day, ...] = ()
    fixed: tuple[Day, ...] = ()
    days_off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Tell whether people work on a day."""
        if day in self.working:
            return True
        return day not in self.days_off and self._is_plain(day) and day not in _moved(self, day.year)

    def after(self, day: date, days: int) -> date:
        """Return the working day that is ``days`` working days after ``day``, which itself does not count."""
        while days:
            day += timedelta(days=1)
            days -= self.is_working(day)
        return day

    def _is_plain(self, day: date) -> bool:
        return day.isoweekday() not in self.weekend and f"{day:%m-%d}" not in (*self.holidays, *self.fixed)


@lru_cache(maxsize=64)
def _moved(calendar: Calendar, year: int) -> frozenset[date]:
    """Return the days off that holidays on a weekend give, each the next day that is not off already."""
    found: set[date] = set()
    for text in calendar.holidays:
        month, number = (int(part) for part in text.split("-"))
        day = date(year, month, number)
        if day.isoweekday() in calendar.weekend:
            while not calendar._is_plain(day) or day in found | calendar.days_off:
                day += timedelta(days=1)
            found.add(day)
    return frozenset(found)
