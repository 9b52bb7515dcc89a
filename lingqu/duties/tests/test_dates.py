"""Due days by hand: worked weekends, festivals, the end of the year, a year that is not published; lateness and reminders."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lingqu.base.calendar import OFFICIAL, WorkingCalendar
from lingqu.base.period import Period, calendar_period
from lingqu.duties.rules import dated, lateness, period_words, reminder_due
from lingqu.duties.states import MONTHS, Rhythm

KNOWN = WorkingCalendar({2027: {date(2027, 1, 1): False, date(2027, 1, 4): False, date(2027, 1, 9): True}})


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("plain", "due", "moved"),
    [
        ("2026-12-05", "2026-12-07", True),  # Saturday
        ("2026-11-05", "2026-11-05", False),  # Thursday
        ("2026-10-10", "2026-10-10", False),  # a Saturday that is worked
        ("2026-10-05", "2026-10-08", True),  # National Day, 1 to 7 October
        ("2026-02-15", "2026-02-24", True),  # Spring Festival: 15 to 23 February
        ("2026-02-14", "2026-02-14", False),  # a Saturday that is worked before it
        ("2026-02-28", "2026-02-28", False),  # and the one after it
        ("2026-12-31", "2026-12-31", False),  # Thursday
        ("2026-01-01", "2026-01-04", True),  # 1 to 3 January off; Sunday the 4th is worked for Friday the 2nd
        ("2027-01-01", "2027-01-01", False),  # a Friday of a year that is not published: the weekday decides
        ("2027-01-02", "2027-01-04", True),
    ],
)
def test_a_day_off_moves_to_the_next_working_day(plain: str, due: str, moved: bool) -> None:
    found = dated(day(plain), grace_days=0, calendar=OFFICIAL)
    assert (found.due_on, found.before_moving) == (day(due), day(plain) if moved else None)
    assert found.late_from == day(due) + timedelta(days=1)


@pytest.mark.parametrize(("plain", "due"), [("2027-01-01", "2027-01-05"), ("2027-01-09", "2027-01-09"), ("2027-01-10", "2027-01-11")])
def test_an_imported_list_decides_for_its_year(plain: str, due: str) -> None:
    assert dated(day(plain), grace_days=0, calendar=KNOWN).due_on == day(due)


@pytest.mark.parametrize(
    ("grace", "done", "days"),
    [
        (0, "2026-12-07", 0),
        (0, "2026-12-08", 1),
        (0, "2026-12-20", 13),
        (3, "2026-12-10", 0),
        (3, "2026-12-11", 1),
        (3, "2026-11-30", 0),
    ],
)
def test_lateness_is_counted_in_calendar_days_after_the_grace(grace: int, done: str, days: int) -> None:
    found = dated(day("2026-12-05"), grace_days=grace, calendar=OFFICIAL)
    assert lateness(found.late_from, day(done)) == days


@pytest.mark.parametrize(
    ("on", "last", "reminder"),
    [
        ("2026-12-03", None, None),
        ("2026-12-04", None, "2026-12-04"),
        ("2026-12-04", "2026-12-04", None),
        ("2026-12-06", None, "2026-12-04"),  # after downtime: the newest that has come
        ("2026-12-07", "2026-12-04", "2026-12-07"),
        ("2026-12-07", None, "2026-12-07"),  # one, not two
        ("2026-12-07", "2026-12-07", None),
        ("2026-12-08", None, None),  # it is late: that is told instead
    ],
)
def test_the_newest_reminder_is_served_once(on: str, last: str | None, reminder: str | None) -> None:
    found = reminder_due(day("2026-12-07"), (3, 0), on=day(on), last=day(last) if last else None)
    assert found == (day(reminder) if reminder else None)


def test_who_is_not_to_be_reminded_is_not() -> None:
    assert reminder_due(day("2026-12-07"), (), on=day("2026-12-07"), last=None) is None


@pytest.mark.parametrize(
    ("rhythm", "zh", "en"),
    [
        (Rhythm.MONTHLY, "2026 年 11 月", "November 2026"),
        (Rhythm.QUARTERLY, "2026 年第 4 季度", "quarter 4 of 2026"),
        (Rhythm.HALF_YEARLY, "2026 年下半年", "second half of 2026"),
        (Rhythm.YEARLY, "2026 年度", "the year 2026"),
    ],
)
def test_a_period_has_its_name(rhythm: Rhythm, zh: str, en: str) -> None:
    words = period_words(calendar_period(day("2026-11-22"), MONTHS[rhythm]), rhythm)
    assert (words.zh, words.en) == (zh, en)


def test_the_first_half_is_the_first() -> None:
    assert period_words(Period(day("2026-01-01"), day("2026-07-01")), Rhythm.HALF_YEARLY).zh == "2026 年上半年"
