"""The page of access tokens: a person makes them for programs that act as this person, and ends them."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.desk.forms import TypedToken, read_token
from lingqu.desk.present.tokens import scope_choices, token_row
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.organisation.actions import make_token, revoke_token
from lingqu.organisation.queries import tokens_of
from lingqu.organisation.rules import LONGEST_TOKEN_DAYS, MOST_TOKENS


@require_http_methods(["GET", "HEAD", "POST"])
@page
@never_cache
def tokens(request: PageRequest) -> HttpResponse:
    """Show the person's tokens; a POST makes one and answers it, this once: no redirect could carry it without keeping it somewhere."""
    if request.method != "POST":
        return _show(request, TypedToken())
    typed = read_token(request.POST)
    try:
        _, secret = make_token(typed.name, scopes=typed.scopes, last_day=typed.until, by=request.who, at=request.at)
    except Refusal as refusal:
        return _show(request, typed, refusal=refusal)
    request.done_here = request.path
    return _show(request, TypedToken(), secret=secret)


@require_POST
@page
def revoke(request: PageRequest, prefix: str) -> HttpResponse:
    """End a token from this moment on."""

    def do() -> Text:
        name = revoke_token(prefix, by=request.who, at=request.at).name
        return Text(f"令牌“{name}”已停用，即刻起不能再用。", f"The token “{name}” is revoked and opens nothing from this moment on.")

    return answer_verb(request, "tokens", do)


def _show(request: PageRequest, typed: TypedToken, *, secret: str = "", refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "rows": [token_row(token) for token in tokens_of(request.who.person, on=request.today)],
        "typed": typed,
        "scopes": scope_choices(typed.scopes),
        "secret": secret,
        "refusal": refusal,
        "most": MOST_TOKENS,
        "first_day": request.today.isoformat(),
        "farthest_day": (request.today + timedelta(days=LONGEST_TOKEN_DAYS - 1)).isoformat(),
    }
    return render(request, "desk/tokens.html", context, status=refusal.status if refusal else 200)
