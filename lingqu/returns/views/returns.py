"""Returns: the list, one of them, and asking for one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.templatetags.words import use_today
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, page, sent_files
from lingqu.documents.registry import offered
from lingqu.orders.queries import order_by_number
from lingqu.orders.states import RETURN_WORDS, ReturnReason
from lingqu.policy.queries import regulation_by_reference, regulation_in_force
from lingqu.returns.access import agrees_alone, may_ask_return
from lingqu.returns.actions import ask_return
from lingqu.returns.forms import ReturnTyped, new_key, read_filter, read_return, reason_of
from lingqu.returns.present import caps_panel, relief_note, return_row, return_view
from lingqu.returns.queries import (
    because_told,
    caps_of,
    judge_caps,
    partner_called,
    partners_to_choose,
    return_by_number,
    returns_page,
    shipped_titles,
    source_lines,
    titles_by_id,
    whole_return,
)
from lingqu.returns.rules import MOST_FILES, NewReturnRequest, keeps_all, read_rows
from lingqu.returns.states import CONDITION_WORDS, REASONS, REST_WORDS, RETURNS, ReturnState, ReturnVerb
from lingqu.returns.views.lists import NOT_ASKING, fill_list

UNREADABLE = 422
SUBJECT = "return_request"
SLIPPED = (ReturnState.AGREED, ReturnState.BOOKED)
"""Where a return has its slip."""
RETURN_ANSWERS = {ReturnVerb.AGREE.value, ReturnVerb.SEND_UP.value}
"""Whoever may do one of these is shown the caps as they are judged today, by which they answer."""


@require_safe
@page
def returns(request: PageRequest) -> HttpResponse:
    """List returns, newest first; filters stand in the address."""
    use_today(request.today)
    wanted = read_filter(request.GET)
    found = returns_page(request.who, wanted)
    context = {
        "rows": [return_row(one) for one in found.rows],
        "wanted": wanted,
        "states": {one.value: RETURNS.words[one] for one in ReturnState},
        "older": found.older,
        "may_ask": _may_ask(request),
    }
    return render(request, "returns/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def return_new(request: PageRequest) -> HttpResponse:
    """Offer the form, take in a pasted list, show what would become of it, or send it."""
    use_today(request.today)
    if request.method != "POST":
        typed = ReturnTyped(
            key=new_key(), buyer=request.GET.get("buyer", "")[:40], order=request.GET.get("order", "")[:30], copies={}, conditions={},
            errors={}, left=[],
        )  # fmt: skip
        return _form(request, typed)
    typed = read_return(request.POST)
    asked = partner_called(request.who, typed.buyer)
    if asked is None:
        typed.errors["buyer"] = Text("请选择客户。", "Choose the partner.")
        return _form(request, typed)
    looking = fill_list(request, typed, asked.seller, on=request.today)
    lines = typed.lines()
    filling = looking or bool(typed.left) or "fill" in request.POST
    reason = ReturnReason.OTHER if filling else reason_of(typed)
    if filling or typed.errors:
        return _form(request, typed)
    try:
        order = _order_id(request, typed)
        new = NewReturnRequest(typed.key, asked.seller, asked.firm.pk, reason, lines, typed.note, order)
        if "try" in request.POST:
            return _form(request, typed, tried=_tried(request, new))
        files = sent_files(request)
        made = ask_return(new, files, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
    except Refusal as refusal:
        shown = None if typed.blame(refusal, lines) else refusal
        return _form(request, typed, refusal=shown, status=refusal.status)
    words = Text(f"退货申请 {made.number} 已提交。", f"Return {made.number} is submitted.")
    messages.success(request, str(words))
    return redirect("return_request", made.number)


@require_safe
@page
def return_request(request: PageRequest, number: str) -> HttpResponse:
    """Show one return: its lines and sources, its caps, and what the person may do with it."""
    return show_return(request, number)


def show_return(
    request: PageRequest, number: str, *, refusal: Refusal | None = None, typed: Any = None, form: str = ""  # noqa: ANN401 - cells of either form, or None
) -> HttpResponse:  # fmt: skip
    """Return the page of a return, with what was typed into its count or its prices and why that was refused."""
    use_today(request.today)
    found = return_by_number(number, by=request.who)
    inside = request.who.firm == found.seller_id
    whole = whole_return(found, inside=inside)
    regulation = regulation_in_force(on=request.today)
    cells, errors = (typed.cells, typed.errors) if typed else ({}, {})
    may = dict.fromkeys(offered(SUBJECT, found, who=request.who, on=request.today), True)
    alone = agrees_alone(request.who, found.seller_id)
    caps, reference, at = read_rows(found.caps), found.regulation, found.asked_at
    if RETURN_ANSWERS & may.keys():
        caps, reference, at = caps_of(found, regulation=regulation, on=request.today), regulation.reference, request.at
    context = {
        "found": found,
        "view": return_view(whole, cells, errors),
        "panel": caps_panel(caps, regulation=regulation_by_reference(reference), reference=reference, at=at, alone=alone),
        "within": keeps_all(caps),
        "inside": inside,
        "because": because_told(found, inside=inside),
        "may": may | {"slip": ReturnState(found.state) in SLIPPED},
        "typed": typed,
        "form": form,
        "rests": {one.value: words for one, words in REST_WORDS.items()},
        "refusal": refusal,
        "clause": regulation.notes["return_share"].clause if "return_share" in regulation.notes else "",
    }  # fmt: skip
    status = refusal.status if refusal else UNREADABLE if errors else 200
    return render(request, "returns/one.html", context, status=status)


def _may_ask(request: PageRequest) -> bool:
    own = partner_called(request.who, "")
    return bool(own and may_ask_return(request.who, own.seller, own.firm.pk)) or may_ask_return(request.who, request.who.firm, 0)


def _form(
    request: PageRequest, typed: ReturnTyped, *, refusal: Refusal | None = None, tried: Any = None, status: int = 200  # noqa: ANN401 - the panel, or None
) -> HttpResponse:  # fmt: skip
    asked = partner_called(request.who, typed.buyer)
    if asked and not may_ask_return(request.who, asked.seller, asked.firm.pk):
        raise forbidden(NOT_ASKING)
    choose = [] if asked and not asked.for_partner else partners_to_choose(request.who)
    if asked is None and not choose:
        raise not_found()
    rows = _rows(request, typed, asked.seller, asked.firm.pk) if asked else []
    context = {
        "typed": typed, "asked": asked, "choose": choose, "rows": rows, "tried": tried, "refusal": refusal,
        "reasons": {one.value: RETURN_WORDS[one] for one in REASONS},
        "conditions": {one.value: words for one, words in CONDITION_WORDS.items()},
        "most_files": MOST_FILES,
    }  # fmt: skip
    errors = bool(typed.errors or typed.left)
    return render(request, "returns/new.html", context, status=UNREADABLE if errors and not refusal else status)


def _rows(request: PageRequest, typed: ReturnTyped, seller: int, buyer: int) -> list[dict[str, Any]]:
    """Return the titles that were shipped, and those typed that were not, each with its cell."""
    try:
        order = _order_id(request, typed) or 0
    except Refusal as refusal:
        typed.errors.setdefault("order", refusal.text)
        order = 0
    shipped = shipped_titles(seller, buyer, order=order)
    known = {one.product for one in shipped}
    extra = titles_by_id({product for product, words in typed.copies.items() if words and product not in known})
    rows: list[dict[str, Any]] = [
        {"product": one.product, "code": one.code, "name": one.name, "free": one.free, "last": one.last, "known": True} for one in shipped
    ]  # fmt: skip
    rows += [
        {"product": one.pk, "code": one.code, "name": one.name, "free": 0, "last": None, "known": False} for one in extra.values()
    ]  # fmt: skip
    for row in rows:
        row["value"] = typed.copies.get(row["product"], "")
        row["condition"] = typed.conditions.get(row["product"], "")
        row["error"] = typed.errors.get(f"copies-{row['product']}")
    return sorted(rows, key=lambda row: not row["value"])


def _tried(request: PageRequest, new: NewReturnRequest) -> dict[str, Any]:
    """Return what would become of a return: where each line is from, its net, and the caps. Nothing is written."""
    regulation = regulation_in_force(on=request.today)
    lines = source_lines(new.seller, new.buyer, new.lines, order=new.order, on=request.today)
    caps = judge_caps(new.seller, new.buyer, lines, reason=ReturnReason(new.reason), files=0, regulation=regulation, on=request.today)
    titles = titles_by_id({line.asked.product for line in lines})
    panel = caps_panel(caps, regulation=regulation, reference=regulation.reference, at=request.at)
    return {
        "panel": panel,
        "lines": [
            {
                "title": titles[line.asked.product], "copies": line.asked.copies, "extra": line.extra, "net": line.net,
                "taken": [(one, relief_note([one])) for one in line.taken],
            }
            for line in lines
        ],
        "net": sum(line.net for line in lines),
        "extra": any(line.extra for line in lines),
    }  # fmt: skip


def _order_id(request: PageRequest, typed: ReturnTyped) -> int | None:
    """Return the id of the request that is named; refuses at its field one that is not the person's to see."""
    if not typed.order:
        return None
    try:
        order = order_by_number(typed.order, by=request.who)
    except Refusal as refusal:
        typed.errors["order"] = Text("没有这份进货申请。", "There is no such request.")
        raise Refusal("bad_input", typed.errors["order"], status=UNREADABLE, field="order") from refusal
    return order.pk
