"""What was done to collect money from a partner, and the form that notes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.credit.actions import NewNote, note_collection
from lingqu.credit.forms import HoldTyped, read_hold_form, read_place
from lingqu.credit.models import CreditLine
from lingqu.credit.present import badge_of, ladder_rows, note_rows, owed_rows
from lingqu.credit.queries import collects_for, holds_of_line, line_of_buyer, notes_of_line, steps_taken, unsettled_of
from lingqu.credit.rules import HOLD_STEP, STOP_STEP
from lingqu.credit.states import COLLECTION_WORDS, CollectionKind, HoldLevel, HoldState
from lingqu.documents.pages import PageRequest, page
from lingqu.policy.queries import regulation_in_force

ROWS = 50
UNREADABLE = 422
FIELDS = ("kind", "text", "promised_amount", "promised_on")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def collection(request: PageRequest, code: str) -> HttpResponse:
    """Show how money is collected from a partner, or note what was done."""
    line = line_of_buyer(code, by=request.who)
    if request.method != "POST":
        return _show(request, line, HoldTyped(dict.fromkeys(FIELDS, "") | {"kind": CollectionKind.CALL.value}, {}))
    typed = read_hold_form(request.POST, FIELDS)
    kind = typed.chosen(CollectionKind, "kind", Text("请选择怎样催收。", "Choose how it was done."))
    new = NewNote(kind, typed.texts["text"], typed.amount("promised_amount"), typed.day("promised_on"))
    if typed.errors:
        return _show(request, line, typed)
    try:
        note_collection(line.pk, new, by=request.who, at=request.at)
    except Refusal as refusal:
        if refusal.field:
            typed.error(refusal.field, refusal.text)
        return _show(request, line, typed, refusal=refusal)
    messages.success(request, str(Text("已记下，相应的职责随之完成。", "Noted; the duties that it answers are fulfilled.")))
    return redirect("collection", code)


def _show(request: PageRequest, line: CreditLine, typed: HoldTyped, *, refusal: Refusal | None = None) -> HttpResponse:
    if request.who.firm != line.seller_id:
        raise forbidden(Text("催收由本单位办理。", "Collecting is the seller's own."))
    words = request.GET.get("before", "")
    notes = notes_of_line(line.pk, before=read_place(words) if words else None, most=ROWS + 1)
    parameters = regulation_in_force(on=request.today).parameters
    unsettled = unsettled_of(line)
    batches = owed_rows(unsettled, on=request.today)
    due = min((batch["due_on"] for batch in batches if batch["due_on"] and not batch["disputed_until"]), default=None)
    oldest = [batch for batch in unsettled if due and due in (batch.triggered_due_on, batch.backstop_due_on)]
    holds = list(holds_of_line(line.pk))
    levels = {hold.level for hold in holds if hold.state != HoldState.RELEASED.value}
    held = {HOLD_STEP, STOP_STEP} if HoldLevel.STOP.value in levels else {HOLD_STEP} if levels else set()
    context = {
        "line": line,
        "batches": batches,
        "holds": [{"hold": hold, "badge": badge_of(hold.level, hold.state, until=hold.deferred_until)} for hold in holds],
        "ladder": ladder_rows(due, parameters, taken=steps_taken(line, oldest), held=held, on=request.today),
        "notes": note_rows(notes[:ROWS]),
        "next_url": f"?before={notes[ROWS - 1].pk}" if len(notes) > ROWS else "",
        "previous_url": "?" if words else "",
        "collects": collects_for(line, by=request.who, on=request.today) is not None,
        "kinds": COLLECTION_WORDS.items(),
        "typed": typed.texts,
        "errors": typed.errors,
        "refusal": refusal if refusal and not refusal.field else None,
        "today": request.today,
    }
    status = refusal.status if refusal else UNREADABLE if typed.errors else 200
    return render(request, "credit/collection.html", context, status=status)
