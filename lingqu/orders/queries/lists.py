"""Lists of purchase requests and one request by its number, as the person may see them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import msgspec
from django.db.models import Count, Q, QuerySet, Sum

from lingqu.base.money import ZERO
from lingqu.base.refusal import not_found
from lingqu.credit.models import Batch, CreditLine
from lingqu.orders.access import visible_orders
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.queries.names import firms_called
from lingqu.orders.states import OrderState
from lingqu.organisation.queries import Acting

NUMBER = re.compile(r"[A-Z]{2}-\d{4}-\d{1,12}", re.ASCII)
SERIES = "JH"
YEARS_BACK = 5
PAGE_ROWS = 50


class OrderFilter(msgspec.Struct, frozen=True):
    """What a list shows: a group of states (a key of GROUPS), words of number or partner, and the place from which the page goes on.

    `before` and `after` are ids of requests: the page lies below or above them; None = from the newest.
    """

    group: str = "all"
    words: str = ""
    before: int | None = None
    after: int | None = None


class OrderRow(msgspec.Struct, frozen=True):
    """One line of the list: the request, the grade of its credit line, its batch, and the laws that its latest decision failed."""

    order: Order
    grade: str
    batch: Batch | None
    failed: tuple[str, ...]


class OrderPage(msgspec.Struct, frozen=True):
    """Rows of one page and whether there are more above and below."""

    rows: list[OrderRow]
    more_above: bool
    more_below: bool


class OrderSums(msgspec.Struct, frozen=True):
    """How many requests a filter finds, and their copies, list-price value and net in yuan."""

    orders: int
    copies: int
    list_value: Decimal
    net: Decimal


GROUPS: dict[str, Q] = {
    "all": Q(),
    "papers": Q(state=OrderState.PAPERS.value),
    "waiting": Q(state=OrderState.HELD.value),
    "expired": Q(state=OrderState.EXPIRED.value),
    "waivable": Q(state=OrderState.REVIEW.value),
    "shipping": Q(state__in=(OrderState.ACCEPTED.value, OrderState.PART_SHIPPED.value)),
    "unpaid": Q(accepted_at__isnull=False, settled_on__isnull=True, net__gt=0),
}


def orders_for(by: Acting) -> QuerySet[Order]:
    """Return the requests that the person sees, newest first, with seller and buyer."""
    return Order.objects.filter(visible_orders(by)).select_related("seller", "buyer").order_by("-id")


def order_by_number(number: str, *, by: Acting) -> Order:
    """Return one request by its number; refuses (404) what does not exist or is not the person's to see."""
    order = orders_for(by).filter(number=number).first() if NUMBER.fullmatch(number) else None
    if order is None:
        raise not_found()
    return order


def decisions_of(order: int) -> QuerySet[StoredDecision]:
    """Return the decisions about a request, newest first."""
    return StoredDecision.objects.filter(order_id=order).order_by("-id")


def find_orders(by: Acting, wanted: OrderFilter, *, on: date) -> QuerySet[Order]:
    """Return the person's requests that the filter finds, newest first.

    Numbers may be given whole, from their start, or as the count alone: 12 finds JH-2026-0012.
    """
    found = orders_for(by).filter(GROUPS.get(wanted.group, Q()))
    words = wanted.words.strip()
    if words:
        found = found.filter(_number_is(words, on) | _firm_is(words))
    return found


def page_of_orders(by: Acting, wanted: OrderFilter, *, on: date) -> OrderPage:
    """Return one page of 50 rows; the number of queries does not depend on the rows."""
    found = find_orders(by, wanted, on=on)
    if wanted.after is not None:
        orders = list(found.filter(pk__gt=wanted.after).order_by("id")[: PAGE_ROWS + 1])
        above, below = len(orders) > PAGE_ROWS, True
        orders = orders[:PAGE_ROWS][::-1]
    else:
        found = found if wanted.before is None else found.filter(pk__lt=wanted.before)
        orders = list(found[: PAGE_ROWS + 1])
        above, below = wanted.before is not None, len(orders) > PAGE_ROWS
        orders = orders[:PAGE_ROWS]
    return OrderPage(as_rows(orders), above, below)


def next_orders(by: Acting, wanted: OrderFilter, *, on: date, below: int | None, most: int) -> list[OrderRow]:
    """Return up to `most` rows that the filter finds, newest first, those below the id `below`; for what goes out as a whole."""
    found = find_orders(by, wanted, on=on)
    return as_rows(list((found if below is None else found.filter(pk__lt=below))[:most]))


def sums_of_orders(by: Acting, wanted: OrderFilter, *, on: date) -> OrderSums:
    """Return the totals of all requests that the filter finds, on whatever page they stand."""
    sums = (
        find_orders(by, wanted, on=on)
        .order_by()
        .aggregate(orders=Count("pk"), copies=Sum("copies"), list_value=Sum("list_value"), net=Sum("net"))
    )
    return OrderSums(sums["orders"], sums["copies"] or 0, sums["list_value"] or ZERO, sums["net"] or ZERO)


def as_rows(orders: list[Order]) -> list[OrderRow]:
    """Return requests with what a list shows beside them; three statements, however many."""
    ids = [order.pk for order in orders]
    batches = {batch.document_id: batch for batch in Batch.objects.filter(document_id__in=ids)}
    lines = CreditLine.objects.filter(
        seller_id__in={order.seller_id for order in orders}, buyer_id__in={order.buyer_id for order in orders}
    )
    grades = {(line.seller_id, line.buyer_id): line.grade for line in lines}
    latest = StoredDecision.objects.filter(order_id__in=ids).order_by("order_id", "-id").distinct("order_id")
    failed = dict(latest.values_list("order_id", "failed"))
    return [
        OrderRow(order, grades.get((order.seller_id, order.buyer_id), ""), batches.get(order.pk), tuple(failed.get(order.pk, "").split()))
        for order in orders
    ]


def _number_is(words: str, on: date) -> Q:
    """Find by the number: whole, from its start, or the count alone in one of the last years."""
    capital = words.upper().replace(" ", "")
    if capital.isascii() and capital.isdigit():
        return Q(number__in=[f"{SERIES}-{year}-{capital.lstrip('0').zfill(4)}" for year in range(on.year - YEARS_BACK, on.year + 1)])
    return Q(number=capital) if NUMBER.fullmatch(capital) else Q(number__startswith=capital)


def _firm_is(words: str) -> Q:
    firms = list(firms_called(words).values_list("pk", flat=True)[:500])
    return Q(buyer_id__in=firms) | Q(seller_id__in=firms)
