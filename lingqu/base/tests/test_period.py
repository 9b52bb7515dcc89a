"""Periods: the days that belong, and how a calendar year is cut; by hand."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from lingqu.base.period import HALF_YEAR, MONTH, QUARTER, YEAR, Period, calendar_period, calendar_periods


@pytest.mark.parametrize(
    ("on", "months", "start", "end"),
    [
        ("2026-11-22", MONTH, "2026-11-01", "2026-12-01"),
        ("2026-12-31", MONTH, "2026-12-01", "2027-01-01"),
        ("2028-02-29", MONTH, "2028-02-01", "2028-03-01"),
        ("2026-01-01", QUARTER, "2026-01-01", "2026-04-01"),
        ("2026-09-30", QUARTER, "2026-07-01", "2026-10-01"),
        ("2026-10-01", QUARTER, "2026-10-01", "2027-01-01"),
        ("2026-06-30", HALF_YEAR, "2026-01-01", "2026-07-01"),
        ("2026-07-01", HALF_YEAR, "2026-07-01", "2027-01-01"),
        ("2026-12-31", YEAR, "2026-01-01", "2027-01-01"),
    ],
)
def test_a_day_lies_in_its_period(on: str, months: int, start: str, end: str) -> None:
    day = date.fromisoformat(on)
    period = calendar_period(day, months)
    assert period == Period(date.fromisoformat(start), date.fromisoformat(end))
    assert period.holds(day)
    assert period.holds(period.last_day)
    assert not period.holds(date.fromisoformat(end))


def test_periods_follow_each_other_without_a_hole() -> None:
    months = list(calendar_periods(date(2026, 11, 22), date(2027, 2, 1), MONTH))
    assert [one.start for one in months] == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]
    assert all(before.end == after.start for before, after in itertools.pairwise(months))
    assert list(calendar_periods(date(2026, 11, 22), date(2026, 10, 31), MONTH)) == []


def test_a_year_is_not_cut_otherwise() -> None:
    with pytest.raises(ValueError, match="5 months"):
        calendar_period(date(2026, 1, 1), 5)


def test_a_period_without_end_has_no_last_day() -> None:
    with pytest.raises(ValueError, match="no last day"):
        _ = Period(date(2026, 1, 1)).last_day
    assert Period(date(2026, 1, 1)).overlaps(Period(date(2025, 1, 1), date(2026, 1, 2)))
    assert not Period(date(2026, 1, 1)).overlaps(Period(date(2025, 1, 1), date(2026, 1, 1)))
