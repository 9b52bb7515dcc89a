"""Pure rules of a replay: grades by policy, habits of paying, discounts, and the days in order."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from lingqu.rehearsal.rules import (
    HABITS,
    Reseller,
    SourceLine,
    SourceOrder,
    days_in_order,
    days_to_pay,
    discount_of,
    grade_of,
    money_in_advance,
)
from lingqu.rehearsal.states import GradePolicy


def order(number: str, reseller: str, ordered: date, shipped: date) -> SourceOrder:
    return SourceOrder(number, reseller, ordered, shipped, (SourceLine("A", 3, Decimal("0.3350"), 10_000, Decimal("1.0050")),))


@pytest.mark.parametrize(
    ("sales", "grade"),
    [("3000000", "A"), ("2999999.99", "B"), ("1000000", "B"), ("800000", "C"), ("500000", "C"), ("499999", "D"), ("0", "D")],
)
def test_turnover_decides_the_grade(sales: str, grade: str) -> None:
    assert grade_of(Reseller("R", "R", "US", Decimal(sales)), GradePolicy.BY_TURNOVER) == grade


def test_one_grade_for_all_is_for_all() -> None:
    reseller = Reseller("R", "R", "US", Decimal(3_000_000))
    policies = (GradePolicy.ALL_A, GradePolicy.ALL_B, GradePolicy.ALL_C, GradePolicy.ALL_D)
    assert [grade_of(reseller, policy) for policy in policies] == ["A", "B", "C", "D"]


def test_a_reseller_keeps_its_habit_and_all_habits_occur() -> None:
    habits = Counter(days_to_pay(f"AW{number:08}") for number in range(701))
    assert habits == Counter(days_to_pay(f"AW{number:08}") for number in range(701))
    assert set(habits) == set(HABITS)
    assert all(abs(habits[days] - 701 * HABITS.count(days) / len(HABITS)) < 50 for days in habits)
    assert [days_to_pay(code) for code in ("AW00000014", "AW00000005", "AW00000003", "AW00000001")] == [120, 0, 30, 60]


def test_who_pays_in_advance_pays_what_is_missing() -> None:
    asked = order("SO1", "AW00000005", date(2012, 1, 31), date(2012, 2, 7))
    assert (asked.value, asked.net) == (Decimal("1.0050"), Decimal("1.01"))
    left = (Decimal("0.00"), Decimal("0.40"), Decimal("1.01"), Decimal("5.00"))
    assert [money_in_advance(asked, unapplied) for unapplied in left] == [
        Decimal("1.01"),
        Decimal("0.61"),
        Decimal("0.00"),
        Decimal("0.00"),
    ]


@pytest.mark.parametrize(
    ("off", "paid"), [("0", 10_000), ("0.02", 9_800), ("0.4", 6_000), ("1", 0), ("0.0001", 9_999), ("0.00005", None), ("1.1", None)]
)
def test_a_share_taken_off_is_whole_basis_points_or_none(off: str, paid: int | None) -> None:
    assert discount_of(Decimal(off)) == paid


def test_days_come_in_order_and_those_who_pay_in_advance_have_no_later_payment() -> None:
    later = order("SO2", "AW00000003", date(2012, 1, 8), date(2012, 2, 9))
    first = order("SO1", "AW00000005", date(2012, 1, 1), date(2012, 1, 8))
    days = list(days_in_order([first, later]))
    assert [day.on for day in days] == [date(2012, 1, 1), date(2012, 1, 8), date(2012, 2, 7), date(2012, 2, 9)]
    assert (days[1].shipments, days[1].orders) == ([first], [later])
    assert [[paid.number for paid in day.payments] for day in days] == [[], [], ["SO2"], []]


def test_money_due_after_the_last_order_or_shipment_has_not_come() -> None:
    asked = order("SO1", "AW00000014", date(2012, 1, 1), date(2012, 4, 29))
    assert [day.on for day in days_in_order([asked])] == [date(2012, 1, 1), date(2012, 4, 29)]
    later = order("SO2", "AW00000014", date(2012, 4, 30), date(2012, 5, 7))
    assert [paid.number for day in days_in_order([asked, later]) for paid in day.payments] == ["SO1"]
