"""Lists of purchase requests and one request whole, as the person may see them."""

from __future__ import annotations

from django.db.models import QuerySet

from lingqu.base.refusal import not_found
from lingqu.orders.access import visible_orders
from lingqu.orders.models import Order, StoredDecision
from lingqu.organisation.queries import Acting


def orders_for(by: Acting) -> QuerySet[Order]:
    """Return the requests that the person sees, newest first, with seller and buyer."""
    return Order.objects.filter(visible_orders(by)).select_related("seller", "buyer").order_by("-id")


def order_by_number(number: str, *, by: Acting) -> Order:
    """Return one request by its number; refuses (404) what does not exist or is not the person's to see."""
    order = orders_for(by).filter(number=number).first()
    if order is None:
        raise not_found()
    return order


def decisions_of(order: int) -> QuerySet[StoredDecision]:
    """Return the decisions about a request, newest first."""
    return StoredDecision.objects.filter(order_id=order).order_by("-id")
