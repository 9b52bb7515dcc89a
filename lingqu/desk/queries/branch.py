"""What a seller sees of the branch below one of its agents: that it is there, and what was sold in it; never what anybody owes there."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.base.refusal import not_found
from lingqu.organisation.queries import Acting
from lingqu.partners.models import Partner

DAYS_BACK = 365


class Branch(msgspec.Struct, frozen=True):
    """The branch of an agent: its retailers, of which with valid papers; what it accepted in twelve months: copies, yuan at list price."""

    retailers: int
    certified: int
    requests: int
    copies: int
    list_value: Decimal
    since: date


_BRANCH = """
SELECT count(*) AS retailers,
       count(*) FILTER (WHERE p.certified_until >= %s::date AND p.contract_until >= %s::date) AS certified,
       COALESCE(sum(sold.requests), 0)::int AS requests, COALESCE(sum(sold.copies), 0)::int AS copies,
       COALESCE(sum(sold.list_value), 0) AS list_value
  FROM partners_partner p
  JOIN organisation_firm f ON f.id = p.firm_id AND f.valid @> %s::date
  LEFT JOIN LATERAL (SELECT count(*) AS requests, sum(o.copies) AS copies, sum(o.list_value) AS list_value FROM orders_order o
                      WHERE o.seller_id = p.seller_id AND o.buyer_id = p.firm_id AND o.accepted_at >= %s::date
                        AND o.state IN ('accepted', 'part_shipped', 'shipped')) AS sold ON true
 WHERE p.seller_id = %s
"""


def branch_of(agent: int, *, by: Acting, on: date) -> Branch:
    """Return the branch of an agent as its seller sees it on the day, in one statement (M-15.3: agents report sales and their retailers).

    Refuses (404) whoever is not of the firm from which the agent buys. Limits, debts and prices inside the branch are the agent's own.
    """
    if not Partner.objects.filter(firm_id=agent, seller_id=by.firm).exists():
        raise not_found()
    since = on - timedelta(days=DAYS_BACK)
    (row,) = rows(_BRANCH, (on, on, on, since, agent))
    return Branch(**row._asdict(), since=since)
