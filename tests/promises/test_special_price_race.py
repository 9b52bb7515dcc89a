"""Special prices and signatures when many act at once: no copy is used twice, one signature is asked, one is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from lingqu.approvals.actions import Answer, decide_step
from lingqu.catalogue.actions import ask_special_price
from lingqu.catalogue.models import SpecialPrice
from lingqu.catalogue.rules import NewSpecial
from lingqu.catalogue.states import SpecialKind
from lingqu.credit.models import Waiver
from lingqu.ledger.actions import set_limit
from lingqu.orders.actions import ask_signature, decide_again, submit_orders, withdraw_order
from lingqu.orders.models import Order, OrderLine, SignatureRequest
from lingqu.orders.queries.facts import Bench
from tests.promises.test_two_at_once import at_once
from tests.world import World, build_world

COPIES, EACH, MANY = 100, 10, 24


def granted(world: World) -> SpecialPrice:
    today = world.at.date()
    new = NewSpecial(
        world.products[0].pk, SpecialKind.TITLE, 5_500, COPIES, today, today + timedelta(days=30), "开学",
    )  # fmt: skip
    discount = world.regulation.discount("agent", "A")
    assert discount
    special = ask_special_price(
        new, seller=world.hq.pk, buyer=world.firms["agent"].pk, discount=discount, regulation=world.regulation,
        by=world.who("representative"), at=world.at,
    )  # fmt: skip
    assert special.approval_id
    world.sign(special.approval_id, "manager")
    return special


def sending(world: World) -> list[Callable[[], object]]:
    """Many requests of ten copies each, as single deeds."""
    by, regulation, at = world.who("agent_owner"), world.regulation, world.at
    asked = [world.ask("agent", {0: EACH}) for _ in range(MANY)]
    return [partial(submit_orders, [one], regulation=regulation, by=by, at=at) for one in asked]


def used(special: SpecialPrice) -> int:
    lines = OrderLine.objects.filter(special=special, order__state="held")
    return sum(line.copies for line in lines)


def room_for(world: World, batches: int) -> None:
    line = world.lines["agent"]
    with transaction.atomic():
        set_limit(
            line.account_id, limit=world.regulation.parameters.grades["A"].limit, count_limit=batches, document=("test", 1),
            on=world.at.date(), at=world.at,
        )  # fmt: skip


def test_no_copy_of_a_special_price_is_used_twice(race_database: str) -> None:
    world = build_world()
    special = granted(world)
    room_for(world, MANY)
    assert at_once(sending(world)) == {"done": MANY}
    assert Order.objects.filter(state="held").count() == MANY
    assert (used(special), OrderLine.objects.filter(discount_bp=5_500).count()) == (COPIES, COPIES // EACH)


def test_a_court_that_forgets_what_is_used_is_caught(race_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build_world()
    special = granted(world)
    room_for(world, MANY)
    whole = Bench.special

    def forgetful(self: Bench, *args: object, **more: object) -> object:
        offer = whole(self, *args, **more)  # type: ignore[arg-type]
        return offer and type(offer)(offer.id, offer.number, offer.discount_bp, COPIES)

    monkeypatch.setattr(Bench, "special", forgetful)
    at_once(sending(world))
    assert used(special) > COPIES


def test_one_signature_is_asked_by_many_at_once(race_database: str) -> None:
    world = build_world()
    order = world.submit("agent", {0: 4_807, 2: 3, 3: 421}).order
    assert order
    by, regulation, at = world.who("representative"), world.regulation, world.at
    outcome = at_once([lambda: ask_signature(order, "急需", regulation=regulation, by=by, at=at)] * 8)
    assert outcome == {"done": 1, "signature_open": 7}
    assert SignatureRequest.objects.count() == 1


def test_the_director_signs_while_the_partner_withdraws_and_the_representative_decides_again(race_database: str) -> None:
    world = build_world()
    for _ in range(3):
        order = world.submit("agent", {0: 4_807, 2: 3, 3: 421}).order
        assert order
        asked = ask_signature(order, "急需", regulation=world.regulation, by=world.who("representative"), at=world.at)
        assert asked
        approval = asked.approval_id
        assert approval
        for who in ("manager", "finance"):
            world.sign(approval, who)
        step, regulation, at = world.step_of(approval).pk, world.regulation, world.at
        director, owner, representative = (world.who(name) for name in ("director", "agent_owner", "representative"))
        answer = Answer(step, "approve", "")
        deeds: list[Callable[[], object]] = [
            partial(decide_step, approval, answer, by=director, at=at),
            partial(withdraw_order, order, by=owner, at=at),
            partial(decide_again, order, regulation=regulation, by=representative, at=at),
        ]
        assert sum(at_once(deeds).values()) == len(deeds)
        asked.refresh_from_db()
        signed = Waiver.objects.filter(document_id=order).count()
        assert (asked.state, signed) in (("signed", 1), ("void", 0))
        assert Order.objects.get(pk=order).state == "withdrawn"
