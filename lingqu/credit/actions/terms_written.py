"""Write terms of retailers into force, void them, and let them follow their approval. Private to the verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from lingqu.approvals.actions import void_approvals
from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text, in_one_line
from lingqu.credit.actions.changing import GradeSet, clear_way, record_grade
from lingqu.credit.actions.proposed import finish, follow_answer
from lingqu.credit.actions.terms_told import tell_terms
from lingqu.credit.models import CreditLine, RetailerTerms
from lingqu.credit.rules import NewTerms, bound_clauses, check_terms, grade_terms, terms_print
from lingqu.credit.states import ON_ITS_WAY, TERMS, ProposalState, ProposalVerb
from lingqu.documents.actions import take_numbers
from lingqu.ledger.actions import set_limit
from lingqu.ledger.queries import standings
from lingqu.organisation.queries import Acting
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation

SUBJECT = "retailer_terms"
SERIES = "GT"
_REPLACED = Text("新的供货条件已生效", "newer terms are in force")
_CHANGED = Text("等级或额度已被直接调整", "the grade or the limit was changed at once")
_CONTENT = ("grade", "limit", "batches", "days", "discount_bp", "reason")
_BASIS = ("grade_before", "limit_before", "batches_before", "days_before", "discount_bp_before")


def draft_of(
    line: CreditLine, new: NewTerms, *, regulation: Regulation, by: Acting, absent: int | None, at: datetime, number: str = ""
) -> RetailerTerms:
    """Return the document for terms of a line, with how the line stands now, not saved; refuses terms that hold already."""
    standing = standings([line.account_id])[line.account_id]
    present = (line.grade, standing.limit, standing.count_limit or 0, line.own_days, line.own_discount_bp)
    if (new.grade, new.limit, new.batches, new.days, new.discount_bp) == present:
        raise Refusal("same_terms", Text(f"{line.buyer.name}：条件没有变化。", f"{line.buyer.name}: these terms hold already."), status=422)
    if not number:
        (number,) = take_numbers(SERIES, china_day(at).year)
    return RetailerTerms(
        line=line, number=number, state=ProposalState.PROPOSED.value, grade=new.grade, limit=new.limit, batches=new.batches, days=new.days,
        discount_bp=new.discount_bp, grade_before=line.grade, limit_before=standing.limit, batches_before=standing.count_limit or 0,
        days_before=line.own_days, discount_bp_before=line.own_discount_bp, reason=new.reason, regulation=regulation.reference,
        asked_by_id=by.person, asked_for_id=absent, asked_at=at,
    )  # fmt: skip


def new_of(document: RetailerTerms) -> dict[str, object]:
    """Return what a document says and upon what it was made, by field."""
    return {field: getattr(document, field) for field in (*_CONTENT, *_BASIS, "regulation")}


def content_of(document: RetailerTerms) -> dict[str, object]:
    """Return what is recorded of a document."""
    return {
        "grade": document.grade, "limit": str(document.limit), "batches": document.batches, "days": document.days,
        "discount_bp": document.discount_bp,
    }  # fmt: skip


def apply_terms(
    documents: Sequence[RetailerTerms], lines: Mapping[int, CreditLine], *, regulation: Regulation, by: int | None, absent: int | None,
    at: datetime,
) -> None:  # fmt: skip
    """Put documents of locked lines into force: what held before ends, lines take grade, term and price, the ledger its limits, last."""
    must_be_atomic()
    for document in documents:
        end_terms(document.line_id, because=_REPLACED, by=by, at=at)
        line = lines[document.line_id]
        if line.grade != document.grade:
            terms = grade_terms(document.grade, regulation.parameters, branch=True)
            change = GradeSet(line.grade, document.grade, document.reason, terms, by, absent, document.approval_id)
            record_grade(line, change, regulation=regulation, at=at)
        line.own_days, line.own_discount_bp = document.days, document.discount_bp
        line.save(update_fields=["own_days", "own_discount_bp"])
        before = document.state
        document.state = TERMS.next(ProposalState(before), ProposalVerb.APPLY).value
        document.applied_at = at
        document.save(update_fields=["state", "applied_at"])
        deed = Deed("apply", SUBJECT, document.pk, content_of(document), {"state": before}, regulation.reference, absent)
        record([deed], by=by, at=at)
        tell_terms(document, on=china_day(at), at=at)
    for document in documents:
        set_limit(
            lines[document.line_id].account_id, limit=document.limit, count_limit=document.batches, document=(SUBJECT, document.pk),
            on=china_day(at), at=at,
        )  # fmt: skip


def end_terms(line: int, *, because: Text, by: int | None, at: datetime) -> None:
    """End the terms that are in force on a locked line."""
    for standing in RetailerTerms.objects.filter(line_id=line, state=ProposalState.APPLIED.value):
        finish(standing, ProposalVerb.END, subject=SUBJECT, because=in_one_line(because), by=by, at=at)


def drop_terms(line: CreditLine, *, by: int | None, at: datetime) -> None:
    """Let a locked line go by the tables again, because its grade was set at once: own term and price are over."""
    end_terms(line.pk, because=_CHANGED, by=by, at=at)
    if line.own_days is not None or line.own_discount_bp is not None:
        line.own_days = line.own_discount_bp = None
        line.save(update_fields=["own_days", "own_discount_bp"])


def void_terms(line: int, *, because: Text, by: int | None, at: datetime) -> None:
    """Void terms that are on their way for a line that somebody is about to change at once. Before the line is locked."""
    must_be_atomic()
    found = RetailerTerms.objects.filter(line_id=line, state__in=ON_ITS_WAY).first()
    if found is None:
        return
    void_approvals(SUBJECT, found.pk, reason=because, by=by, at=at)
    found = RetailerTerms.objects.filter(pk=found.pk, state__in=ON_ITS_WAY).first()
    if found is not None:
        finish(found, ProposalVerb.LAPSE, subject=SUBJECT, because=in_one_line(because), by=by, at=at)


def on_terms_moved(event: ApprovalMoved) -> None:
    """Let proposed terms follow their approval: agreed to by the agent's owner they are in force in the same transaction.

    Refuses, so that the approval stays open, what the bounds of today forbid, what is not what was sent, and a line whose grade was changed
    meanwhile. Events of other documents are none of its business.
    """
    must_be_atomic()
    if event.subject_kind != SUBJECT:
        return
    document = RetailerTerms.objects.select_related("line__buyer").get(pk=event.subject_id)
    if event.state is ApprovalState.APPROVED:
        _agreed(document, event)
        return
    follow_answer(document, event, subject=SUBJECT)


def _agreed(document: RetailerTerms, event: ApprovalMoved) -> None:
    regulation = regulation_in_force(on=china_day(event.at))
    clear_way(document.line_id, because=_CHANGED, by=event.by or document.asked_by_id, at=event.at)
    line = CreditLine.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=document.line_id)
    new = NewTerms(document.grade, document.limit, document.batches, document.days, document.discount_bp, document.reason)
    check_terms(new, regulation.parameters, bound_clauses(regulation))
    if Approval.objects.values_list("fingerprint", flat=True).get(pk=event.approval) != terms_print(line.pk, new):
        raise Refusal("content_changed", Text("申请内容与送审时不同。", "The terms are not what was sent for approval."))
    if line.grade != document.grade_before:
        told = Text("提出之后等级已变动，请退回重新提出。", "The grade changed since this was proposed; send it back.")
        raise Refusal("line_changed", told)
    apply_terms([document], {line.pk: line}, regulation=regulation, by=event.by, absent=None, at=event.at)
