"""Which month or day people ask a statement for."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.settlement.rules import month_before, month_of

_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


def read_month(words: str, *, today: date) -> date:
    """Return the first day of the month that was asked for, the one before today's when nothing was; refuses other words and the future."""
    if not words:
        return month_before(today)[0]
    found = _MONTH.fullmatch(words)
    if not found or date(int(found[1]), int(found[2]), 1) > today:
        raise bad_input("month", Text("请填写月份，如 2026-10，不晚于本月。", "Enter a month like 2026-10, no later than this one."))
    return date(int(found[1]), int(found[2]), 1)


def read_days(month: str, on: str, *, today: date) -> tuple[date, date]:
    """Return the days of a statement: a month, up to today in the running one, or with `on` from the first of its month to that day.

    Refuses what is neither and days in the future.
    """
    if not on:
        first = read_month(month, today=today)
        return first, min(month_of(first)[1], today)
    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = None
    if day is None or not date(2000, 1, 1) <= day <= today:
        raise bad_input("on", Text("请填写不晚于今天的日期，如 2026-10-15。", "Enter a day like 2026-10-15, no later than today."))
    return day.replace(day=1), day
