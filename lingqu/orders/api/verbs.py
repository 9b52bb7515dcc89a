"""What is done with a request that is there: withdraw, accept, decline, ship."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Path

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.documents.api import ApiRequest, Key, Nothing, OrderNumber, does, once, read_copies
from lingqu.orders.actions import Countersigned, accept_order, decline_order, ship_order, withdraw_order
from lingqu.orders.api.deliveries import carriage_of
from lingqu.orders.api.delivery_shapes import DeliveryOut, ShipIn
from lingqu.orders.api.delivery_told import delivery_out
from lingqu.orders.api.router import router
from lingqu.orders.api.shapes import AcceptIn, DeclineIn, OrderOut
from lingqu.orders.api.told import order_out
from lingqu.orders.queries import delivery_by_number, order_by_number, order_row
from lingqu.orders.rules import Carriage
from lingqu.organisation.states import Scope
from lingqu.policy.queries import regulation_in_force


def _now(request: ApiRequest, number: str) -> OrderOut:
    return OrderOut.model_validate(order_out(order_row(number, by=request.who)))


@does(
    router, "/orders/{number}/withdraw", name="order_withdraw", operation="withdraw_order", scope=Scope.ORDERS_WRITE, out=OrderOut,
    status=200,
)  # fmt: skip
def withdraw(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: Nothing) -> HttpResponse:  # noqa: ARG001 - `{}`
    """Take a request of your own firm back.

    What was held for it is free again. Refused once it is accepted.
    """

    def do() -> OrderOut:
        withdraw_order(order_by_number(number, by=request.who).pk, by=request.who, at=request.at)
        return _now(request, number)

    return once(request, idempotency_key, do, status=200)


@does(router, "/orders/{number}/accept", name="order_accept", operation="accept_order", scope=Scope.ORDERS_WRITE, out=OrderOut, status=200)
def accept(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: AcceptIn) -> HttpResponse:
    """Accept a request with its ship date.

    A judgement of another day is made anew first: look at `state`, which is `review` or `refused` when it fails now.
    """

    def do() -> OrderOut:
        order = order_by_number(number, by=request.who)
        regulation = regulation_in_force(on=request.today)
        back = Countersigned(note=sent.sent_by_post)
        accept_order(order.pk, ship_on=sent.ship_on, regulation=regulation, by=request.who, at=request.at, countersigned=back)
        return _now(request, number)

    return once(request, idempotency_key, do, status=200)


@does(
    router, "/orders/{number}/decline", name="order_decline", operation="decline_order", scope=Scope.ORDERS_WRITE, out=OrderOut, status=200
)
def decline(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: DeclineIn) -> HttpResponse:
    """Decline a request with a reason; what was held for it is free again."""

    def do() -> OrderOut:
        decline_order(order_by_number(number, by=request.who).pk, reason=sent.reason, by=request.who, at=request.at)
        return _now(request, number)

    return once(request, idempotency_key, do, status=200)


@does(router, "/orders/{number}/ship", name="order_ship", operation="ship_order", scope=Scope.STOCK_WRITE, out=DeliveryOut)
def ship(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: ShipIn) -> HttpResponse:
    """Ship an accepted request: all that is there, or exactly the copies that are named.

    It leaves as one parcel with `waybill`, or in up to 50 with `carriage`; the buyer is told the waybills.
    """

    def do() -> DeliveryOut:
        order = order_by_number(number, by=request.who)
        regulation = regulation_in_force(on=request.today)
        made = ship_order(order.pk, regulation=regulation, by=request.who, at=request.at, waybill=_travels(sent), copies=_parts(sent))
        return DeliveryOut.model_validate(delivery_out(delivery_by_number(made.number, by=request.who)))

    return once(request, idempotency_key, do)


def _travels(sent: ShipIn) -> str | Carriage:
    if sent.carriage is None:
        return sent.waybill
    if sent.waybill:
        raise bad_input("waybill", Text("运单号请写在 carriage 的各件里。", "Write the waybills with the parcels of `carriage`."))
    return carriage_of(sent.carriage)


def _parts(sent: ShipIn) -> dict[int, int] | None:
    if sent.lines is None:
        return None
    parts = {one.line: read_copies(one.copies) for one in sent.lines}
    if len(parts) != len(sent.lines):
        raise bad_input("lines", Text("同一行只能写一次。", "A line stands once."))
    return parts
