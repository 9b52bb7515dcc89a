"""What becomes of a request about a hold: approved it is applied at once, and void when the hold has ended by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.approvals.actions import void_approvals
from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.states import ApprovalState
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.actions.hold_requests import fingerprint_of_change
from lingqu.credit.actions.holding import GONE, REQUEST, apply_change, locked_hold
from lingqu.credit.actions.proposed import follow_answer
from lingqu.credit.models import HoldRequest
from lingqu.credit.states import HoldState


def on_hold_approval_moved(event: ApprovalMoved) -> None:
    """Let a request about a hold follow its approval: approved, the hold is released or put off in the same transaction.

    Refuses, so that the approval stays open, what cannot be applied any more: the hold is released, it was tightened meanwhile, or the
    last day of the deferral has passed. Events of other documents are none of its business.
    """
    must_be_atomic()
    if event.subject_kind != REQUEST:
        return
    hold, line = locked_hold(HoldRequest.objects.values_list("hold_id", flat=True).get(pk=event.subject_id))
    request = HoldRequest.objects.get(pk=event.subject_id)
    if event.state is ApprovalState.APPROVED:
        _check(request, event)
        apply_change(request, hold, line, by=event.by, at=event.at)
        return
    follow_answer(request, event, subject=REQUEST)


def _check(request: HoldRequest, event: ApprovalMoved) -> None:
    if request.hold.state == HoldState.RELEASED.value:
        raise Refusal("hold_gone", Text("供货控制已经解除，不必再批。", "The hold is released already; there is nothing to decide."))
    if request.until is not None and request.until < china_day(event.at):
        raise Refusal("too_late", Text("延期的最后一天已过，请退回申请人修改。", "The last day of the deferral has passed; send it back."))
    agreed = Approval.objects.values_list("fingerprint", flat=True).get(pk=event.approval)
    if agreed != fingerprint_of_change(request, request.hold):
        raise Refusal(
            "hold_changed",
            Text("送审之后供货控制已升级，请退回申请人重新提出。", "The hold was tightened meanwhile; send it back."),
        )


@transaction.atomic
def void_idle_approval(request_id: int, *, at: datetime) -> int:
    """Void the approval of a request whose hold has ended by itself, and return how many were: nobody is asked any more.

    Apart from the release itself, which has locked the line: approvals are locked before lines.
    """
    return void_approvals(REQUEST, request_id, reason=GONE, by=None, at=at)
