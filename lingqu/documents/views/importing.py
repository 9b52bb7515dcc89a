"""Tables that come in: the template, sending one, looking at what it would do, the same file back with reasons, and taking it over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lingqu.base.access import entry_for
from lingqu.base.refusal import Refusal, bad_input, not_found
from lingqu.base.sheets import SheetOut, columns_out, write_marked, write_workbook
from lingqu.base.text import Text, active_language, parted
from lingqu.documents.actions import drop_import, keep_import, take_import
from lingqu.documents.models import ImportFile
from lingqu.documents.pages import PageRequest, must_come, page, sent_files, tell_refusal, workbook_download
from lingqu.documents.queries import Ask, ListIn, import_called, import_of, imports_of, read_import
from lingqu.documents.queries.imports import FIELD, MOST_ROWS
from lingqu.documents.states import IMPORTS, ImportState

MOST_SHOWN = 100
RECENT = timedelta(days=30)
KINDS = {ImportState.LOOKED_AT: "waiting", ImportState.TAKEN: "done", ImportState.DROPPED: "closed"}


def _asked(request: PageRequest, key: str) -> tuple[ListIn, Ask]:
    """Return the import and who asks; refuses who may not come to the page that it belongs to, and who may not send it."""
    made, ask = import_called(key), Ask(request.who, {}, request.today, request.at)
    entry = entry_for(made.route)
    if entry is None or not must_come(entry, "GET", request.who) or not made.may(ask):
        raise not_found()
    return made, ask


@require_http_methods(["GET", "HEAD", "POST"])
@page
def import_new(request: PageRequest, key: str) -> HttpResponse:
    """Offer the form for a table, or keep what was sent and go on to look at it."""
    made, ask = _asked(request, key)
    refusal = None
    if request.method == "POST":
        try:
            files = sent_files(request, FIELD)
            if len(files) != 1:
                raise bad_input(FIELD, Text("请选择一个文件。", "Choose one file."))
            kept = keep_import(made, files[0], ask=ask)
        except Refusal as wrong:
            refusal = wrong
        else:
            return redirect("import", kept.pk)
    found = imports_of(key, firm=request.who.firm, person=request.who.person, since=request.at - RECENT)
    context = {"made": made, "refusal": refusal, "most": MOST_ROWS, "rows": [_shape(one) for one in found]}
    return render(request, "imports/import_new.html", context, status=refusal.status if refusal else 200)


@require_safe
@page
def import_template(request: PageRequest, key: str) -> HttpResponse:
    """Hand out the empty workbook, with how to fill it in on top."""
    made, _ = _asked(request, key)
    sheet = SheetOut(made.title, columns_out(made.columns), [], above=made.told)
    return workbook_download(
        str(made.title), write_workbook([sheet], language=active_language(), author=request.person.name, at=request.at)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page
def import_file(request: PageRequest, number: int) -> HttpResponse:
    """Show what a table would do, or what is wrong with which cell; a POST takes it over or puts it away."""
    kept = import_of(number, person=request.who.person)
    made, ask = _asked(request, kept.kind)
    if request.method == "POST":
        return _do(request, kept, ask)
    open_still = kept.state == ImportState.LOOKED_AT.value
    table, looked = read_import(made, kept.name, bytes(kept.content), ask=ask) if open_still else (None, None)
    errors = sorted((*table.errors, *looked.errors), key=lambda one: one.row) if table and looked else []
    context: dict[str, Any] = {
        "made": made, "file": _shape(kept), "table": table, "looked": looked, "errors": errors[:MOST_SHOWN], "errors_count": len(errors),
        "rows": [_cells(made, row.row, row.values) for row in table.rows[:MOST_SHOWN]] if table else [],
        "more": max(len(table.rows) - MOST_SHOWN, 0) if table else 0, "may_take": open_still and not errors,
    }  # fmt: skip
    return render(request, "imports/import.html", context)


def _do(request: PageRequest, kept: ImportFile, ask: Ask) -> HttpResponse:
    try:
        if "drop" in request.POST:
            drop_import(kept.pk, by_person=request.who.person, at=request.at)
            messages.info(request, str(Text("已放弃，没有任何改动。", "Put away; nothing was changed.")))
            return redirect("import_new", kept.kind)
        done = take_import(kept.pk, ask=ask)
        messages.success(request, str(parted(done.taken_as)))
    except Refusal as refusal:
        tell_refusal(request, refusal)
    return redirect("import", kept.pk)


@require_safe
@page
def import_marked(request: PageRequest, number: int) -> HttpResponse:
    """Hand out the table with a red column that says per row what is wrong."""
    kept = import_of(number, person=request.who.person)
    made, ask = _asked(request, kept.kind)
    table, looked = read_import(made, kept.name, bytes(kept.content), ask=ask)
    stem = kept.name.rpartition(".")[0] or kept.name
    marked = write_marked(table.cells, [*table.errors, *looked.errors], head=table.head)
    return workbook_download(str(Text(f"{stem} 错误原因", f"{stem} reasons")), marked)


def _cells(made: ListIn, row: int, values: dict[str, Any]) -> dict[str, Any]:
    return {"row": row, "cells": [{"label": column.title, "words": values.get(column.key)} for column in made.columns]}


def _shape(kept: ImportFile) -> dict[str, Any]:
    state = ImportState(kept.state)
    return {
        "id": kept.pk, "name": kept.name, "state": IMPORTS.words[state], "kind": KINDS[state], "at": kept.sent_at,
        "became": parted(kept.taken_as) if kept.taken_as else None, "open": state is ImportState.LOOKED_AT,
    }  # fmt: skip
