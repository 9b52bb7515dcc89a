"""Read counts of stock: the list, how far one is, its lines, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import msgspec
from django.db.models import Count, OuterRef, QuerySet, Subquery

from lingqu.base.database import rows
from lingqu.base.money import ZERO
from lingqu.catalogue.models import ListPrice
from lingqu.inventory.models import StockCount, StockCountLine, StockItem, Warehouse
from lingqu.inventory.queries.stock import patterns
from lingqu.inventory.rules import Difference

SHOWN = 100
MOST_COUNTS = 200


class CountLine(msgspec.Struct, frozen=True):
    """A title of a count; `book` and `difference` are known once it was counted, so that nobody copies the books."""

    item: int
    code: str
    name: str
    book: int | None
    counted: int | None
    difference: int | None
    reason: str
    by: str | None


class CountProgress(msgspec.Struct, frozen=True):
    """How far a count is: titles, those counted, those that differ, copies too many and too few."""

    titles: int
    counted: int
    differ: int
    more: int
    fewer: int


_LINES = """
SELECT l.item_id AS item, p.code, p.name, l.book, l.counted, l.counted - l.book AS difference, l.reason, person.name AS by
  FROM inventory_stockcountline l
  JOIN inventory_stockitem s ON s.id = l.item_id
  JOIN catalogue_product p ON p.id = s.product_id
  LEFT JOIN organisation_person person ON person.id = l.counted_by_id
 WHERE l.count_id = %s AND p.code > %s
   AND (%s = '' OR (%s = 'open' AND l.counted IS NULL) OR (%s = 'differ' AND l.counted <> l.book))
   AND NOT EXISTS (SELECT 1 FROM unnest(%s::text[]) AS word(pattern)
                    WHERE NOT (p.code ILIKE pattern OR p.name ILIKE pattern OR replace(p.pinyin, ' ', '') ILIKE pattern
                               OR (length(pattern) > 5 AND p.isbn LIKE substr(pattern, 2))))
 ORDER BY p.code LIMIT %s
"""

_PROGRESS = """
SELECT count_id, count(*) AS titles, count(counted) AS counted, count(*) FILTER (WHERE counted <> book) AS differ,
       COALESCE(sum(counted - book) FILTER (WHERE counted > book), 0)::bigint AS more,
       COALESCE(sum(book - counted) FILTER (WHERE counted < book), 0)::bigint AS fewer
  FROM inventory_stockcountline WHERE count_id = ANY(%s) GROUP BY count_id
"""

_ITEMS = """
SELECT s.id AS item
  FROM inventory_stockitem s JOIN catalogue_product p ON p.id = s.product_id JOIN ledger_running r ON r.account_id = s.account_id
 WHERE s.warehouse_id = %s AND (NOT %s OR r.used < 0)
   AND NOT EXISTS (SELECT 1 FROM unnest(%s::text[]) AS word(pattern)
                    WHERE NOT (p.code ILIKE pattern OR p.name ILIKE pattern OR replace(p.pinyin, ' ', '') ILIKE pattern
                               OR (length(pattern) > 5 AND p.isbn LIKE substr(pattern, 2))))
 ORDER BY p.code LIMIT %s
"""


def counts_of(warehouse: int) -> QuerySet[StockCount]:
    """Return the newest 200 counts of a warehouse with the number of their titles (`titles`)."""
    found = StockCount.objects.filter(warehouse_id=warehouse).select_related("started_by").annotate(titles=Count("lines"))
    return found.order_by("-id")[:MOST_COUNTS]


def count_by_number(warehouse: int, number: str) -> StockCount | None:
    """Return a count of the warehouse by its number, None when there is none."""
    found = StockCount.objects.select_related("warehouse", "started_by", "approval")
    return found.filter(warehouse_id=warehouse, number=number).first()


def count_lines(count: int, *, words: str = "", state: str = "", after: str = "", most: int = SHOWN) -> list[CountLine]:
    """Return up to `most` titles of a count by number, behind the number `after`; `state` is open (not counted) or differ."""
    found = rows(_LINES, (count, after, state, state, state, patterns(words), most))
    return [CountLine(**row._asdict()) for row in found]


def progress_of(count: int) -> CountProgress:
    """Return how far a count is."""
    return progress_of_all([count])[count]


def progress_of_all(counts: Sequence[int]) -> dict[int, CountProgress]:
    """Return how far counts are, by id; one statement for all of them."""
    nothing = CountProgress(0, 0, 0, 0, 0)
    found = {
        row.count_id: CountProgress(row.titles, row.counted, row.differ, row.more, row.fewer) for row in rows(_PROGRESS, (list(counts),))
    }
    return {count: found.get(count, nothing) for count in counts}


def items_to_count(warehouse: Warehouse, *, words: str, there: bool, most: int) -> list[int]:
    """Return the StockItem ids of titles of a warehouse by every word of number, name or pinyin; `there`: only with copies on hand."""
    return [row.item for row in rows(_ITEMS, (warehouse.pk, there, patterns(words), most))]


def codes_of_count(count: int, codes: Sequence[str]) -> dict[str, int]:
    """Return the StockItem ids of titles of a count by product number; numbers that it does not have are absent."""
    found = StockItem.objects.filter(product__code__in=list(codes), pk__in=StockCountLine.objects.filter(count_id=count).values("item_id"))
    return dict(found.values_list("product__code", "pk"))


def differences_of(count: int, *, on: date) -> list[Difference]:
    """Return the titles of a count that were counted, with the list price of the day in yuan (0 where there is none)."""
    price = ListPrice.objects.filter(product=OuterRef("item__product"), since__lte=on).order_by("-since").values("amount")[:1]
    lines = StockCountLine.objects.filter(count_id=count, counted__isnull=False).annotate(price=Subquery(price)).order_by("item_id")
    found = lines.values_list("item_id", "book", "counted", "price")
    return [Difference(item, book or 0, counted or 0, Decimal(price or ZERO)) for item, book, counted, price in found]
