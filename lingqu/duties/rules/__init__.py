"""The pure arithmetic of duties: periods and due days, what a file is, and what a list of holidays says."""

from __future__ import annotations

from lingqu.duties.rules.dates import Dated, DutyRule, dated, lateness, period_words, reminder_due
from lingqu.duties.rules.files import Checked, check_file, plain_name, text_of
from lingqu.duties.rules.holidays import HolidayList, HolidayRow, check_days, read_holidays

__all__ = [
    "Checked", "Dated", "DutyRule", "HolidayList", "HolidayRow", "check_days", "check_file", "dated", "lateness", "period_words",
    "plain_name", "read_holidays", "reminder_due", "text_of",
]  # fmt: skip
