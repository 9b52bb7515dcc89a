"""What the laws did: decisions counted by law and listed, for the regulation's pages."""

from __future__ import annotations

from datetime import date, datetime, time

from lingqu.base.calendar import CHINA
from lingqu.base.database import rows
from lingqu.base.text import Text
from lingqu.policy.queries import Evidence, EvidenceAsk, MonthCount, Sample
from lingqu.policy.states import Law

_MINE = "JOIN orders_order o ON o.id = d.order_id AND (o.seller_id = %s OR o.buyer_id = %s)"
_COUNTED = f"""
SELECT d.failed, count(*) AS decisions FROM orders_storeddecision d {_MINE} WHERE d.at >= %s AND d.at < %s GROUP BY d.failed
"""  # noqa: S608 - made of our own words
_MONTHS = f"""
SELECT date_trunc('month', d.at AT TIME ZONE 'Asia/Shanghai')::date AS month, count(*) AS decisions,
       count(*) FILTER (WHERE %s = ANY (string_to_array(d.failed, ' '))) AS failed
  FROM orders_storeddecision d {_MINE} WHERE d.at >= %s AND d.at < %s GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - made of our own words
_NEWEST = f"""
SELECT d.id, d.at, o.number, buyer.name AS buyer, %s = ANY (string_to_array(d.failed, ' ')) AS failed
  FROM orders_storeddecision d {_MINE} JOIN organisation_firm buyer ON buyer.id = o.buyer_id
 WHERE d.at >= %s AND d.at < %s AND d.id < %s ORDER BY d.id DESC LIMIT %s
"""  # noqa: S608 - made of our own words
NO_MORE = 2**62
"""Above every id."""

PASSED = Text("通过", "passed")
FAILED = Text("未通过", "failed")


def decisions_per_law(firm: int, since: date, until: date) -> dict[str, tuple[int, int]]:
    """Return per law how many decisions of the days judged it and in how many it failed; those in which the firm sells or buys."""
    judged = 0
    failed = dict.fromkeys((law.value for law in Law), 0)
    for row in rows(_COUNTED, (firm, firm, *_bounds(since, until))):
        judged += row.decisions
        for law in row.failed.split():
            failed[law] = failed.get(law, 0) + row.decisions
    return {law: (judged, count) for law, count in failed.items()}


def decisions_of_law(ask: EvidenceAsk) -> Evidence:
    """Return what one law decided: counts by month, and the newest decisions with request, partner and outcome. Two statements.

    A page after the first has no counts: they stand on the first.
    """
    bounds = _bounds(ask.since, ask.until)
    months = () if ask.after else tuple(
        MonthCount(row.month, row.decisions, row.failed) for row in rows(_MONTHS, (ask.key, ask.firm, ask.firm, *bounds))
    )  # fmt: skip
    found = rows(_NEWEST, (ask.key, ask.firm, ask.firm, *bounds, ask.after or NO_MORE, ask.limit + 1))
    samples = tuple(
        Sample(row.id, row.at, row.number, row.buyer, FAILED if row.failed else PASSED, not row.failed, f"/orders/{row.number}/")
        for row in found[: ask.limit]
    )
    more = samples[-1].id if len(found) > ask.limit else None
    return Evidence(sum(month.count for month in months), sum(month.failed for month in months), months, samples, more)


def _bounds(since: date, until: date) -> tuple[datetime, datetime]:
    return datetime.combine(since, time(), CHINA), datetime.combine(until, time(), CHINA)
