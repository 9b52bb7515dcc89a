"""Deliveries as people look for them, and one with everything that its page and papers show, in a fixed number of statements."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import msgspec
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from lingqu.base.calendar import CHINA, china_day
from lingqu.base.refusal import not_found
from lingqu.documents.queries import AttachedFile, FileContent, attachment_content, attachments_of
from lingqu.orders.models import Delivery, DeliveryLine, Difference, DifferenceLine, Order, Parcel
from lingqu.orders.queries.lists import NUMBER, YEARS_BACK
from lingqu.orders.queries.names import firms_called
from lingqu.orders.queries.picking import LotToPick, lots_of_delivery
from lingqu.orders.rules import MAKES_UP, report_until
from lingqu.orders.states import DeliveryState
from lingqu.organisation.queries import Acting
from lingqu.partners.models import Partner
from lingqu.policy.rules import Regulation

PAGE_ROWS = 50
SUBJECT = "difference"
DELIVERY_GROUPS = ("all", "sent", "late", "differing", "received")


class DeliveryFilter(msgspec.Struct, frozen=True):
    """What a list shows: a group, words of number, waybill or firm, and the id below which the page goes on."""

    group: str = "all"
    words: str = ""
    before: int | None = None


class DeliveryRow(msgspec.Struct, frozen=True):
    """One line of the list: the delivery with its request, copies, parcels, and whether nobody confirmed it in time."""

    delivery: Delivery
    copies: int
    parcels: int
    late: bool


class DeliveryPage(msgspec.Struct, frozen=True):
    """Rows of one page, and whether there are more below."""

    rows: list[DeliveryRow]
    more_below: bool


class WholeDelivery(msgspec.Struct, frozen=True):
    """A delivery with its lines, parcels, reports of differences (newest first) and their photos by report.

    `expected` are the copies by line number that should be with the receiver now; until `until` differences are taken without consent;
    `lots` are those from which it was picked, by product.
    """

    delivery: Delivery
    partner: Partner | None
    lines: list[DeliveryLine]
    parcels: list[Parcel]
    differences: list[Difference]
    photos: dict[int, list[AttachedFile]]
    expected: dict[int, int]
    until: date
    lots: dict[int, tuple[LotToPick, ...]]
    keeps_stock: bool


def deliveries_for(by: Acting) -> QuerySet[Delivery]:
    """Return the deliveries that the person sees, newest first: those that their firm sent or gets."""
    seen = Q(order__seller_id=by.firm) | Q(order__buyer_id=by.firm)
    return Delivery.objects.filter(seen).select_related("order__seller", "order__buyer", "shipped_by").order_by("-id")


def page_of_deliveries(
    by: Acting, wanted: DeliveryFilter, *, on: date, regulation: Regulation, most: int = PAGE_ROWS
) -> DeliveryPage:  # fmt: skip
    """Return one page of 50 rows, or of `most`; the number of statements does not depend on the rows."""
    late_before = _late_before(on, regulation)
    found = _of_group(deliveries_for(by), wanted.group, late_before)
    if wanted.words.strip():
        found = found.filter(_called(wanted.words.strip(), on))
    if wanted.before is not None:
        found = found.filter(pk__lt=wanted.before)
    some = list(found[: most + 1])
    ids = [delivery.pk for delivery in some[:most]]
    copies = dict(DeliveryLine.objects.filter(delivery__in=ids).values_list("delivery").annotate(Sum("copies")).order_by())
    parcels = dict(Parcel.objects.filter(delivery__in=ids).values_list("delivery").annotate(Count("pk")).order_by())
    rows = [
        DeliveryRow(
            one, copies.get(one.pk, 0), parcels.get(one.pk, 0), one.state == DeliveryState.SENT.value and one.shipped_at < late_before
        )
        for one in some[:most]
    ]
    return DeliveryPage(rows, len(some) > most)


def whole_delivery(number: str, *, by: Acting, regulation: Regulation) -> WholeDelivery:
    """Return one delivery whole; refuses (404) what does not exist or is not the person's to see."""
    found = deliveries_for(by).select_related("order__seller__warehouse", "order__buyer", "shipped_by", "received_by", "late_allowed_by")
    delivery = found.filter(number=number).first() if NUMBER.fullmatch(number) else None
    if delivery is None:
        raise not_found()
    lines = list(delivery.lines.select_related("order_line__product").order_by("order_line__line"))
    each = DifferenceLine.objects.select_related("order_line__product").order_by("order_line__line", "id")
    differences = list(
        delivery.differences.select_related("reported_by", "counted_by", "answered_by", "goods_return")
        .prefetch_related(Prefetch("lines", queryset=each))
        .order_by("-id")
    )
    expected = {line.order_line.line: line.copies for line in lines}
    for difference in differences:
        for line in difference.lines.all():
            expected[line.order_line.line] -= line.copies if line.answer in {one.value for one in MAKES_UP} else 0
    order = delivery.order
    return WholeDelivery(
        delivery=delivery,
        partner=partner_of(order),
        lines=lines,
        parcels=list(delivery.parcels.order_by("number")),
        differences=differences,
        photos=attachments_of(SUBJECT, [one.pk for one in differences]),
        expected=expected,
        until=report_until(china_day(delivery.shipped_at), regulation.parameters.receipt_difference_days),
        lots=dict(lots_of_delivery(delivery.pk)),
        keeps_stock=hasattr(order.seller, "warehouse"),
    )


