"""What is said about a draft as a whole, and benchmarks of competitors, as they are typed."""

from __future__ import annotations

from datetime import date

import msgspec

from lingqu.base.text import Text
from lingqu.policy.forms.typed import Typed, read_words

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_REASONS = 2_000


class HeadTyped(msgspec.Struct, frozen=True):
    """The reasons of a draft and its first day; None for the day of issue."""

    reasons: str
    in_force_from: date | None


class BenchmarkTyped(msgspec.Struct, frozen=True):
    """A competitor's value: whose, which, where it is known from, and when it was noted."""

    competitor: str
    value: str
    source: str
    noted_on: date


def read_head(typed: Typed, *, today: date) -> HeadTyped | None:
    """Return the head of a draft; None when something is wrong."""
    reasons = read_words(typed, "reasons", most=LONGEST_REASONS, needed=False)
    since = read_day(typed, "in_force_from", needed=False)
    if since is not None and since < today:
        typed.error("in_force_from", Text("施行日不能早于今天。", "The first day cannot lie in the past."))
    return HeadTyped(reasons, since) if typed.fits else None


def read_benchmark(typed: Typed, *, today: date) -> BenchmarkTyped | None:
    """Return a competitor's value; None when something is wrong."""
    competitor, value = read_words(typed, "competitor", most=80), read_words(typed, "value", most=200)
    source = read_words(typed, "source", most=300)
    noted_on = read_day(typed, "noted_on")
    if noted_on is not None and noted_on > today:
        typed.error("noted_on", Text("不能晚于今天。", "This day cannot lie in the future."))
    return BenchmarkTyped(competitor, value, source, noted_on) if typed.fits and noted_on else None


def read_day(typed: Typed, field: str, *, needed: bool = True) -> date | None:
    """Return a day as typed, 2026-11-24; None with an error at its field when it is none."""
    words = typed.texts.get(field, "").replace("/", "-").replace(".", "-")
    if not words:
        if needed:
            typed.error(field, Text("请填写日期，如 2026-11-24。", "Enter a date, like 2026-11-24."))
        return None
    try:
        day = date.fromisoformat(words)
    except ValueError:
        typed.error(field, Text("请填写日期，如 2026-11-24。", "Enter a date, like 2026-11-24."))
        return None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        typed.error(field, Text("请核对年份。", "Check the year."))
        return None
    return day
