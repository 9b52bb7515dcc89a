"""Statements: the list of a month for finance, and one partner's for any past day, with its answers; PDF, Excel, and the frozen file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lingqu.base.money import total
from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.sheets import write_workbook
from lingqu.base.text import Text, active_language
from lingqu.credit.queries import causes_of_credits
from lingqu.documents.pages import NOT_THEIRS, PageRequest, file_download, page, pdf_download, workbook_download
from lingqu.documents.printing import print_pdf
from lingqu.orders.queries import relief_of_credits
from lingqu.organisation.queries import Acting
from lingqu.policy.queries import regulation_in_force
from lingqu.settlement.access import may_answer_statement, may_issue
from lingqu.settlement.actions import agree_statement, answer_dispute, dispute_statement, issue_month, issue_statement
from lingqu.settlement.forms import read_days, read_id, read_month, read_page, read_search
from lingqu.settlement.present import (
    age_rows,
    credit_remarks,
    dispute_rows,
    month_row,
    paper_of_statement,
    statement_cells,
    statement_page,
    statement_sheets,
    statement_state,
)
from lingqu.settlement.queries import (
    AskedDays,
    MonthRow,
    Sought,
    disputes_of,
    entered_since,
    line_for_statement,
    month_rows,
    seek_statement,
    statement_for,
)
from lingqu.settlement.rules import MOVE_WORDS, MoveKind, StatementLine, month_of
from lingqu.settlement.states import DISPUTE_WORDS, STATEMENTS, StatementState, StatementVerb

MOST_PRINTED = 5_000
MOST_NAMED = 10
MOST_SHOWN = 500
STATE_CHOICES = ("", "none", *(state.value for state in StatementState))


def check_may_issue(who: Acting) -> None:
    """Refuse people who may not see the statements of all partners."""
    if not may_issue(who, who.firm):
        raise forbidden(Text("对账由收款单位的财务主管处理。", "Statements are the business of the finance head of the firm that is paid."))


def months_partners(who: Acting, given: Mapping[str, str], *, on: date, most: int) -> tuple[date, list[MonthRow], dict[str, str]]:
    """Return the first day of the address's month, up to `most` of its partners, and the other filters; refuses a month that is none."""
    first = read_month(given.get("month", ""), today=on)
    state = given.get("state", "")
    asked = {"words": read_search(given.get("q", "")), "state": state if state in STATE_CHOICES else ""}
    return first, month_rows(who.firm, first, min(month_of(first)[1], on), **asked, most=most), asked


@require_safe
@page
def statements(request: PageRequest) -> HttpResponse:
    """List the partners of a month with what they owed at its end, and where their statements stand."""
    check_may_issue(request.who)
    try:
        first, found, asked = months_partners(request.who, request.GET, on=request.today, most=MOST_SHOWN + 1)
    except Refusal as refusal:
        messages.error(request, str(refusal.text))
        return redirect("statements")
    over, shown = month_of(first)[1] < request.today, found[:MOST_SHOWN]
    words = {state.value: STATEMENTS.words[state] for state in StatementState}
    context = {
        "month": f"{first:%Y-%m}", "rows": [month_row(row, today=request.today) for row in shown], "asked": asked, "over": over,
        "sum": total(row.closing for row in shown), "more": len(found) > MOST_SHOWN,
        "states": {"none": Text("未出具", "Not issued")} | words, "this_month": f"{request.today:%Y-%m}",
    }  # fmt: skip
    return render(request, "settlement/statements.html", context)


@require_POST
@page
def statements_issue(request: PageRequest) -> HttpResponse:
    """Issue all statements of a month that are missing."""
    back = reverse("statements")
    try:
        first = read_month(request.POST.get("month", ""), today=request.today)
        back += f"?month={first:%Y-%m}"
        done = issue_month(
            first, seller=request.who.firm, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, str(refusal.text))
        return redirect(back)
    many = len(done.numbers)
    messages.success(request, str(Text(f"已出具 {many} 份对账单。", f"{many} statements were issued.")))
    for name, why in list(done.left.items())[:MOST_NAMED]:
        messages.warning(request, str(Text(f"{name}：{why.zh}", f"{name}: {why.en}")))
    if (more := len(done.left) - MOST_NAMED) > 0:
        told = Text(f"另有 {more} 家未能出具，可按“未出具”筛选。", f"{more} more could not be issued; choose “Not issued” to see them.")
        messages.warning(request, str(told))
    return redirect(back)


