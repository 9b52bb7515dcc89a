"""Checks of agents' branches: what is owed to an agent is its own, and its retailers have what its documents say."""

from __future__ import annotations

from typing import Final

# The exposure of a seller, headquarters first of all, is what stands on its own accounts and on no other's: a debt to an agent that
# stood on an account of headquarters would be seen here, and so would a group that reaches across sellers.
SELLERS: Final = """
WITH lines AS (
    SELECT c.id, c.seller_id, c.buyer_id, r.used + r.held AS taken, a.party_id AS party, a.holder_id AS account_holder,
           s.holder_id AS sales_holder, k.holder_id AS cash_holder, w.holder_id AS write_offs_holder, g.seller_id AS group_seller
      FROM credit_creditline c
      JOIN ledger_account a ON a.id = c.account_id JOIN ledger_running r ON r.account_id = c.account_id
      JOIN ledger_account s ON s.id = c.sales_id JOIN ledger_account k ON k.id = c.cash_id JOIN ledger_account w ON w.id = c.write_offs_id
      LEFT JOIN credit_creditgroup g ON g.id = c.group_id
), held AS (
    SELECT a.holder_id AS holder, sum(r.used + r.held) AS taken
      FROM ledger_account a JOIN ledger_running r ON r.account_id = a.id WHERE a.kind = 'credit' AND NOT r.is_group GROUP BY a.holder_id
), given AS (
    SELECT seller_id, sum(taken) AS taken FROM lines GROUP BY seller_id
)
SELECT format('line %%s of seller %%s and buyer %%s: accounts of %%s, %%s, %%s, %%s for %%s, group of %%s', id, seller_id, buyer_id,
              account_holder, sales_holder, cash_holder, write_offs_holder, party, group_seller) AS what,
       seller_id = ALL (ARRAY[account_holder, sales_holder, cash_holder, write_offs_holder]) AND party = buyer_id
       AND COALESCE(group_seller = seller_id, true) AS well
  FROM lines
UNION ALL
SELECT format('seller %%s: %%s on its accounts, %%s on its lines', COALESCE(h.holder, g.seller_id), COALESCE(h.taken, 0),
              COALESCE(g.taken, 0)), COALESCE(h.taken, 0) = COALESCE(g.taken, 0)
  FROM held h FULL JOIN given g ON g.seller_id = h.holder
"""

TERMS: Final = """
SELECT format('line %%s: term %%s, price %%s; its document says %%s, %%s', c.id, c.own_days, c.own_discount_bp, t.days, t.discount_bp)
       AS what,
       c.own_days IS NOT DISTINCT FROM t.days AND c.own_discount_bp IS NOT DISTINCT FROM t.discount_bp
       AND (t.id IS NULL OR (f.kind = 'agent' AND t.grade = c.grade)) AS well
  FROM credit_creditline c JOIN organisation_firm f ON f.id = c.seller_id
  LEFT JOIN credit_retailerterms t ON t.line_id = c.id AND t.state = 'applied'
"""
