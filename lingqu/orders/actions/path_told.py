"""What the other side is told when a request goes another path, fails when judged again, or its goods come back. Private to the verbs."""

from __future__ import annotations

from datetime import datetime

from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.text import Text
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.orders.models import Order
from lingqu.orders.states import ORDERS, OrderVerb
from lingqu.organisation.queries import Acting, holders
from lingqu.organisation.states import PostCode
from lingqu.partners.queries import representatives_of


def tell_other_side(order: Order, verb: OrderVerb, body: Text, *, by: Acting, at: datetime) -> None:
    """Tell the buyer's owners what the seller's people did, or the partner's representatives what the buyer's did; never who did it."""
    must_be_atomic()
    on = china_day(at)
    people = (
        {person for person, _ in holders((PostCode.OWNER.value,), order.buyer_id, on=on)}
        if by.firm == order.seller_id
        else set(representatives_of(order.buyer_id, order.seller_id, on))
    )
    words = ORDERS.words[verb]
    message = Message(
        f"order:{order.pk}:{verb.value}:{at:%Y%m%d%H%M%S}",
        "order",
        Text(f"{order.number}：{words.zh}", f"{order.number}: {words.en.lower()}"),
        body,
        f"/orders/{order.number}/",
    )
    notify(message, to=people - {by.person}, at=at)
