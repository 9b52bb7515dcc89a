"""What the laws did: decisions counted by law, for the regulation's page."""

from __future__ import annotations

from datetime import date, datetime, time

from lingqu.base.calendar import CHINA
from lingqu.base.database import rows
from lingqu.policy.states import Law

_COUNTED = """
SELECT d.failed, count(*) AS decisions FROM orders_order o JOIN orders_storeddecision d ON d.order_id = o.id AND d.at >= %s AND d.at < %s
 WHERE o.seller_id = %s OR o.buyer_id = %s GROUP BY d.failed
"""


def decisions_per_law(firm: int, year: int) -> dict[str, tuple[int, int]]:
    """Return per law how many decisions of a calendar year judged it and in how many it failed; those in which the firm sells or buys."""
    bounds = (datetime.combine(date(year, 1, 1), time(), CHINA), datetime.combine(date(year + 1, 1, 1), time(), CHINA))
    judged = 0
    failed = dict.fromkeys((law.value for law in Law), 0)
    for row in rows(_COUNTED, (*bounds, firm, firm)):
        judged += row.decisions
        for law in row.failed.split():
            failed[law] = failed.get(law, 0) + row.decisions
    return {law: (judged, count) for law, count in failed.items()}
