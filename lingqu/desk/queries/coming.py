"""What is on its way to a firm that buys, and what its people were told last."""

from __future__ import annotations

from datetime import datetime

import msgspec

from lingqu.base.database import rows

SHOWN = 4
TOLD = 3
LOOKED_AT = 60


class Coming(msgspec.Struct, frozen=True):
    """A parcel that left: its number, request, waybill ("" = none), copies, and when."""

    number: str
    request: str
    waybill: str
    copies: int
    shipped_at: datetime


class Told(msgspec.Struct, frozen=True):
    """A notice that was not read yet; without a `link` it is read in the inbox."""

    id: int
    title_zh: str
    title_en: str
    link: str
    at: datetime


_TOLD = """
SELECT id, title_zh, title_en, link, at FROM notices_notice WHERE person_id = %s AND read_at IS NULL ORDER BY id DESC LIMIT %s
"""
_COMING = """
SELECT d.number, newest.number AS request, d.waybill, d.shipped_at,
       COALESCE((SELECT sum(l.copies) FROM orders_deliveryline l WHERE l.delivery_id = d.id), 0)::int AS copies
  FROM (SELECT o.id, o.number FROM orders_order o WHERE o.buyer_id = %s ORDER BY o.id DESC LIMIT %s) AS newest
  JOIN orders_delivery d ON d.order_id = newest.id
 WHERE d.shipped_at >= %s ORDER BY d.shipped_at DESC, d.id DESC LIMIT %s
"""


def coming_to(buyer: int, *, since: datetime) -> list[Coming]:
    """Return the newest four parcels sent since a moment for the firm's last sixty requests."""
    return [Coming(**row._asdict()) for row in rows(_COMING, (buyer, LOOKED_AT, since, SHOWN))]


def told_last(person: int) -> list[Told]:
    """Return the newest three notices that the person has not read."""
    return [Told(**row._asdict()) for row in rows(_TOLD, (person, TOLD))]
