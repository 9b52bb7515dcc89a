"""Holds: the list, one hold with its verbs, setting one by hand, and its evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.approvals.present import route_rows
from lingqu.approvals.queries import route_taken
from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.credit.access import SELLING, decides_alone, may_hold, may_open_case
from lingqu.credit.actions import (
    NewHold,
    NewHoldChange,
    ask_hold_change,
    open_case,
    revise_hold_request,
    set_hold,
    tighten_hold,
    withdraw_hold_request,
)
from lingqu.credit.forms import HoldTyped, read_hold_form, read_place
from lingqu.credit.models import Batch, HoldRequest, SupplyHold
from lingqu.credit.present import badge_of, card_of, deed_rows, hold_shape, ladder_rows, note_rows, owed_rows, request_rows
from lingqu.credit.queries import (
    asker_for,
    collects_for,
    deeds_of_hold,
    hold_by_number,
    line_of_buyer,
    notes_of_line,
    open_hold_count,
    open_holds_of,
    released_holds_of,
    requests_of_hold,
    running_request,
    steps_taken,
    unsettled_of,
)
from lingqu.credit.rules import HOLD_STEP, RELEASE_CHAIN, STOP_STEP
from lingqu.credit.states import HOLD_LEVEL_WORDS, HOLD_REQUEST_WORDS, ON_ITS_WAY, HoldLevel, HoldRequestKind, ProposalState
from lingqu.documents.pages import PageRequest, answer_verb, file_download, page, sent_files
from lingqu.documents.queries import attachment_content, attachments_of
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Parameters

ROWS = 50
SUBJECT = "supply_hold"
UNREADABLE = 422
ASKED = ("kind", "until", "reason")
SET = ("level", "reason", "deadline")


@require_safe
@page
def holds(request: PageRequest) -> HttpResponse:
    """List the holds of the person's firm that are not released, and those that were."""
    who = request.who
    if who.firm_kind not in SELLING:
        raise not_found()
    words = request.GET.get("before", "")
    released = released_holds_of(who.firm, before=read_place(words) if words else None, most=ROWS + 1)
    parameters = regulation_in_force(on=request.today).parameters
    context = {
        "cards": [
            card_of(card, parameters, on=request.today, may_case=may_open_case(who, who.firm), may_collect=True)
            for card in open_holds_of(who.firm, on=request.today)
        ],
        "count": open_hold_count(who.firm),
        "released": [{"hold": hold, "badge": badge_of(hold.level, hold.state)} for hold in released[:ROWS]],
        "next_url": f"?before={released[ROWS - 1].pk}" if len(released) > ROWS else "",
        "previous_url": "?" if words else "",
    }
    return render(request, "credit/holds.html", context)


@require_safe
@page
def hold(request: PageRequest, number: str) -> HttpResponse:
    """Show one hold: what is owed, the ladder, what was asked, and what the person may do."""
    return _show(request, hold_by_number(number, by=request.who))


