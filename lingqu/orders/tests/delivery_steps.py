"""What the tests of deliveries share: verbs in one word, and that stock, lots, lines and papers agree."""

from __future__ import annotations

from collections.abc import Mapping

from lingqu.inventory.actions import take_goods_in
from lingqu.inventory.models import Lot, StockItem, Warehouse
from lingqu.ledger.queries import standings
from lingqu.orders.actions import (
    Received,
    answer_difference,
    count_difference,
    receive_delivery,
)
from lingqu.orders.models import Delivery, Difference, Order
from lingqu.orders.rules import Answered, LineCount
from lingqu.orders.states import DifferenceAnswer
from tests.world import World


def receive(world: World, delivery: Delivery, counted: Mapping[int, LineCount] | None = None, *, by: str = "agent_clerk") -> Difference:
    """Confirm a delivery, or report what differs."""
    new = Received(counted or {})
    return receive_delivery(delivery.pk, new, regulation=world.regulation, by=world.who(by), at=world.at)  # type: ignore[return-value]


def count(world: World, difference: Difference, *found: int | None, by: str = "warehouse") -> Difference:
    """Say what the warehouse has."""
    return count_difference(difference.number, found, by=world.who(by), at=world.at)


def answer(world: World, difference: Difference, *answers: str, by: str = "representative", reason: str = "") -> Difference:
    """Answer line by line."""
    given = [Answered(DifferenceAnswer(one), reason if one == "refuse" else "") for one in answers]
    return answer_difference(difference.number, given, regulation=world.regulation, by=world.who(by), at=world.at)


def come_in(world: World, copies: Mapping[int, int]) -> None:
    """Goods come into the warehouse of the headquarters, by place of the title."""
    shelf = Warehouse.objects.get(firm=world.hq)
    goods = {world.products[place]: number for place, number in copies.items()}
    take_goods_in(shelf, goods, received_on=world.at.date(), by=world.people["warehouse"], at=world.at)


def on_hand(world: World, place: int) -> tuple[int, int]:
    """Copies of a title in the warehouse, and how many of them are kept for requests; the lots say the same."""
    item = StockItem.objects.get(product=world.products[place], warehouse__firm=world.hq)
    row = standings([item.account_id])[item.account_id]
    assert -row.used == sum(Lot.objects.filter(item=item).values_list("remaining", flat=True))
    return int(-row.used), int(row.held)


def lines_of(order: int) -> list[tuple[int, int, int, int]]:
    """Copies, reserved, shipped, returned of each line."""
    return list(Order.objects.get(pk=order).lines.order_by("line").values_list("copies", "reserved", "shipped", "returned"))
