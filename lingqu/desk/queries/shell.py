"""What the frame of every page counts: only what is the person's own firm's."""

# ruff: noqa: S608 - the statement is made of our own words; every value is a parameter

from __future__ import annotations

from datetime import datetime

import msgspec

from lingqu.base.calendar import china_day
from lingqu.base.counted import MOST_COUNTED, upto
from lingqu.base.database import rows
from lingqu.desk.queries.goods import ME, RETURNS_ASKED, RETURNS_TO_COME, TO_ANSWER, TO_LOOK, TO_RECEIVE, goods_duties
from lingqu.orders.queries import ready_to_ship
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.settlement.access import may_book


class MenuCounts(msgspec.Struct, frozen=True):
    """How much waits at the person's firm; requests and bank lines are counted up to a thousand.

    Requests to answer (of which for the person's own partners, too late, and both), to sign specially, to ship (late); the
    firm's own requests that its seller has not answered; approvals that wait for this person's answer (late); holds not released.
    What came back to this person; statements with objections not answered, bank lines not matched (both for who books money); of the firm
    as a buyer: statements to agree to, requests that wait for its stamped contract.
    Goods that wait for this person: deliveries to confirm, differences to look into and to answer, returns to answer and to come; and for a
    warehouse keeper requests that can leave, at least in part.
    """

    to_answer: int = 0
    to_answer_own: int = 0
    to_answer_late: int = 0
    to_answer_own_late: int = 0
    to_sign: int = 0
    to_ship: int = 0
    to_ship_late: int = 0
    under_way: int = 0
    to_decide: int = 0
    to_decide_late: int = 0
    held_back: int = 0
    sent_back: int = 0
    disputes: int = 0
    bank_lines: int = 0
    to_confirm: int = 0
    contracts: int = 0
    to_receive: int = 0
    differences_to_look: int = 0
    differences_to_answer: int = 0
    returns_asked: int = 0
    returns_to_come: int = 0
    ready: int = 0

    @property
    def differences(self) -> int:
        """Return how many reports of differences wait for the person."""
        return self.differences_to_look + self.differences_to_answer


# The states stand in the statement: only so the indexes of what waits are used. What piles up is counted to a thousand.
_ASKED = "FROM orders_order o WHERE o.seller_id = %s AND o.state IN ('held', 'review', 'expired')"
_REVIEWED = "FROM orders_order o WHERE o.seller_id = %s AND o.state = 'review' AND o.entered_by_id <> %s"
_SENT = "FROM orders_order o WHERE o.seller_id = %s AND o.state IN ('accepted', 'part_shipped')"
_OWN = """ AND o.buyer_id = ANY(ARRAY(SELECT p.firm_id FROM partners_partner p
          JOIN partners_representation r ON r.partner_id = p.id AND r.period @> %s::date AND r.person_id = %s WHERE p.seller_id = %s))"""
