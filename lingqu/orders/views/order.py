"""The page of one purchase request."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lingqu.base.templatetags.words import use_today
from lingqu.documents.pages import PageRequest, page
from lingqu.orders.forms import read_number
from lingqu.orders.present import view_of
from lingqu.orders.queries import whole_order


@require_GET
@page
def show(request: PageRequest, number: str) -> HttpResponse:
    """Show a request: its decision, lines, batches and course, and the verbs that the person may use on it."""
    whole = whole_order(number, by=request.who, on=request.today, decision=read_number(request.GET.get("decision", "")))
    use_today(request.today)
    view = view_of(whole, who=request.who, on=request.today, at=request.at)
    return render(request, "orders/order.html", {"view": view, "order": whole.order})
