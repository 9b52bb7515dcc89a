"""Special signatures of a year: each with its request, partner, signer, and whether its batch was paid in time. One statement."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.database import rows

MOST_SIGNED = 2_000


class SignedRow(msgspec.Struct, frozen=True):
    """A special signature. Yuan over the limit and batches that it let through; the batch of its request, if one was opened.

    `due_on` is the earlier due day of that batch (None: none yet), `settled_on` when it was paid, `owed` what is still owed on it.
    """

    id: int
    number: str
    signed_at: datetime
    laws: tuple[str, ...]
    amount: Decimal
    batches: int
    overdue: Decimal | None
    below_floor: Decimal | None
    reason: str
    signer: str
    buyer_code: str
    buyer_name: str
    grade: str
    request: str
    state: str
    batch: int | None
    value: Decimal | None
    owed: Decimal | None
    due_on: date | None
    settled_on: date | None


_SIGNED = """
SELECT w.id, w.number, w.signed_at, w.laws, w.amount, w.batches, w.overdue, w.below_floor, w.reason, person.name AS signer,
       f.code AS buyer_code, f.name AS buyer_name, c.grade, o.number AS request, o.state, b.number AS batch, b.value,
       b.value - b.applied AS owed, LEAST(b.triggered_due_on, b.backstop_due_on) AS due_on, b.settled_on
  FROM credit_creditline c
  JOIN credit_waiver w ON w.line_id = c.id
  JOIN organisation_firm f ON f.id = c.buyer_id
  JOIN organisation_person person ON person.id = w.signed_by_id
  JOIN orders_order o ON o.id = w.document_id
  LEFT JOIN credit_batch b ON b.line_id = c.id AND b.document_id = w.document_id
 WHERE c.seller_id = %s AND w.signed_at >= %s AND w.signed_at < %s AND (%s = '' OR f.code = %s)
 ORDER BY w.signed_at DESC, w.id DESC LIMIT %s
"""
_YEARS = """
SELECT DISTINCT EXTRACT(YEAR FROM w.signed_at AT TIME ZONE 'Asia/Shanghai')::int AS year
  FROM credit_creditline c JOIN credit_waiver w ON w.line_id = c.id WHERE c.seller_id = %s ORDER BY year DESC LIMIT 20
"""


def signed_between(seller: int, *, since: datetime, until: datetime, buyer: str = "") -> list[SignedRow]:
    """Return the special signatures that the seller's people gave in the half-open period, newest first, at most 2,000.

    With `buyer`, a firm's code, only those for that partner.
    """
    if "\x00" in buyer:
        return []
    found = rows(_SIGNED, (seller, since, until, buyer, buyer, MOST_SIGNED))
    return [SignedRow(**(row._asdict() | {"laws": tuple(row.laws.split())})) for row in found]


def signed_years(seller: int) -> list[int]:
    """Return the years in which somebody signed specially, newest first, at most 20."""
    return [row.year for row in rows(_YEARS, (seller,))]
