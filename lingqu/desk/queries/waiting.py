"""Requests that wait for somebody of the seller, and the requests of one partner: one statement each, however many rows."""

# ruff: noqa: S608 - the statements are made of our own words; every value is a parameter

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.counted import MOST_COUNTED
from lingqu.base.database import rows
from lingqu.orders.states import OrderState

WAITING_SHOWN = 100


class WaitingRow(msgspec.Struct, frozen=True):
    """A request with its buyer and its newest decision (canonical JSON). Amounts in yuan; `failed` names laws.

    `may_pass` is when it was seen that a failed one would pass, after the decision.
    One that waits for its stamped contract has neither decision nor clock: their texts are empty, their times those of its submission.
    """

    id: int
    number: str
    state: OrderState
    net: Decimal
    titles: int
    copies: int
    submitted_at: datetime
    answer_until: datetime | None
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
    may_pass: datetime | None = None


_REQUESTS = """
SELECT o.id, o.number, o.state, o.net, o.titles, o.copies, o.submitted_at, o.answer_until,
       o.needs_contract, o.source, o.entered_by_id, o.ship_on,
       o.settled_on, f.id AS buyer, f.code AS buyer_code, f.name AS buyer_name, f.kind AS level, c.id AS line, c.grade,
       COALESCE(rep.name, '') AS representative, COALESCE(d.failed, '') AS failed, COALESCE(d.verdict, '') AS verdict,
       COALESCE(d.regulation, '') AS regulation, COALESCE(d.at, o.submitted_at) AS decided_at, COALESCE(d.decision, '') AS decision,
       COALESCE(d.facts, '') AS facts, o.total,
       (SELECT max(f.at) FROM audit_fact f
         WHERE o.state = 'review' AND f.subject = 'order' AND f.subject_id = o.id AND f.verb = 'may_pass' AND f.at >= d.at) AS may_pass
  FROM ({some}) AS o
  JOIN organisation_firm f ON f.id = o.buyer_id
  JOIN credit_creditline c ON c.seller_id = o.seller_id AND c.buyer_id = o.buyer_id
  LEFT JOIN LATERAL (SELECT person.id, person.name
                       FROM partners_partner p
                       JOIN partners_representation r ON r.partner_id = p.id AND r.period @> %(on)s::date
                       JOIN organisation_person person ON person.id = r.person_id
                      WHERE p.seller_id = o.seller_id AND p.firm_id = o.buyer_id) AS rep ON true
  LEFT JOIN LATERAL (SELECT s.failed, s.verdict, s.regulation, s.at, s.decision, s.facts FROM orders_storeddecision s
                 WHERE s.order_id = o.id ORDER BY s.id DESC LIMIT 1) AS d ON true
 ORDER BY {order}
"""

# The states stand in the statement, not in a parameter: only so the index of what waits is used. The most urgent are chosen first, by
# that index, and only those are joined to anything, so that a page costs the same with thousands of them.
_ASKED = """SELECT o.* FROM orders_order o
  WHERE o.seller_id = %(seller)s AND o.state IN ('held', 'review', 'expired') AND (%(number)s = '' OR o.number = %(number)s)
    AND (%(mine)s::bigint IS NULL OR o.buyer_id = ANY(ARRAY(
        SELECT p.firm_id FROM partners_partner p JOIN partners_representation r ON r.partner_id = p.id AND r.period @> %(on)s::date
         WHERE p.seller_id = %(seller)s AND r.person_id = %(mine)s::bigint)))"""
_SOME = f"""SELECT asked.*, (SELECT count(*) FROM ({_ASKED} LIMIT {MOST_COUNTED}) AS found) AS total
  FROM ({_ASKED} ORDER BY o.answer_until, o.id LIMIT %(most)s) AS asked"""
_WAITING = _REQUESTS.format(some=_SOME, order="o.answer_until, o.id")

_OF_PARTNER = _REQUESTS.format(
    some="""SELECT o.*, 0 AS total FROM orders_order o WHERE o.seller_id = %(seller)s AND o.buyer_id = %(buyer)s AND o.id < %(before)s
  ORDER BY o.id DESC LIMIT %(most)s""",
    order="o.id DESC",
)
BEFORE_ALL = 2**62


def waiting_requests(
    seller: int, *, on: date, representative: int | None = None, number: str = ""
) -> list[WaitingRow]:  # fmt: skip
    """Return up to 100 requests to which the seller owes an answer, the most urgent first.

    With `representative` (a person) only those of their partners; with `number` only that one. `total` counts them, up to `MOST_COUNTED`.
    """
    if "\x00" in number:
        return []
    found = rows(_WAITING, {"seller": seller, "on": on, "mine": representative, "number": number, "most": WAITING_SHOWN})
    return [_row(row) for row in found]


def requests_of(seller: int, buyer: int, *, on: date, before: int | None = None, most: int = 50) -> list[WaitingRow]:
    """Return up to `most` requests of the buyer at the seller, newest first, those below the id `before`; they are not counted."""
    named = {"seller": seller, "buyer": buyer, "on": on, "before": before or BEFORE_ALL, "most": most}
    return [_row(row) for row in rows(_OF_PARTNER, named)]


def _row(row: object) -> WaitingRow:
    values = row._asdict()  # type: ignore[attr-defined]
    values["failed"] = tuple(values["failed"].split())
    values["state"] = OrderState(values["state"])
    values["entered_by"] = values.pop("entered_by_id")
    return WaitingRow(**values)
