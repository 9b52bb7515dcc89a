"""The verbs of a purchase request on its page: exactly the allowed ones are offered, and the others are refused when they are sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.test import Client

from lingqu.credit.models import Waiver
from lingqu.orders.actions import Outcome
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.states import OrderState
from lingqu.orders.tests.conftest import spoken
from tests.world import CENT_TITLE, World

Desk = Callable[..., Client]
VERBS = ("accept", "decline", "withdraw", "decide", "waive", "ship", "ask", "collect")
ONE_CENT_OVER = {0: 4807, 2: 3, CENT_TITLE: 421}
"""4,807 × 62.40 + 3 × 13.00 + 4.21 = 300,000.01, one cent over the limit of grade A."""


def page_of(browser: Client, outcome: Outcome, query: str = "") -> str:
    answer = browser.get(f"/orders/{outcome.number}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def offered(page: str) -> set[str]:
    return {verb for verb in VERBS if re.search(rf'(form)?action="/orders/[^"]+/{verb}"', page)}


def order_of(outcome: Outcome) -> Order:
    return Order.objects.get(number=outcome.number)


def state_of(outcome: Outcome) -> str:
    return order_of(outcome).state


def decisions_of(outcome: Outcome) -> QuerySet[StoredDecision]:
    return StoredDecision.objects.filter(order__number=outcome.number)


@pytest.mark.parametrize(
    ("state", "name", "verbs"),
    [
        ("held", "representative", {"accept", "decline"}),
        ("held", "manager", {"accept", "decline"}),
        ("held", "director", set()),
        ("held", "finance", set()),
        ("held", "warehouse", set()),
        ("held", "agent_owner", {"withdraw"}),
        ("held", "agent_clerk", {"withdraw"}),
        ("review", "representative", {"decline", "decide", "ask", "collect"}),
        ("review", "manager", {"decline", "decide", "ask", "collect"}),
        ("review", "director", set()),
        ("review", "finance", set()),
        ("review", "agent_owner", {"withdraw", "decide"}),
        ("accepted", "representative", set()),
        ("accepted", "warehouse", {"ship"}),
        ("accepted", "agent_owner", set()),
        ("shipped", "warehouse", set()),
        ("expired", "representative", {"decide"}),
        ("expired", "agent_owner", {"withdraw", "decide"}),
        ("expired", "director", set()),
    ],
)
def test_just_the_allowed_verbs_are_offered(world: World, at_desk: Desk, state: str, name: str, verbs: set[str]) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER if state == "review" else {0: 10})
    if state in ("accepted", "shipped"):
        world.accept(outcome)
    if state == "shipped":
        world.ship(outcome)
    if state == "expired":
        world.at += timedelta(days=4)
        world.expire()
    assert state_of(outcome) == state
    assert offered(page_of(at_desk(name), outcome)) == verbs


@pytest.mark.parametrize(
    ("state", "verb", "name"),
    [
        ("held", "accept", "agent_owner"),
        ("held", "accept", "finance"),
        ("held", "accept", "warehouse"),
        ("held", "decline", "agent_owner"),
        ("held", "withdraw", "representative"),
        ("held", "decide", "representative"),
        ("held", "waive", "director"),
        ("held", "ship", "warehouse"),
        ("review", "accept", "representative"),
        ("review", "waive", "director"),
        ("review", "waive", "manager"),
        ("review", "waive", "finance"),
        ("review", "waive", "agent_owner"),
        ("review", "decide", "finance"),
        ("review", "ask", "finance"),
        ("review", "ask", "director"),
        ("review", "ask", "agent_owner"),
        ("review", "collect", "agent_owner"),
        ("held", "ask", "representative"),
        ("held", "collect", "representative"),
        ("accepted", "ship", "representative"),
        ("accepted", "ship", "agent_owner"),
        ("accepted", "withdraw", "agent_owner"),
        ("accepted", "decline", "manager"),
    ],
)
def test_a_verb_that_is_not_offered_is_refused_and_nothing_changes(world: World, at_desk: Desk, state: str, verb: str, name: str) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER if state == "review" else {0: 10})
    if state == "accepted":
        world.accept(outcome)
    browser = at_desk(name)
    form = {"reason": "理由", "ship_on": "2026-11-24", "waybill": "SF1", "pay_by": "2026-11-27"}
    answer = browser.post(f"/orders/{outcome.number}/{verb}", form, follow=True)
    assert answer.status_code == 403 or 'class="notice notice-red" role="alert"' in answer.content.decode()
    assert state_of(outcome) == state
    assert decisions_of(outcome).count() == 1


def test_the_representative_accepts_with_a_ship_date(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", {0: 10})
    answer = at_desk("representative").post(f"/orders/{outcome.number}/accept", {"ship_on": "2026-11-27"}, follow=True)
    order = order_of(outcome)
    assert (order.state, order.ship_on and order.ship_on.isoformat()) == (OrderState.ACCEPTED, "2026-11-27")
    assert f"已受理 {outcome.number}，拟 11-27 发货" in answer.content.decode()


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-02-30", "2026-11-22", "2028-01-01", "9" * 50, "２０２６-13-01", "\x00"])
def test_a_ship_date_that_is_none_is_refused(world: World, at_desk: Desk, day: str) -> None:
    outcome = world.submit("agent", {0: 10})
    answer = at_desk("representative").post(f"/orders/{outcome.number}/accept", {"ship_on": day}, follow=True)
    assert answer.status_code == 200
    assert 'class="notice notice-red" role="alert"' in answer.content.decode()
    assert state_of(outcome) == OrderState.HELD


def test_two_people_accept_at_once_and_one_of_them_is_told(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", {0: 10})
    form = {"ship_on": "2026-11-27"}
    at_desk("representative").post(f"/orders/{outcome.number}/accept", form)
    second = at_desk("manager").post(f"/orders/{outcome.number}/accept", form, follow=True)
    assert "当前为“备货中”，不能受理" in second.content.decode()
    assert world.lines["agent"].batches.count() == 1


def test_declining_needs_a_reason(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", {0: 10})
    browser = at_desk("manager")
    refused = browser.post(f"/orders/{outcome.number}/decline", {"reason": " \x00 "}, follow=True)
    assert "请写明退回理由" in refused.content.decode()
    browser.post(f"/orders/{outcome.number}/decline", {"reason": "客户电话取消"})
    assert state_of(outcome) == OrderState.DECLINED


def test_the_partner_withdraws(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", {0: 10})
    at_desk("agent_clerk").post(f"/orders/{outcome.number}/withdraw")
    assert state_of(outcome) == OrderState.WITHDRAWN


def test_an_agents_owner_signs_for_exactly_what_failed(world: World, at_desk: Desk) -> None:
    outcome = world.submit("retailer", {0: 1_000})
    browser = at_desk("agent_owner")
    assert "特批1项：信用金额" in spoken(page_of(browser, outcome))
    refused = browser.post(f"/orders/{outcome.number}/waive", {"reason": ""}, follow=True)
    assert "特批须写明理由" in refused.content.decode()
    done = browser.post(f"/orders/{outcome.number}/waive", {"reason": "年末备货"}, follow=True).content.decode()
    waiver = Waiver.objects.get()
    assert (state_of(outcome), waiver.laws) == (OrderState.HELD, "credit")
    said = spoken(done)
    assert f"已特批 年末备货 {waiver.number} · agent_owner" in said
    assert "其中1项凭特批" in said
    assert "超出，已特批" in said
    assert "特批：信用金额 11-23 09:00 · agent_owner · 年末备货" in said


def test_nobody_is_offered_to_sign_for_a_law_that_nobody_may_waive(world: World, at_desk: Desk) -> None:
    world.partners["agent"].areas = ["42"]
    world.partners["agent"].save()
    outcome = world.submit("agent", {0: 10})
    assert outcome.state is OrderState.REFUSED
    page = page_of(at_desk("director"), outcome)
    assert "waive" not in offered(page)
    said = spoken(page)
    assert "产品区域不可特批" in said
    assert "收货地 370112 不在授权区域 42 内" in said


def test_the_warehouse_ships_what_is_there(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", {0: 10})
    world.accept(outcome)
    answer = at_desk("warehouse").post(f"/orders/{outcome.number}/ship", {"waybill": "SF 1184 920"}, follow=True)
    delivery = order_of(outcome).deliveries.get()
    assert state_of(outcome) == OrderState.SHIPPED
    assert f"{delivery.number} 11-23 09:00 · warehouse · 运单 SF 1184 920 10 册" in spoken(answer.content.decode())


def test_deciding_again_after_the_money_came_holds_it(world: World, at_desk: Desk) -> None:
    for _ in range(2):
        world.accept(world.submit("agent", {0: 10}))
    third = world.submit("agent", {0: 10})
    world.pay("agent", "624.00")
    answer = at_desk("agent_owner").post(f"/orders/{third.number}/decide", follow=True)
    assert state_of(third) == OrderState.HELD
    assert f"{third.number} 重新判定全部通过" in answer.content.decode()


@pytest.mark.parametrize("verb", VERBS)
def test_verbs_are_posted_only(world: World, at_desk: Desk, verb: str) -> None:
    outcome = world.submit("agent", {0: 10})
    assert at_desk("manager").get(f"/orders/{outcome.number}/{verb}").status_code == 405
