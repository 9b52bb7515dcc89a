"""What the pages stand on that change a request: its lines with their titles, and the requests that it could be merged with."""

from __future__ import annotations

from lingqu.orders.models import Order, OrderLine
from lingqu.orders.states import OrderState, SignatureState

MOST_SHOWN = 50


def lines_of(order: Order) -> list[OrderLine]:
    """Return the lines of a request with their titles, in their order."""
    return list(order.lines.select_related("product__discipline").order_by("line"))


def mergeable_with(order: Order) -> list[Order]:
    """Return up to 50 requests of the same two firms that nobody has answered, to the same place, newest first."""
    waiting = (OrderState.HELD.value, OrderState.REVIEW.value)
    found = Order.objects.filter(
        seller_id=order.seller_id, buyer_id=order.buyer_id, state__in=waiting, delivery_division=order.delivery_division,
        shortage=order.shortage,
    )  # fmt: skip
    return list(found.exclude(pk=order.pk).order_by("-id")[:MOST_SHOWN])


def has_signature_on_its_way(order: Order) -> bool:
    """Return whether a special signature for the request is being decided: a change makes it void."""
    return order.signatures.filter(state__in=(SignatureState.ASKED.value, SignatureState.SENT_BACK.value)).exists()


def ids_of(order: Order, numbers: list[str]) -> list[int]:
    """Return the ids of requests of the same two firms by their numbers; unknown ones are left out."""
    found = Order.objects.filter(seller_id=order.seller_id, buyer_id=order.buyer_id, number__in=numbers)
    return list(found.order_by("pk").values_list("pk", flat=True))
