"""The working calendar of China: holidays and worked weekends as the State Council published them, year by year.

A year that is not published yet is *not known*: `is_working_day` refuses it instead of guessing (domain rules B3).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text

CHINA = ZoneInfo("Asia/Shanghai")


def china_day(at: datetime) -> date:
    """Return the calendar day in China at a moment."""
    return at.astimezone(CHINA).date()


def is_published(year: int) -> bool:
    """Return whether the holiday list of the year is known."""
    try:
        chinese_calendar.is_workday(date(year, 7, 1))
    except NotImplementedError:
        return False
    return True


def is_working_day(on: date) -> bool:
    """Return whether people work on the day; a worked weekend is a working day.

    Refuses a year whose list is not published.
    """
    try:
        return bool(chinese_calendar.is_workday(on))
    except NotImplementedError as unknown:
        raise Refusal(
            "calendar_not_published",
            Text(f"{on.year} 年放假安排尚未发布，请先导入。", f"The holiday list of {on.year} is not published yet; import it first."),
        ) from unknown


def roll_forward(on: date) -> date:
    """Return the day itself or, when nobody works on it, the next working day (Civil Code art. 203).

    Past the last published year the weekday alone decides, so that a clock never stops for want of a list.
    """
    day = on
    while not (is_working_day(day) if is_published(day.year) else day.weekday() < 5):  # noqa: PLR2004 - Monday is 0, Saturday 5
        day += timedelta(days=1)
    return day


def add_working_days(on: date, days: int) -> date:
    """Return the day that lies `days` working days after `on`; the first day is not counted."""
    day = on
    for _ in range(days):
        day = roll_forward(day + timedelta(days=1))
    return day


def end_of_answer_time(start: datetime, days: int, *, working_days: bool) -> datetime:
    """Return the moment at which an answer time ends: 24:00 in China on its last day.

    The starting day is not counted; in calendar mode a last day off moves to the next working day (Civil Code arts. 201 to 203; M-16.3.1).
    """
    first = china_day(start)
    last = add_working_days(first, days) if working_days else roll_forward(first + timedelta(days=days))
    return datetime.combine(last + timedelta(days=1), time(), CHINA).astimezone(UTC)
