"""The clock, for the edges (views, jobs, commands) only: rules and actions are handed `at` or `on`."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lingqu.base.calendar import china_day


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today's date in China."""
    return china_day(now())
