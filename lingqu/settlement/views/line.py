"""One bank line: whose money it may be and why, booked in parts with a preview, set aside, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.present import Typed, batch_rows, preview_of
from lingqu.credit.queries import line_to_see as credit_line_to_see
from lingqu.credit.queries import standing_of
from lingqu.documents.pages import PageRequest, answer_verb, page
from lingqu.policy.queries import regulation_in_force
from lingqu.settlement.actions import Part, book_line, set_aside, take_up, unbook_line
from lingqu.settlement.forms import PartsTyped, PartTyped, read_parts
from lingqu.settlement.models import BankLine
from lingqu.settlement.present import state_words, waiting_row
from lingqu.settlement.queries import Book, book_of, bookings_of, left_of, line_to_book, matches_of
from lingqu.settlement.rules import Match
from lingqu.settlement.states import BANK_LINES, LineState, LineVerb


@require_safe
@page
def bank_line(request: PageRequest, line: int) -> HttpResponse:
    """Show one bank line."""
    return _show(request, line_to_book(line, by=request.who))


@require_POST
@page
def bank_line_book(request: PageRequest, line: int) -> HttpResponse:
    """Book the line to the partners typed; `try` and `add` only show what would come of it, all that was typed comes back."""
    found = line_to_book(line, by=request.who)
    book, match, left = _looked_up(request, found)
    typed = read_parts(request.POST.dict(), book.owing, left)
    if "add" in request.POST:
        typed.errors.clear()
        place = max((part.place for part in typed.parts), default=-1) + 1
        rest = f"{typed.rest:.2f}" if typed.rest > 0 else ""
        typed.parts.append(PartTyped(place, amount=rest, details={}, detail={}))
        return _show(request, found, typed=typed)
    if "try" in request.POST or not typed.fits:
        return _show(request, found, typed=typed, status=200 if "try" in request.POST else 422)
    why = {one.line: one.why for one in match.candidates}
    parts = [Part(part.line, part.yuan, part.detail, why.get(part.line, "")) for part in typed.parts if part.line and part.yuan]
    try:
        receipts = book_line(found.pk, parts, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
    except Refusal as refusal:
        return _show(request, line_to_book(line, by=request.who), typed=typed, refusal=refusal, status=refusal.status)
    numbers = [receipt.number for receipt in receipts]
    messages.success(request, str(Text(f"已入账：{'、'.join(numbers)}。", f"Booked: {', '.join(numbers)}.")))
    return redirect("bank")


def _verb(request: PageRequest, line: int, do: Callable[[BankLine], Text]) -> HttpResponse:
    found = line_to_book(line, by=request.who)
    return answer_verb(request, reverse("bank_line", args=[line]), lambda: do(found))


@require_POST
@page
def bank_line_aside(request: PageRequest, line: int) -> HttpResponse:
    """Set the line aside with a note."""

    def do(found: BankLine) -> Text:
        set_aside(found.pk, note=request.POST.get("note", "").replace("\x00", ""), by=request.who, at=request.at)
        return Text("已搁置。", "It is set aside.")

    return _verb(request, line, do)


@require_POST
@page
def bank_line_up(request: PageRequest, line: int) -> HttpResponse:
    """Let the line wait again."""

    def do(found: BankLine) -> Text:
        take_up(found.pk, by=request.who, at=request.at)
        return Text("已恢复为待认领。", "It waits to be matched again.")

    return _verb(request, line, do)


@require_POST
@page
def bank_line_unbook(request: PageRequest, line: int) -> HttpResponse:
    """Take back what the line was booked to."""

    def do(found: BankLine) -> Text:
        reason = request.POST.get("reason", "").replace("\x00", "")
        unbook_line(found.pk, reason=reason, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        return Text("已撤销入账，回款单已冲回。", "Taken back; its receipts are reversed.")

    return _verb(request, line, do)


def _looked_up(request: PageRequest, line: BankLine) -> tuple[Book, Match, Any]:
    tolerance = regulation_in_force(on=request.today).parameters.overdue_tolerance_days
    left = left_of([line.pk])
    book = book_of(line.seller_id, [line], on=request.today, tolerance_days=tolerance)
    return book, matches_of(book, [line], left)[line.pk], left[line.pk]


def _show(
    request: PageRequest, line: BankLine, *, typed: PartsTyped | None = None, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    state = LineState(line.state)
    kind, words = state_words(line)
    context: dict[str, Any] = {
        "line": line, "kind": kind, "words": words, "refusal": refusal, "bookings": bookings_of([line.pk])[line.pk],
        "is_open": state is LineState.OPEN, "may_unbook": LineVerb.UNBOOK in BANK_LINES.verbs(state),
        "may_take_up": LineVerb.TAKE_UP in BANK_LINES.verbs(state),
    }  # fmt: skip
    if state is LineState.OPEN:
        book, match, left = _looked_up(request, line)
        if typed is None:
            typed = _proposed(match, left)
        context |= {
            "row": waiting_row(line, match, left), "left": left, "match": match, "typed": typed, "parts": _part_rows(request, typed, book),
            "partners": list(book.owing.values()), "may_aside": left == line.amount,
        }  # fmt: skip
    return render(request, "settlement/bank_line.html", context, status=status)


def _proposed(match: Match, left: Any) -> PartsTyped:  # noqa: ANN401 - yuan
    best = match.candidates[0] if match.candidates else None
    if best is None:
        return PartsTyped([PartTyped(0, amount=f"{left:.2f}", yuan=left, details={}, detail={})], left, {})
    words = {batch: f"{amount:.2f}" for batch, amount in best.detail.items()}
    return PartsTyped([PartTyped(0, str(best.line), f"{left:.2f}", words, best.line, left, dict(best.detail))], left, {})


def _part_rows(request: PageRequest, typed: PartsTyped, book: Book) -> list[dict[str, Any]]:
    regulation = regulation_in_force(on=request.today)
    tolerance = regulation.parameters.overdue_tolerance_days
    rows = []
    for part in typed.parts:
        row: dict[str, Any] = {
            "part": part, "partner_field": f"partner-{part.place}", "amount_field": f"amount-{part.place}",
            "partner_error": typed.errors.get(f"partner-{part.place}"), "amount_error": typed.errors.get(f"amount-{part.place}"),
        }  # fmt: skip
        if part.line:
            owing = book.owing[part.line]
            preview = money = None
            if part.yuan is not None and not any(field.startswith("detail-") for field in typed.errors):
                standing = standing_of(credit_line_to_see(part.line, by=request.who), on=request.today, tolerance_days=tolerance)
                try:
                    preview, money = preview_of(part.yuan, part.detail, owing.batches, standing, regulation=regulation)
                except Refusal as refusal:
                    row["amount_error"] = row["amount_error"] or refusal.text
            fields = Typed("detail-", part.details, typed.errors)
            row |= {
                "owing": owing, "preview": preview,
                "batches": batch_rows(owing.batches, fields, money, on=request.today, tolerance_days=tolerance),
            }  # fmt: skip
        rows.append(row)
    return rows
