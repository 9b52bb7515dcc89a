"""Goods when many act at once: no accepted back-order is overtaken, and a delivery's differences are reported and answered once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from lingqu.orders.actions import Received, answer_difference, receive_delivery, ship_order, submit_orders
from lingqu.orders.actions import back_orders as back_orders_room
from lingqu.orders.actions import deliveries_answer as answering_room
from lingqu.orders.models import Delivery, Difference, GoodsReturn, Order, OrderLine
from lingqu.orders.rules import Answered, LineCount
from lingqu.orders.states import DifferenceAnswer
from lingqu.orders.tests.delivery_steps import come_in, count, lines_of, on_hand, receive
from lingqu.orders.tests.path_steps import must_agree, ship
from tests.promises.test_two_at_once import at_once
from tests.world import World, build_world

MANY = 6
Deed = Callable[[], object]


def short_world() -> tuple[World, int]:
    """A world with 100 copies of the third title left, kept for a request for 160 that was accepted."""
    world = build_world()
    ship(world, world.accept(world.submit("other_agent", {2: 9_900})).pk)
    world.pay("other_agent", "200000.00")
    world.at += timedelta(minutes=1)
    return world, world.accept(world.submit("agent", {2: 160})).pk


def asking(world: World, copies: int) -> list[Deed]:
    """New requests of two partners for the same title."""
    regulation, at = world.regulation, world.at
    return [
        partial(submit_orders, [world.ask(buyer, {2: copies})], regulation=regulation, by=world.who(f"{buyer}_owner"), at=at)
        for buyer in ("agent", "other_agent") * (MANY // 2)
    ]


def newer(order: int) -> list[tuple[int, int, int]]:
    """Copies, reserved and shipped of the requests after one."""
    return list(OrderLine.objects.filter(order_id__gt=order).values_list("copies", "reserved", "shipped"))


def test_goods_come_in_while_the_title_is_shipped_and_asked_for(race_database: str) -> None:
    world, first = short_world()
    by, regulation, at = world.who("warehouse"), world.regulation, world.at
    coming: list[Deed] = [partial(come_in, world, {2: 30})] * 2
    shipping = partial(ship_order, first, regulation=regulation, by=by, at=at)
    assert at_once([*asking(world, 30), *coming, shipping]) == {"done": MANY + 3}
    ((copies, reserved, shipped, _),) = lines_of(first)
    assert (copies, reserved + shipped) == (160, 160)
    assert newer(first) == [(30, 0, 0)] * MANY
    assert on_hand(world, 2) == (reserved, reserved)
    must_agree(world)


def test_negative_control_goods_that_are_kept_for_nobody_go_to_newer_requests(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, where what comes in is not kept for the request that was accepted first: newer ones overtake it."""
    world, first = short_world()
    monkeypatch.setattr(back_orders_room, "_reserve", lambda *_, **__: 0)
    come_in(world, {2: 60})
    at_once(asking(world, 30))
    assert lines_of(first) == [(160, 100, 0, 0)]
    assert sum(reserved for _, reserved, _ in newer(first)) >= 30


def sent(world: World) -> Delivery:
    """Ten copies on their way to the agent."""
    return ship(world, world.accept(world.submit("agent", {0: 10})).pk)


def receiving(world: World, delivery: Delivery, who: str, counted: dict[int, LineCount]) -> Deed:
    by, regulation, at = world.who(who), world.regulation, world.at
    return partial(receive_delivery, delivery.pk, Received(counted), regulation=regulation, by=by, at=at)


def test_one_confirms_while_another_reports(race_database: str) -> None:
    world = build_world()
    delivery = sent(world)
    confirm = receiving(world, delivery, "agent_clerk", {})
    report = receiving(world, delivery, "agent_owner", {1: LineCount(7)})
    told = at_once([confirm, report] * MANY)
    assert told["done"] + told["wrong_state"] == 2 * MANY
    assert told["done"] in {1, 2}
    delivery.refresh_from_db()
    assert (delivery.state, list(Difference.objects.values_list("lines__copies", flat=True))) == ("differing", [3])


def answering(world: World, report: Difference) -> list[Deed]:
    """The manager credits, the representative sends again, each many times."""
    return [
        partial(
            answer_difference, report.number, [Answered(DifferenceAnswer(verb), "")], regulation=world.regulation, by=world.who(who),
            at=world.at,
        )
        for who, verb in (("manager", "credit"), ("representative", "send_again")) * MANY
    ]  # fmt: skip


def test_two_answer_the_same_difference(race_database: str) -> None:
    world = build_world()
    delivery = sent(world)
    report = count(world, receive(world, delivery, {1: LineCount(7)}), 1)
    assert at_once(answering(world, report)) == {"done": 1, "wrong_state": 2 * MANY - 1}
    report.refresh_from_db()
    credited = report.lines.get().answer == "credit"
    order = Order.objects.get(pk=delivery.order_id)
    assert (GoodsReturn.objects.count(), order.state) == ((1, "shipped") if credited else (0, "part_shipped"))
    assert lines_of(order.pk) == [(10, 0, 10, 3) if credited else (10, 1, 7, 0)]
    must_agree(world)


def test_negative_control_without_the_locks_it_is_answered_twice(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same race where nobody waits for the report: it is answered more than once."""
    world = build_world()
    report = count(world, receive(world, sent(world), {1: LineCount(7)}), 1)

    def unlocked(number: str) -> object:
        found = Difference.objects.select_related("delivery__order").get(number=number)
        return found.delivery.order, world.lines["agent"], found.delivery, found

    monkeypatch.setattr(answering_room, "_locked", unlocked)
    deeds = answering(world, report)[::2]
    assert at_once(deeds)["done"] > 1
