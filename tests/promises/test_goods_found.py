"""The search finds papers of goods by their numbers and parcels by their waybills, for those who may see them and for nobody else."""

from __future__ import annotations

from lingqu.desk.tests.test_search import found
from lingqu.inventory.actions import start_count
from lingqu.inventory.models import StockItem, Warehouse
from lingqu.orders.models import Parcel
from lingqu.orders.rules import LineCount
from lingqu.orders.tests.delivery_steps import answer, count, receive
from lingqu.orders.tests.path_steps import ship
from lingqu.returns.tests.steps import agreed_transfer, propose
from tests.pages import SitDown
from tests.world import World


def test_a_parcel_is_found_by_its_waybill_by_both_sides_and_nobody_else(world: World, at_desk: SitDown) -> None:
    delivery = ship(world, world.accept(world.submit("agent", {0: 10})).pk)
    Parcel.objects.create(delivery=delivery, number=2, waybill="SF118492%1")
    page = f"/deliveries/{delivery.number}/"
    for words in ("SF118492%1", "sf118", "SF118492"):
        assert [page in found(at_desk(name), words) for name in ("warehouse", "agent_clerk", "other_agent_owner")] == [True, True, False]
    for words in ("SF11", "118492", "SF118492_1", "SF%%%9"):
        assert page not in found(at_desk("warehouse"), words)


def test_differences_transfers_and_counts_are_found_by_number(world: World, at_desk: SitDown) -> None:
    delivery = ship(world, world.accept(world.submit("agent", {0: 10})).pk)
    report = receive(world, delivery, {1: LineCount(9)})
    shelf = Warehouse.objects.get(firm=world.hq)
    counting = start_count(shelf, [item.pk for item in StockItem.objects.filter(warehouse=shelf)], by=world.who("warehouse"), at=world.at)
    answer(world, count(world, report, 1), "credit")
    transfer = propose(world, {0: 3})
    agreed = agreed_transfer(world, {0: 2})
    people = ("warehouse", "agent_owner", "other_agent_clerk", "cash_agent_owner")
    assert [f"/deliveries/{delivery.number}/" in found(at_desk(name), report.number) for name in people] == [True, True, False, False]
    assert [f"/transfers/{transfer.number}/" in found(at_desk(name), transfer.number) for name in people] == [True, False, False, False]
    assert [f"/transfers/{agreed.number}/" in found(at_desk(name), agreed.number) for name in people] == [True, True, True, False]
    assert [f"/stock/counts/{counting.number}/" in found(at_desk(name), counting.number) for name in people] == [True, False, False, False]
