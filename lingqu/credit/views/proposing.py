"""Propose, lower, revise and withdraw changes of a partner's credit; one proposal, and all of a partner."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.approvals.present import route_rows
from lingqu.approvals.queries import route_taken
from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.credit.access import Asker, may_lower_limit
from lingqu.credit.actions import lower_limit, propose_credit_change, revise_proposal, withdraw_proposal
from lingqu.credit.forms import ProposalTyped, read_place, read_proposal
from lingqu.credit.models import CreditLine, CreditProposal
from lingqu.credit.present import (
    LOWER,
    basis_note,
    effect_of,
    history_of,
    kind_rows,
    latest_day,
    list_row,
    lowered_effect,
    planned_rows,
    proposal_shape,
    route_sentence,
)
from lingqu.credit.queries import (
    asker_for,
    basis_of,
    deeds_of,
    line_of_buyer,
    open_proposal,
    planned_route,
    proposal_by_number,
    proposals_of,
    standing_of,
)
from lingqu.credit.rules import LONGEST_DAYS, NewProposal, Proposed, chain_key, check_lowering, check_proposal
from lingqu.credit.states import ProposalKind, ProposalState
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.policy.queries import regulation_by_reference, regulation_in_force
from lingqu.policy.rules import Regulation

ROWS = 50
UNREADABLE = 422
TRYING = Text("试算", "trying")


class Desk:
    """What the form of one line stands on: the line, the regulation of today, as whom the person asks, and what they may change."""

    def __init__(self, request: PageRequest, line: CreditLine) -> None:
        """Find out what the person may do; refuses who may do nothing."""
        self.request, self.line = request, line
        self.regulation: Regulation = regulation_in_force(on=request.today)
        self.asker: Asker | None = asker_for(line, by=request.who, on=request.today)
        asking = [kind.value for kind in ProposalKind if self.asker and chain_key(kind) in self.regulation.chains]
        self.kinds = [*asking, *([LOWER] if may_lower_limit(request.who, line.seller_id) else [])]
        if not self.kinds:
            raise forbidden(
                Text(
                    "信用调整由该客户的区域销售员、营销主管或财务主管提出，由财务主管或主任降低。",
                    "Changes of credit are proposed by the partner's representative, the marketing manager or the finance head; "
                    "the finance head or the director lowers a limit.",
                )
            )

    def effect(self, typed: ProposalTyped) -> dict[str, Any]:
        """Return what the proposal being typed would do and the route that it would take, or why it cannot be."""
        request, line = self.request, self.line
        tolerance = self.regulation.parameters.overdue_tolerance_days
        standing = standing_of(line, on=request.today, tolerance_days=tolerance)
        basis = basis_of(line)
        shown: dict[str, Any] = {"line": line, "standing": standing, "basis_note": basis_note(basis), "typed": typed}
        new = None
        try:
            if typed.kind == LOWER:
                limit, _ = check_lowering(typed.limit, typed.texts["reason"] or str(TRYING), standing.limit)
                return shown | {"effect": lowered_effect(limit, standing), "lowers": True}
            if not set(typed.errors) - {"reason"}:
                new = check_proposal(_tried(typed), basis, self.regulation.parameters.grades, today=request.today)
        except Refusal as refusal:
            return shown | {"trouble": refusal.text if typed.texts["limit"] or typed.texts["grade"] else None}
        return shown | (self._route(new) | {"effect": effect_of(new, standing)} if new else {})

    def _route(self, proposed: Proposed) -> dict[str, Any]:
        assert self.asker is not None  # noqa: S101 - a kind that is proposed is offered to askers only
        chain = self.regulation.chains[chain_key(proposed.kind)]
        steps = planned_route(
            self.line, chain, amount=proposed.amount, regulation=self.regulation, asker=self.asker, on=self.request.today
        )  # fmt: skip
        return {"chain": chain, "stages": planned_rows(steps), "sentence": route_sentence(steps)}

    def form(self, typed: ProposalTyped, *, refusal: Refusal | None = None, revised: CreditProposal | None = None) -> HttpResponse:
        """Return the form with what was typed, and beside it what it would do."""
        if refusal and refusal.field:
            typed.error(refusal.field, refusal.text)
        kinds = [revised.kind] if revised else self.kinds
        context = self.effect(typed) | {
            "kinds": kind_rows(kinds, typed.kind),
            "grades": [code for code in self.regulation.parameters.grades if code != self.line.grade],
            "revised": revised,
            "on_its_way": None if revised else open_proposal(self.line.pk),
            "refusal": refusal if refusal and not refusal.field else None,
            "today": self.request.today,
            "latest": latest_day(self.request.today, LONGEST_DAYS),
        }
        status = refusal.status if refusal else UNREADABLE if typed.errors else 200
        return render(self.request, "credit/credit_change.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def credit_change(request: PageRequest, code: str) -> HttpResponse:
    """Offer what the person may change, or send it: a proposal goes through its procedure, a limit is lowered at once."""
    desk = Desk(request, line_of_buyer(code, by=request.who))
    if request.method != "POST":
        kind = request.GET.get("kind", "")
        return desk.form(ProposalTyped({"kind": kind if kind in desk.kinds else desk.kinds[0], "limit": "", "grade": "", "until": "",
                                        "reason": ""}))  # fmt: skip
    typed = read_proposal(request.POST, desk.kinds)
    if typed.errors:
        return desk.form(typed)
    try:
        if typed.kind == LOWER:
            return _lowered(request, desk, typed)
        made = propose_credit_change(desk.line.pk, typed.proposal(), regulation=desk.regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        return desk.form(typed, refusal=refusal)
    told = Text(f"已提交 {made.number}，审批人已收到通知。", f"{made.number} is submitted; those who decide are told.")
    messages.success(request, str(told))
    return redirect("proposal", made.number)


def _lowered(request: PageRequest, desk: Desk, typed: ProposalTyped) -> HttpResponse:
    document = lower_limit(
        desk.line.pk, limit=typed.limit, reason=typed.texts["reason"], regulation=desk.regulation, by=request.who, at=request.at
    )  # fmt: skip
    told = Text(
        f"额度已降为 {document.limit_after:,} 元（{document.number}），已受理的申请不受影响。",
        f"The limit is {document.limit_after:,} yuan now ({document.number}); nothing that was accepted is recalled.",
    )
    messages.success(request, str(told))
    return redirect(f"{reverse('partner', args=[desk.line.buyer.code])}?tab=grades")


@require_POST
@page
def credit_preview(request: PageRequest, code: str) -> HttpResponse:
    """Show what is being typed would do and who would decide; nothing is written. Without HTMX the whole form comes back, filled in."""
    desk = Desk(request, line_of_buyer(code, by=request.who))
    typed = read_proposal(request.POST, desk.kinds, whole=False)
    number = request.POST.get("revised", "")
    revised = proposal_by_number(number, by=request.who) if number else None
    if not request.htmx:
        return desk.form(typed, revised=revised)
    return render(request, "credit/change_effect.html", desk.effect(typed) | {"revised": revised})


@require_safe
@page
def proposals(request: PageRequest, code: str) -> HttpResponse:
    """List what was proposed for a partner, newest first."""
    line = line_of_buyer(code, by=request.who)
    words = request.GET.get("before", "")
    found = proposals_of(line.pk, before=read_place(words) if words else None, most=ROWS + 1)
    context = {
        "line": line,
        "proposals": [list_row(one) for one in found[:ROWS]],
        "next_url": f"?before={found[ROWS - 1].pk}" if len(found) > ROWS else "",
        "previous_url": "?" if words else "",
        "may_propose": asker_for(line, by=request.who, on=request.today) is not None or may_lower_limit(request.who, line.seller_id),
    }
    return render(request, "credit/proposals.html", context)


@require_safe
@page
def proposal(request: PageRequest, number: str) -> HttpResponse:
    """Show one proposal: what changes, its route, what happened, and what its asker may do."""
    found = proposal_by_number(number, by=request.who)
    regulation = regulation_by_reference(found.regulation)
    shape = proposal_shape(found, regulation)
    standing = standing_of(found.line, on=request.today, tolerance_days=regulation.parameters.overdue_tolerance_days)
    context = {
        "proposal": found,
        "line": found.line,
        "shape": shape,
        "standing": standing,
        "stages": route_rows(route_taken(found.approval)),
        "events": history_of(found, deeds_of(found)),
        "own": shape["open"] and request.who.person in (found.asked_by_id, found.asked_for_id),
    }
    return render(request, "credit/proposal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def proposal_revise(request: PageRequest, number: str) -> HttpResponse:
    """Offer a proposal that was sent back for changing, or submit it again."""
    found = proposal_by_number(number, by=request.who)
    if request.who.person not in (found.asked_by_id, found.asked_for_id):
        raise forbidden(Text("只有申请人可以修改。", "Only the one who asked may change it."))
    if found.state != ProposalState.SENT_BACK.value:
        return redirect("proposal", found.number)
    desk = Desk(request, found.line)
    if request.method != "POST":
        until = found.until.isoformat() if found.until else ""
        texts = {"kind": found.kind, "limit": f"{found.limit_after}", "grade": found.grade_after, "until": until, "reason": found.reason}
        return desk.form(ProposalTyped(texts, {}, found.limit_after, found.until), revised=found)
    typed = read_proposal({**request.POST.dict(), "kind": found.kind}, [found.kind])
    if typed.errors:
        return desk.form(typed, revised=found)
    try:
        revise_proposal(found.pk, typed.proposal(), regulation=desk.regulation, by=request.who, at=request.at)
    except Refusal as refusal:
        return desk.form(typed, refusal=refusal, revised=found)
    messages.success(request, str(Text("已重新提交，从第一步开始审批。", "Submitted again; the route begins anew.")))
    return redirect("proposal", found.number)


@require_POST
@page
def proposal_withdraw(request: PageRequest, number: str) -> HttpResponse:
    """Take a proposal back."""
    found = proposal_by_number(number, by=request.who)

    def do() -> Text:
        withdraw_proposal(found.pk, reason=request.POST.get("reason", "").replace("\x00", "")[:200], by=request.who, at=request.at)
        return Text(f"{found.number} 已撤回。", f"{found.number} is withdrawn.")

    return answer_verb(request, reverse("proposal", args=[number]), do)


def _tried(typed: ProposalTyped) -> NewProposal:
    new = typed.proposal()
    return NewProposal(new.kind, new.reason or str(TRYING), new.limit, new.grade, new.until)
