"""Checks of orders, batches and facts: each statement gives one row per thing that was looked at: what it is, and whether it is well."""

from __future__ import annotations

from typing import Final

HOLDS: Final = """
WITH held AS (
    SELECT o.id, o.net, c.account_id FROM orders_order o JOIN credit_creditline c ON c.seller_id = o.seller_id AND c.buyer_id = o.buyer_id
     WHERE o.state = 'held' AND o.net > 0
), holding AS (
    SELECT h.document_id AS id, h.amount, h.source_id AS account_id
      FROM ledger_posting h JOIN credit_creditline c ON c.account_id = h.source_id LEFT JOIN ledger_posting e ON e.resolves_id = h.id
     WHERE h.phase = 'hold' AND h.document_kind = 'order' AND e.id IS NULL
)
SELECT format('order %%s: awaits acceptance with %%s, held %%s', COALESCE(o.id, h.id), o.net, h.amount) AS what,
       COALESCE(o.net = h.amount, false) AS well
  FROM held o FULL JOIN holding h ON h.id = o.id AND h.account_id = o.account_id
"""

HEADS: Final = """
SELECT format('order %%s: %%s titles, %%s copies, %%s, net %%s; its lines %%s, %%s, %%s, %%s',
              o.number, o.titles, o.copies, o.list_value, o.net, l.titles, l.copies, l.list_value, l.net) AS what,
       (o.titles, o.copies, o.list_value, o.net) IS NOT DISTINCT FROM (l.titles, l.copies, l.list_value, l.net) AS well
  FROM orders_order o
  LEFT JOIN (SELECT order_id, count(*) FILTER (WHERE copies > 0) AS titles, sum(copies) AS copies, sum(list_value) AS list_value,
                    sum(net) AS net FROM orders_orderline GROUP BY order_id) AS l ON l.order_id = o.id
"""

# Multiplied by 0.0001, not divided: a numeric product is exact, and round() takes a half away from zero, which is up here.
LINES: Final = """
SELECT format('order %%s line %%s: %%s × %%s × %%s bp, list-price value %%s, net %%s', order_id, line, list_price, copies, discount_bp,
              list_value, net) AS what,
       list_value = round(list_price * copies, 2) AND net = round(list_price * copies * discount_bp * 0.0001, 2) AS well
  FROM orders_orderline
"""

# What was closed or made less after acceptance lowers the request; what was cancelled or came back does not. A batch that was taken over
# from the books before, or parted from a request that was opened again, has no request.
BATCHES: Final = """
SELECT format('order %%s: %%s, settled %%s; its batch %%s, settled %%s', COALESCE(o.number, b.request), o.net, o.settled_on, b.value,
              b.settled_on) AS what,
       COALESCE(o.net = b.value, false) AND o.settled_on IS NOT DISTINCT FROM b.settled_on AS well
  FROM (SELECT id, number, net, settled_on FROM orders_order o
         WHERE accepted_at IS NOT NULL AND (net > 0 OR EXISTS (SELECT FROM credit_batch c WHERE c.document_id = o.id))) AS o
  FULL JOIN (SELECT b.document_id, b.request, b.settled_on, b.value - COALESCE(d.amount, 0) AS value FROM credit_batch b
               LEFT JOIN (SELECT batch_id, sum(amount) AS amount FROM credit_batchcredit WHERE cause IN ('closed', 'amended')
                           GROUP BY batch_id) AS d ON d.batch_id = b.id
              WHERE b.document_id IS NOT NULL) AS b ON b.document_id = o.id
"""

RETURNS: Final = """
SELECT format('order %%s line %%s: returned %%s, counted %%s', l.order_id, l.line, l.returned, COALESCE(r.copies, 0)) AS what,
       l.returned = COALESCE(r.copies, 0) AS well
  FROM orders_orderline l
  LEFT JOIN (SELECT order_line_id, sum(copies) AS copies FROM orders_goodsreturnline GROUP BY order_line_id) AS r ON r.order_line_id = l.id
 WHERE l.returned > 0 OR r.copies > 0
UNION ALL
SELECT format('return %%s: %%s, credited %%s', g.number, n.net, COALESCE(c.amount, 0)), n.net IS NOT DISTINCT FROM COALESCE(c.amount, 0)
  FROM orders_goodsreturn g
  LEFT JOIN (SELECT goods_return_id, sum(net - relief) AS net FROM orders_goodsreturnline GROUP BY goods_return_id) AS n
    ON n.goods_return_id = g.id
  LEFT JOIN credit_batchcredit c ON c.id = g.credit_id
"""

CANCELLED: Final = """
SELECT format('order %%s: cancelled at %%s, credited %%s', o.number, o.net, COALESCE(c.amount, 0)) AS what,
       o.net = COALESCE(c.amount, 0) AS well
  FROM orders_order o
  LEFT JOIN credit_batch b ON b.document_id = o.id
  LEFT JOIN (SELECT batch_id, sum(amount) AS amount FROM credit_batchcredit WHERE cause = 'cancelled' GROUP BY batch_id) AS c
    ON c.batch_id = b.id
 WHERE o.state = 'cancelled'
"""

FACTS: Final = """
SELECT format('order %%s', o.number) AS what, f.subject_id IS NOT NULL AS well
  FROM orders_order o
  LEFT JOIN (SELECT DISTINCT subject_id FROM audit_fact WHERE subject = 'order' AND verb = 'submit') AS f ON f.subject_id = o.id
"""

# A request that never got its contract ends without one: taken back, declined, or merged.
CONTRACTS: Final = """
SELECT format('order %%s: %%s, needs a contract %%s, complete since %%s, scans %%s and %%s', o.number, o.state, o.needs_contract,
              o.received_at, COALESCE(f.stamped, 0), COALESCE(f.returned, 0)) AS what,
       CASE WHEN o.state = 'papers' THEN o.needs_contract AND o.received_at IS NULL AND o.answer_until IS NULL
            WHEN NOT o.needs_contract THEN o.received_at IS NOT NULL
            WHEN o.received_at IS NULL THEN o.accepted_at IS NULL
            ELSE f.stamped > 0 AND (o.accepted_at IS NULL OR f.returned > 0 OR o.countersigned <> '') END AS well
  FROM orders_order o
  LEFT JOIN (SELECT document_id, count(*) FILTER (WHERE role = 'contract') AS stamped,
                    count(*) FILTER (WHERE role = 'countersigned') AS returned
               FROM documents_attachment WHERE document_kind = 'order' GROUP BY document_id) AS f ON f.document_id = o.id
"""

LATE: Final = """
SELECT format('order %%s: to be answered until %%s', number,
              to_char(answer_until AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI')) AS what,
       COALESCE(answer_until > %s, true) AS well
  FROM orders_order WHERE state = 'held'
"""
