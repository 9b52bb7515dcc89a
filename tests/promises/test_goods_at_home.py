"""Goods that wait for somebody stand at home and in the menu: deliveries to confirm, differences, returns; each for who acts on them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from lingqu.desk.tests.test_home_queue import MENU, ROWS, home_count, main
from lingqu.orders.models import Delivery, Difference
from lingqu.orders.rules import LineCount
from lingqu.orders.tests.delivery_steps import answer, count, receive
from lingqu.orders.tests.path_steps import ship
from lingqu.partners.actions import assign_representative
from lingqu.returns.tests.steps import agree, ask
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World

PEOPLE = ("manager", "representative", "warehouse", "finance", "director", "agent_owner", "agent_clerk", "other_agent_owner")


def sent(world: World, *, buyer: str = "agent", copies: int = 10) -> Delivery:
    """A delivery on its way to a partner."""
    order = world.accept(world.submit(buyer, {0: copies}))
    ship(world, order.pk)
    return Delivery.objects.get(order=order)


def menu_count(browser: Client, place: str) -> str:
    """What the menu counts at a place; "" for nothing."""
    side = browser.get("/").content.decode().split("side-foot", maxsplit=1)[0]
    found = next(found[0] for found in MENU.finditer(side) if found[1] == place)
    return spoken(found).split()[-1] if "menu-count" in found else ""


def seen(at_desk: SitDown, words: str) -> set[str]:
    """Whose home says so."""
    return {name for name in PEOPLE if words in spoken(main(at_desk(name)).split("未读通知", maxsplit=1)[0])}


def test_a_delivery_waits_for_the_people_of_its_buyer_until_they_confirm_it(world: World, at_desk: SitDown) -> None:
    delivery = sent(world)
    assert seen(at_desk, "待我方签收") == {"agent_owner", "agent_clerk"}
    browser = at_desk("agent_clerk")
    assert f'href="/deliveries/{delivery.number}/"' in main(browser)
    assert (menu_count(browser, "/deliveries/"), home_count(browser)) == ("1", "1")
    sent(world)
    assert "2 票货待签收" in spoken(main(browser))
    assert (menu_count(browser, "/deliveries/"), home_count(browser)) == ("2", "1")
    for one in Delivery.objects.all():
        receive(world, one)
    assert seen(at_desk, "待签收") == set()
    assert menu_count(browser, "/deliveries/") == ""


def test_a_difference_waits_for_the_warehouse_then_for_who_decides(world: World, at_desk: SitDown) -> None:
    report = receive(world, sent(world), {1: LineCount(7)})
    assert seen(at_desk, "待库房核对") == {"warehouse"}
    assert [menu_count(at_desk(name), "/deliveries/") for name in ("warehouse", "manager")] == ["1", ""]
    count(world, report, 0)
    assert seen(at_desk, "3 册有差异") == {"manager", "representative"}
    assert [menu_count(at_desk(name), "/deliveries/") for name in ("warehouse", "manager", "representative")] == ["", "1", "1"]
    answer(world, report, "credit", by="manager")
    assert seen(at_desk, "册有差异") == set()


def test_copies_too_many_are_nobody_s_to_look_for(world: World, at_desk: SitDown) -> None:
    receive(world, sent(world), {1: LineCount(12)})
    assert (seen(at_desk, "待库房核对"), seen(at_desk, "2 册有差异")) == (set(), {"manager", "representative"})


def test_a_representative_has_those_of_their_own_partners(world: World, at_desk: SitDown) -> None:
    assign_representative(world.partners["agent"], world.people["manager"], since=world.at.date(), by=None, at=world.at)
    count(world, receive(world, sent(world), {1: LineCount(7)}), 0)
    ask(world, {0: 2})
    assert (seen(at_desk, "3 册有差异"), seen(at_desk, "退货申请")) == ({"manager"}, {"manager"})


def test_a_return_waits_to_be_answered_then_for_its_goods(world: World, at_desk: SitDown) -> None:
    receive(world, sent(world))
    request = ask(world, {0: 2})
    assert seen(at_desk, request.number) == {"manager", "representative"}
    assert [menu_count(at_desk(name), "/returns/") for name in ("manager", "warehouse", "agent_owner")] == ["1", "", ""]
    agree(world, request)
    assert seen(at_desk, request.number) == {"warehouse"}
    assert menu_count(at_desk("warehouse"), "/returns/") == "1"


def test_what_can_leave_is_counted_for_the_keeper(world: World, at_desk: SitDown) -> None:
    world.accept(world.submit("agent", {0: 10}))
    assert [menu_count(at_desk(name), "/deliveries/") for name in ("warehouse", "manager", "agent_owner")] == ["1", "", ""]


@pytest.mark.parametrize("name", PEOPLE)
def test_the_menu_counts_the_rows_of_goods_that_stand_there(world: World, at_desk: SitDown, name: str) -> None:
    everything(world)
    page = main(at_desk(name))
    rows = len(ROWS.findall(page)) + (page.count('/ship"') if name == "warehouse" else 0)
    assert str(rows or "") == home_count(at_desk(name))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["manager", "warehouse", "agent_owner"])
def test_all_of_it_keeps_to_one_language(world: World, at_desk: SitDown, name: str, language: str) -> None:
    everything(world)
    page = at_desk(name, language=language).get("/").content.decode()
    assert of_the_other_language(page, language, world) == []


@pytest.mark.parametrize("name", ["warehouse", "manager", "agent_owner"])
def test_many_take_as_many_statements_as_a_few(world: World, at_desk: SitDown, name: str) -> None:
    everything(world)
    browser = at_desk(name)
    browser.get("/")
    with counted() as few:
        browser.get("/")
    for _ in range(4):
        everything(world)
    with counted() as many:
        browser.get("/")
    assert len(many) == len(few)


def paid(world: World, buyer: str) -> Delivery:
    """A delivery on its way, and paid."""
    delivery = sent(world, buyer=buyer, copies=6)
    world.pay(buyer, "500.00")
    return delivery


def everything(world: World) -> None:
    """Of each kind one: on its way, to look into, to answer, a return to answer and one to come."""
    for buyer in ("agent", "other_agent"):
        first, second, third = (paid(world, buyer) for _ in range(3))
        receive(world, first, {1: LineCount(4)}, by=f"{buyer}_clerk")
        count(world, receive(world, second, {1: LineCount(5)}, by=f"{buyer}_clerk"), 0)
        receive(world, third, by=f"{buyer}_clerk")
        paid(world, buyer)
    agree(world, ask(world, {0: 1}))
    ask(world, {0: 1})
    world.at += timedelta(minutes=1)
    assert Difference.objects.count() >= 4
