"""A request that failed would pass now, since money or goods came in: whoever answers it is told, and decides it anew (M-19)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.text import Text
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.orders.models import Order
from lingqu.orders.queries import MAY_PASS, passes_now
from lingqu.orders.states import OrderState
from lingqu.organisation.queries import holders
from lingqu.organisation.states import PostCode
from lingqu.partners.queries import representatives_of
from lingqu.policy.rules import Regulation


@transaction.atomic
def tell_may_pass(order_id: int, *, regulation: Regulation, at: datetime) -> bool:
    """Tell, once for each decision, that a failed request would pass on the facts of the moment, and return whether it would.

    The fact names the laws that had failed; home marks the request by it. Nothing is held and the decision stands until somebody has the
    request decided anew: what is free now may be another's by then.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=order_id)
    on = china_day(at)
    if order.state != OrderState.REVIEW.value or not passes_now(order, regulation=regulation, on=on):
        return False
    decision = order.decisions.latest("pk")
    record([Deed(MAY_PASS, "order", order.pk, {"laws": decision.failed}, {}, regulation.reference)], by=None, at=at)
    title = Text(f"{order.number} 现在可以通过", f"{order.number} would pass now")
    body = Text(
        f"{order.buyer.name} 的申请按此刻的事实全部通过，请重新判定；额度与库存此前不作预占。",
        f"The request of {order.buyer.name} passes every law on the facts of this moment: decide it again. Nothing is held until then.",
    )
    people = set(representatives_of(order.buyer_id, order.seller_id, on)) or {
        person for person, _ in holders((PostCode.MANAGER.value, PostCode.OWNER.value), order.seller_id, on=on)
    }
    notify(Message(f"order:{order.pk}:{MAY_PASS}:{decision.pk}", "order", title, body, f"/orders/{order.number}/"), to=people, at=at)
    return True
