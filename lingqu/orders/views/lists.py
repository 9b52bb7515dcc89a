"""The list of purchase requests."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.documents.pages import PageRequest, page
from lingqu.orders.forms import read_filter
from lingqu.orders.present import GROUP_WORDS, rows_of
from lingqu.orders.queries import OrderFilter, OrderRow, orders_for_others, orders_for_own, page_of_orders, sums_of_orders
from lingqu.organisation.states import FirmKind


@require_safe
@page
def listing(request: PageRequest) -> HttpResponse:
    """Show the requests that the person sees, by the filters in the address, 50 a page."""
    wanted = read_filter(request.GET)
    found = page_of_orders(request.who, wanted, on=request.today)
    context = {
        "rows": rows_of(found.rows, firm=request.who.firm, at=request.at, on=request.today),
        "groups": [
            {"key": key, "text": text, "url": _address(OrderFilter(key, wanted.words)), "active": key == wanted.group}
            for key, text in GROUP_WORDS.items()
        ],
        "wanted": wanted,
        "selling": request.who.firm_kind == FirmKind.HQ.value,
        "may_enter": orders_for_others(request.who) or orders_for_own(request.who),
        "previous_url": _address(wanted, after=_edge(found.rows, 0)) if found.more_above else "",
        "next_url": _address(wanted, before=_edge(found.rows, -1)) if found.more_below else "",
        "sums_url": _address(wanted, path="sums"),
    }
    return render(request, "orders/list.html", context)


@require_safe
@page
def sums(request: PageRequest) -> HttpResponse:
    """Answer the totals of all requests that the filters find, for the link under the list."""
    return render(request, "orders/sums.html", {"sums": sums_of_orders(request.who, read_filter(request.GET), on=request.today)})


def _edge(rows: list[OrderRow], place: int) -> int | None:
    return rows[place].order.pk if rows else None


def _address(wanted: OrderFilter, *, before: int | None = None, after: int | None = None, path: str = "") -> str:
    """Return the list's address with its filters; what is at its usual value is left out."""
    values: dict[str, object] = {
        "group": "" if wanted.group == "all" else wanted.group,
        "q": wanted.words,
        "before": before or "",
        "after": after or "",
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path or "?"
