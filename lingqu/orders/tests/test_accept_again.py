"""A judgement holds for its day: accepting on another day judges anew, and what fails then is not accepted."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from lingqu.credit.models import Batch, SupplyHold
from lingqu.orders.actions import submit_orders
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.tests.path_steps import credit, must_agree, order_of
from tests.world import World

NOTHING = Decimal(0)


def test_the_next_day_it_is_judged_again_and_accepted_with_its_own_hold_put_aside(world: World) -> None:
    outcome = world.submit("agent", {0: 4807})
    world.at += timedelta(days=1)
    assert world.accept(outcome).state == "accepted"
    assert StoredDecision.objects.count() == 2
    must_agree(world)


def test_on_its_own_day_nothing_is_judged_again(world: World) -> None:
    world.accept(world.submit("agent", {0: 10}))
    assert StoredDecision.objects.count() == 1


def test_what_fails_the_next_day_is_released_and_not_accepted(world: World) -> None:
    first = world.accept(world.submit("agent", {1: 1}))
    outcome = world.submit("agent", {0: 10})
    Batch.objects.filter(document_id=first.pk).update(backstop_due_on=world.at.date() - timedelta(days=200))
    world.at += timedelta(days=1)
    order = world.accept(outcome)
    assert (order.state, order.accepted_at, credit(world)[1]) == ("review", None, NOTHING)
    assert StoredDecision.objects.filter(order=order).latest("id").failed == "overdue"
    must_agree(world)


@pytest.mark.parametrize(("level", "state"), [("stop", "review"), ("delay", "accepted")])
def test_a_stop_that_came_the_same_day_is_heard_and_a_delay_is_not(world: World, level: str, state: str) -> None:
    outcome = world.submit("agent", {0: 10})
    SupplyHold.objects.create(
        line=world.lines["agent"], number="GK-2026-0001", cause="overdue", level=level, state="in_force", reason="逾期", set_at=world.at,
        owner=world.people["finance"], deadline=world.at.date(), regulation=world.regulation.reference,
    )  # fmt: skip
    assert world.accept(outcome).state == state
    must_agree(world)


def test_where_the_regulation_accepts_by_itself_a_passed_request_is_accepted_with_its_submission(world: World) -> None:
    regulation = world.regulation
    parameters = msgspec.structs.replace(regulation.parameters, auto_accept=True)
    asked = [world.ask("agent", {0: 10}), world.ask("agent", {0: 5000}), world.ask("agent", {1: 1}, key="last")]
    regulation = msgspec.structs.replace(regulation, parameters=parameters)
    outcomes = submit_orders(asked, regulation=regulation, by=world.who("agent_owner"), at=world.at)
    assert [outcome.state and outcome.state.value for outcome in outcomes] == ["accepted", "review", "accepted"]
    order = order_of(outcomes[0])
    assert (order.accepted_by, order.ship_on and order.ship_on.isoformat()) == (None, "2026-11-24")
    (again,) = submit_orders([asked[2]], regulation=regulation, by=world.who("agent_owner"), at=world.at)
    assert (again.repeated, Order.objects.count(), credit(world)[2]) == (True, 3, 2)
    must_agree(world)
