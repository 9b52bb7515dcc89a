"""Transfers: listed, read, asked for, ordered, counted by both sides, booked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from ninja import Path, Query

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.documents.api import (
    ApiRequest,
    Key,
    Nothing,
    OrderNumber,
    does,
    once,
    page_of,
    place_in_list,
    read_copies,
    reads,
    told_by_place,
)
from lingqu.orders.queries import titles_called
from lingqu.organisation.states import Scope
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation
from lingqu.returns.actions import (
    confirm_transfer,
    move_transfer,
    order_transfer,
    propose_transfer,
    send_transfer_again,
    withdraw_transfer,
)
from lingqu.returns.api.router import router
from lingqu.returns.api.told import transfer_out, whole_transfer_out
from lingqu.returns.api.transfer_shapes import CountedSideIn, ReasonIn, TransferFilter, TransferIn, TransferPage, WholeTransferOut
from lingqu.returns.queries import PaperFeed, feed_of_transfers, partner_called, transfer_by_number, whole_transfer
from lingqu.returns.rules import NewTransfer

ONE_MORE = 1


def _verb(path: str, name: str, operation: str) -> Any:  # noqa: ANN401 - a decorator
    return does(
        router, f"/transfers/{{number}}/{path}", name=name, operation=operation, scope=Scope.STOCK_WRITE, out=WholeTransferOut, status=200
    )


def _now(request: ApiRequest, number: str) -> dict[str, Any]:
    found = transfer_by_number(number, by=request.who)
    inside = request.who.firm == found.seller_id
    return whole_transfer_out(whole_transfer(found, inside=inside), firm=request.who.firm)


def _done(request: ApiRequest, key: str, number: str, deed: Callable[[int, Regulation], object]) -> HttpResponse:
    """Answer the transfer as it stands after a verb."""

    def do() -> WholeTransferOut:
        deed(transfer_by_number(number, by=request.who).pk, regulation_in_force(on=request.today))
        return WholeTransferOut.model_validate(_now(request, number))

    return once(request, key, do, status=200)


@reads(router, "/transfers", name="transfers", operation="list_transfers", scope=Scope.STOCK_READ, out=TransferPage)
def list_transfers(request: ApiRequest, asked: Query[TransferFilter]) -> dict[str, Any]:
    """List transfers, newest first: the seller's people all, a partner its own once they were agreed to."""
    wanted = PaperFeed(asked.state.value if asked.state else "", updated_since=asked.updated_since)
    found = feed_of_transfers(request.who, wanted, below=place_in_list(request, asked), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=lambda one: transfer_out(one, firm=request.who.firm), place=lambda one: one.pk)


@reads(router, "/transfers/{number}", name="transfer", operation="get_transfer", scope=Scope.STOCK_READ, out=WholeTransferOut)
def get_transfer(request: ApiRequest, number: Path[OrderNumber]) -> dict[str, Any]:
    """Read one transfer with its lines and both counts."""
    return _now(request, number)


@does(router, "/transfers", name="transfers", operation="ask_transfer", scope=Scope.STOCK_WRITE, out=WholeTransferOut)
def ask(request: ApiRequest, idempotency_key: Key, sent: TransferIn) -> HttpResponse:
    """Ask that goods go from one of your partners to another; people decide on it.

    They must have been shipped to the giver and not have come back.
    """

    def do() -> WholeTransferOut:
        new = _asked(request, sent)
        with told_by_place({number: number - 1 for number in range(1, len(sent.lines) + 1)}):
            made = propose_transfer(new, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        return WholeTransferOut.model_validate(_now(request, made.number))

    return once(request, idempotency_key, do)


@_verb("again", "transfer_again", "send_transfer_again")
def again(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: ReasonIn) -> HttpResponse:
    """Submit a transfer again that was sent back to you."""
    known: dict[str, Any] = {"reason": sent.reason, "by": request.who, "at": request.at}
    return _done(request, idempotency_key, number, lambda one, rules: send_transfer_again(one, regulation=rules, **known))


@_verb("withdraw", "transfer_withdraw", "withdraw_transfer")
def withdraw(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: ReasonIn) -> HttpResponse:
    """Take a transfer back before its goods moved."""
    known: dict[str, Any] = {"reason": sent.reason, "by": request.who, "at": request.at}
    return _done(request, idempotency_key, number, lambda one, _: withdraw_transfer(one, **known))


@_verb("order", "transfer_order", "order_transfer")
def order(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: Nothing) -> HttpResponse:  # noqa: ARG001 - `{}`
    """Make the taker's purchase request for an agreed transfer; every law judges it, at the taker's own price."""
    by, at = request.who, request.at
    return _done(request, idempotency_key, number, lambda one, rules: order_transfer(one, regulation=rules, by=by, at=at))


@_verb("confirm", "transfer_confirm", "confirm_transfer")
def confirm(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: CountedSideIn) -> HttpResponse:
    """Say what your side counted; until the goods are booked it may be corrected."""
    places = {one.line: place for place, one in enumerate(sent.lines)}
    if len(places) != len(sent.lines):
        raise bad_input("lines", Text("同一行只能写一次。", "A line stands once."))
    counts = {one.line: read_copies(one.copies) for one in sent.lines}

    def deed(one: int, _: Regulation) -> object:
        taker = _is_taker(request, number, sent)
        with told_by_place(places):
            return confirm_transfer(one, taker=taker, counts=counts, by=request.who, at=request.at)

    return _done(request, idempotency_key, number, deed)


@_verb("move", "transfer_move", "move_transfer")
def move(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: Nothing) -> HttpResponse:  # noqa: ARG001 - `{}`
    """Book a transfer that both sides have counted alike: returned by the one and shipped to the other, in one moment."""
    by, at = request.who, request.at
    return _done(request, idempotency_key, number, lambda one, rules: move_transfer(one, regulation=rules, by=by, at=at))


def _is_taker(request: ApiRequest, number: str, sent: CountedSideIn) -> bool:
    """Return whose count it is; refuses (422) when it is not said and not plain."""
    if sent.side is not None:
        return sent.side == "taker"
    found = transfer_by_number(number, by=request.who)
    if request.who.firm not in (found.giver_id, found.taker_id):
        raise bad_input("side", Text("请写明是哪一方清点的。", "Say which side counted."))
    return request.who.firm == found.taker_id


def _asked(request: ApiRequest, sent: TransferIn) -> NewTransfer:
    """Return a transfer as the action takes it; refuses (422) firms that are no partners, and unknown titles or one that stands twice."""
    firms = {}
    for side, code in (("giver", sent.giver), ("taker", sent.taker)):
        partner = partner_called(request.who, code)
        if partner is None:
            raise bad_input(side, Text(f"“{code}”不是我方客户。", f"“{code}” is no partner of ours."))
        firms[side] = partner.firm.pk
    known = titles_called(request.who.firm, [line.product for line in sent.lines], on=request.today)
    copies: dict[int, int] = {}
    for number, line in enumerate(sent.lines):
        product = known.get(line.product.upper())
        if product is None or product in copies:
            text = Text(
                f"没有品种“{line.product}”，或写了两次。", f"There is no title “{line.product}” with a price today, or it stands twice."
            )
            raise bad_input(f"lines.{number}.product", text)
        copies[product] = read_copies(line.copies)
    return NewTransfer(sent.key, request.who.firm, firms["giver"], firms["taker"], copies, sent.reason)
