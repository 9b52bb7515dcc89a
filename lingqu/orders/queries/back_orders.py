"""What the warehouse can send today, and what waits for goods: accepted requests in the order in which they were accepted (M-16.3.2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from lingqu.base.database import rows

PAGE_ROWS = 50


class ToSend(msgspec.Struct, frozen=True):
    """An accepted request that can leave, at least in part: `ready` of the `left` copies are there; `hold` is the number of a hold."""

    number: str
    state: str
    accepted_at: datetime
    ship_on: date | None
    buyer: str
    buyer_code: str
    address: str
    left: int
    ready: int
    short_titles: int
    hold: str
    net: Decimal


class Waiting(msgspec.Struct, frozen=True):
    """A line of an accepted request that is short: since when, by how much, what came in for it since, and what is there now.

    `ahead` are copies that requests accepted earlier lack of the same title; `came` and `last_came` are goods in since the acceptance.
    """

    line: int
    number: str
    buyer: str
    code: str
    title: str
    since: datetime
    ship_on: date | None
    copies: int
    shipped: int
    ready: int
    short: int
    ahead: int
    came: int
    last_came: date | None


class Shippable(msgspec.Struct, frozen=True):
    """What the warehouse has before it: a page of requests that can leave and of lines that wait for goods, how many there are in all.

    `requests_below` and `waiting_below` say whether more of them stand below the page.
    """

    requests: list[ToSend]
    waiting: list[Waiting]
    requests_all: int
    waiting_all: int
    requests_below: bool
    waiting_below: bool


# What is reserved is there; what is free goes to who was accepted first. A seller without a warehouse of ours has everything.
_LINES = """
WITH open AS (
    SELECT o.id, o.number, o.state, o.accepted_at, o.ship_on, o.buyer_id, o.net, o.seller_id, l.id AS line, l.product_id,
           l.copies, l.shipped,
           l.reserved, l.copies - l.shipped AS left, l.copies - l.shipped - l.reserved AS need
      FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
     WHERE o.seller_id = %(seller)s AND o.state IN ('accepted', 'part_shipped') AND l.copies > l.shipped
), queue AS (
    SELECT open.*, sum(need) OVER (PARTITION BY product_id ORDER BY accepted_at, id, line) - need AS ahead FROM open
), there AS (
    SELECT queue.*, w.id AS warehouse,
           CASE WHEN w.id IS NULL THEN queue.left
                ELSE reserved + LEAST(need, GREATEST(COALESCE(-r.used - r.held, 0) - ahead, 0))::int END AS ready
      FROM queue LEFT JOIN inventory_warehouse w ON w.firm_id = queue.seller_id
      LEFT JOIN inventory_stockitem s ON s.warehouse_id = w.id AND s.product_id = queue.product_id
      LEFT JOIN ledger_running r ON r.account_id = s.account_id
)
"""

_REQUESTS = """
{lines}, found AS (
    SELECT t.number, t.state, t.accepted_at, t.ship_on, f.name AS buyer, f.code AS buyer_code,
           COALESCE(p.delivery_address, '') AS address, t.net, sum(t.left)::int AS left, sum(t.ready)::int AS ready,
           count(*) FILTER (WHERE t.ready < t.left) AS short_titles,
           COALESCE((SELECT h.number FROM credit_supplyhold h JOIN credit_creditline c ON c.id = h.line_id
                      WHERE c.seller_id = %(seller)s AND c.buyer_id = t.buyer_id
                        AND (h.state = 'in_force' OR (h.state = 'deferred' AND h.deferred_until < %(on)s))
                      ORDER BY h.id LIMIT 1), '') AS hold
      FROM there t JOIN organisation_firm f ON f.id = t.buyer_id
      LEFT JOIN partners_partner p ON p.seller_id = %(seller)s AND p.firm_id = t.buyer_id
     GROUP BY t.id, t.number, t.state, t.accepted_at, t.ship_on, t.buyer_id, t.net, f.name, f.code, p.delivery_address
    HAVING sum(t.ready) > 0
)
SELECT found.*, (SELECT count(*) FROM found) AS everything FROM found
 WHERE %(after)s = '' OR (COALESCE(ship_on, 'infinity'), accepted_at, number) > (
       SELECT COALESCE(o.ship_on, 'infinity'), o.accepted_at, o.number FROM orders_order o
        WHERE o.seller_id = %(seller)s AND o.number = %(after)s)
 ORDER BY COALESCE(ship_on, 'infinity'), accepted_at, number LIMIT %(most)s
