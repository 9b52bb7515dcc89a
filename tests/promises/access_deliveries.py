"""Goods on their way, as objects of addresses: a parcel that waits, a report of differences with its photo, goods that can be picked."""

from __future__ import annotations

from collections.abc import Iterator

from lingqu.documents.queries import attachments_of
from lingqu.orders.actions import Received, receive_delivery
from lingqu.orders.models import Delivery
from lingqu.orders.rules import LineCount
from lingqu.returns.tests.steps import PHOTO
from tests.promises.access_things import Thing
from tests.promises.access_world import Rich, mark

ON_DELIVERY = ("delivery", "delivery_receive", "delivery_parcels", "delivery_late", "delivery_note", "delivery_labels")
ON_DIFFERENCE = ("difference_count", "difference_answer")


def tell_deliveries(world: Rich) -> Iterator[tuple[str, Thing]]:
    """Add them for every seller and buyer, and return them with the names of their addresses."""
    for (seller, buyer), made in world.made.items():
        name = f"{seller}>{buyer}"
        delivery = Delivery.objects.get(order__number=made["order"])
        new = Received({1: LineCount(9)}, mark(seller, buyer), (PHOTO,))
        report = receive_delivery(delivery.pk, new, regulation=world.regulation, by=world.who(f"{buyer}_owner"), at=world.at)
        assert report
        photo = attachments_of("difference", [report.pk])[report.pk][0].id
        yield from ((route, Thing(name, {"number": delivery.number}, seller, buyer)) for route in ON_DELIVERY)
        yield from ((route, Thing(name, {"number": report.number}, seller, buyer)) for route in ON_DIFFERENCE)
        yield "difference_photo", Thing(name, {"number": report.number, "attachment": photo}, seller, buyer)
        yield "order_pick_slip", Thing(name, {"number": made["to_pick"]}, seller, buyer)
