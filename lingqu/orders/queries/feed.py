"""Requests, deliveries and titles for other systems: page by page, each page in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

import msgspec
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from lingqu.audit.models import Fact
from lingqu.base.calendar import CHINA
from lingqu.base.refusal import not_found
from lingqu.catalogue.queries import priced_products, search_products
from lingqu.orders.access import visible_orders
from lingqu.orders.models import Delivery, DeliveryLine, Order, OrderLine, StoredDecision
from lingqu.orders.queries.entry import Desk, Title, publisher_of, with_stock
from lingqu.orders.queries.lists import NUMBER, OrderRow, as_rows, decisions_of, orders_for
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting

MOST_DECISIONS = 50


class Feed(msgspec.Struct, frozen=True):
    """Which requests are wanted: a state, a buyer's code, days of submission (both inside), changed since a moment."""

    state: str = ""
    buyer: str = ""
    since: date | None = None
    until: date | None = None
    updated_since: datetime | None = None


def feed_of_orders(by: Acting, wanted: Feed, *, below: int | None, most: int) -> list[OrderRow]:
    """Return up to `most` requests that the person sees, newest first, those below the id."""
    found = orders_for(by)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.buyer:
        found = found.filter(buyer__code=wanted.buyer)
    found = _between(found, "submitted_at", wanted.since, wanted.until)
    if wanted.updated_since:
        changed = Fact.objects.filter(subject="order", subject_id=OuterRef("pk"), at__gte=wanted.updated_since)
        found = found.filter(Exists(changed))
    return as_rows(list((found.filter(pk__lt=below) if below else found)[:most]))


def order_row(number: str, *, by: Acting) -> OrderRow:
    """Return one request as a list shows it; refuses (404) what does not exist or is not the person's to see."""
    order = orders_for(by).filter(number=number).first() if NUMBER.fullmatch(number) else None
    if order is None:
        raise not_found()
    return as_rows([order])[0]


def lines_to_tell(order: int) -> list[OrderLine]:
    """Return the lines of a request with their titles, in order."""
    return list(OrderLine.objects.filter(order_id=order).select_related("product").order_by("line"))


def newest_decisions(order: int, *, most: int = MOST_DECISIONS) -> list[StoredDecision]:
    """Return the newest decisions about a request, whole."""
    return list(decisions_of(order)[:most])


def feed_of_deliveries(
    by: Acting, *, order: str = "", since: date | None = None, until: date | None = None, below: int | None, most: int
) -> list[Delivery]:
    """Return up to `most` deliveries of requests that the person sees, newest first, those below the id, each with its lines."""
    found = _between(_deliveries(by), "shipped_at", since, until)
    if order:
        found = found.filter(order__number=order)
    return list((found.filter(pk__lt=below) if below else found)[:most])


def delivery_by_number(number: str, *, by: Acting) -> Delivery:
    """Return one delivery with its lines; refuses (404) what does not exist or is not the person's to see."""
    found = _deliveries(by).filter(number=number).first() if NUMBER.fullmatch(number) else None
    if found is None:
        raise not_found()
    return found


def deliveries_of_order(order: int) -> list[Delivery]:
    """Return the deliveries of a request, oldest first, each with its lines."""
    return list(_with_lines(Delivery.objects.filter(order_id=order)).order_by("id"))


def titles_behind(desk: Desk, words: str, *, on: date, after: str | None, most: int) -> list[Title]:
    """Return up to `most` titles of the seller that the words find, by number, those behind the number `after`."""
    publisher = publisher_of(desk.seller.pk)
    found = search_products(publisher, words, on=on) if words.strip() else priced_products(publisher, on=on)
    return with_stock(desk, list((found.filter(code__gt=after) if after else found)[:most]))


def buyers_called(codes: Collection[str], *, by: Acting, on: date) -> dict[str, tuple[int, int]]:
    """Return buyer and seller ids by the buyer's code, for the person's own firm and the partners of it on the day."""
    own = Q(pk=by.firm) | Q(parent_id=by.firm)
    found = Firm.objects.filter(own, code__in=codes, valid__contains=on, parent__isnull=False)
    return {firm.code: (firm.pk, firm.parent_id or 0) for firm in found}


def _deliveries(by: Acting) -> QuerySet[Delivery]:
    mine = Order.objects.filter(visible_orders(by)).values("pk")
    return _with_lines(Delivery.objects.filter(order_id__in=mine)).order_by("-id")


def _with_lines(found: QuerySet[Delivery]) -> QuerySet[Delivery]:
    lines = DeliveryLine.objects.select_related("order_line__product").order_by("order_line__line")
    return found.select_related("order__seller", "order__buyer").prefetch_related(Prefetch("lines", lines))


def _between(found: QuerySet, field: str, since: date | None, until: date | None) -> QuerySet:  # type: ignore[type-arg]
    """Narrow rows to those of days in China, both inside."""
    if since:
        found = found.filter(**{f"{field}__gte": datetime.combine(since, time(), CHINA)})
    if until:
        found = found.filter(**{f"{field}__lt": datetime.combine(until + timedelta(days=1), time(), CHINA)})
    return found
