"""What is done with a return: agreed, refused, sent up, counted, taken back; its slip and its files."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.documents.pages import PageRequest, answer_verb, file_download, page, pdf_download
from lingqu.documents.printing import print_pdf
from lingqu.policy.queries import regulation_in_force
from lingqu.returns.actions import agree_return, count_return, refuse_return, send_up_return, withdraw_return
from lingqu.returns.forms import CountTyped, read_count, read_prices
from lingqu.returns.present import slip_of
from lingqu.returns.queries import evidence_file, return_by_number, whole_return
from lingqu.returns.states import ReturnState
from lingqu.returns.views.returns import show_return


@require_POST
@page
def return_agree(request: PageRequest, number: str) -> HttpResponse:
    """Agree to a return within the caps."""
    found = return_by_number(number, by=request.who)

    def do() -> Text:
        done = agree_return(found.pk, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        return Text(f"已同意，{done.lapses_on} 前收货。", f"Agreed; the goods come by {done.lapses_on}.")

    return answer_verb(request, reverse("return_request", args=[number]), do)


@require_POST
@page
def return_refuse(request: PageRequest, number: str) -> HttpResponse:
    """Refuse a return with a reason."""
    found = return_by_number(number, by=request.who)
    reason = request.POST.get("reason", "")
    try:
        refuse_return(found.pk, reason=reason, by=request.who, at=request.at)
    except Refusal as refusal:
        typed = CountTyped({}, reason[:400], errors={})
        shown = None if typed.blame(refusal) else refusal
        return show_return(request, number, refusal=shown, typed=typed, form="refuse")
    messages.success(request, str(Text(f"{number} 已答复：不同意。", f"{number} is refused.")))
    return redirect("return_request", number)


@require_POST
@page
def return_send_up(request: PageRequest, number: str) -> HttpResponse:
    """Send a return beyond the caps for approval, with the prices proposed for copies that nothing explains."""
    found = return_by_number(number, by=request.who)
    typed, prices = read_prices(request.POST)
    if typed.errors:
        return show_return(request, number, typed=typed, form="send_up")
    regulation = regulation_in_force(on=request.today)
    try:
        send_up_return(found.pk, reason=typed.words, prices=prices, regulation=regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        shown = None if typed.blame(refusal) else refusal
        return show_return(request, number, refusal=shown, typed=typed, form="send_up")
    messages.success(request, str(Text("已报批，审批人已收到通知。", "Sent up; those who decide are told.")))
    return redirect("return_request", number)


@require_POST
@page
def return_count(request: PageRequest, number: str) -> HttpResponse:
    """Count the goods and credit what is accepted."""
    found = return_by_number(number, by=request.who)
    typed, counted = read_count(request.POST)
    if typed.errors:
        return show_return(request, number, typed=typed, form="count")
    regulation = regulation_in_force(on=request.today)
    try:
        done = count_return(found.pk, counted, regulation=regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        shown = None if typed.blame(refusal) else refusal
        return show_return(request, number, refusal=shown, typed=typed, form="count")
    words = Text(f"已清点入账，冲减 {done.credited:,.2f} 元。", f"Counted: {done.credited:,.2f} yuan credited.")
    messages.success(request, str(words))
    return redirect("return_request", number)


@require_POST
@page
def return_withdraw(request: PageRequest, number: str) -> HttpResponse:
    """Take a return back."""
    found = return_by_number(number, by=request.who)

    def do() -> Text:
        withdraw_return(found.pk, by=request.who, at=request.at)
        return Text(f"{number} 已撤回。", f"{number} is withdrawn.")

    return answer_verb(request, reverse("return_request", args=[number]), do)


@require_safe
@page
def return_slip(request: PageRequest, number: str) -> HttpResponse:
    """Give the return slip as PDF, to be put into the parcel; 404 before the return was agreed."""
    found = return_by_number(number, by=request.who)
    if ReturnState(found.state) not in (ReturnState.AGREED, ReturnState.BOOKED):
        raise not_found()
    data = slip_of(whole_return(found, inside=False))
    name = str(Text(f"退货单 {number}", f"Return slip {number}"))
    return pdf_download(name, print_pdf("returns/slip", data, at=found.agreed_at or found.asked_at))


@require_safe
@page
def return_file(request: PageRequest, number: str, attachment: str) -> HttpResponse:
    """Give a file that was added to a return as evidence."""
    found = evidence_file(return_by_number(number, by=request.who), read_id(attachment) or 0)
    return file_download(found.name, found.media_type, found.content)
