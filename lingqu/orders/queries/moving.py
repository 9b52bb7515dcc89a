"""Documents of requests that move lots, by their ids: for the page on which a warehouse follows a title."""

from __future__ import annotations

from collections.abc import Collection

from lingqu.inventory.queries import Named
from lingqu.orders.access import visible_orders
from lingqu.orders.models import Delivery, Difference, GoodsReturn, Order
from lingqu.organisation.queries import Acting


def deliveries_named(ids: Collection[int], who: Acting) -> dict[int, Named]:
    """Return deliveries that the person sees, each with its page."""
    found = Delivery.objects.filter(pk__in=ids, order__in=Order.objects.filter(visible_orders(who))).values_list("pk", "number")
    return {pk: Named(number, f"/deliveries/{number}/") for pk, number in found}


def differences_named(ids: Collection[int], who: Acting) -> dict[int, Named]:
    """Return reports of differences that the person sees; they stand on the page of their delivery."""
    found = Difference.objects.filter(pk__in=ids, delivery__order__in=Order.objects.filter(visible_orders(who)))
    return {pk: Named(number, f"/deliveries/{of}/") for pk, number, of in found.values_list("pk", "number", "delivery__number")}


def goods_returns_named(ids: Collection[int], who: Acting) -> dict[int, Named]:
    """Return papers of goods that came back, as the person sees them; they stand on the page of their request."""
    found = GoodsReturn.objects.filter(pk__in=ids, order__in=Order.objects.filter(visible_orders(who)))
    return {pk: Named(number, f"/orders/{of}/") for pk, number, of in found.values_list("pk", "number", "order__number")}