def partner_of(order: Order) -> Partner | None:
    """Return the buyer of a request as its seller's partner, with its address; None where there is none."""
    return Partner.objects.filter(seller_id=order.seller_id, firm_id=order.buyer_id).first()


def photo_of(number: str, attachment: int, *, by: Acting) -> FileContent:
    """Return a photo of a report of differences; refuses (404) what is not the person's to see, and another report's."""
    found = Difference.objects.filter(number=number, delivery__in=deliveries_for(by)).first() if NUMBER.fullmatch(number) else None
    if found is None:
        raise not_found()
    return attachment_content(attachment, kind=SUBJECT, document=found.pk)


def report_for(number: str, *, by: Acting) -> Difference:
    """Return a report of differences with its delivery; refuses (404) what is not the person's to see."""
    reports = Difference.objects.select_related("delivery__order").filter(delivery__in=deliveries_for(by))
    found = reports.filter(number=number).first() if NUMBER.fullmatch(number) else None
    if found is None:
        raise not_found()
    return found


def delivery_for(number: str, *, by: Acting) -> Delivery:
    """Return a delivery by its number; refuses (404) what does not exist or is not the person's to see."""
    found = deliveries_for(by).filter(number=number).first() if NUMBER.fullmatch(number) else None
    if found is None:
        raise not_found()
    return found


def _late_before(on: date, regulation: Regulation) -> datetime:
    """Return the moment before which a delivery must have left for its time to be over today."""
    days = regulation.parameters.receipt_difference_days
    return datetime.combine(on - timedelta(days=days), time(), CHINA)


def _of_group(found: QuerySet[Delivery], group: str, late_before: datetime) -> QuerySet[Delivery]:
    if group == "sent":
        return found.filter(state=DeliveryState.SENT.value)
    if group == "late":
        return found.filter(state=DeliveryState.SENT.value, shipped_at__lt=late_before)
    if group == "differing":
        return found.filter(state=DeliveryState.DIFFERING.value)
    if group == "received":
        return found.filter(state__in=(DeliveryState.CONFIRMED.value, DeliveryState.ANSWERED.value))
    return found


def _called(words: str, on: date) -> Q:
    """Find by the number of delivery or request, whole or from its start or the count alone, by a waybill's start, or by the firm."""
    capital = words.upper().replace(" ", "")
    by_waybill = Exists(Parcel.objects.filter(delivery=OuterRef("pk"), waybill__startswith=words))
    firms = list(firms_called(words).values_list("pk", flat=True)[:500])
    number = Q(number__startswith=capital) | Q(order__number=capital)
    if capital.isascii() and capital.isdigit():
        number = Q(number__in=[f"PS-{year}-{capital.lstrip('0').zfill(4)}" for year in range(on.year - YEARS_BACK, on.year + 1)])
    return number | Q(by_waybill) | Q(order__buyer_id__in=firms) | Q(order__seller_id__in=firms)
