"""A refusal as a page, alike everywhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from lingqu.base.refusal import Refusal, TooMany


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the page that says what was refused, that nothing was changed, and where to go on: back to a page of ours, never elsewhere."""
    back = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = ""
    answer = render(request, "refused.html", {"refusal": refusal, "back": back}, status=refusal.status)
    if isinstance(refusal, TooMany):
        answer.headers["Retry-After"], answer.headers["Cache-Control"] = str(refusal.seconds), "no-store"
    return answer
