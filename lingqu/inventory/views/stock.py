"""Stock: what lies in the firm's warehouse, and goods that came in."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, page
from lingqu.inventory.access import may_see_stock, may_take_goods_in
from lingqu.inventory.actions import take_goods_in
from lingqu.inventory.forms import COPIES, GoodsTyped, read_goods
from lingqu.inventory.models import Warehouse
from lingqu.inventory.queries import goods_with_key, products_to_stock, stock_rows, stock_sums, titles_by_id, warehouse_of
from lingqu.inventory.rules import Slip

LONGEST = 60
UNREADABLE = 422


@require_safe
@page
def stock(request: PageRequest) -> HttpResponse:
    """List the titles in the firm's warehouse with copies on hand, set aside and free."""
    warehouse = warehouse_of_page(request)
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST]
    short = request.GET.get("state") == "short"
    context = {
        "warehouse": warehouse,
        "rows": stock_rows(warehouse.pk, words=words, short=short),
        "sums": stock_sums(warehouse.pk),
        "asked": {"q": words, "state": "short" if short else ""},
        "may_enter": may_take_goods_in(request.who, request.who.firm),
        "at": request.at,
    }
    return render(request, "inventory/stock.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def goods_in(request: PageRequest) -> HttpResponse:
    """Offer the titles to enter copies for, or take in what was sent: the same form key is the same paper."""
    warehouse = warehouse_of_page(request)
    if not may_take_goods_in(request.who, request.who.firm):
        raise forbidden(Text("入库由库房管理员登记。", "Goods are taken in by the warehouse keeper."))
    if request.method != "POST":
        typed = GoodsTyped({"received_on": request.today.isoformat(), "key": secrets.token_urlsafe(16)}, {})
        return _form(request, warehouse, typed)
    known = goods_with_key(warehouse.pk, request.POST.get("key", ""))
    if known:
        told = Text(f"这批货已入库为 {known.number}，没有重复入库。", f"These goods are in already as {known.number}; nothing was doubled.")
        messages.info(request, str(told))
        return redirect("stock")
    typed = read_goods(request.POST, today=request.today)
    products = titles_by_id(warehouse, typed.asked)
    if set(typed.asked) - set(products):
        raise not_found()
    if typed.errors or typed.received_on is None:
        return _form(request, warehouse, typed, status=UNREADABLE)
    copies = {products[place]: number for place, number in typed.copies.items()}
    try:
        paper = take_goods_in(
            warehouse, copies, received_on=typed.received_on, by=request.person, at=request.at, note=typed.texts["note"],
            label=typed.label, slip=Slip(typed.texts["key"], typed.texts["supplier"], typed.texts["their_number"]),
        )  # fmt: skip
    except Refusal as refusal:
        return _form(request, warehouse, typed, status=refusal.status, refusal=refusal)
    total = sum(copies.values())
    told = Text(
        f"已入库 {paper.number}：{len(copies)} 个品种 {total:,} 册。", f"{paper.number} taken in: {len(copies)} titles, {total:,} copies."
    )
    messages.success(request, str(told))
    return redirect("stock")


def warehouse_of_page(request: PageRequest) -> Warehouse:
    """Return the warehouse of the person's firm; refuses (404) firms without one: they have no such pages."""
    warehouse = warehouse_of(request.who.firm)
    if warehouse is None or not may_see_stock(request.who, warehouse.firm_id):
        raise not_found()
    return warehouse


def _form(
    request: PageRequest, warehouse: Warehouse, typed: GoodsTyped, *, status: int = 200, refusal: Refusal | None = None
) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST]
    found = {f"{COPIES}{row.product}": row for row in products_to_stock(warehouse, words=words, chosen=typed.asked)}
    rows = [
        {"product": row, "field": field, "typed": typed.asked.get(row.product, ""), "error": typed.errors.get(field)}
        for field, row in found.items()
    ]
    context = {"warehouse": warehouse, "rows": rows, "typed": typed, "refusal": refusal, "today": request.today, "words": words}
    return render(request, "inventory/goods_in.html", context, status=status)
