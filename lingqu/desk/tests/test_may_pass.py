"""A request failed, then money came in that would let it pass: whoever answers it is told once, and home marks it with the clauses."""

from __future__ import annotations

from datetime import timedelta

from lingqu.audit.queries import facts_of
from lingqu.notices.models import Notice
from lingqu.orders.actions import decide_again, tell_may_pass
from lingqu.orders.models import Order
from lingqu.orders.queries import failed_requests
from lingqu.orders.states import OrderState
from tests.pages import SitDown, spoken
from tests.world import World


def look(world: World) -> int:
    """What the job does."""
    world.at += timedelta(minutes=10)
    return sum(tell_may_pass(order, regulation=world.regulation, at=world.at) for order in failed_requests())


def over_the_limit(world: World) -> Order:
    """4,807 copies at 62.40 are accepted: 299,956.80 of 300,000.00; one more request of 100 copies fails."""
    world.accept(world.submit("agent", {0: 4807}))
    outcome = world.submit("agent", {0: 100})
    assert outcome.state is OrderState.REVIEW
    return Order.objects.get(number=outcome.number)


def test_money_that_came_in_is_told_once_and_marks_the_request_at_home(world: World, at_desk: SitDown) -> None:
    order = over_the_limit(world)
    browser = at_desk("representative")
    assert (look(world), "现可通过" in spoken(browser.get("/").content.decode())) == (0, False)
    world.pay("agent", "299956.80")
    assert [look(world), look(world)] == [1, 0]
    told = Notice.objects.filter(title_zh=f"{order.number} 现在可以通过")
    assert list(told.values_list("person", "link")) == [(world.people["representative"].pk, f"/orders/{order.number}/")]
    page = spoken(browser.get("/").content.decode())
    assert ("现可通过" in page, "已可通过（信用金额 M-" in page) == (True, True)
    assert "按当时事实可以通过" in spoken(browser.get(f"/orders/{order.number}/").content.decode())


def test_the_mark_is_gone_with_the_next_decision(world: World, at_desk: SitDown) -> None:
    order = over_the_limit(world)
    world.pay("agent", "299956.80")
    assert look(world) == 1
    taken = world.submit("agent", {0: 4800})
    world.at += timedelta(minutes=1)
    again = decide_again(order.pk, regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert (taken.state, again.state) == (OrderState.HELD, "review")
    assert "现可通过" not in spoken(at_desk("representative").get("/").content.decode())
    assert look(world) == 0
    assert [fact.verb for fact in facts_of("order", order.pk)].count("may_pass") == 1


def test_what_passed_or_was_ended_is_not_looked_at(world: World) -> None:
    held = world.submit("agent", {0: 1})
    assert held.order
    assert failed_requests() == []
    assert not tell_may_pass(held.order, regulation=world.regulation, at=world.at)
