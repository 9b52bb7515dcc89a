"""Checks of going live: each statement gives one row per thing that was looked at: what it is, and whether it is well."""

from __future__ import annotations

from typing import Final

# What was taken over is the rows and the sum that two people signed, as the ledger has them; of other workbooks nothing was taken over.
TAKEN_OVER: Final = """
WITH posted AS (
    SELECT p.document_id, sum(p.amount) AS amount FROM ledger_posting p
     WHERE p.document_kind = 'batch' AND p.reason = 'taken_over' AND p.phase = 'direct' GROUP BY p.document_id
), received AS (
    SELECT p.document_id, sum(p.amount) AS amount FROM ledger_posting p JOIN credit_receipt t ON t.id = p.document_id AND t.opening
     WHERE p.document_kind = 'receipt' AND p.reason = 'receipt' AND p.phase = 'direct' GROUP BY p.document_id
), came AS (
    SELECT o.file_id, sum(p.amount) AS amount
      FROM (SELECT DISTINCT file_id, became_id FROM opening_openingrow WHERE became_kind = 'goods_in') AS o
      JOIN ledger_posting p ON p.document_kind = 'goods_in' AND p.document_id = o.became_id GROUP BY o.file_id
), taken AS (
    SELECT o.file_id, count(*) AS many, sum(COALESCE(b.amount, r.amount)) AS amount
      FROM opening_openingrow o
      LEFT JOIN posted b ON o.became_kind = 'batch' AND b.document_id = o.became_id
      LEFT JOIN received r ON o.became_kind = 'receipt' AND r.document_id = o.became_id
     GROUP BY o.file_id
)
SELECT format('workbook %%s (%%s): %%s rows and %%s signed, %%s rows and %%s taken over', f.number, f.state, f.totals ->> 'rows',
              COALESCE(f.totals ->> 'amount', f.totals ->> 'copies', '-'), COALESCE(t.many, 0), COALESCE(t.amount, c.amount)) AS what,
       CASE f.state WHEN 'booked'
                    THEN COALESCE(t.many, 0) = f.rows_count AND (f.totals ->> 'rows')::int = f.rows_count
                         AND f.signed_by_id <> f.booked_by_id
                         AND COALESCE(t.amount, c.amount, 0) = COALESCE(f.totals ->> 'amount', f.totals ->> 'copies', '0')::numeric
                    ELSE t.many IS NULL END AS well
  FROM opening_openingfile f LEFT JOIN taken t ON t.file_id = f.id LEFT JOIN came c ON c.file_id = f.id
"""
