"""The pages on which a request is changed: each shows its form and does one verb; what is refused comes back filled in, at its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lingqu.base.refusal import Refusal
from lingqu.base.templatetags.words import use_today
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, page
from lingqu.orders import actions
from lingqu.orders.forms import (
    added_codes,
    read_added,
    read_carriage,
    read_cells,
    read_chosen,
    read_discounts,
    read_needed_reason,
    read_numbers,
    read_return_reason,
)
from lingqu.orders.present import Cells, Path, as_of, must_go, rows_for, seen_of
from lingqu.orders.queries import has_signature_on_its_way, ids_of, lines_of, mergeable_with, order_by_number, titles_called
from lingqu.orders.states import ORDERS, PAYER_WORDS, RETURN_WORDS, OrderState, ReturnReason
from lingqu.policy.queries import regulation_in_force

UNREADABLE = 422
MOST_TYPED = 8_000
FORMS = {"change": "lines", "split": "lines", "parts": "lines", "return": "lines", "merge": "merge"}
Do = Callable[["Form", Cells], Text | None]


class Form:
    """One sending of a form: the request it is about, what was typed, and the regulation of today."""

    def __init__(self, request: PageRequest, number: str, key: str) -> None:
        """Find the request and whether the person may go this path; refuses (404, 403) else."""
        use_today(request.today)
        self.request, self.key = request, key
        self.order = order_by_number(number, by=request.who)
        self.path: Path = must_go(key, self.order, request.who)
        self.cells: Cells | None = read_cells(request.POST) if request.method == "POST" else None
        self.regulation = regulation_in_force(on=request.today)
        self.known: dict[str, Any] = {"regulation": self.regulation, "by": request.who, "at": request.at}

    def show(self, refusal: Refusal | None = None) -> HttpResponse:
        """Return the page with the form; with what is wrong, and status 422 or the refusal's, after a sending."""
        lines = lines_of(self.order)
        errors = self.cells.errors if self.cells else {}
        context: dict[str, Any] = {
            "order": self.order,
            "path": self.path,
            "key": self.key,
            "note": as_of(self.key, self.order),
            "voids": has_signature_on_its_way(self.order),
            "cells": self.cells or Cells(),
            "rows": rows_for(self.key, lines, self.cells) if FORMS.get(self.key) == "lines" else (),
            "seen": seen_of(self.key, lines),
            "others": mergeable_with(self.order) if self.key == "merge" else (),
            "chosen": self.request.POST.getlist("others"),
            "reasons": [(reason.value, words) for reason, words in RETURN_WORDS.items() if reason is not ReturnReason.SHORT],
            "offers": self.request.who.firm == self.order.seller_id,
            "payers": [(payer.value, words) for payer, words in PAYER_WORDS.items()],
            "typed": {name: value[:MOST_TYPED] for name, value in self.request.POST.items()},
            "refusal": refusal,
        }
        status = refusal.status if refusal else UNREADABLE if errors else 200
        return render(self.request, f"orders/path_{FORMS.get(self.key, 'end')}.html", context, status=status)


def _answer(request: PageRequest, number: str, key: str, do: Do) -> HttpResponse:
    """Show a form, or do what it asks and go back to the request; nothing typed is lost when it is refused."""
    form = Form(request, number, key)
    if form.cells is None:
        return form.show()
    try:
        told = do(form, form.cells)
    except Refusal as refusal:
        return form.show(None if form.cells.blame(refusal) else refusal)
    if told is None:
        return form.show()
    messages.success(request, str(told))
    return redirect("order", number)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def change(request: PageRequest, number: str) -> HttpResponse:
    """Change copies and discounts of the lines, and add titles."""
    return _answer(request, number, "change", _change)


def _change(form: Form, cells: Cells) -> Text | None:
    order = form.order
    numbers, discounts = read_numbers(cells), read_discounts(cells)
    known = titles_called(order.seller_id, added_codes(cells), on=form.request.today)
    added = read_added(cells, known)
    if cells.errors:
        return None
    lines = [
        actions.AskedLine(line.product_id, numbers.get(line.line, line.copies), discounts.get(line.line))
        for line in lines_of(order)
        if line.copies
    ]
    lines += [actions.AskedLine(product, copies) for product, copies in added]
    done = actions.amend_order(order.pk, lines, **form.known, reason=cells.reason[:200])
    state = ORDERS.words[OrderState(done.state)]
    return Text(f"{order.number} 已修改，现为“{state.zh}”。", f"{order.number} is changed; now: {state.en.lower()}.")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def split(request: PageRequest, number: str) -> HttpResponse:
    """Put copies into a new request."""
    return _answer(request, number, "split", _split)


