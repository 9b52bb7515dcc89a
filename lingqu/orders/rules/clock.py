"""The answer clock (M-16.3.1): when those who owe an answer are reminded, and when those above them are told that it is late.

By when a request is answered is counted in `base.calendar.end_of_answer_time` (Civil Code articles 201 to 203).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from lingqu.base.calendar import CHINA, WorkingCalendar, china_day
from lingqu.policy.rules import Regulation
from lingqu.policy.states import DayMode

NO_CLOCK: Final = 0
"""So many days are no answer time: what is held stays held until it is answered."""

REMIND_BEFORE: Final = timedelta(hours=4)
DAY: Final = timedelta(days=1)


def answer_time(at: datetime, regulation: Regulation, *, branch: bool) -> datetime | None:
    """Return by when a request that is complete at a moment is answered; None where an agent's branch goes without a clock (M-16.3.1)."""
    parameters = regulation.parameters
    days = parameters.branch_answer_days if branch else parameters.answer_days
    if branch and days == NO_CLOCK:
        return None
    return regulation.calendar.end_of_answer_time(at, days, working_days=parameters.answer_mode is DayMode.WORKING)


def told_again_up_to(at: datetime, calendar: WorkingCalendar) -> datetime:
    """Return up to which end of an answer time a late answer is told a second time at a moment: one whole working day has passed since."""
    day = china_day(at) - DAY
    while calendar.roll_forward(day) != day:
        day -= DAY
    return datetime.combine(day, time(), CHINA).astimezone(at.tzinfo)
