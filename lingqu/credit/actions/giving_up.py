"""What becomes of a write-off: what its signers see, and how it is put into force once it is approved. Private to the verbs."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lingqu.approvals.actions import void_approvals
from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.money import in_yuan
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text, alike, in_one_line
from lingqu.credit.actions.booking import WRITTEN_OFF, Moment, locked, settle
from lingqu.credit.actions.holds import review_holds
from lingqu.credit.actions.proposed import finish, follow_answer
from lingqu.credit.models import Application, Batch, CreditLine, WriteOff
from lingqu.credit.queries import as_open_batch, payment_record, standing_of
from lingqu.credit.rules import check_left, write_off_print
from lingqu.credit.states import ON_ITS_WAY, PROPOSALS, ApplicationKind, ProposalState, ProposalVerb
from lingqu.ledger.actions import lock_accounts, post
from lingqu.ledger.rules import Entry
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.partners.queries import representatives_of
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation

SUBJECT = "write_off"
Facts = tuple[tuple[Text, Text], ...]
_PAID = Text("该批已付清", "the batch was paid")


def link_to(document: WriteOff) -> str:
    """Return the address of the write-off's page."""
    return f"/credit/write-offs/{document.number}/"


def title_of(document: WriteOff) -> Text:
    """Return the title under which the write-off is decided."""
    batch, name = document.batch, document.batch.line.buyer.name
    return Text(
        f"{name}：核销第 {batch.number} 批（{batch.request}）差额 {document.amount:,} 元",
        f"{name}: write off {document.amount:,} yuan of batch {batch.number} ({batch.request})",
    )


def facts_of(document: WriteOff, line: CreditLine, *, regulation: Regulation, on: date) -> Facts:
    """Return what signers need to see: the batch, what is left of it, how the line stands, and how it paid in twelve months."""
    batch = document.batch
    standing = standing_of(line, on=on, tolerance_days=regulation.parameters.overdue_tolerance_days)
    paid = payment_record(line.pk, on=on)
    due = as_open_batch(batch).due_on
    late_zh = f"，逾期 {paid.late} 批，最长 {paid.longest_late} 天" if paid.late else "，无逾期"
    late_en = f", {paid.late} late, by {paid.longest_late} days at most" if paid.late else ", none late"
    return (
        (Text("客户", "Partner"), alike(line.buyer.name)),
        (Text("批次", "Batch"), Text(f"第 {batch.number} 批 {batch.request}", f"{batch.number}, {batch.request}")),
        (Text("受理日", "Accepted on"), alike(batch.opened_on)),
        (Text("到期日", "Due on"), alike(due) if due else Text("未到期", "not due yet")),
        (Text("实洋", "Net value"), in_yuan(batch.value)),
        (Text("已付或已冲减", "Paid or credited"), in_yuan(batch.applied)),
        (Text("尚欠", "Left"), in_yuan(batch.value - batch.applied)),
        (Text("申请核销", "To be written off"), in_yuan(document.amount)),
        (Text("现有逾期", "Overdue now"), in_yuan(standing.overdue)),
        (Text("近 12 个月付款", "Paid in 12 months"), Text(f"结清 {paid.settled} 批{late_zh}", f"{paid.settled} batches settled{late_en}")),
    )


def on_write_off_moved(event: ApprovalMoved) -> None:
    """Let a write-off follow its approval: approved, it is put into force in the same transaction.

    Refuses, so that the approval stays open, one of which less is left meanwhile, or whose content is not what was signed. Those above
    hear of a settled batch by the approval itself. Events of other documents are none of its business.
    """
    must_be_atomic()
    if event.subject_kind != SUBJECT:
        return
    document = WriteOff.objects.get(pk=event.subject_id)
    if event.state is ApprovalState.APPROVED:
        _approved(document, event)
        return
    follow_answer(document, event, subject=SUBJECT)


def _approved(document: WriteOff, event: ApprovalMoved) -> None:
    line = locked(Batch.objects.values_list("line_id", flat=True).get(pk=document.batch_id))
    if line is None or Approval.objects.values_list("fingerprint", flat=True).get(pk=event.approval) != write_off_print(
        document.batch_id, document.amount
    ):
        raise Refusal("content_changed", Text("申请内容与送审时不同。", "The proposal is not what was sent for approval."))
    batch = Batch.objects.get(pk=document.batch_id)
    check_left(document.amount, left=batch.value - batch.applied)
    regulation = regulation_in_force(on=china_day(event.at))
    write_off(document, batch, line, regulation=regulation, by=event.by, at=event.at, told=False)


def write_off(
    document: WriteOff, batch: Batch, line: CreditLine, *, regulation: Regulation, by: int | None, at: datetime, told: bool = True
) -> None:  # fmt: skip
    """Put a write-off into force and post it; the line's row is locked. A batch of which nothing is left settles and frees its place."""
    lock_accounts([line.account_id])
    when = Moment(china_day(at), at, told)
    before = document.state
    document.state = PROPOSALS.next(ProposalState(before), ProposalVerb.APPLY).value
    document.applied_at = at
    document.save(update_fields=["state", "applied_at"])
    Application.objects.create(
        batch=batch, write_off=document, amount=document.amount, kind=ApplicationKind.WRITE_OFF.value, on=when.on, at=at
    )  # fmt: skip
    batch.applied += document.amount
    entries = [
        Entry(
            source=line.write_offs_id, destination=line.account_id, amount=document.amount, document=(SUBJECT, document.pk),
            reason=WRITTEN_OFF,
        )
    ]  # fmt: skip
    entries += settle(line, [batch], when=when) if batch.applied == batch.value else []
    batch.save(update_fields=["applied", "settled_on"])
    after = {"state": document.state, "amount": str(document.amount), "settled": batch.settled_on is not None}
    record([Deed("apply", SUBJECT, document.pk, after, {"state": before}, regulation.reference)], by=by, at=at)
    review_holds(line, regulation=regulation, at=at)
    post(entries, on=when.on, at=at)


@transaction.atomic
def void_paid_write_off(document_id: int, *, at: datetime) -> bool:
    """Void a write-off on its way whose batch was paid meanwhile, with its approval, and tell its asker; return whether it was.

    Apart from the receipt itself, which has locked the line: approvals are locked before lines. One of whose batch anything is left
    stays: it can be sent back and revised.
    """
    document = WriteOff.objects.select_related("batch__line__buyer", "approval").filter(pk=document_id, state__in=ON_ITS_WAY).first()
    if document is None or document.approval_id is None:
        return False
    Approval.objects.select_for_update().filter(pk=document.approval_id).first()
    line = locked(document.batch.line_id)
    document.refresh_from_db(fields=["state"])
    batch = Batch.objects.get(pk=document.batch_id)
    if line is None or document.state not in ON_ITS_WAY or batch.applied < batch.value:
        return False
    void_approvals(SUBJECT, document.pk, reason=_PAID, by=None, at=at)
    finish(document, ProposalVerb.LAPSE, subject=SUBJECT, because=in_one_line(_PAID), by=None, at=at)
    title = Text(f"核销申请 {document.number} 已失效", f"Write-off {document.number} is void")
    body = Text("该批已付清，无须再核销。", "The batch was paid; nothing is left to write off.")
    people = {person for person in (document.asked_by_id, document.asked_for_id) if person}
    people |= set(representatives_of(line.buyer_id, line.seller_id, china_day(at)))
    notify(Message(f"write_off:{document.pk}:void", "credit", title, body, link_to(document)), to=people, at=at)
    return True
