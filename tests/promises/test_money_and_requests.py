"""What happens to the money of a batch shows on its request: paid, owed again, given up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from lingqu.credit.actions import propose_write_off, reverse_receipt
from lingqu.credit.models import Batch
from lingqu.orders.models import Order
from tests.world import World


def test_the_batch_keeps_its_due_days_and_the_request_loses_its_day_of_payment(world: World) -> None:
    outcome = world.submit("agent", {0: 100})
    assert outcome.order
    world.accept(outcome)
    world.ship(outcome)
    before = Batch.objects.get(document_id=outcome.order)
    receipt = world.pay("agent", "6240.00")
    assert Order.objects.get(pk=outcome.order).settled_on == world.at.date()
    world.at += timedelta(days=40)
    reverse_receipt(
        receipt.pk, reason="退票", on=world.at.date(), regulation=world.regulation, by=world.who("finance"), at=world.at
    )  # fmt: skip
    order, batch = Order.objects.get(pk=outcome.order), Batch.objects.get(document_id=outcome.order)
    assert (order.settled_on, batch.settled_on) == (None, None)
    assert (batch.shipped_on, batch.backstop_due_on, batch.opened_on) == (before.shipped_on, before.backstop_due_on, before.opened_on)
    assert order.state == "shipped"


def test_a_request_is_paid_on_the_day_on_which_what_is_left_is_given_up(world: World) -> None:
    outcome = world.submit("agent", {0: 100})
    assert outcome.order
    world.accept(outcome)
    world.pay("agent", "6000.00")
    batch, by = Batch.objects.get(document_id=outcome.order), world.who("representative")
    asked = propose_write_off(batch.pk, Decimal("240.00"), "运损", regulation=world.regulation, by=by, at=world.at)
    assert asked.approval_id
    world.at += timedelta(days=1)
    world.sign(asked.approval_id, "finance")
    assert Order.objects.get(pk=outcome.order).settled_on == world.at.date()
