"""Collect first: tell the partner what to pay, and by when, so that a stopped request passes (M-16.3.3.1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, bad_input, forbidden
from lingqu.base.text import Text
from lingqu.credit.queries import partner_owners
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.orders.access import asks_signature
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.queries.signatures import paying
from lingqu.orders.rules import LATEST_PAY_DAYS
from lingqu.orders.states import COLLECTING_STATES, OrderState
from lingqu.organisation.queries import Acting
from lingqu.partners.queries import representatives_of
from lingqu.policy.rules import Regulation


@transaction.atomic
def ask_payment(order_id: int, *, pay_by: date, regulation: Regulation, by: Acting, at: datetime) -> Order:
    """Tell the partner's owner what to pay by which day so that the request passes, and note it in its history. Returns the request.

    The numbers are those of the newest decision. The partner's representative may, and the manager; asked twice on one day the
    partner is told once. Refuses a day in the past or more than 60 days away, and a request that money does not help.
    """
    order, line = lock_order(order_id)
    day = china_day(at)
    asker = asks_signature(by, order.seller_id, representatives_of(order.buyer_id, order.seller_id, day))
    if asker is None:
        raise forbidden(
            Text("催款由该客户的区域销售员或营销主管办理。", "Partners are asked for money by their representative or the manager.")
        )
    newest = StoredDecision.objects.filter(order=order).order_by("-id").first()
    wanted = paying(newest) if newest and OrderState(order.state) in COLLECTING_STATES else None
    if wanted is None:
        raise Refusal("nothing_to_pay", Text("这份申请不是付款能解决的。", "Money does not help this request."))
    if not day <= pay_by <= day + timedelta(days=LATEST_PAY_DAYS):
        within = Text(f"付款日须在今天至 {LATEST_PAY_DAYS} 天之内。", f"The day lies within {LATEST_PAY_DAYS} days from today.")
        raise bad_input("pay_by", within)
    after = {"amount": str(wanted.amount), "first": wanted.first, "last": wanted.last, "pay_by": pay_by.isoformat()}
    record([Deed("collect", "order", order.pk, after, {}, regulation.reference, asker.absent)], by=by.person, at=at)
    words = wanted.words
    title = Text(f"{order.number} 待付款：{words.zh}", f"{order.number} waits for money: {words.en}")
    body = Text(
        f"请在 {pay_by} 前付清，到账后申请重新判定。", f"Please pay by {pay_by}; the request is decided again when the money is in."
    )
    notify(
        Message(f"order:{order.pk}:collect:{day}", "order", title, body, f"/orders/{order.number}/"), to=partner_owners(line, on=day), at=at
    )
    return order
