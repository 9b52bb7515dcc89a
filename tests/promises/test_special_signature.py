"""The special signature: exactly these laws, exactly this request, only by the posts named, and not by who entered it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.base.refusal import Refusal
from lingqu.credit.models import Waiver
from lingqu.ledger.actions import set_limit
from lingqu.orders.actions import decide_again, waive_order
from lingqu.orders.models import Order
from lingqu.orders.states import OrderState
from tests.world import World

OVER = {0: 4_807, 2: 3, 3: 421}
"""300,000.01 at 65 %: one cent over the limit of grade A."""


def waive(world: World, order: int | None, by: str = "director") -> OrderState:
    assert order
    waive_order(order, reason="急需", regulation=world.regulation, by=world.who(by), at=world.at)
    return OrderState(Order.objects.get(pk=order).state)


def test_it_covers_exactly_what_is_over(world: World) -> None:
    order = world.submit("agent", OVER).order
    assert waive(world, order) is OrderState.HELD
    waiver = Waiver.objects.get()
    assert (waiver.laws, waiver.amount, waiver.batches) == ("credit", Decimal("0.01"), 0)


@pytest.mark.parametrize("by", ["manager", "representative", "finance", "warehouse", "agent_owner", "other_agent_owner"])
def test_only_the_director_signs_for_credit(world: World, by: str) -> None:
    order = world.submit("agent", OVER).order
    with pytest.raises(Refusal) as refusal:
        waive(world, order, by)
    assert (refusal.value.code, Waiver.objects.count()) == ("forbidden", 0)


def test_nobody_signs_for_a_request_of_their_own(world: World) -> None:
    from lingqu.organisation.actions import give_post
    from lingqu.organisation.states import PostCode

    give_post(world.people["director"], PostCode.MANAGER, firm=world.hq, since=world.at.date(), at=world.at, by=None)
    order = world.submit("agent", OVER, by="director").order
    with pytest.raises(Refusal) as refusal:
        waive(world, order)
    assert refusal.value.code == "forbidden"


def test_a_law_that_nobody_may_waive_stays(world: World) -> None:
    partner = world.partners["agent"]
    partner.certified_until = world.at.date() - timedelta(days=1)
    partner.save()
    outcome = world.submit("agent", OVER)
    assert outcome.state is OrderState.REFUSED
    with pytest.raises(Refusal) as refusal:
        waive(world, outcome.order)
    assert refusal.value.code == "wrong_state"


def test_when_more_is_missing_later_a_second_signature_adds_to_the_first(world: World) -> None:
    order = world.submit("agent", OVER).order
    assert order
    waive(world, order)
    account = world.lines["agent"].account_id
    world.at += timedelta(days=5)
    assert world.expire() == 1
    set_limit(account, limit=Decimal(200_000), count_limit=2, document=("test", 1), on=world.at.date(), at=world.at)
    decide_again(order, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert Order.objects.get(pk=order).state == OrderState.REVIEW
    assert waive(world, order) is OrderState.HELD
    assert [waiver.amount for waiver in Waiver.objects.order_by("id")] == [Decimal("0.01"), Decimal("100000.00")]


def test_an_expired_signature_lets_nothing_through(world: World) -> None:
    order = world.submit("agent", OVER).order
    assert order
    waive(world, order)
    world.at += timedelta(days=31)
    world.expire()
    decide_again(order, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert Order.objects.get(pk=order).state == OrderState.REVIEW
