"""Journey: from a request to the money. Told with the numbers that a person can check by hand."""

from __future__ import annotations

from decimal import Decimal

from lingqu.credit.models import Batch
from lingqu.ledger.queries import standings
from lingqu.orders.models import Order
from lingqu.orders.states import OrderState
from tests.world import World


def test_order_to_cash(world: World) -> None:
    # 260 × 96.00 = 24,960.00, at 65 % = 16,224.00; 120 × 128.00 = 15,360.00, at 65 % = 9,984.00
    outcome = world.submit("agent", {0: 260, 1: 120})
    assert outcome.state is OrderState.HELD
    assert outcome.order
    order = Order.objects.get(pk=outcome.order)
    assert (order.titles, order.copies, order.list_value, order.net) == (2, 380, Decimal("40320.00"), Decimal("26208.00"))
    account = world.lines["agent"].account_id
    line = standings([account])[account]
    assert (line.used, line.held, line.free) == (Decimal(0), Decimal("26208.00"), Decimal("273792.00"))

    world.accept(outcome)
    line = standings([account])[account]
    assert (line.used, line.held, line.open_count, line.held_count) == (Decimal("26208.00"), Decimal(0), 1, 0)

    world.ship(outcome)
    order.refresh_from_db()
    assert order.state == OrderState.SHIPPED

    world.pay("agent", "26208.00")
    batch = Batch.objects.get(document_id=order.pk)
    assert batch.settled_on == world.at.date()
    order.refresh_from_db()
    assert order.settled_on == world.at.date()
    line = standings([account])[account]
    assert (line.used, line.held, line.open_count) == (Decimal(0), Decimal(0), 0)
