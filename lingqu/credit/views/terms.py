"""An agent's branch: what its retailers get, giving one its terms, one document."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text, parted
from lingqu.credit.access import may_ask_terms, may_set_terms
from lingqu.credit.actions import give_terms, withdraw_terms
from lingqu.credit.forms import TermsTyped, read_place, read_terms
from lingqu.credit.models import CreditLine
from lingqu.credit.present import bound_rows, branch_shapes, document_shape, percent, terms_of
from lingqu.credit.queries import (
    branch_rows,
    branch_size,
    line_of_buyer,
    standing_of,
    terms_by_number,
    terms_of_line,
    terms_on_their_way,
)
from lingqu.credit.states import ProposalState
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.ledger.queries import standings
from lingqu.policy.queries import regulation_in_force

ROWS = 200
UNREADABLE = 422


@require_safe
@page
def branch_terms(request: PageRequest) -> HttpResponse:
    """List the agent's retailers with what each gets, 200 a page, and the bounds that the regulation sets."""
    regulation = regulation_in_force(on=request.today)
    words = request.GET.get("after", "")
    found = branch_rows(request.who.firm, after=read_place(words) if words else None, most=ROWS + 1)
    context = {
        "rows": branch_shapes(found[:ROWS], regulation), "count": branch_size(request.who.firm), "bounds": bound_rows(regulation),
        "may_set": may_set_terms(request.who, request.who.firm), "may_ask": may_ask_terms(request.who, request.who.firm),
        "next_url": f"?after={found[ROWS - 1].line}" if len(found) > ROWS else "", "previous_url": "?" if words else "",
    }  # fmt: skip
    return render(request, "credit/branch_terms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def terms(request: PageRequest, code: str) -> HttpResponse:
    """Offer the terms of a retailer, or give them: the owner sets them at once, a clerk asks the owner."""
    line = line_of_buyer(code, by=request.who)
    if not may_ask_terms(request.who, line.seller_id):
        told = Text("供货条件由代理商的负责人设定，下单员提出。", "Terms are set by the agent's owner and proposed by its clerks.")
        raise forbidden(told)
    if request.method != "POST":
        return _form(request, line, _present(request, line))
    typed = read_terms(request.POST)
    if typed.errors:
        return _form(request, line, typed)
    regulation = regulation_in_force(on=request.today)
    try:
        (made,) = give_terms([(line.pk, typed.terms())], regulation=regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        return _form(request, line, typed, refusal=refusal)
    told = Text(f"{made.number} 已生效，零售商已收到通知。", f"{made.number} is in force, and the retailer is told.")
    if made.state != ProposalState.APPLIED.value:
        told = Text(f"{made.number} 已提交，等负责人决定。", f"{made.number} is submitted and waits for the owner.")
    messages.success(request, str(told))
    return redirect("terms_paper", made.number)


def _present(request: PageRequest, line: CreditLine) -> TermsTyped:
    """Return the form filled with what was sent back to this person, else with what holds today."""
    waits = terms_on_their_way(line.pk)
    if waits and waits.state == ProposalState.SENT_BACK.value and request.who.person in (waits.asked_by_id, waits.asked_for_id):
        return TermsTyped({"grade": waits.grade, "limit": f"{waits.limit}", "batches": f"{waits.batches}", "days": f"{waits.days}",
                           "discount": percent(waits.discount_bp), "reason": waits.reason})  # fmt: skip
    standing = standings([line.account_id])[line.account_id]
    now = terms_of(line, standing.limit, standing.count_limit or 0, regulation_in_force(on=request.today))
    return TermsTyped({"grade": line.grade, "limit": f"{now['limit']}", "batches": f"{now['batches']}", "days": f"{now['days']}",
                       "discount": percent(line.own_discount_bp), "reason": ""})  # fmt: skip


def _form(request: PageRequest, line: CreditLine, typed: TermsTyped, *, refusal: Refusal | None = None) -> HttpResponse:
    regulation = regulation_in_force(on=request.today)
    if refusal and refusal.field in typed.texts:
        clause = f"（{refusal.clause}）" if refusal.clause else ""
        told = Text(f"{refusal.text.zh}{clause}", f"{refusal.text.en}{f' ({refusal.clause})' if refusal.clause else ''}")
        typed.errors.setdefault(refusal.field, told)
    standing = standing_of(line, on=request.today, tolerance_days=regulation.parameters.overdue_tolerance_days)
    context: dict[str, Any] = {
        "line": line, "typed": typed, "grades": list(regulation.parameters.grades), "bounds": bound_rows(regulation), "standing": standing,
        "table_price": percent(discount.rule_bp) if (discount := regulation.discount(line.buyer.kind, line.grade)) else "",
        "sets": may_set_terms(request.who, line.seller_id), "waits": terms_on_their_way(line.pk),
        "documents": [document_shape(one) for one in terms_of_line(line.pk)],
        "refusal": refusal if refusal and refusal.field not in typed.texts else None,
    }  # fmt: skip
    status = refusal.status if refusal else UNREADABLE if typed.errors else 200
    return render(request, "credit/terms_form.html", context, status=status)


@require_safe
@page
def terms_paper(request: PageRequest, number: str) -> HttpResponse:
    """Show one document: what changes, who decides, what its asker may do. A retailer sees what it gets, not why."""
    found = terms_by_number(number, by=request.who)
    sells = request.who.firm == found.line.seller_id
    shape = document_shape(found)
    context = {
        "document": found, "line": found.line, "shape": shape, "sells": sells,
        "because": parted(found.ended_because) if found.ended_because else "",
        "returned": found.approval.ended_because if found.approval and shape["sent_back"] else "",
        "own": shape["open"] and request.who.person in (found.asked_by_id, found.asked_for_id),
    }  # fmt: skip
    return render(request, "credit/terms_paper.html", context)


@require_POST
@page
def terms_withdraw(request: PageRequest, number: str) -> HttpResponse:
    """Take proposed terms back."""

    def do() -> Text:
        withdraw_terms(number, reason=request.POST.get("reason", "").replace("\x00", "")[:200], by=request.who, at=request.at)
        return Text(f"{number} 已撤回。", f"{number} is withdrawn.")

    return answer_verb(request, reverse("terms_paper", args=[number]), do)
