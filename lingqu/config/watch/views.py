"""What machines ask that watch over this one: is it ready, and its figures. They are told no names and no secrets."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST

from lingqu.base.clock import now
from lingqu.base.refusal import not_found
from lingqu.config.home import current_home
from lingqu.config.proxies import is_near
from lingqu.config.watch.metrics import written
from lingqu.config.watch.readiness import FINE, checks, figures

BEARER = "Bearer "


@require_GET
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 200 when database, tables, worker and disk are as they must be, else 503; either way with a word for each."""
    found = checks(current_home().path)
    fine = all(word == FINE for word in found.values())
    told = {"status": "ready" if fine else "not ready", "checks": found}
    return JsonResponse(told, status=HTTPStatus.OK if fine else HTTPStatus.SERVICE_UNAVAILABLE, headers={"Cache-Control": "no-store"})


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the figures to this machine itself and to who shows the token of `LINGQU_METRICS_TOKEN`; for others there is nothing here."""
    if not is_near(request) and not _shows_token(request):
        raise not_found()
    told = written(figures(current_home().path, now()))
    return HttpResponse(told, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _shows_token(request: HttpRequest) -> bool:
    shown = request.headers.get("Authorization", "")
    given = shown.removeprefix(BEARER) if shown.startswith(BEARER) else ""
    return bool(settings.METRICS_TOKEN) and secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
