"""Stock: what lies in the firm's warehouse, and goods that came in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

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
from lingqu.inventory.queries import (
    Place,
    goods_with_key,
    products_chosen,
    products_to_stock,
    stock_page,
    stock_sums,
    titles_by_id,
    warehouse_of,
)
from lingqu.inventory.rules import Slip

LONGEST = 60
UNREADABLE = 422
LOOKING = {"find", "after", "before"}
"""Buttons of the form for goods that look for titles."""


@require_safe
@page
def stock(request: PageRequest) -> HttpResponse:
    """List the titles in the firm's warehouse with copies on hand, set aside and free."""
    warehouse = warehouse_of_page(request)
    words = _plain(request.GET.get("q", ""))
    short = request.GET.get("state") == "short"
    found = stock_page(warehouse.pk, words=words, short=short, place=_place(request.GET))
    asked, sums = {"q": words, "state": "short" if short else ""}, stock_sums(warehouse.pk)
    context = {
        "warehouse": warehouse,
        "rows": found.rows,
        "sums": sums,
        "many": None if words or short else sums.titles,
        "asked": asked,
        "previous_url": _address(asked, before=found.rows[0].code) if found.above and found.rows else "",
        "next_url": _address(asked, after=found.rows[-1].code) if found.below and found.rows else "",
        "may_enter": may_take_goods_in(request.who, request.who.firm),
        "at": request.at,
    }
    return render(request, "inventory/stock.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def goods_in(request: PageRequest) -> HttpResponse:
    """Offer the titles to enter copies for, or take in what was sent: the same form key is the same paper.

    Searching, and going on to the next titles, send the form too, so that what was typed stays; nothing is taken in by that.
    """
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
    if LOOKING & request.POST.keys():
        typed.errors.clear()
        return _form(request, warehouse, typed)
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
    sent = request.POST if request.method == "POST" else request.GET
    words = _plain(sent.get("q", ""))
    found = products_to_stock(warehouse, words=words, chosen=typed.asked, place=Place() if "find" in sent else _place(sent))
    chosen = products_chosen(warehouse, typed.asked)
    rows = [
        {"product": row, "field": field, "typed": typed.asked.get(row.product, ""), "error": typed.errors.get(field)}
        for row, field in ((row, f"{COPIES}{row.product}") for row in (*chosen, *found.rows))
    ]
    context = {
        "warehouse": warehouse, "rows": rows, "typed": typed, "today": request.today, "words": words, "chosen": len(chosen),
        "refusal": None if refusal is None or _blamed(typed, refusal, rows) else refusal,
        "before": found.rows[0].code if found.above and found.rows else "",
        "after": found.rows[-1].code if found.below and found.rows else "",
    }  # fmt: skip
    return render(request, "inventory/goods_in.html", context, status=status)


def _blamed(typed: GoodsTyped, refusal: Refusal, rows: list[dict[str, Any]]) -> bool:
    """Put a refusal at its field; return whether the form has it."""
    fields = {"copies", *typed.texts, *(row["field"] for row in rows)}
    if refusal.field in fields:
        typed.errors[refusal.field] = refusal.text
    return refusal.field in fields


def _plain(words: str) -> str:
    return words.replace("\x00", "")[:LONGEST]


def _place(sent: Mapping[str, str]) -> Place:
    return Place(_plain(sent.get("after", "")), _plain(sent.get("before", "")))


def _address(asked: Mapping[str, str], **place: str) -> str:
    return "?" + urlencode({name: value for name, value in {**asked, **place}.items() if value})
