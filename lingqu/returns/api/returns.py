"""Returns are listed, read, tried and asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Path, Query

from lingqu.base.money import total
from lingqu.base.refusal import Refusal, bad_input, forbidden, not_found
from lingqu.base.text import Text
from lingqu.documents.api import (
    ApiRequest,
    Key,
    OrderNumber,
    asks,
    does,
    once,
    page_of,
    place_in_list,
    quantity,
    read_copies,
    read_files,
    reads,
    told_by_place,
    yuan,
)
from lingqu.orders.queries import order_by_number, titles_named
from lingqu.orders.states import ReturnReason
from lingqu.organisation.states import Scope
from lingqu.policy.queries import regulation_in_force
from lingqu.returns.access import may_ask_return
from lingqu.returns.actions import ask_return
from lingqu.returns.api.router import router
from lingqu.returns.api.shapes import BackWishIn, ReturnFilter, ReturnIn, ReturnOut, ReturnPage, TriedOut, WholeReturnOut
from lingqu.returns.api.told import cap_out, relief_out, return_out, whole_return_out
from lingqu.returns.queries import (
    PaperFeed,
    feed_of_returns,
    judge_caps,
    partner_called,
    return_by_number,
    source_lines,
    whole_return,
)
from lingqu.returns.rules import AskedLine, NewReturnRequest, Sourced

ONE_MORE = 1


@reads(router, "/returns", name="returns", operation="list_returns", scope=Scope.STOCK_READ, out=ReturnPage)
def list_returns(request: ApiRequest, asked: Query[ReturnFilter]) -> dict[str, Any]:
    """List returns, newest first, of which your firm is seller or partner."""
    wanted = PaperFeed(asked.state.value if asked.state else "", asked.buyer or "", asked.updated_since)
    found = feed_of_returns(request.who, wanted, below=place_in_list(request, asked), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=lambda one: return_out(one, firm=request.who.firm), place=lambda one: one.pk)


@asks(router, "/returns/preview", name="returns_preview", operation="preview_return", scope=Scope.STOCK_READ, out=TriedOut)
def preview(request: ApiRequest, sent: BackWishIn) -> dict[str, Any]:
    """See what would become of a return.

    Where each copy is from, what would be credited, and which caps it keeps. Nothing is stored.
    """
    new = _asked(request, sent, key="preview", note="")
    if not may_ask_return(request.who, new.seller, new.buyer):
        raise forbidden(Text("退货由客户申请，或由供货方代为登记。", "Returns are asked for by the partner, or entered for it."))
    regulation = regulation_in_force(on=request.today)
    with told_by_place({number: number - 1 for number in range(1, len(sent.lines) + 1)}):
        lines = source_lines(new.seller, new.buyer, new.lines, order=new.order, on=request.today)
    caps = judge_caps(new.seller, new.buyer, lines, reason=new.reason, files=0, regulation=regulation, on=request.today)
    return {
        "buyer": sent.buyer or request.token.person.firm.code,
        "net": yuan(total(line.net for line in lines)),
        "within": all(row.passed for row in caps),
        "needs_evidence": any(line.extra for line in lines),
        "lines": [_tried(one.product, line) for one, line in zip(sent.lines, lines, strict=True)],
        "caps": [cap_out(row) for row in caps],
    }


@reads(router, "/returns/{number}", name="return", operation="get_return", scope=Scope.STOCK_READ, out=WholeReturnOut)
def get_return(request: ApiRequest, number: Path[OrderNumber]) -> dict[str, Any]:
    """Read one return with its lines, where they are from, and its caps."""
    found = return_by_number(number, by=request.who)
    return whole_return_out(whole_return(found, inside=False), firm=request.who.firm)


@does(router, "/returns", name="returns", operation="ask_return", scope=Scope.STOCK_WRITE, out=ReturnOut)
def ask(request: ApiRequest, idempotency_key: Key, sent: ReturnIn) -> HttpResponse:
    """Ask that goods go back.

    Without `order` the product finds the requests with which they came, the last shipped first. Beyond a cap a procedure decides.
    """

    def do() -> ReturnOut:
        new = _asked(request, sent, key=sent.key, note=sent.note)
        with told_by_place({number: number - 1 for number in range(1, len(sent.lines) + 1)}):
            files = read_files(sent.evidence, field="evidence")
            made = ask_return(new, files, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        return ReturnOut.model_validate(return_out(return_by_number(made.number, by=request.who), firm=request.who.firm))

    return once(request, idempotency_key, do)


def _tried(product: str, line: Sourced) -> dict[str, Any]:
    return {
        "product": product,
        "copies": quantity(line.asked.copies),
        "sources": [{"order": one.number, "copies": quantity(one.copies), "net": yuan(one.net)} for one in line.taken],
        **relief_out(line.taken),
        "unexplained": quantity(line.extra),
        "net": yuan(line.net),
    }


def _asked(request: ApiRequest, sent: BackWishIn, *, key: str, note: str) -> NewReturnRequest:
    """Return a return as the action takes it; refuses (404) an unknown partner and (422) unknown titles and requests."""
    partner = partner_called(request.who, sent.buyer or request.token.person.firm.code)
    if partner is None:
        raise not_found(Text("没有这个客户，或不归您办理。", "There is no such partner, or it is not yours to ask for."))
    titles = titles_named(partner.seller, [line.product for line in sent.lines], on=request.today)
    lines = tuple(AskedLine(title, read_copies(line.copies), line.condition) for title, line in zip(titles, sent.lines, strict=True))
    order = _order(request, sent.order)
    return NewReturnRequest(key, partner.seller, partner.firm.pk, ReturnReason(sent.reason), lines, note, order)


def _order(request: ApiRequest, number: str | None) -> int | None:
    if number is None:
        return None
    try:
        return order_by_number(number, by=request.who).pk
    except Refusal as refusal:
        raise bad_input("order", Text("没有这份进货申请。", "There is no such request.")) from refusal
