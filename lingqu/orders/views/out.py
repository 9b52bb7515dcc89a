"""The lists of purchase requests, of deliveries and of what is to be sent, as they go out."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from lingqu.base.sheets import SheetOut
from lingqu.base.text import Text
from lingqu.documents.queries import A_PAGE, Ask, Beside, ListOut, RowOut, paged
from lingqu.orders.forms import read_delivery_filter, read_filter
from lingqu.orders.present.deliveries import LATE
from lingqu.orders.present.laws import law_words
from lingqu.orders.present.rows import FAILING
from lingqu.orders.queries import (
    DeliveryRow,
    OrderRow,
    ToSend,
    Waiting,
    lines_that_wait,
    next_orders,
    page_of_deliveries,
    requests_to_send,
)
from lingqu.orders.sheets import DELIVERY_COLUMNS, ORDER_COLUMNS, TO_SHIP_COLUMNS, WAITING_COLUMNS
from lingqu.orders.states import DELIVERIES, ORDERS, PAYER_WORDS, DeliveryState, FreightPayer, OrderState
from lingqu.policy.queries import regulation_in_force


def _orders_out(ask: Ask) -> Iterator[RowOut]:
    wanted = read_filter(ask.given)
    return (
        _order_out(row)
        for row in paged(lambda last: next_orders(ask.who, wanted, on=ask.on, below=last.order.pk if last else None, most=A_PAGE))
    )


def _order_out(row: OrderRow) -> RowOut:
    order = row.order
    return {
        "number": order.number, "submitted": order.submitted_at, "buyer": order.buyer.name, "buyer_code": order.buyer.code,
        "seller": order.seller.name, "grade": row.grade, "state": ORDERS.words[OrderState(order.state)],
        "failed": law_words(row.failed) if row.failed and order.state in FAILING else "", "titles": order.titles, "copies": order.copies,
        "list_value": order.list_value, "net": order.net, "answer_until": order.answer_until, "accepted": order.accepted_at,
        "ship_on": order.ship_on, "batch": row.batch.number if row.batch else None, "settled_on": order.settled_on, "note": order.note,
    }  # fmt: skip


ORDERS_OUT = ListOut("orders", "orders", Text("进货申请", "Purchase requests"), ORDER_COLUMNS, _orders_out)


def _deliveries_out(ask: Ask) -> Iterator[RowOut]:
    wanted, regulation = read_delivery_filter(ask.given), regulation_in_force(on=ask.on)
    while True:
        found = page_of_deliveries(ask.who, wanted, on=ask.on, regulation=regulation, most=A_PAGE)
        yield from (_delivery_out(row, selling=row.delivery.order.seller_id == ask.who.firm) for row in found.rows)
        if not found.more_below:
            return
        wanted = replace(wanted, before=found.rows[-1].delivery.pk)


def _delivery_out(row: DeliveryRow, *, selling: bool) -> RowOut:
    one = row.delivery
    state = DeliveryState(one.state)
    return {
        "number": one.number, "order": one.order.number, "buyer": one.order.buyer.name, "buyer_code": one.order.buyer.code,
        "seller": one.order.seller.name, "state": LATE if row.late else DELIVERIES.words[state], "copies": row.copies,
        "parcels": row.parcels, "carrier": one.carrier, "waybill": one.waybill,
        "payer": PAYER_WORDS[FreightPayer(one.payer)] if one.payer else "", "freight": one.freight if selling else None,
        "shipped_at": one.shipped_at, "received_at": one.received_at,
    }  # fmt: skip


def _to_ship_out(ask: Ask) -> Iterator[RowOut]:
    def behind(last: ToSend | None) -> list[ToSend]:
        return requests_to_send(ask.who.firm, on=ask.on, after=last.number if last else "", most=A_PAGE)[0]

    for one in paged(behind):
        yield {
            "number": one.number, "buyer": one.buyer, "buyer_code": one.buyer_code, "address": one.address, "accepted_at": one.accepted_at,
            "ship_on": one.ship_on, "left": one.left, "ready": one.ready, "short_titles": one.short_titles, "hold": one.hold,
            "net": one.net,
        }  # fmt: skip


def _waiting_beside(ask: Ask) -> Beside:
    def behind(last: Waiting | None) -> list[Waiting]:
        return lines_that_wait(ask.who.firm, behind=last.line if last else 0, most=A_PAGE)[0]

    rows = [
        {
            "number": one.number, "buyer": one.buyer, "code": one.code, "title": one.title, "since": one.since, "ship_on": one.ship_on,
            "copies": one.copies, "shipped": one.shipped, "ready": one.ready, "short": one.short, "ahead": one.ahead, "came": one.came,
            "last_came": one.last_came,
        }
        for one in paged(behind)
    ]  # fmt: skip
    return Beside(sheets=(SheetOut(Text("欠货", "Back-orders"), WAITING_COLUMNS, rows),))


DELIVERIES_OUT = ListOut("deliveries", "deliveries", Text("发货", "Deliveries"), DELIVERY_COLUMNS, _deliveries_out)
TO_SHIP_OUT = ListOut("to_ship", "deliveries_to_ship", Text("待发货", "To ship"), TO_SHIP_COLUMNS, _to_ship_out, _waiting_beside)
