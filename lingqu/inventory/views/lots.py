"""The lots of a title in the firm's warehouse, and the paper with which goods came."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lingqu.base.refusal import not_found
from lingqu.documents.pages import PageRequest, page
from lingqu.inventory.queries import documents_of, goods_paper_of, lines_of_paper, lots_of, moves_of, title_in_stock
from lingqu.inventory.states import LOT_MOVE_WORDS, LotMoveKind
from lingqu.inventory.views.stock import warehouse_of_page


@require_safe
@page
def lots(request: PageRequest, code: str) -> HttpResponse:
    """Show the lots of a title in the order in which they leave, and how they moved."""
    warehouse = warehouse_of_page(request)
    item = title_in_stock(warehouse.pk, code) if "\x00" not in code else None
    if item is None:
        raise not_found()
    running = item.account.running
    moves = moves_of(item.pk)
    named = documents_of(moves, request.who)
    context = {
        "item": item,
        "on_hand": -running.used,
        "reserved": running.held,
        "free": -running.used - running.held,
        "lots": lots_of(item.pk),
        "moves": [
            {"move": one, "kind": LOT_MOVE_WORDS[LotMoveKind(one.kind)], "document": named.get((one.document_kind, one.document_id))}
            for one in moves
        ],
        "today": request.today,
    }
    return render(request, "inventory/lots.html", context)


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
