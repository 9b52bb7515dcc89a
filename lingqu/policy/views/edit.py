"""Change one part of the draft: a parameter, a clause, a law, a procedure, a duty, a committee, an open question."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.documents.pages import PageRequest, page, tell_refusal
from lingqu.policy.access import may_draft
from lingqu.policy.actions import edit_draft
from lingqu.policy.forms.editors import EDITORS, Editor
from lingqu.policy.forms.typed import Typed, typed_from
from lingqu.policy.models import Draft
from lingqu.policy.present.differences import change_row
from lingqu.policy.queries import draft_regulation
from lingqu.policy.rules import Edit, Regulation, apply_edit, differences
from lingqu.policy.states import DraftState
from lingqu.policy.views.common import DRAFT, packs_for
from lingqu.policy.views.draft import the_draft

UNREADABLE = 422
SAVE, STRIKE = "save", "strike"
MOVING = ("add", "up", "down", "remove", "drop")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def edit(request: PageRequest, pack: str, kind: str, key: str) -> HttpResponse:
    """Offer one part of the draft to be changed, or save it; a button that only rearranges the form saves nothing."""
    editor = EDITORS.get(kind)
    if editor is None:
        raise not_found()
    found = the_draft(request, pack)
    if not may_draft(request.who):
        raise forbidden(Text("制度由营销主管或主任起草。", "The manager or the director drafts the regulation."))
    if found.state != DraftState.DRAFT.value:
        tell_refusal(
            request, Refusal("wrong_state", Text("草案正在审批，先撤回再修改。", "The draft is being decided; take it back first."))
        )
        return redirect("regulation_draft", pack)
    text = draft_regulation(found)
    if not editor.has(text, key):
        raise not_found()
    if request.method != "POST":
        return _form(request, found, kind, key, Typed(editor.texts(text, key), {}, found.revision))
    typed = typed_from(request.POST)
    verb = _verb(request)
    if verb not in {SAVE, STRIKE}:
        return _form(request, found, kind, key, editor.rearranged(text, key, typed, verb))
    change = editor.removal(key) if verb == STRIKE else editor.read(text, key, typed)
    if change is None or (verb == SAVE and not typed.fits):
        return _form(request, found, kind, key, typed, status=UNREADABLE)
    return _save(request, found, kind, key, typed, change)


def _verb(request: PageRequest) -> str:
    """Return which button was pressed: `save`, `strike`, or one that moves rows with its place, such as `up-2`."""
    moving = next((f"{name}-{request.POST[name]}" for name in MOVING if name in request.POST), "")
    return moving or (STRIKE if STRIKE in request.POST else SAVE)


def _save(request: PageRequest, found: Draft, kind: str, key: str, typed: Typed, change: Edit) -> HttpResponse:
    try:
        saved = edit_draft(found.pk, revision=typed.revision, edits=[change], by=request.who, at=request.at)
    except Refusal as refusal:
        if refusal.code == "draft_changed":
            return _conflict(request, kind, key, typed, change, refusal)
        if refusal.field and refusal.field in typed.texts:
            typed.error(refusal.field, refusal.text)
            refusal_shown = None
        else:
            refusal_shown = refusal
        return _form(request, found, kind, key, typed, refusal=refusal_shown, status=refusal.status)
    told = (
        Text("没有改动，草案不变。", "Nothing was different; the draft is as it was.")
        if saved.revision == typed.revision
        else Text("已写入草案，批准之前不生效。", "Saved in the draft; it holds only once it is approved.")
    )
    messages.success(request, str(told))
    return redirect(_after(found.pack, EDITORS[kind], key, draft_regulation(saved)))


def _conflict(request: PageRequest, kind: str, key: str, typed: Typed, change: Edit, refusal: Refusal) -> HttpResponse:
    """Somebody else was faster: show what the draft says now beside what was typed, keep all of it, and let the person save once more."""
    now = the_draft(request, request.resolver_match.kwargs["pack"])  # type: ignore[union-attr]
    text = draft_regulation(now)
    if not EDITORS[kind].has(text, key):
        tell_refusal(request, refusal)
        return redirect("regulation_draft", now.pack)
    try:
        mine = apply_edit(text, change)
    except Refusal as impossible:
        refusal, mine = impossible, text
    typed.revision = now.revision
    rows = [change_row(one) for one in differences(text, mine)]
    return _form(request, now, kind, key, typed, refusal=refusal, rivals=rows, status=refusal.status)


def _form(
    request: PageRequest, found: Draft, kind: str, key: str, typed: Typed, *, refusal: Refusal | None = None,
    rivals: list[Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    text, editor = draft_regulation(found), EDITORS[kind]
    clause = editor.clause(text, key)
    context = {
        "pack": found.pack, "packs": packs_for(request, found.pack), "crumb": Text("草案", "Draft"), "draft": found, "text": text,
        "kind": kind, "key": key, "typed": typed, "refusal": refusal, "rivals": rivals, "clause": text.clauses.get(clause),
        "back": _after(found.pack, editor, key, text), "name": editor.name(text, key), "word": editor.word,
        "base_number": found.base.number, "removable": editor.removal(key) is not None,
    } | editor.context(text, key, typed)  # fmt: skip
    return render(request, editor.template, context, status=status)


def _after(pack: str, editor: Editor, key: str, text: Regulation) -> str:
    """Return where somebody goes after saving: to the clause in the draft, else to the draft."""
    clause = editor.clause(text, key)
    return reverse("regulation_clause", args=[pack, DRAFT, clause]) if clause in text.clauses else reverse("regulation_draft", args=[pack])
