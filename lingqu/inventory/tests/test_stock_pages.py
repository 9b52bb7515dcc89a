"""Stock by form: what is there, goods that came in, once however often they are sent, and who may."""

from __future__ import annotations

import pytest
from django.test import Client

from lingqu.inventory.models import GoodsIn
from lingqu.inventory.queries import stock_of
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World


def on_hand(world: World, place: int) -> int:
    """Copies of a title of the story in the publisher's warehouse."""
    return int(stock_of(world.hq.pk).get(product=world.products[place]).on_hand)  # type: ignore[attr-defined]


def form(world: World, copies: dict[int, str], **more: str) -> dict[str, str]:
    """What the form sends: copies by the title's place in the story."""
    usual = {"key": "made-by-the-page", "received_on": world.at.date().isoformat(), "note": "第二印"}
    return usual | {f"copies-{world.products[place].pk}": typed for place, typed in copies.items()} | more


def test_the_list_tells_what_is_there_set_aside_and_free(world: World, at_desk: SitDown) -> None:
    world.submit("agent", {0: 40})
    words = spoken(at_desk("warehouse").get("/stock/").content.decode())
    assert "QH26-100 图集0 结构 10,000 40 9,960 有货" in words.replace("在库 ", "").replace("预占 ", "").replace("可发 ", "")
    assert "4 个品种，在库 1,030,000 册" in words


@pytest.mark.parametrize(("words", "found"), [("QH26-101", 1), ("图集", 4), ("tuji", 4), ("tu ji", 4), ("nothing", 0), ("%", 0)])
def test_a_title_is_found_by_number_name_and_pinyin(world: World, at_desk: SitDown, words: str, found: int) -> None:
    page = at_desk("warehouse").get("/stock/", {"q": words}).content.decode()
    assert sum(f'class="code">{product.code}' in page for product in world.products) == found


def test_titles_with_nothing_free_can_be_picked_out(world: World, at_desk: SitDown) -> None:
    world.accept(world.submit("agent", {2: 10_000}))
    page = at_desk("manager").get("/stock/?state=short").content.decode()
    assert [product.code for product in world.products if product.code in page] == [world.products[2].code]
    assert "全部预占" in page


def test_goods_come_in_once_however_often_they_are_sent(world: World, at_desk: SitDown) -> None:
    browser = at_desk("warehouse")
    before = on_hand(world, 0)
    answers = [browser.post("/stock/in", form(world, {0: "1,200", 1: "３００"}), follow=True) for _ in range(3)]
    assert "2 个品种 1,500 册" in answers[0].content.decode()
    assert "没有重复入库" in answers[2].content.decode()
    assert on_hand(world, 0) == before + 1200
    assert GoodsIn.objects.filter(key="made-by-the-page").count() == 1


@pytest.mark.parametrize("typed", ["NaN", "1e400", "-1", "0", "1.5", "1000001", "一百", "\x00", "9" * 5000])
def test_a_wrong_number_is_said_at_its_title_and_everything_stays(world: World, at_desk: SitDown, typed: str) -> None:
    before = on_hand(world, 1)
    answer = at_desk("warehouse").post("/stock/in", form(world, {0: typed, 1: "20"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="copies-{world.products[0].pk}-error"' in page
    assert 'value="20"' in page
    assert 'value="第二印"' in page
    assert on_hand(world, 1) == before


@pytest.mark.parametrize(
    "more", [{"received_on": "2099-01-01"}, {"received_on": "x"}, {"received_on": ""}, {"key": ""}, {"key": "k" * 65}, {"note": "长" * 201}]
)
def test_what_else_is_wrong_is_said(world: World, at_desk: SitDown, more: dict[str, str]) -> None:
    assert at_desk("warehouse").post("/stock/in", form(world, {0: "20"}, **more)).status_code == 422
    assert not GoodsIn.objects.filter(key="made-by-the-page").exists()


def test_an_empty_form_is_refused(world: World, at_desk: SitDown) -> None:
    answer = at_desk("warehouse").post("/stock/in", form(world, {}))
    assert answer.status_code == 422
    assert "请至少填写一个品种的册数" in answer.content.decode()


@pytest.mark.parametrize("place", ["999999999", "0", "-1", "x", "１", "9" * 30])
def test_an_unknown_title_is_not_found(world: World, at_desk: SitDown, place: str) -> None:
    assert at_desk("warehouse").post("/stock/in", form(world, {}) | {f"copies-{place}": "5"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "seen", "entered"),
    [
        ("warehouse", 200, 302),
        ("manager", 200, 403),
        ("finance", 200, 403),
        ("director", 200, 403),
        ("agent_owner", 404, 404),
        ("retailer_clerk", 404, 403),
    ],
)
def test_who_sees_stock_and_who_takes_goods_in(world: World, at_desk: SitDown, name: str, seen: int, entered: int) -> None:
    browser = at_desk(name)
    assert browser.get("/stock/").status_code == seen
    assert browser.post("/stock/in", form(world, {0: "5"})).status_code == entered
    assert browser.get("/stock/in").status_code == (200 if entered == 302 else entered)
    assert Client().get("/stock/").status_code == 302


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_keep_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    more = ("Structures",) if language == "zh" else ("第二印",)
    browser = at_desk("warehouse", language=language)
    for path in ("/stock/", "/stock/?q=nothing", "/stock/in"):
        assert of_the_other_language(browser.get(path).content.decode(), language, world, *more, "nothing") == []
    wrong = browser.post("/stock/in", form(world, {0: "-"}, received_on="-", key="")).content.decode()
    assert of_the_other_language(wrong, language, world, *more) == []


def test_thirty_rows_take_as_many_statements_as_one(world: World, at_desk: SitDown) -> None:
    browser = at_desk("warehouse")
    browser.get("/stock/?q=QH26-100")
    with counted() as one:
        browser.get("/stock/?q=QH26-100")
    with counted() as all_titles:
        browser.get("/stock/")
    assert len(all_titles) == len(one)
