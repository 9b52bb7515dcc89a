"""A refusal as a page, alike everywhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lingqu.base.refusal import Refusal


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the page that says what was refused, that nothing was changed, and where to go on."""
    back = request.META.get("HTTP_REFERER", "")
    return render(request, "refused.html", {"refusal": refusal, "back": back}, status=refusal.status)
