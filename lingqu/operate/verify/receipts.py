"""Checks of what was undone: each statement gives one row per thing that was looked at: what it is, and whether it is well."""

from __future__ import annotations

from typing import Final

# A receipt that was taken back pays nothing any more, and exactly its money left the line again; one that stands was not taken back.
REVERSED: Final = """
SELECT format('receipt %%s: %%s, applied %%s, taken back %%s', t.number, t.state, COALESCE(a.amount, 0), COALESCE(p.amount, 0)) AS what,
       CASE t.state WHEN 'reversed' THEN COALESCE(a.amount, 0) = 0 AND p.amount IS NOT DISTINCT FROM t.amount AND t.reversed_on IS NOT NULL
                    ELSE p.amount IS NULL AND t.reversed_on IS NULL END AS well
  FROM credit_receipt t JOIN credit_creditline c ON c.id = t.line_id
  LEFT JOIN (SELECT receipt_id, sum(amount) AS amount FROM credit_application WHERE receipt_id IS NOT NULL GROUP BY receipt_id) AS a
    ON a.receipt_id = t.id
  LEFT JOIN (SELECT b.document_id, b.source_id, sum(b.amount) AS amount
               FROM ledger_posting b JOIN ledger_posting r ON r.id = b.resolves_id AND r.document_kind = 'receipt'
                AND r.document_id = b.document_id
              WHERE b.phase = 'reverse' AND b.document_kind = 'receipt' AND b.amount > 0 GROUP BY b.document_id, b.source_id) AS p
    ON p.document_id = t.id AND p.source_id = c.account_id
"""

# What was taken off an application is never more than it was, and lies on the same batch.
UNDONE: Final = """
SELECT format('application %%s of batch %%s: %%s, taken off %%s', a.id, a.batch_id, a.amount, -sum(u.amount)) AS what,
       a.amount + sum(u.amount) >= 0 AND a.reverses_id IS NULL AND bool_and(u.batch_id = a.batch_id) AS well
  FROM credit_application u JOIN credit_application a ON a.id = u.reverses_id GROUP BY a.id
"""

CREDITS: Final = """
SELECT format('credit %%s: %%s, applied %%s, kept %%s, posted %%s', d.number, d.amount, COALESCE(a.amount, 0), d.unapplied, p.amount)
       AS what,
       d.amount = COALESCE(a.amount, 0) + d.unapplied AND p.amount IS NOT DISTINCT FROM d.amount
       AND (s.amount <= b.value OR d.batch_id IS NULL) AS well
  FROM credit_batchcredit d LEFT JOIN credit_batch b ON b.id = d.batch_id JOIN credit_creditline c ON c.id = d.line_id
  LEFT JOIN (SELECT credit_id, sum(amount) AS amount FROM credit_application GROUP BY credit_id) AS a ON a.credit_id = d.id
  LEFT JOIN (SELECT batch_id, sum(amount) AS amount FROM credit_batchcredit GROUP BY batch_id) AS s ON s.batch_id = d.batch_id
  LEFT JOIN (SELECT document_id, destination_id, sum(amount) AS amount FROM ledger_posting
              WHERE document_kind = 'batch_credit' GROUP BY document_id, destination_id) AS p
    ON p.document_id = d.id AND p.destination_id = c.account_id
"""

WRITTEN_OFF: Final = """
SELECT format('write-off %%s: %%s, %%s, applied %%s, posted %%s', w.number, w.state, w.amount, a.amount, p.amount) AS what,
       CASE w.state WHEN 'applied' THEN (a.amount, p.amount) IS NOT DISTINCT FROM (w.amount, w.amount)
                    ELSE a.amount IS NULL AND p.amount IS NULL END AS well
  FROM credit_writeoff w
  LEFT JOIN (SELECT write_off_id, sum(amount) AS amount FROM credit_application GROUP BY write_off_id) AS a ON a.write_off_id = w.id
  LEFT JOIN (SELECT document_id, sum(amount) AS amount FROM ledger_posting WHERE document_kind = 'write_off' GROUP BY document_id) AS p
    ON p.document_id = w.id
"""

# Money that waits is what receipts and credits left over, less what went to batches since and what was taken back of it. Receipts taken
# over from the books before count like others.
WAITING: Final = """
SELECT format('credit line %%s: %%s waits, receipts and credits left %%s, used %%s', c.id, c.unapplied,
              COALESCE(r.kept, 0) + COALESCE(d.kept, 0), COALESCE(u.used, 0)) AS what,
       c.unapplied = COALESCE(r.kept, 0) + COALESCE(d.kept, 0) - COALESCE(u.used, 0) AS well
  FROM credit_creditline c
  LEFT JOIN (SELECT line_id, sum(unapplied) AS kept FROM credit_receipt WHERE state = 'entered' GROUP BY line_id) AS r ON r.line_id = c.id
  LEFT JOIN (SELECT line_id, sum(unapplied) AS kept FROM credit_batchcredit GROUP BY line_id) AS d ON d.line_id = c.id
  LEFT JOIN (SELECT b.line_id, sum(a.amount) AS used FROM credit_application a JOIN credit_batch b ON b.id = a.batch_id
              WHERE a.receipt_id IS NULL AND a.credit_id IS NULL AND a.write_off_id IS NULL AND a.kind <> 'write_off'
              GROUP BY b.line_id) AS u ON u.line_id = c.id
"""
