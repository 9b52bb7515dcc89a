"""Entering money by form: preview, one receipt however often it is sent, errors at their fields with all that was typed, who may."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from lingqu.credit.models import Batch, Receipt
from tests.pages import SitDown, counted, of_the_other_language, spoken
from tests.world import World


def owing(world: World) -> tuple[Batch, Batch]:
    """Two open batches of the agent: 6,240.00 and 13,000.00 yuan."""
    world.accept(world.submit("agent", {0: 100}))
    world.accept(world.submit("agent", {2: 1000}))
    first, second = Batch.objects.filter(line=world.lines["agent"]).order_by("number")
    return first, second


def form(world: World, **more: str) -> dict[str, str]:
    """What the form sends for the agent, with the fields given in place of the usual."""
    usual = {
        "line": str(world.lines["agent"].pk), "key": "made-by-the-page", "amount": "6240.00", "received_on": world.at.date().isoformat(),
        "payer": "agent公司", "bank_reference": "B-1",
    }  # fmt: skip
    return usual | {name.replace("_of_", "-"): value for name, value in more.items()}


def test_money_settles_the_oldest_batch_and_the_page_of_the_receipt_tells(world: World, at_desk: SitDown) -> None:
    first, _ = owing(world)
    answer = at_desk("finance").post("/receipts/new", form(world), follow=True)
    page = spoken(answer.content.decode())
    receipt = Receipt.objects.get()
    assert answer.redirect_chain[-1][0] == f"/receipts/{receipt.number}/"
    assert f"已登记回款 {receipt.number}" in page
    assert "结清 1 批" in page
    assert "先旧后新" in page
    first.refresh_from_db()
    assert first.settled_on == world.at.date()


def test_the_remittance_detail_wins_over_the_oldest(world: World, at_desk: SitDown) -> None:
    first, second = owing(world)
    detail = {f"detail-{second.pk}": "13000"}
    answer = at_desk("finance").post("/receipts/new", form(world, amount="13,000.00") | detail, follow=True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.applied, second.settled_on) == (Decimal(0), world.at.date())
    assert "汇款指明" in answer.content.decode()


def test_the_same_key_is_the_same_receipt(world: World, at_desk: SitDown) -> None:
    first, _ = owing(world)
    browser = at_desk("finance")
    sent = form(world) | {f"detail-{first.pk}": "6240"}
    answers = [browser.post("/receipts/new", sent, follow=True) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert Receipt.objects.count() == 1
    assert "没有重复登记" in answers[2].content.decode()
    first.refresh_from_db()
    assert first.applied == first.value


@pytest.mark.parametrize(
    "amount", ["", "NaN", "1e400", "Infinity", "-5", "0", "0.00", "2.675", "100000000000", "六百", "１e５", "\x00", "1" * 5000]
)
def test_a_wrong_amount_is_said_at_its_field_and_everything_stays(world: World, at_desk: SitDown, amount: str) -> None:
    first, _ = owing(world)
    sent = form(world, amount=amount, payer="付款人", bank_reference="流水-7") | {f"detail-{first.pk}": "12.34"}
    answer = at_desk("finance").post("/receipts/new", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="amount-error"' in page
    assert 'value="付款人"' in page
    assert 'value="流水-7"' in page
    assert 'value="12.34"' in page
    assert 'value="made-by-the-page"' in page
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("amount", ["6240", "６２４０．００", "6,240.00", " 6240.0 ", "+6240"])
def test_an_amount_is_understood_as_people_type_it(world: World, at_desk: SitDown, amount: str) -> None:
    owing(world)
    assert at_desk("finance").post("/receipts/new", form(world, amount=amount)).status_code == 302
    assert Receipt.objects.get().amount == Decimal("6240.00")


@pytest.mark.parametrize("received_on", ["", "2026-02-30", "2099-01-01", "0001-01-01", "1999-12-31", "今天", "NaN", "\x00"])
def test_a_wrong_day_is_said_at_its_field(world: World, at_desk: SitDown, received_on: str) -> None:
    answer = at_desk("finance").post("/receipts/new", form(world, received_on=received_on))
    assert answer.status_code == 422
    assert 'id="received_on-error"' in answer.content.decode()
    assert not Receipt.objects.exists()


def test_tomorrow_is_too_early(world: World, at_desk: SitDown) -> None:
    tomorrow = (world.at.date() + timedelta(days=1)).isoformat()
    assert at_desk("finance").post("/receipts/new", form(world, received_on=tomorrow)).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [("payer", "长" * 121), ("bank_reference", "B" * 61), ("key", ""), ("key", "k" * 65), ("payer", "a\x00b"), ("key", "\x00")],
)
def test_what_does_not_fit_is_said_at_its_field(world: World, at_desk: SitDown, field: str, value: str) -> None:
    answer = at_desk("finance").post("/receipts/new", form(world) | {field: value})
    assert answer.status_code == 422
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("part", ["NaN", "-1", "0", "1.005", "99999"])
def test_a_wrong_part_is_said_at_its_batch(world: World, at_desk: SitDown, part: str) -> None:
    first, _ = owing(world)
    answer = at_desk("finance").post("/receipts/new", form(world, amount="20000") | {f"detail-{first.pk}": part})
    assert answer.status_code == 422
    assert f'id="detail-{first.pk}-error"' in answer.content.decode()
    assert not Receipt.objects.exists()


def test_parts_that_add_up_to_more_than_came_are_refused(world: World, at_desk: SitDown) -> None:
    first, second = owing(world)
    parts = {f"detail-{first.pk}": "6000", f"detail-{second.pk}": "6000"}
    answer = at_desk("finance").post("/receipts/new", form(world, amount="10000") | parts)
    assert answer.status_code == 422
    assert "大于到账金额" in answer.content.decode()


def test_a_batch_settled_in_the_other_tab_is_said_and_what_was_typed_for_it_stays(world: World, at_desk: SitDown) -> None:
    first, _ = owing(world)
    world.pay("agent", "6240.00")
    answer = at_desk("finance").post("/receipts/new", form(world, amount="100") | {f"detail-{first.pk}": "55.55"})
    assert answer.status_code == 422
    assert "已不在未结之列" in answer.content.decode()
    assert 'value="55.55"' in answer.content.decode()


@pytest.mark.parametrize("line", ["", "0", "-1", "x", "１", "999999999", "9" * 30, "\x00"])
def test_an_unknown_line_is_not_found(world: World, at_desk: SitDown, line: str) -> None:
    browser = at_desk("finance")
    assert browser.post("/receipts/new", form(world, line=line)).status_code == 404
    assert browser.post("/receipts/preview", form(world, line=line)).status_code == 404
    if line:
        assert browser.get("/receipts/new", {"line": line}).status_code == 404


def test_a_foreign_line_and_a_foreign_part_are_not_found(world: World, at_desk: SitDown) -> None:
    foreign = str(world.lines["retailer"].pk)
    assert at_desk("finance").post("/receipts/new", form(world, line=foreign)).status_code == 404
    assert at_desk("agent_owner").post("/receipts/new", form(world)).status_code == 404
    assert at_desk("finance").post("/receipts/new", form(world) | {"detail-x": "1"}).status_code == 404
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    "name", ["director", "manager", "representative", "warehouse", "agent_clerk", "retailer_owner", "other_agent_clerk"]
)
def test_people_who_may_not_enter_money_are_told_so(world: World, at_desk: SitDown, name: str) -> None:
    browser = at_desk(name)
    assert browser.get("/receipts/new").status_code == 403
    assert browser.post("/receipts/new", form(world)).status_code == 403
    assert browser.post("/receipts/preview", form(world)).status_code == 403
    assert not Receipt.objects.exists()


def test_an_agent_s_owner_enters_money_of_its_retailer(world: World, at_desk: SitDown) -> None:
    line = str(world.lines["retailer"].pk)
    answer = at_desk("agent_owner").post("/receipts/new", form(world, line=line, amount="100"), follow=True)
    assert "转入预收" in answer.content.decode()
    assert Receipt.objects.get().line == world.lines["retailer"]


def test_the_preview_says_what_the_receipt_then_does(world: World, at_desk: SitDown) -> None:
    first, second = owing(world)
    browser = at_desk("finance")
    sent = form(world, amount="6239.00") | {f"detail-{second.pk}": "0.50"}
    fragment = browser.post("/receipts/preview", sent, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "结清 1 批" not in spoken(fragment)
    sent = form(world, amount="6239.50")
    words = spoken(browser.post("/receipts/preview", sent, headers={"HX-Request": "true"}).content.decode())
    assert "结清 1 批" in words
    assert "核销差额 0.50" in words
    assert not Receipt.objects.exists()
    browser.post("/receipts/new", sent)
    first.refresh_from_db()
    assert first.settled_on == world.at.date()


def test_without_scripts_the_preview_is_the_form_again_filled_in(world: World, at_desk: SitDown) -> None:
    owing(world)
    answer = at_desk("finance").post("/receipts/preview", form(world, payer="付款人"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" in page
    assert 'value="付款人"' in page
    assert 'value="made-by-the-page"' in page
    assert "登记并结清 1 批" in page


def test_a_form_sent_after_the_session_ended_is_offered_again(world: World, at_desk: SitDown) -> None:
    owing(world)
    browser = at_desk("finance")
    browser.session.flush()
    assert browser.post("/receipts/new", form(world)).headers["Location"].startswith("/accounts/login/")
    assert not Receipt.objects.exists()
    again = browser.post("/accounts/login/?next=/kept", {"login": "finance", "password": "a-long-password"}, follow=True)
    page = again.content.decode()
    assert 'action="/receipts/new"' in page
    assert 'value="6240.00"' in page
    assert 'value="made-by-the-page"' in page


def test_each_firm_sees_its_own_receipts(world: World, at_desk: SitDown) -> None:
    numbers = {name: world.pay(name, "100.00").number for name in ("agent", "other_agent")}
    seen = {
        name: [key for key, number in numbers.items() if number in at_desk(name).get(path).content.decode()]
        for name, path in (
            ("finance", "/receipts/"), ("agent_owner", "/receipts/"), ("agent_clerk", "/receipts/?side=received"),
            ("other_agent_clerk", "/receipts/?side=paid"), ("retailer_owner", "/receipts/"),
        )
    }  # fmt: skip
    assert seen == {
        "finance": ["agent", "other_agent"], "agent_owner": ["agent"], "agent_clerk": [], "other_agent_clerk": ["other_agent"],
        "retailer_owner": [],
    }  # fmt: skip
    number = numbers["agent"]
    statuses = {
        name: at_desk(name).get(f"/receipts/{number}/").status_code
        for name in ("manager", "agent_clerk", "other_agent_owner", "retailer_owner")
    }
    assert statuses == {"manager": 200, "agent_clerk": 200, "other_agent_owner": 404, "retailer_owner": 404}
    for strange in ("SK-2026-9999", "x", "%00"):
        assert at_desk("finance").get(f"/receipts/{strange}/").status_code == 404
    assert Client().get(f"/receipts/{number}/").status_code == 302


@pytest.mark.parametrize("before", ["x", "0", "-1", "１", "9" * 30])
def test_a_strange_place_in_the_list_is_not_found(world: World, at_desk: SitDown, before: str) -> None:
    assert at_desk("finance").get("/receipts/", {"before": before}).status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_keep_to_one_language(world: World, at_desk: SitDown, language: str) -> None:
    owing(world)
    world.pay("agent", "6239.50")
    world.pay("cash_agent", "5.00")
    browser = at_desk("finance", language=language)
    line = world.lines["agent"].pk
    numbers = Receipt.objects.values_list("number", flat=True)
    for path in ("/receipts/", "/receipts/new", f"/receipts/new?line={line}", *(f"/receipts/{number}/" for number in numbers)):
        assert of_the_other_language(browser.get(path).content.decode(), language, world) == [], path
    wrong = browser.post("/receipts/new", form(world, amount="x", received_on="x", key="") | {"detail-999": "1"})
    assert of_the_other_language(wrong.content.decode(), language, world) == []
    owner = at_desk("agent_owner", language=language)
    assert of_the_other_language(owner.get("/receipts/").content.decode(), language, world) == []
    assert of_the_other_language(at_desk("manager", language=language).get("/receipts/new").content.decode(), language, world) == []


def test_a_long_list_has_pages(world: World, at_desk: SitDown) -> None:
    receipts = [world.pay("agent", "1.00") for _ in range(53)]
    browser = at_desk("finance")
    page = browser.get("/receipts/").content.decode()
    assert receipts[2].number not in page
    following = f"?side=received&amp;before={receipts[3].pk}"
    assert following in page
    older = browser.get(f"/receipts/?side=received&before={receipts[3].pk}").content.decode()
    assert [receipt.number in older for receipt in receipts[:4]] == [True, True, True, False]


def test_thirty_rows_take_as_many_statements_as_one(world: World, at_desk: SitDown) -> None:
    browser = at_desk("finance")
    world.pay("agent", "1.00")
    browser.get("/receipts/")
    with counted() as one:
        assert browser.get("/receipts/").status_code == 200
    for _ in range(29):
        world.pay("agent", "1.00")
    with counted() as thirty:
        assert browser.get("/receipts/").status_code == 200
    assert len(thirty) == len(one)
