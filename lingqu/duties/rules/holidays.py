"""What a pasted list of holidays says, line by line: read, checked, and reduced to what differs from the weekday."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from lingqu.base.calendar import SATURDAY
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_EXCEPTIONS = 60
MOST_LINES = 500
MOST_LETTERS = 50_000
LONGEST_RANGE = 31
WORKED = frozenset(
    {"班", "上班", "工作", "工作日", "补班", "调休上班", "是", "y", "yes", "1", "true", "work", "works", "worked", "working", "workday"}
)
OFF = frozenset({"休", "放假", "休息", "假", "节假日", "假日", "休息日", "否", "n", "no", "0", "false", "off", "holiday", "dayoff"})
DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
LINE = re.compile(rf"{DAY}(?:\s*(?:至|到|~|-+|–|—|to)\s*{DAY})?(?:\s*[,;:\t]\s*|\s+|(?<=日))(.*)", re.IGNORECASE)
STATUTORY = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
"""Days that are holidays in every year, whatever the list says of the others."""


class HolidayRow(msgspec.Struct, frozen=True):
    """One line of a list: as it was typed, the days and whether people work on them, what is wrong, and what to look at again."""

    number: int
    typed: str
    days: tuple[date, ...] = ()
    works: bool | None = None
    error: Text | None = None
    warning: Text | None = None


class HolidayList(msgspec.Struct, frozen=True):
    """A list that was read: its lines, the exceptions in it, and what is wrong or remarkable about it as a whole."""

    rows: tuple[HolidayRow, ...]
    days: dict[date, bool]
    errors: tuple[Text, ...] = ()
    warnings: tuple[Text, ...] = ()

    @property
    def fits(self) -> bool:
        """Return whether nothing is wrong with the list."""
        return not self.errors and not any(row.error for row in self.rows)


def read_holidays(year: int, text: str) -> HolidayList:
    """Read a list of one date (or `date to date`) and one word a line, such as `2027-02-06,休`; nothing is guessed.

    Lines that repeat what the weekday says already are left out with a warning; contradictions and unknown words are errors at their line.
    """
    if len(text) > MOST_LETTERS:
        return HolidayList(
            (), {}, (Text("内容过长，一年的清单不到 500 行。", "This is too long; the list of a year has less than 500 lines."),)
        )
    lines = [line for line in unicodedata.normalize("NFKC", text).splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        return HolidayList((), {}, (Text(f"最多 {MOST_LINES} 行。", f"At most {MOST_LINES} lines."),))
    rows: list[HolidayRow] = []
    days: dict[date, bool] = {}
    for number, line in enumerate(lines, 1):
        if number == 1 and not any(sign.isdigit() for sign in line):
            continue
        row = _row(number, line.strip(), year, days)
        rows.append(row)
        if row.error is None and row.works is not None:
            days |= dict.fromkeys(row.days, row.works)
    kept = {day: works for day, works in days.items() if works != _by_weekday(day)}
    try:
        check_days(year, kept)
    except Refusal as refusal:
        return HolidayList(tuple(rows), kept, (refusal.text,))
    return HolidayList(tuple(rows), kept, (), _remarks(year, kept))


def check_days(year: int, days: Mapping[date, bool]) -> None:
    """Refuse a list of exceptions that cannot be one: another year, none or more than 60 days, a day that is no exception."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise bad_input("year", Text("年份须在 2000 至 2100 之间。", "The year must lie between 2000 and 2100."))
    if not days:
        raise bad_input("days", Text("没有读到任何放假或调休上班的日期。", "No day off and no worked weekend was found."))
    if len(days) > MOST_EXCEPTIONS:
        raise bad_input(
            "days",
            Text(
                f"共 {len(days)} 天例外，一年至多 {MOST_EXCEPTIONS} 天。", f"{len(days)} exceptions; a year has at most {MOST_EXCEPTIONS}."
            ),
        )
    for day, works in days.items():
        if day.year != year:
            raise bad_input("days", Text(f"{day} 不在 {year} 年。", f"{day} is not in {year}."))
        if works == _by_weekday(day):
            raise bad_input("days", Text(f"{day} 与平常无异，不必列出。", f"{day} is as the weekday says and needs no line."))


def _row(number: int, line: str, year: int, days: Mapping[date, bool]) -> HolidayRow:
    found = LINE.fullmatch(line)
    if not found:
        return HolidayRow(
            number, line, error=Text("读不懂，应为“日期,休”或“日期,班”。", "Not understood; write “date,off” or “date,work”.")
        )
    try:
        first, last = _day(found.groups()[:3]), _day(found.groups()[3:6] if found[4] else found.groups()[:3])
    except ValueError:
        return HolidayRow(number, line, error=Text("没有这一天。", "There is no such day."))
    word = found[7].replace(" ", "").strip(",;\t\"'").lower()
    works = True if word in WORKED else False if word in OFF else None
    if works is None:
        return HolidayRow(number, line, error=Text("未写明休还是班。", "It does not say whether people work: off or work."))
    if last < first or (last - first).days >= LONGEST_RANGE:
        return HolidayRow(number, line, error=Text("起止日颠倒，或超过一个月。", "The days are the wrong way round, or more than a month."))
    inside = tuple(first + timedelta(days=place) for place in range((last - first).days + 1))
    return HolidayRow(number, line, inside, works, *_judged(inside, year, days, works=works))


def _judged(inside: tuple[date, ...], year: int, days: Mapping[date, bool], *, works: bool) -> tuple[Text | None, Text | None]:
    """Return what is wrong with the days of a line, and what is remarkable."""
    if any(day.year != year for day in inside):
        return Text(f"不在 {year} 年。", f"Not in {year}."), None
    twice = [day for day in inside if days.get(day, works) is not works]
    if twice:
        return Text(f"{twice[0]} 与前面的行相反。", f"{twice[0]} contradicts a line above."), None
    if any(day in days for day in inside):
        return None, Text("与前面的行重复，只算一次。", "Repeats a line above; counted once.")
    usual = [day for day in inside if _by_weekday(day) is works]
    if usual and works:
        return None, Text(f"{_short(usual)} 本来就上班，不计入。", f"{_short(usual)}: people work anyway; left out.")
    if len(usual) == len(inside):
        return None, Text(f"{_short(usual)} 本来就是周末，不计入。", f"{_short(usual)}: a weekend anyway; left out.")
    return None, None


def _remarks(year: int, days: Mapping[date, bool]) -> tuple[Text, ...]:
    """Return what a list of a year usually has and this one has not."""
    missing = [day for month, number in STATUTORY if _by_weekday(day := date(year, month, number)) and day not in days]
    found = []
    if missing:
        found.append(
            Text(
                f"法定假日 {_short(missing)} 没有列为放假，请核对。",
                f"Statutory holidays not listed as off: {_short(missing)}. Look again.",
            )
        )
    if not any(days.values()):
        found.append(Text("没有调休上班的周末，请核对。", "There is no worked weekend. Look again."))
    return tuple(found)


def _by_weekday(day: date) -> bool:
    return day.weekday() < SATURDAY


def _day(parts: tuple[str | None, ...]) -> date:
    year, month, day = (int(part or 0) for part in parts)
    return date(year, month, day)


def _short(days: list[date]) -> str:
    return ", ".join(f"{day:%m-%d}" for day in days)
