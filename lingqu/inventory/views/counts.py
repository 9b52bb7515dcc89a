"""Counts of the firm's warehouse: begin one, enter what is on the shelves by page or workbook, send what differs."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingqu.base.refusal import Refusal, bad_input, not_found
from lingqu.base.sheets import Column, ColumnKind, SheetOut, read_table, write_workbook
from lingqu.base.text import Text, active_language
from lingqu.documents.pages import PageRequest, page, sent_files, workbook_download
from lingqu.inventory.access import may_take_goods_in
from lingqu.inventory.actions import enter_counted, give_up_count, send_count, start_count
from lingqu.inventory.forms import CountedTyped, read_counted, read_counted_table
from lingqu.inventory.models import StockCount
from lingqu.inventory.queries import codes_of_count, count_by_number, count_lines, counts_of, items_to_count, progress_of
from lingqu.inventory.queries.counts import SHOWN
from lingqu.inventory.states import COUNTING, COUNTS, STANDING_COUNTS, CountState
from lingqu.inventory.views.stock import LONGEST, warehouse_of_page
from lingqu.policy.queries import regulation_in_force

MOST_ITEMS = 5_000
MOST_ROWS, MOST_COLUMNS = 5_100, 40
STATES = ("", "open", "differ")
KINDS = ("counted", "reason")
MOST_REASON = 200
UNREADABLE = 422


@require_safe
@page
def counts(request: PageRequest) -> HttpResponse:
    """List the counts of the firm's warehouse."""
    warehouse = warehouse_of_page(request)
    found = list(counts_of(warehouse.pk))
    shown = [{"count": one, "state": COUNTS.words[CountState(one.state)]} for one in found]
    going_on = any(one.state in {state.value for state in STANDING_COUNTS} for one in found)
    may = may_take_goods_in(request.who, warehouse.firm_id)
    return render(request, "inventory/counts.html", {"warehouse": warehouse, "rows": shown, "may_count": may and not going_on})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def count_new(request: PageRequest) -> HttpResponse:
    """Ask what is to be counted, and begin."""
    warehouse = warehouse_of_page(request)
    typed = {"words": _words(request.POST.get("words", "")), "there": request.POST.get("there", ""), "note": request.POST.get("note", "")}
    context = {"warehouse": warehouse, "typed": typed if request.method == "POST" else {"there": "on"}}
    if request.method != "POST":
        return render(request, "inventory/count_new.html", context)
    items = items_to_count(warehouse, words=typed["words"], there=typed["there"] == "on", most=MOST_ITEMS + 1)
    try:
        made = start_count(warehouse, items, note=typed["note"].replace("\x00", ""), by=request.who, at=request.at)
    except Refusal as refusal:
        told = {"refusal": refusal, "refusal_at_field": refusal.field in {"note", "items"}}
        return render(request, "inventory/count_new.html", context | told, status=refusal.status)
    return redirect("stock_count", made.number)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def count(request: PageRequest, number: str) -> HttpResponse:
    """Show a count, a hundred titles at a time, and note what was entered on this page."""
    found = _count(request, number)
    if request.method != "POST":
        return _show(request, found)
    typed = read_counted(request.POST)
    if typed.errors:
        return _show(request, found, typed=typed, status=UNREADABLE)
    try:
        if typed.counted:
            enter_counted(found.pk, typed.counted, by=request.who, at=request.at)
    except Refusal as refusal:
        return _show(request, found, typed=typed, refusal=refusal, status=refusal.status)
    messages.success(request, str(Text(f"已录入 {len(typed.counted)} 个品种。", f"{len(typed.counted)} titles entered.")))
    return redirect(f"{reverse('stock_count', args=[number])}?{urlencode(_asked(request))}")


@require_POST
@page
def count_send(request: PageRequest, number: str) -> HttpResponse:
    """Send the differences to be approved, or book a count without any."""
    found = _count(request, number)
    regulation = regulation_in_force(on=request.today)
    return _do(request, found, lambda: send_count(found.pk, regulation=regulation, by=request.who, at=request.at))


@require_POST
@page
def count_give_up(request: PageRequest, number: str) -> HttpResponse:
    """End a count without booking anything."""
    found = _count(request, number)
    reason = request.POST.get("reason", "").replace("\x00", "")
    return _do(request, found, lambda: give_up_count(found.pk, reason=reason, by=request.who, at=request.at))


