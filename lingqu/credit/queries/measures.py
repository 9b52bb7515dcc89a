"""How partners pay: the record that signers see, and values that a regulation may judge by.

Periods are half-open: the day `until` is not in them.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec

from lingqu.base.database import rows


class PaymentRecord(msgspec.Struct, frozen=True):
    """How a partner paid on its line since a day: batches settled, how many of them late, and by how many days at most."""

    since: date
    settled: int
    late: int
    longest_late: int


_RECORD = """
SELECT count(*) AS settled, count(*) FILTER (WHERE b.settled_on > LEAST(b.triggered_due_on, b.backstop_due_on)) AS late,
       COALESCE(GREATEST(max(b.settled_on - LEAST(b.triggered_due_on, b.backstop_due_on)), 0), 0) AS longest_late
  FROM credit_batch b WHERE b.line_id = %s AND b.settled_on >= %s AND b.settled_on <= %s
   AND EXISTS (SELECT FROM credit_application a WHERE a.batch_id = b.id AND a.credit_id IS NULL)
"""
_ON_TIME = """
SELECT count(*) AS due, count(*) FILTER (WHERE b.settled_on <= COALESCE(LEAST(b.triggered_due_on, b.backstop_due_on), b.settled_on)) AS kept
  FROM credit_creditline c JOIN credit_batch b ON b.line_id = c.id
 WHERE c.buyer_id = %s
   AND (b.settled_on >= %s AND b.settled_on < %s
        AND EXISTS (SELECT FROM credit_application a WHERE a.batch_id = b.id AND a.credit_id IS NULL)
        OR (LEAST(b.triggered_due_on, b.backstop_due_on) < %s AND (b.settled_on IS NULL OR b.settled_on >= %s)))
"""
_ACCEPTED = """
SELECT (SELECT COALESCE(sum(b.value), 0) FROM credit_creditline c JOIN credit_batch b ON b.line_id = c.id
         WHERE c.buyer_id = %s AND b.opened_on >= %s AND b.opened_on < %s)
       - (SELECT COALESCE(sum(d.amount), 0) FROM credit_creditline c JOIN credit_batchcredit d ON d.line_id = c.id
           WHERE c.buyer_id = %s AND d."on" >= %s AND d."on" < %s) AS value
"""
_RECEIVED = """
SELECT COALESCE(sum(r.amount) FILTER (WHERE r.received_on >= %s AND r.received_on < %s), 0)
       - COALESCE(sum(r.amount) FILTER (WHERE r.reversed_on >= %s AND r.reversed_on < %s), 0) AS value
  FROM credit_creditline c JOIN credit_receipt r ON r.line_id = c.id WHERE c.buyer_id = %s AND NOT r.opening
"""


def payment_record(line: int, *, on: date) -> PaymentRecord:
    """Return how the partner of a line paid in the twelve months up to the day; a batch that was credited whole was never paid."""
    since = _a_year_before(on)
    (row,) = rows(_RECORD, (line, since, on))
    return PaymentRecord(since, row.settled, row.late, row.longest_late)


def on_time_payment(firm: int, *, since: date, until: date) -> Decimal | None:
    """Return the share of batches that the firm paid by their due day, in percent with one decimal; None where none was to pay.

    Counted are the batches settled in the period, and those overdue on its last day, which were not paid in time.
    """
    (row,) = rows(_ON_TIME, (firm, since, until, until - timedelta(days=1), until))
    return (Decimal(100) * row.kept / row.due).quantize(Decimal("0.1")) if row.due else None


def net_accepted(firm: int, *, since: date, until: date) -> Decimal:
    """Return the net value of the firm's requests that were accepted in the period, less what was credited in it, in yuan."""
    (row,) = rows(_ACCEPTED, (firm, since, until, firm, since, until))
    return Decimal(row.value)


def money_received(firm: int, *, since: date, until: date) -> Decimal:
    """Return the money that came in from the firm in the period, in yuan, less what was taken back in it; none that was taken over.

    So the value of a month that is over does not change: a receipt that bounces later counts against the month in which it does.
    """
    (row,) = rows(_RECEIVED, (since, until, since, until, firm))
    return Decimal(row.value)


def _a_year_before(on: date) -> date:
    """29 February has no day a year before; the first of March is taken."""
    try:
        return on.replace(year=on.year - 1)
    except ValueError:
        return date(on.year - 1, 3, 1)
