"""The page of stand-ins: give a post to a colleague for some days, and end it early."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from lingqu.base.refusal import Refusal
from lingqu.base.templatetags.words import day
from lingqu.base.text import Text
from lingqu.desk.forms import TypedDelegation, read_delegation
from lingqu.desk.present.delegations import leads, people_to_choose, posts_to_lend, stand_in_row
from lingqu.desk.queries import past_delegations, person_of_firm, posts_held, standing_delegations
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.organisation.actions import delegate, end_delegation


@require_http_methods(["GET", "HEAD", "POST"])
@page
def delegations(request: PageRequest) -> HttpResponse:
    """Show who stands in for whom at the person's firm; a POST arranges a stand-in."""
    if request.method != "POST":
        return _show(request, TypedDelegation(first=request.today.isoformat()))
    typed = read_delegation(request.POST)
    try:
        told = _arrange(request, typed)
    except Refusal as refusal:
        return _show(request, typed, refusal)
    messages.success(request, str(told))
    return redirect("delegations")


@require_POST
@page
def end(request: PageRequest, delegation: int) -> HttpResponse:
    """End a delegation before its last day."""

    def do() -> Text:
        ended = end_delegation(delegation, by=request.person, at=request.at)
        name = ended.absent.name
        return Text(f"{name} 的委托已结束，即刻起由本人办理。", f"Nobody stands in for {name} any more, from this moment on.")

    return answer_verb(request, "delegations", do)


def _arrange(request: PageRequest, typed: TypedDelegation) -> Text:
    person, post = typed.absent
    absent = person_of_firm(request.who.firm, person, "held")
    stand_in = person_of_firm(request.who.firm, typed.stand_in_id, "stand_in")
    first, last = typed.days
    delegate(absent, stand_in=stand_in, post=post, first=first, last=last, reason=typed.reason, at=request.at, by=request.person)
    return Text(
        f"{day(first)} 至 {day(last)} 由 {stand_in.name} 代 {absent.name} 办理。",
        f"{stand_in.name} stands in for {absent.name} from {day(first)} to {day(last)}.",
    )


def _show(request: PageRequest, typed: TypedDelegation, refusal: Refusal | None = None) -> HttpResponse:
    who, today = request.who, request.today
    held = posts_held(who.firm, on=today)
    context = {
        "standing": [stand_in_row(one, who, on=today) for one in standing_delegations(who.firm, on=today)],
        "past": [stand_in_row(one, who, on=today) for one in past_delegations(who.firm, on=today)],
        "posts": posts_to_lend(held, who),
        "people": people_to_choose(held),
        "leads": leads(who),
        "typed": typed,
        "refusal": refusal,
        "first_day": today.isoformat(),
    }
    return render(request, "desk/delegations.html", context, status=refusal.status if refusal else 200)