def _days(request: PageRequest) -> AskedDays:
    asked = request.GET
    return read_days(asked.get("month", ""), asked.get("on", ""), asked.get("known", ""), today=request.today)


def _sought(request: PageRequest, code: str) -> Sought:
    """Return what the address asks for; an issued month as it was issued."""
    return seek_statement(line_for_statement(code, by=request.who), _days(request))


@require_safe
@page
def statement(request: PageRequest, code: str) -> HttpResponse:
    """Show a partner's statement of a month or as of any past day, by now or as it was known at the end of a day."""
    return _show(request, code)


def _show(request: PageRequest, code: str, *, month: str = "", refusal: Refusal | None = None) -> HttpResponse:
    """Show what the address asks for, or the `month` of a form that was refused."""
    line = line_for_statement(code, by=request.who)
    sought, asked = None, None
    try:
        asked = read_days(month, "", "", today=request.today) if month else _days(request)
        sought = seek_statement(line, asked)
    except Refusal as wrong:
        refusal = wrong
    typed = request.GET
    context: dict[str, Any] = {
        "line": line, "own": request.who.firm == line.buyer_id, "refusal": refusal, "typed_month": typed.get("month", "")[:7],
        "typed_on": typed.get("on", "")[:10], "typed_known": typed.get("known", "")[:10], "today_iso": request.today.isoformat(),
        "this_month": f"{request.today:%Y-%m}", "kinds": DISPUTE_WORDS, "typed": request.POST,
    }  # fmt: skip
    if sought and asked:
        context |= _shape(request, sought, asked)
    return render(request, "settlement/statement.html", context, status=422 if refusal else 200)


def _shape(request: PageRequest, sought: Sought, asked: AskedDays) -> dict[str, Any]:
    content, issued = sought.content, sought.issued
    disputes = disputes_of(issued.pk) if issued else []
    address = f"month={content.since:%Y-%m}" if asked.whole_month else f"on={content.until}"
    address += f"&known={asked.known}" if asked.known else ""
    shown = statement_page(content, disputes, read_page(request.GET.get("page", "")), address)
    remarks = _remarks(row["line"] for row in shown["rows"])
    for row in shown["rows"]:
        row["remark"] = remarks.get(row["line"].number)
    return {
        "content": content, "issued": issued, "cells": statement_cells(content), "ages": age_rows(content), "asked": address,
        "month": f"{content.since:%Y-%m}", "whole_month": asked.whole_month, "disputes": dispute_rows(content, disputes),
        "all_rest": total(one.remaining for one in content.batches),
        "way": (sum(one.copies for one in content.on_the_way), total(one.net for one in content.on_the_way)),
    } | shown | _verbs(request, sought, asked, waiting=any(one.answered_at is None for one in disputes))  # fmt: skip


def _remarks(lines: Iterable[StatementLine]) -> Mapping[str, Text]:
    """Return for what credits of a statement were given, and what was taken off them, by their numbers."""
    numbers = [line.number for line in lines if line.kind is MoveKind.CREDIT]
    return credit_remarks(causes_of_credits(numbers), relief_of_credits(numbers))


def _paper(found: Sought) -> dict[str, Any]:
    return paper_of_statement(found.content, found.issued, _remarks(found.content.lines))


