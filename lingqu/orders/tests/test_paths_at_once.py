"""Two people on one request, or on one line: exactly one effect, a clear word for the other, and nothing waits for ever."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from lingqu.credit.actions import NewReceipt, enter_receipt
from lingqu.ledger.queries import standings
from lingqu.orders.actions import (
    AskedLine,
    NewReturn,
    accept_order,
    amend_order,
    cancel_order,
    merge_orders,
    reopen_order,
    ship_order,
    split_order,
    submit_orders,
    take_back_goods,
    withdraw_order,
)
from lingqu.orders.models import Delivery, GoodsReturn, Order
from lingqu.orders.states import ReturnReason
from lingqu.orders.tests.path_steps import must_agree
from tests.promises.test_two_at_once import at_once
from tests.world import World, build_world

MANY = 8


def accepted(world: World, copies: dict[int, int]) -> int:
    return world.accept(world.submit("agent", copies)).pk


def test_growing_and_submitting_at_once_never_pass_the_limit(race_database: str) -> None:
    world = build_world()
    order = accepted(world, {0: 2400})
    asked = world.ask("agent", {0: 2400})
    by, owner, regulation = world.who("representative"), world.who("agent_owner"), world.regulation
    more = (AskedLine(world.products[0].pk, 2500),)
    outcomes = at_once(
        [
            lambda: amend_order(order, more, regulation=regulation, by=by, at=world.at),
            lambda: submit_orders([asked], regulation=regulation, by=owner, at=world.at),
        ]
    )
    grew = Order.objects.get(pk=order).copies == 2500
    held = Order.objects.exclude(pk=order).get().state == "held"
    assert (outcomes["done"], grew and held, grew or held) == (1 + grew, False, True)
    account = world.lines["agent"].account_id
    line = standings([account])[account]
    assert line.used + line.held <= line.limit
    must_agree(world)


def test_cancelling_and_shipping_at_once_do_one_of_both(race_database: str) -> None:
    world = build_world()
    warehouse, by, regulation = world.who("warehouse"), world.who("representative"), world.regulation
    for _ in range(4):
        order = accepted(world, {0: 10})
        outcomes = at_once(
            [
                lambda order=order: cancel_order(order, reason="不要了", regulation=regulation, by=by, at=world.at),  # type: ignore[misc]
                lambda order=order: ship_order(order, regulation=regulation, by=warehouse, at=world.at),  # type: ignore[misc]
            ]
        )
        assert outcomes == {"done": 1, "wrong_state": 1}
        must_agree(world)
        if Order.objects.get(pk=order).state == "shipped":
            world.pay("agent", "624.00")


def test_many_ship_the_same_copies_from_the_same_form(race_database: str) -> None:
    world = build_world()
    order = accepted(world, {0: 10})
    by, regulation = world.who("warehouse"), world.regulation
    outcomes = at_once([lambda: ship_order(order, regulation=regulation, by=by, at=world.at, copies={1: 4}, seen=0)] * MANY)
    assert outcomes == {"done": 1, "changed_meanwhile": MANY - 1}
    assert Delivery.objects.count() == 1
    must_agree(world)


def test_many_take_the_same_goods_back_while_money_comes_in(race_database: str) -> None:
    world = build_world()
    order = accepted(world, {0: 10})
    world.ship(type("Outcome", (), {"order": order})())
    keeper, finance, regulation = world.who("warehouse"), world.who("finance"), world.regulation
    back = NewReturn({1: 10}, ReturnReason.WRONG)
    new = NewReceipt(world.lines["agent"].pk, "money", Decimal("624.00"), world.at.date())
    outcomes = at_once(
        [
            *[lambda: take_back_goods(order, back, regulation=regulation, by=keeper, at=world.at)] * MANY,
            lambda: enter_receipt(new, regulation=regulation, by=finance, at=world.at),
        ]
    )
    assert outcomes == {"done": 2, "bad_input": MANY - 1}
    assert GoodsReturn.objects.count() == 1
    world.lines["agent"].refresh_from_db()
    assert world.lines["agent"].unapplied == Decimal("624.00")
    must_agree(world)


def test_many_split_merge_amend_accept_and_withdraw_at_once_and_all_accounts_agree(race_database: str) -> None:
    world = build_world()
    first, second = world.submit("agent", {0: 10, 1: 4}).order, world.submit("agent", {0: 5}).order
    assert first
    assert second
    by, owner, regulation = world.who("representative"), world.who("agent_owner"), world.regulation
    fewer = (AskedLine(world.products[0].pk, 3),)
    outcomes: Counter[str] = at_once(
        [
            lambda: split_order(first, {1: 2}, regulation=regulation, by=by, at=world.at),
            lambda: merge_orders(first, [second], regulation=regulation, by=by, at=world.at),
            lambda: merge_orders(second, [first], regulation=regulation, by=owner, at=world.at),
            lambda: amend_order(second, fewer, regulation=regulation, by=owner, at=world.at),
            lambda: accept_order(first, ship_on=world.at.date(), regulation=regulation, by=by, at=world.at),
            lambda: withdraw_order(second, by=owner, at=world.at),
        ]
    )
    assert set(outcomes) <= {"done", "wrong_state", "nothing_changed"}
    assert outcomes["done"] >= 2
    must_agree(world)


def test_many_open_the_same_request_again(race_database: str) -> None:
    world = build_world()
    order = world.submit("agent", {0: 10}).order
    assert order
    by, regulation = world.who("agent_owner"), world.regulation
    withdraw_order(order, by=by, at=world.at)
    outcomes = at_once([lambda: reopen_order(order, regulation=regulation, by=by, at=world.at)] * MANY)
    assert outcomes == {"done": 1, "wrong_state": MANY - 1}
    must_agree(world)


def test_orders_with_stock_and_credit_in_any_order_do_not_wait_for_each_other(race_database: str) -> None:
    world = build_world()
    keeper, by, owner, regulation = world.who("warehouse"), world.who("representative"), world.who("agent_owner"), world.regulation
    first, second = accepted(world, {0: 10, 1: 5}), accepted(world, {1: 7, 0: 3})
    world.pay("agent", "500.00")
    less = (AskedLine(world.products[0].pk, 4), AskedLine(world.products[1].pk, 5))
    asked = [world.ask("agent", {1: 1, 0: 1}) for _ in range(3)]
    outcomes = at_once(
        [
            lambda: amend_order(first, less, regulation=regulation, by=by, at=world.at),
            lambda: cancel_order(second, reason="不要了", regulation=regulation, by=by, at=world.at),
            lambda: ship_order(first, regulation=regulation, by=keeper, at=world.at, copies={2: 2}),
            *[lambda one=one: submit_orders([one], regulation=regulation, by=owner, at=world.at) for one in asked],  # type: ignore[misc]
        ]
    )
    assert outcomes == {"done": 6}
    must_agree(world)
