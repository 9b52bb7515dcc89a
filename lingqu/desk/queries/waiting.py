"""Requests that wait for somebody of the seller, and the requests of one partner: one statement each, however many rows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.orders.states import OrderState

WAITING_SHOWN = 100


class WaitingRow(msgspec.Struct, frozen=True):
    """A request with its buyer and its newest decision (canonical JSON). Amounts in yuan; `failed` names laws.

    One that waits for its stamped contract has neither decision nor clock: their texts are empty, their times those of its submission.
    """

    id: int
    number: str
    state: OrderState
    net: Decimal
    titles: int
    copies: int
    submitted_at: datetime
    answer_until: datetime
    source: str
    entered_by: int
    ship_on: date | None
    settled_on: date | None
    buyer: int
    buyer_code: str
    buyer_name: str
    level: str
    line: int
    grade: str
    representative: str
    failed: tuple[str, ...]
    verdict: str
    regulation: str
    decided_at: datetime
    decision: str
    facts: str
    total: int
    needs_contract: bool = False


_REQUESTS = """
SELECT o.id, o.number, o.state, o.net, o.titles, o.copies, o.submitted_at, COALESCE(o.answer_until, o.submitted_at) AS answer_until,
       o.needs_contract, o.source, o.entered_by_id, o.ship_on,
       o.settled_on, f.id AS buyer, f.code AS buyer_code, f.name AS buyer_name, f.kind AS level, c.id AS line, c.grade,
       COALESCE(rep.name, '') AS representative, COALESCE(d.failed, '') AS failed, COALESCE(d.verdict, '') AS verdict,
       COALESCE(d.regulation, '') AS regulation, COALESCE(d.at, o.submitted_at) AS decided_at, COALESCE(d.decision, '') AS decision,
       COALESCE(d.facts, '') AS facts,
       count(*) OVER () AS total
  FROM orders_order o
  JOIN organisation_firm f ON f.id = o.buyer_id
  JOIN credit_creditline c ON c.seller_id = o.seller_id AND c.buyer_id = o.buyer_id
  LEFT JOIN LATERAL (SELECT person.id, person.name
                       FROM partners_partner p
                       JOIN partners_representation r ON r.partner_id = p.id AND r.period @> %s::date
                       JOIN organisation_person person ON person.id = r.person_id
                      WHERE p.seller_id = o.seller_id AND p.firm_id = o.buyer_id) AS rep ON true
  LEFT JOIN LATERAL (SELECT s.failed, s.verdict, s.regulation, s.at, s.decision, s.facts FROM orders_storeddecision s
                 WHERE s.order_id = o.id ORDER BY s.id DESC LIMIT 1) AS d ON true
"""

# The states stand in the statement, not in a parameter: only so the index of what waits is used.
_WAITING = (
    _REQUESTS
    + """
 WHERE o.seller_id = %s AND o.state IN ('held', 'review', 'expired') AND (%s::bigint IS NULL OR rep.id = %s::bigint)
   AND (%s = '' OR o.number = %s)
 ORDER BY o.answer_until, o.id LIMIT %s
"""
)

_OF_PARTNER = (
    _REQUESTS
    + """
 WHERE o.seller_id = %s AND o.buyer_id = %s AND o.id < %s
 ORDER BY o.id DESC LIMIT %s
"""
)
BEFORE_ALL = 2**62


def waiting_requests(
    seller: int, *, on: date, representative: int | None = None, number: str = ""
) -> list[WaitingRow]:  # fmt: skip
    """Return up to 100 requests to which the seller owes an answer, the most urgent first.

    With `representative` (a person) only those of their partners; with `number` only that one.
    """
    if "\x00" in number:
        return []
    found = rows(_WAITING, (on, seller, representative, representative, number, number, WAITING_SHOWN))
    return [_row(row) for row in found]


def requests_of(seller: int, buyer: int, *, on: date, before: int | None = None, most: int = 50) -> list[WaitingRow]:
    """Return up to `most` requests of the buyer at the seller, newest first, those below the id `before`."""
    return [_row(row) for row in rows(_OF_PARTNER, (on, seller, buyer, before or BEFORE_ALL, most))]


def _row(row: object) -> WaitingRow:
    values = row._asdict()  # type: ignore[attr-defined]
    values["failed"] = tuple(values["failed"].split())
    values["state"] = OrderState(values["state"])
    values["entered_by"] = values.pop("entered_by_id")
    return WaitingRow(**values)
