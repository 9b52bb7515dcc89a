"""My duties, and all that the person sees."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.documents.pages import PageRequest, page
from lingqu.duties.forms import read_asked
from lingqu.duties.present import STATE_CHOICES, row_of
from lingqu.duties.queries import Asked, inbox_counts, list_duties, reach, rules_seen

ROWS = 50


@require_safe
@page
def duties(request: PageRequest) -> HttpResponse:
    """List duties: mine or all that I see, by state, rule and firm; the filters stand in the address."""
    asked = read_asked(request.GET)
    at_hand = reach(request.who, on=request.today)
    found = list_duties(asked, reach=at_hand, on=request.today, most=ROWS + 1)
    last = found[ROWS - 1] if len(found) > ROWS else None
    context = {
        "rows": [row_of(duty, on=request.today, mine=at_hand.is_responsible(duty)) for duty in found[:ROWS]],
        "asked": asked,
        "states": STATE_CHOICES.items(),
        "rules": rules_seen(request.who),
        "counts": inbox_counts(request.who, on=request.today),
        "filtered": asked != Asked(asked.whose),
        "next_url": _address(asked, after=f"{last.due_on}_{last.pk}") if last else "",
        "previous_url": _address(asked) if asked.after else "",
    }
    return render(request, "duties/duties.html", context)


def _address(asked: Asked, **more: str) -> str:
    values = {"who": asked.whose, "state": asked.state, "rule": asked.rule, "firm": asked.firm} | more
    return f"?{urlencode({name: value for name, value in values.items() if value})}"
