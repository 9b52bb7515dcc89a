"""Duty rules as plain values, and the pure arithmetic of periods and due days (domain rules A14)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from lingqu.base.calendar import WorkingCalendar
from lingqu.base.period import Period
from lingqu.base.text import Text
from lingqu.duties.states import ForEach, OwedBy, Rhythm

QUARTER_MONTHS, HALF_MONTHS = 3, 6
MONTH_WORDS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


class DutyRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule that makes one dated duty in each period for each firm that it names.

    `responsible` is a post at the firm that owes it, or the relation `representative_of`; `appraiser` a post at the issuer.
    `due_days` counts from the last day of the period (0: on that day, negative: before its end); a day off moves to the next working
    day. It is late when `grace_days` have passed since. People are reminded `remind_days` before the due day (0: on it); the holders of
    `escalate_to` are told `escalate_days` after it became late. `papers` are the kinds of papers that fulfil it.
    """

    key: str
    title: Text
    clause: str
    rhythm: Rhythm
    responsible: str
    appraiser: str
    due_days: int
    task: Text = Text("", "")
    for_each: ForEach = ForEach.ISSUER
    owed_by: OwedBy = OwedBy.ISSUER
    grace_days: int = 0
    remind_days: tuple[int, ...] = (3, 0)
    escalate_days: int = 1
    escalate_to: str = ""
    papers: tuple[str, ...] = ()


class Dated(msgspec.Struct, frozen=True):
    """When a duty is due: the day, the day that it was before a day off moved it (None: not moved), and from when on it is late."""

    due_on: date
    before_moving: date | None
    late_from: date


def dated(plain: date, *, grace_days: int, calendar: WorkingCalendar) -> Dated:
    """Return when a duty is due whose unmoved due day is `plain`: a day off moves to the next working day (Civil Code art. 203).

    In a year whose holidays are not published the weekday alone decides. Grace is counted in calendar days.
    """
    due_on = calendar.roll_forward(plain)
    return Dated(due_on, plain if due_on != plain else None, due_on + timedelta(days=grace_days + 1))


def lateness(late_from: date, done_on: date) -> int:
    """Return by how many calendar days what was done on the day is late; 0 for in time. The first late day counts as one."""
    return max((done_on - late_from).days + 1, 0)


def reminder_due(due_on: date, remind_days: Iterable[int], *, on: date, last: date | None) -> date | None:
    """Return the reminding day that must be served now: the newest that has come, unless it or a later one was served (`last`).

    After the due day nothing is reminded of: lateness is told instead.
    """
    if on > due_on:
        return None
    come = [due_on - timedelta(days=days) for days in remind_days if due_on - timedelta(days=days) <= on]
    newest = max(come, default=None)
    return newest if newest is not None and (last is None or last < newest) else None


def period_words(period: Period, rhythm: Rhythm) -> Text:
    """Return what people call the period: 2026 年 11 月, 2026 年第 4 季度, 2026 年下半年, 2026 年度; a single duty has its day."""
    year, month = period.start.year, period.start.month
    if rhythm is Rhythm.ONCE:
        return Text(period.start.isoformat(), period.start.isoformat())
    if rhythm is Rhythm.MONTHLY:
        return Text(f"{year} 年 {month} 月", f"{MONTH_WORDS[month - 1]} {year}")
    if rhythm is Rhythm.QUARTERLY:
        quarter = (month - 1) // QUARTER_MONTHS + 1
        return Text(f"{year} 年第 {quarter} 季度", f"quarter {quarter} of {year}")
    if rhythm is Rhythm.HALF_YEARLY:
        first = month <= HALF_MONTHS
        return Text(f"{year} 年{'上' if first else '下'}半年", f"{'first' if first else 'second'} half of {year}")
    return Text(f"{year} 年度", f"the year {year}")
