"""What else is done with a request that is there: judged again, changed, cancelled, its rest closed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from ninja import Path

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.documents.api import ApiRequest, Key, Nothing, OrderNumber, does, once, read_copies
from lingqu.orders.actions import AskedLine, amend_order, cancel_order, close_rest, decide_again
from lingqu.orders.api.router import router
from lingqu.orders.api.shapes import ChangeIn, EndIn, OrderOut
from lingqu.orders.api.told import order_out
from lingqu.orders.queries import lines_to_tell, order_by_number, order_row, titles_called
from lingqu.organisation.states import Scope
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation


def _done(request: ApiRequest, key: str, number: str, deed: Callable[[int, Regulation], object]) -> HttpResponse:
    """Answer the request as it stands after a verb."""

    def do() -> OrderOut:
        order = order_by_number(number, by=request.who)
        deed(order.pk, regulation_in_force(on=request.today))
        return OrderOut.model_validate(order_out(order_row(number, by=request.who)))

    return once(request, key, do, status=200)


@does(router, "/orders/{number}/decide", name="order_decide", operation="decide_order", scope=Scope.ORDERS_WRITE, out=OrderOut, status=200)
def decide(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: Nothing) -> HttpResponse:  # noqa: ARG001 - `{}`
    """Have a request that failed judged anew on the facts of today.

    When it passes it is held again.
    """
    by, at = request.who, request.at
    return _done(request, idempotency_key, number, lambda order, rules: decide_again(order, regulation=rules, by=by, at=at))


@does(router, "/orders/{number}/change", name="order_change", operation="change_order", scope=Scope.ORDERS_WRITE, out=OrderOut, status=200)
def change(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: ChangeIn) -> HttpResponse:
    """Change the content of a request to these lines.

    Before acceptance it is judged anew. After it, by the seller's people: fewer copies are credited, more must fit every law of today.
    """

    def deed(order: int, rules: Regulation) -> object:
        seller = order_by_number(number, by=request.who).seller_id
        lines = _lines(request, order, seller, sent)
        return amend_order(order, lines, regulation=rules, by=request.who, at=request.at, reason=sent.reason)

    return _done(request, idempotency_key, number, deed)


@does(router, "/orders/{number}/cancel", name="order_cancel", operation="cancel_order", scope=Scope.ORDERS_WRITE, out=OrderOut, status=200)
def cancel(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: EndIn) -> HttpResponse:
    """Cancel an accepted request of your partner of which nothing has left.

    What was reserved is free again, and its batch is credited.
    """

    def end(order: int, rules: Regulation) -> object:
        return cancel_order(order, regulation=rules, reason=sent.reason, by=request.who, at=request.at)

    return _done(request, idempotency_key, number, end)


@does(router, "/orders/{number}/close", name="order_close", operation="close_order", scope=Scope.ORDERS_WRITE, out=OrderOut, status=200)
def close(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: EndIn) -> HttpResponse:
    """Close the rest of a partly shipped request of your partner: what has not left is not owed."""

    def end(order: int, rules: Regulation) -> object:
        return close_rest(order, regulation=rules, reason=sent.reason, by=request.who, at=request.at)

    return _done(request, idempotency_key, number, end)


def _lines(request: ApiRequest, order: int, seller: int, sent: ChangeIn) -> list[AskedLine]:
    """Return the lines as the action takes them; refuses (422) a title that is neither on sale today nor in the request."""
    there = lines_to_tell(order)
    known = titles_called(seller, [line.product for line in sent.lines], on=request.today)
    known |= {line.product.code.upper(): line.product_id for line in there}
    found = []
    for number, line in enumerate(sent.lines):
        product = known.get(line.product.upper())
        if product is None:
            text = Text(f"没有在售的“{line.product}”。", f"No title “{line.product}” is on sale today.")
            raise bad_input(f"lines.{number}.product", text)
        offered = None if line.discount is None else int(line.discount.replace(".", ""))
        found.append(AskedLine(product, read_copies(line.copies), offered))
    return found
