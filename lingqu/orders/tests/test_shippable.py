"""What the warehouse sees: what can leave today, what waits and since when, and which lots a slip names (M-16.5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lingqu.inventory.actions import take_goods_in
from lingqu.inventory.models import Lot, LotMove, Warehouse
from lingqu.inventory.rules import Label
from lingqu.orders.models import Order
from lingqu.orders.queries import back_orders_to_reserve, lines_to_pick, shippable
from lingqu.orders.tests.delivery_steps import come_in
from lingqu.orders.tests.path_steps import cancel, ship
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def short(world: World) -> tuple[int, int]:
    """Two accepted requests for the third title, 160 and 50, and 100 copies of it left."""
    ship(world, world.accept(world.submit("other_agent", {2: 9_900})).pk)
    first = world.accept(world.submit("agent", {2: 160, 0: 5})).pk
    world.at += timedelta(minutes=1)
    return first, world.accept(world.submit("agent", {2: 50})).pk


def numbers(*orders: int) -> list[str]:
    return [Order.objects.get(pk=order).number for order in orders]


def test_what_can_leave_and_what_waits(world: World, short: tuple[int, int]) -> None:
    first, second = numbers(*short)
    seen = shippable(world.hq.pk, on=world.at.date())
    assert [(one.number, one.left, one.ready, one.short_titles, one.hold) for one in seen.requests] == [(first, 165, 105, 1, "")]
    assert [(one.number, one.short, one.ready, one.ahead, one.came) for one in seen.waiting] == [
        (first, 60, 100, 0, 0),
        (second, 50, 0, 60, 0),
    ]
    world.at += timedelta(days=9)
    come_in(world, {2: 70})
    seen = shippable(world.hq.pk, on=world.at.date())
    assert [(one.number, one.ready) for one in seen.requests] == [(first, 165), (second, 10)]
    assert [(one.number, one.short, one.came, one.last_came) for one in seen.waiting] == [(second, 40, 70, world.at.date())]
    assert (seen.requests_all, seen.waiting_all) == (2, 1)


def test_a_hold_is_shown(world: World, short: tuple[int, int]) -> None:
    from lingqu.credit.actions import NewHold, set_hold
    from lingqu.credit.states import HoldLevel
    from lingqu.documents.rules import NewFile

    new = NewHold(HoldLevel.DELAY, "账款核实", [NewFile("函.png", b"\x89PNG\r\n\x1a\n" + bytes(40))], world.at.date() + timedelta(days=7))
    hold = set_hold(world.lines["agent"].pk, new, regulation=world.regulation, by=world.who("finance"), at=world.at)
    assert {one.hold for one in shippable(world.hq.pk, on=world.at.date()).requests} == {hold.number}


def test_copies_that_came_free_are_found_for_the_job(world: World, short: tuple[int, int]) -> None:
    assert back_orders_to_reserve() == {}
    cancel(world, short[0])
    assert back_orders_to_reserve() == {world.hq.pk: [world.products[2].pk]}


def test_another_firm_sees_nothing_of_it(world: World, short: tuple[int, int]) -> None:
    assert shippable(world.firms["agent"].pk, on=world.at.date()).requests == []


def test_the_slip_names_the_lots_that_would_leave_and_takes_none(world: World) -> None:
    shelf = Warehouse.objects.get(firm=world.hq)
    Lot.objects.filter(item__product=world.products[0]).update(remaining=4)
    take_goods_in(shelf, {world.products[0]: 50}, received_on=date(2027, 1, 5), by=None, at=world.at, label=Label("印-2", "第2版"))
    order = world.accept(world.submit("agent", {0: 10, 1: 3}))
    moves = LotMove.objects.count()
    first, second = lines_to_pick(order)
    assert [(lot.number[:2], lot.edition, lot.copies) for lot in first.lots] == [("RK", "", 4), ("印-", "第2版", 6)]
    assert (second.ready, [lot.copies for lot in second.lots]) == (3, [3])
    assert LotMove.objects.count() == moves
