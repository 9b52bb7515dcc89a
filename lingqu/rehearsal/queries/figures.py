"""What came out of a replay, read from the house's own tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.database import rows

TOP = 10


class Exposed(msgspec.Struct, frozen=True):
    """A reseller with the most that it owed at any moment, in yuan, and the day."""

    name: str
    yuan: Decimal
    on: date


class Figures(msgspec.Struct, frozen=True):
    """Sums of the house: values in yuan, how many orders each law stopped, what was received, who owed most."""

    lines: int
    value_by_year: dict[str, Decimal]
    by_state: dict[str, int]
    accepted: int
    accepted_value: Decimal
    stopped_by_law: dict[str, int]
    grades: dict[str, int]
    receipts: int
    received: Decimal
    still_owed: Decimal
    largest_exposures: tuple[Exposed, ...]


_VALUES = """
SELECT extract(year FROM o.submitted_at AT TIME ZONE 'Asia/Shanghai')::text AS year, o.state, count(*) AS orders, sum(o.net) AS net
  FROM orders_order o WHERE o.seller_id = %s AND o.key = ANY(%s::text[]) GROUP BY 1, 2 ORDER BY 1
"""

_LINES = """
SELECT count(*) AS lines FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
 WHERE o.seller_id = %s AND o.key = ANY(%s::text[])
"""

# An order that failed several laws counts in each of them.
_STOPPED = """
SELECT law, count(DISTINCT o.id) AS orders
  FROM orders_order o JOIN orders_storeddecision d ON d.order_id = o.id, unnest(string_to_array(d.failed, ' ')) AS law
 WHERE o.seller_id = %s AND o.key = ANY(%s::text[]) AND o.accepted_at IS NULL GROUP BY law
"""

_GRADES = "SELECT grade, count(*) AS resellers FROM credit_creditline WHERE seller_id = %s GROUP BY grade ORDER BY grade"

_RECEIVED = """
SELECT count(*) AS receipts, COALESCE(sum(r.amount), 0.00) AS received
  FROM credit_receipt r JOIN credit_creditline c ON c.id = r.line_id WHERE c.seller_id = %s
"""

_OWED = """
SELECT COALESCE(sum(b.value - b.applied), 0.00) AS owed
  FROM credit_batch b JOIN credit_creditline c ON c.id = b.line_id WHERE c.seller_id = %s AND b.settled_on IS NULL
"""

_EXPOSED = """
WITH line AS (
    SELECT buyer_id, account_id FROM credit_creditline WHERE seller_id = %s
), moved AS (
    SELECT line.buyer_id, p."on", p.id, p.amount FROM line JOIN ledger_posting p ON p.source_id = line.account_id
     WHERE p.phase IN ('direct', 'settle', 'reverse')
    UNION ALL
    SELECT line.buyer_id, p."on", p.id, -p.amount FROM line JOIN ledger_posting p ON p.destination_id = line.account_id
     WHERE p.phase IN ('direct', 'settle', 'reverse')
), used AS (
    SELECT buyer_id, "on", id, sum(amount) OVER (PARTITION BY buyer_id ORDER BY id) AS used FROM moved
), highest AS (
    SELECT DISTINCT ON (buyer_id) buyer_id, used, "on" FROM used ORDER BY buyer_id, used DESC, id
)
SELECT f.name, h.used, h."on" FROM highest h JOIN organisation_firm f ON f.id = h.buyer_id
 WHERE h.used > 0 ORDER BY h.used DESC, f.code LIMIT %s
"""

ACCEPTED = ("accepted", "part_shipped", "shipped")


def figures_of(house: int, numbers: list[str]) -> Figures:
    """Return the sums of a house's orders with these numbers in the source, and of all its money."""
    values: dict[str, Decimal] = {}
    states: dict[str, int] = {}
    accepted = Decimal("0.00")
    for row in rows(_VALUES, (house, numbers)):
        values[row.year] = values.get(row.year, Decimal(0)) + row.net
        states[row.state] = states.get(row.state, 0) + row.orders
        accepted += row.net if row.state in ACCEPTED else 0
    (count,) = rows(_LINES, (house, numbers))
    (money,) = rows(_RECEIVED, (house,))
    (rest,) = rows(_OWED, (house,))
    return Figures(
        count.lines, values, states, sum(states.get(state, 0) for state in ACCEPTED), accepted,
        {row.law: row.orders for row in rows(_STOPPED, (house, numbers))},
        {row.grade: row.resellers for row in rows(_GRADES, (house,))},
        money.receipts, money.received, rest.owed,
        tuple(Exposed(row.name, row.used, row.on) for row in rows(_EXPOSED, (house, TOP))),
    )  # fmt: skip