def _show(
    request: PageRequest, found: SupplyHold, *, typed: HoldTyped | None = None, form: str = "", refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    who, line, today = request.who, found.line, request.today
    regulation = regulation_in_force(on=today)
    inside = who.firm == line.seller_id
    shape = hold_shape(found, regulation.parameters, on=today)
    requests, batches = requests_of_hold(found.pk), unsettled_of(line)
    running = next((one for one in requests if one.state in ON_ITS_WAY), None)
    own = running is not None and inside and who.person in (running.asked_by_id, running.asked_for_id)
    revises = own and running is not None and running.state == ProposalState.SENT_BACK.value
    context: dict[str, Any] = {
        "hold": found,
        "line": line,
        "inside": inside,
        "shape": shape,
        "batches": owed_rows(batches, on=today),
        "ladder": _ladder(found, batches, regulation.parameters, request) if shape["open"] and not shape["by_hand"] and inside else [],
        "requests": request_rows(requests) if inside else [],
        "running": running if inside else None,
        "stages": route_rows(route_taken(running.approval)) if running and inside else [],
        "events": deed_rows(deeds_of_hold(found.pk, requests), inside=inside),
        "notes": note_rows(notes_of_line(line.pk, most=5)) if inside else [],
        "files": attachments_of(SUBJECT, [found.pk])[found.pk] if inside else [],
        "collects": inside and collects_for(line, by=who, on=today) is not None,
        "own": own,
        "revises": revises,
        "asks": shape["open"] and inside and (revises or _may_ask(request, found, running)),
        "alone": decides_alone(who, line.seller_id),
        "tightens": shape["open"] and not shape["stops"] and may_hold(who, line.seller_id),
        "cases": shape["open"] and found.case_opened_at is None and may_open_case(who, line.seller_id),
        "kinds": HOLD_REQUEST_WORDS.items(),
        "chain": regulation.chains.get(RELEASE_CHAIN),
        "typed": (typed.texts if typed else _before(running if revises else None)),
        "errors": typed.errors if typed else {},
        "form": form,
        "refusal": refusal if refusal and not refusal.field else None,
        "today": today,
    }
    status = refusal.status if refusal else UNREADABLE if typed and typed.errors else 200
    return render(request, "credit/hold.html", context, status=status)


def _ladder(found: SupplyHold, batches: list[Batch], parameters: Parameters, request: PageRequest) -> list[dict[str, Any]]:
    oldest = [batch for batch in batches if found.oldest_due_on in (batch.triggered_due_on, batch.backstop_due_on)]
    held = {HOLD_STEP, STOP_STEP} if found.level == HoldLevel.STOP.value else {HOLD_STEP}
    return ladder_rows(found.oldest_due_on, parameters, taken=steps_taken(found.line, oldest), held=held, on=request.today)


def _before(running: HoldRequest | None) -> dict[str, str]:
    if running is None:
        return {"kind": HoldRequestKind.DEFER.value, "until": "", "reason": ""}
    return {"kind": running.kind, "until": running.until.isoformat() if running.until else "", "reason": running.reason}


def _may_ask(request: PageRequest, found: SupplyHold, running: HoldRequest | None) -> bool:
    if running is not None:
        return False
    return decides_alone(request.who, found.line.seller_id) or asker_for(found.line, by=request.who, on=request.today) is not None


@require_POST
@page
def hold_ask(request: PageRequest, number: str) -> HttpResponse:
    """Ask for the release or the deferral of a hold, or ask again after the request was sent back."""
    found = hold_by_number(number, by=request.who)
    typed = read_hold_form(request.POST, ASKED)
    kind = typed.chosen(HoldRequestKind, "kind", Text("请选择解除还是延期。", "Choose whether to release or to put off."))
    until = typed.day("until") if kind is HoldRequestKind.DEFER else None
    if typed.errors:
        return _show(request, found, typed=typed, form="ask")
    regulation = regulation_in_force(on=request.today)
    new = NewHoldChange(kind, typed.texts["reason"], until)
    back = running_request(found.pk)
    try:
        if back is not None and back.state == ProposalState.SENT_BACK.value and "revise" in request.POST:
            revise_hold_request(back.pk, new, regulation=regulation, by=request.who, at=request.at)
            told = Text("已重新提交，从第一步开始审批。", "Submitted again; the route begins anew.")
        else:
            made = ask_hold_change(found.pk, new, regulation=regulation, by=request.who, at=request.at)
            told = Text(f"已提交 {made.number}，审批人已收到通知。", f"{made.number} is submitted; those who decide are told.")
            if made.approval_id is None:
                told = Text("已办理，相关人员已收到通知。", "Done; everybody concerned is told.")
    except Refusal as refusal:
        return _refused(request, found, typed, "ask", refusal)
    messages.success(request, str(told))
    return redirect("hold", found.number)


@require_POST
@page
def hold_withdraw(request: PageRequest, number: str) -> HttpResponse:
    """Take back what was asked about a hold."""
    found = hold_by_number(number, by=request.who)

    def do() -> Text:
        running = running_request(found.pk)
        if running is None:
            raise not_found()
        reason = request.POST.get("reason", "").replace("\x00", "")[:200]
        withdraw_hold_request(running.pk, reason=reason, by=request.who, at=request.at)
        return Text(f"{running.number} 已撤回。", f"{running.number} is withdrawn.")

    return answer_verb(request, reverse("hold", args=[number]), do)


@require_POST
@page
def hold_tighten(request: PageRequest, number: str) -> HttpResponse:
    """Stop supply where shipping was only delayed."""
    words = Text("已升级为停供，相关人员已收到通知。", "Supply is stopped; everybody concerned is told.")
    return _by_reason(request, number, "tighten", words, tighten_hold)


@require_POST
@page
def hold_case(request: PageRequest, number: str) -> HttpResponse:
    """Open a case on a hold."""
    return _by_reason(request, number, "case", Text("已立案。", "The case is open."), open_case)


def _by_reason(request: PageRequest, number: str, form: str, words: Text, do: Callable[..., SupplyHold]) -> HttpResponse:
    found = hold_by_number(number, by=request.who)
    typed = read_hold_form(request.POST, ASKED)
    try:
        do(found.pk, typed.texts["reason"], by=request.who, at=request.at)
    except Refusal as refusal:
        return _refused(request, found, typed, form, refusal)
    messages.success(request, str(words))
    return redirect("hold", found.number)


def _refused(request: PageRequest, found: SupplyHold, typed: HoldTyped, form: str, refusal: Refusal) -> HttpResponse:
    if refusal.field:
        typed.error(refusal.field, refusal.text)
    return _show(request, hold_by_number(found.number, by=request.who), typed=typed, form=form, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def hold_set(request: PageRequest, code: str) -> HttpResponse:
    """Offer the form by which finance holds back a partner that may no longer pay, or set the hold with its evidence."""
    line = line_of_buyer(code, by=request.who)
    if not may_hold(request.who, line.seller_id):
        raise forbidden(Text("供货控制由财务主管办理。", "Holds are the finance head's to set."))
    typed, refusal = HoldTyped({"level": HoldLevel.DELAY.value, "reason": "", "deadline": ""}, {}), None
    if request.method == "POST":
        typed = read_hold_form(request.POST, SET)
        try:
            level = typed.chosen(
                HoldLevel, "level", Text("请选择暂缓发货还是停供。", "Choose whether to delay shipping or to stop supply.")
            )
            deadline = typed.day("deadline")
            files = sent_files(request)
            if not typed.errors:
                new = NewHold(level, typed.texts["reason"], files, deadline)
                made = set_hold(line.pk, new, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
                messages.success(
                    request, str(Text(f"{made.number} 已生效，相关人员已收到通知。", f"{made.number} is in force; all are told."))
                )
                return redirect("hold", made.number)
        except Refusal as said:
            refusal = said
            if said.field:
                typed.error(said.field, said.text)
    context = {
        "line": line,
        "levels": HOLD_LEVEL_WORDS.items(),
        "typed": typed.texts,
        "errors": typed.errors,
        "had_files": bool(request.FILES),
        "refusal": refusal if refusal and not refusal.field else None,
        "today": request.today,
    }
    status = refusal.status if refusal else UNREADABLE if typed.errors else 200
    return render(request, "credit/hold_set.html", context, status=status)


@require_safe
@page
def hold_file(request: PageRequest, number: str, attachment: int) -> HttpResponse:
    """Download the evidence of a hold: the seller's own people only."""
    found = hold_by_number(number, by=request.who)
    if request.who.firm != found.line.seller_id:
        raise not_found()
    file = attachment_content(attachment, kind=SUBJECT, document=found.pk)
    return file_download(file.name, file.media_type, file.content)
