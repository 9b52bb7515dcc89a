"""Checks of returns and transfers: what was credited is what their papers say, and both sides of a transfer moved alike."""

from __future__ import annotations

from typing import Final

REQUESTS: Final = """
SELECT format('return %%s (%%s): credited %%s, lines %%s, papers %%s', r.number, r.state, r.credited, l.credited,
              COALESCE(p.net, 0) + COALESCE(c.amount, 0)) AS what,
       (r.state = 'booked') = (r.counted_at IS NOT NULL) AND l.credited = r.credited
       AND r.credited = COALESCE(p.net, 0) + COALESCE(c.amount, 0) AND (c.id IS NULL OR c.unapplied = c.amount)
       AND l.accepted >= COALESCE(p.copies, 0) AS well
  FROM returns_returnrequest r
  JOIN (SELECT request_id, sum(credited) AS credited, sum(accepted) AS accepted FROM returns_returnline GROUP BY request_id) AS l
    ON l.request_id = r.id
  LEFT JOIN (SELECT p.request_id, sum(x.net - x.relief) AS net, sum(x.copies) AS copies
               FROM returns_returnpaper p JOIN orders_goodsreturnline x ON x.goods_return_id = p.goods_return_id
              GROUP BY p.request_id) AS p
    ON p.request_id = r.id
  LEFT JOIN credit_batchcredit c ON c.id = r.credit_id
"""

TRANSFERS: Final = """
SELECT format('transfer %%s (%%s): given %%s, taken %%s, back %%s, credited %%s of %%s', t.number, t.state, l.given, l.taken,
              COALESCE(p.copies, 0), t.credited, COALESCE(p.net, 0)) AS what,
       CASE WHEN t.state = 'moved'
            THEN l.given = l.taken AND l.given = p.copies AND t.credited = p.net AND COALESCE(d.copies, 0) >= l.taken
            ELSE p.copies IS NULL AND t.credited = 0 END AS well
  FROM returns_transfer t
  JOIN (SELECT transfer_id, sum(given) AS given, sum(taken) AS taken FROM returns_transferline GROUP BY transfer_id) AS l
    ON l.transfer_id = t.id
  LEFT JOIN (SELECT p.transfer_id, sum(x.net - x.relief) AS net, sum(x.copies) AS copies
               FROM returns_returnpaper p JOIN orders_goodsreturnline x ON x.goods_return_id = p.goods_return_id
              GROUP BY p.transfer_id) AS p
    ON p.transfer_id = t.id
  LEFT JOIN (SELECT d.order_id, sum(x.copies) AS copies FROM orders_delivery d JOIN orders_deliveryline x ON x.delivery_id = d.id
              GROUP BY d.order_id) AS d ON d.order_id = t.order_id
"""
