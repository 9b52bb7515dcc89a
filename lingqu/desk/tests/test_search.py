"""The search finds what the person may see, the best first, and nothing else, whatever they type."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from lingqu.catalogue.actions import NewProduct, enter_products
from lingqu.desk.present.places import places_of
from lingqu.desk.present.shell import menu_of
from lingqu.desk.queries import MenuCounts
from lingqu.inventory.models import GoodsIn
from lingqu.orders.models import Delivery
from lingqu.organisation.actions import enter_person
from lingqu.organisation.models import Firm
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import START, World

ROW = re.compile(r'<a class="found-row[^"]*"\s+href="([^"]+)"')
EVERYBODY = (
    "director", "deputy", "manager", "representative", "finance", "warehouse", "researcher", "agent_owner", "agent_clerk", "retailer_owner",
    "cash_agent_owner",
)  # fmt: skip


def found(browser: Client, words: str) -> list[str]:
    """The addresses that a search finds, in their order, as a fragment under the box."""
    answer = browser.get("/search", {"q": words}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return ROW.findall(answer.content.decode())


def rename(world: World, name: str, words: str, pinyin: str) -> None:
    Firm.objects.filter(pk=world.firms[name].pk).update(name=words, short_name=words[:4], pinyin=pinyin)


def story(world: World) -> dict[str, str]:
    """Partners with Chinese names, and a paper of each kind; their numbers."""
    rename(world, "agent", "济南岱青书业有限公司", "ji nan dai qing shu ye you xian gong si")
    rename(world, "other_agent", "济宁南大图书公司", "ji ning nan da tu shu gong si")
    first = world.submit("agent", {0: 40})
    world.accept(first)
    world.ship(first)
    receipt = world.pay("agent", "62.40")
    other = world.submit("other_agent", {0: 5})
    retail = world.submit("retailer", {0: 2})
    return {"first": first.number, "receipt": receipt.number, "other": other.number, "retail": retail.number}


@pytest.mark.parametrize("words", ["济南岱青", "jndq", "jinandaiqing", "daiqing", "岱青 书业", "agent"])
def test_a_partner_is_found_by_name_code_pinyin_and_initials_with_its_newest_requests(world: World, at_desk: SitDown, words: str) -> None:
    numbers = story(world)
    rows = found(at_desk("manager"), words)
    assert "/partners/agent/" in rows
    assert f"/orders/{numbers['first']}/" in rows


def test_what_begins_as_typed_stands_before_what_holds_it(world: World, at_desk: SitDown) -> None:
    story(world)
    rename(world, "cash_agent", "北京济南路书店", "bei jing ji nan lu shu dian")
    rows = [row for row in found(at_desk("manager"), "济南") if row.startswith("/partners/")]
    assert rows == ["/partners/agent/", "/partners/cash_agent/"]


@pytest.mark.parametrize("typed", ["{n}", "{bare}", "{low}", "{count}", "{start}"])
def test_a_request_is_found_by_its_number_or_a_part_of_it(world: World, at_desk: SitDown, typed: str) -> None:
    number = story(world)["first"]
    words = typed.format(
        n=number,
        bare=number.replace("-", ""),
        low=number.lower(),
        count=number.rsplit("-", maxsplit=1)[1].lstrip("0").zfill(2),
        start=number[:9],
    )
    assert f"/orders/{number}/" in found(at_desk("manager"), words)


def test_the_end_of_a_long_number_finds_it(world: World, at_desk: SitDown) -> None:
    outcome = world.submit("agent", {0: 1})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET number = 'JH-2026-31198' WHERE id = %s", [outcome.order])
    assert found(at_desk("manager"), "1198") == ["/orders/JH-2026-31198/"]
    assert found(at_desk("cash_agent_owner"), "1198") == []


def test_receipts_and_deliveries_are_found_by_number(world: World, at_desk: SitDown) -> None:
    numbers = story(world)
    assert f"/receipts/{numbers['receipt']}/" in found(at_desk("finance"), numbers["receipt"])
    delivery = Delivery.objects.get(order__number=numbers["first"])
    assert f"/deliveries/{delivery.number}/" in found(at_desk("warehouse"), "PS-2026")


def test_products_people_clauses_and_pages_are_found(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    assert found(browser, "QH26-101")[0] == "/stock/?q=QH26-101"
    assert f"/people/{world.people['finance'].pk}/" in found(browser, "finance")
    assert any("/M-19.5" in row for row in found(browser, "M-19.5"))
    assert any("/M-19.5" in row for row in found(browser, "19.5"))
    assert "/credit/" in found(browser, "信用")
    assert "/credit/" in found(browser, "credit desk")
    assert "/credit/" in found(browser, "xyt")


def test_a_firm_that_buys_sees_its_own_price(world: World, at_desk: SitDown) -> None:
    page = spoken(at_desk("agent_owner").get("/search", {"q": "QH26-100"}).content.decode())
    assert "定价 96.00" in page
    assert "我们的价 62.40（65%）" in page
    assert "我们的价" not in spoken(at_desk("manager").get("/search", {"q": "QH26-100"}).content.decode())


def test_nobody_finds_what_is_another_firm_s(world: World, at_desk: SitDown) -> None:
    numbers = story(world)
    words = ("济南岱青", "jndq", "济", *numbers.values(), "2026", "JH", "JH-2026", "SK-2026", "PS-2026", "SP", "owner", "clerk", "公司")
    for name in ("cash_agent_owner", "cash_agent_clerk"):
        browser = at_desk(name)
        for word in words:
            rows = found(browser, word)
            assert not [row for row in rows if row.startswith(("/orders/J", "/receipts/S", "/deliveries/P"))], (name, word, rows)
            assert not [row for row in rows if row.startswith("/partners/") and "cash_agent" not in row], (name, word, rows)
            page = browser.get("/search", {"q": word}).content.decode()
            for secret in ("岱青书业", "南大图书", "agent_owner", "retailer"):
                assert secret not in page.replace("cash_agent_owner", "").replace("other_agent_owner", ""), (name, word, secret)


def test_an_agent_finds_its_retailers_and_not_its_neighbours(world: World, at_desk: SitDown) -> None:
    numbers = story(world)
    browser = at_desk("agent_owner")
    assert "/partners/retailer/" in found(browser, "retailer")
    assert f"/orders/{numbers['retail']}/" in found(browser, numbers["retail"])
    assert f"/orders/{numbers['first']}/" in found(browser, numbers["first"])
    assert found(browser, numbers["other"]) == []
    assert found(at_desk("manager"), numbers["retail"]) == []


def test_a_person_s_page_is_for_those_who_work_with_them(world: World, at_desk: SitDown) -> None:
    representative, owner = world.people["representative"].pk, world.people["agent_owner"].pk
    assert "agent公司" in at_desk("manager").get(f"/people/{owner}/").content.decode()
    page = at_desk("agent_owner").get(f"/people/{representative}/").content.decode()
    assert "/partners/agent/" in page
    assert "other_agent" not in page
    assert at_desk("agent_owner").get(f"/people/{world.people['finance'].pk}/").status_code == 404
    assert at_desk("other_agent_owner").get(f"/people/{owner}/").status_code == 404
    assert at_desk("manager").get("/people/999999999999999999999/").status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", EVERYBODY)
def test_every_post_searches_in_one_language_and_every_row_opens(world: World, at_desk: SitDown, name: str, language: str) -> None:
    story(world)
    browser = at_desk(name, language=language)
    names = ("济南岱青书业有限公司", "济宁南大图书公司", "济南岱青", "jinan", "jndq", "owner", "nothing-like-it", "zhi")
    for words in ("", "济南", "2026", "M-19", "owner", "nothing-like-it", "zhi"):
        page = browser.get("/search", {"q": words}).content.decode().replace("<mark>", "").replace("</mark>", "")
        assert set(of_the_other_language(page, language, world, *names)) <= {"济南", "信用"}
        rows = found(browser, words) if language == "zh" else []
        assert {row: browser.get(row).status_code for row in rows} == dict.fromkeys(rows, 200)


@pytest.mark.parametrize("name", ["retailer_owner", "agent_owner", "agent_clerk", "representative", "warehouse", "finance"])
def test_every_page_that_the_search_knows_opens_for_whom_it_is_offered(world: World, at_desk: SitDown, name: str) -> None:
    who, browser = world.who(name), at_desk(name)
    menu = menu_of("", who, MenuCounts(), firm_code=world.people[name].firm.code)
    urls = {one.url for one in places_of(who, menu, pack=world.regulation.pack)}
    assert {url: browser.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


def test_a_retailer_is_offered_nothing_that_only_sellers_do_and_an_agent_no_groups(world: World, at_desk: SitDown) -> None:
    retailer, agent = at_desk("retailer_owner"), at_desk("agent_owner")
    assert [found(retailer, words) for words in ("登记回款", "代录进货", "特批年审")] == [[], [], []]
    assert "/receipts/new" in found(agent, "登记回款")
    assert found(agent, "共用额度") == []
    assert "/credit/groups/" in found(at_desk("finance"), "共用额度")


def test_a_title_without_a_price_is_found_by_the_publisher_only(world: World, at_desk: SitDown) -> None:
    """A firm that buys would be led to a form that does not know it."""
    tomorrow = world.at.date() + timedelta(days=1)
    enter_products(world.hq, [NewProduct("QH27-900", "明日图集", "S", Decimal(50), tomorrow)], by=None, at=world.at)
    assert found(at_desk("manager"), "QH27-900") == ["/stock/?q=QH27-900"]
    assert found(at_desk("agent_owner"), "QH27-900") == []


def test_goods_that_came_in_lead_to_their_paper(world: World, at_desk: SitDown) -> None:
    number = GoodsIn.objects.order_by("-pk").values_list("number", flat=True)[0]
    browser = at_desk("warehouse")
    assert found(browser, number) == [f"/stock/in/{number}/"]
    assert browser.get(f"/stock/in/{number}/").status_code == 200


def test_at_most_six_of_a_kind_stand_there_and_the_rest_one_step_away(world: World, at_desk: SitDown) -> None:
    for _ in range(9):
        world.submit("agent", {0: 1})
    rows = found(at_desk("manager"), "JH-2026")
    assert len([row for row in rows if row.startswith("/orders/JH")]) == 6
    assert "/orders/?q=JH-2026" in rows


@pytest.mark.parametrize(
    "words", ["", "a", "济", "济南", "JH-2026", "19", "%", "_", "\\", "'", "((", "[", "\x00", "x" * 3_000, "😀", "<script>"]
)
def test_whatever_is_typed_is_answered(world: World, at_desk: SitDown, words: str) -> None:
    browser = at_desk("manager")
    assert browser.get("/search", {"q": words}).status_code == 200
    assert "<script>alert" not in browser.get("/search", {"q": "<script>alert(1)</script>"}).content.decode()


def test_an_empty_search_says_how_and_a_vain_one_what_to_try(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    assert "名称、拼音或首字母" in spoken(browser.get("/search").content.decode())
    vain = spoken(browser.get("/search", {"q": "nothing-like-it"}).content.decode())
    assert "没有找到“nothing-like-it”" in vain
    assert "拼音首字母" in vain


def test_what_was_opened_last_is_kept_for_the_session_only_and_never_leads_elsewhere(world: World, at_desk: SitDown) -> None:
    browser = at_desk("manager")
    for at in range(10):
        browser.post("/search/opened", {"url": f"/orders/JH-2026-{at:04}/", "title": f"JH-2026-{at:04}", "icon": "file-text"})
    for url in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "", "/\\elsewhere.example"):
        assert browser.post("/search/opened", {"url": url, "title": "x", "icon": "x"}).status_code == 204
    assert found(browser, "") == [f"/orders/JH-2026-{at:04}/" for at in range(9, 1, -1)]
    browser.post("/accounts/logout/")
    assert found(at_desk("manager"), "") == []
    assert browser.get("/search/opened").status_code in (302, 405)


def test_the_search_needs_a_sign_in(world: World) -> None:
    for path in ("/search?q=x", "/people/1/"):
        assert Client().get(path).status_code == 302


@pytest.mark.parametrize("words", ["济南", "JH-2026", "19", "公司", "QH26"])
def test_thirty_rows_take_as_many_statements_as_one(world: World, at_desk: SitDown, words: str) -> None:
    browser = at_desk("manager")
    world.submit("agent", {0: 1})
    found(browser, words)
    with counted() as few:
        found(browser, words)
    for _ in range(30):
        world.submit("agent", {0: 1})
    with counted() as many:
        found(browser, words)
    assert len(many) == len(few)
    assert len(many) <= 12


def test_products_are_found_by_the_index_of_pairs(world: World) -> None:
    titles = [NewProduct(f"QH27-{at:04}", f"构造详图{at}", "S", Decimal(50), START) for at in range(300)]
    enter_products(world.hq, titles, by=None, at=world.at)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM catalogue_product WHERE catalogue_pairs(catalogue_sought(code, name, pinyin)) @> ARRAY['构造', '造详']"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "product_sought" in plan


def test_a_colleague_with_no_post_is_found_too(world: World, at_desk: SitDown) -> None:
    somebody = enter_person("孟江楠", firm=world.hq, at=world.at, by=None)
    assert found(at_desk("warehouse"), "mjn") == [f"/people/{somebody.pk}/"]
