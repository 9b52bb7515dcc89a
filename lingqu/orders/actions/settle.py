"""Hear that a batch was settled, is owed again, or was written off."""

from __future__ import annotations

from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.states import ApprovalState
from lingqu.base.database import must_be_atomic
from lingqu.credit.events import BatchReopened, BatchSettled
from lingqu.credit.models import WriteOff
from lingqu.orders.models import Order


def mark_settled(event: BatchSettled) -> None:
    """Note on the request the day on which its batch was paid; runs in the transaction of the receipt."""
    must_be_atomic()
    Order.objects.filter(pk=event.document_id).update(settled_on=event.on)


def mark_reopened(event: BatchReopened) -> None:
    """Take the day of payment off the request: its batch is owed again. What was shipped stays shipped."""
    must_be_atomic()
    Order.objects.filter(pk=event.document_id).update(settled_on=None)


def mark_written_off(event: ApprovalMoved) -> None:
    """Note on the request that its batch is settled by a write-off that was just approved; credit has heard of the approval before."""
    must_be_atomic()
    if event.subject_kind != "write_off" or event.state is not ApprovalState.APPROVED:
        return
    batch = WriteOff.objects.select_related("batch").get(pk=event.subject_id).batch
    if batch.document_id is not None:
        Order.objects.filter(pk=batch.document_id).update(settled_on=batch.settled_on)
