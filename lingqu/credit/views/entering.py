"""Receipts: list, entering with a preview."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import SELLING, may_enter_receipt
from lingqu.credit.actions import NewReceipt, enter_receipt
from lingqu.credit.forms import DETAIL, ReceiptTyped, read_place, read_receipt
from lingqu.credit.models import CreditLine
from lingqu.credit.present import Typed, batch_rows, lost_rows, preview_of
from lingqu.credit.queries import (
    batches_without_request,
    line_to_see,
    lines_given,
    list_receipts,
    open_batches,
    receipt_with_key,
    standing_of,
)
from lingqu.documents.pages import PageRequest, page
from lingqu.organisation.states import FirmKind
from lingqu.policy.queries import regulation_in_force

ROWS = 50
UNREADABLE = 422


@require_safe
@page
def receipts(request: PageRequest) -> HttpResponse:
    """List money received by the person's firm, or paid by it."""
    who = request.who
    sells, buys = who.firm_kind in SELLING, who.firm_kind != FirmKind.HQ.value
    side = request.GET.get("side", "")
    paid = buys and (not sells or side != "received")
    words = request.GET.get("before", "")
    before = read_place(words) if words else None
    found = list_receipts("buyer" if paid else "seller", who.firm, before=before, most=ROWS + 1)
    side = "paid" if paid else "received"
    context = {
        "rows": found[:ROWS],
        "side": side,
        "both": sells and buys,
        "may_enter": may_enter_receipt(who, who.firm) and sells,
        "next_url": f"?side={side}&before={found[ROWS - 1].id}" if len(found) > ROWS else "",
        "previous_url": f"?side={side}" if before else "",
    }
    return render(request, "credit/receipts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def receipt_new(request: PageRequest) -> HttpResponse:
    """Offer the form, or enter what was sent: the same form key is the same receipt, however often it comes."""
    line = _line_to_receive(request)
    if request.method != "POST" or line is None:
        typed = ReceiptTyped({"received_on": request.today.isoformat(), "key": secrets.token_urlsafe(16)}, {})
        return _form(request, line, typed)
    known = receipt_with_key(line.pk, request.POST.get("key", ""))
    if known:
        number = known.number
        told = Text(f"这笔回款已登记为 {number}，没有重复登记。", f"This money is entered already as {number}; nothing was doubled.")
        messages.info(request, str(told))
        return redirect("receipt", known.number)
    typed = read_receipt(request.POST, open_batches(line.pk), today=request.today)
    if typed.amount is None or typed.received_on is None or not typed.fits:
        return _form(request, line, typed, status=UNREADABLE)
    new = NewReceipt(
        line.pk, typed.texts["key"], typed.amount, typed.received_on, typed.texts["payer"], typed.texts["bank_reference"], typed.detail
    )  # fmt: skip
    try:
        entered = enter_receipt(new, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
    except Refusal as refusal:
        return _form(request, line, typed, status=refusal.status, refusal=refusal)
    messages.success(request, str(Text(f"已登记回款 {entered.number}。", f"Receipt {entered.number} is entered.")))
    return redirect("receipt", entered.number)


@require_POST
@page
def receipt_preview(request: PageRequest) -> HttpResponse:
    """Show what the receipt being typed would settle; nothing is written. Without HTMX the whole form comes back, filled in."""
    line = _line_to_receive(request)
    if line is None:
        raise not_found()
    typed = read_receipt(request.POST, open_batches(line.pk), today=request.today, whole=False)
    if not request.htmx:
        return _form(request, line, typed)
    return render(request, "credit/receipt_money.html", _money(request, line, typed))


def _line_to_receive(request: PageRequest) -> CreditLine | None:
    """Return the credit line that money comes for, None before one was chosen.

    Refuses people who may not enter money, and (404) a line that is not their firm's to give.
    """
    if not may_enter_receipt(request.who, request.who.firm) or request.who.firm_kind not in SELLING:
        raise forbidden(Text("回款由收款单位的财务主管登记。", "Receipts are entered by the finance head of the firm that is paid."))
    words = (request.POST if request.method == "POST" else request.GET).get("line", "")
    if not words and request.method != "POST":
        if not lines_given(request.who.firm):
            raise not_found(Text("还没有可登记回款的客户。", "There is no partner yet from whom money could come."))
        return None
    line = line_to_see(read_place(words), by=request.who)
    if line.seller_id != request.who.firm:
        raise not_found()
    return line


def _money(request: PageRequest, line: CreditLine, typed: ReceiptTyped) -> dict[str, Any]:
    regulation = regulation_in_force(on=request.today)
    tolerance = regulation.parameters.overdue_tolerance_days
    batches = open_batches(line.pk)
    standing = standing_of(line, on=request.today, tolerance_days=tolerance)
    preview = money = None
    if typed.amount is not None and typed.fits:
        try:
            preview, money = preview_of(typed.amount, typed.detail, batches, standing, regulation=regulation)
        except Refusal as refusal:
            typed.error("amount", refusal.text)
    fields = Typed(DETAIL, typed.details, typed.errors)
    return {
        "line": line,
        "typed": typed,
        "standing": standing,
        "preview": preview,
        "batches": batch_rows(
            batches, fields, money, on=request.today, tolerance_days=tolerance, without_request=batches_without_request(line.pk)
        ),
        "lost": lost_rows(batches, fields),
        "tolerance": regulation.parameters.settles_at,
        "owed": sum(batch.remaining for batch in batches),
    }


def _form(
    request: PageRequest, line: CreditLine | None, typed: ReceiptTyped, *, status: int = 200, refusal: Refusal | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"line": line, "typed": typed, "refusal": refusal, "today": request.today}
    context |= _money(request, line, typed) if line else {"lines": lines_given(request.who.firm)}
    return render(request, "credit/receipt_new.html", context, status=status)
