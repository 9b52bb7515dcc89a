"""Many claims at the same moment: no copy is made good twice, no claim is credited twice, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from django.db.models import Sum

from lingqu.approvals.actions import Answer, decide_step
from lingqu.claims.actions import ask_claim, withdraw_claim
from lingqu.claims.models import PriceClaim, PriceClaimSource
from lingqu.claims.rules import AskedLine, NewClaim
from lingqu.claims.tests.things import claim, cut, shipped_before
from lingqu.credit.models import BatchCredit
from tests.promises.test_two_at_once import at_once
from tests.world import World, build_world

MANY = 8
Deed = Callable[[], object]


def fallen() -> World:
    """The first title fell from 96 to 80 today; both agents were shipped 100 copies of it ten days ago."""
    world = build_world()
    for buyer in ("agent", "other_agent"):
        shipped_before(world, {0: 100}, buyer=buyer)
    cut(world, 0, "80")
    return world


def asking(world: World, buyer: str, key: str, copies: int = 60) -> Deed:
    new = NewClaim(key, world.hq.pk, world.firms[buyer].pk, (AskedLine(world.products[0].pk, copies),))
    return partial(ask_claim, new, regulation=world.regulation, by=world.who(f"{buyer}_owner"), at=world.at)


def named(world: World, buyer: str) -> int:
    found = PriceClaimSource.objects.filter(claim_line__claim__buyer=world.firms[buyer])
    return found.aggregate(sum=Sum("copies"))["sum"] or 0


def test_no_copy_is_made_good_twice(race_database: str) -> None:
    world = fallen()
    deeds = [asking(world, buyer, f"claim-{number}") for number in range(MANY // 2) for buyer in ("agent", "other_agent")]
    assert at_once(deeds) == {"done": 2, "nothing_made_good": MANY - 2}
    assert (named(world, "agent"), named(world, "other_agent")) == (60, 60)


def test_sent_many_times_it_is_one_claim(race_database: str) -> None:
    world = fallen()
    assert at_once([asking(world, "agent", "once") for _ in range(MANY)]) == {"done": MANY}
    assert PriceClaim.objects.count() == 1


def test_agreed_to_many_times_it_is_credited_once(race_database: str) -> None:
    world = fallen()
    made = claim(world, {0: 60})
    assert made.approval_id
    step, by = world.step_of(made.approval_id).pk, world.who("manager")
    deeds: list[Deed] = [partial(decide_step, made.approval_id, Answer(step, "approve", ""), by=by, at=world.at) for _ in range(MANY)]
    assert at_once(deeds)["done"] == 1
    assert list(BatchCredit.objects.values_list("amount", flat=True)) == [Decimal("624.00")]


def test_taken_back_and_agreed_to_at_once_one_of_them_holds(race_database: str) -> None:
    world = fallen()
    made = claim(world, {0: 60})
    assert made.approval_id
    step = world.step_of(made.approval_id).pk
    agree = partial(decide_step, made.approval_id, Answer(step, "approve", ""), by=world.who("manager"), at=world.at)
    back = partial(withdraw_claim, made.pk, by=world.who("agent_owner"), at=world.at)
    assert at_once([agree, back] * 4)["done"] == 1
    made.refresh_from_db()
    assert (made.state, BatchCredit.objects.count()) in (("credited", 1), ("withdrawn", 0))
