"""A new purchase request on the page: for whom, live totals and preview, paste, bad input, and one request however often it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lingqu.ledger.models import Running
from lingqu.orders.models import Order, StoredDecision
from lingqu.orders.states import OrderState, Source
from lingqu.orders.tests.conftest import CHINESE, LATIN, spoken, without_names
from tests.world import CENT_TITLE, World

Desk = Callable[..., Client]
# 4,807 × 62.40 + 3 × 13.00 + 4.21 = 300,000.01: the limit of grade A is 300,000.00.
ONE_CENT_OVER: dict[int, object] = {0: 4807, 2: 3, CENT_TITLE: 421}
KEY = re.compile(r'name="key" value="([^"]+)"')


def form_of(world: World, copies: Mapping[int, object], **more: object) -> dict[str, object]:
    """What the browser sends: copies by the title's place in the catalogue."""
    cells = {f"copies-{world.products[place].pk}": number for place, number in copies.items()}
    return {"key": "one-form", "shortage": "back_order"} | cells | more


def cell(page: str, product: int) -> str:
    """What stands in the cell of a title."""
    field = re.search(rf'<input[^>]*name="copies-{product}"[^>]*>', page)
    assert field
    value = re.search(r'value="([^"]*)"', field[0])
    return value[1] if value else ""


# ---- for whom


def test_an_owner_sees_the_titles_of_the_seller_with_price_discount_and_stock(world: World, at_desk: Desk) -> None:
    answer = at_desk("agent_owner").get("/orders/new")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert all(product.code in page for product in world.products)
    assert KEY.search(page)
    assert "96.00" in page
    assert "65%" in page
    assert "10,000" in page
    assert "discount-" not in page


def test_a_clerk_of_a_retailer_orders_from_the_agent(world: World, at_desk: Desk) -> None:
    browser = at_desk("retailer_clerk")
    page = spoken(browser.get("/orders/new").content.decode())
    assert f"供货方 {world.firms['agent'].name}" in page
    assert "75%" in page
    answer = browser.post("/orders/new", form_of(world, {0: 2}))
    order = Order.objects.get()
    assert answer.headers["Location"] == f"/orders/{order.number}/"
    assert (order.seller, order.buyer, order.source) == (world.firms["agent"], world.firms["retailer"], Source.PARTNER)


def test_the_representative_chooses_the_partner_that_called(world: World, at_desk: Desk) -> None:
    page = at_desk("representative").get("/orders/new").content.decode()
    chosen = [name for name in ("agent", "other_agent", "cash_agent", "retailer") if f"buyer={name}" in page]
    assert chosen == ["agent", "other_agent", "cash_agent"]
    found = at_desk("representative").get("/orders/new", {"q": "cash"}).content.decode()
    assert "buyer=cash_agent" in found
    assert "buyer=other_agent" not in found


