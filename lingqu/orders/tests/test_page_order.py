"""The page of one purchase request: who sees it, what it says, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lingqu.orders.actions import Outcome, decide_again, decline_order
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.states import OrderState, Source
from lingqu.orders.tests.conftest import CHINESE, LATIN, says, spoken, without_names
from tests.world import CENT_TITLE, World

Desk = Callable[..., Client]
VERBS = ("accept", "decline", "withdraw", "decide", "waive", "ship")
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


# ---- who sees it


@pytest.mark.parametrize("name", ["director", "manager", "representative", "finance", "warehouse", "agent_owner", "agent_clerk"])
def test_seller_and_buyer_see_the_request(world: World, at_desk: Desk, name: str) -> None:
    page_of(at_desk(name), world.submit("agent", {0: 1}))


@pytest.mark.parametrize("name", ["other_agent_owner", "retailer_owner", "retailer_clerk"])
@pytest.mark.parametrize("verb", ["", *VERBS])
def test_a_strangers_request_does_not_exist(world: World, at_desk: Desk, name: str, verb: str) -> None:
    outcome = world.submit("agent", {0: 1})
    browser = at_desk(name)
    address = f"/orders/{outcome.number}/{verb}"
    answer = browser.post(address, {"reason": "x", "ship_on": "2026-11-30"}) if verb else browser.get(address)
    assert answer.status_code in (403, 404)
    assert state_of(outcome) == OrderState.HELD


def test_headquarters_do_not_see_what_a_retailer_asks_of_its_agent(world: World, at_desk: Desk) -> None:
    outcome = world.submit("retailer", {0: 1})
    assert at_desk("manager").get(f"/orders/{outcome.number}/").status_code == 404


@pytest.mark.parametrize("number", ["JH-2026-9999", "jh-2026-0001", "%00", "JH-2026-0001%00", "x" * 300, "JH-2026-٠٠٠١", "..%2f"])
def test_numbers_that_are_none_are_not_found(world: World, at_desk: Desk, number: str) -> None:
    browser = at_desk("manager")
    assert browser.get(f"/orders/{number}/").status_code == 404
    assert browser.post(f"/orders/{number}/accept", {"ship_on": "2026-11-30"}).status_code == 404


# ---- what it says


def test_a_passed_request_tells_its_numbers(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", {0: 260, 1: 120})
    page = page_of(at_desk("representative"), outcome)
    assert says(page, f"进货申请 {outcome.number} 待受理")
    assert says(page, "7 项全部通过")
    assert says(page, "已占用 0.00 + 本单 26,208.00 ≤ 300,000.00，余 273,792.00")
    assert says(page, "未结 0 + 本单 1 ≤ A级上限 2批")
    assert says(page, "可发 380 / 380册")
    assert says(page, "证书至 2027-12-31；合同至 2027-12-31；许可证至 2027-12-31")
    assert says(page, "收货地 370112 在授权区域 37 内；各品种均在授权产品线内")
    assert says(page, "品种 2 册数 380 码洋（元） 40,320.00 折扣 65% 实洋（元） 26,208.00")
    assert says(page, "按 5 条暂行口径判定 G-08 G-23 G-01 G-02 G-03")


def test_one_cent_over_the_limit_is_a_formula_with_its_cures(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", ONE_CENT_OVER)
    page = page_of(at_desk("director"), outcome)
    assert says(page, "7 项中 6 项通过 ，1 项不通过 ，可由主任特批")
    assert says(page, "0.00 已占用 + 300,000.01 本单实洋 − 300,000.00 A级额度 = 0.01 超出，须 ≤ 0")
    assert says(page, "主任特批：只限本批，须写明理由，到期失效")
    assert re.search(r"减\d+册 QH26-10\d，本单 <b>\d", page)
    assert 'href="/regulation/publisher/v1/M-19.5"' in page


def test_the_third_open_batch_names_the_batch_to_settle_and_its_request(world: World, at_desk: Desk) -> None:
    first, second = (world.submit("agent", {0: 10}) for _ in range(2))
    world.accept(first)
    world.accept(second)
    third = world.submit("agent", {0: 10})
    page = page_of(at_desk("finance"), third)
    assert says(page, "2 未结批次 + 1 本单 − 2 A级上限 = 1批 超出，须 ≤ 0")
    assert says(page, f"第1批 {first.number} 未结 624.00")
    assert says(page, f"先结清第1批（{first.number}）：回款 624.00（至少 623.00，容差 1.00）")
    assert says(page, "登记回款")


def test_why_a_line_costs_what_it_costs_opens_in_place(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", {0: 3, 1: 120})
    browser = at_desk("agent_owner")
    closed, opened = page_of(browser, outcome), page_of(browser, outcome, "?why=line-2")
    assert re.search(r'id="line-2"\s+hidden', closed)
    assert not re.search(r'id="line-2"\s+hidden', opened)
    assert says(opened, "为什么是 9,984.00 价格依据 2026-11-23，制度版本 v1")
    assert says(opened, "128.00 定价 × 120 册数 = 15,360.00 码洋 × 65% 折扣 = 9,984.00 实洋")
    assert says(opened, "定价 128.00，2026-11-23 有效 折扣 65%，折扣表：一级代理商 A级")


def test_an_offered_discount_says_so(world: World, at_desk: Desk) -> None:
    browser = at_desk("representative")
    form = {"key": "one", "buyer": "agent", "source": "fax", "shortage": "drop", f"copies-{world.products[0].pk}": "10"}
    browser.post("/orders/new", form | {f"discount-{world.products[0].pk}": "63.5"})
    said = spoken(browser.get(f"/orders/{Order.objects.get().number}/").content.decode())
    assert "63.50%，录入时自定；折扣表：一级代理商 A级 65%" in said
    assert "特价" in said


def test_steps_and_history_tell_the_whole_story(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", {0: 10}, by="representative", source=Source.TELEPHONE)
    world.at += timedelta(hours=1)
    world.accept(outcome, by="manager")
    world.at += timedelta(hours=1)
    world.ship(outcome)
    world.at += timedelta(hours=1)
    receipt = world.pay("agent", "624.00")
    said = spoken(page_of(at_desk("agent_owner"), outcome))
    delivery = order_of(outcome).deliveries.get()
    assert "提交 11-23 09:00" in said
    assert "受理 11-23 10:00" in said
    assert "发货 11-23 11:00" in said
    assert "结清 11-23" in said
    history = said.split("经过 ")[1]
    assert history.startswith(
        f"第1批 624.00 结清 11-23 12:00 · 回款 {receipt.number} "
        f"发货 10册，配送单 {delivery.number} 11-23 11:00 · warehouse "
        "受理，拟 11-23 发货，开第1批 11-23 10:00 · manager "
        "提交申请，判定：全部通过 11-23 09:00 · representative · 电话代录"
    )


def test_a_declined_request_stops_at_its_step_and_gives_the_reason(world: World, at_desk: Desk) -> None:
    outcome = world.submit("agent", {0: 10})
    assert outcome.order
    decline_order(outcome.order, reason="版本将更新，请改报新版", by=world.who("representative"), at=world.at)
    said = spoken(page_of(at_desk("agent_owner"), outcome))
    assert "已退回 版本将更新，请改报新版" in said
    assert "受理 已退回" in said
    assert "结清" not in said.split("进度")[1].split("判定 7")[0]


def test_older_decisions_can_be_looked_at(world: World, at_desk: Desk) -> None:
    for _ in range(2):
        world.accept(world.submit("agent", {0: 10}))
    third = world.submit("agent", {0: 10})
    world.at += timedelta(hours=1)
    world.pay("agent", "624.00")
    decide_again(order_of(third).pk, regulation=world.regulation, by=world.who("representative"), at=world.at)
    browser = at_desk("representative")
    newest, oldest = decisions_of(third).order_by("-id")
    page = page_of(browser, third)
    assert "7 项全部通过" in spoken(page)
    assert f"?decision={oldest.pk}" in page
    old = page_of(browser, third, f"?decision={oldest.pk}")
    assert "这是 11-23 09:00 的判定，不是最新一次" in spoken(old)
    assert "1批 超出，须 ≤ 0" in spoken(old)
    assert "decide" not in offered(old)
    strange = StoredDecision.objects.exclude(order__number=third.number).first()
    assert strange
    assert browser.get(f"/orders/{third.number}/?decision={strange.pk}").status_code == 404
    assert browser.get(f"/orders/{third.number}/?decision=abc").status_code == 200
    assert newest.verdict == "passed"


@pytest.mark.parametrize(
    ("facts", "decision", "regulation"),
    [
        ("{}", '{"verdict":"passed","laws":[],"cures":[]}', "publisher/0/gone"),
        ("not json", "not json", ""),
        ("[]", '{"verdict":"perhaps","laws":[{"law":"loyalty","outcome":"failed","clause":"M-99","numbers":{}}],"cures":[{}]}', "x"),
        ("null", '{"laws":[{"law":"credit","outcome":"failed","waivable_by":"king","numbers":{"over":"NaN","used":[]}}]}', "a/b/c"),
    ],
)
def test_a_decision_of_another_version_never_breaks_its_page(
    world: World, at_desk: Desk, facts: str, decision: str, regulation: str
) -> None:
    outcome = world.submit("agent", {0: 10})
    decisions_of(outcome).update(facts=facts, decision=decision, regulation=regulation)
    for language in ("zh", "en"):
        assert "624.00" in page_of(at_desk("director", language=language), outcome)


def test_more_lines_do_not_cost_more_queries(world: World, at_desk: Desk) -> None:
    one = world.submit("other_agent", {0: 1})
    thirty = world.submit("agent", dict.fromkeys(range(3), 1))
    order = order_of(thirty)
    line = order.lines.get(line=1)
    for number in range(4, 31):
        line.pk, line.line = None, number
        line.save(force_insert=True)
    browser = at_desk("representative")
    page_of(browser, one)
    with CaptureQueriesContext(connection) as few:
        page_of(browser, one)
    with CaptureQueriesContext(connection) as many:
        page = page_of(browser, thirty)
    assert 'id="line-30"' in page
    assert len(few) == len(many)


# ---- language


def story_of(world: World, state: str) -> Outcome:
    outcome = world.submit("agent", ONE_CENT_OVER if state == "review" else {0: 9_990, 1: 20} if state == "both" else {0: 10})
    if state == "shipped":
        world.accept(outcome)
        world.ship(outcome)
        world.pay("agent", "624.00")
    if state == "expired":
        world.at += timedelta(days=4)
        world.expire()
    return outcome


@pytest.mark.parametrize("state", ["held", "review", "both", "shipped", "expired"])
@pytest.mark.parametrize("name", ["representative", "director", "warehouse", "agent_owner"])
def test_both_languages_are_whole(world: World, at_desk: Desk, state: str, name: str) -> None:
    outcome = story_of(world, state)
    chinese = without_names(spoken(page_of(at_desk(name), outcome)), world)
    english = without_names(spoken(page_of(at_desk(name, language="en"), outcome)), world)
    assert not LATIN.findall(chinese)
    assert not CHINESE.findall(english)
