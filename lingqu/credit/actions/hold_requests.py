"""Ask that a hold be released early or put off until a day, ask again after it was sent back, and take it back (M-19.3)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import msgspec
from django.db import IntegrityError, transaction

from lingqu.approvals.actions import NewApproval, Resubmission, request_approval, resubmit_approval, withdraw_approval
from lingqu.approvals.rules import Chain
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import Asker, decides_alone
from lingqu.credit.actions.hold_told import facts_of_hold, link_to_hold, title_of_request
from lingqu.credit.actions.holding import REQUEST, apply_change, locked_hold
from lingqu.credit.models import CreditLine, HoldRequest, SupplyHold
from lingqu.credit.queries import asker_for
from lingqu.credit.rules import RELEASE_CHAIN, check_change, check_words
from lingqu.credit.states import ON_ITS_WAY, PROPOSALS, HoldRequestKind, HoldState, ProposalState, ProposalVerb
from lingqu.documents.actions import take_numbers
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode
from lingqu.policy.rules import Regulation

SERIES = "JK"


class NewHoldChange(msgspec.Struct, frozen=True):
    """What is asked about a hold: its release, or that goods may leave up to a day, that day included; and why."""

    kind: HoldRequestKind
    reason: str
    until: date | None = None


@transaction.atomic
def ask_hold_change(hold_id: int, new: NewHoldChange, *, regulation: Regulation, by: Acting, at: datetime) -> HoldRequest:
    """Ask for the early release or the deferral of a hold and send it through the procedure; return the document (M-19.3).

    The partner's representative may, and the seller's manager and finance head. An agent's owner decides alone about its own
    customers: it is applied at once. Refuses a hold that is released, a second request on its way, no reason, a day that is past or
    more than 60 days ahead, and a regulation without the procedure.
    """
    hold, line = locked_hold(hold_id)
    day = china_day(at)
    alone = decides_alone(by, line.seller_id)
    asker = Asker(by.person, by.for_whom((PostCode.OWNER,), line.seller_id)) if alone else asker_for(line, by=by, on=day)
    if asker is None:
        raise _not_yours()
    _must_be_open(hold)
    if HoldRequest.objects.filter(hold=hold, state__in=ON_ITS_WAY).exists():
        raise _one_already()
    until, reason = check_hold_change(new, hold, today=day)
    chain = None if alone else _chain(regulation)
    (number,) = take_numbers(SERIES, day.year)
    request = HoldRequest(
        hold=hold, number=number, kind=new.kind.value, until=until, reason=reason, state=ProposalState.PROPOSED.value,
        regulation=regulation.reference, asked_by_id=asker.person, asked_for_id=asker.absent, asked_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as second:
        raise _one_already() from second
    record([Deed("propose", REQUEST, request.pk, _content(request), {}, regulation.reference, asker.absent)], by=by.person, at=at)
    if chain is None:
        apply_change(request, hold, line, by=by.person, at=at)
        return request
    asked = NewApproval(
        REQUEST, request.pk, title_of_request(request, line), link_to_hold(hold), line.seller_id, fingerprint_of_change(request, hold),
        about=line.buyer_id, amount=hold.amount, facts=facts_of_hold(hold, request, line, regulation=regulation, on=day), reason=reason,
        asked_for=asker.absent,
    )  # fmt: skip
    request.approval = request_approval(
        asked, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at
    )  # fmt: skip
    request.save(update_fields=["approval"])
    return request


@transaction.atomic
def revise_hold_request(request_id: int, new: NewHoldChange, *, regulation: Regulation, by: Acting, at: datetime) -> HoldRequest:
    """Change a request that was sent back and submit it again: the route begins anew. Only the asker may; the kind stays."""
    request, hold, line = _with_hold(request_id)
    PROPOSALS.next(ProposalState(request.state), ProposalVerb.REVISE)
    _chain(regulation)
    day = china_day(at)
    kind = HoldRequestKind(request.kind)
    until, reason = check_hold_change(NewHoldChange(kind, new.reason, new.until), hold, today=day)
    before = _content(request)
    request.until, request.reason = until, reason
    again = Resubmission(
        fingerprint_of_change(request, hold), title=title_of_request(request, line), amount=hold.amount,
        facts=facts_of_hold(hold, request, line, regulation=regulation, on=day), reason=reason,
    )  # fmt: skip
    resubmit_approval(_approval_of(request), again, by=by, at=at)
    now, _ = locked_hold(hold.pk)
    _must_be_open(now)
    if now.level != hold.level:
        raise Refusal("hold_changed", Text("供货控制刚刚升级，请刷新后重填。", "The hold has just been tightened; reload."))
    HoldRequest.objects.filter(pk=request.pk).update(until=until, reason=reason)
    request.refresh_from_db()
    deed = Deed("edit", REQUEST, request.pk, _content(request), before, regulation.reference, request.asked_for_id)
    record([deed], by=by.person, at=at)
    return request


@transaction.atomic
def withdraw_hold_request(request_id: int, *, reason: str, by: Acting, at: datetime) -> HoldRequest:
    """Take a request back that is not decided yet. Only the asker may."""
    request, _, _ = _with_hold(request_id)
    PROPOSALS.next(ProposalState(request.state), ProposalVerb.WITHDRAW)
    withdraw_approval(_approval_of(request), reason=reason, by=by, at=at)
    request.refresh_from_db()
    return request


def check_hold_change(new: NewHoldChange, hold: SupplyHold, *, today: date) -> tuple[date | None, str]:
    """Return last day and reason of what is asked about a hold; refuses at its field what cannot be."""
    last = hold.deferred_until if hold.state == HoldState.DEFERRED.value else None
    reason = check_words(new.reason, field="reason", zh="理由", en="a reason")
    return check_change(new.kind, new.until, today=today, last=last), reason


def fingerprint_of_change(request: HoldRequest, hold: SupplyHold) -> str:
    """Return the hash of what is decided: the hold, how far it goes, and what is asked. The reason may be worded anew."""
    parts = (hold.pk, hold.level, request.kind, request.until)
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def _content(request: HoldRequest) -> dict[str, object]:
    until = request.until.isoformat() if request.until else ""
    return {"kind": request.kind, "until": until, "hold": request.hold_id, "because": request.reason}


def _with_hold(request_id: int) -> tuple[HoldRequest, SupplyHold, CreditLine]:
    request = HoldRequest.objects.select_related("hold__line__buyer").filter(pk=request_id).first()
    if request is None:
        raise not_found()
    return request, request.hold, request.hold.line


def _approval_of(request: HoldRequest) -> int:
    if request.approval_id is None or request.state not in ON_ITS_WAY:
        raise not_found()
    return request.approval_id


def _chain(regulation: Regulation) -> Chain:
    chain = regulation.chains.get(RELEASE_CHAIN)
    if chain is None:
        raise Refusal(
            "no_procedure",
            Text("现行制度没有解除或延期的审批流程。", "The regulation in force has no procedure for releasing or putting off a hold."),
            status=422,
        )
    return chain


def _must_be_open(hold: SupplyHold) -> None:
    if hold.state == HoldState.RELEASED.value:
        raise Refusal("hold_gone", Text("供货控制已经解除，不必再申请。", "The hold is released already; there is nothing to ask."))


def _one_already() -> Refusal:
    return Refusal(
        "request_open", Text("已有申请在审批中，请先等它办结或撤回。", "A request is on its way; wait for its end, or withdraw it.")
    )


def _not_yours() -> Refusal:
    return forbidden(
        Text(
            "解除或延期由该客户的区域销售员、营销主管或财务主管申请。",
            "Release and deferral are asked by the partner's representative, the marketing manager or the finance head.",
        )
    )
