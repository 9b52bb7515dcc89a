"""Pages of going live: the kinds with their templates, the workbooks, and one workbook with its errors, totals and signatures."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, answer_verb, file_download, page, sent_files, workbook_download
from lingqu.opening.access import may_prepare
from lingqu.opening.actions import book_file, prepare_file, sign_file, withdraw_file
from lingqu.opening.present import MOST_ERRORS_SHOWN, file_row, kinds_of, partners_of, table_of, totals_of, verbs_of
from lingqu.opening.queries import file_by_number, known_for, list_files, progress_of, reading_of, totals_now
from lingqu.opening.sheets import marked_of, template_of
from lingqu.opening.states import KIND_WORDS, OpeningKind, OpeningState
from lingqu.policy.queries import regulation_in_force

LOOK_AGAIN_SECONDS = 5
"""A page of a workbook that is being taken over looks again by itself."""


def _check(request: PageRequest) -> None:
    if not may_prepare(request.who, request.who.firm):
        raise forbidden(
            Text("期初数据由总部财务主管、营销主管和主任处理。", "Going live is for HQ's finance head, marketing manager and director.")
        )


def _kind(word: str) -> OpeningKind:
    try:
        return OpeningKind(word)
    except ValueError as unknown:
        raise not_found() from unknown


@require_safe
@page
def opening(request: PageRequest) -> HttpResponse:
    """List the kinds with their templates, and the workbooks."""
    _check(request)
    files = list_files(request.who.firm)
    return render(request, "opening/opening.html", {"kinds": kinds_of(files), "rows": [file_row(file) for file in files]})


@require_safe
@page
def opening_template(request: PageRequest, kind: str) -> HttpResponse:
    """Hand out the empty workbook of a kind."""
    _check(request)
    wanted = _kind(kind)
    content = template_of(wanted, known_for(wanted, firm=request.who.firm, on=request.today))
    return workbook_download(str(Text(f"期初 {KIND_WORDS[wanted].zh}", f"Opening {KIND_WORDS[wanted].en}")), content)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def opening_new(request: PageRequest, kind: str) -> HttpResponse:
    """Offer the form for a workbook, or keep what was sent and go on to look at it."""
    _check(request)
    wanted = _kind(kind)
    refusal = None
    typed = request.POST.get("on", "") if request.method == "POST" else request.today.isoformat()
    if request.method == "POST":
        try:
            files = sent_files(request, "file")
            if len(files) != 1:
                raise bad_input("file", Text("请选择一个文件。", "Choose one file."))
            made = prepare_file(wanted, files[0], on=_day(typed), by=request.who, at=request.at)
        except Refusal as wrong:
            refusal = wrong
        else:
            return redirect("opening_file", made.number)
    context = {
        "kind": wanted.value, "words": KIND_WORDS[wanted], "refusal": refusal, "on": typed[:10], "today": request.today,
        "told": next(one["told"] for one in kinds_of([]) if one["kind"] == wanted.value),
    }  # fmt: skip
    return render(request, "opening/opening_new.html", context, status=refusal.status if refusal else 200)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as no:
        raise bad_input("on", Text("请填写账面日，如 2026-11-24。", "Enter the day of the books, like 2026-11-24.")) from no


@require_safe
@page
def opening_file(request: PageRequest, number: str) -> HttpResponse:
    """Show a workbook: its errors or its rows, its control totals, who signed, and what may be done."""
    _check(request)
    file = file_by_number(number, firm=request.who.firm)
    state = OpeningState(file.state)
    open_still = state in (OpeningState.PREPARED, OpeningState.SIGNED)
    reading = reading_of(file) if open_still else None
    kind = OpeningKind(file.kind)
    verbs = verbs_of(file, request.who)
    if reading and reading.errors:
        verbs |= {"sign": False, "book": False}
    totals = reading.totals if reading else file.totals
    done = progress_of(file) if state is OpeningState.BOOKING else None
    context = {
        "done": done, "file": file, "row": file_row(file), "verbs": verbs,
        "errors": reading.errors[:MOST_ERRORS_SHOWN] if reading else [], "errors_count": len(reading.errors) if reading else 0,
        "warnings": reading.warnings[:MOST_ERRORS_SHOWN] if reading else [],
        "totals": totals_of(totals, totals_now(file) if state is OpeningState.BOOKED else None), "booked": state is OpeningState.BOOKED,
        "partners": partners_of(reading) if reading else [], "table": table_of(kind, reading) if reading and reading.rows else None,
        "failure": Text(file.failure["zh"], file.failure["en"]) if file.failure and open_still else None,
    }  # fmt: skip
    answer = render(request, "opening/opening_file.html", context)
    if done is not None:
        answer["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return answer


@require_safe
@page
def opening_original(request: PageRequest, number: str) -> HttpResponse:
    """Hand out the workbook as it was sent."""
    _check(request)
    file = file_by_number(number, firm=request.who.firm)
    return file_download(file.name, "application/octet-stream", bytes(file.content))


@require_safe
@page
def opening_marked(request: PageRequest, number: str) -> HttpResponse:
    """Hand out the workbook with a red column that says per row what is wrong."""
    _check(request)
    file = file_by_number(number, firm=request.who.firm)
    return workbook_download(str(Text(f"{file.number} 原因", f"{file.number} reasons")), marked_of(reading_of(file)))


@require_POST
@page
def opening_sign(request: PageRequest, number: str) -> HttpResponse:
    """Sign as the first of two people."""
    _check(request)

    def do() -> Text:
        sign_file(number, by=request.who, at=request.at)
        return Text("已签认，等主任复签入账。", "Signed; the director signs next and takes it over.")

    return answer_verb(request, reverse("opening_file", args=[number]), do)


@require_POST
@page
def opening_book(request: PageRequest, number: str) -> HttpResponse:
    """Sign second and take all rows over."""
    _check(request)

    def do() -> Text:
        file = book_file(number, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        if file.state == OpeningState.BOOKING.value:
            return Text(f"{file.number} 已复签，正在后台入账。", f"{file.number} signed; it is being taken over in the background.")
        return Text(f"{file.number} 已入账：{file.rows_count:,} 行。", f"{file.number} taken over: {file.rows_count:,} rows.")

    return answer_verb(request, reverse("opening_file", args=[number]), do)


@require_POST
@page
def opening_withdraw(request: PageRequest, number: str) -> HttpResponse:
    """Put a workbook away."""
    _check(request)

    def do() -> Text:
        withdraw_file(number, request.POST.get("reason", ""), by=request.who, at=request.at)
        return Text("已撤回，同一文件可以重新上传。", "Withdrawn; the same file may be sent again.")

    return answer_verb(request, reverse("opening_file", args=[number]), do)
