"""When which report is due, what one must hold, and what the stock should be. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from lingqu.base.calendar import WorkingCalendar
from lingqu.base.money import ZERO
from lingqu.base.period import Period, calendar_periods
from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.duties.rules import DutyRule, dated, lateness, period_words
from lingqu.duties.states import MONTHS, ForEach, OwedBy, Rhythm
from lingqu.reports.states import KIND_WORDS, ReportKind

LONGEST: Final = 2_000
MOST_LINES: Final = 50
MOST_FILES: Final = 5
FARTHEST_BACK: Final = timedelta(days=366)
"""A report tells of a time that ended at most about a year ago."""

AHEAD: Final = timedelta(days=30)
"""What is due before its time is over, such as a year's analysis on 31 December, may be reported from 30 days before its due day."""

RHYTHMS: Final = {ReportKind.MONTH: Rhythm.MONTHLY, ReportKind.HALF_YEAR: Rhythm.HALF_YEARLY, ReportKind.YEAR: Rhythm.YEARLY}
PAPERS: Final = {
    ReportKind.MONTH: ("monthly_report",),
    ReportKind.HALF_YEAR: ("half_year_analysis",),
    ReportKind.YEAR: ("year_end_analysis", "yearly_plan"),
}
"""Kinds of papers that a report is: by them it fulfils duties, and by the duties that take them it is due."""


class Due(msgspec.Struct, frozen=True):
    """How many days after the end of its time a report is due (negative: before), and how many more are no lateness."""

    days: int
    grace: int = 0


USUAL: Final = Due(5)
"""Where no duty of the regulation asks for a monthly report: the 5th of the next month."""


class ReportPeriod(msgspec.Struct, frozen=True):
    """A time that is to be reported of: its days, when the report is due, and from when on it is late."""

    kind: ReportKind
    period: Period
    due_on: date
    late_from: date

    @property
    def code(self) -> str:
        """Return the word by which forms and programs name it: 2026-10, 2026-H1, 2026."""
        return code_of(self.kind, self.period.start)

    @property
    def end(self) -> date:
        """Return the day after its last."""
        return end_of(self.period)

    @property
    def words(self) -> Text:
        """Return what people call it: 2026 年 10 月月报."""
        return report_words(self.kind, self.period)

    def late_days(self, on: date) -> int:
        """Return by how many days it is late on a day."""
        return lateness(self.late_from, on)


class Branch(msgspec.Struct, frozen=True):
    """What an agent's own retailers did in the time: how many there are and how many are new, what they asked for, got, and bought."""

    retailers: int
    fresh: int
    requests: int
    shipped: int
    bought: Decimal
    reports: int


class Figures(msgspec.Struct, frozen=True):
    """What the product knows itself of a partner in a time, yuan and copies; open batches and money owed as of the day of reporting."""

    requests: int
    requested: Decimal
    shipped: int
    returned: int
    bought: Decimal
    paid: Decimal
    open_batches: int
    owed: Decimal
    overdue: Decimal
    last_stock: int | None = None
    branch: Branch | None = None


class ToldLine(msgspec.Struct, frozen=True):
    """What a partner says of a discipline (None: of all together): copies sold, their list value, stock at the end, of it near expiry."""

    discipline: int | None
    sold: int
    value: Decimal
    stock: int
    near_expiry: int = 0


class Told(msgspec.Struct, frozen=True):
    """What a partner reports: figures, and words about promotions, the market, the development of retailers, demand and plans."""

    lines: tuple[ToldLine, ...]
    market: str
    demand: str
    promotions: str = ""
    retailers: str = ""


class NewReport(msgspec.Struct, frozen=True):
    """A report to hand in for the time of a `code`. The same key, made before sending, is the same report."""

    key: str
    period: str
    told: Told


class Sums(msgspec.Struct, frozen=True):
    """The lines of a report together."""

    sold: int
    value: Decimal
    stock: int
    near_expiry: int


def due_of(kind: ReportKind, level: str, duties: Iterable[DutyRule]) -> Due | None:
    """Return by when a partner of a level of the channel reports: as the strictest duty says that takes such a paper of it.

    Without one a month is due on the 5th of the next (`USUAL`), and no longer time is asked for (None).
    """
    asked = [
        Due(rule.due_days, rule.grace_days)
        for rule in duties
        if rule.rhythm is RHYTHMS[kind] and rule.owed_by is OwedBy.PARTNER and rule.for_each.value in (ForEach.PARTNER.value, level)
        and not set(PAPERS[kind]).isdisjoint(rule.papers)
    ]  # fmt: skip
    return min(asked, key=lambda due: due.days + due.grace, default=USUAL if kind is ReportKind.MONTH else None)


