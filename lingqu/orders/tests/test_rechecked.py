"""Judged again before it is accepted, a request may pass with another sum: nobody is told that it fails."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lingqu.credit.models import Batch
from lingqu.notices.models import Notice
from lingqu.orders.models import Order, OrderLine
from lingqu.orders.tests.path_steps import credit, must_agree, order_of
from tests.pages import SitDown, spoken
from tests.world import World


def told(world: World, name: str) -> str:
    return " ".join(f"{one.title_zh} {one.body_zh} {one.body_en}" for one in Notice.objects.filter(person=world.people[name]))


def dearer(world: World) -> Order:
    """Return a request that is held since yesterday and comes out with another sum today."""
    outcome = world.submit("agent", {0: 10})
    world.at += timedelta(days=1)
    OrderLine.objects.filter(order=outcome.order).update(list_price=Decimal(100))
    return order_of(outcome)


def test_what_passes_with_another_sum_is_held_and_told_so(world: World, at_desk: SitDown) -> None:
    order = dearer(world)
    before, page = order.net, f"/orders/{order.number}/"
    answer = at_desk("representative").post(f"{page}accept", {"ship_on": world.at.date().isoformat()}, follow=True)
    order.refresh_from_db()
    assert (order.state, order.net != before, credit(world)[1]) == ("held", True, order.net)
    said = spoken(answer.content.decode())
    assert f"复核通过，但内容有变，实洋由 {before:,} 元改为 {order.net:,} 元" in said
    assert ("预占已释放" in said, "哪条规则不通过" in said) == (False, False)
    heard = told(world, "agent_owner")
    assert f"实洋由 {before:,} 元改为 {order.net:,} 元" in heard
    assert ("不通过" in heard, "it fails" in heard) == (False, False)
    at_desk("representative").post(f"{page}accept", {"ship_on": world.at.date().isoformat()})
    order.refresh_from_db()
    assert order.state == "accepted"
    must_agree(world)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_fails_is_still_told_as_failed(world: World, at_desk: SitDown, language: str) -> None:
    first = world.accept(world.submit("agent", {1: 1}))
    outcome = world.submit("agent", {0: 10})
    Batch.objects.filter(document_id=first.pk).update(backstop_due_on=world.at.date() - timedelta(days=200))
    world.at += timedelta(days=1)
    browser = at_desk("representative", language=language)
    answer = browser.post(f"/orders/{outcome.number}/accept", {"ship_on": world.at.date().isoformat()}, follow=True)
    assert ("预占已释放" if language == "zh" else "what it held is free again") in spoken(answer.content.decode())
    assert ("复核不通过，预占已释放" in told(world, "agent_owner"), "it fails" in told(world, "agent_owner")) == (True, True)
    assert order_of(outcome).state == "review"
