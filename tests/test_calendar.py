"""Working days are counted as the Labour code says (article 112), by the production calendar of the set-up."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import catalog

SHIPPED = catalog.load(Path(__file__).parents[1]).calendar
days = st.dates(date(2025, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-23", 3, "2026-11-26"),  # Monday to Thursday
        ("2026-11-26", 3, "2026-12-01"),  # over a weekend
        ("2026-11-03", 1, "2026-11-05"),  # 4 November is a holiday
        ("2026-05-08", 1, "2026-05-12"),  # 9 May on a Saturday gives the Monday off
        ("2026-03-06", 1, "2026-03-10"),  # 8 March on a Sunday gives the Monday off
        ("2026-12-30", 1, "2027-01-11"),  # moved by the government, then the New Year's days and a weekend
        ("2026-11-28", 1, "2026-11-30"),  # from a Saturday
        ("2026-11-23", 0, "2026-11-23"),
    ],
)
def test_the_day_some_working_days_later(start: str, count: int, end: str) -> None:
    assert SHIPPED.after(date.fromisoformat(start), count) == date.fromisoformat(end)


def test_a_working_saturday_counts_and_a_day_off_does_not() -> None:
    moved = catalog.Calendar(working=frozenset({date(2026, 11, 28)}), days_off=frozenset({date(2026, 11, 30)}))
    assert moved.after(date(2026, 11, 27), 1) == date(2026, 11, 28)
    assert moved.after(date(2026, 11, 28), 1) == date(2026, 12, 1)


@given(days, st.integers(1, 30))
def test_the_last_of_the_counted_days_is_worked_and_so_many_are(day: date, count: int) -> None:
    end = SHIPPED.after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert SHIPPED.is_working(end)
    assert sum(map(SHIPPED.is_working, between)) == count


def test_a_holiday_on_a_weekend_moves_and_the_new_years_days_stay() -> None:
    assert not SHIPPED.is_working(date(2027, 6, 14))
    assert SHIPPED.is_working(date(2028, 1, 10))
