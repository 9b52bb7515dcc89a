"""Checks of money and stock: each statement gives one row per thing that was looked at: what it is, and whether it is well."""

from __future__ import annotations

from typing import Final

RUNNING: Final = """
WITH moved AS (
    SELECT account, sum(amount) AS used, sum(count) AS opened
      FROM (SELECT source_id AS account, amount, count FROM ledger_posting WHERE phase IN ('direct', 'settle', 'reverse')
            UNION ALL
            SELECT destination_id, -amount, -count FROM ledger_posting WHERE phase IN ('direct', 'settle', 'reverse')) AS side
     GROUP BY account
), holding AS (
    SELECT h.source_id AS account, sum(h.amount) AS held, sum(h.count) AS counted
      FROM ledger_posting h LEFT JOIN ledger_posting e ON e.resolves_id = h.id
     WHERE h.phase = 'hold' AND e.id IS NULL GROUP BY h.source_id
)
SELECT format('account %%s (%%s): %%s + %%s held, %%s + %%s open; postings say %%s + %%s, %%s + %%s', r.account_id, a.kind, r.used, r.held,
              r.open_count, r.held_count, COALESCE(m.used, 0), COALESCE(h.held, 0), COALESCE(m.opened, 0), COALESCE(h.counted, 0)) AS what,
       r.used = COALESCE(m.used, 0) AND r.held = COALESCE(h.held, 0)
       AND r.open_count = COALESCE(m.opened, 0) AND r.held_count = COALESCE(h.counted, 0) AS well
  FROM ledger_running r JOIN ledger_account a ON a.id = r.account_id
  LEFT JOIN moved m ON m.account = r.account_id LEFT JOIN holding h ON h.account = r.account_id
 WHERE NOT r.is_group OR m.account IS NOT NULL OR h.account IS NOT NULL
"""

# A group has no postings of its own. Who belongs to it must be who was last put into it.
GROUPS: Final = """
WITH latest AS (
    SELECT DISTINCT ON (account_id) account_id, group_id FROM ledger_groupchange ORDER BY account_id, id DESC
), members AS (
    SELECT group_id, sum(used) AS used, sum(held) AS held, sum(open_count) AS opened, sum(held_count) AS counted
      FROM ledger_running WHERE group_id IS NOT NULL GROUP BY group_id
)
SELECT format('group %%s: %%s + %%s held, %%s + %%s open; its members %%s + %%s, %%s + %%s', g.account_id, g.used, g.held, g.open_count,
              g.held_count, COALESCE(m.used, 0), COALESCE(m.held, 0), COALESCE(m.opened, 0), COALESCE(m.counted, 0)) AS what,
       g.is_group AND g.used = COALESCE(m.used, 0) AND g.held = COALESCE(m.held, 0)
       AND g.open_count = COALESCE(m.opened, 0) AND g.held_count = COALESCE(m.counted, 0) AS well
  FROM ledger_running g LEFT JOIN members m ON m.group_id = g.account_id
 WHERE g.is_group OR m.group_id IS NOT NULL
UNION ALL
SELECT format('account %%s: in group %%s, put into %%s', r.account_id, COALESCE(r.group_id::text, '-'), COALESCE(l.group_id::text, '-')),
       r.group_id IS NOT DISTINCT FROM l.group_id
  FROM ledger_running r LEFT JOIN latest l ON l.account_id = r.account_id
 WHERE r.group_id IS NOT NULL OR l.group_id IS NOT NULL
"""

REVERSALS: Final = """
SELECT format('posting %%s: %%s %%s, %%s batches; taken back %%s, %%s', o.id, o.amount, o.unit, o.count, sum(b.amount), sum(b.count))
       AS what,
       o.phase IN ('direct', 'settle') AND sum(b.amount) <= o.amount AND sum(b.count) <= greatest(o.count, 0)
       AND bool_and(b.source_id = o.destination_id AND b.destination_id = o.source_id AND b.count >= 0) AS well
  FROM ledger_posting b JOIN ledger_posting o ON o.id = b.resolves_id WHERE b.phase = 'reverse' GROUP BY o.id
"""

# One row is one posting with one amount, so both sides agree as soon as both accounts count in its unit.
TWO_SIDED: Final = """
SELECT format('posting %%s: %%s from %%s to %%s', p.id, p.unit, s.unit, d.unit) AS what, p.unit = s.unit AND p.unit = d.unit AS well
  FROM ledger_posting p JOIN ledger_account s ON s.id = p.source_id JOIN ledger_account d ON d.id = p.destination_id
"""

LIMITS: Final = """
SELECT format('account %%s: limit %%s and %%s, set to %%s and %%s', r.account_id, r."limit", r.count_limit, l."limit",
              l.count_limit) AS what,
       r."limit" = COALESCE(l."limit", 0) AND r.count_limit IS NOT DISTINCT FROM l.count_limit AS well
  FROM ledger_running r
  LEFT JOIN (SELECT DISTINCT ON (account_id) account_id, "limit", count_limit FROM ledger_limitchange ORDER BY account_id, id DESC) AS l
    ON l.account_id = r.account_id
"""

