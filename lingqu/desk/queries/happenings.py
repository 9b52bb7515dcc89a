"""What happened between a seller and a buyer, newest first, for the timeline of the partner's page."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from lingqu.base.database import rows

SHOWN = 12


class Happening(msgspec.Struct, frozen=True):
    """One thing that happened: its kind, number of its paper, who did it, an amount in yuan, and a word more (a grade, a reason)."""

    kind: str
    at: datetime
    number: str
    person: str
    amount: Decimal | None
    word: str


# What a partner's page costs must not grow with the years: deliveries are those of the partner's newest two hundred requests.
_HAPPENED = """
SELECT h.kind, h.at, h.number, COALESCE(person.name, '') AS person, h.amount, h.word FROM (
    (SELECT 'asked' AS kind, o.submitted_at AS at, o.number, o.entered_by_id AS person, o.net AS amount, o.source AS word
       FROM orders_order o WHERE o.seller_id = %s AND o.buyer_id = %s ORDER BY o.id DESC LIMIT %s)
    UNION ALL
    (SELECT 'accepted', o.accepted_at, o.number, o.accepted_by_id, o.net, '' FROM orders_order o
      WHERE o.seller_id = %s AND o.buyer_id = %s AND o.accepted_at IS NOT NULL ORDER BY o.id DESC LIMIT %s)
    UNION ALL
    (SELECT 'shipped', d.shipped_at, d.number, d.shipped_by_id, NULL, o.number
       FROM (SELECT o.id, o.number FROM orders_order o WHERE o.seller_id = %s AND o.buyer_id = %s ORDER BY o.id DESC LIMIT 200) AS o
       JOIN LATERAL (SELECT d.* FROM orders_delivery d WHERE d.order_id = o.id OFFSET 0) AS d ON true ORDER BY d.id DESC LIMIT %s)
    UNION ALL
    (SELECT 'paid', r.entered_at, r.number, r.entered_by_id, r.amount, '' FROM credit_receipt r
      WHERE r.line_id = (SELECT c.id FROM credit_creditline c WHERE c.seller_id = %s AND c.buyer_id = %s) ORDER BY r.id DESC LIMIT %s)
    UNION ALL
    (SELECT 'bounced', r.reversed_at, r.number, r.reversed_by_id, r.amount, '' FROM credit_receipt r
      WHERE r.line_id = (SELECT c.id FROM credit_creditline c WHERE c.seller_id = %s AND c.buyer_id = %s) AND r.reversed_at IS NOT NULL
      ORDER BY r.id DESC LIMIT %s)
    UNION ALL
    (SELECT 'graded', g.decided_at, g.number, g.decided_by_id, NULL, g.before || '>' || g.after
       FROM credit_creditline c JOIN credit_gradechange g ON g.line_id = c.id
      WHERE c.seller_id = %s AND c.buyer_id = %s ORDER BY g.id DESC LIMIT %s)
    UNION ALL
    (SELECT 'waived', w.signed_at, w.number, w.signed_by_id, NULLIF(w.amount, 0), o.number
       FROM credit_creditline c JOIN credit_waiver w ON w.line_id = c.id JOIN orders_order o ON o.id = w.document_id
      WHERE c.seller_id = %s AND c.buyer_id = %s ORDER BY w.id DESC LIMIT %s)
) AS h LEFT JOIN organisation_person person ON person.id = h.person
 ORDER BY h.at DESC, h.kind LIMIT %s
"""
_KINDS = 7


def happenings_of(seller: int, buyer: int, *, most: int = SHOWN) -> list[Happening]:
    """Return the newest things that happened between the two, in one statement."""
    found = rows(_HAPPENED, (*(seller, buyer, most) * _KINDS, most))
    return [Happening(**row._asdict()) for row in found]
