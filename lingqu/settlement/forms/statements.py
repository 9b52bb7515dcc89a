"""Which month or day people ask a statement for."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import msgspec

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.settlement.queries import AskedDays
from lingqu.settlement.rules import month_before, month_of

MOST_DIGITS: Final = 4
_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


def read_month(words: str, *, today: date) -> date:
    """Return the first day of the month that was asked for, the one before today's when nothing was; refuses other words and the future."""
    if not words:
        return month_before(today)[0]
    found = _MONTH.fullmatch(words)
    if not found or date(int(found[1]), int(found[2]), 1) > today:
        raise bad_input("month", Text("请填写月份，如 2026-10，不晚于本月。", "Enter a month like 2026-10, no later than this one."))
    return date(int(found[1]), int(found[2]), 1)


def read_days(month: str, on: str, known: str, *, today: date) -> AskedDays:
    """Return which days are asked for: a month, up to today in the running one, or with `on` from the first of its month to that day.

    `known` is the day as at whose end it is to be read; a month goes up to it at most. Refuses what is none of these, days in the future,
    and a `known` before the days of the statement: nothing that counts for a day is known before it.
    """
    if on:
        until = _day("on", on, today)
        asked = AskedDays(until.replace(day=1), until)
    else:
        first = read_month(month, today=today)
        asked = AskedDays(first, min(month_of(first)[1], today), whole_month=True)
    if not known:
        return asked
    seen = _day("known", known, today)
    if asked.whole_month and asked.since <= seen < asked.until:
        return AskedDays(asked.since, seen, seen, whole_month=True)
    if seen < asked.until:
        raise bad_input(
            "known",
            Text(f"须不早于对账单的最后一天 {asked.until}。", f"It is no earlier than {asked.until}, the last day of the statement."),
        )
    return msgspec.structs.replace(asked, known=seen)


def _day(field: str, words: str, today: date) -> date:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        day = None
    if day is None or not date(2000, 1, 1) <= day <= today:
        raise bad_input(field, Text("请填写不晚于今天的日期，如 2026-10-15。", "Enter a day like 2026-10-15, no later than today."))
    return day


def read_page(words: str) -> int:
    """Return the page of the movements that was asked for, from 1 to 9,999; whatever is none is the first."""
    return int(words) if words.isascii() and words.isdigit() and 1 <= len(words) <= MOST_DIGITS and int(words) else 1
