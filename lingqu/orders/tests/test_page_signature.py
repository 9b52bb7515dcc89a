"""The special signature on the page of a request: three ways side by side, the route as it goes, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from lingqu.credit.models import Waiver
from lingqu.notices.models import Notice
from lingqu.orders.actions import Outcome
from lingqu.orders.models import Order, SignatureRequest
from lingqu.orders.states import OrderState
from lingqu.orders.tests.conftest import spoken, without_names
from tests.pages import CHINESE, counted
from tests.world import CENT_TITLE, World

Desk = Callable[..., Client]
ONE_CENT_OVER = {0: 4807, 2: 3, CENT_TITLE: 421}


def page_of(browser: Client, outcome: Outcome) -> str:
    answer = browser.get(f"/orders/{outcome.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def ask(world: World, at_desk: Desk, outcome: Outcome, reason: str = "开学备货", by: str = "representative") -> SignatureRequest:
    at_desk(by).post(f"/orders/{outcome.number}/ask", {"reason": reason})
    return SignatureRequest.objects.select_related("approval").get(order__number=outcome.number)


def test_three_ways_lie_side_by_side_with_who_would_decide(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    said = spoken(page_of(at_desk("representative"), outcome))
    assert "催款 通知客户：预付 0.01 元，即可通过。" in said
    assert "主任特批 放行： 信用金额 ，超额度 0.01 元，只限本单。 将由 manager → finance → director 审批 · M-16.3.3.1" in said


@pytest.mark.parametrize("name", ["director", "finance", "warehouse", "agent_owner", "agent_clerk"])
def test_nobody_else_is_offered_them(world: World, at_desk: Desk, name: str) -> None:
    page = page_of(at_desk(name), world.submit("agent", ONE_CENT_OVER))
    assert '/ask"' not in page
    assert '/collect"' not in page


def test_it_is_asked_and_its_route_stands_on_the_page(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    asked = ask(world, at_desk, outcome)
    said = spoken(page_of(at_desk("representative"), outcome))
    assert asked.approval
    assert f"特批路线 特批审批中 {asked.approval.number}" in said
    assert f"报特批 {asked.number} 11-23 09:00 · representative · 开学备货" in said
    assert '/ask"' not in page_of(at_desk("manager"), outcome)
    for who in ("manager", "finance", "director"):
        world.sign(asked.approval.pk, who)
    said = spoken(page_of(at_desk("representative"), outcome))
    waiver = Waiver.objects.get()
    assert f"已特批 开学备货 {waiver.number} · director" in said
    assert "0.01 超出，已特批" in said
    assert "特批：信用金额 11-23 09:00 · director · 开学备货" in said


def test_sent_back_it_is_asked_again_with_another_reason_or_withdrawn(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    asked = ask(world, at_desk, outcome)
    assert asked.approval
    world.sign(asked.approval.pk, "manager", "send_back", "写明付款日")
    browser = at_desk("representative")
    page = page_of(browser, outcome)
    assert "写明付款日" in page
    assert f"/orders/signatures/{asked.number}/again" in page
    assert f"/orders/signatures/{asked.number}/again" not in page_of(at_desk("manager"), outcome)
    browser.post(f"/orders/signatures/{asked.number}/again", {"reason": "月底付清"})
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("asked", "月底付清")
    browser.post(f"/orders/signatures/{asked.number}/withdraw")
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_the_partner_sees_the_outcome_and_no_reasons_of_the_house(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    asked = ask(world, at_desk, outcome, reason="内部评语")
    assert asked.approval
    page = page_of(at_desk("agent_owner"), outcome)
    assert "特批路线" not in page
    assert asked.approval.number not in page
    assert "内部评语" not in page


def test_strangers_find_nothing(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    asked = ask(world, at_desk, outcome)
    for name in ("agent_owner", "other_agent_owner", "retailer_owner"):
        assert at_desk(name).post(f"/orders/signatures/{asked.number}/again", {"reason": "x"}).status_code == 404
        assert at_desk(name).post(f"/orders/signatures/{asked.number}/withdraw").status_code == 404
    assert at_desk("manager").post("/orders/signatures/TQ-\x00/withdraw").status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "\x00"])
def test_a_reason_is_needed_and_nothing_is_written(world: World, at_desk: Desk, reason: str) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    answer = at_desk("manager").post(f"/orders/{outcome.number}/ask", {"reason": reason}, follow=True)
    assert "请写明特批理由" in answer.content.decode()
    assert not SignatureRequest.objects.exists()


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30", "2025-01-01", "2030-01-01", "\x00"])
def test_a_day_to_pay_that_is_none_is_refused(world: World, at_desk: Desk, day: str) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    answer = at_desk("manager").post(f"/orders/{outcome.number}/collect", {"pay_by": day}, follow=True)
    assert 'class="notice notice-red" role="alert"' in answer.content.decode()
    assert not Notice.objects.filter(key__contains=":collect:").exists()


def test_the_partner_is_told_what_to_pay(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    answer = at_desk("representative").post(f"/orders/{outcome.number}/collect", {"pay_by": "2026-11-27"}, follow=True)
    said = spoken(answer.content.decode())
    assert "已通知客户在 11-27 前付款。" in said
    assert "通知客户付款 0.01，11-27 前" in said
    assert Notice.objects.filter(person=world.people["agent_owner"], key__contains=":collect:").count() == 1


def test_the_page_keeps_to_english(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    browser = at_desk("representative", language="en")
    browser.post(f"/orders/{outcome.number}/collect", {"pay_by": "2026-11-27"})
    pages = [page_of(browser, outcome)]
    ask(world, at_desk, outcome, reason="term begins")
    pages.append(page_of(browser, outcome))
    for page in pages:
        assert CHINESE.findall(without_names(spoken(page), world).replace("灵渠", "").replace("结构", "").replace("总库", "")) == []


def test_the_page_takes_as_many_statements_after_many_signatures(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    browser = at_desk("representative")
    asked = ask(world, at_desk, outcome)
    with counted() as first:
        page_of(browser, outcome)
    for _ in range(5):
        browser.post(f"/orders/signatures/{asked.number}/withdraw")
        browser.post(f"/orders/{outcome.number}/ask", {"reason": "再报"})
        asked = SignatureRequest.objects.latest("id")
    with counted() as then:
        page_of(browser, outcome)
    assert (Order.objects.get(number=outcome.number).state, len(then)) == (OrderState.REVIEW, len(first))
