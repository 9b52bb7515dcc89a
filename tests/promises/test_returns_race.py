"""Returns and transfers when many act at once: no copy is credited twice, no transfer moves twice, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.db.models import Sum

from lingqu.orders.actions import NewReturn, accept_order, take_back_goods
from lingqu.orders.models import GoodsReturnLine, Order, OrderLine
from lingqu.orders.states import ReturnReason
from lingqu.returns.actions import ask_return, count_return, move_transfer, propose_transfer
from lingqu.returns.actions import asking as asking_room
from lingqu.returns.models import ReturnRequest, ReturnSource, Transfer
from lingqu.returns.rules import AskedLine, Counted, NewReturnRequest, NewTransfer
from lingqu.returns.tests.steps import agree, agreed_transfer, ask, confirm, order_it, shipped, used
from tests.promises.test_two_at_once import at_once
from tests.world import World, build_world

MANY = 8
Deed = Callable[[], object]


def asking(world: World, copies: int, *, key: str = "") -> list[Deed]:
    """Many returns of so many copies, with keys of their own or all with one."""
    by, regulation, at = world.who("agent_owner"), world.regulation, world.at
    lines = (AskedLine(world.products[0].pk, copies),)
    return [
        partial(
            ask_return,
            NewReturnRequest(key or f"return-{place}", world.hq.pk, world.firms["agent"].pk, ReturnReason.SLOW, lines),
            regulation=regulation, by=by, at=at,
        )
        for place in range(MANY)
    ]  # fmt: skip


def counting(world: World, request: ReturnRequest, copies: int) -> Deed:
    by, regulation, at = world.who("warehouse"), world.regulation, world.at
    return partial(count_return, request.pk, Counted({1: copies}), regulation=regulation, by=by, at=at)


def claimed() -> int:
    return ReturnSource.objects.aggregate(sum=Sum("copies"))["sum"] or 0


def test_no_copy_is_named_by_two_returns(race_database: str) -> None:
    world = build_world()
    shipped(world, {0: 100})
    assert at_once(asking(world, 30)) == {"done": 3, "bad_input": MANY - 3}
    assert claimed() == 90


def test_sent_many_times_it_is_one_return(race_database: str) -> None:
    world = build_world()
    shipped(world, {0: 100})
    assert at_once(asking(world, 30, key="once")) == {"done": MANY}
    assert ReturnRequest.objects.count() == 1


def test_counted_many_times_it_is_credited_once(race_database: str) -> None:
    world = build_world()
    shipped(world, {0: 100})
    request = agree(world, ask(world, {0: 20}))
    before = used(world)
    assert at_once([counting(world, request, 20)] * MANY) == {"done": 1, "wrong_state": MANY - 1}
    assert before - used(world) == Decimal("1248.00")


def test_by_two_papers_at_once_no_more_comes_back_than_left(race_database: str) -> None:
    world = build_world()
    order = shipped(world, {0: 20})
    by, regulation, at = world.who("warehouse"), world.regulation, world.at
    world.pay("agent", "1248.00")
    shipped(world, {1: 100})
    request = agree(world, ask(world, {0: 15}))
    directly = partial(take_back_goods, order.pk, NewReturn({1: 10}, ReturnReason.OTHER), regulation=regulation, by=by, at=at)
    told = at_once([counting(world, request, 15), directly])
    assert told["done"] == 1
    line = OrderLine.objects.get(order=order)
    back = GoodsReturnLine.objects.filter(order_line=line).aggregate(sum=Sum("copies"))["sum"]
    assert (line.returned, line.returned) == (back, 15 if told == {"done": 1, "bad_input": 1} else 10)


def test_a_transfer_moves_once_and_two_ways_at_once_nobody_waits_for_ever(race_database: str) -> None:
    world = build_world()
    for buyer in ("agent", "other_agent"):
        shipped(world, {0: 50, 1: 50}, buyer=buyer)
    transfers = [ready(world, "agent", "other_agent", 0), ready(world, "other_agent", "agent", 1)]
    by, regulation, at = world.who("warehouse"), world.regulation, world.at
    deeds: list[Deed] = [partial(move_transfer, one.pk, regulation=regulation, by=by, at=at) for one in transfers * 4]
    assert at_once(deeds) == {"done": 2, "wrong_state": 6}
    assert set(Transfer.objects.values_list("state", flat=True)) == {"moved"}
    assert GoodsReturnLine.objects.aggregate(sum=Sum("copies"))["sum"] == 20


def ready(world: World, giver: str, taker: str, place: int) -> Transfer:
    """A transfer of ten copies that waits for nothing but its booking."""
    transfer = order_it(world, agreed_transfer(world, {place: 10}, giver=giver, taker=taker))
    order = Order.objects.get(pk=transfer.order_id or 0)
    accept_order(order.pk, ship_on=world.at.date(), regulation=world.regulation, by=world.who("representative"), at=world.at)
    confirm(world, transfer, {1: 10}, taker=False, by=f"{giver}_owner")
    return confirm(world, transfer, {1: 10}, taker=True, by=f"{taker}_owner")


def test_a_return_and_a_transfer_never_name_the_same_copies(race_database: str) -> None:
    world = build_world()
    shipped(world, {0: 100})
    by, regulation, at = world.who("representative"), world.regulation, world.at
    firms = (world.hq.pk, world.firms["agent"].pk, world.firms["other_agent"].pk)
    copies = {world.products[0].pk: 30}
    moving = [
        partial(
            propose_transfer,
            NewTransfer(f"move-{place}", *firms, copies, "余量"),
            regulation=regulation,
            by=by,
            at=at,
        )
        for place in range(MANY)
    ]
    told = at_once([*moving, *asking(world, 30)])
    assert told == {"done": 3, "bad_input": 2 * MANY - 3}


def test_negative_control_without_the_lock_copies_are_named_twice(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same race without the lock of the credit line: more copies are named than were shipped."""
    world = build_world()
    shipped(world, {0: 100})
    monkeypatch.setattr(asking_room, "line_of", lambda seller, buyer: None)
    told = at_once(asking(world, 30))
    assert told["done"] > 3
    assert claimed() > 100
