"""The home page, and the verbs that are done right there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.refusal import Refusal, bad_input, not_found
from lingqu.base.text import Text
from lingqu.desk.present.home import Opened, home_of, one_task
from lingqu.desk.present.moment import Moment
from lingqu.documents.pages import PageRequest, page
from lingqu.orders.actions import accept_order, decide_again, decline_order, ship_order, waive_order
from lingqu.orders.queries import order_by_number
from lingqu.policy.queries import regulation_in_force

TYPED = ("reason", "ship_on", "waybill")


@require_safe
@page
def home(request: PageRequest) -> HttpResponse:
    """Show what waits for the person, by their posts."""
    return _show(request, Opened(request.GET.get("open", ""), group=request.GET.get("kind", "")))


@require_safe
@page
def task(request: PageRequest, number: str) -> HttpResponse:
    """Show what folds out under one row: decision, payment record, verbs."""
    fold = one_task(_moment(request), number)
    if fold is None:
        raise not_found()
    return render(request, "desk/task_fold.html", {"fold": fold})


@require_POST
@page
def accept(request: PageRequest, number: str) -> HttpResponse:
    """Accept a request with its ship date."""
    regulation = regulation_in_force(on=request.today)

    def do(order: int) -> Text:
        ship_on = _day(_typed(request, "ship_on"))
        done = accept_order(order, ship_on=ship_on, regulation=regulation, by=request.who, at=request.at)
        if done.accepted_at is None:
            return Text(
                f"{number} 未受理：按今天的事实复核不通过，预占已释放，见判定。",
                f"{number} was not accepted: judged again today it fails, and what it held is free; see its decision.",
            )
        return Text(f"已受理 {number}，{ship_on} 发货，批次已开。", f"{number} accepted, ships {ship_on}; its batch is open.")

    return _do(request, number, do)


@require_POST
@page
def decline(request: PageRequest, number: str) -> HttpResponse:
    """Decline a request with a reason."""

    def do(order: int) -> Text:
        decline_order(order, reason=_typed(request, "reason"), by=request.who, at=request.at)
        return Text(f"已退回 {number}，预占已释放。", f"{number} declined; what it held is free again.")

    return _do(request, number, do)


@require_POST
@page
def again(request: PageRequest, number: str) -> HttpResponse:
    """Decide a request anew on today's facts."""
    regulation = regulation_in_force(on=request.today)

    def do(order: int) -> Text:
        decided = decide_again(order, regulation=regulation, by=request.who, at=request.at)
        held = decided.state == "held"
        return Text(
            f"{number} 已重新判定：{'全部通过，额度与库存已预占。' if held else '仍有未通过的规则。'}",
            f"{number} was decided again: {'all passed, credit and stock are held.' if held else 'some laws still fail.'}",
        )

    return _do(request, number, do)


@require_POST
@page
def waive(request: PageRequest, number: str) -> HttpResponse:
    """Give the special signature with its reason."""
    regulation = regulation_in_force(on=request.today)

    def do(order: int) -> Text:
        waive_order(order, reason=_typed(request, "reason"), regulation=regulation, by=request.who, at=request.at)
        return Text(
            f"已特批 {number}，额度与库存已预占，待受理。", f"{number} signed specially; credit and stock are held, it awaits acceptance."
        )

    return _do(request, number, do)


@require_POST
@page
def ship(request: PageRequest, number: str) -> HttpResponse:
    """Ship what is there of an accepted request."""
    regulation = regulation_in_force(on=request.today)

    def do(order: int) -> Text:
        delivery = ship_order(order, regulation=regulation, by=request.who, at=request.at, waybill=_typed(request, "waybill"))
        return Text(f"{number} 已发货，发货单 {delivery.number}。", f"{number} shipped with delivery {delivery.number}.")

    return _do(request, number, do)


def _do(request: PageRequest, number: str, do: Callable[[int], Text]) -> HttpResponse:
    """Do the verb and go home; after a refusal the page stands as it was sent, the row open and what was typed still in it."""
    order = order_by_number(number, by=request.who)
    try:
        told = do(order.pk)
    except Refusal as refusal:
        typed = {name: _typed(request, name) for name in TYPED}
        return _show(request, Opened(number, typed), refusal=refusal)
    messages.success(request, str(told))
    return redirect("home")


def _typed(request: PageRequest, name: str) -> str:
    """Return what was typed with a verb, without the one character that no database takes."""
    return request.POST.get(name, "").replace("\x00", "")


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words.strip())
    except ValueError as wrong:
        raise bad_input("ship_on", Text("请填写发货日，如 2026-11-24。", "Enter the ship date, like 2026-11-24.")) from wrong


def _moment(request: PageRequest) -> Moment:
    return Moment(request.who, request.at, request.today, regulation_in_force(on=request.today))


def _show(request: PageRequest, opened: Opened, refusal: Refusal | None = None) -> HttpResponse:
    everybody = request.GET.get("scope") == "all" or bool(refusal)
    context = home_of(_moment(request), everybody=everybody, opened=opened)
    context |= {"refusal": refusal, "opened": opened.number, "at": request.at}
    return render(request, "desk/home.html", context, status=refusal.status if refusal else 200)
