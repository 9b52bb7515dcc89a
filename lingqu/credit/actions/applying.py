"""What becomes of a proposal: approved it is in force at once, and a temporary raise ends on its day."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text, in_one_line
from lingqu.credit.actions.changing import SUBJECT, GradeSet, end_temporary, write_grade
from lingqu.credit.actions.proposed import finish, follow_answer
from lingqu.credit.actions.told import tell_end, tell_result
from lingqu.credit.models import CreditLine, CreditProposal
from lingqu.credit.queries import basis_of, source_before
from lingqu.credit.rules import Basis, Proposed, fingerprint_of, limit_at_end, terms_of
from lingqu.credit.states import PROPOSALS, ProposalKind, ProposalState, ProposalVerb
from lingqu.ledger.actions import lock_accounts, set_limit
from lingqu.policy.queries import regulation_in_force

_REPLACED = Text("正式调整已生效", "a change for good is in force")
_TIME_IS_OVER = Text("临时额度到期", "its last day has passed")


def on_approval_moved(event: ApprovalMoved) -> None:
    """Let a proposal follow its approval: approved, it is put into force in the same transaction.

    Refuses, so that the approval stays open, what cannot be put into force any more: the line changed meanwhile, or a temporary raise is
    past its last day. Events of other documents are none of its business.
    """
    must_be_atomic()
    if event.subject_kind != SUBJECT:
        return
    proposal = CreditProposal.objects.select_related("line__buyer").get(pk=event.subject_id)
    if event.state is ApprovalState.APPROVED:
        _apply(proposal, event)
        return
    if follow_answer(proposal, event, subject=SUBJECT) is ProposalVerb.REFUSE:
        tell_result(proposal, on=china_day(event.at), at=event.at)


def _apply(proposal: CreditProposal, event: ApprovalMoved) -> None:
    day, at = china_day(event.at), event.at
    line = CreditLine.objects.select_for_update().get(pk=proposal.line_id)
    standing = lock_accounts([line.account_id])[line.account_id]
    basis = basis_of(line)
    _check(proposal, basis, event)
    regulation = regulation_in_force(on=day)
    before = {"state": proposal.state, "grade": line.grade, "limit": str(standing.limit)}
    proposal.state = PROPOSALS.next(ProposalState(proposal.state), ProposalVerb.APPLY).value
    proposal.applied_at = at
    if proposal.kind != ProposalKind.TEMPORARY.value:
        end_temporary(line, because=_REPLACED, by=event.by, at=at)
    proposal.save(update_fields=["state", "applied_at"])
    after = {"state": proposal.state, "grade": proposal.grade_after, "limit": str(proposal.limit_after)}
    record([Deed("apply", SUBJECT, proposal.pk, after, before, regulation.reference)], by=event.by, at=at)
    tell_result(proposal, on=day, at=at)
    if proposal.kind == ProposalKind.GRADE.value:
        terms = terms_of(proposal.grade_after, regulation.parameters.grades)
        change = GradeSet(line.grade, proposal.grade_after, proposal.reason, terms, event.by, None, event.approval)
        proposal.grade_change = write_grade(line, change, regulation=regulation, at=at)
        proposal.save(update_fields=["grade_change"])
        return
    set_limit(
        line.account_id, limit=proposal.limit_after, count_limit=standing.count_limit, document=(SUBJECT, proposal.pk), on=day, at=at
    )  # fmt: skip


def _check(proposal: CreditProposal, basis: Basis, event: ApprovalMoved) -> None:
    if (basis.grade, basis.limit) != (proposal.grade_before, proposal.limit_before):
        raise Refusal(
            "line_changed",
            Text(
                "提出之后等级或额度已变动，请退回申请人重新提出。", "The grade or the limit changed since this was proposed; send it back."
            ),
        )
    if proposal.until is not None and proposal.until < china_day(event.at):
        raise Refusal(
            "too_late",
            Text("临时额度的最后一天已过，请退回申请人修改。", "The last day of the temporary limit has passed; send it back."),
        )
    based_on = Basis(proposal.grade_before, proposal.limit_before, basis.max_open)
    stored = Proposed(
        ProposalKind(proposal.kind), proposal.reason, based_on, proposal.grade_after, proposal.limit_after, proposal.batches_after,
        proposal.until, proposal.limit_after,
    )  # fmt: skip
    if Approval.objects.values_list("fingerprint", flat=True).get(pk=event.approval) != fingerprint_of(proposal.line_id, stored):
        raise Refusal("content_changed", Text("申请内容与送审时不同。", "The proposal is not what was sent for approval."))


@transaction.atomic
def end_temporary_limit(proposal_id: int, *, at: datetime) -> bool:
    """End a temporary raise whose last day has passed: the limit before it holds again, or a lower one that was set meanwhile.

    The limit comes from the document that it came from before, so that a line which goes by the table of grades does so again. Tell the
    partner's owner and its representatives. Return whether it was ended; a second run finds nothing to do. A proposal that is on
    its way stays: it was made upon the limit without the raise.
    """
    day = china_day(at)
    found = CreditProposal.objects.select_related("line__buyer").filter(pk=proposal_id).first()
    if found is None:
        return False
    line = CreditLine.objects.select_for_update(of=("self",)).get(pk=found.line_id)
    found.refresh_from_db(fields=["state", "until"])
    is_over = found.until is not None and found.until < day
    if found.state != ProposalState.APPLIED.value or not is_over:
        return False
    standing = lock_accounts([line.account_id])[line.account_id]
    limit = limit_at_end(standing.limit, found.limit_before)
    finish(found, ProposalVerb.END, subject=SUBJECT, because=in_one_line(_TIME_IS_OVER), by=None, at=at)
    tell_end(found, limit, on=day, at=at)
    if limit != standing.limit:
        document = source_before(line.account_id, found.pk) or (SUBJECT, found.pk)
        set_limit(line.account_id, limit=limit, count_limit=standing.count_limit, document=document, on=day, at=at)
    return True
