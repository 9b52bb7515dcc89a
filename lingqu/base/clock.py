"""The clock, for the edges (views, jobs, commands) only: rules and actions are handed `at` or `on`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def china_day(at: datetime) -> date:
    """Return the calendar day in China at a moment."""
    return at.astimezone(CHINA).date()


def today() -> date:
    """Return today's date in China."""
    return china_day(now())
