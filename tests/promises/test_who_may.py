"""Every verb with every person: exactly those whom the regulation names may, everybody else is refused and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.credit.actions import NewReceipt, change_grade, enter_receipt
from lingqu.ledger.models import Posting
from lingqu.orders.actions import (
    AskedLine,
    NewReturn,
    accept_order,
    amend_order,
    ask_signature,
    cancel_order,
    close_rest,
    decide_again,
    decline_order,
    merge_orders,
    reopen_order,
    ship_order,
    split_order,
    submit_orders,
    take_back_goods,
    waive_order,
    withdraw_order,
)
from lingqu.orders.models import Order
from lingqu.orders.states import ReturnReason
from lingqu.organisation.queries import Acting
from tests.world import World

Deed = Callable[[World, Acting], object]
OWN = {"agent_owner", "agent_clerk"}
ANSWERING = {"representative", "manager"}
EVERYBODY = (
    "director", "manager", "representative", "finance", "warehouse", "agent_owner", "agent_clerk", "other_agent_owner", "cash_agent_owner",
    "retailer_owner", "retailer_clerk",
)  # fmt: skip


def held(world: World) -> int:
    order = world.submit("agent", {0: 10}).order
    assert order
    return order


def accepted(world: World) -> int:
    return world.accept(world.submit("agent", {0: 10})).pk


def in_review(world: World) -> int:
    order = world.submit("agent", {0: 4_807, 2: 3, 3: 421}).order
    assert order
    return order


def over_at_the_agent(world: World) -> int:
    order = world.submit("retailer", {0: 1_000}).order
    assert order
    return order


def submit(world: World, who: Acting) -> None:
    (outcome,) = submit_orders([world.ask("agent", {0: 10})], regulation=world.regulation, by=who, at=world.at)
    if outcome.refusal:
        raise outcome.refusal


def receipt(world: World, who: Acting) -> None:
    new = NewReceipt(world.lines["agent"].pk, "key", Decimal("1.00"), world.at.date())
    enter_receipt(new, regulation=world.regulation, by=who, at=world.at)


def regrade(world: World, who: Acting) -> None:
    change_grade(world.lines["agent"].pk, grade="B", reason="年度评审", regulation=world.regulation, by=who, at=world.at)


def part_shipped(world: World) -> int:
    order = accepted(world)
    ship_order(order, regulation=world.regulation, by=world.who("warehouse"), at=world.at, copies={1: 4})
    return order


def withdrawn(world: World) -> int:
    order = held(world)
    withdraw_order(order, by=world.who("agent_owner"), at=world.at)
    return order


def fewer(world: World) -> tuple[AskedLine, ...]:
    return (AskedLine(world.products[0].pk, 5),)


def two_held(world: World) -> int:
    held(world)
    return held(world)


def merge(world: World, who: Acting, order: int) -> None:
    (other,) = Order.objects.exclude(pk=order).values_list("pk", flat=True)
    merge_orders(order, [other], regulation=world.regulation, by=who, at=world.at)


PATHS: dict[str, tuple[Callable[[World], int] | None, Callable[[World, Acting, int], object], set[str]]] = {
    "amend": (
        held,
        lambda world, who, order: amend_order(order, fewer(world), regulation=world.regulation, by=who, at=world.at),
        OWN | ANSWERING,
    ),
    "amend_accepted": (
        accepted,
        lambda world, who, order: amend_order(order, fewer(world), regulation=world.regulation, by=who, at=world.at),
        ANSWERING,
    ),
    "split": (
        held,
        lambda world, who, order: split_order(order, {1: 4}, regulation=world.regulation, by=who, at=world.at),
        OWN | ANSWERING,
    ),
    "merge": (two_held, merge, OWN | ANSWERING),
    "reopen": (
        withdrawn, lambda world, who, order: reopen_order(order, regulation=world.regulation, by=who, at=world.at), OWN | ANSWERING,
    ),
    "cancel": (
        accepted,
        lambda world, who, order: cancel_order(order, reason="不要了", regulation=world.regulation, by=who, at=world.at),
        ANSWERING,
    ),
    "close_rest": (
        part_shipped,
        lambda world, who, order: close_rest(order, reason="停印", regulation=world.regulation, by=who, at=world.at),
        ANSWERING,
    ),
    "take_back": (
        part_shipped,
        lambda world, who, order: take_back_goods(
            order, NewReturn({1: 1}, ReturnReason.WRONG), regulation=world.regulation, by=who, at=world.at
        ),
        {"warehouse"},
    ),
}  # fmt: skip
VERBS: dict[str, tuple[Callable[[World], int] | None, Callable[[World, Acting, int], object], set[str]]] = {
    "submit": (None, lambda world, who, _: submit(world, who), OWN | ANSWERING),
    "accept": (
        held,
        lambda world, who, order: accept_order(order, ship_on=world.at.date(), regulation=world.regulation, by=who, at=world.at),
        ANSWERING,
    ),
    "decline": (held, lambda world, who, order: decline_order(order, reason="缺货", by=who, at=world.at), ANSWERING),
    "withdraw": (held, lambda world, who, order: withdraw_order(order, by=who, at=world.at), OWN),
    "decide_again": (
        in_review, lambda world, who, order: decide_again(order, regulation=world.regulation, by=who, at=world.at), OWN | ANSWERING,
    ),
    "ask_signature": (
        in_review, lambda world, who, order: ask_signature(order, "急需", regulation=world.regulation, by=who, at=world.at), ANSWERING,
    ),
    "waive": (
        over_at_the_agent,
        lambda world, who, order: waive_order(order, reason="急需", regulation=world.regulation, by=who, at=world.at),
        {"agent_owner"},
    ),
    "ship": (accepted, lambda world, who, order: ship_order(order, regulation=world.regulation, by=who, at=world.at), {"warehouse"}),
    "enter_receipt": (None, lambda world, who, _: receipt(world, who), {"finance"}),
    "change_grade": (None, lambda world, who, _: regrade(world, who), {"director"}),
}  # fmt: skip


@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize("verb", VERBS | PATHS)
def test_only_whom_the_regulation_names(world: World, verb: str, person: str) -> None:
    before, do, allowed = (VERBS | PATHS)[verb]
    order = before(world) if before else 0
    who = world.who(person)
    written = (Fact.objects.count(), Posting.objects.count())
    if person in allowed:
        do(world, who, order)
        assert Fact.objects.count() > written[0]
    else:
        with pytest.raises(Refusal) as refusal:
            do(world, who, order)
        assert refusal.value.code == "forbidden"
        assert (Fact.objects.count(), Posting.objects.count()) == written
