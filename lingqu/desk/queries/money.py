"""Money of a seller's partners: what falls due when, key figures, and how a partner has paid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from lingqu.base.counted import MOST_COUNTED
from lingqu.base.database import rows

SOON_DAYS = 7
BATCHES_SHOWN = 100


class DueBatch(msgspec.Struct, frozen=True):
    """An open batch with its partner; `remaining` in yuan; `due_on` is the earlier of its due days, None while it has none."""

    id: int
    number: int
    request: str
    opened_on: date
    value: Decimal
    remaining: Decimal
    shipped_on: date | None
    due_on: date | None
    line: int
    buyer_code: str
    buyer_name: str
    grade: str
    total: int
    has_request: bool


class MoneyFigures(msgspec.Struct, frozen=True):
    """A seller's credit lines together, yuan: limits, used, held; owed on open batches, of it overdue and due soon; unapplied money."""

    partners: int
    limit: Decimal
    used: Decimal
    held: Decimal
    owed: Decimal
    open_batches: int
    overdue: Decimal
    overdue_partners: int
    soon: Decimal
    soon_batches: int
    unapplied: Decimal
    unapplied_partners: int


class UnappliedLine(msgspec.Struct, frozen=True):
    """A credit line with money received for no batch yet, yuan."""

    line: int
    buyer_code: str
    buyer_name: str
    grade: str
    unapplied: Decimal


class PaymentRecord(msgspec.Struct, frozen=True):
    """How a partner paid in twelve months.

    Batches settled, average days from acceptance, how many late and by how many days at most, special signatures; overdue today, yuan.
    """

    line: int
    since: date
    settled: int
    average_days: Decimal | None
    late: int
    longest_late: int
    waivers: int
    overdue: Decimal


_DUE = """
SELECT b.id, b.number, b.request, b.opened_on, b.value, b.value - b.applied AS remaining, b.shipped_on,
       LEAST(b.triggered_due_on, b.backstop_due_on) AS due_on, c.id AS line, f.code AS buyer_code, f.name AS buyer_name, c.grade,
       count(*) OVER () AS total, b.document_id IS NOT NULL AS has_request
  FROM credit_creditline c
  JOIN credit_batch b ON b.line_id = c.id AND b.settled_on IS NULL
  JOIN organisation_firm f ON f.id = c.buyer_id
 WHERE c.seller_id = %s AND (%s::bigint IS NULL OR EXISTS (
        SELECT FROM partners_partner p JOIN partners_representation h ON h.partner_id = p.id AND h.period @> %s::date
         WHERE p.seller_id = c.seller_id AND p.firm_id = c.buyer_id AND h.person_id = %s::bigint))
 ORDER BY LEAST(b.triggered_due_on, b.backstop_due_on) NULLS LAST, b.opened_on, b.id LIMIT %s
"""

_FIGURES = """
WITH mine AS (
    SELECT c.id, c.account_id, c.unapplied FROM credit_creditline c
     WHERE c.seller_id = %(seller)s AND (%(mine)s::bigint IS NULL OR EXISTS (
        SELECT FROM partners_partner p JOIN partners_representation h ON h.partner_id = p.id AND h.period @> %(on)s::date
         WHERE p.seller_id = c.seller_id AND p.firm_id = c.buyer_id AND h.person_id = %(mine)s::bigint))
), owed AS (
    SELECT b.line_id, b.value - b.applied AS remaining, LEAST(b.triggered_due_on, b.backstop_due_on) AS due_on,
           (b.disputed_until IS NULL OR b.disputed_until < %(on)s) AS claimed
      FROM mine JOIN credit_batch b ON b.line_id = mine.id AND b.settled_on IS NULL
), lines AS (
    SELECT mine.unapplied, r."limit", r.used, r.held FROM mine JOIN ledger_running r ON r.account_id = mine.account_id
)
SELECT lines.*, owed.* FROM (
    SELECT count(*) AS partners, COALESCE(sum("limit"), 0) AS "limit",
           COALESCE(sum(used) FILTER (WHERE NOT ("limit" = 0 AND used + held <= 0)), 0) AS used,
           COALESCE(sum(held) FILTER (WHERE NOT ("limit" = 0 AND used + held <= 0)), 0) AS held,
           COALESCE(sum(unapplied), 0) AS unapplied, count(*) FILTER (WHERE unapplied > 0) AS unapplied_partners FROM lines) AS lines, (
    SELECT COALESCE(sum(remaining), 0) AS owed, count(*) AS open_batches,
           COALESCE(sum(remaining) FILTER (WHERE claimed AND due_on < %(late)s), 0) AS overdue,
           count(DISTINCT line_id) FILTER (WHERE claimed AND due_on < %(late)s) AS overdue_partners,
           COALESCE(sum(remaining) FILTER (WHERE due_on >= %(on)s AND due_on <= %(soon)s), 0) AS soon,
           count(*) FILTER (WHERE due_on >= %(on)s AND due_on <= %(soon)s) AS soon_batches FROM owed) AS owed
"""

