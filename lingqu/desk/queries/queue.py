"""What waits for a person beside requests and approvals: papers that came back to them, objections, bank lines, statements, contracts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.organisation.queries import Acting

MOST_QUEUED = 30


class Duties(msgspec.Struct, frozen=True):
    """Which of these a person deals with: books money and answers objections; answers statements; hands contracts in at this seller."""

    books: bool = False
    answers_statements: bool = False
    hands_in_at: int | None = None


class Queued(msgspec.Struct, frozen=True):
    """One thing that waits: kind (sent_back, dispute, bank, statement, contract), its number, whom it is about, yuan, until when.

    `many` things stand in one row (bank lines); `said` is what somebody wrote about it, `month` that of a statement.
    """

    kind: str
    number: str
    title_zh: str
    title_en: str
    about: str
    code: str
    amount: Decimal | None
    until: date | None
    since: datetime | date | None
    said: str
    month: date | None
    many: int


# Each part by an index: approvals of the asker, statements by state, bank lines by state, lines of a buyer, requests of a seller by state.
_QUEUED = """
(SELECT 'sent_back' AS kind, a.number, a.title_zh, a.title_en, COALESCE(f.name, '') AS about, COALESCE(f.code, '') AS code, a.amount,
        NULL::date AS until, a.asked_at AS since, a.ended_because AS said, NULL::date AS month, 1 AS many
   FROM approvals_approval a LEFT JOIN organisation_firm f ON f.id = a.about_id
  WHERE (a.asked_by_id = %(me)s OR a.asked_for_id = %(me)s) AND a.state = 'sent_back' ORDER BY a.id LIMIT %(most)s)
UNION ALL
(SELECT 'dispute', s.number, '', '', f.name, f.code, s.closing, NULL, d.made_at, d.text, s.month, d.many::int
   FROM settlement_statement s JOIN credit_creditline c ON c.id = s.line_id AND c.seller_id = %(firm)s
   JOIN organisation_firm f ON f.id = c.buyer_id
   JOIN LATERAL (SELECT min(o.made_at) AS made_at, (array_agg(o.text ORDER BY o.id))[1] AS text, count(*) AS many
                   FROM settlement_statementdispute o WHERE o.statement_id = s.id AND o.answered_at IS NULL) AS d ON d.many > 0
  WHERE %(books)s AND s.state = 'disputed' ORDER BY d.made_at LIMIT %(most)s)
UNION ALL
SELECT 'bank', '', '', '', '', '', sum(l.amount), NULL, min(l."on")::timestamptz, '', NULL, count(*)::int
  FROM settlement_bankline l WHERE %(books)s AND l.seller_id = %(firm)s AND l.state = 'open' HAVING count(*) > 0
UNION ALL
(SELECT 'statement', s.number, '', '', f.name, b.code, s.closing, s.reply_until, s.issued_at, '', s.month, 1
   FROM credit_creditline c JOIN settlement_statement s ON s.line_id = c.id AND s.state = 'issued'
   JOIN organisation_firm f ON f.id = c.seller_id JOIN organisation_firm b ON b.id = c.buyer_id
  WHERE %(answers)s AND c.buyer_id = %(firm)s ORDER BY s.reply_until LIMIT %(most)s)
UNION ALL
(SELECT 'contract', o.number, '', '', f.name, f.code, o.net, NULL, o.submitted_at, '', NULL, 1
   FROM orders_order o JOIN organisation_firm f ON f.id = o.seller_id
  WHERE o.seller_id = %(seller)s::bigint AND o.buyer_id = %(firm)s AND o.state = 'papers' ORDER BY o.id LIMIT %(most)s)
"""


def queued_for(who: Acting, duties: Duties) -> list[Queued]:
    """Return what waits for the person, of each kind at most 30, in one statement."""
    named = {
        "me": who.person, "firm": who.firm, "books": duties.books, "answers": duties.answers_statements, "seller": duties.hands_in_at,
        "most": MOST_QUEUED,
    }  # fmt: skip
    return [Queued(**row._asdict()) for row in rows(_QUEUED, named)]


def seller_of(firm: int) -> int | None:
    """Return the firm from which a firm buys, None for the publisher."""
    found = rows("SELECT seller_id FROM partners_partner WHERE firm_id = %s ORDER BY id LIMIT 1", (firm,))
    return found[0].seller_id if found else None
