"""What the warehouse can send today, and what waits for goods: accepted requests in the order in which they were accepted (M-16.3.2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.database import rows

MOST_REQUESTS = 200
MOST_WAITING = 300


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
    """What the warehouse has before it: requests that can leave, lines that wait for goods, and how many there are of both in all."""

    requests: list[ToSend]
    waiting: list[Waiting]
    requests_all: int
    waiting_all: int


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
{lines}
SELECT t.number, t.state, t.accepted_at, t.ship_on, f.name AS buyer, f.code AS buyer_code, COALESCE(p.delivery_address, '') AS address,
       t.net,
       sum(t.left)::int AS left, sum(t.ready)::int AS ready, count(*) FILTER (WHERE t.ready < t.left) AS short_titles,
       COALESCE((SELECT h.number FROM credit_supplyhold h JOIN credit_creditline c ON c.id = h.line_id
                  WHERE c.seller_id = %(seller)s AND c.buyer_id = t.buyer_id
                    AND (h.state = 'in_force' OR (h.state = 'deferred' AND h.deferred_until < %(on)s)) ORDER BY h.id LIMIT 1), '') AS hold,
       count(*) OVER () AS everything
  FROM there t JOIN organisation_firm f ON f.id = t.buyer_id
  LEFT JOIN partners_partner p ON p.seller_id = %(seller)s AND p.firm_id = t.buyer_id
 GROUP BY t.id, t.number, t.state, t.accepted_at, t.ship_on, t.buyer_id, t.net, f.name, f.code, p.delivery_address
HAVING sum(t.ready) > 0
 ORDER BY t.ship_on NULLS LAST, t.accepted_at, t.number LIMIT %(most)s
""".replace("{lines}", _LINES)

_WAITING = """
{lines}
SELECT t.number, f.name AS buyer, p.code, p.name AS title, t.accepted_at AS since, t.ship_on, t.copies, t.shipped, t.ready,
       t.left - t.ready AS short, t.ahead::int AS ahead, COALESCE(c.came, 0)::int AS came, c.last_came, count(*) OVER () AS everything
  FROM there t JOIN organisation_firm f ON f.id = t.buyer_id JOIN catalogue_product p ON p.id = t.product_id
  LEFT JOIN LATERAL (
      SELECT sum(m.copies) AS came, max((m.at AT TIME ZONE 'Asia/Shanghai')::date) AS last_came
        FROM inventory_stockitem s JOIN inventory_lot x ON x.item_id = s.id JOIN inventory_lotmove m ON m.lot_id = x.id
       WHERE s.warehouse_id = t.warehouse AND s.product_id = t.product_id AND m.kind = 'in' AND m.at >= t.accepted_at
  ) AS c ON true
 WHERE t.ready < t.left
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


def shippable(seller: int, *, on: date) -> Shippable:
    """Return what the seller's warehouse can send, by promised day, and what waits, oldest first; 200 requests and 300 lines at most."""
    asked = {"seller": seller, "on": on}
    requests = rows(_REQUESTS, asked | {"most": MOST_REQUESTS})
    waiting = rows(_WAITING, asked | {"most": MOST_WAITING})
    return Shippable(
        [ToSend(**{name: value for name, value in row._asdict().items() if name != "everything"}) for row in requests],
        [Waiting(**{name: value for name, value in row._asdict().items() if name != "everything"}) for row in waiting],
        requests[0].everything if requests else 0,
        waiting[0].everything if waiting else 0,
    )


def ready_to_ship(seller: int) -> int:
    """Return how many requests the seller's warehouse can send, at least in part: as many as `shippable` has in all."""
    return int(rows(_READY, {"seller": seller})[0].many)


def back_orders_to_reserve() -> dict[int, list[int]]:
    """Return, by seller, the products of which copies are free while accepted requests wait for them."""
    return {row.firm: list(row.products) for row in rows(_TO_RESERVE, ())}
