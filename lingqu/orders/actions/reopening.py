"""Open a request again that was declined, withdrawn or cancelled: at today's prices, judged by every law anew."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.credit.actions import let_go_of_batch
from lingqu.orders.access import may_amend
from lingqu.orders.actions.again import Changed, court_for, store_again, waiver_after, waiver_of
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.actions.content import agreed_lines, asked_of, pieces_of
from lingqu.orders.actions.path_told import tell_other_side
from lingqu.orders.models import Order
from lingqu.orders.rules import Piece
from lingqu.orders.states import ORDERS, OrderState, OrderVerb
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation

REOPEN_DAYS = 365
PRICED = Text("按今天的定价和折扣重新判定。", "It is priced and judged as of today.")


@transaction.atomic
def reopen_order(order_id: int, *, regulation: Regulation, by: Acting, at: datetime) -> Order:
    """Open a request again and return it: priced by today's list prices and rule, judged by every law like a new one (M-16.3.1).

    It waits to be accepted like any other, and for its stamped contract where one is needed. What was signed specially for it lets
    through no more than it named. Refuses a wrong state, the wrong person, and a request submitted more than 365 days ago.
    """
    order, _ = lock_order(order_id)
    if not may_amend(by, order.seller_id, order.buyer_id):
        raise forbidden(Text("您不能重新打开这份申请。", "You may not open this request again."))
    ORDERS.next(OrderState(order.state), OrderVerb.REOPEN)
    if at - order.submitted_at > timedelta(days=REOPEN_DAYS):
        raise Refusal(
            "too_old",
            Text(
                f"提交已逾 {REOPEN_DAYS} 天，请照此另录一份。", f"It was submitted over {REOPEN_DAYS} days ago; copy it into a new request."
            ),
        )
    agreed = agreed_lines(order)
    pieces = tuple(Piece(line.line, line.product, line.copies) for line in agreed if line.copies)
    order.accepted_at, order.accepted_by, order.ship_on, order.settled_on, order.answer = None, None, None, None, ""
    order.countersigned, order.received_at, order.submitted_at = "", None, at
    court = court_for(order, [pieces_of(agreed)], at)
    asked = msgspec.structs.replace(asked_of(order, pieces), covered=None)
    judged = court.judge(asked, regulation, waiver_after(waiver_of(order.pk, at), grew=True))
    order.needs_contract = judged.waits
    order.save(
        update_fields=["accepted_at", "accepted_by", "ship_on", "settled_on", "answer", "countersigned", "submitted_at", "needs_contract"]
    )
    let_go_of_batch(order.pk)
    tell_other_side(order, OrderVerb.REOPEN, PRICED, by=by, at=at)
    told: dict[str, object] = {"net_before": str(order.net), "on": china_day(at).isoformat()}
    store_again(court, order, judged, regulation=regulation, verb="reopen", by=by, at=at, changed=Changed(pieces, told))
    return order
