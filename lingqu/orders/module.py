"""What this module declares: requests, special signatures, deliveries and differences. Their pages are written by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse

from lingqu.base.access import Way
from lingqu.base.calendar import china_day
from lingqu.base.text import Text
from lingqu.documents.registry import DocumentType, HandMade, Look, Shown, Verb
from lingqu.orders.access import (
    may_answer,
    may_answer_difference,
    may_receive,
    may_ship,
    may_submit,
    may_withdraw,
    signs_directly,
)
from lingqu.orders.models import Delivery, Difference, Order, SignatureRequest
from lingqu.orders.present import ORDER_TONES
from lingqu.orders.present.paths import may_go
from lingqu.orders.rules import NOT_ARRIVED, report_until
from lingqu.orders.states import (
    DELIVERIES,
    DIFFERENCES,
    ORDERS,
    SIGNATURES,
    DeliveryVerb,
    DifferenceState,
    DifferenceVerb,
    OrderVerb,
    SignatureVerb,
)
from lingqu.organisation.queries import Acting
from lingqu.organisation.states import FirmKind
from lingqu.policy.queries import regulation_in_force


def _of_seller(may: Callable[[Acting, int], bool]) -> Callable[[Acting, Order, date], bool]:
    return lambda who, order, on: may(who, order.seller_id)  # noqa: ARG005 - the registry hands the day too


def _path(key: str, who: Acting, order: Order, on: date) -> bool:  # noqa: ARG001 - the registry hands the day too
    return may_go(key, order, who)


def _decides_again(who: Acting, order: Order, on: date) -> bool:  # noqa: ARG001 - the registry hands the day too
    return may_answer(who, order.seller_id) or may_withdraw(who, order.buyer_id)


def _waives(who: Acting, order: Order, on: date) -> bool:
    newest = order.decisions.order_by("-id").first()
    if newest is None or who.firm != order.seller_id or order.entered_by_id == who.person:
        return False
    return set(newest.failed.split()) <= set(signs_directly(who, regulation_in_force(on=on)))


def _hands_in(who: Acting, order: Order, on: date) -> bool:  # noqa: ARG001 - the registry hands the day too
    return order.needs_contract and may_submit(who, order.seller_id, order.buyer_id)


ORDER = DocumentType(
    key="order", title=Text("进货申请", "Request"), plural=Text("进货申请", "Requests"), slug="orders", series="JH", model=Order,
    states=ORDERS, about="buyer", by="entered_by", at="submitted_at",
    tones={state.value: tone for state, tone in ORDER_TONES.items()}, hand_made=HandMade(list="orders", one="order", new="order_new"),
    verbs=(
        Verb(verb=OrderVerb.ACCEPT, may=_of_seller(may_answer), route="order_accept"),
        Verb(verb=OrderVerb.DECLINE, may=_of_seller(may_answer), route="order_decline"),
        Verb(verb=OrderVerb.WITHDRAW, may=lambda who, order, on: may_withdraw(who, order.buyer_id), route="order_withdraw"),  # noqa: ARG005 - no day
        Verb(verb=OrderVerb.DECIDE_AGAIN, may=_decides_again, route="order_decide"),
        Verb(verb=OrderVerb.WAIVE, may=_waives, route="order_waive"),
        Verb(verb=OrderVerb.HAND_IN, may=_hands_in, route="order_hand_in"),
        Verb(verb=OrderVerb.SHIP, may=_of_seller(may_ship), route="order_ship"),
        Verb(verb=OrderVerb.SHIP_PART, may=_of_seller(may_ship), route="order_parts"),
        Verb(verb=OrderVerb.AMEND, may=partial(_path, "change"), route="order_change"),
        Verb(verb=OrderVerb.SPLIT, may=partial(_path, "split"), route="order_split"),
        Verb(verb=OrderVerb.MERGE, may=partial(_path, "merge"), route="order_merge"),
        Verb(verb=OrderVerb.REOPEN, may=partial(_path, "reopen"), route="order_reopen"),
        Verb(verb=OrderVerb.CANCEL, may=partial(_path, "cancel"), route="order_cancel"),
        Verb(verb=OrderVerb.CLOSE_REST, may=partial(_path, "close"), route="order_close"),
        Verb(verb=OrderVerb.TAKE_BACK, may=partial(_path, "return"), route="order_return"),
    ),
)  # fmt: skip
"""The page that matters most, and the list of a million rows: both are written by hand and stay so."""


def _asked(who: Acting, asked: SignatureRequest, on: Any) -> bool:  # noqa: ANN401, ARG001 - the registry hands the day too
    return who.person in (asked.asked_by_id, asked.asked_for_id)


def _order_of(asked: SignatureRequest) -> str:
    return reverse("order", args=[asked.order.number])


SIGNATURE = DocumentType(
    key="signature_request", title=Text("特批申请", "Request for a special signature"), plural=Text("特批申请", "Signatures asked for"),
    slug="signature-requests", series="TQ", model=SignatureRequest, states=SIGNATURES, about="order.buyer",
    tones={
        "asked": "waiting", "sent_back": "waivable", "signed": "waived", "refused": "refused", "withdrawn": "closed", "void": "closed",
    },
    hand_made=HandMade(one="order", address=_order_of), list_ways=(Way(kinds=(FirmKind.HQ.value,)),),
    columns=(
        Shown("request", Text("进货申请", "Request"), "order.number", Look.CODE, link=_order_of),
        Shown("amount", Text("超出额度", "Over the limit"), "amount", Look.MONEY, summed=True),
        Shown("reason", Text("理由", "Reason"), "reason"),
    ),
    verbs=(
        Verb(verb=SignatureVerb.ASK_AGAIN, may=_asked, route="signature_again"),
        Verb(verb=SignatureVerb.WITHDRAW, may=_asked, route="signature_withdraw"),
    ),
)  # fmt: skip


def _confirms(who: Acting, delivery: Delivery, on: date) -> bool:  # noqa: ARG001 - the registry hands the day too
    return may_receive(who, delivery.order.buyer_id)


def _reports(who: Acting, delivery: Delivery, on: date) -> bool:
    days = regulation_in_force(on=on).parameters.receipt_difference_days
    in_time = on <= report_until(china_day(delivery.shipped_at), days) or delivery.late_allowed_at is not None
    return in_time and may_receive(who, delivery.order.buyer_id)


def _counts(who: Acting, report: Difference, on: Any) -> bool:  # noqa: ANN401, ARG001 - the registry hands the day too
    return _to_look_at(report) and may_ship(who, report.delivery.order.seller_id)


def _answers(who: Acting, report: Difference, on: Any) -> bool:  # noqa: ANN401, ARG001 - the registry hands the day too
    ready = report.state == DifferenceState.COUNTED.value or not _to_look_at(report)
    return ready and may_answer_difference(who, report.delivery.order.seller_id)


def _to_look_at(report: Difference) -> bool:
    kinds = [kind.value for kind in NOT_ARRIVED]
    return hasattr(report.delivery.order.seller, "warehouse") and report.lines.filter(kind__in=kinds).exists()


def _delivery_of(report: Difference) -> str:
    return reverse("delivery", args=[report.delivery.number])


DELIVERY = DocumentType(
    key="delivery", title=Text("发货", "Delivery"), plural=Text("发货", "Deliveries"), slug="deliveries", series="PS", model=Delivery,
    states=DELIVERIES, tones={"sent": "waiting", "confirmed": "done", "differing": "failed", "answered": "done"}, about="order.buyer",
    by="shipped_by", at="shipped_at", hand_made=HandMade(list="deliveries", one="delivery"),
    verbs=(
        Verb(verb=DeliveryVerb.CONFIRM, may=_confirms, route="delivery_receive"),
        Verb(verb=DeliveryVerb.REPORT, may=_reports, route="delivery_receive"),
    ),
)  # fmt: skip
DIFFERENCE = DocumentType(
    key="difference", title=Text("收货差异", "Difference"), plural=Text("收货差异", "Differences"), slug="differences", series="CY",
    model=Difference, states=DIFFERENCES, tones={"reported": "waiting", "counted": "waiting", "answered": "done"},
    about="delivery.order.buyer", by="reported_by", at="reported_at", hand_made=HandMade(one="delivery", address=_delivery_of),
    columns=(
        Shown("delivery", Text("发货", "Delivery"), "delivery.number", Look.CODE, link=_delivery_of),
        Shown("request", Text("进货申请", "Request"), "delivery.order.number", Look.CODE), Shown("note", Text("说明", "Note"), "note"),
    ),
    verbs=(
        Verb(verb=DifferenceVerb.COUNT, may=_counts, route="difference_count"),
        Verb(verb=DifferenceVerb.ANSWER, may=_answers, route="difference_answer"),
    ),
)  # fmt: skip
"""Goods that came back (series TH) have no states: they are booked or not there."""

DOCUMENT_TYPES = (ORDER, SIGNATURE, DELIVERY, DIFFERENCE)