def _verbs(request: PageRequest, sought: Sought, asked: AskedDays, *, waiting: bool) -> dict[str, Any]:
    line, issued, content = sought.line, sought.issued, sought.content
    since = [(move, MOVE_WORDS[move.kind]) for move in entered_since(line, content)] if issued or asked.known else []
    issues = may_issue(request.who, line.seller_id)
    if issued is None:
        over = asked.whole_month and asked.known is None and month_of(content.since)[1] < request.today
        return {"since": since, "may_state": issues and over}
    answers = may_answer_statement(request.who, line.buyer_id)
    verbs = STATEMENTS.verbs(StatementState(issued.state))
    own = request.who.firm == line.buyer_id
    kind, words = statement_state(issued, today=request.today, objected=waiting, own=own)
    return {
        "kind": kind, "words": words, "since": since, "may_agree": answers and not waiting and StatementVerb.AGREE in verbs,
        "may_dispute": answers and StatementVerb.DISPUTE in verbs, "may_answer": issues,
        "owner_answers": own and not answers and issued.answered_at is None,
    }  # fmt: skip


@require_safe
@page
def statement_pdf(request: PageRequest, code: str) -> HttpResponse:
    """Give the statement as PDF, to be stamped by both."""
    found = _sought(request, code)
    if len(found.content.lines) > MOST_PRINTED:
        raise Refusal(
            "too_many_movements",
            Text(
                f"超过 {MOST_PRINTED:,} 笔不能印成 PDF，请导出 Excel。",
                f"More than {MOST_PRINTED:,} movements make no PDF; take the workbook.",
            ),
            status=422,
        )
    at = found.issued.issued_at if found.issued else request.at
    return pdf_download(_name(found), print_pdf("documents/paper", _paper(found), at=at))


@require_safe
@page
def statement_excel(request: PageRequest, code: str) -> HttpResponse:
    """Give the statement as a workbook."""
    found = _sought(request, code)
    sheets = statement_sheets(found.content, _remarks(found.content.lines))
    made = write_workbook(sheets, language=active_language(), author=request.person.name, at=request.at)
    return workbook_download(_name(found), made)


@require_safe
@page
def statement_json(request: PageRequest, code: str) -> HttpResponse:
    """Give an issued statement byte for byte as it is kept, for checking its hash; 404 before it was issued."""
    found = _sought(request, code)
    if found.issued is None:
        raise not_found()
    return file_download(f"{_name(found)}.json", "application/json", found.issued.content.encode())


def _name(found: Sought) -> str:
    days = f"{found.content.buyer} {found.content.until}"
    return str(Text(f"对账单 {days}", f"Statement {days}"))


def _back(code: str, month: date) -> str:
    return f"{reverse('statement', args=(code,))}?month={month:%Y-%m}"


@require_POST
@page
def statement_verb(request: PageRequest, code: str, verb: str) -> HttpResponse:
    """Issue, agree, object or answer, as the address says; what was typed wrongly is told on the page."""
    try:
        month = read_month(request.POST.get("month", ""), today=request.today)
    except Refusal:
        raise not_found() from None

    try:
        told = _do(request, code, verb, month)
    except Refusal as refusal:
        if refusal.status in NOT_THEIRS:
            raise
        return _show(request, code, month=f"{month:%Y-%m}", refusal=refusal)
    messages.success(request, str(told))
    return redirect(_back(code, month))


def _do(request: PageRequest, code: str, verb: str, month: date) -> Text:
    line, who, at = line_for_statement(code, by=request.who), request.who, request.at
    if verb == "issue":
        made = issue_statement(line.pk, month, regulation=regulation_in_force(on=request.today), by=who, at=at)
        return Text(f"已出具 {made.number}，客户已收到通知。", f"{made.number} is issued; the partner was told.")
    issued = statement_for(line.pk, month)
    if issued is None:
        raise not_found()
    if verb == "agree":
        agree_statement(issued.pk, by=who, at=at)
        return Text("已确认。", "Agreed.")
    typed = request.POST.get("text", "")
    if verb == "answer":
        answer_dispute(read_id(request.POST.get("dispute", "")), answer=typed, by=who, at=at)
        return Text("已答复，客户已收到通知。", "Answered; the partner was told.")
    if verb != "dispute":
        raise not_found()
    dispute_statement(issued.pk, request.POST.get("place", ""), kind=request.POST.get("kind", ""), text=typed, by=who, at=at)
    return Text("异议已提出，对方财务已收到通知。", "The objection was sent; their finance was told.")
