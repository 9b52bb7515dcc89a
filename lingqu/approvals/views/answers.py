"""The verbs of an approval: each is one form and one action. A refused verb shows the page again with all that was typed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from lingqu.approvals import actions
from lingqu.approvals.forms import read_ballot, read_minutes, read_reason, read_step
from lingqu.approvals.present import Typed
from lingqu.approvals.queries import person_to_ask, whole_approval
from lingqu.approvals.states import APPROVALS, ApprovalState
from lingqu.approvals.views.show import plain_number, show_page
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.documents.pages import PageRequest, page

DECIDED = {
    "approve": Text("您已同意", "You approved"),
    "refuse": Text("您已签不同意", "You refused"),
    "send_back": Text("您已退回修改", "You sent back"),
}


@require_POST
@page
def decide(request: PageRequest, number: str, verb: str) -> HttpResponse:
    """Answer the step that the person saw: approve, refuse or send_back."""
    reason = read_reason(request.POST)

    def do(approval: int) -> Text:
        answer = actions.Answer(read_step(request.POST), verb, reason)
        decided = actions.decide_step(approval, answer, by=request.who, at=request.at)
        words, state = DECIDED[verb], APPROVALS.words[ApprovalState(decided.state)]
        return Text(f"{words.zh} {number}，现为：{state.zh}。", f"{words.en} {number}; it is now: {state.en.lower()}.")

    return _do(request, number, do, Typed("decide", reason))


@require_POST
@page
def forward(request: PageRequest, number: str) -> HttpResponse:
    """Pass one's own part on to another person."""
    reason, person = read_reason(request.POST), read_id(request.POST.get("person", ""))
    approval = whole_approval(plain_number(number), by=request.who)

    def do(found: int) -> Text:
        to = person_to_ask(approval, person)
        actions.forward_step(found, read_step(request.POST), to=to, reason=reason, by=request.who, at=request.at)
        return Text(f"{number} 已转交 {to.name}。", f"{number} was passed on to {to.name}.")

    return _do(request, number, do, Typed("forward", reason, person))


@require_POST
@page
def add(request: PageRequest, number: str) -> HttpResponse:
    """Ask another person to sign as well."""
    reason, person = read_reason(request.POST), read_id(request.POST.get("person", ""))
    approval = whole_approval(plain_number(number), by=request.who)

    def do(found: int) -> Text:
        also = person_to_ask(approval, person)
        actions.add_signer(found, read_step(request.POST), person=also, reason=reason, by=request.who, at=request.at)
        return Text(f"{number} 已请 {also.name} 加签，其同意后此步方可通过。", f"{also.name} was asked to sign {number} as well.")

    return _do(request, number, do, Typed("add", reason, person))


@require_POST
@page
def vote(request: PageRequest, number: str, ballot: str) -> HttpResponse:
    """Cast a vote, or change it."""
    remark = read_reason(request.POST)

    def do(approval: int) -> Text:
        pressed = read_ballot(ballot)
        count = actions.cast_vote(approval, read_step(request.POST), ballot=pressed, remark=remark, by=request.who, at=request.at)
        return Text(
            f"已记下您对 {number} 的表决：{count.members} 人中已有 {count.taken_part} 人表决。",
            f"Your vote on {number} is kept: {count.taken_part} of {count.members} members have voted.",
        )

    return _do(request, number, do, Typed("vote", remark))


@require_POST
@page
def close(request: PageRequest, number: str) -> HttpResponse:
    """Close the meeting with its minutes."""
    minutes = read_minutes(request.POST)

    def do(approval: int) -> Text:
        closed = actions.close_vote(approval, read_step(request.POST), minutes=minutes, by=request.who, at=request.at)
        state = APPROVALS.words[ApprovalState(closed.state)]
        return Text(f"会议已结束，{number} 现为：{state.zh}。", f"The meeting is closed; {number} is now: {state.en.lower()}.")

    return _do(request, number, do, Typed("close", minutes))


@require_POST
@page
def withdraw(request: PageRequest, number: str) -> HttpResponse:
    """Take back what one asked."""
    reason = read_reason(request.POST)

    def do(approval: int) -> Text:
        actions.withdraw_approval(approval, reason=reason, by=request.who, at=request.at)
        return Text(f"已撤回 {number}。", f"{number} was withdrawn.")

    return _do(request, number, do, Typed("withdraw", reason))


def _do(request: PageRequest, number: str, do: Callable[[int], Text], typed: Typed) -> HttpResponse:
    """Do the verb and go back to where it was pressed; after a refusal the page stands as it was sent, with what was typed."""
    approval = whole_approval(plain_number(number), by=request.who)
    try:
        told = do(approval.pk)
    except Refusal as refusal:
        return show_page(request, number, refusal=refusal, typed=typed)
    messages.success(request, str(told))
    return redirect("home") if request.POST.get("back") == "home" else redirect("approval", number)
