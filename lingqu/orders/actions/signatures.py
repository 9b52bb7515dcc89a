"""Ask for a special signature, ask again after it was sent back, and take it back (M-16.3.3.1, M-17.1)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import msgspec
from django.db import transaction

from lingqu.approvals.actions import NewApproval, Resubmission, request_approval, resubmit_approval, withdraw_approval
from lingqu.approvals.models import Approval
from lingqu.approvals.rules import Chain
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.decision import Verdict, encode
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.models import CreditLine
from lingqu.documents.actions import take_numbers
from lingqu.orders.access import asks_signature
from lingqu.orders.actions.again import judge_again, store_again, waiver_of
from lingqu.orders.actions.answer import lock_order
from lingqu.orders.actions.judging import Judged
from lingqu.orders.actions.shippable import judge_to_ship
from lingqu.orders.actions.signature_told import facts_of, link_to, title_of
from lingqu.orders.actions.voiding import FINAL, ON_ITS_WAY, SUBJECT, void_signature
from lingqu.orders.models import Order, SignatureRequest, StoredDecision
from lingqu.orders.rules import Needed, needed_for, signature_chain
from lingqu.orders.states import ORDERS, SHIPPING_STATES, SIGNATURES, OrderState, OrderVerb, SignatureState, SignatureVerb
from lingqu.organisation.queries import Acting, Asker
from lingqu.organisation.states import FirmKind
from lingqu.partners.queries import representatives_of
from lingqu.policy.rules import Regulation

SERIES = "TQ"
MOST_REASON = 400


@transaction.atomic
def ask_signature(order_id: int, reason: str, *, regulation: Regulation, by: Acting, at: datetime) -> SignatureRequest | None:
    """Ask that a request pass although laws fail that may be waived, and send it through the procedure; return the document.

    Also for an accepted request whose goods are kept back: it is judged as it would be to ship. The request is judged anew first, and
    exactly what fails then is asked. When it passes meanwhile it is held instead, and when a law fails that nobody may waive it is refused:
    both are stored, and None is returned. The partner's representative may, and the manager. Refuses an empty reason, a second one while
    one is on its way, an accepted request that passes, and a seller or a regulation without the procedure.
    """
    order, line = lock_order(order_id)
    state = OrderState(order.state)
    if state not in SHIPPING_STATES:
        ORDERS.next(state, OrderVerb.WAIVE)
    asker = _asker(order, by, china_day(at))
    reason = _checked(reason)
    if SignatureRequest.objects.filter(order=order, state__in=ON_ITS_WAY).exists():
        raise Refusal("signature_open", Text("这份申请已在报批特批。", "A special signature is being asked for this request already."))
    stored: StoredDecision | None
    if state in SHIPPING_STATES:
        judged, stored, needed = _judged_to_ship(order, line, regulation, at)
    else:
        court, judged = judge_again(order, regulation, at, waiver_of(order.pk, at))
        stored = store_again(court, order, judged, regulation=regulation, verb="decide_again", by=by, at=at)
        if stored is None or judged.decided.decision.verdict is not Verdict.WAIVABLE:
            return None
        needed = needed_for(judged.decided)
    chain = _chain(order, needed, regulation)
    (number,) = take_numbers(SERIES, china_day(at).year)
    asked = SignatureRequest(
        order=order, number=number, state=SignatureState.ASKED.value, regulation=regulation.reference, asked_by_id=asker.person,
        asked_for_id=asker.absent, asked_at=at,
    )  # fmt: skip
    _fill(asked, needed, stored, reason)
    asked.save(force_insert=True)
    facts = facts_of(order, line, judged.decided, needed.laws, chain=chain, on=china_day(at))
    new = NewApproval(
        SUBJECT, asked.pk, title_of(asked), link_to(order), order.seller_id, content_of(order, needed), about=order.buyer_id,
        amount=needed.route_amount, facts=facts, reason=reason, asked_for=asker.absent, co_askers=_entered_too(order, asker),
    )  # fmt: skip
    asked.approval = _started(new, chain, regulation, by=by, at=at)
    asked.save(update_fields=["approval"])
    _record("ask_signature", asked, asker.absent, by, at)
    return asked


@transaction.atomic
def revise_signature(signature_id: int, reason: str, *, regulation: Regulation, by: Acting, at: datetime) -> SignatureRequest:
    """Ask again after it was sent back, with another reason: judged anew, and the route begins anew. Only the asker may.

    When the request passes meanwhile it is held, and when a law fails that nobody may waive it is refused: then the document is void.
    """
    asked = _found(signature_id)
    _must_be_asker(asked, by)
    SIGNATURES.next(SignatureState(asked.state), SignatureVerb.ASK_AGAIN)
    order, line = lock_order(asked.order_id)
    reason = _checked(reason)
    stored: StoredDecision | None
    if OrderState(order.state) in SHIPPING_STATES:
        judged, stored, needed = _judged_to_ship(order, line, regulation, at)
    else:
        court, judged = judge_again(order, regulation, at, waiver_of(order.pk, at))
        stored = store_again(court, order, judged, regulation=regulation, verb="decide_again", by=by, at=at)
        asked.refresh_from_db()
        if stored is None or judged.decided.decision.verdict is not Verdict.WAIVABLE:
            void_signature(order.pk, because=FINAL, by=by.person, at=at)
            asked.refresh_from_db()
            return asked
        needed = needed_for(judged.decided)
    _fill(asked, needed, stored, reason)
    chain = _chain(order, needed, regulation)
    again = Resubmission(
        content_of(order, needed), title=title_of(asked), amount=needed.route_amount,
        facts=facts_of(order, line, judged.decided, needed.laws, chain=chain, on=china_day(at)), reason=reason,
    )  # fmt: skip
    asked.save()
    _start_again(_approval_of(asked), again, by=by, at=at)
    asked.refresh_from_db()
    _record("ask_again", asked, asked.asked_for_id, by, at)
    return asked


@transaction.atomic
def withdraw_signature(signature_id: int, *, reason: str, by: Acting, at: datetime) -> SignatureRequest:
    """Take the request for a signature back before it is decided. Only the asker may."""
    asked = _found(signature_id)
    _must_be_asker(asked, by)
    SIGNATURES.next(SignatureState(asked.state), SignatureVerb.WITHDRAW)
    withdraw_approval(_approval_of(asked), reason=reason, by=by, at=at)
    asked.refresh_from_db()
    return asked


def _must_be_asker(asked: SignatureRequest, by: Acting) -> None:
    if by.person not in (asked.asked_by_id, asked.asked_for_id):
        raise forbidden(Text("只有申请人可以修改或撤回。", "Only the one who asked may change it or take it back."))


def _judged_to_ship(
    order: Order, line: CreditLine, regulation: Regulation, at: datetime
) -> tuple[Judged, StoredDecision, Needed]:  # fmt: skip
    """Judge an accepted request as it would be to ship, store the decision, and return what would have to be let through."""
    _, judged, failed = judge_to_ship(order, line, regulation=regulation, at=at)
    if not failed:
        raise Refusal("passes_now", Text("发货前复核全部通过，无须特批。", "It passes to be shipped; no signature is needed."))
    if any(not law.waivable_by for law in failed):
        raise Refusal("not_waivable", Text("有不可特批的规则未通过。", "A law fails that nobody may waive."))
    laws, decision = [law.law for law in failed], judged.decided.decision
    stored = StoredDecision.objects.create(
        order=order, at=at, verdict=decision.verdict.value, failed=" ".join(laws), regulation=regulation.reference,
        facts=encode(judged.facts), decision=encode(decision),
    )  # fmt: skip
    return judged, stored, needed_for(judged.decided, laws)


def content_of(order: Order, needed: Needed) -> str:
    """Return the fingerprint of what is decided: the request's lines with copies and prices, and what is to be let through."""
    lines = order.lines.order_by("line").values_list("product_id", "copies", "discount_bp", "list_price")
    content = f"{order.pk}|{list(lines)}|{needed}"
    return hashlib.sha256(content.encode()).hexdigest()


