"""The pages before the frame: the second factor after the password, and links that are used once. Who comes here is not signed in yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lingqu.base.clock import now
from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.organisation.actions import begin_try, check_code, enrol, take_back_try, take_invitation, take_reset_link
from lingqu.organisation.actions.links import working
from lingqu.organisation.models import Invitation, ResetLink, SignIn
from lingqu.organisation.present import enrolling_context, enrolling_secret, stop_enrolling
from lingqu.organisation.queries import invitation_shown, reset_link_shown
from lingqu.organisation.rules import FEWEST_LETTERS
from lingqu.organisation.sign_in import CodeStage, EnrolStage, address_of

MOST_TYPED = 200
UNPROCESSABLE = 422
Link = TypeVar("Link", Invitation, ResetLink)


@require_http_methods(["GET", "HEAD", "POST"])
@login_stage_required(stage=CodeStage.key, redirect_urlname="account_login")
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code after the password; a right one signs in, and is used up."""
    stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 - where the library hands it over
    if not stage.still_stands():
        return cast("HttpResponse", stage.abort())
    account = cast("SignIn", stage.login.user)
    wrong = None
    if request.method == "POST":
        at = now()
        begun = begin_try(account.login, address_of(request), at=at)
        if check_code(account.pk, typed_in(request, "code"), at=at):
            take_back_try(begun)
            return cast("HttpResponse", stage.exit())
        wrong = bad_input("code", Text("验证码不对或已用过，请等下一个。", "The code is wrong or was used; wait for the next one."))
    return render(request, "account/second_factor.html", {"refusal": wrong}, status=wrong.status if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_stage_required(stage=EnrolStage.key, redirect_urlname="account_login")
def second_factor_enrol(request: HttpRequest) -> HttpResponse:
    """Lead who must have a second factor to it, after the password and before anything else; the codes for paper are shown once."""
    stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 - where the library hands it over
    if not stage.still_stands():
        return cast("HttpResponse", stage.abort())
    account = cast("SignIn", stage.login.user)
    secret = enrolling_secret(request.session)
    refusal = None
    if request.method == "POST":
        try:
            _, codes = enrol(account, secret, typed_in(request, "code"), at=now())
        except Refusal as refused:
            refusal = refused
        else:
            stop_enrolling(request.session)
            answer = stage.exit()
            return render(request, "account/codes.html", {"codes": codes, "onward": answer.headers.get("Location", "/")})
    context = enrolling_context(account, secret) | {"refusal": refusal}
    return render(request, "account/enrol.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password", "again")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show an invitation to who holds its link; a POST sets the password, makes person, post and sign-in, and signs in."""
    at = now()
    found = _counted(request, lambda: working(invitation_shown(secret), at=at))
    context: dict[str, object] = {
        "kind": "invitation",
        "name": found.name,
        "firm": found.firm.name,
        "login": found.login,
        "until": found.until,
    }
    context |= {"post": Text(found.post.title_zh, found.post.title_en)}
    return _set_password(request, context, lambda new: take_invitation(secret, new, at=at))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password", "again")
def reset_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Let who holds a reset link set a new password, once, and sign in with it."""
    at = now()
    found = _counted(request, lambda: working(reset_link_shown(secret), at=at))
    context: dict[str, object] = {
        "kind": "reset",
        "name": found.person.name,
        "firm": found.person.firm.name,
        "login": "",
        "until": found.until,
    }
    return _set_password(request, context, lambda new: take_reset_link(secret, new, at=at))


def _counted(request: HttpRequest, find: Callable[[], Link]) -> Link:
    """Look a link up; one that there is not is a failed try of the address."""
    begun = begin_try("", address_of(request), at=now())
    try:
        found = find()
    except Refusal as refusal:
        if refusal.code != "no_link":
            take_back_try(begun)
        raise
    take_back_try(begun)
    return found


def _set_password(request: HttpRequest, context: dict[str, object], do: Callable[[str], SignIn]) -> HttpResponse:
    refusal = None
    if request.method == "POST":
        try:
            new, again = typed_in(request, "password"), typed_in(request, "again")
            if new != again:
                raise bad_input("again", Text("两次输入的密码不一致。", "The two passwords differ."))
            account = do(new)
        except Refusal as refused:
            if refused.status != UNPROCESSABLE:
                raise
            refusal = refused
        else:
            return perform_login(request, Login(user=account, redirect_url=reverse("home")))
    context |= {"refusal": refusal, "fewest": FEWEST_LETTERS}
    return render(request, "account/set_password.html", context, status=refusal.status if refusal else 200)


def typed_in(request: HttpRequest, field: str) -> str:
    """Return a field as it was typed, without what no database takes; at most 200 characters."""
    return request.POST.get(field, "").replace("\x00", "")[:MOST_TYPED]
