"""The outermost middleware: gives each request a number, and tells log and figures how it ended."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from lingqu.config.watch.lines import request_id
from lingqu.config.watch.metrics import METHODS, observe_request

HEADER: Final = "X-Request-Id"
STATIC: Final = "/static/"
UNKNOWN: Final = "unknown"
_NUMBER: Final = re.compile(r"[A-Za-z0-9_.-]{8,64}", re.ASCII)
lines = logging.getLogger("lingqu.request")


class WatchMiddleware:
    """Writes one line for each request: route, status, milliseconds, the person's number. Never the address, nor what was sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Watch a request; style sheets, scripts and pictures go by unwatched."""
        if request.path.startswith(STATIC):
            return self.get_response(request)
        begun = time.perf_counter()
        asked = request.META.get("lingqu.request_id", "")
        number = asked if _NUMBER.fullmatch(asked) else uuid4().hex
        kept = request_id.set(number)
        try:
            answer = self.get_response(request)
            answer.headers[HEADER] = number
            seconds = time.perf_counter() - begun
            route = route_of(request)
            method = request.method if request.method in METHODS else "other"
            observe_request(route, method, answer.status_code, seconds)
            facts: dict[str, object] = {
                "method": method, "route": route, "status": answer.status_code, "ms": round(seconds * 1_000, 1),
            }  # fmt: skip
            who = getattr(request, "who", None)
            if who is not None:
                facts["person"] = who.person
            lines.info("request", extra={"facts": facts})
        finally:
            request_id.reset(kept)
        return answer


def route_of(request: HttpRequest) -> str:
    """Return the name of the address that was asked, never the address itself: that may name a firm or quote a search."""
    match = request.resolver_match
    return (match.view_name or UNKNOWN) if match else UNKNOWN
