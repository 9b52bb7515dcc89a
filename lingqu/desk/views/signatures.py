"""The yearly review of special signatures, as a page and as a workbook."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.base.calendar import CHINA
from lingqu.base.refusal import forbidden
from lingqu.base.sheets import write_workbook
from lingqu.base.text import Text, active_language
from lingqu.desk.present.signatures import SHOWN, cells_of, review_of, reviews_of, sheets_of, signed_row
from lingqu.desk.queries.signatures import MOST_SIGNED, SignedRow, signed_between, signed_years
from lingqu.documents.pages import PageRequest, page, workbook_download
from lingqu.orders.access import may_review_signatures

FIRST_YEAR, LAST_YEAR = 2000, 2999


@require_safe
@page
def signatures(request: PageRequest) -> HttpResponse:
    """Show the special signatures of a year: per partner, per signer, and each with what came of it."""
    year, buyer, found = _found(request)
    years = sorted({year, request.today.year, *signed_years(request.who.firm)}, reverse=True)
    name = next((row.buyer_name for row in found if row.buyer_code == buyer), buyer)
    context = {
        "year": year,
        "years": years,
        "buyer": buyer,
        "buyer_name": name,
        "cells": cells_of(review_of("", "", found, on=request.today)),
        "partners": reviews_of(found, lambda row: (row.buyer_name, row.buyer_code), on=request.today),
        "signers": reviews_of(found, lambda row: (row.signer, ""), on=request.today),
        "rows": [signed_row(row, on=request.today) for row in found[:SHOWN]],
        "more": max(len(found) - SHOWN, 0),
        "cut": len(found) == MOST_SIGNED,
    }
    return render(request, "desk/signatures.html", context)


@require_safe
@page
def signatures_sheet(request: PageRequest) -> HttpResponse:
    """Answer the review of a year as a workbook."""
    year, _, found = _found(request)
    sheets = sheets_of(found, year=year, on=request.today)
    content = write_workbook(sheets, language=active_language(), author=request.who.name, at=request.at)
    return workbook_download(str(Text(f"特批年度评审 {year}", f"Special signatures {year}")), content)


def _found(request: PageRequest) -> tuple[int, str, list[SignedRow]]:
    if not may_review_signatures(request.who, request.who.firm):
        raise forbidden(Text("特批评审由信用评审的成员查看。", "The review of special signatures is the credit committee's."))
    typed = request.GET.get("year", "")[:8]
    year = int(typed) if typed.isascii() and typed.isdigit() else request.today.year
    year = year if FIRST_YEAR <= year <= LAST_YEAR else request.today.year
    since, until = (datetime(one, 1, 1, tzinfo=CHINA) for one in (year, year + 1))
    buyer = request.GET.get("partner", "")[:40]
    return year, buyer, signed_between(request.who.firm, since=since, until=until, buyer=buyer)
