"""The list of purchase requests as it goes out."""

from __future__ import annotations

from collections.abc import Iterator

from lingqu.base.text import Text
from lingqu.documents.queries import A_PAGE, Ask, ListOut, RowOut, paged
from lingqu.orders.forms import read_filter
from lingqu.orders.present.laws import law_words
from lingqu.orders.queries import OrderRow, next_orders
from lingqu.orders.sheets import ORDER_COLUMNS
from lingqu.orders.states import ORDERS, OrderState


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
        "failed": law_words(row.failed) if row.failed and order.state in _FAILING else "", "titles": order.titles, "copies": order.copies,
        "list_value": order.list_value, "net": order.net, "answer_until": order.answer_until, "accepted": order.accepted_at,
        "ship_on": order.ship_on, "batch": row.batch.number if row.batch else None, "settled_on": order.settled_on, "note": order.note,
    }  # fmt: skip


_FAILING = (OrderState.REVIEW.value, OrderState.REFUSED.value)
ORDERS_OUT = ListOut("orders", "orders", Text("进货申请", "Purchase requests"), ORDER_COLUMNS, _orders_out)
