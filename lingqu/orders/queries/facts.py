"""What decisions look at, for many requests at once: a fixed number of statements however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.credit.rules import OpenBatch
from lingqu.partners.rules import Papers


class Place(msgspec.Struct, frozen=True):
    """A buyer at a seller: level, papers, areas, credit line and ledger accounts, the seller's warehouse (0 = none kept here)."""

    level: str
    papers: Papers
    areas: tuple[str, ...]
    product_lines: tuple[str, ...]
    delivery_division: str
    line: int
    grade: str
    credit_account: int
    sales_account: int
    warehouse: int
    sink: int


class Shelf(msgspec.Struct, frozen=True):
    """A product as a seller offers it on a day: number, discipline, list price (None = no price yet), stock account (0 = never stocked)."""

    code: str
    product_line: str
    list_price: Decimal | None
    account: int


_PLACES = """
SELECT p.seller_id, p.firm_id, f.kind, p.certified_until, p.contract_until, p.licence_until, p.areas, p.product_lines,
       p.delivery_division, c.id AS line, c.grade, c.account_id, c.sales_id,
       COALESCE(w.id, 0) AS warehouse, COALESCE(w.sink_id, 0) AS sink
  FROM unnest(%s::bigint[], %s::bigint[]) AS want(seller, buyer)
  JOIN partners_partner p ON p.seller_id = want.seller AND p.firm_id = want.buyer
  JOIN organisation_firm f ON f.id = p.firm_id AND f.valid @> %s::date
  JOIN credit_creditline c ON c.seller_id = want.seller AND c.buyer_id = want.buyer
  LEFT JOIN inventory_warehouse w ON w.firm_id = want.seller
"""

_SHELVES = """
SELECT want.seller, p.id, p.code, d.code AS product_line, price.amount, COALESCE(s.account_id, 0) AS account
  FROM unnest(%s::bigint[], %s::bigint[]) AS want(seller, product)
  JOIN catalogue_product p ON p.id = want.product
  JOIN catalogue_discipline d ON d.id = p.discipline_id
  JOIN organisation_firmpath path ON path.descendant_id = want.seller AND path.ancestor_id = p.publisher_id
  LEFT JOIN LATERAL (SELECT l.amount FROM catalogue_listprice l WHERE l.product_id = p.id AND l.since <= %s
                      ORDER BY l.since DESC LIMIT 1) AS price ON true
  LEFT JOIN inventory_warehouse w ON w.firm_id = want.seller
  LEFT JOIN inventory_stockitem s ON s.warehouse_id = w.id AND s.product_id = p.id
"""

_OPEN_BATCHES = """
SELECT line_id, id, number, request, opened_on, value - applied AS remaining,
       LEAST(triggered_due_on, backstop_due_on) AS due_on
  FROM credit_batch WHERE line_id = ANY(%s::bigint[]) AND settled_on IS NULL ORDER BY line_id, number
"""

_KNOWN = """
SELECT o.buyer_id, o.key, o.id, o.number, o.state
  FROM unnest(%s::bigint[], %s::text[]) AS want(buyer, key) JOIN orders_order o ON o.buyer_id = want.buyer AND o.key = want.key
"""


class Bench(msgspec.Struct):
    """Where requests are judged: places by (seller, buyer), shelves by (seller, product)."""

    places: dict[tuple[int, int], Place]
    shelves: dict[tuple[int, int], Shelf]

    def accounts(self) -> set[int]:
        """Return the limited accounts that a decision locks: credit lines and stock."""
        return {place.credit_account for place in self.places.values()} | {
            shelf.account for shelf in self.shelves.values() if shelf.account
        }


def load_bench(pairs: Iterable[tuple[int, int]], wanted: Iterable[tuple[int, int]], *, on: date) -> Bench:
    """Return the places of (seller, buyer) pairs and the shelves of (seller, product) pairs on the day, in two statements.

    What is missing in the answer does not exist, is not valid on the day, or does not belong to the seller.
    """
    pairs, wanted = sorted(set(pairs)), sorted(set(wanted))
    found = rows(_PLACES, ([pair[0] for pair in pairs], [pair[1] for pair in pairs], on))
    places = {
        (row.seller_id, row.firm_id): Place(
            row.kind, Papers(row.certified_until, row.contract_until, row.licence_until), tuple(row.areas), tuple(row.product_lines),
            row.delivery_division, row.line, row.grade, row.account_id, row.sales_id, row.warehouse, row.sink,
        )
        for row in found
    }  # fmt: skip
    shelves = {
        (row.seller, row.id): Shelf(row.code, row.product_line, row.amount, row.account)
        for row in rows(_SHELVES, ([pair[0] for pair in wanted], [pair[1] for pair in wanted], on))
    }
    return Bench(places, shelves)


def open_batches_by_line(lines: list[int]) -> dict[int, tuple[OpenBatch, ...]]:
    """Return the unsettled batches of credit lines, oldest first; lines without any are absent."""
    found: dict[int, list[OpenBatch]] = {}
    for row in rows(_OPEN_BATCHES, (lines,)) if lines else ():
        batch = OpenBatch(row.id, row.number, row.request, row.opened_on, row.remaining, row.due_on)
        found.setdefault(row.line_id, []).append(batch)
    return {line: tuple(batches) for line, batches in found.items()}


def known_requests(keys: list[tuple[int, str]]) -> dict[tuple[int, str], tuple[int, str, str]]:
    """Return id, number and state of the requests that exist already, by (buyer, key)."""
    found = rows(_KNOWN, ([key[0] for key in keys], [key[1] for key in keys]))
    return {(row.buyer_id, row.key): (row.id, row.number, row.state) for row in found}