EXPOSURE: Final = """
SELECT format('credit line %%s: used %%s, open batches less unapplied money %%s', c.id, r.used, COALESCE(b.owed, 0) - c.unapplied) AS what,
       r.used = COALESCE(b.owed, 0) - c.unapplied AS well
  FROM credit_creditline c JOIN ledger_running r ON r.account_id = c.account_id
  LEFT JOIN (SELECT line_id, sum(value - applied) AS owed FROM credit_batch WHERE settled_on IS NULL GROUP BY line_id) AS b
    ON b.line_id = c.id
"""

OPEN_BATCHES: Final = """
SELECT format('credit line %%s: %%s open, counted batches %%s', c.id, r.open_count, COALESCE(b.counted, 0)) AS what,
       r.open_count = COALESCE(b.counted, 0) AS well
  FROM credit_creditline c JOIN ledger_running r ON r.account_id = c.account_id
  LEFT JOIN (SELECT line_id, sum(counted) AS counted FROM credit_batch WHERE settled_on IS NULL GROUP BY line_id) AS b ON b.line_id = c.id
"""

RECEIPTS: Final = """
SELECT format('receipt %%s: %%s, posted %%s', t.number, t.amount, p.amount) AS what, t.amount IS NOT DISTINCT FROM p.amount AS well
  FROM credit_receipt t JOIN credit_creditline c ON c.id = t.line_id
  LEFT JOIN (SELECT document_id, destination_id, sum(amount) AS amount FROM ledger_posting
              WHERE document_kind = 'receipt' AND reason = 'receipt' GROUP BY document_id, destination_id) AS p
    ON p.document_id = t.id AND p.destination_id = c.account_id
"""

APPLICATIONS: Final = """
SELECT format('batch %%s of line %%s: applied %%s, applications %%s', b.number, b.line_id, b.applied, COALESCE(a.amount, 0)) AS what,
       b.applied = COALESCE(a.amount, 0) AND (b.settled_on IS NULL OR b.applied = b.value) AS well
  FROM credit_batch b LEFT JOIN (SELECT batch_id, sum(amount) AS amount FROM credit_application GROUP BY batch_id) AS a ON a.batch_id = b.id
"""

RESERVED: Final = """
SELECT format('stock item %%s: held %%s, lines reserve %%s', s.id, r.held, COALESCE(l.reserved, 0)) AS what,
       r.held = COALESCE(l.reserved, 0) AS well
  FROM inventory_stockitem s JOIN inventory_warehouse w ON w.id = s.warehouse_id JOIN ledger_running r ON r.account_id = s.account_id
  LEFT JOIN (SELECT o.seller_id, l.product_id, sum(l.reserved) AS reserved
               FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
              WHERE l.reserved > 0 AND o.state IN ('held', 'accepted', 'part_shipped') GROUP BY o.seller_id, l.product_id) AS l
    ON l.seller_id = w.firm_id AND l.product_id = s.product_id
"""

# What is on hand is what the postings say, so that a wrong running row is told once, by the check of running rows.
LOTS: Final = """
WITH gone AS (
    SELECT source_id, destination_id, amount FROM ledger_posting WHERE phase IN ('direct', 'settle', 'reverse')
), moved AS (
    SELECT account, sum(copies) AS copies
      FROM (SELECT destination_id AS account, amount AS copies FROM gone UNION ALL SELECT source_id, -amount FROM gone) AS side
     GROUP BY account
), each AS (
    SELECT lot_id, sum(copies) AS copies FROM inventory_lotmove GROUP BY lot_id
), lots AS (
    SELECT lot.item_id, sum(lot.remaining) AS remaining, bool_and(lot.remaining = COALESCE(each.copies, 0)) AS well
      FROM inventory_lot lot LEFT JOIN each ON each.lot_id = lot.id GROUP BY lot.item_id
)
SELECT format('stock item %%s: on hand %%s, lots %%s', s.id, COALESCE(m.copies, 0), COALESCE(l.remaining, 0)) AS what,
       COALESCE(m.copies, 0) = COALESCE(l.remaining, 0) AND COALESCE(l.well, true) AS well
  FROM inventory_stockitem s LEFT JOIN moved m ON m.account = s.account_id LEFT JOIN lots l ON l.item_id = s.id
"""

COUNTS: Final = """
SELECT format('count %%s: %%s copies differ, %%s posted', c.number, l.copies, COALESCE(p.copies, 0)) AS what,
       l.copies = COALESCE(p.copies, 0) AS well
  FROM inventory_stockcount c
  JOIN (SELECT count_id, sum(counted - book) AS copies FROM inventory_stockcountline GROUP BY count_id) AS l ON l.count_id = c.id
  LEFT JOIN (SELECT m.document_id, sum(m.copies) AS copies FROM inventory_lotmove m WHERE m.document_kind = 'stock_count'
              GROUP BY m.document_id) AS p ON p.document_id = c.id
 WHERE c.state = 'booked'
"""
