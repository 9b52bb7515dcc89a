"""Answer a request: accept, decline, withdraw, decide again, sign specially, release when the answer time ended.

Locks are taken in one order everywhere: credit line, request, ledger. So no two actions wait for each other.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.decision import Verdict
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import WAIVING_POSTS, may_waive
from lingqu.credit.actions import NewWaiver, sign_waiver
from lingqu.credit.models import CreditLine
from lingqu.credit.rules import bound_clauses, check_signed
from lingqu.ledger.actions import lock_accounts, post
from lingqu.orders.access import ANSWERING_POSTS, BUYING_POSTS, may_answer, may_withdraw
from lingqu.orders.actions.accepting import open_accepted, still_passes
from lingqu.orders.actions.again import judge_again, store_again, waiver_of
from lingqu.orders.actions.countersigning import Countersigned, send_back, tell_accepted
from lingqu.orders.actions.own import own_holds, releases
from lingqu.orders.actions.voiding import ENDED, lock_signature, void_signature
from lingqu.orders.models import Order
from lingqu.orders.rules import Needed, needed_for, signature_chain, signed_for
from lingqu.orders.states import ORDERS, OrderState, OrderVerb
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.policy.rules import Regulation

LATEST_SHIP_DAYS = 365
WAIVER_DAYS = 30


def lock_order(order_id: int) -> tuple[Order, CreditLine]:
    """Lock the credit line of a request, then the request, and return both; refuses (404) an unknown one.

    The approval of a special signature that is on its way for it is locked before them.
    """
    found = Order.objects.filter(pk=order_id).values_list("seller_id", "buyer_id").first()
    if found is None:
        raise not_found()
    lock_signature(order_id)
    line = CreditLine.objects.select_for_update().get(seller_id=found[0], buyer_id=found[1])
    return Order.objects.select_for_update().get(pk=order_id), line


@transaction.atomic
def accept_order(
    order_id: int, *, ship_on: date, regulation: Regulation, by: Acting, at: datetime, countersigned: Countersigned | None = None
) -> Order:
    """Accept a held request with its ship date: the hold settles and the batch opens (M-16.3.1, gap G-01). Returns the request.

    With a request that has its own stamped contract the countersigned one goes back, and the buyer is told (refused without it).
    A judgement of another day is made anew first: where it fails now, the request comes back in review or refused, not accepted; where it
    passes with fewer copies than there were, it comes back held, to be looked at before it is accepted.
    Two people accepting at once: one does, the other is told the state. Refuses a ship date in the past or over a year away, a hold
    that has ended, a wrong state, and a person who may not answer.
    """
    order, line = lock_order(order_id)
    _must_answer(by, order)
    ORDERS.next(OrderState(order.state), OrderVerb.ACCEPT)
    today = china_day(at)
    if not today <= ship_on <= today + timedelta(days=LATEST_SHIP_DAYS):
        raise bad_input("ship_on", Text("发货日须在今天至一年之内。", "The ship date lies between today and a year from now."))
    if order.answer_until is not None and at >= order.answer_until:
        raise Refusal(
            "hold_gone",
            Text("答复时限已过，预占已失效，请先重新判定。", "The answer time has ended and with it the hold; decide again first."),
        )
    if not still_passes(order, line, regulation=regulation, by=by, at=at):
        return order
    absent = by.for_whom((*ANSWERING_POSTS, PostCode.CLERK), order.seller_id)
    send_back(order, countersigned or Countersigned(), on_behalf_of=absent, by=by, at=at)
    if order.needs_contract:
        tell_accepted(order, ship_on=ship_on, on=today, at=at)
    open_accepted(order, line, ship_on=ship_on, regulation=regulation, by=by.person, absent=absent, at=at)
    return order


@transaction.atomic
def decline_order(order_id: int, *, reason: str, by: Acting, at: datetime) -> Order:
    """Decline a request with a reason; money, batch and copies held for it are free again. Returns the request."""
    order, _ = lock_order(order_id)
    _must_answer(by, order)
    if not reason.strip():
        raise bad_input("reason", Text("请写明退回理由。", "Give the reason."))
    order.answer = reason.strip()[:200]
    return _end(order, OrderVerb.DECLINE, by, at, by.for_whom((*ANSWERING_POSTS, PostCode.CLERK), order.seller_id))


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
    if order.state != OrderState.HELD.value or order.answer_until is None or order.answer_until > at:
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

    Only where the seller has no procedure for it: an agent's owner signs for their retailers. Refuses when a law fails that nobody may
    waive, when the signer's post may not waive one of them, for one's own request, where the regulation's procedure decides, and what goes
    beyond the bounds of the agent's branch (with its clause).
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
    # When it passes meanwhile there is no law to ask: it is held, but for nobody who may sign nothing.
    if not failed and not by.holds_any(WAIVING_POSTS, order.seller_id):
        raise forbidden(Text("您的岗位无权特批。", "Your post may not sign specially."))
    for law in failed:
        if not may_waive(by, order.seller_id, law.waivable_by):
            raise forbidden(Text("您的岗位无权特批其中的法则。", "Your post may not waive one of these laws."))
    if failed:
        needed = needed_for(judged.decided)
        _must_be_without_procedure(order, needed, regulation)
        if order.seller.kind != FirmKind.HQ.value:
            check_signed(signed_for(judged.decided), regulation.parameters, bound_clauses(regulation))
        sign_waiver(_waiver_for(order.pk, needed, reason, at), line=line, by=by, at=at)
        judged = court.judge(judged.asked, regulation, waiver_of(order.pk, at))
    store_again(court, order, judged, regulation=regulation, verb="waive", by=by, at=at)
    return order


def _must_be_without_procedure(order: Order, needed: Needed, regulation: Regulation) -> None:
    chain = signature_chain(needed, regulation.chains)
    if chain is not None and order.seller.kind == FirmKind.HQ.value:
        raise Refusal(
            "needs_procedure",
            Text(
                "特批按审批流程办理：由区域销售员或营销主管报批。",
                "A special signature goes by the procedure: the representative or the manager asks for it.",
            ),
            clause=chain.clause,
        )


def _waiver_for(order_id: int, needed: Needed, reason: str, at: datetime) -> NewWaiver:
    return NewWaiver(
        order_id, needed.laws, needed.amount, needed.batches, reason, at + timedelta(days=WAIVER_DAYS), needed.overdue, needed.below_floor,
        needed.group_amount,
    )  # fmt: skip


def _must_answer(by: Acting, order: Order) -> None:
    if not may_answer(by, order.seller_id):
        raise forbidden(
            Text("受理由供货方的区域销售员或营销主管办理。", "Requests are answered by the seller's representative or manager.")
        )


def _end(order: Order, verb: OrderVerb, by: Acting | None, at: datetime, absent: int | None = None) -> Order:
    before = OrderState(order.state)
    order.state = ORDERS.next(before, verb).value
    order.late = order.late or (order.answer_until is not None and verb is not OrderVerb.WITHDRAW and order.answer_until <= at)
    order.save(update_fields=["state", "answer", "late"])
    order.lines.update(reserved=0)
    person = by.person if by else None
    void_signature(order.pk, because=ENDED, by=person, at=at)
    record([Deed(verb.value, "order", order.pk, {"state": order.state}, {"state": before.value}, "", absent)], by=person, at=at)
    holds = own_holds([order.pk])
    lock_accounts(hold.source_id for hold in holds)
    post(releases(holds, verb.value), on=china_day(at), at=at)
    return order
