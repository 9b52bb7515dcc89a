"""Addresses that belong to no module: health, language, error pages."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.config.context import THEME_COOKIE, THEMES
from lingqu.config.refusals import refusal_page
from lingqu.documents.pages import PageRequest, kept_input, page

YEAR = 365 * 24 * 60 * 60


@require_GET
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 200 when the server runs and the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language that the person chose and go back to the page."""
    chosen = "en" if request.POST.get("language") == "en" else "zh"
    answer = _back(request)
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


@require_POST
@page
def theme(request: PageRequest, chosen: str) -> HttpResponse:
    """Remember whether the person wants light or dark pages, or (any other word) as their system has it, and go back to the page."""
    answer = _back(request)
    if chosen in THEMES:
        answer.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True)
    else:
        answer.delete_cookie(THEME_COOKIE, samesite="Lax")
    return answer


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Go back to the page that sent the form; an address elsewhere leads home."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe else "/")


@require_GET
@page
def kept(request: PageRequest) -> HttpResponse:
    """Offer again, after signing in, the form that was being sent when the session had ended."""
    form = kept_input(request)
    return render(request, "kept.html", {"form": form}) if form else redirect("home")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Say that the page was open too long, or came from elsewhere, and that nothing was changed."""
    text = Text(
        "页面已过期或来源不明，未作任何更改。请返回并刷新页面后重试。",
        "The page has expired or came from elsewhere; nothing was changed. Go back, reload and try again.",
    )
    return refusal_page(request, Refusal("expired_page", text, status=403))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Show the page for an unknown address."""
    return render(request, "404.html", status=404)
