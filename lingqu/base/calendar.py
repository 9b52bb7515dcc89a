"""The working calendar of China: holidays and worked weekends as the State Council published them, year by year.

A year that is not published yet is *not known*: `WorkingCalendar.is_working_day` refuses it instead of guessing (domain rules B3).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import msgspec

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text

CHINA = ZoneInfo("Asia/Shanghai")
SATURDAY = 5
"""The weekday from which on a week is over, Monday being 0."""


def china_day(at: datetime) -> date:
    """Return the calendar day in China at a moment."""
    return at.astimezone(CHINA).date()


class WorkingCalendar(msgspec.Struct, frozen=True):
    """Which days people work on: the published lists that the product brings, and the years that were imported since.

    `imported` maps a year to its exceptions: days off on which people would else work, and weekend days on which they do work.
    """

    imported: Mapping[int, Mapping[date, bool]] = {}

    def is_published(self, year: int) -> bool:
        """Return whether the holiday list of the year is known."""
        return year in self.imported or _is_brought(year)

    def is_working_day(self, on: date) -> bool:
        """Return whether people work on the day; a worked weekend is a working day. Refuses a year whose list is not published."""
        imported = self.imported.get(on.year)
        if imported is not None:
            return imported.get(on, on.weekday() < SATURDAY)
        try:
            return bool(chinese_calendar.is_workday(on))
        except NotImplementedError as unknown:
            raise Refusal(
                "calendar_not_published",
                Text(f"{on.year} 年放假安排尚未发布，请先导入。", f"The holiday list of {on.year} is not published yet; import it first."),
            ) from unknown

    def roll_forward(self, on: date) -> date:
        """Return the day itself or, when nobody works on it, the next working day (Civil Code art. 203).

        In a year that is not published the weekday alone decides, so that a clock never stops for want of a list.
        """
        day = on
        while not (self.is_working_day(day) if self.is_published(day.year) else day.weekday() < SATURDAY):
            day += timedelta(days=1)
        return day

    def add_working_days(self, on: date, days: int) -> date:
        """Return the day that lies `days` working days after `on`; the first day is not counted."""
        day = on
        for _ in range(days):
            day = self.roll_forward(day + timedelta(days=1))
        return day

    def end_of_answer_time(self, start: datetime, days: int, *, working_days: bool) -> datetime:
        """Return the moment at which an answer time ends: 24:00 in China on its last day.

        The starting day is not counted; in calendar mode a last day off moves to the next working day (Civil Code arts. 201 to 203;
        M-16.3.1).
        """
        first = china_day(start)
        last = self.add_working_days(first, days) if working_days else self.roll_forward(first + timedelta(days=days))
        return datetime.combine(last + timedelta(days=1), time(), CHINA).astimezone(UTC)


OFFICIAL = WorkingCalendar()
"""The lists that the product brings, nothing imported."""


def _is_brought(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 7, 1))
    except NotImplementedError:
        return False
    return True
