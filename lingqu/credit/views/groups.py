"""Groups that share a limit: the list, one group with its members, proposing and lowering, and one proposal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.approvals.present import route_rows
from lingqu.approvals.queries import route_taken
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import PROPOSING_POSTS, may_lower_limit
from lingqu.credit.actions import lower_group_limit, propose_group_change, revise_group_proposal, withdraw_group_proposal
from lingqu.credit.forms import HoldTyped, read_hold_form, read_limit
from lingqu.credit.models import CreditGroup, CreditLine, GroupProposal
from lingqu.credit.present import LOWER, group_exposure, group_history, group_proposal_rows, group_shape
from lingqu.credit.queries import (
    deeds_of_group,
    group_by_number,
    group_on_its_way,
    group_proposal_by_number,
    group_proposals,
    groups_of,
    lines_outside,
    members_of,
    overdue_of_group,
)
from lingqu.credit.rules import LIMIT_CHAIN, NewGroupChange
from lingqu.credit.states import GroupProposalKind, ProposalState
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.ledger.queries import standings
from lingqu.organisation.states import FirmKind, PostCode
from lingqu.partners.queries import represented_by
from lingqu.policy.queries import regulation_in_force

ROWS = 200
UNREADABLE = 422
FIELDS = ("kind", "name", "limit", "line", "reason")
WITH_LINE = (GroupProposalKind.JOIN.value, GroupProposalKind.LEAVE.value)
WITH_LIMIT = (GroupProposalKind.OPEN.value, GroupProposalKind.LIMIT.value, LOWER)
WORDS = {
    GroupProposalKind.OPEN.value: Text("设立集团额度", "Set up a group limit"),
    GroupProposalKind.LIMIT.value: Text("提高集团额度", "Raise the group limit"),
    GroupProposalKind.JOIN.value: Text("并入客户", "Add a partner"),
    GroupProposalKind.LEAVE.value: Text("移出客户", "Take a partner out"),
    GroupProposalKind.CLOSE.value: Text("关闭集团额度", "Close the group"),
    LOWER: Text("立即降低额度", "Lower the limit at once"),
}


@require_safe
@page
def groups(request: PageRequest) -> HttpResponse:
    """List the groups of the person's firm, and what is proposed for them."""
    if request.who.firm_kind != FirmKind.HQ.value:
        raise not_found()
    found = groups_of(request.who.firm, most=ROWS + 1)
    context = {
        "groups": found[:ROWS],
        "more": len(found) > ROWS,
        "proposals": group_proposal_rows(group_proposals(request.who.firm, running=True)),
        "may_open": GroupProposalKind.OPEN.value in _kinds(request, None),
    }
    return render(request, "credit/groups.html", context)


@require_safe
@page
def group(request: PageRequest, number: str) -> HttpResponse:
    """Show one group: its limit and what stands against it, its members, what was proposed, and what the person may do."""
    found = group_by_number(number, by=request.who)
    tolerance = regulation_in_force(on=request.today).parameters.overdue_tolerance_days
    members = members_of(found)
    standing = standings([found.account_id])[found.account_id]
    context = {
        "group": found,
        "exposure": group_exposure(standing, overdue_of_group(found, on=request.today, tolerance_days=tolerance), len(members)),
        "members": members,
        "proposals": group_proposal_rows(group_proposals(found.seller_id, group=found.pk)),
        "running": group_on_its_way(group=found.pk, line=None),
        "kinds": [(kind, WORDS[kind]) for kind in _kinds(request, found)],
    }
    return render(request, "credit/group.html", context)


def _kinds(request: PageRequest, found: CreditGroup | None) -> list[str]:
    """Return what the person may propose for a group, or for a new one, and lowering at once."""
    if found and found.closed_at:
        return []
    who, seller = request.who, found.seller_id if found else request.who.firm
    kinds: list[str] = []
    if LIMIT_CHAIN in regulation_in_force(on=request.today).chains:
        if who.holds_any(PROPOSING_POSTS, seller):
            kinds = [kind.value for kind in GroupProposalKind if (kind is GroupProposalKind.OPEN) is (found is None)]
        elif found and who.holds_any((PostCode.REPRESENTATIVE,), seller):
            kinds = list(WITH_LINE)
    return [*kinds, LOWER] if found and may_lower_limit(who, seller) else kinds


