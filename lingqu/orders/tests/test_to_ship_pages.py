"""What can leave and what waits is reached page by page, each of the two lists by itself; the workbook has all of it."""

from __future__ import annotations

import re

import pytest

from lingqu.documents.queries import Ask
from lingqu.orders.models import Order
from lingqu.orders.queries import back_orders
from lingqu.orders.tests.conftest import at_desk
from lingqu.orders.tests.delivery_steps import come_in
from lingqu.orders.tests.path_steps import ship
from lingqu.orders.views import out
from tests.pages import SitDown, counted
from tests.world import World

__all__ = ["at_desk"]
PAGE = "/deliveries/to-ship"
NEXT = re.compile(r'href="(\?[^"]*)" rel="next"')
SHIPS = re.compile(r"/orders/(JH-\d{4}-\d+)/parts")
WAITS = re.compile(r'<a href="/orders/(JH-\d{4}-\d+)/">')


@pytest.fixture
def many(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three requests that can leave in part and lack copies, in the order of their acceptance; one stands on a page."""
    monkeypatch.setattr(back_orders, "PAGE_ROWS", 1)
    ship(world, world.accept(world.submit("other_agent", {2: 10_000})).pk)
    return [world.accept(world.submit(buyer, {2: 10, 0: 1})).number for buyer in ("agent", "agent", "other_agent")]


def links(page: str) -> list[str]:
    return [one.replace("&amp;", "&") for one in NEXT.findall(page)]


def test_each_list_goes_on_by_itself(world: World, at_desk: SitDown, many: list[str]) -> None:
    browser = at_desk("warehouse")
    page = browser.get(PAGE).content.decode()
    assert (SHIPS.findall(page), WAITS.findall(page), len(links(page))) == (many[:1], many[:1], 2)
    ships, waits = links(page)
    second = browser.get(PAGE + ships).content.decode()
    assert (SHIPS.findall(second), WAITS.findall(second)) == (many[1:2], many[:1])
    beside = browser.get(PAGE + waits).content.decode()
    assert (SHIPS.findall(beside), WAITS.findall(beside)) == (many[:1], many[1:2])
    both = browser.get(PAGE + links(second)[1]).content.decode()
    assert (SHIPS.findall(both), WAITS.findall(both)) == (many[1:2], many[1:2])
    last = browser.get(PAGE + links(both)[0]).content.decode()
    assert (SHIPS.findall(last), len(links(last))) == (many[2:], 1)


def test_what_left_meanwhile_hides_nobody_behind_it(world: World, at_desk: SitDown, many: list[str]) -> None:
    browser = at_desk("warehouse")
    ships = links(browser.get(PAGE).content.decode())[0]
    come_in(world, {2: 10})
    ship(world, Order.objects.get(number=many[0]).pk)
    assert SHIPS.findall(browser.get(PAGE + ships).content.decode()) == many[1:2]


def test_strange_places_break_nothing(world: World, at_desk: SitDown, many: list[str]) -> None:
    for query in ("?after=JH-2026-9999", "?after=%00", "?behind=x", "?behind=999999999", "?after='&behind=-1"):
        assert at_desk("warehouse").get(PAGE + query).status_code == 200, query


def test_another_firms_request_is_no_place(world: World, at_desk: SitDown, many: list[str]) -> None:
    retail = world.submit("retailer", {0: 1})
    assert SHIPS.findall(at_desk("warehouse").get(f"{PAGE}?after={retail.number}").content.decode()) == []


def test_the_workbook_has_all_of_both(world: World, many: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "A_PAGE", 1)
    ask = Ask(who=world.who("warehouse"), given={}, on=world.at.date(), at=world.at)
    assert [row["number"] for row in out.TO_SHIP_OUT.rows(ask)] == many
    (sheet,) = out.TO_SHIP_OUT.beside(ask).sheets
    assert [row["number"] for row in sheet.rows] == many


def test_a_page_takes_as_many_statements_as_an_empty_one(world: World, at_desk: SitDown, many: list[str]) -> None:
    browser = at_desk("warehouse")
    browser.get(PAGE)
    with counted() as one:
        browser.get(PAGE)
    with counted() as none:
        browser.get(f"{PAGE}?after=JH-2026-9999&behind=999999999")
    assert len(one) == len(none)
