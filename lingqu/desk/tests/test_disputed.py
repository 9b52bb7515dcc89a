"""A batch that finance left out because it is disputed is overdue in no list and no sum; it stays owed in all of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from lingqu.credit.actions import dispute_batch, end_dispute
from lingqu.credit.models import Batch
from lingqu.desk.queries import PartnerFilter, list_partners, money_figures, payment_records
from tests.world import World


def told(world: World) -> tuple[list[Decimal], Decimal]:
    """What is overdue by the figures of the seller, the partner's record and the list of partners; and what is owed."""
    today, line = world.at.date(), world.lines["agent"].pk
    figures = money_figures(world.hq.pk, on=today, tolerance_days=0)
    record = payment_records([line], on=today, tolerance_days=0)[line]
    rows = list_partners(world.hq.pk, PartnerFilter(), on=today, tolerance_days=0).rows
    return [figures.overdue, record.overdue, sum((row.overdue for row in rows), Decimal(0))], figures.owed


def test_a_disputed_batch_is_overdue_nowhere_but_owed(world: World) -> None:
    world.accept(world.submit("agent", {0: 100}))
    Batch.objects.update(triggered_due_on=world.at.date() - timedelta(days=40))
    batch, owed = Batch.objects.get(), Decimal("6240.00")
    assert told(world) == ([owed] * 3, owed)
    until = world.at.date() + timedelta(days=3)
    finance = world.who("finance")
    dispute_batch(batch.pk, until=until, text="数量不符", regulation=world.regulation, by=finance, at=world.at)
    assert told(world) == ([Decimal(0)] * 3, owed)
    end_dispute(batch.pk, regulation=world.regulation, by=finance, at=world.at)
    assert told(world) == ([owed] * 3, owed)
