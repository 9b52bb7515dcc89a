"""When reports are due, of which times may be told, what a report must hold (M-15.3, M-15.4). Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from lingqu.base.calendar import OFFICIAL
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.duties.rules import DutyRule
from lingqu.duties.states import ForEach, OwedBy, Rhythm
from lingqu.reports.rules import (
    USUAL,
    Due,
    Figures,
    Told,
    ToldLine,
    check_told,
    due_of,
    expected_stock,
    open_periods,
    sums_of,
)
from lingqu.reports.states import ReportKind

MONTH, HALF, YEAR = ReportKind
RULE = DutyRule(
    "r", Text("报", "r"), "M-15.4", Rhythm.MONTHLY, "owner", "representative", 5, for_each=ForEach.PARTNER, owed_by=OwedBy.PARTNER,
    papers=("monthly_report",),
)  # fmt: skip
LINE = ToldLine(1, 40, Decimal("3840.00"), 60, 5)
TOLD = Told((LINE,), "市场平稳", "下月 200 册")
JOINED = date(2024, 1, 1)


def opened(on: date, *, since: date = JOINED, **dues: Due) -> list[str]:
    """Return the codes of the times of which may be told on a day."""
    found = {ReportKind(kind): due for kind, due in dues.items()}
    return [one.code for one in open_periods(found, since=since, on=on, calendar=OFFICIAL)]


@pytest.mark.parametrize(
    ("rules", "kind", "level", "due"),
    [
        ([], MONTH, "agent", USUAL),
        ([], HALF, "agent", None),
        ([RULE], MONTH, "retailer", Due(5)),
        ([replace(RULE, due_days=8, grace_days=2)], MONTH, "agent", Due(8, 2)),
        ([replace(RULE, due_days=8), replace(RULE, due_days=6, grace_days=1)], MONTH, "agent", Due(6, 1)),
        ([replace(RULE, due_days=8, for_each=ForEach.AGENT)], MONTH, "agent", Due(8)),
        ([replace(RULE, due_days=8, for_each=ForEach.AGENT)], MONTH, "retailer", USUAL),
        ([replace(RULE, due_days=8, owed_by=OwedBy.ISSUER)], MONTH, "agent", USUAL),
        ([replace(RULE, due_days=8, papers=("report",))], MONTH, "agent", USUAL),
        ([replace(RULE, rhythm=Rhythm.YEARLY, due_days=0, papers=("yearly_plan",))], YEAR, "agent", Due(0)),
    ],
)
def test_a_report_is_due_as_the_strictest_duty_says_that_takes_it(
    rules: list[DutyRule], kind: ReportKind, level: str, due: Due | None
) -> None:
    assert due_of(kind, level, rules) == due


def test_a_month_is_told_of_when_it_is_over_and_for_a_year() -> None:
    assert opened(date(2026, 10, 31), month=USUAL)[0] == "2026-09"
    assert opened(date(2026, 11, 1), month=USUAL) == [
        "2026-10", "2026-09", "2026-08", "2026-07", "2026-06", "2026-05", "2026-04", "2026-03", "2026-02", "2026-01", "2025-12", "2025-11",
        "2025-10",
    ]  # fmt: skip
    assert opened(date(2026, 11, 1), since=date(2026, 8, 20), month=USUAL) == ["2026-10", "2026-09", "2026-08"]
    assert opened(date(2026, 8, 20), since=date(2026, 8, 20), month=USUAL) == []


def test_a_year_that_is_due_on_its_last_day_is_told_of_thirty_days_before() -> None:
    assert opened(date(2026, 11, 30), year=Due(0)) == ["2025"]
    assert opened(date(2026, 12, 1), year=Due(0)) == ["2026", "2025"]
    assert opened(date(2026, 7, 1), month=USUAL, half_year=Due(15))[:3] == ["2026-06", "2026-H1", "2026-05"]


@pytest.mark.parametrize(("on", "late"), [(date(2026, 10, 8), 0), (date(2026, 10, 9), 1), (date(2026, 10, 20), 12)])
def test_a_due_day_in_the_holidays_moves_behind_them(on: date, late: int) -> None:
    """The 5th of October lies in the week of the national day; people work again on the 8th."""
    (september, *_) = open_periods({MONTH: USUAL}, since=JOINED, on=on, calendar=OFFICIAL)
    assert (september.code, september.due_on, september.late_days(on)) == ("2026-09", date(2026, 10, 8), late)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lines": ()}, "lines"), ({"lines": (LINE, LINE)}, "lines.2.discipline"), ({"lines": (LINE,) * 51}, "lines"),
        ({"lines": (replace(LINE, near_expiry=61),)}, "lines.1.near_expiry"), ({"market": " "}, "market"), ({"demand": ""}, "demand"),
        ({"market": "字" * 2_001}, "market"), ({"promotions": "字" * 2_001}, "promotions"), ({"retailers": "字" * 2_001}, "retailers"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_report_is_told_at_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_told(replace(TOLD, **more), MONTH)
    assert refused.value.field == field


def test_longer_times_may_be_told_of_in_words_alone() -> None:
    assert check_told(replace(TOLD, lines=(), market=" 平稳 "), HALF).market == "平稳"


def test_lines_are_added_up_and_the_stock_that_follows_is_known() -> None:
    sums = sums_of((LINE, replace(LINE, discipline=None, sold=0, value=Decimal(0), stock=7, near_expiry=0)))
    assert (sums.sold, sums.value, sums.stock, sums.near_expiry) == (40, Decimal("3840.00"), 67, 5)
    figures = Figures(0, Decimal(0), 100, 10, Decimal(0), Decimal(0), 0, Decimal(0), Decimal(0), 30)
    assert expected_stock(figures, 40) == 30 + 100 - 10 - 40
    assert expected_stock(replace(figures, last_stock=None), 40) is None
