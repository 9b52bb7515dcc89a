"""Answer a request: accept, decline, withdraw, decide again, sign specially, release when the answer time ended.

Locks are taken in one order everywhere: credit line, request, ledger. So no two actions wait for each other.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.decision import LawResult, Verdict
from lingqu.base.money import ZERO
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import may_waive
from lingqu.credit.actions import NewBatch, NewWaiver, open_batch, sign_waiver
from lingqu.credit.models import CreditLine
from lingqu.ledger.actions import lock_accounts, post
from lingqu.ledger.models import Posting
from lingqu.ledger.queries import open_holds
from lingqu.ledger.rules import Entry
from lingqu.ledger.states import Phase
from lingqu.orders.access import ANSWERING_POSTS, BUYING_POSTS, may_answer, may_withdraw
from lingqu.orders.actions.again import judge_again, store_again, waiver_of
from lingqu.orders.models import Order
from lingqu.orders.states import ORDERS, OrderState, OrderVerb
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation
from lingqu.policy.states import Law

LATEST_SHIP_DAYS = 365
WAIVER_DAYS = 30


def lock_order(order_id: int) -> tuple[Order, CreditLine]:
    """Lock the credit line of a request, then the request, and return both; refuses (404) an unknown one."""
    found = Order.objects.filter(pk=order_id).values_list("seller_id", "buyer_id").first()
    if found is None:
        raise not_found()
    line = CreditLine.objects.select_for_update().get(seller_id=found[0], buyer_id=found[1])
    return Order.objects.select_for_update().get(pk=order_id), line


@transaction.atomic
def accept_order(order_id: int, *, ship_on: date, regulation: Regulation, by: Acting, at: datetime) -> Order:
    """Accept a held request with its ship date: the hold settles and the batch opens (M-16.3.1, gap G-01). Returns the request.

    Two people accepting at once: one does, the other is told the state. Refuses a ship date in the past or over a year away, a hold
    that has ended, a wrong state, and a person who may not answer.
    """
    order, line = lock_order(order_id)
    _must_answer(by, order)
    order_before = OrderState(order.state)
    order.state = ORDERS.next(order_before, OrderVerb.ACCEPT).value
    today = china_day(at)
    if not today <= ship_on <= today + timedelta(days=LATEST_SHIP_DAYS):
        raise bad_input("ship_on", Text("发货日须在今天至一年之内。", "The ship date lies between today and a year from now."))
    if at >= order.answer_until:
        raise Refusal(
            "hold_gone",
            Text("答复时限已过，预占已失效，请先重新判定。", "The answer time has ended and with it the hold; decide again first."),
        )
    lock_accounts([line.account_id])
    hold = next((one for one in open_holds("order", [order.pk]) if one.source_id == line.account_id), None)
    order.accepted_at, order.accepted_by_id, order.ship_on = at, by.person, ship_on
    order.save(update_fields=["state", "accepted_at", "accepted_by", "ship_on"])
    after = {"state": order.state, "ship_on": ship_on.isoformat()}
    before = {"state": order_before.value}
    absent = by.for_whom(ANSWERING_POSTS, order.seller_id)
    record([Deed("accept", "order", order.pk, after, before, regulation.reference, absent)], by=by.person, at=at)
    open_batch(NewBatch(order.pk, order.number, order.net), line=line, hold=hold, regulation=regulation, at=at)
    return order


@transaction.atomic
def decline_order(order_id: int, *, reason: str, by: Acting, at: datetime) -> Order:
    """Decline a request with a reason; money, batch and copies held for it are free again. Returns the request."""
    order, _ = lock_order(order_id)
    _must_answer(by, order)
    if not reason.strip():
        raise bad_input("reason", Text("请写明退回理由。", "Give the reason."))
    order.answer = reason.strip()[:200]
    return _end(order, OrderVerb.DECLINE, by, at, by.for_whom(ANSWERING_POSTS, order.seller_id))


@transaction.atomic
def withdraw_order(order_id: int, *, by: Acting, at: datetime) -> Order:
    """Take an unanswered request back; what was held is free again. Returns the request."""
    order, _ = lock_order(order_id)
    if not may_withdraw(by, order.buyer_id):
        raise forbidden(Text("只有客户本人可以撤回。", "Only the partner may withdraw it."))
    return _end(order, OrderVerb.WITHDRAW, by, at, by.for_whom(BUYING_POSTS, order.buyer_id))


@transaction.atomic
def expire_order(order_id: int, *, at: datetime) -> bool:
    """Release a held request whose answer time ended; return whether it was so. Called by a job, any number of times.

    One request a transaction: whoever releases several would hold the stock of one while waiting for the credit line of the next.
    """
    order, _ = lock_order(order_id)
    if order.state != OrderState.HELD.value or order.answer_until > at:
        return False
    _end(order, OrderVerb.EXPIRE, None, at)
    return True


@transaction.atomic
def decide_again(order_id: int, *, regulation: Regulation, by: Acting, at: datetime) -> Order:
    """Judge a request anew on today's facts, with any special signature given to it; a passed one is held again. Returns the request."""
    order, _ = lock_order(order_id)
    if not (may_answer(by, order.seller_id) or may_withdraw(by, order.buyer_id)):
        raise forbidden(Text("您不能重新判定这份申请。", "You may not have this request decided again."))
    ORDERS.next(OrderState(order.state), OrderVerb.DECIDE_AGAIN)
    court, judged = judge_again(order, regulation, at, waiver_of(order.pk, at))
    store_again(court, order, judged, regulation=regulation, verb="decide_again", by=by, at=at)
    return order


