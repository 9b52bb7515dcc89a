"""The lots of a title in the firm's warehouse, and the paper with which goods came."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.base.refusal import not_found
from lingqu.base.typed import read_id
from lingqu.documents.pages import PageRequest, page
from lingqu.inventory.queries import documents_of, goods_paper_of, lines_of_paper, lots_of, moves_of, title_in_stock
from lingqu.inventory.states import LOT_MOVE_WORDS, LotMoveKind
from lingqu.inventory.views.stock import warehouse_of_page

ROWS = 50


@require_safe
@page
def lots(request: PageRequest, code: str) -> HttpResponse:
    """Show the lots of a title in the order in which they leave, and how they moved, 50 of each a page."""
    warehouse = warehouse_of_page(request)
    item = title_in_stock(warehouse.pk, code) if "\x00" not in code else None
    if item is None:
        raise not_found()
    running = item.account.running
    after, before = read_id(request.GET.get("after", "")) or 0, read_id(request.GET.get("before", "")) or 0
    found, moves = lots_of(item.pk, after=after, most=ROWS + 1), moves_of(item.pk, before=before, most=ROWS + 1)
    more_lots, more_moves = len(found) > ROWS, len(moves) > ROWS
    found, moves = found[:ROWS], moves[:ROWS]
    named = documents_of(moves, request.who)
    context = {
        "item": item,
        "on_hand": -running.used,
        "reserved": running.held,
        "free": -running.used - running.held,
        "lots": found,
        "lots_url": _places(found[-1].id, before) if more_lots else "",
        "moves_url": _places(after, moves[-1].id) if more_moves else "",
        "turned": bool(after or before),
        "moves": [
            {"move": one, "kind": LOT_MOVE_WORDS[LotMoveKind(one.kind)], "document": named.get((one.document_kind, one.document_id))}
            for one in moves
        ],
        "today": request.today,
    }
    return render(request, "inventory/lots.html", context)


def _places(after: int, before: int) -> str:
    return "?" + urlencode({name: place for name, place in (("after", after), ("before", before)) if place})


@require_safe
@page
def goods_paper(request: PageRequest, number: str) -> HttpResponse:
    """Show a paper with which goods came in: titles, lots and copies."""
    warehouse = warehouse_of_page(request)
    paper = goods_paper_of(warehouse.pk, number) if "\x00" not in number else None
    if paper is None:
        raise not_found()
    lines = lines_of_paper(paper.pk)
    return render(request, "inventory/goods_paper.html", {"paper": paper, "lines": lines, "copies": sum(one.copies for one in lines)})
