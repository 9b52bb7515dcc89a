"""A delivery arrives: the receiver confirms it or reports what differs, in time or with the manager's consent (M-16.3.2).

Nothing is ever confirmed silently: a delivery that nobody confirmed is shown, and its receiver reminded once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import bad_input, forbidden
from lingqu.base.text import Text
from lingqu.documents.actions import attach, take_numbers
from lingqu.documents.rules import NewFile, check_scans
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.orders.access import BUYING_POSTS, CONSENTING_POSTS, SHIPPING_POSTS, may_consent_late, may_receive
from lingqu.orders.actions.deliveries_parcels import lock_delivery, receivers
from lingqu.orders.models import Delivery, Difference, DifferenceLine, OrderLine
from lingqu.orders.rules import MAKES_UP, Differs, LineCount, differences_of, report_until, too_late
from lingqu.orders.states import DELIVERIES, DIFFERENCE_WORDS, DeliveryState, DeliveryVerb, DifferenceKind, DifferenceState
from lingqu.organisation.queries import Acting, holders
from lingqu.partners.queries import representatives_of
from lingqu.policy.rules import Regulation

SERIES = "CY"
MOST_NOTE = 400
MOST_REASON = 200
PHOTOS = "photos"


class Received(msgspec.Struct, frozen=True):
    """What the receiver counted, by line number; lines not named arrived as sent. Photos and a note belong to differences."""

    counted: Mapping[int, LineCount] = {}
    note: str = ""
    photos: Sequence[NewFile] = ()


@transaction.atomic
def receive_delivery(delivery_id: int, received: Received, *, regulation: Regulation, by: Acting, at: datetime) -> Difference | None:
    """Confirm a delivery as counted; return None when all arrived as sent, and the report of differences (series CY) when not.

    All as sent may be confirmed at any time, once. Differences are taken for `receipt_difference_days` after shipping, also when it was
    confirmed before, and later only with the manager's consent (`too_late`). Refuses who is not of the buyer, a state in which a report
    waits for its answer, lines and copies that cannot be, nothing new on a confirmed delivery, and files that are no photos.
    """
    delivery = lock_delivery(delivery_id)
    order = delivery.order
    if not may_receive(by, order.buyer_id):
        raise forbidden(Text("由收货方清点签收。", "The receiver counts and confirms it."))
    expected = expected_copies(delivery)
    differs = differences_of(expected, received.counted)
    verb = DeliveryVerb.REPORT if differs else DeliveryVerb.CONFIRM
    state = DELIVERIES.next(DeliveryState(delivery.state), verb)
    on_time = china_day(at) <= report_until(china_day(delivery.shipped_at), regulation.parameters.receipt_difference_days)
    if differs and not on_time and delivery.late_allowed_at is None:
        raise too_late(report_until(china_day(delivery.shipped_at), regulation.parameters.receipt_difference_days))
    difference = _write(delivery, received, differs, late=not on_time, by=by, at=at) if differs else None
    delivery.state = state.value
    if delivery.received_at is None:
        delivery.received_at, delivery.received_by_id = at, by.person
    # A consent is for one report.
    delivery.late_allowed_at = None if differs else delivery.late_allowed_at
    delivery.save(update_fields=["state", "received_at", "received_by", "late_allowed_at"])
    after: dict[str, object] = {"delivery": delivery.number, "state": delivery.state}
    if difference:
        after |= {"difference": difference.number, "copies": sum(one.copies for one in differs)}
    deed = Deed("report_difference" if differs else "confirm_receipt", "order", order.pk, after, {}, regulation.reference)
    record([msgspec.structs.replace(deed, on_behalf_of=by.for_whom(BUYING_POSTS, order.buyer_id))], by=by.person, at=at)
    if difference:
        _tell_seller(delivery, difference, differs, by=by, at=at)
    return difference


def expected_copies(delivery: Delivery) -> dict[int, int]:
    """Return what should be with the receiver by line number: what left, less what was sent again or credited since."""
    must_be_atomic()
    expected = {line.order_line.line: line.copies for line in delivery.lines.select_related("order_line").order_by("order_line__line")}
    gone = DifferenceLine.objects.filter(difference__delivery=delivery, answer__in=[one.value for one in MAKES_UP])
    for number, copies in gone.values_list("order_line__line", "copies"):
        expected[number] -= copies
    return expected


def _write(delivery: Delivery, received: Received, differs: Sequence[Differs], *, late: bool, by: Acting, at: datetime) -> Difference:
    note = received.note.strip()
    if len(note) > MOST_NOTE:
        raise bad_input("note", Text(f"说明最多 {MOST_NOTE} 字。", f"A note has at most {MOST_NOTE} characters."))
    check_scans(received.photos, field=PHOTOS)
    (number,) = take_numbers(SERIES, china_day(at).year)
    difference = Difference.objects.create(
        delivery=delivery, number=number, state=DifferenceState.REPORTED.value, note=note, late=late, reported_by_id=by.person,
        reported_at=at,
    )  # fmt: skip
    lines = dict(OrderLine.objects.filter(order=delivery.order_id).values_list("line", "pk"))
    DifferenceLine.objects.bulk_create(
        DifferenceLine(difference=difference, order_line_id=lines[one.line], kind=one.kind.value, copies=one.copies) for one in differs
    )
    if received.photos:
        absent = by.for_whom(BUYING_POSTS, delivery.order.buyer_id)
        attach("difference", difference.pk, "photo", received.photos, by=by, at=at, on_behalf_of=absent, field=PHOTOS)
    return difference


def _tell_seller(delivery: Delivery, difference: Difference, differs: Sequence[Differs], *, by: Acting, at: datetime) -> None:
    """Tell the warehouse, which is to look, and the representatives, who answer."""
    order, on = delivery.order, china_day(at)
    people = {person for person, _ in holders([post.value for post in SHIPPING_POSTS], order.seller_id, on=on)}
    people |= set(representatives_of(order.buyer_id, order.seller_id, on))
    sums: dict[DifferenceKind, int] = {}
    for one in differs:
        sums[one.kind] = sums.get(one.kind, 0) + one.copies
    words = [(DIFFERENCE_WORDS[kind], copies) for kind, copies in sums.items()]
    zh = "、".join(f"{word.zh} {copies} 册" for word, copies in words)
    en = ", ".join(f"{copies} {word.en.lower()}" for word, copies in words)
    message = Message(
        f"difference:{difference.pk}:reported",
        "order",
        Text(f"{delivery.number} 收货有差异", f"Delivery {delivery.number} differs"),
        Text(f"{order.buyer.name}：{zh}。请库房核对后答复。", f"{order.buyer.name}: {en}. The warehouse is to look, then it is answered."),
        f"/deliveries/{delivery.number}/",
    )
    notify(message, to=people - {by.person}, at=at)


@transaction.atomic
def allow_late_report(delivery_id: int, *, reason: str, regulation: Regulation, by: Acting, at: datetime) -> Delivery:
    """Consent to one report of differences after its time, with a reason, and return the delivery; the receiver is told (M-16.3.2).

    Refuses who is not the manager, an empty reason and one of more than 200 characters, and (`still_open`) while the time still runs.
    """
    delivery = lock_delivery(delivery_id)
    order = delivery.order
    if not may_consent_late(by, order.seller_id):
        raise forbidden(Text("逾期提出差异，由营销主管同意。", "A late report needs the marketing manager's consent."))
    DELIVERIES.next(DeliveryState(delivery.state), DeliveryVerb.REPORT)
    until = report_until(china_day(delivery.shipped_at), regulation.parameters.receipt_difference_days)
    if china_day(at) <= until:
        raise bad_input("reason", Text(f"期限到 {until}，尚不需同意。", f"The time runs until {until}; no consent is needed yet."))
    why = reason.strip()
    if not why or len(why) > MOST_REASON:
        raise bad_input("reason", Text(f"请写明理由，最多 {MOST_REASON} 字。", f"Give the reason, at most {MOST_REASON} characters."))
    delivery.late_allowed_at, delivery.late_allowed_by_id, delivery.late_reason = at, by.person, why
    delivery.save(update_fields=["late_allowed_at", "late_allowed_by", "late_reason"])
    after = {"delivery": delivery.number, "reason": why}
    absent = by.for_whom(CONSENTING_POSTS, order.seller_id)
    record([Deed("allow_late_report", "order", order.pk, after, {}, regulation.reference, absent)], by=by.person, at=at)
    message = Message(
        f"delivery:{delivery.pk}:late:{at:%Y%m%d%H%M%S}",
        "order",
        Text(f"{delivery.number} 可以补报差异", f"Differences of {delivery.number} may be reported"),
        Text("供货方已同意逾期提出一次差异。", "The seller consents to one late report of differences."),
        f"/deliveries/{delivery.number}/",
    )
    notify(message, to=receivers(delivery, at=at) - {by.person}, at=at)
    return delivery


@transaction.atomic
def remind_of_receipts(*, regulation: Regulation, at: datetime) -> int:
    """Remind, once, the receivers of deliveries that nobody confirmed in time, and return how many there were; 500 at most at a time."""
    days = regulation.parameters.receipt_difference_days
    waiting = (
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state=DeliveryState.SENT.value, reminded_at=None)
        .select_related("order")
        .order_by("shipped_at")[:500]
    )
    late = [one for one in waiting if china_day(at) > report_until(china_day(one.shipped_at), days)]
    for delivery in late:
        message = Message(
            f"delivery:{delivery.pk}:reminded",
            "order",
            Text(f"{delivery.number} 还没有签收", f"Delivery {delivery.number} is not confirmed"),
            Text(
                "发出已过签收期限。请清点后签收，没收到的请与供货方联系。",
                "Its time is over. Count and confirm it, or tell the seller that it never came.",
            ),
            f"/deliveries/{delivery.number}/",
        )
        notify(message, to=receivers(delivery, at=at), at=at)
        delivery.reminded_at = at
    Delivery.objects.bulk_update(late, ["reminded_at"])
    return len(late)