def _started(new: NewApproval, chain: Chain, regulation: Regulation, *, by: Acting, at: datetime) -> Approval:
    """Start the procedure; where only those who asked stand on the way that the yuan choose, every step of it is needed."""
    try:
        return request_approval(new, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at)
    except Refusal as refusal:
        if refusal.code != "nobody_can_decide" or new.amount is None:
            raise
    whole = msgspec.structs.replace(new, amount=None)
    return request_approval(whole, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at)


def _start_again(approval: int, again: Resubmission, *, by: Acting, at: datetime) -> None:
    """Begin the route anew, in the same way."""
    try:
        resubmit_approval(approval, again, by=by, at=at)
    except Refusal as refusal:
        if refusal.code != "nobody_can_decide" or again.amount is None:
            raise
        resubmit_approval(approval, msgspec.structs.replace(again, amount=None), by=by, at=at)


def _asker(order: Order, by: Acting, on: date) -> Asker:
    asker = asks_signature(by, order.seller_id, representatives_of(order.buyer_id, order.seller_id, on))
    if asker is None:
        raise forbidden(
            Text(
                "特批由该客户的区域销售员或营销主管提出。",
                "A special signature is asked for by the partner's representative or the manager.",
            )
        )
    return asker


def _entered_too(order: Order, asker: Asker) -> tuple[int, ...]:
    """Return who entered the request for the partner beside the asker: they do not decide on it either."""
    return tuple({order.entered_by_id} - {asker.person, asker.absent})


def _checked(reason: str) -> str:
    if not reason.strip():
        raise bad_input("reason", Text("请写明特批理由。", "Give the reason for the special signature."))
    if len(reason.strip()) > MOST_REASON:
        raise bad_input("reason", Text(f"理由最多 {MOST_REASON} 字。", f"A reason has at most {MOST_REASON} characters."))
    return reason.strip()


def _chain(order: Order, needed: Needed, regulation: Regulation) -> Chain:
    chain = signature_chain(needed, regulation.chains)
    if chain is None or order.seller.kind != FirmKind.HQ.value:
        raise Refusal(
            "no_procedure",
            Text(
                "这里没有特批的审批流程，由有权特批的人直接签署。",
                "There is no procedure for this here; whoever may sign does so directly.",
            ),
            status=422,
        )
    return chain


def _fill(asked: SignatureRequest, needed: Needed, stored: StoredDecision, reason: str) -> None:
    asked.decision, asked.reason, asked.laws = stored, reason, " ".join(needed.laws)
    asked.amount, asked.batches = needed.route_amount or needed.amount, needed.batches


def _found(signature_id: int) -> SignatureRequest:
    asked = SignatureRequest.objects.select_related("order").filter(pk=signature_id).first()
    if asked is None:
        raise not_found()
    return asked


def _approval_of(asked: SignatureRequest) -> int:
    if asked.approval_id is None:
        raise not_found()
    return asked.approval_id


def _record(verb: str, asked: SignatureRequest, absent: int | None, by: Acting, at: datetime) -> None:
    after = {"number": asked.number, "laws": asked.laws.split(), "amount": str(asked.amount)}
    record(
        [
            Deed(verb, SUBJECT, asked.pk, after, {}, asked.regulation, absent),
            Deed(verb, "order", asked.order_id, after, {}, asked.regulation, absent),
        ],
        by=by.person, at=at,
    )  # fmt: skip
