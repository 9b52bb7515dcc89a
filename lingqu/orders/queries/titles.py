"""The titles that a booklist may mean: all of the seller's publisher, with the list price of the day."""

from __future__ import annotations

from datetime import date
from typing import Final

from lingqu.base.database import rows
from lingqu.orders.queries.entry import publisher_of
from lingqu.orders.rules import KnownTitle, TitleIndex

MOST_INDEXED: Final = 50_000
_TITLES: Final = """
SELECT p.id, p.code, p.name, p.isbn,
       (SELECT l.amount FROM catalogue_listprice l WHERE l.product_id = p.id AND l.since <= %s ORDER BY l.since DESC LIMIT 1) AS price
  FROM catalogue_product p WHERE p.publisher_id = %s ORDER BY p.code LIMIT %s
"""


def title_index(seller: int, *, on: date) -> TitleIndex:
    """Return the titles of the seller's publisher, at most 50,000, with their list prices of the day; two statements however many."""
    found = rows(_TITLES, (on, publisher_of(seller), MOST_INDEXED))
    return TitleIndex(KnownTitle(row.id, row.code, row.name, row.price, row.isbn) for row in found)