""".replace("{lines}", _LINES)

_WAITING = """
{lines}
SELECT t.line, t.number, f.name AS buyer, p.code, p.name AS title, t.accepted_at AS since, t.ship_on, t.copies, t.shipped, t.ready,
       t.left - t.ready AS short, t.ahead::int AS ahead, COALESCE(c.came, 0)::int AS came, c.last_came,
       (SELECT count(*) FROM there WHERE ready < there.left) AS everything
  FROM there t JOIN organisation_firm f ON f.id = t.buyer_id JOIN catalogue_product p ON p.id = t.product_id
  LEFT JOIN LATERAL (
      SELECT sum(m.copies) AS came, max((m.at AT TIME ZONE 'Asia/Shanghai')::date) AS last_came
        FROM inventory_stockitem s JOIN inventory_lot x ON x.item_id = s.id JOIN inventory_lotmove m ON m.lot_id = x.id
       WHERE s.warehouse_id = t.warehouse AND s.product_id = t.product_id AND m.kind = 'in' AND m.at >= t.accepted_at
  ) AS c ON true
 WHERE t.ready < t.left AND (%(behind)s = 0 OR (t.accepted_at, t.number, t.line) > (
       SELECT o.accepted_at, o.number, l.id FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
        WHERE o.seller_id = %(seller)s AND l.id = %(behind)s))
 ORDER BY t.accepted_at, t.number, t.line LIMIT %(most)s
""".replace("{lines}", _LINES)

_READY = "{lines} SELECT count(DISTINCT id) AS many FROM there WHERE ready > 0".replace("{lines}", _LINES)

_TO_RESERVE = """
SELECT o.seller_id AS firm, array_agg(DISTINCT l.product_id ORDER BY l.product_id) AS products
  FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id AND l.copies - l.shipped > l.reserved
  JOIN inventory_warehouse w ON w.firm_id = o.seller_id
  JOIN inventory_stockitem s ON s.warehouse_id = w.id AND s.product_id = l.product_id
  JOIN ledger_running r ON r.account_id = s.account_id AND -r.used - r.held > 0
 WHERE o.state IN ('accepted', 'part_shipped') GROUP BY o.seller_id
"""


def shippable(seller: int, *, on: date, after: str = "", behind: int = 0) -> Shippable:
    """Return what the seller's warehouse can send, by promised day, and what waits, oldest first; a page of 50 of each.

    The page of requests goes on behind the request of the number `after`, that of waiting lines behind the line of the id `behind`.
    """
    requests, requests_all = requests_to_send(seller, on=on, after=after, most=PAGE_ROWS + 1)
    waiting, waiting_all = lines_that_wait(seller, behind=behind, most=PAGE_ROWS + 1)
    return Shippable(
        requests[:PAGE_ROWS], waiting[:PAGE_ROWS], requests_all, waiting_all, len(requests) > PAGE_ROWS, len(waiting) > PAGE_ROWS
    )


def requests_to_send(seller: int, *, on: date, after: str = "", most: int) -> tuple[list[ToSend], int]:
    """Return up to `most` requests that can leave, by promised day, and how many there are in all (0 where the page is empty)."""
    found = rows(_REQUESTS, {"seller": seller, "on": on, "after": after, "most": most})
    return [ToSend(**_of(row)) for row in found], found[0].everything if found else 0


def lines_that_wait(seller: int, *, behind: int = 0, most: int) -> tuple[list[Waiting], int]:
    """Return up to `most` lines that wait for goods, oldest first, and how many there are in all (0 where the page is empty)."""
    found = rows(_WAITING, {"seller": seller, "behind": behind, "most": most})
    return [Waiting(**_of(row)) for row in found], found[0].everything if found else 0


def _of(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of either statement
    return {name: value for name, value in row._asdict().items() if name != "everything"}


def ready_to_ship(seller: int) -> int:
    """Return how many requests the seller's warehouse can send, at least in part: as many as `shippable` has in all."""
    return int(rows(_READY, {"seller": seller})[0].many)


def back_orders_to_reserve() -> dict[int, list[int]]:
    """Return, by seller, the products of which copies are free while accepted requests wait for them."""
    return {row.firm: list(row.products) for row in rows(_TO_RESERVE, ())}
