"""How it is proved that a parameter matters: the result of a story under the version in force, and under one that changes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction

from lingqu.orders.actions import submit_orders
from lingqu.orders.models import Order
from lingqu.policy.rules import SetParameter, parameter_value
from tests.regulation import issued
from tests.world import World, fresh_world

Result = Callable[[World], Any]


def under_both(result: Result, **changed: Any) -> tuple[Any, Any]:
    """The result under the version in force, and under the next one, in which these parameters are other ones."""
    before = undone(result)
    world = fresh_world()
    version = issued(world, *(SetParameter(key, value) for key, value in changed.items()))
    assert world.regulation.number == version.number
    return before, result(world)


def undone(result: Result) -> Any:
    """The result of a story that is then taken back."""
    with transaction.atomic():
        found = result(fresh_world())
        transaction.set_rollback(True)
    return found


def table(key: str, path: tuple[str, ...], value: Any) -> Any:
    """A table of the regulation in force with one cell changed."""
    whole = parameter_value(fresh_world().regulation, key)
    row = whole
    for part in path[:-1]:
        row = row[part]
    row[path[-1]] = value
    return whole


def submitted(world: World) -> Order:
    """A small request of the agent."""
    (outcome,) = submit_orders([world.ask("agent", {0: 10})], regulation=world.regulation, by=world.who("agent_owner"), at=world.at)
    assert outcome.order
    return Order.objects.get(pk=outcome.order)


def answer_until(world: World) -> date:
    """Until when it is to be answered."""
    until = Order.objects.get(pk=submitted(world).pk).answer_until
    assert until
    return until.date()
