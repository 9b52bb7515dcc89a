"""A return beyond the caps goes by the procedure of the regulation (M-16.3.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from django.db import transaction

from lingqu.approvals.actions import NewApproval, Resubmission, request_approval, resubmit_approval
from lingqu.approvals.events import ApprovalMoved
from lingqu.approvals.models import Approval
from lingqu.approvals.rules import Chain
from lingqu.approvals.states import ApprovalState
from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.money import half_up
from lingqu.base.refusal import Refusal, bad_input, forbidden
from lingqu.base.text import Text, alike
from lingqu.credit.models import CreditLine
from lingqu.credit.rules import discount_for
from lingqu.orders.states import RETURN_WORDS, ReturnReason
from lingqu.organisation.models import Firm
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.policy.rules import Regulation
from lingqu.returns.actions.answering import agree, finish, must_answer
from lingqu.returns.actions.judged import SUBJECT, chain_amount, locked_return
from lingqu.returns.actions.told import link_to, tell_moved
from lingqu.returns.models import ReturnRequest
from lingqu.returns.queries import caps_of, lines_as_kept
from lingqu.returns.rules import RETURN_CHAIN, CapRow, Sourced, check_because, highest_price, keeps_all, rows_text
from lingqu.returns.states import CAP_WORDS, RETURNS, Cap, ReturnState, ReturnVerb

Facts = tuple[tuple[Text, Text], ...]
_VERBS = {
    ApprovalState.SENT_BACK: ReturnVerb.SEND_BACK,
    ApprovalState.APPROVED: ReturnVerb.AGREE,
    ApprovalState.REFUSED: ReturnVerb.REFUSE,
    ApprovalState.WITHDRAWN: ReturnVerb.WITHDRAW,
}


@transaction.atomic
def send_up_return(
    request_id: int, *, reason: str, prices: Mapping[int, Decimal], regulation: Regulation, by: Acting, at: datetime
) -> ReturnRequest:  # fmt: skip
    """Send a return beyond the caps for approval, or again after it was sent back, and return it; the yuan to be credited choose the route.

    `prices` is the net yuan a copy by line number that is proposed for copies which no request explains: each of those lines needs one,
    above nothing and at most what the partner pays by its rule. The caps are judged anew; a return that was sent back stays with the
    procedure even where it keeps them by now. Refuses (`within_caps`) one that keeps all of them when it is answered first, people who may
    not answer the partner, who may ask again only as the asker, and a seller without the procedure.
    """
    _lock_approval(request_id)
    request = locked_return(request_id)
    asker = must_answer(request, by, at)
    RETURNS.next(ReturnState(request.state), ReturnVerb.SEND_UP)
    why = check_because(reason)
    chain = _chain(request.seller, regulation)
    lines = _priced(request, prices, regulation)
    caps, before = caps_of(request, regulation=regulation, on=china_day(at)), request.state
    if keeps_all(caps) and before == ReturnState.ASKED.value:
        raise Refusal("within_caps", Text("没有超出上限，可以直接同意。", "It keeps all caps; simply agree."))
    request.caps, request.within, request.because, request.net = rows_text(caps), keeps_all(caps), why, chain_amount(lines)
    request.regulation = regulation.reference
    if before == ReturnState.SENT_BACK.value:
        if request.approval is None or by.person not in (request.approval.asked_by_id, request.approval.asked_for_id):
            raise forbidden(Text("只有报批人可以重新提交。", "Only the one who sent it up may submit it again."))
        request.save()
        again = Resubmission(content_of(request), amount=request.net, facts=_facts(request, caps, chain), reason=why)
        resubmit_approval(request.approval.pk, again, by=by, at=at)
        request.refresh_from_db()
        return request
    request.state = ReturnState.DECIDING.value
    request.save()
    asked = NewApproval(
        SUBJECT, request.pk, title_of(request), link_to(request), request.seller_id, content_of(request), about=request.buyer_id,
        amount=request.net, facts=_facts(request, caps, chain), reason=why, asked_for=asker.absent,
        co_askers=(request.asked_by_id,) if request.asked_by_id != by.person else (),
    )  # fmt: skip
    request.approval = request_approval(asked, chain=chain, committees=regulation.committees, regulation=regulation.reference, by=by, at=at)
    request.save(update_fields=["approval"])
    after = {"state": request.state, "net": str(request.net), "because": why}
    record([Deed("send_up", SUBJECT, request.pk, after, {"state": before}, regulation.reference, asker.absent)], by=by.person, at=at)
    return request


def on_return_moved(event: ApprovalMoved) -> None:
    """Let a return follow its approval; approved, its goods may come. Events of other documents are none of its business."""
    must_be_atomic()
    if event.subject_kind != SUBJECT:
        return
    request = locked_return(event.subject_id)
    if event.state is ApprovalState.OPEN:
        _move(request, ReturnVerb.SEND_UP, event)
        return
    verb = _VERBS[event.state]
    if verb is ReturnVerb.AGREE:
        if Approval.objects.values_list("fingerprint", flat=True).get(pk=event.approval) != content_of(request):
            raise Refusal("content_changed", Text("申请内容与送审时不同。", "It is not what was sent for approval."))
        agree(request, by=event.by, at=event.at)
    elif verb is ReturnVerb.SEND_BACK:
        _move(request, verb, event)
    else:
        finish(request, verb, because=event.reason, by=event.by, at=event.at)


def _move(request: ReturnRequest, verb: ReturnVerb, event: ApprovalMoved) -> None:
    before = request.state
    request.state = RETURNS.next(ReturnState(before), verb).value
    request.ended_because = event.reason[:400]
    request.save(update_fields=["state", "ended_because"])
    after = {"state": request.state, "because": request.ended_because}
    record([Deed(verb.value, SUBJECT, request.pk, after, {"state": before}, request.regulation)], by=event.by, at=event.at)
    if verb is ReturnVerb.SEND_BACK:
        tell_moved(request, by=event.by, at=event.at)


def title_of(request: ReturnRequest) -> Text:
    """Return the title under which it is decided."""
    return Text(
        f"{request.buyer.name} 退货 {request.copies:,} 册，{request.net:,.2f} 元",
        f"{request.buyer.name} returns {request.copies:,} copies, {request.net:,.2f} yuan",
    )


def content_of(request: ReturnRequest) -> str:
    """Return the fingerprint of what is decided: lines, conditions, sources and prices."""
    lines = [
        (line.line, line.asked.product, line.asked.copies, line.asked.condition.value, line.extra, str(line.extra_price or ""),
         [(one.order_line, one.copies) for one in line.taken])
        for line in lines_as_kept(request)
    ]  # fmt: skip
    text = msgspec.json.encode([request.pk, request.reason, str(request.net), lines])
    return hashlib.sha256(text).hexdigest()


def _priced(request: ReturnRequest, prices: Mapping[int, Decimal], regulation: Regulation) -> list[Sourced]:
    """Set the prices proposed for copies that nothing explains, and return the lines."""
    rows = {row.line: row for row in request.lines.all()}
    line = CreditLine.objects.get(seller_id=request.seller_id, buyer_id=request.buyer_id)
    discount = discount_for(regulation, request.buyer.kind, line.grade, line.own_discount_bp)
    for number, row in rows.items():
        if not row.extra:
            continue
        most = highest_price(row.list_price, discount.rule_bp if discount else 0)
        price = prices.get(number)
        if price is None or price <= 0 or price > most or price != half_up(price):
            raise bad_input(
                f"lines.{number}.price",
                Text(
                    f"第 {number} 行有 {row.extra} 册查不到来源，请填每册实洋，大于零，不高于 {most:,.2f} 元。",
                    f"Nothing explains {row.extra} copies of line {number}: give net yuan a copy, above nothing, at most {most:,.2f}.",
                ),
            )
        row.extra_price = price
        row.save(update_fields=["extra_price"])
    return lines_as_kept(request)


def _facts(request: ReturnRequest, caps: Sequence[CapRow], chain: Chain) -> Facts:
    reason = RETURN_WORDS[ReturnReason(request.reason)]
    failed = [row for row in caps if not row.passed]
    return (
        (Text("客户", "Partner"), alike(request.buyer.name)),
        (Text("原因", "Reason"), reason),
        (Text("册数", "Copies"), alike(f"{request.copies:,}")),
        (Text("码洋", "List value"), Text(f"{request.list_value:,.2f} 元", f"{request.list_value:,.2f} yuan")),
        (Text("拟冲减", "To be credited"), Text(f"{request.net:,.2f} 元", f"{request.net:,.2f} yuan")),
        *((CAP_WORDS[row.cap], _cap_fact(row)) for row in failed),
        (Text("条款", "Clause"), alike(chain.clause)),
    )


def _cap_fact(row: CapRow) -> Text:
    numbers = row.numbers
    if row.cap is Cap.SHARE:
        after, most, over = (_money(numbers[name]) for name in ("after", "most", "over"))
        return Text(
            f"{numbers['year']} 年已退与本次 {after} 元，上限 {most} 元，超出 {over} 元",
            f"{after} yuan of {numbers['year']} with this one, at most {most}, {over} over",
        )
    if row.cap is Cap.AGE:
        return Text(f"{numbers['old']} 册购于 {numbers['since']} 之前", f"{numbers['old']} copies bought before {numbers['since']}")
    if row.cap is Cap.CONDITION:
        return Text(f"{numbers['unfit']} 册不可再销售", f"{numbers['unfit']} copies are not fit for sale")
    return Text(f"{numbers['extra']} 册查不到发货记录", f"no record of {numbers['extra']} copies")


def _money(amount: int | str) -> str:
    """Return an amount of a cap with its thousands."""
    return f"{Decimal(amount):,.2f}"


def _chain(seller: Firm, regulation: Regulation) -> Chain:
    chain = regulation.chains.get(RETURN_CHAIN)
    if chain is None or seller.kind != FirmKind.HQ.value:
        raise Refusal("no_procedure", Text("这里没有退货的审批流程。", "There is no procedure for returns here."), status=422)
    return chain


def _lock_approval(request_id: int) -> None:
    """Lock the approval that is on its way for a return before its credit line is locked."""
    list(Approval.objects.select_for_update().filter(subject_kind=SUBJECT, subject_id=request_id, state__in=("open", "sent_back")))