@transaction.atomic
def waive_order(order_id: int, *, reason: str, regulation: Regulation, by: Acting, at: datetime) -> Order:
    """Sign specially: let exactly the laws that fail now pass for exactly this request, which is then held (M-16.3.3.1). Returns it.

    Refuses when a law fails that nobody may waive, when the signer's post may not waive one of them, and for one's own request.
    """
    order, line = lock_order(order_id)
    ORDERS.next(OrderState(order.state), OrderVerb.WAIVE)
    if order.entered_by_id == by.person:
        raise forbidden(Text("不能特批自己录入的申请。", "Nobody signs specially for a request of their own."))
    court, judged = judge_again(order, regulation, at, waiver_of(order.pk, at))
    decision = judged.decided.decision
    if decision.verdict is Verdict.REFUSED:
        raise Refusal("not_waivable", Text("有不可特批的法则未通过。", "A law failed that nobody may waive."))
    failed = decision.failed()
    for law in failed:
        if not may_waive(by, order.seller_id, law.waivable_by):
            raise forbidden(Text("您的岗位无权特批其中的法则。", "Your post may not waive one of these laws."))
    if failed:
        sign_waiver(_waiver_for(order.pk, failed, reason, at), line=line, by=by, at=at)
        judged = court.judge(judged.asked, regulation, waiver_of(order.pk, at))
    store_again(court, order, judged, regulation=regulation, verb="waive", by=by, at=at)
    return order


def _waiver_for(order_id: int, failed: tuple[LawResult, ...], reason: str, at: datetime) -> NewWaiver:
    beyond = {law.law: Decimal(str(law.numbers["over"])) - Decimal(str(law.numbers["waived"])) for law in failed if "over" in law.numbers}
    return NewWaiver(
        document_id=order_id,
        laws=tuple(law.law for law in failed),
        amount=beyond.get(Law.CREDIT.value, ZERO),
        batches=int(beyond.get(Law.BATCHES.value, ZERO)),
        reason=reason,
        expires_at=at + timedelta(days=WAIVER_DAYS),
    )


def _must_answer(by: Acting, order: Order) -> None:
    if not may_answer(by, order.seller_id):
        raise forbidden(
            Text("受理由供货方的区域销售员或营销主管办理。", "Requests are answered by the seller's representative or manager.")
        )


def _end(order: Order, verb: OrderVerb, by: Acting | None, at: datetime, absent: int | None = None) -> Order:
    before = OrderState(order.state)
    order.state = ORDERS.next(before, verb).value
    order.save(update_fields=["state", "answer"])
    order.lines.update(reserved=0)
    person = by.person if by else None
    record([Deed(verb.value, "order", order.pk, {"state": order.state}, {"state": before.value}, "", absent)], by=person, at=at)
    holds = list(open_holds("order", [order.pk]))
    lock_accounts(hold.source_id for hold in holds)
    post([_release(hold, verb.value) for hold in holds], on=china_day(at), at=at)
    return order


def _release(hold: Posting, reason: str) -> Entry:
    return Entry(
        source=hold.source_id, destination=hold.destination_id, amount=hold.amount, count=hold.count,
        document=(hold.document_kind, hold.document_id), reason=reason, phase=Phase.RELEASE, resolves=hold.pk,
    )  # fmt: skip
