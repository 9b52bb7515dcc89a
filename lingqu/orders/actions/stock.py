"""The copies of an accepted request in stock: kept for it, shipped, given back. What its lines reserve, its holds hold, to the copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from lingqu.base.database import must_be_atomic
from lingqu.inventory.models import StockItem
from lingqu.ledger.models import Posting
from lingqu.ledger.rules import Entry, Standing
from lingqu.ledger.states import Phase
from lingqu.orders.actions.own import releases
from lingqu.orders.models import Difference, Order

Stock = dict[int, StockItem]


def stock_of_order(order: Order, products: Iterable[int]) -> Stock:
    """Return the stock items of the seller by product; none where the seller's stock is not kept here."""
    found = StockItem.objects.filter(warehouse__firm_id=order.seller_id, product__in=set(products)).select_related("warehouse")
    return {item.product_id: item for item in found}


def moved_by(order: Order) -> list[tuple[str, int]]:
    """Return the documents by which copies of a request left their lots and came back: deliveries, returns, and differences."""
    must_be_atomic()
    left = order.deliveries.values_list("pk", flat=True)
    back = order.returns.values_list("pk", flat=True)
    found = Difference.objects.filter(delivery__order=order).values_list("pk", flat=True)
    return [("delivery", one) for one in left] + [("goods_return", one) for one in back] + [("difference", one) for one in found]


def free_copies(standings: Mapping[int, Standing], stock: Stock, holds: Sequence[Posting]) -> dict[int, int]:
    """Return the copies by product that are free for the request: those that nobody holds, and those that it holds itself."""
    own: dict[int, Decimal] = {}
    for hold in holds:
        own[hold.source_id] = own.get(hold.source_id, Decimal(0)) + hold.amount
    return {
        product: int(standings[item.account_id].free + own.get(item.account_id, Decimal(0)))
        for product, item in stock.items()
        if item.account_id in standings
    }


def keep_in_stock(order: Order, stock: Stock, holds: Sequence[Posting], out: Mapping[int, int] | None = None) -> list[Entry]:
    """Return the entries after which stock holds exactly what the lines of the request reserve, and `out` copies by product have left.

    A hold is used up whole or in part once; what is left of it to keep is held anew, without an end, because it was accepted.
    """
    must_be_atomic()
    reserved: dict[int, int] = {}
    for product, copies in order.lines.values_list("product_id", "reserved"):
        reserved[product] = reserved.get(product, 0) + copies
    entries: list[Entry] = []
    for product, item in stock.items():
        own = [hold for hold in holds if hold.source_id == item.account_id]
        gone = Decimal((out or {}).get(product, 0))
        entries += _of_account(order, item, own, gone, Decimal(reserved.get(product, 0)))
    return entries


def _of_account(order: Order, item: StockItem, holds: list[Posting], gone: Decimal, kept: Decimal) -> list[Entry]:
    document, account, sink = ("order", order.pk), item.account_id, item.warehouse.sink_id
    entries: list[Entry] = []
    for hold in holds:
        used = min(hold.amount, gone)
        if used:
            gone -= used
            entries.append(Entry(account, sink, used, document, "shipped", Phase.SETTLE, 0, hold.pk))
        elif hold.amount <= kept:
            kept -= hold.amount
        else:
            entries += releases([hold], "reserve")
    if gone:
        entries.append(Entry(account, sink, gone, document, "shipped"))
    if kept:
        entries.append(Entry(account, sink, kept, document, "reserve", Phase.HOLD))
    return entries
