"""Checks of price protection claims: credited once what their lines come to, and no copy that was not shipped in the window.

And that what was made good is taken back once, when its copies come back, and never more of it than was granted.
"""

from __future__ import annotations

from typing import Final

_CREDITED: Final = """
WITH priced AS (
    SELECT l.claim_id, l.copies, l.amount, s.copies AS named,
           round(s.whole * c.share / 1000000, 2) AS worth
      FROM claims_priceclaimline l JOIN claims_priceclaim c ON c.id = l.claim_id
      JOIN (SELECT claim_line_id, sum(copies) AS copies, sum(drop * copies * discount_bp) AS whole
              FROM claims_priceclaimsource GROUP BY claim_line_id) AS s ON s.claim_line_id = l.id
), lines AS (
    SELECT claim_id, sum(copies) AS copies, sum(amount) AS amount, bool_and(amount = worth AND copies = named) AS well
      FROM priced GROUP BY claim_id
)
SELECT format('price claim %%s (%%s): %%s yuan for %%s copies, lines %%s for %%s, credited %%s', c.number, c.state, c.amount, c.copies,
              l.amount, l.copies, COALESCE(d.amount::text, '-')) AS what,
       l.well AND c.amount = l.amount AND c.copies = l.copies AND (c.state = 'credited') = (d.id IS NOT NULL)
       AND (d.id IS NULL OR d.amount = c.amount AND d.cause = 'price_cut' AND d.batch_id IS NULL
                            AND n.seller_id = c.seller_id AND n.buyer_id = c.buyer_id) AS well
  FROM claims_priceclaim c LEFT JOIN lines l ON l.claim_id = c.id
  LEFT JOIN credit_batchcredit d ON d.id = c.credit_id LEFT JOIN credit_creditline n ON n.id = d.line_id
UNION ALL
SELECT format('credit %%s: for a price cut, of no claim', d.number), c.id IS NOT NULL
  FROM credit_batchcredit d LEFT JOIN claims_priceclaim c ON c.credit_id = d.id WHERE d.cause = 'price_cut'
UNION ALL
SELECT format('line %%s: %%s copies claimed for the price of %%s, %%s shipped in the window', m.order_line_id, m.copies, m.since,
              COALESCE(sum(x.copies), 0)),
       m.copies <= COALESCE(sum(x.copies), 0)
  FROM (SELECT s.order_line_id, p.since, max(c.window_days) AS days, sum(s.copies) AS copies
          FROM claims_priceclaimsource s JOIN claims_priceclaimline l ON l.id = s.claim_line_id
          JOIN claims_priceclaim c ON c.id = l.claim_id JOIN catalogue_listprice p ON p.id = l.price_id
         WHERE c.state IN ('asked', 'sent_back', 'credited') GROUP BY s.order_line_id, p.id, p.since) AS m
  LEFT JOIN (SELECT y.order_line_id, y.copies, (d.shipped_at AT TIME ZONE 'Asia/Shanghai')::date AS day
               FROM orders_deliveryline y JOIN orders_delivery d ON d.id = y.delivery_id) AS x
    ON x.order_line_id = m.order_line_id AND x.day < m.since AND x.day >= m.since - m.days
 GROUP BY m.order_line_id, m.since, m.copies
"""

# What a source of a credited claim was granted, as its line is rounded once; then what was taken back of it, and for which returns.
_RELIEF: Final = """
WITH granted AS (
    SELECT s.id, s.order_line_id, s.copies, c.number, c.state,
           round(sum(s.drop * s.copies * s.discount_bp) OVER w * c.share / 1000000, 2)
           - round((sum(s.drop * s.copies * s.discount_bp) OVER w - s.drop * s.copies * s.discount_bp) * c.share / 1000000, 2) AS amount
      FROM claims_priceclaimsource s JOIN claims_priceclaimline l ON l.id = s.claim_line_id JOIN claims_priceclaim c ON c.id = l.claim_id
    WINDOW w AS (PARTITION BY s.claim_line_id ORDER BY s.id)
)
SELECT format('claim %%s, line %%s: %%s copies back of %%s, %%s yuan taken back of %%s', g.number, g.order_line_id, t.copies, g.copies,
              t.amount, g.amount) AS what,
       g.state = 'credited' AND t.copies <= g.copies AND t.amount <= g.amount AND t.own AS well
  FROM granted g
  JOIN (SELECT b.source_id, sum(b.copies) AS copies, sum(b.amount) AS amount,
               bool_and(x.order_line_id = s.order_line_id AND b.copies <= x.copies) AS own
          FROM claims_relieftakenback b JOIN claims_priceclaimsource s ON s.id = b.source_id
          JOIN orders_goodsreturnline x ON x.id = b.return_line_id GROUP BY b.source_id) AS t ON t.source_id = g.id
UNION ALL
SELECT format('return %%s, line %%s: relief of %%s yuan taken off, claims say %%s', r.number, x.order_line_id, x.relief,
              COALESCE(t.amount, 0)),
       x.relief = COALESCE(t.amount, 0) AND (x.relief > 0) = (x.relief_by <> '')
  FROM orders_goodsreturnline x JOIN orders_goodsreturn r ON r.id = x.goods_return_id
  LEFT JOIN (SELECT return_line_id, sum(amount) AS amount FROM claims_relieftakenback GROUP BY return_line_id) AS t
    ON t.return_line_id = x.id
 WHERE x.relief > 0 OR t.amount IS NOT NULL
UNION ALL
SELECT format('claim %%s: %%s copies made good of line %%s came back unnoticed', g.number, n.later - n.noticed, g.order_line_id),
       n.noticed >= LEAST(n.later, g.total)
  FROM (SELECT s.order_line_id, l.price_id, max(c.number) AS number, sum(s.copies) AS total, max(c.credit_id) AS credit
          FROM claims_priceclaimsource s JOIN claims_priceclaimline l ON l.id = s.claim_line_id
          JOIN claims_priceclaim c ON c.id = l.claim_id
         WHERE c.state = 'credited' GROUP BY s.order_line_id, l.price_id) AS g
 CROSS JOIN LATERAL (
       SELECT (SELECT COALESCE(sum(x.copies), 0) FROM orders_goodsreturnline x JOIN orders_goodsreturn r ON r.id = x.goods_return_id
                WHERE x.order_line_id = g.order_line_id AND r.credit_id > g.credit) AS later,
              (SELECT COALESCE(sum(b.copies), 0) FROM claims_relieftakenback b JOIN claims_priceclaimsource s ON s.id = b.source_id
                 JOIN claims_priceclaimline l ON l.id = s.claim_line_id
                WHERE s.order_line_id = g.order_line_id AND l.price_id = g.price_id) AS noticed) AS n
 WHERE n.later > 0
"""

CLAIMS: Final = f"SELECT * FROM ({_CREDITED}) AS c UNION ALL SELECT * FROM ({_RELIEF}) AS r"  # noqa: S608 - made of the two above
