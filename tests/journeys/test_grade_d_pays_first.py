"""Journey: a grade D partner pays first, and then the same request passes without taking an open batch (M-19.5, A22)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from lingqu.credit.models import Batch
from lingqu.ledger.queries import standings
from lingqu.orders.models import StoredDecision
from lingqu.orders.states import OrderState
from tests.world import World

GOODS = {0: 10}
"""10 × 96.00 × 70 % = 672.00: a grade D agent pays 70 %."""


def test_grade_d_pays_first(world: World) -> None:
    refused = world.submit("cash_agent", GOODS)
    assert refused.state is OrderState.REVIEW
    decision = msgspec.json.decode(StoredDecision.objects.get(order=refused.order).decision)
    assert [law["law"] for law in decision["laws"] if law["outcome"] == "failed"] == ["credit", "batches"]
    assert decision["cures"][0] == {
        "kind": "prepay",
        "numbers": {"amount": "672.00"},
        "effects": [{"law": "credit", "passes": True, "number": "0.00"}, {"law": "batches", "passes": True, "number": 0}],
    }

    world.pay("cash_agent", "671.99")
    assert world.submit("cash_agent", GOODS).state is OrderState.REVIEW
    world.pay("cash_agent", "0.01")
    paid = world.submit("cash_agent", GOODS)
    assert paid.state is OrderState.HELD
    assert world.submit("cash_agent", {0: 1}).state is OrderState.REVIEW  # the money is taken by the first

    world.accept(paid)
    assert paid.order
    batch = Batch.objects.get(document_id=paid.order)
    assert (batch.settled_on, batch.counted, batch.applied) == (world.at.date(), 0, Decimal("672.00"))
    account = world.lines["cash_agent"].account_id
    line = standings([account])[account]
    assert (line.used, line.held, line.open_count, line.held_count) == (Decimal(0), Decimal(0), 0, 0)
    world.ship(paid)
