"""Every verb with every person: exactly those whom the regulation names may, everybody else is refused and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from lingqu.audit.models import Fact
from lingqu.base.refusal import Refusal
from lingqu.credit.actions import NewReceipt, change_grade, enter_receipt
from lingqu.ledger.models import Posting
from lingqu.orders.actions import accept_order, decide_again, decline_order, ship_order, submit_orders, waive_order, withdraw_order
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


def submit(world: World, who: Acting) -> None:
    (outcome,) = submit_orders([world.ask("agent", {0: 10})], regulation=world.regulation, by=who, at=world.at)
    if outcome.refusal:
        raise outcome.refusal


def receipt(world: World, who: Acting) -> None:
    new = NewReceipt(world.lines["agent"].pk, "key", Decimal("1.00"), world.at.date())
    enter_receipt(new, regulation=world.regulation, by=who, at=world.at)


def regrade(world: World, who: Acting) -> None:
    change_grade(world.lines["agent"].pk, grade="B", reason="年度评审", regulation=world.regulation, by=who, at=world.at)


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
    "waive": (
        in_review,
        lambda world, who, order: waive_order(order, reason="急需", regulation=world.regulation, by=who, at=world.at),
        {"director"},
    ),
    "ship": (accepted, lambda world, who, order: ship_order(order, regulation=world.regulation, by=who, at=world.at), {"warehouse"}),
    "enter_receipt": (None, lambda world, who, _: receipt(world, who), {"finance"}),
    "change_grade": (None, lambda world, who, _: regrade(world, who), {"director"}),
}  # fmt: skip


@pytest.mark.parametrize("person", EVERYBODY)
@pytest.mark.parametrize("verb", VERBS)
def test_only_whom_the_regulation_names(world: World, verb: str, person: str) -> None:
    before, do, allowed = VERBS[verb]
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
