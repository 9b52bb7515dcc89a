"""The page of one approval, and what folds out under its row at home."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.approvals.present import Moment, Typed, fold_of, view_of
from lingqu.approvals.queries import whole_approval
from lingqu.base.refusal import Refusal
from lingqu.documents.pages import PageRequest, page


@require_safe
@page
def show(request: PageRequest, number: str) -> HttpResponse:
    """Show one approval."""
    return show_page(request, number)


@require_safe
@page
def fold(request: PageRequest, number: str) -> HttpResponse:
    """Show what folds out under the row of an approval."""
    found = fold_of(whole_approval(plain_number(number), by=request.who), moment_of(request))
    return render(request, "approvals/fold.html", {"fold": found})


def show_page(request: PageRequest, number: str, *, refusal: Refusal | None = None, typed: Typed | None = None) -> HttpResponse:
    """Return the page as it stands now; after a refusal with its reason and with what was typed."""
    approval = whole_approval(plain_number(number), by=request.who)
    view = view_of(approval, moment_of(request), typed=typed)
    context = {"view": view, "panel": view.panel, "approval": approval, "refusal": refusal}
    return render(request, "approvals/approval.html", context, status=refusal.status if refusal else 200)


def moment_of(request: PageRequest) -> Moment:
    """Return who looks, and when."""
    return Moment(request.who, request.at, request.today)


def plain_number(number: str) -> str:
    """Return a number from an address, without the one character that no database takes."""
    return number.replace("\x00", "")
