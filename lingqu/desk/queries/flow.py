"""Figures over time, read from the ledger's indexes by day: what was accepted and what came in, by week."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from lingqu.base.database import rows
from lingqu.base.money import ZERO

WEEKS = 8

# A seller's lines share one account for sales and one for cash, so the week's sum is a range of one index. Money that the bank took back
# counts against the week in which it went.
_WEEKLY = {
    "sales": """
SELECT (%(on)s::date - p."on") / 7 AS ago, sum(p.amount) AS amount FROM ledger_account a
  JOIN ledger_posting p ON p.destination_id = a.id AND p."on" > %(since)s AND p."on" <= %(on)s AND p.phase = 'settle'
 WHERE a.holder_id = %(seller)s AND a.kind = 'sales' GROUP BY 1
""",
    "cash": """
SELECT (%(on)s::date - moved."on") / 7 AS ago, sum(moved.amount) AS amount FROM (
    SELECT p."on", p.amount FROM ledger_account a
      JOIN ledger_posting p ON p.source_id = a.id AND p."on" > %(since)s AND p."on" <= %(on)s AND p.phase = 'direct'
     WHERE a.holder_id = %(seller)s AND a.kind = 'cash'
     UNION ALL
    SELECT p."on", -p.amount FROM ledger_account a
      JOIN ledger_posting p ON p.destination_id = a.id AND p."on" > %(since)s AND p."on" <= %(on)s AND p.phase = 'reverse'
     WHERE a.holder_id = %(seller)s AND a.kind = 'cash') AS moved
 GROUP BY 1
""",
}


def weekly_accepted(seller: int, *, on: date) -> list[Decimal]:
    """Return the net value in yuan of requests accepted in the last eight times seven days, the oldest seven first."""
    return _weekly("sales", seller, on)


def weekly_received(seller: int, *, on: date) -> list[Decimal]:
    """Return the money in yuan received, less what bounced, in the last eight times seven days, the oldest seven first."""
    return _weekly("cash", seller, on)


def _weekly(kind: str, seller: int, on: date) -> list[Decimal]:
    found = {row.ago: row.amount for row in rows(_WEEKLY[kind], {"on": on, "since": on - timedelta(days=7 * WEEKS), "seller": seller})}
    return [found.get(ago, ZERO) for ago in range(WEEKS - 1, -1, -1)]
