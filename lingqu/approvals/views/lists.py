"""The lists of approvals: what waits for me, what I asked, all that I see."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lingqu.approvals.forms import place_in_address, read_filter
from lingqu.approvals.present import read_chain, row_of
from lingqu.approvals.queries import ApprovalFilter, chains_of_list, count_waiting, list_approvals
from lingqu.approvals.states import APPROVALS, ApprovalState
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, page

LIST_WORDS = {
    "waiting": Text("等我审批", "Waiting for me"),
    "asked": Text("我提交的", "Asked by me"),
    "all": Text("全部可见", "All that I see"),
}


@require_safe
@page
def listing(request: PageRequest) -> HttpResponse:
    """Show one list; which one, its filters and its place live in the address."""
    wanted = read_filter(request.GET)
    found = list_approvals(request.who, wanted)
    waiting = count_waiting(request.who)
    context = {
        "rows": [row_of(row, at=request.at) for row in found.rows],
        "wanted": wanted,
        "lists": [
            {
                "text": words,
                "url": _address(ApprovalFilter(key)),
                "active": key == wanted.chosen,
                "count": waiting if key == "waiting" else 0,
            }
            for key, words in LIST_WORDS.items()
        ],
        "states": [] if wanted.chosen == "waiting" else [(state.value, APPROVALS.words[state]) for state in ApprovalState],
        "chains": [(key, read_chain(chain).title) for key, chain in chains_of_list(request.who, wanted.chosen)],
        "narrowed": bool(wanted.state or wanted.chain or wanted.after or wanted.before),
        "previous_url": _address(wanted, before=place_in_address(found.newer)) if found.newer else "",
        "next_url": _address(wanted, after=place_in_address(found.older)) if found.older else "",
    }
    return render(request, "approvals/list.html", context)


def _address(wanted: ApprovalFilter, **place: str) -> str:
    given = {"list": wanted.chosen, "state": wanted.state, "chain": wanted.chain, **place}
    return f"{reverse('approvals')}?{urlencode({name: value for name, value in given.items() if value})}"
