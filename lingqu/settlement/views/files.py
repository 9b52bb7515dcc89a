"""Bank files: sent, looked at before anything is stored, taken in; and those that were."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lingqu.base.refusal import Refusal, bad_input
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, file_download, page, sent_files
from lingqu.settlement.actions import TakingIn, keep_upload, take_in
from lingqu.settlement.forms import COLUMN, read_bank_file, read_columns, read_id
from lingqu.settlement.models import BankUpload
from lingqu.settlement.present import checks_of, column_rows, line_row, preview_rows
from lingqu.settlement.queries import (
    alike_days,
    bookings_of,
    file_by_number,
    known_fingerprints,
    list_files,
    list_lines,
    profiles_of,
    taken_in,
    upload_to_see,
)
from lingqu.settlement.rules import FileRead, fingerprints
from lingqu.settlement.views.desk import ROWS, check_may_book


@require_http_methods(["GET", "HEAD", "POST"])
@page
def bank_new(request: PageRequest) -> HttpResponse:
    """Offer the form for a file, or keep the file that was sent and go on to look at it."""
    check_may_book(request.who)
    refusal = None
    if request.method == "POST":
        try:
            files = sent_files(request, "file")
            if len(files) != 1:
                raise bad_input("file", Text("请选择一个文件。", "Choose one file."))
            read_bank_file(files[0].name, files[0].content, today=request.today)
            upload = keep_upload(files[0], by=request.who, at=request.at)
        except Refusal as wrong:
            refusal = wrong
        else:
            return redirect("bank_upload", upload.pk)
    context = {"refusal": refusal, "refusal_at_field": True, "files": list_files(request.who.firm, most=5)}
    return render(request, "settlement/bank_new.html", context, status=refusal.status if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def bank_upload(request: PageRequest, upload: int) -> HttpResponse:
    """Show what a file says before anything is stored, its columns to be corrected; or take it in."""
    found = upload_to_see(upload, by=request.who)
    taken = taken_in(found.pk)
    if taken:
        told = Text(f"这个文件已导入为 {taken.number}，没有重复导入。", f"This file was taken in as {taken.number}; nothing was doubled.")
        messages.info(request, str(told))
        return redirect("bank_file", taken.number)
    sent = request.POST if request.method == "POST" else request.GET
    profile, despite = sent.get("profile", "").replace("\x00", "")[:60], bool(sent.get("despite"))
    profiles = profiles_of(request.who.firm)
    mappings = [profile.mapping for profile in profiles]
    refusal = None
    try:
        read = read_bank_file(
            found.name, bytes(found.content), today=request.today, mappings=mappings, chosen=read_columns(sent)
        )  # fmt: skip
    except Refusal as wrong:
        refusal = wrong
        read = read_bank_file(found.name, bytes(found.content), today=request.today)
    if request.method == "POST" and refusal is None:
        try:
            file = take_in(TakingIn(found.pk, read, profile, despite), by=request.who, at=request.at)
        except Refusal as wrong:
            refusal = wrong
        else:
            _tell_taken(request, file.number, file.lines_count - file.repeated, file.repeated)
            return redirect("bank")
    if not profile and request.method != "POST":
        profile = next((one.name for one in profiles if one.mapping == read.header.mapping), "")
    typed = {"profile": profile, "despite": despite}
    fields = {"profile", "despite"} if read.doubts else {"profile"}
    context = _shown(request, found, read) | {
        "typed": typed, "refusal": refusal, "profiles": profiles, "refusal_at_field": refusal is not None and refusal.field in fields,
    }  # fmt: skip
    return render(request, "settlement/bank_upload.html", context, status=refusal.status if refusal else 200)


def _tell_taken(request: PageRequest, number: str, fresh: int, repeated: int) -> None:
    zh = f"已导入 {number}：新增 {fresh:,} 笔" + (f"，{repeated:,} 笔此前已有、没有重复。" if repeated else "。")
    en = f"{number} is taken in: {fresh:,} new" + (f"; {repeated:,} were there already and are not doubled." if repeated else ".")
    messages.success(request, str(Text(zh, en)))


def _shown(request: PageRequest, upload: BankUpload, read: FileRead) -> dict[str, Any]:
    marks = fingerprints(read.lines)
    known = known_fingerprints(upload.seller_id, marks)
    fresh = [line for line, mark in zip(read.lines, marks, strict=True) if mark not in known]
    alike = alike_days(upload.seller_id, ((line.on, line.amount, line.payer) for line in fresh))
    days = [line.on for line in read.lines]
    alone = read.balances[0] if len(read.balances) == 1 else None
    return {
        "upload": upload, "read": read, "columns": column_rows(read), "prefix": COLUMN, "checks": checks_of(read),
        "rows": preview_rows(read, known, marks, alike), "many": len(read.lines), "fresh": len(fresh), "known": len(known),
        "doubtful": sum((line.on, line.amount, line.payer) in alike for line in fresh),
        "since": min(days, default=None), "until": max(days, default=None),
        "opening": alone.opening if alone else None, "closing": alone.closing if alone else None, "today": request.today,
    }  # fmt: skip


@require_safe
@page
def bank_files(request: PageRequest) -> HttpResponse:
    """List the files that were taken in."""
    check_may_book(request.who)
    before = request.GET.get("before", "")
    found = list_files(request.who.firm, before=read_id(before) if before else None, most=ROWS + 1)
    context = {
        "rows": found[:ROWS], "next_url": f"?before={found[ROWS - 1].pk}" if len(found) > ROWS else "",
        "previous_url": "?" if before else "",
    }  # fmt: skip
    return render(request, "settlement/bank_files.html", context)


@require_safe
@page
def bank_file(request: PageRequest, number: str) -> HttpResponse:
    """Show one file with its movements and where each stands."""
    found = file_by_number(number, by=request.who)
    before = request.GET.get("before", "")
    lines = list_lines(found.seller_id, None, file=found.pk, before=read_id(before) if before else None, most=ROWS + 1)
    bookings = bookings_of([line.pk for line in lines[:ROWS]])
    context = {
        "file": found, "rows": [line_row(line, bookings[line.pk]) for line in lines[:ROWS]],
        "next_url": f"?before={lines[ROWS - 1].pk}" if len(lines) > ROWS else "", "previous_url": "?" if before else "",
    }  # fmt: skip
    return render(request, "settlement/bank_file.html", context)


@require_safe
@page
def bank_original(request: PageRequest, number: str) -> HttpResponse:
    """Hand out the file as the bank made it."""
    found = file_by_number(number, by=request.who)
    return file_download(found.name, "application/octet-stream", bytes(upload_to_see(found.upload_id, by=request.who).content))
