"""The credit desk: what all partners owe, now or as of a past day, the batches behind a figure, and the workbook."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.sheets import write_workbook
from lingqu.base.text import Text, active_language
from lingqu.credit.access import SELLING, may_enter_receipt, may_open_case, may_see_desk
from lingqu.credit.actions import drop_view, keep_view
from lingqu.credit.present import card_of
from lingqu.credit.queries import kept_views, open_holds_of
from lingqu.desk.present.credit_desk import (
    AGE_WORDS,
    VIEW_WORDS,
    DeskAsked,
    age_cells,
    desk_row,
    document_row,
    heads_of,
    motion_row,
    narrowed,
    region_choices,
    sheet_of,
)
from lingqu.desk.queries.credit_desk import (
    MOST_DOCUMENTS,
    MOST_PARTNERS,
    DeskRow,
    added_up,
    desk_rows,
    motions_seen_by,
    open_documents,
)
from lingqu.documents.pages import PageRequest, answer_verb, page, workbook_download
from lingqu.orders.access import may_review_signatures
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation
from lingqu.settlement.access import may_book
from lingqu.settlement.queries import figures_of
from lingqu.settlement.states import LineState

SHOWN = 200
CARDS = 20
LONGEST = 60
UNREADABLE = 422


class Sight(msgspec.Struct, frozen=True):
    """What the desk looks at: the day, whether it is past, the regulation of that day, and what was wrong with the day asked for."""

    on: date
    past: date | None
    regulation: Regulation
    error: Text | None = None

    @property
    def tolerance_days(self) -> int:
        """Return by how many days money may be late before it is overdue."""
        return self.regulation.parameters.overdue_tolerance_days


@require_safe
@page
def credit_desk(request: PageRequest) -> HttpResponse:
    """Show the desk; view, filters, sort and a past day live in the address."""
    sight, asked = _sight(request), _asked(request)
    asked = msgspec.structs.replace(asked, on=sight.past)
    whole, found = _found(request, sight, asked)
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
def credit_desk_sheet(request: PageRequest) -> HttpResponse:
    """Answer what the table shows as a workbook."""
    sight = _sight(request)
    _, found = _found(request, sight, _asked(request))
    day = sight.on.isoformat()
    as_of = Text(f"截至 {day}{' 日终' if sight.past else ''}", f"as of {'the end of ' if sight.past else ''}{day}")
    sheet = sheet_of(found, added_up(found), on=sight.on, tolerance_days=sight.tolerance_days, as_of=as_of)
    content = write_workbook([sheet], language=active_language(), author=request.who.name, at=request.at)
    return workbook_download(str(Text(f"信用台 {day}", f"Credit desk {day}")), content)


@require_safe
@page
def credit_desk_documents(request: PageRequest) -> HttpResponse:
    """Show the batches behind a figure of the desk, with their sum."""
    sight = _sight(request)
    age, partner = _word(request, "age"), _word(request, "partner")
    age = age if age in AGE_WORDS else ""
    found = open_documents(
        request.who.firm, on=sight.on, past=sight.past is not None, tolerance_days=sight.tolerance_days, age=age, partner=partner
    )  # fmt: skip
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
    _sight(request)
    asked = _asked(request)

    def do() -> Text:
        made = keep_view(request.who.firm, request.POST.get("name", ""), asked.address(), by=request.who, at=request.at)
        return Text(f"已存为视图“{made.name}”。", f"Kept as the view {made.name}.")

    return answer_verb(request, reverse("credit_desk") + asked.address(), do)


@require_POST
@page
def credit_desk_drop(request: PageRequest, view: int) -> HttpResponse:
    """Throw a kept view away."""
    _sight(request)

    def do() -> Text:
        name = drop_view(view, by=request.who)
        return Text(f"已删除视图“{name}”。", f"The view {name} is gone.")

    return answer_verb(request, reverse("credit_desk"), do)


def _sight(request: PageRequest) -> Sight:
    """Return what the person looks at; refuses who may not. A day that cannot be looked at is told, and today is shown."""
    if request.who.firm_kind not in SELLING:
        raise not_found()
    if not may_see_desk(request.who, request.who.firm):
        raise forbidden(
            Text(
                "信用台由财务、主任、副主任、营销主管和区域销售员查看。",
                "The credit desk is for finance, director, deputy, manager and representatives.",
            )
        )
    now = Sight(request.today, None, regulation_in_force(on=request.today))
    typed = request.GET.get("on", "").strip()
    if not typed:
        return now
    try:
        day = date.fromisoformat(typed[:LONGEST])
    except ValueError:
        return msgspec.structs.replace(now, error=Text("日期请写成 2026-07-01 的样子。", "Write the day like 2026-07-01."))
    if day == request.today:
        return now
    if day > request.today:
        return msgspec.structs.replace(now, error=Text("只能回看今天以前的日子。", "Only days before today can be looked at."))
    try:
        return Sight(day, day, regulation_in_force(on=day))
    except Refusal as refusal:
        return msgspec.structs.replace(now, error=refusal.text)


def _asked(request: PageRequest) -> DeskAsked:
    view, sort, region = _word(request, "view"), _word(request, "sort"), _word(request, "region")[:2]
    return DeskAsked(
        view=view if view in VIEW_WORDS else "attention", grade=_word(request, "grade"), words=_word(request, "q"),
        representative=_word(request, "representative"), region=region if region.isascii() and region.isdigit() else "",
        sort=sort or "share",
    )  # fmt: skip


def _word(request: PageRequest, name: str) -> str:
    sent = request.POST if request.method == "POST" else request.GET
    return sent.get(name, "").replace("\x00", "")[:LONGEST]


def _found(request: PageRequest, sight: Sight, asked: DeskAsked) -> tuple[list[DeskRow], list[DeskRow]]:
    whole = desk_rows(request.who.firm, on=sight.on, past=sight.past is not None, tolerance_days=sight.tolerance_days)
    return whole, narrowed(whole, asked, on=sight.on)


def _right_then(request: PageRequest, past: date) -> dict[str, Any]:
    """Return the right column of a past day: what was on its way when it ended."""
    return {"motions": [motion_row(one, past=True) for one in motions_seen_by(request.who, past=past)]}


def _right(request: PageRequest, sight: Sight) -> dict[str, Any]:
    """Return the right column, which is of now: holds, bank money that waits, motions."""
    who = request.who
    cards = open_holds_of(who.firm, on=sight.on)
    motions = motions_seen_by(who)
    return {
        "cards": [
            card_of(card, sight.regulation.parameters, on=sight.on, may_case=may_open_case(who, who.firm), may_collect=True)
            for card in cards[:CARDS]
        ],
        "holds": len(cards),
        "bank": figures_of(who.firm)[LineState.OPEN] if may_book(who, who.firm) else None,
        "motions": [motion_row(one) for one in motions],
        "may_review": may_review_signatures(who, who.firm),
    }  # fmt: skip
