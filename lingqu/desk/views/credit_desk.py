"""The credit desk: what all partners owe, now or as of a past day, the batches behind a figure, and the workbook."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.text import Text
from lingqu.credit.access import may_enter_receipt, may_open_case
from lingqu.credit.actions import drop_view, keep_view
from lingqu.credit.present import card_of
from lingqu.credit.queries import kept_views, open_hold_count, open_holds_of
from lingqu.desk.present.credit_desk import (
    AGE_WORDS,
    VIEW_WORDS,
    age_cells,
    desk_row,
    document_row,
    heads_of,
    motion_row,
    region_choices,
)
from lingqu.desk.queries.credit_desk import (
    MOST_DOCUMENTS,
    MOST_PARTNERS,
    added_up,
    motions_seen_by,
)
from lingqu.desk.views.credit_sight import DeskSight, asked_of, batches_seen, partners_seen, sight_of
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.orders.access import may_review_signatures
from lingqu.settlement.access import may_book
from lingqu.settlement.queries import figures_of
from lingqu.settlement.states import LineState

SHOWN = 200
CARDS = 20
LONGEST = 60
UNREADABLE = 422


@require_safe
@page
def credit_desk(request: PageRequest) -> HttpResponse:
    """Show the desk; view, filters, sort and a past day live in the address."""
    sight = sight_of(request.who, request.GET, today=request.today)
    asked = asked_of(request.GET, sight)
    whole, found = partners_seen(request.who, sight, asked)
    totals, shown = added_up(whole), added_up(found)
    context = {
        "sight": sight, "asked": asked, "totals": totals, "shown": shown,
        "rows": [desk_row(row, on=sight.on, tolerance_days=sight.tolerance_days, past=sight.past) for row in found[:SHOWN]],
        "most": SHOWN, "cut": len(whole) == MOST_PARTNERS, "most_added": MOST_PARTNERS, "ages": age_cells(totals, past=sight.past),
        "exposure": {"limit": totals.limit, "used": totals.used, "overdue": totals.overdue, "held": totals.held, "free": totals.free},
        "views": VIEW_WORDS, "heads": heads_of(asked), "grades": list(sight.regulation.parameters.grades),
        "representatives": sorted({row.representative for row in whole if row.representative}),
        "regions": region_choices(whole), "narrowed": bool(asked.grade or asked.words or asked.representative or asked.region),
        "address": asked.address(), "all_url": asked.address(view="all", grade="", q="", representative="", region=""),
        "now_url": asked.address(on=""),
        "day_typed": request.GET.get("on", "")[:10], "today": request.today, "at": request.at,
        "kept": kept_views(request.who.person, request.who.firm), "may_receive": may_enter_receipt(request.who, request.who.firm),
    }  # fmt: skip
    context |= _right(request, sight) if sight.past is None else _right_then(request, sight.past)
    return render(request, "desk/credit_desk.html", context, status=UNREADABLE if sight.error else 200)


@require_safe
@page
def credit_desk_documents(request: PageRequest) -> HttpResponse:
    """Show the batches behind a figure of the desk, with their sum."""
    sight = sight_of(request.who, request.GET, today=request.today)
    age, partner, found = batches_seen(request.who, request.GET, sight)
    context = {
        "sight": sight,
        "rows": [document_row(row, on=sight.on, tolerance_days=sight.tolerance_days) for row in found],
        "total": found[0].total if found else 0,
        "documents": found[0].documents if found else 0,
        "age": AGE_WORDS.get(age),
        "buyer": found[0].buyer_name if found and partner else "",
        "most": MOST_DOCUMENTS,
    }
    return render(request, "desk/credit_desk_documents.html", context, status=UNREADABLE if sight.error else 200)


@require_POST
@page
def credit_desk_keep(request: PageRequest) -> HttpResponse:
    """Keep the filters that were sent under a name; a name that is there already is kept anew."""
    sight = sight_of(request.who, request.POST, today=request.today)
    asked = msgspec.structs.replace(asked_of(request.POST, sight), on=None)

    def do() -> Text:
        made = keep_view(request.who.firm, request.POST.get("name", ""), asked.address(), by=request.who, at=request.at)
        return Text(f"已存为视图“{made.name}”。", f"Kept as the view {made.name}.")

    return answer_verb(request, reverse("credit_desk") + asked.address(), do)


@require_POST
@page
def credit_desk_drop(request: PageRequest, view: int) -> HttpResponse:
    """Throw a kept view away."""
    sight_of(request.who, request.POST, today=request.today)

    def do() -> Text:
        name = drop_view(view, by=request.who)
        return Text(f"已删除视图“{name}”。", f"The view {name} is gone.")

    return answer_verb(request, reverse("credit_desk"), do)


def _right_then(request: PageRequest, past: date) -> dict[str, Any]:
    """Return the right column of a past day: what was on its way when it ended."""
    return {"motions": [motion_row(one, past=True) for one in motions_seen_by(request.who, past=past)]}


def _right(request: PageRequest, sight: DeskSight) -> dict[str, Any]:
    """Return the right column, which is of now: holds, bank money that waits, motions."""
    who = request.who
    cards = open_holds_of(who.firm, on=sight.on)
    motions = motions_seen_by(who)
    return {
        "cards": [
            card_of(card, sight.regulation.parameters, on=sight.on, may_case=may_open_case(who, who.firm), may_collect=True)
            for card in cards[:CARDS]
        ],
        "holds": open_hold_count(who.firm),
        "bank": figures_of(who.firm)[LineState.OPEN] if may_book(who, who.firm) else None,
        "motions": [motion_row(one) for one in motions],
        "may_review": may_review_signatures(who, who.firm),
    }  # fmt: skip
