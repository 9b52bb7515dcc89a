"""Requests that failed, and whether one would pass this moment."""

from __future__ import annotations

from datetime import date
from typing import Final

from lingqu.base.database import rows
from lingqu.base.decision import Verdict
from lingqu.base.refusal import Refusal
from lingqu.orders.models import Order
from lingqu.orders.queries.preview import Wish, preview_request
from lingqu.orders.states import Shortage
from lingqu.policy.rules import Regulation

MAY_PASS: Final = "may_pass"  # noqa: S105 - a verb
"""The verb of the fact that a failed request would pass; it is told once for each decision."""

_FAILED: Final = """
SELECT o.id
  FROM orders_order o
  JOIN LATERAL (SELECT s.at FROM orders_storeddecision s WHERE s.order_id = o.id ORDER BY s.id DESC LIMIT 1) AS d ON true
 WHERE o.state = 'review' AND o.id > %(after)s
   AND NOT EXISTS (SELECT FROM audit_fact f WHERE f.subject = 'order' AND f.subject_id = o.id AND f.verb = %(verb)s AND f.at >= d.at)
 ORDER BY o.id LIMIT %(most)s
"""


def failed_requests(*, after: int = 0, most: int = 100) -> list[int]:
    """Return failed requests that may be waived, by id above `after`, without those of which it was told that they may pass."""
    return [row.id for row in rows(_FAILED, {"after": after, "verb": MAY_PASS, "most": most})]


def passes_now(order: Order, *, regulation: Regulation, on: date) -> bool:
    """Return whether a request that holds nothing would pass every law this moment, at today's prices; nothing is locked or held."""
    wishes = tuple(Wish(line.product_id, line.copies, line.discount_bp) for line in order.lines.all() if line.copies)
    drops = order.shortage == Shortage.DROP.value
    try:
        found = preview_request(order.seller_id, order.buyer_id, wishes, drop_shortage=drops, regulation=regulation, on=on)
    except Refusal:
        return False
    return found is not None and len(found.facts.lines) == len(wishes) and found.decided.decision.verdict is Verdict.PASSED
