"""Addresses that belong to no module: health, language, error pages."""

from __future__ import annotations

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from lingqu.base.refusal import Refusal
from lingqu.base.templatetags.forms import FORM_KEY
from lingqu.base.text import Text
from lingqu.config.context import THEME_COOKIE, THEMES
from lingqu.config.refusals import refusal_page
from lingqu.config.watch.lines import request_id
from lingqu.documents.api import problem
from lingqu.documents.pages import PageRequest, kept_input, page
from lingqu.documents.rules import holds_secret

KEPT_NOWHERE = {"Cache-Control": "no-store"}
AGAIN = {"Retry-After": "5"} | KEPT_NOWHERE
BUSY = Text("系统正忙，请稍后以同一个键重试，不会重复办理。", "The system is busy. Try again with the same key: it is done once.")
FAILED = Text("服务器没能完成这一步，未作任何更改。", "The server could not finish this step; nothing was changed.")
YEAR = 365 * 24 * 60 * 60


@require_GET
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 200 when this process runs; whether it can do its work is asked at `/ready`."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language that the person chose and go back to the page."""
    chosen = "en" if request.POST.get("language") == "en" else "zh"
    answer = _back(request)
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SECURE)
    return answer


@require_POST
@page
def theme(request: PageRequest, chosen: str) -> HttpResponse:
    """Remember whether the person wants light or dark pages, or (any other word) as their system has it, and go back to the page."""
    answer = _back(request)
    if chosen in THEMES:
        answer.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SECURE)
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
    if form is None:
        return redirect("home")
    key = dict(form["fields"]).get(FORM_KEY, "")
    form["fields"] = [(name, value) for name, value in form["fields"] if name != FORM_KEY]
    return render(request, "kept.html", {"form": form, FORM_KEY: key})


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


def server_error(request: HttpRequest) -> HttpResponse:
    """Show that a step failed, or (503) that the database is away or did not get to it; with the number under which the log has it."""
    wrong = sys.exc_info()[1]
    busy = isinstance(wrong, OperationalError | InterfaceError)
    if request.path.startswith("/api/"):
        return problem(Refusal("busy", BUSY, status=503) if busy else Refusal("failed", FAILED, status=500), headers=AGAIN if busy else {})
    words: dict[str, object] = {"number": request_id.get()}
    if busy and request.method == "POST" and not holds_secret(request.path, request.POST):
        words |= _form_again(request)
    page_of_it = render_to_string("503.html" if busy else "500.html", words)
    return HttpResponse(page_of_it, status=503 if busy else 500, headers=AGAIN if busy else KEPT_NOWHERE)


def _form_again(request: HttpRequest) -> dict[str, object]:
    """Return what was being sent, so that the page can send it again with the key that it had: it is done once, whatever became of it."""
    sent = getattr(request, "sent_fields", None) or request.POST
    fields = [(name, str(value)) for name, values in sent.lists() for value in values if name not in (FORM_KEY, "csrfmiddlewaretoken")]
    form = {"path": request.get_full_path(), "fields": fields, "files": bool(request.FILES)}
    return {"form": form, FORM_KEY: sent.get(FORM_KEY, ""), "csrf_token": get_token(request)}
