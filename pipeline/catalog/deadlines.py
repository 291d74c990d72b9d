"""The law's clocks (``config/deadlines.yaml``): what a withdrawal demands until when, and what another law keeps."""

from __future__ import annotations

from datetime import date, timedelta

import pydantic

from pipeline.catalog.calendar import Calendar
from pipeline.catalog.declared import Declared


class Clock(Declared):
    """Something that must be done after the consents of certain ``kinds`` were withdrawn.

    The term is so many calendar ``days`` or ``working_days`` after the day of the withdrawal, which itself does not
    count. ``what`` may name ``{person}`` (the code) and ``{pairs}`` (the codes of pairs that run) in braces; ``ground``
    is the article.
    """

    key: str
    kinds: tuple[str, ...]
    what: str
    days: int = pydantic.Field(0, ge=0)
    working_days: int = pydantic.Field(0, ge=0)
    ground: str

    def until(self, since: date, calendar: Calendar) -> date:
        """Return the last day to do it when the withdrawal came on ``since``."""
        return calendar.after(since + timedelta(days=self.days), self.working_days)


class Kept(Declared):
    """Papers that an erasure must leave, because another law orders to keep them.

    ``series`` names the book of orders they are in, ``""`` for the papers that ``what`` describes. ``term`` is for how
    long they are kept, ``ground`` by which article.
    """

    what: str
    series: str = ""
    term: str
    ground: str


class Deadlines(Declared):
    """All clocks, and all that is kept."""

    clocks: tuple[Clock, ...] = ()
    kept: tuple[Kept, ...] = ()
    act_years: int = 3
    act_ground: str = ""


CLOCK_FACTS = frozenset({"person", "pairs"})
"""The names that ``what`` of a clock may use."""
