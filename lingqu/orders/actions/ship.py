"""Ship what is reserved; what was short is reserved now, if stock has come in, and else stays as a back-order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import run
from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.credit.actions import mark_shipped
from lingqu.documents.actions import take_numbers
from lingqu.inventory.actions import pick_lots
from lingqu.ledger.actions import lock_accounts, post
from lingqu.orders.access import SHIPPING_POSTS, may_ship
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.actions.content import agreed_lines
from lingqu.orders.actions.deliveries_parcels import tell_parcels, write_carriage
from lingqu.orders.actions.own import own_holds
from lingqu.orders.actions.seen import must_be_as_seen
from lingqu.orders.actions.shippable import must_be_shippable
from lingqu.orders.actions.stock import Stock, free_copies, keep_in_stock, stock_of_order
from lingqu.orders.models import Delivery, DeliveryLine, Order, OrderLine
from lingqu.orders.rules import MOST_WAYBILL, Carriage, ParcelWanted, check_carriage, check_parts
from lingqu.orders.states import ORDERS, OrderState, OrderVerb
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode
from lingqu.policy.rules import Regulation


@transaction.atomic
def ship_order(
    order_id: int,
    *,
    regulation: Regulation,
    by: Acting,
    at: datetime,
    waybill: str | Carriage = "",
    copies: Mapping[int, int] | None = None,
    seen: int | None = None,
) -> Delivery:
    """Ship an accepted request and return the delivery; the rest stays as a back-order of the same batch.

    Without `copies` everything leaves that is there; with them (by line number) exactly these. `waybill` is that of its one parcel, or how
    it travels: 1 to 50 parcels, carrier, freight. The buyer is told the waybills (M-16.3.2). `seen` is how many had left when the form was
    shown: sent twice, the second is refused (`changed_meanwhile`). Starts the back-stop of the batch (gap G-03). Refuses what
    `check_carriage` does, (`more_than_agreed`) more than was agreed, more than is there, nothing at all, a line on hold (`on_hold`), an
    old acceptance that no longer passes (`recheck_failed`), a wrong state, and a person who may not ship.
    """
    order, credit = lock_order(order_id)
    if not may_ship(by, order.seller_id):
        raise forbidden(Text("发货由库房管理员办理。", "Shipping is the warehouse keeper's."))
    ORDERS.next(OrderState(order.state), OrderVerb.SHIP)
    carriage = waybill if isinstance(waybill, Carriage) else Carriage((ParcelWanted(waybill.strip()[:MOST_WAYBILL]),))
    check_carriage(carriage)
    agreed = agreed_lines(order)
    must_be_as_seen(sum(line.shipped for line in agreed), seen)
    wanted = None if copies is None else check_parts(agreed, copies)
    must_be_shippable(order, credit, regulation=regulation, at=at)
    lines = [line for line in order.lines.order_by("line") if line.copies > line.shipped]
    stock = stock_of_order(order, [line.product_id for line in lines])
    holds = own_holds([order.pk])
    now, kept = _quantities(order, lines, stock, wanted)
    delivery = _write(order, lines, now, carriage, by, at)
    _move_on(order, lines, now, kept)
    absent = by.for_whom((*SHIPPING_POSTS, PostCode.CLERK), order.seller_id)
    after = {"state": order.state, "delivery": delivery.number, "copies": sum(now.values())}
    record([Deed("ship", "order", order.pk, after, on_behalf_of=absent)], by=by.person, at=at)
    tell_parcels(delivery, by=by, at=at)
    mark_shipped(order.pk, regulation=regulation, at=at)
    out: dict[int, int] = {}
    for line in lines:
        out[line.product_id] = out.get(line.product_id, 0) + now[line.pk]
    pick_lots(
        {item.pk: out[product] for product, item in stock.items() if product in out}, document=("delivery", delivery.pk), at=at,
        lots=carriage.lots,
    )  # fmt: skip
    post(keep_in_stock(order, stock, holds, out), on=china_day(at), at=at)
    return delivery


def _write(
    order: Order, lines: list[OrderLine], now: dict[int, int], carriage: Carriage, by: Acting, at: datetime
) -> Delivery:  # fmt: skip
    (number,) = take_numbers("PS", china_day(at).year)
    delivery = Delivery.objects.create(order=order, number=number, shipped_at=at, shipped_by_id=by.person)
    DeliveryLine.objects.bulk_create(
        [DeliveryLine(delivery=delivery, order_line=line, copies=now[line.pk]) for line in lines if now[line.pk]]
    )
    write_carriage(delivery, carriage)
    return delivery


def _quantities(order: Order, lines: list[OrderLine], stock: Stock, wanted: dict[int, int] | None) -> tuple[dict[int, int], dict[int, int]]:
    """Return the copies to ship, and those that stay reserved, by line id: all that is there for a line, or the copies wanted of it.

    What is there is what the request has reserved and what is free in stock now.
    """
    standings = lock_accounts(item.account_id for item in stock.values())
    asked = {line.pk: line.copies - line.shipped if wanted is None else wanted.get(line.line, 0) for line in lines}
    if not stock and not _keeps_stock(order):
        return asked, dict.fromkeys(asked, 0)
    free = free_copies(standings, stock, [])
    now: dict[int, int] = {}
    for line in lines:
        more = max(min(asked[line.pk] - line.reserved, free.get(line.product_id, 0)), 0)
        if more:
            free[line.product_id] -= more
        now[line.pk] = min(asked[line.pk], line.reserved + more)
        if wanted is not None and now[line.pk] < asked[line.pk]:
            raise _not_there(line, now[line.pk])
    if not sum(now.values()):
        raise Refusal("nothing_there", Text("库存为零，暂无可发。到货后再发。", "Nothing of it is in stock; ship when goods have come in."))
    return now, {line.pk: max(line.reserved - now[line.pk], 0) for line in lines}


def _not_there(line: OrderLine, there: int) -> Refusal:
    return Refusal(
        "nothing_there",
        Text(
            f"第 {line.line} 行现在只有 {there} 册可发。请少发，余下的到货后再发。",
            f"Only {there} copies of line {line.line} are there now. Ship fewer; the rest leaves when goods have come in.",
        ),
        field=f"lines.{line.line}.copies",
    )


def _keeps_stock(order: Order) -> bool:
    return hasattr(order.seller, "warehouse")


_SHIPPED = """
UPDATE orders_orderline AS line SET shipped = line.shipped + now.copies, reserved = now.kept
  FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS now(id, copies, kept) WHERE line.id = now.id
"""


def _move_on(order: Order, lines: list[OrderLine], now: dict[int, int], kept: dict[int, int]) -> None:
    for line in lines:
        line.shipped += now[line.pk]
        line.reserved = kept[line.pk]
    run(_SHIPPED, (list(now), list(now.values()), [kept[line] for line in now]))
    whole = all(line.shipped == line.copies for line in lines)
    order.state = ORDERS.next(OrderState(order.state), OrderVerb.SHIP if whole else OrderVerb.SHIP_PART).value
    order.save(update_fields=["state"])
