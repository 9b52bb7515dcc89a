"""The open questions of the text: what is asked, what holds until it is answered, and how often that was used."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, page
from lingqu.policy.access import may_draft
from lingqu.policy.present.gaps import gap_laws, gap_row
from lingqu.policy.queries.people import holder_names
from lingqu.policy.states import DraftState
from lingqu.policy.views.common import packs_for, read_number, seen, version_in_force
from lingqu.policy.views.evidence import gap_counts


@require_safe
@page
def gaps(request: PageRequest, pack: str) -> HttpResponse:
    """List every gap of the version in force, or of the one that the address names; open ones first."""
    number = read_number(request.GET.get("version", ""), default=0) or version_in_force(request, pack)
    found = seen(request, pack, f"v{number}")
    text, row = found.text, found.row
    holders = holder_names({gap.owner for gap in text.gaps.values()}, firm=request.who.firm, on=request.today)
    until = min(request.today + timedelta(days=1), row.in_force_until or date.max) if row else request.today
    used = gap_counts(request, text, row.in_force_from, until) if row else {}
    rows = [(gap_row(gap, text, holders=holders, used=used.get(key)), gap_laws(key, text)) for key, gap in text.gaps.items()]
    context = {
        "pack": pack, "packs": packs_for(request, pack), "text": text, "version_key": f"v{number}",
        "crumb": Text("待明确事项", "Open questions"),
        "open_rows": [(gap, laws) for gap, laws in rows if gap.open], "closed_rows": [(gap, laws) for gap, laws in rows if not gap.open],
        "since": row.in_force_from if row else None, "draft": found.draft,
        "may_answer": may_draft(request.who) and (found.draft is None or found.draft.state == DraftState.DRAFT.value),
    }  # fmt: skip
    return render(request, "policy/gaps.html", context)
