"""Read the regulation: in force, in any version, as the draft has it; the whole of it for paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from msgspec.structs import replace

from lingqu.base.refusal import not_found
from lingqu.documents.pages import PageRequest, leads_to, page
from lingqu.policy.access import may_draft
from lingqu.policy.present.carriers import carriers_of
from lingqu.policy.present.differences import change_row, counts_by_clause
from lingqu.policy.present.drafting import edit_links
from lingqu.policy.present.gaps import gap_row
from lingqu.policy.present.reading import article_text, responsible_rows, whole_text
from lingqu.policy.present.tree import article_of, first_clause, summary_of, tree_of
from lingqu.policy.present.versions import timeline_of, version_url
from lingqu.policy.queries import clause_states, own_unread
from lingqu.policy.queries.people import holder_names
from lingqu.policy.rules import Regulation, differences
from lingqu.policy.states import DraftState
from lingqu.policy.views.common import (
    DRAFT,
    Seen,
    draft_place,
    head_of,
    own_pack,
    packs_for,
    seen,
    version_in_force,
)

MOST_WORDS = 40


@require_safe
@page
def regulation(request: PageRequest) -> HttpResponse:
    """Show the company's regulation in force."""
    pack = own_pack(request)
    return _show(request, seen(request, pack, f"v{version_in_force(request, pack)}"), "")


@require_safe
@page
def regulation_pack(request: PageRequest, pack: str) -> HttpResponse:
    """Show the version of a pack that is in force."""
    return _show(request, seen(request, pack, f"v{version_in_force(request, pack)}"), "")


@require_safe
@page
def regulation_version(request: PageRequest, pack: str, key: str, place: str = "") -> HttpResponse:
    """Show a version, or the draft, at a clause or article: this is where every why leads to."""
    return _show(request, seen(request, pack, key), place)


@require_safe
@page
def issued_version(request: PageRequest, pack: str, number: str) -> HttpResponse:
    """Lead to a version from a notice."""
    del request
    return redirect(version_url(pack, int(number), ""))


@require_safe
@page
def printed(request: PageRequest, pack: str, key: str) -> HttpResponse:
    """Show the whole text for paper."""
    found = seen(request, pack, key)
    context = {
        "text": found.text, "pack": pack, "version_key": key, "chapters": whole_text(found.text), "head": head_of(request, found),
        "packs": packs_for(request, pack), "crumb": "",
    }  # fmt: skip
    return render(request, "policy/printed.html", context)


def _show(request: PageRequest, found: Seen, place: str) -> HttpResponse:
    text, words = found.text, request.GET.get("find", "").strip()[:MOST_WORDS]
    chosen = place if place in text.clauses else ""
    article = article_of(place, text) if place else None
    if place and article is None:
        raise not_found()
    if not chosen:
        chosen = article.clauses[0] if article and article.clauses else first_clause(text)
    changes = differences(found.before, text) if found.before else ()
    clean = request.GET.get("show") == "clean" or found.before is None
    standings = clause_states(text)
    context = {
        "text": text, "pack": found.pack, "version_key": found.key, "words": words, "clean": clean, "before": found.before,
        "head": head_of(request, found, clause=place), "packs": packs_for(request, found.pack), "crumb": "",
        "summary": summary_of(text, standings), "is_draft": found.is_draft,
        "tree": tree_of(text, standings, chosen=chosen, words=words, changes=counts_by_clause(changes)),
        "article": article_text(chosen, text, before=None if clean else found.before),
        "changes": [change_row(change) for change in changes if change.clause == chosen],
        "timeline": timeline_of(
            found.rows, found.pack, shown=text.number, on=request.today, draft=draft_place(found.pack, found.draft, shown=found.is_draft)
        ),
        "reading": _reading(request, found), "draft": found.draft,
    } | (_clause_parts(request, found, chosen, standings) if chosen else {})  # fmt: skip
    return render(request, "policy/regulation.html", context)


def _clause_parts(request: PageRequest, found: Seen, chosen: str, standings: Any) -> dict[str, Any]:  # noqa: ANN401 - standings by clause
    text, clause, standing = found.text, found.text.clauses[chosen], standings[chosen]
    gaps = [text.gaps[key] for key in _gaps_about(text, chosen, standing.gaps)]
    holders = holder_names({clause.responsible, clause.appraiser, *(gap.owner for gap in gaps)}, firm=request.who.firm, on=request.today)
    drafting = may_draft(request.who) and (found.draft is None or found.draft.state == DraftState.DRAFT.value)
    carriers = carriers_of(standing, text)
    return {
        "clause": clause,
        "carriers": [one if one.url and leads_to(one.url, request.who) else replace(one, url="") for one in carriers],
        "gaps": [gap_row(gap, text, holders=holders) for gap in gaps],
        "people": responsible_rows(clause, holders),
        "has_evidence": not found.is_draft,
        "may_answer": drafting and (found.is_draft or found.text.number == found.rows[0].number),
        "edits": edit_links(found.pack, chosen, text) if found.is_draft and drafting else (),
    }


def _gaps_about(text: Regulation, clause: str, unanswered: tuple[str, ...]) -> list[str]:
    """Return the gaps of a clause, the unanswered first."""
    answered = [key for key, gap in text.gaps.items() if gap.answer is not None and clause in gap.clauses]
    return [*unanswered, *(key for key in answered if key not in unanswered)]


def _reading(request: PageRequest, found: Seen) -> dict[str, Any] | None:
    """Return what the banner says to somebody who is asked to read a version of this pack, None for nobody."""
    unread = own_unread(request.who.person)
    if unread is None or unread.version.pack != found.pack or found.key == DRAFT:
        return None
    number = unread.version.number
    before = max((row.number for row in found.rows if row.number < number), default=0)
    return {
        "number": number, "key": f"v{number}", "since": unread.version.in_force_from, "compare": before,
        "url": reverse("regulation_version", args=[found.pack, f"v{number}"]), "here": found.key == f"v{number}",
    }  # fmt: skip
