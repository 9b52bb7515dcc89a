"""Evidence is counted from real decisions of the reader's own firm, listed page by page, and never written by hand."""

from __future__ import annotations

import re

from tests.pages import SitDown, counted, spoken
from tests.world import World

CREDIT = "/regulation/publisher/v1/M-19.5/evidence"
LIST = "/regulation/publisher/v1/evidence/law/credit"


def test_the_card_counts_real_decisions_of_the_firm(world: World, at_desk: SitDown) -> None:
    world.accept(world.submit("agent", {0: 1}))
    world.submit("agent", {0: 4_900})
    world.submit("retailer", {0: 1})
    words = spoken(at_desk("manager").get(CREDIT).content.decode())
    assert "判定 2 通过 1 不通过 1" in words
    words = spoken(at_desk("retailer_owner").get(CREDIT).content.decode())
    assert "判定 1 通过 1 不通过 0" in words
    assert "今年还没有。" in spoken(at_desk("other_agent_owner").get(CREDIT).content.decode())


def test_the_fragment_puts_each_count_into_its_place(world: World, at_desk: SitDown) -> None:
    world.submit("agent", {0: 1})
    page = at_desk("manager").get(CREDIT, headers={"HX-Request": "true"}).content.decode()
    assert "<!DOCTYPE html>" not in page
    assert re.search(r'id="count-law-credit"\s+hx-swap-oob="true"', page)
    assert 'id="evidence"' in page
    stands = at_desk("manager").get("/regulation/publisher/v1/M-19.5").content.decode()
    assert 'id="count-law-credit"' in stands
    assert f'hx-get="{CREDIT}"' in stands


def test_an_interim_rule_says_how_many_decisions_used_it(world: World, at_desk: SitDown) -> None:
    world.submit("agent", {0: 1})
    world.submit("agent", {0: 2})
    page = at_desk("manager").get("/regulation/publisher/v1/M-16.3.3.1/evidence", headers={"HX-Request": "true"}).content.decode()
    assert re.search(r'id="gap-count-G-01"\s+hx-swap-oob="true">· 已用 2 次', page)


def test_the_list_leads_to_the_decisions_themselves(world: World, at_desk: SitDown) -> None:
    world.submit("agent", {0: 1})
    (number,) = re.findall(r'href="/orders/(JH-2026-\d+)/"', at_desk("manager").get(LIST).content.decode())
    assert at_desk("manager").get(f"/orders/{number}/").status_code == 200
    assert number not in at_desk("other_agent_owner").get(LIST).content.decode()


def test_the_list_has_pages_and_as_many_statements_for_many_rows_as_for_one(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    world.submit("agent", {0: 1})
    browser.get(LIST)
    with counted() as one:
        browser.get(LIST)
    for _ in range(52):
        world.submit("agent", {0: 1})
    with counted() as many:
        page = browser.get(LIST).content.decode()
    assert len(many) == len(one)
    assert page.count("/orders/JH-2026-") == 50
    following = re.search(r'href="([^"]+\?after=\d+)"', page)
    assert following
    assert browser.get(following[1]).content.decode().count("/orders/JH-2026-") == 3


def test_nonsense_after_is_the_first_page(world: World, at_desk: SitDown) -> None:
    for words in ("x", "-1", "9" * 30, "１"):
        assert at_desk("manager").get(LIST, {"after": words}).status_code == 200
