"""Lists taken out as workbooks: at once when they are short, else by a job whose progress a page shows; and one's own exports."""

from __future__ import annotations

from itertools import islice

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lingqu.base.access import entry_for
from lingqu.base.refusal import Refusal, not_found
from lingqu.base.sheets import write_workbook
from lingqu.base.text import Text, active_language, parted
from lingqu.documents.actions import ask_export
from lingqu.documents.models import Export
from lingqu.documents.pages import PageRequest, must_come, page, tell_refusal, workbook_download
from lingqu.documents.queries import (
    MOST_AT_ONCE,
    MOST_OUT,
    Ask,
    ListOut,
    content_of,
    export_of,
    exports_of,
    list_called,
    may_still_see,
    sheets_out,
)
from lingqu.documents.states import EXPORTS, ExportState

TONES = {
    ExportState.WAITING: "waiting", ExportState.MAKING: "progress", ExportState.READY: "passed", ExportState.FAILED: "failed",
}  # fmt: skip
GONE = Text(
    "您的岗位已变更，该文件不再提供。请重新导出。", "Your posts have changed; this file is no longer handed out. Take the list out again."
)
NOT_READY = Text("文件还没有生成好。", "The file is not ready yet.")
NO_PLACES = ("before", "after", "csrfmiddlewaretoken")
"""What an address says of the page's place in its list, not of the list."""


@require_safe
@page
def exports(request: PageRequest) -> HttpResponse:
    """List the person's own exports of the last day."""
    rows = [_shape(one) for one in exports_of(request.who.person, at=request.at)]
    return render(request, "exports/exports.html", {"rows": rows, "working": any(row["working"] for row in rows)})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def export_new(request: PageRequest, key: str) -> HttpResponse:
    """Hand out a list with the filters of the address at once when it is short; a long one is offered, and made by a job on a POST."""
    made = list_called(key)
    entry = entry_for(made.route)
    if entry is None or not must_come(entry, "GET", request.who):
        raise not_found()
    given = {name: str(value) for name, value in request.GET.items() if name not in NO_PLACES}
    ask = Ask(request.who, given, request.today, request.at)
    if request.method == "POST":
        # What the page refuses is refused at once, not by the job later.
        next(iter(made.rows(ask)), None)
        try:
            export = ask_export(made, given, name=_name(made, ask), language=active_language(), by=request.who, at=request.at)
        except Refusal as refusal:
            tell_refusal(request, refusal)
            return redirect("exports")
        return redirect("export", export.pk)
    rows = list(islice(made.rows(ask), MOST_AT_ONCE + 1))
    if len(rows) > MOST_AT_ONCE:
        return render(request, "exports/export_ask.html", {"title": made.title_for(ask), "most": MOST_AT_ONCE, "most_out": MOST_OUT})
    made_now = write_workbook(sheets_out(made, ask, rows), language=active_language(), author=request.person.name, at=request.at)
    return workbook_download(_name(made, ask), made_now)


def _name(made: ListOut, ask: Ask) -> str:
    title = made.title_for(ask)
    return str(Text(f"{title.zh} {ask.on}", f"{title.en} {ask.on}"))


@require_safe
@page
def export(request: PageRequest, number: int) -> HttpResponse:
    """Show one export of the person's own: how far it is, the file, or why there is none."""
    found = export_of(number, person=request.who.person, at=request.at)
    return render(request, "exports/export.html", {"row": _shape(found)})


@require_safe
@page
def export_file(request: PageRequest, number: int) -> HttpResponse:
    """Hand out an export to its owner, as long as they hold what they held when they asked for it."""
    found = export_of(number, person=request.who.person, at=request.at)
    entry = entry_for(list_called(found.list).route)
    if not may_still_see(found, request.who) or entry is None or not must_come(entry, "GET", request.who):
        raise Refusal("no_longer", GONE, status=403)
    if found.state != ExportState.READY.value:
        raise Refusal("not_ready", NOT_READY, status=409)
    return workbook_download(found.name, content_of(found.pk))


def _shape(found: Export) -> dict[str, object]:
    state = ExportState(found.state)
    return {
        "id": found.pk, "name": found.name, "state": EXPORTS.words[state], "tone": TONES[state], "rows": found.rows,
        "working": state in (ExportState.WAITING, ExportState.MAKING), "ready": state is ExportState.READY,
        "reason": parted(found.reason) if found.reason else None, "at": found.asked_at, "until": found.expires_at,
    }  # fmt: skip
