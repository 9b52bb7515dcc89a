"""Requests and titles for other systems: page by page, each page in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet

from lingqu.audit.queries import changed_since
from lingqu.base.calendar import CHINA
from lingqu.catalogue.queries import priced_products, search_products
from lingqu.credit.models import Application
from lingqu.orders.models import OrderLine, StoredDecision
from lingqu.orders.queries.entry import Desk, Title, publisher_of, with_stock
from lingqu.orders.queries.lists import OrderRow, as_rows, decisions_of, order_by_number, orders_for
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
    found = between(found, "submitted_at", wanted.since, wanted.until)
    if wanted.updated_since:
        paid = Application.objects.filter(batch__document_id=OuterRef("pk"), at__gte=wanted.updated_since)
        found = found.filter(changed_since("order", wanted.updated_since) | Exists(paid))
    return as_rows(list((found.filter(pk__lt=below) if below else found)[:most]))


def order_row(number: str, *, by: Acting) -> OrderRow:
    """Return one request as a list shows it; refuses (404) what does not exist or is not the person's to see."""
    return as_rows([order_by_number(number, by=by)])[0]


def lines_to_tell(order: int) -> list[OrderLine]:
    """Return the lines of a request with their titles, in order."""
    return list(OrderLine.objects.filter(order_id=order).select_related("product").order_by("line"))


def newest_decisions(order: int, *, most: int = MOST_DECISIONS) -> list[StoredDecision]:
    """Return the newest decisions about a request, whole."""
    return list(decisions_of(order)[:most])


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


def between(found: QuerySet, field: str, since: date | None, until: date | None) -> QuerySet:  # type: ignore[type-arg]
    """Narrow rows to those of days in China, both inside."""
    if since:
        found = found.filter(**{f"{field}__gte": datetime.combine(since, time(), CHINA)})
    if until:
        found = found.filter(**{f"{field}__lt": datetime.combine(until + timedelta(days=1), time(), CHINA)})
    return found
