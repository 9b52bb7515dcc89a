"""Set the grade of a partner at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.credit.access import may_change_grade
from lingqu.credit.actions import change_grade
from lingqu.credit.forms import read_reason
from lingqu.credit.models import CreditLine
from lingqu.credit.present import grade_history, grade_rows
from lingqu.credit.queries import asker_for, basis_of, grade_changes_of, line_of_buyer, open_proposal, standing_of
from lingqu.credit.rules import GRADE_CHAIN, table_terms
from lingqu.documents.pages import PageRequest, page
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.policy.queries import regulation_in_force


@require_http_methods(["GET", "HEAD", "POST"])
@page
def grade_change(request: PageRequest, code: str) -> HttpResponse:
    """Offer the grades with what each allows, or set one with its reason."""
    line = line_of_buyer(code, by=request.who)
    if not may_change_grade(request.who, line.seller_id):
        raise forbidden(Text("信用等级由主任决定。", "Credit grades are the director's to decide."))
    if request.method != "POST":
        return _grade_form(request, line, {})
    regulation = regulation_in_force(on=request.today)
    typed = {"grade": request.POST.get("grade", ""), "reason": request.POST.get("reason", "")}
    try:
        reason = read_reason(typed["reason"])
        changed = change_grade(line.pk, grade=typed["grade"], reason=reason, regulation=regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        return _grade_form(request, line, typed, refusal=refusal)
    told = Text(
        f"信用等级已由 {changed.before} 改为 {changed.after}（{changed.number}），已受理的申请不受影响。",
        f"The grade changed from {changed.before} to {changed.after} ({changed.number}); nothing that was accepted is recalled.",
    )
    messages.success(request, str(told))
    return redirect(f"{reverse('partner', args=[code])}?tab=grades")


def _grade_form(request: PageRequest, line: CreditLine, typed: dict[str, str], refusal: Refusal | None = None) -> HttpResponse:
    regulation = regulation_in_force(on=request.today)
    standing = standing_of(line, on=request.today, tolerance_days=regulation.parameters.overdue_tolerance_days)
    table = table_terms(regulation.parameters, branch=line.seller.kind != FirmKind.HQ.value)
    chain = None if request.who.holds(PostCode.OWNER, line.seller_id) else regulation.chains.get(GRADE_CHAIN)
    context = {
        "line": line,
        "standing": standing,
        "grades": grade_rows(table, line.grade, within=(basis_of(line), standing.limit) if chain else None),
        "chain": chain,
        "on_its_way": open_proposal(line.pk),
        "may_propose": asker_for(line, by=request.who, on=request.today) is not None,
        "typed": typed,
        "errors": {refusal.field: refusal.text} if refusal and refusal.field else {},
        "refusal": refusal if refusal and not refusal.field else None,
        "history": grade_history(grade_changes_of(line.pk)),
    }
    return render(request, "credit/grade_change.html", context, status=refusal.status if refusal else 200)
