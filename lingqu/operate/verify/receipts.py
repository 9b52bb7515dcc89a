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

# A credit lowers what is owed, then what was written off; it leaves money only where nothing of its batch was still written off then.
CREDITS: Final = """
SELECT format('credit %%s: %%s, applied %%s, kept %%s, posted %%s; lowered %%s, posted back %%s, still written off %%s', d.number, d.amount,
              COALESCE(a.amount, 0), d.unapplied, p.amount, d.lowered, COALESCE(l.amount, 0), COALESCE(w.amount, 0)) AS what,
       d.amount = COALESCE(a.amount, 0) + d.unapplied AND p.amount IS NOT DISTINCT FROM d.amount
       AND d.lowered = COALESCE(l.amount, 0) AND (d.unapplied = 0 OR COALESCE(w.amount, 0) = 0)
       AND (s.amount <= b.value OR d.batch_id IS NULL) AS well
  FROM credit_batchcredit d LEFT JOIN credit_batch b ON b.id = d.batch_id JOIN credit_creditline c ON c.id = d.line_id
  LEFT JOIN (SELECT credit_id, sum(amount) AS amount FROM credit_application GROUP BY credit_id) AS a ON a.credit_id = d.id
  LEFT JOIN (SELECT batch_id, sum(amount) AS amount FROM credit_batchcredit GROUP BY batch_id) AS s ON s.batch_id = d.batch_id
  LEFT JOIN (SELECT document_id, destination_id, sum(amount) AS amount, min(id) AS id FROM ledger_posting
              WHERE document_kind = 'batch_credit' GROUP BY document_id, destination_id) AS p
    ON p.document_id = d.id AND p.destination_id = c.account_id
  LEFT JOIN (SELECT document_id, source_id, sum(amount) AS amount FROM ledger_posting
              WHERE document_kind = 'batch_credit' AND phase = 'reverse' AND reason = 'write_off' GROUP BY document_id, source_id) AS l
    ON l.document_id = d.id AND l.source_id = c.account_id
  LEFT JOIN LATERAL (
    SELECT sum(g.amount - COALESCE((SELECT sum(k.amount) FROM ledger_posting k WHERE k.resolves_id = g.id AND k.phase = 'reverse'
                                       AND (k.id < p.id OR k.document_kind = 'batch_credit' AND k.document_id = d.id)), 0)) AS amount
      FROM (SELECT 'batch' AS kind, d.batch_id AS id
             UNION ALL SELECT 'write_off', f.id FROM credit_writeoff f WHERE f.batch_id = d.batch_id) AS paper
      JOIN ledger_posting g ON g.document_kind = paper.kind AND g.document_id = paper.id
     WHERE d.unapplied > 0 AND g.id < p.id AND g.phase = 'direct' AND g.reason = 'write_off' AND g.destination_id = c.account_id
  ) AS w ON true
"""

# What a later credit took off a write-off is off its applications and posted back alike.
WRITTEN_OFF: Final = """
SELECT format('write-off %%s: %%s, %%s, applied %%s, posted %%s; taken off %%s, posted back %%s', w.number, w.state, w.amount, a.amount,
              p.amount, COALESCE(a.back, 0), COALESCE(p.back, 0)) AS what,
       CASE w.state WHEN 'applied' THEN (a.amount, p.amount) IS NOT DISTINCT FROM (w.amount, w.amount)
                                        AND COALESCE(a.back, 0) = COALESCE(p.back, 0)
                    ELSE a.amount IS NULL AND p.amount IS NULL END AS well
  FROM credit_writeoff w
  LEFT JOIN (SELECT write_off_id, sum(amount) FILTER (WHERE reverses_id IS NULL) AS amount,
                    -sum(amount) FILTER (WHERE reverses_id IS NOT NULL) AS back
               FROM credit_application GROUP BY write_off_id) AS a ON a.write_off_id = w.id
  LEFT JOIN (SELECT g.document_id, sum(g.amount) AS amount, sum(k.amount) AS back FROM ledger_posting g
               LEFT JOIN (SELECT resolves_id, sum(amount) AS amount FROM ledger_posting WHERE phase = 'reverse' GROUP BY resolves_id) AS k
                 ON k.resolves_id = g.id
              WHERE g.document_kind = 'write_off' AND g.phase = 'direct' AND g.reason = 'write_off' GROUP BY g.document_id) AS p
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
