"""Journey: a partner telephones, and the representative of HQ enters the request for it (M-16.3.1)."""

from __future__ import annotations

from lingqu.audit.queries import facts_of
from lingqu.orders.actions import submit_orders
from lingqu.orders.models import Order
from lingqu.orders.states import OrderState, Source
from tests.world import World


def test_entered_for_a_partner_on_the_telephone(world: World) -> None:
    outcome = world.submit("agent", {0: 5}, by="representative", source=Source.TELEPHONE)
    assert outcome.state is OrderState.HELD
    assert outcome.order
    order = Order.objects.get(pk=outcome.order)
    assert (order.buyer, order.entered_by, order.source) == (world.firms["agent"], world.people["representative"], "telephone")
    (fact,) = facts_of("order", order.pk)
    assert (fact.verb, fact.person) == ("submit", world.people["representative"].pk)


def test_a_neighbour_cannot_enter_it(world: World) -> None:
    (outcome,) = submit_orders([world.ask("agent", {0: 5})], regulation=world.regulation, by=world.who("other_agent_owner"), at=world.at)
    assert outcome.refusal
    assert (outcome.refusal.code, Order.objects.count()) == ("forbidden", 0)


def test_a_retailer_buys_from_its_agent_whose_stock_is_not_kept_here(world: World) -> None:
    outcome = world.submit("retailer", {0: 5})
    assert outcome.state is OrderState.HELD
    order = world.accept(outcome, by="agent_owner")
    assert (order.seller, order.state) == (world.firms["agent"], OrderState.ACCEPTED)
