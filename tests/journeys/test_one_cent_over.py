"""Journey: exactly at the limit passes; one cent over is stopped, and says by how much and how it would pass (M-19.5)."""

from __future__ import annotations

import msgspec

from lingqu.orders.actions import waive_order
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.states import OrderState
from tests.world import CENT_TITLE, World

FULL = {0: 4_807, 2: 3}
"""4,807 × 96.00 × 65 % = 299,956.80 and 3 × 20.00 × 65 % = 39.00: 4.20 below the limit of grade A, 300,000.00."""


def test_exactly_at_the_limit_passes(world: World) -> None:
    outcome = world.submit("agent", FULL | {CENT_TITLE: 420})
    assert outcome.order
    assert Order.objects.get(pk=outcome.order).net == 300_000
    assert outcome.state is OrderState.HELD


def test_one_cent_over_is_stopped(world: World) -> None:
    outcome = world.submit("agent", FULL | {CENT_TITLE: 421})
    assert outcome.state is OrderState.REVIEW
    decision = msgspec.json.decode(StoredDecision.objects.get(order=outcome.order).decision)
    (failed,) = [law for law in decision["laws"] if law["outcome"] == "failed"]
    assert (failed["law"], failed["clause"], failed["numbers"]["over"]) == ("credit", "M-19.5", "0.01")
    assert [cure["kind"] for cure in decision["cures"]] == ["prepay", "reduce", "ask"]
    assert decision["cures"][1]["numbers"] == {"copies": 1, "net": "300000.00", "product": world.products[CENT_TITLE].pk}


def test_the_director_signs_for_exactly_this_request(world: World) -> None:
    over = world.submit("agent", FULL | {CENT_TITLE: 421})
    assert over.order
    waive_order(over.order, reason="校园建设急需", regulation=world.regulation, by=world.who("director"), at=world.at)
    assert Order.objects.get(pk=over.order).state == OrderState.HELD
    # The signature is no room for anybody else: the next cent is stopped again.
    assert world.submit("agent", {CENT_TITLE: 1}).state is OrderState.REVIEW
    assert world.accept(over).state == OrderState.ACCEPTED