_UNAPPLIED = """
SELECT c.id AS line, f.code AS buyer_code, f.name AS buyer_name, c.grade, c.unapplied
  FROM credit_creditline c JOIN organisation_firm f ON f.id = c.buyer_id
 WHERE c.seller_id = %s AND c.unapplied > 0 ORDER BY c.unapplied DESC, c.id LIMIT 100
"""

_RECORDS = """
SELECT want.line, paid.*, owed.overdue,
       (SELECT count(*) FROM credit_waiver w WHERE w.line_id = want.line AND w.signed_at >= %(since)s::date) AS waivers
  FROM unnest(%(lines)s::bigint[]) AS want(line)
 CROSS JOIN LATERAL (
    SELECT count(*) AS settled, round(avg(b.settled_on - b.opened_on), 1) AS average_days,
           count(*) FILTER (WHERE b.settled_on > b.due_on) AS late,
           COALESCE(max(b.settled_on - b.due_on) FILTER (WHERE b.settled_on > b.due_on), 0) AS longest_late
      FROM (SELECT b.settled_on, b.opened_on, LEAST(b.triggered_due_on, b.backstop_due_on) AS due_on FROM credit_batch b
             WHERE b.line_id = want.line AND b.settled_on >= %(since)s
               AND EXISTS (SELECT FROM credit_application a WHERE a.batch_id = b.id AND a.credit_id IS NULL)
             ORDER BY b.settled_on DESC LIMIT %(most)s) AS b) AS paid
 CROSS JOIN LATERAL (
    SELECT COALESCE(sum(b.value - b.applied), 0) AS overdue FROM credit_batch b
     WHERE b.line_id = want.line AND b.settled_on IS NULL AND LEAST(b.triggered_due_on, b.backstop_due_on) < %(late)s
       AND (b.disputed_until IS NULL OR b.disputed_until < %(on)s)) AS owed
"""


def overdue_before(on: date, tolerance_days: int) -> date:
    """Return the day before which a due day must lie for the batch to be overdue on `on` (M-19.3)."""
    return on - timedelta(days=tolerance_days)


def due_batches(seller: int, *, on: date, representative: int | None = None) -> list[DueBatch]:
    """Return up to 100 open batches of the seller's partners by due day, those without one last.

    With `representative` (a person) only those of the partners whom they represent on the day.
    """
    asked = (seller, representative, on, representative, BATCHES_SHOWN)
    return [DueBatch(**row._asdict()) for row in rows(_DUE, asked)]


def money_figures(seller: int, *, on: date, tolerance_days: int, representative: int | None = None) -> MoneyFigures:
    """Return the seller's credit lines added up as of the day; with `representative` (a person) those of their partners."""
    late, soon = overdue_before(on, tolerance_days), on + timedelta(days=SOON_DAYS)
    (row,) = rows(_FIGURES, {"seller": seller, "mine": representative, "on": on, "late": late, "soon": soon})
    return MoneyFigures(**row._asdict())


def unapplied_lines(seller: int) -> list[UnappliedLine]:
    """Return the seller's credit lines with money for no batch yet, the most first."""
    return [UnappliedLine(**row._asdict()) for row in rows(_UNAPPLIED, (seller,))]


def payment_records(lines: Iterable[int], *, on: date, tolerance_days: int) -> dict[int, PaymentRecord]:
    """Return how the partners of the credit lines paid in the twelve months up to the day, by line, in one statement.

    Of each line the thousand batches that were settled last are looked at.
    """
    wanted = sorted(set(lines))
    if not wanted:
        return {}
    since = _a_year_before(on)
    late = overdue_before(on, tolerance_days)
    found = rows(_RECORDS, {"lines": wanted, "since": since, "late": late, "on": on, "most": MOST_COUNTED})
    return {row.line: PaymentRecord(since=since, **row._asdict()) for row in found}


def _a_year_before(on: date) -> date:
    """29 February has no day a year before; the first of March is taken."""
    try:
        return on.replace(year=on.year - 1)
    except ValueError:
        return date(on.year - 1, 3, 1)
