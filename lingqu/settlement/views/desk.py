"""The desk of bank lines: what waits with proposals, what was done, and all certain ones in one go."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.refusal import Refusal, forbidden
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, page, tell_refusal
from lingqu.organisation.queries import Acting
from lingqu.policy.queries import regulation_in_force
from lingqu.settlement.access import may_book
from lingqu.settlement.actions import book_certain
from lingqu.settlement.forms import read_id, read_search, read_state, read_ticked
from lingqu.settlement.models import BankLine
from lingqu.settlement.present import cells_of, groups_of, line_row, waiting_row
from lingqu.settlement.queries import MOST_MATCHED, book_of, bookings_of, figures_of, left_of, list_lines, matches_of, open_lines
from lingqu.settlement.rules import Match
from lingqu.settlement.states import LineState

ROWS = 50


def check_may_book(who: Acting) -> None:
    """Refuse people who may not see bank files at all."""
    if not may_book(who, who.firm):
        raise forbidden(
            Text("银行流水由收款单位的财务主管处理。", "Bank files are the business of the finance head of the firm that is paid.")
        )


def looked_up(who: Acting, lines: list[BankLine], *, on: date) -> tuple[dict[int, Match], dict[int, Any]]:
    """Return whose money the lines may be, and what is left of each."""
    tolerance = regulation_in_force(on=on).parameters.overdue_tolerance_days
    left = left_of([line.pk for line in lines])
    book = book_of(who.firm, lines, on=on, tolerance_days=tolerance)
    return matches_of(book, lines, left), left


@require_safe
@page
def bank(request: PageRequest) -> HttpResponse:
    """Show the desk: lines that wait with proposals, or those of another state."""
    check_may_book(request.who)
    state = read_state(request.GET.get("state", ""))
    figures = figures_of(request.who.firm)
    waiting: list[dict[str, Any]] = []
    if state is LineState.OPEN:
        lines = open_lines(request.who.firm)
        matches, left = looked_up(request.who, lines, on=request.today)
        waiting = [waiting_row(line, matches[line.pk], left[line.pk]) for line in lines]
    certain = [row for row in waiting if row["certain"]]
    context = {
        "state": state.value, "groups": groups_of(figures, state), "cells": cells_of(figures, certain) if state is LineState.OPEN else [],
        "certain": certain, "rest": [row for row in waiting if not row["certain"]],
        "certain_sum": sum(row["left"] for row in certain), "more": max(0, figures[LineState.OPEN].count - MOST_MATCHED),
        "any": any(one.count for one in figures.values()), "words": read_search(request.GET.get("q", "")),
    }  # fmt: skip
    if state is not LineState.OPEN:
        context |= _listed(request, state)
    return render(request, "settlement/bank.html", context)


def _listed(request: PageRequest, state: LineState) -> dict[str, Any]:
    words = read_search(request.GET.get("q", ""))
    before = request.GET.get("before", "")
    found = list_lines(request.who.firm, state, words=words, before=read_id(before) if before else None, most=ROWS + 1)
    shown = found[:ROWS]
    bookings = bookings_of([line.pk for line in shown])
    kept = "?" + urlencode({"state": state.value} | ({"q": words} if words else {}))
    return {
        "rows": [line_row(line, bookings[line.pk]) for line in shown],
        "next_url": f"{kept}&before={shown[-1].pk}" if len(found) > ROWS else "",
        "previous_url": kept if before else "",
    }


@require_POST
@page
def bank_book(request: PageRequest) -> HttpResponse:
    """Book the lines that were ticked, each to the partner that was shown."""
    check_may_book(request.who)
    try:
        done = book_certain(
            read_ticked(request.POST.getlist("lines")), regulation=regulation_in_force(on=request.today), by=request.who, at=request.at
        )
    except Refusal as refusal:
        tell_refusal(request, refusal)
        return redirect("bank")
    if done.receipts:
        many = len(done.receipts)
        told = Text(f"已入账 {many} 笔，回款单 {done.receipts[0]} 起。", f"{many} booked, from receipt {done.receipts[0]} on.")
        messages.success(request, str(told))
    if done.left:
        many, why = len(done.left), list(done.left.values())
        zh, en = "".join(dict.fromkeys(one.zh for one in why)), " ".join(dict.fromkeys(one.en for one in why))
        messages.warning(request, str(Text(f"{many} 笔没有入账：{zh}", f"{many} not booked: {en}")))
    return redirect("bank")
