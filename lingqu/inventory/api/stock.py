"""Stock and lots are read; goods that came in are entered and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from ninja import Path, Query

from lingqu.base.money import MAX_COPIES
from lingqu.base.refusal import bad_input, not_found
from lingqu.base.text import Text
from lingqu.documents.api import (
    ApiRequest,
    Key,
    OrderNumber,
    ShelfCode,
    day,
    does,
    once,
    page_of,
    place_in_list,
    quantity,
    read_copies,
    reads,
)
from lingqu.inventory.actions import take_table_in
from lingqu.inventory.api.router import own_warehouse, router
from lingqu.inventory.api.shapes import GoodsFilter, GoodsIn, GoodsPage, StockFilter, StockPage, WholeGoodsOut, WholeStockOut
from lingqu.inventory.queries import (
    StockFeed,
    copies_by_paper,
    feed_of_goods,
    feed_of_stock,
    goods_paper_of,
    lines_of_paper,
    lots_of,
    title_in_stock,
    titles_numbered,
)
from lingqu.inventory.rules import Label, Slip
from lingqu.organisation.states import Scope

ONE_MORE = 1


@reads(router, "/stock", name="stock", operation="list_stock", scope=Scope.STOCK_READ, out=StockPage)
def list_stock(request: ApiRequest, asked: Query[StockFilter]) -> dict[str, Any]:
    """List the titles in your firm's warehouse with copies on hand, reserved and free, by number."""
    firm = own_warehouse(request).firm_id
    found = feed_of_stock(firm, asked.q or "", after=place_in_list(request, asked), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=_of_item, place=lambda item: item.product.code)


@reads(router, "/stock/{code}", name="stock_title", operation="get_stock", scope=Scope.STOCK_READ, out=WholeStockOut)
def get_stock(request: ApiRequest, code: Path[ShelfCode]) -> dict[str, Any]:
    """Read one title in your firm's warehouse with its lots, in the order in which they leave."""
    item = title_in_stock(own_warehouse(request).pk, code)
    if item is None:
        raise not_found()
    running = item.account.running
    lots = [
        {
            "lot": one.number, "edition": one.edition, "received_on": day(one.received_on), "ends_on": day(one.ends_on),
            "came": quantity(one.came), "remaining": quantity(one.remaining),
        }
        for one in lots_of(item.pk)
    ]  # fmt: skip
    return _stock(item.product, -running.used, running.held) | {"lots": lots}


@reads(router, "/goods-in", name="goods_in", operation="list_goods_in", scope=Scope.STOCK_READ, out=GoodsPage)
def list_goods_in(request: ApiRequest, asked: Query[GoodsFilter]) -> dict[str, Any]:
    """List the papers with which goods came into your firm's warehouse, newest first; a paper is never changed."""
    wanted = StockFeed(since=asked.since, until=asked.until)
    found = feed_of_goods(own_warehouse(request).pk, wanted, below=place_in_list(request, asked), most=asked.limit + ONE_MORE)
    copies = copies_by_paper([one.pk for one in found])
    return page_of(request, asked, found, shape=lambda one: _of_paper(one, copies), place=lambda one: one.pk)


@reads(router, "/goods-in/{number}", name="goods_in_paper", operation="get_goods_in", scope=Scope.STOCK_READ, out=WholeGoodsOut)
def get_goods_in(request: ApiRequest, number: Path[OrderNumber]) -> dict[str, Any]:
    """Read one paper with which goods came in."""
    return _paper(own_warehouse(request).pk, number)


@does(router, "/goods-in", name="goods_in", operation="take_goods_in", scope=Scope.STOCK_WRITE, out=WholeGoodsOut)
def take_in(request: ApiRequest, idempotency_key: Key, sent: GoodsIn) -> HttpResponse:
    """Take goods into your firm's warehouse, such as from the printer.

    Back-orders that wait for these titles are reserved first. A title in several lines is added up.
    """

    def do() -> WholeGoodsOut:
        warehouse = own_warehouse(request)
        made = take_table_in(
            warehouse, _copies(warehouse.firm_id, sent), key=sent.key, received_on=sent.received_on, note=sent.note, by=request.who,
            at=request.at, came=(Label(sent.lot, sent.edition, sent.ends_on), Slip("", sent.supplier, sent.their_number)),
        )  # fmt: skip
        return WholeGoodsOut.model_validate(_paper(warehouse.pk, made.number))

    return once(request, idempotency_key, do)


def _copies(firm: int, sent: GoodsIn) -> dict[str, int]:
    """Return copies by number; refuses (422) at its line what is no title, and more than 1,000,000 copies of one."""
    known = titles_numbered(firm, {line.product for line in sent.lines})
    found: dict[str, int] = {}
    for place, line in enumerate(sent.lines):
        if line.product not in known:
            text = Text(f"没有编号为“{line.product}”的品种。", f"There is no title “{line.product}”.")
            raise bad_input(f"lines.{place}.product", text)
        found[line.product] = found.get(line.product, 0) + read_copies(line.copies)
        if found[line.product] > MAX_COPIES:
            text = Text(f"同一品种合计超过 {MAX_COPIES:,} 册。", f"More than {MAX_COPIES:,} copies of one title.")
            raise bad_input(f"lines.{place}.copies", text)
    return found


def _paper(warehouse: int, number: str) -> dict[str, Any]:
    paper = goods_paper_of(warehouse, number)
    if paper is None:
        raise not_found()
    lines = lines_of_paper(paper.pk)
    told = [
        {
            "product": one.code, "name": one.name, "lot": one.lot, "edition": one.edition, "ends_on": day(one.ends_on),
            "copies": quantity(one.copies),
        }
        for one in lines
    ]  # fmt: skip
    return _of_paper(paper, {paper.pk: sum(one.copies for one in lines)}) | {"lines": told}


def _of_paper(paper: Any, copies: Mapping[int, int]) -> dict[str, Any]:  # noqa: ANN401 - a paper of goods that came in
    return {
        "number": paper.number, "key": paper.key, "received_on": day(paper.received_on), "supplier": paper.supplier,
        "their_number": paper.their_number, "note": paper.note, "copies": quantity(copies.get(paper.pk, 0)),
    }  # fmt: skip


def _of_item(item: Any) -> dict[str, Any]:  # noqa: ANN401 - a title in stock with its sums
    return _stock(item.product, item.on_hand, item.reserved)


def _stock(product: Any, on_hand: Any, reserved: Any) -> dict[str, Any]:  # noqa: ANN401 - a title and its sums
    return {
        "product": product.code, "name": product.name, "on_hand": quantity(on_hand), "reserved": quantity(reserved),
        "available": quantity(on_hand - reserved),
    }  # fmt: skip