@require_safe
@page
def count_sheet(request: PageRequest, number: str) -> HttpResponse:
    """Answer the titles of a count as a workbook to print or to fill in; the copies by the books are left out on purpose."""
    found = _count(request, number)
    columns = (
        Column("code", Text("编号", "Number"), width=16),
        Column("name", Text("品种", "Title"), width=40),
        Column("counted", Text("实盘册数", "Counted"), ColumnKind.COUNT, width=12),
        Column("reason", Text("差异原因", "Reason"), width=30),
    )
    lines = count_lines(found.pk, most=MOST_ITEMS)
    rows = [{"code": one.code, "name": one.name, "counted": one.counted, "reason": one.reason} for one in lines]
    sheet = SheetOut(Text("盘点", "Count"), columns, rows)
    content = write_workbook([sheet], language=active_language(), author=request.person.name, at=request.at)
    return workbook_download(found.number, content)


@require_POST
@page
def count_file(request: PageRequest, number: str) -> HttpResponse:
    """Enter what stands in a filled-in sheet: all of it or nothing."""
    found = _count(request, number)
    try:
        files = sent_files(request, "file")
        if not files:
            raise bad_input("file", Text("请选择填好的盘点表。", "Choose the sheet that you filled in."))
        sheets = read_table(files[0].name, files[0].content, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS, field="file")
        counted = read_counted_table(sheets)
        items = codes_of_count(found.pk, list(counted))
        strange = sorted(set(counted) - set(items))
        if strange:
            raise _not_of_the_count(strange)
        enter_counted(found.pk, {items[code]: one for code, one in counted.items()}, by=request.who, at=request.at)
    except Refusal as refusal:
        return _show(request, found, refusal=refusal, status=refusal.status)
    messages.success(request, str(Text(f"已从文件录入 {len(counted)} 个品种。", f"{len(counted)} titles entered from the file.")))
    return redirect("stock_count", number)


def _not_of_the_count(strange: list[str]) -> Refusal:
    named = "、".join(strange[:5])
    return bad_input(
        "file",
        Text(
            f"{named} 不在这次盘点之内（共 {len(strange)} 个编号）；没有录入任何一行。",
            f"{named.replace('、', ', ')}: not among the titles of this count ({len(strange)} numbers); nothing was entered.",
        ),
    )


def _do(request: PageRequest, found: StockCount, deed: Callable[[], StockCount]) -> HttpResponse:
    try:
        done = deed()
    except Refusal as refusal:
        return _show(request, found, refusal=refusal, status=refusal.status)
    messages.success(request, f"{done.number} {COUNTS.words[CountState(done.state)]}")
    return redirect("stock_count", done.number)


def _show(
    request: PageRequest, found: StockCount, *, typed: CountedTyped | None = None, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    asked = _asked(request)
    may = may_take_goods_in(request.who, found.warehouse.firm_id)
    errors = dict(typed.errors) if typed else {}
    if refusal:
        errors[refusal.field] = refusal.text
    entering = may and found.state in {state.value for state in COUNTING}
    # Once it has ended, what differs is shown first; all titles where they are asked for.
    state = asked["state"] if entering or "state" in request.GET else "differ"
    lines = count_lines(found.pk, words=asked["q"], state=state, after=asked["after"], most=SHOWN + 1)
    shown = [
        {
            "line": line,
            "counted": typed.asked.get(line.item, "") if typed else line.counted,
            "reason": typed.reasons.get(line.item, "") if typed else line.reason,
            "error": errors.get(f"counted-{line.item}") or errors.get(f"reason-{line.item}"),
        }
        for line in lines[:SHOWN]
    ]
    standing = may and found.state in {one.value for one in STANDING_COUNTS}
    fields = {"file": entering, "reason": standing, **{f"{kind}-{line.item}": entering for line in lines[:SHOWN] for kind in KINDS}}
    context = {
        "count": found,
        "state": COUNTS.words[CountState(found.state)],
        "progress": progress_of(found.pk),
        "rows": shown,
        "asked": asked | {"state": state},
        "next": urlencode(asked | {"state": state, "after": lines[SHOWN - 1].code}) if len(lines) > SHOWN else "",
        "may_enter": entering,
        "may_give_up": standing,
        "errors": errors,
        "typed_reason": request.POST.get("reason", "").replace("\x00", "")[:MOST_REASON],
        "refusal": refusal,
        "refusal_at_field": refusal is not None and fields.get(refusal.field, False),
        "most_bytes_mb": 10,
    }
    return render(request, "inventory/count.html", context, status=status)


def _asked(request: PageRequest) -> dict[str, str]:
    state = request.GET.get("state", "")
    return {
        "q": _words(request.GET.get("q", "")),
        "state": state if state in STATES else "",
        "after": _words(request.GET.get("after", "")),
    }


def _words(sent: str) -> str:
    return sent.replace("\x00", "")[:LONGEST].strip()


def _count(request: PageRequest, number: str) -> StockCount:
    warehouse = warehouse_of_page(request)
    found = count_by_number(warehouse.pk, number) if "\x00" not in number else None
    if found is None:
        raise not_found()
    return found
