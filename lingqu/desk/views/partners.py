"""The list of a firm's partners, and the page of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lingqu.base.refusal import not_found
from lingqu.base.typed import read_id
from lingqu.credit.access import may_ask_terms, may_change_grade, may_enter_receipt, may_hold, may_lower_limit, may_see_proposal
from lingqu.credit.present import hold_shape
from lingqu.credit.queries import asker_for, collects_for, line_between, open_holds
from lingqu.desk.present.listing import SORT_WORDS, STATE_WORDS, list_row
from lingqu.desk.present.pages import PartnerSight, overview_of, tab_of
from lingqu.desk.present.partner import TABS, header_of, tabs_of
from lingqu.desk.present.words import place
from lingqu.desk.queries import PARTNERS_SHOWN, PartnerFilter, branch_of, find_partner, list_partners, representatives_of, representing
from lingqu.desk.queries.between import counts_between
from lingqu.documents.pages import PageRequest, page
from lingqu.orders.access import may_enter_for_partner, may_review_signatures, may_submit
from lingqu.organisation.states import FirmKind
from lingqu.policy.queries import regulation_in_force

LONGEST = 60


@require_safe
@page
def partners(request: PageRequest) -> HttpResponse:
    """List the partners who buy from the person's firm; the filters live in the address."""
    if request.who.firm_kind not in (FirmKind.HQ.value, FirmKind.AGENT.value):
        raise not_found()
    regulation = regulation_in_force(on=request.today)
    asked = {name: request.GET.get(name, "").replace("\x00", "")[:LONGEST] for name in ("q", "grade", "representative", "state", "sort")}
    wanted = PartnerFilter(asked["q"], asked["grade"], read_id(asked["representative"]), asked["state"], asked["sort"] or "name")
    tolerance = regulation.parameters.overdue_tolerance_days
    found = list_partners(request.who.firm, wanted, on=request.today, tolerance_days=tolerance)
    context = {
        "rows": [list_row(row, on=request.today, tolerance_days=tolerance) for row in found.rows],
        "totals": found.totals,
        "most": PARTNERS_SHOWN,
        "asked": asked,
        "narrowed": any(asked[name] for name in ("q", "grade", "representative", "state")),
        "grades": list(regulation.parameters.grades),
        "representatives": representatives_of(request.who.firm, on=request.today),
        "states": STATE_WORDS,
        "sorts": SORT_WORDS,
        "of_agent": request.who.firm_kind == FirmKind.AGENT.value,
        "at": request.at,
    }
    return render(request, "desk/partners.html", context)


@require_safe
@page
def partner(request: PageRequest, code: str) -> HttpResponse:
    """Show one partner: who they are, their credit, and one of the tabs."""
    who = request.who
    found = find_partner(code, by=who)
    regulation = regulation_in_force(on=request.today)
    line = line_between(found.seller_id, found.firm_id)
    sight = PartnerSight(found, line, regulation, request.at, request.today, sells=who.firm == found.seller_id, who=who)
    counts = counts_between(found.seller_id, found.firm_id, line.pk if line else None, sells=sight.sells)
    tab = request.GET.get("tab", "overview")
    tab = tab if tab in TABS else "overview"
    person, since = representing(found.pk, on=request.today)
    context: dict[str, Any] = {
        "partner": found,
        "line": line,
        "own": who.firm == found.firm_id,
        "header": header_of(found, grade=line.grade if line else "", representative=person, since=since),
        "tab": tab,
        "tabs": tabs_of(counts, tab),
        "where": place(found.firm.division[:2]) if found.firm.division else "",
        "at": request.at,
        "holds": [
            hold_shape(hold, regulation.parameters, on=request.today) | {"hold": hold} for hold in (open_holds(line.pk) if line else ())
        ],
        "verbs": _verbs(request, found.seller_id, found.firm_id, code, line),
    }
    if found.firm.kind == FirmKind.AGENT.value and sight.sells and tab == "overview":
        context["branch"] = branch_of(found.firm_id, by=who, on=request.today)
    context |= overview_of(sight) if tab == "overview" else tab_of(sight, tab, request.GET)
    return render(request, "desk/partner.html", context)


def _verbs(request: PageRequest, seller: int, buyer: int, code: str, line: Any) -> dict[str, str]:  # noqa: ANN401 - credit's line or None
    """Where the person may go on from here; a verb that is not theirs has no address."""
    who = request.who
    verbs: dict[str, str] = {}
    if line and may_submit(who, seller, buyer):
        for_partner = may_enter_for_partner(who, seller) and who.firm == seller
        verbs["order"] = f"{reverse('order_new')}?buyer={code}" if for_partner else reverse("order_new")
    if line and may_enter_receipt(who, seller):
        verbs["receipt"] = f"{reverse('receipt_new')}?line={line.pk}"
    if line and may_see_proposal(who, seller):
        verbs["unapplied"] = reverse("unapplied", args=[code])
    if line and may_hold(who, seller):
        verbs["hold"] = reverse("hold_set", args=[code])
    if line and collects_for(line, by=who, on=request.today):
        verbs["collection"] = reverse("collection", args=[code])
    if line and may_review_signatures(who, seller):
        verbs["signatures"] = f"{reverse('signatures')}?partner={code}"
    if line and may_ask_terms(who, seller):
        verbs["terms"] = reverse("terms", args=[code])
    if line and may_change_grade(who, seller):
        verbs["grade"] = reverse("grade_change", args=[code])
    if line and (may_lower_limit(who, seller) or asker_for(line, by=who, on=request.today)):
        verbs["credit"] = reverse("credit_change", args=[code])
    return verbs
