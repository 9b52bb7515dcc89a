"""The papers of one partner: which were entered, their scans, and a new one, by which the law judges at once (M-14.2)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.desk.forms import PaperTyped, read_paper
from lingqu.desk.present.papers import entered_rows
from lingqu.desk.present.partner import papers_of
from lingqu.desk.queries import find_partner
from lingqu.documents.pages import PageRequest, file_download, page, sent_files
from lingqu.partners.access import may_renew_paper
from lingqu.partners.actions import NewPaper, renew_paper
from lingqu.partners.queries import papers_entered, scan_of_paper
from lingqu.partners.states import PAPER_WORDS, SCANS

UNREADABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@page
def partner_papers(request: PageRequest, code: str) -> HttpResponse:
    """Show a partner's papers, and enter one."""
    found = find_partner(code, by=request.who)
    if request.method != "POST":
        kind = request.GET.get("kind", "")[:12]
        return _show(request, code, PaperTyped({"kind": kind}, {}))
    typed = read_paper(request.POST)
    if typed.errors:
        return _show(request, code, typed, status=UNREADABLE)
    new = NewPaper(typed.kind, typed.texts["number"], typed.valid_until, typed.valid_from)
    try:
        paper = renew_paper(found.pk, new, by=request.who, at=request.at, scans=sent_files(request, SCANS))
    except Refusal as refusal:
        if not typed.blame(refusal):
            return _show(request, code, typed, refusal=refusal, status=refusal.status)
        return _show(request, code, typed, status=refusal.status)
    name = PAPER_WORDS[typed.kind]
    told = Text(f"{name.zh} {paper.number} 已登记，判定即刻按它进行。", f"{name.en} {paper.number} is entered; requests go by it now.")
    messages.success(request, str(told))
    return redirect("partner_papers", code)


def _show(
    request: PageRequest, code: str, typed: PaperTyped, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    found = find_partner(code, by=request.who)
    context = {
        "partner": found,
        "papers": papers_of(found, request.today),
        "entered": entered_rows(papers_entered(found.pk), code=found.firm.code),
        "may_renew": may_renew_paper(request.who, found.seller_id),
        "kinds": {kind.value: words for kind, words in PAPER_WORDS.items()},
        "typed": typed,
        "refusal": refusal,
    }
    return render(request, "desk/partner_papers.html", context, status=status)


@require_safe
@page
def partner_paper_scan(request: PageRequest, code: str, paper: int, attachment: int) -> HttpResponse:
    """Download a scan of a partner's paper."""
    found = find_partner(code, by=request.who)
    file = scan_of_paper(found.pk, paper, attachment)
    return file_download(file.name, file.media_type, file.content)
