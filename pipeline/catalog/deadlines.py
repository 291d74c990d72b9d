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


class Held(Declared):
    """On what ground the rows of certain ``sheets`` are held, and until when (``term``), for a subject who asks."""

    sheets: tuple[str, ...]
    ground: str
    term: str


class Deadlines(Declared):
    """All clocks, all that is kept, and on what ground the rest is held (by default: the consent and its term)."""

    clocks: tuple[Clock, ...] = ()
    kept: tuple[Kept, ...] = ()
    held: tuple[Held, ...] = ()


CLOCK_FACTS = frozenset({"person", "pairs"})
"""The names that ``what`` of a clock may use."""
