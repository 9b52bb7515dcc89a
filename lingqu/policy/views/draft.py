"""The draft of the next version: what it changes, what is still to be put right, and the verbs: start, send, take back, drop."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.approvals.queries import newest_approval
from lingqu.base.refusal import Refusal, not_found
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, answer_verb, page, tell_refusal
from lingqu.policy.access import may_draft, may_see_drafts
from lingqu.policy.actions import Head, drop_draft, send_draft, set_reasons, start_draft, take_back_draft
from lingqu.policy.forms.head import HeadTyped, read_head
from lingqu.policy.forms.typed import Typed, typed_from
from lingqu.policy.models import Draft
from lingqu.policy.present.differences import grouped
from lingqu.policy.present.drafting import edit_url, problem_row, shelves_of
from lingqu.policy.present.versions import version_url
from lingqu.policy.queries import draft as draft_by_id
from lingqu.policy.queries import draft_changes, draft_regulation, open_draft, version
from lingqu.policy.rules import differences, problems_of
from lingqu.policy.states import DraftState
from lingqu.policy.views.common import draft_state, pack_rows, packs_for

SUBJECT = "regulation_draft"
UNREADABLE = 422
STARTS = ("gap", "clause", "parameter", "law", "chain", "duty", "committee", "article")


@require_safe
@page
def draft_page(request: PageRequest, pack: str) -> HttpResponse:
    """Show the draft as a whole."""
    return _page(request, the_draft(request, pack))


@require_safe
@page
def draft_by_number(request: PageRequest, number: int) -> HttpResponse:
    """Show a draft that an approval is about: the open one, or what became of it."""
    if not may_see_drafts(request.who) or number >= 2**63:
        raise not_found()
    found = draft_by_id(number)
    if found.issued is not None:
        return redirect(version_url(found.pack, found.issued.number, ""))
    if found.state in {DraftState.DRAFT.value, DraftState.IN_APPROVAL.value}:
        return redirect("regulation_draft", found.pack)
    return _page(request, found)


@require_POST
@page
def start(request: PageRequest, pack: str) -> HttpResponseRedirect:
    """Start a draft; goes on to the thing that is to be changed when the form names one."""
    pack_rows(pack)
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
    back = edit_url(pack, kind, key) if kind in STARTS and key and "/" not in key else reverse("regulation_draft", args=[pack])
    if open_draft(pack) is not None and may_draft(request.who):
        return redirect(back)

    def do() -> Text:
        started = start_draft(pack, by=request.who, at=request.at)
        return Text(
            f"草案已建立，依据 v{started.base.number}。改完后送审，批准之前一切照旧。",
            f"The draft stands, a copy of v{started.base.number}. Send it when it is done; until it is approved nothing changes.",
        )

    try:
        messages.success(request, str(do()))
    except Refusal as refusal:
        tell_refusal(request, refusal)
        return redirect("regulation_pack", pack)
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def head(request: PageRequest, pack: str) -> HttpResponse:
    """Say why the draft changes the regulation, and from when on it shall hold."""
    found = the_draft(request, pack)
    if request.method != "POST":
        return redirect("regulation_draft", pack)
    typed = typed_from(request.POST)
    read = read_head(typed, today=request.today)
    if read is None:
        return _page(request, found, typed=typed, status=UNREADABLE)
    try:
        set_reasons(
            found.pk, revision=typed.revision, reasons=read.reasons, in_force_from=read.in_force_from, by=request.who, at=request.at
        )
    except Refusal as refusal:
        if refusal.field:
            typed.error(refusal.field, refusal.text)
        return _page(request, found, typed=typed, refusal=None if refusal.field else refusal, status=refusal.status)
    messages.success(request, str(Text("理由和施行日已保存。", "Reasons and first day are saved.")))
    return redirect("regulation_draft", pack)


@require_POST
@page
def send(request: PageRequest, pack: str) -> HttpResponse:
    """Send the draft through the procedure of the regulation."""
    found = the_draft(request, pack)
    typed = typed_from(request.POST)
    read = read_head(typed, today=request.today) if "reasons" in request.POST else HeadTyped(found.reasons, found.in_force_from)
    if read is None:
        return _page(request, found, typed=typed, status=UNREADABLE)
    try:
        send_draft(found.pk, revision=typed.revision, head=Head(read.reasons, read.in_force_from), by=request.who, at=request.at)
    except Refusal as refusal:
        if refusal.field:
            typed.error(refusal.field, refusal.text)
        return _page(request, found, typed=typed, refusal=None if refusal.field else refusal, status=refusal.status)
    told = Text(
        "草案已送审。审批期间不能修改；需要修改时先撤回。",
        "The draft is sent. It cannot be changed while it is decided; take it back first.",
    )
    messages.success(request, str(told))
    return redirect("regulation_draft", pack)


@require_POST
@page
def take_back(request: PageRequest, pack: str) -> HttpResponseRedirect:
    """Take the draft back from those who decide."""
    found = the_draft(request, pack)
    reason = typed_from(request.POST).texts.get("reason", "")

    def do() -> Text:
        take_back_draft(found.pk, reason=reason, by=request.who, at=request.at)
        return Text("草案已撤回，可以继续修改。", "The draft is taken back and can be changed again.")

    return answer_verb(request, reverse("regulation_draft", args=[pack]), do)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def drop(request: PageRequest, pack: str) -> HttpResponse:
    """Ask whether the draft shall be given up, or give it up: this cannot be undone."""
    found = the_draft(request, pack)
    if request.method != "POST":
        context = {"pack": pack, "packs": packs_for(request, pack), "draft": found, "crumb": Text("草案", "Draft")}
        return render(request, "policy/drop.html", context)

    def do() -> Text:
        drop_draft(found.pk, by=request.who, at=request.at)
        return Text("草案已放弃，现行制度没有变化。", "The draft is dropped; the regulation in force is as it was.")

    return answer_verb(request, reverse("regulation_pack", args=[pack]), do)


def the_draft(request: PageRequest, pack: str) -> Draft:
    """Return the open draft of a pack; refuses (404) when there is none, or when it is not the person's to see."""
    found = open_draft(pack) if may_see_drafts(request.who) else None
    if found is None:
        raise not_found(Text("现在没有修订草案。", "There is no draft now."))
    return found


