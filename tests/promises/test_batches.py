"""Journey: the third open batch of a grade A partner is stopped, and passes after the first is paid (M-16.3.3.1)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from lingqu.credit.models import Batch
from lingqu.orders.actions import decide_again
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.states import OrderState
from tests.world import World


def test_third_batch(world: World) -> None:
    for _ in range(2):
        world.accept(world.submit("agent", {0: 100}))  # 100 × 96.00 × 65 % = 6,240.00 each

    third = world.submit("agent", {0: 100})
    assert third.state is OrderState.REVIEW
    decision = msgspec.json.decode(StoredDecision.objects.get(order=third.order).decision)
    failed = [law for law in decision["laws"] if law["outcome"] == "failed"]
    assert [(law["law"], law["clause"], law["waivable_by"]) for law in failed] == [("batches", "M-16.3.3.1", "director")]
    assert failed[0]["numbers"] == {"grade": "A", "held": 0, "max": 2, "open": 2, "over": 1, "this": 1, "waived": 0}
    pay = decision["cures"][0]
    assert pay["kind"] == "pay"
    assert (pay["numbers"]["first"], pay["numbers"]["amount"], pay["numbers"]["at_least"]) == (1, "6240.00", "6239.00")
    assert pay["effects"] == [{"law": "batches", "passes": True, "number": 0}]

    world.pay("agent", "6239.00")  # 1.00 short: within the tolerance, written off
    first = Batch.objects.get(number=1, line=world.lines["agent"])
    assert (first.settled_on, first.applied) == (world.at.date(), Decimal("6240.00"))

    assert third.order
    decide_again(third.order, regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert Order.objects.get(pk=third.order).state == OrderState.HELD
    assert world.accept(third).state == OrderState.ACCEPTED
    batches = Batch.objects.filter(line=world.lines["agent"]).order_by("number")
    assert [(batch.number, batch.settled_on is not None) for batch in batches] == [(1, True), (2, False), (3, False)]


def test_a_request_that_waits_takes_a_batch_too(world: World) -> None:
    world.submit("agent", {0: 1})
    world.submit("agent", {0: 1})
    assert world.submit("agent", {0: 1}).state is OrderState.REVIEW


def test_a_short_payment_beyond_the_tolerance_leaves_the_batch_open(world: World) -> None:
    world.accept(world.submit("agent", {0: 100}))
    world.pay("agent", "6238.99")
    assert Batch.objects.get(line=world.lines["agent"]).settled_on is None
    world.pay("agent", "0.01")
    assert Batch.objects.get(line=world.lines["agent"]).settled_on == world.at.date()
