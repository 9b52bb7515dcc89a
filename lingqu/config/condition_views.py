"""The page that tells those who run the system how it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.base.text import Text
from lingqu.config.condition import STALE_SECONDS, Condition, Found, Verdict, read_condition
from lingqu.config.home import current_home
from lingqu.documents.pages import PageRequest, page

MINUTE = 60
STATES = {Verdict.OK: "done", Verdict.WARN: "waivable", Verdict.BAD: "stopped"}
WORDS = {Verdict.OK: Text("良好", "Well"), Verdict.WARN: Text("注意", "Look at it"), Verdict.BAD: Text("严重", "Broken")}
ORDER = (Verdict.BAD, Verdict.WARN, Verdict.OK)


@require_safe
@page
def condition(request: PageRequest) -> HttpResponse:
    """Show what the doctor found last, what is worst first, with its age."""
    found = read_condition(current_home())
    context: dict[str, Any] = {"found": found}
    if found is not None:
        seconds = found.seconds_old(request.at)
        context |= {
            "rows": [_row(check) for check in sorted(found.checks, key=lambda one: ORDER.index(one.verdict))],
            "minutes": int(seconds // MINUTE),
            "stale": seconds > STALE_SECONDS,
            **_counted(found),
        }
    return render(request, "condition.html", context)


def _row(check: Found) -> dict[str, Any]:
    return {
        "check": check,
        "state": STATES[check.verdict],
        "words": WORDS[check.verdict],
        "advice": check.advice if check.advice.zh else None,
    }


def _counted(found: Condition) -> dict[str, Any]:
    verdicts = [check.verdict for check in found.checks]
    bad, warn = verdicts.count(Verdict.BAD), verdicts.count(Verdict.WARN)
    tone, picture = {Verdict.OK: ("green", "check"), Verdict.WARN: ("amber", "alert-triangle"), Verdict.BAD: ("red", "ban")}[found.verdict]
    return {"bad": bad, "warn": warn, "checks": len(verdicts), "tone": tone, "icon_name": picture}