def _day(found: Draft) -> str:
    return found.in_force_from.isoformat() if found.in_force_from else ""


def _page(
    request: PageRequest, found: Draft, *, typed: Typed | None = None, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    text, base = draft_regulation(found), version(found.pack, found.base.number)
    changes = differences(base, text)
    state = DraftState(found.state)
    kind, word = draft_state(found)
    writes = may_draft(request.who) and state is DraftState.DRAFT
    typed = typed or Typed({"reasons": found.reasons, "in_force_from": _day(found)}, {}, found.revision)
    problems = [problem_row(problem, found.pack, text) for problem in problems_of(text)] if state is DraftState.DRAFT else []
    context: dict[str, Any] = {
        "pack": found.pack, "packs": packs_for(request, found.pack), "crumb": Text("草案", "Draft"), "draft": found, "text": text,
        "base": base, "kind": kind, "state": word, "writes": writes, "typed": typed, "refusal": refusal,
        "groups": grouped(changes, base, text), "total": len(changes), "problems": problems,
        "shelves": shelves_of(found.pack, text) if writes else (), "history": list(reversed(draft_changes(found.pk)))[:10],
        "approval": newest_approval(SUBJECT, found.pk) if found.approval_id else None, "base_key": f"v{found.base.number}",
        "in_approval": state is DraftState.IN_APPROVAL, "may_take_back": state is DraftState.IN_APPROVAL and may_draft(request.who),
        "may_send": writes and bool(changes) and not problems, "open": state in {DraftState.DRAFT, DraftState.IN_APPROVAL},
    }  # fmt: skip
    return render(request, "policy/draft.html", context, status=status)
