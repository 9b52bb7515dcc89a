"""Propose a change of a partner's credit, revise it after it was sent back, and take it back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from lingqu.approvals.actions import NewApproval, Resubmission, request_approval, resubmit_approval, withdraw_approval
from lingqu.approvals.rules import Chain
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.actions.changing import SUBJECT
from lingqu.credit.actions.told import facts_of, link_to, title_of
from lingqu.credit.models import CreditLine, CreditProposal
from lingqu.credit.queries import asker_for, basis_of, open_proposal
from lingqu.credit.rules import NewProposal, Proposed, chain_key, check_proposal, fingerprint_of
from lingqu.credit.states import ON_ITS_WAY, PROPOSALS, ProposalKind, ProposalState, ProposalVerb
from lingqu.documents.actions import take_numbers
from lingqu.organisation.queries import Acting
from lingqu.policy.rules import Regulation


@transaction.atomic
def propose_credit_change(line_id: int, new: NewProposal, *, regulation: Regulation, by: Acting, at: datetime) -> CreditProposal:
    """Propose another limit or grade for a line and send it through the procedure of the regulation; return the document (M-19.5, M-19.6).

    The partner's representative may, and the seller's manager and finance head. The raise in yuan chooses the route. Refuses a second
    proposal while one is on its way, values that cannot be, and a regulation without the procedure.
    """
    line = CreditLine.objects.select_for_update(of=("self",)).select_related("buyer").filter(pk=line_id).first()
    if line is None:
        raise not_found()
    day = china_day(at)
    asker = asker_for(line, by=by, on=day)
    if asker is None:
        raise _not_yours()
    chain = _chain(new.kind, regulation)
    known = open_proposal(line.pk)
    if known:
        raise _one_already(known.number)
    proposed = check_proposal(new, basis_of(line), regulation.parameters.grades, today=day)
    (number,) = take_numbers("XY", day.year)
    proposal = CreditProposal(
        line=line, number=number, state=ProposalState.PROPOSED.value, asked_by_id=asker.person, asked_for_id=asker.absent, asked_at=at,
        regulation=regulation.reference,
    )  # fmt: skip
    _fill(proposal, proposed)
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError as second:
        raise _one_already("") from second
    asked = NewApproval(
        SUBJECT, proposal.pk, title_of(proposal), link_to(proposal), line.seller_id, fingerprint_of(line.pk, proposed),
        about=line.buyer_id, amount=proposed.amount, facts=facts_of(line, proposed, regulation=regulation, on=day),
        reason=proposed.reason, asked_for=asker.absent,
    )  # fmt: skip
    approval = request_approval(asked, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at)
    proposal.approval = approval
    proposal.save(update_fields=["approval"])
    record([Deed("propose", SUBJECT, proposal.pk, _content(proposal), {}, regulation.reference, asker.absent)], by=by.person, at=at)
    return proposal


@transaction.atomic
def revise_proposal(proposal_id: int, new: NewProposal, *, regulation: Regulation, by: Acting, at: datetime) -> CreditProposal:
    """Change a proposal that was sent back and submit it again: the route begins anew. Only the asker may; the kind stays.

    What it is based on is read anew, so that it is right however long it lay.
    """
    proposal, line = _with_line(proposal_id)
    PROPOSALS.next(ProposalState(proposal.state), ProposalVerb.REVISE)
    day = china_day(at)
    _chain(ProposalKind(proposal.kind), regulation)
    proposed = check_proposal(_of_kind(new, proposal), basis_of(line), regulation.parameters.grades, today=day)
    _fill(proposal, proposed)
    facts = facts_of(line, proposed, regulation=regulation, on=day)
    again = Resubmission(
        fingerprint_of(line.pk, proposed), title=title_of(proposal), amount=proposed.amount, facts=facts, reason=proposed.reason
    )  # fmt: skip
    resubmit_approval(_approval_of(proposal), again, by=by, at=at)
    line = CreditLine.objects.select_for_update().get(pk=line.pk)
    if basis_of(line) != proposed.basis:
        raise Refusal("line_changed", Text("等级或额度刚刚变动，请刷新后重填。", "The grade or the limit has just changed; reload."))
    proposal.refresh_from_db()
    before = _content(proposal)
    _fill(proposal, proposed)
    proposal.save()
    deed = Deed("edit", SUBJECT, proposal.pk, _content(proposal), before, regulation.reference, proposal.asked_for_id)
    record([deed], by=by.person, at=at)
    return proposal


@transaction.atomic
def withdraw_proposal(proposal_id: int, *, reason: str, by: Acting, at: datetime) -> CreditProposal:
    """Take a proposal back that is not decided yet. Only the asker may."""
    proposal, _ = _with_line(proposal_id)
    PROPOSALS.next(ProposalState(proposal.state), ProposalVerb.WITHDRAW)
    withdraw_approval(_approval_of(proposal), reason=reason, by=by, at=at)
    proposal.refresh_from_db()
    return proposal


def _fill(proposal: CreditProposal, proposed: Proposed) -> None:
    proposal.kind = proposed.kind.value
    proposal.grade_before, proposal.limit_before = proposed.basis.grade, proposed.basis.limit
    proposal.grade_after, proposal.limit_after = proposed.grade, proposed.limit
    proposal.batches_after, proposal.until, proposal.reason = proposed.batches, proposed.until, proposed.reason


def _content(proposal: CreditProposal) -> dict[str, object]:
    return {"kind": proposal.kind, "grade": proposal.grade_after, "limit": str(proposal.limit_after), "until": proposal.until}


def _of_kind(new: NewProposal, proposal: CreditProposal) -> NewProposal:
    return NewProposal(ProposalKind(proposal.kind), new.reason, new.limit, new.grade, new.until)


def _with_line(proposal_id: int) -> tuple[CreditProposal, CreditLine]:
    proposal = CreditProposal.objects.select_related("line__buyer").filter(pk=proposal_id).first()
    if proposal is None:
        raise not_found()
    return proposal, proposal.line


def _approval_of(proposal: CreditProposal) -> int:
    if proposal.approval_id is None or proposal.state not in ON_ITS_WAY:
        raise not_found()
    return proposal.approval_id


def _chain(kind: ProposalKind, regulation: Regulation) -> Chain:
    chain = regulation.chains.get(chain_key(kind))
    if chain is None:
        raise Refusal(
            "no_procedure",
            Text("现行制度没有这项调整的审批流程。", "The regulation in force has no procedure for this change."),
            status=422,
        )
    return chain


def _one_already(number: str) -> Refusal:
    return Refusal(
        "proposal_open",
        Text(
            f"已有信用调整申请 {number} 在审批中，请先等它办结或撤回。",
            f"Proposal {number} is on its way; wait for its end, or withdraw it.",
        ),
    )


def _not_yours() -> Refusal:
    return forbidden(
        Text(
            "信用调整由该客户的区域销售员、营销主管或财务主管提出。",
            "Changes of credit are proposed by the partner's representative, the marketing manager or the finance head.",
        )
    )
