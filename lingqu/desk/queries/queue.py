"""What waits for a person beside requests and approvals: papers that came back, objections, bank lines, statements, contracts, goods."""

# ruff: noqa: S608 - the statement is made of our own words; every value is a parameter

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec

from lingqu.base.database import rows
from lingqu.desk.queries.goods import ME, RETURNS_ASKED, RETURNS_TO_COME, TO_ANSWER, TO_LOOK, TO_RECEIVE, GoodsDuties, goods_duties
from lingqu.organisation.queries import Acting

MOST_QUEUED = 30


class Duties(msgspec.Struct, frozen=True):
    """Which of these a person deals with: books money and answers objections; answers statements; hands contracts in at this seller."""

    books: bool = False
    answers_statements: bool = False
    hands_in_at: int | None = None


class Queued(msgspec.Struct, frozen=True):
    """One thing that waits: its kind, its number, whom it is about, yuan, until when.

    Kinds are sent_back, dispute, bank, statement, contract, and of goods receive, look, differs, return, goods_back. `many` things stand in
    one row (bank lines, deliveries to confirm, returns to come), without a number where they are several; of differences and returns it
    is copies. `said` is what somebody wrote about it, `month` that of a statement.
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


_DIFFERS = """x.number, '', '', (SELECT f.name FROM organisation_firm f WHERE f.id = o.buyer_id), d.number, NULL, NULL, x.reported_at,
        x.note, NULL, (SELECT sum(l.copies)::int FROM orders_differenceline l WHERE l.difference_id = x.id)"""

# Each part by an index: approvals of the asker, statements by state, bank lines by state, lines of a buyer, requests of a seller by state;
# goods as in goods.py. The code of a difference is the number of its delivery.
_QUEUED = f"""
WITH {ME.format(**{one: f"%({one})s" for one in GoodsDuties.__struct_fields__})}
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
   FROM credit_creditline c JOIN settlement_statement s ON s.line_id = c.id AND (s.state = 'issued' OR (s.state = 'disputed'
        AND NOT EXISTS (SELECT FROM settlement_statementdispute o WHERE o.statement_id = s.id AND o.answered_at IS NULL)))
   JOIN organisation_firm f ON f.id = c.seller_id JOIN organisation_firm b ON b.id = c.buyer_id
  WHERE %(answers_statements)s AND c.buyer_id = %(firm)s ORDER BY s.reply_until LIMIT %(most)s)
UNION ALL
(SELECT 'contract', o.number, '', '', f.name, f.code, o.net, NULL, o.submitted_at, '', NULL, 1
   FROM orders_order o JOIN organisation_firm f ON f.id = o.seller_id
  WHERE o.seller_id = %(seller)s::bigint AND o.buyer_id = %(firm)s AND o.state = 'papers' ORDER BY o.id LIMIT %(most)s)
UNION ALL
SELECT 'receive', CASE count(*) WHEN 1 THEN min(d.number) ELSE '' END, '', '', CASE count(*) WHEN 1 THEN min(o.number) ELSE '' END, '',
       NULL, NULL, min(d.shipped_at), '', NULL, count(*)::int
  FROM {TO_RECEIVE} HAVING count(*) > 0
UNION ALL
(SELECT 'look', {_DIFFERS} FROM {TO_LOOK} ORDER BY x.id LIMIT %(most)s)
UNION ALL
(SELECT 'differs', {_DIFFERS} FROM {TO_ANSWER} ORDER BY x.id LIMIT %(most)s)
UNION ALL
(SELECT 'return', t.number, '', '', (SELECT f.name FROM organisation_firm f WHERE f.id = t.buyer_id), '', t.net, NULL, t.asked_at, t.note,
        NULL, t.copies
   FROM {RETURNS_ASKED} ORDER BY t.id LIMIT %(most)s)
UNION ALL
SELECT 'goods_back', CASE count(*) WHEN 1 THEN min(t.number) ELSE '' END, '', '',
       CASE count(*) WHEN 1 THEN min((SELECT f.name FROM organisation_firm f WHERE f.id = t.buyer_id)) ELSE '' END, '',
       NULL, NULL, min(t.agreed_at), '', NULL, count(*)::int
  FROM {RETURNS_TO_COME} HAVING count(*) > 0
"""


def queued_for(who: Acting, duties: Duties, *, on: date) -> list[Queued]:
    """Return what waits for the person on a day, of each kind at most 30, in one statement."""
    named = msgspec.structs.asdict(goods_duties(who, on=on)) | {
        "me": who.person, "firm": who.firm, "books": duties.books, "answers_statements": duties.answers_statements,
        "seller": duties.hands_in_at, "most": MOST_QUEUED,
    }  # fmt: skip
    return [Queued(**row._asdict()) for row in rows(_QUEUED, named)]


def seller_of(firm: int) -> int | None:
    """Return the firm from which a firm buys, None for the publisher."""
    found = rows("SELECT seller_id FROM partners_partner WHERE firm_id = %s ORDER BY id LIMIT 1", (firm,))
    return found[0].seller_id if found else None
