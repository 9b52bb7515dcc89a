"""Splitting, merging and opening again: whatever is made of a request goes through the court like a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.base.refusal import Refusal
from lingqu.catalogue.models import ListPrice
from lingqu.credit.models import Batch
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.tests.path_steps import cancel, credit, merge, must_agree, order_of, reopen, split
from tests.world import World

NOTHING = Decimal(0)
ONE_CENT_OVER = {0: 4807, 2: 3, 3: 421}
Deed = Callable[[], object]


def refused(world: World, deed: Deed) -> Refusal:
    before = (credit(world), sorted(Order.objects.values_list("number", "state", "copies")), StoredDecision.objects.count())
    with pytest.raises(Refusal) as refusal:
        deed()
    assert before == (credit(world), sorted(Order.objects.values_list("number", "state", "copies")), StoredDecision.objects.count())
    return refusal.value


@pytest.mark.parametrize("by", ["agent_owner", "agent_clerk", "representative", "manager"])
def test_a_held_request_is_split_and_both_parts_are_held(world: World, by: str) -> None:
    outcome = world.submit("agent", {0: 10, 1: 5})
    assert outcome.order
    first, second = split(world, outcome.order, {1: 4, 2: 5}, by=by)
    assert (first.state, first.copies, second.state, second.copies) == ("held", 6, "held", 9)
    assert (second.origin_id, second.net, credit(world)) == (first.pk, Decimal("665.60"), (NOTHING, Decimal("1040.00"), 0, 2))
    assert list(second.lines.order_by("line").values_list("line", "copies")) == [(1, 4), (2, 5)]
    must_agree(world)


def test_splitting_takes_two_places_and_the_second_part_may_fail_for_it(world: World) -> None:
    world.accept(world.submit("agent", {0: 1}))
    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    first, second = split(world, outcome.order, {1: 4})
    assert (first.state, second.state) == ("held", "review")
    assert StoredDecision.objects.get(order=second).failed == "batches"
    must_agree(world)


def test_a_request_over_the_limit_passes_in_part(world: World) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    assert outcome.order
    first, second = split(world, outcome.order, {3: 421})
    assert (first.state, second.state, second.net) == ("held", "review", Decimal("4.21"))
    must_agree(world)


def test_splitting_refuses_twice_strangers_and_what_is_accepted(world: World) -> None:
    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    order = outcome.order
    for stranger in ("other_agent_owner", "finance", "warehouse", "director", "retailer_owner"):
        assert refused(world, lambda who=stranger: split(world, order, {1: 4}, by=who)).code == "forbidden"  # type: ignore[misc]
    split(world, order, {1: 4}, seen=10)
    assert refused(world, lambda: split(world, order, {1: 4}, seen=10)).code == "changed_meanwhile"
    world.accept(outcome)
    assert refused(world, lambda: split(world, order, {1: 1})).code == "wrong_state"


@pytest.mark.parametrize("by", ["agent_owner", "representative"])
def test_two_requests_become_one_and_free_a_place(world: World, by: str) -> None:
    first, second = world.submit("agent", {0: 10, 1: 1}), world.submit("agent", {0: 5, 2: 2})
    assert first.order
    assert second.order
    order = merge(world, first.order, second.order, by=by)
    assert (order.state, order.net, credit(world)) == ("held", Decimal("1045.20"), (NOTHING, Decimal("1045.20"), 0, 1))
    assert list(order.lines.order_by("line").values_list("line", "copies")) == [(1, 15), (2, 1), (3, 2)]
    other = order_of(second)
    assert (other.state, other.origin_id) == ("merged", order.pk)
    must_agree(world)


def test_merging_past_the_limit_holds_nothing(world: World) -> None:
    first, second = world.submit("agent", {0: 4000}), world.submit("agent", {0: 800, 1: 100})
    assert first.order
    assert second.order
    assert merge(world, first.order, second.order).state == "review"
    assert credit(world) == (NOTHING, NOTHING, 0, 0)
    must_agree(world)


def test_merging_refuses_itself_strangers_other_firms_other_places_and_ended_ones(world: World) -> None:
    first, second = world.submit("agent", {0: 10}), world.submit("agent", {0: 5})
    foreign = world.submit("other_agent", {0: 5})
    assert first.order
    assert second.order
    assert foreign.order
    one, two, three = first.order, second.order, foreign.order
    assert refused(world, lambda: merge(world, one, one)).field == "others"
    assert refused(world, lambda: merge(world, one, three)).code == "not_found"
    assert refused(world, lambda: merge(world, one, 10**9)).code == "not_found"
    assert refused(world, lambda: merge(world, one, two, by="other_agent_owner")).code == "forbidden"
    Order.objects.filter(pk=two).update(delivery_division="370212")
    assert refused(world, lambda: merge(world, one, two)).code == "cannot_merge"
    Order.objects.filter(pk=two).update(delivery_division=order_of(first).delivery_division)
    merge(world, one, two)
    assert refused(world, lambda: merge(world, one, two)).code == "wrong_state"


@pytest.mark.parametrize("by", ["agent_owner", "representative"])
@pytest.mark.parametrize("end", ["withdraw", "decline", "cancel"])
def test_what_ended_is_opened_again_and_held(world: World, end: str, by: str) -> None:
    from lingqu.orders.actions import decline_order, withdraw_order

    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    if end == "withdraw":
        withdraw_order(outcome.order, by=world.who("agent_owner"), at=world.at)
    elif end == "decline":
        decline_order(outcome.order, reason="缺货", by=world.who("representative"), at=world.at)
    else:
        world.accept(outcome)
        cancel(world, outcome.order)
    order = reopen(world, outcome.order, by=by)
    assert (order.state, order.answer, order.accepted_at, credit(world)) == ("held", "", None, (NOTHING, Decimal("624.00"), 0, 1))
    must_agree(world)
    assert world.accept(outcome).state == "accepted"
    assert Batch.objects.filter(document_id=order.pk, settled_on=None).count() == 1
    must_agree(world)


def test_opening_again_is_no_way_round_the_court_nor_to_old_prices(world: World) -> None:
    from lingqu.orders.actions import withdraw_order

    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    withdraw_order(outcome.order, by=world.who("agent_owner"), at=world.at)
    ListPrice.objects.create(product=world.products[0], since=world.at.date(), amount=Decimal("100.0000"))
    for _ in range(2):
        world.accept(world.submit("agent", {1: 1}))
    order = reopen(world, outcome.order, by="agent_owner")
    assert (order.state, order.net) == ("review", Decimal("650.00"))


def test_opening_again_refuses_strangers_open_ones_and_old_ones(world: World) -> None:
    from lingqu.orders.actions import withdraw_order

    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    order = outcome.order
    assert refused(world, lambda: reopen(world, order)).code == "wrong_state"
    withdraw_order(order, by=world.who("agent_owner"), at=world.at)
    for stranger in ("other_agent_owner", "finance", "warehouse", "director"):
        assert refused(world, lambda who=stranger: reopen(world, order, by=who)).code == "forbidden"  # type: ignore[misc]
    world.at += timedelta(days=366)
    assert refused(world, lambda: reopen(world, order)).code == "too_old"


def test_a_signature_for_the_target_lets_through_no_more_than_it_named(world: World) -> None:
    from lingqu.credit.actions import NewWaiver, sign_waiver
    from lingqu.orders.actions import decide_again

    first, second = world.submit("agent", ONE_CENT_OVER), world.submit("agent", {0: 1})
    assert first.order
    assert second.order
    new = NewWaiver(first.order, ("credit",), Decimal("0.01"), 0, "年末备货", world.at + timedelta(days=30))
    cancel_held = order_of(second)
    assert cancel_held.state == "held"
    merged = merge(world, first.order, second.order)
    assert merged.state == "review"
    sign_waiver(new, line=world.lines["agent"], by=world.who("director"), at=world.at)
    assert decide_again(first.order, regulation=world.regulation, by=world.who("representative"), at=world.at).state == "review"
    stays, goes = split(world, first.order, {1: 1})
    assert (stays.state, goes.state) == ("held", "review")
    must_agree(world)