def test_an_agent_enters_for_its_retailer(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    assert "buyer=retailer" in browser.get("/orders/new?for=others").content.decode()
    browser.post("/orders/new", form_of(world, {0: 2}, buyer="retailer", source="wechat"))
    order = Order.objects.get()
    assert (order.buyer, order.source, order.entered_by) == (world.firms["retailer"], Source.WECHAT, world.people["agent_owner"])


@pytest.mark.parametrize(
    ("name", "address", "status"),
    [
        ("finance", "", 403),
        ("warehouse", "", 403),
        ("finance", "?buyer=agent", 403),
        ("director", "?buyer=agent", 403),
        ("agent_owner", "?buyer=other_agent", 404),
        ("retailer_clerk", "?buyer=agent", 404),
        ("representative", "?buyer=retailer", 404),
        ("representative", "?buyer=nobody", 404),
        ("representative", "?buyer=%00", 404),
    ],
)
def test_nobody_else_gets_the_form(world: World, at_desk: Desk, name: str, address: str, status: int) -> None:
    assert at_desk(name).get(f"/orders/new{address}").status_code == status
    buyer = address.partition("=")[2]
    posted = at_desk(name).post("/orders/new", form_of(world, {0: 1}, buyer=buyer))
    assert posted.status_code == status
    assert not Order.objects.exists()


# ---- submitting


def test_a_request_is_submitted_and_its_page_opens_with_what_became_of_it(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    answer = browser.post("/orders/new", form_of(world, {0: 260, 1: 120}, note="学校急用"), follow=True)
    order = Order.objects.get()
    assert (order.state, order.net, order.note) == (OrderState.HELD, Decimal("26208.00"), "学校急用")
    assert answer.redirect_chain[-1][0] == f"/orders/{order.number}/"
    assert f"已提交 {order.number}：全部通过" in answer.content.decode()


def test_sent_twice_it_is_one_request(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    form = form_of(world, {0: 5})
    first, second = (browser.post("/orders/new", form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Order.objects.count() == 1
    assert "没有重复提交" in browser.get(second.headers["Location"]).content.decode()


def test_a_second_tab_of_the_same_form_finds_the_request_of_the_first(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    browser.post("/orders/new", form_of(world, {0: 5}))
    again = browser.get("/orders/new", {"key": "one-form"})
    assert again.headers["Location"] == f"/orders/{Order.objects.get().number}/"
    assert browser.get("/orders/new", {"key": "another-form"}).status_code == 200


def test_two_forms_have_two_keys(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    keys = {found[1] for _ in range(2) if (found := KEY.search(browser.get("/orders/new").content.decode()))}
    assert len(keys) == 2


def test_a_form_without_its_key_is_refused_and_given_one(world: World, at_desk: Desk) -> None:
    answer = at_desk("agent_owner").post("/orders/new", form_of(world, {0: 5}, key=""))
    found = KEY.search(answer.content.decode())
    assert (answer.status_code, Order.objects.count()) == (422, 0)
    assert found
    assert cell(answer.content.decode(), world.products[0].pk) == "5"


def test_entered_for_a_partner_it_is_marked_with_who_and_how(world: World, at_desk: Desk) -> None:
    browser = at_desk("representative")
    answer = browser.post("/orders/new", form_of(world, {0: 5}, buyer="agent", source="telephone"), follow=True)
    order = Order.objects.get()
    assert (order.source, order.entered_by) == (Source.TELEPHONE, world.people["representative"])
    assert "代录 representative（电话）" in spoken(answer.content.decode())


@pytest.mark.parametrize("source", ["", "partner", "import", "pigeon"])
def test_how_the_partner_sent_it_must_be_said(world: World, at_desk: Desk, source: str) -> None:
    answer = at_desk("representative").post("/orders/new", form_of(world, {0: 5}, buyer="agent", source=source))
    assert answer.status_code == 422
    assert "请选择客户是怎么报来的" in answer.content.decode()


def test_the_representative_may_offer_another_discount_and_the_law_says_so(world: World, at_desk: Desk) -> None:
    product = world.products[0].pk
    form = form_of(world, {0: 10}, buyer="agent", source="fax") | {f"discount-{product}": "60"}
    at_desk("representative").post("/orders/new", form)
    order = Order.objects.get()
    assert (order.state, order.net) == (OrderState.REVIEW, Decimal("576.00"))
    assert StoredDecision.objects.get().failed == "price"


def test_a_buyer_who_names_a_discount_is_refused_and_keeps_the_form(world: World, at_desk: Desk) -> None:
    form = form_of(world, {0: 10}) | {f"discount-{world.products[0].pk}": "10"}
    answer = at_desk("agent_owner").post("/orders/new", form)
    assert (answer.status_code, Order.objects.count()) == (403, 0)
    assert "价格由供货方决定" in answer.content.decode()
    assert cell(answer.content.decode(), world.products[0].pk) == "10"


# ---- bad input


@pytest.mark.parametrize(
    "typed", ["NaN", "1e400", "2.675", "-3", "0", "十", "1000001", "９９９９９９９", "1" * 60, "∞", "0x10", "--", "1 2 3 ."]
)
def test_copies_that_are_none_stand_in_the_form_again_with_the_error_at_their_line(world: World, at_desk: Desk, typed: str) -> None:
    good, bad = world.products[0].pk, world.products[1].pk
    answer = at_desk("agent_owner").post("/orders/new", form_of(world, {0: "7", 1: typed}, note="留着"))
    page = answer.content.decode()
    assert (answer.status_code, Order.objects.count()) == (422, 0)
    assert (cell(page, good), cell(page, bad)) == ("7", typed)
    assert re.search(rf'id="error-{bad}"[^>]*><svg', page)
    assert not re.search(rf'id="error-{good}"[^>]*><svg', page)
    assert "留着</textarea>" in page


@pytest.mark.parametrize(("typed", "copies"), [("２６０", 260), (" 1,260 ", 1260), ("+5", 5)])
def test_copies_as_people_type_them_are_understood(world: World, at_desk: Desk, typed: str, copies: int) -> None:
    at_desk("agent_owner").post("/orders/new", form_of(world, {CENT_TITLE: typed}))
    assert Order.objects.get().copies == copies


@pytest.mark.parametrize("discount", ["NaN", "0", "101", "65.555", "-5", "1e2", "%"])
def test_a_discount_that_is_none_stands_at_its_line(world: World, at_desk: Desk, discount: str) -> None:
    product = world.products[0].pk
    form = form_of(world, {0: 10}, buyer="agent", source="fax") | {f"discount-{product}": discount}
    answer = at_desk("representative").post("/orders/new", form)
    page = answer.content.decode()
    assert (answer.status_code, Order.objects.count()) == (422, 0)
    assert re.search(rf'id="error-{product}"[^>]*><svg', page)
    assert f'value="{discount}"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"copies-999999999": "1"},
        {"copies-999999999999999999": "1"},
        {"copies-99999999999999999999999": "1"},
        {"copies-abc": "1"},
        {"copies-": "1"},
    ],
)
def test_titles_that_do_not_exist_are_refused(world: World, at_desk: Desk, wrong: dict[str, str]) -> None:
    answer = at_desk("agent_owner").post("/orders/new", form_of(world, {}) | wrong)
    assert (answer.status_code, Order.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "请至少填写一个品种的册数"),
        ({"note": "长" * 201}, "备注最多 200 字，现有 201 字"),
        ({"shortage": "steal"}, "请选择缺货时怎么办"),
    ],
)
def test_what_is_missing_or_too_much_is_said(world: World, at_desk: Desk, wrong: dict[str, str], sentence: str) -> None:
    answer = at_desk("agent_owner").post("/orders/new", form_of(world, {0: 3} if wrong else {}) | wrong)
    assert (answer.status_code, Order.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()


def test_characters_that_no_database_takes_are_left_out(world: World, at_desk: Desk) -> None:
    at_desk("agent_owner").post("/orders/new", form_of(world, {0: "3\x00"}, note="a\x00b\x07c"))
    assert Order.objects.get().note == "abc"


# ---- totals and preview


def test_the_totals_and_each_net_are_computed_on_the_server_as_the_request_will_be(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    form = form_of(world, {0: 260, 1: 120, 2: ""})
    fragment = browser.post("/orders/totals", form, headers={"HX-Request": "true"}).content.decode()
    said = spoken(fragment)
    assert "品种 2 册数 380 码洋（元） 40,320.00 折扣 65% 实洋（元） 26,208.00" in said
    assert "7 项全部通过" in said
    assert "提交时按当时的额度、批次和库存正式判定" in said
    nets = dict(re.findall(r'<b id="net-(\d+)"[^>]*>([^<]*)</b>', fragment))
    assert [nets[str(product.pk)] for product in world.products[:3]] == ["16,224.00", "9,984.00", "—"]
    browser.post("/orders/new", form)
    assert Order.objects.get().net == Decimal("26208.00")


def test_a_preview_names_the_laws_that_then_fail_and_writes_nothing(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    form = form_of(world, ONE_CENT_OVER)
    before = list(Running.objects.order_by("account_id").values())
    said = spoken(browser.post("/orders/totals", form).content.decode())
    assert "信用金额" in said
    assert "0.01 超出，须 ≤ 0" in said
    assert (Order.objects.count(), list(Running.objects.order_by("account_id").values())) == (0, before)
    browser.post("/orders/new", form)
    assert StoredDecision.objects.get().failed == "credit"


def test_a_cell_that_is_wrong_is_said_while_typing(world: World, at_desk: Desk) -> None:
    fragment = at_desk("agent_owner").post("/orders/totals", form_of(world, {0: "2.5", 1: "1"})).content.decode()
    assert re.search(rf'id="error-{world.products[0].pk}"[^>]*><svg', fragment)
    assert "实洋（元） 83.20" in spoken(fragment)


def test_a_cure_sets_the_copies_in_the_form(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    form = form_of(world, ONE_CENT_OVER)
    page = browser.post("/orders/new", form | {"look": "1"}).content.decode()
    cure = re.search(r'name="set"\s+value="([^"]+)"', page)
    assert cure
    mended = browser.post("/orders/new", form | {"set": cure[1]})
    assert mended.status_code == 200
    assert "7 项全部通过" in spoken(mended.content.decode())
    assert not Order.objects.exists()


def test_a_cure_lifts_the_discounts_to_the_floor(world: World, at_desk: Desk) -> None:
    product = world.products[0].pk
    form = form_of(world, {0: 10}, buyer="agent", source="fax") | {f"discount-{product}": "60"}
    page = at_desk("representative").post("/orders/new", form | {"lift": "6200"}).content.decode()
    assert 'value="62"' in page
    assert "7 项全部通过" in spoken(page)


def test_more_lines_do_not_cost_more_queries(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    browser.get("/orders/new")
    counts = []
    for copies in ({0: 1}, {0: 1, 1: 1, 2: 1, 3: 1}):
        with CaptureQueriesContext(connection) as queries:
            browser.post("/orders/totals", form_of(world, copies))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ---- search and paste


@pytest.mark.parametrize(
    ("words", "found"), [("QH26-102", [2]), ("tuji", [0, 1, 2, 3]), ("TJ", [0, 1, 2, 3]), ("图集1", [1]), ("nothing", [])]
)
def test_titles_are_found_and_what_was_typed_stays(world: World, at_desk: Desk, words: str, found: list[int]) -> None:
    form = form_of(world, {0: "9", 1: "", 2: "", 3: ""}, q=words)
    page = at_desk("agent_owner").post("/orders/lines", form).content.decode()
    shown = [place for place, product in enumerate(world.products) if f'name="copies-{product.pk}"' in page]
    assert shown == sorted({0, *found})
    assert cell(page, world.products[0].pk) == "9"


PASTED = "qh26-100\t图集0\t２６０ 册\nQH26-101,12\nQH99-1 5\nQH26-102 2.5\nQH26-103\nQH26-101 × 8\n"


def test_a_pasted_list_fills_the_lines_and_keeps_what_it_does_not_know(world: World, at_desk: Desk) -> None:
    form = form_of(world, {2: "4"}, paste=PASTED, fill="1")
    page = at_desk("agent_owner").post("/orders/lines", form).content.decode()
    cells = [cell(page, product.pk) for product in world.products]
    assert cells == ["260", "20", "4", ""]
    left = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert left
    assert left[1].split("\n") == ["QH99-1 5", "QH26-102 2.5", "QH26-103"]
    said = spoken(page)
    assert "已填入 2 个品种 280 册" in said
    assert "3 行没认出，留在框里" in said
    assert "QH99-1 5 没有这个编号。" in said
    assert "QH26-103 每行要有编号和册数。" in said


def test_a_paste_that_was_not_filled_in_yet_is_not_submitted_unseen(world: World, at_desk: Desk) -> None:
    browser = at_desk("agent_owner")
    answer = browser.post("/orders/new", form_of(world, {2: "4"}, paste="QH26-100 3"))
    page = answer.content.decode()
    assert (answer.status_code, Order.objects.count()) == (422, 0)
    assert "请核对后再提交" in page
    assert cell(page, world.products[0].pk) == "3"
    assert browser.post("/orders/new", form_of(world, {0: "3", 2: "4"})).status_code == 302


def test_a_paste_of_a_thousand_and_one_lines_keeps_the_last(world: World, at_desk: Desk) -> None:
    form = form_of(world, {}, paste="QH26-100 1\n" * 1000 + "QH26-101 1", fill="1")
    page = at_desk("agent_owner").post("/orders/new", form).content.decode()
    assert cell(page, world.products[0].pk) == "1000"
    assert ">QH26-101 1</textarea>" in page


def test_a_new_request_may_begin_with_the_lines_of_an_old_one(world: World, at_desk: Desk) -> None:
    old = world.submit("agent", {0: 7, 2: 3})
    strange = world.submit("other_agent", {1: 9})
    browser = at_desk("agent_owner")
    page = browser.get("/orders/new", {"like": old.number, "set": f"{world.products[0].pk}:6"}).content.decode()
    assert [cell(page, product.pk) for product in world.products] == ["6", "", "3", ""]
    page = browser.get("/orders/new", {"like": strange.number}).content.decode()
    assert [cell(page, product.pk) for product in world.products] == ["", "", "", ""]


# ---- language and session


@pytest.mark.parametrize("form", ["empty", "failing", "wrong", "pasted"])
def test_both_languages_are_whole(world: World, at_desk: Desk, form: str) -> None:
    forms: dict[str, dict[str, object]] = {
        "empty": form_of(world, {}, look="1"),
        "failing": form_of(world, {0: "9000", 1: "20"}, look="1"),
        "wrong": form_of(world, {0: "x", 1: "0"}, source=""),
        "pasted": form_of(world, {}, paste="QH1 1\nx", fill="1"),
    }
    for name, more in (("agent_owner", {}), ("representative", {"buyer": "agent"})):
        chinese = at_desk(name).post("/orders/new", forms[form] | more).content.decode()
        english = at_desk(name, language="en").post("/orders/new", forms[form] | more).content.decode()
        words = without_names(spoken(chinese), world).replace("Excel", "")
        assert not LATIN.findall(words)
        assert not CHINESE.findall(without_names(spoken(english), world))


def test_what_was_typed_is_kept_when_the_session_has_ended(world: World, at_desk: Desk) -> None:
    at_desk("agent_owner")
    browser = Client()
    answer = browser.post("/orders/new", form_of(world, {0: "5"}))
    assert answer.status_code == 302
    assert browser.session["kept_input"]["path"] == "/orders/new"
    assert [f"copies-{world.products[0].pk}", "5"] in [list(pair) for pair in browser.session["kept_input"]["fields"]]