_COUNTS = f"""
WITH {ME.format(firm="%s", buys="%s", ships="%s", answers="%s", everybody="%s", people="%s", today="%s")}, decided AS (
    SELECT a.id, t.due_at FROM approvals_signer s
      JOIN approvals_approvalstep t ON t.id = s.step_id AND t.state = 'open'
      JOIN approvals_approval a ON a.id = t.approval_id AND a.state = 'open'
     WHERE s.person_id = ANY(%s) AND s.active AND s.answer = '' AND a.asked_by_id <> %s AND a.asked_for_id IS DISTINCT FROM %s
       AND NOT %s::bigint = ANY(a.co_askers)
       AND (s.person_id = %s OR (s.person_id, s.post, a.firm_id) IN (SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[])))
     UNION
    SELECT a.id, t.due_at FROM approvals_approvalstep t JOIN approvals_approval a ON a.id = t.approval_id AND a.state = 'open'
     WHERE t.state = 'open' AND (t.lead, a.firm_id) IN (SELECT * FROM unnest(%s::text[], %s::bigint[]))
)
SELECT {upto(_ASKED)} AS to_answer,
       {upto(_ASKED + _OWN)} AS to_answer_own,
       {upto(_ASKED + " AND o.answer_until <= %s")} AS to_answer_late,
       {upto(_ASKED + _OWN + " AND o.answer_until <= %s")} AS to_answer_own_late,
       (SELECT count(*) FROM (SELECT o.id {_REVIEWED} LIMIT {MOST_COUNTED}) AS asked
          JOIN LATERAL (SELECT failed FROM orders_storeddecision d WHERE d.order_id = asked.id ORDER BY d.id DESC LIMIT 1) AS d ON true
         WHERE string_to_array(d.failed, ' ') <@ %s::text[]) AS to_sign,
       {upto(_SENT)} AS to_ship,
       {upto(_SENT + " AND o.ship_on < %s")} AS to_ship_late,
       {upto("FROM orders_order WHERE buyer_id = %s AND state IN ('held', 'review')")} AS under_way,
       (SELECT count(*) FROM decided) AS to_decide,
       (SELECT count(*) FROM decided WHERE due_at <= %s) AS to_decide_late,
       (SELECT count(*) FROM credit_creditline c JOIN credit_supplyhold h ON h.line_id = c.id AND h.state <> 'released'
         WHERE c.seller_id = %s) AS held_back,
       (SELECT count(*) FROM approvals_approval a WHERE (a.asked_by_id = %s OR a.asked_for_id = %s) AND a.state = 'sent_back') AS sent_back,
       (SELECT count(*) FROM settlement_statement s JOIN credit_creditline c ON c.id = s.line_id AND c.seller_id = %s
         WHERE %s AND s.state = 'disputed' AND EXISTS (SELECT FROM settlement_statementdispute d
                                                  WHERE d.statement_id = s.id AND d.answered_at IS NULL)) AS disputes,
       {upto("FROM settlement_bankline l WHERE %s AND l.seller_id = %s AND l.state = 'open'")} AS bank_lines,
       (SELECT count(*) FROM credit_creditline c JOIN settlement_statement s ON s.line_id = c.id AND (s.state = 'issued'
                OR (s.state = 'disputed' AND NOT EXISTS (SELECT FROM settlement_statementdispute d
                                                          WHERE d.statement_id = s.id AND d.answered_at IS NULL)))
         WHERE c.buyer_id = %s) AS to_confirm,
       (SELECT count(*) FROM partners_partner p JOIN orders_order o ON o.seller_id = p.seller_id AND o.state = 'papers'
                AND o.buyer_id = p.firm_id WHERE p.firm_id = %s) AS contracts,
       (SELECT count(*) FROM {TO_RECEIVE}) AS to_receive,
       (SELECT count(*) FROM {TO_LOOK}) AS differences_to_look,
       (SELECT count(*) FROM {TO_ANSWER}) AS differences_to_answer,
       (SELECT count(*) FROM {RETURNS_ASKED}) AS returns_asked,
       (SELECT count(*) FROM {RETURNS_TO_COME}) AS returns_to_come
"""


def menu_counts(who: Acting, *, signs: tuple[str, ...], at: datetime) -> MenuCounts:
    """Return what waits at the person's firm, in one statement (a keeper: two); `signs` names the laws that the person may waive there."""
    firm, on, me = who.firm, china_day(at), who.person
    lent = [(absent, post.value, where) for (post, where), absent in who.lent.items()]
    people, posts, firms = ([one[place] for one in lent] for place in range(3))
    led = [post.value for post, _ in who.posts], [where for _, where in who.posts]
    books = may_book(who, firm)
    decided = ([me, *people], me, me, me, me, people, posts, firms, *led)
    asked = (firm, firm, on, me, firm, firm, at, firm, on, me, firm, at, firm, me, list(signs), firm, firm, on, firm, at, firm)
    queued = (me, me, firm, books, books, firm, firm, firm)
    (row,) = rows(_COUNTS, (*msgspec.structs.astuple(goods_duties(who, on=on)), *decided, *asked, *queued))
    ready = ready_to_ship(firm) if who.holds(PostCode.WAREHOUSE, firm) else 0
    return MenuCounts(**row._asdict(), ready=ready)


def publisher_name() -> str:
    """Return the publisher's own name: the firm at the root of the tree; empty before there is one."""
    return Firm.objects.filter(kind=FirmKind.HQ.value).order_by("pk").values_list("name", flat=True).first() or ""