@require_http_methods(["GET", "HEAD", "POST"])
@page
def group_new(request: PageRequest) -> HttpResponse:
    """Offer the form for a new group, or propose it."""
    return _change(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def group_change(request: PageRequest, number: str) -> HttpResponse:
    """Offer what the person may change about a group, or propose it; a lower limit is set at once."""
    return _change(request, group_by_number(number, by=request.who))


def _change(request: PageRequest, found: CreditGroup | None) -> HttpResponse:
    kinds = _kinds(request, found)
    sent = request.POST if request.method == "POST" else request.GET
    kind = sent.get("kind", GroupProposalKind.OPEN.value if found is None else "")
    if kind not in kinds:
        raise forbidden(Text("这项变更不由您提出。", "That change is not yours to propose."))
    lines = _lines(request, found, kind)
    typed, refusal = HoldTyped(dict.fromkeys(FIELDS, "") | {"line": request.GET.get("line", "")}, {}), None
    if request.method == "POST":
        typed = read_hold_form(request.POST, FIELDS)
        try:
            done = _send(request, found, kind, typed, lines)
            if done is not None:
                return done
        except Refusal as said:
            refusal = said
            if said.field:
                typed.error(said.field, said.text)
    return _form(request, found, kind, typed, refusal=refusal, lines=lines)


def _form(
    request: PageRequest, found: CreditGroup | None, kind: str, typed: HoldTyped, *, refusal: Refusal | None,
    lines: Sequence[CreditLine] = (), revised: GroupProposal | None = None,
) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {
        "group": found, "kind": kind, "words": WORDS[kind], "lines": lines, "typed": typed.texts, "errors": typed.errors,
        "with_line": kind in WITH_LINE and not revised, "with_limit": kind in WITH_LIMIT, "lowers": kind == LOWER,
        "closes": kind == GroupProposalKind.CLOSE.value, "opens": kind == GroupProposalKind.OPEN.value, "revised": revised,
        "standing": standings([found.account_id])[found.account_id] if found else None,
        "refusal": refusal if refusal and refusal.field not in FIELDS else None,
    }  # fmt: skip
    status = refusal.status if refusal else UNREADABLE if typed.errors else 200
    return render(request, "credit/group_change.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def group_revise(request: PageRequest, number: str) -> HttpResponse:
    """Offer a proposal that was sent back for changing, or submit it again."""
    found = group_proposal_by_number(number, by=request.who)
    if request.who.person not in (found.asked_by_id, found.asked_for_id):
        raise forbidden(Text("只有申请人可以修改。", "Only the one who asked may change it."))
    if found.state != ProposalState.SENT_BACK.value:
        return redirect("credit_group_proposal", found.number)
    if request.method != "POST":
        texts = dict.fromkeys(FIELDS, "") | {"name": found.name, "limit": f"{found.limit_after}", "reason": found.reason}
        return _form(request, found.group, found.kind, HoldTyped(texts, {}), refusal=None, revised=found)
    typed, refusal = read_hold_form(request.POST, FIELDS), None
    limit = _limit(typed) if found.kind in WITH_LIMIT else None
    if not typed.errors:
        try:
            revise_group_proposal(
                found.pk, limit=limit, name=typed.texts["name"], reason=typed.texts["reason"],
                regulation=regulation_in_force(on=request.today), by=request.who, at=request.at,
            )  # fmt: skip
        except Refusal as said:
            refusal = said
            if said.field:
                typed.error(said.field, said.text)
        else:
            messages.success(request, str(Text("已重新提交，从第一步开始审批。", "Submitted again; the route begins anew.")))
            return redirect("credit_group_proposal", found.number)
    return _form(request, found.group, found.kind, typed, refusal=refusal, revised=found)


def _limit(typed: HoldTyped) -> Decimal | None:
    try:
        return read_limit(typed.texts["limit"])
    except Refusal as refusal:
        typed.error("limit", refusal.text)
        return None


def _lines(request: PageRequest, found: CreditGroup | None, kind: str) -> list[CreditLine]:
    if found is None or kind not in WITH_LINE:
        return []
    joins = kind == GroupProposalKind.JOIN.value
    lines = lines_outside(found.seller_id) if joins else [row.line for row in members_of(found)]
    if request.who.holds_any(PROPOSING_POSTS, found.seller_id):
        return lines
    own = set(represented_by(request.who.person, found.seller_id, request.today))
    return [line for line in lines if line.buyer_id in own]


def _send(
    request: PageRequest, found: CreditGroup | None, kind: str, typed: HoldTyped, lines: list[CreditLine]
) -> HttpResponse | None:  # fmt: skip
    texts, regulation = typed.texts, regulation_in_force(on=request.today)
    limit = _limit(typed) if kind in WITH_LIMIT else None
    if typed.errors:
        return None
    if found is not None and kind == LOWER:
        made = lower_group_limit(found.pk, limit=limit, reason=texts["reason"], regulation=regulation, by=request.who, at=request.at)
        told = Text(
            f"集团额度已降为 {made.limit_after:,} 元（{made.number}），已受理的申请不受影响。",
            f"The group's limit is {made.limit_after:,} yuan now ({made.number}); nothing that was accepted is recalled.",
        )
        messages.success(request, str(told))
        return redirect("credit_group", found.number)
    line = next((line.pk for line in lines if line.buyer.code == texts["line"]), None)
    if kind in WITH_LINE and line is None:
        raise bad_input("line", Text("请选择客户。", "Choose the partner."))
    new = NewGroupChange(GroupProposalKind(kind), texts["reason"], found.pk if found else None, line, texts["name"], limit)
    proposal = propose_group_change(request.who.firm, new, regulation=regulation, by=request.who, at=request.at)
    messages.success(
        request, str(Text(f"已提交 {proposal.number}，审批人已收到通知。", f"{proposal.number} is submitted; those who decide are told."))
    )
    return redirect("credit_group_proposal", proposal.number)


@require_safe
@page
def group_proposal(request: PageRequest, number: str) -> HttpResponse:
    """Show one proposal for a group: what changes, its route, what happened, and whether its asker may take it back."""
    found = group_proposal_by_number(number, by=request.who)
    shape = group_shape(found)
    context = {
        "proposal": found,
        "group": found.group,
        "shape": shape,
        "stages": route_rows(route_taken(found.approval)),
        "events": group_history(found, deeds_of_group(found)),
        "own": shape["open"] and request.who.person in (found.asked_by_id, found.asked_for_id),
    }
    return render(request, "credit/group_proposal.html", context)


@require_POST
@page
def group_withdraw(request: PageRequest, number: str) -> HttpResponse:
    """Take a proposal for a group back."""
    found = group_proposal_by_number(number, by=request.who)

    def do() -> Text:
        reason = request.POST.get("reason", "").replace("\x00", "")[:200]
        withdraw_group_proposal(found.pk, reason=reason, by=request.who, at=request.at)
        return Text(f"{found.number} 已撤回。", f"{found.number} is withdrawn.")

    return answer_verb(request, reverse("credit_group_proposal", args=[number]), do)
