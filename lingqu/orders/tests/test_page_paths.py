"""The pages on which a request is changed: exactly the allowed ones are offered; a form does its verb, or comes back filled in."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from lingqu.credit.models import BatchCredit
from lingqu.orders.models import Delivery, GoodsReturn, Order
from lingqu.orders.tests.conftest import says, spoken
from lingqu.orders.tests.path_steps import cancel, must_agree, order_of, ship
from tests.world import World

Desk = Callable[..., Client]
PATHS = ("change", "split", "merge", "reopen", "cancel", "close", "parts", "return")
NEITHER: set[str] = set()


def offered(page: str) -> set[str]:
    return {path for path in PATHS if re.search(rf'class="[^"]+" href="/orders/[^"]+/{path}"', page)}


def stand(world: World, state: str) -> str:
    outcome = world.submit("agent", {0: 5000} if state == "review" else {0: 10, 1: 5})
    assert outcome.order
    if state in ("accepted", "part_shipped", "shipped", "cancelled"):
        world.accept(outcome)
    if state in ("part_shipped", "shipped"):
        ship(world, outcome.order, {1: 6} if state == "part_shipped" else None)
    if state == "cancelled":
        cancel(world, outcome.order)
    assert order_of(outcome).state == state
    return outcome.number


@pytest.mark.parametrize(
    ("state", "name", "paths"),
    [
        ("held", "representative", {"change", "split", "merge"}),
        ("held", "agent_owner", {"change", "split", "merge"}),
        ("held", "director", NEITHER),
        ("held", "warehouse", NEITHER),
        ("review", "manager", {"change", "split", "merge"}),
        ("accepted", "representative", {"change", "cancel"}),
        ("accepted", "agent_owner", NEITHER),
        ("accepted", "warehouse", {"parts"}),
        ("part_shipped", "manager", {"change", "close"}),
        ("part_shipped", "warehouse", {"parts", "return"}),
        ("shipped", "warehouse", {"return"}),
        ("shipped", "representative", NEITHER),
        ("cancelled", "agent_clerk", {"reopen"}),
        ("cancelled", "finance", NEITHER),
    ],
)
def test_just_the_allowed_paths_are_offered_and_open(world: World, at_desk: Desk, state: str, name: str, paths: set[str]) -> None:
    number = stand(world, state)
    browser = at_desk(name)
    assert offered(browser.get(f"/orders/{number}/").content.decode()) == paths
    for path in PATHS:
        answer = browser.get(f"/orders/{number}/{path}")
        assert answer.status_code == (200 if path in paths else answer.status_code)
        assert path in paths or answer.status_code in (403, 409)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["other_agent_owner", "retailer_owner"])
def test_strangers_find_nothing(world: World, at_desk: Desk, path: str, name: str) -> None:
    number = stand(world, "held")
    assert at_desk(name).get(f"/orders/{number}/{path}").status_code == 404
    assert at_desk(name).post(f"/orders/{number}/{path}", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_is_not_offered_is_refused_when_it_is_sent(world: World, at_desk: Desk, path: str) -> None:
    number = stand(world, "accepted")
    answer = at_desk("finance").post(f"/orders/{number}/{path}", {"reason": "理由", "copies-1": "1", "kind": "slow"})
    assert answer.status_code == 403
    assert Order.objects.get(number=number).state == "accepted"


def test_changing_copies_a_discount_and_adding_a_title(world: World, at_desk: Desk) -> None:
    number = stand(world, "held")
    form = {"copies-1": "１２", "discount-1": "63", "copies-2": "0", "added": "qh26-102 3册\n"}
    answer = at_desk("representative").post(f"/orders/{number}/change", form, follow=True)
    order = Order.objects.get(number=number)
    assert f"{number} 已修改，现为“待受理”" in answer.content.decode()
    lines = [(line.product_id, line.copies, line.discount_bp) for line in order.lines.order_by("line")]
    assert lines == [(world.products[0].pk, 12, 6300), (world.products[2].pk, 3, 6500)]
    assert "修改内容，判定：全部通过" in spoken(answer.content.decode())
    must_agree(world)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"copies-1": "abc"}, "“abc”不是 0 至 1,000,000 的整数册数"),
        ({"copies-1": "-1"}, "“-1”不是"),
        ({"copies-1": "1.5"}, "不是 0 至"),
        ({"copies-1": "1000001"}, "不是 0 至"),
        ({"copies-1": "9" * 200}, "不是 0 至"),
        ({"discount-1": "250"}, "折扣须在 1% 与 100% 之间"),
        ({"added": "QH99-999 5"}, "没有这个编号"),
        ({"added": "QH26-101"}, "每行要有编号和册数"),
        ({"copies-1": "0", "copies-2": "0"}, "请至少填写一个品种的册数"),
        ({"copies-1": "10", "copies-2": "5"}, "内容没有变化"),
    ],
)
def test_a_change_that_is_wrong_comes_back_filled_in(world: World, at_desk: Desk, form: dict[str, str], said: str) -> None:
    number = stand(world, "held")
    answer = at_desk("representative").post(f"/orders/{number}/change", form)
    page = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert said in page
    for value in form.values():
        assert value[:40] in page
    assert Order.objects.get(number=number).copies == 15


def test_more_after_acceptance_that_does_not_fit_comes_back_with_the_law(world: World, at_desk: Desk) -> None:
    number = stand(world, "accepted")
    answer = at_desk("manager").post(f"/orders/{number}/change", {"copies-1": "5000"})
    assert (answer.status_code, "增加的部分不通过：信用金额（超出" in answer.content.decode()) == (409, True)
    assert 'value="5000"' in answer.content.decode()


def test_splitting_and_the_same_form_sent_twice(world: World, at_desk: Desk) -> None:
    number = stand(world, "held")
    browser = at_desk("agent_owner")
    form = {"copies-1": "4", "seen": "15"}
    done = browser.post(f"/orders/{number}/split", form, follow=True).content.decode()
    new = Order.objects.exclude(number=number).get()
    assert f"已拆出 {new.number}（待受理）" in done
    assert f"拆出 {new.number}" in spoken(done)
    assert f"拆自 {number}" in spoken(browser.get(f"/orders/{new.number}/").content.decode())
    again = browser.post(f"/orders/{number}/split", form)
    assert (again.status_code, "打开表单之后内容已经变了" in again.content.decode()) == (409, True)
    assert Order.objects.count() == 2


def test_merging_those_that_are_ticked(world: World, at_desk: Desk) -> None:
    number, other = stand(world, "held"), stand(world, "held")
    foreign = world.submit("other_agent", {0: 1}).number
    browser = at_desk("representative")
    page = browser.get(f"/orders/{number}/merge").content.decode()
    assert (other in page, foreign in page) == (True, False)
    assert browser.post(f"/orders/{number}/merge", {}).status_code == 422
    assert browser.post(f"/orders/{number}/merge", {"others": [foreign, "\x00"]}).status_code == 422
    done = browser.post(f"/orders/{number}/merge", {"others": [other]}, follow=True).content.decode()
    assert "已并入 1 份，本单现为“待受理”" in done
    assert f"已并入 {number}" in spoken(browser.get(f"/orders/{other}/").content.decode())


def test_cancelling_needs_a_reason_and_shows_it(world: World, at_desk: Desk) -> None:
    number = stand(world, "accepted")
    browser = at_desk("representative")
    for reason in ("", " \x00 ", "长" * 201):
        answer = browser.post(f"/orders/{number}/cancel", {"reason": reason})
        assert answer.status_code == 422
    done = browser.post(f"/orders/{number}/cancel", {"reason": "项目停了"}, follow=True).content.decode()
    assert "已取消，不再欠款" in done
    assert says(done, "取消，不再欠款 11-23 09:00 · representative · 项目停了")
    assert browser.post(f"/orders/{number}/cancel", {"reason": "项目停了"}).status_code == 409


def test_closing_the_rest(world: World, at_desk: Desk) -> None:
    number = stand(world, "part_shipped")
    done = at_desk("manager").post(f"/orders/{number}/close", {"reason": "停印"}, follow=True).content.decode()
    assert "余下的不再发，也不再欠款" in done
    assert BatchCredit.objects.get().amount == Decimal("665.60")


def test_shipping_chosen_copies_with_a_waybill(world: World, at_desk: Desk) -> None:
    number = stand(world, "accepted")
    browser = at_desk("warehouse")
    wrong = browser.post(f"/orders/{number}/parts", {"copies-1": "11", "seen": "0", "waybill": "SF 1"})
    assert (wrong.status_code, "要多发，请先修改申请" in wrong.content.decode(), "SF 1" in wrong.content.decode()) == (422, True, True)
    browser.post(f"/orders/{number}/parts", {"copies-1": "4", "copies-2": "", "seen": "0", "waybill": "SF 1"})
    assert (Delivery.objects.get().waybill, Order.objects.get(number=number).state) == ("SF 1", "part_shipped")


def test_goods_come_back_with_a_reason(world: World, at_desk: Desk) -> None:
    number = stand(world, "shipped")
    browser = at_desk("warehouse")
    assert browser.post(f"/orders/{number}/return", {"copies-1": "2", "kind": "none"}).status_code == 422
    assert browser.post(f"/orders/{number}/return", {"copies-1": "11", "kind": "slow"}).status_code == 422
    done = browser.post(f"/orders/{number}/return", {"copies-1": "2", "kind": "slow", "reason": "滞销", "seen": "0"}, follow=True)
    paper = GoodsReturn.objects.get()
    assert f"退货 {paper.number} 已入库，欠款已冲减" in done.content.decode()
    assert says(done.content.decode(), f"退货 2册，退货单 {paper.number}，冲减 124.80")


def test_opening_again(world: World, at_desk: Desk) -> None:
    number = stand(world, "cancelled")
    done = at_desk("agent_owner").post(f"/orders/{number}/reopen", follow=True).content.decode()
    assert f"{number} 已重新打开，现为“待受理”" in done


def test_accepting_what_fails_the_next_day_says_so(world: World, at_desk: Desk) -> None:
    from datetime import timedelta

    number = stand(world, "held")
    world.at += timedelta(days=1)
    world.partners["agent"].certified_until = world.at.date() - timedelta(days=1)
    world.partners["agent"].save()
    answer = at_desk("representative").post(f"/orders/{number}/accept", {"ship_on": "2026-11-27"}, follow=True)
    page = answer.content.decode()
    assert "未受理：原判定已过当日" in page
    assert "受理前复核，判定：资格证书不通过，不可特批" in spoken(page)
    assert Order.objects.get(number=number).state == "refused"


@pytest.mark.parametrize("path", PATHS)
def test_every_page_speaks_english_too(world: World, at_desk: Desk, path: str) -> None:
    from lingqu.orders.tests.conftest import CHINESE, without_names

    state, name = {
        "change": ("held", "representative"), "split": ("held", "representative"), "merge": ("held", "representative"),
        "reopen": ("cancelled", "representative"), "cancel": ("accepted", "representative"), "close": ("part_shipped", "representative"),
        "parts": ("accepted", "warehouse"), "return": ("shipped", "warehouse"),
    }[path]  # fmt: skip
    number = stand(world, state)
    stand(world, "held")
    page = at_desk(name, language="en").get(f"/orders/{number}/{path}").content.decode()
    main = page[page.index("<main") : page.index("</main")]
    assert not CHINESE.search(without_names(spoken(main), world).replace("结构", ""))


@pytest.mark.parametrize("path", ["change", "split", "parts", "return"])
def test_a_page_asks_as_many_queries_for_one_line_as_for_many(world: World, at_desk: Desk, path: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for copies in ({0: 3}, {0: 3, 1: 3, 2: 3, 3: 3}):
        outcome = world.submit("agent", copies)
        assert outcome.order
        if path in ("parts", "return"):
            world.accept(outcome)
        if path == "return":
            ship(world, outcome.order)
        browser = at_desk("warehouse" if path in ("parts", "return") else "representative")
        browser.get(f"/orders/{outcome.number}/{path}")
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(f"/orders/{outcome.number}/{path}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_hold_is_shown_before_anybody_tries_to_ship(world: World, at_desk: Desk) -> None:
    from lingqu.credit.models import SupplyHold

    number = stand(world, "accepted")
    SupplyHold.objects.create(
        line=world.lines["agent"], number="GK-2026-0001", cause="overdue", level="delay", state="in_force", reason="逾期", set_at=world.at,
        amount=Decimal("500.00"), owner=world.people["finance"], deadline=world.at.date(), regulation=world.regulation.reference,
    )  # fmt: skip
    browser = at_desk("warehouse")
    page = browser.get(f"/orders/{number}/").content.decode()
    assert says(page, "暂缓发货 GK-2026-0001 逾期 500.00 元 · 由finance负责")
    refused = browser.post(f"/orders/{number}/ship", {}, follow=True).content.decode()
    assert "GK-2026-0001 暂缓发货，逾期 500.00 元，由finance负责" in refused
