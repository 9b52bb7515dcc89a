"""A statement on which a credit took the place of what had been written off."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from lingqu.credit.models import BatchCredit
from lingqu.credit.tests.purse import Purse
from lingqu.settlement.queries import statement_of
from lingqu.settlement.rules import MoveKind
from tests.world import World


def test_it_tells_both_and_adds_up_on_any_day(world: World) -> None:
    purse = Purse(world)
    purse.open("100.00")
    purse.receive("50.00")
    asked = purse.write_off(1, "30.00", by="representative")
    assert asked.approval_id
    world.sign(asked.approval_id, "finance")
    first = world.at.date()
    world.at += timedelta(days=3)
    purse.credit(1, "90.00")
    line, day = purse.line, world.at.date()
    content = statement_of(line, first, day)
    assert [(str(one.kind), str(one.debit), str(one.credit)) for one in content.lines] == [
        ("accepted", "100.00", "0.00"), ("receipt", "0.00", "50.00"), ("write_off", "0.00", "30.00"), ("credit", "0.00", "90.00"),
        ("write_off_back", "30.00", "0.00"),
    ]  # fmt: skip
    told = {one.kind: (one.number, one.request) for one in content.lines if one.kind in (MoveKind.CREDIT, MoveKind.WRITE_OFF_BACK)}
    assert told == dict.fromkeys((MoveKind.CREDIT, MoveKind.WRITE_OFF_BACK), (BatchCredit.objects.get().number, purse.batch(1).request))
    assert (content.closing, content.unapplied, content.batches) == (Decimal("-40.00"), Decimal("40.00"), ())
    for days in range(4):
        known = statement_of(line, first, first + timedelta(days=days), known=day)
        assert known.closing == (Decimal("20.00") if days < 3 else Decimal("-40.00"))
