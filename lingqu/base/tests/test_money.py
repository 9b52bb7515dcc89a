"""Money: half-up per line, totals of rounded lines, and what people type."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingqu.base.money import half_up, line_net, read_amount, read_copies, read_discount
from lingqu.base.refusal import Refusal


@pytest.mark.parametrize(
    ("list_price", "copies", "discount_bp", "net"),
    [
        ("96.00", 260, 6500, "16224.00"),
        ("69.00", 156, 6200, "6673.68"),
        ("46.50", 117, 6500, "3536.33"),  # 3,536.325: half goes up
        ("0.0154", 1, 6500, "0.01"),
        ("2.675", 1, 10_000, "2.68"),
        ("2024.9940", 1, 10_000, "2024.99"),
    ],
)
def test_a_line_is_rounded_once_half_up(list_price: str, copies: int, discount_bp: int, net: str) -> None:
    assert line_net(Decimal(list_price), copies, discount_bp) == Decimal(net)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("60000.01", "60000.01"),
        ("６０，０００．０１", "60000.01"),
        (" 1,000 ", "1000.00"),
        ("0.01", "0.01"),
        ("007", "7.00"),
        ("2.60", "2.60"),
    ],
)
def test_amounts_are_understood(typed: str, amount: str) -> None:
    assert read_amount(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed",
    ["", "NaN", "Infinity", "1e400", "1E5", "2.675", "-1", "−1", "0", "0.00", "一百", "1.2.3", "9" * 40, "0x10", "1_000", "10²", "1①"],
)
def test_other_amounts_are_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_amount(typed)
    assert (refusal.value.code, refusal.value.status) == ("bad_input", 422)


@pytest.mark.parametrize(("typed", "copies"), [("12", 12), ("１２", 12), ("1,000", 1000), (" 5 ", 5)])
def test_copies_are_understood(typed: str, copies: int) -> None:
    assert read_copies(typed) == copies


@pytest.mark.parametrize("typed", ["", "0", "-3", "2.5", "1e3", "NaN", "1000001", "十", "٣٣٣٣٣٣٣"])
def test_other_copies_are_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        read_copies(typed)


@pytest.mark.parametrize(("typed", "points"), [("65", 6500), ("62.5%", 6250), ("100", 10_000), ("６５", 6500)])
def test_discounts_are_understood(typed: str, points: int) -> None:
    assert read_discount(typed) == points


@pytest.mark.parametrize("typed", ["0.5", "101", "-65", "65.555", "六五", ""])
def test_other_discounts_are_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        read_discount(typed)


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_half_up_moves_by_at_most_half_a_cent(value: Decimal) -> None:
    assert abs(half_up(value) - value) <= Decimal("0.005")
    assert half_up(half_up(value)) == half_up(value)
