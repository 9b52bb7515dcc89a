"""One batch, writing off what is left of it, disputing it; and money that waits, applied by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.approvals.present import route_rows
from lingqu.approvals.queries import route_taken
from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.credit.access import may_enter_receipt, may_see_proposal
from lingqu.credit.actions import (
    apply_unapplied,
    dispute_batch,
    end_dispute,
    propose_write_off,
    revise_write_off,
    withdraw_write_off,
)
from lingqu.credit.forms import DETAIL, HoldTyped, UnappliedTyped, read_hold_form, read_unapplied
from lingqu.credit.models import Batch, CreditLine, WriteOff
from lingqu.credit.present import (
    application_rows,
    batch_shape,
    credit_rows,
    waiting_rows,
    write_off_events,
    write_off_rows,
    write_off_state,
)
from lingqu.credit.queries import (
    applications_to,
    asker_for,
    batch_to_see,
    batches_to_pay,
    credits_of_batch,
    deeds_of_write_off,
    line_of_buyer,
    lowered_since,
    write_off_by_number,
    write_offs_of_batch,
)
from lingqu.credit.states import ON_ITS_WAY, ProposalState
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.policy.queries import regulation_in_force

UNREADABLE = 422
WRITE_OFF, DISPUTE = "write-off", "dispute"
NOTHING = HoldTyped({"amount": "", "reason": "", "until": "", "text": ""})


@require_safe
@page
def batch(request: PageRequest, place: int) -> HttpResponse:
    """Show one batch: what it is worth, each thing that made it less, and what the person may do."""
    return _show(request, batch_to_see(place, by=request.who))


def _show(
    request: PageRequest, found: Batch, *, typed: HoldTyped = NOTHING, form: str = "", refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    if refusal and refusal.field:
        typed.error(refusal.field, refusal.text)
    line, who = found.line, request.who
    documents = write_offs_of_batch(found.pk)
    is_open = found.settled_on is None
    finance = may_enter_receipt(who, line.seller_id)
    on_its_way = next((one for one in documents if one.state in ON_ITS_WAY), None)
    context: dict[str, Any] = {
        "line": line,
        "batch": batch_shape(found, on=request.today),
        "rows": application_rows(applications_to(found.pk)),
        "credits": credit_rows(credits_of_batch(found.pk)),
        "write_offs": write_off_rows(documents),
        "writes_off": is_open and on_its_way is None and (finance or asker_for(line, by=who, on=request.today) is not None),
        "disputes": is_open and finance,
        "ends_dispute": finance and found.disputed_until is not None,
        "parameters": regulation_in_force(on=request.today).parameters,
        "finance": finance,
        "typed": typed.texts,
        "errors": typed.errors,
        "form": form,
        "refusal": refusal if refusal and not refusal.field else None,
        "today": request.today,
    }
    status = refusal.status if refusal else UNREADABLE if typed.errors else 200
    return render(request, "credit/batch.html", context, status=status)


@require_POST
@page
def batch_write_off(request: PageRequest, place: int) -> HttpResponse:
    """Write off what is left of a batch, at once or by the procedure."""
    found = batch_to_see(place, by=request.who)
    typed = read_hold_form(request.POST, ("amount", "reason"))
    amount = typed.amount("amount")
    if amount is None:
        typed.error("amount", Text("请填写金额。", "Enter the amount."))
    if amount is None or typed.errors:
        return _show(request, found, typed=typed, form=WRITE_OFF)
    regulation = regulation_in_force(on=request.today)
    try:
        made = propose_write_off(found.pk, amount, typed.texts["reason"], regulation=regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        return _show(request, found, typed=typed, form=WRITE_OFF, refusal=refusal)
    if made.state == ProposalState.APPLIED.value:
        told = Text(f"{made.number} 已核销 {made.amount:,} 元。", f"{made.number}: {made.amount:,} yuan is written off.")
    else:
        told = Text(f"已提交 {made.number}，审批人已收到通知。", f"{made.number} is submitted; those who decide are told.")
    messages.success(request, str(told))
    return redirect("write_off", made.number)


@require_POST
@page
def batch_dispute(request: PageRequest, place: int) -> HttpResponse:
    """Leave a batch out of what is overdue up to a day, or end that."""
    found = batch_to_see(place, by=request.who)
    regulation = regulation_in_force(on=request.today)
    if request.POST.get("end"):

        def do() -> Text:
            end_dispute(found.pk, regulation=regulation, by=request.who, at=request.at)
            return Text("异议已结束，该批次照常计算逾期。", "The dispute is over; the batch counts as overdue when it is.")

        return answer_verb(request, reverse("batch", args=[place]), do)
    typed = read_hold_form(request.POST, ("until", "text"))
    until = typed.day("until")
    if typed.errors:
        return _show(request, found, typed=typed, form=DISPUTE)
    try:
        dispute_batch(found.pk, until=until, text=typed.texts["text"], regulation=regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        return _show(request, found, typed=typed, form=DISPUTE, refusal=refusal)
    messages.success(request, str(Text("已登记异议，期内不计逾期，照常占用额度。", "The dispute is noted; the batch stays owed.")))
    return redirect("batch", place)


@require_safe
@page
def write_off(request: PageRequest, number: str) -> HttpResponse:
    """Show one write-off: the batch, its route, what happened, and what its asker may do."""
    return _show_write_off(request, write_off_by_number(number, by=request.who))


def _show_write_off(
    request: PageRequest, found: WriteOff, *, typed: HoldTyped | None = None, refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    shape = write_off_state(found)
    typed = typed or HoldTyped({"amount": f"{found.amount}", "reason": found.reason})
    if refusal and refusal.field:
        typed.error(refusal.field, refusal.text)
    own = shape["open"] and request.who.person in (found.asked_by_id, found.asked_for_id)
    context = {
        "document": found,
        "line": found.batch.line,
        "batch": batch_shape(found.batch, on=request.today),
        "shape": shape,
        "lowered": lowered_since(found.pk),
        "own": own,
        "revises": own and shape["sent_back"],
        "stages": route_rows(route_taken(found.approval)) if found.approval else [],
        "events": write_off_events(deeds_of_write_off(found.pk)),
        "typed": typed.texts,
        "errors": typed.errors,
        "refusal": refusal if refusal and not refusal.field else None,
    }
    status = refusal.status if refusal else UNREADABLE if typed.errors else 200
    return render(request, "credit/write_off.html", context, status=status)


@require_POST
@page
def write_off_revise(request: PageRequest, number: str) -> HttpResponse:
    """Submit a write-off again that was sent back."""
    found = write_off_by_number(number, by=request.who)
    if request.who.person not in (found.asked_by_id, found.asked_for_id):
        raise forbidden(Text("只有申请人可以修改。", "Only the one who asked may change it."))
    typed = read_hold_form(request.POST, ("amount", "reason"))
    amount = typed.amount("amount")
    if amount is None:
        typed.error("amount", Text("请填写金额。", "Enter the amount."))
    if amount is None or typed.errors:
        return _show_write_off(request, found, typed=typed)
    regulation = regulation_in_force(on=request.today)
    try:
        revise_write_off(found.pk, amount, typed.texts["reason"], regulation=regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        return _show_write_off(request, found, typed=typed, refusal=refusal)
    messages.success(request, str(Text("已重新提交，从第一步开始审批。", "Submitted again; the route begins anew.")))
    return redirect("write_off", number)


@require_POST
@page
def write_off_withdraw(request: PageRequest, number: str) -> HttpResponse:
    """Take a write-off back that is not decided yet."""
    found = write_off_by_number(number, by=request.who)

    def do() -> Text:
        withdraw_write_off(found.pk, reason=request.POST.get("reason", "").replace("\x00", "")[:200], by=request.who, at=request.at)
        return Text(f"{found.number} 已撤回。", f"{found.number} is withdrawn.")

    return answer_verb(request, reverse("write_off", args=[number]), do)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def unapplied(request: PageRequest, code: str) -> HttpResponse:
    """List a partner's open batches with its money that waits, and apply that money to those that finance names."""
    line = line_of_buyer(code, by=request.who)
    if not may_see_proposal(request.who, line.seller_id):
        raise forbidden(Text("仅供收款单位查看。", "Only for the firm that is paid."))
    if request.method != "POST":
        return _waiting(request, line, UnappliedTyped({}))
    typed = read_unapplied(request.POST, batches_to_pay(line.pk))
    if typed.errors:
        return _waiting(request, line, typed)
    regulation = regulation_in_force(on=request.today)
    try:
        apply_unapplied(line.pk, typed.detail, regulation=regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        return _waiting(request, line, typed, refusal=refusal)
    messages.success(request, str(Text("已按填写的金额核销。", "The money is applied as entered.")))
    return redirect("unapplied", code)


def _waiting(request: PageRequest, line: CreditLine, typed: UnappliedTyped, *, refusal: Refusal | None = None) -> HttpResponse:
    batches = batches_to_pay(line.pk)
    finance = may_enter_receipt(request.who, line.seller_id)
    context = {
        "line": line,
        "rows": waiting_rows(batches, on=request.today, typed=typed.words, errors=typed.errors, prefix=DETAIL),
        "owed": sum(one.value - one.applied for one in batches),
        "finance": finance,
        "uses": finance and bool(batches) and line.unapplied > 0,
        "refusal": refusal,
    }
    status = refusal.status if refusal else UNREADABLE if typed.errors else 200
    return render(request, "credit/unapplied.html", context, status=status)
