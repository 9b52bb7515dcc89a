"""The parcels of a delivery: written when it leaves, corrected while nobody has received it, and told to the buyer (M-16.3.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lingqu.audit.actions import Deed, record
from lingqu.base.calendar import china_day
from lingqu.base.database import must_be_atomic
from lingqu.base.refusal import Refusal, forbidden, not_found
from lingqu.base.text import Text
from lingqu.notices.actions import notify
from lingqu.notices.rules import Message
from lingqu.orders.access import SHIPPING_POSTS, may_ship
from lingqu.orders.models import Delivery, Parcel
from lingqu.orders.rules import Carriage, check_carriage
from lingqu.orders.states import DeliveryState
from lingqu.organisation.models import Person
from lingqu.organisation.queries import Acting, holders
from lingqu.organisation.states import PostCode

MOST_TOLD = 6


@transaction.atomic
def name_parcels(delivery_id: int, carriage: Carriage, *, by: Acting, at: datetime) -> Delivery:
    """Write the parcels of a delivery anew, as when the carrier brought the waybills later, and return it; the buyer is told again.

    Refuses what `check_carriage` does, a person who may not ship, and (`received_already`) a delivery that was received.
    """
    delivery = lock_delivery(delivery_id)
    seller = delivery.order.seller_id
    if not may_ship(by, seller):
        raise forbidden(Text("运单由库房管理员登记。", "Waybills are entered by the warehouse keeper."))
    if delivery.state != DeliveryState.SENT.value:
        raise Refusal(
            "received_already", Text("对方已签收，运单不再更改。", "It was received already; its parcels are not changed any more.")
        )
    check_carriage(carriage)
    before = {"waybills": [parcel.waybill for parcel in delivery.parcels.order_by("number")]}
    delivery.parcels.all().delete()
    write_carriage(delivery, carriage)
    after = {"delivery": delivery.number, "waybills": [parcel.waybill for parcel in carriage.parcels]}
    record([Deed("name_parcels", "order", delivery.order_id, after, before, on_behalf_of=by.for_whom(SHIPPING_POSTS, seller))],
           by=by.person, at=at)  # fmt: skip
    tell_parcels(delivery, by=by, at=at)
    return delivery


def lock_delivery(delivery_id: int) -> Delivery:
    """Lock a delivery and return it with its request; refuses (404) an unknown one. Who needs the request locked, locks it before."""
    must_be_atomic()
    found = Delivery.objects.select_for_update(of=("self",)).select_related("order__seller", "order__buyer").filter(pk=delivery_id).first()
    if found is None:
        raise not_found()
    return found


def write_carriage(delivery: Delivery, carriage: Carriage) -> None:
    """Write how a delivery travels. The waybill of its first parcel stands on the delivery too, for lists."""
    must_be_atomic()
    Parcel.objects.bulk_create(
        Parcel(delivery=delivery, number=place, waybill=one.waybill, weight=one.weight, copies=one.copies)
        for place, one in enumerate(carriage.parcels, 1)
    )
    delivery.waybill = carriage.parcels[0].waybill
    delivery.carrier = carriage.carrier
    delivery.payer = carriage.payer.value if carriage.payer else ""
    delivery.freight = carriage.freight
    delivery.save(update_fields=["waybill", "carrier", "payer", "freight"])


def tell_parcels(delivery: Delivery, *, by: Acting, at: datetime) -> None:
    """Tell the receivers at the buyer what is on its way, in how many parcels and by which waybills."""
    must_be_atomic()
    order = delivery.order
    waybills = list(delivery.parcels.order_by("number").values_list("waybill", flat=True))
    named = [one for one in waybills if one]
    zh = f"{len(waybills)} 件" + (f"，运单 {'、'.join(named[:MOST_TOLD])}{'等' if len(named) > MOST_TOLD else ''}" if named else "")
    en = f"{len(waybills)} parcels" + (f", waybills {', '.join(named[:MOST_TOLD])}" if named else "")
    message = Message(
        f"delivery:{delivery.pk}:sent:{at:%Y%m%d%H%M%S}",
        "order",
        Text(f"{delivery.number} 已发出（{order.number}）", f"{delivery.number} has left ({order.number})"),
        Text(
            f"{delivery.carrier} {zh}。收到后请清点签收。".strip(),
            f"{delivery.carrier} {en}. Please count and confirm it on arrival.".strip(),
        ),
        f"/deliveries/{delivery.number}/",
    )
    notify(message, to=receivers(delivery, at=at) - {by.person}, at=at)


def receivers(delivery: Delivery, *, at: datetime) -> set[int]:
    """Return who is told about a delivery at the buyer: owners, and who of them entered the request."""
    order = delivery.order
    people = {person for person, _ in holders((PostCode.OWNER.value,), order.buyer_id, on=china_day(at))}
    return people | set(Person.objects.filter(pk=order.entered_by_id, firm_id=order.buyer_id).values_list("pk", flat=True))
