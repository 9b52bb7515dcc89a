"""Checks of bank lines: each statement gives one row per thing that was looked at: what it is, and whether it is well."""

from __future__ import annotations

from typing import Final

# A line is booked when the receipts that stand for it are all of it; what they are is what was booked to them, on the line's own seller.
BOOKED: Final = """
SELECT format('bank line %%s: %%s, %%s, booked %%s, received %%s', l.id, l.state, l.amount, COALESCE(b.amount, 0), COALESCE(b.received, 0))
       AS what,
       CASE l.state WHEN 'booked' THEN b.amount IS NOT DISTINCT FROM l.amount
                    WHEN 'open' THEN l.amount > 0 AND COALESCE(b.amount, 0) < l.amount
                    ELSE b.amount IS NULL END
       AND b.amount IS NOT DISTINCT FROM b.received AND COALESCE(b.own, true) AND (l.state = 'outgoing') = (l.amount < 0) AS well
  FROM settlement_bankline l
  LEFT JOIN (SELECT o.bank_line_id, sum(o.amount) AS amount, sum(r.amount) AS received, bool_and(c.seller_id = m.seller_id) AS own
               FROM settlement_bankbooking o JOIN settlement_bankline m ON m.id = o.bank_line_id
               JOIN credit_receipt r ON r.id = o.receipt_id AND r.state = 'entered' JOIN credit_creditline c ON c.id = r.line_id
              GROUP BY o.bank_line_id) AS b ON b.bank_line_id = l.id
"""
