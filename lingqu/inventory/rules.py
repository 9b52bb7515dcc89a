"""The pure stock law (M-16.5): short titles are sent later or dropped; a request is not refused for one of them."""

from __future__ import annotations

from lingqu.base.decision import LawResult, Number, Outcome
from lingqu.policy.rules import LawSetting
from lingqu.policy.states import Law


def stock_law(copies: int, ready: int, short_lines: int, *, keeps_stock: bool, setting: LawSetting) -> LawResult:
    """Judge the stock: passed when anything at all is ordered; `ready` of `copies` can be shipped now, `short_lines` lack some.

    Not applicable where the seller's stock is not kept here.
    """
    if not keeps_stock:
        return LawResult(Law.STOCK.value, Outcome.NOT_APPLICABLE, setting.clause, {"copies": copies}, "", setting.gaps)
    numbers: dict[str, Number] = {"copies": copies, "ready": ready, "short_lines": short_lines, "back_order": copies - ready}
    outcome = Outcome.PASSED if copies else Outcome.FAILED
    return LawResult(Law.STOCK.value, outcome, setting.clause, numbers, setting.waivable_by, setting.gaps)
