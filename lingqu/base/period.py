"""Half-open periods of days: the first day belongs, the last bound does not; an open end is None. And the periods of a calendar year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

MONTHS_OF_A_YEAR = 12
MONTH, QUARTER, HALF_YEAR, YEAR = 1, 3, 6, 12
"""The periods into which a calendar year is cut, in months."""


class Period(msgspec.Struct, frozen=True, order=True):
    """Days from `start` (inside) to `end` (outside; None = without end)."""

    start: date
    end: date | None = None

    def holds(self, on: date) -> bool:
        """Return whether the day lies in the period."""
        return self.start <= on and (self.end is None or on < self.end)

    def overlaps(self, other: Period) -> bool:
        """Return whether the two periods share a day."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)

    @property
    def last_day(self) -> date:
        """Return the last day inside; ValueError for a period without end."""
        if self.end is None:
            message = f"the period from {self.start} has no last day"
            raise ValueError(message)
        return self.end - timedelta(days=1)


def calendar_period(on: date, months: int) -> Period:
    """Return the month, quarter, half-year or year of the calendar that holds the day; `months` is 1, 3, 6 or 12."""
    if months not in {MONTH, QUARTER, HALF_YEAR, YEAR}:
        message = f"a calendar year is not cut into periods of {months} months"
        raise ValueError(message)
    first = (on.month - 1) // months * months
    return Period(_month(on.year, first), _month(on.year, first + months))


def calendar_periods(first: date, last: date, months: int) -> Iterator[Period]:
    """Return the periods from the one that holds the day `first` to the one that holds `last`, in order; none when `last` is before."""
    period = calendar_period(first, months)
    while period.start <= last:
        yield period
        period = calendar_period(period.last_day + timedelta(days=1), months)


def _month(year: int, month: int) -> date:
    """Return the first day of the month that is `month` months after January of the year."""
    return date(year + month // MONTHS_OF_A_YEAR, month % MONTHS_OF_A_YEAR + 1, 1)
