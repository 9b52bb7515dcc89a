"""The pages of deliveries: list, to ship, one delivery from its parcels to its answered differences, and its papers (M-16.3.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lingqu.orders.models import Delivery, Difference, Order, Parcel
from lingqu.orders.tests.conftest import CHINESE, says, without_names
from lingqu.orders.tests.delivery_steps import lines_of
from lingqu.orders.tests.path_steps import ship
from tests.pages import spoken
from tests.world import World

pytestmark = pytest.mark.django_db
Desk = Callable[..., Client]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def sent(world: World) -> Delivery:
    return ship(world, world.accept(world.submit("agent", {0: 10, 1: 5})).pk)


def test_three_parcels_leave_with_their_waybills(world: World, at_desk: Desk) -> None:
    number = world.accept(world.submit("agent", {0: 10})).number
    form = {
        "copies-1": "6", "seen": "0", "parcels": "SF1001 12.5公斤 3册\nSF1002\n", "pieces": "3", "carrier": "顺丰", "payer": "seller",
        "freight": "36",
    }  # fmt: skip
    keeper = at_desk("warehouse")
    wrong = keeper.post(f"/orders/{number}/parts", form | {"pieces": "1"})
    assert (wrong.status_code, "SF1002" in wrong.content.decode(), says(wrong.content.decode(), "运单多于件数")) == (422, True, True)
    assert keeper.post(f"/orders/{number}/parts", form | {"freight": "1e40"}).status_code == 422
    keeper.post(f"/orders/{number}/parts", form)
    assert list(Parcel.objects.order_by("number").values_list("waybill", "copies")) == [("SF1001", 3), ("SF1002", None), ("", None)]
    page = at_desk("agent_clerk").get(f"/orders/{number}/").content.decode()
    assert says(page, "欠货，到货后补发")


def test_the_list_finds_by_waybill_and_shows_no_stranger_anything(world: World, at_desk: Desk, sent: Delivery) -> None:
    Parcel.objects.filter(delivery=sent).update(waybill="SF7788")
    for who, words, there in (("warehouse", "SF77", True), ("agent_clerk", sent.number, True), ("agent_clerk", "SF9", False),
                              ("other_agent_owner", "SF77", False)):  # fmt: skip
        page = at_desk(who).get("/deliveries/", {"q": words}).content.decode()
        assert (f"/deliveries/{sent.number}/" in page) is there, (who, words)
    assert at_desk("other_agent_owner").get(f"/deliveries/{sent.number}/").status_code == 404


def test_the_list_asks_as_often_for_many_rows(world: World, at_desk: Desk, sent: Delivery) -> None:
    browser = at_desk("warehouse")
    browser.get("/deliveries/")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get("/deliveries/").status_code == 200
        return len(queries)

    before = asked()
    order = Order.objects.get(pk=sent.order_id)
    for place in range(30):
        Delivery.objects.create(order=order, number=f"PS-2025-{place:04}", shipped_at=world.at, shipped_by=world.people["warehouse"])
    assert asked() == before


def test_late_ones_are_found(world: World, at_desk: Desk, sent: Delivery) -> None:
    clerk = at_desk("agent_clerk")
    assert sent.number not in clerk.get("/deliveries/?group=late").content.decode()
    world.at += timedelta(days=8)
    assert says(clerk.get("/deliveries/?group=late").content.decode(), "逾期未签收")


def test_the_clerk_confirms_with_one_button(world: World, at_desk: Desk, sent: Delivery) -> None:
    clerk = at_desk("agent_clerk")
    assert "如数收到，签收" in spoken(clerk.get(f"/deliveries/{sent.number}/").content.decode())
    assert clerk.post(f"/deliveries/{sent.number}/receive", follow=True).status_code == 200
    sent.refresh_from_db()
    assert sent.state == "confirmed"


def test_differences_go_from_the_clerk_over_the_warehouse_to_the_answer(world: World, at_desk: Desk, sent: Delivery) -> None:
    clerk, address = at_desk("agent_clerk"), f"/deliveries/{sent.number}/"
    bad = clerk.post(f"{address}receive", {"counted": "1", "good-1": "七", "good-2": "5", "note": "箱破"})
    assert (bad.status_code, 'value="箱破"' in bad.content.decode()) == (422, True)
    photo = SimpleUploadedFile("破.png", PNG, "image/png")
    clerk.post(f"{address}receive", {"counted": "1", "good-1": "７", "damaged-1": "1", "good-2": "5", "note": "箱破", "photos": photo})
    report = Difference.objects.get()
    assert list(report.lines.order_by("id").values_list("kind", "copies")) == [("short", 2), ("damaged", 1)]
    keeper, representative = at_desk("warehouse"), at_desk("representative")
    early = representative.post(f"/deliveries/differences/{report.number}/answer", {"answer-0": "credit", "answer-1": "credit"})
    assert says(early.content.decode(), "请库房先核对")
    keeper.post(f"/deliveries/differences/{report.number}/count", {"found-0": "2", "found-1": "0"})
    missing = representative.post(f"/deliveries/differences/{report.number}/answer", {"answer-0": "send_again"})
    assert (missing.status_code, "请选择怎样处理" in missing.content.decode()) == (422, True)
    representative.post(f"/deliveries/differences/{report.number}/answer", {"answer-0": "send_again", "answer-1": "credit"})
    assert lines_of(sent.order_id) == [(10, 2, 8, 1), (5, 0, 5, 0)]
    page = clerk.get(address).content.decode()
    assert says(page, "补发")
    assert says(page, "冲减货款")
    assert clerk.get(f"/orders/{sent.order.number}/").status_code == 200


def test_no_warehouse_is_waited_for_where_the_seller_keeps_no_stock_here(world: World, at_desk: Desk, sent: Delivery) -> None:
    asked = world.submit("retailer", {0: 10})
    order = world.accept(asked, by="agent_owner")
    at_desk("agent_owner").post(f"/orders/{order.number}/ship")
    branch = Delivery.objects.get(order=order)
    for delivery, buyer, counted in ((sent, "agent_clerk", {"good-1": "9", "good-2": "5"}), (branch, "retailer_owner", {"good-1": "9"})):
        at_desk(buyer).post(f"/deliveries/{delivery.number}/receive", {"counted": "1"} | counted)
    assert list(Difference.objects.order_by("id").values_list("delivery", "state")) == [(sent.pk, "reported"), (branch.pk, "reported")]
    told = [
        at_desk(who).get(f"/deliveries/{one.number}/").content.decode() for who, one in (("agent_clerk", sent), ("agent_owner", branch))
    ]
    assert [says(page, "待库房核对") for page in told] == [True, False]


def test_a_photo_is_for_both_sides_only(world: World, at_desk: Desk, sent: Delivery) -> None:
    photo = SimpleUploadedFile("破.png", PNG, "image/png")
    at_desk("agent_clerk").post(f"/deliveries/{sent.number}/receive", {"counted": "1", "good-1": "9", "good-2": "5", "photos": photo})
    address = next(
        part.split('"')[0] for part in at_desk("manager").get(f"/deliveries/{sent.number}/").content.decode().split('href="')
        if "/photos/" in part.split('"')[0]
    )  # fmt: skip
    assert at_desk("manager").get(address).content == PNG
    assert at_desk("other_agent_owner").get(address).status_code == 404


def test_the_manager_consents_to_a_late_report(world: World, at_desk: Desk, sent: Delivery) -> None:
    world.at += timedelta(days=8)
    address = f"/deliveries/{sent.number}/"
    late = at_desk("agent_clerk").post(f"{address}receive", {"counted": "1", "good-1": "9", "good-2": "5"})
    assert says(late.content.decode(), "逾期提出须经营销主管同意")
    at_desk("manager").post(f"{address}late", {"late_reason": "运输延误"})
    at_desk("agent_clerk").post(f"{address}receive", {"counted": "1", "good-1": "9", "good-2": "5"})
    assert Difference.objects.get().late


@pytest.mark.parametrize("who", ["warehouse", "manager", "representative", "finance", "agent_owner", "agent_clerk"])
def test_a_delivery_on_its_way_opens_for_everybody_of_both_firms(world: World, at_desk: Desk, sent: Delivery, who: str) -> None:
    page = at_desk(who).get(f"/deliveries/{sent.number}/")
    assert page.status_code == 200
    assert ('name="parcels"' in page.content.decode()) == (who == "warehouse")


def test_what_is_refused_is_said_once(world: World, at_desk: Desk, sent: Delivery) -> None:
    page = at_desk("agent_clerk").post(f"/deliveries/{sent.number}/receive", {"counted": "1", "good-1": "x"})
    assert (page.status_code, page.content.decode().count("不是整数册数")) == (422, 1)


def test_waybills_are_corrected(world: World, at_desk: Desk, sent: Delivery) -> None:
    at_desk("warehouse").post(f"/deliveries/{sent.number}/parcels", {"parcels": "DB1\nDB2", "carrier": "德邦"})
    assert list(Parcel.objects.order_by("number").values_list("waybill", flat=True)) == ["DB1", "DB2"]


def test_what_can_leave_and_what_waits(world: World, at_desk: Desk) -> None:
    world.accept(world.submit("other_agent", {2: 9_990}))
    number = world.accept(world.submit("agent", {2: 20, 0: 3})).number
    page = at_desk("warehouse").get("/deliveries/to-ship").content.decode()
    assert all(says(page, words) for words in ("今天可发", number, "缺 10 册"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_papers_are_pdf(world: World, at_desk: Desk, language: str) -> None:
    order = world.accept(world.submit("agent", {0: 10, 1: 5}))
    keeper = at_desk("warehouse", language=language)
    slip = keeper.get(f"/orders/{order.number}/pick-slip")
    delivery = ship(world, order.pk)
    papers = [slip, keeper.get(f"/deliveries/{delivery.number}/note"), keeper.get(f"/deliveries/{delivery.number}/labels")]
    assert [(paper.status_code, paper.content[:5]) for paper in papers] == [(200, b"%PDF-")] * 3
    assert keeper.get(f"/orders/{order.number}/pick-slip").status_code == 404


def test_the_pick_slip_is_the_warehouses(world: World, at_desk: Desk) -> None:
    order = world.accept(world.submit("agent", {0: 10}))
    assert [at_desk(who).get(f"/orders/{order.number}/pick-slip").status_code for who in ("agent_owner", "finance")] == [403, 403]


def test_english_pages_are_english(world: World, at_desk: Desk, sent: Delivery) -> None:
    at_desk("agent_clerk").post(f"/deliveries/{sent.number}/receive", {"counted": "1", "good-1": "9", "good-2": "6"})
    for address in ("/deliveries/", "/deliveries/to-ship", f"/deliveries/{sent.number}/"):
        page = spoken(at_desk("warehouse", language="en").get(address).content.decode())
        assert not CHINESE.findall(without_names(page, world).replace("语言", "").replace("中文", "")), address
