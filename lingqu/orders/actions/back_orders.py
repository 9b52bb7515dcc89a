"""Copies that came in are kept for accepted requests that wait for them, the one that was accepted first before the others (M-16.3.2).

Requests are locked before the accounts of the stock, as everywhere: those that wait when goods are announced, and afterwards only those
that nobody else holds. One that is being accepted at that moment was accepted later than all of them; the job gives it what is left.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic, rows, run
from lingqu.base.text import Text
from lingqu.inventory.events import GoodsExpected, GoodsTakenIn
from lingqu.inventory.models import StockItem
from lingqu.ledger.actions import lock_accounts, post
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.orders.access import SHIPPING_POSTS
from lingqu.orders.rules import reservations
from lingqu.organisation.queries import holders

MOST_NAMED = 6
PAGE = "/deliveries/to-ship"

_WAITING = """
SELECT o.id, o.number, l.id AS line, l.product_id AS product, l.copies - l.shipped - l.reserved AS short
  FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
 WHERE o.seller_id = %s AND o.state IN ('accepted', 'part_shipped') AND l.product_id = ANY(%s::bigint[])
   AND l.copies - l.shipped > l.reserved
 ORDER BY {} FOR UPDATE OF o {}
"""
_LOCK = _WAITING.format("o.id", "")
_OLDEST = _WAITING.format("o.accepted_at, o.id, l.line", "SKIP LOCKED")

_RESERVE = """
UPDATE orders_orderline AS line SET reserved = line.reserved + now.copies
  FROM unnest(%s::bigint[], %s::int[]) AS now(id, copies) WHERE line.id = now.id
"""


def lock_back_orders(event: GoodsExpected) -> None:
    """Lock the accepted requests that wait for these products, before the stock is locked; hears that goods are about to come in."""
    must_be_atomic()
    rows(_LOCK, (event.firm, list(event.products)))


def reserve_what_came(event: GoodsTakenIn) -> None:
    """Keep what came in for the accepted requests that wait for it, oldest acceptance first, and tell the warehouse which can leave."""
    must_be_atomic()
    _reserve(event.firm, event.products, because=event.paper, at=event.at)


@transaction.atomic
def reserve_for_back_orders(firm: int, products: Collection[int], *, at: datetime) -> int:
    """Keep free copies of products for the accepted requests of a seller that wait for them, and return how many copies.

    For copies that came free otherwise: goods that came back, a count, a request that was cancelled. A second run finds nothing to do.
    """
    rows(_LOCK, (firm, list(products)))
    return _reserve(firm, products, because="", at=at)


def _reserve(firm: int, products: Collection[int], *, because: str, at: datetime) -> int:
    items = StockItem.objects.filter(warehouse__firm_id=firm, product__in=products).select_related("warehouse")
    stock = {item.product_id: item for item in items}
    standings = lock_accounts(item.account_id for item in stock.values())
    free = {product: int(standings[item.account_id].free) for product, item in stock.items() if item.account_id in standings}
    waiting = rows(_OLDEST, (firm, list(free)))
    given = reservations([(line.product, line.short) for line in waiting], free)
    kept = [(line, copies) for line, copies in zip(waiting, given, strict=True) if copies]
    if not kept:
        return 0
    run(_RESERVE, ([line.line for line, _ in kept], [copies for _, copies in kept]))
    _tell(firm, kept, because, at)
    held: dict[tuple[int, int], int] = {}
    for line, copies in kept:
        held[line.id, line.product] = held.get((line.id, line.product), 0) + copies
    entries = [
        Entry(stock[product].account_id, stock[product].warehouse.sink_id, Decimal(copies), ("order", order), "reserve", Phase.HOLD)
        for (order, product), copies in held.items()
    ]
    post(entries, on=china_day(at), at=at)
    return sum(given)


def _tell(firm: int, kept: list[tuple[Any, int]], because: str, at: datetime) -> None:
    """Write down for each request what is kept for it now, and tell the warehouse in one message."""
    by_order: dict[int, int] = {}
    names: dict[int, str] = {}
    for line, copies in kept:
        by_order[line.id] = by_order.get(line.id, 0) + copies
        names[line.id] = line.number
    record([Deed("reserve", "order", order, {"copies": copies, "paper": because}) for order, copies in by_order.items()], by=None, at=at)
    some = list(names.values())[:MOST_NAMED]
    more = len(names) - len(some)
    zh, en = "、".join(some) + (f" 等 {len(names)} 份" if more else ""), ", ".join(some) + (f" and {more} more" if more else "")
    message = Message(
        f"back_orders:{firm}:{because or f'{at:%Y%m%d%H%M%S}'}",
        "order",
        Text(f"欠货到了 {sum(by_order.values())} 册", f"{sum(by_order.values())} copies came in for back-orders"),
        Text(f"已按受理先后预留：{zh}。请安排发货。", f"Kept by order of acceptance for {en}. They can be shipped."),
        PAGE,
    )
    notify(message, to={person for person, _ in holders([post.value for post in SHIPPING_POSTS], firm, on=china_day(at))}, at=at)