def _split(form: Form, cells: Cells) -> Text | None:
    numbers = read_numbers(cells)
    if cells.errors:
        return None
    stays, new = actions.split_order(form.order.pk, numbers, **form.known, seen=cells.seen)
    old, fresh = ORDERS.words[OrderState(stays.state)], ORDERS.words[OrderState(new.state)]
    return Text(
        f"已拆出 {new.number}（{fresh.zh}）；本单现为“{old.zh}”。",
        f"Split off: {new.number} ({fresh.en.lower()}); this one is now: {old.en.lower()}.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page
def merge(request: PageRequest, number: str) -> HttpResponse:
    """Merge the requests that are ticked into this one."""
    return _answer(request, number, "merge", _merge)


def _merge(form: Form, cells: Cells) -> Text | None:
    del cells
    others = ids_of(form.order, read_chosen(form.request.POST.getlist("others")))
    done = actions.merge_orders(form.order.pk, others, **form.known)
    state = ORDERS.words[OrderState(done.state)]
    return Text(f"已并入 {len(others)} 份，本单现为“{state.zh}”。", f"{len(others)} merged into this one; now: {state.en.lower()}.")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def parts(request: PageRequest, number: str) -> HttpResponse:
    """Ship chosen copies."""
    return _answer(request, number, "parts", _parts)


def _parts(form: Form, cells: Cells) -> Text | None:
    numbers = read_numbers(cells)
    if cells.errors:
        return None
    # The short form has one waybill, the long one says how it travels.
    way = read_carriage(form.request.POST) if "parcels" in form.request.POST else cells.waybill
    delivery = actions.ship_order(form.order.pk, **form.known, waybill=way, copies=numbers, seen=cells.seen)
    return Text(f"已发货，配送单 {delivery.number}。", f"Shipped, delivery {delivery.number}.")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def take_in(request: PageRequest, number: str) -> HttpResponse:
    """Take goods back as they were counted."""
    return _answer(request, number, "return", _take_in)


def _take_in(form: Form, cells: Cells) -> Text | None:
    numbers, why = read_numbers(cells), read_return_reason(cells)
    if cells.errors:
        return None
    paper = actions.take_back_unasked(form.order.pk, actions.NewReturn(numbers, why, cells.reason, cells.seen), **form.known)
    return Text(f"退货 {paper.number} 已入库，欠款已冲减。", f"{paper.number}: taken in, and credited.")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def reopen(request: PageRequest, number: str) -> HttpResponse:
    """Open the request again."""
    return _answer(request, number, "reopen", _reopen)


def _reopen(form: Form, cells: Cells) -> Text | None:
    del cells
    done = actions.reopen_order(form.order.pk, **form.known)
    state = ORDERS.words[OrderState(done.state)]
    return Text(f"{done.number} 已重新打开，现为“{state.zh}”。", f"{done.number} is open again; now: {state.en.lower()}.")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def cancel(request: PageRequest, number: str) -> HttpResponse:
    """Cancel with a reason."""
    return _answer(request, number, "cancel", _cancel)


def _cancel(form: Form, cells: Cells) -> Text | None:
    number = form.order.number
    return _with_reason(
        form, cells, actions.cancel_order, Text(f"{number} 已取消，不再欠款。", f"{number} is cancelled; nothing is owed on it.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page
def close(request: PageRequest, number: str) -> HttpResponse:
    """Close what is left, with a reason."""
    return _answer(request, number, "close", _close)


def _close(form: Form, cells: Cells) -> Text | None:
    number = form.order.number
    return _with_reason(
        form, cells, actions.close_rest, Text(f"{number} 余下的不再发，也不再欠款。", f"The rest of {number} is neither sent nor owed.")
    )


def _with_reason(form: Form, cells: Cells, do: Callable[..., object], told: Text) -> Text | None:
    """Do what needs nothing but a reason, and return what is told then; without a reason nothing is done."""
    reason = read_needed_reason(cells)
    if cells.errors:
        return None
    do(form.order.pk, reason=reason, **form.known)
    return told
