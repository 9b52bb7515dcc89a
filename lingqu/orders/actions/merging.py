"""Merge requests that nobody has accepted into one of them, which is judged anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.ledger.actions import post
from lingqu.orders.access import ANSWERING_POSTS, BUYING_POSTS, may_amend
from lingqu.orders.actions.again import Changed, store_again, waiver_after, waiver_of
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.actions.content import agreed_lines, asked_of, copies_by_line
from lingqu.orders.actions.judging import Court
from lingqu.orders.actions.own import give_back_specials, own_holds, put_aside, releases, share_of_holds
from lingqu.orders.actions.path_told import tell_other_side
from lingqu.orders.actions.requests import MOST_LINES
from lingqu.orders.actions.voiding import CHANGED, ENDED, lock_signature, void_signature
from lingqu.orders.models import Order
from lingqu.orders.rules import joined
from lingqu.orders.states import ORDERS, OrderState, OrderVerb
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

MOST_MERGED = 20


@transaction.atomic
def merge_orders(target: int, others: Sequence[int], *, regulation: Regulation, by: Acting, at: datetime) -> Order:
    """Merge 1 to 20 other requests into `target`, of the same seller and buyer to the same place, and return it, judged anew.

    The others end as merged and what they held is free; what was signed specially for them ends with them, and what was signed for the
    target lets through no more than it named. Refuses a wrong state of any of them, the wrong person, other firms or places, and more
    than 500 lines.
    """
    ids = sorted({*others} - {target})
    if not 1 <= len(ids) <= MOST_MERGED:
        raise bad_input("others", Text(f"请选 1 至 {MOST_MERGED} 份要并入的申请。", f"Choose 1 to {MOST_MERGED} requests to merge."))
    for each in sorted([target, *ids]):
        lock_signature(each)
    order, _ = lock_order(target)
    rest = list(Order.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if len(rest) != len(ids):
        raise not_found()
    _must_fit(order, rest, by)
    contents = [agreed_lines(one) for one in (order, *rest)]
    pieces = joined(contents)
    if len(pieces) > MOST_LINES:
        raise bad_input("others", Text(f"并后超过 {MOST_LINES} 行。", f"Merged, it would have more than {MOST_LINES} lines."))
    void_signature(order.pk, because=CHANGED, by=by.person, at=at)
    order.needs_contract = any(one.needs_contract for one in (order, *rest))
    if order.needs_contract:
        order.received_at = None
    court = Court([asked_of(order, pieces)], on=china_day(at))
    holds = own_holds([order.pk, *ids])
    put_aside(court, share_of_holds(holds))
    for each_order in (order, *rest):
        give_back_specials(court, each_order)
    judged = court.judge(asked_of(order, pieces), regulation, waiver_after(waiver_of(order.pk, at), grew=True))
    numbers = "、".join(one.number for one in rest)
    tell_other_side(order, OrderVerb.MERGE, Text(f"并入 {numbers}。", f"Merged into it: {numbers}."), by=by, at=at)
    for one in rest:
        _end(one, order, regulation, by, at)
    told: dict[str, object] = {"before": dict(copies_by_line(contents[0])), "merged": [one.number for one in rest]}
    post(releases([hold for hold in holds if hold.document_id != order.pk], "merge"), on=court.on, at=at)
    store_again(court, order, judged, regulation=regulation, verb="merge", by=by, at=at, changed=Changed(pieces, told))
    return order


def _must_fit(order: Order, rest: Sequence[Order], by: Acting) -> None:
    if not may_amend(by, order.seller_id, order.buyer_id):
        raise forbidden(Text("您不能合并这些申请。", "You may not merge these requests."))
    for one in (order, *rest):
        if (one.seller_id, one.buyer_id) != (order.seller_id, order.buyer_id):
            raise not_found()
        ORDERS.next(OrderState(one.state), OrderVerb.MERGE)
        if (one.delivery_division, one.shortage) != (order.delivery_division, order.shortage):
            raise Refusal(
                "cannot_merge",
                Text(
                    f"{one.number} 的收货地或缺货处理与 {order.number} 不同，不能合并。",
                    f"{one.number} goes to another place than {order.number}, or wants otherwise what is short; they cannot be merged.",
                ),
            )


def _end(one: Order, target: Order, regulation: Regulation, by: Acting, at: datetime) -> None:
    before = OrderState(one.state)
    void_signature(one.pk, because=ENDED, by=by.person, at=at)
    one.state, one.origin = ORDERS.next(before, OrderVerb.MERGE).value, target
    one.save(update_fields=["state", "origin"])
    one.lines.update(reserved=0)
    absent = by.for_whom(ANSWERING_POSTS, one.seller_id) or by.for_whom(BUYING_POSTS, one.buyer_id)
    after = {"state": one.state, "into": target.number}
    record([Deed("merged", "order", one.pk, after, {"state": before.value}, regulation.reference, absent)], by=by.person, at=at)
