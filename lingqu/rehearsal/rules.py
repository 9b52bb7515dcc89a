"""Pure rules of a replay: what an order of the source is, grades by policy, who pays when, and the days in order."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from lingqu.base.money import WHOLE_BP, ZERO, line_net
from lingqu.rehearsal.states import GradePolicy

TURNOVER_GRADES = (("A", Decimal(3_000_000)), ("B", Decimal(1_000_000)), ("C", Decimal(500_000)))
LOWEST_GRADE = "D"
IN_ADVANCE = 0
HABITS = (IN_ADVANCE, 30, 30, 30, 45, 45, 60, 60, 90, 120)
"""Days from acceptance to payment, one of ten for every reseller; 0 pays with the order."""


class Reseller(msgspec.Struct, frozen=True):
    """A reseller of the source: yearly sales in the source's money, and where it sits, as a division code of at most six letters."""

    code: str
    name: str
    division: str
    yearly_sales: Decimal


class Article(msgspec.Struct, frozen=True):
    """A product of the source: `category` is its code there, `list_price` the newest printed one."""

    code: str
    name: str
    category: str
    list_price: Decimal


class SourceLine(msgspec.Struct, frozen=True):
    """A line as it was sold: the price of a piece before discount (four decimals), and what was paid of it in basis points."""

    article: str
    pieces: int
    price: Decimal
    discount_bp: int
    value: Decimal


class SourceOrder(msgspec.Struct, frozen=True):
    """An order of the source, whole."""

    number: str
    reseller: str
    ordered_on: date
    shipped_on: date
    lines: tuple[SourceLine, ...]

    @property
    def value(self) -> Decimal:
        """Return its value as the source has it, with four decimals."""
        return sum((line.value for line in self.lines), ZERO)

    @property
    def net(self) -> Decimal:
        """Return its value as the house has it: every line rounded half-up to 0.01."""
        return sum((line_net(line.price, line.pieces, line.discount_bp) for line in self.lines), ZERO)


class Source(msgspec.Struct, frozen=True):
    """All that is replayed: resellers and articles by code, categories (code → name), orders by day and number."""

    resellers: dict[str, Reseller]
    articles: dict[str, Article]
    categories: dict[str, str]
    orders: tuple[SourceOrder, ...]

    def pieces_needed(self) -> dict[str, int]:
        """Return how many pieces of each article all orders together ask for."""
        needed: dict[str, int] = {}
        for order in self.orders:
            for line in order.lines:
                needed[line.article] = needed.get(line.article, 0) + line.pieces
        return needed

    def value_by_year(self) -> dict[str, Decimal]:
        """Return the source's value of each year of order days."""
        values: dict[str, Decimal] = {}
        for order in self.orders:
            year = str(order.ordered_on.year)
            values[year] = values.get(year, ZERO) + order.value
        return values


class Day(msgspec.Struct):
    """What happens on a day, in this order: money comes in, goods leave, requests come in and are answered."""

    on: date
    payments: list[SourceOrder]
    shipments: list[SourceOrder]
    orders: list[SourceOrder]


def grade_of(reseller: Reseller, policy: GradePolicy) -> str:
    """Return the credit grade of a reseller under a policy."""
    if policy is not GradePolicy.BY_TURNOVER:
        return policy.value[-1]
    return next((grade for grade, least in TURNOVER_GRADES if reseller.yearly_sales >= least), LOWEST_GRADE)


def days_to_pay(reseller: str) -> int:
    """Return after how many days a reseller pays, 0 = with the order; always the same for the same number."""
    return HABITS[zlib.crc32(reseller.encode()) % len(HABITS)]


def money_in_advance(order: SourceOrder, unapplied: Decimal) -> Decimal:
    """Return what a reseller that pays with the order remits for it, in yuan: its value less what is left from before."""
    return max(order.net - unapplied, ZERO)


def discount_of(share_off: Decimal) -> int | None:
    """Return the basis points that are paid when `share_off` (0 to 1) is taken off; None when that is no whole number of them."""
    paid = (1 - share_off) * WHOLE_BP
    return int(paid) if 0 <= paid <= WHOLE_BP and paid == paid.to_integral_value() else None


def days_in_order(orders: Iterable[SourceOrder]) -> Iterator[Day]:
    """Yield every day on which something may happen, oldest first; whether it does depends on what was accepted.

    It ends with the last order or shipment: money that is due later has not come, so that later orders can go on from there.
    """
    orders = tuple(orders)
    days: dict[date, Day] = {}
    last = last_day(orders)

    def on(day: date) -> Day:
        return days.setdefault(day, Day(day, [], [], []))

    for order in orders:
        on(order.ordered_on).orders.append(order)
        on(order.shipped_on).shipments.append(order)
        wait = days_to_pay(order.reseller)
        if wait != IN_ADVANCE:
            on(order.ordered_on + timedelta(days=wait)).payments.append(order)
    yield from (days[day] for day in sorted(days) if day <= last)


def last_day(orders: Iterable[SourceOrder]) -> date:
    """Return the last day on which the source orders or ships something."""
    return max(max(order.ordered_on, order.shipped_on) for order in orders)
