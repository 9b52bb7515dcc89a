"""Counts of your firm's warehouse: begun, read, entered, sent, given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from ninja import Path, Query

from lingqu.base.refusal import bad_input, not_found
from lingqu.base.text import Text
from lingqu.documents.api import (
    ApiRequest,
    Key,
    Nothing,
    OrderNumber,
    Paging,
    does,
    moment,
    once,
    page_of,
    place_in_list,
    quantity,
    read_copies,
    reads,
    words,
    yuan,
)
from lingqu.inventory.actions import enter_counted, give_up_count, send_count, start_count
from lingqu.inventory.api.router import own_warehouse, router
from lingqu.inventory.api.shapes import (
    MOST_TO_COUNT,
    CountFilter,
    CountPage,
    CountStartIn,
    EnteredManyIn,
    GiveUpIn,
    ShelfPage,
    WholeCountOut,
)
from lingqu.inventory.queries import (
    CountLine,
    StockFeed,
    codes_of_count,
    count_by_number,
    count_lines,
    feed_of_counts,
    items_numbered,
    items_to_count,
    progress_of,
)
from lingqu.inventory.rules import Counted
from lingqu.inventory.states import COUNTS, CountState
from lingqu.organisation.states import Scope
from lingqu.policy.queries import regulation_in_force

ONE_MORE = 1


@reads(router, "/stock-counts", name="counts", operation="list_counts", scope=Scope.STOCK_READ, out=CountPage)
def list_counts(request: ApiRequest, asked: Query[CountFilter]) -> dict[str, Any]:
    """List the counts of your firm's warehouse, newest first."""
    wanted = StockFeed(asked.state.value if asked.state else "", updated_since=asked.updated_since)
    found = feed_of_counts(own_warehouse(request).pk, wanted, below=place_in_list(request, asked), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=lambda one: _of_count(one, one.titles), place=lambda one: one.pk)


@reads(router, "/stock-counts/{number}", name="count", operation="get_count", scope=Scope.STOCK_READ, out=WholeCountOut)
def get_count(request: ApiRequest, number: Path[OrderNumber]) -> dict[str, Any]:
    """Read one count and how far it is."""
    return _whole(_count(request, number))


@reads(router, "/stock-counts/{number}/lines", name="count_lines", operation="list_count_lines", scope=Scope.STOCK_READ, out=ShelfPage)
def list_count_lines(request: ApiRequest, number: Path[OrderNumber], asked: Query[Paging]) -> dict[str, Any]:
    """List the titles of a count by number.

    The books are told of a title once it was counted, so that nobody copies them.
    """
    found = count_lines(_count(request, number).pk, after=place_in_list(request, asked) or "", most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=_of_line, place=lambda one: one.code)


@does(router, "/stock-counts", name="counts", operation="start_count", scope=Scope.STOCK_WRITE, out=WholeCountOut)
def start(request: ApiRequest, idempotency_key: Key, sent: CountStartIn) -> HttpResponse:
    """Begin a count of your firm's warehouse: of these titles, or of all that have copies.

    One at a time. Goods may move on meanwhile.
    """

    def do() -> WholeCountOut:
        warehouse = own_warehouse(request)
        items = items_to_count(warehouse, words="", there=True, most=MOST_TO_COUNT + ONE_MORE)
        if sent.products is not None:
            known = items_numbered(warehouse.pk, sent.products)
            items = [known[code] for code in _all_known(sent.products, known, "products.{place}")]
        made = start_count(warehouse, items, note=sent.note, by=request.who, at=request.at)
        return WholeCountOut.model_validate(_whole(_count(request, made.number)))

    return once(request, idempotency_key, do)


@does(
    router, "/stock-counts/{number}/lines", name="count_lines", operation="enter_counted", scope=Scope.STOCK_WRITE, out=WholeCountOut,
    status=200,
)  # fmt: skip
def enter(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: EnteredManyIn) -> HttpResponse:
    """Enter what was counted, such as from a hand scanner.

    The copies by the books are read at this moment. Entered again, the newer number holds.
    """

    def deed(count: int) -> object:
        codes = [line.product for line in sent.lines]
        items = codes_of_count(count, codes)
        named = _all_known(codes, items, "lines.{place}.product")
        if len(named) != len(codes):
            raise bad_input("lines", Text("同一品种只能写一次。", "A title stands once."))
        counted = {items[line.product]: Counted(read_copies(line.counted), line.reason) for line in sent.lines}
        return enter_counted(count, counted, by=request.who, at=request.at)

    return _done(request, idempotency_key, number, deed)


@does(
    router, "/stock-counts/{number}/send", name="count_send", operation="send_count", scope=Scope.STOCK_WRITE, out=WholeCountOut, status=200
)
def send(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: Nothing) -> HttpResponse:  # noqa: ARG001 - `{}`
    """End the counting: without a difference it is booked, with one people decide on it.

    Where the stock is an agent's own, its owner books at once.
    """
    rules, by, at = regulation_in_force(on=request.today), request.who, request.at
    return _done(request, idempotency_key, number, lambda count: send_count(count, regulation=rules, by=by, at=at))


@does(
    router, "/stock-counts/{number}/give-up", name="count_give_up", operation="give_up_count", scope=Scope.STOCK_WRITE, out=WholeCountOut,
    status=200,
)  # fmt: skip
def give_up(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: GiveUpIn) -> HttpResponse:
    """End a count without booking anything."""
    by, at = request.who, request.at
    return _done(request, idempotency_key, number, lambda count: give_up_count(count, reason=sent.reason, by=by, at=at))


def _done(request: ApiRequest, key: str, number: str, deed: Callable[[int], object]) -> HttpResponse:
    """Answer the count as it stands after a verb."""

    def do() -> WholeCountOut:
        deed(_count(request, number).pk)
        return WholeCountOut.model_validate(_whole(_count(request, number)))

    return once(request, key, do, status=200)


def _count(request: ApiRequest, number: str) -> Any:  # noqa: ANN401 - a count
    found = count_by_number(own_warehouse(request).pk, number)
    if found is None:
        raise not_found()
    return found


def _all_known(codes: list[str], known: dict[str, int], field: str) -> list[str]:
    """Return the numbers, each once; refuses (422) at its place one that is not known."""
    for place, code in enumerate(codes):
        if code not in known:
            text = Text(f"“{code}”不在库里，或不在这次盘点之内。", f"“{code}” is not in stock, or not among the titles of this count.")
            raise bad_input(field.format(place=place), text)
    return list(dict.fromkeys(codes))


def _of_count(count: Any, titles: int) -> dict[str, Any]:  # noqa: ANN401 - a count
    return {
        "number": count.number, "state": count.state, "state_words": words(COUNTS.words[CountState(count.state)]), "note": count.note,
        "titles": titles, "value": yuan(count.value), "started_at": moment(count.started_at), "ended_at": moment(count.ended_at),
        "ended_because": count.ended_because,
    }  # fmt: skip


def _whole(count: Any) -> dict[str, Any]:  # noqa: ANN401 - a count
    progress = progress_of(count.pk)
    return _of_count(count, progress.titles) | {
        "counted": progress.counted, "differ": progress.differ, "more": quantity(progress.more), "fewer": quantity(progress.fewer),
    }  # fmt: skip


def _of_line(line: CountLine) -> dict[str, Any]:
    def copies(many: int | None) -> str | None:
        return None if many is None else quantity(many)

    return {
        "product": line.code, "name": line.name, "book": copies(line.book), "counted": copies(line.counted),
        "difference": copies(line.difference), "reason": line.reason,
    }  # fmt: skip
