"""The ways on for a stopped request: ask the partner for money, ask for a special signature, ask again, take it back."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingqu.base.templatetags.words import day, use_today
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.orders import actions
from lingqu.orders.forms import read_long_reason, read_pay_day
from lingqu.orders.queries import order_by_number, signature_by_number
from lingqu.orders.states import SignatureState
from lingqu.policy.queries import regulation_in_force


@require_POST
@page
def ask(request: PageRequest, number: str) -> HttpResponse:
    """Ask for a special signature with the reason that was typed."""
    order = order_by_number(number, by=request.who)

    def do() -> Text:
        regulation = regulation_in_force(on=request.today)
        asked = actions.ask_signature(order.pk, read_long_reason(request.POST), regulation=regulation, by=request.who, at=request.at)
        if asked is None:
            return Text(
                f"{number} 已按今日数据重新判定，无须或不能特批。", f"{number} was decided again; a signature is not needed, or no use."
            )
        return Text(f"已报特批 {asked.number}，审批人已收到通知。", f"{asked.number} is asked for; those who decide are told.")

    return answer_verb(request, reverse("order", args=[number]), do)


@require_POST
@page
def collect(request: PageRequest, number: str) -> HttpResponse:
    """Tell the partner's owner what to pay by the day that was typed."""
    order = order_by_number(number, by=request.who)

    def do() -> Text:
        use_today(request.today)
        pay_by = read_pay_day(request.POST)
        regulation = regulation_in_force(on=request.today)
        actions.ask_payment(order.pk, pay_by=pay_by, regulation=regulation, by=request.who, at=request.at)
        return Text(f"已通知客户在 {day(pay_by, 'short')} 前付款。", f"The partner is asked to pay by {day(pay_by, 'short')}.")

    return answer_verb(request, reverse("order", args=[number]), do)


@require_POST
@page
def ask_again(request: PageRequest, number: str) -> HttpResponse:
    """Ask again after it was sent back, with the reason that was typed."""
    found = signature_by_number(number, by=request.who)

    def do() -> Text:
        regulation = regulation_in_force(on=request.today)
        reason = read_long_reason(request.POST)
        asked = actions.revise_signature(found.pk, reason, regulation=regulation, by=request.who, at=request.at)
        if asked.state == SignatureState.ASKED.value:
            return Text("已重新报批，从第一步开始审批。", "Asked again; the route begins anew.")
        return Text("已按今日数据重新判定，无须或不能特批。", "Decided again; a signature is not needed, or no use.")

    return answer_verb(request, reverse("order", args=[found.order.number]), do)


@require_POST
@page
def take_back(request: PageRequest, number: str) -> HttpResponse:
    """Take the request for a signature back."""
    found = signature_by_number(number, by=request.who)

    def do() -> Text:
        actions.withdraw_signature(found.pk, reason=read_long_reason(request.POST), by=request.who, at=request.at)
        return Text(f"{number} 已撤回。", f"{number} is withdrawn.")

    return answer_verb(request, reverse("order", args=[found.order.number]), do)
