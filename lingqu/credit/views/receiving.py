"""One receipt, and taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.access import may_enter_receipt
from lingqu.credit.actions import reverse_receipt
from lingqu.credit.forms import HoldTyped, read_hold_form
from lingqu.credit.models import Receipt
from lingqu.credit.present import applied_rows
from lingqu.credit.queries import applications_of, receipt_by_number
from lingqu.credit.states import RECEIPTS, ReceiptState
from lingqu.documents.pages import PageRequest, page
from lingqu.policy.queries import regulation_in_force

UNREADABLE = 422


@require_safe
@page
def receipt(request: PageRequest, number: str) -> HttpResponse:
    """Show one receipt: what it settled, wrote off and left, and whether it was taken back."""
    found = receipt_by_number(number, by=request.who)
    return _show(request, found, HoldTyped({"reason": "", "on": request.today.isoformat()}))


@require_POST
@page
def receipt_reverse(request: PageRequest, number: str) -> HttpResponse:
    """Take a receipt back; what was typed comes back where it is refused."""
    found = receipt_by_number(number, by=request.who)
    typed = read_hold_form(request.POST, ("reason", "on"))
    on = typed.day("on")
    if on is None:
        typed.error("on", Text("请填写日期，如 2026-11-24。", "Enter a date, like 2026-11-24."))
    if on is None or typed.errors:
        return _show(request, found, typed)
    try:
        reverse_receipt(
            found.pk, reason=typed.texts["reason"], on=on, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at
        )  # fmt: skip
    except Refusal as refusal:
        return _show(request, found, typed, refusal=refusal)
    told = Text(
        f"{found.number} 已冲回：原核销的批次重新欠款，供货控制已随之复核。",
        f"{found.number} is taken back: its batches are owed again, and holds were looked at.",
    )
    messages.success(request, str(told))
    return redirect("receipt", found.number)


def _show(request: PageRequest, found: Receipt, typed: HoldTyped, *, refusal: Refusal | None = None) -> HttpResponse:
    if refusal and refusal.field:
        typed.error(refusal.field, refusal.text)
    rows = applied_rows(applications_of(found.pk))
    parts = [row for row in rows if not row["back"]]
    reversed_now = found.state == ReceiptState.REVERSED.value
    context: dict[str, Any] = {
        "receipt": found,
        "line": found.line,
        "rows": rows,
        "applied": sum(row["amount"] for row in parts if not row["written_off"]),
        "written_off": sum(row["amount"] for row in parts if row["written_off"]),
        "settled": len({row["request"] for row in parts if row["settled"]}),
        "own": request.who.firm == found.line.buyer_id,
        "reversed": reversed_now,
        "reversed_word": RECEIPTS.words[ReceiptState.REVERSED],
        "reverses": not reversed_now and may_enter_receipt(request.who, found.line.seller_id),
        "typed": typed,
        "today": request.today,
        "refusal": refusal if refusal and not refusal.field else None,
    }
    status = refusal.status if refusal else UNREADABLE if typed.errors else 200
    return render(request, "credit/receipt.html", context, status=status)
