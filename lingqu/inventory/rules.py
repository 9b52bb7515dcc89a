"""The pure stock law, and what a count found (M-16.5): short titles are sent later or dropped; no request is refused for one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.decision import LawResult, Number, Outcome
from lingqu.base.money import line_list_value, total
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


class Difference(msgspec.Struct, frozen=True):
    """A title of a count: StockItem id, copies by the books and on the shelf, and its list price in yuan."""

    item: int
    book: int
    counted: int
    list_price: Decimal

    @property
    def copies(self) -> int:
        """Return how many copies more (positive) or fewer were counted."""
        return self.counted - self.book


def difference_value(differences: Iterable[Difference]) -> Decimal:
    """Return what the differences are worth at list price, in yuan; too many and too few do not make up for each other."""
    return total(line_list_value(one.list_price, abs(one.copies)) for one in differences)


def count_print(count: int, differences: Iterable[Difference]) -> str:
    """Return the fingerprint of what is decided: exactly these differences of this count."""
    content = sorted((one.item, one.book, one.counted) for one in differences if one.copies)
    return hashlib.sha256(f"{count}|{content}".encode()).hexdigest()


class Label(msgspec.Struct, frozen=True):
    """What a lot is called: its number (the paper's when empty), its edition, and the last day on which it may be sold."""

    number: str = ""
    edition: str = ""
    ends_on: date | None = None


class Slip(msgspec.Struct, frozen=True):
    """What came with goods: who sent them, such as the printer, the number of their own paper, and the key of the form."""

    key: str = ""
    supplier: str = ""
    number: str = ""


class Counted(msgspec.Struct, frozen=True):
    """Copies on the shelf of one title, and why they differ if the counter knows."""

    copies: int
    reason: str = ""
