"""Stock, papers of goods that came in, and counts for other systems: page by page, each page in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import msgspec
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Greatest

from lingqu.audit.queries import changed_since
from lingqu.inventory.models import GoodsIn, LotMove, StockCount, StockItem
from lingqu.inventory.queries.stock import stock_of
from lingqu.inventory.states import STANDING_COUNTS


class StockFeed(msgspec.Struct, frozen=True):
    """Which papers are wanted: in a state, of days (both inside), changed since a moment."""

    state: str = ""
    since: date | None = None
    until: date | None = None
    updated_since: datetime | None = None


def feed_of_stock(firm: int, words: str, *, after: str | None, most: int) -> list[StockItem]:
    """Return up to `most` titles of the firm's warehouse by number, those behind the number `after`, found by number, name or pinyin."""
    found: QuerySet[StockItem] = stock_of(firm)
    for word in words.split()[:5]:
        found = found.filter(Q(product__code__icontains=word) | Q(product__name__icontains=word) | Q(product__pinyin__icontains=word))
    return list((found.filter(product__code__gt=after) if after else found)[:most])


def feed_of_goods(warehouse: int, wanted: StockFeed, *, below: int | None, most: int) -> list[GoodsIn]:
    """Return up to `most` papers of goods that came into a warehouse, newest first, those below the id."""
    found = GoodsIn.objects.filter(warehouse_id=warehouse).select_related("warehouse").order_by("-id")
    if wanted.since:
        found = found.filter(received_on__gte=wanted.since)
    if wanted.until:
        found = found.filter(received_on__lte=wanted.until)
    return list((found.filter(pk__lt=below) if below else found)[:most])


def copies_by_paper(papers: Collection[int]) -> dict[int, int]:
    """Return how many copies came with each paper."""
    moves = LotMove.objects.filter(document_kind="goods_in", document_id__in=list(papers))
    return dict(moves.values_list("document_id").annotate(Sum("copies")).order_by())


def feed_of_counts(warehouse: int, wanted: StockFeed, *, below: int | None, most: int) -> list[Any]:
    """Return up to `most` counts of a warehouse, newest first, those below the id, with how many titles they have (`titles`)."""
    found = StockCount.objects.filter(warehouse_id=warehouse).select_related("warehouse").annotate(titles=Count("lines")).order_by("-id")
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.updated_since:
        since = wanted.updated_since
        found = found.annotate(moved=Greatest("started_at", "ended_at"))
        standing = Q(state__in=[state.value for state in STANDING_COUNTS]) & changed_since("stock_count", since)
        found = found.filter(Q(moved__gte=since) | standing)
    return list((found.filter(pk__lt=below) if below else found)[:most])
