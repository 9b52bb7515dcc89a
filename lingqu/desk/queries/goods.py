"""Goods that wait for somebody: deliveries to confirm, differences to look into and to answer, returns to answer and to come.

What the menu counts and what stands at home are the same rows, so both statements are made of the same words. They read them from `me`:
the firm, what the person does there, the day.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from lingqu.orders.access import may_answer_difference, may_receive, may_ship
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.returns.access import AGREEING_POSTS


class GoodsDuties(msgspec.Struct, frozen=True):
    """What a person does with goods at their own firm: confirms what comes, ships, answers partners; `everybody` or their own partners.

    `people` are the person and those representatives for whom they stand in.
    """

    firm: int
    buys: bool
    ships: bool
    answers: bool
    everybody: bool
    people: list[int]
    today: date


def goods_duties(who: Acting, *, on: date) -> GoodsDuties:
    """Return what the person does with goods at their own firm today."""
    firm = who.firm
    lent = [absent for (post, where), absent in who.lent.items() if (post, where) == (PostCode.REPRESENTATIVE, firm)]
    buys = who.firm_kind != FirmKind.HQ.value and may_receive(who, firm)
    return GoodsDuties(
        firm, buys, may_ship(who, firm), may_answer_difference(who, firm), who.holds_any(AGREEING_POSTS, firm), [who.person, *lent], on
    )  # fmt: skip


ME: Final = """me AS MATERIALIZED (
    SELECT {firm}::bigint AS firm, {buys}::bool AS buys, {ships}::bool AS ships, {answers}::bool AS answers,
           {everybody}::bool AS everybody, {people}::bigint[] AS people, {today}::date AS today
)"""
"""The person as the statements below know them; the braces are parameters, named as the fields of `GoodsDuties`."""

_OWN = """(me.everybody OR EXISTS (
    SELECT FROM partners_partner p JOIN partners_representation r ON r.partner_id = p.id AND r.period @> me.today
     WHERE p.seller_id = me.firm AND p.firm_id = {buyer} AND r.person_id = ANY(me.people)))"""

# Those of the firm's newest requests only, so that a page costs the same after years in which nobody confirmed anything.
TO_RECEIVE: Final = """me CROSS JOIN LATERAL (SELECT o.id, o.number, o.seller_id FROM orders_order o WHERE o.buyer_id = me.firm
                                           ORDER BY o.id DESC LIMIT 200) AS o
  JOIN orders_delivery d ON d.order_id = o.id AND d.state = 'sent' WHERE me.buys"""

# The warehouse looks first, where stock is kept here and copies are missing.
_DIFFERING = """me JOIN orders_difference x ON NOT (x.state = 'answered')
  JOIN orders_delivery d ON d.id = x.delivery_id JOIN orders_order o ON o.id = d.order_id AND o.seller_id = me.firm
 CROSS JOIN LATERAL (SELECT x.state = 'reported' AND EXISTS (SELECT FROM inventory_warehouse w WHERE w.firm_id = o.seller_id)
                            AND EXISTS (SELECT FROM orders_differenceline l WHERE l.difference_id = x.id
                                           AND l.kind IN ('short', 'damaged', 'wrong_title')) AS first) AS look"""
TO_LOOK: Final = f"{_DIFFERING} WHERE me.ships AND look.first"
TO_ANSWER: Final = f"{_DIFFERING} WHERE me.answers AND NOT look.first AND {_OWN.format(buyer='o.buyer_id')}"

_RETURNS = "me JOIN returns_returnrequest t ON t.seller_id = me.firm AND t.state = "
RETURNS_ASKED: Final = f"{_RETURNS}'asked' WHERE me.answers AND {_OWN.format(buyer='t.buyer_id')}"
RETURNS_TO_COME: Final = f"{_RETURNS}'agreed' WHERE me.ships"
