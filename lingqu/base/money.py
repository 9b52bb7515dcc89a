"""Money and quantities: Decimal only, half-up to 0.01, and text from people turned into numbers without surprises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
WHOLE_BP: Final = 10_000
"""Basis points of the whole: a discount of 6,500 means that 65 % of the list price is paid."""

LEAST_BP: Final = 100
"""The lowest discount that can be typed: 1 % of the list price."""

MAX_AMOUNT: Final = Decimal("99999999999.99")
MAX_COPIES: Final = 1_000_000

_AMOUNT = re.compile(r"[+-]?\d{1,14}(\.\d{1,8})?")
_WHOLE = re.compile(r"[+-]?\d{1,12}")


def half_up(value: Decimal) -> Decimal:
    """Return `value` in yuan rounded half-up to 0.01 (2.675 → 2.68)."""
    return value.quantize(CENT, ROUND_HALF_UP)


def in_yuan(amount: Decimal) -> Text:
    """Return an amount to the cent with its unit in words."""
    return Text(f"{amount:,.2f} 元", f"{amount:,.2f} yuan")


def line_list_value(list_price: Decimal, copies: int) -> Decimal:
    """Return the list-price value 码洋 of a line in yuan, half-up to 0.01."""
    return (list_price * copies).quantize(CENT, ROUND_HALF_UP)


def line_net(list_price: Decimal, copies: int, discount_bp: int) -> Decimal:
    """Return the net value 实洋 of a line in yuan: list price × copies × discount, rounded once, half-up to 0.01."""
    return (list_price * copies * discount_bp / WHOLE_BP).quantize(CENT, ROUND_HALF_UP)


def total(values: Iterable[Decimal]) -> Decimal:
    """Return the sum of rounded values in yuan; 0.00 for none."""
    return sum(values, ZERO)


def plain_digits(text: str) -> str:
    """Return what a person typed with full-width digits, blanks and thousands commas made plain; 10² stays what it is, and no number."""
    plain = "".join(one if unicodedata.category(one) == "No" else unicodedata.normalize("NFKC", one) for one in text)
    return plain.strip().replace(",", "").replace(" ", "").replace("\u00a0", "").replace("\u2212", "-")


def read_amount(text: str, *, field: str = "amount", least: Decimal = CENT) -> Decimal:
    """Return an amount of at least 0.01 yuan, or of `least`, with at most two decimals, as typed by a person.

    Refuses words, NaN, exponents, less (so zero and negatives), more than two decimals and more than 99,999,999,999.99.
    """
    plain = plain_digits(text)
    if not _AMOUNT.fullmatch(plain):
        raise bad_input(field, Text(f"“{text[:40]}”不是金额。请写成如 60000.01。", f"“{text[:40]}” is no amount. Write it like 60000.01."))
    value = Decimal(plain)
    if value != half_up(value):
        raise bad_input(
            field, Text(f"“{text[:40]}”超过两位小数。金额到分为止。", f"“{text[:40]}” has more than two decimals; amounts end at the cent.")
        )
    if not least <= value <= MAX_AMOUNT:
        raise bad_input(
            field,
            Text(f"金额须在 {least} 与 {MAX_AMOUNT:,} 元之间。", f"The amount must lie between {least} and {MAX_AMOUNT:,} yuan."),
        )
    return half_up(value)


def read_copies(text: str, *, field: str = "copies", least: int = 1) -> int:
    """Return a whole number of copies between 1 (or `least`) and 1,000,000, as typed by a person; full-width digits are understood."""
    plain = plain_digits(text)
    if not _WHOLE.fullmatch(plain):
        raise bad_input(field, Text(f"“{text[:40]}”不是整数册数。", f"“{text[:40]}” is no whole number of copies."))
    value = int(plain)
    check_copies(value, field=field, least=least)
    return value


def check_copies(value: int, *, field: str = "copies", least: int = 1) -> None:
    """Refuse a number of copies outside 1 (or `least`) to 1,000,000."""
    if not least <= value <= MAX_COPIES:
        told = Text(f"册数须在 {least} 与 {MAX_COPIES:,} 之间。", f"The number of copies must lie between {least} and {MAX_COPIES:,}.")
        raise bad_input(field, told)


def read_discount(text: str, *, field: str = "discount") -> int:
    """Return a discount in basis points from a percentage of the list price as typed: `65`, `65%`, `62.5` (1 to 100 %)."""
    plain = plain_digits(text).rstrip("%")
    if not _AMOUNT.fullmatch(plain):
        raise bad_input(
            field, Text(f"“{text[:40]}”不是折扣。请写成如 65 或 62.5。", f"“{text[:40]}” is no discount. Write it like 65 or 62.5.")
        )
    points = Decimal(plain) * LEAST_BP
    if points != points.to_integral_value() or not LEAST_BP <= points <= WHOLE_BP:
        raise bad_input(
            field,
            Text("折扣须在 1% 与 100% 之间，最多两位小数。", "The discount must lie between 1 % and 100 % with at most two decimals."),
        )
    return int(points)
