"""A person's own sign-in: where they are signed in, the password, the second factor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.desk.forms.sign_in import read_password, typed
from lingqu.desk.present.sign_ins import own_sign_in, session_row
from lingqu.documents.pages import PageRequest, answer_verb, page, tried
from lingqu.organisation.actions import (
    change_password,
    end_other_sessions,
    end_session,
    enrol,
    make_recovery_codes,
    move_session,
    turn_off_second_factor,
)
from lingqu.organisation.present import enrolling_context, enrolling_secret, stop_enrolling
from lingqu.organisation.queries import needs_second_factor, open_sessions_of
from lingqu.organisation.rules import FEWEST_LETTERS

TYPE_AGAIN = Text("什么都没有改变；密码和验证码请重新输入。", "Nothing was changed; type passwords and codes again.")


@require_http_methods(["GET", "HEAD"])
@page
@never_cache
def security(request: PageRequest) -> HttpResponse:
    """Show where the person is signed in, and the forms for password and second factor."""
    return _show(request)


@require_POST
@page
def session_end(request: PageRequest, session: int) -> HttpResponse:
    """End one of the person's sessions."""

    def do() -> Text:
        end_session(session, by=request.who, at=request.at)
        return Text("该登录已结束，即刻起失效。", "That session is ended and opens nothing from this moment on.")

    return answer_verb(request, "security", do)


@require_POST
@page
def sessions_end_others(request: PageRequest) -> HttpResponse:
    """End all of the person's sessions but this one."""

    def do() -> Text:
        account = own_sign_in(request.user)
        account.epoch = end_other_sessions(_key(request), by=request.who, at=request.at)
        _renew(request, account)
        return Text("其他设备上的登录都已结束。", "All your other sessions are ended.")

    return answer_verb(request, "security", do)


@require_POST
@page
@never_cache
@sensitive_post_parameters("old", "password", "again")
def password_change(request: PageRequest) -> HttpResponse:
    """Change the person's password; all other sessions end. A wrong old one is a failed try."""
    try:
        given = read_password(request.POST)
        account = tried(
            request, lambda at: change_password(given.old, given.new, keep=_key(request), by=request.who, at=at), wrong="old"
        )  # fmt: skip
    except Refusal as refusal:
        return _show(request, refusal, part="password")
    _renew(request, account)
    messages.success(
        request, str(Text("密码已更改，其他设备上的登录都已结束。", "The password is changed; all your other sessions are ended."))
    )
    return redirect("security")


@require_http_methods(["GET", "HEAD", "POST"])
@page
@never_cache
def factor_on(request: PageRequest) -> HttpResponse:
    """Set up the second factor; the codes for paper are answered once."""
    account = own_sign_in(request.user)
    if account.second_factor_at:
        return redirect("security")
    secret, refusal = enrolling_secret(request.session), None
    if request.method == "POST":
        try:
            fresh, codes = enrol(account, secret, typed(request.POST, "code"), at=request.at, keep=_key(request))
        except Refusal as refused:
            refusal = refused
        else:
            stop_enrolling(request.session)
            _renew(request, fresh)
            return render(request, "desk/factor.html", {"codes": codes})
    context = enrolling_context(account, secret) | {"refusal": refusal, "kept": TYPE_AGAIN}
    return render(request, "desk/factor.html", context, status=refusal.status if refusal else 200)


@require_POST
@page
@never_cache
def factor_codes(request: PageRequest) -> HttpResponse:
    """Make fresh codes for paper, answered once, for who shows a code from the telephone."""
    try:
        codes = tried(request, lambda at: make_recovery_codes(typed(request.POST, "code"), by=request.who, at=at), wrong="code")
    except Refusal as refusal:
        return _show(request, refusal, part="factor")
    return render(request, "desk/factor.html", {"codes": codes})


@require_POST
@page
def factor_off(request: PageRequest) -> HttpResponse:
    """Turn the second factor off, for who shows a code and need not have one."""
    code = typed(request.POST, "code")
    try:
        account = tried(request, lambda at: turn_off_second_factor(code, keep=_key(request), by=request.who, at=at), wrong="code")
    except Refusal as refusal:
        return _show(request, refusal, part="factor")
    _renew(request, account)
    messages.success(request, str(Text("两步验证已关闭。", "The second factor is off.")))
    return redirect("security")


def _key(request: PageRequest) -> str:
    return request.session.session_key or ""


def _renew(request: PageRequest, account: Any) -> None:  # noqa: ANN401 - the sign-in, whose model is not for pages
    """Give this session a new key and the new epoch: the person may do something else from now on, or all others ended."""
    before = _key(request)
    update_session_auth_hash(request, account)
    move_session(before, _key(request))


def _show(request: PageRequest, refusal: Refusal | None = None, *, part: str = "") -> HttpResponse:
    account = own_sign_in(request.user)
    context = {
        "rows": [session_row(one, present=_key(request)) for one in open_sessions_of(request.who.person, at=request.at)],
        "login": account.login,
        "second_factor_at": account.second_factor_at,
        "must_have": needs_second_factor(account),
        "fewest": FEWEST_LETTERS,
        "refusal": refusal,
        "kept": TYPE_AGAIN,
        "part": part,
    }
    return render(request, "desk/security.html", context, status=refusal.status if refusal else 200)
