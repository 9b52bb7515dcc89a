"""The pure arithmetic of duties: periods and due days, and what a list of holidays says."""

from __future__ import annotations

from lingqu.duties.rules.dates import Dated, DutyRule, dated, lateness, period_words, reminder_due
from lingqu.duties.rules.holidays import HolidayList, HolidayRow, check_days, read_holidays

__all__ = [
    "Dated", "DutyRule", "HolidayList", "HolidayRow", "check_days", "dated", "lateness", "period_words", "read_holidays", "reminder_due",
]  # fmt: skip
