"""The list of purchase requests: who sees what, filters, pages, and as many queries for one row as for thirty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lingqu.orders.actions import submit_orders
from lingqu.orders.models import Order
from lingqu.orders.states import OrderState
from lingqu.orders.tests.conftest import CHINESE, LATIN, spoken, without_names
from tests.world import World

Desk = Callable[..., Client]


def submit_many(world: World, buyer: str, many: int) -> list[str]:
    asked = [world.ask(buyer, {0: 1}) for _ in range(many)]
    outcomes = submit_orders(asked, regulation=world.regulation, by=world.who(f"{buyer}_owner"), at=world.at)
    return [outcome.number for outcome in outcomes]


def numbers_on(page: str, numbers: list[str]) -> list[str]:
    return [number for number in numbers if f"/orders/{number}/" in page]


def test_each_firm_sees_its_own_requests(world: World, at_desk: Desk) -> None:
    (of_agent,) = submit_many(world, "agent", 1)
    (of_retailer,) = submit_many(world, "retailer", 1)
    all_numbers = [of_agent, of_retailer]
    seen = {
        name: numbers_on(at_desk(name).get("/orders/").content.decode(), all_numbers)
        for name in ("manager", "agent_owner", "retailer_clerk", "other_agent_owner")
    }
    assert seen == {
        "manager": [of_agent],
        "agent_owner": [of_agent, of_retailer],
        "retailer_clerk": [of_retailer],
        "other_agent_owner": [],
    }


def test_signed_out_people_are_sent_to_the_sign_in() -> None:
    answer = Client().get("/orders/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_the_groups_part_the_requests_by_what_they_wait_for(world: World, at_desk: Desk) -> None:
    held = world.submit("agent", {0: 1})
    accepted = world.submit("agent", {0: 1})
    world.accept(accepted)
    failed = world.submit("agent", {0: 1})
    settled = world.submit("other_agent", {0: 1})
    world.accept(settled)
    world.pay("other_agent", "62.40")
    late = world.submit("cash_agent", {0: 1})
    Order.objects.filter(number=late.number).update(state=OrderState.EXPIRED.value)
    numbers = [outcome.number for outcome in (held, accepted, failed, settled, late)]
    browser = at_desk("representative")
    seen = {
        group: numbers_on(browser.get("/orders/", {"group": group}).content.decode(), numbers)
        for group in ("all", "waiting", "waivable", "shipping", "unpaid", "expired", "nonsense")
    }
    assert seen == {
        "all": numbers,
        "waiting": [held.number],
        "waivable": [failed.number],
        "shipping": [accepted.number, settled.number],
        "unpaid": [accepted.number],
        "expired": [late.number],
        "nonsense": numbers,
    }


@pytest.mark.parametrize("words", ["whole", "start", "count", "agent公司", "other", "OTHER_AGENT公司", "gongsi", "gs"])
def test_a_request_is_found_by_number_name_and_pinyin(world: World, at_desk: Desk, words: str) -> None:
    (of_agent,) = submit_many(world, "agent", 1)
    (of_other,) = submit_many(world, "other_agent", 1)
    wanted = {"whole": of_other, "start": of_other[:7].lower(), "count": of_other[-4:].lstrip("0")}.get(words, words)
    page = at_desk("manager").get("/orders/", {"q": wanted}).content.decode()
    both = {"start", "agent公司", "gongsi", "gs"}
    assert numbers_on(page, [of_agent, of_other]) == ([of_agent, of_other] if words in both else [of_other])


def test_fifty_stand_on_a_page_and_the_way_leads_down_and_up_again(world: World, at_desk: Desk) -> None:
    numbers = submit_many(world, "agent", 100) + submit_many(world, "agent", 3)
    newest_first = numbers[::-1]
    browser = at_desk("representative")

    def follow(page: str, way: str) -> str:
        link = page.split(f'rel="{way}"', maxsplit=1)[0].rsplit('href="', 1)[1].split('"', maxsplit=1)[0].replace("&amp;", "&")
        return browser.get(f"/orders/{link}").content.decode()

    first = browser.get("/orders/").content.decode()
    second = follow(first, "next")
    third = follow(second, "next")
    assert sorted(numbers_on(first, numbers)) == sorted(newest_first[:50])
    assert sorted(numbers_on(second, numbers)) == sorted(newest_first[50:100])
    assert numbers_on(third, numbers) == sorted(newest_first[100:])
    assert 'rel="next"' not in third
    assert 'rel="prev"' not in first
    assert numbers_on(follow(third, "prev"), numbers) == numbers_on(second, numbers)


def test_one_row_costs_as_many_queries_as_thirty(world: World, at_desk: Desk) -> None:
    browser = at_desk("manager")
    submit_many(world, "agent", 1)
    browser.get("/orders/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/orders/")
    submit_many(world, "agent", 15)
    submit_many(world, "other_agent", 14)
    with CaptureQueriesContext(connection) as thirty:
        browser.get("/orders/")
    assert len(one) == len(thirty)


def test_the_totals_come_when_asked_for(world: World, at_desk: Desk) -> None:
    world.submit("agent", {0: 10})
    world.submit("other_agent", {1: 5})
    browser = at_desk("manager")
    assert "1,040.00" not in browser.get("/orders/").content.decode()
    # 10 × 96.00 + 5 × 128.00 = 1,600.00; at 65 % 624.00 + 416.00 = 1,040.00
    sums = spoken(browser.get("/orders/sums").content.decode())
    assert sums == "共 2 份 15 册 码洋 1,600.00 实洋 1,040.00 元"


@pytest.mark.parametrize(
    "address", ["before=abc", "before=9999999999999999999999", "after=-1", "q=%00%27", "q=" + "x" * 5000, "group[]=1", "before=1&after=2"]
)
def test_a_strange_address_never_breaks_the_list(world: World, at_desk: Desk, address: str) -> None:
    submit_many(world, "agent", 1)
    assert at_desk("manager").get(f"/orders/?{address}").status_code == 200


def test_a_late_answer_is_red_and_said_in_words(world: World, at_desk: Desk) -> None:
    submit_many(world, "agent", 1)
    world.at += timedelta(days=4)
    page = at_desk("manager").get("/orders/").content.decode()
    late = Order.objects.get().answer_until
    assert late
    hours = int((world.at - late).total_seconds() // 3600)
    assert f"超 {hours // 24} 天 {hours % 24} 小时" in page
    assert "tone-red" in page


def test_an_empty_list_says_what_to_do(world: World, at_desk: Desk) -> None:
    assert "还没有进货申请" in at_desk("agent_owner").get("/orders/").content.decode()
    assert "没有符合的申请" in at_desk("agent_owner").get("/orders/?q=nothing").content.decode()


def test_both_languages_are_whole(world: World, at_desk: Desk) -> None:
    world.accept(world.submit("agent", {0: 1}))
    submit_many(world, "agent", 3)
    chinese = without_names(spoken(at_desk("manager").get("/orders/").content.decode()), world)
    english = without_names(spoken(at_desk("manager", language="en").get("/orders/").content.decode()), world)
    assert not LATIN.findall(chinese)
    assert not CHINESE.findall(english)
