"""The verbs of a purchase request: each is one form and one action."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingqu.base.refusal import Refusal
from lingqu.base.templatetags.words import day, use_today
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, answer_verb, page, sent_files, tell_refusal
from lingqu.orders import actions
from lingqu.orders.forms import read_reason, read_sent, read_ship_day, read_waybill
from lingqu.orders.models import Order
from lingqu.orders.queries import order_by_number
from lingqu.orders.states import ORDERS, OrderState
from lingqu.orders.views.order import order_page
from lingqu.policy.queries import regulation_in_force


def _page_of(number: str) -> str:
    return reverse("order", args=[number])


@require_POST
@page
def accept(request: PageRequest, number: str) -> HttpResponse:
    """Accept with the ship date that was typed; a stamped contract goes back with both stamps, as a scan or on paper."""
    order = order_by_number(number, by=request.who)

    try:
        use_today(request.today)
        ship_on = read_ship_day(request.POST)
        regulation = regulation_in_force(on=request.today)
        back = actions.Countersigned(sent_files(request, "countersigned"), read_sent(request.POST))
        done = actions.accept_order(order.pk, ship_on=ship_on, regulation=regulation, by=request.who, at=request.at, countersigned=back)
    except Refusal as refusal:
        if order.needs_contract:
            return order_page(request, number, refusal=refusal)
        tell_refusal(request, refusal)
        return redirect(_page_of(number))
    if done.state == OrderState.ACCEPTED.value:
        text = Text(
            f"已受理 {number}，拟 {day(ship_on, 'short')} 发货，批次已开。",
            f"{number} accepted, ships on {day(ship_on, 'short')}; its batch is open.",
        )
        messages.success(request, str(text))
    else:
        messages.warning(request, str(_not_any_more(order, done)))
    return redirect(_page_of(number))


def _not_any_more(before: Order, now: Order) -> Text:
    number, words = now.number, ORDERS.words[OrderState(now.state)]
    if now.state == OrderState.HELD.value:
        return Text(
            f"未受理：{number} 按今天的事实复核通过，但内容有变，实洋由 {before.net:,} 元改为 {now.net:,} 元，已按此预占；请核对后再受理。",
            f"Not accepted yet: judged again, {number} passes, but its net changes from {before.net:,} to {now.net:,} yuan, which is held "
            "now. Look at it and accept it as it is.",
        )
    return Text(
        f"未受理：原判定已过当日，{number} 按今天的事实复核，现为“{words.zh}”，预占已释放；哪条规则不通过见判定。",
        f"Not accepted: judged again on today's facts, {number} is now “{words.en}”; what it held is free again. The decision says why.",
    )


@require_POST
@page
def decline(request: PageRequest, number: str) -> HttpResponse:
    """Decline with the reason that was typed."""
    order = order_by_number(number, by=request.who)

    def do() -> Text:
        actions.decline_order(order.pk, reason=read_reason(request.POST), by=request.who, at=request.at)
        return Text(
            f"已退回 {number}，预占的额度、批次和库存已释放。", f"{number} declined; money, batch and copies held for it are free again."
        )

    return answer_verb(request, _page_of(number), do)


@require_POST
@page
def withdraw(request: PageRequest, number: str) -> HttpResponse:
    """Take the request back."""
    order = order_by_number(number, by=request.who)

    def do() -> Text:
        actions.withdraw_order(order.pk, by=request.who, at=request.at)
        return Text(
            f"已撤回 {number}，预占的额度、批次和库存已释放。", f"{number} withdrawn; money, batch and copies held for it are free again."
        )

    return answer_verb(request, _page_of(number), do)


@require_POST
@page
def decide_again(request: PageRequest, number: str) -> HttpResponse:
    """Have the request judged anew on today's facts."""
    order = order_by_number(number, by=request.who)

    def do() -> Text:
        regulation = regulation_in_force(on=request.today)
        judged = actions.decide_again(order.pk, regulation=regulation, by=request.who, at=request.at)
        return _came_out(number, OrderState(judged.state))

    return answer_verb(request, _page_of(number), do)


@require_POST
@page
def waive(request: PageRequest, number: str) -> HttpResponse:
    """Sign specially with the reason that was typed."""
    order = order_by_number(number, by=request.who)

    def do() -> Text:
        regulation = regulation_in_force(on=request.today)
        actions.waive_order(order.pk, reason=read_reason(request.POST), regulation=regulation, by=request.who, at=request.at)
        return Text(f"已特批 {number}，只限本批；现待受理。", f"{number} signed specially, for this batch only; it now awaits acceptance.")

    return answer_verb(request, _page_of(number), do)


@require_POST
@page
def ship(request: PageRequest, number: str) -> HttpResponse:
    """Ship all that is there."""
    order = order_by_number(number, by=request.who)

    def do() -> Text:
        regulation = regulation_in_force(on=request.today)
        waybill = read_waybill(request.POST)
        delivery = actions.ship_order(order.pk, regulation=regulation, by=request.who, at=request.at, waybill=waybill)
        return Text(f"已发货，配送单 {delivery.number}。", f"Shipped, delivery {delivery.number}.")

    return answer_verb(request, _page_of(number), do)


def _came_out(number: str, state: OrderState) -> Text:
    words = ORDERS.words[state]
    if state is OrderState.HELD:
        return Text(
            f"{number} 重新判定全部通过，已重新预占，待受理。", f"{number} passed when decided again; it is held and awaits acceptance."
        )
    return Text(f"{number} 重新判定：{words.zh}。", f"{number} decided again: {words.en.lower()}.")
