"""Accepted requests that wait for the warehouse, by promised day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.orders.states import OrderState


class ToShip(msgspec.Struct, frozen=True):
    """An accepted request: copies still to be sent, how many of them are set aside for it, and the day that was promised."""

    number: str
    state: OrderState
    net: Decimal
    ship_on: date | None
    buyer_code: str
    buyer_name: str
    delivery_division: str
    delivery_address: str
    titles: int
    copies: int
    ready: int
    total: int


_TO_SHIP = """
SELECT o.number, o.state, o.net, o.ship_on, f.code AS buyer_code, f.name AS buyer_name, o.delivery_division,
       COALESCE(p.delivery_address, '') AS delivery_address, l.titles, l.copies, l.ready, count(*) OVER () AS total
  FROM orders_order o
  JOIN organisation_firm f ON f.id = o.buyer_id
  LEFT JOIN partners_partner p ON p.seller_id = o.seller_id AND p.firm_id = o.buyer_id
  JOIN LATERAL (SELECT count(*) FILTER (WHERE copies > shipped) AS titles, COALESCE(sum(copies - shipped), 0) AS copies,
                       COALESCE(sum(reserved), 0) AS ready FROM orders_orderline WHERE order_id = o.id) AS l ON true
 WHERE o.seller_id = %s AND o.state IN ('accepted', 'part_shipped')
 ORDER BY o.ship_on, o.id LIMIT 100
"""


def to_ship(seller: int) -> list[ToShip]:
    """Return up to 100 accepted requests of the seller that have not left yet as a whole, by promised day."""
    found = []
    for row in rows(_TO_SHIP, (seller,)):
        values = row._asdict()
        values["state"] = OrderState(values["state"])
        found.append(ToShip(**values))
    return found
