"""Pure pricing: which discount a line gets, and the price law (M-17.1)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from lingqu.base.decision import LawResult, Outcome
from lingqu.base.money import line_list_value, line_net
from lingqu.policy.rules import Discount, LawSetting
from lingqu.policy.states import Law


class PricedLine(msgspec.Struct, frozen=True):
    """A line with its money: list price and values in yuan, discount in basis points of the list price."""

    product: int
    copies: int
    list_price: Decimal
    list_value: Decimal
    discount_bp: int
    net: Decimal


def price_line(product: int, copies: int, list_price: Decimal, discount_bp: int) -> PricedLine:
    """Return the line with list-price value and net, each rounded once, half-up to 0.01."""
    return PricedLine(
        product, copies, list_price, line_list_value(list_price, copies), discount_bp, line_net(list_price, copies, discount_bp)
    )


def price_law(lowest_bp: int, lines_below: int, discount: Discount | None, setting: LawSetting) -> LawResult:
    """Judge the discounts of a request: none may lie below the floor of the partner's level and grade.

    `lowest_bp` is the lowest discount asked; `lines_below` counts the lines under the floor. Without a row in the table nothing passes.
    """
    if discount is None:
        return LawResult(Law.PRICE.value, Outcome.FAILED, setting.clause, {"lowest_bp": lowest_bp}, setting.waivable_by, setting.gaps)
    outcome = Outcome.FAILED if lines_below else Outcome.PASSED
    numbers = {"lowest_bp": lowest_bp, "floor_bp": discount.floor_bp, "rule_bp": discount.rule_bp, "lines_below": lines_below}
    return LawResult(Law.PRICE.value, outcome, setting.clause, numbers, setting.waivable_by, setting.gaps)
