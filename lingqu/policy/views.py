"""The regulation's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.documents.pages import PageRequest, page
from lingqu.policy.present import chapters_of, evidence_rows, loose_gaps, summary_of
from lingqu.policy.queries import evidence_of_laws, regulation_in_force


@require_safe
@page
def regulation(request: PageRequest) -> HttpResponse:
    """Show the regulation in force, clause by clause, with what carries it out."""
    in_force = regulation_in_force(on=request.today)
    chapters = chapters_of(in_force)
    context = {
        "in_force": in_force,
        "hash": in_force.reference.rpartition("/")[2],
        "chapters": chapters,
        "summary": summary_of(chapters, in_force),
        "loose_gaps": loose_gaps(in_force),
        "year": request.today.year,
    }
    return render(request, "policy/regulation.html", context)


@require_safe
@page
def evidence(request: PageRequest) -> HttpResponse:
    """Count this year's decisions law by law; the page asks for it once it stands, since the count may take its time."""
    in_force = regulation_in_force(on=request.today)
    counts = evidence_of_laws(request.who.firm, year=request.today.year)
    return render(request, "policy/evidence.html", {"rows": evidence_rows(in_force, counts)})
