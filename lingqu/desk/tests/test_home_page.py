"""The home page: each post finds what waits for it, decides it in the row, and finds nothing of another firm."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from lingqu.credit.models import Batch, Waiver
from lingqu.orders.actions import ask_signature
from lingqu.orders.models import Delivery, Order, SignatureRequest
from lingqu.partners.actions import assign_representative
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import CENT_TITLE, World

EVERYBODY = (
    "director",
    "manager",
    "representative",
    "finance",
    "warehouse",
    "agent_owner",
    "agent_clerk",
    "retailer_owner",
    "cash_agent_owner",
)


def busy(world: World) -> dict[str, str]:
    """A day at the publisher: something waits for every post; the numbers of the requests by what is the matter with them."""
    first = world.submit("agent", {0: 40})
    world.accept(first)
    world.ship(first)
    second = world.submit("agent", {1: 30})
    world.accept(second)
    numbers = {"shipped": first.number, "accepted": second.number}
    numbers["third"] = world.submit("agent", {2: 10}).number
    numbers["held"] = world.submit("other_agent", {0: 5}, by="manager").number
    numbers["retailer"] = world.submit("retailer", {0: 2}).number
    world.pay("cash_agent", "500.00")
    return numbers


def test_signed_out_people_are_sent_to_the_sign_in() -> None:
    answer = Client().get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("name", "sees", "sees_not"),
    [
        ("director", [], ["third", "held", "retailer"]),
        ("manager", ["third", "held"], ["retailer"]),
        ("representative", ["third", "held"], ["retailer"]),
        ("finance", ["shipped", "accepted"], ["third", "held", "retailer"]),
        ("warehouse", ["accepted"], ["shipped", "third", "held", "retailer"]),
        ("agent_owner", ["third", "shipped", "accepted", "retailer"], ["held"]),
        ("retailer_owner", ["retailer"], ["third", "shipped", "accepted", "held"]),
        ("other_agent_owner", ["held"], ["third", "shipped", "accepted", "retailer"]),
    ],
)
def test_each_post_finds_what_is_its_own(world: World, at_desk: SitDown, name: str, sees: list[str], sees_not: list[str]) -> None:
    numbers = busy(world)
    page = at_desk(name).get("/").content.decode()
    named = [key for key in numbers if f"/orders/{numbers[key]}/" in page or f'id="{numbers[key]}"' in page]
    assert named == [key for key in numbers if key in sees]
    assert not set(named) & set(sees_not)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", EVERYBODY)
def test_the_page_keeps_to_one_language(world: World, at_desk: SitDown, name: str, language: str) -> None:
    busy(world)
    browser = at_desk(name, language=language)
    page = browser.get("/").content.decode()
    assert of_the_other_language(page, language, world) == []
    fold = browser.get(f"/desk/{Order.objects.get(number__contains='JH', state='review', buyer=world.firms['agent']).number}/")
    assert fold.status_code in (200, 403, 404)
    assert fold.status_code != 200 or of_the_other_language(fold.content.decode(), language, world) == []


@pytest.mark.parametrize("name", EVERYBODY)
def test_an_empty_home_says_what_will_stand_there(world: World, at_desk: SitDown, name: str) -> None:
    page = spoken(at_desk(name).get("/").content.decode())
    assert "工作台" in page
    assert "没有" in page or "还没有" in page


def asked_for(world: World, number: str, *signed: str) -> SignatureRequest:
    """The representative asks for the special signature of a request; those named have agreed already."""
    order = Order.objects.get(number=number)
    asked = ask_signature(order.pk, "旺季加批", regulation=world.regulation, by=world.who("representative"), at=world.at)
    assert asked
    assert asked.approval_id
    for who in signed:
        world.sign(asked.approval_id, who)
    return asked


def test_the_director_signs_in_the_row_with_the_numbers_and_the_payment_record_in_view(world: World, at_desk: SitDown) -> None:
    paid = world.submit("agent", {0: 1})
    world.accept(paid)
    world.at += timedelta(days=9)
    world.pay("agent", "62.40")
    number = busy(world)["third"]
    asked = asked_for(world, number, "manager", "finance")
    browser = at_desk("director")
    page = spoken(browser.get("/").content.decode())
    assert "未结批次 未结 2 + 预留 0 + 本单 1 − 上限 2 = 超 1 批" in page
    assert "近 12 个月付款 结清 1 批，无逾期" in page
    assert asked.approval
    step = world.step_of(asked.approval.pk)
    browser.post(f"/approvals/{asked.approval.number}/decide/approve", {"step": step.pk, "back": "home"})
    assert Waiver.objects.get().reason == "旺季加批"
    assert Order.objects.get(number=number).state == "held"


def test_an_agents_owner_signs_for_the_retailer_in_the_row(world: World, at_desk: SitDown) -> None:
    number = world.submit("retailer", {0: 1_000}).number
    browser = at_desk("agent_owner")
    assert "同意并特批1项" in spoken(browser.get("/").content.decode())
    answer = browser.post(f"/desk/{number}/waive", {"reason": "旺季加批"}, follow=True)
    assert f"已特批 {number}" in answer.content.decode()
    assert Waiver.objects.get().reason == "旺季加批"
    assert Order.objects.get(number=number).state == "held"


def test_a_character_that_no_database_takes_is_left_out_of_a_reason(world: World, at_desk: SitDown) -> None:
    number = world.submit("retailer", {0: 1_000}).number
    owner = at_desk("agent_owner")
    assert owner.post(f"/desk/{number}/waive", {"reason": "\x00"}).status_code == 422
    assert owner.post(f"/desk/{number}/waive", {"reason": "旺季\x00加批"}).status_code == 302
    assert Waiver.objects.get(document_id=Order.objects.get(number=number).pk).reason == "旺季加批"


def test_a_signature_without_a_reason_leaves_the_row_open_and_writes_nothing(world: World, at_desk: SitDown) -> None:
    number = world.submit("retailer", {0: 1_000}).number
    answer = at_desk("agent_owner").post(f"/desk/{number}/waive", {"reason": "  "})
    assert answer.status_code == 422
    assert "特批须写明理由" in answer.content.decode()
    assert not Waiver.objects.exists()


@pytest.mark.parametrize(
    ("name", "verb", "status"),
    [
        ("director", "waive", 409),
        ("manager", "waive", 403),
        ("representative", "waive", 403),
        ("finance", "waive", 403),
        ("agent_owner", "waive", 403),
        ("other_agent_owner", "waive", 404),
        ("retailer_owner", "waive", 404),
        ("director", "decline", 403),
        ("warehouse", "decline", 403),
        ("finance", "again", 403),
        ("agent_owner", "decline", 403),
    ],
)
def test_the_wrong_person_changes_nothing(world: World, at_desk: SitDown, name: str, verb: str, status: int) -> None:
    number = busy(world)["third"]
    answer = at_desk(name).post(f"/desk/{number}/{verb}", {"reason": "因为"})
    assert answer.status_code == status
    assert Order.objects.get(number=number).state == "review"
    assert not Waiver.objects.exists()


def test_the_representative_accepts_in_the_row_and_a_second_click_does_nothing_more(world: World, at_desk: SitDown) -> None:
    number = busy(world)["held"]
    browser = at_desk("representative")
    answer = browser.post(f"/desk/{number}/accept", {"ship_on": world.at.date().isoformat()}, follow=True)
    assert f"已受理 {number}" in answer.content.decode()
    again = browser.post(f"/desk/{number}/accept", {"ship_on": world.at.date().isoformat()})
    assert again.status_code == 409
    assert Batch.objects.filter(request=number).count() == 1


@pytest.mark.parametrize("ship_on", ["", "NaN", "2026-02-30", "1e400", "２０２６", "2025-01-01", "2030-01-01", "\x00"])
def test_a_wrong_ship_date_is_refused_with_the_row_open(world: World, at_desk: SitDown, ship_on: str) -> None:
    number = busy(world)["held"]
    answer = at_desk("manager").post(f"/desk/{number}/accept", {"ship_on": ship_on, "reason": "写了一半的理由"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "写了一半的理由" in page
    assert Order.objects.get(number=number).state == "held"


def test_a_request_is_declined_in_the_row_with_its_reason(world: World, at_desk: SitDown) -> None:
    number = busy(world)["held"]
    browser = at_desk("manager")
    assert browser.post(f"/desk/{number}/decline", {"reason": ""}).status_code == 422
    assert browser.post(f"/desk/{number}/decline", {"reason": "停印"}).status_code == 302
    assert Order.objects.get(number=number).answer == "停印"


def test_a_late_request_stands_on_top_and_is_decided_again(world: World, at_desk: SitDown) -> None:
    numbers = busy(world)
    world.at += timedelta(days=4)
    assert world.expire() > 0
    browser = at_desk("manager")
    assert "逾时未答复" in browser.get("/").content.decode()
    answer = browser.post(f"/desk/{numbers['held']}/again", follow=True)
    assert "已重新判定" in answer.content.decode()
    assert Order.objects.get(number=numbers["held"]).state == "held"


def test_the_warehouse_ships_in_the_row(world: World, at_desk: SitDown) -> None:
    number = busy(world)["accepted"]
    answer = at_desk("warehouse").post(f"/desk/{number}/ship", {"waybill": "SF-1"}, follow=True)
    assert "已发货" in answer.content.decode()
    assert Delivery.objects.get(order__number=number).waybill == "SF-1"


def test_the_row_folds_out_for_those_for_whom_it_waits_and_for_nobody_else(world: World, at_desk: SitDown) -> None:
    number = busy(world)["third"]
    assert "判定" in at_desk("manager").get(f"/desk/{number}/").content.decode()
    for name in ("finance", "warehouse", "agent_owner", "other_agent_owner"):
        assert at_desk(name).get(f"/desk/{number}/").status_code in (403, 404)
    assert at_desk("manager").get("/desk/JH-2026-9999/").status_code == 404
    assert at_desk("manager").get("/desk/%00/").status_code == 404


def test_a_representative_begins_with_their_own_partners(world: World, at_desk: SitDown) -> None:
    number = busy(world)["held"]
    browser = at_desk("representative")
    assert number in browser.get("/").content.decode()
    assign_representative(world.partners["other_agent"], world.people["manager"], since=world.at.date(), by=None, at=world.at)
    assert number not in browser.get("/").content.decode()
    assert number in browser.get("/?scope=all").content.decode()


def test_a_partner_sees_what_is_free_and_what_to_pay_next(world: World, at_desk: SitDown) -> None:
    world.accept(world.submit("agent", {2: 4000}))
    page = spoken(at_desk("agent_clerk").get("/").content.decode())
    assert "248,000.00" in page
    assert "第1批" in page
    assert "1 / 2" in page


def test_the_figures_are_those_of_the_firm(world: World, at_desk: SitDown) -> None:
    world.accept(world.submit("agent", {2: 1000}))
    page = spoken(at_desk("finance").get("/").content.decode())
    assert "应收账款 为什么 1.3 万元 1 批未结" in page
    assert "Owed to us Why 13.0 k yuan 1 open batch" in spoken(at_desk("finance", language="en").get("/").content.decode())
    assert "To ship 1 request accepted" in spoken(at_desk("warehouse", language="en").get("/").content.decode())
    world.pay("agent", "13000.00")
    page = spoken(at_desk("finance").get("/").content.decode())
    assert "应收账款 为什么 0.0 万元 0 批未结" in page
    assert "近 7 天回款 1.3 万元" in page


@pytest.mark.parametrize("name", ["director", "manager", "representative", "finance", "warehouse", "agent_owner"])
def test_thirty_rows_take_as_many_statements_as_a_few(world: World, at_desk: SitDown, name: str) -> None:
    def fill(times: int) -> None:
        for _ in range(times):
            world.accept(world.submit("agent", {0: 1}))
            world.pay("agent", "62.40")
            world.submit("other_agent", {CENT_TITLE: 1})
            world.submit("retailer", {CENT_TITLE: 1})
        Order.objects.filter(buyer=world.firms["agent"], state="accepted").update(settled_on=None)
        Batch.objects.filter(line=world.lines["agent"]).update(settled_on=None, applied=Decimal(0))

    browser = at_desk(name)
    fill(3)
    browser.get("/")
    with counted() as few:
        assert browser.get("/").status_code == 200
    fill(27)
    with counted() as many:
        assert browser.get("/").status_code == 200
    assert len(many) == len(few)
