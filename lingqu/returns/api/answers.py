"""What is done with a return that is there: agreed, refused, sent up, counted, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from ninja import Path

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.documents.api import ApiRequest, Key, Nothing, OrderNumber, does, once, read_copies, told_by_place
from lingqu.organisation.states import Scope
from lingqu.policy.queries import regulation_in_force
from lingqu.policy.rules import Regulation
from lingqu.returns.actions import agree_return, count_return, refuse_return, send_up_return, withdraw_return
from lingqu.returns.api.router import router
from lingqu.returns.api.shapes import CountedReturnIn, RefuseIn, SendUpIn, WholeReturnOut, read_prices
from lingqu.returns.api.told import whole_return_out
from lingqu.returns.queries import return_by_number, whole_return
from lingqu.returns.rules import Counted


def _verb(path: str, name: str, operation: str) -> Any:  # noqa: ANN401 - a decorator
    return does(
        router, f"/returns/{{number}}/{path}", name=name, operation=operation, scope=Scope.STOCK_WRITE, out=WholeReturnOut, status=200
    )


def _done(request: ApiRequest, key: str, number: str, deed: Callable[[int, Regulation], object]) -> HttpResponse:
    """Answer the return as it stands after a verb."""

    def do() -> WholeReturnOut:
        deed(return_by_number(number, by=request.who).pk, regulation_in_force(on=request.today))
        whole = whole_return(return_by_number(number, by=request.who), inside=False)
        return WholeReturnOut.model_validate(whole_return_out(whole, firm=request.who.firm))

    return once(request, key, do, status=200)


@_verb("agree", "return_agree", "agree_return")
def agree(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: Nothing) -> HttpResponse:  # noqa: ARG001 - `{}`
    """Agree to a return of your partner that keeps every cap.

    Its goods may come within 60 days.
    """
    by, at = request.who, request.at
    return _done(request, idempotency_key, number, lambda one, rules: agree_return(one, regulation=rules, by=by, at=at))


@_verb("refuse", "return_refuse", "refuse_return")
def refuse(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: RefuseIn) -> HttpResponse:
    """Refuse a return of your partner with a reason."""
    by, at = request.who, request.at
    return _done(request, idempotency_key, number, lambda one, _: refuse_return(one, reason=sent.reason, by=by, at=at))


@_verb("send-up", "return_send_up", "send_up_return")
def send_up(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: SendUpIn) -> HttpResponse:
    """Send a return beyond the caps for approval, or again after it was sent back.

    People decide on it; lines with copies that nothing explains need a price.
    """
    _once({one.line for one in sent.prices}, len(sent.prices), "prices")

    def deed(one: int, rules: Regulation) -> object:
        return send_up_return(one, reason=sent.reason, prices=read_prices(sent), regulation=rules, by=request.who, at=request.at)

    return _done(request, idempotency_key, number, deed)


@_verb("count", "return_count", "count_return")
def count(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: CountedReturnIn) -> HttpResponse:
    """Count the goods of an agreed return and credit what is accepted, in one step.

    Copies fit for sale are in stock again; each is credited at the net that was paid for it.
    """
    places = {one.line: place for place, one in enumerate(sent.lines)}
    _once(set(places), len(sent.lines), "lines")
    counted = Counted(
        {one.line: read_copies(one.good) for one in sent.lines}, {one.line: read_copies(one.damaged) for one in sent.lines},
        {one.line: read_copies(one.foreign) for one in sent.lines}, sent.rest,
    )  # fmt: skip

    def deed(one: int, rules: Regulation) -> object:
        with told_by_place(places):
            return count_return(one, counted, regulation=rules, by=request.who, at=request.at)

    return _done(request, idempotency_key, number, deed)


@_verb("withdraw", "return_withdraw", "withdraw_return")
def withdraw(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: Nothing) -> HttpResponse:  # noqa: ARG001 - `{}`
    """Take a return back before its goods were counted."""
    by, at = request.who, request.at
    return _done(request, idempotency_key, number, lambda one, _: withdraw_return(one, by=by, at=at))


def _once(lines: set[int], many: int, field: str) -> None:
    if len(lines) != many:
        raise bad_input(field, Text("同一行只能写一次。", "A line stands once."))
