"""Which copies would leave if a request were shipped now: line by line, first in first out. Only read; nothing is held by looking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from lingqu.base.database import rows
from lingqu.orders.models import Order


class LotToPick(msgspec.Struct, frozen=True):
    """Copies to be taken from one lot."""

    number: str
    edition: str
    received_on: date
    copies: int


class LineToPick(msgspec.Struct, frozen=True):
    """A line of a pick slip: copies still owed, how many of them are there now, and the lots to take them from; none without stock kept."""

    line: int
    code: str
    title: str
    left: int
    ready: int
    lots: tuple[LotToPick, ...]


# Kept copies are the request's own, and so is what nobody holds; several lines of a title share both in the order of the lines.
_READY = """
SELECT l.line, p.code, p.name AS title, l.copies - l.shipped AS left, s.id AS item,
       CASE WHEN w.id IS NULL THEN l.copies - l.shipped
            ELSE LEAST(l.copies - l.shipped, l.reserved + GREATEST(COALESCE(-r.used - r.held, 0)
                 - (sum(l.copies - l.shipped - l.reserved) OVER (PARTITION BY l.product_id ORDER BY l.line)
                    - (l.copies - l.shipped - l.reserved)), 0))::int END AS ready
  FROM orders_orderline l
  JOIN catalogue_product p ON p.id = l.product_id
  LEFT JOIN inventory_warehouse w ON w.firm_id = %s
  LEFT JOIN inventory_stockitem s ON s.warehouse_id = w.id AND s.product_id = l.product_id
  LEFT JOIN ledger_running r ON r.account_id = s.account_id
 WHERE l.order_id = %s AND l.copies > l.shipped ORDER BY l.line
"""

_LOTS = """
SELECT l.id, l.item_id AS item, l.number, l.edition, l.received_on, l.remaining
  FROM inventory_lot l WHERE l.item_id = ANY(%s::bigint[]) AND l.remaining > 0 ORDER BY l.item_id, l.received_on, l.number, l.id
"""


def lines_to_pick(order: Order) -> list[LineToPick]:
    """Return the lines of a request that have copies to be sent, with the lots that would be picked now. Two statements."""
    lines = rows(_READY, (order.seller_id, order.pk))
    lots: dict[int, list[Any]] = {}
    there: dict[int, int] = {}
    for lot in rows(_LOTS, ([line.item for line in lines if line.item],)):
        lots.setdefault(lot.item, []).append(lot)
        there[lot.id] = lot.remaining
    return [
        LineToPick(line.line, line.code, line.title, line.left, line.ready, _take(lots.get(line.item, []), there, line.ready))
        for line in lines
    ]


def _take(lots: list[Any], there: dict[int, int], copies: int) -> tuple[LotToPick, ...]:
    """Return what is taken for a line, lot by lot, and let less be `there` in them (by id) for the next line."""
    taken = []
    for lot in lots:
        some = min(copies, there[lot.id])
        if some:
            there[lot.id] -= some
            copies -= some
            taken.append(LotToPick(lot.number, lot.edition, lot.received_on, some))
    return tuple(taken)


_PICKED = """
SELECT s.product_id AS product, l.number, l.edition, l.received_on, -m.copies AS copies
  FROM inventory_lotmove m JOIN inventory_lot l ON l.id = m.lot_id JOIN inventory_stockitem s ON s.id = l.item_id
 WHERE m.document_kind = 'delivery' AND m.document_id = %s ORDER BY s.product_id, l.received_on, l.number, l.id
"""


def lots_of_delivery(delivery: int) -> Mapping[int, tuple[LotToPick, ...]]:
    """Return the lots from which a delivery was picked, by product id."""
    found: dict[int, tuple[LotToPick, ...]] = {}
    for row in rows(_PICKED, (delivery,)):
        found[row.product] = (*found.get(row.product, ()), LotToPick(row.number, row.edition, row.received_on, row.copies))
    return found
