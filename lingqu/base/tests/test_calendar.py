"""The answer time: the day of receipt does not count, a last day off moves on, a worked weekend is a working day (Civil Code 201-203)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lingqu.base.calendar import CHINA, OFFICIAL
from lingqu.base.refusal import Refusal


def ends(start: str, *, working_days: bool = False, days: int = 2) -> str:
    end = OFFICIAL.end_of_answer_time(datetime.fromisoformat(start).replace(tzinfo=CHINA).astimezone(UTC), days, working_days=working_days)
    return end.astimezone(CHINA).isoformat(timespec="minutes")[:16]


def test_two_days_end_at_midnight() -> None:
    assert ends("2026-11-23 14:40") == "2026-11-26T00:00"  # Monday + 2 = Wednesday 24:00


def test_a_last_day_off_moves_to_the_next_working_day() -> None:
    assert ends("2026-11-26 10:00") == "2026-12-01T00:00"  # Thursday + 2 = Saturday, so Monday 24:00


def test_a_holiday_moves_it_further() -> None:
    assert ends("2026-09-29 10:00") == "2026-10-09T00:00"  # National Day: 1 to 7 October off


def test_a_worked_weekend_counts() -> None:
    assert OFFICIAL.is_working_day(date(2026, 10, 10))  # a Saturday worked for National Day
    assert OFFICIAL.roll_forward(date(2026, 10, 10)) == date(2026, 10, 10)


def test_working_days_skip_the_weekend() -> None:
    assert ends("2026-11-26 10:00", working_days=True) == "2026-12-01T00:00"  # Friday, Monday 24:00
    assert OFFICIAL.add_working_days(date(2026, 11, 27), 3) == date(2026, 12, 2)


def test_the_day_in_china_counts_not_the_day_in_greenwich() -> None:
    late = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # 01:00 on the 24th in China
    assert OFFICIAL.end_of_answer_time(late, 2, working_days=False).astimezone(CHINA).date() == date(2026, 11, 27)


def test_a_year_that_is_not_published_is_not_guessed() -> None:
    assert not OFFICIAL.is_published(2035)
    with pytest.raises(Refusal) as refusal:
        OFFICIAL.is_working_day(date(2035, 5, 1))
    assert refusal.value.code == "calendar_not_published"
