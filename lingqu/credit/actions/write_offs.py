"""What is left of a batch is given up: a little by finance at once, more by the procedure of the regulation (M-16.3.3.1)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from lingqu.approvals.actions import NewApproval, Resubmission, request_approval, resubmit_approval, withdraw_approval
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import MONEY_POSTS, Asker, may_enter_receipt
from lingqu.credit.actions.booking import locked
from lingqu.credit.actions.giving_up import SUBJECT, facts_of, link_to, title_of, write_off
from lingqu.credit.models import Batch, CreditLine, WriteOff
from lingqu.credit.queries import asker_for, given_up_at_once
from lingqu.credit.rules import WRITE_OFF_CHAIN, check_amount, check_left, check_reason, is_free, write_off_print
from lingqu.credit.states import ON_ITS_WAY, PROPOSALS, ProposalState, ProposalVerb
from lingqu.documents.actions import take_numbers
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import PostCode
from lingqu.policy.rules import Regulation

_NOT_YOURS = Text(
    "核销由该客户的区域销售员、营销主管或财务主管提出。",
    "Write-offs are proposed by the partner's representative, the marketing manager or the finance head.",
)


@transaction.atomic
def propose_write_off(batch_id: int, amount: Decimal, reason: str, *, regulation: Regulation, by: Acting, at: datetime) -> WriteOff:
    """Give up yuan of what is left of a batch, and return the document (series HX): at once, or sent through the chain `write_off`.

    At once: finance, up to `write_off_limit` on one batch in all; the owner of an agent, whose own money it is. All else the procedure
    decides; what finance proposes itself takes every step of it, since nobody signs for themselves. Refuses more than is left, a
    second one while one is on its way, an empty reason, and who may not propose.
    """
    batch, line = _locked_batch(batch_id)
    asker = asker_for(line, by=by, on=china_day(at))
    if may_enter_receipt(by, line.seller_id):
        asker = Asker(by.person, by.for_whom(MONEY_POSTS, line.seller_id))
    if asker is None:
        raise forbidden(_NOT_YOURS)
    plain, why = check_amount(amount), check_reason(reason)
    check_left(plain, left=batch.value - batch.applied)
    known = WriteOff.objects.filter(batch=batch, state__in=ON_ITS_WAY).first()
    if known is not None:
        raise Refusal(
            "write_off_open",
            Text(
                f"已有核销申请 {known.number} 在审批中，请先等它办结或撤回。",
                f"Write-off {known.number} is on its way; wait for its end, or withdraw it.",
            ),
        )
    (number,) = take_numbers("HX", china_day(at).year)
    document = WriteOff.objects.create(
        batch=batch, number=number, amount=plain, reason=why, state=ProposalState.PROPOSED.value, regulation=regulation.reference,
        asked_by_id=asker.person, asked_for_id=asker.absent, asked_at=at,
    )  # fmt: skip
    after = {"batch": batch.pk, "amount": str(plain), "because": why}
    record([Deed("propose", SUBJECT, document.pk, after, {}, regulation.reference, asker.absent)], by=by.person, at=at)
    if _at_once(batch, line, plain, regulation=regulation, by=by):
        write_off(document, batch, line, regulation=regulation, by=by.person, at=at)
        return document
    _ask(document, line, regulation=regulation, by=by, at=at)
    return document


@transaction.atomic
def revise_write_off(document_id: int, amount: Decimal, reason: str, *, regulation: Regulation, by: Acting, at: datetime) -> WriteOff:
    """Change a write-off that was sent back and submit it again: its route begins anew. Only the asker may."""
    document = _found(document_id)
    plain, why = check_amount(amount), check_reason(reason)
    PROPOSALS.next(ProposalState(document.state), ProposalVerb.REVISE)
    check_left(plain, left=document.batch.value - document.batch.applied)
    document.amount, document.reason = plain, why
    line = document.batch.line
    again = Resubmission(
        write_off_print(document.batch_id, plain), title=title_of(document), amount=_route_amount(document, by),
        facts=facts_of(document, line, regulation=regulation, on=china_day(at)), reason=why,
    )  # fmt: skip
    resubmit_approval(_approval_of(document), again, by=by, at=at)
    document.save(update_fields=["amount", "reason"])
    document.refresh_from_db()
    after = {"amount": str(plain), "because": why}
    record([Deed("edit", SUBJECT, document.pk, after, {}, regulation.reference, document.asked_for_id)], by=by.person, at=at)
    return document


@transaction.atomic
def withdraw_write_off(document_id: int, *, reason: str, by: Acting, at: datetime) -> WriteOff:
    """Take a write-off back that is not decided yet. Only the asker may."""
    document = _found(document_id)
    if by.person not in (document.asked_by_id, document.asked_for_id):
        raise forbidden(Text("只有申请人可以撤回。", "Only the one who asked may take it back."))
    PROPOSALS.next(ProposalState(document.state), ProposalVerb.WITHDRAW)
    withdraw_approval(_approval_of(document), reason=reason, by=by, at=at)
    document.refresh_from_db()
    return document


def _locked_batch(batch_id: int) -> tuple[Batch, CreditLine]:
    known = Batch.objects.filter(pk=batch_id).values_list("line_id", flat=True).first()
    line = locked(known) if known is not None else None
    if line is None:
        raise not_found()
    return Batch.objects.get(pk=batch_id), line


def _at_once(batch: Batch, line: CreditLine, amount: Decimal, *, regulation: Regulation, by: Acting) -> bool:
    if by.holds(PostCode.OWNER, line.seller_id):
        return True
    free = is_free(amount, given_up=given_up_at_once(batch.pk), limit=regulation.parameters.write_off_limit)
    return free and may_enter_receipt(by, line.seller_id)


def _ask(document: WriteOff, line: CreditLine, *, regulation: Regulation, by: Acting, at: datetime) -> None:
    chain = regulation.chains.get(WRITE_OFF_CHAIN)
    if chain is None:
        raise Refusal(
            "no_procedure",
            Text("现行制度没有核销差额的审批流程。", "The regulation in force has no procedure for write-offs."),
            status=422,
        )
    asked = NewApproval(
        SUBJECT, document.pk, title_of(document), link_to(document), line.seller_id, write_off_print(document.batch_id, document.amount),
        about=line.buyer_id, amount=_route_amount(document, by), reason=document.reason, asked_for=document.asked_for_id,
        facts=facts_of(document, line, regulation=regulation, on=china_day(at)),
    )  # fmt: skip
    document.approval = request_approval(
        asked, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at
    )  # fmt: skip
    document.save(update_fields=["approval"])


def _route_amount(document: WriteOff, by: Acting) -> Decimal | None:
    """Return the yuan that choose the route; None, which is every step, where finance asks: else nobody might be left to sign."""
    return None if may_enter_receipt(by, document.batch.line.seller_id) else document.amount


def _found(document_id: int) -> WriteOff:
    found = WriteOff.objects.select_related("batch__line__buyer").filter(pk=document_id).first()
    if found is None:
        raise not_found()
    return found


def _approval_of(document: WriteOff) -> int:
    if document.approval_id is None or document.state not in ON_ITS_WAY:
        raise not_found()
    return document.approval_id