def open_periods(dues: Mapping[ReportKind, Due], *, since: date, on: date, calendar: WorkingCalendar) -> list[ReportPeriod]:
    """Return the times that may be reported of on a day by a partner of the channel `since` then, the newest first, months before years.

    A time is reported of when it is over, or from 30 days before a due day that lies inside it; none that ended over a year ago.
    """
    found = []
    for kind, due in dues.items():
        for period in calendar_periods(max(since, on - FARTHEST_BACK), on, MONTHS[RHYTHMS[kind]]):
            day = dated(period.last_day + timedelta(days=due.days), grace_days=due.grace, calendar=calendar)
            if on >= (end_of(period) if day.due_on > period.last_day else day.due_on - AHEAD):
                found.append(ReportPeriod(kind, period, day.due_on, day.late_from))
    order = list(ReportKind)
    return sorted(found, key=lambda one: (one.period.last_day, -order.index(one.kind)), reverse=True)


def code_of(kind: ReportKind, start: date) -> str:
    """Return the word by which forms and programs name the time that begins on a day: 2026-10, 2026-H1, 2026."""
    if kind is ReportKind.MONTH:
        return f"{start:%Y-%m}"
    return f"{start.year}-H{1 if start.month == 1 else 2}" if kind is ReportKind.HALF_YEAR else str(start.year)


def end_of(period: Period) -> date:
    """Return the day after the last of a time; ValueError for one without end."""
    return period.last_day + timedelta(days=1)


def report_words(kind: ReportKind, period: Period) -> Text:
    """Return what people call the report of a time: 2026 年 10 月 · 月报."""
    time, what = period_words(period, RHYTHMS[kind]), KIND_WORDS[kind]
    return Text(f"{time.zh} · {what.zh}", f"{what.en}, {time.en}")


def check_told(told: Told, kind: ReportKind) -> Told:
    """Return what a partner reports with its words trimmed.

    Refuses a month without figures, more than 50 lines, at its row a discipline that stands twice and more near expiry than in stock,
    words that are missing (market, demand) or past 2,000 letters.
    """
    if kind is ReportKind.MONTH and not told.lines:
        raise bad_input(
            "lines", Text("请至少填一行销售和库存，没有的填 0。", "Fill in at least one row of sales and stock, 0 where there is none.")
        )
    if len(told.lines) > MOST_LINES:
        raise bad_input("lines", Text(f"最多 {MOST_LINES} 行。", f"At most {MOST_LINES} rows."))
    seen: set[int | None] = set()
    for row, line in enumerate(told.lines, 1):
        if line.discipline in seen:
            raise bad_input(f"lines.{row}.discipline", Text("这个专业已在上面填过。", "This discipline stands in a row above."))
        if line.near_expiry > line.stock:
            raise bad_input(f"lines.{row}.near_expiry", Text("即期库存不能多于库存。", "No more can be near expiry than is in stock."))
        seen.add(line.discipline)
    return msgspec.structs.replace(
        told, market=needed_words("market", told.market), demand=needed_words("demand", told.demand),
        promotions=_short("promotions", told.promotions), retailers=_short("retailers", told.retailers),
    )  # fmt: skip


def needed_words(field: str, words: str) -> str:
    """Return words that must be there, trimmed: guidance, a question, the market; refuses none and more than 2,000 letters."""
    if not words.strip():
        raise bad_input(field, Text("请填写。", "Fill this in."))
    return _short(field, words)


def sums_of(lines: Sequence[ToldLine]) -> Sums:
    """Return the lines together."""
    value = sum((line.value for line in lines), ZERO)
    return Sums(sum(line.sold for line in lines), value, sum(line.stock for line in lines), sum(line.near_expiry for line in lines))


def expected_stock(figures: Figures, sold: int) -> int | None:
    """Return the stock that follows: stock reported before + shipped − came back − sold; None where nothing was reported before."""
    return None if figures.last_stock is None else figures.last_stock + figures.shipped - figures.returned - sold


def _short(field: str, words: str) -> str:
    plain = words.strip()
    if len(plain) > LONGEST:
        raise bad_input(field, Text(f"最多 {LONGEST:,} 字。", f"At most {LONGEST:,} characters."))
    return plain
