"""Deliveries and reports of differences for other systems: page by page, each page in a fixed number of statements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Greatest

from lingqu.audit.queries import changed_since
from lingqu.base.refusal import not_found
from lingqu.orders.access import visible_orders
from lingqu.orders.models import Delivery, DeliveryLine, Difference, DifferenceLine, Order, Parcel
from lingqu.orders.queries.feed import between
from lingqu.orders.queries.lists import NUMBER
from lingqu.orders.states import DeliveryState
from lingqu.organisation.queries import Acting


class DeliveryFeed(msgspec.Struct, frozen=True):
    """Which deliveries are wanted: of a request, in a state, shipped on days (both inside), changed since a moment."""

    order: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    updated_since: datetime | None = None
    delivery: str = ""


def feed_of_deliveries(by: Acting, wanted: DeliveryFeed, *, below: int | None, most: int) -> list[Delivery]:
    """Return up to `most` deliveries of requests that the person sees, newest first, those below the id, each with all that is told."""
    found = between(_deliveries(by), "shipped_at", wanted.since, wanted.until)
    if wanted.order:
        found = found.filter(order__number=wanted.order)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.updated_since:
        found = found.filter(pk__in=_changed_deliveries(wanted.updated_since))
    return list((found.filter(pk__lt=below) if below else found)[:most])


def delivery_by_number(number: str, *, by: Acting) -> Delivery:
    """Return one delivery with its lines and parcels; refuses (404) what does not exist or is not the person's to see."""
    found = _deliveries(by).filter(number=number).first() if NUMBER.fullmatch(number) else None
    if found is None:
        raise not_found()
    return found


def deliveries_of_order(order: int) -> list[Delivery]:
    """Return the deliveries of a request, oldest first, each with its lines and parcels."""
    return list(_with_lines(Delivery.objects.filter(order_id=order)).order_by("id"))


def feed_of_differences(by: Acting, wanted: DeliveryFeed, *, below: int | None, most: int) -> list[Difference]:
    """Return up to `most` reports of differences that the person sees, newest first, those below the id, each with its lines."""
    found = _differences(by)
    if wanted.delivery:
        found = found.filter(delivery__number=wanted.delivery)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.updated_since:
        found = found.filter(pk__in=_changed_differences(wanted.updated_since).values("pk"))
    return list((found.filter(pk__lt=below) if below else found)[:most])


def difference_by_number(number: str, *, by: Acting) -> Difference:
    """Return one report of differences with its lines; refuses (404) what does not exist or is not the person's to see."""
    found = _differences(by).filter(number=number).first() if NUMBER.fullmatch(number) else None
    if found is None:
        raise not_found()
    return found


def _changed_deliveries(since: datetime) -> QuerySet[Any, Any]:
    """Return the ids of deliveries with which anything was done: by their own days, by those of reports, or by parcels named anew.

    Parcels are named anew only while nobody has received them, so that only those on their way are looked up in the facts.
    """
    own = Delivery.objects.annotate(moved=Greatest("shipped_at", "received_at", "late_allowed_at")).filter(moved__gte=since)
    reported = _changed_differences(since).values_list("delivery_id")
    on_way = Delivery.objects.filter(state=DeliveryState.SENT.value)
    named = on_way.filter(changed_since("order", since, column="order_id", verbs=("name_parcels",)))
    return own.values_list("pk").union(reported, named.values_list("pk"), all=True)


def _changed_differences(since: datetime) -> QuerySet[Difference]:
    found = Difference.objects.annotate(moved=Greatest("reported_at", "counted_at", "answered_at"))
    return found.filter(moved__gte=since)


def _deliveries(by: Acting) -> QuerySet[Delivery]:
    mine = Order.objects.filter(visible_orders(by)).values("pk")
    return _with_lines(Delivery.objects.filter(order_id__in=mine)).order_by("-id")


def _differences(by: Acting) -> QuerySet[Difference]:
    seen = Q(delivery__order__seller_id=by.firm) | Q(delivery__order__buyer_id=by.firm)
    lines = DifferenceLine.objects.select_related("order_line__product").order_by("order_line__line", "id")
    found = Difference.objects.filter(seen).select_related("delivery__order__seller", "delivery__order__buyer", "goods_return")
    return found.prefetch_related(Prefetch("lines", lines)).order_by("-id")


def _with_lines(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    lines = DeliveryLine.objects.select_related("order_line__product").order_by("order_line__line")
    parcels, reports = Parcel.objects.order_by("number"), Difference.objects.order_by("id")
    found = found.select_related("order__seller", "order__buyer")
    return found.prefetch_related(Prefetch("lines", lines), Prefetch("parcels", parcels), Prefetch("differences", reports))
