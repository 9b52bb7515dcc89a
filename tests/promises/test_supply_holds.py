"""A hold keeps goods and requests back in every place: the law, the warehouse, an old acceptance; and lets go when it is decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.models import Batch, SupplyHold
from lingqu.credit.tests.hold_stories import ask, by_hand, grant, later, overdue, owe, review
from lingqu.orders.actions import shippable
from lingqu.orders.models import StoredDecision
from lingqu.orders.states import OrderState
from tests.world import World

pytestmark = pytest.mark.django_db


def law_of_overdue(order: int | None) -> dict[str, Any]:
    assert order
    stored = StoredDecision.objects.filter(order_id=order).latest("pk")
    return next(law for law in msgspec.json.decode(stored.decision)["laws"] if law["law"] == "overdue")


def test_from_the_thirtieth_day_supply_stops_and_requests_fail_naming_the_hold(world: World) -> None:
    hold = overdue(world, 29)
    assert hold.level == "delay"
    failed = world.submit("other_agent", {2: 1})
    assert law_of_overdue(failed.order)["numbers"].get("stopped") is None
    later(world, world.at.date() + timedelta(days=1))
    hold.refresh_from_db()
    assert (hold.level, hold.state) == ("stop", "in_force")
    failed = world.submit("other_agent", {2: 1})
    assert law_of_overdue(failed.order)["numbers"]["stopped"] == hold.number


def test_a_stop_set_by_hand_fails_requests_and_says_who_ends_it(world: World) -> None:
    hold = by_hand(world)
    asked = world.submit("other_agent", {2: 1})
    assert asked.state is OrderState.REVIEW
    law = law_of_overdue(asked.order)
    assert (law["outcome"], law["numbers"]["overdue"], law["numbers"]["stopped"]) == ("failed", "0.00", hold.number)
    assert asked.order
    stored = StoredDecision.objects.filter(order_id=asked.order).latest("pk")
    cures = msgspec.json.decode(stored.decision)["cures"]
    assert [cure["kind"] for cure in cures] == ["ask", "release_hold"]
    delay = SupplyHold.objects.filter(pk=hold.pk)
    delay.update(level="delay")
    assert world.submit("other_agent", {2: 1}).state is OrderState.HELD


def refused_to_ship(world: World, outcome: Any) -> str:
    """The code with which shipping is refused, empty when the goods left."""
    try:
        world.ship(outcome)
    except Refusal as refusal:
        return refusal.code
    return ""


def late_with_goods_to_ship(world: World) -> Any:
    """A request accepted today; an older batch is one day overdue and holds it back."""
    first = owe(world)
    waiting = world.submit("other_agent", {1: 10})
    world.accept(waiting)
    Batch.objects.filter(pk=first.pk).update(triggered_due_on=world.at.date() - timedelta(days=1))
    review(world)
    return waiting


def test_goods_of_another_request_wait_for_the_money_that_is_overdue(world: World) -> None:
    waiting = late_with_goods_to_ship(world)
    assert refused_to_ship(world, waiting) == "on_hold"
    world.pay("other_agent", "6240.00")
    assert refused_to_ship(world, waiting) == ""


def test_negative_control_without_the_question_goods_leave(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = late_with_goods_to_ship(world)
    monkeypatch.setattr(shippable, "hold_in_force", lambda line, *, on: None)
    assert refused_to_ship(world, waiting) == ""


@pytest.mark.parametrize("kind", ["defer", "release"])
def test_what_was_decided_holds_for_an_old_acceptance_too_and_only_as_long_as_it_was_decided(world: World, kind: str) -> None:
    waiting = late_with_goods_to_ship(world)
    hold = SupplyHold.objects.get()
    later(world, world.at.date() + timedelta(days=9))
    grant(world, ask(world, hold, kind, days=2))
    assert world.submit("other_agent", {2: 1}).state is OrderState.REVIEW
    later(world, world.at.date() + timedelta(days=3 if kind == "defer" else 30))
    assert refused_to_ship(world, waiting) == "on_hold"


@pytest.mark.parametrize("kind", ["defer", "release"])
def test_an_old_acceptance_ships_while_it_is_decided(world: World, kind: str) -> None:
    waiting = late_with_goods_to_ship(world)
    hold = SupplyHold.objects.get()
    later(world, world.at.date() + timedelta(days=9))
    grant(world, ask(world, hold, kind, days=2))
    assert refused_to_ship(world, waiting) == ""
