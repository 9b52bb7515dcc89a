"""A warehouse with more titles than a page holds: every one is found and reached, and what was typed stays."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from lingqu.catalogue.actions import NewProduct, enter_products
from lingqu.catalogue.models import Product
from lingqu.inventory.actions import take_goods_in
from lingqu.inventory.models import GoodsIn, Warehouse
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import START, World

MANY = 250
ROW = re.compile(r'class="code">(ZZ-\d{3}|QH26-\d{3})')


@pytest.fixture
def titles(world: World) -> list[Product]:
    """Return 250 more titles of the publisher, all in stock."""
    made = [NewProduct(f"ZZ-{place:03}", f"标准 {place:03}", "S", Decimal(10), START) for place in range(MANY)]
    enter_products(world.hq, made, by=None, at=world.at)
    found = list(Product.objects.filter(code__startswith="ZZ-").order_by("code"))
    take_goods_in(Warehouse.objects.get(firm=world.hq), dict.fromkeys(found, 7), received_on=world.at.date(), by=None, at=world.at)
    return found


def codes(page: str) -> list[str]:
    return ROW.findall(page)


def link(page: str, way: str) -> str:
    found = re.search(rf'href="(\?[^"]*)" rel="{way}"', page)
    return found[1].replace("&amp;", "&") if found else ""


def test_every_title_is_reached_page_by_page_and_back(world: World, at_desk: SitDown, titles: list[Product]) -> None:
    browser, seen, address, pages = at_desk("warehouse"), [], "", []
    while True:
        page = browser.get(f"/stock/{address}").content.decode()
        pages.append(codes(page))
        seen += codes(page)
        if not link(page, "next"):
            break
        address = link(page, "next")
    assert seen == sorted([one.code for one in (*titles, *world.products)])
    assert [len(one) for one in pages] == [100, 100, 54]
    back = browser.get(f"/stock/{link(page, 'prev')}").content.decode()
    assert codes(back) == pages[1]
    first = browser.get(f"/stock/{link(back, 'prev')}").content.decode()
    assert (codes(first), link(first, "prev")) == (pages[0], "")
    assert "本页 100 行，共 254 行" in spoken(first)


def test_a_filter_stays_while_going_on(world: World, at_desk: SitDown, titles: list[Product]) -> None:
    browser = at_desk("warehouse")
    page = browser.get("/stock/?q=标准").content.decode()
    assert (len(codes(page)), "254" in link(page, "next")) == (100, False)
    page = browser.get(f"/stock/{link(page, 'next')}").content.decode()
    assert codes(page) == [one.code for one in titles[100:200]]
    assert 'value="标准"' in page


def test_a_title_is_found_by_number_name_pinyin_and_initials(world: World, at_desk: SitDown, titles: list[Product]) -> None:
    browser = at_desk("warehouse")
    for words in ("bz 249", "biaozhun 249", "ZZ-249", "标准 249"):
        assert codes(browser.get("/stock/", {"q": words}).content.decode()) == ["ZZ-249"], words
        assert codes(browser.post("/stock/in", form(world) | {"q": words, "find": "1"}).content.decode()) == ["ZZ-249"], words


def form(world: World, copies: dict[int, str] | None = None) -> dict[str, str]:
    usual = {"key": "made-by-the-page", "received_on": world.at.date().isoformat(), "note": "第二印"}
    return usual | {f"copies-{product}": typed for product, typed in (copies or {}).items()}


def button(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    return found[1] if found else ""


def test_what_was_typed_stays_while_searching_and_going_on_and_all_of_it_comes_in(
    world: World, at_desk: SitDown, titles: list[Product]
) -> None:
    browser = at_desk("warehouse")
    first = browser.get("/stock/in").content.decode()
    assert (len(codes(first)), button(first, "before")) == (100, "")
    typed = {titles[0].pk: "11", titles[1].pk: "很多"}
    second = browser.post("/stock/in", form(world, typed) | {"after": button(first, "after")})
    page = second.content.decode()
    assert (second.status_code, 'value="11"' in page, 'value="很多"' in page, 'value="第二印"' in page) == (200, True, True, True)
    assert codes(page)[:2] == ["ZZ-000", "ZZ-001"]
    assert len(codes(page)) == 102
    assert button(page, "before") == codes(page)[2]
    found = browser.post("/stock/in", form(world, typed) | {"q": "249", "find": "1"}).content.decode()
    assert codes(found) == ["ZZ-000", "ZZ-001", "ZZ-249"]
    nothing = browser.post("/stock/in", form(world, typed) | {"q": "无此品种", "find": "1"}).content.decode()
    assert (codes(nothing), "已填的都在" in spoken(nothing)) == (["ZZ-000", "ZZ-001"], True)
    assert not GoodsIn.objects.filter(key="made-by-the-page").exists()
    wrong = browser.post("/stock/in", form(world, typed | {titles[249].pk: "5"}))
    assert (wrong.status_code, f'id="copies-{titles[1].pk}-error"' in wrong.content.decode()) == (422, True)
    browser.post("/stock/in", form(world, typed | {titles[1].pk: "12", titles[249].pk: "5"}))
    paper = GoodsIn.objects.get(key="made-by-the-page")
    shown = codes(browser.get(f"/stock/in/{paper.number}/").content.decode())
    assert shown == [] or {"ZZ-000", "ZZ-001", "ZZ-249"} <= set(shown)


def test_strange_places_show_a_page_and_nothing_breaks(world: World, at_desk: SitDown, titles: list[Product]) -> None:
    browser = at_desk("warehouse")
    for place in ("\x00", "%", "ZZZZ", "'", "长" * 100):
        for name in ("after", "before"):
            assert browser.get("/stock/", {name: place}).status_code == 200
            assert browser.post("/stock/in", form(world) | {name: place}).status_code in {200, 422}
    assert len(codes(browser.get("/stock/", {"after": "ZZ-100", "before": "ZZ-200"}).content.decode())) == 99


def test_the_pages_keep_to_one_language(world: World, at_desk: SitDown, titles: list[Product]) -> None:
    for language in ("zh", "en"):
        browser = at_desk("warehouse", language=language)
        for path in ("/stock/?after=ZZ-050", "/stock/in?after=ZZ-050", "/stock/in?q=nothing"):
            page = browser.get(path).content.decode()
            assert of_the_other_language(page, language, world, "标准", "Structures", "ISBN", "nothing") == [], (language, path)


def test_a_page_takes_as_many_statements_with_a_hundred_titles_as_with_one(world: World, at_desk: SitDown, titles: list[Product]) -> None:
    browser = at_desk("warehouse")
    browser.get("/stock/")
    for path in ("/stock/", "/stock/in"):
        with counted() as one:
            browser.get(f"{path}?q=ZZ-001")
        with counted() as many:
            browser.get(path)
        assert len(one) == len(many)
