"""Checks of deliveries and their differences: each statement gives one row per thing that was looked at, and whether it is well."""

from __future__ import annotations

from typing import Final

# What is sent again after a difference counts as not shipped.
DELIVERIES: Final = """
SELECT format('order %%s line %%s: shipped %%s, delivered %%s, of these to be sent again %%s', l.order_id, l.line, l.shipped,
              COALESCE(d.copies, 0), COALESCE(a.copies, 0)) AS what,
       l.shipped = COALESCE(d.copies, 0) - COALESCE(a.copies, 0) AS well
  FROM orders_orderline l
  LEFT JOIN (SELECT order_line_id, sum(copies) AS copies FROM orders_deliveryline GROUP BY order_line_id) AS d ON d.order_line_id = l.id
  LEFT JOIN (SELECT order_line_id, sum(copies) AS copies FROM orders_differenceline WHERE answer = 'send_again' GROUP BY order_line_id) AS a
    ON a.order_line_id = l.id
 WHERE l.shipped > 0 OR d.copies > 0 OR a.copies > 0
"""

# What the warehouse found of copies that are sent again is in stock, and the rest of them is lost; what is credited stands in its return.
# No line lacks more than its delivery brought, and a delivery waits for an answer exactly while a report of it does.
DIFFERENCES: Final = """
WITH each AS (
    SELECT difference_id, sum(found) FILTER (WHERE answer = 'send_again') AS found,
           sum(copies - found) FILTER (WHERE answer = 'send_again') AS lost, sum(copies) FILTER (WHERE answer = 'credit') AS credited,
           count(*) FILTER (WHERE answer = '') AS open
      FROM orders_differenceline GROUP BY difference_id
), posted AS (
    SELECT document_id, sum(amount) FILTER (WHERE reason = 'found') AS found, sum(amount) FILTER (WHERE reason = 'lost') AS lost
      FROM ledger_posting WHERE document_kind = 'difference' GROUP BY document_id
)
SELECT format('difference %%s: %%s, found %%s, lost %%s, credited %%s; posted %%s and %%s, returned %%s', f.number, f.state,
              COALESCE(e.found, 0), COALESCE(e.lost, 0), COALESCE(e.credited, 0), COALESCE(p.found, 0), COALESCE(p.lost, 0),
              COALESCE(r.copies, 0)) AS what,
       COALESCE(e.found, 0) = COALESCE(p.found, 0) AND COALESCE(e.lost, 0) = COALESCE(p.lost, 0)
       AND COALESCE(e.credited, 0) = COALESCE(r.copies, 0) AND (f.state = 'answered') = (e.open IS NOT DISTINCT FROM 0) AS well
  FROM orders_difference f
  LEFT JOIN each e ON e.difference_id = f.id
  LEFT JOIN posted p ON p.document_id = f.id
  LEFT JOIN (SELECT goods_return_id, sum(copies) AS copies FROM orders_goodsreturnline GROUP BY goods_return_id) AS r
    ON r.goods_return_id = f.goods_return_id
UNION ALL
SELECT format('delivery %%s: %%s, open reports %%s', d.number, d.state, COALESCE(w.waiting, 0)),
       CASE d.state WHEN 'differing' THEN w.waiting = 1 ELSE w.waiting IS NULL END
       AND (d.state = 'sent') = (d.received_at IS NULL)
  FROM orders_delivery d
  LEFT JOIN (SELECT delivery_id, count(*) AS waiting FROM orders_difference WHERE state <> 'answered' GROUP BY delivery_id) AS w
    ON w.delivery_id = d.id
UNION ALL
SELECT format('delivery %%s line %%s: brought %%s, lacks %%s', f.delivery_id, n.order_line_id, COALESCE(b.copies, 0), n.copies),
       n.copies <= COALESCE(b.copies, 0)
  FROM (SELECT x.delivery_id, y.order_line_id, sum(y.copies) AS copies FROM orders_difference x
          JOIN orders_differenceline y ON y.difference_id = x.id AND y.answer IN ('send_again', 'credit')
         GROUP BY x.delivery_id, y.order_line_id) AS n
  JOIN (SELECT DISTINCT delivery_id FROM orders_difference) AS f ON f.delivery_id = n.delivery_id
  LEFT JOIN (SELECT delivery_id, order_line_id, sum(copies) AS copies FROM orders_deliveryline GROUP BY delivery_id, order_line_id) AS b
    ON b.delivery_id = n.delivery_id AND b.order_line_id = n.order_line_id
"""

PARCELS: Final = """
SELECT format('delivery %%s: %%s parcels, the last is number %%s, waybill %%s', d.number, COALESCE(p.many, 0), p.last, d.waybill) AS what,
       p.many BETWEEN 1 AND 50 AND p.many = p.last AND p.first = d.waybill AS well
  FROM orders_delivery d
  LEFT JOIN (SELECT delivery_id, count(*) AS many, max(number) AS last, max(waybill) FILTER (WHERE number = 1) AS first
               FROM orders_parcel GROUP BY delivery_id) AS p ON p.delivery_id = d.id
"""
