"""Transfers: the list, one of them, asking for one, and what is done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.base.refusal import Refusal, not_found
from lingqu.base.templatetags.words import use_today
from lingqu.base.text import Text, parted
from lingqu.documents.pages import PageRequest, answer_verb, page, pdf_download
from lingqu.documents.printing import print_pdf
from lingqu.documents.registry import offered
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.policy.queries import regulation_in_force
from lingqu.returns.access import TRANSFERRING_POSTS, may_confirm
from lingqu.returns.actions import (
    confirm_transfer,
    move_transfer,
    order_transfer,
    propose_transfer,
    send_transfer_again,
    withdraw_transfer,
)
from lingqu.returns.forms import CountTyped, TransferTyped, new_key, read_counts, read_filter, read_transfer
from lingqu.returns.present import transfer_paper_of, transfer_row, transfer_told, transfer_view
from lingqu.returns.queries import (
    partner_called,
    partners_to_choose,
    shipped_titles,
    titles_by_id,
    transfer_by_number,
    transfers_page,
    whole_transfer,
)
from lingqu.returns.rules import NewTransfer
from lingqu.returns.states import TRANSFERS, TransferState, TransferVerb
from lingqu.returns.views.lists import fill_list

UNREADABLE = 422
ASKING = (PostCode.REPRESENTATIVE, *TRANSFERRING_POSTS)
PAPERED = (TransferState.AGREED, TransferState.ORDERED, TransferState.MOVED)


@require_safe
@page
def transfers(request: PageRequest) -> HttpResponse:
    """List transfers, newest first; filters stand in the address."""
    use_today(request.today)
    wanted = read_filter(request.GET)
    found = transfers_page(request.who, wanted)
    context = {
        "rows": [transfer_row(one, request.who.firm) for one in found.rows],
        "wanted": wanted,
        "states": {one.value: TRANSFERS.words[one] for one in TransferState},
        "older": found.older,
        "may_ask": request.who.firm_kind == FirmKind.HQ.value and request.who.holds_any(ASKING, request.who.firm),
    }
    return render(request, "returns/transfers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def transfer_new(request: PageRequest) -> HttpResponse:
    """Offer the form, take in a pasted list, or send it."""
    use_today(request.today)
    if request.method != "POST":
        typed = TransferTyped(key=new_key(), buyer=request.GET.get("giver", "")[:40], copies={}, conditions={}, errors={}, left=[])
        return _form(request, typed)
    typed = read_transfer({**request.POST.dict(), "buyer": request.POST.get("giver", "")})
    giver, taker = partner_called(request.who, typed.buyer), partner_called(request.who, typed.taker)
    if giver is None:
        typed.errors["giver"] = Text("请选择调出方。", "Choose who gives.")
        return _form(request, typed)
    looking = fill_list(request, typed, request.who.firm, on=request.today)
    lines = typed.lines()
    if taker is None:
        typed.errors["taker"] = Text("请选择调入方。", "Choose who takes.")
    if looking or taker is None or typed.errors or typed.left or "fill" in request.POST:
        return _form(request, typed)
    copies = {line.product: line.copies for line in lines}
    new = NewTransfer(typed.key, request.who.firm, giver.firm.pk, taker.firm.pk, copies, typed.note)
    try:
        made = propose_transfer(new, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
    except Refusal as refusal:
        shown = None if typed.blame(refusal, lines) else refusal
        return _form(request, typed, refusal=shown, status=refusal.status)
    words = Text(f"调货 {made.number} 已报批。", f"Transfer {made.number} is submitted.")
    messages.success(request, str(words))
    return redirect("transfer", made.number)


@require_safe
@page
def transfer(request: PageRequest, number: str) -> HttpResponse:
    """Show one transfer: its lines, both counts, its route, and what the person may do with it."""
    return _show(request, number)


@require_POST
@page
def transfer_confirm(request: PageRequest, number: str) -> HttpResponse:
    """Note what one side counted."""
    found = transfer_by_number(number, by=request.who)
    typed, counts = read_counts(request.POST)
    taker = request.POST.get("side") == "taker"
    if typed.errors:
        return _show(request, number, typed=typed)
    try:
        confirm_transfer(found.pk, taker=taker, counts=counts, by=request.who, at=request.at)
    except Refusal as refusal:
        shown = None if typed.blame(refusal) else refusal
        return _show(request, number, refusal=shown, typed=typed)
    messages.success(request, str(Text("清点已确认。", "The count is confirmed.")))
    return redirect("transfer", number)


@require_POST
@page
def transfer_order(request: PageRequest, number: str) -> HttpResponse:
    """Make the taker's purchase request."""
    found = transfer_by_number(number, by=request.who)

    def do() -> Text:
        done = order_transfer(found.pk, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        made = done.order.number if done.order else ""
        return Text(f"已开进货申请 {made}，按各项规则判定。", f"Request {made} was made; every law judges it.")

    return answer_verb(request, reverse("transfer", args=[number]), do)


@require_POST
@page
def transfer_move(request: PageRequest, number: str) -> HttpResponse:
    """Book a transfer for both sides at once."""
    found = transfer_by_number(number, by=request.who)

    def do() -> Text:
        done = move_transfer(found.pk, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        return Text(f"已调货，调出方冲减 {done.credited:,.2f} 元。", f"Transferred; the giver is credited {done.credited:,.2f} yuan.")

    return answer_verb(request, reverse("transfer", args=[number]), do)


@require_POST
@page
def transfer_again(request: PageRequest, number: str) -> HttpResponse:
    """Submit a transfer again that was sent back."""
    found = transfer_by_number(number, by=request.who)

    def do() -> Text:
        regulation = regulation_in_force(on=request.today)
        send_transfer_again(found.pk, reason=request.POST.get("reason", ""), regulation=regulation, by=request.who, at=request.at)
        return Text("已重新提交。", "Submitted again.")

    return answer_verb(request, reverse("transfer", args=[number]), do)


@require_POST
@page
def transfer_withdraw(request: PageRequest, number: str) -> HttpResponse:
    """Take a transfer back."""
    found = transfer_by_number(number, by=request.who)

    def do() -> Text:
        withdraw_transfer(found.pk, reason=request.POST.get("reason", ""), by=request.who, at=request.at)
        return Text(f"{number} 已撤回。", f"{number} is withdrawn.")

    return answer_verb(request, reverse("transfer", args=[number]), do)


@require_safe
@page
def transfer_paper(request: PageRequest, number: str) -> HttpResponse:
    """Give the transfer paper as PDF; 404 before the transfer was agreed."""
    found = transfer_by_number(number, by=request.who)
    if TransferState(found.state) not in PAPERED:
        raise not_found()
    inside = request.who.firm == found.seller_id
    data = transfer_paper_of(whole_transfer(found, inside=inside), request.who.firm)
    return pdf_download(str(Text(f"调货单 {number}", f"Transfer {number}")), print_pdf("returns/slip", data, at=found.asked_at))


def _show(request: PageRequest, number: str, *, refusal: Refusal | None = None, typed: CountTyped | None = None) -> HttpResponse:
    use_today(request.today)
    found = transfer_by_number(number, by=request.who)
    who, inside = request.who, request.who.firm == found.seller_id
    state = TransferState(found.state)
    may = dict.fromkeys(offered("transfer", found, who=who, on=request.today), True)
    sides = [
        {"key": key, "taker": key == "taker", "firm": firm}
        for key, firm in (("giver", found.giver), ("taker", found.taker))
        if TransferVerb.CONFIRM.value in may and may_confirm(who, found.seller_id, firm.pk)
    ]
    view = transfer_view(whole_transfer(found, inside=inside), who.firm, typed.cells if typed else {}, typed.errors if typed else {})
    told = transfer_told(found, who.firm)
    context: dict[str, Any] = {
        "found": found, "view": view, "inside": inside, "sides": sides, "refusal": refusal,
        "because": parted(told.because) if told.because else None, "told": told,
        "side": request.POST.get("side", ""),
        "may": may | {"paper": state in PAPERED},
    }  # fmt: skip
    status = refusal.status if refusal else UNREADABLE if typed else 200
    return render(request, "returns/transfer.html", context, status=status)


def _form(request: PageRequest, typed: TransferTyped, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
    giver = partner_called(request.who, typed.buyer)
    rows: list[dict[str, Any]] = []
    if giver:
        shipped = shipped_titles(request.who.firm, giver.firm.pk)
        known = {one.product for one in shipped}
        rows = [{"product": one.product, "code": one.code, "name": one.name, "free": one.free, "last": one.last} for one in shipped]
        others = titles_by_id({product for product, words in typed.copies.items() if words and product not in known})
        rows += [{"product": one.pk, "code": one.code, "name": one.name, "free": 0, "last": None} for one in others.values()]
    for row in rows:
        row["value"], row["error"] = typed.copies.get(row["product"], ""), typed.errors.get(f"copies-{row['product']}")
    context = {
        "typed": typed, "giver": giver, "choose": partners_to_choose(request.who), "refusal": refusal,
        "rows": sorted(rows, key=lambda row: not row["value"]),
    }  # fmt: skip
    errors = bool(typed.errors or typed.left)
    return render(request, "returns/transfer_new.html", context, status=UNREADABLE if errors and not refusal else status)
