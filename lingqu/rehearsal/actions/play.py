"""Play the source's orders through the house's own actions. Each call is one transaction, so that none is ever seen half done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.db import transaction

from lingqu.base.calendar import CHINA, china_day
from lingqu.base.refusal import Refusal
from lingqu.base.text import Text
from lingqu.credit.actions import NewReceipt, enter_receipt, review_line
from lingqu.credit.queries import lines_to_review
from lingqu.orders.actions import Asked, AskedLine, accept_order, ship_order, submit_orders
from lingqu.orders.rules import Covered
from lingqu.orders.states import OrderState, Source
from lingqu.policy.rules import Regulation
from lingqu.rehearsal.queries import House, unapplied_money
from lingqu.rehearsal.rules import IN_ADVANCE, SourceOrder, days_to_pay, money_in_advance

MOST = 100
"""Orders, receipts or shipments in one transaction."""

MONEY_COMES, GOODS_LEAVE, REQUESTS_COME, ANSWERS_GO = time(9), time(10), time(14), time(15)


@transaction.atomic
def play_orders(
    house: House, orders: Sequence[SourceOrder], *, on: date, regulation: Regulation
) -> dict[str, tuple[int, OrderState]]:  # fmt: skip
    """Submit up to 100 new orders of a day, those who pay in advance paying first, and accept what passed; return id and state by number.

    In one transaction, so that the hold of a request is never seen by the job that ends holds: the day of the source is long gone.
    Refuses what no law judges (a defect of the source), naming the order.
    """
    _pay_in_advance(house, orders, regulation, on)
    asked = [_asked(house, order) for order in orders]
    outcomes = submit_orders(asked, regulation=regulation, by=house.by, at=_moment(on, REQUESTS_COME))
    answered: dict[str, tuple[int, OrderState]] = {}
    for order, outcome in zip(orders, outcomes, strict=True):
        if outcome.refusal or outcome.order is None or outcome.state is None:
            raise _of_order(order, outcome.refusal)
        state = outcome.state
        if state is OrderState.HELD:
            accepted = accept_order(
                outcome.order, ship_on=order.shipped_on, regulation=regulation, by=house.by, at=_moment(on, ANSWERS_GO)
            )  # fmt: skip
            state = OrderState(accepted.state)
        answered[order.number] = (outcome.order, state)
    return answered


@transaction.atomic
def play_shipments(house: House, orders: Sequence[int], *, on: date, regulation: Regulation) -> None:
    """Ship up to 100 accepted orders (ids) on the day that the source says."""
    for order in orders:
        ship_order(order, regulation=regulation, by=house.by, at=_moment(on, GOODS_LEAVE))


@transaction.atomic
def hold_what_is_overdue(house: House, *, after: int, regulation: Regulation, at: datetime) -> int:
    """Let the holds of the house's next lines behind `after` follow what is overdue at `at`, as the job does.

    Return the last line that was looked at, 0 when there are no more. Repeated on the same day it changes nothing.
    """
    own = {reseller.line for reseller in house.resellers.values()}
    lines = lines_to_review(on=china_day(at), after=after)
    for line in sorted(own.intersection(lines)):
        review_line(line, regulation=regulation, at=at)
    return lines[-1] if lines else 0


@transaction.atomic
def play_receipts(house: House, orders: Sequence[SourceOrder], *, on: date, regulation: Regulation) -> None:
    """Enter the money for up to 100 accepted orders on the day on which their resellers pay."""
    for order in orders:
        if order.net:
            _receive(house, order, order.net, on, regulation)


def _pay_in_advance(house: House, orders: Sequence[SourceOrder], regulation: Regulation, on: date) -> None:
    paying = [order for order in orders if days_to_pay(order.reseller) == IN_ADVANCE]
    left = unapplied_money(house.resellers[order.reseller].line for order in paying)
    for order in paying:
        line = house.resellers[order.reseller].line
        amount = money_in_advance(order, left[line])
        left[line] = left[line] + amount - order.net
        if amount:
            _receive(house, order, amount, on, regulation)


def _receive(house: House, order: SourceOrder, amount: Decimal, on: date, regulation: Regulation) -> None:
    new = NewReceipt(house.resellers[order.reseller].line, order.number, amount, on, bank_reference=order.number)
    enter_receipt(new, regulation=regulation, by=house.by, at=_moment(on, MONEY_COMES))


def _asked(house: House, order: SourceOrder) -> Asked:
    lines = tuple(
        AskedLine(house.products[line.article], line.pieces, line.discount_bp, line.price) for line in order.lines
    )  # fmt: skip
    # Whatever contract the regulation asks for, these orders had theirs: history is judged, not kept waiting for paper.
    return Asked(order.number, house.firm, house.resellers[order.reseller].firm, lines, source=Source.IMPORT, covered=Covered())


def _of_order(order: SourceOrder, refusal: Refusal | None) -> Refusal:
    why = refusal.text if refusal else Text("没有结果。", "Nothing came out.")
    return Refusal("order_not_played", Text(f"{order.number}：{why.zh}", f"{order.number}: {why.en}"), status=422)


def _moment(on: date, hour: time) -> datetime:
    return datetime.combine(on, hour, CHINA).astimezone(UTC)
