"""Negative controls: each is a defect that somebody could build into a path, and the accounts, or a limit, must show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.models import Batch
from lingqu.orders.tests.path_steps import amend, cancel, close, credit, merge, must_agree, reopen, ship, split, take_back
from tests.world import World

Patch = pytest.MonkeyPatch
Story = Callable[[World], object]


def nothing(*_: Any, **__: Any) -> None:
    return None


def none_of_them(*_: Any, **__: Any) -> list[Any]:
    return []


def held(world: World, copies: dict[int, int] | None = None) -> int:
    order = world.submit("agent", copies or {0: 10, 1: 5}).order
    assert order
    return order


def accepted(world: World, copies: dict[int, int] | None = None) -> int:
    return world.accept(world.submit("agent", copies or {0: 10, 1: 5})).pk


def amended(world: World) -> None:
    amend(world, held(world), {0: 4})


def reduced(world: World) -> None:
    amend(world, accepted(world), {0: 4})


def cancelled(world: World) -> None:
    cancel(world, accepted(world))


def closed(world: World) -> None:
    order = accepted(world)
    ship(world, order, {1: 4})
    close(world, order)


def returned(world: World) -> None:
    order = accepted(world)
    ship(world, order)
    take_back(world, order, {1: 10, 2: 5})
    assert credit(world)[0] == 0


def merged(world: World) -> None:
    merge(world, held(world), held(world))


def shipped_in_part(world: World) -> None:
    ship(world, accepted(world), {1: 4})


DEFECTS: dict[str, tuple[str, Any, Story]] = {
    "old holds are not released": ("lingqu.orders.actions.again.releases", none_of_them, amended),
    "a reduction is not credited": ("lingqu.orders.actions.amend.credit_batch", nothing, reduced),
    "stock of a reduction stays held": ("lingqu.orders.actions.amend.keep_in_stock", none_of_them, reduced),
    "a cancelled request stays owed": ("lingqu.orders.actions.cancel.credit_batch", nothing, cancelled),
    "stock of a cancelled request stays held": ("lingqu.orders.actions.cancel.keep_in_stock", none_of_them, cancelled),
    "the closed rest stays owed": ("lingqu.orders.actions.cancel.credit_batch", nothing, closed),
    "what came back is not credited": ("lingqu.orders.actions.returns.credit_batch", nothing, returned),
    "merged requests keep their holds": ("lingqu.orders.actions.merging.releases", none_of_them, merged),
    "the rest of a hold is lost": ("lingqu.orders.actions.ship.keep_in_stock", none_of_them, shipped_in_part),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_on_a_path_shows_in_the_accounts(world: World, monkeypatch: Patch, name: str) -> None:
    where, defect, story = DEFECTS[name]
    monkeypatch.setattr(where, defect)

    def told() -> None:
        story(world)
        must_agree(world)

    with pytest.raises((AssertionError, Refusal)):
        told()


@pytest.mark.parametrize("story", [amended, reduced, cancelled, closed, returned, merged, shipped_in_part])
def test_without_a_defect_the_same_stories_agree(world: World, story: Story) -> None:
    story(world)
    must_agree(world)


def test_without_putting_its_own_hold_aside_a_request_would_stand_in_its_own_way(world: World, monkeypatch: Patch) -> None:
    order = held(world, {0: 4800})
    monkeypatch.setattr("lingqu.orders.actions.again.put_aside", nothing)
    assert amend(world, order, {0: 4807}).state == "review"


def test_without_the_judgement_growing_would_stop_only_at_the_ledger(world: World, monkeypatch: Patch) -> None:
    order = accepted(world, {0: 10})
    Batch.objects.update(backstop_due_on=world.at.date() - timedelta(days=200))
    monkeypatch.setattr("lingqu.orders.actions.amend._not_within", lambda _: Refusal("seen", None))  # type: ignore[arg-type]
    with pytest.raises((Refusal, AttributeError)):
        amend(world, order, {0: 11})
    monkeypatch.setattr("lingqu.orders.actions.amend.is_lowering", lambda *_: True)
    assert amend(world, order, {0: 11}).net == Decimal("686.40")


def test_without_dropping_laws_a_signature_would_cover_a_request_that_grew(world: World, monkeypatch: Patch) -> None:
    from lingqu.credit.actions import NewWaiver, sign_waiver

    def story() -> str:
        order = held(world, {0: 1})
        new = NewWaiver(order, ("overdue",), Decimal(0), 0, "急需", world.at + timedelta(days=30))
        sign_waiver(new, line=world.lines["agent"], by=world.who("director"), at=world.at)
        return amend(world, order, {0: 2}).state

    old = accepted(world, {0: 1})
    Batch.objects.filter(document_id=old).update(backstop_due_on=world.at.date() - timedelta(days=200))
    assert story() == "review"
    monkeypatch.setattr("lingqu.orders.actions.again.still_signed", lambda laws, **_: tuple(laws))
    assert story() == "held"


def test_without_looking_what_was_seen_a_form_sent_twice_splits_and_ships_twice(world: World, monkeypatch: Patch) -> None:
    order = held(world)
    monkeypatch.setattr("lingqu.orders.actions.splitting.must_be_as_seen", nothing)
    split(world, order, {1: 2}, seen=15)
    assert split(world, order, {1: 2}, seen=15)[0].copies == 11


def test_without_letting_the_cancelled_batch_go_a_request_could_not_be_accepted_again(world: World, monkeypatch: Patch) -> None:
    from django.db import IntegrityError

    outcome = world.submit("agent", {0: 1})
    world.accept(outcome)
    assert outcome.order
    cancel(world, outcome.order)
    monkeypatch.setattr("lingqu.orders.actions.reopening.let_go_of_batch", nothing)
    reopen(world, outcome.order)
    with pytest.raises(IntegrityError):
        world.accept(outcome)
