"""Deliveries: read, their parcels named, received; and what differs in them, looked for and answered."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

from django.http import HttpResponse
from ninja import Path, Query

from lingqu.base.refusal import bad_input
from lingqu.base.text import Text
from lingqu.documents.api import ApiRequest, Key, OrderNumber, does, once, page_of, place_in_list, read_copies, read_files, reads
from lingqu.orders.actions import Received, answer_difference, count_difference, name_parcels, receive_delivery
from lingqu.orders.api.delivery_shapes import (
    AnsweredIn,
    CarriageIn,
    DeliveryFilter,
    DeliveryOut,
    DeliveryPage,
    DifferenceFilter,
    DifferenceOut,
    DifferencePage,
    FoundIn,
    ReceivedIn,
)
from lingqu.orders.api.delivery_told import delivery_out, difference_out
from lingqu.orders.api.router import router
from lingqu.orders.queries import (
    DeliveryFeed,
    delivery_by_number,
    difference_by_number,
    feed_of_deliveries,
    feed_of_differences,
)
from lingqu.orders.rules import NOT_ARRIVED, Answered, Carriage, LineCount, ParcelWanted
from lingqu.organisation.states import Scope
from lingqu.policy.queries import regulation_in_force

ONE_MORE = 1
Place = tuple[int, str]
PlaceT = TypeVar("PlaceT")
ValueT = TypeVar("ValueT")


@reads(router, "/deliveries", name="deliveries", operation="list_deliveries", scope=Scope.STOCK_READ, out=DeliveryPage)
def list_deliveries(request: ApiRequest, asked: Query[DeliveryFilter]) -> dict[str, Any]:
    """List deliveries, newest first, of the requests in which your firm sells or buys.

    With `updated_since` only those that left, were received, reported, looked for, answered, or got other parcels since that moment.
    """
    state = asked.state.value if asked.state else ""
    wanted = DeliveryFeed(asked.order or "", state, asked.since, asked.until, asked.updated_since)
    found = feed_of_deliveries(request.who, wanted, below=place_in_list(request, asked), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=delivery_out, place=lambda delivery: delivery.pk)


@reads(router, "/deliveries/{number}", name="delivery", operation="get_delivery", scope=Scope.STOCK_READ, out=DeliveryOut)
def get_delivery(request: ApiRequest, number: Path[OrderNumber]) -> dict[str, Any]:
    """Read one delivery with its lines and parcels."""
    return delivery_out(delivery_by_number(number, by=request.who))


@does(
    router, "/deliveries/{number}/parcels", name="delivery_parcels", operation="name_parcels", scope=Scope.STOCK_WRITE, out=DeliveryOut,
    status=200,
)  # fmt: skip
def parcels(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: CarriageIn) -> HttpResponse:
    """Write the parcels of a delivery anew, as when the carrier brings the waybills later.

    The receiver is told again. Refused once it was received.
    """

    def do() -> DeliveryOut:
        delivery = delivery_by_number(number, by=request.who)
        name_parcels(delivery.pk, carriage_of(sent), by=request.who, at=request.at)
        return _delivery_now(request, number)

    return once(request, idempotency_key, do, status=200)


@does(
    router, "/deliveries/{number}/receive", name="delivery_receive", operation="receive_delivery", scope=Scope.STOCK_WRITE, out=DeliveryOut,
    status=200,
)  # fmt: skip
def receive(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: ReceivedIn) -> HttpResponse:
    """Confirm a delivery to your firm, all as sent or as counted.

    What differs becomes a report, whose number stands in `differences`. After the regulation's days it needs the seller's consent.
    """

    def do() -> DeliveryOut:
        delivery = delivery_by_number(number, by=request.who)
        lines = ((one.line, LineCount(*map(read_copies, (one.good, one.damaged, one.wrong)))) for one in sent.lines)
        received = Received(_each_once(lines), sent.note, read_files(sent.photos, field="photos"))
        receive_delivery(delivery.pk, received, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        return _delivery_now(request, number)

    return once(request, idempotency_key, do, status=200)


@reads(router, "/differences", name="differences", operation="list_differences", scope=Scope.STOCK_READ, out=DifferencePage)
def list_differences(request: ApiRequest, asked: Query[DifferenceFilter]) -> dict[str, Any]:
    """List reports of differences, newest first, of deliveries that your firm sent or gets."""
    state = asked.state.value if asked.state else ""
    wanted = DeliveryFeed(state=state, updated_since=asked.updated_since, delivery=asked.delivery or "")
    found = feed_of_differences(request.who, wanted, below=place_in_list(request, asked), most=asked.limit + ONE_MORE)
    return page_of(request, asked, found, shape=difference_out, place=lambda report: report.pk)


@reads(router, "/differences/{number}", name="difference", operation="get_difference", scope=Scope.STOCK_READ, out=DifferenceOut)
def get_difference(request: ApiRequest, number: Path[OrderNumber]) -> dict[str, Any]:
    """Read one report of differences."""
    return difference_out(difference_by_number(number, by=request.who))


@does(
    router, "/differences/{number}/count", name="difference_count", operation="count_difference", scope=Scope.STOCK_WRITE,
    out=DifferenceOut, status=200,
)  # fmt: skip
def count(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: FoundIn) -> HttpResponse:
    """Say how many of the missing copies the warehouse has.

    One figure for each difference that is short, damaged or of another title. May be said again until it is answered.
    """

    def do() -> DifferenceOut:
        report = difference_by_number(number, by=request.who)
        places = [(line.order_line.line, line.kind) for line in report.lines.all() if line.kind in NOT_ARRIVED]
        found = _in_order(places, _each_once(((one.line, one.kind.value), read_copies(one.found)) for one in sent.lines))
        count_difference(number, found, by=request.who, at=request.at)
        return _difference_now(request, number)

    return once(request, idempotency_key, do, status=200)


@does(
    router, "/differences/{number}/answer", name="difference_answer", operation="answer_difference", scope=Scope.STOCK_WRITE,
    out=DifferenceOut, status=200,
)  # fmt: skip
def answer(request: ApiRequest, number: Path[OrderNumber], idempotency_key: Key, sent: AnsweredIn) -> HttpResponse:
    """Answer a report of differences, every one of it.

    `send_again` makes the copies a back-order, `credit` credits them at their original net. Where stock is kept the warehouse looks first.
    """

    def do() -> DifferenceOut:
        report = difference_by_number(number, by=request.who)
        places = [(line.order_line.line, line.kind) for line in report.lines.all()]
        given = _in_order(places, _each_once(((one.line, one.kind.value), Answered(one.answer, one.reason)) for one in sent.lines))
        answer_difference(number, given, regulation=regulation_in_force(on=request.today), by=request.who, at=request.at)
        return _difference_now(request, number)

    return once(request, idempotency_key, do, status=200)


def carriage_of(sent: CarriageIn) -> Carriage:
    """Return how a delivery travels as the action takes it."""
    wanted = tuple(
        ParcelWanted(
            one.waybill.strip(),
            None if one.weight is None else Decimal(one.weight),
            None if one.copies is None else read_copies(one.copies),
        )
        for one in sent.parcels
    )
    return Carriage(wanted, sent.carrier.strip(), sent.payer, None if sent.freight is None else Decimal(sent.freight))


def _each_once(lines: Iterable[tuple[PlaceT, ValueT]]) -> dict[PlaceT, ValueT]:
    """Return values by place; refuses (422) a line that stands twice."""
    found: dict[PlaceT, ValueT] = {}
    for number, (place, value) in enumerate(lines):
        if place in found:
            raise bad_input(f"lines.{number}", Text("同一行只能写一次。", "A line stands once."))
        found[place] = value
    return found


def _in_order(places: list[Place], values: dict[Place, ValueT]) -> list[ValueT | None]:
    """Return values in the order of the report, None for one that was not given; refuses (422) what the report does not have."""
    for number, (line, kind) in enumerate(values):
        if (line, kind) not in places:
            text = Text(f"差异报告里没有第 {line} 行的这一项（{kind}）。", f"The report has no such difference of line {line} ({kind}).")
            raise bad_input(f"lines.{number}", text)
    return [values.get(place) for place in places]


def _delivery_now(request: ApiRequest, number: str) -> DeliveryOut:
    return DeliveryOut.model_validate(delivery_out(delivery_by_number(number, by=request.who)))


def _difference_now(request: ApiRequest, number: str) -> DifferenceOut:
    return DifferenceOut.model_validate(difference_out(difference_by_number(number, by=request.who)))
