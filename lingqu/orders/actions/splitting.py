"""Split a request that nobody has accepted: part of it goes into a new one, and both are judged anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.money import ZERO
from lingqu.base.refusal import forbidden
from lingqu.base.text import Text
from lingqu.documents.actions import take_numbers
from lingqu.orders.access import BUYING_POSTS, ENTERING_POSTS, may_amend
from lingqu.orders.actions.again import Changed, court_for, store_again, waiver_of
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.actions.content import agreed_lines, asked_of, copies_by_line, pieces_of
from lingqu.orders.actions.path_told import tell_other_side
from lingqu.orders.actions.seen import must_be_as_seen
from lingqu.orders.actions.submit import SERIES
from lingqu.orders.actions.voiding import CHANGED, void_signature
from lingqu.orders.models import Order
from lingqu.orders.rules import Covered, parted
from lingqu.orders.states import ORDERS, OrderState, OrderVerb
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

JUDGED = Text("拆成两份，分别重新判定。", "It is two requests now; each is judged anew.")


@transaction.atomic
def split_order(
    order_id: int, out: Mapping[int, int], *, regulation: Regulation, by: Acting, at: datetime, seen: int | None = None
) -> tuple[Order, Order]:  # fmt: skip
    """Put copies by line number into a new request and return both, the one that stays first; each is judged by every law anew.

    The one that stays is judged first and keeps a signature that was given; the new one has none. Prices stay as entered. `seen` is how
    many copies the request had when the form was shown: sent twice, the second is refused (`changed_meanwhile`). Refuses a wrong state,
    the wrong person, nothing, everything, and more copies than a line has.
    """
    order, _ = lock_order(order_id)
    if not may_amend(by, order.seller_id, order.buyer_id):
        raise forbidden(Text("您不能拆分这份申请。", "You may not split this request."))
    ORDERS.next(OrderState(order.state), OrderVerb.SPLIT)
    must_be_as_seen(order.copies, seen)
    agreed = agreed_lines(order)
    stays, goes = parted(agreed, out)
    void_signature(order.pk, because=CHANGED, by=by.person, at=at)
    if order.needs_contract:
        order.received_at = None
    tell_other_side(order, OrderVerb.SPLIT, JUDGED, by=by, at=at)
    court = court_for(order, [pieces_of(agreed)], at)
    kept = court.judge(asked_of(order, stays), regulation, waiver_of(order.pk, at))
    new = _new_from(order, by, at)
    asked = msgspec.structs.replace(asked_of(new, goes), covered=Covered(order.needs_contract))
    moved = court.judge(asked, regulation)
    told: dict[str, object] = {"before": dict(copies_by_line(agreed)), "into": new.number}
    store_again(court, order, kept, regulation=regulation, verb="split", by=by, at=at, changed=Changed(stays, told))
    absent = by.for_whom(ENTERING_POSTS, order.seller_id) or by.for_whom(BUYING_POSTS, order.buyer_id)
    record([Deed("submit", "order", new.pk, {"number": new.number, "from": order.number}, {}, regulation.reference, absent)],
           by=by.person, at=at)  # fmt: skip
    fresh = tuple(msgspec.structs.replace(piece, line=0) for piece in goes)
    store_again(court, new, moved, regulation=regulation, verb="split_off", by=by, at=at, changed=Changed(fresh, {"from": order.number}))
    return order, new


def _new_from(order: Order, by: Acting, at: datetime) -> Order:
    (number,) = take_numbers(SERIES, china_day(at).year)
    return Order.objects.create(
        number=number, key=f"split-{number}", channel=order.channel, seller_id=order.seller_id, buyer_id=order.buyer_id, state=order.state,
        source=order.source, shortage=order.shortage, delivery_division=order.delivery_division, note=order.note, entered_by_id=by.person,
        submitted_at=at, needs_contract=order.needs_contract, origin=order, titles=0, copies=0, list_value=ZERO, net=ZERO,
    )  # fmt: skip
