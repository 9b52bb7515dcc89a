"""Cuts, windows and compensation, reckoned by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.claims.rules import (
    AskedLine,
    Bought,
    Cut,
    NewClaim,
    Price,
    Shipment,
    Terms,
    check_new,
    compensation,
    find_cut,
    in_window,
    judge,
    once_each,
)

TERMS = Terms(60, 30, Decimal(100))
OLD, NEW = Price(1, date(2026, 1, 5), Decimal("96.0000")), Price(2, date(2026, 11, 20), Decimal("80.0000"))
CUT = Cut(2, date(2026, 11, 20), Decimal("96.0000"), Decimal("80.0000"))
TODAY = date(2026, 11, 23)


def bought(
    copies: int, *, on: date = date(2026, 11, 10), line: int = 1, discount: int = 6500, claimed: int = 0, price: str = "96"
) -> Bought:  # fmt: skip
    """A line of a request that left whole on a day."""
    return Bought(line, f"JH-{line}", Decimal(price), discount, 0, (Shipment(on, copies),), {2: claimed} if claimed else {})


def test_copies_times_drop_times_discount() -> None:
    found = judge(1, AskedLine(7, 40), (OLD, NEW), (bought(100),), TERMS, on=TODAY)
    assert (found.copies, found.amount, found.shipped, found.claimed, found.why) == (40, Decimal("416.00"), 100, 0, None)


def test_no_more_than_was_shipped() -> None:
    found = judge(1, AskedLine(7, 500), (OLD, NEW), (bought(100),), TERMS, on=TODAY)
    assert (found.copies, found.amount) == (100, Decimal("1040.00"))


def test_each_at_its_own_discount_the_last_shipped_first() -> None:
    older, newer = bought(30, on=date(2026, 10, 1), discount=6200), bought(20, on=date(2026, 11, 1), line=2)
    found = judge(1, AskedLine(7, 45), (OLD, NEW), (older, newer), TERMS, on=TODAY)
    assert [(one.order_line, one.copies, one.discount_bp) for one in found.sources] == [(2, 20, 6500), (1, 25, 6200)]
    # 20 × 16 × 65 % = 208.00 and 25 × 16 × 62 % = 248.00
    assert found.amount == Decimal("456.00")


@pytest.mark.parametrize(
    ("day", "copies"),
    [(date(2026, 9, 20), 0), (date(2026, 9, 21), 10), (date(2026, 11, 19), 10), (date(2026, 11, 20), 0)],
)  # fmt: skip
def test_the_window_ends_before_the_cut_and_begins_so_many_days_before(day: date, copies: int) -> None:
    assert in_window(bought(10, on=day), CUT, 60) == copies


def test_what_came_back_is_taken_from_the_last_shipped() -> None:
    one = Bought(1, "JH-1", Decimal(96), 6500, 25, (Shipment(date(2026, 11, 1), 20), Shipment(date(2026, 11, 21), 20)))
    assert in_window(one, CUT, 60) == 15


def test_copies_claimed_before_are_not_made_good_again() -> None:
    rest = judge(1, AskedLine(7, 60), (OLD, NEW), (bought(100, claimed=40),), TERMS, on=TODAY)
    none = judge(1, AskedLine(7, 40), (OLD, NEW), (bought(100, claimed=40),), TERMS, on=TODAY)
    assert (rest.copies, none.copies, none.field) == (20, 0, "copies")
    assert none.why
    assert none.why.en == "40 copies are claimed already; of 40 in stock and 100 shipped none is left."


def test_a_second_line_about_the_same_cut_is_made_good_with_nothing() -> None:
    lines = [judge(row, AskedLine(7, 40, day), (OLD, NEW), (bought(100),), TERMS, on=TODAY) for row, day in ((1, None), (2, CUT.on))]
    assert [(one.copies, one.amount, one.field) for one in once_each(lines)] == [(40, Decimal("416.00"), ""), (0, Decimal(0), "title")]


def test_copies_bought_at_the_new_price_or_below_lost_nothing() -> None:
    found = judge(1, AskedLine(7, 10), (OLD, NEW), (bought(10, price="80"),), TERMS, on=TODAY)
    assert (found.shipped, found.field) == (0, "title")


def test_copies_bought_between_two_prices_lost_what_they_cost_more() -> None:
    found = judge(1, AskedLine(7, 10), (OLD, NEW), (bought(10, price="90"),), TERMS, on=TODAY)
    assert found.amount == Decimal("65.00")  # 10 × (90 − 80) × 65 %


@pytest.mark.parametrize(("copies", "amount"), [(1, "0.01"), (2, "0.01"), (3, "0.02"), (10, "0.07")])
def test_a_line_is_rounded_once_half_up(copies: int, amount: str) -> None:
    cheaper = Price(2, date(2026, 11, 20), Decimal("95.9900"))
    found = judge(1, AskedLine(7, copies), (OLD, cheaper), (bought(100),), TERMS, on=TODAY)
    assert found.amount == Decimal(amount)  # copies × 0.01 × 65 %


def test_the_share_of_the_regulation_counts() -> None:
    half = Terms(60, 30, Decimal("50.5"))
    assert judge(1, AskedLine(7, 40), (OLD, NEW), (bought(100),), half, on=TODAY).amount == Decimal("210.08")  # 416.00 × 50.5 %
    assert compensation((), Decimal(100)) == Decimal("0.00")


@pytest.mark.parametrize(
    ("prices", "on", "named", "why"),
    [
        ((OLD,), TODAY, None, "its list price never fell."),
        ((OLD, Price(2, date(2026, 11, 20), Decimal(99))), TODAY, None, "its list price never fell."),
        ((OLD, Price(2, date(2026, 11, 24), Decimal(80))), TODAY, None, "its list price never fell."),
        ((OLD, NEW), date(2026, 12, 21), None, "the price fell on 2026-11-20; claims had to come by 2026-12-20."),
        ((OLD, NEW), TODAY, date(2026, 11, 19), "its list price did not fall on 2026-11-19."),
        ((OLD, NEW, Price(3, date(2026, 11, 22), Decimal(90))), TODAY, None, "the price fell on 2026-11-20 and has risen again since."),
    ],
)
def test_without_a_cut_in_time_nothing_is_made_good(prices: tuple[Price, ...], on: date, named: date | None, why: str) -> None:
    found = find_cut(prices, named, on=on, days=30)
    assert isinstance(found, Text)
    assert found.en == why


def test_the_last_day_is_in_time_and_an_earlier_cut_may_be_named() -> None:
    assert find_cut((OLD, NEW), None, on=date(2026, 12, 20), days=30) == CUT
    again = Price(3, date(2026, 11, 22), Decimal("72.0000"))
    assert find_cut((OLD, NEW, again), date(2026, 11, 20), on=TODAY, days=30) == CUT
    assert find_cut((OLD, NEW, again), None, on=TODAY, days=30) == Cut(3, date(2026, 11, 22), Decimal("80.0000"), Decimal("72.0000"))


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ((), "lines"),
        ((AskedLine(1, 0),), "lines.1.copies"),
        ((AskedLine(1, 1_000_001, row=4),), "lines.4.copies"),
        ((AskedLine(1, 5), AskedLine(1, 6)), "lines.2.title"),
        (tuple(AskedLine(number, 1) for number in range(201)), "lines"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_row(lines: tuple[AskedLine, ...], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_new(NewClaim("k", 1, 2, lines))
    assert refused.value.field == field
