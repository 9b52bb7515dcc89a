"""A pasted list of holidays: understood in the ways that people write it, else refused at its line."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lingqu.base.refusal import Refusal
from lingqu.duties.rules import check_days, read_holidays

GOOD = "日期,班休\n2027-01-01,休\n2027-02-05 至 2027-02-11,休\n2027-02-20,班\n2027-05-03,休\n2027-10-01 至 2027-10-07,休\n2027-10-09,班\n"


def test_a_list_is_reduced_to_what_differs_from_the_weekday() -> None:
    read = read_holidays(2027, GOOD)
    assert read.fits
    assert read.warnings == ()
    assert sorted(f"{day:%m-%d}" for day, works in read.days.items() if works) == ["02-20", "10-09"]
    off = [f"{day:%m-%d}" for day, works in sorted(read.days.items()) if not works]
    assert off == ["01-01", "02-05", "02-08", "02-09", "02-10", "02-11", "05-03", "10-01", "10-04", "10-05", "10-06", "10-07"]


@pytest.mark.parametrize(
    ("line", "works"),
    [
        ("2027-02-08,休", False),
        ("2027/2/8 放假", False),
        ("2027年2月8日放假", False),
        ("２０２７－０２－０８，休", False),
        ("2027.2.8;no", False),
        ("2027-02-08\toff", False),
        ('"2027-02-08","0"', None),
        ("2027-02-20,班", True),
        ("2027-2-20\t上班", True),
        ("2027-02-20,YES", True),
        ("2027-02-20 1", True),
    ],
)
def test_the_ways_in_which_people_write_a_day(line: str, works: bool | None) -> None:
    (row,) = read_holidays(2027, line).rows
    assert row.works is works
    assert (row.error is None) is (works is not None)


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ("2027-02-30,休", "没有这一天。"),
        ("2027-13-01,休", "没有这一天。"),
        ("2026-10-01,休", "不在 2027 年。"),
        ("2027-02-08,也许", "未写明休还是班。"),
        ("2027-02-08", "读不懂，应为“日期,休”或“日期,班”。"),
        ("12345", "读不懂，应为“日期,休”或“日期,班”。"),
        ("2027-02-11 至 2027-02-05,休", "起止日颠倒，或超过一个月。"),
        ("2027-01-01 至 2027-12-31,休", "起止日颠倒，或超过一个月。"),
        ("2027-02-08,休\n2027-02-08,班", "2027-02-08 与前面的行相反。"),
    ],
)
def test_what_is_wrong_is_said_at_its_line(lines: str, error: str) -> None:
    read = read_holidays(2027, lines)
    assert not read.fits
    assert [row.error.zh for row in read.rows if row.error] == [error]


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ("2027-02-06,休", "02-06 本来就是周末，不计入。"),
        ("2027-02-08,班", "02-08 本来就上班，不计入。"),
        ("2027-01-01,休", "与前面的行重复，只算一次。"),
    ],
)
def test_what_the_weekday_says_anyway_is_left_out_with_a_word(line: str, warning: str) -> None:
    read = read_holidays(2027, f"2027-01-01,休\n{line}")
    assert read.rows[1].warning is not None
    assert read.rows[1].warning.zh == warning
    assert read.days == {date(2027, 1, 1): False}


def test_a_list_without_the_statutory_days_is_looked_at_again() -> None:
    read = read_holidays(2027, "2027-02-08,休")
    assert read.fits
    assert [warning.zh for warning in read.warnings] == ["法定假日 01-01, 10-01 没有列为放假，请核对。", "没有调休上班的周末，请核对。"]


@pytest.mark.parametrize("text", ["x" * 50_001, "2027-01-01,休\n" * 501, "2027-02-06,休"])
def test_a_list_that_cannot_be_one_is_refused_as_a_whole(text: str) -> None:
    read = read_holidays(2027, text)
    assert not read.fits
    assert len(read.errors) == 1


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (1999, {date(1999, 1, 1): False}),
        (2101, {date(2101, 1, 3): False}),
        (2027, {}),
        (2027, {date(2026, 10, 1): False}),
        (2027, {date(2027, 2, 6): False}),
        (2027, {date(2027, 2, 8): True}),
        (2027, {day: False for day in (date(2027, 1, 1) + timedelta(days=place) for place in range(120)) if day.weekday() < 5}),
    ],
)
def test_days_that_are_no_exceptions_are_refused(year: int, days: dict[date, bool]) -> None:
    with pytest.raises(Refusal):
        check_days(year, days)


def test_the_most_exceptions_a_year_may_have() -> None:
    weekdays = [day for day in (date(2027, 1, 1) + timedelta(days=place) for place in range(120)) if day.weekday() < 5]
    check_days(2027, dict.fromkeys(weekdays[:60], False))
    with pytest.raises(Refusal):
        check_days(2027, dict.fromkeys(weekdays[:61], False))
