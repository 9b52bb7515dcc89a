"""The people of a firm and their sign-ins: invite, disable, reset, for those who look after them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.desk.forms.sign_in import TypedInvitation, read_invitation
from lingqu.desk.present.sign_ins import people_context, post_choices
from lingqu.desk.queries.people import firm_looked_after, firm_of_person
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.organisation.actions import (
    disable_sign_in,
    enable_sign_in,
    end_sessions_of,
    invite,
    make_reset_link,
    take_off_second_factor,
    withdraw_invitation,
)
from lingqu.organisation.present import invitation_link, reset_link
from lingqu.organisation.queries import invitations_of, members_of


@require_http_methods(["GET", "HEAD"])
@page
def people(request: PageRequest) -> HttpResponse:
    """Lead to the people of the own firm."""
    return redirect("firm_people", request.person.firm.code)


@require_http_methods(["GET", "HEAD", "POST"])
@page
@never_cache
def firm_people(request: PageRequest, code: str) -> HttpResponse:
    """Show the people of a firm; a POST invites somebody and answers the link, this once: no redirect could carry it."""
    firm = firm_looked_after(code, request.who)
    if request.method != "POST":
        return _show(request, firm)
    given = read_invitation(request.POST)
    try:
        made, secret = invite(
            firm.pk, given.chosen, name=given.name, login=given.login, telephone=given.telephone, by=request.who, at=request.at
        )  # fmt: skip
    except Refusal as refusal:
        return _show(request, firm, given, refusal=refusal)
    request.done_here = reverse("firm_people", args=[firm.code])
    return _show(request, firm, link=invitation_link(secret), whose=made.name, until=made.until)


@require_POST
@page
def invitation_withdraw(request: PageRequest, invitation: int) -> HttpResponse:
    """Take an invitation back."""
    code: list[str] = [request.person.firm.code]

    def do() -> Text:
        found = withdraw_invitation(invitation, by=request.who, at=request.at)
        code.append(found.firm.code)
        return Text(f"给{found.name}的邀请已撤回，链接即刻失效。", f"The invitation of {found.name} is taken back; its link opens nothing.")

    answer_verb(request, "people", do)
    return redirect("firm_people", code[-1])


@require_POST
@page
@never_cache
def person_reset(request: PageRequest, person: int) -> HttpResponse:
    """Make a link by which a person sets a new password, and answer it, this once."""
    try:
        made, secret = make_reset_link(person, by=request.who, at=request.at)
    except Refusal as refusal:
        return _refused(request, person, refusal)
    firm = firm_of_person(person, request.who)
    request.done_here = reverse("firm_people", args=[firm.code])
    return _show(request, firm, link=reset_link(secret), whose=made.person.name, until=made.until, reset=True)


@require_POST
@page
def person_disable(request: PageRequest, person: int) -> HttpResponse:
    """Let a person sign in no more."""
    words = Text("{name} 的账号已停用，登录、令牌和链接即刻失效。", "{name} signs in no more; sessions, tokens and links open nothing.")
    return _do(request, person, lambda: disable_sign_in(person, by=request.who, at=request.at), words)


@require_POST
@page
def person_enable(request: PageRequest, person: int) -> HttpResponse:
    """Let a person sign in again."""
    words = Text("{name} 的账号已启用。", "{name} may sign in again.")
    return _do(request, person, lambda: enable_sign_in(person, by=request.who, at=request.at), words)


@require_POST
@page
def person_sessions_end(request: PageRequest, person: int) -> HttpResponse:
    """End all sessions of a person."""
    words = Text("{name} 在所有设备上的登录已结束。", "All sessions of {name} are ended.")
    return _do(request, person, lambda: end_sessions_of(person, by=request.who, at=request.at), words)


@require_POST
@page
def person_factor_off(request: PageRequest, person: int) -> HttpResponse:
    """Take the second factor off a person who lost the telephone."""
    words = Text("{name} 的两步验证已取消，可重新绑定。", "The second factor of {name} is off and can be set up anew.")
    return _do(request, person, lambda: take_off_second_factor(person, by=request.who, at=request.at), words)


def _do(request: PageRequest, person: int, act: Callable[[], Any], words: Text) -> HttpResponse:
    def do() -> Text:
        return words.fill(name=act().name)

    answer_verb(request, "people", do)
    return redirect("firm_people", firm_of_person(person, request.who).code)


def _refused(request: PageRequest, person: int, refusal: Refusal) -> HttpResponse:
    def do() -> Text:
        raise refusal

    answer_verb(request, "people", do)
    return redirect("firm_people", firm_of_person(person, request.who).code)


def _show(
    request: PageRequest,
    firm: Any,  # noqa: ANN401 - the firm, whose model is not for pages
    given: TypedInvitation | None = None,
    *,
    refusal: Refusal | None = None,
    **more: object,
) -> HttpResponse:
    given = given or TypedInvitation()
    context: dict[str, Any] = {
        "posts": post_choices(firm, request.who, given.post),
        "given": given,
        "refusal": refusal,
    }
    context |= people_context(firm, request.who, members_of(firm.pk, on=request.today), invitations_of(firm.pk), request.at)
    return render(request, "desk/people.html", context | more, status=refusal.status if refusal else 200)
