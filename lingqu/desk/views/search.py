"""The search: what is found while typing and on a page of its own; what was opened last; one person."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lingqu.desk.present.found import RECENT, RECENT_KEY, found_groups
from lingqu.desk.present.person import card_of
from lingqu.desk.queries.search import person_card
from lingqu.desk.rules import read_wanted
from lingqu.documents.pages import PageRequest, page
from lingqu.policy.queries import regulation_in_force

LONGEST = 200


@require_safe
@never_cache
@page
def search(request: PageRequest) -> HttpResponse:
    """Show what is found: a fragment under the search box for HTMX, else a page of its own that needs no script."""
    wanted = read_wanted(request.GET.get("q", "").replace("\x00", ""), on=request.today)
    regulation = regulation_in_force(on=request.today)
    groups = found_groups(request.who, wanted, regulation=regulation, firm_code=request.person.firm.code, on=request.today)
    context = {
        "wanted": wanted,
        "groups": groups,
        "count": sum(len(group.rows) for group in groups),
        "recent": request.session.get(RECENT_KEY, []) if wanted.is_empty else [],
        "is_list": bool(request.htmx),
    }
    return render(request, "desk/search_found.html" if request.htmx else "desk/search.html", context)


@require_POST
@page
def search_opened(request: PageRequest) -> HttpResponse:
    """Keep, for this session only, what somebody opened from the search: the newest eight, each once."""
    url, title, icon = (request.POST.get(name, "").replace("\x00", "")[:LONGEST] for name in ("url", "title", "icon"))
    if title and _is_own(url):
        kept = [one for one in request.session.get(RECENT_KEY, []) if one["url"] != url]
        request.session[RECENT_KEY] = [{"url": url, "title": title, "icon": icon if icon.replace("-", "").isalnum() else ""}, *kept][
            :RECENT
        ]
    return HttpResponse(status=204)


def _is_own(url: str) -> bool:
    """Return whether an address is one of this installation, given without a host."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


@require_safe
@page
def person(request: PageRequest, person: int) -> HttpResponse:
    """Show somebody with whom the person works."""
    card = person_card(person, by=request.who, on=request.today)
    return render(request, "desk/person.html", {"card": card_of(card), "own": card.own})
