"""Half-open periods of days: the first day belongs, the last does not; an open end is None."""

from __future__ import annotations

from datetime import date

import msgspec


class Period(msgspec.Struct, frozen=True):
    """Days from `start` (inside) to `end` (outside; None = without end)."""

    start: date
    end: date | None = None

    def holds(self, on: date) -> bool:
        """Return whether the day lies in the period."""
        return self.start <= on and (self.end is None or on < self.end)

    def overlaps(self, other: Period) -> bool:
        """Return whether the two periods share a day."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)
