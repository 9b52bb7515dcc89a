"""Partners for other systems: those of a firm, and the firm itself as a partner of its seller, in one statement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.base.refusal import not_found
from lingqu.desk.queries.money import overdue_before
from lingqu.organisation.queries import Acting


class PartnerFeedRow(msgspec.Struct, frozen=True):
    """A partner with its credit line, yuan; without a line `grade` is empty and the amounts are None."""

    id: int
    seller: str
    code: str
    name: str
    level: str
    division: str
    areas: tuple[str, ...]
    grade: str
    limit: Decimal | None
    used: Decimal | None
    held: Decimal | None
    free: Decimal | None
    open_count: int | None
    held_count: int | None
    most_open: int | None
    overdue: Decimal
    next_due: date | None
    papers_until: date | None
    representative: str


_PARTNERS = """
WITH page AS (
    SELECT p.id, p.areas, LEAST(p.certified_until, p.contract_until, p.licence_until) AS papers_until, seller.code AS seller, f.code,
           f.name, f.kind AS level, f.division, c.id AS line, COALESCE(c.grade, '') AS grade, r."limit", r.used, r.held,
           r."limit" - r.used - r.held AS free, r.open_count, r.held_count, r.count_limit AS most_open
      FROM partners_partner p
      JOIN organisation_firm f ON f.id = p.firm_id
      JOIN organisation_firm seller ON seller.id = p.seller_id
      LEFT JOIN credit_creditline c ON c.seller_id = p.seller_id AND c.buyer_id = p.firm_id
      LEFT JOIN ledger_running r ON r.account_id = c.account_id
     WHERE (p.seller_id = %(firm)s OR p.firm_id = %(firm)s) AND (f.valid @> %(on)s::date OR r.used <> 0)
       AND (f.code, p.id) > (%(after)s, %(partner)s) AND (%(code)s = '' OR f.code = %(code)s)
     ORDER BY f.code, p.id LIMIT %(most)s
)
SELECT page.id, page.seller, page.code, page.name, page.level, page.division, page.areas, page.grade, page."limit", page.used, page.held,
       page.free, page.open_count, page.held_count, page.most_open, m.overdue, m.next_due, page.papers_until,
       COALESCE(rep.name, '') AS representative
  FROM page
  LEFT JOIN LATERAL (SELECT COALESCE(sum(b.value - b.applied)
                                FILTER (WHERE LEAST(b.triggered_due_on, b.backstop_due_on) < %(late)s
                                          AND (b.disputed_until IS NULL OR b.disputed_until < %(on)s)), 0) AS overdue,
                            min(LEAST(b.triggered_due_on, b.backstop_due_on)) AS next_due
                       FROM credit_batch b WHERE b.line_id = page.line AND b.settled_on IS NULL) AS m ON true
  LEFT JOIN LATERAL (SELECT person.name FROM partners_representation h JOIN organisation_person person ON person.id = h.person_id
                      WHERE h.partner_id = page.id AND h.period @> %(on)s::date LIMIT 1) AS rep ON true
 ORDER BY page.code, page.id
"""


def feed_of_partners(
    by: Acting, *, on: date, tolerance_days: int, after: tuple[str, int] = ("", 0), most: int = 1, code: str = ""
) -> list[PartnerFeedRow]:
    """Return up to `most` partners of the person's firm, and the firm itself as a partner, by code and then id, those behind `after`.

    A firm that buys from several sellers is a partner of each, under its one code.
    """
    asked = {
        "firm": by.firm, "on": on, "late": overdue_before(on, tolerance_days), "after": after[0], "partner": after[1], "code": code,
        "most": most,
    }  # fmt: skip
    found = []
    for row in rows(_PARTNERS, asked):
        values = row._asdict()
        values["areas"] = tuple(values["areas"])
        found.append(PartnerFeedRow(**values))
    return found


def partner_called(code: str, *, by: Acting, on: date, tolerance_days: int) -> PartnerFeedRow:
    """Return the partner of this code; refuses (404) what does not exist or is not the person's to see."""
    found = feed_of_partners(by, on=on, tolerance_days=tolerance_days, code=code)
    if not found:
        raise not_found()
    return found[0]
