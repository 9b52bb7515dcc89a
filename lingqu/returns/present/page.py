"""One return or transfer as its page shows it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lingqu.approvals.present import route_rows
from lingqu.base.money import half_up
from lingqu.base.templatetags.words import clock
from lingqu.base.text import Text
from lingqu.orders.states import ReturnReason
from lingqu.returns.models import ReturnLine, ReturnRequest, TransferLine
from lingqu.returns.present.rows import relief_note, return_row, transfer_row
from lingqu.returns.queries import WholeReturn, WholeTransfer
from lingqu.returns.rules import accepts_damaged
from lingqu.returns.states import CONDITION_WORDS, REST_WORDS, RETURNS, TRANSFERS, Condition, Rest, ReturnState, TransferState

STEPS = (ReturnState.ASKED, ReturnState.AGREED, ReturnState.BOOKED)
MOVES = (TransferState.DECIDING, TransferState.AGREED, TransferState.ORDERED, TransferState.MOVED)
ENDED = (ReturnState.REFUSED, ReturnState.WITHDRAWN, ReturnState.LAPSED)


def return_view(whole: WholeReturn, cells: dict[str, str], errors: dict[str, Text]) -> dict[str, Any]:
    """Return what the page of a return shows; `cells` and `errors` are what was typed into its count or prices."""
    request = whole.request
    state = ReturnState(request.state)
    return {
        "row": return_row(request),
        "steps": _steps(request, state),
        "lines": [_line(whole, line, cells, errors) for line in whole.lines],
        "counted": request.counted_at is not None,
        "extra": any(line.extra for line in whole.lines),
        "stages": route_rows(whole.route),
        "rest": REST_WORDS[Rest(request.rest)] if request.rest else None,
        "files": [
            {"name": one.name, "url": reverse("return_file", args=[request.number, one.id]), "size": max(one.size // 1024, 1)}
            for one in whole.files
        ],
        "papers": [_paper(paper) for paper in whole.papers],
        "credit": request.credit,
    }


def _steps(request: ReturnRequest, state: ReturnState) -> list[dict[str, Any]]:
    days = [clock(at, "start") if at else "" for at in (request.asked_at, request.agreed_at, request.counted_at)]
    if state in ENDED:
        return [
            {"text": RETURNS.words[ReturnState.ASKED], "note": days[0], "state": "done"},
            {"text": RETURNS.words[state], "note": clock(request.ended_at, "start") if request.ended_at else "", "state": "stopped"},
        ]
    here = {ReturnState.DECIDING: ReturnState.ASKED, ReturnState.SENT_BACK: ReturnState.ASKED}.get(state, state)
    named = [(RETURNS.words[state if one is here else one], one) for one in STEPS]
    return _marked(named, STEPS.index(here), days, last=state is ReturnState.BOOKED)


def _marked(steps: list[tuple[Text, Any]], here: int, days: list[str], *, last: bool) -> list[dict[str, Any]]:
    marks = ["done" if place < here or (place == here and last) else "now" if place == here else "next" for place in range(len(steps))]
    return [{"text": words, "note": day, "state": mark} for (words, _), day, mark in zip(steps, days, marks, strict=True)]


def _line(whole: WholeReturn, line: ReturnLine, cells: dict[str, str], errors: dict[str, Text]) -> dict[str, Any]:
    condition = Condition(line.condition)
    sources = [
        {
            "number": one.order_line.order.number, "url": reverse("order", args=[one.order_line.order.number]), "copies": one.copies,
            "net": one.net, "each": half_up(one.net / one.copies), "on": one.shipped_on, "relief": relief_note([one]),
        }
        for one in whole.sources[line.pk]
    ]  # fmt: skip
    counted = line.good is not None
    accepted = line.accepted if counted else 0
    return {
        "line": line.line, "code": line.product.code, "name": line.product.name, "copies": line.copies,
        "condition": None if condition is Condition.GOOD else CONDITION_WORDS[condition], "sources": sources, "extra": line.extra,
        "extra_price": line.extra_price, "list_price": line.list_price, "good": line.good, "damaged": line.damaged,
        "foreign": line.foreign, "accepted": accepted, "credited": line.credited, "short": line.copies - accepted if counted else 0,
        "takes_damaged": accepts_damaged(ReturnReason(whole.request.reason), condition),
        "cells": {
            name: {
                "value": cells.get(f"{name}-{line.line}", first), "error": errors.get(f"{name}-{line.line}"),
                "id": f"{name}-{line.line}",
            }
            for name, first in (("good", ""), ("damaged", ""), ("foreign", ""), ("price", _price(line)))
        },
    }  # fmt: skip


def _price(line: ReturnLine) -> str:
    return f"{half_up(line.extra_price):.2f}" if line.extra_price is not None else ""


def _paper(paper: Any) -> dict[str, Any]:  # noqa: ANN401 - a ReturnPaper with what it names
    back = paper.goods_return
    if back is None:
        return {
            "number": paper.goods_in.number, "url": "", "about": Text("入库", "taken in"), "credit": "", "amount": None, "relief": None,
        }  # fmt: skip
    return {
        "number": back.number, "url": reverse("order", args=[back.order.number]), "about": back.order.number,
        "credit": back.credit.number if back.credit else "", "amount": back.credit.amount if back.credit else None,
        "relief": relief_note(back.lines.all()),
    }  # fmt: skip


def transfer_view(whole: WholeTransfer, firm: int, cells: dict[str, str], errors: dict[str, Text]) -> dict[str, Any]:
    """Return what the page of a transfer shows the people of a firm; `cells` and `errors` are what was typed into its counts."""
    transfer = whole.transfer
    state = TransferState(transfer.state)
    stopped = state in (TransferState.REFUSED, TransferState.WITHDRAWN)
    here = TransferState.DECIDING if state is TransferState.SENT_BACK else state
    steps = [{"text": TRANSFERS.words[state], "note": "", "state": "stopped"}]
    if not stopped:
        days = [clock(at, "start") if at else "" for at in (transfer.asked_at, None, transfer.given_at, transfer.moved_at)]
        named = [(TRANSFERS.words[state if one is here else one], one) for one in MOVES]
        steps = _marked(named, MOVES.index(here), days, last=state is TransferState.MOVED)
    return {
        "row": transfer_row(transfer, firm), "steps": steps, "stages": route_rows(whole.route),
        "lines": [_transfer_line(whole, line, cells, errors) for line in whole.lines],
        "alike": all(line.given is not None and line.given == line.taken for line in whole.lines),
    }  # fmt: skip


def _transfer_line(whole: WholeTransfer, line: TransferLine, cells: dict[str, str], errors: dict[str, Text]) -> dict[str, Any]:
    differ = line.given is not None and line.taken is not None and line.given != line.taken
    return {
        "line": line.line, "code": line.product.code, "name": line.product.name, "copies": line.copies, "given": line.given,
        "taken": line.taken, "differ": differ, "sources": whole.sources.get(line.pk, []), "id": f"copies-{line.line}",
        "relief": relief_note(line.sources.all()) if whole.sources else None,
        "value": cells.get(f"copies-{line.line}", str(line.copies)), "error": errors.get(f"copies-{line.line}"),
    }  # fmt: skip
