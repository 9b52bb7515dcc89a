"""The yearly review of special signatures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.base.calendar import CHINA
from lingqu.base.refusal import forbidden
from lingqu.base.text import Text
from lingqu.desk.present.signatures import SHOWN, cells_of, review_of, reviews_of, signed_row
from lingqu.desk.queries.signatures import MOST_SIGNED, SignedRow, signed_between, signed_years
from lingqu.documents.pages import PageRequest, page
from lingqu.orders.access import may_review_signatures
from lingqu.organisation.queries import Acting

FIRST_YEAR, LAST_YEAR = 2000, 2999


@require_safe
@page
def signatures(request: PageRequest) -> HttpResponse:
    """Show the special signatures of a year: per partner, per signer, and each with what came of it."""
    year, buyer, found = signatures_seen(request.who, request.GET, today=request.today)
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


def signatures_seen(who: Acting, given: Mapping[str, str], *, today: date) -> tuple[int, str, list[SignedRow]]:
    """Return the year and the partner's code that the address names, and the signatures; refuses who may not see the review."""
    if not may_review_signatures(who, who.firm):
        raise forbidden(Text("特批评审由信用评审的成员查看。", "The review of special signatures is the credit committee's."))
    year = year_of(given, today=today)
    since, until = (datetime(one, 1, 1, tzinfo=CHINA) for one in (year, year + 1))
    buyer = given.get("partner", "")[:40]
    return year, buyer, signed_between(who.firm, since=since, until=until, buyer=buyer)


def year_of(given: Mapping[str, str], *, today: date) -> int:
    """Return the year that the address names, today's for what is none."""
    typed = given.get("year", "")[:8]
    year = int(typed) if typed.isascii() and typed.isdigit() else today.year
    return year if FIRST_YEAR <= year <= LAST_YEAR else today.year
