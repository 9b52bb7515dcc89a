"""A delivery on its page: its course, what the person may do with it, and its reports of differences in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from lingqu.base.text import Text
from lingqu.orders.access import may_answer_difference, may_consent_late, may_receive, may_ship
from lingqu.orders.models import Delivery, Difference, DifferenceLine
from lingqu.orders.present.rows import Badge
from lingqu.orders.queries import DeliveryRow, WholeDelivery
from lingqu.orders.rules import FITTING, NOT_ARRIVED
from lingqu.orders.states import (
    ANSWER_WORDS,
    DELIVERIES,
    DIFFERENCE_WORDS,
    DIFFERENCES,
    PAYER_WORDS,
    DeliveryState,
    DifferenceAnswer,
    DifferenceKind,
    DifferenceState,
    FreightPayer,
)
from lingqu.organisation.queries import Acting

_KINDS = {
    DeliveryState.SENT: "progress",
    DeliveryState.CONFIRMED: "done",
    DeliveryState.DIFFERING: "waiting",
    DeliveryState.ANSWERED: "done",
}
_REPORT_KINDS = {DifferenceState.REPORTED: "waiting", DifferenceState.COUNTED: "waiting", DifferenceState.ANSWERED: "done"}
LATE = Text("逾期未签收", "Not confirmed in time")
DELIVERY_GROUP_WORDS = {
    "all": Text("全部", "All"),
    "sent": Text("待签收", "On their way"),
    "late": LATE,
    "differing": Text("有差异", "Differing"),
    "received": Text("已签收", "Received"),
}


class ListedDelivery(msgspec.Struct, frozen=True):
    """One line of the list; `other` is the firm on the other side."""

    row: DeliveryRow
    other: str
    badge: Badge


class DifferenceRow(msgspec.Struct, frozen=True):
    """One difference of a report, with its place among those to be looked for (None: nothing to look for) and the answers that fit."""

    line: DifferenceLine
    kind: Text
    looked: int | None
    answer: Text | None
    offers: tuple[tuple[str, Text], ...]
    typed: Mapping[str, str] = {}


class Report(msgspec.Struct, frozen=True):
    """A report of differences with its rows, and what the person may do with it."""

    difference: Difference
    badge: Badge
    rows: tuple[DifferenceRow, ...]
    photos: tuple[tuple[int, str], ...]
    counts: bool
    answers: bool
    is_open: bool


class ReceiptRow(msgspec.Struct, frozen=True):
    """A line of the form in which the receiver counts: copies expected, and what was typed."""

    line: int
    code: str
    title: str
    expected: int
    good: str
    damaged: str
    wrong: str


class DeliveryView(msgspec.Struct, frozen=True):
    """Everything that the page of a delivery shows.

    `confirms`: all as sent may be confirmed; `reports`: differences may be told now; `consents`: a late report may be consented to.
    """

    whole: WholeDelivery
    badge: Badge
    late: bool
    payer: Text | None
    copies: int
    confirms: bool
    reports: bool
    too_late: bool
    consents: bool
    names_parcels: bool
    selling: bool
    rows: tuple[ReceiptRow, ...]
    reports_of: tuple[Report, ...]


def badge_of_delivery(delivery: Delivery, *, late: bool) -> Badge:
    """Return where a delivery stands as a badge."""
    if late:
        return Badge("late", LATE)
    state = DeliveryState(delivery.state)
    return Badge(_KINDS[state], DELIVERIES.words[state])


def listed_deliveries(rows: list[DeliveryRow], *, firm: int) -> list[ListedDelivery]:
    """Return the rows of the list: a buyer sees its seller, a seller its buyer."""
    return [
        ListedDelivery(
            row,
            row.delivery.order.buyer.name if row.delivery.order.seller_id == firm else row.delivery.order.seller.name,
            badge_of_delivery(row.delivery, late=row.late),
        )
        for row in rows
    ]


def delivery_view(whole: WholeDelivery, *, who: Acting, on: date, typed: Mapping[str, str]) -> DeliveryView:
    """Return the page of a delivery as the person sees it; `typed` comes back in the forms after a refusal."""
    delivery = whole.delivery
    order, state = delivery.order, DeliveryState(delivery.state)
    late, receives = on > whole.until, may_receive(who, order.buyer_id)
    open_to_report = state is not DeliveryState.DIFFERING and any(whole.expected.values())
    allowed = not late or delivery.late_allowed_at is not None
    return DeliveryView(
        whole=whole,
        badge=badge_of_delivery(delivery, late=late and state is DeliveryState.SENT),
        late=late and state is DeliveryState.SENT,
        payer=PAYER_WORDS[FreightPayer(delivery.payer)] if delivery.payer else None,
        copies=sum(line.copies for line in whole.lines),
        confirms=receives and state is DeliveryState.SENT,
        reports=receives and open_to_report and allowed,
        too_late=receives and open_to_report and not allowed,
        consents=late and open_to_report and delivery.late_allowed_at is None and may_consent_late(who, order.seller_id),
        names_parcels=state is DeliveryState.SENT and may_ship(who, order.seller_id),
        selling=who.firm == order.seller_id,
        rows=_receipt_rows(whole, typed),
        reports_of=tuple(_report(whole, one, who, typed) for one in whole.differences),
    )


def _receipt_rows(whole: WholeDelivery, typed: Mapping[str, str]) -> tuple[ReceiptRow, ...]:
    rows = []
    for line in whole.lines:
        number, product = line.order_line.line, line.order_line.product
        expected = whole.expected[number]
        cells = [typed.get(f"{name}-{number}", usual) for name, usual in (("good", str(expected)), ("damaged", ""), ("wrong", ""))]
        rows.append(ReceiptRow(number, product.code, product.name, expected, *cells))
    return tuple(rows)


def _report(whole: WholeDelivery, difference: Difference, who: Acting, typed: Mapping[str, str]) -> Report:
    state, seller = DifferenceState(difference.state), whole.delivery.order.seller_id
    is_open = state is not DifferenceState.ANSWERED
    lines = list(difference.lines.all())
    looked = [line.pk for line in lines if line.kind in NOT_ARRIVED]
    to_count = whole.keeps_stock and bool(looked)
    shown = DifferenceState.COUNTED if state is DifferenceState.REPORTED and not to_count else state
    rows = tuple(
        DifferenceRow(
            line,
            DIFFERENCE_WORDS[DifferenceKind(line.kind)],
            looked.index(line.pk) if line.pk in looked else None,
            ANSWER_WORDS[DifferenceAnswer(line.answer)] if line.answer else None,
            tuple((one.value, ANSWER_WORDS[one]) for one in FITTING[DifferenceKind(line.kind)]),
            {
                "answer": typed.get(f"answer-{place}", ""), "reason": typed.get(f"reason-{place}", ""),
                "found": typed.get(f"found-{looked.index(line.pk)}", "") if line.pk in looked else "",
            },
        )
        for place, line in enumerate(lines)
    )  # fmt: skip
    return Report(
        difference=difference,
        badge=Badge(_REPORT_KINDS[shown], DIFFERENCES.words[shown]),
        rows=rows,
        photos=tuple((file.id, file.name) for file in whole.photos[difference.pk]),
        counts=is_open and to_count and may_ship(who, seller),
        answers=is_open and may_answer_difference(who, seller) and (state is DifferenceState.COUNTED or not to_count),
        is_open=is_open,
    )
