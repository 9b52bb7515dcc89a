"""The page of one purchase request."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.base.refusal import Refusal
from lingqu.base.templatetags.words import use_today
from lingqu.base.typed import read_id
from lingqu.documents.pages import PageRequest, page
from lingqu.orders.present import view_of
from lingqu.orders.queries import whole_order

TYPED = ("ship_on", "reason", "waybill", "sent_by_post")
"""Fields of the page's forms that come back filled in when what was sent is refused."""


@require_safe
@page
def show(request: PageRequest, number: str) -> HttpResponse:
    """Show a request: its decision, lines, batches and course, and the verbs that the person may use on it."""
    return order_page(request, number)


def order_page(request: PageRequest, number: str, *, refusal: Refusal | None = None) -> HttpResponse:
    """Answer the page of a request; with a refusal, which then stands at its field, what was typed stands in the forms again."""
    whole = whole_order(number, by=request.who, on=request.today, decision=read_id(request.GET.get("decision", "")))
    use_today(request.today)
    view = view_of(whole, who=request.who, on=request.today, at=request.at)
    fields = {
        "files": view.papers.may_hand_in,
        "countersigned": view.verbs.accept and whole.order.needs_contract,
    }
    context = {
        "view": view,
        "order": whole.order,
        "refusal": refusal,
        "refusal_at_field": refusal is not None and fields.get(refusal.field, False),
        "typed": {name: request.POST[name][:200] for name in TYPED if name in request.POST},
    }
    return render(request, "orders/order.html", context, status=refusal.status if refusal else 200)
