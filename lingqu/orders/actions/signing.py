"""What becomes of the request for a special signature: signed, the laws named are let through and the request is judged anew."""

from __future__ import annotations

from datetime import timedelta

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.decision import Verdict
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.actions import NewWaiver, sign_waiver
from lingqu.credit.models import CreditLine
from lingqu.orders.actions.again import judge_again, store_again, waiver_of
from lingqu.orders.actions.answer import WAIVER_DAYS, lock_order
from lingqu.orders.actions.signature_told import tell_refused, tell_signed
from lingqu.orders.actions.signatures import content_of
from lingqu.orders.actions.voiding import SUBJECT, finish_signature
from lingqu.orders.models import SignatureRequest
from lingqu.orders.queries.signatures import needed_of
from lingqu.orders.states import SHIPPING_STATES, SIGNATURES, OrderState, SignatureState, SignatureVerb
from lingqu.organisation.models import Person
from lingqu.organisation.queries import acting
from lingqu.policy.queries import regulation_in_force

JUDGED_STATES = (OrderState.REVIEW, OrderState.REFUSED, OrderState.EXPIRED)
"""A signed request in these states is judged anew."""

_VERBS = {
    ApprovalState.OPEN: SignatureVerb.ASK_AGAIN,
    ApprovalState.SENT_BACK: SignatureVerb.SEND_BACK,
    ApprovalState.REFUSED: SignatureVerb.REFUSE,
    ApprovalState.WITHDRAWN: SignatureVerb.WITHDRAW,
}


def on_signature_moved(event: ApprovalMoved) -> None:
    """Let the request for a signature follow its approval: approved, exactly what was asked is let through in the same transaction.

    Then the request is judged anew. It is held when it passes; when something else fails meanwhile it says so, and the signature is kept.
    Refuses, so that the approval stays open, where the request has changed. Events of other documents are none of its business.
    """
    must_be_atomic()
    if event.subject_kind != SUBJECT:
        return
    asked = SignatureRequest.objects.select_related("order__buyer", "order__seller", "decision").get(pk=event.subject_id)
    if event.state is ApprovalState.APPROVED:
        _sign(asked, event)
        return
    verb = _VERBS[event.state]
    if verb in (SignatureVerb.REFUSE, SignatureVerb.WITHDRAW):
        finish_signature(asked, verb, because=event.reason, by=event.by, at=event.at)
        if verb is SignatureVerb.REFUSE:
            line = CreditLine.objects.get(seller_id=asked.order.seller_id, buyer_id=asked.order.buyer_id)
            tell_refused(asked, line, at=event.at, on=china_day(event.at))
    else:
        before = asked.state
        asked.state = SIGNATURES.next(SignatureState(before), verb).value
        asked.save(update_fields=["state"])
        because = event.reason if verb is SignatureVerb.SEND_BACK else ""
        after = {"state": asked.state, "because": because}
        record([Deed(verb.value, SUBJECT, asked.pk, after, {"state": before}, asked.regulation)], by=event.by, at=event.at)
    if verb is not SignatureVerb.ASK_AGAIN:
        told = {"number": asked.number, "because": event.reason}
        record([Deed(f"signature_{verb.value}", "order", asked.order_id, told, {}, asked.regulation)], by=event.by, at=event.at)


def _sign(asked: SignatureRequest, event: ApprovalMoved) -> None:
    day, at = china_day(event.at), event.at
    order, line = lock_order(asked.order_id)
    order.buyer, order.seller = asked.order.buyer, asked.order.seller
    needed, regulation = needed_of(asked.decision, asked.laws.split()), regulation_in_force(on=day)
    if Approval.objects.values_list("fingerprint", flat=True).get(pk=event.approval) != content_of(order, needed):
        raise Refusal(
            "content_changed", Text("申请内容与送审时不同，请退回。", "The request is not what was sent for approval; send it back.")
        )
    state = OrderState(order.state)
    if state not in (*JUDGED_STATES, *SHIPPING_STATES):
        raise Refusal("order_moved_on", Text("申请已不在待特批的状态。", "The request does not wait for a signature any more."))
    by = acting(Person.objects.select_related("firm").get(pk=event.by or 0), on=day)
    new = NewWaiver(
        order.pk, needed.laws, needed.amount, needed.batches, asked.reason, at + timedelta(days=WAIVER_DAYS), needed.overdue,
        needed.below_floor, needed.group_amount,
    )  # fmt: skip
    if state in SHIPPING_STATES:
        finish_signature(asked, SignatureVerb.SIGN, because="", by=event.by, at=at)
        deed = Deed("waive", "order", order.pk, {"state": order.state}, {}, regulation.reference)
        record([deed], by=event.by, at=at)
        tell_signed(asked, line, state, (), at=at, on=day)
        asked.waiver = sign_waiver(new, line=line, by=by, at=at)
        asked.save(update_fields=["waiver"])
        return
    court, judged = judge_again(order, regulation, at, waiver_of(order.pk, at))
    asked.waiver = sign_waiver(new, line=line, by=by, at=at)
    finish_signature(asked, SignatureVerb.SIGN, because="", by=event.by, at=at)
    if judged.decided.decision.verdict is not Verdict.PASSED:
        judged = court.judge(judged.asked, regulation, waiver_of(order.pk, at))
    tell_signed(asked, line, judged.state, tuple(law.law for law in judged.decided.decision.failed()), at=at, on=day)
    store_again(court, order, judged, regulation=regulation, verb="waive", by=by, at=at)
