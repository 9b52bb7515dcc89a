"""Ship what is reserved; what was short is reserved now, if stock has come in, and else stays as a back-order."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import run
from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.credit.actions import mark_shipped
from lingqu.documents.actions import take_numbers
from lingqu.inventory.models import StockItem
from lingqu.ledger.actions import lock_accounts, post
from lingqu.ledger.models import Posting
from lingqu.ledger.queries import open_holds
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.orders.access import SHIPPING_POSTS, may_ship
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.models import Delivery, DeliveryLine, Order, OrderLine
from lingqu.orders.states import ORDERS, OrderState, OrderVerb
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation


@transaction.atomic
def ship_order(order_id: int, *, regulation: Regulation, by: Acting, at: datetime, waybill: str = "") -> Delivery:
    """Ship everything of an accepted request that is there and return the delivery; the rest stays as a back-order of the same batch.

    Starts the back-stop of the batch (gap G-03). Refuses when nothing at all is there, a wrong state, and a person who may not ship.
    """
    order, _ = lock_order(order_id)
    if not may_ship(by, order.seller_id):
        raise forbidden(Text("发货由库房管理员办理。", "Shipping is the warehouse keeper's."))
    ORDERS.next(OrderState(order.state), OrderVerb.SHIP)
    lines = [line for line in order.lines.order_by("line") if line.copies > line.shipped]
    stock = {
        item.product_id: item
        for item in StockItem.objects.filter(warehouse__firm_id=order.seller_id, product__in=[line.product_id for line in lines])
    }
    now = _quantities(order, lines, stock)
    (number,) = take_numbers("PS", china_day(at).year)
    delivery = Delivery.objects.create(order=order, number=number, shipped_at=at, shipped_by_id=by.person, waybill=waybill.strip()[:60])
    DeliveryLine.objects.bulk_create(
        [DeliveryLine(delivery=delivery, order_line=line, copies=now[line.pk]) for line in lines if now[line.pk]]
    )
    _move_on(order, lines, now)
    absent = by.for_whom(SHIPPING_POSTS, order.seller_id)
    deed = Deed("ship", "order", order.pk, {"state": order.state, "delivery": number, "copies": sum(now.values())}, on_behalf_of=absent)
    record([deed], by=by.person, at=at)
    mark_shipped(order.pk, regulation=regulation, at=at)
    post(_entries(order, lines, now, stock), on=china_day(at), at=at)
    return delivery


def _quantities(order: Order, lines: list[OrderLine], stock: dict[int, StockItem]) -> dict[int, int]:
    """Return copies to ship per line id: what the line has reserved, and of the rest what is free in stock now."""
    standings = lock_accounts(item.account_id for item in stock.values())
    if not stock and not _keeps_stock(order):
        return {line.pk: line.copies - line.shipped for line in lines}
    free = {item.product_id: int(standings[item.account_id].free) for item in stock.values()}
    now: dict[int, int] = {}
    for line in lines:
        more = max(min(line.copies - line.shipped - line.reserved, free.get(line.product_id, 0)), 0)
        if more:
            free[line.product_id] -= more
        now[line.pk] = line.reserved + more
    if not sum(now.values()):
        raise Refusal("nothing_there", Text("库存为零，暂无可发。到货后再发。", "Nothing of it is in stock; ship when goods have come in."))
    return now


def _keeps_stock(order: Order) -> bool:
    return hasattr(order.seller, "warehouse")


_SHIPPED = """
UPDATE orders_orderline AS line SET shipped = line.shipped + now.copies, reserved = 0
  FROM unnest(%s::bigint[], %s::int[]) AS now(id, copies) WHERE line.id = now.id
"""


def _move_on(order: Order, lines: list[OrderLine], now: dict[int, int]) -> None:
    for line in lines:
        line.shipped += now[line.pk]
        line.reserved = 0
    run(_SHIPPED, (list(now), list(now.values())))
    whole = all(line.shipped == line.copies for line in lines)
    order.state = ORDERS.next(OrderState(order.state), OrderVerb.SHIP if whole else OrderVerb.SHIP_PART).value
    order.save(update_fields=["state"])


def _entries(order: Order, lines: list[OrderLine], now: dict[int, int], stock: dict[int, StockItem]) -> list[Entry]:
    """Settle the reservations, and post directly what had none."""
    document = ("order", order.pk)
    accounts = {item.account_id for item in stock.values()}
    holds = [hold for hold in open_holds("order", [order.pk]) if hold.source_id in accounts]
    held: dict[int, Decimal] = {}
    for hold in holds:
        held[hold.source_id] = held.get(hold.source_id, Decimal(0)) + hold.amount
    wanted: dict[int, Decimal] = {}
    for line in lines:
        if now[line.pk] and line.product_id in stock:
            account = stock[line.product_id].account_id
            wanted[account] = wanted.get(account, Decimal(0)) + now[line.pk]
    sink = order.seller.warehouse.sink_id if stock else 0
    extra = [
        Entry(source=account, destination=sink, amount=copies - held.get(account, Decimal(0)), document=document, reason="shipped")
        for account, copies in wanted.items()
        if copies > held.get(account, Decimal(0))
    ]
    return [_settle(hold) for hold in holds] + extra


def _settle(hold: Posting) -> Entry:
    return Entry(
        source=hold.source_id, destination=hold.destination_id, amount=hold.amount, document=(hold.document_kind, hold.document_id),
        reason="shipped", phase=Phase.SETTLE, resolves=hold.pk,
    )  # fmt: skip
