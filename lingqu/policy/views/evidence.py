"""What really happened under a clause: the card of this year, and the list of one carrier."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lingqu.base.refusal import not_found
from lingqu.base.text import Text
from lingqu.base.typed import read_id
from lingqu.documents.pages import PageRequest, page
from lingqu.policy.present.carriers import Carrier, carriers_of
from lingqu.policy.present.evidence import chart_of
from lingqu.policy.present.gaps import gap_laws
from lingqu.policy.queries import Evidence, clause_states, evidence_counts, evidence_of
from lingqu.policy.rules import Regulation
from lingqu.policy.views.common import Seen, packs_for, seen

NEWEST = 4
ROWS = 50
COUNTED = ("law", "duty", "procedure", "account", "record")


class Figures(msgspec.Struct, frozen=True):
    """How many of a carrier there were in the year: judged or done, and failed; None where nobody counts."""

    carrier: Carrier
    count: int
    failed: int

    @property
    def passed(self) -> int:
        """Return how many did not fail."""
        return self.count - self.failed


@require_safe
@page
def clause_evidence(request: PageRequest, pack: str, key: str, place: str) -> HttpResponse:
    """Count what happened under a clause this year; the page asks for it once it stands, since the count may take its time."""
    found = seen(request, pack, key)
    if place not in found.text.clauses or found.is_draft:
        raise not_found()
    carriers = carriers_of(clause_states(found.text)[place], found.text)
    since, until = date(request.today.year, 1, 1), request.today + timedelta(days=1)
    counts = _counts(request, carriers, since, until)
    figures = [Figures(one, *counts[one.carrier]) for one in carriers if one.carrier in counts]
    main = next((one for one in figures if one.count), figures[0] if figures else None)
    evidence = _evidence(request, main.carrier, since, until, NEWEST) if main else None
    context: dict[str, Any] = {
        "figures": figures, "main": main, "evidence": evidence, "pack": pack, "version_key": key, "since": since, "until": request.today,
        "chart": chart_of(_months(evidence, since, request.today)) if evidence else None, "gaps": _gaps(request, found, place),
        "text": found.text, "clause": found.text.clauses[place], "whole": not request.htmx, "packs": packs_for(request, pack),
    }  # fmt: skip
    return render(request, "policy/evidence.html" if request.htmx else "policy/evidence_page.html", context)


@require_safe
@page
def carrier_evidence(request: PageRequest, pack: str, key: str, kind: str, name: str) -> HttpResponse:
    """List the decisions, duties or papers of one carrier since the version came into force, 50 a page."""
    found = seen(request, pack, key)
    carrier, since, until = carrier_shown(found, f"{kind}:{name}", on=request.today)
    after = read_id(request.GET.get("after", ""))
    evidence = _evidence(request, carrier, since, max(since, until), ROWS, after)
    address = reverse("regulation_evidence", args=[pack, key, kind, name])
    context = {
        "carrier": carrier, "evidence": evidence, "pack": pack, "version_key": key, "text": found.text, "packs": packs_for(request, pack),
        "clause": found.text.clauses.get(_clause_of(found.text, carrier)), "since": since, "until": until - timedelta(days=1),
        "first": after is None, "next_url": f"{address}?after={evidence.more}" if evidence and evidence.more else "",
        "previous_url": address if after else "", "crumb": Text("证据", "Evidence"),
    }  # fmt: skip
    return render(request, "policy/evidence_list.html", context)


def carrier_shown(found: Seen, name: str, *, on: date) -> tuple[Carrier, date, date]:
    """Return a carrier of a version by `kind:key`, and the days since that is in force, the last one outside; refuses (404) others."""
    carrier = _carrier(found, name)
    if carrier is None or found.row is None:
        raise not_found()
    return carrier, found.row.in_force_from, min(on + timedelta(days=1), found.row.in_force_until or date.max)


def _evidence(request: PageRequest, carrier: Carrier, since: date, until: date, limit: int, after: int | None = None) -> Evidence | None:
    return evidence_of(carrier.carrier, firm=request.who.firm, since=since, until=until, limit=limit, after=after)


def _counts(request: PageRequest, carriers: list[Carrier], since: date, until: date) -> dict[str, tuple[int, int]]:
    """Return the counts of the carriers, each kind of them counted once."""
    found: dict[str, tuple[int, int]] = {}
    for kind in COUNTED:
        wanted = [one for one in carriers if one.kind == kind and one.counted]
        counts = evidence_counts(kind, firm=request.who.firm, since=since, until=until) if wanted else {}
        found |= {one.carrier: counts[one.key] for one in wanted if one.key in counts}
    return found


def _gaps(request: PageRequest, found: Seen, place: str) -> list[tuple[str, int]]:
    """Return how many decisions used the interim rule of each gap of a clause since this version is in force: those of its laws."""
    row = found.row
    if row is None:
        return []
    until = min(request.today + timedelta(days=1), row.in_force_until or date.max)
    return [
        (gap, used) for gap, used in gap_counts(request, found.text, row.in_force_from, until).items() if _about(gap, place, found.text)
    ]


def gap_counts(request: PageRequest, text: Regulation, since: date, until: date) -> dict[str, int]:
    """Return for each unanswered gap that laws use how many decisions those laws made in the days; each used the interim rule."""
    using = {key: gap_laws(key, text) for key, gap in text.gaps.items() if gap.answer is None}
    if not any(using.values()) or until <= since:
        return {}
    counts = evidence_counts("law", firm=request.who.firm, since=since, until=until)
    return {key: max(counts.get(law, (0, 0))[0] for law in laws) for key, laws in using.items() if laws}


def _about(gap: str, clause: str, text: Regulation) -> bool:
    return clause in text.gaps[gap].clauses or any(text.laws[law].clause == clause for law in gap_laws(gap, text))


def _carrier(found: Seen, name: str) -> Carrier | None:
    """Return a carrier of the version by `kind:key`, None for one that it does not have."""
    for standing in clause_states(found.text).values():
        if any(one.carrier == name for one in standing.carriers):
            return next(one for one in carriers_of(standing, found.text) if one.carrier == name)
    return None


def _clause_of(text: Regulation, carrier: Carrier) -> str:
    for clause, standing in clause_states(text).items():
        if any(one.carrier == carrier.carrier for one in standing.carriers):
            return clause
    return ""


def _months(evidence: Evidence, since: date, until: date) -> list[tuple[int, int, int]]:
    """Return every month from the first of the year to now, those in which nothing happened included."""
    known = {one.month.month: (one.count, one.failed) for one in evidence.months if one.month.year == since.year}
    return [(month, *known.get(month, (0, 0))) for month in range(1, until.month + 1)]
