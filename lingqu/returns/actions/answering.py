"""Agree to a return, refuse it, take it back; and let one lapse whose goods never came (M-16.3.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from lingqu.approvals.actions import void_approvals
from lingqu.approvals.models import Approval
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text, in_one_line
from lingqu.orders.access import BUYING_POSTS
from lingqu.organisation.queries import Acting, Asker
from lingqu.partners.queries import representatives_of
from lingqu.policy.rules import Regulation
from lingqu.returns.access import agrees_alone, answers_return, may_withdraw_return
from lingqu.returns.actions.judged import SUBJECT, chain_amount, locked_return
from lingqu.returns.actions.told import tell_moved
from lingqu.returns.models import ReturnRequest
from lingqu.returns.queries import caps_of, lines_as_kept
from lingqu.returns.rules import agreed_directly, check_because, keeps_all, rows_text
from lingqu.returns.states import RETURNS, ReturnState, ReturnVerb

GOODS_DAYS = 60
"""Days within which the goods of an agreed return must come."""

TAKEN_BACK = Text("退货申请已撤回", "the return was taken back")


@transaction.atomic
def agree_return(request_id: int, *, regulation: Regulation, by: Acting, at: datetime) -> ReturnRequest:
    """Agree to a return that keeps all caps, as they are today; its goods may come within 60 days. Returns it.

    Refuses (`beyond_caps`) one that does not: the procedure decides on it, except in an agent's own house. Refuses people who may not
    answer the partner, and a wrong state.
    """
    request = locked_return(request_id)
    asker = must_answer(request, by, at)
    RETURNS.next(ReturnState(request.state), ReturnVerb.AGREE)
    if request.state != ReturnState.ASKED.value:
        raise forbidden(Text("该退货正按程序审批。", "The procedure decides on this return."))
    caps = caps_of(request, regulation=regulation, on=china_day(at))
    request.caps, request.within = rows_text(caps), keeps_all(caps)
    if not agreed_directly(caps, alone=agrees_alone(by, request.seller_id)):
        raise Refusal(
            "beyond_caps",
            Text("超出退货上限或来源不明，须报批。", "It is beyond a cap, or nothing explains some copies: send it for approval."),
            clause=cap_clause(regulation),
        )
    request.net = chain_amount(lines_as_kept(request))
    agree(request, by=by.person, at=at, absent=asker.absent)
    return request


@transaction.atomic
def refuse_return(request_id: int, *, reason: str, by: Acting, at: datetime) -> ReturnRequest:
    """Refuse a return with a reason; the partner is told, and its copies may be named by another. Returns it."""
    request = locked_return(request_id)
    asker = must_answer(request, by, at)
    if request.state != ReturnState.ASKED.value:
        RETURNS.next(ReturnState(request.state), ReturnVerb.REFUSE)
        raise forbidden(Text("该退货正按程序审批。", "The procedure decides on this return."))
    finish(request, ReturnVerb.REFUSE, because=check_because(reason), by=by.person, at=at, absent=asker.absent)
    return request


@transaction.atomic
def withdraw_return(request_id: int, *, by: Acting, at: datetime) -> ReturnRequest:
    """Take a return back before its goods were counted; what is on its way to be decided is void. Returns it."""
    # The approval comes before the credit line, as everywhere.
    list(Approval.objects.select_for_update().filter(subject_kind=SUBJECT, subject_id=request_id, state__in=("open", "sent_back")))
    request = locked_return(request_id)
    if not may_withdraw_return(by, request.buyer_id, request.asked_by_id):
        raise forbidden(Text("只有客户或登记人可以撤回。", "Only the partner, or who entered it, may take it back."))
    finish(request, ReturnVerb.WITHDRAW, because="", by=by.person, at=at, absent=by.for_whom(BUYING_POSTS, request.buyer_id))
    void_approvals(SUBJECT, request.pk, reason=TAKEN_BACK, by=by.person, at=at)
    return request


@transaction.atomic
def lapse_return(request_id: int, *, at: datetime) -> bool:
    """Let an agreed return lapse whose goods did not come in time; return whether it did. Called by a job, any number of times."""
    request = locked_return(request_id)
    if request.state != ReturnState.AGREED.value or request.lapses_on is None or request.lapses_on >= china_day(at):
        return False
    why = Text(f"{request.lapses_on} 前没有收到货", f"no goods came by {request.lapses_on}")
    finish(request, ReturnVerb.LAPSE, because=in_one_line(why), by=None, at=at)
    return True


def must_answer(request: ReturnRequest, by: Acting, at: datetime) -> Asker:
    """Return as whom the person answers the partner; refuses (403) everybody else."""
    must_be_atomic()
    asker = answers_return(by, request.seller_id, representatives_of(request.buyer_id, request.seller_id, china_day(at)))
    if asker is None:
        raise forbidden(
            Text("退货由该客户的区域销售员或营销主管答复。", "Returns are answered by the partner's representative or the manager.")
        )
    return asker


def agree(request: ReturnRequest, *, by: int | None, at: datetime, absent: int | None = None) -> None:
    """Let the goods of a return come, and tell the partner and the warehouse."""
    must_be_atomic()
    before = request.state
    request.state = RETURNS.next(ReturnState(before), ReturnVerb.AGREE).value
    request.agreed_by_id, request.agreed_at = by, at
    request.lapses_on = china_day(at) + timedelta(days=GOODS_DAYS)
    request.ended_because = ""
    request.save()
    after = {"state": request.state, "net": str(request.net), "lapses_on": str(request.lapses_on)}
    record([Deed("agree", SUBJECT, request.pk, after, {"state": before}, request.regulation, absent)], by=by, at=at)
    tell_moved(request, by=by, at=at)


def finish(
    request: ReturnRequest, verb: ReturnVerb, *, because: str, by: int | None, at: datetime, absent: int | None = None
) -> None:  # fmt: skip
    """Bring a return to an end without goods, with the reason, and tell the partner."""
    must_be_atomic()
    before = request.state
    request.state = RETURNS.next(ReturnState(before), verb).value
    request.ended_at, request.ended_because = at, because[:400]
    request.save(update_fields=["state", "ended_at", "ended_because"])
    after = {"state": request.state, "because": request.ended_because}
    record([Deed(verb.value, SUBJECT, request.pk, after, {"state": before}, request.regulation, absent)], by=by, at=at)
    tell_moved(request, by=by, at=at)


def cap_clause(regulation: Regulation) -> str:
    """Return the clause from which the caps come."""
    note = regulation.notes.get("return_share")
    return note.clause if note else ""
